//! A form: its fields, and what is wrong with what was filled in.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::parameters::Fields;

/// What is wrong with one field, or with all of them together.
#[derive(Debug)]
pub struct Complaint {
    /// The field, as album-graph names it: `postalCode` may be `address.postalCode`.
    pub field: Option<String>,
    /// For people.
    pub message: String,
}

/// The fields of a form, with everything that is wrong.
#[derive(Debug, Default)]
pub struct Form {
    /// The fields, in their order.
    pub fields: Vec<Field>,
    /// What is wrong, but with no single field.
    pub wrong: Vec<String>,
}

impl Form {
    /// A form with these fields.
    pub fn of(fields: impl IntoIterator<Item = Field>) -> Self {
        Self {
            fields: fields.into_iter().collect(),
            wrong: Vec::new(),
        }
    }

    /// The same with what a visitor filled in, apart from passwords.
    pub fn filled(mut self, entered: &Fields) -> Self {
        for field in &mut self.fields {
            if field.kind != "password" {
                entered.get(field.name).clone_into(&mut field.value);
            }
        }
        self
    }

    /// The same with every complaint where it belongs: next to its field, or above all. What comes first gets the focus.
    pub fn refused(mut self, complaints: impl IntoIterator<Item = Complaint>) -> Self {
        for Complaint { field, message } in complaints {
            let name = field.as_deref().map(|path| path.rsplit('.').next().unwrap_or(path));
            match self.fields.iter_mut().find(|field| Some(field.name) == name) {
                Some(field) if field.error.is_empty() => field.error = message,
                Some(_) => {}
                None => self.wrong.push(message),
            }
        }
        if self.wrong.is_empty()
            && let Some(first) = self.fields.iter_mut().find(|field| !field.error.is_empty())
        {
            first.takes_focus = true;
        }
        self
    }
}

/// A field that is typed into or chosen from.
#[derive(Debug, Default, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    inputmode: &'static str,
    longest: usize,
    hint: &'static str,
    /// Whether it may be left empty.
    is_optional: bool,
    /// What can be chosen, by value; nothing for a field that is typed into.
    choices: Vec<(String, String)>,
    value: String,
    error: String,
    takes_focus: bool,
}

impl Field {
    /// A field for text of up to so many characters.
    pub fn text(name: &'static str, label: &'static str, longest: usize) -> Self {
        Self {
            name,
            label,
            kind: "text",
            longest,
            ..Self::default()
        }
    }

    /// A field for an e-mail address.
    pub fn email(autocomplete: &'static str) -> Self {
        Self {
            kind: "email",
            inputmode: "email",
            autocomplete,
            ..Self::text("email", "E-mail address", 254)
        }
    }

    /// A field for a password, which browsers may know or make up.
    pub fn password(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self {
            kind: "password",
            autocomplete,
            ..Self::text(name, label, 200)
        }
    }

    /// A field for one of some values, each with its label.
    pub fn choice(name: &'static str, label: &'static str, choices: Vec<(String, String)>) -> Self {
        Self {
            choices,
            ..Self::text(name, label, 0)
        }
    }

    /// The same for what browsers know as `purpose`.
    pub fn known_as(self, purpose: &'static str) -> Self {
        Self {
            autocomplete: purpose,
            ..self
        }
    }

    /// The same with a keyboard for `mode`.
    pub fn typed_as(self, mode: &'static str) -> Self {
        Self {
            inputmode: mode,
            kind: if mode == "tel" { "tel" } else { self.kind },
            ..self
        }
    }

    /// The same with some help.
    pub fn hinting(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// The same, not to be filled in by everybody.
    pub fn optional(self) -> Self {
        Self {
            is_optional: true,
            ..self
        }
    }

    /// The same with something in it.
    pub fn holding(self, value: &str) -> Self {
        Self {
            value: value.to_owned(),
            ..self
        }
    }

    /// The same with what is wrong with it; `is_later` where something before it is wrong, too.
    pub fn refused(self, complaint: Option<Complaint>, is_later: bool) -> Self {
        let Some(Complaint { message, .. }) = complaint else {
            return self;
        };
        Self {
            error: message,
            takes_focus: !is_later,
            ..self
        }
    }

    /// What describes the field, by id.
    fn described_by(&self) -> String {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-hint", self.name));
        let error = (!self.error.is_empty()).then(|| format!("{}-error", self.name));
        let ids: Vec<_> = hint.into_iter().chain(error).collect();
        ids.join(" ")
    }
}

impl HtmlSafe for Field {}
