//! Which addresses a name has (F3): A and AAAA asked of the name server by ourselves, never of a
//! file of hosts, never with a search domain.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use tokio::time::timeout;

use super::FetchError;

/// How long a name may take to resolve (F3).
const TIME_MAX: Duration = Duration::from_secs(3);

/// The most addresses of a name (F3); one with more is not fetched.
const ADDRESSES_MAX: usize = 16;

/// How many answers are remembered, as long as they say.
const CACHED_MAX: u64 = 1_024;

/// The name servers.
pub(super) struct Names {
    resolver: TokioResolver,
}

impl Names {
    /// The system's name servers, or one that is named.
    pub(super) fn new(server: Option<SocketAddr>) -> io::Result<Self> {
        let mut builder = match server {
            None => TokioResolver::builder_tokio().map_err(io::Error::other)?,
            Some(server) => {
                let provider = TokioRuntimeProvider::default();
                TokioResolver::builder_with_config(only(server), provider)
            }
        };
        set(builder.options_mut());
        let resolver = builder.build().map_err(io::Error::other)?;
        Ok(Self { resolver })
    }

    /// Every address of a name, those of v4 first. `Unreachable` where there is none or too many,
    /// and where the name server does not say for both kinds.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, FetchError> {
        let mut name = Name::from_ascii(host).map_err(|_| FetchError::Refused)?;
        name.set_fqdn(true);
        let both = async {
            tokio::join!(self.ask(name.clone(), RecordType::A), self.ask(name, RecordType::AAAA))
        };
        let (v4, v6) = timeout(TIME_MAX, both).await.map_err(|_| FetchError::Unreachable)?;
        let mut addresses = v4?;
        addresses.extend(v6?);
        let is_usable = (1..=ADDRESSES_MAX).contains(&addresses.len());
        if is_usable { Ok(addresses) } else { Err(FetchError::Unreachable) }
    }

    async fn ask(&self, name: Name, kind: RecordType) -> Result<Vec<IpAddr>, FetchError> {
        let answers = match self.resolver.lookup(name, kind).await {
            Ok(lookup) => lookup,
            Err(error) if has_none(&error) => return Ok(Vec::new()),
            Err(_) => return Err(FetchError::Unreachable),
        };
        let addresses = answers.answers().iter().filter_map(|record| match record.data {
            RData::A(address) => Some(IpAddr::V4(address.0)),
            RData::AAAA(address) => Some(IpAddr::V6(address.0)),
            _ => None,
        });
        Ok(addresses.collect())
    }
}

/// The name server answered: there is nothing of this kind.
fn has_none(error: &NetError) -> bool {
    error.is_no_records_found()
}

fn only(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    let server = NameServerConfig::new(server.ip(), true, connections.into());
    ResolverConfig::from_name_servers(vec![server])
}

fn set(options: &mut ResolverOpts) {
    options.timeout = Duration::from_secs(1);
    options.attempts = 2;
    options.cache_size = CACHED_MAX;
    options.use_hosts_file = ResolveHosts::Never;
}
