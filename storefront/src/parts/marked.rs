//! Text in which what somebody searches for is marked.

use std::ops::Range;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::schema;

/// A part of a text, in UTF-16 code units.
#[derive(Clone, Copy, Debug, cynic::QueryFragment)]
pub struct TextRange {
    /// The first.
    pub start: i32,
    /// The one after the last.
    pub end: i32,
}

/// A text with marks.
#[derive(Debug, Template)]
#[template(path = "parts/marked.html")]
pub struct Marked<'a> {
    text: &'a str,
    segments: Vec<Segment>,
}

/// A part of the text, as long as possible, that is marked as a whole or not at all.
#[derive(Debug)]
struct Segment {
    bytes: Range<usize>,
    marked: bool,
}

impl<'a> Marked<'a> {
    /// Marks what `ranges` cover; whatever part of them is not in the text is passed over.
    pub fn new(text: &'a str, ranges: &[TextRange]) -> Self {
        let mut segments: Vec<Segment> = Vec::new();
        let mut units = 0;
        for (start, character) in text.char_indices() {
            let end = start + character.len_utf8();
            let marked = ranges.iter().any(|range| range.covers(units));
            units += character.len_utf16();
            match segments.last_mut() {
                Some(segment) if segment.marked == marked => segment.bytes.end = end,
                _ => segments.push(Segment {
                    bytes: start..end,
                    marked,
                }),
            }
        }
        Self { text, segments }
    }

    fn parts(&self) -> impl Iterator<Item = (&str, bool)> {
        self.segments
            .iter()
            .map(|segment| (&self.text[segment.bytes.clone()], segment.marked))
    }
}

impl TextRange {
    fn covers(self, unit: usize) -> bool {
        i32::try_from(unit).is_ok_and(|unit| (self.start..self.end).contains(&unit))
    }
}

impl HtmlSafe for Marked<'_> {}

#[cfg(test)]
mod tests {
    use super::{Marked, TextRange};

    fn marked(text: &str, ranges: &[(i32, i32)]) -> String {
        let ranges: Vec<_> = ranges.iter().map(|&(start, end)| TextRange { start, end }).collect();
        Marked::new(text, &ranges).to_string()
    }

    #[test]
    fn what_is_found_is_marked_and_the_rest_is_left_as_it_is() {
        assert_eq!(
            marked("Kind of Teal", &[(0, 4), (8, 12)]),
            "<mark>Kind</mark> of <mark>Teal</mark>"
        );
        assert_eq!(marked("Kind of Teal", &[]), "Kind of Teal");
        assert_eq!(marked("", &[(0, 3)]), "");
    }

    #[test]
    fn ranges_count_as_javascript_does() {
        assert_eq!(marked("🎸 Öl", &[(3, 5)]), "🎸 <mark>Öl</mark>");
        assert_eq!(marked("עד גבול", &[(3, 7)]), "עד <mark>גבול</mark>");
    }

    #[test]
    fn text_is_escaped_within_marks_and_around_them() {
        assert_eq!(
            marked("<b>&</b>", &[(0, 3)]),
            "<mark>&#60;b&#62;</mark>&#38;&#60;/b&#62;"
        );
    }

    #[test]
    fn ranges_that_overlap_or_lie_outside_do_no_harm() {
        assert_eq!(marked("abcd", &[(2, 3), (1, 3), (0, 2)]), "<mark>abc</mark>d");
        assert_eq!(
            marked("ab", &[(-5, 1), (7, 9), (1, 0), (i32::MIN, i32::MIN)]),
            "<mark>a</mark>b"
        );
    }
}
