//! A call as the handlers see it: who asks, with what parameters, in which format.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::App;
use obole_domain::AccountId;
use obole_domain::token::Scope;
use serde::Serialize;

use super::fault::Fault;
use super::fields::Fields;
use super::shapes::Links;
use crate::api::caller::Caller;

/// What a handler answers.
pub type Answer = Result<Response, Fault>;

/// The format of an answer. Only activities have others than JSON; everything else is JSON whatever
/// is asked for (section 2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// Activity Streams.
    Stream,
    /// Atom.
    Atom,
    /// One id a line.
    Text,
}

impl Format {
    /// What the end of a path says: the path without it, and the format. Refused for formats that
    /// are not written.
    pub fn of_path(path: &str) -> Result<(&str, Option<Self>), Fault> {
        let Some((rest, suffix)) = path.rsplit_once('.').filter(|(rest, _)| !rest.is_empty())
        else {
            return Ok((path, None));
        };
        let format = match suffix.to_ascii_lowercase().as_str() {
            "json" => Self::Json,
            "as" => Self::Stream,
            "atom" => Self::Atom,
            "txt" => Self::Text,
            "xml" | "yaml" | "yml" => return Err(Fault::not_acceptable()),
            _ => return Ok((path, None)),
        };
        Ok((rest, Some(format)))
    }

    /// What a head asks for.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if accept.contains("atom+xml") { Self::Atom } else { Self::Json }
    }
}

/// A call.
#[derive(Clone)]
pub struct Asked {
    /// Who asks.
    pub caller: Caller,
    /// With what.
    pub fields: Arc<Fields>,
    /// In which format.
    pub format: Format,
    /// Whether a script tag asks, which can follow no redirect.
    pub is_script: bool,
}

impl Asked {
    /// The instance.
    pub fn app(&self) -> &App {
        &self.caller.app
    }

    /// The addresses of this instance.
    pub fn links(&self) -> Links {
        Links::of(self.app())
    }

    /// The account whose token came; none without a token.
    pub fn asker(&self) -> Option<AccountId> {
        self.caller.grant.as_ref().map(|grant| grant.account)
    }

    /// The account whose token came.
    pub fn account(&self) -> Result<AccountId, Fault> {
        self.asker().ok_or(Fault::unauthorized())
    }

    /// The account, if its token allows a scope.
    pub fn allow(&self, scope: Scope) -> Result<AccountId, Fault> {
        let account = self.account()?;
        if self.caller.may(scope) { Ok(account) } else { Err(Fault::scope()) }
    }

    /// The account whose clicks the token may read.
    pub fn reader(&self) -> Option<AccountId> {
        let may = self.caller.may(Scope::Click) || self.caller.may(Scope::ClicksRead);
        self.asker().filter(|_| may)
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or(Fault::malformed())
    }
}

/// JSON on one line: a client reads the first one alone.
pub fn json(status: StatusCode, value: &impl Serialize) -> Answer {
    let text = serde_json::to_string(value).unwrap_or_default();
    let mut response = (status, text).into_response();
    let kind = HeaderValue::from_static("application/json;charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    Ok(response)
}

/// JSON with status 200.
pub fn ok(value: &impl Serialize) -> Answer {
    json(StatusCode::OK, value)
}
