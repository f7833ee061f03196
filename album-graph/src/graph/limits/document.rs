//! What a document itself has, found out before it is validated: fragments that spread fragments grow exponentially.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Value, Variables};

use super::{ALIASES, DIRECTIVES, Excess, FIELDS, INTROSPECTION_LISTS, NESTING, ROOT_FIELDS, WRITTEN_OUT};

/// Checks what the document itself has, with every fragment written out.
pub(super) fn check(document: &ExecutableDocument) -> Result<(), Excess> {
    let mut measure = Measure {
        document,
        fragments: HashMap::new(),
    };
    let operations = document.operations.iter().map(|(_, operation)| operation);
    let operations: Vec<_> = operations
        .map(|operation| {
            let mut weight = measure.selections(&operation.node.selection_set.node, 0);
            weight.directives += operation.node.directives.len() as u64;
            weight
        })
        .collect();
    // Fragments that no operation spreads are still validated.
    let fragments: Vec<_> = document
        .fragments
        .keys()
        .map(|name| measure.fragment(name, 0))
        .collect();
    for weight in operations.into_iter().chain(fragments) {
        if weight.nesting == ENDLESS {
            let message = format!("Its fragments are nested more than {WRITTEN_OUT} deep, or lead back to themselves.");
            return Err(Excess {
                message,
                ..Excess::too_deep()
            });
        }
        for (limit, what, asked, most) in [
            ("fields", "fields", weight.fields, FIELDS),
            ("rootFields", "fields at its root", weight.root_fields, ROOT_FIELDS),
            ("aliases", "aliases", weight.aliases, ALIASES),
            ("directives", "directives", weight.directives, DIRECTIVES),
            ("depth", "levels", weight.nesting, NESTING),
            (
                "introspection",
                "nested lists of introspection",
                weight.lists,
                INTROSPECTION_LISTS,
            ),
        ] {
            Excess::check(limit, what, asked, most)?;
        }
    }
    Ok(())
}

/// How many tokens a document has, at the most: names, numbers and signs, and those in texts and comments like any other, for where
/// a text ends is a question that a hostile document would answer wrong.
pub(super) fn tokens(text: &str) -> u64 {
    let mut letters = text.chars().peekable();
    let mut count = 0;
    while let Some(letter) = letters.next() {
        let word = |letter: &char| letter.is_alphanumeric() || *letter == '_';
        match letter {
            letter if letter.is_whitespace() || matches!(letter, ',' | '\u{feff}') => continue,
            '.' => while letters.next_if_eq(&'.').is_some() {},
            letter if word(&letter) => while letters.next_if(word).is_some() {},
            _ => {}
        }
        count += 1;
    }
    count
}

/// The length of the longest list among the variables; none without a list.
pub(super) fn longest_list(variables: &Variables) -> Option<u64> {
    variables.values().filter_map(longest).max()
}

fn longest(value: &Value) -> Option<u64> {
    match value {
        Value::List(values) => values.iter().filter_map(longest).chain([values.len() as u64]).max(),
        Value::Object(fields) => fields.values().filter_map(longest).max(),
        _ => None,
    }
}

/// Under which names the answer has what introspection says.
pub(super) fn about_schema(document: &ExecutableDocument) -> Vec<String> {
    let about = root_fields(document).filter(|field| field.name.node.starts_with("__"));
    about.map(|field| field.response_key().node.to_string()).collect()
}

/// Whether the schema is asked for.
pub(super) fn introspects(document: &ExecutableDocument) -> bool {
    root_fields(document).any(|field| matches!(field.name.node.as_str(), "__schema" | "__type"))
}

/// The fields at the root, and those of fragments, which may be spread there.
fn root_fields(document: &ExecutableDocument) -> impl Iterator<Item = &Field> {
    let roots = document
        .operations
        .iter()
        .map(|(_, operation)| &operation.node.selection_set.node);
    let spread = document
        .fragments
        .values()
        .map(|fragment| &fragment.node.selection_set.node);
    roots
        .chain(spread)
        .flat_map(|set| &set.items)
        .filter_map(|item| match &item.node {
            Selection::Field(field) => Some(&field.node),
            _ => None,
        })
}

/// The nesting of what must not be written out.
const ENDLESS: u64 = u64::MAX;

/// What a selection set amounts to.
#[derive(Clone, Copy, Default)]
struct Weight {
    fields: u64,
    root_fields: u64,
    aliases: u64,
    directives: u64,
    nesting: u64,
    lists: u64,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.nesting = self.nesting.max(other.nesting);
        self.lists = self.lists.max(other.lists);
    }
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// Each fragment is measured once, which keeps the measuring itself linear.
    fragments: HashMap<&'a str, Weight>,
}

impl<'a> Measure<'a> {
    fn selections(&mut self, set: &'a SelectionSet, depth: u64) -> Weight {
        let mut weight = Weight::default();
        if depth > WRITTEN_OUT as u64 {
            return Weight {
                nesting: ENDLESS,
                ..weight
            };
        }
        for item in &set.items {
            let selected = match &item.node {
                Selection::Field(field) => {
                    let below = self.selections(&field.node.selection_set.node, depth + 1);
                    let list = matches!(
                        field.node.name.node.as_str(),
                        "fields" | "inputFields" | "interfaces" | "possibleTypes"
                    );
                    Weight {
                        fields: below.fields.saturating_add(1),
                        root_fields: 1,
                        aliases: below.aliases.saturating_add(u64::from(field.node.alias.is_some())),
                        directives: below.directives,
                        nesting: below.nesting.saturating_add(1),
                        lists: below.lists + u64::from(list),
                    }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node, depth + 1),
                Selection::FragmentSpread(spread) => {
                    // The spread itself counts, for one that adds no field may still double what is written out.
                    let spread = self.fragment(&spread.node.fragment_name.node, depth + 1);
                    Weight {
                        fields: spread.fields.saturating_add(1),
                        ..spread
                    }
                }
            };
            weight.add(selected);
            weight.directives += item.node.directives().len() as u64;
        }
        weight
    }

    fn fragment(&mut self, name: &str, depth: u64) -> Weight {
        let document = self.document;
        let Some((name, fragment)) = document.fragments.get_key_value(name) else {
            return Weight::default();
        };
        if let Some(weight) = self.fragments.get(name.as_str()) {
            return *weight;
        }
        // A fragment that leads back to itself has no end, and must not be written out by anybody.
        let endless = Weight {
            nesting: ENDLESS,
            ..Weight::default()
        };
        self.fragments.insert(name, endless);
        let weight = self.selections(&fragment.node.selection_set.node, depth);
        self.fragments.insert(name, weight);
        weight
    }
}
