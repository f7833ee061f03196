//! The types of the schema: what a document is held against.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, ObjectType, Type, TypeKind, TypeSystemDefinition,
};

/// What a type has.
type Fields = HashMap<String, FieldDefinition>;

/// The types of a schema that this program printed.
#[derive(Clone, Debug, Default)]
pub struct Types {
    fields: HashMap<String, Fields>,
    inputs: HashMap<String, Vec<Positioned<InputValueDefinition>>>,
}

impl Types {
    /// Reads a schema that this program printed.
    #[must_use]
    pub fn read(sdl: &str) -> Self {
        let definitions = parse_schema(sdl)
            .map(|document| document.definitions)
            .unwrap_or_default();
        let mut types = Self::default();
        for definition in definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let fields = match definition.node.kind {
                TypeKind::Object(ObjectType { fields, .. }) => fields,
                TypeKind::Interface(interface) => interface.fields,
                TypeKind::InputObject(input) => {
                    types.inputs.insert(name, input.fields);
                    continue;
                }
                _ => continue,
            };
            let fields = fields
                .into_iter()
                .map(|field| (field.node.name.node.to_string(), field.node));
            types.fields.insert(name, fields.collect());
        }
        types
    }

    /// Each type that has fields, with them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Fields)> {
        self.fields.iter()
    }

    /// Whether a type has fields.
    pub(super) fn have(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A field of a type.
    #[must_use]
    pub fn field(&self, of: &str, name: &str) -> Option<&FieldDefinition> {
        self.fields.get(of)?.get(name)
    }

    /// The fields of an input; none where it is no input.
    pub(super) fn input(&self, name: &str) -> &[Positioned<InputValueDefinition>] {
        self.inputs.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The name of a type, or of what it is a list of.
#[must_use]
pub fn base(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(element) => base(element),
    }
}
