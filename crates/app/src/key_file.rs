//! The instance's secret key (S1): from the configuration, or from a file that is made where a new
//! database needs one. Every node has the same; the database knows it by its fingerprint. Where a
//! backup is opened it is only read.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use obole_domain::Refusal;
use obole_store::{Store, settings};

use crate::chance::Chance;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::secrets::{Secrets, hex};

/// The setting that holds the fingerprint.
const FINGERPRINT: &str = "secret";

/// The key of the configuration that may hold the key itself.
const CONFIGURED: &str = "server.secret";

/// A key and where it is.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Its file, or the name of the configuration's key that holds it.
    pub path: PathBuf,
    /// What comes of it.
    pub secrets: Secrets,
}

impl KeyFile {
    /// Where the key of an instance is, unless the configuration holds it.
    #[must_use]
    pub fn place(config: &Config) -> PathBuf {
        config.beside_database(&config.files.secret, "key")
    }

    /// Reads the key of an instance. Refused where it is not there: none is made for a backup.
    pub fn read(config: &Config) -> Result<Self> {
        if let Some(key) = Self::configured(config)? {
            return Ok(key);
        }
        let path = Self::place(config);
        if !path.exists() {
            return Err(Refusal::BackupKeyMissing { path: path.display().to_string() }.into());
        }
        let text = fs::read_to_string(&path).map_err(|error| named(&path, &error))?;
        Self::parse(path, &text)
    }

    /// Finds the key of an instance, and makes one for a new database.
    ///
    /// Refuses a key that is not the one the database was filled with, since vouchers could not be
    /// redeemed and bank accounts not be read; and to make one where the database has one.
    pub(crate) async fn find(config: &Config, store: &Store, chance: &Chance) -> Result<Self> {
        let known = store.read((), |read, ()| {
            Box::pin(async move { Ok::<_, Error>(settings::find(read, FINGERPRINT).await?) })
        });
        let is_known = known.await?.is_some();
        let (key, is_made) = match Self::configured(config)? {
            Some(key) => (key, false),
            None => Self::read_or_make(Self::place(config), is_known, chance)?,
        };
        let own = key.secrets.fingerprint();
        let stored = store.write(own.clone(), |tx, own| {
            Box::pin(async move { Ok::<_, Error>(settings::set_once(tx, FINGERPRINT, own).await?) })
        });
        if stored.await? == own {
            return Ok(key);
        }
        if is_made {
            // Another node was first: this key is nobody's, and must not stand where the right one
            // is wanted.
            fs::remove_file(&key.path).map_err(|error| named(&key.path, &error))?;
            return Err(missing(&key.path));
        }
        Err(Error::internal(format!(
            "{} is not the key that this database was filled with; put the right one there, or \
             name it as files.secret or {CONFIGURED}",
            key.path.display()
        )))
    }

    /// The key that the configuration holds.
    fn configured(config: &Config) -> Result<Option<Self>> {
        let text = config.server.secret.reveal();
        if text.is_empty() { Ok(None) } else { Self::parse(CONFIGURED.into(), text).map(Some) }
    }

    /// The file's key, or a new one unless the database has one; says whether it was made.
    fn read_or_make(path: PathBuf, is_known: bool, chance: &Chance) -> Result<(Self, bool)> {
        if is_known && !path.exists() {
            return Err(missing(&path));
        }
        let made = read_or_make(&path, chance).map_err(|error| named(&path, &error));
        let (text, is_made) = made?;
        Ok((Self::parse(path, &text)?, is_made))
    }

    fn parse(path: PathBuf, text: &str) -> Result<Self> {
        let key = parse_hex(text.trim());
        let key = key.ok_or_else(|| named(&path, &"not a key of 64 hexadecimal digits"))?;
        Ok(Self { path, secrets: Secrets::new(key) })
    }
}

fn missing(path: &Path) -> Error {
    Error::internal(format!(
        "this database was filled with a key that is not here; copy it to {}, or name it as \
         files.secret or {CONFIGURED}",
        path.display()
    ))
}

fn named(path: &Path, error: &dyn ToString) -> Error {
    Error::internal(format!("{}: {}", path.display(), error.to_string()))
}

/// The file's text. A new file is readable by its owner only; of two processes that make it, one
/// writes and both read the same.
fn read_or_make(path: &Path, chance: &Chance) -> std::io::Result<(String, bool)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        // A key that may only be read is as good.
        Err(_) if path.exists() => File::open(path)?,
        opened => opened?,
    };
    file.lock()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    if !text.is_empty() {
        return Ok((text, false));
    }
    let key: [u8; 32] = chance.bytes();
    let text = format!("{}\n", hex(&key));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // The name must survive a power cut as well as the key.
    File::open(folder)?.sync_all()?;
    Ok((text, true))
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
