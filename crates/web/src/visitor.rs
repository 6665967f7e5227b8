//! Who asks: one extractor carries the sign-in, the language, the address and the time.

use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{ACCEPT_LANGUAGE, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use jiff::Timestamp;
use obole_app::limits::Limit;
use obole_app::quarantine;
use obole_app::sessions::{self, Session};
use obole_app::{App, Config, Error};
use obole_domain::AccountId;
use obole_language::{Arg, Language};

use crate::address::{own_origin, safe_path};
use crate::answer::Done;
use crate::cookies::Cookie;
use crate::csrf;
use crate::page::{Linked, Page, Place, SignedIn};
use crate::problem::Problem;

/// The number of a request, for the log and for who writes to us about it (E1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestNumber(pub String);

/// Marks a request on behalf of everybody who is signed out and reads its language: what is made of
/// it may be kept and shown to all of them.
#[derive(Clone, Copy, Debug)]
pub struct ForAll;

/// Who asks, signed in or not.
#[derive(Clone)]
pub struct Visitor {
    /// The instance.
    pub app: App,
    /// When the request came.
    pub now: Timestamp,
    /// The sign-in.
    pub session: Option<Session>,
    /// The secret of the session's cookie; empty without a session.
    pub secret: String,
    /// The reader's language.
    pub language: Language,
    /// The client's address; empty where it is not known.
    pub address: String,
    /// The `Host` that was asked.
    pub host: String,
    /// Path and query.
    pub path: String,
    /// Where to come back to after signing in: this page, or the one that a form stood on.
    pub back: String,
    /// The number of the request.
    pub request_id: String,
    /// Whether the request changes nothing (W2).
    pub is_safe: bool,
    /// Whether the page is for everybody who is signed out ([`ForAll`]).
    pub is_for_all: bool,
    /// What the forms of a signed-out visitor are tied to.
    pub(crate) visit: String,
    /// What the last form came to.
    pub(crate) done: Option<Done>,
    /// The moment of the backup that the instance was restored from, where it still waits (V3);
    /// looked up for administrators only.
    pub(crate) restored: Option<Timestamp>,
}

impl Visitor {
    /// Reads a request. Only a database that does not answer refuses.
    pub async fn arrive(app: &App, parts: &Parts) -> Result<Self, Error> {
        let mut visitor = Self::stranger(app, parts);
        let secret = Cookie::Session.find(app, &parts.headers).unwrap_or_default();
        if !secret.is_empty() {
            visitor.session = sessions::find(app, secret).await?;
        }
        if let Some(session) = &visitor.session {
            secret.clone_into(&mut visitor.secret);
            let chosen = chosen_language(app, &parts.headers).or(session.language);
            visitor.language = chosen.unwrap_or(visitor.language);
        }
        Ok(visitor)
    }

    /// The same without looking for a sign-in.
    #[must_use]
    pub fn stranger(app: &App, parts: &Parts) -> Self {
        let headers = &parts.headers;
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let visit = Cookie::Visit.find(app, headers).filter(|visit| csrf::is_visit(app, visit));
        let back = if parts.method == Method::GET { path.clone() } else { came_from(app, parts) };
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let asked = Language::negotiate(text(ACCEPT_LANGUAGE).unwrap_or_default());
        Self {
            app: app.clone(),
            now: app.now(),
            session: None,
            secret: String::new(),
            language: chosen_language(app, headers).unwrap_or(asked),
            address: client_address(app.config(), parts),
            host: csrf::host(headers, parts).to_owned(),
            path,
            back,
            request_id: parts
                .extensions
                .get()
                .map_or_else(String::new, |RequestNumber(id)| id.clone()),
            is_safe: csrf::is_safe(&parts.method),
            is_for_all: parts.extensions.get::<ForAll>().is_some(),
            visit: visit.map_or_else(|| csrf::new_visit(app), ToOwned::to_owned),
            done: Cookie::Notice.find(app, headers).and_then(|sealed| Done::open(app, sealed)),
            restored: None,
        }
    }

    /// What the tokens of this visitor's forms are tied to (W2), and the questions to passkeys.
    pub(crate) fn subject(&self) -> &str {
        if self.session.is_some() { &self.secret } else { &self.visit }
    }

    /// Whether a form's token was made for this visitor.
    #[must_use]
    pub fn has_token(&self, token: &str) -> bool {
        csrf::is_token_of(&self.app, self.subject(), token)
    }

    /// A number for a form that moves money or adds points: its hidden `op` (K1).
    #[must_use]
    pub fn op(&self) -> String {
        self.app.chance().id(self.now).to_string()
    }

    /// Counts a try from the visitor's address (security.md section 12). Nothing is counted where
    /// the address is not known.
    pub async fn limit(&self, limit: Limit) -> Result<(), Error> {
        if self.address.is_empty() {
            return Ok(());
        }
        self.app.limit_address(limit, &self.address).await
    }

    /// A text with values, in the reader's language.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, Arg)]) -> String {
        obole_language::text_with(self.language, key, values)
    }

    /// A moment to the minute, in the reader's language and the instance's zone.
    #[must_use]
    pub fn moment(&self, at: Timestamp) -> String {
        obole_language::moment(self.language, at, self.app.zone())
    }

    /// A text in the reader's language.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        obole_language::text(self.language, key)
    }

    /// The frame of a page with this title.
    #[must_use]
    pub fn page(&self, place: Place, title: String) -> Page {
        let config = self.app.config();
        Page {
            language: self.language,
            title,
            description: String::new(),
            preview: None,
            visitor: self.session.as_ref().map(|session| SignedIn {
                name: session.name.clone(),
                handle: session.handle.to_string(),
                is_admin: session.is_admin,
            }),
            place,
            // One for all would be none.
            csrf: match self.is_for_all {
                true => String::new(),
                false => csrf::token(&self.app, self.subject()),
            },
            warnings: self.warnings(place),
            flash: self.done.as_ref().map(|done| done.notice(&self.app, self.language)),
            is_demo: config.instance.play_money,
            instance: config.instance.name.clone(),
            path: if self.is_safe { self.path.clone() } else { self.back.clone() },
        }
    }
}

impl Visitor {
    /// What every page of administrators says.
    fn warnings(&self, place: Place) -> Vec<Linked> {
        let mut warnings = Vec::new();
        if place != Place::Admin {
            return warnings;
        }
        if let Some(backup) = self.restored {
            let at = [("at", self.moment(backup).into())];
            let text = obole_language::text_with(self.language, "quarantine-warning", &at);
            warnings.push(Linked::new(text, "/admin/backups".to_owned()));
        }
        let config = self.app.config();
        // D11: a demonstration's money is nobody's.
        if config.database.unsafe_durability && !config.instance.play_money {
            warnings.push(Linked::new(self.text("backups-unsafe"), String::new()));
        }
        warnings
    }
}

/// The language of the cookie, which goes over the account's.
fn chosen_language(app: &App, headers: &HeaderMap) -> Option<Language> {
    Cookie::Language.find(app, headers).and_then(Language::from_code)
}

/// The page of this instance that a form stood on.
fn came_from(app: &App, parts: &Parts) -> String {
    let referer = parts.headers.get(REFERER).and_then(|value| value.to_str().ok());
    let own = own_origin(app.config(), csrf::host(&parts.headers, parts));
    let path = referer.and_then(|referer| referer.strip_prefix(&own)).and_then(safe_path);
    path.unwrap_or("/").to_owned()
}

/// The address of who asks: that of the connection, or what a trusted proxy says it is (W6).
pub(crate) fn client_address(config: &Config, parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let Some(peer) = peer.map(|ConnectInfo(address)| address.ip().to_canonical()) else {
        return String::new();
    };
    let is_proxy = |address: IpAddr| {
        config.server.trusted_proxies.iter().any(|proxy| proxy.parse() == Ok(address))
    };
    if !is_proxy(peer) {
        return peer.to_string();
    }
    let forwarded = parts.headers.get_all("x-forwarded-for").iter();
    let hops: Vec<&str> =
        forwarded.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(',')).collect();
    // From the right: what stands further left may be the client's invention.
    let hops = hops.iter().rev().map_while(|hop| hop.trim().parse::<IpAddr>().ok());
    let client = hops.map(|hop| hop.to_canonical()).find(|hop| !is_proxy(*hop));
    client.unwrap_or(peer).to_string()
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(visitor) = parts.extensions.get::<Self>() {
            return Ok(visitor.clone());
        }
        Ok(Self::arrive(app, parts).await?)
    }
}

/// A visitor who is signed in; others are sent to the sign-in and back.
#[derive(Clone)]
pub struct Patron {
    /// The visitor.
    pub visitor: Visitor,
    /// The sign-in.
    pub session: Session,
}

impl Patron {
    /// Whose sign-in it is.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.session.account
    }

    /// Refuses unless the account's owner was here within ten minutes (W3): the page then asks for
    /// a passkey, or the password with its code, and comes back.
    pub fn proved(&self) -> Result<(), Error> {
        sessions::require_fresh(&self.app, &self.session)
    }
}

impl Deref for Patron {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl FromRequestParts<App> for Patron {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        let session = visitor.session.clone().ok_or_else(Problem::sign_in_needed)?;
        Ok(Self { visitor, session })
    }
}

/// An administrator. To other accounts the page does not exist; every write needs a fresh sign-in
/// (W3).
#[derive(Clone)]
pub struct Admin(pub Patron);

impl Deref for Admin {
    type Target = Patron;

    fn deref(&self) -> &Patron {
        &self.0
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let mut patron = Patron::from_request_parts(parts, app).await?;
        if !patron.session.is_admin {
            return Err(Problem::not_found());
        }
        if !patron.is_safe {
            patron.proved()?;
        }
        let state = quarantine::find_in(app).await?;
        patron.visitor.restored = state.map(|state| state.backup());
        Ok(Self(patron))
    }
}
