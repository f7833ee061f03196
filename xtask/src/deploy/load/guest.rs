//! Somebody without an account who puts albums into a cart, and remembers which.

use serde_json::{Value, json};

use super::ask::Ask;
use super::catalogue::Catalogue;
use super::door::Reply;
use super::visits::Visits;

/// As many albums are enough for one cart.
const FULL: usize = 8;
const ADD: &str = "mutation Add($input: AddToCartInput!) { addToCart(input: $input) { \
                   cart { quantity } session { token } problems { code } } }";

/// Somebody with a cart.
#[derive(Debug, Default)]
pub struct Guest {
    session: Option<String>,
    lines: Vec<Line>,
    looks: bool,
}

/// An album that was put in, once.
#[derive(Debug)]
struct Line {
    album: String,
    /// Whether the shop said so; otherwise it may be in the cart, or not.
    sure: bool,
}

/// How something is put into a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Page,
    Api,
}

impl Guest {
    /// Puts another album into the cart, or looks at the cart.
    pub async fn go_on(&mut self, visits: &Visits, way: Way) {
        if self.looks && self.session.is_some() {
            visits.ask(self.look(), |reply| self.check(reply)).await;
            self.looks = false;
        } else {
            self.add(visits, way).await;
            self.looks = true;
        }
    }

    /// Whether nothing more goes into the cart.
    pub fn is_done(&self) -> bool {
        // Without a session nobody can ever look at the cart again.
        self.lines.len() >= FULL || (self.session.is_none() && !self.lines.is_empty())
    }

    async fn add(&mut self, visits: &Visits, way: Way) {
        let album = self.another(&visits.catalogue, &mut fastrand::Rng::new());
        let done = match way {
            Way::Page => {
                let form = Ask::form("/cart/items", &[("album", &album), ("quantity", "1")]);
                visits.ask(form.of(self.session.as_deref()), added).await
            }
            Way::Api => {
                let input = json!({ "input": { "albumId": album, "quantity": 1 } });
                let mutation = Ask::mutation(ADD, &input).of(self.session.as_deref());
                visits.ask(mutation, added_by_api).await
            }
        };
        self.lines.push(Line {
            album,
            sure: done.is_some(),
        });
        if let Some(Some(token)) = done {
            self.session = Some(token);
        }
    }

    /// An album that was never put in.
    fn another(&self, catalogue: &Catalogue, rng: &mut fastrand::Rng) -> String {
        loop {
            let album = &catalogue.albums[rng.usize(..catalogue.albums.len())];
            if self.lines.iter().all(|line| line.album != album.id) {
                return album.id.clone();
            }
        }
    }

    /// The request for the cart.
    pub fn look(&self) -> Ask {
        Ask::page("/cart").of(self.session.as_deref())
    }

    /// Whether somebody can look at the cart.
    pub fn has_session(&self) -> bool {
        self.session.is_some()
    }

    /// How many albums the shop has said to be in.
    pub fn sure(&self) -> usize {
        self.lines.iter().filter(|line| line.sure).count()
    }

    /// Whether the cart has everything that the shop has said to be in, once, and nothing else.
    pub fn check(&self, reply: &Reply) -> Result<(), String> {
        if reply.status != 200 || !reply.body.trim_end().ends_with("</html>") {
            return Err(format!("the cart is answered with {}", reply.status));
        }
        let shown: Vec<(&str, &str)> = reply.body.split("<li class=\"line\"").skip(1).map(line).collect();
        for (album, quantity) in &shown {
            if *quantity != "1" {
                return Err(format!("{quantity} copies of {album} in place of 1"));
            }
            if self.lines.iter().all(|line| line.album != *album) {
                return Err(format!("{album} was never put in"));
            }
        }
        for line in self.lines.iter().filter(|line| line.sure) {
            if shown.iter().filter(|(album, _)| *album == line.album).count() != 1 {
                return Err(format!("{} was put in and is not there", line.album));
            }
        }
        Ok(())
    }
}

/// The album and the copies of a line of the cart.
fn line(html: &str) -> (&str, &str) {
    (value_of(html, "album"), value_of(html, "quantity"))
}

/// What the first field of this name has.
pub fn value_of<'a>(html: &'a str, name: &str) -> &'a str {
    let field = html.split_once(&format!("name=\"{name}\" value=\""));
    let value = field.and_then(|(_, rest)| rest.split_once('"'));
    value.map_or("", |(value, _)| value)
}

/// The session that the guest has from now on, where it is another one.
pub fn added(reply: &Reply) -> Result<Option<String>, String> {
    if reply.status == 303 && reply.location == "/cart" {
        Ok(reply.session.clone())
    } else {
        Err(format!("adding is answered with {} {}", reply.status, reply.location))
    }
}

fn added_by_api(reply: &Reply) -> Result<Option<String>, String> {
    let answer: Value = serde_json::from_str(&reply.body).map_err(|error| error.to_string())?;
    let payload = &answer["data"]["addToCart"];
    if payload["problems"] == json!([]) {
        Ok(payload["session"]["token"].as_str().map(ToOwned::to_owned))
    } else {
        Err(format!("adding is answered with {}", reply.body))
    }
}

#[cfg(test)]
mod tests {
    use super::{Guest, Line, Reply};

    fn cart(lines: &[(&str, u32)]) -> Reply {
        let lines = lines.iter().map(|(album, copies)| {
            format!(
                r#"<li class="line"><input name="album" value="{album}"><input name="quantity" value="{copies}"></li>"#
            )
        });
        Reply {
            status: 200,
            body: format!("{}</html>", lines.collect::<String>()),
            ..Reply::default()
        }
    }

    #[test]
    fn a_cart_has_what_was_put_in_and_perhaps_what_nobody_knows_of() {
        let line = |album: &str, sure| Line {
            album: album.to_owned(),
            sure,
        };
        let guest = Guest {
            lines: vec![line("a", true), line("b", false)],
            ..Guest::default()
        };
        assert!(guest.check(&cart(&[("a", 1)])).is_ok());
        assert!(guest.check(&cart(&[("a", 1), ("b", 1)])).is_ok());
        for lost in [
            &[][..],
            &[("b", 1)],
            &[("a", 2)],
            &[("a", 1), ("b", 2)],
            &[("a", 1), ("c", 1)],
        ] {
            assert!(guest.check(&cart(lost)).is_err(), "{lost:?}");
        }
    }
}
