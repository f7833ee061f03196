//! E-mail addresses.

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization as _;

use super::Refusal;

/// The longest address, in bytes, as mail servers take it.
const LONGEST: usize = 254;
/// Letters that are not seen and only serve to make one address look like another.
const INVISIBLE: [std::ops::RangeInclusive<char>; 5] = [
    '\u{ad}'..='\u{ad}',
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{206f}',
    '\u{feff}'..='\u{feff}',
];

/// An address that mail can be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    address: String,
    key: String,
}

impl Email {
    /// The address that `text` spells, in whatever script and with blanks around it.
    ///
    /// # Errors
    /// [`Refusal::InvalidEmail`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let address: String = text.trim().nfc().collect();
        let options = Options::default().without_display_text().without_domain_literal();
        let is_odd = |letter: char| {
            letter.is_whitespace()
                || letter.is_control()
                || letter == '"'
                || INVISIBLE.iter().any(|range| range.contains(&letter))
        };
        if address.len() > LONGEST || address.chars().any(is_odd) {
            return Err(Refusal::InvalidEmail);
        }
        let parsed = EmailAddress::parse_with_options(&address, options).map_err(|_| Refusal::InvalidEmail)?;
        let key: String = address.to_lowercase().nfc().collect();
        // A domain of one label is a neighbour of the mail server's, not somebody's address.
        if !parsed.domain().contains('.') || key.len() > LONGEST {
            return Err(Refusal::InvalidEmail);
        }
        Ok(Self { address, key })
    }

    /// As it was typed, for mail servers and people.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What tells it from all others: case does not.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn an_address_may_be_of_any_script_and_any_top_level_domain() {
        for (text, key) in [
            ("a@b.cd", "a@b.cd"),
            (" Ann.Lee+shop@Example.COM ", "ann.lee+shop@example.com"),
            ("o'neil@a-b.example.photography", "o'neil@a-b.example.photography"),
            ("J\u{f6}rg@B\u{fc}cher.example", "j\u{f6}rg@b\u{fc}cher.example"),
            ("Jo\u{308}rg@bu\u{308}cher.example", "j\u{f6}rg@b\u{fc}cher.example"),
            (
                "\u{7528}\u{6237}@\u{4f8b}\u{5b50}.\u{5e7f}\u{544a}",
                "\u{7528}\u{6237}@\u{4f8b}\u{5b50}.\u{5e7f}\u{544a}",
            ),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(Email::parse(text).unwrap().key(), key, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long =
            |local: usize, domain: usize| format!("{}@{}.example", "a".repeat(local), "b.".repeat(domain / 2) + "b");
        assert!(Email::parse(&long(64, 100)).is_ok());
        for text in [
            "",
            "@",
            "a",
            "a@",
            "@b.cd",
            "a@b",
            "a@@b.cd",
            "a@b@c.de",
            "a b@c.de",
            "a@b .cd",
            "a@b..cd",
            ".a@b.cd",
            "a@.cd",
            "a@b.cd.",
            "a@b.cd\r\nBcc: x@y.z",
            "a\u{0}@b.cd",
            "a\u{200b}@b.cd",
            "\"a b\"@c.de",
            "A <a@b.cd>",
            "a@[127.0.0.1]",
            "a,b@c.de",
            &long(65, 20),
            &long(64, 250),
        ] {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
