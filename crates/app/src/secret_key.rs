//! The instance's secret key (S1): from the configuration, or from a file that is made with the
//! first start. Every node of an instance has the same; the database knows it by its fingerprint.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use obole_store::{Store, settings};

use crate::chance::Chance;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::secrets::{Secrets, hex};

/// The setting that holds the fingerprint.
const FINGERPRINT: &str = "secret";

/// Where a key came from.
enum Source {
    Configured,
    Found(PathBuf),
    Made(PathBuf),
}

/// Finds the key, and makes one for a new database.
///
/// Refuses a key that is not the one the database was filled with, since vouchers could not be
/// redeemed and bank accounts not be read; and to make one where the database has one already.
pub(crate) async fn find(config: &Config, store: &Store, chance: &Chance) -> Result<Secrets> {
    let known = store.read((), |read, ()| {
        Box::pin(async move { Ok::<_, Error>(settings::find(read, FINGERPRINT).await?) })
    });
    let known = known.await?;
    let (secrets, source) = read(config, known.is_some(), chance)?;
    let own = secrets.fingerprint();
    let stored = store.write(own.clone(), |tx, own| {
        Box::pin(async move { Ok::<_, Error>(settings::set_once(tx, FINGERPRINT, own).await?) })
    });
    if stored.await? == own {
        return Ok(secrets);
    }
    let place = match source {
        Source::Configured => "server.secret".to_owned(),
        Source::Found(path) => path.display().to_string(),
        Source::Made(path) => {
            // Another node was first: this key is nobody's, and must not stand where the right one
            // is wanted.
            std::fs::remove_file(&path).map_err(|error| named(&path, &error))?;
            return Err(missing(&path));
        }
    };
    Err(Error::internal(format!(
        "{place} is not the key that this database was filled with; put the right one there, or \
         name it as files.secret or server.secret"
    )))
}

/// The configured key, else the file's, else a new one.
fn read(config: &Config, is_known: bool, chance: &Chance) -> Result<(Secrets, Source)> {
    let configured = config.server.secret.reveal();
    if !configured.is_empty() {
        let wrong = || Error::internal("configuration: server.secret is not 64 hexadecimal digits");
        let key = parse_hex(configured.trim()).ok_or_else(wrong)?;
        return Ok((Secrets::new(key), Source::Configured));
    }
    let path = config.beside_database(&config.files.secret, "key");
    if is_known && !path.exists() {
        return Err(missing(&path));
    }
    let (text, is_made) = read_or_make(&path, chance).map_err(|error| named(&path, &error))?;
    let wrong = || named(&path, &"not a key of 64 hexadecimal digits");
    let secrets = Secrets::new(parse_hex(text.trim()).ok_or_else(wrong)?);
    Ok((secrets, if is_made { Source::Made(path) } else { Source::Found(path) }))
}

fn missing(path: &Path) -> Error {
    Error::internal(format!(
        "this database was filled with a key that is not here; copy it to {}, or name it as \
         files.secret or server.secret",
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
    std::fs::create_dir_all(folder)?;
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
