//! Errors become answers (security.md section 14): the one match from what went wrong to a status,
//! and the page that says it. `api` says the same as problem+json.

use askama::Template;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use obole_app::{Error, Said, SaidValue};
use obole_domain::Refusal;
use obole_language::{Arg, Language};

use crate::address::with_query;
use crate::page::{Page, Place};
use crate::visitor::Visitor;

/// Seconds after which a browser or program may try again where nothing better is known.
const RETRY_SECONDS: i64 = 5;

/// The codes that are no refusal of a rule, each with its usual status and the key of its sentence.
pub const ANSWERS: [(&str, u16, &str); 18] = [
    ("not_found", 404, "answer-not-found"),
    ("forbidden", 403, "answer-forbidden"),
    ("foreign_form", 403, "answer-foreign-form"),
    ("sign_in_needed", 401, "answer-sign-in-needed"),
    ("proof_needed", 403, "answer-proof-needed"),
    ("operation_missing", 422, "answer-operation-missing"),
    ("malformed", 400, "answer-malformed"),
    ("too_large", 413, "answer-too-large"),
    ("too_slow", 408, "answer-too-slow"),
    ("unsupported_type", 415, "answer-unsupported-type"),
    ("method_not_allowed", 405, "answer-method"),
    ("misdirected", 421, "answer-misdirected"),
    ("busy", 503, "answer-busy"),
    ("conflict", 409, "answer-conflict"),
    ("still_running", 409, "answer-still-running"),
    ("internal", 500, "answer-internal"),
    ("client_unknown", 400, "oauth-client-unknown"),
    ("redirect_unknown", 400, "oauth-redirect-unknown"),
];

/// An answer that says what went wrong. A handler returns it; the frame around the route group
/// turns it into a page, or the API into problem+json.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status (E2).
    pub status: StatusCode,
    /// The stable code: a refusal's, or one of this file's.
    pub code: String,
    /// The field that it is about; empty where it is about the whole.
    pub field: String,
    /// The values of its sentence.
    pub values: Vec<(String, SaidValue)>,
    /// Seconds after which to try again.
    pub retry_seconds: Option<i64>,
    /// Whether an earlier doing under the same idempotency key was refused like this (K3).
    pub is_replayed: bool,
}

impl Problem {
    pub(crate) fn of(status: StatusCode, code: &str) -> Self {
        let (field, values) = (String::new(), Vec::new());
        let code = code.to_owned();
        Self { status, code, field, values, retry_seconds: None, is_replayed: false }
    }

    /// No such page, or not the asker's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found")
    }

    /// Nobody is signed in: pages send the visitor to the sign-in and back.
    #[must_use]
    pub fn sign_in_needed() -> Self {
        Self::of(StatusCode::UNAUTHORIZED, "sign_in_needed")
    }

    /// The form did not come from a page of this instance, or is too old (W2).
    #[must_use]
    pub fn foreign_form() -> Self {
        Self::of(StatusCode::FORBIDDEN, "foreign_form")
    }

    /// A form without its number, so that it could not be told from one sent twice (K1).
    #[must_use]
    pub fn operation_missing() -> Self {
        Self::of(StatusCode::UNPROCESSABLE_ENTITY, "operation_missing")
    }

    /// What was sent cannot be read.
    #[must_use]
    pub fn malformed() -> Self {
        Self::of(StatusCode::BAD_REQUEST, "malformed")
    }

    /// This host name is not the instance's (W6).
    #[must_use]
    pub fn misdirected() -> Self {
        Self::of(StatusCode::MISDIRECTED_REQUEST, "misdirected")
    }

    /// A fault of ours. The detail goes to the log and nowhere else (E1).
    pub fn internal(detail: impl ToString) -> Self {
        tracing::error!(detail = detail.to_string(), "a request failed");
        Self::of(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// The problem of a bare status, such as a library's rejection.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Self::of(status, "method_not_allowed"),
            StatusCode::REQUEST_TIMEOUT => Self::of(status, "too_slow"),
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                Self::of(status, "too_large")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::of(status, "unsupported_type"),
            StatusCode::MISDIRECTED_REQUEST => Self::misdirected(),
            StatusCode::SERVICE_UNAVAILABLE => Self::busy(),
            status if status.is_client_error() => Self { status, ..Self::malformed() },
            _ => Self::of(StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        }
    }

    /// The same request is still being worked on (K3).
    fn running() -> Self {
        let running = Self::of(StatusCode::CONFLICT, "still_running");
        Self { retry_seconds: Some(RETRY_SECONDS), ..running }
    }

    fn busy() -> Self {
        let busy = Self::of(StatusCode::SERVICE_UNAVAILABLE, "busy");
        Self { retry_seconds: Some(RETRY_SECONDS), ..busy }
    }

    /// The sentence in a language: what happened, whether anything was saved, what to do.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let Some(key) = self.key() else { return said(language, &self.code, &self.values) };
        obole_language::text(language, key)
    }

    /// The key of its sentence; none for a refusal.
    fn key(&self) -> Option<&'static str> {
        ANSWERS.iter().find(|(code, ..)| *code == self.code).map(|(_, _, key)| *key)
    }

    fn title_key(&self) -> &'static str {
        match self.status {
            StatusCode::NOT_FOUND => "answer-not-found-title",
            StatusCode::TOO_MANY_REQUESTS => "answer-too-many-title",
            StatusCode::SERVICE_UNAVAILABLE => "answer-busy-title",
            status if status.is_server_error() => "answer-internal-title",
            _ => "answer-refused-title",
        }
    }

    /// The page that says it; for a missing sign-in or proof the way there.
    #[must_use]
    pub fn page(&self, visitor: &Visitor) -> Response {
        let way = match self.code.as_str() {
            "sign_in_needed" => Some("/sign-in"),
            "proof_needed" => Some("/sign-in/proof"),
            _ => None,
        };
        if let Some(way) = way {
            return crate::answer::see_other(&with_query(way, &[("back", &visitor.back)]));
        }
        let title = obole_language::text(visitor.language, self.title_key());
        let page = ProblemPage {
            page: visitor.page(Place::Elsewhere, title),
            status: self.status.as_u16(),
            sentence: self.sentence(visitor.language),
            home: if visitor.session.is_some() { "/month" } else { "/" },
            request_id: visitor.request_id.clone(),
        };
        let html = page.render().unwrap_or_else(|_| self.code.clone());
        let mut response = (self.status, axum::response::Html(html)).into_response();
        self.add_retry(&mut response);
        response
    }

    /// Its status alone, where there is nobody to read a sentence.
    #[must_use]
    pub fn bare(&self) -> Response {
        self.status.into_response()
    }

    /// Adds `Retry-After` where there is something to wait for.
    pub fn add_retry(&self, response: &mut Response) {
        if let Some(seconds) = self.retry_seconds {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
    }

    /// The problem that a response carries: a handler's own, or that of a library's bare status.
    pub fn taken(response: &mut Response) -> Option<Self> {
        if let Some(problem) = response.extensions_mut().remove::<Self>() {
            return Some(problem);
        }
        let status = response.status();
        let is_error = status.is_client_error() || status.is_server_error();
        let kind = response.headers().get(header::CONTENT_TYPE);
        let is_written = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        (is_error && !is_written).then(|| Self::of_status(status))
    }
}

/// The sentence of a refusal by its code and values.
#[must_use]
pub fn said(language: Language, code: &str, values: &[(String, SaidValue)]) -> String {
    let values = values
        .iter()
        .filter_map(|(name, value)| value.value().map(|value| (name.clone(), Arg::from(value))));
    obole_language::problem_said(language, code, &values.collect::<Vec<_>>())
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::not_found(),
            Error::Forbidden => Self::of(StatusCode::FORBIDDEN, "forbidden"),
            Error::ProofNeeded => Self::of(StatusCode::FORBIDDEN, "proof_needed"),
            Error::TokenEnded => Self::of(StatusCode::UNAUTHORIZED, "token_unknown"),
            Error::Refused(said) => Self::from(said),
            Error::Running => Self::running(),
            Error::Conflict(_) => Self::of(StatusCode::CONFLICT, "conflict"),
            Error::Busy(_) | Error::Unavailable(_) => Self::busy(),
            Error::Internal(detail) => Self::internal(detail),
        }
    }
}

impl From<Said> for Problem {
    fn from(said: Said) -> Self {
        let waits = said.values.iter().find_map(|(name, value)| match value {
            SaidValue::Number(seconds) if name == "seconds" => Some(*seconds),
            _ => None,
        });
        let is_rate = said.code == (Refusal::TooMany { seconds: 0 }).code();
        let status =
            if is_rate { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
        Self {
            status,
            code: said.code,
            field: said.field,
            values: said.values,
            retry_seconds: waits.filter(|_| is_rate),
            is_replayed: said.is_replayed,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::from(Said::from(&refusal))
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    page: Page,
    status: u16,
    sentence: String,
    home: &'static str,
    request_id: String,
}
