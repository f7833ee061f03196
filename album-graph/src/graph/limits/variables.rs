//! The variables of an operation, as they were given and as they were left out.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Variables};
use async_graphql_value::{ConstValue, Value};

/// Gives each variable that was left out its default: executing does so for arguments, but not for `@include` and `@skip`.
///
/// Answers which of the others were left out, or says which one must not be left out, or null.
pub(super) fn complete(operation: &OperationDefinition, variables: &mut Variables) -> Result<Vec<Name>, String> {
    let mut left_out = Vec::new();
    for definition in &operation.variable_definitions {
        let (name, of) = (&definition.node.name.node, &definition.node.var_type.node);
        match variables.get(name) {
            Some(ConstValue::Null) if !of.nullable => {
                return Err(format!("The variable ${name} of type {of} must not be null."));
            }
            Some(_) => continue,
            None => {}
        }
        // Not by the method of the same name, for which null is one.
        if let Some(default) = &definition.node.default_value {
            variables.insert(name.clone(), default.node.clone());
        } else if of.nullable {
            left_out.push(name.clone());
        } else {
            return Err(format!("The variable ${name} of type {of} has to be given."));
        }
    }
    Ok(left_out)
}

/// Takes out the arguments, and the fields of inputs, whose variables were left out: they count as left out themselves, and have
/// their own defaults.
pub(super) fn omit(document: &mut ExecutableDocument, left_out: &[Name]) {
    let operations: Vec<&mut OperationDefinition> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node],
        DocumentOperations::Multiple(operations) => {
            operations.values_mut().map(|operation| &mut operation.node).collect()
        }
    };
    // One that stands nowhere is for the validation to refuse.
    let mut omitted = Vec::new();
    for fragment in document.fragments.values_mut() {
        omit_in(&mut fragment.node.selection_set.node, left_out, &mut omitted);
    }
    for operation in operations {
        omit_in(&mut operation.selection_set.node, left_out, &mut omitted);
        operation
            .variable_definitions
            .retain(|definition| !omitted.contains(&definition.node.name.node));
    }
}

fn omit_in(set: &mut SelectionSet, left_out: &[Name], omitted: &mut Vec<Name>) {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) => {
                field
                    .node
                    .arguments
                    .retain_mut(|(_, value)| is_given(&mut value.node, left_out, omitted));
                omit_in(&mut field.node.selection_set.node, left_out, omitted);
            }
            Selection::InlineFragment(inline) => omit_in(&mut inline.node.selection_set.node, left_out, omitted),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn is_given(value: &mut Value, left_out: &[Name], omitted: &mut Vec<Name>) -> bool {
    match value {
        Value::Variable(name) if left_out.contains(name) => {
            omitted.push(name.clone());
            return false;
        }
        Value::Object(fields) => fields.retain(|_, value| is_given(value, left_out, omitted)),
        _ => {}
    }
    true
}
