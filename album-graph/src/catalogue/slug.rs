//! Slugs: what names a thing in a URL.

/// Longest slug before a suffix that tells it from others.
const LENGTH: usize = 96;

/// Lower-case ASCII letters, digits and single hyphens made from `parts`, such as `metallica-and-justice-for-all`.
///
/// Other scripts are transliterated, `&` reads "and", and text without a letter or digit becomes `untitled`.
#[must_use]
pub fn slug(parts: &[&str]) -> String {
    let words: Vec<String> = parts
        .iter()
        .map(|part| ::slug::slugify(part.replace('&', " and ")))
        .collect();
    let mut slug = words
        .into_iter()
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    if slug.len() > LENGTH {
        let cut = slug[..=LENGTH].rfind('-').unwrap_or(LENGTH);
        slug.truncate(cut);
    }
    if slug.is_empty() { "untitled".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_can_be_read_and_typed() {
        assert_eq!(slug(&["R&B"]), "r-and-b");
        assert_eq!(
            slug(&["Metallica", "...And Justice For All"]),
            "metallica-and-justice-for-all"
        );
        assert_eq!(slug(&["Motörhead", "Ace of Spades"]), "motorhead-ace-of-spades");
        assert!(slug(&["אריק אינשטיין"]).is_ascii());
        assert_eq!(slug(&["+", "!!!"]), "untitled");
    }

    #[test]
    fn a_long_slug_is_cut_between_words() {
        let long = slug(&[&"word ".repeat(60)]);
        assert!(long.len() <= 96 && long.ends_with("-word"), "{long}");
        assert_eq!(slug(&[&"x".repeat(300)]).len(), 96);
    }
}
