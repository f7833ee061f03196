-- What tells a search index which albums it has to read again, instead of all of them.

-- The revision of the catalogue at which the album was last changed: whoever changes one, its tracks, its artist's name or its
-- genre's name writes it there, in the transaction that raises the revision. 0 is before there was such a column.
ALTER TABLE dbo.albums ADD revision BIGINT NOT NULL CONSTRAINT albums_revision_default DEFAULT 0;
GO
CREATE INDEX albums_by_revision ON dbo.albums (revision);

-- How many of the revisions were written into the albums that they changed. A release that does not know the column raises the
-- revision alone: whoever finds that the difference has grown cannot know what changed, and reads everything.
ALTER TABLE dbo.catalogue ADD stamped BIGINT NOT NULL CONSTRAINT catalogue_stamped_default DEFAULT 0;
-- Tells this catalogue from any other, whatever the revision of either.
ALTER TABLE dbo.catalogue ADD identity_key NVARCHAR(36) COLLATE Latin1_General_100_BIN2 NOT NULL
    CONSTRAINT catalogue_identity_key_default DEFAULT N'';
GO
ALTER TABLE dbo.catalogue ADD CONSTRAINT catalogue_identity_key_check CHECK (LEN(identity_key) <= 36);
UPDATE dbo.catalogue SET stamped = revision, identity_key = LOWER(CONVERT(NVARCHAR(36), NEWID()));
