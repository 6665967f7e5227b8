//! Backups (V1): one state of the whole database in one file that either engine can be restored
//! from, sealed with the instance's key. A file gets its name only after all of it was read back
//! into a database of its own and audited: what has the name counts.

pub mod automatic;
mod load;
mod part;
mod restore;
mod sealed;

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use obole_store::portable::{Counts, PortableWriter};
use obole_store::{Engine, Store, StoreConfig, StoreError};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::app::App;
use crate::audit::{self, Report};
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::key_file::KeyFile;
use crate::quarantine::JournalMark;
use load::Source;
use part::Part;
pub use restore::{Restored, restore};
use sealed::SealedWriter;

/// How many rows are written between two words about it.
const TOLD_ROWS: u64 = 1_024;

/// How much is given to the system at once.
const BUFFER: usize = 1 << 18;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Rows are written.
    Writing,
    /// Bytes are read and put into a database.
    Reading,
    /// That database is audited.
    Auditing,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How many rows or bytes are done.
    pub done: u64,
    /// Of how many; 0 while it is not known.
    pub of: u64,
}

/// Who is told how far it has come.
pub type Tell = Arc<dyn Fn(Progress) + Send + Sync>;

/// Nobody is told.
#[must_use]
pub fn nobody() -> Tell {
    Arc::new(|_| ())
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    /// The version of the schema.
    schema: i64,
    /// When it was taken, in microseconds.
    taken_at: i64,
    /// The instance's name.
    instance: String,
    /// Which engine it was taken from.
    engine: String,
    /// The program that took it.
    obole: String,
    /// The outbound journal at that moment.
    journal: JournalMark,
}

impl Manifest {
    fn taken_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.taken_at).unwrap_or_default()
    }
}

/// A backup that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its file.
    pub path: PathBuf,
    /// How long that is.
    pub bytes: u64,
    /// What it holds.
    pub counts: Counts,
    /// The state of which moment.
    pub at: Timestamp,
}

/// Takes a backup while the instance serves: all that was acknowledged before is in it. Sealed,
/// unless the operator wants it open.
///
/// Refused where the file exists, and where the audit of what was read back finds a breach.
pub async fn take(app: &App, path: &Path, is_sealed: bool, tell: Tell) -> Result<Taken> {
    let (app, path) = (app.clone(), path.to_owned());
    apart(move |stop| async move {
        let part = Part::begin(&path)?;
        let at = app.now();
        let (file, counts) = write(&app, part.file()?, is_sealed, (&tell, &stop)).await?;
        file.sync_all().map_err(|error| part.failed(&error))?;
        let path_of_key = KeyFile::place(app.config());
        let key = KeyFile { path: path_of_key, secrets: app.secrets().clone() };
        let source = Source { path: part.path(), key: &key, tell: &tell, stop: &stop };
        let checked = read_back(&source, part.scratch()).await?;
        refuse_unsound(&checked.report)?;
        let bytes = part.finish()?;
        Ok(Taken { path, bytes, counts, at })
    })
    .await
}

/// [`take`] for an administrator or the command line, which the audit log notes: a backup holds
/// everything about everybody.
pub async fn take_noted(
    app: &App,
    actor: Actor,
    (path, is_sealed): (&Path, bool),
    tell: Tell,
) -> Result<Taken> {
    let taken = take(app, path, is_sealed, tell).await?;
    let details = if is_sealed { "sealed" } else { "unsealed" };
    let (handle, name) = (app.clone(), path.display().to_string());
    let noted = app.store().write(name, move |tx, name| {
        let (app, name) = (handle.clone(), name.clone());
        Box::pin(async move { app.log(tx, actor, "backup.take", (name, details.to_owned())).await })
    });
    noted.await?;
    Ok(taken)
}

/// Writes the whole database into a file and gives it back.
async fn write(
    app: &App,
    file: File,
    is_sealed: bool,
    (tell, stop): (&Tell, &AtomicBool),
) -> Result<(File, Counts)> {
    // The journal first: what it has now, the state may have too, and nothing is missed after it.
    let journal = app.journal().read_all().await.map_err(Error::internal)?;
    let mut snapshot = app.store().snapshot().await?;
    let manifest = Manifest {
        schema: snapshot.schema().await?,
        taken_at: app.now().as_microsecond(),
        instance: app.config().instance.name.clone(),
        engine: engine(app.store().engine()).to_owned(),
        obole: env!("CARGO_PKG_VERSION").to_owned(),
        journal: JournalMark::of(&journal),
    };
    let head = serde_json::to_vec(&manifest).map_err(Error::internal)?;
    let out = BufWriter::with_capacity(BUFFER, file);
    let sealed = SealedWriter::begin(out, (app.secrets(), app.chance()), is_sealed);
    let sealed = sealed.map_err(Error::internal)?;
    let mut writer = PortableWriter::begin(sealed, &head).map_err(Error::internal)?;
    for table in snapshot.tables().await? {
        writer.table(&table).map_err(Error::internal)?;
        let mut failed = None;
        let mut each = |cells: &[obole_store::db::Cell<'_>]| {
            let done = writer.counts().rows;
            if done.is_multiple_of(TOLD_ROWS) {
                tell(Progress { stage: Stage::Writing, done, of: 0 });
            }
            if stop.load(Ordering::Relaxed) {
                return Err(StoreError::Database("the backup was given up".to_owned()));
            }
            writer.row(cells).map_err(|error| {
                let text = error.to_string();
                failed = Some(error);
                StoreError::Database(text)
            })
        };
        let read = snapshot.rows(&table, &mut each).await;
        if let Some(error) = failed {
            return Err(Error::internal(format!("the backup cannot be written: {error}")));
        }
        read?;
        writer.table_end().map_err(Error::internal)?;
    }
    let (sealed, counts) = writer.finish().map_err(Error::internal)?;
    let out = sealed.finish().map_err(Error::internal)?;
    let file = out.into_inner().map_err(Error::internal)?;
    Ok((file, counts))
}

const fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    }
}

/// What was found in a backup that was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The instance's name.
    pub instance: String,
    /// The state of which moment.
    pub at: Timestamp,
    /// What it holds.
    pub counts: Counts,
    /// What the audit found.
    pub report: Report,
}

/// Reads a backup into a database of its own, audits that and throws it away. Refused for what is
/// no whole backup of the instance whose key this is; a breach is in the report.
pub async fn check(key: KeyFile, path: &Path, tell: Tell) -> Result<Checked> {
    let path = path.to_owned();
    apart(move |stop| async move {
        let scratch = part::scratch_of(&path)?;
        let source = Source { path: &path, key: &key, tell: &tell, stop: &stop };
        read_back(&source, &scratch).await
    })
    .await
}

/// Reads a backup into a scratch folder, whatever engine it came from: SQLite needs no server.
async fn read_back(source: &Source<'_>, scratch: &part::Scratch) -> Result<Checked> {
    let database = scratch.begin()?;
    let config = StoreConfig {
        unsafe_durability: true,
        ..StoreConfig::new(format!("sqlite://{}", database.display()))
    };
    let (mut filling, manifest, counts) = load::load(source, &config).await?;
    filling.end_rows().await?;
    filling.commit().await?;
    (source.tell)(Progress { stage: Stage::Auditing, done: 0, of: 0 });
    let store = Store::open(&config).await?;
    let report = audit::run_on(&store).await?;
    let at = manifest.taken_at();
    Ok(Checked { instance: manifest.instance, at, counts, report })
}

fn refuse_unsound(report: &Report) -> Result<()> {
    let Some(breach) = report.breaches.first() else { return Ok(()) };
    let rule = breach.rule.to_owned();
    tracing::error!(rule, detail = breach.detail, "a backup was read back and is not sound");
    Err(obole_domain::Refusal::BackupUnsound { rule }.into())
}

/// Runs what reads and writes files for long on a thread of its own. It stops soon after nobody
/// waits for it any more.
async fn apart<T, F, R>(run: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(Arc<AtomicBool>) -> R + Send + 'static,
    R: Future<Output = Result<T>>,
{
    struct Stop(Arc<AtomicBool>);
    impl Drop for Stop {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let stop = Stop(Arc::default());
    let flag = Arc::clone(&stop.0);
    let runtime = tokio::runtime::Handle::current();
    let (sender, ended) = oneshot::channel();
    let thread = std::thread::Builder::new().name("obole-backup".to_owned());
    let started = thread.spawn(move || {
        let _unheard = sender.send(runtime.block_on(run(flag)));
    });
    started.map_err(Error::internal)?;
    ended.await.unwrap_or_else(|_| Err(Error::internal("the backup's thread ended early")))
}
