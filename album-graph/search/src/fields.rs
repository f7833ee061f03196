//! What the index keeps of an album and of an artist.

use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};

use super::words::{bag, bag_number, bare, folded_with_variants};

/// Raised with every change to what is kept or how it is folded: an index of another format is made anew.
pub(crate) const FORMAT: u32 = 4;
/// So many letters at the start of a name are kept as terms of their own: many names share a short start.
pub(crate) const START: usize = 6;

/// The columns that are read as a whole.
pub(crate) mod columns {
    pub const ALBUM: &str = "album";
    pub const ARTIST: &str = "artist";
    pub const SALES: &str = "sales";
    pub const PRICE: &str = "price";
    pub const RELEASE: &str = "release";
    pub const GENRE: &str = "genre";
    pub const BY: &str = "by";
    pub const SORT: &str = "sort";
    pub const BAGS: [&str; 3] = ["bag", "second bag", "bag of both"];
}

/// The names of a kind of things, each kept in several ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Whose names they are: the key.
    pub key: Field,
    /// Each name as a whole, its words one after the other; an album is called by its title and by its artist.
    pub wholes: [Option<Name>; 2],
    /// The words of the names.
    pub near: Field,
    /// The words of the names and of what else is known: genre, tracks.
    pub any: Field,
}

/// One name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub whole: Field,
    /// Its first letters.
    pub start: Field,
}

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub albums: Names,
    pub artists: Names,
    pub by: Field,
    /// Each name, and both, as a [`bag_number`] of its words, whatever their order: no terms, for they would be as many as the names,
    /// and the index takes long to put so many together.
    bags: [Field; 3],
    sort: Field,
    sales: Field,
    price: Field,
    release: Field,
    genre: Field,
}

/// An album with all that it is found by, and ordered by.
#[derive(Clone, Debug, Default)]
pub struct Album {
    /// Its key.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// What orders it by title.
    pub sort_title: String,
    /// The key of its artist.
    pub artist_id: i64,
    /// What its artist is called.
    pub artist: String,
    /// The key of its genre.
    pub genre_id: i64,
    /// What its genre is called.
    pub genre: String,
    /// What its tracks are called.
    pub tracks: Vec<String>,
    /// What it costs, in minor units.
    pub price: i64,
    /// The day that it counts as released on.
    pub released: Day,
    /// How many copies were sold so far.
    pub copies_sold: i64,
}

/// An artist who has albums for sale.
#[derive(Clone, Debug, Default)]
pub struct Artist {
    /// The artist's key.
    pub id: i64,
    /// What the artist is called.
    pub name: String,
    /// How many copies of the albums were sold so far.
    pub copies_sold: i64,
}

/// A day; the one that it is by default is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub(crate) u64);

impl Day {
    /// Reads a day such as `1991-09-24`; an empty text is one that is not known.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let digits = text.bytes().filter(u8::is_ascii_digit);
        Self(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
    }
}

fn terms(schema: &mut SchemaBuilder, name: &str, tokenizer: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_fieldnorms(false);
    let options = TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic));
    schema.add_text_field(name, options)
}

/// A key that documents are found by, and that is read of those found. `INDEXED` would keep how many keys each of them has, too.
fn known_by() -> NumericOptions {
    NumericOptions::default().set_indexed().set_fast()
}

impl Fields {
    pub fn build() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let name = |schema: &mut SchemaBuilder, name: &str| Name {
            whole: terms(schema, name, "raw"),
            start: terms(schema, &format!("{name} start"), "raw"),
        };
        let any = terms(&mut schema, "any", "whitespace");
        let album = Names {
            key: schema.add_u64_field(columns::ALBUM, known_by()),
            wholes: [Some(name(&mut schema, "title")), Some(name(&mut schema, "artist name"))],
            near: terms(&mut schema, "near", "whitespace"),
            any,
        };
        let words = terms(&mut schema, "name words", "whitespace");
        let artist = Names {
            key: schema.add_u64_field(columns::ARTIST, known_by()),
            wholes: [Some(name(&mut schema, "name")), None],
            near: words,
            any: words,
        };
        let fields = Self {
            albums: album,
            artists: artist,
            by: schema.add_u64_field(columns::BY, known_by()),
            bags: columns::BAGS.map(|name| schema.add_u64_field(name, FAST)),
            sort: schema.add_text_field(columns::SORT, TextOptions::default().set_fast("raw")),
            sales: schema.add_u64_field(columns::SALES, FAST),
            price: schema.add_u64_field(columns::PRICE, FAST),
            release: schema.add_u64_field(columns::RELEASE, FAST),
            genre: schema.add_u64_field(columns::GENRE, FAST),
        };
        (schema.build(), fields)
    }

    pub fn album(&self, album: &Album) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.albums.key, key(album.id));
        document.add_u64(self.by, key(album.artist_id));
        document.add_u64(self.genre, key(album.genre_id));
        document.add_u64(self.sales, key(album.copies_sold));
        document.add_u64(self.price, key(album.price));
        document.add_u64(self.release, album.released.0);
        document.add_text(self.sort, &album.sort_title);

        let (title_words, title_variants) = folded_with_variants(&album.title);
        let (artist_words, artist_variants) = folded_with_variants(&album.artist);
        let both = [title_words.as_slice(), artist_words.as_slice()].concat();
        let names = self.albums.wholes.iter().flatten();
        for (name, words) in names.zip([&title_words, &artist_words]) {
            name.write(&mut document, words);
        }
        for (field, words) in self.bags.into_iter().zip([&title_words, &artist_words, &both]) {
            document.add_u64(field, bag_number(words).into());
        }
        let mut near = [both, title_variants, artist_variants].concat();
        document.add_text(self.albums.near, bag(&near));
        for text in album.tracks.iter().chain([&album.genre]) {
            let (words, variants) = folded_with_variants(text);
            near.extend(words);
            near.extend(variants);
        }
        document.add_text(self.albums.any, bag(&near));
        document
    }

    pub fn artist(&self, artist: &Artist) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.artists.key, key(artist.id));
        document.add_u64(self.sales, key(artist.copies_sold));
        let (mut words, variants) = folded_with_variants(&artist.name);
        for name in self.artists.wholes.iter().flatten() {
            name.write(&mut document, &words);
        }
        document.add_u64(self.bags[0], bag_number(&words).into());
        words.extend(variants);
        document.add_text(self.artists.near, bag(&words));
        document
    }
}

impl Name {
    fn write(self, document: &mut TantivyDocument, words: &[String]) {
        let bare = Some(bare(words)).filter(|bare| bare.len() < words.len());
        for words in [Some(words), bare].into_iter().flatten() {
            let form = words.join(" ");
            document.add_text(self.whole, &form);
            for (end, letter) in form.char_indices().take(START) {
                document.add_text(self.start, &form[..end + letter.len_utf8()]);
            }
            if words.len() > 1 {
                // A blank that was left out is no typing mistake.
                document.add_text(self.whole, words.concat());
            }
        }
    }
}

/// A key or a count as the index keeps it; none is negative.
pub(crate) fn key(number: i64) -> u64 {
    number.unsigned_abs()
}
