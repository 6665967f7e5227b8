//! What stands around every answer of the API: the token is looked up once, requests are counted,
//! whatever goes wrong becomes problem+json, private answers are not stored.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, VARY, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use obole_app::App;
use obole_app::limits::Counter;

use crate::api::caller::{Caller, Proof};
use crate::headers::set_missing;
use crate::problem::Problem;

/// Where clicks are given, under `/api`.
const CLICKS: &str = "/v1/clicks";

/// What the frame needs.
#[derive(Clone)]
pub struct Frame {
    /// The instance.
    pub app: App,
    /// Counts the requests.
    pub counter: Arc<Counter>,
}

/// The frame of the API.
pub async fn answer(State(frame): State<Frame>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut caller = Caller::stranger(&frame.app, &parts);
    let mut response = match frame.admit(&mut caller, &parts).await {
        Ok(()) => {
            parts.extensions.insert(caller.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = Problem::taken(&mut response) {
        response = said(&caller, &problem, response.headers());
    }
    let headers = response.headers_mut();
    set_missing(headers, CACHE_CONTROL, "no-store");
    headers.append(VARY, HeaderValue::from_static("authorization, accept-language"));
    response
}

impl Frame {
    /// Finds out who asks, then counts: a token by itself, everybody else by address.
    async fn admit(&self, caller: &mut Caller, parts: &Parts) -> Result<(), Problem> {
        let is_click = parts.method == Method::POST && parts.uri.path() == CLICKS;
        let proof = if is_click { Proof::Memory } else { Proof::Database };
        let proved = caller.prove(&parts.headers, proof).await;
        if proved.as_ref().is_err_and(|problem| problem.status == StatusCode::SERVICE_UNAVAILABLE) {
            // A database that is away cannot count either.
            return proved;
        }
        if !self.app.config().limits.off {
            self.counter.count(&self.app, self.subject(caller)).await?;
        }
        proved
    }

    fn subject(&self, caller: &Caller) -> String {
        match &caller.grant {
            Some(grant) => grant.id.to_string(),
            None => self.app.address_subject(&caller.address),
        }
    }
}

/// The problem as the API says it, with what a client needs to go on.
fn said(caller: &Caller, problem: &Problem, before: &HeaderMap) -> Response {
    let mut response = problem.json(caller.language, &caller.request_id);
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
