//! The one door through which hosts are reached that people point at (F1): https to public hosts
//! only (F2 to F4), little at a time (F5), politely (F6). No proxy, cookie, Referer or credential.

mod address;
mod body;
mod client;
mod pace;
mod parcel;
mod polite;
mod resolve;
mod robots;
mod target;
mod texts;
mod tls;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub use address::{Addresses, Range, is_public};
pub use client::Answer;
pub use parcel::Parcel;
pub use robots::{AGENT, Robots};
pub use target::{Target, TargetRules, URL_MAX};
pub use texts::TextsError;

use pace::{Pace, Turn};
use polite::Asked;
use resolve::Names;
use texts::Texts;
pub(crate) use tls::connector;

/// How long a fetch may take in all, unless configured otherwise (F5).
const TIME_MAX: Duration = Duration::from_secs(10);

/// How many redirects are followed (F5).
const REDIRECTS_MAX: usize = 3;

/// The largest body (F5), decompressed.
pub const BODY_MAX: usize = 512 << 10;

/// How long a host rests between two requests, unless configured otherwise.
pub const PAUSE: Duration = Duration::from_secs(5);

/// The path of the page that explains who reads.
pub const ABOUT_PATH: &str = "/robot";

/// How an instance fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchConfig {
    /// The instance's public address, without a slash at its end.
    pub base_url: String,
    /// Other addresses than public ones that are forbidden, and a test's that are allowed.
    pub addresses: Addresses,
    /// The ports that may be asked.
    pub ports: Vec<u16>,
    /// How long a host rests between two requests.
    pub pause: Duration,
    /// How long a fetch may take in all, without the wait for its turn.
    pub time_max: Duration,
    /// The name server; none: the system's.
    pub resolver: Option<SocketAddr>,
    /// A PEM file of authorities that are trusted besides the system's.
    pub authorities: Option<PathBuf>,
    /// A file of DNSKEY records that are trusted in the place of the root's (F7).
    pub trust_anchor: Option<PathBuf>,
}

impl FetchConfig {
    /// As shipped.
    #[must_use]
    pub fn new(base_url: String) -> Self {
        let (addresses, ports) = (Addresses::default(), vec![target::HTTPS]);
        let (pause, time_max) = (PAUSE, TIME_MAX);
        let (resolver, authorities, trust_anchor) = (None, None, None);
        Self { base_url, addresses, ports, pause, time_max, resolver, authorities, trust_anchor }
    }
}

/// Why something was not fetched: as much as a person may be told (F6). A name that is not there, a
/// forbidden address and a closed port are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is not an address that is fetched, or it leads to one.
    #[error("not an address that is fetched")]
    Refused,
    /// The site asks that it is not read (robots.txt).
    #[error("its site asks not to read it")]
    Unwelcome,
    /// Not now.
    #[error("not reachable")]
    Unreachable,
    /// There is more of it than is taken in.
    #[error("too large")]
    TooLarge,
    /// The answer cannot be used.
    #[error("not readable")]
    Unreadable,
}

/// What happens with what is above the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// It is left out.
    Cut,
    /// Nothing is taken.
    Refuse,
}

/// How far redirects may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redirects {
    /// To any host that can be fetched.
    Anywhere,
    /// Between a name and the same with `www.` before it: for proofs (F5).
    SameSite,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The `Accept` header.
    pub accept: &'static str,
    /// The most bytes of a body, at most [`BODY_MAX`].
    pub body_max: usize,
    /// What happens with more.
    pub excess: Excess,
    /// How far redirects may lead.
    pub redirects: Redirects,
    /// Whether the site's robots.txt is asked first, and at each host that a redirect leads to. Not
    /// for a page that its own owner asks us to look at.
    pub obeys_robots: bool,
}

/// What was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Where it was in the end.
    pub url: String,
    /// The answer, whatever its status; a redirect only where it leads nowhere.
    pub answer: Answer,
}

/// The door.
#[derive(Debug)]
pub struct Fetcher {
    config: FetchConfig,
    rules: TargetRules,
    agent: String,
    pace: Pace,
    asked: Asked,
    ready: OnceLock<Ready>,
}

/// What is made when the first fetch needs it.
struct Ready {
    tls: TlsConnector,
    names: Names,
    texts: Texts,
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Ready")
    }
}

impl Fetcher {
    /// A door of an instance. Nothing is opened before the first fetch.
    #[must_use]
    pub fn new(config: FetchConfig) -> Self {
        let own_names = target::name_of(&config.base_url).into_iter().collect();
        Self {
            rules: TargetRules { ports: config.ports.clone(), own_names },
            agent: agent(&config.base_url),
            pace: Pace::new(config.pause),
            asked: Asked::default(),
            ready: OnceLock::new(),
            config,
        }
    }

    /// What each request says of who asks.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// Opens what fetching needs: the system's authorities and name servers. An error says what is
    /// missing on this machine.
    pub fn open(&self) -> io::Result<()> {
        self.ready().map(|_| ())
    }

    fn ready(&self) -> io::Result<&Ready> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let ready = Ready {
            tls: tls::connector(self.config.authorities.as_deref())?,
            names: Names::new(self.config.resolver)?,
            texts: Texts::new(self.config.resolver, self.config.trust_anchor.as_deref())?,
        };
        Ok(self.ready.get_or_init(|| ready))
    }

    /// Fetches what an address leads to. Waits for its turn first, as long as that takes.
    pub async fn get(&self, url: &str, wanted: &Wanted) -> Result<Fetched, FetchError> {
        let mut target = Target::parse(url, &self.rules).ok_or(FetchError::Refused)?;
        let mut time_left = self.config.time_max;
        for _ in 0..=REDIRECTS_MAX {
            let delay = if wanted.obeys_robots { self.welcome(&target).await? } else { None };
            let answer = self.hop(&target, wanted, (delay, &mut time_left)).await?;
            let Some(location) = &answer.location else {
                return Ok(Fetched { url: target.as_str().to_owned(), answer });
            };
            let next = target.join(location, &self.rules).ok_or(FetchError::Refused)?;
            if wanted.redirects == Redirects::SameSite && !next.is_same_site(&target) {
                return Err(FetchError::Refused);
            }
            target = next;
        }
        Err(FetchError::Unreadable)
    }

    /// What the TXT records of a name say now, in the order in which they came.
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, TextsError> {
        let ready = self.ready().map_err(|_| TextsError::Unclear)?;
        ready.texts.of(name).await
    }

    /// One request in its turn, within what is left of the time.
    async fn hop(
        &self,
        target: &Target,
        wanted: &Wanted,
        (delay, time_left): (Option<Duration>, &mut Duration),
    ) -> Result<Answer, FetchError> {
        let turn = self.pace.turn(target.host()).await;
        let mut turn: Turn = turn.ok_or(FetchError::Unreachable)?;
        turn.rest_longer(delay.unwrap_or_default());
        let began = Instant::now();
        let answer = timeout(*time_left, self.exchange(target, wanted)).await;
        *time_left = time_left.saturating_sub(began.elapsed());
        answer.unwrap_or(Err(FetchError::Unreachable))
    }

    async fn exchange(&self, target: &Target, wanted: &Wanted) -> Result<Answer, FetchError> {
        let stream = self.connect(target).await?;
        let wanted = Wanted { body_max: wanted.body_max.min(BODY_MAX), ..*wanted };
        client::ask(stream, target, (&self.agent, &wanted)).await
    }

    /// Connects to a target whose every address may be reached.
    async fn connect(&self, target: &Target) -> Result<TlsStream<TcpStream>, FetchError> {
        let ready = self.ready().map_err(|_| FetchError::Unreachable)?;
        let addresses = self.addresses(&ready.names, target).await?;
        client::connect(&addresses, target, &ready.tls).await
    }

    /// The addresses of a target's name, when every one of them may be reached (F3).
    async fn addresses(&self, names: &Names, target: &Target) -> Result<Vec<IpAddr>, FetchError> {
        let rule = &self.config.addresses;
        let addresses = names.addresses(target.host()).await?;
        if addresses.iter().any(|address| !rule.may_reach(*address, &[])) {
            return Err(FetchError::Unreachable);
        }
        let mut own = Vec::new();
        for name in &self.rules.own_names {
            // A name of ours that nobody can resolve has no address to keep away from.
            own.extend(names.addresses(name).await.unwrap_or_default());
        }
        for address in &addresses {
            if client::is_of_this_machine(*address).await {
                own.push(*address);
            }
        }
        let is_free = addresses.iter().all(|address| rule.may_reach(*address, &own));
        if is_free { Ok(addresses) } else { Err(FetchError::Unreachable) }
    }
}

/// Who asks, with the address of the page that explains it.
fn agent(base_url: &str) -> String {
    format!("{AGENT}/{} (+{base_url}{ABOUT_PATH})", env!("CARGO_PKG_VERSION"))
}
