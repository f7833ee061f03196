//! How many of the found albums are of which genre, decade and price: links that choose one of them, or do without again.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::format::price;
use crate::format::release_date::ReleaseDate;
use crate::parts::header::GenreLink;
use crate::parts::refinement::{Chosen, Kind, Refinement, Values};
use crate::schema;

/// So many links of a kind are shown; who looks for more than that searches with more words.
const MOST: usize = 12;

/// What facets ask for.
#[derive(Debug, cynic::QueryFragment)]
pub struct SearchFacets {
    genres: Vec<GenreFacet>,
    decades: Vec<DecadeFacet>,
    prices: Vec<PriceFacet>,
}

#[derive(Debug, cynic::QueryFragment)]
struct GenreFacet {
    genre: GenreLink,
    count: i32,
}

#[derive(Debug, cynic::QueryFragment)]
struct DecadeFacet {
    released_from: ReleaseDate,
    count: i32,
}

#[derive(Debug, cynic::QueryFragment)]
struct PriceFacet {
    min_price: i32,
    max_price: Option<i32>,
    count: i32,
}

/// The facets of a search.
#[derive(Debug, Template)]
#[template(path = "parts/facets.html")]
pub struct Facets {
    groups: Vec<Group>,
}

/// The links of one kind.
#[derive(Debug)]
struct Group {
    id: &'static str,
    name: &'static str,
    links: Vec<Facet>,
    /// What is wrong with what the visitor chose; empty where nothing is.
    error: String,
}

#[derive(Debug)]
struct Facet {
    label: String,
    count: i32,
    href: String,
    chosen: bool,
}

impl Facets {
    /// The facets of what `refinement` finds, where `chosen` is in force and leaves `total` albums.
    pub fn new(query: SearchFacets, total: i32, refinement: &Refinement, chosen: &[Chosen]) -> Self {
        let facet = |label: String, count: i32, values: Values| Facet::new((label, count), &values, refinement);
        let genres = query
            .genres
            .into_iter()
            .map(|GenreFacet { genre, count }| facet(genre.name, count, vec![("genre", genre.slug)]));
        let decades = query.decades.into_iter().map(|DecadeFacet { released_from, count }| {
            let decade = released_from.year();
            facet(format!("{decade}s"), count, vec![("decade", decade.to_owned())])
        });
        let prices = query.prices.into_iter().map(|band| {
            let (min, max) = (Some(band.min_price).filter(|price| *price > 0), band.max_price);
            let text = |amount: Option<i32>| amount.map_or(String::new(), price::decimal);
            let values = vec![("min", text(min)), ("max", text(max))];
            facet(refinement.prices_in_words(min, max), band.count, values)
        });
        let group = |kind: Kind, links: Vec<Facet>| {
            let chosen = chosen.iter().find(|chosen| chosen.kind == kind);
            Group::new(kind, links, refinement.error(kind)).including(chosen, total)
        };
        let groups = [
            group(Kind::Genre, genres.collect()),
            group(Kind::Decade, decades.collect()),
            group(Kind::Price, prices.collect()),
        ];
        Self {
            groups: groups.into_iter().filter(Group::is_useful).collect(),
        }
    }

    /// Whether there is anything to choose.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

impl Group {
    fn new(kind: Kind, mut links: Vec<Facet>, error: &str) -> Self {
        let mut shown = 0;
        links.retain(|facet| {
            shown += 1;
            facet.chosen || shown <= MOST
        });
        let (id, name) = match kind {
            Kind::Genre => ("facet-genre", "Genre"),
            Kind::Decade => ("facet-decade", "Released"),
            Kind::Price => ("facet-price", "Price"),
        };
        Self {
            id,
            name,
            links,
            error: error.to_owned(),
        }
    }

    /// The same with what is chosen, even where no album has it.
    fn including(mut self, chosen: Option<&Chosen>, total: i32) -> Self {
        if let Some(chosen) = chosen
            && !self.links.iter().any(|facet| facet.chosen)
        {
            let facet = Facet {
                label: chosen.label.clone(),
                count: total,
                href: chosen.without.clone(),
                chosen: true,
            };
            self.links.insert(0, facet);
        }
        self
    }

    /// A single choice is none.
    fn is_useful(&self) -> bool {
        self.links.len() > 1 || self.links.iter().any(|facet| facet.chosen) || !self.error.is_empty()
    }
}

impl Facet {
    fn new((label, count): (String, i32), values: &Values, refinement: &Refinement) -> Self {
        let chosen = refinement.has(values);
        let nothing = values.iter().map(|(name, _)| (*name, String::new())).collect();
        Self {
            label,
            count,
            href: refinement.with(if chosen { &nothing } else { values }),
            chosen,
        }
    }
}

impl HtmlSafe for Facets {}
