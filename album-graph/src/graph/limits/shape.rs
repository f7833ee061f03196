//! What the schema says about fields, as far as their cost goes by it.

use std::collections::HashMap;

use async_graphql::Value;
use async_graphql::parser::types::{BaseType, FieldDefinition};

use super::types::{Types, base};

/// How long a list can get that no argument bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Length {
    /// As its argument `first` or `last` says; so many where neither is given.
    Page(u64),
    /// As many as there are `ids`.
    Ids,
    /// As long as the page that it is part of.
    Enclosing,
    /// At most so long.
    Fixed(u64),
    /// As many as there are genres.
    Genres,
    /// It is no list.
    One,
}

/// A field whose value is an object, or a list of objects.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub of: String,
    pub length: Length,
}

/// The fields of each type that lead to objects.
#[derive(Clone, Debug)]
pub(super) struct Shape(HashMap<String, HashMap<String, Field>>);

/// The lists that have no argument for their length: how long each can get. A test knows all of them.
const LENGTHS: &[(&str, &str, Length)] = &[
    ("Query", "genres", Length::Genres),
    ("SearchFacets", "genres", Length::Genres),
    ("SearchFacets", "decades", Length::Fixed(100)),
    ("SearchFacets", "prices", Length::Fixed(10)),
    ("SearchEdge", "trackMatches", Length::Fixed(3)),
    ("SearchEdge", "titleMatches", Length::Fixed(12)),
    ("SearchEdge", "artistMatches", Length::Fixed(12)),
    ("SearchEdge", "genreMatches", Length::Fixed(12)),
    ("TrackMatch", "titleMatches", Length::Fixed(12)),
    ("AlbumSuggestion", "titleMatches", Length::Fixed(12)),
    ("AlbumSuggestion", "artistMatches", Length::Fixed(12)),
    ("AlbumSuggestion", "genreMatches", Length::Fixed(12)),
    ("AlbumSuggestion", "trackMatches", Length::Fixed(3)),
    ("ArtistSuggestion", "nameMatches", Length::Fixed(12)),
    ("GenreSuggestion", "nameMatches", Length::Fixed(12)),
    ("Customer", "sessions", Length::Fixed(100)),
    ("RevokeSessionPayload", "sessions", Length::Fixed(100)),
    ("Cart", "lines", Length::Fixed(50)),
    ("Order", "lines", Length::Fixed(50)),
    ("Query", "countries", Length::Fixed(300)),
    ("Query", "paymentMethods", Length::Fixed(20)),
    ("Suggestions", "albums", Length::Enclosing),
    ("Suggestions", "artists", Length::Enclosing),
    ("Suggestions", "genres", Length::Enclosing),
];

/// The field of every payload that says what is wrong with an input: once for each of its fields, at the most.
const PROBLEMS: (&str, Length) = ("problems", Length::Fixed(30));

/// The longest page of a connection, and what counts where its length is not given.
const LONGEST_PAGE: u64 = 100;

impl Shape {
    /// Goes by a schema.
    pub fn of(types: &Types) -> Self {
        let shape = types.iter().map(|(name, fields)| {
            let fields = fields.iter().filter_map(|(field_name, field)| {
                let of = base(&field.ty.node).to_owned();
                let length = length(name, field);
                types.have(&of).then(|| (field_name.clone(), Field { of, length }))
            });
            (name.clone(), fields.collect())
        });
        Self(shape.collect())
    }

    /// The field, where its value is an object or a list of objects.
    pub fn field(&self, of: &str, name: &str) -> Option<&Field> {
        self.0.get(of)?.get(name)
    }

    /// The lists whose length nothing bounds.
    #[cfg(test)]
    fn unbounded(&self) -> Vec<String> {
        let fields = self
            .0
            .iter()
            .flat_map(|(of, fields)| fields.iter().map(move |field| (of, field)));
        let unbounded = fields.filter(|(of, (_, field))| {
            field.length == Length::Enclosing && !of.ends_with("Connection") && *of != "Suggestions"
        });
        unbounded.map(|(of, (name, _))| format!("{of}.{name}")).collect()
    }
}

fn length(of: &str, field: &FieldDefinition) -> Length {
    let name = field.name.node.as_str();
    let argument = |wanted: &str| {
        field
            .arguments
            .iter()
            .find(|argument| argument.node.name.node == wanted)
    };
    let known = LENGTHS.iter().find(|known| known.0 == of && known.1 == name);
    if let Some((_, _, length)) = known {
        return *length;
    }
    if name == PROBLEMS.0 {
        return PROBLEMS.1;
    }
    if let Some(first) = argument("first") {
        let default = first.node.default_value.as_ref();
        let default = default.and_then(|value| match &value.node {
            Value::Number(number) => number.as_u64(),
            _ => None,
        });
        return Length::Page(default.unwrap_or(LONGEST_PAGE));
    }
    match &field.ty.node.base {
        BaseType::List(_) if argument("ids").is_some() => Length::Ids,
        BaseType::List(_) => Length::Enclosing,
        BaseType::Named(_) => Length::One,
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, Types};

    #[test]
    fn every_list_has_a_bound() {
        assert_eq!(
            Shape::of(&Types::read(&crate::graph::sdl())).unbounded(),
            Vec::<String>::new()
        );
    }
}
