//! What is measured of a running shop, and what it has to keep within.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context;
use fastrand::Rng;
use serde_json::{Value, json};

use super::catalogues::Catalogue;
use super::client::{Ask, ask_all, load};
use super::queries::{self, KINDS};
use super::report::Column;
use super::server::Server;

/// How long each is measured on so many connections.
const TIME: Duration = Duration::from_secs(4);
const CONNECTIONS: [usize; 2] = [4, 16];
/// So many lines of the catalogue are what visitors look for.
const SAMPLE: usize = 1_000;

/// What a page of a genre asks for.
const GENRE: &str = "query($slug: String!, $first: Int!, $after: String, $skip: Int, $order: AlbumOrder, $where: AlbumFilter) { \
    genres { name slug } genre(slug: $slug) { name slug description albums(first: $first, after: $after, skip: $skip, \
    orderBy: $order, where: $where) { totalCount pageInfo { hasNextPage endCursor } nodes { id slug title price { amount currency } \
    releaseDate coverUrl artist { name slug } genre { name slug } } } } }";
/// What an album's page asks for.
const ALBUM: &str = "query($id: ID!) { album(id: $id) { id slug title price { amount currency } releaseDate coverUrl \
    artist { name slug } genre { name slug } tracks { position title duration } } }";
const ORDERS: [&str; 7] = [
    "BEST_SELLING",
    "TITLE_ASC",
    "TITLE_DESC",
    "PRICE_ASC",
    "PRICE_DESC",
    "RELEASED_ASC",
    "RELEASED_DESC",
];

/// Measures everything.
pub fn all(server: &Server, catalogue: &Catalogue, column: &mut Column) -> anyhow::Result<()> {
    let sample = catalogue.sample(SAMPLE)?;
    let mut rng = Rng::with_seed(catalogue.seed);
    let mut mixed = Vec::new();
    for (kind, name) in KINDS {
        let searches = queries::searches(&sample, kind, &mut rng);
        mixed.extend_from_slice(&searches);
        time(column, server.album_graph, &format!("search: {name}"), searches)?;
    }
    rng.shuffle(&mut mixed);
    time(column, server.album_graph, "search", mixed)?;
    time(
        column,
        server.album_graph,
        "suggest",
        queries::suggestions(&sample, &mut rng),
    )?;

    let genres = Genres::of(server)?;
    time(
        column,
        server.album_graph,
        "genre, first page",
        genres.pages(|_| json!({})),
    )?;
    let deep = genres.deep(server)?;
    time(column, server.album_graph, "genre, deep by cursor", deep.pages)?;
    let priced = json!({ "where": { "minPrice": 1_000, "maxPrice": 1_199 } });
    time(
        column,
        server.album_graph,
        "genre, filtered by price",
        genres.pages(|_| priced.clone()),
    )?;
    time(column, server.album_graph, "album by id", deep.albums)?;
    let home = vec![Ask::Page("/".to_owned())];
    time(column, server.storefront, "home page", home)?;
    let shelves = genres.slugs.iter().map(|slug| Ask::Page(format!("/genres/{slug}")));
    time(column, server.storefront, "genre page in HTML", shelves.collect())?;

    let files = catalogue.albums.div_ceil(10_000);
    once(column, server, "sitemap index", "/sitemap.xml")?;
    once(
        column,
        server,
        "last sitemap file",
        &format!("/sitemaps/albums/{files}.xml"),
    )
}

fn time(column: &mut Column, address: std::net::SocketAddr, name: &str, asks: Vec<Ask>) -> anyhow::Result<()> {
    let asks: Rc<[Ask]> = asks.into();
    for connections in CONNECTIONS {
        let times = load(address, &asks, connections, TIME).with_context(|| name.to_owned())?;
        column.times(name, connections, &times);
    }
    Ok(())
}

fn once(column: &mut Column, server: &Server, name: &'static str, path: &str) -> anyhow::Result<()> {
    let started = Instant::now();
    ask_all(server.storefront, vec![Ask::Page(path.to_owned())]).context(name)?;
    column.seconds(name, started.elapsed());
    Ok(())
}

/// The genres of a catalogue.
struct Genres {
    slugs: Vec<String>,
}

/// Pages far down the lists of genres, and the albums that were met on the way.
struct Deep {
    pages: Vec<Ask>,
    albums: Vec<Ask>,
}

impl Genres {
    fn of(server: &Server) -> anyhow::Result<Self> {
        let ask = Ask::Document(json!({ "query": "{ genres { slug } }" }).to_string());
        let answer = answers(server, vec![ask])?.remove(0);
        let genres = answer["genres"].as_array().context("there are no genres")?;
        let slugs = genres
            .iter()
            .filter_map(|genre| genre["slug"].as_str().map(str::to_owned));
        Ok(Self { slugs: slugs.collect() })
    }

    /// A page of each genre in each order, with what `more` says.
    fn pages(&self, more: impl Fn(usize) -> Value) -> Vec<Ask> {
        let pairs = self.slugs.iter().flat_map(|slug| ORDERS.map(|order| (slug, order)));
        pairs
            .enumerate()
            .map(|(place, (slug, order))| {
                let mut variables = json!({ "slug": slug, "order": order, "first": 24 });
                if let (Some(variables), Value::Object(mut more)) = (variables.as_object_mut(), more(place)) {
                    variables.append(&mut more);
                }
                Ask::Document(json!({ "query": GENRE, "variables": variables }).to_string())
            })
            .collect()
    }

    /// Pages half-way down each list and near its end.
    fn deep(&self, server: &Server) -> anyhow::Result<Deep> {
        let firsts = answers(server, self.pages(|_| json!({})))?;
        let totals: Vec<u64> = firsts
            .iter()
            .map(|answer| answer["genre"]["albums"]["totalCount"].as_u64().unwrap_or_default())
            .collect();
        let (mut pages, mut albums) = (Vec::new(), Vec::new());
        for (part, whole) in [(1, 2), (19, 20)] {
            let there = answers(
                server,
                self.pages(|place| json!({ "skip": totals[place] * part / whole })),
            )?;
            let cursors: Vec<&Value> = there
                .iter()
                .map(|answer| &answer["genre"]["albums"]["pageInfo"]["endCursor"])
                .collect();
            pages.extend(self.pages(|place| json!({ "after": cursors[place] })));
            for answer in &there {
                let nodes = answer["genre"]["albums"]["nodes"].as_array();
                albums.extend(nodes.into_iter().flatten().map(|album| album_by(&album["id"])));
            }
        }
        Ok(Deep { pages, albums })
    }
}

fn album_by(id: &Value) -> Ask {
    Ask::Document(json!({ "query": ALBUM, "variables": { "id": id } }).to_string())
}

fn answers(server: &Server, asks: Vec<Ask>) -> anyhow::Result<Vec<Value>> {
    let bodies = ask_all(server.album_graph, asks)?;
    bodies
        .iter()
        .map(|body| Ok(serde_json::from_slice::<Value>(body)?["data"].take()))
        .collect()
}
