//! The outbound journal (M9): every instruction that leaves the instance, one JSON line each, on
//! disk before it is carried out and outside the database, so that a restored database can learn
//! what was already paid (V3).

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

/// The longest line.
const LINE_BYTES_MAX: usize = 65_536;

/// A file that only grows. Any number of tasks may append, and other processes beside them.
#[derive(Clone, Debug)]
pub struct OutboundJournal {
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl OutboundJournal {
    /// Opens the journal, and makes it, readable by its owner only, when it is not there. A last
    /// line that a crash cut short is taken off: it was never acknowledged, so never acted upon.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        locked(&mut file, drop_torn_line)?;
        // The name of a new file must survive a power cut as well as its lines.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(Self { path, file: Arc::new(Mutex::new(file)) })
    }

    /// Appends one line and returns when it is safe on disk. Goes to its end even if the caller
    /// stops waiting. Refuses an empty line, a line break inside, more than 64 KiB
    /// (`InvalidInput`). After any error the line must not be acted upon.
    pub async fn append(&self, line: &str) -> io::Result<()> {
        let is_one_line = !line.is_empty() && !line.contains(['\n', '\r']);
        if !is_one_line || line.len() > LINE_BYTES_MAX {
            let reason = "the journal takes one short line at a time";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let bytes = format!("{line}\n").into_bytes();
        let file = Arc::clone(&self.file);
        let writing = tokio::task::spawn_blocking(move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            locked(&mut file, |file| write_whole(file, &bytes))
        });
        writing.await.map_err(io::Error::other)?
    }

    /// Every line, the oldest first.
    pub async fn read_all(&self) -> io::Result<Vec<String>> {
        let text = tokio::fs::read_to_string(&self.path).await?;
        let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
        Ok(whole.map(str::to_owned).collect())
    }
}

/// Does one thing to the file while no other process does.
fn locked<T>(file: &mut File, act: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    file.lock()?;
    let done = act(file);
    file.unlock()?;
    done
}

fn write_whole(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let length = file.metadata()?.len();
    let written = file.write_all(bytes).and_then(|()| file.sync_data());
    if written.is_err() {
        // A full disk leaves half a line, onto which the next one would be glued.
        file.set_len(length)?;
    }
    written
}

fn drop_torn_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let tail = length.min(LINE_BYTES_MAX as u64 + 1);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length - tail))?;
    file.take(tail).read_to_end(&mut bytes)?;
    let torn = bytes.iter().rev().take_while(|byte| **byte != b'\n').count();
    if torn > LINE_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "this file is not a journal"));
    }
    if torn > 0 {
        file.set_len(length - torn as u64)?;
        file.sync_data()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_journal() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("outbound.jsonl");
        (place, path)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn fifty_at_once_are_all_whole() {
        let (_place, path) = a_journal();
        // Two handles, as two processes would have.
        let journals = [0, 1].map(|_| OutboundJournal::open(&path).expect("a journal"));
        let line = |number: usize| format!("{{\"n\":{number},\"x\":\"{}\"}}", "y".repeat(9_000));
        let mut tasks = Vec::new();
        for number in 0..50 {
            let journal = journals.get(number % 2).expect("a journal").clone();
            tasks.push(tokio::spawn(async move { journal.append(&line(number)).await }));
        }
        for task in tasks {
            task.await.expect("a task").expect("appended");
        }
        let [journal, _] = journals;
        let mut lines = journal.read_all().await.expect("lines");
        let mut wanted: Vec<_> = (0..50).map(line).collect();
        lines.sort();
        wanted.sort();
        assert_eq!(lines, wanted);
    }

    #[tokio::test]
    async fn lines_survive_and_keep_their_order() {
        let (_place, path) = a_journal();
        for line in ["{\"a\":1}", "{\"b\":\"é\"}"] {
            OutboundJournal::open(&path).expect("a journal").append(line).await.expect("appended");
        }
        let lines = OutboundJournal::open(&path).expect("a journal").read_all().await;
        assert_eq!(lines.expect("lines"), ["{\"a\":1}", "{\"b\":\"é\"}"]);
    }

    #[tokio::test]
    async fn what_is_not_one_line_is_refused() {
        let (_place, path) = a_journal();
        let journal = OutboundJournal::open(&path).expect("a journal");
        let long = "x".repeat(LINE_BYTES_MAX + 1);
        for line in ["", "a\nb", "a\n", "a\rb", &long] {
            let refused = journal.append(line).await.expect_err("refused");
            assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
        }
        assert!(journal.read_all().await.expect("lines").is_empty());
    }

    #[tokio::test]
    async fn a_line_cut_short_by_a_crash_is_taken_off() {
        let (_place, path) = a_journal();
        std::fs::write(&path, "{\"a\":1}\n{\"b\":").expect("a file");
        let journal = OutboundJournal::open(&path).expect("a journal");
        journal.append("{\"c\":3}").await.expect("appended");
        assert_eq!(journal.read_all().await.expect("lines"), ["{\"a\":1}", "{\"c\":3}"]);
        std::fs::write(&path, "x".repeat(LINE_BYTES_MAX * 2)).expect("a file");
        let refused = OutboundJournal::open(&path).expect_err("another kind of file");
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_place, path) = a_journal();
        OutboundJournal::open(&path).expect("a journal");
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
