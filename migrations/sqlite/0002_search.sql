-- What tells a search index which albums it has to read again, instead of all of them.

-- The revision of the catalogue at which the album was last changed: whoever changes one, its tracks, its artist's name or its
-- genre's name writes it there, in the transaction that raises the revision. 0 is before there was such a column.
ALTER TABLE albums ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
CREATE INDEX albums_by_revision ON albums (revision);

-- How many of the revisions were written into the albums that they changed. A release that does not know the column raises the
-- revision alone: whoever finds that the difference has grown cannot know what changed, and reads everything.
ALTER TABLE catalogue ADD COLUMN stamped INTEGER NOT NULL DEFAULT 0;
-- Tells this catalogue from any other, whatever the revision of either.
ALTER TABLE catalogue ADD COLUMN identity_key TEXT NOT NULL DEFAULT '' CHECK (length(identity_key) <= 36);
UPDATE catalogue SET stamped = revision, identity_key = lower(hex(randomblob(16)));
