//! The open instance: what every command needs, passed and never global.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use obole_domain::{Currency, Period, Refusal};
use obole_gateway::journal::OutboundJournal;
use obole_gateway::mail::Mailer;
use obole_store::{BoxFuture, Read, Store, Tx, settings};

use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::key_file::KeyFile;
use crate::measures::Measures;
use crate::passwords::Passwords;
use crate::public::{PublicState, Watch};
use crate::secrets::Secrets;

/// The open instance. Cloning shares it.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    config: Config,
    currencies: Vec<Currency>,
    zone: TimeZone,
    clock: Clock,
    chance: Chance,
    secrets: Secrets,
    mailer: Mailer,
    journal: OutboundJournal,
    passwords: Passwords,
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
        let KeyFile { path: key, secrets } = KeyFile::read_or_make(&config, &parts.chance)?;
        let journal = config.beside_database(&config.files.journal, "outbound.jsonl");
        let journal = OutboundJournal::open(journal).map_err(Error::internal)?;
        let is_cheap = config.limits.cheap_passwords;
        let inner = Inner {
            passwords: Passwords::new(is_cheap, parts.chance.bytes())?,
            currencies: config.currencies()?,
            zone: config.zone()?,
            store,
            config,
            clock: parts.clock,
            chance: parts.chance,
            secrets,
            mailer: parts.mailer,
            journal,
            public: PublicState::default(),
            measures: Measures::new(),
            is_stopping: AtomicBool::new(false),
        };
        let app = Self { inner: Arc::new(inner) };
        app.check_secret(&key).await?;
        app.begin_journal().await?;
        Ok(app)
    }

    /// Refuses a secret that is not the one the database was filled with: vouchers could not be
    /// redeemed and bank accounts not be read.
    async fn check_secret(&self, path: &Path) -> Result<()> {
        let fingerprint = self.inner.secrets.fingerprint();
        let known = self.write(fingerprint.clone(), |tx, fingerprint| {
            Box::pin(
                async move { Ok::<_, Error>(settings::set_once(tx, "secret", fingerprint).await?) },
            )
        });
        if known.await? == fingerprint {
            return Ok(());
        }
        Err(Error::internal(format!(
            "{} is not the key that this database was filled with; put the right one there, or \
             name it as files.secret",
            path.display()
        )))
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

    /// Where passwords are hashed.
    pub(crate) fn passwords(&self) -> &Passwords {
        &self.inner.passwords
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
        &self.inner.store
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
        self.inner.store.read(input, run).await
    }

    /// Makes ready for the reading of all clicks of a period.
    pub(crate) async fn prepare_reading(&self) -> Result<()> {
        Ok(self.inner.store.vacuum("clicks").await?)
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
        self.inner.store.write(input, run).await
    }
}
