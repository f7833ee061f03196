//! The schema as a reference shows it: its types, and where each is used.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    ConstDirective, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned, Value};

/// What kind of type it is, in the order in which the index lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Root,
    Object,
    Interface,
    Union,
    Page,
    Payload,
    Input,
    Enum,
    Scalar,
}

impl Kind {
    pub const ALL: [Self; 9] = [
        Self::Root,
        Self::Object,
        Self::Interface,
        Self::Union,
        Self::Page,
        Self::Payload,
        Self::Input,
        Self::Enum,
        Self::Scalar,
    ];

    /// What all of the kind are called.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Root => "Where documents start",
            Self::Object => "Objects",
            Self::Interface => "Interfaces",
            Self::Union => "Unions",
            Self::Page => "Pages of lists",
            Self::Payload => "What mutations answer",
            Self::Input => "Inputs",
            Self::Enum => "Enums",
            Self::Scalar => "Scalars",
        }
    }

    /// What one is called.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Root | Self::Object | Self::Page | Self::Payload => "object",
            Self::Interface => "interface",
            Self::Union => "union",
            Self::Input => "input",
            Self::Enum => "enum",
            Self::Scalar => "scalar",
        }
    }
}

/// A type of the schema.
#[derive(Clone, Debug)]
pub(super) struct Type {
    pub name: String,
    pub kind: Kind,
    pub description: String,
    /// The interfaces that it has.
    pub interfaces: Vec<String>,
    /// What it has, where it is an object, an interface, an input or an enum.
    pub fields: Vec<Field>,
    /// What an answer of it may be, where it is an interface or a union.
    pub possible: Vec<String>,
}

/// A field, an argument or a value.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub name: String,
    pub description: String,
    /// As the schema writes it; empty for a value of an enum.
    pub of: String,
    pub arguments: Vec<Field>,
    pub default: Option<String>,
    /// Why it is deprecated.
    pub deprecation: Option<String>,
}

impl Field {
    /// The name of its type, without brackets and marks.
    pub fn type_name(&self) -> &str {
        self.of.trim_matches(['[', ']', '!'])
    }
}

/// A place where a type is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// The type that has the field.
    pub owner: String,
    pub field: String,
    /// The argument that takes it; none where the field itself has the type.
    pub argument: Option<String>,
}

/// The whole schema.
#[derive(Debug)]
pub(super) struct Reference {
    types: Vec<Type>,
}

impl Reference {
    /// Reads a schema; one that cannot be read has no types.
    pub fn new(sdl: &str) -> Self {
        let document = parse_schema(sdl)
            .map(|document| document.definitions)
            .unwrap_or_default();
        let mut types: Vec<Type> = document.into_iter().filter_map(read_type).collect();
        let implemented: Vec<(String, Vec<String>)> = types
            .iter()
            .map(|of| (of.name.clone(), of.interfaces.clone()))
            .collect();
        for interface in types.iter_mut().filter(|of| of.kind == Kind::Interface) {
            let having = implemented
                .iter()
                .filter(|(_, interfaces)| interfaces.contains(&interface.name));
            interface.possible = having.map(|(name, _)| name.clone()).collect();
        }
        types.sort_by(|one, other| one.name.cmp(&other.name));
        Self { types }
    }

    /// The types by name.
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    pub fn get(&self, name: &str) -> Option<&Type> {
        self.types.iter().find(|of| of.name == name)
    }

    pub fn field(&self, owner: &str, name: &str) -> Option<&Field> {
        self.get(owner)?.fields.iter().find(|field| field.name == name)
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Type> {
        self.types.iter().filter(move |of| of.kind == kind)
    }

    /// Everything that has or takes the type.
    pub fn uses(&self, name: &str) -> Vec<Use> {
        let mut uses = Vec::new();
        for owner in &self.types {
            for field in &owner.fields {
                let found = |argument: Option<&Field>| Use {
                    owner: owner.name.clone(),
                    field: field.name.clone(),
                    argument: argument.map(|argument| argument.name.clone()),
                };
                if field.type_name() == name {
                    uses.push(found(None));
                }
                let taking = field.arguments.iter().filter(|argument| argument.type_name() == name);
                uses.extend(taking.map(|argument| found(Some(argument))));
            }
        }
        uses
    }
}

fn read_type(definition: TypeSystemDefinition) -> Option<Type> {
    let TypeSystemDefinition::Type(Positioned { node, .. }) = definition else {
        return None;
    };
    let TypeDefinition {
        name,
        description,
        kind,
        ..
    } = node;
    let name = name.node.to_string();
    let names = |names: Vec<Positioned<Name>>| names.into_iter().map(|name| name.node.to_string()).collect();
    let (kind, interfaces, fields, possible) = match kind {
        TypeKind::Scalar => (Kind::Scalar, vec![], vec![], vec![]),
        TypeKind::Object(object) => (
            kind_of_object(&name),
            names(object.implements),
            object.fields.into_iter().map(read_field).collect(),
            vec![],
        ),
        TypeKind::Interface(interface) => (
            Kind::Interface,
            names(interface.implements),
            interface.fields.into_iter().map(read_field).collect(),
            vec![],
        ),
        TypeKind::Union(union) => (Kind::Union, vec![], vec![], names(union.members)),
        TypeKind::Enum(of) => {
            let values = of.values.into_iter().map(|Positioned { node, .. }| Field {
                name: node.value.node.to_string(),
                description: text(node.description),
                of: String::new(),
                arguments: vec![],
                default: None,
                deprecation: deprecation(&node.directives),
            });
            (Kind::Enum, vec![], values.collect(), vec![])
        }
        TypeKind::InputObject(input) => (
            Kind::Input,
            vec![],
            input.fields.into_iter().map(read_argument).collect(),
            vec![],
        ),
    };
    Some(Type {
        name,
        kind,
        description: text(description),
        interfaces,
        fields,
        possible,
    })
}

fn kind_of_object(name: &str) -> Kind {
    match name {
        "Query" | "Mutation" | "Subscription" => Kind::Root,
        "PageInfo" => Kind::Page,
        name if name.ends_with("Connection") || name.ends_with("Edge") => Kind::Page,
        name if name.ends_with("Payload") => Kind::Payload,
        _ => Kind::Object,
    }
}

fn read_field(Positioned { node, .. }: Positioned<FieldDefinition>) -> Field {
    Field {
        name: node.name.node.to_string(),
        description: text(node.description),
        of: node.ty.node.to_string(),
        arguments: node.arguments.into_iter().map(read_argument).collect(),
        default: None,
        deprecation: deprecation(&node.directives),
    }
}

fn read_argument(Positioned { node, .. }: Positioned<InputValueDefinition>) -> Field {
    Field {
        name: node.name.node.to_string(),
        description: text(node.description),
        of: node.ty.node.to_string(),
        arguments: vec![],
        default: node.default_value.map(|value| value.node.to_string()),
        deprecation: deprecation(&node.directives),
    }
}

fn text(description: Option<Positioned<String>>) -> String {
    description.map(|description| description.node).unwrap_or_default()
}

fn deprecation(directives: &[Positioned<ConstDirective>]) -> Option<String> {
    let directive = directives
        .iter()
        .find(|directive| directive.node.name.node == "deprecated")?;
    match directive.node.get_argument("reason").map(|reason| &reason.node) {
        Some(Value::String(reason)) => Some(reason.clone()),
        _ => Some(String::new()),
    }
}
