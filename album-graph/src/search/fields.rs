//! What the index keeps of an album and of an artist.

use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, SchemaBuilder, TextFieldIndexing, TextOptions};

use super::words::{bag, bare, folded_with_variants};
use crate::store::changes::{Change, Seller};

/// Raised with every change to what is kept or how it is folded: an index of another format is made anew.
pub(super) const FORMAT: u32 = 2;
/// So many letters at the start of a name are kept as terms of their own: many names share a short start.
pub(super) const START: usize = 6;

/// The columns that are read as a whole.
pub(super) mod columns {
    pub const ALBUM: &str = "album";
    pub const ARTIST: &str = "artist";
    pub const SALES: &str = "sales";
    pub const PRICE: &str = "price";
    pub const RELEASE: &str = "release";
    pub const GENRE: &str = "genre";
    pub const BY: &str = "by";
    pub const SORT: &str = "sort";
}

/// The names of a kind of things, each kept in several ways.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    /// Whose names they are: the key.
    pub key: Field,
    /// Each name as a whole, its words one after the other; an album is called by its title and by its artist.
    pub wholes: [Option<Name>; 2],
    /// Each name as a whole, its words in an order of their own.
    pub bag: Field,
    /// The words of the names.
    pub near: Field,
    /// The words of the names and of what else is known: genre, tracks.
    pub any: Field,
}

/// One name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub whole: Field,
    /// Its first letters.
    pub start: Field,
}

/// The fields of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub albums: Names,
    pub artists: Names,
    pub by: Field,
    sort: Field,
    sales: Field,
    price: Field,
    release: Field,
    genre: Field,
}

/// An album with all that it is found by.
#[derive(Debug)]
pub(super) struct AlbumEntry {
    pub change: Change,
    pub artist: String,
    pub genre: String,
    pub tracks: Vec<String>,
}

fn terms(schema: &mut SchemaBuilder, name: &str, tokenizer: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_fieldnorms(false);
    let options = TextOptions::default().set_indexing_options(indexing.set_index_option(IndexRecordOption::Basic));
    schema.add_text_field(name, options)
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
            key: schema.add_u64_field(columns::ALBUM, INDEXED | FAST),
            wholes: [Some(name(&mut schema, "title")), Some(name(&mut schema, "artist name"))],
            bag: terms(&mut schema, "bag", "raw"),
            near: terms(&mut schema, "near", "whitespace"),
            any,
        };
        let words = terms(&mut schema, "name words", "whitespace");
        let artist = Names {
            key: schema.add_u64_field(columns::ARTIST, INDEXED | FAST),
            wholes: [Some(name(&mut schema, "name")), None],
            bag: terms(&mut schema, "name bag", "raw"),
            near: words,
            any: words,
        };
        let fields = Self {
            albums: album,
            artists: artist,
            by: schema.add_u64_field(columns::BY, INDEXED | FAST),
            sort: schema.add_text_field(columns::SORT, TextOptions::default().set_fast("raw")),
            sales: schema.add_u64_field(columns::SALES, FAST),
            price: schema.add_u64_field(columns::PRICE, FAST),
            release: schema.add_u64_field(columns::RELEASE, FAST),
            genre: schema.add_u64_field(columns::GENRE, FAST),
        };
        (schema.build(), fields)
    }

    pub fn album(&self, entry: &AlbumEntry) -> TantivyDocument {
        let AlbumEntry {
            change,
            artist,
            genre,
            tracks,
        } = entry;
        let mut document = TantivyDocument::default();
        document.add_u64(self.albums.key, key(change.id));
        document.add_u64(self.by, key(change.artist_id));
        document.add_u64(self.genre, key(change.genre_id));
        document.add_u64(self.sales, key(change.copies_sold));
        document.add_u64(self.price, key(change.price_minor));
        document.add_u64(self.release, day(&change.release_order));
        document.add_text(self.sort, &change.sort_title);

        let (title_words, title_variants) = folded_with_variants(&change.title);
        let (artist_words, artist_variants) = folded_with_variants(artist);
        let both = [title_words.as_slice(), artist_words.as_slice()].concat();
        let names = self.albums.wholes.iter().flatten();
        for (name, words) in names.zip([&title_words, &artist_words]) {
            name.write(&mut document, words);
        }
        for words in [&title_words, &artist_words, &both] {
            document.add_text(self.albums.bag, bag(words));
        }
        let mut near = [both, title_variants, artist_variants].concat();
        document.add_text(self.albums.near, bag(&near));
        for text in tracks.iter().chain([genre]) {
            let (words, variants) = folded_with_variants(text);
            near.extend(words);
            near.extend(variants);
        }
        document.add_text(self.albums.any, bag(&near));
        document
    }

    pub fn artist(&self, seller: &Seller, name: &str) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_u64(self.artists.key, key(seller.id));
        document.add_u64(self.sales, key(seller.copies_sold));
        let (mut words, variants) = folded_with_variants(name);
        for name in self.artists.wholes.iter().flatten() {
            name.write(&mut document, &words);
        }
        document.add_text(self.artists.bag, bag(&words));
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
pub(super) fn key(number: i64) -> u64 {
    number.unsigned_abs()
}

/// A day such as `1991-09-24` as a number that orders like it; 0 where it is not known.
pub(super) fn day(text: &str) -> u64 {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
