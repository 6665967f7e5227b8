//! Works: anything with a URL that can be clicked. Its canonical URL is its identity.

mod carried;
mod classes;
mod fold;
mod origin;
mod sites;
mod tracking;
mod typed;

use std::fmt;

use crate::refusal::Refusal;
pub(crate) use typed::parse as parse_web;

crate::id! {
    /// A work.
    WorkId
}

/// The one spelling of a page's address: two spellings of one page are one work. `https`, host in
/// small letters and punycode without `www.`, no default port, user part, fragment or tracking
/// parameters; on big sites the one address of what is shown (docs/decisions/0048).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalUrl(String);

impl CanonicalUrl {
    /// The longest address, in bytes after folding.
    pub const LENGTH_MAX: usize = 2_048;

    /// Reads an address as people type or paste it; one without a scheme is taken as https.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Missing {});
        }
        if text.len() > Self::LENGTH_MAX * 4 {
            return Err(Refusal::UrlTooLong { limit: Self::LENGTH_MAX as i64 });
        }
        let address = String::from(fold::fold(typed::parse(text)?)?);
        if address.len() > Self::LENGTH_MAX {
            return Err(Refusal::UrlTooLong { limit: Self::LENGTH_MAX as i64 });
        }
        Ok(Self(address))
    }

    /// The home page of a host of the public network, in small letters and punycode.
    pub(crate) fn of_host(host: &str) -> Self {
        Self(format!("https://{host}/"))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of a query: percent-encoded.
    #[must_use]
    pub fn encoded(&self) -> String {
        url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect()
    }

    /// The address as people are shown it, without its scheme.
    #[must_use]
    pub fn without_scheme(&self) -> &str {
        self.0.split_once("://").map_or(&*self.0, |(_, rest)| rest)
    }

    /// What a work at this address is called: by its title, or by its address where nobody has
    /// named it or nobody controls it (C7).
    #[must_use]
    pub fn shown_title<'work>(&'work self, title: &'work str, is_controlled: bool) -> &'work str {
        if title.is_empty() || !is_controlled { self.without_scheme() } else { title }
    }

    /// Its host, in punycode, with the port where it is not the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        let after_scheme = self.0.split_once("://").map_or("", |(_, rest)| rest);
        after_scheme.split(['/', '?']).next().unwrap_or_default()
    }

    /// Its scheme, host and port: what a browser calls the origin.
    #[must_use]
    pub fn origin(&self) -> String {
        let scheme = self.0.split_once("://").map_or("", |(scheme, _)| scheme);
        format!("{scheme}://{}", self.host())
    }

    /// Its path, with the slash that it begins with.
    #[must_use]
    pub fn path(&self) -> &str {
        let rest = self.without_scheme();
        let path = rest.find(['/', '?']).and_then(|at| rest.get(at..)).unwrap_or("/");
        let path = path.split('?').next().unwrap_or_default();
        if path.is_empty() { "/" } else { path }
    }

    /// What stands behind its question mark; none where it has none.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.0.split_once('?').map(|(_, query)| query)
    }

    /// Whether the host has letters outside ASCII, so that a reader should look at it twice.
    #[must_use]
    pub fn is_international(&self) -> bool {
        self.host().split('.').any(|label| label.starts_with("xn--"))
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The longest title of a work, in characters.
pub const TITLE_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        CanonicalUrl::parse(text).expect(text).to_string()
    }

    #[test]
    fn a_title_is_shown_of_a_work_that_somebody_controls() {
        let url = CanonicalUrl::parse("https://example.org/a").expect("an address");
        assert_eq!(url.shown_title("A song", true), "A song");
        assert_eq!(url.shown_title("A song", false), "example.org/a");
        assert_eq!(url.shown_title("", true), "example.org/a");
    }

    #[test]
    fn two_spellings_of_one_page_are_one_work() {
        let spellings = [
            "https://example.org/a?b=1",
            " HTTPS://Example.ORG:443/a?b=1#part ",
            "example.org/a?b=1",
            "https://someone:secret@example.org./a?b=1&utm_source=x&fbclid=y",
            "https://example.org/%61?&b=1&",
            "https://example.org/x/../a?b=1",
        ];
        for spelling in spellings {
            assert_eq!(canonical(spelling), "https://example.org/a?b=1", "{spelling}");
        }
        assert_eq!(canonical("https://bücher.example/ä"), "https://xn--bcher-kva.example/%C3%A4");
        assert_eq!(canonical("example.org:8080/x"), "https://example.org:8080/x");
        assert_eq!(canonical("https://example.org/?utm_source=x"), "https://example.org/");
    }

    #[test]
    fn different_pages_stay_different() {
        assert_ne!(canonical("https://example.org/a"), canonical("https://example.org/A"));
        assert_ne!(canonical("https://example.org/?a=1"), canonical("https://example.org/?a=2"));
        assert_ne!(canonical("https://example.org/a%2Fb"), canonical("https://example.org/a/b"));
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "mailto:a@b.cd",
            "ftp://a.b/c",
        ] {
            assert_eq!(CanonicalUrl::parse(text), Err(Refusal::UrlScheme {}), "{text}");
        }
        for text in [
            "https://",
            "http://exa mple.org",
            "not a url",
            "https://[::1",
            "/path",
            "..",
            "https://a..b/",
        ] {
            assert_eq!(CanonicalUrl::parse(text), Err(Refusal::UrlMalformed {}), "{text}");
        }
        assert_eq!(CanonicalUrl::parse(""), Err(Refusal::Missing {}));
        let long = format!("https://example.org/{}", "a".repeat(2_100));
        assert_eq!(CanonicalUrl::parse(&long), Err(Refusal::UrlTooLong { limit: 2_048 }));
    }

    #[test]
    fn the_origin_is_scheme_host_and_port() {
        let url = CanonicalUrl::parse("https://example.org:8443/a?b").expect("an address");
        assert_eq!(url.origin(), "https://example.org:8443");
        assert!(CanonicalUrl::parse("https://аpple.com").expect("an address").is_international());
    }

    proptest! {
        #[test]
        fn canonical_is_idempotent(text in "(https?://)?[a-z%A-Z0-9.:@/?&=#_~ é-]{1,80}") {
            if let Ok(once) = CanonicalUrl::parse(&text) {
                prop_assert_eq!(CanonicalUrl::parse(once.as_str()), Ok(once));
            }
        }

        #[test]
        fn escapes_and_dots_are_idempotent(
            path in "[a.%/2Ee5~-]{0,40}",
            query in "[a&=%utm_+2e;]{0,40}",
        ) {
            let text = format!("https://example.org/{path}?{query}");
            if let Ok(once) = CanonicalUrl::parse(&text) {
                prop_assert_eq!(CanonicalUrl::parse(once.as_str()), Ok(once));
            }
        }
    }
}
