//! Who asks through the API: the token's account, what it allows, the language to answer in.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{ACCEPT_LANGUAGE, AUTHORIZATION};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use obole_app::tokens::{self, TokenGrant};
use obole_app::{App, SaidValue};
use obole_domain::AccountId;
use obole_domain::token::Scope;
use obole_language::Language;

use crate::problem::Problem;
use crate::visitor::{RequestNumber, client_address};

/// Where a token is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// In the database: what it says is so.
    Database,
    /// In memory where it can be: the command asks the database whether the token still stands.
    Memory,
}

/// Who asks, with a token or without.
#[derive(Clone)]
pub struct Caller {
    /// The instance.
    pub app: App,
    /// What the token allows; none where none was sent.
    pub grant: Option<Arc<TokenGrant>>,
    /// Whether the command counts the request: there was no leave for it in memory.
    pub owes: bool,
    /// The language of sentences.
    pub language: Language,
    /// The client's address; empty where it is not known.
    pub address: String,
    /// The number of the request.
    pub request_id: String,
}

impl Caller {
    /// What a request says before its token is looked up.
    #[must_use]
    pub fn stranger(app: &App, parts: &Parts) -> Self {
        let asked = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            app: app.clone(),
            grant: None,
            owes: false,
            language: Language::negotiate(asked.unwrap_or_default()),
            address: client_address(app.config(), parts),
            request_id: parts
                .extensions
                .get()
                .map_or_else(String::new, |RequestNumber(id)| id.clone()),
        }
    }

    /// Looks the token up. One that is sent has to be good, also where none is needed. Who does
    /// not ask for a language is answered in the account's.
    pub async fn prove(&mut self, headers: &HeaderMap, how: Proof) -> Result<(), Problem> {
        let Some(text) = bearer(headers)? else { return Ok(()) };
        let grant = match how {
            Proof::Database => tokens::find(&self.app, text).await?.map(Arc::new),
            Proof::Memory => tokens::recall(&self.app, text).await?,
        };
        let grant = grant.ok_or_else(token_unknown)?;
        if !headers.contains_key(ACCEPT_LANGUAGE) {
            self.language = grant.language.unwrap_or(self.language);
        }
        self.grant = Some(grant);
        Ok(())
    }

    /// Counts the request: of a token that was looked up in memory there too, where it has leave.
    pub async fn count(&mut self) -> Result<(), Problem> {
        let requests = self.app.requests();
        let subject = self.subject();
        if self.grant.as_ref().is_some_and(|grant| grant.access.is_some()) {
            self.owes = !requests.take(&subject, self.app.now());
            return Ok(());
        }
        Ok(requests.count(&self.app, subject).await?)
    }

    /// What its requests are counted under.
    #[must_use]
    pub fn subject(&self) -> String {
        match &self.grant {
            Some(grant) => grant.id.to_string(),
            None => self.app.address_subject(&self.address),
        }
    }

    /// Ends a request without its command: counts it where that has not been done, and refuses a
    /// token that was looked up in memory and stands no longer.
    pub async fn confirm(&self) -> Result<(), Problem> {
        if self.owes {
            self.app.requests().count(&self.app, self.subject()).await?;
        }
        match &self.grant {
            Some(grant) if grant.access.is_some() => {
                let stands = tokens::stands(&self.app, grant.id).await?;
                if stands { Ok(()) } else { Err(token_unknown()) }
            }
            _ => Ok(()),
        }
    }

    /// The account, if the token allows one of these scopes (O3).
    pub fn allow_any(&self, scopes: &[Scope]) -> Result<AccountId, Problem> {
        let grant = self.grant.as_ref().ok_or_else(token_missing)?;
        if scopes.iter().any(|scope| grant.allows(*scope)) {
            return Ok(grant.account);
        }
        Err(scope_missing(scopes))
    }

    /// The account, if the token allows this scope (O3).
    pub fn allow(&self, scope: Scope) -> Result<AccountId, Problem> {
        self.allow_any(&[scope])
    }

    /// Whether the token allows a scope, for fields that only some see.
    #[must_use]
    pub fn may(&self, scope: Scope) -> bool {
        self.grant.as_ref().is_some_and(|grant| grant.allows(scope))
    }
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else { return Ok(None) };
    let line = line.to_str().ok().filter(|_| lines.next().is_none());
    let (scheme, token) = line.and_then(|line| line.split_once(' ')).ok_or_else(token_unknown)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(token.trim()))
    } else {
        Err(token_unknown())
    }
}

fn token_missing() -> Problem {
    Problem::of(StatusCode::UNAUTHORIZED, "token_missing")
}

fn token_unknown() -> Problem {
    Problem::of(StatusCode::UNAUTHORIZED, "token_unknown")
}

fn scope_missing(scopes: &[Scope]) -> Problem {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
    let problem = Problem::of(StatusCode::FORBIDDEN, "scope_missing");
    problem.with("scope", SaidValue::Text(names.join(" ")))
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::internal("the API's frame is missing"))
    }
}
