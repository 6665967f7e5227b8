//! Strangers' sites over real sockets, and instances on each engine that reach them.

use obole_app::Config;
use obole_app::testing::{self, Instance};
use obole_gateway::testing::{ALLOWED, Dns, Says, Sites};

/// Sites, and the name server that leads there.
pub struct World {
    pub sites: Sites,
    pub dns: Dns,
}

impl World {
    pub async fn new() -> Self {
        let (sites, dns) = (Sites::start().await, Dns::start().await);
        dns.say_otherwise(Says::Addresses(vec![ALLOWED]));
        Self { sites, dns }
    }

    pub async fn engines(&self) -> Vec<Instance> {
        testing::engines_changed(&|config| self.set(config)).await
    }

    pub fn set(&self, config: &mut Config) {
        config.fetch.test_allow = vec![ALLOWED.to_string()];
        config.fetch.ports = vec![self.sites.port];
        config.fetch.resolver = self.dns.address.to_string();
        config.fetch.authorities = self.sites.authority.display().to_string();
        config.fetch.pause_seconds = 0;
    }
}
