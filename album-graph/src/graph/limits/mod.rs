//! How much one request may ask for, found out before it is validated and run.

mod cost;
mod document;
mod positions;
mod shape;
mod types;
mod variables;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};
use async_graphql::{ServerError, Value, Variables};

use super::error::Code;

pub(super) use cost::root;
pub use cost::{Asked, Cost, Pricing};
pub use types::{Types, base};

/// Largest body of a request, in bytes.
pub const BODY: usize = 64 * 1024;
/// Most tokens of a document: names, numbers, texts and signs.
pub const TOKENS: u64 = 2_000;
/// Most fields of a document, with every fragment written out.
pub const FIELDS: u64 = 1_000;
/// Most fields at the root of an operation, each of which may cost a statement or more.
pub const ROOT_FIELDS: u64 = 50;
/// Most fields that are renamed, with every fragment written out.
pub const ALIASES: u64 = 100;
/// Most directives, with every fragment written out.
pub const DIRECTIVES: u64 = 50;
/// Deepest nesting of fields, with every fragment written out: deep enough for introspection.
pub const NESTING: u64 = 20;
/// Deepest nesting of braces, those of fragments included.
pub(super) const WRITTEN_OUT: usize = 60;
/// Deepest nesting of introspection's lists, each of which multiplies the answer.
pub const INTROSPECTION_LISTS: u64 = 2;
/// Most values of a list among the variables.
pub const LIST: u64 = 100;
/// Most errors that an answer tells.
pub const ERRORS: usize = 100;
/// Most objects that an answer may have, where a list counts for as many as it may hold.
pub const COST: u64 = 20_000;
/// Most values that an answer may have, counted alike.
pub const VALUES: u64 = 100_000;

/// A limit that a request is beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// Which limit, for programs: `extensions.limit`.
    pub limit: &'static str,
    /// How much is allowed.
    pub most: u64,
    /// In words.
    pub message: String,
}

impl Excess {
    fn check(limit: &'static str, what: &str, asked: u64, most: u64) -> Result<(), Self> {
        if asked <= most {
            return Ok(());
        }
        Err(Self::beyond(limit, what, most))
    }

    fn beyond(limit: &'static str, what: &str, most: u64) -> Self {
        Self {
            limit,
            most,
            message: format!("The document has more than {most} {what}, its fragments written out."),
        }
    }

    fn too_deep() -> Self {
        Self::beyond("depth", "levels", NESTING)
    }

    /// What a client is told.
    #[must_use]
    pub fn error(&self) -> ServerError {
        let mut error = ServerError::new(&self.message, None);
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", Code::LimitExceeded.as_str());
        extensions.set("limit", self.limit);
        extensions.set("most", self.most);
        error
    }
}

/// A document that is within the limits, whatever its variables are.
#[derive(Debug)]
pub(crate) struct Document {
    parsed: ExecutableDocument,
    /// Under which names the answer has what introspection says.
    about_schema: Vec<String>,
    /// Whether it asks for the schema.
    pub introspects: bool,
}

impl Document {
    /// Reads a document and checks it; none where it cannot be parsed, which is for the execution to refuse, with the place in the
    /// text.
    ///
    /// # Errors
    /// Names the first limit that it is beyond.
    pub fn read(text: &str) -> Result<Option<Self>, Excess> {
        Excess::check("tokens", "tokens", document::tokens(text), TOKENS)?;
        let parsed = match parse_query(text) {
            Ok(parsed) => parsed,
            Err(async_graphql::parser::Error::RecursionLimitExceeded) => return Err(Excess::too_deep()),
            Err(_) => return Ok(None),
        };
        document::check(&parsed)?;
        Ok(Some(Self {
            about_schema: document::about_schema(&parsed),
            introspects: document::introspects(&parsed),
            parsed,
        }))
    }

    /// The operation that would run; none where that cannot be told, and nothing runs.
    pub fn operation(&self, name: Option<&str>) -> Option<&OperationDefinition> {
        cost::operation(&self.parsed, name)
    }

    /// What its only operation is called; none where there are several, or it has no name.
    pub fn name(&self) -> Option<String> {
        let mut operations = self.parsed.operations.iter();
        let (name, _) = operations.next()?;
        name.filter(|_| operations.next().is_none()).map(ToString::to_string)
    }

    /// What an operation may cost, where the shop has so many genres.
    ///
    /// # Errors
    /// Names the first limit that it is beyond.
    pub fn cost(&self, asked: Asked<'_>, pricing: &Pricing, genres: u64) -> Result<Cost, Excess> {
        let longest = document::longest_list(asked.variables).unwrap_or(0);
        if longest > LIST {
            let message = format!("A list among the variables has {longest} values, but may have at most {LIST}.");
            return Err(Excess {
                limit: "list",
                most: LIST,
                message,
            });
        }
        let cost = pricing.cost(&self.parsed, asked, genres);
        for (limit, what, asked, most) in [
            ("cost", "objects", cost.objects, COST),
            ("values", "values", cost.values, VALUES),
        ] {
            if asked > most {
                let message = format!(
                    "The answer may have {asked} {what}, but must have at most {most}: ask for shorter lists, or for fewer at a time."
                );
                return Err(Excess { limit, most, message });
            }
        }
        Ok(cost)
    }

    /// How many objects an answer has, but for what introspection says, which has limits of its own.
    pub fn measure(&self, answer: &Value) -> u64 {
        cost::measure(&self.about_schema, answer)
    }

    /// What is executed, which need not be read again, and completes its variables.
    ///
    /// # Errors
    /// Says which variable is missing, or stands where it may not.
    pub fn prepare(
        &self,
        operation: Option<&str>,
        variables: &mut Variables,
        types: &Types,
    ) -> Result<ExecutableDocument, String> {
        let mut parsed = self.parsed.clone();
        if let Some(operation) = self.operation(operation) {
            positions::check(types, &self.parsed, operation)?;
            let left_out = variables::complete(operation, variables)?;
            if !left_out.is_empty() {
                variables::omit(&mut parsed, &left_out);
            }
        }
        Ok(parsed)
    }

    /// What was read.
    pub fn parsed(&self) -> &ExecutableDocument {
        &self.parsed
    }
}
