-- The catalogue: genres, artists, albums, tracks, and the revision that every change to them raises.
--
-- Text that people read has a linguistic collation. Slugs, keys, codes and timestamps, which programs compare, order and look
-- up, have a binary one: two of them are equal, and follow each other, by their characters alone, as in every other database.
--
-- NVARCHAR counts UTF-16 code units and the program counts characters, of which one takes up to two units. So the columns and
-- checks for free text allow twice the number of characters. The least lengths are the same.

CREATE TABLE dbo.genres (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT genres_pkey PRIMARY KEY CLUSTERED,
    slug NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT genres_slug_key UNIQUE,
    name NVARCHAR(120) COLLATE Latin1_General_CI_AS NOT NULL,
    sort_name NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    description NVARCHAR(2000) COLLATE Latin1_General_CI_AS NOT NULL CONSTRAINT genres_description_default DEFAULT N'',
    CONSTRAINT genres_slug_check CHECK (LEN(slug) BETWEEN 1 AND 120),
    -- Blanks at the ends: `=` and LEN overlook them, DATALENGTH counts them.
    CONSTRAINT genres_name_check CHECK (
        LEN(name) BETWEEN 1 AND 120 AND DATALENGTH(name) = DATALENGTH(LTRIM(RTRIM(name)))
    ),
    CONSTRAINT genres_description_check CHECK (LEN(description) <= 2000)
);

CREATE TABLE dbo.artists (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT artists_pkey PRIMARY KEY CLUSTERED,
    slug NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT artists_slug_key UNIQUE,
    name NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    sort_name NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    CONSTRAINT artists_slug_check CHECK (LEN(slug) BETWEEN 1 AND 120),
    CONSTRAINT artists_name_check CHECK (
        LEN(name) BETWEEN 1 AND 320 AND DATALENGTH(name) = DATALENGTH(LTRIM(RTRIM(name)))
    )
);
CREATE INDEX artists_by_sort_name ON dbo.artists (sort_name);

CREATE TABLE dbo.albums (
    id BIGINT IDENTITY(1, 1) NOT NULL CONSTRAINT albums_pkey PRIMARY KEY CLUSTERED,
    slug NVARCHAR(120) COLLATE Latin1_General_100_BIN2 NOT NULL CONSTRAINT albums_slug_key UNIQUE,
    title NVARCHAR(320) COLLATE Latin1_General_CI_AS NOT NULL,
    title_key NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    sort_title NVARCHAR(400) COLLATE Latin1_General_100_BIN2 NOT NULL,
    artist_id BIGINT NOT NULL,
    genre_id BIGINT NOT NULL,
    price_minor BIGINT NOT NULL,
    currency NVARCHAR(3) COLLATE Latin1_General_100_BIN2 NOT NULL,
    release_date NVARCHAR(10) COLLATE Latin1_General_100_BIN2 NULL,
    -- A year or a month counts as its first day, and an album without a date as the oldest: a key to page by is never NULL.
    release_order AS (
        CAST(
            CASE
                WHEN release_date IS NULL THEN N''
                ELSE STUFF(N'0000-01-01', 1, LEN(release_date), release_date)
            END AS NVARCHAR(10)
        ) COLLATE Latin1_General_100_BIN2
    ) PERSISTED NOT NULL,
    cover_url NVARCHAR(2048) COLLATE Latin1_General_CI_AS NULL,
    copies_sold BIGINT NOT NULL CONSTRAINT albums_copies_sold_default DEFAULT 0,
    created_at NVARCHAR(35) COLLATE Latin1_General_100_BIN2 NOT NULL,
    updated_at NVARCHAR(35) COLLATE Latin1_General_100_BIN2 NOT NULL,
    removed_at NVARCHAR(35) COLLATE Latin1_General_100_BIN2 NULL,
    CONSTRAINT albums_artist_id_genre_id_title_key_key UNIQUE (artist_id, genre_id, title_key),
    CONSTRAINT albums_slug_check CHECK (LEN(slug) BETWEEN 1 AND 120),
    CONSTRAINT albums_title_check CHECK (
        LEN(title) BETWEEN 2 AND 320 AND DATALENGTH(title) = DATALENGTH(LTRIM(RTRIM(title)))
    ),
    CONSTRAINT albums_price_minor_check CHECK (price_minor BETWEEN 1 AND 10000),
    CONSTRAINT albums_currency_check CHECK (currency LIKE N'[A-Z][A-Z][A-Z]'),
    CONSTRAINT albums_release_date_check CHECK (
        release_date LIKE N'[0-9][0-9][0-9][0-9]'
        OR release_date LIKE N'[0-9][0-9][0-9][0-9]-[0-9][0-9]'
        OR release_date LIKE N'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    ),
    CONSTRAINT albums_cover_url_check CHECK (LEN(cover_url) <= 2048 AND cover_url LIKE N'https://%'),
    CONSTRAINT albums_copies_sold_check CHECK (copies_sold >= 0)
);
ALTER TABLE dbo.albums ADD CONSTRAINT albums_artist_id_fkey FOREIGN KEY (artist_id) REFERENCES dbo.artists (id);
ALTER TABLE dbo.albums ADD CONSTRAINT albums_genre_id_fkey FOREIGN KEY (genre_id) REFERENCES dbo.genres (id);
-- One index for each order, over the shop and within a genre. Rows of equal key follow by title, and then by id, which every
-- index ends with: both ways of an order need an index, because this server sorts the whole list where the last part differs.
-- Removed albums are not listed; the column is included because the server looks at it all the same.
CREATE INDEX albums_by_title ON dbo.albums (sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_title_desc ON dbo.albums (sort_title DESC)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_price ON dbo.albums (price_minor, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_price_desc ON dbo.albums (price_minor DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_release ON dbo.albums (release_order DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_release_asc ON dbo.albums (release_order, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_by_sales ON dbo.albums (copies_sold DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_title ON dbo.albums (genre_id, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_title_desc ON dbo.albums (genre_id, sort_title DESC)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_price ON dbo.albums (genre_id, price_minor, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_price_desc ON dbo.albums (genre_id, price_minor DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_release ON dbo.albums (genre_id, release_order DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_release_asc ON dbo.albums (genre_id, release_order, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_sales ON dbo.albums (genre_id, copies_sold DESC, sort_title)
    INCLUDE (removed_at) WHERE removed_at IS NULL;

CREATE TABLE dbo.tracks (
    album_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    title NVARCHAR(480) COLLATE Latin1_General_CI_AS NOT NULL,
    duration_seconds BIGINT NULL,
    CONSTRAINT tracks_pkey PRIMARY KEY CLUSTERED (album_id, position),
    CONSTRAINT tracks_position_check CHECK (position >= 1),
    CONSTRAINT tracks_title_check CHECK (LEN(title) BETWEEN 1 AND 480),
    CONSTRAINT tracks_duration_seconds_check CHECK (duration_seconds >= 1)
);
ALTER TABLE dbo.tracks ADD CONSTRAINT tracks_album_id_fkey FOREIGN KEY (album_id) REFERENCES dbo.albums (id);

CREATE TABLE dbo.catalogue (
    id BIGINT NOT NULL CONSTRAINT catalogue_pkey PRIMARY KEY CLUSTERED,
    revision BIGINT NOT NULL,
    CONSTRAINT catalogue_id_check CHECK (id = 1),
    CONSTRAINT catalogue_revision_check CHECK (revision >= 0)
);
INSERT INTO dbo.catalogue (id, revision) VALUES (1, 0);
