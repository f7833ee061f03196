//! Where an answer is null because something failed: the field that failed, or what is around it where that must not be null
//! (<https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors>). Executing leaves such fields out.

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, PathSegment, Response, Value};

use super::limits::{Types, base, root};

/// Puts the nulls where they belong.
pub(crate) fn place(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    answer: &mut Response,
) {
    for error in &answer.errors {
        let place = place_of(types, document, operation, &error.path);
        if let Some(place) = place.filter(|_| !error.path.is_empty()) {
            put_null(&mut answer.data, &error.path[..place]);
        }
    }
}

/// How far a path leads to what may be null.
fn place_of(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    path: &[PathSegment],
) -> Option<usize> {
    let mut selected = vec![(&operation.selection_set.node, root(operation))];
    let (mut place, mut of): (usize, Option<&Type>) = (0, None);
    for (segment, length) in path.iter().zip(1..) {
        let found = match segment {
            PathSegment::Index(_) => match &of?.base {
                BaseType::List(element) => &**element,
                BaseType::Named(_) => return None,
            },
            PathSegment::Field(key) => {
                let mut fields = Vec::new();
                for (set, of) in selected {
                    find(document, set, of, key, &mut fields);
                }
                // Fields of one key are alike in what may be null, or the document would not be valid.
                let (field, parent) = fields.first()?;
                let found = &types.field(parent, &field.name.node)?.ty.node;
                let below = fields.iter().map(|(field, _)| (&field.selection_set.node, base(found)));
                selected = below.collect();
                found
            }
        };
        if found.nullable {
            place = length;
        }
        of = Some(found);
    }
    Some(place)
}

/// Finds the fields whose values an answer has under `key`, each with the type that it is a field of.
fn find<'d>(
    document: &'d ExecutableDocument,
    set: &'d SelectionSet,
    of: &'d str,
    key: &str,
    found: &mut Vec<(&'d Field, &'d str)>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) if field.node.response_key().node == key => found.push((&field.node, of)),
            Selection::Field(_) => {}
            Selection::InlineFragment(inline) => {
                let condition = inline.node.type_condition.as_ref();
                let of = condition.map_or(of, |condition| condition.node.on.node.as_str());
                find(document, &inline.node.selection_set.node, of, key, found);
            }
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    let of = fragment.node.type_condition.node.on.node.as_str();
                    find(document, &fragment.node.selection_set.node, of, key, found);
                }
            }
        }
    }
}

fn put_null(data: &mut Value, path: &[PathSegment]) {
    let Some((segment, rest)) = path.split_first() else {
        *data = Value::Null;
        return;
    };
    match (segment, data) {
        (PathSegment::Field(key), Value::Object(fields)) if rest.is_empty() => {
            fields.insert(Name::new(key), Value::Null);
        }
        (PathSegment::Field(key), Value::Object(fields)) => {
            if let Some(value) = fields.get_mut(key.as_str()) {
                put_null(value, rest);
            }
        }
        (PathSegment::Index(index), Value::List(values)) => {
            if let Some(value) = values.get_mut(*index) {
                put_null(value, rest);
            }
        }
        _ => {}
    }
}
