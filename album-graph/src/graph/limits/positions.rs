//! Whether each variable may stand where it stands (<https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed>):
//! the library knows the rule, but looks at no variable.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, InputValueDefinition, OperationDefinition, Selection, SelectionSet, Type,
    TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned, Value};
use async_graphql_value::Value as Given;

use super::cost::root;
use super::shape::types;

/// What is expected of an argument, or of a field of an input.
#[derive(Clone, Debug)]
struct Position {
    of: Type,
    has_default: bool,
}

type Positions = HashMap<String, Position>;

/// What a schema expects of arguments and inputs.
#[derive(Clone, Debug)]
pub struct Expected {
    /// By type and field: what it is, and its arguments.
    fields: HashMap<String, HashMap<String, (String, Positions)>>,
    inputs: HashMap<String, Positions>,
    /// The condition of `@include` and `@skip`.
    condition: Positions,
}

impl Expected {
    /// Goes by a schema that this program printed.
    #[must_use]
    pub fn new(sdl: &str) -> Self {
        let fields = types(sdl).into_iter().map(|(of, fields)| {
            let fields = fields.into_iter().map(|field| {
                let leads_to = name(&field.ty.node).to_owned();
                (field.name.node.to_string(), (leads_to, positions(field.arguments)))
            });
            (of, fields.collect())
        });
        let definitions = parse_schema(sdl)
            .map(|document| document.definitions)
            .unwrap_or_default();
        let inputs = definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(definition) => match definition.node.kind {
                TypeKind::InputObject(input) => Some((definition.node.name.node.to_string(), positions(input.fields))),
                _ => None,
            },
            _ => None,
        });
        let condition = Type::new("Boolean!").map(|of| Position { of, has_default: false });
        Self {
            fields: fields.collect(),
            inputs: inputs.collect(),
            condition: condition
                .into_iter()
                .map(|position| ("if".to_owned(), position))
                .collect(),
        }
    }

    /// Looks at every variable of an operation.
    ///
    /// # Errors
    /// Names the first that may not stand where it stands.
    pub(super) fn check(&self, document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), String> {
        if operation.variable_definitions.is_empty() {
            return Ok(());
        }
        let mut look = Look {
            expected: self,
            document,
            operation,
            spread: Vec::new(),
        };
        look.directives(&operation.directives)?;
        look.selections(&operation.selection_set.node, root(operation))
    }
}

fn positions(arguments: Vec<Positioned<InputValueDefinition>>) -> Positions {
    let arguments = arguments.into_iter().map(|argument| {
        let position = Position {
            of: argument.node.ty.node,
            has_default: argument.node.default_value.is_some(),
        };
        (argument.node.name.node.to_string(), position)
    });
    arguments.collect()
}

/// The name of what a type is, or is a list of.
fn name(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(element) => name(element),
    }
}

struct Look<'a> {
    expected: &'a Expected,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    /// The fragments that were looked at.
    spread: Vec<&'a Name>,
}

impl<'a> Look<'a> {
    fn selections(&mut self, set: &'a SelectionSet, of: &str) -> Result<(), String> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    self.directives(&field.node.directives)?;
                    // What the schema does not have is for the validation to refuse.
                    let known = self.expected.fields.get(of);
                    let Some((leads_to, arguments)) = known.and_then(|known| known.get(field.node.name.node.as_str()))
                    else {
                        continue;
                    };
                    self.arguments(&field.node.arguments, arguments)?;
                    self.selections(&field.node.selection_set.node, leads_to)?;
                }
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives)?;
                    let condition = inline.node.type_condition.as_ref();
                    let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                    self.selections(&inline.node.selection_set.node, of)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives)?;
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.document.fragments.get(name);
                    if let Some(fragment) = fragment.filter(|_| !self.spread.contains(&name)) {
                        self.spread.push(name);
                        let of = fragment.node.type_condition.node.on.node.as_str();
                        self.selections(&fragment.node.selection_set.node, of)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), String> {
        let mut directives = directives.iter();
        directives.try_for_each(|directive| self.arguments(&directive.node.arguments, &self.expected.condition))
    }

    fn arguments(
        &self,
        arguments: &[(Positioned<Name>, Positioned<Given>)],
        expected: &Positions,
    ) -> Result<(), String> {
        arguments.iter().try_for_each(|(name, value)| {
            let position = expected.get(name.node.as_str());
            position.map_or(Ok(()), |position| {
                self.value(&value.node, &position.of, position.has_default)
            })
        })
    }

    fn value(&self, value: &Given, expected: &Type, has_default: bool) -> Result<(), String> {
        match (value, &expected.base) {
            (Given::Variable(name), _) => self.variable(name, expected, has_default),
            (Given::List(values), BaseType::List(element)) => {
                values.iter().try_for_each(|value| self.value(value, element, false))
            }
            (Given::Object(fields), BaseType::Named(of)) => {
                let known = self.expected.inputs.get(of.as_str());
                fields.iter().try_for_each(|(name, value)| {
                    let position = known.and_then(|known| known.get(name.as_str()));
                    position.map_or(Ok(()), |position| self.value(value, &position.of, position.has_default))
                })
            }
            _ => Ok(()),
        }
    }

    fn variable(&self, name: &Name, expected: &Type, has_default: bool) -> Result<(), String> {
        let mut definitions = self.operation.variable_definitions.iter();
        let Some(definition) = definitions.find(|definition| definition.node.name.node == *name) else {
            return Ok(());
        };
        let (of, default) = (&definition.node.var_type.node, &definition.node.default_value);
        let never_null = has_default || default.as_ref().is_some_and(|default| default.node != Value::Null);
        if fits(of, expected) || never_null && fits_but_for_null(of, expected) {
            return Ok(());
        }
        Err(format!(
            "The variable ${name} of type {of} stands where {expected} is expected."
        ))
    }
}

/// Whether whatever is of one type is of the other, too.
fn fits(given: &Type, expected: &Type) -> bool {
    (expected.nullable || !given.nullable) && fits_but_for_null(given, expected)
}

fn fits_but_for_null(given: &Type, expected: &Type) -> bool {
    match (&given.base, &expected.base) {
        (BaseType::Named(given), BaseType::Named(expected)) => given == expected,
        (BaseType::List(given), BaseType::List(expected)) => fits(given, expected),
        _ => false,
    }
}
