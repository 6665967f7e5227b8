//! What went wrong, in Flattr's words (research/flattr-api-v2.md section 4): a name for programs, a
//! sentence for people.

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use obole_app::Error;
use obole_domain::Refusal;
use obole_language::{Language, text};
use serde::Serialize;

use crate::problem::Problem;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The status.
    pub status: StatusCode,
    /// The name.
    pub error: &'static str,
    said: Said,
    /// Whether the body also has the words of a lookup (section 7.6).
    is_lookup: bool,
}

/// Where the sentence comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Key(&'static str),
    Problem(Box<Problem>),
}

/// All three keys are always there; a lookup has the texts once more under other names.
#[derive(Serialize)]
struct FaultShape<'a> {
    error: &'a str,
    error_description: &'a str,
    error_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

impl Fault {
    const fn of(status: StatusCode, error: &'static str, key: &'static str) -> Self {
        Self { status, error, said: Said::Key(key), is_lookup: false }
    }

    /// Nothing can be called so.
    pub const fn route_missing() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found", "flattrs-route-missing")
    }

    /// Nobody has this name.
    pub const fn user_missing() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found", "flattrs-user-missing")
    }

    /// There is no such thing, or its owner does not collect.
    pub const fn thing_missing() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found", "flattrs-thing-missing")
    }

    /// The account has no such subscription.
    pub const fn subscription_missing() -> Self {
        Self::of(StatusCode::NOT_FOUND, "not_found", "flattrs-subscription-missing")
    }

    /// The request cannot be read.
    pub const fn malformed() -> Self {
        Self::of(StatusCode::BAD_REQUEST, "invalid_request", "flattrs-malformed")
    }

    /// No address is given.
    pub const fn url_missing() -> Self {
        Self::of(StatusCode::BAD_REQUEST, "invalid_request", "flattrs-url-missing")
    }

    /// A parameter is none that there is.
    pub const fn parameter() -> Self {
        Self::of(StatusCode::BAD_REQUEST, "invalid_parameters", "flattrs-parameter")
    }

    /// A link names another owner than the one who proved control.
    pub const fn other_owner() -> Self {
        Self::of(StatusCode::BAD_REQUEST, "validation", "flattrs-other-owner")
    }

    /// A token is needed, or the one that came is not known.
    pub const fn unauthorized() -> Self {
        Self::of(StatusCode::UNAUTHORIZED, "unauthorized", "flattrs-unauthorized")
    }

    /// The token lacks a scope.
    pub const fn scope() -> Self {
        Self::of(StatusCode::FORBIDDEN, "insufficient_scope", "flattrs-scope")
    }

    /// The account has no budget, or no money for it.
    pub const fn no_means() -> Self {
        Self::of(StatusCode::UNAUTHORIZED, "no_means", "flattrs-no-means")
    }

    /// The account has given to this thing in this month.
    pub const fn once() -> Self {
        Self::of(StatusCode::FORBIDDEN, "flattr_once", "flattrs-once")
    }

    /// The thing is the account's own.
    pub const fn own() -> Self {
        Self::of(StatusCode::FORBIDDEN, "flattr_owner", "flattrs-owner")
    }

    /// A format that is not written.
    pub const fn not_acceptable() -> Self {
        Self::of(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "flattrs-not-acceptable")
    }

    /// An extension may ask again when somebody has a budget (section 13.2).
    pub fn payment_required(self) -> Self {
        Self { status: StatusCode::PAYMENT_REQUIRED, ..self }
    }

    /// The same in an answer to a lookup.
    pub fn of_lookup(self) -> Self {
        Self { is_lookup: true, ..self }
    }

    /// The same for a subscription, where Flattr has other names.
    pub fn of_subscription(self) -> Self {
        if self.error == "flattr_owner" {
            return Self::of(self.status, "thing_owner", "flattrs-thing-owner");
        }
        self
    }

    /// The sentence in a language.
    pub fn sentence(&self, language: Language) -> String {
        match &self.said {
            Said::Key(key) => text(language, key),
            Said::Problem(problem) => problem.sentence(language),
        }
    }

    /// The answer that says it. `base` is the instance's address.
    pub fn answer(&self, language: Language, base: &str) -> Response {
        let sentence = self.sentence(language);
        let shape = FaultShape {
            error: self.error,
            error_description: &sentence,
            error_uri: format!("{base}/developers"),
            message: self.is_lookup.then_some(self.error),
            description: self.is_lookup.then_some(&sentence),
        };
        let mut response = (self.status, Json(shape)).into_response();
        let headers = response.headers_mut();
        if self.error == "unauthorized" {
            let challenge = HeaderValue::from_static("Bearer realm=\"obole\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_seconds() {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn retry_seconds(&self) -> Option<i64> {
        if let Said::Problem(problem) = &self.said { problem.retry_seconds } else { None }
    }

    /// What a response carries: a handler's own fault, or the problem of a frame or library.
    pub fn taken(response: &mut Response) -> Option<Self> {
        let own = response.extensions_mut().remove::<Self>();
        own.or_else(|| Problem::taken(response).map(Self::from))
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let is = |refusal: Refusal| problem.code == refusal.code();
        if is(Refusal::ClickedAlready {}) {
            return Self::once();
        }
        if is(Refusal::OwnWork {}) {
            return Self::own();
        }
        let (status, error) = match (problem.status, problem.code.as_str()) {
            (StatusCode::UNAUTHORIZED, _) => return Self::unauthorized(),
            (_, "scope_missing") => return Self::scope(),
            (_, "subscribed") => (StatusCode::FORBIDDEN, "subscribed"),
            (StatusCode::NOT_FOUND, _) => return Self::thing_missing(),
            (StatusCode::FORBIDDEN, _) => {
                return Self::of(StatusCode::FORBIDDEN, "forbidden", "flattrs-forbidden");
            }
            (StatusCode::TOO_MANY_REQUESTS, _) => (StatusCode::FORBIDDEN, "rate_limit_exceeded"),
            (_, "work_refused") => (StatusCode::FORBIDDEN, "forbidden"),
            (StatusCode::UNPROCESSABLE_ENTITY, _) => (StatusCode::BAD_REQUEST, "validation"),
            (status, _) if status.is_server_error() => (status, "server_error"),
            (StatusCode::CONFLICT, _) => (StatusCode::SERVICE_UNAVAILABLE, "server_error"),
            _ => (StatusCode::BAD_REQUEST, "invalid_request"),
        };
        Self { status, error, said: Said::Problem(Box::new(problem)), is_lookup: false }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::from(Problem::from(error))
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::from(Problem::from(refusal))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
