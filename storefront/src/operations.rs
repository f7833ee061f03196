//! What the shop asks of album-graph: documents that are known there by their names, so that no text is sent or parsed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

use cynic::queries::{OperationType, build_executable_document};
use cynic::schema::{MutationRoot, QueryRoot};
use cynic::{QueryFragment, QueryVariables};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// A query or a mutation, by the type of its answer; what implements it is listed with `operations!`.
pub trait Operation: DeserializeOwned {
    /// What differs from one time to the next.
    type Variables: Serialize;

    /// What is asked, the same each time.
    fn document() -> &'static Document;
}

/// The text of an operation, and what names it.
#[derive(Debug)]
pub struct Document {
    text: String,
    id: String,
    name: Option<Cow<'static, str>>,
}

/// A request for an operation, as it is sent.
#[derive(Debug, Serialize)]
pub struct Request<'r, V> {
    #[serde(flatten)]
    document: Asked,
    variables: &'r V,
}

/// How a document is asked for.
#[derive(Clone, Copy, Debug, Serialize)]
pub enum Asked {
    /// By its name.
    #[serde(rename = "documentId")]
    ById(&'static str),
    /// By its text.
    #[serde(rename = "query")]
    InFull(&'static str),
}

impl Asked {
    /// What stands for it in a URL.
    pub fn parameter(self) -> (&'static str, &'static str) {
        match self {
            Self::ById(id) => ("documentId", id),
            Self::InFull(text) => ("query", text),
        }
    }

    /// Puts the variables to it.
    pub fn with<V>(self, variables: &V) -> Request<'_, V> {
        Request {
            document: self,
            variables,
        }
    }
}

impl Document {
    /// A document with this text; `name` is that of its operation.
    pub fn new(text: String, name: Option<Cow<'static, str>>) -> Self {
        let id = Sha256::digest(text.as_bytes())
            .iter()
            .fold("sha256:".to_owned(), |mut id, byte| {
                // Writing to a string cannot fail.
                let _ = write!(id, "{byte:02x}");
                id
            });
        Self { text, id, name }
    }

    /// The one that asks for a fragment of the root of queries.
    pub fn query<Q, V>() -> Self
    where
        Q: QueryFragment<VariablesFields = V::Fields>,
        Q::SchemaType: QueryRoot,
        V: QueryVariables,
    {
        Self::of::<Q, V>(OperationType::Query)
    }

    /// The one that asks for a fragment of the root of mutations.
    pub fn mutation<Q, V>() -> Self
    where
        Q: QueryFragment<VariablesFields = V::Fields>,
        Q::SchemaType: MutationRoot,
        V: QueryVariables,
    {
        Self::of::<Q, V>(OperationType::Mutation)
    }

    fn of<Q: QueryFragment, V: QueryVariables>(kind: OperationType) -> Self {
        let name = Q::name();
        let features = HashSet::new();
        Self::new(
            build_executable_document::<Q, V>(kind, name.as_deref(), features, None),
            name,
        )
    }

    /// What its operation is called.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Both ways to ask for it: by its name, and where that is not known, in full.
    pub fn ways(&'static self) -> [Asked; 2] {
        [Asked::ById(&self.id), Asked::InFull(&self.text)]
    }
}

/// Documents as Relay's compiler lists them, in the order of their texts: a JSON object of texts by their names.
pub fn manifest(mut documents: Vec<&Document>) -> String {
    documents.sort_unstable_by_key(|document| &document.text);
    documents.dedup_by_key(|document| &document.text);
    let mut manifest = String::from("{");
    for (number, Document { text, id, .. }) in documents.into_iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(manifest, "{comma}\n  \"{id}\": {}", serde_json::json!(text));
    }
    manifest + "\n}\n"
}

/// Has it that a module may ask something: `operations!(query AlbumQuery(AlbumVariables), mutation Empty(()); adding);`, each answer's
/// type with that of its variables, and the modules below that ask, too.
macro_rules! operations {
    ($($kind:ident $answer:ident($variables:ty)),+ $(,)? $(; $($module:ident),+)?) => {
        $(
            impl $crate::operations::Operation for $answer {
                type Variables = $variables;

                fn document() -> &'static $crate::operations::Document {
                    static DOCUMENT: std::sync::LazyLock<$crate::operations::Document> =
                        std::sync::LazyLock::new($crate::operations::Document::$kind::<$answer, $variables>);
                    &DOCUMENT
                }
            }
        )+

        /// What is asked here.
        pub fn operations() -> Vec<&'static $crate::operations::Document> {
            let here = vec![$(<$answer as $crate::operations::Operation>::document()),+];
            [here, $($($module::operations()),+)?].concat()
        }
    };
}
pub(crate) use operations;
