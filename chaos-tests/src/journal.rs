//! The load's own journal: each deed reaches the disk before it is sent, each answer before it is
//! believed. What is expected is reckoned from these lines.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::deed::Line;
use crate::expected::Expected;

/// What all workers know together.
#[derive(Clone)]
pub struct Book {
    expected: Arc<Mutex<Expected>>,
}

impl Book {
    pub fn new(expected: Expected) -> Self {
        Self { expected: Arc::new(Mutex::new(expected)) }
    }

    /// Looks at or changes what is expected.
    pub fn with<T>(&self, look: impl FnOnce(&mut Expected) -> T) -> T {
        look(&mut self.expected.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A worker's journal.
pub struct Journal {
    file: File,
    book: Book,
    /// Where the disk is traced to, if it is: each line says how far that was.
    trace: Option<PathBuf>,
}

impl Journal {
    /// Opens a journal, making it where it is missing.
    pub fn open(path: &Path, book: Book) -> Result<Self, String> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self { file, book, trace: None })
    }

    /// From now on each line says how far the trace of the disk was.
    pub fn trace(&mut self, path: Option<PathBuf>) {
        self.trace = path;
    }

    /// Writes a line to the disk, then believes it. A sentence where an answer cannot be right.
    pub fn write(&mut self, line: &Line) -> Result<(), String> {
        let traced = self.trace.as_ref().and_then(|path| fs::metadata(path).ok());
        let text = line.print(traced.map_or(0, |trace| trace.len()));
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        written.map_err(|error| format!("the load's own journal: {error}"))?;
        self.book.with(|expected| expected.take(line))
    }
}

/// The journals of a folder.
pub fn paths(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let files = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = files.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "journal"));
    paths.sort();
    Ok(paths)
}

/// Reads journals again, from what was known before them.
pub fn read(paths: &[PathBuf], expected: Expected) -> Result<Expected, String> {
    read_until(paths, expected, u64::MAX)
}

/// The same as far as the disk was traced to a place.
pub fn read_until(
    paths: &[PathBuf],
    mut expected: Expected,
    traced: u64,
) -> Result<Expected, String> {
    for path in paths {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        for line in text.lines() {
            if Line::traced(line).is_none_or(|at| at > traced) {
                break;
            }
            let line = Line::parse(line).ok_or_else(|| format!("not a line: {line}"))?;
            expected.take(&line)?;
        }
    }
    Ok(expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deed::{Answered, Deed, Sent};

    #[test]
    fn what_was_written_is_known_and_reads_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::new(Expected::default());
        let path = folder.path().join("worker-0.journal");
        let mut journal = Journal::open(&path, book.clone()).expect("a journal");
        let deed = Deed::Budget { micros: 2_000_000 };
        let sent = Sent { number: 1, patron: 0, period: "2026-11".to_owned(), deed };
        journal.write(&Line::Sent(sent)).expect("written");
        assert_eq!(book.with(|expected| expected.pending()), 1);
        let answered = Answered { number: 1, status: 200, tries: 1, ..Answered::default() };
        journal.write(&Line::Answered(answered)).expect("written");
        let known = book.with(|expected| expected.clone());
        assert_eq!(known.holdings(0).budget, 2_000_000);
        let paths = paths(folder.path()).expect("a folder");
        assert_eq!(read(&paths, Expected::default()), Ok(known));
    }
}
