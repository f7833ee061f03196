//! Whether each variable may stand where it stands (<https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed>):
//! the library knows the rule, but looks at no variable.

use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, InputValueDefinition, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Positioned, Value};
use async_graphql_value::Value as Given;

use super::cost::root;
use super::types::{Types, base};

/// Looks at every variable of an operation.
///
/// # Errors
/// Names the first that may not stand where it stands.
pub(super) fn check(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
) -> Result<(), String> {
    if operation.variable_definitions.is_empty() {
        return Ok(());
    }
    let mut look = Look {
        types,
        document,
        operation,
        spread: Vec::new(),
    };
    look.directives(&operation.directives)?;
    look.selections(&operation.selection_set.node, root(operation))
}

struct Look<'a> {
    types: &'a Types,
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
                    let Some(known) = self.types.field(of, &field.node.name.node) else {
                        continue;
                    };
                    for (name, value) in &field.node.arguments {
                        self.given(&name.node, &value.node, &known.arguments)?;
                    }
                    self.selections(&field.node.selection_set.node, base(&known.ty.node))?;
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

    /// `@include` and `@skip` have a condition.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), String> {
        let condition = Type {
            base: BaseType::Named(Name::new("Boolean")),
            nullable: false,
        };
        let mut conditions = directives
            .iter()
            .filter_map(|directive| directive.node.get_argument("if"));
        conditions.try_for_each(|value| self.value(&value.node, &condition, false))
    }

    /// An argument, or a field of an input.
    fn given(&self, name: &Name, value: &Given, known: &[Positioned<InputValueDefinition>]) -> Result<(), String> {
        let expected = known.iter().find(|expected| expected.node.name.node == *name);
        expected.map_or(Ok(()), |expected| {
            self.value(value, &expected.node.ty.node, expected.node.default_value.is_some())
        })
    }

    fn value(&self, value: &Given, expected: &Type, has_default: bool) -> Result<(), String> {
        match (value, &expected.base) {
            (Given::Variable(name), _) => self.variable(name, expected, has_default),
            (Given::List(values), BaseType::List(element)) => {
                values.iter().try_for_each(|value| self.value(value, element, false))
            }
            (Given::Object(fields), BaseType::Named(of)) => {
                let known = self.types.input(of);
                fields
                    .iter()
                    .try_for_each(|(name, value)| self.given(name, value, known))
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
