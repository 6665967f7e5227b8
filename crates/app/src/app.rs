//! The open instance: what every command needs, passed and never global.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use obole_domain::{Currency, Period, Refusal};
use obole_gateway::fetch::Fetcher;
use obole_gateway::journal::OutboundJournal;
use obole_gateway::mail::Mailer;
use obole_store::{BoxFuture, Read, Store, Tx};

use crate::chance::Chance;
use crate::clicks::Lanes;
use crate::clock::Clock;
use crate::clock_watch::Looked;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::key_file::KeyFile;
use crate::known::Known;
use crate::leases::Holder;
use crate::limits::{self, Counter, Credit};
use crate::measures::Measures;
use crate::passwords::Passwords;
use crate::public::{PublicState, Watch};
use crate::secrets::Secrets;

/// The open instance. Cloning shares it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    store: Store,
}

struct Inner {
    config: Config,
    currencies: Vec<Currency>,
    zone: TimeZone,
    clock: Clock,
    chance: Chance,
    secrets: Secrets,
    mailer: Mailer,
    fetcher: Fetcher,
    journal: OutboundJournal,
    passwords: Passwords,
    looked: Looked,
    holder: OnceLock<Holder>,
    known: Known,
    lanes: Lanes,
    requests: Counter,
    flattr_requests: Counter,
    clicks: [Credit; 2],
    public: PublicState,
    measures: Measures,
    is_stopping: AtomicBool,
}

/// What an instance is opened from, besides its configuration.
pub struct Parts {
    /// The clock.
    pub clock: Clock,
    /// The source of chance.
    pub chance: Chance,
    /// How mail leaves.
    pub mailer: Mailer,
}

impl App {
    /// Opens the database, brings it up to date, and reads or makes the secret key.
    pub async fn open(config: Config, parts: Parts) -> Result<Self> {
        config.check_loopback()?;
        let store = Store::open(&config.store()).await?;
        store.migrate().await?;
        let secrets = KeyFile::find(&config, &store, &parts.chance).await?.secrets;
        let journal = config.beside_database(&config.files.journal, "outbound.jsonl");
        let journal = OutboundJournal::open(journal).map_err(Error::internal)?;
        let lanes = Lanes::new(store.engine());
        let is_cheap = config.limits.cheap_passwords;
        let inner = Inner {
            passwords: Passwords::new(is_cheap, parts.chance.bytes())?,
            currencies: config.currencies()?,
            zone: config.zone()?,
            fetcher: Fetcher::new(config.fetching()?),
            config,
            clock: parts.clock,
            chance: parts.chance,
            secrets,
            mailer: parts.mailer,
            journal,
            looked: Looked::default(),
            holder: OnceLock::new(),
            known: Known::default(),
            lanes,
            requests: Counter::new(limits::API),
            flattr_requests: Counter::new(limits::FLATTR),
            clicks: [limits::CLICK_MINUTE, limits::CLICK_DAY].map(Credit::new),
            public: PublicState::default(),
            measures: Measures::new(),
            is_stopping: AtomicBool::new(false),
        };
        let app = Self { inner: Arc::new(inner), store };
        app.begin_journal().await?;
        Ok(app)
    }

    /// The same instance for work that nobody waits for: its statements may take long (D10).
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), store: self.store.patient() }
    }

    /// Writes a new journal's first line, by which it is told from another instance's and from one
    /// that was begun after a restore (V3).
    async fn begin_journal(&self) -> Result<()> {
        if !self.journal().read_all().await.map_err(Error::internal)?.is_empty() {
            return Ok(());
        }
        let line = serde_json::json!({
            "kind": "begin",
            "at": self.now().to_string(),
            "journal": self.chance().id(self.now()),
        });
        self.journal().append(&line.to_string()).await.map_err(Error::internal)
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The time, asked once a command.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The clock itself.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The source of chance.
    #[must_use]
    pub fn chance(&self) -> &Chance {
        &self.inner.chance
    }

    /// The instance's secrets.
    #[must_use]
    pub fn secrets(&self) -> &Secrets {
        &self.inner.secrets
    }

    /// How mail leaves.
    #[must_use]
    pub fn mailer(&self) -> &Mailer {
        &self.inner.mailer
    }

    /// How hosts are reached that people point at.
    #[must_use]
    pub fn fetcher(&self) -> &Fetcher {
        &self.inner.fetcher
    }

    /// Where passwords are hashed.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
    }

    /// The name under which this process takes leases.
    pub(crate) fn holder(&self) -> &Holder {
        self.inner.holder.get_or_init(|| Holder::new(self))
    }

    /// When the clock was looked at last.
    pub(crate) fn looked(&self) -> &Looked {
        &self.inner.looked
    }

    /// What the way of a click holds in memory.
    pub(crate) fn known(&self) -> &Known {
        &self.inner.known
    }

    /// Counts the requests of each token, and of each address without one.
    #[must_use]
    pub fn requests(&self) -> &Counter {
        &self.inner.requests
    }

    /// The same of Flattr's old API.
    #[must_use]
    pub fn flattr_requests(&self) -> &Counter {
        &self.inner.flattr_requests
    }

    /// What accounts click before their limits are counted in the database.
    pub(crate) fn click_credit(&self) -> &[Credit; 2] {
        &self.inner.clicks
    }

    /// The clicks that wait.
    pub(crate) fn lanes(&self) -> &Lanes {
        &self.inner.lanes
    }

    /// What is known of the public state.
    pub(crate) fn public(&self) -> &PublicState {
        &self.inner.public
    }

    /// From now on the instance finishes what is under way and is not ready for more.
    pub fn begin_stopping(&self) {
        self.inner.is_stopping.store(true, Ordering::SeqCst);
    }

    /// Whether it finishes what is under way.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.inner.is_stopping.load(Ordering::SeqCst)
    }

    /// The journal of what left the instance (M9).
    #[must_use]
    pub fn journal(&self) -> &OutboundJournal {
        &self.inner.journal
    }

    /// The zone in which months begin.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.inner.zone
    }

    /// The currencies; the first is the main one.
    #[must_use]
    pub fn currencies(&self) -> &[Currency] {
        &self.inner.currencies
    }

    /// The main currency.
    #[must_use]
    pub fn main_currency(&self) -> Currency {
        self.inner.currencies.first().copied().unwrap_or(Currency::EUR)
    }

    /// The currency of a code. Refused where the instance does not have it.
    pub fn currency(&self, code: &str) -> Result<Currency> {
        let found = self.inner.currencies.iter().find(|currency| currency.code() == code);
        let unknown = || Refusal::CurrencyUnknown { code: code.chars().take(20).collect() }.into();
        found.copied().ok_or_else(unknown)
    }

    /// The period that the clock says.
    #[must_use]
    pub fn clock_period(&self) -> Period {
        Period::at(self.now(), &self.inner.zone)
    }

    /// The database, for what is measured and copied as a whole.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Reads in a transaction that cannot write.
    pub async fn read<I, T, F>(&self, input: I, run: F) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'run> Fn(&'run mut Read, &'run I) -> BoxFuture<'run, Result<T>>,
        F: Send + Sync + 'static,
    {
        let _measured = self.inner.measures.read();
        self.store.read(input, run).await
    }

    /// Makes ready for the reading of all clicks of a period.
    pub(crate) async fn prepare_reading(&self) -> Result<()> {
        Ok(self.store.vacuum("clicks").await?)
    }

    /// Runs a command's transaction.
    pub(crate) async fn write<I, T, F>(&self, input: I, run: F) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T>>,
        F: Send + Sync + 'static,
    {
        let _measured = self.inner.measures.write();
        let _watched = Watch::begin(&self.inner.public);
        self.store.write(input, run).await
    }

    /// The same for a command that does the work of many, so that a commit does not hold too many.
    pub(crate) async fn write_many<I, T, F>(&self, input: I, count: usize, run: F) -> Result<T>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T>>,
        F: Send + Sync + 'static,
    {
        let _measured = self.inner.measures.write();
        let _watched = Watch::begin(&self.inner.public);
        self.store.write_many(input, count, run).await
    }
}
