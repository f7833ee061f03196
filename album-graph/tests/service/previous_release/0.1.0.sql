-- What release 0.1.0 asks, statement by statement, with values in place of parameters and of the rows that an import brings
-- along. The tests run all of it on the schema of this release, on either database, of which {first 3 rows} and {bytewise} are
-- written differently.

-- Whether the schema is new enough.
SELECT version, checksum FROM _sqlx_migrations WHERE success = 1 ORDER BY version;

-- An import of two albums.
SELECT id, slug, name FROM genres;
SELECT id, slug, name FROM artists;
INSERT INTO genres (slug, name, sort_name, description) VALUES ('rock', 'Rock', 'rock', ''), ('pop', 'Pop', 'pop', 'Songs.');
SELECT id, slug FROM genres WHERE slug IN ('rock', 'pop');
INSERT INTO artists (slug, name, sort_name) VALUES ('bjork', 'Bjork', 'bjork');
SELECT id, slug FROM artists WHERE slug IN ('bjork');
WITH wanted (artist_id, genre_id, title_key) AS (SELECT 1, 1, 'debut' UNION ALL SELECT 1, 1, 'post')
    SELECT albums.id, albums.artist_id, albums.genre_id, albums.title_key, albums.title, albums.price_minor,
    albums.currency, albums.release_date, albums.cover_url, albums.removed_at FROM wanted
    JOIN albums ON albums.artist_id = wanted.artist_id AND albums.genre_id = wanted.genre_id
    AND albums.title_key = wanted.title_key {bytewise};
SELECT slug FROM albums WHERE slug IN ('bjork-debut', 'bjork-debut-2', 'bjork-post', 'bjork-post-2');
INSERT INTO albums (slug, artist_id, genre_id, title_key, sort_title, title, price_minor, currency, release_date,
    cover_url, copies_sold, created_at, updated_at) VALUES
    ('bjork-debut', 1, 1, 'debut', 'debut', 'Debut', 899, 'USD', '1993-07', NULL, 0,
    '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'),
    ('bjork-post', 1, 1, 'post', 'post', 'Post', 999, 'USD', NULL, 'https://example.com/post.jpg', 7,
    '2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z');
WITH wanted (artist_id, genre_id, title_key) AS (SELECT 1, 1, 'debut' UNION ALL SELECT 1, 1, 'post')
    SELECT albums.id, albums.artist_id, albums.genre_id, albums.title_key, albums.title, albums.price_minor,
    albums.currency, albums.release_date, albums.cover_url, albums.removed_at FROM wanted
    JOIN albums ON albums.artist_id = wanted.artist_id AND albums.genre_id = wanted.genre_id
    AND albums.title_key = wanted.title_key {bytewise};
INSERT INTO tracks (album_id, position, title, duration_seconds) VALUES (1, 1, 'Human Behaviour', 252), (1, 2, 'Crying', NULL);
UPDATE catalogue SET revision = revision + 1 WHERE id = 1;

-- An import that changes both.
WITH changed (id, title, sort_title, price_minor, currency, release_date, cover_url) AS (
    SELECT 2, 'Post!', 'post!', 1099, 'USD', '1995-06-13', NULL
    UNION ALL SELECT 1, 'Debut', 'debut', 899, 'USD', '1993', 'https://example.com/debut.jpg')
    UPDATE albums SET title = changed.title, sort_title = changed.sort_title, price_minor = changed.price_minor,
    currency = changed.currency, release_date = changed.release_date, cover_url = changed.cover_url,
    updated_at = '2026-02-01T12:00:00Z' FROM changed WHERE albums.id = changed.id;
SELECT album_id, title, duration_seconds FROM tracks WHERE album_id IN (1, 2) ORDER BY album_id, position;
DELETE FROM tracks WHERE album_id IN (1);
INSERT INTO tracks (album_id, position, title, duration_seconds) VALUES (2, 1, 'Hyperballad', 322);

-- One thing by its slug, several by their ids.
SELECT revision FROM catalogue WHERE id = 1;
SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL AND slug = 'bjork-post';
SELECT id, slug, name, sort_name FROM artists WHERE slug = 'bjork';
SELECT id, slug, name, description FROM genres WHERE slug = 'rock';
SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL AND id IN (1, 2);
SELECT id, slug, name, sort_name FROM artists WHERE id IN (1);
SELECT id, slug, name, description FROM genres WHERE id IN (1, 2);

-- Lists: whole, counted, and in pages of every order.
SELECT id, slug, name, description FROM genres ORDER BY sort_name, id;
SELECT COUNT(*) AS total FROM artists;
SELECT COUNT(*) AS total FROM albums WHERE removed_at IS NULL;
SELECT COUNT(*) AS total FROM albums WHERE removed_at IS NULL
    AND genre_id = 1 AND artist_id = 1 AND price_minor >= 100 AND price_minor <= 5000
    AND release_order >= '1990-01-01' AND release_order > '' AND release_order <= '1999-12-31';
SELECT genre_id AS owner, COUNT(*) AS total FROM albums WHERE removed_at IS NULL AND genre_id IN (1, 2) GROUP BY genre_id;
SELECT artist_id AS owner, COUNT(*) AS total FROM albums WHERE removed_at IS NULL AND artist_id IN (1, 2) GROUP BY artist_id;
SELECT * FROM (SELECT id, slug, name, sort_name FROM artists WHERE 1 = 1 ORDER BY sort_name, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, name, sort_name FROM artists WHERE 1 = 1
    AND sort_name = 'a' AND id > 1 ORDER BY sort_name, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, name, sort_name FROM artists WHERE 1 = 1
    AND sort_name > 'a' ORDER BY sort_name, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY copies_sold DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND copies_sold = 5 AND sort_title = 'debut' AND id > 1
    ORDER BY copies_sold DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND copies_sold = 5 AND sort_title > 'debut'
    ORDER BY copies_sold DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND copies_sold < 5
    ORDER BY copies_sold DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND sort_title = 'debut' AND id > 1
    ORDER BY sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND sort_title > 'debut'
    ORDER BY sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY sort_title DESC, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND sort_title = 'debut' AND id > 1
    ORDER BY sort_title DESC, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND sort_title < 'debut'
    ORDER BY sort_title DESC, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY id DESC {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY price_minor, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor = 899 AND sort_title = 'debut' AND id > 1
    ORDER BY price_minor, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor = 899 AND sort_title > 'debut'
    ORDER BY price_minor, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor > 899
    ORDER BY price_minor, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY price_minor DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor = 899 AND sort_title = 'debut' AND id > 1
    ORDER BY price_minor DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor = 899 AND sort_title > 'debut'
    ORDER BY price_minor DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND price_minor < 899
    ORDER BY price_minor DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY release_order, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order = '1993-01-01' AND sort_title = 'debut' AND id > 1
    ORDER BY release_order, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order = '1993-01-01' AND sort_title > 'debut'
    ORDER BY release_order, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order > '1993-01-01'
    ORDER BY release_order, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    ORDER BY release_order DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order = '1993-01-01' AND sort_title = 'debut' AND id > 1
    ORDER BY release_order DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order = '1993-01-01' AND sort_title > 'debut'
    ORDER BY release_order DESC, sort_title, id {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND release_order < '1993-01-01'
    ORDER BY release_order DESC, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND genre_id = 1 AND artist_id = 1 AND price_minor >= 100 AND price_minor <= 5000
    AND release_order >= '1990-01-01' AND release_order > '' AND release_order <= '1999-12-31'
    AND ((price_minor < 5000) OR (price_minor = 5000 AND sort_title < 'z') OR (price_minor = 5000 AND sort_title = 'z' AND id < 9))
    ORDER BY price_minor, sort_title, id {first 3 rows}) AS page;
SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND genre_id = 1 ORDER BY copies_sold, sort_title DESC, id DESC {first 3 rows}) AS page
    UNION ALL SELECT * FROM (SELECT id, slug, title, sort_title, artist_id, genre_id, price_minor, currency, release_date,
    release_order, cover_url, copies_sold, created_at, updated_at FROM albums WHERE removed_at IS NULL
    AND genre_id = 2 ORDER BY copies_sold, sort_title DESC, id DESC {first 3 rows}) AS page;
