//! In which encodings an answer may go out.

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

/// Overlooks that a client does not take an answer as it is: by the time that it could be refused one, what was asked for is done
/// (RFC 9110, 12.5.3, leaves that to the server).
pub async fn be_lenient(mut request: Request, next: Next) -> Response {
    let values = request.headers().get_all(header::ACCEPT_ENCODING).into_iter();
    let mut parts = values.flat_map(|value| value.to_str().unwrap_or_default().split(','));
    let refuses = parts.any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start_matches('=');
        matches!(name.trim().to_ascii_lowercase().as_str(), "identity" | "*") && weight.parse() == Ok(0.0)
    });
    if refuses {
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    next.run(request).await
}
