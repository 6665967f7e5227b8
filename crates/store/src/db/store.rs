//! The open database: `read` and `write` run a closure in a transaction, on whichever engine.

use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::Pool;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::patience::{Patience, pause};
use super::settings::{Counts, StoreConfig};
use super::sqlite::{self, RunWrite, Sqlite, WriteJob};
use super::{fill, migrate, postgres};
use crate::error::{Repeatable, StoreError, StoreResult};

/// What a transaction's closure returns: style.md section 5 says why it is boxed.
pub type BoxFuture<'run, T> = Pin<Box<dyn Future<Output = T> + Send + 'run>>;

/// How often a transaction is tried in all (D7).
const TRIES: u32 = 5;

/// Which engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A server.
    Postgres,
}

/// The open database. Cloning shares it.
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
    counts: Arc<Counts>,
    patience: Patience,
}

/// The engine.
pub(super) enum Inner {
    Sqlite(Sqlite),
    Postgres(Pool),
}

/// An engine's connection.
pub(super) enum Conn {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

/// A transaction that cannot write: a reader's connection, or the reading half of a [`Tx`].
pub struct Read {
    pub(super) conn: Conn,
}

/// A transaction. Neither begins nor commits by itself: [`Store::write`] does.
pub struct Tx {
    pub(super) read: Read,
}

impl Read {
    /// Which engine it is, for the few places where the texts must differ.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }
}

impl Deref for Tx {
    type Target = Read;

    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

impl Tx {
    pub(super) const fn of(conn: Conn) -> Self {
        Self { read: Read { conn } }
    }

    /// Runs a fixed text of several statements.
    pub(super) async fn batch(&mut self, text: &str) -> StoreResult<()> {
        match &mut self.read.conn {
            Conn::Sqlite(session) => session.batch(text),
            Conn::Postgres(session) => session.batch(text).await,
        }
    }

    /// Marks a point to which [`Self::undo`] goes back. One at a time.
    pub async fn mark(&mut self) -> StoreResult<()> {
        self.batch("savepoint command").await
    }

    /// Undoes what was done since [`Self::mark`].
    pub async fn undo(&mut self) -> StoreResult<()> {
        self.batch("rollback to savepoint command; release savepoint command").await
    }

    /// Forgets the mark and keeps what was done since.
    pub async fn keep(&mut self) -> StoreResult<()> {
        self.batch("release savepoint command").await
    }
}

impl Store {
    /// Opens the database of a URL. It does not migrate: [`Self::migrate`] does.
    pub async fn open(config: &StoreConfig) -> StoreResult<Self> {
        let is_safe = !config.unsafe_durability;
        let counts = Arc::new(Counts::default());
        let inner = match sqlite::path_of(&config.url) {
            Some(path) => Inner::Sqlite(Sqlite::open(&path, is_safe, Arc::clone(&counts))?),
            None => {
                let pool = postgres::open(&config.url, config.connections, is_safe).await?;
                Inner::Postgres(pool)
            }
        };
        Ok(Self { inner: Arc::new(inner), counts, patience: Patience::Visitor })
    }

    /// The same database for work that nobody waits for.
    #[must_use]
    pub fn patient(&self) -> Self {
        Self { patience: Patience::Job, ..self.clone() }
    }

    /// Which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match *self.inner {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(_) => Engine::Postgres,
        }
    }

    /// How many commits there were since the database was opened, and how many writes they held:
    /// on SQLite one commit may hold many (D5).
    #[must_use]
    pub fn commits(&self) -> (u64, u64) {
        self.counts.get()
    }

    /// Tells PostgreSQL which pages of a table all may see, so that it reads an index alone;
    /// nothing on SQLite. Not in a transaction; quick where the server did it already.
    pub async fn vacuum(&self, table: &'static str) -> StoreResult<()> {
        match &*self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(pool) => {
                postgres::Session::take(pool, Patience::Job).await?.vacuum(table).await
            }
        }
    }

    /// Runs texts one after the other on one connection, each counting by itself, however long it
    /// takes, and tells of each before it begins; nothing on SQLite.
    pub async fn run_alone(
        &self,
        texts: &[String],
        tell: &(dyn Fn(&str) + Sync),
    ) -> StoreResult<()> {
        match &*self.inner {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(pool) => {
                postgres::Session::take(pool, self.patience).await?.alone(texts, tell).await
            }
        }
    }

    /// Brings the schema up to date, then part by part what only the program can compute.
    pub async fn migrate(&self) -> StoreResult<()> {
        let store = self.patient();
        store.write((), |tx, ()| Box::pin(migrate::run(tx))).await?;
        while store.write((), |tx, ()| Box::pin(fill::works(tx))).await? {}
        Ok(())
    }

    /// Runs a closure in a transaction and commits; on an error everything is undone. On SQLite it
    /// queues to the one writer (D5). On PostgreSQL it is repeated while the error says busy (D7),
    /// for at most five seconds unless it is a job's, so the closure must change nothing outside
    /// the transaction. Nothing but statements may be awaited inside (D10).
    pub async fn write<I, T, E, F>(&self, input: I, run: F) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Repeatable + Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
        F: Send + Sync + 'static,
    {
        self.write_as((self.patience, 1), input, run).await
    }

    /// The same for the work of so many visitors, counted as such (D5); it finds rows by their
    /// keys.
    pub async fn write_many<I, T, E, F>(&self, input: I, count: usize, run: F) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Repeatable + Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
        F: Send + Sync + 'static,
    {
        self.write_as((Patience::Visitors, count), input, run).await
    }

    async fn write_as<I, T, E, F>(
        &self,
        (patience, count): (Patience, usize),
        input: I,
        run: F,
    ) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Repeatable + Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
        F: Send + Sync + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => write_sqlite(sqlite, (input, count), run).await,
            Inner::Postgres(pool) => {
                let (begun, most) = (Instant::now(), patience.repeating());
                let mut tried = 1;
                loop {
                    let left = (tried > 1).then(|| most.saturating_sub(begun.elapsed()));
                    match write_postgres(pool, (patience, left), &input, &run).await {
                        Err(error)
                            if error.is_busy() && tried < TRIES && begun.elapsed() < most =>
                        {
                            pause(tried).await;
                        }
                        ended => {
                            if ended.is_ok() {
                                self.counts.add(count as u64);
                            }
                            return ended;
                        }
                    }
                    tried += 1;
                }
            }
        }
    }

    /// Runs a closure in a transaction that cannot write and sees one state of the data.
    pub async fn read<I, T, E, F>(&self, input: I, run: F) -> Result<T, E>
    where
        I: Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'run> Fn(&'run mut Read, &'run I) -> BoxFuture<'run, Result<T, E>>,
        F: Send + Sync + 'static,
    {
        match &*self.inner {
            Inner::Sqlite(sqlite) => read_sqlite(sqlite, input, run).await,
            Inner::Postgres(pool) => {
                let session = postgres::Session::begin(pool, self.patience, true).await?;
                let mut read = Read { conn: Conn::Postgres(session) };
                let result = run(&mut read, &input).await;
                if let Conn::Postgres(session) = &mut read.conn {
                    // The connection is closed when this fails; what was read was read.
                    let _ended = session.rollback().await;
                }
                result
            }
        }
    }
}

/// Sends a write to the writer's thread and waits for its commit.
async fn write_sqlite<I, T, E, F>(sqlite: &Sqlite, what: (I, usize), run: F) -> Result<T, E>
where
    I: Send + Sync + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
    F: Send + Sync + 'static,
{
    let (sender, answer) = oneshot::channel();
    let (input, count) = what;
    let run: RunWrite = Box::new(move |tx| {
        let result = in_savepoint(tx, &input, &run);
        Box::new(move |committed| {
            let ended = match committed {
                Ok(()) => result,
                Err(error) => result.and(Err(E::from(error))),
            };
            // Nobody waits any more when the caller was cancelled.
            let _unheard = sender.send(ended);
        })
    });
    sqlite.send_write(WriteJob { count, run })?;
    answer.await.unwrap_or_else(|_| Err(E::from(failed_whole())))
}

/// Runs one operation of a group; what it did is undone alone when it fails.
fn in_savepoint<I, T, E, F>(tx: &mut Tx, input: &I, run: &F) -> Result<T, E>
where
    E: From<StoreError>,
    F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
{
    now(tx.batch("savepoint operation"))?;
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run(tx, input).now_or_never().unwrap_or_else(|| Err(E::from(waited())))
    }));
    let result = unwound.unwrap_or_else(|_| Err(E::from(panicked())));
    if result.is_ok() {
        now(tx.batch("release savepoint operation"))?;
        return result;
    }
    let undo = "rollback to savepoint operation; release savepoint operation";
    if now(tx.batch(undo)).is_err() {
        // A full disk has undone the whole group already (D12). If it did not, nothing of a group
        // with half an operation in it may count.
        let _already_undone = now(tx.batch("rollback"));
    }
    result
}

/// Sends a read to a reader's thread.
async fn read_sqlite<I, T, E, F>(sqlite: &Sqlite, input: I, run: F) -> Result<T, E>
where
    I: Send + Sync + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'run> Fn(&'run mut Read, &'run I) -> BoxFuture<'run, Result<T, E>>,
    F: Send + Sync + 'static,
{
    let (sender, answer) = oneshot::channel();
    sqlite.send_read(Box::new(move |read| {
        let batch = |read: &mut Read, text: &str| match &mut read.conn {
            Conn::Sqlite(session) => session.batch(text),
            Conn::Postgres(_) => Ok(()),
        };
        let begun = batch(read, "begin").map_err(E::from);
        let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            begun?;
            run(read, &input).now_or_never().unwrap_or_else(|| Err(E::from(waited())))
        }));
        let result = unwound.unwrap_or_else(|_| Err(E::from(panicked())));
        let ended = batch(read, "rollback").map_err(E::from);
        let _unheard = sender.send(result.and_then(|value| ended.map(|()| value)));
    }))?;
    answer.await.unwrap_or_else(|_| Err(E::from(failed_whole())))
}

/// Runs a write once on PostgreSQL.
async fn write_postgres<I, T, E, F>(
    pool: &Pool,
    (patience, left): (Patience, Option<Duration>),
    input: &I,
    run: &F,
) -> Result<T, E>
where
    E: From<StoreError>,
    F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T, E>>,
{
    let session = postgres::Session::begin(pool, patience, false).await?;
    if let Some(left) = left.filter(|_| patience != Patience::Job) {
        session.wait_at_most(left).await?;
    }
    let mut tx = Tx::of(Conn::Postgres(session));
    let result = run(&mut tx, input).await;
    let Conn::Postgres(session) = &mut tx.read.conn else { return result };
    match result {
        Ok(value) => session.commit().await.map(|()| value).map_err(E::from),
        Err(error) => {
            // The connection is closed when this fails, which undoes the transaction too.
            let _undone = session.rollback().await;
            Err(error)
        }
    }
}

/// The result of what never waits on SQLite.
fn now(batch: impl Future<Output = StoreResult<()>>) -> StoreResult<()> {
    batch.now_or_never().unwrap_or_else(|| Err(waited()))
}

fn waited() -> StoreError {
    StoreError::Database("a transaction awaited something other than a statement (D10)".to_owned())
}

fn panicked() -> StoreError {
    StoreError::Database("a transaction panicked and was undone".to_owned())
}

fn failed_whole() -> StoreError {
    StoreError::Busy("the database could not begin a transaction; nothing was saved".to_owned())
}
