-- What the two logins of logins.sql may do in the shop's database. Run there, as administrator:
--
--     sqlcmd -b -d shop -i users.sql
--
-- Safe to run again. In a database that was restored from another server the users belong to logins of that server; then first:
-- ALTER USER album_graph_migrate WITH LOGIN = album_graph_migrate, and the same for album_graph_serve.

IF DB_NAME() = N'master'
    THROW 50000, N'This is master: name the database of the shop with -d.', 1;

-- `album-graph migrate`: changes the schema, and reads and writes rows.
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'album_graph_migrate')
    CREATE USER album_graph_migrate FOR LOGIN album_graph_migrate WITH DEFAULT_SCHEMA = dbo;

IF IS_ROLEMEMBER(N'db_ddladmin', N'album_graph_migrate') = 0
    ALTER ROLE db_ddladmin ADD MEMBER album_graph_migrate;

GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO album_graph_migrate;

-- `album-graph serve`: reads and writes rows, also of tables that later migrations create, and cannot change the schema.
IF NOT EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'album_graph_serve')
    CREATE USER album_graph_serve FOR LOGIN album_graph_serve WITH DEFAULT_SCHEMA = dbo;

GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO album_graph_serve;
GO
