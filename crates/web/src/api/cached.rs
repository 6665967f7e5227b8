//! Public answers that a client may keep and ask about again: an entity tag of the body.

use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;

use crate::answer::Answer;
use crate::problem::Problem;
use crate::tagged::{Kind, tagged};

/// JSON that is asked about each time.
const ASKED: Kind = Kind { media: "application/json", caching: "public, no-cache" };

/// An answer with an entity tag, or 304 where the client has it already.
pub fn cached(headers: &HeaderMap, body: &impl Serialize) -> Answer {
    let text = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(with_tag(headers, text))
}

/// The same for a body that is written already.
#[must_use]
pub fn with_tag(headers: &HeaderMap, text: Vec<u8>) -> Response {
    tagged(headers, ASKED, text)
}
