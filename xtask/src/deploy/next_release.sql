-- What a next release may bring: a table and a column that the release before knows nothing of.
CREATE TABLE next_release_notes (album_id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(200) NOT NULL);
ALTER TABLE albums ADD next_release_rating INTEGER NULL;
