//! What there is to look at.

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::ask::Ask;
use super::door::{Door, Reply};

const ALBUMS: &str = "query Albums($after: String) { albums(first: 100, after: $after) { \
                      nodes { id slug artist { slug } genre { slug } } pageInfo { hasNextPage endCursor } } }";
const WINDOW: &str = "query Window { newest(first: 6) { slug title } topSellers(first: 6) { slug title } }";
const ALBUM: &str =
    "query Album($slug: String!) { album(slug: $slug) { id title price { formatted } tracks { title } } }";

/// The albums of the shop.
pub struct Catalogue {
    pub albums: Vec<Album>,
}

/// An album.
pub struct Album {
    pub id: String,
    pub slug: String,
    artist: String,
    genre: String,
}

/// A request that changes nothing, and what its answer has to say.
pub struct Look {
    pub ask: Ask,
    says: String,
}

impl Catalogue {
    /// Reads it from the API.
    pub async fn read(door: &Door) -> anyhow::Result<Self> {
        let mut albums = Vec::new();
        let mut after = Value::Null;
        loop {
            let reply = door.send(&Ask::query(ALBUMS, &json!({ "after": after }))).await.reply;
            let reply = reply.map_err(|failure| anyhow::anyhow!("the API cannot be asked: {failure}"))?;
            let answer: Value = serde_json::from_str(&reply.body).with_context(|| reply.body.clone())?;
            let page = &answer["data"]["albums"];
            let nodes = page["nodes"].as_array().with_context(|| reply.body.clone())?;
            albums.extend(nodes.iter().map(Album::from));
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        if albums.is_empty() {
            bail!("the catalogue is empty");
        }
        Ok(Self { albums })
    }

    /// A page that somebody may look at.
    pub fn page(&self, rng: &mut fastrand::Rng) -> Look {
        let album = &self.albums[rng.usize(..self.albums.len())];
        let (path, says) = match rng.u8(..20) {
            0..4 => ("/".to_owned(), "</html>".to_owned()),
            4..6 => ("/genres".to_owned(), format!("/genres/{}", album.genre)),
            6..10 => (format!("/genres/{}", album.genre), "class=\"albums\"".to_owned()),
            10..12 => (format!("/artists/{}", album.artist), album.slug.clone()),
            12..14 => (format!("/search?q={}", word(&album.slug)), "</html>".to_owned()),
            _ => (format!("/albums/{}", album.slug), format!("value=\"{}\"", album.id)),
        };
        Look {
            ask: Ask::page(path),
            says,
        }
    }

    /// A question that somebody may ask the API.
    pub fn question(&self, rng: &mut fastrand::Rng) -> Look {
        let album = &self.albums[rng.usize(..self.albums.len())];
        if rng.u8(..4) == 0 {
            return Look {
                ask: Ask::query(WINDOW, &json!({})),
                says: "\"topSellers\":[".to_owned(),
            };
        }
        Look {
            ask: Ask::query(ALBUM, &json!({ "slug": album.slug })),
            says: format!("\"id\":\"{}\"", album.id),
        }
    }
}

impl Look {
    /// Whether that is the answer.
    pub fn check(&self, reply: &Reply) -> Result<(), String> {
        let whole = reply.kind.contains("json") || reply.body.trim_end().ends_with("</html>");
        if reply.status == 200 && whole && reply.body.contains(&self.says) {
            return Ok(());
        }
        let begin: String = reply.body.chars().take(200).collect();
        Err(format!(
            "{} answers {} without {:?}: {begin}",
            self.ask.path, reply.status, self.says
        ))
    }
}

impl From<&Value> for Album {
    fn from(node: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            id: text(&node["id"]),
            slug: text(&node["slug"]),
            artist: text(&node["artist"]["slug"]),
            genre: text(&node["genre"]["slug"]),
        }
    }
}

/// The longest word of a slug.
fn word(slug: &str) -> &str {
    slug.split('-').max_by_key(|word| word.len()).unwrap_or(slug)
}
