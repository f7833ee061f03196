//! Which documents of a segment match, from the best class of matches to the weakest.

use std::borrow::Cow;
use std::collections::HashMap;
use std::slice;

use tantivy::TantivyError;
use tantivy::postings::TermInfo;
use tantivy::schema::Field;
use tantivy_fst::Automaton;

use super::bits::{Bits, LONGEST};
use super::fields::{Name, Names, START};
use super::postings::Postings;
use super::query::{Query, Spelling, Typed};
use super::segment::Segment;
use super::vocabulary::{Spelt, Vocabulary};

/// How well a document matches; a higher class comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Class {
    /// Every word is somewhere, among them in tracks and genre, with two mistakes.
    AnyTwo,
    /// The names have every word, with two mistakes.
    NearTwo,
    /// A name as a whole, with two mistakes.
    WholeTwo,
    /// Every word is somewhere, with one mistake.
    AnyOne,
    /// The names have every word, with one mistake.
    NearOne,
    /// A name as a whole, with one mistake.
    WholeOne,
    /// Every word is somewhere, among them in tracks and genre.
    Any,
    /// The names have every word.
    Near,
    /// The second name begins with what was typed.
    SecondBegins,
    /// The first name begins with what was typed.
    FirstBegins,
    /// A name as a whole, or both, in any order of words.
    Whole,
    /// A name as a whole, but for an article before it.
    Exact,
    /// A name as a whole, and with the article that was typed.
    Verbatim,
}

/// Shorter words are looked up as begun in names alone: so many words of tracks begin with them that it says nothing.
const SHORTEST_START: usize = 3;
/// No name is one word more often than so, over and over.
const MOST_TIMES: usize = 3;

/// Documents by class, the best first; a document may be in several.
pub(crate) type Matches = Vec<(Class, Bits)>;

/// What a word may have been meant as, over all segments: the term, how many mistakes, in how many documents.
pub(crate) type Spellings = HashMap<String, (u8, u32)>;

/// The names of a kind of things in a segment.
pub(crate) struct Shelf<'a> {
    segment: &'a Segment,
    names: &'a Names,
    near: Words<'a>,
    any: Words<'a>,
}

/// A field that has words.
struct Words<'a> {
    vocabulary: &'a Vocabulary,
    postings: Postings,
}

impl<'a> Words<'a> {
    fn of(segment: &'a Segment, field: Field) -> tantivy::Result<Self> {
        let vocabulary = segment.columns.vocabulary(field);
        Ok(Self {
            vocabulary: vocabulary.ok_or_else(|| TantivyError::FieldNotFound("one with words".to_owned()))?,
            postings: segment.field(field)?,
        })
    }

    /// The documents of a word.
    fn whole(&self, word: &str) -> Word<'a> {
        Word::Terms(
            self.vocabulary
                .info(word)
                .map(slice::from_ref)
                .unwrap_or_default()
                .into(),
        )
    }

    /// The documents of every word that begins so.
    fn begun(&self, start: &str) -> Word<'a> {
        Word::Terms(self.vocabulary.begun(start).into())
    }
}

impl<'a> Shelf<'a> {
    pub fn new(segment: &'a Segment, names: &'a Names) -> tantivy::Result<Self> {
        Ok(Self {
            segment,
            names,
            near: Words::of(segment, names.near)?,
            any: Words::of(segment, names.any)?,
        })
    }

    /// What is called as was typed, or begins so.
    pub fn called(&self, query: &Query) -> tantivy::Result<Matches> {
        let (mut verbatim, mut exact) = <(Bits, Bits)>::default();
        for name in self.names.wholes.iter().flatten() {
            let postings = self.segment.field(name.whole)?;
            postings.add(&query.whole, &mut verbatim)?;
            if let Some(bare) = &query.bare {
                postings.add(bare, &mut exact)?;
            }
        }
        let mut matches = vec![
            (Class::Verbatim, verbatim),
            (Class::Exact, exact),
            (Class::Whole, self.over_and_over(query)?),
        ];
        for (name, class) in self.names.wholes.iter().zip([Class::FirstBegins, Class::SecondBegins]) {
            if let Some(name) = name {
                matches.push((class, self.begun(*name, &query.whole)?));
            }
        }
        Ok(matches)
    }

    /// What is called by the one word that was typed, but more or less often.
    fn over_and_over(&self, query: &Query) -> tantivy::Result<Bits> {
        let mut found = Bits::default();
        if let [word] = query.words.as_slice() {
            for name in self.names.wholes.iter().flatten() {
                let postings = self.segment.field(name.whole)?;
                for times in (1..=MOST_TIMES).filter(|times| *times != query.order.len()) {
                    postings.add(&vec![word.text.as_str(); times].join(" "), &mut found)?;
                }
            }
        }
        Ok(found)
    }

    /// What matches by the words of its names, as they were typed, and which of that has no other words; where it is known what has
    /// them [anywhere](Self::any_as_typed), it is looked for among that.
    pub fn near_as_typed(&self, query: &Query, anywhere: Option<&Bits>) -> tantivy::Result<Matches> {
        let alone = query.words.len() == 1;
        let near = query.words.iter().map(|word| self.near_word(word, alone));
        let near = all_of(&self.near.postings, near.collect(), anywhere)?;
        if alone {
            return Ok(vec![(Class::Near, near)]);
        }
        let (mut whole, bags) = (near.clone(), &self.segment.columns.bags);
        whole.retain(|document| bags[document as usize].contains(&query.bag));
        Ok(vec![(Class::Whole, whole), (Class::Near, near)])
    }

    /// What matches by whatever is known of it, as it was typed.
    pub fn any_as_typed(&self, query: &Query) -> tantivy::Result<(Class, Bits)> {
        let alone = query.words.len() == 1;
        let any = query.words.iter().map(|word| self.any_word(word, alone));
        let any = any.collect::<Result<_, _>>()?;
        Ok((Class::Any, all_of(&self.any.postings, any, None)?))
    }

    /// The same where the last word is too short to be looked up as begun, but follows others: so many words begin so that they
    /// are looked for among few documents alone.
    pub fn any_begun(&self, query: &Query) -> tantivy::Result<(Class, Bits)> {
        let is_short = |word: &&Typed| word.begun && word.letters < SHORTEST_START;
        let Some(short) = query.words.iter().find(is_short).filter(|_| query.words.len() > 1) else {
            return Ok((Class::Any, Bits::default()));
        };
        let postings = &self.any.postings;
        let others = query.words.iter().filter(|word| !is_short(word));
        let others = others
            .map(|word| self.any_word(word, false))
            .collect::<Result<_, _>>()?;
        let others = all_of(postings, others, None)?;
        let is_small = others.list().is_some() || postings.documents() as usize <= LONGEST;
        let found = is_small.then(|| self.any.begun(&short.text).among(postings, &others));
        Ok((Class::Any, found.transpose()?.unwrap_or_default()))
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

    fn near_word(&self, word: &Typed, alone: bool) -> Word<'a> {
        // What a single short word begins is found by the start of names.
        if !word.begun || alone && word.letters < SHORTEST_START {
            return self.near.whole(&word.text);
        }
        self.near.begun(&word.text)
    }

    /// The same among all words, those of the names included.
    fn any_word(&self, word: &Typed, alone: bool) -> tantivy::Result<Word<'a>> {
        if !word.begun {
            return Ok(self.any.whole(&word.text));
        }
        if word.letters >= SHORTEST_START {
            return Ok(self.any.begun(&word.text));
        }
        let mut found = self.any.whole(&word.text).documents(&self.any.postings)?;
        // The word of a name that is whole is among them already.
        if !alone {
            found.or(&self.near.begun(&word.text).documents(&self.near.postings)?);
        }
        Ok(Word::Documents(found))
    }

    /// What each word may have been meant as.
    pub fn spelt(&self, query: &Query) -> Vec<Spelt> {
        let spelt = query.words.iter().map(|word| {
            let spelt = word.spelling().map(|spelling| self.any.vocabulary.spelt(spelling));
            let spelt = spelt.unwrap_or_default().into_iter();
            let ranked = spelt.map(|(term, mistakes, info)| {
                let mistakes = word.mistakes(&term, mistakes);
                (term, mistakes, info)
            });
            ranked.collect()
        });
        spelt.collect()
    }

    /// What matches by its names where some words were mistyped; tells what each may have been meant as. Where it is known what has
    /// them [anywhere](Self::mistyped_any), it is looked for among that.
    pub fn mistyped_names(
        &self,
        query: &Query,
        (spelt, meant): (&[Spelt], &mut [Spellings]),
        anywhere: Option<&Bits>,
    ) -> tantivy::Result<Matches> {
        let words = query.words.iter().zip(spelt).zip(meant).map(|((word, spelt), meant)| {
            // Every word of a name is among all words.
            let near = spelt.iter().filter_map(|(term, mistakes, _)| {
                let info = self.near.vocabulary.info(term)?;
                Some((term, *mistakes, info))
            });
            with_mistakes(self.near_word(word, false), near, meant)
        });
        let classes = [Class::NearOne, Class::NearTwo];
        mistyped(words.collect(), (&self.near.postings, classes), anywhere)
    }

    /// The same by whatever is known of it.
    pub fn mistyped_any(
        &self,
        query: &Query,
        (spelt, meant): (&[Spelt], &mut [Spellings]),
    ) -> tantivy::Result<Matches> {
        let words = query.words.iter().zip(spelt).zip(meant).map(|((word, spelt), meant)| {
            let typed = self.any_word(word, false)?;
            let any = spelt.iter().map(|(term, mistakes, info)| (term, *mistakes, info));
            Ok(with_mistakes(typed, any, meant))
        });
        let words = words.collect::<tantivy::Result<Vec<_>>>()?;
        mistyped(words, (&self.any.postings, [Class::AnyOne, Class::AnyTwo]), None)
    }

    /// The documents that have one of these names as a whole; tells which of them there are.
    pub fn wholes(&self, names: &[(String, u8)], there: &mut Spellings) -> tantivy::Result<Matches> {
        let mut found = <[Bits; 3]>::default();
        for name in self.names.wholes.iter().flatten() {
            let postings = self.segment.field(name.whole)?;
            for (text, mistakes) in names {
                let documents = postings.add(text, &mut found[usize::from(*mistakes)])?;
                if documents > 0 {
                    there.entry(text.clone()).or_insert((*mistakes, 0)).1 += documents;
                }
            }
        }
        let [_, one, two] = found;
        Ok(vec![(Class::WholeOne, one), (Class::WholeTwo, two)])
    }

    /// The names that are `name` without their blanks.
    pub fn apart(&self, name: &str, apart: &mut Spellings) -> tantivy::Result<()> {
        self.wholes_like(Together(name.as_bytes()), |_| Some(0), apart)
    }

    /// The names that may have been meant as a whole, compared letter by letter.
    pub fn similar_wholes(&self, whole: &Spelling, meant: &mut Spellings) -> tantivy::Result<()> {
        self.wholes_like(whole, |term| whole.mistakes(term), meant)
    }

    fn wholes_like<A: Automaton + Copy>(
        &self,
        automaton: A,
        mistakes: impl Fn(&str) -> Option<u8>,
        found: &mut Spellings,
    ) -> tantivy::Result<()>
    where
        A::State: Clone,
    {
        for name in self.names.wholes.iter().flatten() {
            let postings = self.segment.field(name.whole)?;
            let mut terms = postings.terms().search(automaton).into_stream()?;
            while terms.advance() {
                let term = String::from_utf8_lossy(terms.key());
                if let Some(mistakes) = mistakes(&term) {
                    found.entry(term.into_owned()).or_insert((mistakes, 0)).1 += terms.value().doc_freq;
                }
            }
        }
        Ok(())
    }
}

/// A name from which any number of blanks was left out.
#[derive(Clone, Copy)]
struct Together<'a>(&'a [u8]);

impl Automaton for Together<'_> {
    /// How much of it was read; nothing where it is another name.
    type State = Option<usize>;

    fn start(&self) -> Self::State {
        Some(0)
    }

    fn is_match(&self, state: &Self::State) -> bool {
        *state == Some(self.0.len())
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let read = (*state)?;
        match byte {
            b' ' => Some(read),
            letter => (self.0.get(read) == Some(&letter)).then_some(read + 1),
        }
    }
}

/// The documents that have a word: those of several terms that are not read yet, or themselves.
enum Word<'a> {
    Terms(Cow<'a, [TermInfo]>),
    Documents(Bits),
}

impl Word<'_> {
    /// About how many documents those are, at the most.
    fn size(&self) -> u64 {
        match self {
            Self::Terms(terms) => terms.iter().map(|info| u64::from(info.doc_freq)).sum(),
            Self::Documents(found) => found.count(),
        }
    }

    fn documents(self, postings: &Postings) -> tantivy::Result<Bits> {
        match self {
            Self::Documents(found) => Ok(found),
            Self::Terms(terms) => {
                let mut found = Bits::default();
                postings.add_all(&terms, &mut found)?;
                Ok(found)
            }
        }
    }

    /// Those of `others` that have the word.
    fn among(&self, postings: &Postings, others: &Bits) -> tantivy::Result<Bits> {
        match self {
            Self::Documents(found) => {
                let mut both = others.clone();
                both.and(found);
                Ok(both)
            }
            Self::Terms(terms) => postings.among(terms, others),
        }
    }
}

/// The documents that have every word, among `all` where they are known to be. Rare words first: of the others only what may be
/// left then has to be read.
fn all_of(postings: &Postings, mut words: Vec<Word>, all: Option<&Bits>) -> tantivy::Result<Bits> {
    words.sort_by_cached_key(Word::size);
    let mut words = words.into_iter();
    let mut left = match all {
        Some(all) => Cow::Borrowed(all),
        None => match words.next() {
            Some(rarest) => Cow::Owned(rarest.documents(postings)?),
            None => Cow::default(),
        },
    };
    for word in words {
        left = Cow::Owned(word.among(postings, &left)?);
    }
    Ok(left.into_owned())
}

/// A word with no, one or two mistakes, the former given; adds to what it may have been meant as.
fn with_mistakes<'a>(
    typed: Word<'a>,
    spelt: impl Iterator<Item = (&'a String, u8, &'a TermInfo)>,
    meant: &mut Spellings,
) -> [Word<'a>; 3] {
    let mut found = <[Vec<TermInfo>; 3]>::default();
    for (term, mistakes, info) in spelt {
        found[usize::from(mistakes)].push(info.clone());
        match meant.get_mut(term) {
            Some(known) => known.1 += info.doc_freq,
            None => drop(meant.insert(term.clone(), (mistakes, info.doc_freq))),
        }
    }
    let [_, one, two] = found;
    [typed, Word::Terms(one.into()), Word::Terms(two.into())]
}

/// The documents that have every word, with one mistake in each at the most, and with two; among `all` where they are known to be.
fn mistyped(
    mut words: Vec<[Word; 3]>,
    (postings, classes): (&Postings, [Class; 2]),
    all: Option<&Bits>,
) -> tantivy::Result<Matches> {
    words.sort_by_cached_key(|word| word.iter().map(Word::size).sum::<u64>());
    let mut words = words.into_iter();
    let (mut with_one, mut with_two) = if let Some(all) = all {
        (all.clone(), all.clone())
    } else if let Some([typed, one, two]) = words.next() {
        let mut with_one = typed.documents(postings)?;
        with_one.or(&one.documents(postings)?);
        let mut with_two = with_one.clone();
        with_two.or(&two.documents(postings)?);
        (with_one, with_two)
    } else {
        <(Bits, Bits)>::default()
    };
    for [typed, one, two] in words {
        let mut found = typed.among(postings, &with_two)?;
        found.or(&one.among(postings, &with_two)?);
        with_one.and(&found);
        found.or(&two.among(postings, &with_two)?);
        with_two = found;
    }
    Ok(classes.into_iter().zip([with_one, with_two]).collect())
}
