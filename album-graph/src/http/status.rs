//! The table of status codes.

use axum::http::StatusCode;

use super::negotiation::MediaType;

/// Which text of the protocol's status codes is followed, where two differ
/// (<https://graphql.github.io/graphql-over-http/draft/>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Draft {
    /// The one that clients and their audits know: 400 for a document that is not valid, 200 for part of an answer.
    #[default]
    #[value(name = "2025")]
    Of2025,
    /// The one of August 2026: 422 for a document that is not valid, 294 for part of an answer.
    #[value(name = "2026-08")]
    OfAugust2026,
}

/// How a request fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Everything that was asked for is there.
    Success,
    /// Some of it is, beside errors.
    Partial,
    /// It was executed, and nothing came of it.
    Failure,
    /// The document is no GraphQL.
    Syntax,
    /// The document does not fit the schema, or the variables do not fit the document.
    Validation,
    /// The same request may succeed later.
    Unavailable,
    /// Something broke on our side, and nothing came of the request.
    Fault,
}

impl Outcome {
    /// Each with what the reference calls it.
    pub const ALL: [(Self, &str); 7] = [
        (Self::Success, "Everything that was asked for is there"),
        (Self::Partial, "Some of it is there, beside errors"),
        (Self::Failure, "Nothing is there, for the errors that are told"),
        (Self::Syntax, "The document is no GraphQL"),
        (
            Self::Validation,
            "The document does not fit the schema, or the variables do not fit it",
        ),
        (Self::Unavailable, "The database is away or busy: ask again"),
        (Self::Fault, "Something broke on our side"),
    ];
}

/// The status of an answer. Clients of plain JSON look into the body: for them every document was answered.
pub(super) fn status(outcome: Outcome, media_type: MediaType, draft: Draft) -> StatusCode {
    match (outcome, media_type, draft) {
        (Outcome::Unavailable, ..) => StatusCode::SERVICE_UNAVAILABLE,
        (Outcome::Fault, ..) => StatusCode::INTERNAL_SERVER_ERROR,
        (Outcome::Syntax, MediaType::GraphQl, _) | (Outcome::Validation, MediaType::GraphQl, Draft::Of2025) => {
            StatusCode::BAD_REQUEST
        }
        (Outcome::Validation, MediaType::GraphQl, Draft::OfAugust2026) => StatusCode::UNPROCESSABLE_ENTITY,
        (Outcome::Partial, MediaType::GraphQl, Draft::OfAugust2026) => {
            StatusCode::from_u16(294).unwrap_or(StatusCode::OK)
        }
        (Outcome::Success | Outcome::Partial | Outcome::Failure, ..)
        | (Outcome::Syntax | Outcome::Validation, MediaType::Json, _) => StatusCode::OK,
    }
}
