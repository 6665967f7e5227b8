//! Sites as patrons trust them (security.md B5): by their origin, as browsers write it.

use std::fmt;

use crate::refusal::Refusal;
use crate::work::CanonicalUrl;

/// Scheme, host and port of a web site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site(String);

impl Site {
    /// How many sites one account can trust.
    pub const TRUSTED_MAX: i64 = 200;

    /// Reads an address as people type it; what follows the host does not matter. Refused where
    /// [`CanonicalUrl::parse`] refuses.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        CanonicalUrl::parse(text).map(|url| Self::of(&url))
    }

    /// The site that a page is on.
    #[must_use]
    pub fn of(url: &CanonicalUrl) -> Self {
        Self(url.origin())
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

    #[test]
    fn a_site_is_its_origin() {
        for text in ["Songs.example", "https://songs.example/a?b#c", "https://songs.example:443"] {
            assert_eq!(Site::parse(text).expect("a site").as_str(), "https://songs.example");
        }
        let other = Site::parse("http://songs.example:8080/a").expect("a site");
        assert_eq!(other.to_string(), "http://songs.example:8080");
        assert_eq!(other.host(), "songs.example:8080");
        assert_eq!(Site::parse(""), Err(Refusal::Missing {}));
        assert!(Site::parse("javascript:alert(1)").is_err());
    }
}
