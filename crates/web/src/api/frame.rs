//! What stands around every answer of the API: the token is looked up once, requests are counted,
//! whatever goes wrong becomes problem+json, private answers are not stored.

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, VARY, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use obole_app::App;

use crate::api::caller::{Caller, Proof};
use crate::api::limits;
use crate::headers::set_missing;
use crate::problem::Problem;

/// Where clicks are given, under the root of the version.
const CLICKS: &str = "/clicks";

/// The frame of the API.
pub async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut caller = Caller::stranger(&app, &parts);
    let mut response = match admit(&mut caller, &parts).await {
        Ok(()) => {
            parts.extensions.insert(caller.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = Problem::taken(&mut response) {
        response = said(&caller, &problem, response.headers());
    }
    limits::say(&caller, response.headers_mut()).await;
    let headers = response.headers_mut();
    set_missing(headers, CACHE_CONTROL, "no-store");
    headers.append(VARY, HeaderValue::from_static("authorization, accept-language"));
    response
}

/// Finds out who asks, then counts: a token by itself, everybody else by address.
async fn admit(caller: &mut Caller, parts: &Parts) -> Result<(), Problem> {
    if parts.uri.query().is_some_and(has_token) {
        return Err(Problem::bad_request("token_in_address"));
    }
    let is_click = parts.method == Method::POST && parts.uri.path() == CLICKS;
    let proof = if is_click { Proof::Memory } else { Proof::Database };
    let proved = caller.prove(&parts.headers, proof).await;
    if proved.as_ref().is_err_and(|problem| problem.status == StatusCode::SERVICE_UNAVAILABLE) {
        // A database that is away cannot count either.
        return proved;
    }
    if !caller.app.config().limits.off {
        caller.count().await?;
    }
    proved
}

/// Whether a query carries a token: addresses are kept in logs and histories, so none is taken from
/// there (RFC 9700 section 4.3.2), and who sends one should change it.
fn has_token(query: &str) -> bool {
    query.split('&').any(|pair| pair.split('=').next() == Some("access_token"))
}

/// The problem as the API says it, with what a client needs to go on.
fn said(caller: &Caller, problem: &Problem, before: &HeaderMap) -> Response {
    let mut response =
        problem.json(&caller.app.config().base_url(), caller.language, &caller.request_id);
    let headers = response.headers_mut();
    if problem.is_replayed {
        headers.insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    if let Some(allow) = before.get(ALLOW) {
        headers.insert(ALLOW, allow.clone());
    }
    // RFC 6750 section 3.
    let challenge = match (problem.status, problem.code.as_str()) {
        (StatusCode::UNAUTHORIZED, "token_unknown") => "Bearer error=\"invalid_token\"".to_owned(),
        (StatusCode::UNAUTHORIZED, _) => "Bearer".to_owned(),
        (_, "scope_missing") => {
            let scopes = problem.word("scope").unwrap_or_default();
            format!("Bearer error=\"insufficient_scope\", scope=\"{scopes}\"")
        }
        _ => return response,
    };
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}
