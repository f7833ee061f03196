-- The two logins of the shop; users.sql says what each may do. Run in master, as administrator:
--
--     sqlcmd -b -d master -v MIGRATE_PASSWORD="..." SERVE_PASSWORD="..." -i logins.sql
--
-- Or set both as environment variables, which sqlcmd reads as well, and leave out -v: then they are in no list of processes.
-- A password must not contain a quote (' or "). It must be as strong as the server's policy asks.
--
-- Safe to run again: a login that exists keeps its password, which ALTER LOGIN changes.

-- Through EXEC, because Azure SQL wants CREATE LOGIN to be alone in its batch.
IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'album_graph_migrate')
    EXEC (N'CREATE LOGIN album_graph_migrate WITH PASSWORD = N''$(MIGRATE_PASSWORD)''');

IF NOT EXISTS (SELECT 1 FROM sys.server_principals WHERE name = N'album_graph_serve')
    EXEC (N'CREATE LOGIN album_graph_serve WITH PASSWORD = N''$(SERVE_PASSWORD)''');
GO
