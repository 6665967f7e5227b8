//! The file that keeps a sign-in: its owner's alone, written whole or not at all, and one process's
//! at a time.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{folder, number, text};

/// An access token is used until so many seconds before its end.
const MARGIN: i64 = 30;

/// The longest file that is one of ours, in bytes.
const FILE_MAX: u64 = 64 * 1024;

/// A sign-in.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub instance: String,
    /// The key that opens the API.
    pub access: String,
    /// The second at which it ends.
    pub until: i64,
    /// The key that the next one is got with.
    pub refresh: String,
    /// What it allows.
    pub scope: String,
}

impl Kept {
    /// Whether the key still opens the API.
    pub fn is_good(&self, now: Timestamp) -> bool {
        now.as_second() + MARGIN < self.until
    }

    fn print(&self) -> String {
        let json = json!({
            "instance": self.instance,
            "access_token": self.access,
            "access_until": self.until,
            "refresh_token": self.refresh,
            "scope": self.scope,
        });
        format!("{json:#}\n")
    }

    fn parse(written: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(written).ok()?;
        let kept = Self {
            instance: text(&json, "instance").to_owned(),
            access: text(&json, "access_token").to_owned(),
            until: number(&json, "access_until"),
            refresh: text(&json, "refresh_token").to_owned(),
            scope: text(&json, "scope").to_owned(),
        };
        let is_whole = [&kept.instance, &kept.access, &kept.refresh].iter().all(|t| !t.is_empty());
        is_whole.then_some(kept)
    }
}

/// Where the sign-in of this machine's user is kept.
#[derive(Clone, Debug)]
pub struct Keeper {
    folder: PathBuf,
}

impl Keeper {
    /// In the user's own configuration folder.
    pub fn find() -> Result<Self> {
        Ok(Self { folder: folder()? })
    }

    /// The sign-in for this process alone; others wait until it is let go of.
    pub fn lock(&self) -> Result<Locked> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let folder = &self.folder;
        builder.create(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let path = folder.join("sign-in.lock");
        let lock = own(&path, false);
        let lock = lock.with_context(|| format!("cannot open {}", path.display()))?;
        lock.lock().with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(Locked { path: folder.join("sign-in.json"), _lock: lock })
    }
}

/// Opens a file that only its owner can read.
fn own(path: &Path, is_new: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(false);
    if is_new {
        options.create_new(true)
    } else {
        options.create(true)
    };
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The sign-in while this process has it.
pub struct Locked {
    path: PathBuf,
    _lock: File,
}

impl Locked {
    /// What is kept; none where nobody is signed in.
    pub fn read(&self) -> Result<Option<Kept>> {
        let about = || format!("cannot read {}", self.path.display());
        let found = match fs::metadata(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            found => found.with_context(about)?,
        };
        if found.len() > FILE_MAX {
            bail!("{} is no sign-in of Obole; move it away", self.path.display());
        }
        let written = fs::read_to_string(&self.path).with_context(about)?;
        let kept = Kept::parse(&written);
        let broken = || format!("{} is broken; run `obole login` again", self.path.display());
        kept.map(Some).with_context(broken)
    }

    /// Keeps a sign-in: written beside, and moved to its place when it is whole on the disk.
    pub fn write(&mut self, kept: &Kept) -> Result<()> {
        let about = || format!("cannot write {}", self.path.display());
        let part = self.path.with_extension("part");
        // What a process left that died here.
        let _left = fs::remove_file(&part);
        let mut file = own(&part, true).with_context(about)?;
        file.write_all(kept.print().as_bytes()).with_context(about)?;
        file.sync_all().with_context(about)?;
        fs::rename(&part, &self.path).with_context(about)?;
        let folder = self.path.parent().context("a file is in a folder")?;
        File::open(folder).and_then(|folder| folder.sync_all()).with_context(about)
    }

    /// Forgets the sign-in.
    pub fn remove(&mut self) -> Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove {}", self.path.display()))
            }
            _ => Ok(()),
        }
    }
}
