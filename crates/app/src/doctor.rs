//! What an operator may have set up wrongly, and what to do about it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use jiff::SignedDuration;
use obole_store::{Engine, audit_log};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::app::App;
use crate::backup::automatic;
use crate::config::Config;
use crate::error::Result;
use crate::quarantine;

/// How long a mail server may take to answer.
const MAIL_WAIT: Duration = Duration::from_secs(5);

/// Less than this on the disk, in MiB, is said.
const DISK_LOW: u64 = 1_024;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Good,
    /// It works, but somebody should look.
    Look,
    /// It does not work.
    Bad,
}

impl Level {
    /// The word that is printed.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Good => "ok",
            Self::Look => "look",
            Self::Bad => "bad",
        }
    }
}

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub what: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What was found and what to do.
    pub detail: String,
}

impl Finding {
    /// All is well.
    pub fn good(what: &'static str, detail: impl Into<String>) -> Self {
        Self { what, level: Level::Good, detail: detail.into() }
    }

    /// Somebody should look.
    pub fn look(what: &'static str, detail: impl Into<String>) -> Self {
        Self { what, level: Level::Look, detail: detail.into() }
    }

    /// It does not work.
    pub fn bad(what: &'static str, detail: impl Into<String>) -> Self {
        Self { what, level: Level::Bad, detail: detail.into() }
    }
}

/// What the configuration shows by itself.
#[must_use]
pub fn check_config(config: &Config) -> Vec<Finding> {
    vec![address(config), payouts(config), durability(config)]
}

/// TLS is the reverse proxy's: what can be seen is the public address.
fn address(config: &Config) -> Finding {
    let base = config.base_url();
    if config.is_loopback() {
        return Finding::look(
            "TLS",
            format!("{base} is for this machine only; set server.base_url"),
        );
    }
    if !base.starts_with("https://") {
        return Finding::bad(
            "TLS",
            format!("{base} is not https; put a reverse proxy before it and set server.base_url"),
        );
    }
    if config.server.trusted_proxies.is_empty() {
        return Finding::look(
            "TLS",
            format!("{base}: name the reverse proxy in server.trusted_proxies"),
        );
    }
    Finding::good("TLS", base)
}

fn payouts(config: &Config) -> Finding {
    if config.bank.iban.is_empty() {
        Finding::look("payouts", "bank.iban is empty: creators cannot be paid out")
    } else {
        Finding::good("payouts", "the account that payouts leave from is set")
    }
}

fn durability(config: &Config) -> Finding {
    if config.database.unsafe_durability {
        Finding::look(
            "durability",
            "database.unsafe_durability is set: what was confirmed may be lost at a power cut",
        )
    } else {
        Finding::good("durability", "every commit reaches the disk")
    }
}

/// What is seen from inside the instance: database, mail, clock, disk.
pub async fn check_instance(app: &App) -> Vec<Finding> {
    let config = app.config();
    vec![
        database(app).await.unwrap_or_else(|error| Finding::bad("database", error.to_string())),
        mail(config).await,
        clock(app).await.unwrap_or_else(|error| Finding::bad("clock", error.to_string())),
        secret(config),
        backups(app).await.unwrap_or_else(|error| Finding::bad("backups", error.to_string())),
        quarantine(app).await.unwrap_or_else(|error| Finding::bad("restore", error.to_string())),
        disk(&config.beside_database("", "lock")),
    ]
}

async fn database(app: &App) -> Result<Finding> {
    app.write((), |_, ()| Box::pin(async { Ok(()) })).await?;
    let engine = match app.store().engine() {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    Ok(Finding::good("database", format!("{engine} is up to date and takes writes")))
}

async fn mail(config: &Config) -> Finding {
    let mail = &config.mail;
    if mail.host.is_empty() {
        let folder = config.beside_database(&mail.folder, "mail");
        let detail = format!("mails only go into {}; set mail.host", folder.display());
        return Finding::look("mail", detail);
    }
    let server = format!("{}:{}", mail.host, mail.port);
    match timeout(MAIL_WAIT, TcpStream::connect((mail.host.as_str(), mail.port))).await {
        Ok(Ok(_)) if mail.security == "plain" => {
            Finding::look("mail", format!("{server} answers, but mail.security is plain"))
        }
        Ok(Ok(_)) => Finding::good("mail", format!("{server} answers")),
        Ok(Err(error)) => {
            Finding::bad("mail", format!("{server}: {error}; see mail.host and mail.port"))
        }
        Err(_) => Finding::bad("mail", format!("{server} does not answer; is it the right port?")),
    }
}

/// A clock behind what was written last would close months too late (D13).
async fn clock(app: &App) -> Result<Finding> {
    let now = app.now();
    let last =
        app.read((), |read, ()| Box::pin(async move { Ok(audit_log::last_at(read).await?) }));
    let behind = last.await?.map_or(SignedDuration::ZERO, |last| last.duration_since(now));
    if behind > SignedDuration::ZERO {
        let detail = format!(
            "{now} is {} s before the last record; set the machine's clock",
            behind.as_secs()
        );
        return Ok(Finding::bad("clock", detail));
    }
    let zone = &app.config().instance.time_zone;
    Ok(Finding::good("clock", format!("{now}; months begin in {zone}")))
}

/// S1: the key is its owner's alone.
fn secret(config: &Config) -> Finding {
    let path = config.beside_database(&config.files.secret, "key");
    let shown = path.display();
    match std::fs::metadata(&path) {
        Err(error) => Finding::bad("secret key", format!("{shown}: {error}")),
        Ok(data) if is_open(&data) => {
            Finding::bad("secret key", format!("{shown} is readable by others; chmod 600 {shown}"))
        }
        Ok(_) => {
            Finding::good("secret key", format!("{shown}; keep a copy apart: it opens the backups"))
        }
    }
}

/// V1: one that counts, not long ago.
async fn backups(app: &App) -> Result<Finding> {
    let config = &app.config().backup;
    if config.folder.is_empty() {
        let detail = "backup.folder is empty: nothing is backed up by itself; name a folder on \
                      another disk";
        return Ok(Finding::look("backups", detail));
    }
    let standing = app.read((), |read, ()| Box::pin(automatic::standing(read))).await?;
    if let Some(failed) = standing.failed {
        let detail = format!("the one of {} failed: {}", failed.at(), failed.reason);
        return Ok(Finding::bad("backups", detail));
    }
    let Some(last) = standing.last else {
        return Ok(Finding::look("backups", "none was taken yet; `obole serve` takes them"));
    };
    let (at, file) = (last.at(), &last.file);
    if app.now().duration_since(at) > automatic::pause(config) * 2 {
        let detail = format!("the last one is of {at}: {file}; is the instance served?");
        return Ok(Finding::bad("backups", detail));
    }
    Ok(Finding::good("backups", format!("the last one is of {at}: {file}")))
}

/// V3: what waits after a restore.
async fn quarantine(app: &App) -> Result<Finding> {
    if quarantine::find_in(app).await?.is_none() {
        return Ok(Finding::good("restore", "nothing waits after one"));
    }
    let detail = "payouts, refunds and settlement wait after a restore; see `obole quarantine`";
    Ok(Finding::look("restore", detail))
}

fn is_open(data: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o077 != 0
}

/// The free space where the database is.
fn disk(beside: &Path) -> Finding {
    let folder = beside.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let shown = folder.display();
    match free_mebibytes(&folder) {
        None => Finding::look("disk", format!("{shown}: the free space cannot be read")),
        Some(free) if free < DISK_LOW => {
            Finding::bad("disk", format!("{shown}: {free} MiB left; make room"))
        }
        Some(free) => Finding::good("disk", format!("{shown}: {free} MiB left")),
    }
}

/// POSIX `df`: the standard library cannot ask, and this is no reason for unsafe code.
fn free_mebibytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kibibytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes / 1_024)
}
