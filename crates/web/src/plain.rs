//! Files and probes: what is answered without looking who asks.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan as _;
use obole_app::{App, health};

use crate::assets;

const TEXT: (axum::http::HeaderName, &str) = (CONTENT_TYPE, "text/plain; charset=utf-8");

const NOT_KEPT: (axum::http::HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// The process runs.
pub async fn alive() -> Response {
    ([TEXT, NOT_KEPT], "alive\n").into_response()
}

/// The database answers, is of our version, and we are not about to end; else the reason in a word.
pub async fn ready(State(app): State<App>) -> Response {
    match health::readiness(&app).await {
        Ok(()) => ([TEXT, NOT_KEPT], "ready\n").into_response(),
        Err(reason) => {
            let text = format!("not ready: {}\n", reason.word());
            (StatusCode::SERVICE_UNAVAILABLE, [TEXT, NOT_KEPT], text).into_response()
        }
    }
}

/// A stylesheet, picture or script, kept for ever by its hashed name.
pub async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&format!("/static/{name}")) else {
        return (StatusCode::NOT_FOUND, [TEXT], "not found\n").into_response();
    };
    let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, assets::CACHE_CONTROL)];
    (headers, asset.bytes).into_response()
}

/// What search engines may read: public pages.
pub async fn robots() -> Response {
    const ROBOTS: &str = "User-agent: *\nDisallow: /give\nDisallow: /claim\nDisallow: /sign-\n\
        Disallow: /month\nDisallow: /wallet\nDisallow: /statements\nDisallow: /settings\n\
        Disallow: /admin\nDisallow: /oauth/\n\
        Disallow: /device\nDisallow: /apps\nDisallow: /creator\nDisallow: /submit/\n\
        Disallow: /letters/\n";
    ([TEXT], ROBOTS).into_response()
}

/// Whom to write to about a weakness (RFC 9116).
pub async fn security(State(app): State<App>) -> Response {
    let config = app.config();
    let contact = config.instance.contact.trim();
    let contact = match contact {
        "" => format!("{}/how", config.base_url()),
        address if address.contains("://") || address.starts_with("mailto:") => address.to_owned(),
        address => format!("mailto:{address}"),
    };
    // A day is enough to renew: the file is made anew for each reader.
    let hours = (180 * 24).hours();
    let expires = app.now().checked_add(hours).unwrap_or(jiff::Timestamp::MAX);
    let expires = jiff::Timestamp::from_second(expires.as_second()).unwrap_or(expires);
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en, fr\n\
         Canonical: {}/.well-known/security.txt\n",
        config.base_url()
    );
    ([TEXT], text).into_response()
}
