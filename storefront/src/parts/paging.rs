//! The way through a list that is longer than a page: numbered pages, and "load more".

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parts::album_shelf::SHELF;
use crate::paths;

/// A list with an address: the same with other page numbers.
#[derive(Debug)]
pub struct Listing {
    path: String,
    parameters: Vec<(&'static str, String)>,
}

impl Listing {
    /// The list at `path`, filtered and sorted by `parameters`.
    pub fn new(path: String, parameters: Vec<(&'static str, String)>) -> Self {
        Self { path, parameters }
    }

    /// One of its pages.
    pub fn page(&self, number: u32) -> String {
        self.link(number, "")
    }

    /// What search engines should remember in place of one of its pages: a list that is filtered or sorted otherwise has other
    /// pages, so it stands for the plain list as a whole.
    pub fn canonical(&self, number: u32) -> String {
        let plain = self.parameters.iter().all(|(_, value)| value.is_empty());
        let number = if plain { number } else { 1 };
        paths::with_query(&self.path, &[("page", &shown(number))])
    }

    /// The part that follows `cursor`, whatever has been added before it since.
    fn after(&self, number: u32, cursor: &str) -> String {
        self.link(number, cursor)
    }

    fn link(&self, number: u32, cursor: &str) -> String {
        let number = shown(number);
        let mut parameters: Vec<_> = self
            .parameters
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        parameters.extend([("page", number.as_str()), ("after", cursor)]);
        paths::with_query(&self.path, &parameters)
    }
}

/// The first page needs no number.
fn shown(number: u32) -> String {
    if number == 1 { String::new() } else { number.to_string() }
}

/// The links below a list.
#[derive(Debug, Template)]
#[template(path = "parts/paging.html")]
pub struct Paging {
    /// The page that is shown.
    pub page: u32,
    /// How many albums there are on all pages.
    pub total: i32,
    steps: Vec<Step>,
    previous: Option<String>,
    following: Option<String>,
    next: Option<Next>,
}

/// The next page.
#[derive(Debug)]
struct Next {
    href: String,
    fragment: String,
    count: i32,
}

/// A page number, or the gap between two.
#[derive(Debug)]
struct Step {
    number: u32,
    href: String,
    follows_gap: bool,
}

impl Paging {
    /// The links between numbered pages of `size` entries.
    pub fn numbered(page: u32, total: i32, size: i32, listing: &Listing) -> Self {
        let last = last_page(total, size);
        Self {
            page,
            total,
            steps: steps(page, last, |number| listing.page(number)),
            previous: (page > 1).then(|| listing.page(page - 1)),
            following: (page < last).then(|| listing.page(page + 1)),
            next: None,
        }
    }

    /// The same for albums, with "load more"; `cursor` is where the next page starts, where there is one.
    pub fn with_more(page: u32, total: i32, cursor: Option<String>, listing: &Listing) -> Self {
        let next = cursor.map(|cursor| Next {
            href: listing.page(page + 1),
            fragment: listing.after(page + 1, &cursor),
            count: (total - i32::try_from(page).unwrap_or(i32::MAX).saturating_mul(SHELF)).clamp(1, SHELF),
        });
        Self {
            next,
            ..Self::numbered(page, total, SHELF, listing)
        }
    }
}

impl HtmlSafe for Paging {}

/// The number of the last page of a list with `total` entries.
pub fn last_page(total: i32, size: i32) -> u32 {
    u32::try_from(total).map_or(1, |total| total.div_ceil(size.unsigned_abs()).max(1))
}

/// The first page, the last, and those around `page`.
fn steps(page: u32, last: u32, href: impl Fn(u32) -> String) -> Vec<Step> {
    let mut numbers = vec![1, page.saturating_sub(1), page, page.saturating_add(1), last];
    numbers.retain(|number| (1..=last).contains(number));
    numbers.sort_unstable();
    numbers.dedup();
    let before = std::iter::once(0).chain(numbers.iter().copied());
    let step = |(number, before): (&u32, u32)| Step {
        number: *number,
        href: href(*number),
        follows_gap: *number > before + 1,
    };
    numbers.iter().zip(before).map(step).collect()
}
