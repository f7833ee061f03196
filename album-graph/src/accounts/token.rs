//! Secrets that prove something by being known: session tokens, links in mails.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// How many random bytes make a token: 256 bits, which nobody guesses.
const BYTES: usize = 32;

/// A secret of 256 random bits. The database keeps only its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The machine has no random numbers to give.
#[derive(Debug, thiserror::Error)]
#[error("no random numbers: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// When the machine has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The token that `text` spells; none when it cannot be one of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        (bytes.len() == BYTES).then(|| Self(text.to_owned()))
    }

    /// What is told to whom it belongs, and to nobody else.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hexadecimal SHA-256 of it. A slow hash would add nothing: there is no dictionary of random numbers.
    #[must_use]
    pub fn hash(&self) -> String {
        sha256(&self.0)
    }
}

/// The hexadecimal SHA-256 of `text`.
#[must_use]
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([REDACTED])")
    }
}
