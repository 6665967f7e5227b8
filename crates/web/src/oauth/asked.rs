//! What a client asks an account for, through the account's browser (RFC 6749 section 4.1.1): read
//! once, refused with a page where nobody may be sent back, else with an answer to the client.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::App;
use obole_app::oauth;
use obole_domain::client::{ClientId, ClientKind, answer_address};
use obole_domain::pkce::Challenge;
use obole_domain::token::Scope;
use obole_language::Language;
use obole_store::oauth_clients::ClientRow;

use super::fault::Fault;
use crate::address::with_query;
use crate::form::Form;
use crate::problem::Problem;

/// The longest state, in bytes.
const STATE_MAX: usize = 1_024;

/// A request that can be shown and answered.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who asks.
    pub client: ClientRow,
    /// For what.
    pub scopes: Vec<Scope>,
    /// Where the answer goes.
    pub back: Back,
    /// Whether the request named that address.
    pub is_redirect_named: bool,
    /// What the exchange will have to answer; none from a legacy client.
    pub challenge: Option<Challenge>,
}

/// Where an answer goes, and what it carries unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back {
    /// An address that the client registered.
    pub redirect: String,
    /// What the client gave along; empty where it gave nothing.
    pub state: String,
}

impl Back {
    /// Sends the browser on with an answer: 303, so that nothing is posted again (O4).
    pub fn answer(&self, app: &App, values: &[(&str, &str)]) -> Response {
        let issuer = app.config().base_url();
        let mut all = values.to_vec();
        all.extend([("state", self.state.as_str()), ("iss", issuer.as_str())]);
        let query = with_query("", &all);
        let query = query.strip_prefix('?').unwrap_or(&query);
        let address = answer_address(&self.redirect, query);
        let Ok(location) = HeaderValue::try_from(address) else {
            return Problem::internal("an answer cannot be addressed").into_response();
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(LOCATION, location);
        response
    }

    /// The same with what went wrong.
    pub fn refuse(&self, app: &App, fault: &Fault, language: Language) -> Response {
        let sentence = fault.sentence(language);
        self.answer(app, &[("error", fault.error), ("error_description", &sentence)])
    }
}

/// A request that was read: it can be shown, or its refusal goes back to the client.
pub enum Read {
    /// It can be shown.
    Fine(Box<Asked>),
    /// It is refused.
    Refused(Back, Fault),
}

/// Reads a request. A problem where the client or its address is not known: then nobody is sent
/// anywhere.
pub async fn read(app: &App, query: &Form) -> Result<Read, Problem> {
    let client = client(app, query).await?;
    let (redirect, is_redirect_named) = redirect(&client, query)?;
    let state = once(query, "state");
    let is_readable = state.as_ref().is_some_and(|state| state.len() <= STATE_MAX);
    let state = state.filter(|_| is_readable).unwrap_or_default();
    let back = Back { redirect, state };
    let fault = match rest(&client, query) {
        _ if !is_readable => Fault::malformed("oauth-field-twice"),
        Ok(_)
            if client.kind == ClientKind::Legacy && client.needs_state && back.state.is_empty() =>
        {
            Fault::malformed("oauth-state-missing")
        }
        Ok((scopes, challenge)) => {
            let asked = Asked { client, scopes, back, is_redirect_named, challenge };
            return Ok(Read::Fine(Box::new(asked)));
        }
        Err(fault) => fault,
    };
    Ok(Read::Refused(back, fault))
}

/// A field that stands there once; nothing sent is an empty text, and none is what was sent twice
/// or cannot be read.
fn once(query: &Form, name: &str) -> Option<String> {
    let is_once = !query.has(name) || query.all(name).count() == 1;
    is_once.then(|| query.text(name).to_owned())
}

async fn client(app: &App, query: &Form) -> Result<ClientRow, Problem> {
    let unknown = || Problem::of(StatusCode::BAD_REQUEST, "client_unknown");
    let id = once(query, "client_id").and_then(|id| ClientId::parse(&id)).ok_or_else(unknown)?;
    oauth::find(app, id).await?.ok_or_else(unknown)
}

/// The address that the answer goes to: the one that is named, if it is registered; where none is
/// named the only one that is.
fn redirect(client: &ClientRow, query: &Form) -> Result<(String, bool), Problem> {
    let unknown = || Problem::of(StatusCode::BAD_REQUEST, "redirect_unknown");
    let named = once(query, "redirect_uri").ok_or_else(unknown)?;
    if named.is_empty() {
        let [only] = client.redirects.as_slice() else { return Err(unknown()) };
        return Ok((only.as_str().to_owned(), false));
    }
    let is_known = client.redirects.iter().any(|redirect| redirect.admits(&named));
    if is_known { Ok((named, true)) } else { Err(unknown()) }
}

/// What is asked for, and the challenge (O1): S256, or nothing from legacy clients only.
fn rest(client: &ClientRow, query: &Form) -> Result<(Vec<Scope>, Option<Challenge>), Fault> {
    let field = |name| once(query, name).ok_or(Fault::malformed("oauth-field-twice"));
    match field("response_type")?.as_str() {
        "code" => {}
        "" => return Err(Fault::malformed("oauth-field-missing")),
        _ => return Err(Fault::response_type()),
    }
    if !matches!(field("response_mode")?.as_str(), "" | "query") {
        return Err(Fault::malformed("oauth-response-mode"));
    }
    let scopes = client.kind.scopes(&field("scope")?).map_err(|_| Fault::scope())?;
    let (challenge, method) = (field("code_challenge")?, field("code_challenge_method")?);
    if client.kind == ClientKind::Legacy && challenge.is_empty() && method.is_empty() {
        return Ok((scopes, None));
    }
    let challenge = Challenge::parse(&challenge).filter(|_| method == "S256");
    let challenge = challenge.ok_or(Fault::malformed("oauth-challenge"))?;
    Ok((scopes, Some(challenge)))
}
