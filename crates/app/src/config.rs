//! The operator's configuration: one TOML file, each key also `OBOLE_SECTION_KEY`; read once,
//! then passed. Unknown keys are errors; secrets print `***`.

mod fetch;
mod metrics;
mod privacy;

use std::fmt;
use std::path::PathBuf;

use jiff::tz::TimeZone;
use obole_domain::Currency;
use obole_store::StoreConfig;
use serde::Deserialize;

use crate::error::{Error, Result};

pub use fetch::Fetch;
pub use metrics::Metrics;
pub use privacy::Privacy;

/// A secret that never prints itself (S1).
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The secret itself.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

/// `[server]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where to listen.
    pub listen: String,
    /// The public address, without a slash at its end; empty: the listening one.
    pub base_url: String,
    /// The reverse proxies whose `X-Forwarded-For` is believed, by their addresses (W6).
    pub trusted_proxies: Vec<String>,
    /// The secret key, 64 hexadecimal digits, the same on every node; empty: from a file (S1).
    pub secret: Hidden,
}

/// `[database]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// The most connections to PostgreSQL.
    pub connections: u16,
    /// Accepts a database that may lose commits at a power cut: for tests only (D11).
    pub unsafe_durability: bool,
}

/// A community currency, `[[instance.community]]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Community {
    /// Its code: 2 to 12 capitals, digits and hyphens.
    pub code: String,
    /// Its decimals, 0 to 6.
    pub decimals: u8,
}

/// `[instance]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Instance {
    /// What it is called.
    pub name: String,
    /// Who runs it, for the pages that say so.
    pub operator: String,
    /// How to reach who runs it.
    pub contact: String,
    /// The zone in which months begin (product.md section 2).
    pub time_zone: String,
    /// The ISO 4217 currencies, by code; the first is the main one.
    pub currencies: Vec<String>,
    /// Currencies of the operator's own.
    pub community: Vec<Community>,
    /// Whether patrons may take play money: for demonstrations.
    pub play_money: bool,
    /// Whether buttons and works tell how many patrons there are (security.md P2).
    pub public_counters: bool,
}

/// `[mail]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The sender's address.
    pub from: String,
    /// The mail server; empty: mails go into a folder that administrators read in the browser.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// `tls`, `starttls` or `plain`.
    pub security: String,
    /// The name to sign in with; empty: no sign-in.
    pub user: String,
    /// The password.
    pub password: Hidden,
    /// The folder; empty: beside the database.
    pub folder: String,
}

/// `[bank]`: the operator's account, which payouts leave from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bank {
    /// The holder's name as the bank knows it.
    pub holder: String,
    /// The IBAN.
    pub iban: String,
}

/// `[files]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    /// The secret key; empty: beside the database. Made where it is missing.
    pub secret: String,
    /// The outbound journal (security.md M9); empty: beside the database.
    pub journal: String,
}

/// `[backup]`: the backups that a serving instance takes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Where to; best on another disk. Empty: none are taken.
    pub folder: String,
    /// How many minutes from one to the next.
    pub every_minutes: u16,
    /// For how many days they are kept, one a day after the first two.
    pub keep_days: u16,
}

/// `[limits]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Switches the limits of security.md section 12 off: for measurements on loopback only.
    pub off: bool,
    /// Hashes passwords at next to no cost: for tests and demonstrations on loopback only.
    pub cheap_passwords: bool,
}

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen, and the public address.
    pub server: Server,
    /// The database.
    pub database: Database,
    /// The instance's name, zone, currencies.
    pub instance: Instance,
    /// How mail leaves.
    pub mail: Mail,
    /// Where payouts leave from.
    pub bank: Bank,
    /// Files beside the database.
    pub files: Files,
    /// Backups.
    pub backup: Backup,
    /// What is kept of those who have left.
    pub privacy: Privacy,
    /// Limits.
    pub limits: Limits,
    /// Reading what people point at.
    pub fetch: Fetch,
    /// Figures for a machine that watches.
    pub metrics: Metrics,
}

impl Default for Server {
    fn default() -> Self {
        let listen = "127.0.0.1:8080".to_owned();
        let (base_url, trusted_proxies) = (String::new(), Vec::new());
        Self { listen, base_url, trusted_proxies, secret: Hidden::default() }
    }
}

impl Default for Database {
    fn default() -> Self {
        let url = "sqlite://obole.db".to_owned();
        Self { url, connections: 16, unsafe_durability: false }
    }
}

impl Default for Instance {
    fn default() -> Self {
        Self {
            name: "Obole".to_owned(),
            operator: String::new(),
            contact: String::new(),
            time_zone: "UTC".to_owned(),
            currencies: vec!["EUR".to_owned()],
            community: Vec::new(),
            play_money: false,
            public_counters: true,
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            from: "obole@localhost.localdomain".to_owned(),
            host: String::new(),
            port: 587,
            security: "starttls".to_owned(),
            user: String::new(),
            password: Hidden::default(),
            folder: String::new(),
        }
    }
}

impl Default for Backup {
    fn default() -> Self {
        Self { folder: String::new(), every_minutes: 60, keep_days: 30 }
    }
}

/// The sections, for the names of environment variables.
const SECTIONS: [&str; 11] = [
    "server", "database", "instance", "mail", "bank", "files", "backup", "privacy", "limits",
    "fetch", "metrics",
];

/// The keys that are not texts; their variables are read as TOML.
const TYPED: [&str; 18] = [
    "server.trusted_proxies",
    "database.connections",
    "database.unsafe_durability",
    "instance.currencies",
    "instance.community",
    "instance.play_money",
    "instance.public_counters",
    "mail.port",
    "backup.every_minutes",
    "backup.keep_days",
    "privacy.legal_years",
    "limits.off",
    "limits.cheap_passwords",
    "fetch.pages",
    "fetch.pause_seconds",
    "fetch.forbidden",
    "fetch.test_allow",
    "fetch.ports",
];

impl Config {
    /// Reads a file's text and the environment over it. Variables that are not `OBOLE_SECTION_KEY`
    /// of a known section are not ours.
    pub fn read(
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self> {
        let mut table: toml::Table =
            text.parse().map_err(|error| Error::internal(format!("configuration: {error}")))?;
        for (name, value) in environment {
            let Some((section, key)) = section_and_key(&name) else { continue };
            let value = value_of(&format!("{section}.{key}"), value)?;
            let section = table.entry(section).or_insert_with(|| toml::Table::new().into());
            if let Some(section) = section.as_table_mut() {
                section.insert(key, value);
            }
        }
        let config: Self =
            table.try_into().map_err(|error| Error::internal(format!("configuration: {error}")))?;
        config.currencies()?;
        config.zone()?;
        config.fetching()?;
        Ok(config)
    }

    /// The instance's currencies; the first is the main one.
    pub fn currencies(&self) -> Result<Vec<Currency>> {
        let unknown = |code: &str| {
            Error::internal(format!("configuration: instance.currencies: {code} is not known"))
        };
        let iso = self.instance.currencies.iter();
        let iso = iso.map(|code| Currency::iso(code).ok_or_else(|| unknown(code)));
        let community = self.instance.community.iter();
        let community = community.map(|own| {
            Currency::community(&own.code, own.decimals).map_err(|_| unknown(&own.code))
        });
        let currencies = iso.chain(community).collect::<Result<Vec<_>>>()?;
        if currencies.is_empty() { Err(unknown("nothing")) } else { Ok(currencies) }
    }

    /// The instance's time zone.
    pub fn zone(&self) -> Result<TimeZone> {
        let name = &self.instance.time_zone;
        TimeZone::get(name).map_err(|_| {
            Error::internal(format!("configuration: instance.time_zone: {name} is not known"))
        })
    }

    /// The public address without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        let base = &self.server.base_url;
        if base.is_empty() {
            return format!("http://{}", self.server.listen);
        }
        base.trim_end_matches('/').to_owned()
    }

    /// Whether the public address is this machine only: then tests may move the clock.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let base = self.base_url();
        let host = base.split_once("://").map_or("", |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let is_named = |name: &str| host == name || host.starts_with(&format!("{name}:"));
        is_named("localhost") || is_named("127.0.0.1") || is_named("[::1]")
    }

    /// Refuses what would be dangerous where strangers come.
    pub fn check_loopback(&self) -> Result<()> {
        let set = [
            ("limits.off", self.limits.off),
            ("limits.cheap_passwords", self.limits.cheap_passwords),
        ];
        let mut set = set.into_iter().chain(self.fetch.of_tests());
        match set.find(|(_, is_set)| *is_set && !self.is_loopback()) {
            Some((key, _)) => {
                let base = self.base_url();
                Err(Error::internal(format!(
                    "configuration: {key} is for this machine only, not for {base}; take it out"
                )))
            }
            None => Ok(()),
        }
    }

    /// How the database is opened.
    #[must_use]
    pub fn store(&self) -> StoreConfig {
        StoreConfig {
            url: self.database.url.clone(),
            connections: usize::from(self.database.connections),
            unsafe_durability: self.database.unsafe_durability,
        }
    }

    /// A file beside the database: `obole.db` has `obole.db.key`; a server's files are in the
    /// working folder.
    #[must_use]
    pub fn beside_database(&self, set: &str, ending: &str) -> PathBuf {
        if !set.is_empty() {
            return PathBuf::from(set);
        }
        let url = &self.database.url;
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        PathBuf::from(format!("{}.{ending}", path.unwrap_or("obole")))
    }
}

/// `OBOLE_MAIL_HOST` is `mail` and `host`.
fn section_and_key(name: &str) -> Option<(String, String)> {
    let rest = name.strip_prefix("OBOLE_")?.to_ascii_lowercase();
    let (section, key) = rest.split_once('_')?;
    SECTIONS.contains(&section).then(|| (section.to_owned(), key.to_owned()))
}

/// A variable's value as its key wants it.
fn value_of(key: &str, text: String) -> Result<toml::Value> {
    if !TYPED.contains(&key) {
        return Ok(toml::Value::String(text));
    }
    let parsed: std::result::Result<toml::Table, _> = format!("value = {text}").parse();
    let value = parsed.ok().and_then(|mut table| table.remove("value"));
    value.ok_or_else(|| Error::internal(format!("configuration: {key}: {text} is not a value")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, variables: &[(&str, &str)]) -> Result<Config> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Config::read(text, variables.iter().map(owned))
    }

    #[test]
    fn a_variable_goes_over_the_file() {
        let text = "[mail]\nhost = \"a\"\nport = 25\n";
        let config = read(text, &[("OBOLE_MAIL_PORT", "26"), ("OBOLE_MAIL_PASSWORD", "123")]);
        let mail = config.expect("valid").mail;
        assert_eq!((mail.host.as_str(), mail.port, mail.password.reveal()), ("a", 26, "123"));
        assert_eq!(format!("{:?}", mail.password), "***");
    }

    #[test]
    fn what_is_unknown_is_an_error() {
        assert!(read("[mail]\nhots = \"a\"", &[]).is_err());
        assert!(read("", &[("OBOLE_MAIL_HOTS", "a")]).is_err());
        assert!(read("", &[("OBOLE_MAIL_PORT", "a b")]).is_err());
        assert!(read("[instance]\ncurrencies = [\"XXX\"]", &[]).is_err());
        assert!(read("[instance]\ntime_zone = \"Mars/Olympus\"", &[]).is_err());
        assert!(read("", &[("OBOLE_TEST_NOW", "x"), ("OTHER", "y")]).is_ok());
    }

    #[test]
    fn files_stand_beside_the_database() {
        let config = read("", &[("OBOLE_DATABASE_URL", "sqlite:///srv/o.db")]).expect("valid");
        assert_eq!(config.beside_database("", "key"), PathBuf::from("/srv/o.db.key"));
        assert_eq!(config.beside_database("/etc/k", "key"), PathBuf::from("/etc/k"));
    }

    #[test]
    fn loopback_is_told_by_the_public_address() {
        let with = |url| read("", &[("OBOLE_SERVER_BASE_URL", url)]).expect("valid").is_loopback();
        assert!(with("http://localhost:1") && with("http://127.0.0.1/") && with("http://[::1]:80"));
        assert!(!with("https://obole.example") && !with("http://127.0.0.1.example"));
    }
}
