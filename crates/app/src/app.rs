//! The open instance: what every command needs, passed and never global.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use obole_domain::{Currency, Period, Refusal};
use obole_gateway::journal::OutboundJournal;
use obole_gateway::mail::Mailer;
use obole_store::{BoxFuture, Read, Store, StoreConfig, Tx, settings};

use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Error, Result};
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
        let store = StoreConfig {
            url: config.database.url.clone(),
            connections: usize::from(config.database.connections),
            unsafe_durability: config.database.unsafe_durability,
        };
        let store = Store::open(&store).await?;
        store.migrate().await?;
        let key = config.beside_database(&config.files.secret, "key");
        let secrets = read_or_make_secret(&key, &parts.chance)?;
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

/// Reads the secret key's file, or makes it, readable by its owner only.
fn read_or_make_secret(path: &Path, chance: &Chance) -> Result<Secrets> {
    let named = |error: &dyn ToString| {
        Error::internal(format!("{}: {}", path.display(), error.to_string()))
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| named(&error))?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    if let Ok(mut file) = options.open(path) {
        let key: [u8; 32] = chance.bytes();
        let text = format!("{}\n", crate::secrets::hex(&key));
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        written.map_err(|error| named(&error))?;
    }
    let text = fs::read_to_string(path).map_err(|error| named(&error))?;
    let key = parse_hex(text.trim()).ok_or_else(|| named(&"not a key of 64 hexadecimal digits"))?;
    Ok(Secrets::new(key))
}

/// Reads 64 hexadecimal digits.
fn parse_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let bytes = (0..32).map(|place| {
        let digits = text.get(place * 2..place * 2 + 2)?;
        u8::from_str_radix(digits, 16).ok()
    });
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
}
