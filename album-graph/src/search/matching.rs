//! Which documents of a segment match, from the best class of matches to the weakest.

use std::collections::HashMap;

use super::bits::Bits;
use super::fields::{Name, Names, START};
use super::query::{Query, Spelling, Typed};
use super::segment::{Postings, Segment};

/// How well a document matches; a higher class comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Class {
    /// Every word is somewhere, among them in tracks and genre, with two mistakes.
    AnyTwo,
    /// The same with one mistake.
    AnyOne,
    /// The names have every word, with two mistakes.
    NearTwo,
    /// The same with one mistake.
    NearOne,
    /// Every word is somewhere, among them in tracks and genre.
    Any,
    /// A name as a whole, with two mistakes.
    WholeTwo,
    /// The same with one mistake.
    WholeOne,
    /// The names have every word.
    Near,
    /// The second name begins with what was typed.
    SecondBegins,
    /// The first name begins with what was typed.
    FirstBegins,
    /// A name as a whole, or both, in any order of words.
    Whole,
    /// A name as a whole.
    Exact,
}

/// Shorter words are looked up as begun in names alone: so many words of tracks begin with them that it says nothing.
const SHORTEST_START: usize = 3;

/// Documents by class, the best first; a document may be in several.
pub(super) type Matches = Vec<(Class, Bits)>;

/// What a word may have been meant as, over all segments: the term, how many mistakes, in how many documents.
pub(super) type Spellings = HashMap<String, (u8, u32)>;

/// The names of a kind of things in a segment.
pub(super) struct Shelf<'a> {
    segment: &'a Segment,
    names: &'a Names,
    near: Postings,
    any: Postings,
}

impl<'a> Shelf<'a> {
    pub fn new(segment: &'a Segment, names: &'a Names) -> tantivy::Result<Self> {
        let (near, any) = (segment.field(names.near)?, segment.field(names.any)?);
        Ok(Self {
            segment,
            names,
            near,
            any,
        })
    }

    /// What matches as it was typed.
    pub fn as_typed(&self, query: &Query) -> tantivy::Result<Matches> {
        let mut exact = Bits::default();
        for name in self.names.wholes.iter().flatten() {
            let postings = self.segment.field(name.whole)?;
            for whole in &query.wholes {
                postings.add(whole, &mut exact)?;
            }
        }
        let mut whole = Bits::default();
        self.segment.field(self.names.bag)?.add(&query.bag, &mut whole)?;
        let mut matches = vec![(Class::Exact, exact), (Class::Whole, whole)];
        for (name, class) in self.names.wholes.iter().zip([Class::FirstBegins, Class::SecondBegins]) {
            if let Some(name) = name {
                matches.push((class, self.begun(*name, &query.wholes[0])?));
            }
        }
        let alone = query.words.len() == 1;
        let near: Vec<Bits> = try_map(&query.words, |word| self.near_word(word, alone))?;
        // Whatever a name has is also somewhere.
        let any = query.words.iter().zip(&near).map(|(word, near)| {
            let mut found = self.any_word(word)?;
            found.or(near);
            Ok(found)
        });
        let any = any.collect::<tantivy::Result<Vec<Bits>>>()?;
        matches.push((Class::Near, all_of(near)));
        matches.push((Class::Any, all_of(any)));
        Ok(matches)
    }

    fn begun(&self, name: Name, text: &str) -> tantivy::Result<Bits> {
        let mut found = Bits::default();
        if text.chars().count() <= START {
            self.segment.field(name.start)?.add(text, &mut found)?;
        } else {
            self.segment.field(name.whole)?.add_begun(text, &mut found)?;
        }
        Ok(found)
    }

    fn near_word(&self, word: &Typed, alone: bool) -> tantivy::Result<Bits> {
        let mut found = Bits::default();
        // What a single short word begins is found by the start of names.
        if word.begun && !(alone && word.letters < SHORTEST_START) {
            self.near.add_begun(&word.text, &mut found)?;
        } else {
            self.near.add(&word.text, &mut found)?;
        }
        Ok(found)
    }

    fn any_word(&self, word: &Typed) -> tantivy::Result<Bits> {
        let mut found = Bits::default();
        if word.begun && word.letters >= SHORTEST_START {
            self.any.add_begun(&word.text, &mut found)?;
        } else {
            self.any.add(&word.text, &mut found)?;
        }
        Ok(found)
    }

    /// What matches where some words were mistyped; tells what each may have been meant as.
    pub fn mistyped(&self, query: &Query, meant: &mut [Spellings]) -> tantivy::Result<Matches> {
        let (mut one, mut two) = (Words::default(), Words::default());
        for (word, meant) in query.words.iter().zip(meant) {
            let [near, any] = self.spellings(word, meant)?;
            for (words, mistakes) in [(&mut one, 1), (&mut two, 2)] {
                words.near.push(up_to(&near, mistakes));
                words.any.push(up_to(&any, mistakes));
            }
        }
        Ok(vec![
            (Class::NearOne, all_of(one.near)),
            (Class::NearTwo, all_of(two.near)),
            (Class::AnyOne, all_of(one.any)),
            (Class::AnyTwo, all_of(two.any)),
        ])
    }

    /// The documents that have a word with no, one or two mistakes: in the names, and anywhere.
    fn spellings(&self, word: &Typed, meant: &mut Spellings) -> tantivy::Result<[[Bits; 3]; 2]> {
        let (mut near, mut any) = (<[Bits; 3]>::default(), <[Bits; 3]>::default());
        near[0] = self.near_word(word, false)?;
        any[0] = self.any_word(word)?;
        any[0].or(&near[0]);
        let Some(spelling) = word.spelling() else {
            return Ok([near, any]);
        };
        for (postings, found) in [(&self.near, &mut near), (&self.any, &mut any)] {
            add_spellings(postings, &spelling, found, meant)?;
        }
        Ok([near, any])
    }

    /// Names that were typed as a whole, with mistakes; tells which names those are.
    pub fn mistyped_wholes(&self, whole: &Spelling, meant: &mut Spellings) -> tantivy::Result<Matches> {
        let mut found = <[Bits; 3]>::default();
        for name in self.names.wholes.iter().flatten() {
            add_spellings(&self.segment.field(name.whole)?, whole, &mut found, meant)?;
        }
        let [_, one, two] = found;
        Ok(vec![(Class::WholeOne, one), (Class::WholeTwo, two)])
    }
}

#[derive(Default)]
struct Words {
    near: Vec<Bits>,
    any: Vec<Bits>,
}

/// Adds the documents of every term that may be meant, by the number of mistakes, and tells which terms those are.
fn add_spellings(
    postings: &Postings,
    spelling: &Spelling,
    found: &mut [Bits; 3],
    meant: &mut Spellings,
) -> tantivy::Result<()> {
    let mut terms = postings.index.terms().search(spelling).into_stream()?;
    while terms.advance() {
        let term = String::from_utf8_lossy(terms.key());
        if let Some(mistakes) = spelling.mistakes(&term) {
            postings.add_all(terms.value(), &mut found[usize::from(mistakes)])?;
            let known = meant.entry(term.into_owned()).or_insert((mistakes, 0));
            known.1 += terms.value().doc_freq;
        }
    }
    Ok(())
}

fn try_map<T, U>(items: &[T], change: impl Fn(&T) -> tantivy::Result<U>) -> tantivy::Result<Vec<U>> {
    items.iter().map(change).collect()
}

fn up_to(found: &[Bits; 3], mistakes: usize) -> Bits {
    let mut all = found[0].clone();
    for found in &found[1..=mistakes] {
        all.or(found);
    }
    all
}

/// The documents that are in all of several sets.
fn all_of(mut sets: Vec<Bits>) -> Bits {
    let Some(mut all) = sets.pop() else {
        return Bits::default();
    };
    for set in &sets {
        all.and(set);
    }
    all
}
