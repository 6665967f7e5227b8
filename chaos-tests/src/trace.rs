//! The traced disk: every write and fsync of a run in its order, from which the files are built as
//! a power cut would leave them. What was synced is there; of what was written since, any part is
//! or is not, in sectors and in no order.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::chance::Chance;

/// What a disk writes whole.
const SECTOR: usize = 512;

/// How long the head of a record is.
const HEAD: usize = 32;

/// The kinds of records, as `shim.c` writes them.
const OPEN: u64 = 1;
const WRITE: u64 = 2;
const CUT: u64 = 3;
const SYNC: u64 = 4;
const UNLINK: u64 = 5;
const LOST: u64 = 6;

/// A change that no fsync has made certain yet, and where the trace was.
#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

/// A file: what is certain of it, and what is not.
#[derive(Clone, Debug, Default)]
struct Content {
    certain: Vec<u8>,
    uncertain: Vec<(usize, Change)>,
    is_there: bool,
}

impl Content {
    /// Everything that was written before a place of the trace is certain now.
    fn sync(&mut self, began: usize) {
        let (done, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.uncertain).into_iter().partition(|(at, _)| *at < began);
        done.iter().for_each(|(_, change)| apply(&mut self.certain, change));
        self.uncertain = left;
        self.is_there = true;
    }

    /// The file as a power cut leaves it: of what is uncertain, so many sectors in a hundred.
    fn after_cut(&self, chance: &mut Chance, percent: u64) -> Vec<u8> {
        let mut content = self.certain.clone();
        for (_, change) in &self.uncertain {
            match change {
                Change::Cut(_) if !chance.percent(percent) => {}
                Change::Cut(_) => apply(&mut content, change),
                Change::Write(offset, data) => {
                    for (number, sector) in data.chunks(SECTOR).enumerate() {
                        if chance.percent(percent) {
                            let offset = offset + number * SECTOR;
                            apply(&mut content, &Change::Write(offset, sector.to_vec()));
                        }
                    }
                }
            }
        }
        content
    }
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Cut(length) => content.resize(*length, 0),
        Change::Write(offset, data) => {
            let end = offset + data.len();
            content.resize(content.len().max(end), 0);
            if let Some(place) = content.get_mut(*offset..end) {
                place.copy_from_slice(data);
            }
        }
    }
}

/// A disk that is replayed up to a place of the trace. Its files go by their names: the folder
/// that they are in is another one each time.
pub struct Disk {
    trace: Vec<u8>,
    /// As far as it is replayed.
    at: usize,
    names: BTreeMap<u64, OsString>,
    contents: BTreeMap<OsString, Content>,
}

/// A record's head.
struct Record {
    kind: u64,
    file: u64,
    offset: usize,
    length: usize,
}

impl Disk {
    /// The disk before the trace began, with these files, and the trace.
    pub fn open(files: &[PathBuf], trace: &Path) -> Result<Self, String> {
        let trace = fs::read(trace).map_err(|error| format!("the trace: {error}"))?;
        let mut contents = BTreeMap::new();
        for path in files.iter().filter(|path| path.exists()) {
            let certain = fs::read(path).map_err(|error| error.to_string())?;
            let content = Content { certain, is_there: true, ..Content::default() };
            contents.insert(path.file_name().unwrap_or_default().to_owned(), content);
        }
        Ok(Self { trace, at: 0, names: BTreeMap::new(), contents })
    }

    /// How long the trace is.
    pub fn length(&self) -> usize {
        self.trace.len()
    }

    /// Replays up to the last record that ends before a place, and says where it is then.
    pub fn replay(&mut self, to: usize) -> Result<usize, String> {
        while let Some(record) = self.head() {
            let end = self.at + HEAD + record.length;
            if end > to.min(self.trace.len()) {
                break;
            }
            self.take(&record)?;
            self.at = end;
        }
        Ok(self.at)
    }

    fn head(&self) -> Option<Record> {
        let head = self.trace.get(self.at..self.at + HEAD)?;
        let (numbers, _) = head.as_chunks::<8>();
        let [kind, file, offset, length] = numbers else { return None };
        let size = |bytes: &[u8; 8]| usize::try_from(u64::from_ne_bytes(*bytes)).ok();
        Some(Record {
            kind: u64::from_ne_bytes(*kind),
            file: u64::from_ne_bytes(*file),
            offset: size(offset)?,
            length: size(length)?,
        })
    }

    fn take(&mut self, record: &Record) -> Result<(), String> {
        let from = self.at + HEAD;
        let data = self.trace.get(from..from + record.length).unwrap_or_default().to_vec();
        if record.kind == OPEN {
            let path = String::from_utf8_lossy(&data).into_owned();
            let name = Path::new(&path).file_name().unwrap_or_default().to_owned();
            self.contents.entry(name.clone()).or_default();
            self.names.insert(record.file, name);
            return Ok(());
        }
        let name = self.names.get(&record.file).ok_or("a record of a file that was not opened")?;
        let content = self.contents.entry(name.clone()).or_default();
        let at = self.at;
        match record.kind {
            WRITE => content.uncertain.push((at, Change::Write(record.offset, data))),
            CUT => content.uncertain.push((at, Change::Cut(record.offset))),
            SYNC => content.sync(record.offset),
            UNLINK => *content = Content::default(),
            // The kernel gave up what it should have written, and will not try again.
            LOST => content.uncertain.retain(|(at, _)| *at >= record.offset),
            other => return Err(format!("a record of the kind {other}")),
        }
        Ok(())
    }

    /// Writes the files as a power cut would leave them now into a folder, by their names.
    pub fn cut(&self, folder: &Path, chance: &mut Chance) -> Result<(), String> {
        // None of it, all of it, or some of it reached the disk.
        let percent = chance.one_of(&[0, 15, 50, 85, 100]).copied().unwrap_or(50);
        for (name, content) in &self.contents {
            let is_left = content.is_there || chance.percent(percent);
            if is_left {
                let bytes = content.after_cut(chance, percent);
                fs::write(folder.join(name), bytes).map_err(|error| error.to_string())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u64, offset: u64, data: &[u8]) -> Vec<u8> {
        let head = [kind, 1, offset, data.len() as u64].map(u64::to_ne_bytes).concat();
        [head, data.to_vec()].concat()
    }

    /// The file after a cut behind so many records of this trace.
    fn after(records: &[Vec<u8>], count: usize, seed: u64) -> Option<Vec<u8>> {
        let folder = tempfile::tempdir().expect("a folder");
        let trace = folder.path().join("trace");
        fs::write(&trace, records.concat()).expect("written");
        let mut disk = Disk::open(&[folder.path().join("db")], &trace).expect("a trace");
        let to = records.iter().take(count).map(Vec::len).sum();
        assert_eq!(disk.replay(to).expect("well formed"), to);
        disk.cut(folder.path(), &mut Chance::new(seed, "cut")).expect("files");
        fs::read(folder.path().join("db")).ok()
    }

    #[test]
    fn what_was_synced_is_there_and_the_rest_may_be() {
        let open = record(OPEN, 0, b"/somewhere/db");
        let first = record(WRITE, 0, b"one");
        let begun = (open.len() + first.len()) as u64;
        let records =
            [open, first, record(SYNC, begun, b""), record(WRITE, 0, b"two"), record(CUT, 1, b"")];
        let seen: std::collections::BTreeSet<_> =
            (0..60).filter_map(|seed| after(&records, 4, seed)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [b"one".to_vec(), b"two".to_vec()]);
        // Before the sync even the file need not be there.
        let seen: std::collections::BTreeSet<_> = (0..60).map(|s| after(&records, 2, s)).collect();
        assert!(seen.contains(&None) && seen.contains(&Some(b"one".to_vec())));
        assert!((0..60).any(|seed| after(&records, 5, seed) == Some(b"t".to_vec())));
    }

    #[test]
    fn what_a_failed_sync_lost_never_comes() {
        let open = record(OPEN, 0, b"/somewhere/db");
        let first = record(WRITE, 0, b"one");
        let begun = (open.len() + first.len()) as u64;
        let lost = record(LOST, begun, b"");
        let end = begun + lost.len() as u64;
        let records = [open, first, lost, record(SYNC, end, b"")];
        assert!((0..60).all(|seed| after(&records, 4, seed) == Some(Vec::new())));
    }

    #[test]
    fn sectors_come_and_go_by_themselves() {
        let open = record(OPEN, 0, b"/somewhere/db");
        let sync = record(SYNC, open.len() as u64, b"");
        let records = [open, sync, record(WRITE, 0, &[7; 4 * SECTOR])];
        let is_torn = |bytes: Vec<u8>| bytes.contains(&7) && bytes.contains(&0);
        assert!((0..60).filter_map(|seed| after(&records, 3, seed)).any(is_torn));
    }
}
