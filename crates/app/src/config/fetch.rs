//! `[fetch]`: what people point at, and how it is read (security.md section 8).

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use obole_gateway::fetch::{Addresses, FetchConfig, Range};
use serde::Deserialize;

use super::Config;
use crate::error::{Error, Result};

/// The port of https.
const HTTPS: u16 = 443;

/// `[fetch]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fetch {
    /// Whether the pages of clicked works are read. Never by an instance on loopback, but for a
    /// test that names addresses.
    pub pages: bool,
    /// How many seconds a host rests between two requests.
    pub pause_seconds: u16,
    /// Addresses and ranges that are never connected to, besides those that are not public (F4).
    pub forbidden: Vec<String>,
    /// Single addresses that may be reached whatever they are: for tests on loopback only (F7).
    pub test_allow: Vec<String>,
    /// The ports that may be asked: others than 443 for tests on loopback only.
    pub ports: Vec<u16>,
    /// The name server, `address:port`; empty: the system's. For tests on loopback only (F7).
    pub resolver: String,
    /// A PEM file of authorities that are trusted besides the system's; empty: none. For tests on
    /// loopback only (F7).
    pub authorities: String,
    /// A file of DNSKEY records that are trusted in the place of the root's; empty: none. For tests
    /// on loopback only (F7).
    pub trust_anchor: String,
}

impl Default for Fetch {
    fn default() -> Self {
        Self {
            pages: true,
            pause_seconds: 5,
            forbidden: Vec::new(),
            test_allow: Vec::new(),
            ports: vec![HTTPS],
            resolver: String::new(),
            authorities: String::new(),
            trust_anchor: String::new(),
        }
    }
}

impl Fetch {
    /// What only a test may set, and whether it is set (F7).
    pub(super) fn of_tests(&self) -> [(&'static str, bool); 5] {
        [
            ("fetch.test_allow", !self.test_allow.is_empty()),
            ("fetch.ports", self.ports != [HTTPS]),
            ("fetch.resolver", !self.resolver.is_empty()),
            ("fetch.authorities", !self.authorities.is_empty()),
            ("fetch.trust_anchor", !self.trust_anchor.is_empty()),
        ]
    }
}

impl Config {
    /// Whether the pages of clicked works are read.
    #[must_use]
    pub fn reads_pages(&self) -> bool {
        self.fetch.pages && self.looks_for_proofs()
    }

    /// Whether proofs of claims are looked for. Never by an instance on loopback, but for a
    /// test that names addresses.
    #[must_use]
    pub fn looks_for_proofs(&self) -> bool {
        !self.is_loopback() || !self.fetch.test_allow.is_empty()
    }

    /// How the instance fetches.
    pub fn fetching(&self) -> Result<FetchConfig> {
        let fetch = &self.fetch;
        let range = |text: &String| {
            Range::parse(text).ok_or_else(|| {
                wrong("forbidden", text, "an address or a range, such as 198.51.100.0/24")
            })
        };
        let single = |text: &String| {
            let address: std::result::Result<IpAddr, _> = text.parse();
            address.map_err(|_| wrong("test_allow", text, "a single address"))
        };
        let resolver = Some(&fetch.resolver).filter(|text| !text.is_empty()).map(|text| {
            let address: std::result::Result<SocketAddr, _> = text.parse();
            address.map_err(|_| wrong("resolver", text, "an address with its port"))
        });
        Ok(FetchConfig {
            addresses: Addresses {
                forbidden: fetch.forbidden.iter().map(range).collect::<Result<_>>()?,
                test_allow: fetch.test_allow.iter().map(single).collect::<Result<_>>()?,
            },
            ports: fetch.ports.clone(),
            pause: Duration::from_secs(fetch.pause_seconds.into()),
            resolver: resolver.transpose()?,
            authorities: file(&fetch.authorities),
            trust_anchor: file(&fetch.trust_anchor),
            ..FetchConfig::new(self.base_url())
        })
    }
}

/// A file that is named; none where nothing is.
fn file(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty())
}

fn wrong(key: &str, text: &str, wanted: &str) -> Error {
    Error::internal(format!("configuration: fetch.{key}: {text} is not {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config> {
        Config::read(text, [])
    }

    #[test]
    fn what_is_not_an_address_is_an_error() {
        for wrong in [
            "forbidden = [\"example.org\"]",
            "forbidden = [\"10.0.0.0/33\"]",
            "test_allow = [\"127.0.0.0/8\"]",
            "test_allow = [\"localhost\"]",
            "resolver = \"127.0.0.1\"",
            "ports = [70000]",
            "tests_allow = []",
        ] {
            assert!(read(&format!("[fetch]\n{wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_set_is_passed_on() {
        let text = "[server]\nbase_url = \"https://obole.example/\"\n[fetch]\npause_seconds = 9\n\
                    forbidden = [\"198.51.100.0/24\", \"2001:db8::1\"]";
        let config = read(text).expect("valid");
        let fetching = config.fetching().expect("valid");
        assert_eq!(fetching.base_url, "https://obole.example");
        assert_eq!((fetching.pause.as_secs(), fetching.ports.as_slice()), (9, &[443][..]));
        assert_eq!(fetching.addresses.forbidden.len(), 2);
        assert!(config.check_loopback().is_ok() && config.reads_pages());
    }

    #[test]
    fn what_is_for_tests_is_refused_where_strangers_come() {
        for set in [
            "test_allow = [\"127.0.0.2\"]",
            "ports = [443, 8443]",
            "ports = []",
            "resolver = \"127.0.0.1:53\"",
            "authorities = \"/tmp/ca.pem\"",
        ] {
            let at = |base: &str| {
                let text = format!("[server]\nbase_url = \"{base}\"\n[fetch]\n{set}");
                read(&text).expect("valid").check_loopback()
            };
            assert!(at("https://obole.example").is_err(), "{set}");
            assert!(at("http://localhost:8080").is_ok(), "{set}");
        }
    }

    #[test]
    fn an_instance_on_loopback_reads_no_pages_unless_a_test_asks() {
        assert!(!read("").expect("valid").reads_pages());
        let asked = "[fetch]\ntest_allow = [\"127.0.0.2\"]";
        assert!(read(asked).expect("valid").reads_pages());
        let off = "[server]\nbase_url = \"https://obole.example\"\n[fetch]\npages = false";
        assert!(!read(off).expect("valid").reads_pages());
    }
}
