//! A search as the visitor refined it: what was typed, which albums are wanted, and in which order.

use crate::format::price::{self, Price};
use crate::format::release_date::ReleaseDate;
use crate::parameters::Parameters;
use crate::parts::header::GenreLink;
use crate::parts::price_filter::PriceFilter;
use crate::parts::search_order::{ORDERS, SearchOrder};
use crate::{paths, schema};

/// So many characters of what was typed are searched for.
pub const LONGEST: usize = 200;

/// Which of the found albums are wanted.
#[derive(Clone, Debug, cynic::InputObject)]
#[cynic(graphql_type = "AlbumFilter")]
pub struct Conditions {
    #[cynic(skip_serializing_if = "Option::is_none")]
    genre: Option<String>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    min_price: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    max_price: Option<i32>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    released_from: Option<ReleaseDate>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    released_to: Option<ReleaseDate>,
}

/// Parameters of a URL.
pub type Values = Vec<(&'static str, String)>;

/// A search.
#[derive(Debug)]
pub struct Refinement {
    /// What was typed, with single blanks.
    pub query: String,
    /// The order and the prices.
    pub prices: PriceFilter<SearchOrder>,
    genre: Wish,
    decade: Wish,
    /// A price of the shop, for its currency.
    sample: Option<Price>,
}

/// Something that albums should have; nothing where it is empty.
#[derive(Debug)]
struct Wish {
    value: String,
    /// What is wrong with it; empty where nothing is.
    error: String,
}

/// What albums are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The genre.
    Genre,
    /// The decade of the release.
    Decade,
    /// The price.
    Price,
}

/// A wish that is in force.
#[derive(Debug)]
pub struct Chosen {
    /// What it is about.
    pub kind: Kind,
    /// For people.
    pub label: String,
    /// The same search without it.
    pub without: String,
}

impl Refinement {
    /// Reads a search from its URL.
    pub fn read(parameters: &Parameters) -> Self {
        let query = typed(parameters.get("q"));
        let (genre, decade) = (Wish::of(parameters.get("genre")), Wish::of(parameters.get("decade")));
        let prices = PriceFilter::read(paths::SEARCH.to_owned(), parameters, &ORDERS);
        let mut refinement = Self {
            query,
            prices,
            genre,
            decade: decade.checked(is_decade, "Give a decade by its first year, such as 1990."),
            sample: None,
        };
        refinement.keep_beside_prices();
        refinement
    }

    /// Says that the shop has no such genre, which only the catalogue knows.
    pub fn miss_genre(&mut self) {
        self.genre.error = format!("The shop has no genre “{}”.", self.genre.value);
        self.keep_beside_prices();
    }

    /// Forgets a genre that is none of these.
    pub fn keep_known_genre(&mut self, genres: &[GenreLink]) {
        if genres.iter().all(|genre| genre.slug != self.genre.value) {
            self.genre = Wish::of("");
        }
    }

    /// Writes prices as this one is written.
    pub fn price_like(&mut self, sample: Option<Price>) {
        self.sample = sample;
    }

    /// The prices between two bounds, as people say it.
    pub fn prices_in_words(&self, lowest: Option<i32>, highest: Option<i32>) -> String {
        price::in_words(lowest, highest, self.sample.as_ref())
    }

    /// What is sent along when the form with the prices is.
    fn keep_beside_prices(&mut self) {
        let mut kept = self.parameters();
        kept.retain(|(name, value)| ["q", "genre", "decade"].contains(name) && !value.is_empty());
        self.prices.keep(kept);
    }

    /// Whether everything in it makes sense.
    pub fn is_valid(&self) -> bool {
        self.prices.is_valid() && self.genre.error.is_empty() && self.decade.error.is_empty()
    }

    /// What is wrong with a wish; empty where nothing is, or where its own field says so.
    pub fn error(&self, kind: Kind) -> &str {
        match kind {
            Kind::Genre => &self.genre.error,
            Kind::Decade => &self.decade.error,
            Kind::Price => "",
        }
    }

    /// What to ask the catalogue: whatever makes no sense is not asked for.
    pub fn conditions(&self) -> Conditions {
        let range = self.prices.range();
        let (genre, decade) = (self.genre.valid(), self.decade.valid());
        Conditions {
            genre: genre.map(str::to_owned),
            min_price: range.min_price,
            max_price: range.max_price,
            released_from: decade.map(|decade| ReleaseDate(decade.to_owned())),
            released_to: decade.map(|decade| ReleaseDate(format!("{}9", &decade[..3]))),
        }
    }

    /// The search as it stands in a URL.
    pub fn parameters(&self) -> Values {
        let mut parameters = vec![("q", self.query.clone())];
        parameters.extend(self.filters());
        parameters
    }

    /// The same without what was typed.
    pub fn filters(&self) -> Values {
        let range = self.prices.range();
        let price = |amount: Option<i32>| amount.map_or(String::new(), price::decimal);
        let wish = |wish: &Wish| wish.valid().unwrap_or_default().to_owned();
        vec![
            ("genre", wish(&self.genre)),
            ("decade", wish(&self.decade)),
            ("min", price(range.min_price)),
            ("max", price(range.max_price)),
            ("sort", self.prices.sort().to_owned()),
        ]
    }

    /// Whether all `values` are chosen.
    pub fn has(&self, values: &Values) -> bool {
        let filters = self.filters();
        values.iter().all(|value| filters.contains(value))
    }

    /// The same search with other values.
    pub fn with(&self, values: &Values) -> String {
        let mut parameters = self.parameters();
        for (name, value) in &mut parameters {
            if let Some((_, other)) = values.iter().find(|(changed, _)| changed == name) {
                value.clone_from(other);
            }
        }
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        paths::with_query(paths::SEARCH, &parameters)
    }

    /// What is chosen, with the way to do without; `genres` know their names.
    pub fn chosen(&self, genres: &[GenreLink]) -> Vec<Chosen> {
        let genre = self.genre.valid().map(|slug| {
            let genre = genres.iter().find(|genre| genre.slug == slug);
            (Kind::Genre, genre.map_or(slug, |genre| &genre.name).to_owned())
        });
        let decade = self.decade.valid().map(|decade| (Kind::Decade, format!("{decade}s")));
        let range = self.prices.range();
        let price = (range.min_price.is_some() || range.max_price.is_some())
            .then(|| (Kind::Price, self.prices_in_words(range.min_price, range.max_price)));
        let chosen = [genre, decade, price].into_iter().flatten();
        chosen
            .map(|(kind, label)| Chosen {
                kind,
                label,
                without: self.with(&kind.nothing()),
            })
            .collect()
    }
}

impl Kind {
    /// The values of a search that does not care.
    fn nothing(self) -> Values {
        let names: &[&'static str] = match self {
            Self::Genre => &["genre"],
            Self::Decade => &["decade"],
            Self::Price => &["min", "max"],
        };
        names.iter().map(|name| (*name, String::new())).collect()
    }
}

impl Wish {
    fn of(value: &str) -> Self {
        Self {
            value: value.chars().take(LONGEST).collect(),
            error: String::new(),
        }
    }

    fn checked(self, is_valid: fn(&str) -> bool, error: &str) -> Self {
        let fine = self.value.is_empty() || is_valid(&self.value);
        let error = if fine { String::new() } else { error.to_owned() };
        Self { error, ..self }
    }

    fn valid(&self) -> Option<&str> {
        let valid = !self.value.is_empty() && self.error.is_empty();
        valid.then_some(self.value.as_str())
    }
}

/// What was typed, as it is searched for: single blanks, nothing invisible, and not more than anybody types.
pub fn typed(text: &str) -> String {
    let text = text.replace(is_direction, "");
    let words: Vec<_> = text
        .split(|character: char| {
            character.is_whitespace() || character.is_control() || character == char::REPLACEMENT_CHARACTER
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ").chars().take(LONGEST).collect()
}

/// Whether a character only says in which direction others run, or in which order bytes do; it comes along with what is copied,
/// and would turn around what is said of it.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_decade(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.ends_with('0')
}
