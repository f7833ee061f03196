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
/// What is about to be bought.
pub const CART: &str = "/cart";
/// The same, for the header of every page.
pub const MINI_CART: &str = "/cart/mini";
/// Puts copies of an album into the cart.
pub const CART_ITEMS: &str = "/cart/items";
/// Sets how many copies of an album are in the cart.
pub const CART_QUANTITY: &str = "/cart/quantity";
/// Takes copies of an album out of the cart.
pub const CART_REMOVE: &str = "/cart/remove";
/// Takes everything out of the cart.
pub const CART_EMPTY: &str = "/cart/empty";
/// Accepts what has changed since it was put into the cart.
pub const CART_ACCEPT: &str = "/cart/accept";
/// Where what is in the cart is ordered.
pub const CHECKOUT: &str = "/checkout";
/// Tries a promotion code on the order that is being made.
pub const CHECKOUT_PROMOTION: &str = "/checkout/promotion";
/// Where somebody becomes a customer.
pub const SIGN_UP: &str = "/sign-up";
/// What happens next when somebody has signed up.
pub const SIGN_UP_SENT: &str = "/sign-up/sent";
/// Where the link in the mail after a sign-up leads.
pub const CONFIRM: &str = "/confirm";
/// Where customers sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// Where customers who forgot their password ask for a new one.
pub const FORGOTTEN_PASSWORD: &str = "/forgotten-password";
/// What happens next when they have.
pub const FORGOTTEN_PASSWORD_SENT: &str = "/forgotten-password/sent";
/// Where the link in the mail to them leads.
pub const RESET_PASSWORD: &str = "/reset-password";
/// What belongs to the customer.
pub const ACCOUNT: &str = "/account";
/// Changes the password.
pub const ACCOUNT_PASSWORD: &str = "/account/password";
/// Ends one of the customer's sessions.
pub const ACCOUNT_REVOKE: &str = "/account/revoke";
/// Ends all of them.
pub const ACCOUNT_SIGN_OUT: &str = "/account/sign-out-everywhere";
/// What the customer has bought.
pub const ORDERS: &str = "/account/orders";
/// The index of the sitemap.
pub const SITEMAP: &str = "/sitemap.xml";

/// Longer paths are not followed back.
const LONGEST: usize = 500;

/// The patterns of the paths that name something, for the table of routes.
pub mod patterns {
    /// One genre.
    pub const GENRE: &str = "/genres/{slug}";
    /// One album.
    pub const ALBUM: &str = "/albums/{slug}";
    /// One artist.
    pub const ARTIST: &str = "/artists/{slug}";
    /// One order.
    pub const ORDER: &str = "/orders/{number}";
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

/// One order.
pub fn order(number: &str) -> String {
    format!("/orders/{}", encoded(number))
}

/// One order that was placed a moment ago.
pub fn placed(number: &str) -> String {
    with_query(&order(number), &[("placed", "yes")])
}

/// Where customers sign in and then go on to `path`.
pub fn sign_in_for(path: &str) -> String {
    with_query(SIGN_IN, &[("return", path)])
}

/// Where customers sign in after something that they should know of.
pub fn sign_in_after(done: &str) -> String {
    with_query(SIGN_IN, &[("done", done)])
}

/// What belongs to the customer, after something that is worth a word.
pub fn account_after(done: &str) -> String {
    with_query(ACCOUNT, &[("done", done)])
}

/// A path that a visitor came with, where it leads to a page of this shop and nowhere else.
pub fn local(path: &str) -> Option<&str> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic()) && path.len() <= LONGEST;
    // Two slashes lead to another host, and browsers read a backslash as a slash.
    let stays = path.starts_with('/') && !path.contains("//") && !path.contains('\\');
    (plain && stays).then_some(path)
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

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_away_from_the_shop() {
        for path in ["/", "/checkout", "/orders/K7QF-3MXN-2P?placed=yes", "/search?q=a%20b"] {
            assert_eq!(local(path), Some(path));
        }
        for path in [
            "",
            "checkout",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/a//evil.example",
            "/\t/evil.example",
            "/a\r\nset-cookie: x",
            " /checkout",
            "/ä",
            &format!("/{}", "x".repeat(500)),
        ] {
            assert_eq!(local(path), None, "{path:?}");
        }
    }
}
