//! What a request asks for, if it is something that everybody may see.

use axum::http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Request};
use obole_language::Language;

use crate::embed::script;
use crate::headers::is_head_too_large;
use crate::measures::Class;

/// The longest address that is kept: a button's, with the address of a work in it.
const ADDRESS_MAX: usize = 2_048;

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page that anybody can read.
    Page,
    /// A button on somebody's page.
    Button,
    /// A file under its hashed name, which never changes.
    File,
    /// The probe that only asks whether the process runs.
    Probe,
}

impl Kind {
    pub(super) const fn class(self) -> Class {
        match self {
            Self::Page => Class::Public,
            Self::Button => Class::Button,
            Self::File => Class::File,
            Self::Probe => Class::Probe,
        }
    }

    /// What is at an address. Only pages without a query are kept: there is no end of queries.
    fn of(path: &str, query: Option<&str>) -> Option<Self> {
        if path.starts_with("/button/") {
            return Some(Self::Button);
        }
        if path == script::PATH || path == script::fixed_path() {
            return Some(Self::File);
        }
        if query.is_some() {
            return None;
        }
        if path.starts_with("/static/") {
            return Some(Self::File);
        }
        if path == "/healthz" {
            return Some(Self::Probe);
        }
        let is_fixed =
            matches!(path, "/" | "/buttons" | "/how" | "/developers" | "/source" | "/settlements");
        let one_of = ["/w/", "/@", "/settlements/"];
        let rest = one_of.into_iter().find_map(|prefix| path.strip_prefix(prefix));
        let is_one = rest.is_some_and(|rest| !rest.is_empty() && !rest.contains('/'));
        (is_fixed || is_one).then_some(Self::Page)
    }
}

/// How a body may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Accepts {
    pub(super) gzip: bool,
    pub(super) brotli: bool,
}

/// Something that everybody may see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'request> {
    pub(super) kind: Kind,
    pub(super) language: Language,
    /// Path and query.
    pub(super) address: &'request str,
    pub(super) accepts: Accepts,
    pub(super) is_head: bool,
    pub(super) headers: &'request HeaderMap,
}

impl<'request> Asked<'request> {
    /// Reads a request. None for everything else, and for who is or may be signed in.
    pub(super) fn of<B>(request: &'request Request<B>) -> Option<Self> {
        let (uri, headers) = (request.uri(), request.headers());
        let is_head = match *request.method() {
            Method::GET => false,
            Method::HEAD => true,
            _ => return None,
        };
        let kind = Kind::of(uri.path(), uri.query())?;
        let address = uri.path_and_query()?.as_str();
        if address.len() > ADDRESS_MAX || is_head_too_large(headers, uri) {
            return None;
        }
        let language = match kind {
            Kind::Page => language(headers)?,
            // Their address says it, or they have none. Cookies are not looked at (B1).
            Kind::Button | Kind::File | Kind::Probe => Language::English,
        };
        let accepts = match kind {
            Kind::Page | Kind::File => accepts(headers),
            Kind::Button | Kind::Probe => Accepts::default(),
        };
        Some(Self { kind, language, address, accepts, is_head, headers })
    }

    /// Whether the client has an answer with this entity tag already. Compression is a form of its
    /// own with its own tag, so that tags are strong (RFC 9110 section 8.8).
    pub(super) fn has(&self, tag: &[u8]) -> bool {
        self.headers.get_all(IF_NONE_MATCH).iter().any(|line| {
            let line = line.as_bytes();
            line == tag || line.split(|byte| *byte == b',').any(|one| names(one, tag))
        })
    }
}

/// Compares weakly, as RFC 9110 section 13.1.2 asks.
fn names(one: &[u8], tag: &[u8]) -> bool {
    let one = one.trim_ascii();
    one == b"*" || one.strip_prefix(b"W/").unwrap_or(one) == tag
}

/// The reader's language; none where a cookie says that the page is for one reader only: a sign-in,
/// or a sentence about what was done.
fn language(headers: &HeaderMap) -> Option<Language> {
    let mut chosen = None;
    for line in headers.get_all(COOKIE) {
        for pair in line.to_str().ok()?.split(';') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = name.trim();
            match name.strip_prefix("__Host-").unwrap_or(name) {
                "obole" | "obole-notice" => return None,
                "obole-language" if chosen.is_none() => chosen = Language::from_code(value.trim()),
                _ => {}
            }
        }
    }
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Some(chosen.unwrap_or_else(|| asked.map_or(Language::English, Language::negotiate)))
}

/// What `Accept-Encoding` allows of what is kept.
fn accepts(headers: &HeaderMap) -> Accepts {
    let mut accepts = Accepts::default();
    for line in headers.get_all(ACCEPT_ENCODING) {
        for part in line.to_str().unwrap_or_default().split(',') {
            let (name, quality) = part.split_once(';').unwrap_or((part, ""));
            let quality = quality.trim().strip_prefix("q=").unwrap_or("1");
            let is_allowed = quality.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
            match name.trim() {
                name if name.eq_ignore_ascii_case("gzip") => accepts.gzip = is_allowed,
                name if name.eq_ignore_ascii_case("br") => accepts.brotli = is_allowed,
                _ => {}
            }
        }
    }
    accepts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(address: &str, headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::builder().uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("valid")
    }

    #[test]
    fn only_what_everybody_may_see_is_asked_for() {
        let public = ["/", "/how", "/settlements", "/settlements/2026-11", "/w/1", "/@ada"];
        for address in public {
            assert_eq!(Kind::of(address, None), Some(Kind::Page), "{address}");
            assert_eq!(Kind::of(address, Some("x=1")), None, "{address}");
        }
        let private = ["/month", "/w/1/title", "/w/", "/@", "/give", "/admin", "/settings", "/api"];
        for address in private.into_iter().chain(["/works", "/claim", "/sign-in", "/settlementsx"])
        {
            assert_eq!(Kind::of(address, None), None, "{address}");
        }
        assert_eq!(Kind::of("/button/small.svg", Some("url=x")), Some(Kind::Button));
        assert_eq!(Kind::of("/button/count", Some("url=x")), Some(Kind::Button));
        assert_eq!(Kind::of("/button.js", None), Some(Kind::File));
        assert_eq!(Kind::of(script::fixed_path(), None), Some(Kind::File));
        assert_eq!(Kind::of("/buttons", Some("url=x")), None);
        assert_eq!(Kind::of("/static/x.css", None), Some(Kind::File));
        assert_eq!(Kind::of("/healthz", None), Some(Kind::Probe));
        assert_eq!(Kind::of("/readyz", None), None, "it asks the database");
    }

    #[test]
    fn who_may_be_signed_in_is_passed_on() {
        for cookie in ["obole=x", "a=b; __Host-obole=x", "obole-notice=x", "obole", " obole=x"] {
            let request = request("/how", &[("cookie", cookie)]);
            assert!(Asked::of(&request).is_none(), "{cookie}");
        }
        let button = request("/button/small.svg?url=x", &[("cookie", "obole=x")]);
        assert!(Asked::of(&button).is_some(), "B1: a button reads no cookie");
        let two = request("/", &[("cookie", "a=b"), ("cookie", "obole=x")]);
        assert!(Asked::of(&two).is_none());
    }

    #[test]
    fn the_cookie_of_the_language_goes_over_the_browser() {
        let code = |headers: &[(&str, &str)]| {
            Asked::of(&request("/", headers)).map(|asked| asked.language.code())
        };
        assert_eq!(code(&[]), Some("en"));
        assert_eq!(code(&[("accept-language", "fr")]), Some("fr"));
        let chosen = [("accept-language", "fr"), ("cookie", "x=y; obole-language=en")];
        assert_eq!(code(&chosen), Some("en"));
        assert_eq!(code(&[("accept-language", "fr"), ("cookie", "obole-language=de")]), Some("fr"));
    }

    #[test]
    fn only_encodings_that_are_asked_for_are_accepted() {
        let of = |value: &str| {
            let request = request("/", &[("accept-encoding", value)]);
            let accepts = accepts(request.headers());
            (accepts.gzip, accepts.brotli)
        };
        assert_eq!(of("gzip, deflate, br, zstd"), (true, true));
        assert_eq!(of("gzip;q=0.5,br;q=0"), (true, false));
        assert_eq!(of("GZIP ; q=0.000"), (false, false));
        assert_eq!(of("identity"), (false, false));
        assert_eq!(of("xgzip, brr"), (false, false));
    }

    #[test]
    fn a_tag_is_known_in_every_way_to_write_it() {
        let tag = b"\"abc\"";
        for known in ["\"abc\"", "W/\"abc\"", "\"x\", \"abc\"", "*", "\"x\",W/\"abc\" "] {
            let request = request("/", &[("if-none-match", known)]);
            assert!(Asked::of(&request).expect("public").has(tag), "{known}");
        }
        for other in ["abc", "\"ab\"", "\"abcd\"", ""] {
            let request = request("/", &[("if-none-match", other)]);
            assert!(!Asked::of(&request).expect("public").has(tag), "{other}");
        }
    }

    #[test]
    fn other_methods_and_long_addresses_are_passed_on() {
        let mut post = request("/", &[]);
        *post.method_mut() = Method::POST;
        assert!(Asked::of(&post).is_none());
        let long = format!("/button/small.svg?url={}", "x".repeat(ADDRESS_MAX));
        assert!(Asked::of(&request(&long, &[])).is_none());
        let wide = "y".repeat(20_000);
        assert!(Asked::of(&request("/", &[("x-long", &wide)])).is_none());
    }
}
