//! Whom passkeys are made for: the host of the configured address, which browsers hold them to.

use std::net::IpAddr;

use obole_domain::Refusal;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::app::App;
use crate::config::Config;
use crate::error::{Error, Result};

/// The name of this machine, the only one of it that passkeys can be made for.
const LOCALHOST: &str = "localhost";

/// Whether passkeys can be used at the host that a browser asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Here.
    Here,
    /// At this address of the same instance.
    Elsewhere(String),
    /// Nowhere: the instance's address is a number, or not https.
    Nowhere,
}

/// Whether passkeys can be used at a `Host`.
#[must_use]
pub fn place(config: &Config, host: &str) -> Place {
    let Some(id) = id(config) else { return Place::Nowhere };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, format!(":{port}")),
        _ => (host, String::new()),
    };
    if !config.is_loopback() || name.eq_ignore_ascii_case(&id) {
        return Place::Here;
    }
    Place::Elsewhere(format!("http://{id}{port}"))
}

/// The id that authenticators keep passkeys under; none where there can be none.
fn id(config: &Config) -> Option<String> {
    if config.is_loopback() {
        return Some(LOCALHOST.to_owned());
    }
    let url = Url::parse(&config.base_url()).ok().filter(|url| url.scheme() == "https")?;
    let host = url.host_str()?;
    let is_number = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    (!is_number).then(|| host.to_owned())
}

/// What checks the answers of passkeys. Refused where the instance's address allows none.
pub(crate) fn of(app: &App) -> Result<Webauthn> {
    let config = app.config();
    let id = id(config).ok_or(Refusal::PasskeysImpossible {})?;
    // On this machine any port is the same instance's: tests and demonstrations choose a free one.
    let is_loopback = config.is_loopback();
    let origin = if is_loopback { format!("http://{id}") } else { config.base_url() };
    let origin = Url::parse(&origin).map_err(Error::internal)?;
    let builder = WebauthnBuilder::new(&id, &origin).map_err(Error::internal)?;
    let builder = builder.rp_name(&config.instance.name).allow_any_port(is_loopback);
    builder.build().map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base: &str) -> Config {
        let mut config = Config::default();
        base.clone_into(&mut config.server.base_url);
        config
    }

    #[test]
    fn passkeys_are_made_for_a_name_and_never_for_a_number() {
        let public = config("https://obole.example");
        assert_eq!(place(&public, "obole.example"), Place::Here);
        for base in ["http://obole.example", "https://192.0.2.1", "https://[2001:db8::1]:8443"] {
            assert_eq!(place(&config(base), "obole.example"), Place::Nowhere, "{base}");
        }
    }

    #[test]
    fn on_this_machine_they_are_made_for_localhost_on_any_port() {
        for base in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"] {
            let config = config(base);
            assert_eq!(place(&config, "localhost:4711"), Place::Here, "{base}");
            for host in ["127.0.0.1:4711", "[::1]:4711"] {
                let there = Place::Elsewhere("http://localhost:4711".to_owned());
                assert_eq!(place(&config, host), there, "{base}");
            }
        }
        let there = Place::Elsewhere("http://localhost".to_owned());
        assert_eq!(place(&config("http://127.0.0.1"), "[::1]"), there);
    }
}
