//! Programs in browsers, from any site or extension (Fetch standard, section 3.3): they may read
//! what the API answers, for it looks at no cookie, and a token is nothing that a browser adds.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// What the answer to the question before a request says; browsers remember it for two hours.
const LEAVE: [(HeaderName, &str); 3] = [
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
    (
        ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, idempotency-key, accept-language, if-none-match",
    ),
    (ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// What a script may read of an answer besides the plainest headers.
const READABLE: &str = "deprecation, etag, idempotent-replayed, link, ratelimit, ratelimit-limit, \
    ratelimit-policy, ratelimit-remaining, ratelimit-reset, retry-after, sunset, \
    www-authenticate, x-request-id";

/// Lets scripts of all origins read, without cookies; answers the question that a browser asks
/// before a request with a token.
pub async fn allow(request: Request, next: Next) -> Response {
    let is_question = is_question(request.method(), request.headers());
    let mut response = match is_question {
        true => (StatusCode::NO_CONTENT, LEAVE).into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READABLE));
    response
}

/// Whether a browser asks if a script may send a request.
fn is_question(method: &Method, headers: &HeaderMap) -> bool {
    let is_named = |name| headers.contains_key(name);
    *method == Method::OPTIONS && is_named(ORIGIN) && is_named(ACCESS_CONTROL_REQUEST_METHOD)
}
