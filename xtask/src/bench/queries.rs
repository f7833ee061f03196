//! What visitors would type into the search box of a catalogue: words of its own titles, tracks and artists.

use csv::StringRecord;
use fastrand::Rng;
use serde_json::json;

use super::client::Ask;

/// What a page of search results asks for.
const SEARCH: &str = "query($query: String!) { search(query: $query, first: 24) { totalCount didYouMean \
    edges { titleMatches { start end } artistMatches { start end } genreMatches { start end } \
    trackMatches { track { title position } titleMatches { start end } } \
    node { id slug title price { amount currency } releaseDate coverUrl artist { name slug } genre { name slug } } } \
    facets { genres { count genre { name slug } } decades { count releasedFrom releasedTo } prices { count minPrice maxPrice } } } }";
/// What the box asks for while somebody types.
const SUGGEST: &str = "query($prefix: String!) { suggest(prefix: $prefix, first: 5) { \
    albums { titleMatches { start end } artistMatches { start end } genreMatches { start end } \
    trackMatches { track { title } titleMatches { start end } } album { slug title artist { name } } } \
    artists { nameMatches { start end } artist { slug name } } genres { nameMatches { start end } genre { slug name } } } }";

const ARTIST: usize = 1;
const TITLE: usize = 2;
const TRACKS: usize = 5;

/// How something is searched for.
#[derive(Clone, Copy)]
pub enum Kind {
    /// One word of a title, as common as words are.
    Word,
    /// A word of the artist's name and one of the title.
    TwoWords,
    /// Such a pair with one letter wrong.
    Typo,
    /// Two words of a track.
    Track,
}

/// All kinds, with their names.
pub const KINDS: [(Kind, &str); 4] = [
    (Kind::Word, "one word"),
    (Kind::TwoWords, "artist and title"),
    (Kind::Typo, "with a typo"),
    (Kind::Track, "words of a track"),
];

/// Searches of one kind.
pub fn searches(sample: &[StringRecord], kind: Kind, rng: &mut Rng) -> Vec<Ask> {
    let typed = sample.iter().filter_map(|line| typed(line, kind, rng));
    typed.map(|query| document(SEARCH, "query", &query)).collect()
}

/// What is asked for while titles and names are typed: after one letter to seven.
pub fn suggestions(sample: &[StringRecord], rng: &mut Rng) -> Vec<Ask> {
    let prefix = |line: &StringRecord| {
        let text = &line[if rng.bool() { ARTIST } else { TITLE }];
        let prefix: String = text.chars().take(rng.usize(1..=7)).collect();
        document(SUGGEST, "prefix", &prefix)
    };
    sample.iter().map(prefix).collect()
}

fn document(query: &str, name: &str, text: &str) -> Ask {
    Ask::Document(json!({ "query": query, "variables": { name: text } }).to_string())
}

fn typed(line: &StringRecord, kind: Kind, rng: &mut Rng) -> Option<String> {
    let mut word = |text: &str| {
        let words: Vec<&str> = text
            .split_whitespace()
            .filter(|word| word.chars().count() > 2)
            .collect();
        rng.choice(words).map(str::to_lowercase)
    };
    match kind {
        Kind::Word => word(&line[TITLE]),
        Kind::TwoWords => Some(format!("{} {}", word(&line[ARTIST])?, word(&line[TITLE])?)),
        Kind::Typo => {
            let pair = format!("{} {}", word(&line[ARTIST])?, word(&line[TITLE])?);
            mistyped(&pair, rng)
        }
        Kind::Track => {
            let track = line[TRACKS].split(" | ").next()?;
            let title = track.rsplit_once(" (").map_or(track, |(title, _)| title);
            let words: Vec<&str> = title.split_whitespace().take(2).collect();
            (words.len() == 2).then(|| words.join(" ").to_lowercase())
        }
    }
}

/// The text with two letters swapped, in a word long enough for that.
fn mistyped(text: &str, rng: &mut Rng) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let swappable = |place: &usize| {
        let around = letters[place - 1..place + 3].iter();
        letters[*place] != letters[place + 1] && around.into_iter().all(|letter| letter.is_alphabetic())
    };
    let places: Vec<usize> = (1..letters.len().saturating_sub(2)).filter(swappable).collect();
    let place = rng.choice(places)?;
    letters.swap(place, place + 1);
    Some(letters.into_iter().collect())
}
