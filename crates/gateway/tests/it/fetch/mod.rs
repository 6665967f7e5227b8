//! Fetching against real sockets: a name server that lies, sites that misbehave, traps beside them.

mod forbidden;
mod manners;
mod parcel;
mod robots;

use std::time::Duration;

use obole_gateway::fetch::{
    Addresses, BODY_MAX, Excess, FetchConfig, FetchError, Fetched, Fetcher, Redirects, Wanted,
};
use obole_gateway::testing::{ALLOWED, Dns, Says, Sites};

/// What tests ask for.
const WANTED: Wanted = Wanted {
    accept: "text/html",
    body_max: BODY_MAX,
    excess: Excess::Refuse,
    redirects: Redirects::Anywhere,
    obeys_robots: false,
};

/// A name server, sites, and an instance that fetches from them.
struct World {
    dns: Dns,
    sites: Sites,
    fetcher: Fetcher,
}

impl World {
    /// Every name leads to the allowed address, unless a test says otherwise: a check that is left
    /// out shows as a contact.
    async fn new() -> Self {
        Self::with(|_| ()).await
    }

    async fn with(change: impl FnOnce(&mut FetchConfig)) -> Self {
        let (dns, sites) = (Dns::start().await, Sites::start().await);
        dns.say_otherwise(Says::Addresses(vec![ALLOWED]));
        dns.say("obole.example", Says::Nothing);
        let mut config = FetchConfig {
            addresses: Addresses { forbidden: Vec::new(), test_allow: vec![ALLOWED] },
            ports: vec![sites.port],
            pause: Duration::ZERO,
            resolver: Some(dns.address),
            authorities: Some(sites.authority.clone()),
            ..FetchConfig::new("https://obole.example".to_owned())
        };
        change(&mut config);
        Self { dns, sites, fetcher: Fetcher::new(config) }
    }

    /// Fetches an address as it is written.
    async fn get(&self, url: &str) -> Result<Fetched, FetchError> {
        self.fetcher.get(url, &WANTED).await
    }

    /// Fetches a page of a name at the sites' port.
    async fn page(&self, name: &str, path: &str) -> Result<Fetched, FetchError> {
        self.get(&self.sites.url(name, path)).await
    }
}
