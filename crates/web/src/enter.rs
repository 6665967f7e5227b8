//! Coming in and going out: the session's cookie, and what its owner will recognise a browser by.

use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use obole_app::App;
use obole_app::sessions::{Browser, NewSession};

use crate::answer::{Answer, see_other};
use crate::cookies::Cookie;
use crate::visitor::Visitor;

/// Goes on to a path, signed in (W1).
#[must_use]
pub fn enter(app: &App, new: &NewSession, path: &str) -> Response {
    with_session(app, new, see_other(path))
}

/// An answer that also signs the browser in.
#[must_use]
pub fn with_session(app: &App, new: &NewSession, mut response: Response) -> Response {
    for (cookie, secret) in [(Cookie::Session, &new.secret), (Cookie::Device, &new.device)] {
        response.headers_mut().append(SET_COOKIE, cookie.set(app, secret));
    }
    response
}

/// The browser that a request comes from.
#[must_use]
pub fn browser(visitor: &Visitor, headers: &HeaderMap) -> Browser {
    Browser {
        name: browser_name(headers),
        device: Cookie::Device.find(&visitor.app, headers).unwrap_or_default().to_owned(),
        address: visitor.address.clone(),
    }
}

/// Goes home, signed out.
#[must_use]
pub fn leave(app: &App) -> Response {
    let mut response = see_other("/");
    response.headers_mut().append(SET_COOKIE, Cookie::Session.end(app));
    response
}

/// A page whose address holds a secret: no other page learns it (W4), and none is kept.
pub fn secret(answer: Answer) -> Answer {
    answer.map(|mut response| {
        let headers = response.headers_mut();
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    })
}

/// Browsers by the word that gives them away, the more special first.
const BROWSERS: [(&str, &str); 6] = [
    ("Firefox/", "Firefox"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Systems by the word that gives them away, the more special first.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

/// A browser as its owner will recognise it, `Firefox, Linux`; empty where it does not say.
fn browser_name(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts = [named(&BROWSERS), named(&SYSTEMS)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_named_by_what_its_owner_knows() {
        let name = |agent: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, HeaderValue::from_static(agent));
            browser_name(&headers)
        };
        let linux = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(name(linux), "Firefox, Linux");
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 \
            Edg/140.0";
        assert_eq!(name(edge), "Edge, Windows");
        let phone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604";
        assert_eq!(name(phone), "Safari, iPhone");
        assert_eq!(name("curl/8.0"), "");
        assert_eq!(browser_name(&HeaderMap::new()), "");
    }
}
