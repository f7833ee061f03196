-- The catalogue: genres, artists, albums, tracks, and the revision that every change to them raises.

CREATE TABLE genres (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 120),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60 AND name = trim(name)),
    sort_name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '' CHECK (length(description) <= 1000)
) STRICT;

CREATE TABLE artists (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 120),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 160 AND name = trim(name)),
    sort_name TEXT NOT NULL
) STRICT;
CREATE INDEX artists_by_sort_name ON artists (sort_name);

CREATE TABLE albums (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE CHECK (length(slug) BETWEEN 1 AND 120),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 160 AND title = trim(title)),
    title_key TEXT NOT NULL,
    sort_title TEXT NOT NULL,
    artist_id INTEGER NOT NULL REFERENCES artists (id),
    genre_id INTEGER NOT NULL REFERENCES genres (id),
    price_minor INTEGER NOT NULL CHECK (price_minor BETWEEN 1 AND 10000),
    currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    release_date TEXT CHECK (
        release_date GLOB '[0-9][0-9][0-9][0-9]'
        OR release_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'
        OR release_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    ),
    -- A year or a month counts as its first day, and an album without a date as the oldest: a key to page by is never NULL.
    release_order TEXT NOT NULL GENERATED ALWAYS AS (
        coalesce(release_date || substr('-01-01', length(release_date) - 3), '')
    ) VIRTUAL,
    cover_url TEXT CHECK (length(cover_url) <= 1024 AND cover_url LIKE 'https://%'),
    copies_sold INTEGER NOT NULL DEFAULT 0 CHECK (copies_sold >= 0),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    removed_at TEXT,
    UNIQUE (artist_id, genre_id, title_key)
) STRICT;
-- One index for each order, over the shop and within a genre. Rows of equal key follow by title, and then by id, which every
-- index ends with. Removed albums are not listed.
CREATE INDEX albums_by_title ON albums (sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_by_price ON albums (price_minor, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_by_release ON albums (release_order DESC, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_by_sales ON albums (copies_sold DESC, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_title ON albums (genre_id, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_price ON albums (genre_id, price_minor, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_release ON albums (genre_id, release_order DESC, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_sales ON albums (genre_id, copies_sold DESC, sort_title) WHERE removed_at IS NULL;

CREATE TABLE tracks (
    album_id INTEGER NOT NULL REFERENCES albums (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 240),
    duration_seconds INTEGER CHECK (duration_seconds >= 1),
    PRIMARY KEY (album_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalogue (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL CHECK (revision >= 0)
) STRICT;
INSERT INTO catalogue (id, revision) VALUES (1, 0);
