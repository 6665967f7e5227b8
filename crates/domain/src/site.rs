//! Sites as patrons trust them (security.md B5): by their origin, as browsers write it. Unlike the
//! address of a work it is not folded: who trusts `https` does not trust `http`.

use std::fmt;

use crate::refusal::Refusal;
use crate::work::{CanonicalUrl, parse_web};

/// Scheme, host and port of a web site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(String);

impl Site {
    /// How many sites one account can trust.
    pub const TRUSTED_MAX: i64 = 200;

    /// Reads an address as people type it; what follows the host does not matter. Refused where it
    /// is no address of a page.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Missing {});
        }
        if text.len() > CanonicalUrl::LENGTH_MAX {
            return Err(Refusal::UrlTooLong { limit: CanonicalUrl::LENGTH_MAX as i64 });
        }
        let url = parse_web(text)?;
        let has_host = url.host_str().is_some_and(|host| !host.is_empty());
        let origin = url.origin();
        if has_host {
            Ok(Self(origin.ascii_serialization()))
        } else {
            Err(Refusal::UrlMalformed {})
        }
    }

    /// Whether a work is on this site: its address is the one spelling of a page of it.
    #[must_use]
    pub fn holds(&self, work: &CanonicalUrl) -> bool {
        CanonicalUrl::parse(&self.0).is_ok_and(|own| own.origin() == work.origin())
    }

    /// As browsers write it: `https://example.org`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host, with the port where it is not the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, host)| host)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> Site {
        Site::parse(text).expect(text)
    }

    #[test]
    fn a_site_is_its_origin() {
        for text in ["Songs.example", "https://songs.example/a?b#c", "https://songs.example:443"] {
            assert_eq!(site(text).as_str(), "https://songs.example");
        }
        let other = site("http://songs.example:8080/a");
        assert_eq!(other.to_string(), "http://songs.example:8080");
        assert_eq!(other.host(), "songs.example:8080");
        assert_eq!(site("https://b\u{fc}cher.example/").as_str(), "https://xn--bcher-kva.example");
        assert_eq!(Site::parse(" "), Err(Refusal::Missing {}));
        assert!(Site::parse("javascript:alert(1)").is_err());
        let long = format!("https://{}.example", "a".repeat(2_100));
        assert_eq!(Site::parse(&long), Err(Refusal::UrlTooLong { limit: 2_048 }));
    }

    #[test]
    fn each_origin_is_a_site_of_its_own() {
        let trusted = site("https://songs.example");
        for other in [
            "http://songs.example",
            "https://www.songs.example",
            "https://songs.example:8443",
            "https://songs.example.evil.example",
            "https://songs.example@evil.example",
        ] {
            assert_ne!(site(other), trusted, "{other}");
        }
    }

    #[test]
    fn a_site_holds_its_works() {
        let work = CanonicalUrl::parse("https://songs.example/one?a=1").expect("an address");
        assert!(site("https://songs.example").holds(&work));
        for other in [
            "https://songs.example:8443",
            "https://other.example",
            "https://evil.example/https://songs.example",
        ] {
            assert!(!site(other).holds(&work), "{other}");
        }
    }
}
