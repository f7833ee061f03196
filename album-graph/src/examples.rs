//! The documents under `examples/`: the tabs of the playground, and what the reference shows of each type in use.

/// A document with its variables. The comment on top is its title, in the first line, and its description.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The name of its files.
    pub name: &'static str,
    /// The document with its comment.
    pub text: &'static str,
    /// The variables as JSON.
    pub variables: Option<&'static str>,
}

macro_rules! example {
    ($name:literal) => {
        Example {
            name: $name,
            text: include_str!(concat!("../examples/", $name, ".graphql")),
            variables: None,
        }
    };
    ($name:literal with variables) => {
        Example {
            variables: Some(include_str!(concat!("../examples/", $name, ".json"))),
            ..example!($name)
        }
    };
}

/// Every example, in the order in which one learns.
pub const ALL: &[Example] = &[
    example!("01-shop-window"),
    example!("02-genre" with variables),
    example!("03-album" with variables),
    example!("04-page-on" with variables),
    example!("05-numbered-pages" with variables),
    example!("06-release-years" with variables),
    example!("07-artists" with variables),
    example!("08-genres"),
    example!("09-refetch" with variables),
    example!("10-search" with variables),
    example!("11-suggest" with variables),
    example!("12-facets" with variables),
    example!("13-cursors" with variables),
    example!("14-who-asks"),
    example!("15-sign-up" with variables),
    example!("16-confirm-email" with variables),
    example!("17-sign-in" with variables),
    example!("18-add-to-cart" with variables),
    example!("19-cart" with variables),
    example!("20-change-cart" with variables),
    example!("21-ways-to-pay"),
    example!("22-place-order" with variables),
    example!("23-orders" with variables),
    example!("24-password" with variables),
    example!("25-forgotten-password" with variables),
    example!("26-sign-out" with variables),
];

impl Example {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.comment().next().unwrap_or(self.name)
    }

    /// What it shows.
    #[must_use]
    pub fn description(&self) -> String {
        self.comment().skip(1).collect::<Vec<_>>().join(" ")
    }

    /// The document without the comment on top.
    #[must_use]
    pub fn document(&self) -> &'static str {
        let length: usize = self
            .text
            .split_inclusive('\n')
            .take_while(|line| line.starts_with('#'))
            .map(str::len)
            .sum();
        self.text.get(length..).unwrap_or_default().trim()
    }

    fn comment(&self) -> impl Iterator<Item = &'static str> {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#'));
        lines.map(str::trim)
    }
}
