-- The orders that the first indexes had the other way round: SQLite would put every album of one price, or of one year, into
-- order for each page of them.

CREATE INDEX albums_by_title_desc ON albums (sort_title DESC) WHERE removed_at IS NULL;
CREATE INDEX albums_by_price_desc ON albums (price_minor DESC, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_by_release_asc ON albums (release_order, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_title_desc ON albums (genre_id, sort_title DESC) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_price_desc ON albums (genre_id, price_minor DESC, sort_title) WHERE removed_at IS NULL;
CREATE INDEX albums_of_genre_by_release_asc ON albums (genre_id, release_order, sort_title) WHERE removed_at IS NULL;
