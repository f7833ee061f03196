-- The shop's database, for a server that one administers. Azure SQL needs none of this: its databases are created elsewhere and
-- read as set here from the beginning. Run in master, as administrator, before the shop is started:
--
--     sqlcmd -b -d master -v DATABASE=shop -i database.sql
--
-- Safe to run again.

IF DB_ID(N'$(DATABASE)') IS NULL
    CREATE DATABASE [$(DATABASE)];
GO

-- Readers see the last committed rows, so that nobody waits for an import. Turning it on ends what other connections do in the
-- database.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = N'$(DATABASE)' AND is_read_committed_snapshot_on = 0)
    ALTER DATABASE [$(DATABASE)] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE;
GO
