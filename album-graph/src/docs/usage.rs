//! Which types an example uses, and in which of its lines.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Positioned, Value};

use super::reference::Reference;
use crate::graph::limits::base;

/// The lines of a document that use a type, from 1; none where only the variables have it.
pub(super) type Lines = BTreeSet<usize>;

/// The types that a document uses.
#[derive(Debug, Default)]
pub(super) struct Usage(HashMap<String, Lines>);

impl Usage {
    /// Looks through a document and its variables.
    pub fn of(document: &str, variables: Option<&str>, reference: &Reference) -> Self {
        let mut usage = Self::default();
        let Ok(document) = parse_query(document) else {
            return usage;
        };
        let variables: Value = variables
            .and_then(|variables| serde_json::from_str(variables).ok())
            .unwrap_or_default();
        let mut reader = Reader {
            document: &document,
            reference,
            usage: &mut usage,
        };
        for (_, operation) in document.operations.iter() {
            let operation = &operation.node;
            for variable in &operation.variable_definitions {
                let of = base(&variable.node.var_type.node);
                reader.mark(of, variable.pos.line);
                if let Value::Object(values) = &variables
                    && let Some(value) = values.get(&variable.node.name.node)
                {
                    reader.value(of, value, None);
                }
            }
            let root = operation.ty.to_string();
            let root = root[..1].to_uppercase() + &root[1..];
            reader.selections(&root, &operation.selection_set.node);
        }
        for fragment in document.fragments.values() {
            let of = fragment.node.type_condition.node.on.node.as_str();
            reader.mark(of, fragment.pos.line);
            reader.selections(of, &fragment.node.selection_set.node);
        }
        usage
    }

    /// Where a type is used; none where it is not.
    pub fn lines(&self, name: &str) -> Option<&Lines> {
        self.0.get(name)
    }
}

struct Reader<'a> {
    document: &'a ExecutableDocument,
    reference: &'a Reference,
    usage: &'a mut Usage,
}

impl Reader<'_> {
    fn mark(&mut self, name: &str, line: usize) {
        self.usage.0.entry(name.to_owned()).or_default().insert(line);
    }

    fn selections(&mut self, owner: &str, set: &SelectionSet) {
        for Positioned { node, .. } in &set.items {
            match node {
                Selection::Field(field) => {
                    let line = field.pos.line;
                    let Some(definition) = self.reference.field(owner, &field.node.name.node) else {
                        continue;
                    };
                    self.mark(owner, line);
                    self.mark(definition.type_name(), line);
                    for (name, value) in &field.node.arguments {
                        let argument = definition.arguments.iter().find(|argument| argument.name == *name.node);
                        if let Some(argument) = argument {
                            self.mark(argument.type_name(), name.pos.line);
                            // What a variable holds is looked through where it is defined.
                            let value = value.node.clone().into_const_with(|_| Ok::<_, Infallible>(Value::Null));
                            let Ok(value) = value;
                            self.value(argument.type_name(), &value, Some(name.pos.line));
                        }
                    }
                    self.selections(definition.type_name(), &field.node.selection_set.node);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map_or(owner, |condition| condition.node.on.node.as_str());
                    self.mark(of, inline.pos.line);
                    self.selections(of, &inline.node.selection_set.node);
                }
                // Fragments are looked through by themselves.
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.node.fragment_name.node) {
                        let of = fragment.node.type_condition.node.on.node.as_str();
                        self.mark(of, spread.pos.line);
                    }
                }
            }
        }
    }

    /// A value of an input has the types of its fields.
    fn value(&mut self, of: &str, value: &Value, line: Option<usize>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if let Some(field) = self.reference.field(of, name) {
                        let of = field.type_name();
                        let lines = self.usage.0.entry(of.to_owned()).or_default();
                        lines.extend(line);
                        self.value(of, value, line);
                    }
                }
            }
            Value::List(values) => values.iter().for_each(|value| self.value(of, value, line)),
            _ => {}
        }
    }
}
