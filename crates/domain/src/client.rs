//! Clients of the OAuth2 provider (security.md O1): programs of others, with what each may ask for
//! and the addresses that answers are sent to.

use std::fmt;

use url::Url;

use crate::refusal::Refusal;
use crate::token::Scope;

crate::id! {
    /// A client, as the protocol and its developer name it.
    ClientId
}

/// How a client proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// Not at all: a program on the patron's own machine, which can keep no secret.
    Public,
    /// By its secret: a program on a server.
    Confidential,
    /// An old one of Flattr's, marked so by an administrator: by its secret, without PKCE.
    Legacy,
}

impl ClientKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Public, Self::Confidential, Self::Legacy];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Confidential => "confidential",
            Self::Legacy => "legacy",
        }
    }

    /// Reads what [`Self::code`] writes.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it has a secret.
    #[must_use]
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::Confidential | Self::Legacy)
    }

    /// Whether a client of this kind can ever have a scope (O1, O3): none moves money out, and a
    /// legacy one clicks and reads, the mail address too (docs/decisions/0076).
    #[must_use]
    pub const fn may_have(self, scope: Scope) -> bool {
        let is_for_owners = matches!(scope, Scope::Wallet | Scope::Budget | Scope::Settings);
        let is_new = matches!(scope, Scope::WorksWrite | Scope::Webhooks);
        !(is_for_owners || (matches!(self, Self::Legacy) && is_new))
    }

    /// The scopes of a request; the account's name where none is asked for. A legacy client may
    /// name Flattr's, too.
    pub fn scopes(self, asked: &str) -> Result<Vec<Scope>, Refusal> {
        if self == Self::Legacy {
            return self.flattr_scopes(asked);
        }
        if asked.trim().is_empty() {
            return Ok(vec![Scope::Profile]);
        }
        self.named(asked)
    }

    fn named(self, asked: &str) -> Result<Vec<Scope>, Refusal> {
        let scopes = Scope::parse_list(asked)?;
        match scopes.iter().find(|scope| !self.may_have(**scope)) {
            Some(scope) => Err(Refusal::ScopeUnknown { scope: scope.name().to_owned() }),
            None => Ok(scopes),
        }
    }

    /// Flattr's scopes, with spaces, commas or `+` between (research/flattr-api-v2.md sections 5.2
    /// and 5.5). Whatever is asked for, a client there knows the account and its own flattrs; to
    /// change works is left out (O1).
    fn flattr_scopes(self, asked: &str) -> Result<Vec<Scope>, Refusal> {
        let mut scopes = vec![Scope::Profile, Scope::ClicksRead];
        for name in asked.split([' ', ',', '+']).filter(|name| !name.is_empty()) {
            match name {
                "flattr" => scopes.push(Scope::Click),
                "thing" => {}
                "email" => scopes.push(Scope::Email),
                "extendedread" => scopes.extend([Scope::Email, Scope::StatsRead]),
                other => scopes.extend(self.named(other)?),
            }
        }
        scopes.sort_unstable();
        scopes.dedup();
        Ok(scopes)
    }
}

/// The most characters of a client's name.
pub const NAME_MAX: usize = 60;

/// An address that answers may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect(String);

/// What a browser would run instead of going there, or what shows what is on the machine.
const FORBIDDEN: [&str; 12] = [
    "about",
    "blob",
    "chrome",
    "data",
    "file",
    "filesystem",
    "ftp",
    "intent",
    "javascript",
    "vbscript",
    "view-source",
    "ws",
];

impl Redirect {
    /// The most bytes of one.
    pub const LENGTH_MAX: usize = 1_000;

    /// The most that a client has.
    pub const COUNT_MAX: usize = 10;

    /// Reads an address as a developer registers it: absolute, without fragment, sign-in or dots
    /// that lead elsewhere; `https`, this machine over `http`, or a scheme of the program's own
    /// that has a dot (RFC 8252), except of legacy clients.
    pub fn parse(text: &str, kind: ClientKind) -> Result<Self, Refusal> {
        let refused = || Refusal::RedirectMalformed {};
        if text.len() > Self::LENGTH_MAX {
            return Err(Refusal::TooLong { limit: Self::LENGTH_MAX as i64 });
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"'`<>\\^{}|;,#*".contains(&byte);
        if text.is_empty() || !text.bytes().all(is_plain) {
            return Err(refused());
        }
        let url = Url::parse(text).map_err(|_| refused())?;
        // What browsers would write otherwise would not be the exact text any more.
        let is_exact = url.as_str() == text || url.as_str().strip_suffix('/') == Some(text);
        let has_sign_in = !url.username().is_empty() || url.password().is_some();
        let is_allowed = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback(&url),
            scheme => match kind {
                ClientKind::Public => scheme.contains('.'),
                ClientKind::Legacy => !FORBIDDEN.contains(&scheme),
                ClientKind::Confidential => false,
            },
        };
        let is_fine = is_exact && !has_sign_in && url.fragment().is_none() && is_allowed;
        if is_fine { Ok(Self(text.to_owned())) } else { Err(refused()) }
    }

    /// What was stored; it was read by [`Self::parse`] before.
    #[must_use]
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether a request may name this address: the same text; on this machine's own IP addresses
    /// with any port (RFC 8252, section 7.3).
    #[must_use]
    pub fn admits(&self, asked: &str) -> bool {
        if self.0 == asked {
            return true;
        }
        match (loopback(&self.0), loopback(asked)) {
            (Some(own), Some(asked)) => own == asked,
            _ => false,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its host on the web; none where it is of this machine or has a scheme of its own.
    #[must_use]
    pub fn web_host(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok().filter(|url| url.scheme() == "https");
        url.and_then(|url| url.host_str().map(str::to_owned))
    }
}

impl fmt::Display for Redirect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"))
}

/// The parts of an address of this machine that count: the host and what follows the port. A name
/// is none, for it may be somebody else's.
fn loopback(text: &str) -> Option<(&'static str, &str)> {
    let (host, rest) = ["http://127.0.0.1", "http://[::1]"]
        .into_iter()
        .find_map(|host| text.strip_prefix(host).map(|rest| (host, rest)))?;
    let rest = match rest.strip_prefix(':') {
        None => rest,
        Some(with_port) => {
            let end = with_port.find('/').unwrap_or(with_port.len());
            let (port, rest) = with_port.split_at(end);
            let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
            let port: u16 = port.parse().ok().filter(|_| is_number)?;
            (port > 0).then_some(rest)?
        }
    };
    (rest.is_empty() || rest.starts_with('/')).then_some((host, rest))
}

/// Where an answer is sent: an admitted address with the values of the answer behind it.
#[must_use]
pub fn answer_address(redirect: &str, query: &str) -> String {
    let mark = if redirect.contains('?') { '&' } else { '?' };
    format!("{redirect}{mark}{query}")
}

/// What a browser has to let a form lead on to for an answer to arrive there: an origin, or a
/// scheme (Content Security Policy, `form-action`).
#[must_use]
pub fn form_source(redirect: &str) -> String {
    let Ok(url) = Url::parse(redirect) else { return String::new() };
    match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> Result<Redirect, Refusal> {
        Redirect::parse(text, ClientKind::Public)
    }

    #[test]
    fn what_can_be_registered() {
        for text in [
            "https://app.example/callback",
            "https://app.example",
            "https://app.example:8443/callback?from=obole",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:7171/callback",
            "http://[::1]/callback",
            "http://localhost:3000/callback",
            "com.example.app:/callback",
            "com.example.app://callback",
        ] {
            assert_eq!(public(text).expect(text).as_str(), text);
        }
        let old = "flattr4j://app.example/authenticate";
        assert!(Redirect::parse(old, ClientKind::Legacy).is_ok());
        assert!(public(old).is_err());
        assert!(Redirect::parse("com.example.app:/cb", ClientKind::Confidential).is_err());
    }

    #[test]
    fn what_cannot_be_registered() {
        for text in [
            "",
            "/callback",
            "http://app.example/callback",
            "https://app.example/callback#part",
            "https://app.example/callback#",
            "https://ada@app.example/callback",
            "https://ada:secret@app.example/",
            "https://app.example/one/../callback",
            "https://app.example/./callback",
            "https://App.example/callback",
            "https://app.example:443/callback",
            "https://*.app.example/callback",
            "https://app.example\\@evil.example/",
            "https://app.example/call back",
            "https://app.example/\u{e9}",
            "https://app.example/a;b",
            "https://",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "http://127.0.0.1.evil.example/",
            "http://127.1/callback",
            "http://2130706433/callback",
        ] {
            assert!(public(text).is_err(), "{text}");
            assert!(Redirect::parse(text, ClientKind::Legacy).is_err(), "{text}");
        }
        let long = format!("https://app.example/{}", "a".repeat(1_000));
        assert_eq!(public(&long), Err(Refusal::TooLong { limit: 1_000 }));
    }

    #[test]
    fn an_address_of_the_web_is_its_exact_text() {
        let registered = public("https://app.example/callback").expect("an address");
        assert!(registered.admits("https://app.example/callback"));
        for text in [
            "",
            "https://app.example/callback/",
            "https://app.example/callback/more",
            "https://app.example/callback/../evil",
            "https://app.example/callback?next=evil",
            "https://app.example/callback#evil",
            "https://app.example/Callback",
            "https://APP.example/callback",
            "https://app.example:443/callback",
            "https://app.example:8443/callback",
            "https://app.example%2fcallback",
            "https://app.example/call%62ack",
            "https://app.example.evil.example/callback",
            "https://app.example@evil.example/callback",
            "https://evil.example/https://app.example/callback",
            "http://app.example/callback",
            " https://app.example/callback",
            "https://app.example/callback\0",
        ] {
            assert!(!registered.admits(text), "{text}");
        }
    }

    #[test]
    fn only_the_port_of_this_machine_is_free() {
        for own in ["http://127.0.0.1/callback", "http://127.0.0.1:7171/callback"] {
            let own = public(own).expect("an address");
            for text in ["http://127.0.0.1/callback", "http://127.0.0.1:51004/callback"] {
                assert!(own.admits(text), "{text}");
            }
            for text in [
                "http://127.0.0.1:51004/callback/more",
                "http://127.0.0.1:51004/callback?a=b",
                "http://127.0.0.1:0/callback",
                "http://127.0.0.1:99999/callback",
                "http://127.0.0.1:+80/callback",
                "http://127.0.0.1:/callback",
                "http://127.0.0.1:80@evil.example/callback",
                "http://127.0.0.1@evil.example/callback",
                "http://127.0.0.1.evil.example/callback",
                "http://[::1]:51004/callback",
                "http://localhost:51004/callback",
                "https://127.0.0.1:51004/callback",
            ] {
                assert!(!own.admits(text), "{text}");
            }
        }
        let name = public("http://localhost:3000/callback").expect("an address");
        assert!(name.admits("http://localhost:3000/callback"));
        assert!(!name.admits("http://localhost:3001/callback"));
    }

    #[test]
    fn scopes_of_clients() {
        use ClientKind::{Confidential, Legacy, Public};
        assert_eq!(Public.scopes(" "), Ok(vec![Scope::Profile]));
        assert_eq!(Public.scopes("click email"), Ok(vec![Scope::Email, Scope::Click]));
        for (kind, asked) in [
            (Public, "wallet"),
            (Confidential, "click budget"),
            (Legacy, "works:write"),
            (Legacy, "flattr,webhooks"),
            (Public, "everything"),
        ] {
            assert!(kind.scopes(asked).is_err(), "{asked}");
        }
        assert!(Legacy.scopes("profile click clicks:read stats:read").is_ok());
        let print = |asked: &str| Legacy.scopes(asked).map(|scopes| Scope::print_list(&scopes));
        for (asked, granted) in [
            ("", "profile clicks:read"),
            ("flattr", "profile click clicks:read"),
            ("flattr,thing", "profile click clicks:read"),
            ("flattr thing", "profile click clicks:read"),
            ("flattr+email", "profile email click clicks:read"),
            ("extendedread", "profile email clicks:read stats:read"),
        ] {
            assert_eq!(print(asked), Ok(granted.to_owned()), "{asked}");
        }
    }

    #[test]
    fn an_answer_stands_behind_what_is_there() {
        assert_eq!(answer_address("https://a.example/c", "code=1"), "https://a.example/c?code=1");
        let with_query = answer_address("https://a.example/c?b=2", "code=1");
        assert_eq!(with_query, "https://a.example/c?b=2&code=1");
        assert_eq!(form_source("https://a.example/c?b"), "https://a.example");
        assert_eq!(form_source("http://127.0.0.1:99/c"), "http://127.0.0.1:99");
        assert_eq!(form_source("com.example.app:/c"), "com.example.app:");
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "\\PC{0,80}") {
            for kind in ClientKind::ALL {
                if let Ok(redirect) = Redirect::parse(&text, kind) {
                    prop_assert!(redirect.admits(&text));
                }
            }
            let registered = Redirect::stored("https://app.example/callback");
            prop_assert_eq!(registered.admits(&text), text == "https://app.example/callback");
        }

        #[test]
        fn nothing_may_stand_around_an_address(before in "\\PC{0,9}", after in "\\PC{0,9}") {
            let own = "http://127.0.0.1:7171/callback";
            let text = format!("{before}{own}{after}");
            let is_bare = before.is_empty() && after.is_empty();
            prop_assert_eq!(Redirect::stored(own).admits(&text), is_bare);
        }
    }
}
