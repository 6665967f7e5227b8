//! Refuses requests that another site made a browser send (W2): by where the browser says that
//! they come from, and by a token in each form.

use axum::http::header::{HOST, ORIGIN, REFERER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use obole_app::App;
use obole_app::secrets::hex;
use subtle::ConstantTimeEq as _;

use crate::address::own_origin;

/// Random bytes that make each token a new text: a page that is compressed gives nothing away.
const SALT: usize = 8;

/// Whether a method changes nothing.
#[must_use]
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a request comes from a page of this instance: `Sec-Fetch-Site` says `same-origin`; where
/// it is absent `Origin`, else `Referer`, is ours. `same-site` is foreign.
#[must_use]
pub fn is_own_page(app: &App, parts: &Parts) -> bool {
    let text = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let own = own_origin(app.config(), host(&parts.headers, parts));
    if let Some(origin) = text(ORIGIN.as_str()) {
        return origin.eq_ignore_ascii_case(&own);
    }
    text(REFERER.as_str()).is_some_and(|referer| origin_of(referer).eq_ignore_ascii_case(&own))
}

/// Scheme, host and port of an address.
#[must_use]
pub fn origin_of(address: &str) -> &str {
    let Some((scheme, rest)) = address.split_once("://") else { return "" };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    address.get(..scheme.len() + 3 + host.len()).unwrap_or_default()
}

/// The host that a request asks: in HTTP/2 it is part of the address.
#[must_use]
pub fn host<'parts>(headers: &'parts HeaderMap, parts: &'parts Parts) -> &'parts str {
    let asked = parts.uri.authority().map(axum::http::uri::Authority::as_str);
    let header = || headers.get(HOST).and_then(|host| host.to_str().ok());
    asked.or_else(header).unwrap_or_default()
}

/// A token for the forms of one session or visit.
#[must_use]
pub fn token(app: &App, subject: &str) -> String {
    let salt = hex(&app.chance().bytes::<SALT>());
    let mac = mac(app, &salt, subject);
    format!("{salt}.{mac}")
}

/// Whether a token was made for this session or visit.
#[must_use]
pub fn is_token_of(app: &App, subject: &str, token: &str) -> bool {
    let Some((salt, sent)) = token.split_once('.') else { return false };
    salt.len() == 2 * SALT && mac(app, salt, subject).as_bytes().ct_eq(sent.as_bytes()).into()
}

fn mac(app: &App, salt: &str, subject: &str) -> String {
    hex(&app.secrets().mac("csrf", format!("{salt} {subject}").as_bytes()))
}

/// A new visit: what the forms of a signed-out visitor are tied to, signed so that no other site
/// of this domain can plant one.
#[must_use]
pub fn new_visit(app: &App) -> String {
    let visit = hex(&app.chance().bytes::<16>());
    let mac = hex(&app.secrets().mac("visit", visit.as_bytes()));
    format!("{visit}.{mac}")
}

/// Whether a visit was made here.
#[must_use]
pub fn is_visit(app: &App, text: &str) -> bool {
    let Some((visit, sent)) = text.split_once('.') else { return false };
    let mac = hex(&app.secrets().mac("visit", visit.as_bytes()));
    mac.as_bytes().ct_eq(sent.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(origin_of("https://example.org:8443/a?b"), "https://example.org:8443");
        assert_eq!(origin_of("https://example.org"), "https://example.org");
        assert_eq!(origin_of("about:blank"), "");
    }
}
