//! An address that a person pointed at, read once into what can be fetched (F2). Pure: who the name
//! belongs to is asked later.

use std::net::IpAddr;

use url::{Host, Url};

/// The longest address.
pub const URL_MAX: usize = 2_048;

/// The port of https.
pub const HTTPS: u16 = 443;

/// Names that are not the public network's (RFC 6761 and what networks use inside): as a whole, or
/// at the end. Nobody serves `example`, and tests need a name.
const SPECIAL_NAMES: [&str; 16] = [
    "alt",
    "arpa",
    "consul",
    "corp",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
];

/// The longest host name, and the longest of its labels (RFC 1035).
const NAME_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// What decides whether an address can be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRules {
    /// The ports that may be asked.
    pub ports: Vec<u16>,
    /// The instance's own names, folded.
    pub own_names: Vec<String>,
}

/// An address that can be fetched: https, a public name, a port that is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
    host: String,
    port: u16,
}

impl Target {
    /// Reads an address; none when it is not one that is fetched.
    #[must_use]
    pub fn parse(text: &str, rules: &TargetRules) -> Option<Self> {
        if !is_plain(text) {
            return None;
        }
        Self::check(Url::parse(text).ok()?, rules)
    }

    /// Where a redirect or a link leads from here; none when that is not fetched.
    #[must_use]
    pub fn join(&self, location: &str, rules: &TargetRules) -> Option<Self> {
        if !is_plain(location) {
            return None;
        }
        Self::check(self.url.join(location).ok()?, rules)
    }

    fn check(mut url: Url, rules: &TargetRules) -> Option<Self> {
        url.set_fragment(None);
        let has_user = !url.username().is_empty() || url.password().is_some();
        if url.scheme() != "https" || has_user || url.as_str().len() > URL_MAX {
            return None;
        }
        let Host::Domain(domain) = url.host()? else { return None };
        // One dot at the end is the root's: the same name.
        let host = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
        let port = url.port_or_known_default()?;
        let is_own = rules.own_names.contains(&host);
        if !is_public_name(&host) || is_own || !rules.ports.contains(&port) {
            return None;
        }
        Some(Self { url, host, port })
    }

    /// The name to resolve, ASCII, without a dot at its end.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The name as the `Host` header has it.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == HTTPS { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// Path and query, as they are asked for.
    #[must_use]
    pub fn path_and_query(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }

    /// The whole address, without a fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// Whether another address has the same name, but for a `www.` before it.
    #[must_use]
    pub fn is_same_site(&self, other: &Self) -> bool {
        without_www(&self.host) == without_www(&other.host) && self.port == other.port
    }
}

fn without_www(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// What a parser would drop silently is refused instead: blanks and control characters.
fn is_plain(text: &str) -> bool {
    text.len() <= URL_MAX && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// Whether a folded name is one of the public network: two labels or more of letters, digits and
/// hyphens, the last not a number, not set apart for something else.
fn is_public_name(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let [.., _, last] = labels.as_slice() else { return false };
    let is_special = |special: &str| {
        let before = host.strip_suffix(special);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    host.len() <= NAME_MAX
        && labels.iter().all(|label| is_label(label))
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !last.starts_with("0x")
        && host.parse::<IpAddr>().is_err()
        && !SPECIAL_NAMES.iter().any(|special| is_special(special))
}

fn is_label(label: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_bounded = (1..=LABEL_MAX).contains(&label.len());
    is_bounded && label.bytes().all(is_allowed) && !label.starts_with('-') && !label.ends_with('-')
}

/// A host name as targets have theirs: folded, A-labels, without a port or a dot at its end; none
/// when an address has no name.
#[must_use]
pub fn name_of(base_url: &str) -> Option<String> {
    let url = Url::parse(base_url).ok()?;
    let Host::Domain(domain) = url.host()? else { return None };
    Some(domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rules() -> TargetRules {
        TargetRules { ports: vec![HTTPS, 8443], own_names: vec!["obole.example".to_owned()] }
    }

    fn read(text: &str) -> Option<Target> {
        Target::parse(text, &rules())
    }

    #[test]
    fn a_public_page_is_fetched() {
        for (text, host, path) in [
            ("https://example.org", "example.org", "/"),
            ("HTTPS://Example.ORG:443/a?b=c#d", "example.org", "/a?b=c"),
            ("https://example.org./a", "example.org", "/a"),
            ("https://bücher.example/ä", "xn--bcher-kva.example", "/%C3%A4"),
            ("https://a_b.example.org/", "a_b.example.org", "/"),
            ("https://localhost.example.org/", "localhost.example.org", "/"),
            ("https://notobole.example/", "notobole.example", "/"),
            ("https://mylocal.example/../x", "mylocal.example", "/x"),
            ("https://1.2.3.4.example.org/", "1.2.3.4.example.org", "/"),
        ] {
            let target = read(text).expect(text);
            assert_eq!((target.host(), &*target.path_and_query()), (host, path), "{text}");
            assert_eq!(target.authority(), host);
        }
        let other = read("https://example.org:8443/x").expect("a port of the list");
        assert_eq!((&*other.authority(), other.port()), ("example.org:8443", 8443));
    }

    #[test]
    fn a_redirect_is_read_by_the_same_rules() {
        let from = read("https://example.org/a/b").expect("a target");
        let to = |location: &str| from.join(location, &rules()).map(|to| to.as_str().to_owned());
        assert_eq!(to("../c").as_deref(), Some("https://example.org/c"));
        assert_eq!(to("//www.example.org/").as_deref(), Some("https://www.example.org/"));
        for location in [
            "http://example.org/",
            "//127.0.0.1/",
            "https://[::1]/",
            "//localhost/",
            "https://obole.example/",
            "\\\\10.0.0.1\\",
            "file:///etc/passwd",
            "https://example.org:22/",
            "//user:secret@example.org/",
        ] {
            assert_eq!(to(location), None, "{location}");
        }
    }

    #[test]
    fn a_site_is_the_same_with_and_without_www() {
        let at = |text: &str| read(text).expect(text);
        let apex = at("https://example.org/");
        assert!(apex.is_same_site(&at("https://www.example.org/a")));
        assert!(!apex.is_same_site(&at("https://www.www.example.org/")));
        assert!(!apex.is_same_site(&at("https://blog.example.org/")));
        assert!(!apex.is_same_site(&at("https://example.org:8443/")));
    }

    #[test]
    fn the_longest_address_is_fetched_and_one_more_is_not() {
        let of = |length: usize| {
            let start = "https://example.org/";
            format!("{start}{}", "a".repeat(length - start.len()))
        };
        assert!(read(&of(URL_MAX)).is_some());
        assert!(read(&of(URL_MAX + 1)).is_none());
        // Escapes make it longer than it was typed.
        assert!(read(&format!("https://example.org/{}", "ä".repeat(400))).is_none());
    }

    #[test]
    fn our_name_is_told_from_the_base_address() {
        assert_eq!(name_of("https://Obole.example:8443").as_deref(), Some("obole.example"));
        assert_eq!(name_of("https://bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(name_of("http://127.0.0.1:8080"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_leads_to_a_public_name_or_nowhere(text in "\\PC{0,80}") {
            for text in [text.clone(), format!("https://{text}"), format!("https://a.{text}/")] {
                if let Some(target) = read(&text) {
                    prop_assert!(target.as_str().starts_with("https://"));
                    prop_assert!(is_public_name(target.host()));
                    prop_assert!(target.host().parse::<IpAddr>().is_err());
                }
            }
        }

        #[test]
        fn no_number_is_a_name(parts in proptest::collection::vec(0_u64..=0xffff_ffff, 1..=4)) {
            let write = |radix: u8| {
                let part = |part: &u64| match radix {
                    8 => format!("0{part:o}"),
                    16 => format!("0x{part:x}"),
                    _ => part.to_string(),
                };
                parts.iter().map(part).collect::<Vec<_>>().join(".")
            };
            for radix in [8, 10, 16] {
                let host = write(radix);
                prop_assert!(read(&format!("https://{host}/")).is_none(), "{}", host);
            }
        }
    }
}
