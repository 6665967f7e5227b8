//! Public answers that a client may keep and ask about again: an entity tag of the body.

use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use obole_app::secrets::{digest, hex};
use serde::Serialize;

use crate::answer::Answer;
use crate::problem::Problem;

/// An answer with an entity tag, or 304 where the client has it already.
pub fn cached(headers: &HeaderMap, body: &impl Serialize) -> Answer {
    let text = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(with_tag(headers, text))
}

/// The same for a body that is written already.
#[must_use]
pub fn with_tag(headers: &HeaderMap, text: Vec<u8>) -> Response {
    let hash = hex(&digest(&text));
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let known = known.flat_map(|line| line.split(',')).map(str::trim);
    // Compression makes the tag weak (RFC 9110 section 13.1.2 compares weakly).
    let is_known =
        known.map(|one| one.strip_prefix("W/").unwrap_or(one)).any(|one| one == tag || one == "*");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(axum::http::header::CONTENT_TYPE, "application/json")], text).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    response
}
