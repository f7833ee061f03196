//! The pages of the reference.

use askama::Template;

use super::Facts;
use super::markup::Markup;
use super::reference::{Kind, Reference, Type, Use};
use super::usage::Usage;
use crate::examples::{self, Example};
use crate::graph::Code;
use crate::graph::limits;

/// A page about more than one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guide {
    Http,
    Sessions,
    Errors,
    Limits,
    Changes,
}

impl Guide {
    pub const ALL: [Self; 5] = [Self::Http, Self::Sessions, Self::Errors, Self::Limits, Self::Changes];

    /// Its name in URLs, which no type has: those begin with a capital.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Sessions => "sessions",
            Self::Errors => "errors",
            Self::Limits => "limits",
            Self::Changes => "changes",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Sessions => "Sessions",
            Self::Errors => "Errors",
            Self::Limits => "Limits",
            Self::Changes => "Changelog",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Self::Http => "Methods, types of content, status codes, caching.",
            Self::Sessions => "Who asks, and how the shop knows.",
            Self::Errors => "Every code, and what it means.",
            Self::Limits => "How much you may ask for, at once and in a while.",
            Self::Changes => "What is new, what will be gone, and when.",
        }
    }
}

/// What every page has around it.
pub(super) struct Frame {
    css: &'static str,
    /// Where the service is.
    origin: &'static str,
    /// The name of the page.
    place: String,
    groups: Vec<Group>,
}

struct Group {
    title: &'static str,
    names: Vec<String>,
}

impl Frame {
    pub fn new(place: &str, reference: &Reference) -> Self {
        let groups = Kind::ALL.map(|kind| Group {
            title: kind.plural(),
            names: reference.of_kind(kind).map(|of| of.name.clone()).collect(),
        });
        Self {
            css: super::assets::DOCS_CSS.path,
            origin: super::ORIGIN,
            place: place.to_owned(),
            groups: groups.into_iter().filter(|group| !group.names.is_empty()).collect(),
        }
    }
}

/// The first page.
#[derive(Template)]
#[template(path = "docs/index.html")]
pub(super) struct IndexPage<'a> {
    frame: Frame,
    markup: Markup<'a>,
    roots: Vec<Root>,
    examples: &'static [Example],
}

struct Root {
    name: String,
    heading: &'static str,
    fields: Vec<Summary>,
}

struct Summary {
    name: String,
    summary: String,
}

impl<'a> IndexPage<'a> {
    pub fn new(frame: Frame, markup: Markup<'a>) -> Self {
        let roots = markup.reference.of_kind(Kind::Root).map(|root| Root {
            name: root.name.clone(),
            heading: if root.name == "Query" {
                "What you can ask"
            } else {
                "What you can do"
            },
            fields: root
                .fields
                .iter()
                .map(|field| Summary {
                    name: field.name.clone(),
                    summary: markup.prose(first_sentence(&field.description)),
                })
                .collect(),
        });
        let mut roots: Vec<_> = roots.collect();
        roots.sort_by_key(|root| root.name != "Query");
        Self {
            frame,
            markup,
            roots,
            examples: examples::ALL,
        }
    }

    fn prose(&self, text: impl AsRef<str>) -> String {
        self.markup.prose(text.as_ref())
    }
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// A type.
#[derive(Template)]
#[template(path = "docs/type.html")]
pub(super) struct TypePage<'a> {
    frame: Frame,
    markup: Markup<'a>,
    of: &'a Type,
    uses: Vec<Use>,
    shown: Option<Shown>,
    others: Vec<Example>,
}

/// An example as the page shows it.
struct Shown {
    example: Example,
    document: String,
    variables: Option<String>,
    marked: bool,
}

impl<'a> TypePage<'a> {
    /// With the shortest example of those that use the type.
    pub fn new(frame: Frame, markup: Markup<'a>, of: &'a Type, usages: &[(Example, Usage)]) -> Self {
        let mut using: Vec<_> = usages
            .iter()
            .filter_map(|(example, usage)| Some((example, usage.lines(&of.name)?)))
            .collect();
        using.sort_by_key(|(example, lines)| (lines.is_empty(), example.document().len()));
        let shown = using.first().map(|(example, lines)| {
            let document = example.document();
            // Where every line has to do with it, none would stand out.
            let marked = !lines.is_empty() && lines.len() * 2 <= document.lines().count();
            Shown {
                example: **example,
                document: markup.code(document, Some(*lines).filter(|_| marked)),
                variables: example.variables.map(|variables| markup.code(variables, None)),
                marked,
            }
        });
        Self {
            frame,
            markup,
            of,
            uses: markup.reference.uses(&of.name),
            shown,
            others: using.iter().skip(1).map(|(example, _)| **example).collect(),
        }
    }

    fn prose(&self, text: impl AsRef<str>) -> String {
        self.markup.prose(text.as_ref())
    }

    fn type_reference(&self, of: &str) -> String {
        self.markup.type_reference(of)
    }
}

/// The codes of errors.
#[derive(Template)]
#[template(path = "docs/errors.html")]
pub(super) struct ErrorsPage<'a> {
    pub frame: Frame,
    pub markup: Markup<'a>,
}

const EXAMPLE: &str = r#"{
  "data": null,
  "errors": [
    {
      "message": "`first` is 0, but must be 1 to 100.",
      "locations": [{ "line": 1, "column": 3 }],
      "path": ["albums"],
      "extensions": { "code": "BAD_USER_INPUT", "field": "first" }
    }
  ]
}"#;

impl ErrorsPage<'_> {
    fn prose(&self, text: &str) -> String {
        self.markup.prose(text)
    }

    fn code(&self, text: &str) -> String {
        self.markup.code(text, None)
    }
}

/// The limits.
#[derive(Template)]
#[template(path = "docs/limits.html")]
pub(super) struct LimitsPage<'a> {
    frame: Frame,
    markup: Markup<'a>,
    facts: &'a Facts,
    limits: Vec<Limit>,
}

struct Limit {
    name: &'static str,
    most: u64,
    what: &'static str,
}

const COST_EXAMPLE: &str = r#"{
  "data": { "topSellers": [] },
  "extensions": { "cost": { "requested": 6, "measured": 0 } }
}"#;

impl<'a> LimitsPage<'a> {
    pub fn new(frame: Frame, markup: Markup<'a>, facts: &'a Facts) -> Self {
        let limits = [
            ("cost", limits::COST, "Objects that the answer may have."),
            (
                "values",
                limits::VALUES,
                "Values that the answer may have: numbers, texts and so on.",
            ),
            (
                "fields",
                limits::FIELDS,
                "Fields of the document, its fragments written out wherever they are spread.",
            ),
            ("rootFields", limits::ROOT_FIELDS, "Fields at the root of an operation."),
            (
                "depth",
                limits::NESTING,
                "Levels of fields in fields, its fragments written out.",
            ),
            ("aliases", limits::ALIASES, "Fields that are given another name."),
            ("directives", limits::DIRECTIVES, "Directives, such as `@include`."),
            (
                "tokens",
                limits::TOKENS,
                "Names, numbers and signs of the document, and as many of those as stand in its texts and comments.",
            ),
            ("list", limits::LIST, "Values of one list among the variables."),
            ("body", limits::BODY as u64, "Bytes of the body of a request."),
            (
                "introspection",
                limits::INTROSPECTION_LISTS,
                "Lists of introspection in lists of introspection.",
            ),
        ];
        Self {
            frame,
            markup,
            facts,
            limits: limits.map(|(name, most, what)| Limit { name, most, what }).into(),
        }
    }

    fn code(&self, text: &str) -> String {
        self.markup.code(text, None)
    }

    fn prose(&self, text: &str) -> String {
        self.markup.prose(text)
    }

    fn rate(&self) -> Option<[String; 2]> {
        let rate = self.facts.rate;
        rate.map(|(each_second, at_once)| [each_second, at_once].map(|number| thousands(number.get().into())))
    }
}

impl Limit {
    fn most(&self) -> String {
        thousands(self.most)
    }
}

/// `20,000`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How the service speaks HTTP.
#[derive(Template)]
#[template(path = "docs/http.html")]
pub(super) struct HttpPage<'a> {
    pub frame: Frame,
    pub facts: &'a Facts,
}

/// Who asks.
#[derive(Template)]
#[template(path = "docs/sessions.html")]
pub(super) struct SessionsPage {
    pub frame: Frame,
}

/// What has changed.
#[derive(Template)]
#[template(path = "docs/changes.html")]
pub(super) struct ChangesPage {
    pub frame: Frame,
    pub changelog: String,
}

/// What is not there.
#[derive(Template)]
#[template(path = "docs/missing.html")]
pub(super) struct MissingPage {
    pub frame: Frame,
}
