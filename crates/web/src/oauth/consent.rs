//! The page on which an account says yes or no to a client (O4), and the request that travels
//! through it under a seal: what was shown is what is granted.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use obole_app::oauth;
use obole_app::secrets::hex;
use obole_domain::client::{Redirect, form_source};
use obole_domain::own_program::OwnProgram;
use obole_domain::token::Scope;
use obole_store::oauth_clients::ClientRow;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::asked::Asked;
use crate::answer::{Answer, html};
use crate::headers;
use crate::page::{Page, Place};
use crate::pages::settings_tokens::about;
use crate::problem::Problem;
use crate::visitor::Patron;

/// How long a page may stand open before its yes is too old.
const OPEN: SignedDuration = SignedDuration::from_mins(60);

#[derive(Template)]
#[template(path = "pages/oauth_consent.html")]
struct ConsentPage {
    page: Page,
    action: &'static str,
    /// The name and value of the hidden field that says what is answered.
    field: (&'static str, String),
    name: String,
    handle: String,
    /// The host that the developer controls; empty where nothing is proven.
    proven: String,
    /// Whether it is a program of Obole's own.
    is_own: bool,
    scopes: Vec<String>,
    /// Where the browser goes on to; empty where to a program on the reader's own device.
    goes_to: String,
    is_device: bool,
}

/// What is asked on the page.
pub struct Question<'asked> {
    /// Who asks.
    pub client: &'asked ClientRow,
    /// For what.
    pub scopes: &'asked [Scope],
    /// Where the answer is posted.
    pub action: &'static str,
    /// The hidden field that says what is answered.
    pub field: (&'static str, String),
    /// Where the browser goes on to; none where it stays.
    pub redirect: Option<&'asked str>,
}

/// The page: not kept, and its form may lead on to the client's address only.
pub async fn page(patron: &Patron, question: Question<'_>) -> Answer {
    let Question { client, scopes, action, field, redirect } = question;
    let proven = oauth::proven_host(&patron.app, client).await?;
    let redirected = redirect.map(Redirect::stored);
    let page = ConsentPage {
        page: patron.page(Place::Elsewhere, patron.text("consent-title")),
        action,
        field,
        name: client.name.clone(),
        handle: patron.session.handle.to_string(),
        proven: proven.unwrap_or_default(),
        is_own: OwnProgram::of(client.id).is_some(),
        scopes: scopes.iter().map(|scope| patron.text(about(*scope))).collect(),
        goes_to: redirected.and_then(|redirect| redirect.web_host()).unwrap_or_default(),
        is_device: redirect.is_none(),
    };
    Ok(guarded(html(&page)?, redirect))
}

fn guarded(mut response: Response, redirect: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(policy) = redirect.and_then(|redirect| headers::leading_to(&form_source(redirect)))
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A request on its way through the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Whom it was shown to.
    pub account: String,
    /// When, in seconds.
    pub at: i64,
    /// Who asks.
    pub client: String,
    /// For what.
    pub scopes: String,
    /// Where the answer goes.
    pub redirect: String,
    /// Whether the request named that address.
    pub is_redirect_named: bool,
    /// What the client gave along.
    pub state: String,
    /// The challenge; empty from legacy clients only.
    pub challenge: String,
}

impl Sealed {
    /// A request that is shown to somebody.
    pub fn new(patron: &Patron, asked: &Asked) -> Self {
        let challenge = asked.challenge.as_ref();
        Self {
            account: patron.account().to_string(),
            at: patron.now.as_second(),
            client: asked.client.id.to_string(),
            scopes: Scope::print_list(&asked.scopes),
            redirect: asked.back.redirect.clone(),
            is_redirect_named: asked.is_redirect_named,
            state: asked.back.state.clone(),
            challenge: challenge.map_or_else(String::new, |one| one.as_str().to_owned()),
        }
    }

    /// The text that the page carries.
    pub fn seal(&self, patron: &Patron) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        format!("{}.{text}", mac(patron, &text))
    }

    /// Reads what came back. A problem where it was not shown to this account within the hour.
    pub fn open(patron: &Patron, sealed: &str) -> Result<Self, Problem> {
        let (sent, text) = sealed.split_once('.').ok_or_else(Problem::foreign_form)?;
        let is_ours: bool = mac(patron, text).as_bytes().ct_eq(sent.as_bytes()).into();
        let read: Self = serde_json::from_str(text).map_err(|_| Problem::foreign_form())?;
        let at = Timestamp::from_second(read.at).unwrap_or(Timestamp::MIN);
        let is_fresh = patron.now.duration_since(at) <= OPEN;
        let is_theirs = read.account == patron.account().to_string();
        let is_good = is_ours && is_fresh && is_theirs;
        is_good.then_some(read).ok_or_else(Problem::foreign_form)
    }
}

fn mac(patron: &Patron, text: &str) -> String {
    hex(&patron.app.secrets().mac("consent", text.as_bytes()))
}
