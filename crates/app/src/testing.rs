//! Builders for tests: an instance on each engine with a standing clock and repeatable chance.

mod authenticator;
mod people;

use std::path::PathBuf;

use jiff::Timestamp;
use obole_gateway::mail::{Mailer, Sender};
use tempfile::TempDir;
use uuid::Uuid;

use crate::config::Hidden;
use crate::key_file::KeyFile;
use crate::{App, Chance, Clock, Config, Parts};

pub use authenticator::Authenticator;
pub use people::{PASSWORD, account, admin, fund, key, own, refuse, sign_in};

/// An instance of a test's own. Its files and its database go when it is dropped.
pub struct Instance {
    /// The instance.
    pub app: App,
    /// Its folder.
    pub folder: TempDir,
}

/// When tests begin: the middle of a month.
pub const START: &str = "2026-01-15T12:00:00Z";

/// One instance on SQLite and, where `OBOLE_TEST_POSTGRES` names a server, one on PostgreSQL.
///
/// # Panics
/// When an instance cannot be opened.
pub async fn engines() -> Vec<Instance> {
    engines_with(Mails::Memory).await
}

/// The same, with mails that go into the folder `mails` of each instance's own.
///
/// # Panics
/// When an instance cannot be opened.
pub async fn engines_with_mail_folder() -> Vec<Instance> {
    engines_with(Mails::Folder).await
}

/// The same, each with a configuration of the test's own.
///
/// # Panics
/// When an instance cannot be opened.
pub async fn engines_changed(change: &(dyn Fn(&mut Config) + Sync)) -> Vec<Instance> {
    let mut instances = vec![sqlite_with(change).await];
    if let Some(server) = server() {
        let folder = TempDir::new().expect("a temporary folder");
        let mut config = config(new_database(&server, None).await, &folder);
        change(&mut config);
        instances.push(open_with(config, folder, Mails::Memory).await);
    }
    instances
}

/// Where a test's mails go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mails {
    Memory,
    Folder,
}

async fn engines_with(mails: Mails) -> Vec<Instance> {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("obole.db").display());
    let mut instances = vec![open(url, folder, mails).await];
    if let Some(server) = server() {
        instances.push(postgres(&server, mails).await);
    }
    instances
}

/// The PostgreSQL server that tests may use.
#[expect(clippy::disallowed_methods, reason = "tests are told of the server by the environment")]
fn server() -> Option<String> {
    std::env::var("OBOLE_TEST_POSTGRES").ok()
}

/// An instance on SQLite.
///
/// # Panics
/// When it cannot be opened.
pub async fn sqlite() -> Instance {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("obole.db").display());
    open(url, folder, Mails::Memory).await
}

/// An instance on SQLite with several currencies; the first is the main one.
///
/// # Panics
/// When it cannot be opened.
pub async fn sqlite_with_currencies(codes: &[&str]) -> Instance {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    sqlite_with(|config| config.instance.currencies = codes).await
}

/// An instance on SQLite with a configuration of the test's own.
///
/// # Panics
/// When it cannot be opened.
pub async fn sqlite_with(change: impl FnOnce(&mut Config)) -> Instance {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("obole.db").display());
    let mut config = config(url, &folder);
    change(&mut config);
    open_with(config, folder, Mails::Memory).await
}

/// Which engine a simulated instance is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// A file.
    Sqlite,
    /// The server of the tests.
    Postgres,
}

/// An instance with several currencies whose chance is a seed's; none where there is no server.
///
/// # Panics
/// When it cannot be opened.
pub async fn simulated(on: On, codes: &[&str], seed: u64) -> Option<Instance> {
    let folder = TempDir::new().expect("a temporary folder");
    let url = match on {
        On::Sqlite => format!("sqlite://{}", folder.path().join("obole.db").display()),
        On::Postgres => new_database(&server()?, None).await,
    };
    let mut config = config(url, &folder);
    config.instance.currencies = codes.iter().map(|code| (*code).to_owned()).collect();
    Some(open_seeded(config, folder, (Mails::Memory, seed)).await)
}

/// An instance on a new database of a PostgreSQL server.
async fn postgres(server: &str, mails: Mails) -> Instance {
    let folder = TempDir::new().expect("a temporary folder");
    open(new_database(server, None).await, folder, mails).await
}

/// The address of a new database on a PostgreSQL server, for tests that run the program.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn postgres_database(server: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(new_database(server, None))
}

/// A copy of a database on a PostgreSQL server, at which nobody is at work: its address.
///
/// # Panics
/// When it cannot be made.
#[must_use]
pub fn postgres_copy(database: &str) -> String {
    let (base, name) = database.rsplit_once('/').expect("a database's address");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let server = format!("{base}/postgres");
    runtime.expect("a runtime").block_on(new_database(&server, Some(name)))
}

async fn new_database(server: &str, like: Option<&str>) -> String {
    let name = format!("obole_{}", Uuid::from_bytes(Chance::System.bytes()).simple());
    obole_store::testing::create_database(server, &name, like).await.expect("a new database");
    let (base, _) = server.rsplit_once('/').expect("a server's address");
    format!("{base}/{name}")
}

/// So many nodes of one instance on a new database of the tests' PostgreSQL server: each with a
/// folder of its own, all with the same key, clock and chance.
///
/// # Panics
/// When no server is named or a node cannot be opened.
pub async fn nodes(count: usize) -> Vec<Instance> {
    let server = server().expect("OBOLE_TEST_POSTGRES names a server: `cargo x test` starts one");
    let node =
        Node { url: new_database(&server, None).await, secret: "5e".repeat(32), ..Node::new() };
    let mut nodes = Vec::with_capacity(count);
    for _ in 0..count {
        nodes.push(node.open().await.expect("a node"));
    }
    nodes
}

/// What the nodes of an instance have in common.
#[derive(Clone)]
pub struct Node {
    /// The database.
    pub url: String,
    /// The configured key; empty: each node's own file.
    pub secret: String,
    /// The clock.
    pub clock: Clock,
    /// The source of chance.
    pub chance: Chance,
}

impl Node {
    fn new() -> Self {
        let clock = Clock::standing_at(START.parse().expect("a moment"));
        Self { url: String::new(), secret: String::new(), clock, chance: Chance::seeded(1) }
    }

    /// The same for a new database, which no node has opened yet; none without a server.
    pub async fn on_new_database() -> Option<Self> {
        Some(Self { url: new_database(&server()?, None).await, ..Self::new() })
    }

    /// Opens a node in a folder of its own.
    pub async fn open(&self) -> crate::Result<Instance> {
        self.open_in(TempDir::new().expect("a temporary folder")).await
    }

    /// Opens a node in a folder.
    pub async fn open_in(&self, folder: TempDir) -> crate::Result<Instance> {
        let mut config = config(self.url.clone(), &folder);
        config.server.secret = Hidden::new(self.secret.clone());
        let mailer = Mailer::memory(sender());
        let parts = Parts { clock: self.clock.clone(), chance: self.chance.clone(), mailer };
        Ok(Instance { app: App::open(config, parts).await?, folder })
    }
}

async fn open(url: String, folder: TempDir, mails: Mails) -> Instance {
    let config = config(url, &folder);
    open_with(config, folder, mails).await
}

/// An empty place where an instance can be restored.
pub struct Home {
    /// Its configuration: the key is there, the database is empty, the journal is not there.
    pub config: Config,
    /// Its folder.
    pub folder: TempDir,
}

impl Home {
    /// What an instance is opened from there: the clock stands where another's stands.
    ///
    /// # Panics
    /// Never: the sender is well formed.
    #[must_use]
    pub fn parts(&self, like: &App) -> Parts {
        let sender = Sender::new("Obole", "obole@obole.example").expect("a sender");
        let (clock, chance) = (Clock::standing_at(like.now()), Chance::seeded(2));
        Parts { clock, chance, mailer: Mailer::memory(sender) }
    }

    /// Where its outbound journal will be.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        PathBuf::from(&self.config.files.journal)
    }
}

/// A new home for an instance on each engine, elsewhere, with its key.
///
/// # Panics
/// When one cannot be made.
pub async fn homes(instance: &Instance) -> Vec<Home> {
    let mut urls = vec![None];
    if let Some(server) = server() {
        urls.push(Some(new_database(&server, None).await));
    }
    let made = urls.into_iter().map(|url| {
        let folder = TempDir::new().expect("a temporary folder");
        let file = format!("sqlite://{}", folder.path().join("restored.db").display());
        let config = config(url.unwrap_or(file), &folder);
        let key = KeyFile::place(instance.app.config());
        std::fs::copy(key, KeyFile::place(&config)).expect("the key");
        Home { config, folder }
    });
    made.collect()
}

/// The configuration of a test's instance.
fn config(url: String, folder: &TempDir) -> Config {
    let mut config = Config::default();
    config.database.url = url;
    config.database.unsafe_durability = true;
    config.instance.play_money = true;
    config.limits.cheap_passwords = true;
    config.files.secret = folder.path().join("key").display().to_string();
    config.files.journal = folder.path().join("outbound.jsonl").display().to_string();
    config.bank.holder = "Invented Association".to_owned();
    config.bank.iban = "DE89370400440532013000".to_owned();
    config
}

async fn open_with(config: Config, folder: TempDir, mails: Mails) -> Instance {
    open_seeded(config, folder, (mails, 1)).await
}

async fn open_seeded(config: Config, folder: TempDir, (mails, seed): (Mails, u64)) -> Instance {
    let sender = sender();
    let parts = Parts {
        clock: Clock::standing_at(START.parse().expect("a moment")),
        chance: Chance::seeded(seed),
        mailer: match mails {
            Mails::Memory => Mailer::memory(sender),
            Mails::Folder => {
                let path = folder.path().join("mails");
                Mailer::folder(path, sender).await.expect("a folder for mails")
            }
        },
    };
    Instance { app: App::open(config, parts).await.expect("an instance"), folder }
}

fn sender() -> Sender {
    Sender::new("Obole", "obole@obole.example").expect("a sender")
}

impl Instance {
    /// A second process on the same database, with the same clock.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn node(&self) -> App {
        self.node_with(self.app.clock().clone()).await
    }

    /// The same with a clock that runs on from there, as the machine's does.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub async fn running_node(&self) -> App {
        self.node_with(Clock::starting_at(self.app.now())).await
    }

    async fn node_with(&self, clock: Clock) -> App {
        let (chance, mailer) = (Chance::seeded(2), Mailer::memory(sender()));
        let parts = Parts { clock, chance, mailer };
        App::open(self.app.config().clone(), parts).await.expect("a second process")
    }

    /// Sets the clock.
    ///
    /// # Panics
    /// When the text is not a moment.
    pub fn at(&self, moment: &str) {
        let moment: Timestamp = moment.parse().expect("a moment");
        self.app.clock().set(moment);
    }
}
