//! The file with the instance's secret key (S1): made where a new instance needs one, only read
//! where a backup is opened.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use obole_domain::Refusal;

use crate::chance::Chance;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::secrets::{Secrets, hex};

/// A key and where it is.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// Its file.
    pub path: PathBuf,
    /// What comes of it.
    pub secrets: Secrets,
}

impl KeyFile {
    /// Where the key of an instance is.
    #[must_use]
    pub fn place(config: &Config) -> PathBuf {
        config.beside_database(&config.files.secret, "key")
    }

    /// Reads the key of an instance. Refused where it is not there: none is made for a backup.
    pub fn read(config: &Config) -> Result<Self> {
        let path = Self::place(config);
        if !path.exists() {
            return Err(Refusal::BackupKeyMissing { path: path.display().to_string() }.into());
        }
        Self::read_from(path)
    }

    /// Reads the key of an instance, or makes it, readable by its owner only.
    pub fn read_or_make(config: &Config, chance: &Chance) -> Result<Self> {
        let path = Self::place(config);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|error| named(&path, &error))?;
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        if let Ok(mut file) = options.open(&path) {
            let key: [u8; 32] = chance.bytes();
            let text = format!("{}\n", hex(&key));
            let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
            written.map_err(|error| named(&path, &error))?;
        }
        Self::read_from(path)
    }

    fn read_from(path: PathBuf) -> Result<Self> {
        let text = fs::read_to_string(&path).map_err(|error| named(&path, &error))?;
        let key = parse_hex(text.trim());
        let key = key.ok_or_else(|| named(&path, &"not a key of 64 hexadecimal digits"))?;
        Ok(Self { path, secrets: Secrets::new(key) })
    }
}

fn named(path: &Path, error: &dyn ToString) -> Error {
    Error::internal(format!("{}: {}", path.display(), error.to_string()))
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
