//! SQLite through rusqlite: one writer thread fed by a queue with group commit (D2, D4, D5), a few
//! reader threads. A closure travels to the thread and its future is polled in place.

mod whole;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, Statement, ffi, params_from_iter,
};

use super::many;
use super::settings::Counts;
use super::store::{Conn, Read, Tx};
use super::value::{Cell, Row, RowOf, Value};
use crate::error::{StoreError, StoreResult};

pub(super) use whole::{Building, build};

/// The oldest SQLite without the WAL-reset bug (D3).
const VERSION_MIN: i32 = 3_051_003;

/// The most operations in one commit, and how long a commit may be put off for them (D5).
const GROUP_MAX: usize = 256;
const GROUP_WAIT: Duration = Duration::from_millis(5);

/// How much memory the writer may keep pages in, and each reader.
const CACHE_KIB: i64 = 40 * 1_024;
const READER_CACHE_KIB: i64 = 4 * 1_024;

/// How many pages the log holds before they are moved into the file: what is written again and
/// again is then moved once. As much room is needed beside the file: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;

/// How many threads read.
const READERS: usize = 4;

/// A connection and its translated statements.
pub(super) struct Session {
    connection: Connection,
    texts: HashMap<(usize, usize), Box<str>>,
}

/// What is done on the writer's thread, and for how many operations it counts.
pub(super) struct WriteJob {
    pub count: usize,
    pub run: RunWrite,
}

/// The doing of a write; it hands back what to do once the commit is known.
pub(super) type RunWrite = Box<dyn FnOnce(&mut Tx) -> Answer + Send>;

/// Tells the caller how it ended.
pub(super) type Answer = Box<dyn FnOnce(StoreResult<()>) + Send>;

/// What is done on a reader's thread.
pub(super) type ReadJob = Box<dyn FnOnce(&mut Read) + Send>;

/// The threads of an open database.
pub(super) struct Sqlite {
    writer: Sender<WriteJob>,
    readers: Sender<ReadJob>,
    path: PathBuf,
}

impl Sqlite {
    /// Opens the file, making it where it is missing, and starts its threads.
    pub(super) fn open(path: &Path, is_safe: bool, counts: Arc<Counts>) -> StoreResult<Self> {
        if rusqlite::version_number() < VERSION_MIN {
            let version = rusqlite::version();
            return Err(StoreError::Database(format!(
                "SQLite {version} is older than 3.51.3 (D3)"
            )));
        }
        let session = Session::open(path, is_safe)?;
        // What a savepoint would lead back to is written into a file else, page by page.
        session.connection.pragma_update(None, "temp_store", "memory").map_err(failure)?;
        let (writer, write_jobs) = channel();
        spawn("obole-writer", move || write_all(session, &write_jobs, &counts))?;

        let (readers, read_jobs) = channel();
        let read_jobs = Arc::new(Mutex::new(read_jobs));
        for _ in 0..READERS {
            let session = Session::open(path, is_safe)?;
            session.connection.pragma_update(None, "query_only", true).map_err(failure)?;
            let cache = session.connection.pragma_update(None, "cache_size", -READER_CACHE_KIB);
            cache.map_err(failure)?;
            let read_jobs = Arc::clone(&read_jobs);
            spawn("obole-reader", move || read_all(session, &read_jobs))?;
        }
        Ok(Self { writer, readers, path: path.to_owned() })
    }

    /// Queues a write.
    pub(super) fn send_write(&self, job: WriteJob) -> StoreResult<()> {
        self.writer.send(job).map_err(|_| stopped())
    }

    /// Queues a read.
    pub(super) fn send_read(&self, job: ReadJob) -> StoreResult<()> {
        self.readers.send(job).map_err(|_| stopped())
    }
}

/// The path in a database URL `sqlite://PATH`.
pub(super) fn path_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    (!path.is_empty()).then(|| PathBuf::from(path))
}

fn stopped() -> StoreError {
    StoreError::Database("the database's thread has stopped".to_owned())
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> StoreResult<()> {
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map(|_| ()).map_err(|error| StoreError::Database(error.to_string()))
}

/// The writer: takes what is queued, each operation under a savepoint, one commit, then answers
/// all (D5). What is queued while it commits is the next group.
fn write_all(session: Session, jobs: &Receiver<WriteJob>, counts: &Counts) {
    let mut tx = Tx::of(Conn::Sqlite(session));
    while let Ok(first) = jobs.recv() {
        let started = Instant::now();
        let begun = batch(&mut tx, "begin immediate");
        let (mut answers, mut operations) = (Vec::new(), 0);
        let mut next = Some(first);
        while let Some(job) = next.take() {
            operations += job.count;
            answers.push(run_write(&mut tx, job, &begun));
            if begun.is_ok() && is_undone(&tx) {
                // A full disk or an I/O error undoes the whole transaction: nothing may follow in
                // one of its own (D5, D12).
                break;
            }
            if operations < GROUP_MAX && started.elapsed() < GROUP_WAIT {
                next = jobs.try_recv().ok();
            }
        }
        let is_lost = begun.is_ok() && is_undone(&tx);
        let ended =
            begun.and_then(|()| if is_lost { Err(undone()) } else { batch(&mut tx, "commit") });
        if ended.is_err() {
            // A failed commit may leave the transaction open; either way all of it is undone.
            let _already_ended = batch(&mut tx, "rollback");
            // Where the disk is full, what the file takes over makes room in the log (D12).
            let _at_the_next_one = batch(&mut tx, "pragma wal_checkpoint(passive)");
        }
        if ended.is_ok() {
            counts.add(operations as u64);
        }
        for answer in answers {
            answer(ended.as_ref().copied().map_err(copy));
        }
    }
}

/// Whether SQLite has undone the transaction by itself.
fn is_undone(tx: &Tx) -> bool {
    match &tx.read.conn {
        Conn::Sqlite(session) => session.connection.is_autocommit(),
        Conn::Postgres(_) => false,
    }
}

/// What everybody of a group is told that the disk could not take (D12).
fn undone() -> StoreError {
    StoreError::Unavailable("the disk is full or failed; nothing was saved".to_owned())
}

/// Runs one operation, or only takes its answer where the group could not begin.
fn run_write(tx: &mut Tx, job: WriteJob, begun: &StoreResult<()>) -> Answer {
    if begun.is_err() {
        // The job is dropped unrun; its caller hears of it through the closed channel.
        drop(job);
        return Box::new(|_| ());
    }
    let run = std::panic::AssertUnwindSafe(|| (job.run)(tx));
    std::panic::catch_unwind(run).unwrap_or_else(|_| Box::new(|_| ()))
}

/// A reader: one transaction for each job, so that all its statements see one state.
fn read_all(session: Session, jobs: &Mutex<Receiver<ReadJob>>) {
    let mut read = Read { conn: Conn::Sqlite(session) };
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        let run = std::panic::AssertUnwindSafe(|| job(&mut read));
        if std::panic::catch_unwind(run).is_err() {
            tracing::error!("a read panicked");
        }
    }
}

/// Runs a fixed text on the transaction's connection.
fn batch(tx: &mut Tx, text: &'static str) -> StoreResult<()> {
    match &mut tx.read.conn {
        Conn::Sqlite(session) => session.batch(text),
        Conn::Postgres(_) => Err(stopped()),
    }
}

/// The same error for another of the group.
fn copy(error: &StoreError) -> StoreError {
    match error {
        StoreError::Busy(detail) => StoreError::Busy(detail.clone()),
        StoreError::Unavailable(detail) => StoreError::Unavailable(detail.clone()),
        other => StoreError::Database(other.to_string()),
    }
}

impl Session {
    fn open(path: &Path, is_safe: bool) -> StoreResult<Self> {
        Self::open_with(path, "wal", if is_safe { "full" } else { "off" })
    }

    fn open_with(path: &Path, journal: &str, synchronous: &str) -> StoreResult<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX);
        let connection = connection.map_err(failure)?;
        connection.busy_timeout(Duration::from_secs(5)).map_err(failure)?;
        connection.pragma_update(None, "journal_mode", journal).map_err(failure)?;
        connection.pragma_update(None, "synchronous", synchronous).map_err(failure)?;
        connection.pragma_update(None, "foreign_keys", true).map_err(failure)?;
        connection.pragma_update(None, "trusted_schema", false).map_err(failure)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(failure)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(failure)?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(Self { connection, texts: HashMap::new() })
    }

    /// Runs a text of several statements.
    pub(super) fn batch(&self, text: &str) -> StoreResult<()> {
        self.connection.execute_batch(text).map_err(failure)
    }

    fn prepared(&mut self, text: &'static str) -> StoreResult<CachedStatement<'_>> {
        let text = translated(&mut self.texts, text);
        self.connection.prepare_cached(text).map_err(failure)
    }

    /// Runs a reading statement and hands each row on.
    pub(super) fn query(
        &mut self,
        text: &'static str,
        values: &[Value],
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        query(&mut *self.prepared(text)?, values, each)
    }

    /// The same until it is enough.
    pub(super) fn query_until(
        &mut self,
        text: &'static str,
        values: &[Value],
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<ControlFlow<()>> + Send),
    ) -> StoreResult<()> {
        query_until(&mut *self.prepared(text)?, values, each)
    }

    /// Runs a statement for many rows of values and hands each row of the answers on.
    pub(super) fn query_each(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let mut statement = self.prepared(text)?;
        rows.iter().try_for_each(|values| query(&mut statement, values, each))
    }

    /// Runs a changing statement.
    pub(super) fn execute(&mut self, text: &'static str, values: &[Value]) -> StoreResult<u64> {
        execute(&mut *self.prepared(text)?, values)
    }

    /// Runs a changing statement for many rows of values and says how many rows were changed.
    pub(super) fn execute_many(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
    ) -> StoreResult<u64> {
        let mut statement = self.prepared(text)?;
        rows.iter().try_fold(0, |sum, values| Ok(sum + execute(&mut statement, values)?))
    }
}

fn query_until(
    statement: &mut Statement<'_>,
    values: &[Value],
    each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<ControlFlow<()>> + Send),
) -> StoreResult<()> {
    let mut rows = statement.query(params_from_iter(values.iter())).map_err(failure)?;
    while let Some(row) = rows.next().map_err(failure)? {
        if each(&Row(RowOf::Sqlite(row)))?.is_break() {
            break;
        }
    }
    Ok(())
}

fn query(
    statement: &mut Statement<'_>,
    values: &[Value],
    each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
) -> StoreResult<()> {
    query_until(statement, values, &mut |row| each(row).map(ControlFlow::Continue))
}

fn execute(statement: &mut Statement<'_>, values: &[Value]) -> StoreResult<u64> {
    let changed = statement.execute(params_from_iter(values.iter())).map_err(failure)?;
    Ok(changed as u64)
}

/// `$N` is a name for SQLite, found by a linear scan; `?N` is a number; a `uuid` is a `blob`; a
/// list of one row is that row. Translated once a text.
fn translated<'texts>(
    texts: &'texts mut HashMap<(usize, usize), Box<str>>,
    text: &'static str,
) -> &'texts str {
    let key = (text.as_ptr() as usize, text.len());
    texts.entry(key).or_insert_with(|| {
        let text = many::single(text).replace('$', "?");
        text.replace(" as uuid)", " as blob)").into_boxed_str()
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Boolean(flag) => ValueRef::Integer(i64::from(*flag)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Uuid(uuid) => ValueRef::Blob(uuid.as_bytes()),
        }))
    }
}

/// A column's value.
#[inline]
pub(super) fn cell_at<'row>(row: &'row rusqlite::Row<'_>, place: usize) -> StoreResult<Cell<'row>> {
    Ok(match row.get_ref(place).map_err(failure)? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text);
            Cell::Text(text.map_err(|error| StoreError::Corrupt(error.to_string()))?)
        }
        ValueRef::Blob(bytes) => Cell::Bytes(bytes),
        ValueRef::Real(_) => return Err(StoreError::Corrupt(format!("number {place}: a float"))),
    })
}

/// What a driver's error means for us.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failure(error: rusqlite::Error) -> StoreError {
    let extended = error.sqlite_error().map_or(0, |error| error.extended_code);
    if matches!(extended, ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) {
        // D12: what the system said it wrote may be gone, and another try would not bring it back.
        // The next start recovers from what is really on the disk.
        tracing::error!(%error, "the disk did not keep what was written: the process ends");
        std::process::exit(1);
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => StoreError::Conflict(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            StoreError::Busy(error.to_string())
        }
        Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
            StoreError::Unavailable(error.to_string())
        }
        _ => StoreError::Database(error.to_string()),
    }
}
