//! A backup's file while it is written: under another name, locked, gone unless it is finished; and
//! the folder in which it is read back.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use obole_domain::Refusal;

use crate::error::{Error, Result};

/// The endings of what is not finished; names begin with a dot.
const PART: &str = "part";
const CHECK: &str = "check";

/// A file that is being written.
pub(super) struct Part {
    target: PathBuf,
    path: PathBuf,
    /// Locked as long as it is written: what is not locked was left behind.
    file: File,
    scratch: Scratch,
    is_whole: bool,
}

impl Part {
    /// Begins a file beside its place, readable by its owner only. Refused where there is one.
    pub(super) fn begin(target: &Path) -> Result<Self> {
        let shown = || target.display().to_string();
        if target.exists() {
            return Err(Refusal::BackupExists { path: shown() }.into());
        }
        let path = hidden(target, PART)?;
        let named = |error: io::Error| Error::internal(format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(named)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Refusal::BackupExists { path: shown() }.into());
            }
            Err(TryLockError::Error(error)) => return Err(named(error)),
        }
        file.set_len(0).map_err(named)?;
        let scratch = Scratch { folder: hidden(target, CHECK)? };
        Ok(Self { target: target.to_owned(), path, file, scratch, is_whole: false })
    }

    /// The file to write to.
    pub(super) fn file(&self) -> Result<File> {
        self.file.try_clone().map_err(|error| self.failed(&error))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn scratch(&self) -> &Scratch {
        &self.scratch
    }

    /// Gives the file its name and returns its length, when both are on the disk.
    pub(super) fn finish(mut self) -> Result<u64> {
        let named = || -> io::Result<u64> {
            fs::rename(&self.path, &self.target)?;
            File::open(folder_of(&self.target))?.sync_all()?;
            Ok(self.file.metadata()?.len())
        };
        if self.target.exists() {
            return Err(Refusal::BackupExists { path: self.target.display().to_string() }.into());
        }
        let length = named().map_err(|error| self.failed(&error))?;
        self.is_whole = true;
        Ok(length)
    }

    pub(super) fn failed(&self, error: &io::Error) -> Error {
        Error::internal(format!("{}: {error}", self.path.display()))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_whole {
            // What stays behind is removed by the next one.
            let _gone = fs::remove_file(&self.path);
        }
    }
}

/// A folder in which a backup is read back; it goes with this.
pub(super) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Makes it, without what a killed process left there, and gives the place of its database.
    pub(super) fn begin(&self) -> Result<PathBuf> {
        let failed = |error| Error::internal(format!("{}: {error}", self.folder.display()));
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder).map_err(failed)?;
        Ok(self.folder.join("obole.db"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _gone = fs::remove_dir_all(&self.folder);
    }
}

/// The scratch folder for a backup that is there: beside it, with this process's own name.
pub(super) fn scratch_of(path: &Path) -> Result<Scratch> {
    let ending = format!("{}.{CHECK}", std::process::id());
    Ok(Scratch { folder: hidden(path, &ending)? })
}

/// Removes what killed processes left of backups in a folder.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let left = name.strip_prefix('.').and_then(|name| name.strip_suffix(PART));
        if left.is_none_or(|left| !left.ends_with(&format!("{}.", super::automatic::ENDING))) {
            continue;
        }
        if OpenOptions::new().write(true).open(&path)?.try_lock().is_ok() {
            let scratch = name.strip_suffix(PART).map(|stem| folder.join(format!("{stem}{CHECK}")));
            drop(scratch.map(|folder| Scratch { folder }));
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// `.name.ending` beside a file.
fn hidden(path: &Path, ending: &str) -> Result<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name
        .ok_or_else(|| Error::internal(format!("{} is not the name of a file", path.display())))?;
    Ok(folder_of(path).join(format!(".{name}.{ending}")))
}
