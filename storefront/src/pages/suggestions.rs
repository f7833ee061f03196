//! What somebody may be about to type, for the list below the search field.

use axum::http::StatusCode;
use axum::response::Response;

use crate::operations::operations;
use crate::pages::problem::Problem;
use crate::parameters::Parameters;
use crate::parts::refinement;
use crate::parts::suggestions::{Suggested, Suggestions};
use crate::schema;
use crate::visit::Visit;

/// So many of each kind: with all three, about what fits below the field.
const EACH: i32 = 3;

operations!(query SuggestQuery(SuggestVariables));

#[derive(Debug, cynic::QueryVariables)]
struct SuggestVariables {
    prefix: String,
    first: i32,
}

#[derive(Debug, cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "SuggestVariables")]
struct SuggestQuery {
    #[arguments(prefix: $prefix, first: $first)]
    suggest: Suggested,
}

/// Lists suggestions: none for nothing.
pub async fn list(visit: Visit, parameters: Parameters) -> Result<Response, Problem> {
    let query = refinement::typed(parameters.get("q"));
    let suggested = if query.is_empty() {
        Suggested::default()
    } else {
        let variables = SuggestVariables {
            prefix: query.clone(),
            first: EACH,
        };
        visit.ask::<SuggestQuery>(variables).await?.suggest
    };
    visit.answer_part(StatusCode::OK, &Suggestions::new(query, suggested))
}
