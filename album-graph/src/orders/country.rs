//! Countries: those of ISO 3166-1.

use std::sync::LazyLock;

use rust_iso3166::{ALL_ALPHA2, from_alpha2};

use crate::catalogue::fold;

/// A country that the shop sells to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, such as `NZ`.
    pub code: &'static str,
    /// What it is called in English.
    pub name: &'static str,
}

static ALL: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let mut all: Vec<Country> = ALL_ALPHA2.iter().filter_map(|code| Country::parse(code)).collect();
    all.sort_by_cached_key(|country| fold(country.name));
    all
});

impl Country {
    /// The country with this code, in any case.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let found = from_alpha2(&code.trim().to_ascii_uppercase())?;
        Some(Self {
            code: found.alpha2,
            name: found.name,
        })
    }

    /// Every country, by name.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }
}

#[cfg(test)]
mod tests {
    use super::Country;

    #[test]
    fn countries_are_found_by_their_code_and_listed_by_name() {
        assert_eq!(Country::parse(" nz ").unwrap().name, "New Zealand");
        for code in ["", "N", "NZL", "XX", "554", "\u{17f}E"] {
            assert_eq!(Country::parse(code), None, "{code}");
        }
        let names: Vec<&str> = Country::all().iter().map(|country| country.name).collect();
        assert_eq!(names[..3], ["Afghanistan", "\u{c5}land Islands", "Albania"]);
        assert!(names.len() >= 249);
    }
}
