//! How a genre looks.

/// The look of a genre: a motif and a family of palettes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Alternative,
    Blues,
    Classical,
    Country,
    Electronic,
    Indie,
    Jazz,
    Latin,
    Metal,
    Pop,
    Punk,
    Rap,
    RhythmAndBlues,
    Rock,
    World,
}

impl Style {
    /// Every look.
    pub const ALL: [Self; 15] = [
        Self::Alternative,
        Self::Blues,
        Self::Classical,
        Self::Country,
        Self::Electronic,
        Self::Indie,
        Self::Jazz,
        Self::Latin,
        Self::Metal,
        Self::Pop,
        Self::Punk,
        Self::Rap,
        Self::RhythmAndBlues,
        Self::Rock,
        Self::World,
    ];

    /// The look of a genre; an unknown one gets any, but always the same.
    pub fn of(genre: &str) -> Self {
        match genre {
            "alternative" => Self::Alternative,
            "blues" => Self::Blues,
            "classical" => Self::Classical,
            "country" => Self::Country,
            "electronic" => Self::Electronic,
            "indie" => Self::Indie,
            "jazz" => Self::Jazz,
            "latin" => Self::Latin,
            "metal" => Self::Metal,
            "pop" => Self::Pop,
            "punk" => Self::Punk,
            "rap" | "hip-hop" => Self::Rap,
            "r-b" | "rb" | "rnb" | "r-and-b" | "r-n-b" | "soul" => Self::RhythmAndBlues,
            "rock" => Self::Rock,
            "world" => Self::World,
            other => {
                let sum = other
                    .bytes()
                    .fold(7_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
                Self::ALL[sum % Self::ALL.len()]
            }
        }
    }
}
