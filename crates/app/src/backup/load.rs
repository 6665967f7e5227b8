//! Reading a backup into an empty database.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use obole_domain::Refusal;
use obole_store::StoreConfig;
use obole_store::db::{Filling, Migrations, Table, Value};
use obole_store::portable::{Counts, Portable, PortableReader};

use crate::backup::sealed::{Damage, SealedReader};
use crate::backup::{BUFFER, Manifest, Progress, Stage, Tell};
use crate::error::{Error, Result};
use crate::key_file::KeyFile;

/// How many rows, or bytes of texts, go into the database at once.
const ROWS: usize = 4_096;
const BYTES: usize = 1 << 20;

/// Where a backup comes from, and who is told.
pub(super) struct Source<'source> {
    pub(super) path: &'source Path,
    pub(super) key: &'source KeyFile,
    pub(super) tell: &'source Tell,
    pub(super) stop: &'source AtomicBool,
}

impl Source<'_> {
    /// What an error of reading means.
    fn failed(&self, error: &io::Error) -> Error {
        let path = self.path.display().to_string();
        match Damage::of(error) {
            Some(Damage::Foreign) => Refusal::BackupForeign {}.into(),
            Some(Damage::Newer) => Refusal::BackupNewer {}.into(),
            Some(Damage::KeyOther) => {
                Refusal::BackupKeyOther { path: self.key.path.display().to_string() }.into()
            }
            Some(Damage::Damaged) => Refusal::BackupDamaged {}.into(),
            None => Error::internal(format!("{path}: {error}")),
        }
    }
}

type Stream = PortableReader<SealedReader<BufReader<Counted>>>;

/// Reads a backup to its end into an empty database, which the caller commits.
pub(super) async fn load(
    source: &Source<'_>,
    config: &StoreConfig,
) -> Result<(Filling, Manifest, Counts)> {
    let failed = |error: io::Error| source.failed(&error);
    let file = File::open(source.path).map_err(failed)?;
    let of = file.metadata().map_err(failed)?.len();
    let done = Arc::new(AtomicU64::new(0));
    let input = BufReader::with_capacity(BUFFER, Counted { file, done: Arc::clone(&done) });
    let sealed = SealedReader::begin(input, &source.key.secrets).map_err(failed)?;
    let (mut stream, head) = PortableReader::begin(sealed).map_err(failed)?;
    let manifest: Manifest =
        serde_json::from_slice(&head).map_err(|_| Error::from(Refusal::BackupDamaged {}))?;
    if usize::try_from(manifest.schema).unwrap_or(usize::MAX) > Migrations::newest() {
        return Err(Refusal::BackupNewer {}.into());
    }
    let mut filling = Filling::begin(config, manifest.schema).await?;
    let tell = || {
        let done = done.load(Ordering::Relaxed);
        (source.tell)(Progress { stage: Stage::Reading, done, of });
        !source.stop.load(Ordering::Relaxed)
    };
    let counts = fill(&mut stream, &mut filling, &tell, source).await?;
    Ok((filling, manifest, counts))
}

/// Takes every record of a stream.
async fn fill(
    stream: &mut Stream,
    filling: &mut Filling,
    tell: &(dyn Fn() -> bool + Sync),
    source: &Source<'_>,
) -> Result<Counts> {
    let mut table = Table { name: String::new(), columns: Vec::new() };
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut bytes = 0;
    loop {
        let record = stream.read_next().map_err(|error| source.failed(&error))?;
        let is_over = matches!(record, Portable::TableEnd);
        match record {
            Portable::Table(next) => table = next,
            Portable::Row(row) => {
                bytes += row.iter().map(weight).sum::<usize>();
                rows.push(row);
            }
            Portable::TableEnd => {}
            Portable::End(counts) => return Ok(counts),
        }
        if !rows.is_empty() && (is_over || rows.len() >= ROWS || bytes >= BYTES) {
            filling.put(&table, &rows).await?;
            rows.clear();
            bytes = 0;
            if !tell() {
                return Err(Error::internal("reading the backup was given up"));
            }
        }
    }
}

const fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}

/// A file that says how much of it was read.
struct Counted {
    file: File,
    done: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let length = self.file.read(bytes)?;
        self.done.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
