//! What the TXT records of a name say (F3): asked over TCP, validated where the zone is signed,
//! never remembered, since who changes a record wants to see it counted.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::dnssec::{Proof, TrustAnchors};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::system_conf::read_system_conf;
use tokio::time::timeout;

/// How long a name may take: its zone's keys and those above it are asked for too.
const TIME_MAX: Duration = Duration::from_secs(10);

/// The most records of a name that are looked at.
const RECORDS_MAX: usize = 100;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextsError {
    /// Nobody could say.
    #[error("the name server does not say")]
    Unclear,
    /// The zone is signed, and the answer is not signed as it must be.
    #[error("the answer is not signed as its zone must be")]
    Unsafe,
}

/// The name servers, over TCP.
pub(super) struct Texts {
    resolver: TokioResolver,
}

impl Texts {
    /// The system's name servers, or one that is named; the root's keys, or those of a file.
    pub(super) fn new(server: Option<SocketAddr>, anchor: Option<&Path>) -> io::Result<Self> {
        let servers = match server {
            Some(server) => vec![over_tcp(server)],
            None => {
                let (config, _) = read_system_conf().map_err(io::Error::other)?;
                let servers = config.name_servers().iter();
                servers.map(|server| over_tcp(SocketAddr::new(server.ip, DNS))).collect()
            }
        };
        let config = ResolverConfig::from_name_servers(servers);
        let provider = TokioRuntimeProvider::default();
        let mut builder = TokioResolver::builder_with_config(config, provider);
        set(builder.options_mut());
        if let Some(anchor) = anchor {
            let anchors = TrustAnchors::from_file(anchor).map_err(io::Error::other)?;
            builder = builder.with_trust_anchor(Arc::new(anchors));
        }
        Ok(Self { resolver: builder.build().map_err(io::Error::other)? })
    }

    /// The texts of a name: none where it has none, or is none.
    pub(super) async fn of(&self, name: &str) -> Result<Vec<String>, TextsError> {
        let mut name = Name::from_ascii(name).map_err(|_| TextsError::Unclear)?;
        name.set_fqdn(true);
        let asked = timeout(TIME_MAX, self.resolver.lookup(name, RecordType::TXT)).await;
        let lookup = match asked.map_err(|_| TextsError::Unclear)? {
            Ok(lookup) => lookup,
            Err(error) => return none(&error),
        };
        let mut texts = Vec::new();
        for record in lookup.answers().iter().take(RECORDS_MAX) {
            let RData::TXT(text) = &record.data else { continue };
            if !matches!(record.proof, Proof::Secure | Proof::Insecure) {
                return Err(TextsError::Unsafe);
            }
            texts.push(String::from_utf8_lossy(&text.txt_data.concat()).into_owned());
        }
        Ok(texts)
    }
}

/// The port of name servers.
const DNS: u16 = 53;

fn over_tcp(server: SocketAddr) -> NameServerConfig {
    let mut connection = ConnectionConfig::tcp();
    connection.port = server.port();
    NameServerConfig::new(server.ip(), true, vec![connection])
}

fn set(options: &mut ResolverOpts) {
    options.validate = true;
    options.timeout = Duration::from_secs(3);
    options.attempts = 2;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
}

/// What it means that there is no record: that there is none only where that is proven, or its zone
/// is not signed.
fn none(error: &NetError) -> Result<Vec<String>, TextsError> {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(_)) => Ok(Vec::new()),
        NetError::Dns(DnsError::Nsec { proof: Proof::Secure | Proof::Insecure, .. }) => {
            Ok(Vec::new())
        }
        NetError::Dns(DnsError::Nsec { .. } | DnsError::DnssecBogus) => Err(TextsError::Unsafe),
        _ => Err(TextsError::Unclear),
    }
}
