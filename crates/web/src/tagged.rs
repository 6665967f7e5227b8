//! Answers for programs of every site: nobody is looked at, an entity tag says whether something
//! changed, and what goes wrong is a sentence of plain text.

use axum::body::Bytes;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use obole_app::secrets::{digest, hex};
use obole_language::Language;

use crate::problem::Problem;

/// What an answer is, and how it may be kept.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its media type.
    pub media: &'static str,
    /// Its `Cache-Control`.
    pub caching: &'static str,
}

/// An answer with an entity tag of its body, or 304 where the client has it already.
#[must_use]
pub fn tagged(headers: &HeaderMap, kind: Kind, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let hash = hex(&digest(&body));
    let tag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let known = known.flat_map(|line| line.split(',')).map(str::trim);
    // Compression makes the tag weak (RFC 9110 section 13.1.2 compares weakly).
    let is_known =
        known.map(|one| one.strip_prefix("W/").unwrap_or(one)).any(|one| one == tag || one == "*");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, kind.media)], body).into_response()
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kind.caching));
    response
}

/// Lets scripts of every site read an answer. It holds nothing personal.
#[must_use]
pub fn for_every_site(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    response
}

/// What went wrong, as a sentence of plain text.
#[must_use]
pub fn sentence(problem: &Problem, language: Language) -> Response {
    let mut response = plain(problem.status, &problem.sentence(language));
    problem.add_retry(&mut response);
    response
}

/// A sentence of plain text, which is not kept.
#[must_use]
pub fn plain(status: StatusCode, sentence: &str) -> Response {
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")];
    (status, headers, format!("{sentence}\n")).into_response()
}
