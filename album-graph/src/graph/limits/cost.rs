//! What an answer may cost: how many objects it may have, found out from the document and its variables.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::{Name, Value, Variables};
use async_graphql_value::Value as Given;

use super::WRITTEN_OUT;
use super::shape::{Length, Shape};
use super::types::Types;

/// As how many objects an answer about the schema counts.
const INTROSPECTION: u64 = 500;

/// What an answer may have at the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Objects: rows of the database, and what is made of them. A list counts for as many as it may hold.
    pub objects: u64,
    /// Values of fields, those that are objects included.
    pub values: u64,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.objects = self.objects.saturating_add(other.objects);
        self.values = self.values.saturating_add(other.values);
    }

    fn times(self, count: u64) -> Self {
        Self {
            objects: self.objects.saturating_mul(count),
            values: self.values.saturating_mul(count),
        }
    }
}

/// Which operation of a document is asked for, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its name, where the document has several.
    pub operation: Option<&'a str>,
    /// What stands for its variables.
    pub variables: &'a Variables,
}

/// What is known about lengths.
#[derive(Clone, Debug)]
pub struct Pricing {
    shape: Shape,
}

impl Pricing {
    /// Goes by a schema.
    #[must_use]
    pub fn new(types: &Types) -> Self {
        Self {
            shape: Shape::of(types),
        }
    }

    /// What an operation may cost, where the shop has so many genres; nothing where there is no such operation.
    #[must_use]
    pub fn cost(&self, document: &ExecutableDocument, asked: Asked<'_>, genres: u64) -> Cost {
        let operation = operation(document, asked.operation);
        operation.map_or_else(Cost::default, |operation| {
            let root = root(operation);
            let bill = Bill {
                pricing: self,
                document,
                operation,
                variables: asked.variables,
                genres,
            };
            bill.selections(&operation.selection_set.node, root, Place { page: 1, depth: 0 })
        })
    }
}

/// The operation of a document that would run; none where that cannot be told, and nothing runs.
pub(super) fn operation<'d>(document: &'d ExecutableDocument, name: Option<&str>) -> Option<&'d OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        // One that has a name need not be named.
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// The type that an operation starts at.
pub fn root(operation: &OperationDefinition) -> &'static str {
    match operation.ty {
        OperationType::Mutation => "Mutation",
        OperationType::Query | OperationType::Subscription => "Query",
    }
}

struct Bill<'a> {
    pricing: &'a Pricing,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    genres: u64,
}

/// Where a selection stands.
#[derive(Clone, Copy)]
struct Place {
    /// The length of the page around it.
    page: u64,
    depth: u64,
}

impl Bill<'_> {
    fn selections(&self, set: &SelectionSet, of: &str, place: Place) -> Cost {
        let mut cost = Cost::default();
        let place = Place {
            depth: place.depth + 1,
            ..place
        };
        // Fragments that lead back to themselves are for the validation to refuse.
        if place.depth > WRITTEN_OUT as u64 {
            return cost;
        }
        for item in &set.items {
            cost.add(match &item.node {
                Selection::Field(field) => self.field(&field.node, of, place),
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                    self.selections(&inline.node.selection_set.node, of, place)
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.node.fragment_name.node);
                    fragment.map_or_else(Cost::default, |fragment| {
                        let of = fragment.node.type_condition.node.on.node.as_str();
                        self.selections(&fragment.node.selection_set.node, of, place)
                    })
                }
            });
        }
        cost
    }

    fn field(&self, field: &Field, of: &str, place: Place) -> Cost {
        let Some(known) = self.pricing.shape.field(of, field.name.node.as_str()) else {
            // What the schema says of itself is as much as a long list, and no object of the shop.
            let objects = if matches!(field.name.node.as_str(), "__schema" | "__type") {
                INTROSPECTION
            } else {
                0
            };
            return Cost { objects, values: 1 };
        };
        let page = self.page(field, known.length, place.page);
        let below = self.selections(&field.selection_set.node, &known.of, Place { page, ..place });
        let mut one = Cost { objects: 1, values: 1 };
        one.add(below);
        match known.length {
            // What is paged is one object: a connection, whose rows are below.
            Length::Page(_) if known.of.ends_with("Connection") || known.of == "Suggestions" => one,
            Length::One => one,
            Length::Page(_) | Length::Ids | Length::Enclosing | Length::Fixed(_) | Length::Genres => one.times(page),
        }
    }

    /// The length of a list, or of the page around what is below.
    fn page(&self, field: &Field, length: Length, around: u64) -> u64 {
        match length {
            Length::Page(default) => {
                let given = ["first", "last"].into_iter().find_map(|name| self.number(field, name));
                given.unwrap_or(default)
            }
            Length::Ids => self.ids(field),
            Length::Enclosing | Length::One => around,
            Length::Fixed(most) => most,
            Length::Genres => self.genres,
        }
    }

    fn number(&self, field: &Field, argument: &str) -> Option<u64> {
        match self.value(&field.get_argument(argument)?.node)? {
            // What is below zero is refused by the field itself.
            Value::Number(number) => Some(number.as_u64().unwrap_or(0)),
            _ => None,
        }
    }

    fn ids(&self, field: &Field) -> u64 {
        let ids = field.get_argument("ids").map(|ids| &ids.node);
        match ids {
            Some(Given::List(ids)) => ids.len() as u64,
            Some(given) => match self.value(given) {
                Some(Value::List(ids)) => ids.len() as u64,
                // One value stands for a list of one.
                _ => 1,
            },
            None => 0,
        }
    }

    /// A value as it was given, or the variable's.
    fn value(&self, given: &Given) -> Option<Value> {
        match given {
            Given::Variable(name) => self.variable(name),
            given => given.clone().into_const(),
        }
    }

    fn variable(&self, name: &Name) -> Option<Value> {
        if let Some(value) = self.variables.get(name) {
            return Some(value.clone());
        }
        let definitions = self.operation.variable_definitions.iter();
        let mut definitions = definitions.filter(|definition| definition.node.name.node == *name);
        definitions.next()?.node.default_value().cloned()
    }
}

/// How many objects an answer has, but for those under the names of `about_schema`: introspection has limits of its own and does not count.
pub(super) fn measure(about_schema: &[String], data: &Value) -> u64 {
    let Value::Object(fields) = data else { return 0 };
    let is_about_schema = |key: &Name| about_schema.iter().any(|name| name == key.as_str());
    let counted = fields.iter().filter(|(key, _)| !is_about_schema(key));
    counted.map(|(_, value)| objects(value)).sum()
}

fn objects(value: &Value) -> u64 {
    match value {
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<u64>(),
        Value::List(values) => values.iter().map(objects).sum(),
        _ => 0,
    }
}
