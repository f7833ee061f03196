//! The only place where a link is spelled.

use std::fmt::Write;

/// The home page.
pub const HOME: &str = "/";
/// The page that links to itself.
pub const HERE: &str = "";
/// All genres.
pub const GENRES: &str = "/genres";
/// All artists.
pub const ARTISTS: &str = "/artists";
/// What a search finds.
pub const SEARCH: &str = "/search";
/// What somebody may be about to type into the search field.
pub const SUGGESTIONS: &str = "/search/suggestions";
/// The index of the sitemap.
pub const SITEMAP: &str = "/sitemap.xml";

/// The patterns of the paths that name something, for the table of routes.
pub mod patterns {
    /// One genre.
    pub const GENRE: &str = "/genres/{slug}";
    /// One album.
    pub const ALBUM: &str = "/albums/{slug}";
    /// One artist.
    pub const ARTIST: &str = "/artists/{slug}";
    /// One drawn cover.
    pub const COVER: &str = "/covers/{version}/{genre}/{file}";
    /// The part of the sitemap that lists the pages that are not about one album or artist.
    pub const SITEMAP_PAGES: &str = "/sitemaps/pages.xml";
    /// One of the parts of the sitemap that list the albums.
    pub const SITEMAP_ALBUMS: &str = "/sitemaps/albums/{file}";
    /// One of the parts of the sitemap that list the artists.
    pub const SITEMAP_ARTISTS: &str = "/sitemaps/artists/{file}";
    /// What crawlers may fetch.
    pub const ROBOTS: &str = "/robots.txt";
}

/// One genre.
pub fn genre(slug: &str) -> String {
    format!("/genres/{}", encoded(slug))
}

/// One album.
pub fn album(slug: &str) -> String {
    format!("/albums/{}", encoded(slug))
}

/// One artist.
pub fn artist(slug: &str) -> String {
    format!("/artists/{}", encoded(slug))
}

/// What a search for `query` finds.
pub fn search(query: &str) -> String {
    with_query(SEARCH, &[("q", query)])
}

/// A drawn cover; the version changes with the way covers are drawn.
pub fn cover(version: u32, genre: &str, seed: u64) -> String {
    format!("/covers/{version}/{}/{seed:016x}.svg", encoded(genre))
}

/// A part of the sitemap that lists albums.
pub fn sitemap_albums(number: u32) -> String {
    format!("/sitemaps/albums/{number}.xml")
}

/// A part of the sitemap that lists artists.
pub fn sitemap_artists(number: u32) -> String {
    format!("/sitemaps/artists/{number}.xml")
}

/// `path` with those parameters that have a value.
pub fn with_query(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut link = path.to_owned();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        link.push(if link.contains('?') { '&' } else { '?' });
        link.push_str(name);
        link.push('=');
        link.push_str(&encoded(value));
    }
    link
}

/// Percent-encodes everything that is not unreserved (RFC 3986, 2.3).
fn encoded(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut encoded, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                encoded.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
            encoded
        })
}
