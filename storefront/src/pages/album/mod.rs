//! One album: its cover, its price, its tracks, and more like it; and how it gets into the cart.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use cynic::Id;
use serde_json::{Value, json};

use crate::format::duration;
use crate::format::release_date::ReleaseDate;
use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Slug;
use crate::parts::add_form::{AddForm, IsAvailable};
use crate::parts::album_card::AlbumCard;
use crate::parts::breadcrumbs::Breadcrumbs;
use crate::parts::header::{HeaderQuery, Place};
use crate::parts::layout::Layout;
use crate::parts::structured_data;
use crate::shop::Shop;
use crate::visit::Visit;
use crate::{paths, schema};

mod adding;

pub use adding::add;

/// So many other albums are shown.
const MORE: usize = 6;

operations!(query AlbumQuery(AlbumVariables); adding);

#[derive(Debug, cynic::QueryVariables)]
struct AlbumVariables {
    slug: Option<String>,
    id: Option<Id>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "AlbumVariables")]
struct AlbumQuery {
    #[cynic(spread)]
    header: HeaderQuery,
    #[arguments(slug: $slug, id: $id)]
    album: Option<Album>,
}

#[derive(Debug, cynic::QueryFragment)]
struct Album {
    #[cynic(spread)]
    card: AlbumCard,
    available: bool,
    tracks: Vec<Track>,
    artist: Discography,
    genre: Neighbours,
}

#[derive(Debug, cynic::QueryFragment)]
struct Track {
    position: i32,
    title: String,
    duration: Option<i32>,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Artist")]
struct Discography {
    // One more than is shown: the album itself is among them.
    #[arguments(first: 7)]
    albums: Albums,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Genre")]
struct Neighbours {
    #[arguments(first: 7)]
    albums: Albums,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "AlbumConnection")]
struct Albums {
    nodes: Vec<AlbumCard>,
}

#[derive(Debug, Template)]
#[template(path = "pages/album.html")]
struct AlbumPage {
    layout: Layout,
    breadcrumbs: Breadcrumbs,
    album: AlbumCard,
    add_form: AddForm,
    tracks: Vec<Track>,
    more: More,
}

/// Other albums that whoever looks at this one may like.
#[derive(Debug)]
struct More {
    heading: String,
    href: String,
    albums: Vec<AlbumCard>,
}

/// Shows an album.
pub async fn show(visit: Visit, Slug(slug): Slug) -> Result<Response, Problem> {
    let page = ask(&visit, Some(slug), None).await?;
    visit.answer(StatusCode::OK, &page.layout, &page)
}

async fn ask(visit: &Visit, slug: Option<String>, id: Option<Id>) -> Result<AlbumPage, Problem> {
    let AlbumQuery { header, album } = visit.ask::<AlbumQuery>(AlbumVariables { slug, id }).await?;
    match album {
        Some(album) => Ok(AlbumPage::new(&visit.shop, header, album)),
        None => Err(Problem::NotFound(header)),
    }
}

impl AlbumPage {
    fn new(shop: &Shop, header: HeaderQuery, album: Album) -> Self {
        let Album {
            card,
            available,
            tracks,
            artist,
            genre,
        } = album;
        let available = IsAvailable(available);
        let breadcrumbs = Breadcrumbs::to([
            ("Genres".to_owned(), paths::GENRES.to_owned()),
            (card.genre.name.clone(), card.genre.href()),
            (card.title.clone(), card.href()),
        ]);
        let title = format!("{} by {}", card.title, card.artist.name);
        let description = format!("{title}: {} for {}.", card.genre.name, card.price.formatted);
        let layout = Layout::new(header, Place::Album(card.genre.slug.clone()), &title)
            .found_at(shop.absolute(&card.href()), description)
            .pictured(picture(&card), "music.album")
            .saying(&music_album(shop, &card, available, &tracks))
            .saying(&structured_data::breadcrumb_list(shop, &breadcrumbs));
        let more = More::choose(&card, artist.albums.nodes, genre.albums.nodes);
        Self {
            layout,
            breadcrumbs,
            add_form: AddForm::new(&card.id, available),
            album: card,
            tracks,
            more,
        }
    }

    fn has_facts(&self) -> bool {
        self.album.release_date.is_some() || !self.tracks.is_empty()
    }

    fn released(&self) -> Option<String> {
        self.album.release_date.as_ref().map(ReleaseDate::in_words)
    }

    /// How long the whole album plays, where that is known of every track.
    fn playing_time(&self) -> Option<String> {
        let seconds: Option<i32> = self.tracks.iter().map(|track| track.duration).sum();
        seconds.filter(|seconds| *seconds > 0).map(duration::in_words)
    }
}

impl More {
    /// More by the same artist, or else more of the same genre.
    fn choose(album: &AlbumCard, by_artist: Vec<AlbumCard>, in_genre: Vec<AlbumCard>) -> Self {
        let others = |albums: Vec<AlbumCard>| {
            albums
                .into_iter()
                .filter(|other| other.slug != album.slug)
                .take(MORE)
                .collect::<Vec<_>>()
        };
        let (artist, genre) = (&album.artist, &album.genre);
        match others(by_artist) {
            albums if albums.is_empty() => Self {
                heading: format!("More in {}", genre.name),
                href: genre.href(),
                albums: others(in_genre),
            },
            albums => Self {
                heading: format!("More by {}", artist.name),
                href: artist.href(),
                albums,
            },
        }
    }
}

impl Track {
    fn length(&self) -> Option<String> {
        self.duration.map(duration::clock)
    }
}

/// The picture of a cover for those who show links: none of them shows a drawn one, which is SVG.
fn picture(album: &AlbumCard) -> String {
    let cover = album.cover();
    if cover.starts_with('/') { String::new() } else { cover }
}

fn absolute_cover(shop: &Shop, album: &AlbumCard) -> String {
    let cover = album.cover();
    if cover.starts_with('/') {
        shop.absolute(&cover)
    } else {
        cover
    }
}

/// The album and its offer, as <https://schema.org/MusicAlbum> has them.
fn music_album(shop: &Shop, album: &AlbumCard, is_available: IsAvailable, tracks: &[Track]) -> Value {
    let address = shop.absolute(&album.href());
    let recordings = tracks.iter().map(|track| {
        let length = track.duration.map(duration::iso);
        json!({ "@type": "MusicRecording", "position": track.position, "name": track.title, "duration": length })
    });
    json!({
        "@context": "https://schema.org",
        "@type": "MusicAlbum",
        "name": album.title,
        "url": address,
        "image": absolute_cover(shop, album),
        "genre": album.genre.name,
        "datePublished": album.release_date.as_ref().map(|date| &date.0),
        "byArtist": {
            "@type": "MusicGroup", "name": album.artist.name, "url": shop.absolute(&album.artist.href()),
        },
        "numTracks": (!tracks.is_empty()).then_some(tracks.len()),
        "track": (!tracks.is_empty()).then(|| recordings.collect::<Vec<_>>()),
        "offers": {
            "@type": "Offer",
            "price": album.price.decimal(),
            "priceCurrency": album.price.currency,
            "availability": if is_available.0 { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" },
            "url": address,
        },
    })
}
