//! How much a document may ask for, found out before it is validated: fragments that spread fragments grow exponentially.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};

/// Most fields in a document, with every fragment written out.
const FIELDS: u64 = 1_000;
/// Most fields at the root of an operation, each of which may cost a statement or more.
const ROOT_FIELDS: u64 = 50;
/// Deepest nesting of selections, with every fragment written out.
const NESTING: u32 = 60;
/// Deepest nesting of introspection's lists, each of which multiplies the answer.
const INTROSPECTION_LISTS: u32 = 2;

/// Why the document is refused; none when it may be validated and run.
pub(crate) fn refusal(document: &ExecutableDocument) -> Option<String> {
    let mut measure = Measure {
        document,
        fragments: HashMap::new(),
    };
    for (_, operation) in document.operations.iter() {
        let weight = measure.selections(&operation.node.selection_set.node, 0);
        for (what, count, limit) in [
            ("fields", weight.fields, FIELDS),
            ("fields at its root", weight.root_fields, ROOT_FIELDS),
            ("levels", weight.nesting.into(), NESTING.into()),
            (
                "nested lists of introspection",
                weight.lists.into(),
                INTROSPECTION_LISTS.into(),
            ),
        ] {
            if count > limit {
                return Some(format!(
                    "The document has more than {limit} {what}, its fragments written out."
                ));
            }
        }
    }
    None
}

/// What a selection set amounts to.
#[derive(Clone, Copy, Default)]
struct Weight {
    fields: u64,
    root_fields: u64,
    nesting: u32,
    lists: u32,
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.root_fields = self.root_fields.saturating_add(other.root_fields);
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
    fn selections(&mut self, set: &'a SelectionSet, depth: u32) -> Weight {
        let mut weight = Weight {
            nesting: 1,
            ..Weight::default()
        };
        if depth > NESTING {
            return Weight {
                nesting: u32::MAX,
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
                        nesting: below.nesting.saturating_add(1),
                        lists: below.lists + u32::from(list),
                    }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node, depth + 1),
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, depth + 1),
            };
            weight.add(selected);
        }
        weight
    }

    fn fragment(&mut self, name: &str, depth: u32) -> Weight {
        let document = self.document;
        let Some((name, fragment)) = document.fragments.get_key_value(name) else {
            return Weight::default();
        };
        if let Some(weight) = self.fragments.get(name.as_str()) {
            return *weight;
        }
        // A fragment that leads back to itself weighs nothing the second time: validation refuses it.
        self.fragments.insert(name, Weight::default());
        let weight = self.selections(&fragment.node.selection_set.node, depth);
        self.fragments.insert(name, weight);
        weight
    }
}
