//! PostgreSQL through tokio-postgres and a pool: READ COMMITTED with row locks (D6), the whole
//! transaction repeated on 40001, 40P01 and 55P03 (D7).

mod copied;
mod opening;
mod values;
mod whole;

use std::collections::BTreeMap;
use std::error::Error;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Pool, Timeouts};
use futures_util::future::try_join_all;
use futures_util::{FutureExt, TryStreamExt};
use tokio_postgres::Statement;
use tokio_postgres::binary_copy::BinaryCopyOutStream;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;

pub(super) use self::copied::Copied;
#[cfg(feature = "testing")]
pub use self::opening::create_database;
pub(super) use self::opening::open;
pub(super) use self::values::cell_at;
use self::values::{Columns, references};

use super::many::{self, Arrays};
use super::patience::Patience;
use super::sql::Sql;
use super::value::{Row, RowOf, Value};
use crate::error::{StoreError, StoreResult};

pub(super) use whole::begin_filling;

/// How many statements are on their way at once in a batch.
const PIPELINE: usize = 500;

/// How many rows one statement takes as arrays.
const ARRAY: usize = 10_000;

/// How long a new connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// As long as an answer may take of what ends by itself, such as a vacuum.
const ALL_TIME: Duration = Duration::from_secs(24 * 3_600);

/// A connection in use. Dropped in the middle of a transaction it is closed, not returned.
pub(super) struct Session {
    client: Option<Object>,
    is_open: bool,
    /// How long an answer may take: the server gives up before, unless nobody reaches it.
    answer: Duration,
}

impl Session {
    /// Takes a connection from the pool, or opens one.
    pub(super) async fn take(pool: &Pool, patience: Patience) -> StoreResult<Self> {
        let timeouts = Timeouts {
            wait: Some(patience.connection()),
            create: Some(CONNECT),
            recycle: Some(CONNECT),
        };
        let client = pool.timeout_get(&timeouts).await;
        let client = client.map_err(|error| StoreError::Unavailable(chain(&error)))?;
        Ok(Self { client: Some(client), is_open: false, answer: patience.answer() })
    }

    /// Begins a transaction. A pooled connection may have died since its last use: nothing was done
    /// on it, so the next one is taken, as long as that goes quickly.
    pub(super) async fn begin(pool: &Pool, patience: Patience, is_read: bool) -> StoreResult<Self> {
        let begun = Instant::now();
        loop {
            let mut session = Self::take(pool, patience).await?;
            session.is_open = true;
            let client = session.client.as_ref();
            let is_used = client.is_some_and(|client| Object::metrics(client).recycle_count > 0);
            match session.batch(patience.begin(is_read)).await {
                Err(StoreError::Unavailable(_)) if is_used && begun.elapsed() < CONNECT => {}
                ended => return ended.map(|()| session),
            }
        }
    }

    /// Waits no longer for a lock than the time that is left, in the open transaction.
    pub(super) async fn wait_at_most(&self, left: Duration) -> StoreResult<()> {
        // Nothing would mean for ever.
        let milliseconds = left.as_millis().max(1);
        self.batch(&format!("set local lock_timeout = {milliseconds}")).await
    }

    fn client(&self) -> StoreResult<&Object> {
        self.client.as_ref().ok_or_else(|| StoreError::Database("connection lost".to_owned()))
    }

    /// Waits for an answer, but not for ever: a network or a machine may have gone silent.
    async fn within<T>(
        &self,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> StoreResult<T> {
        match tokio::time::timeout(self.answer, asked).await {
            Ok(answer) => answer.map_err(failure),
            Err(_) => Err(StoreError::Unavailable("the server does not answer".to_owned())),
        }
    }

    /// Ends the transaction; a connection that is lost here leaves the end unknown (D7).
    pub(super) async fn commit(&mut self) -> StoreResult<()> {
        self.batch("commit").await.map_err(|error| match error {
            StoreError::Database(detail) => StoreError::Unavailable(detail),
            other => other,
        })?;
        self.is_open = false;
        Ok(())
    }

    /// Undoes the transaction.
    pub(super) async fn rollback(&mut self) -> StoreResult<()> {
        self.batch("rollback").await?;
        self.is_open = false;
        Ok(())
    }

    /// Vacuums a table, however long it takes.
    pub(super) async fn vacuum(&mut self, table: &'static str) -> StoreResult<()> {
        // Cut off before its end, the connection is closed with what was set.
        (self.is_open, self.answer) = (true, ALL_TIME);
        self.batch("set statement_timeout = 0").await?;
        let done = self.batch(&format!("vacuum (analyze) {table}")).await;
        self.batch("reset statement_timeout").await?;
        self.is_open = false;
        done
    }

    /// Runs texts one after the other, each counting by itself, however long they take.
    pub(super) async fn alone(
        &mut self,
        texts: &[String],
        tell: &(dyn Fn(&str) + Sync),
    ) -> StoreResult<()> {
        // Cut off or failed, the connection is closed with what was set.
        (self.is_open, self.answer) = (true, ALL_TIME);
        self.batch("set statement_timeout = 0").await?;
        for text in texts {
            tell(text);
            self.batch(text).await?;
        }
        self.batch("reset all").await?;
        self.is_open = false;
        Ok(())
    }

    async fn prepare(&self, text: &str) -> StoreResult<Statement> {
        self.within(self.client()?.prepare_cached(text)).await
    }

    /// Runs a text of several statements.
    pub(super) async fn batch(&self, text: &str) -> StoreResult<()> {
        self.within(self.client()?.batch_execute(text)).await
    }

    /// Runs a reading statement and hands each row on.
    pub(super) async fn query(
        &mut self,
        sql: &Sql,
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let client = self.client()?;
        let suffix = sql.lock.suffix();
        let statement = match suffix.is_empty() {
            true => self.prepare(sql.text).await?,
            false => self.prepare(&format!("{}{suffix}", sql.text)).await?,
        };
        let values = references(&sql.values);
        for row in self.within(client.query(&statement, &values)).await? {
            each(&Row(RowOf::Postgres(&row)))?;
        }
        Ok(())
    }

    /// Runs a statement for many rows and hands each row of the answers on, in the order of the
    /// rows unless the text has an order of its own.
    pub(super) async fn query_each(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let client = self.client()?;
        let statement = self.prepare(text).await?;
        let Some(arrays) = arrays_of(text, &statement) else {
            for rows in rows.chunks(PIPELINE) {
                let sent = rows
                    .iter()
                    .map(|row| async { client.query(&statement, &references(row)).await });
                let found = self.within(try_join_all(sent)).await?;
                found.iter().flatten().try_for_each(|row| each(&Row(RowOf::Postgres(row))))?;
            }
            return Ok(());
        };
        let statement = self.prepare(&arrays.text).await?;
        for rows in rows.chunks(ARRAY) {
            let columns = Columns::of(arrays, rows);
            let found = self.within(client.query(&statement, &columns.references())).await?;
            found.iter().try_for_each(|row| each(&Row(RowOf::Postgres(row))))?;
        }
        Ok(())
    }

    /// Runs a reading statement and hands each row on as it comes, without keeping any.
    pub(super) async fn stream(
        &mut self,
        sql: &Sql,
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let statement = self.prepare(sql.text).await?;
        let copy = copied::text(sql.text, &sql.values);
        let rows = self.within(self.client()?.copy_out(&copy)).await?;
        let mut rows = pin!(BinaryCopyOutStream::new(rows, &copied::types(&statement)));
        loop {
            // What has come already is not waited for: a clock for each row would cost as much.
            let next = match rows.try_next().now_or_never() {
                Some(next) => next.map_err(failure)?,
                None => self.within(rows.try_next()).await?,
            };
            let Some(row) = next else { return Ok(()) };
            each(&Row(RowOf::Copied(Copied { row: &row, columns: statement.columns() })))?;
        }
    }

    /// Runs a changing statement.
    pub(super) async fn execute(
        &mut self,
        text: &'static str,
        values: &[Value],
    ) -> StoreResult<u64> {
        let client = self.client()?;
        let statement = self.prepare(text).await?;
        self.within(client.execute(&statement, &references(values))).await
    }

    /// Runs a changing statement for many rows: once where it takes arrays, else without waiting
    /// for one to send the next.
    pub(super) async fn execute_many(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
    ) -> StoreResult<u64> {
        let client = self.client()?;
        let statement = self.prepare(text).await?;
        let mut changed = 0;
        if let Some(arrays) = arrays_of(text, &statement) {
            let statement = self.prepare(&arrays.text).await?;
            for rows in rows.chunks(ARRAY) {
                let columns = Columns::of(arrays, rows);
                let columns = columns.references();
                changed += self.within(client.execute(&statement, &columns)).await?;
            }
            return Ok(changed);
        }
        for rows in rows.chunks(PIPELINE) {
            let sent =
                rows.iter().map(|row| async { client.execute(&statement, &references(row)).await });
            changed += self.within(try_join_all(sent)).await?.into_iter().sum::<u64>();
        }
        Ok(changed)
    }
}

/// The text for arrays of a statement; each is made once and kept, as there are only so many.
fn arrays_of(text: &'static str, statement: &Statement) -> Option<&'static Arrays> {
    static KNOWN: Mutex<BTreeMap<&'static str, Option<&'static Arrays>>> =
        Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    *known.entry(text).or_insert_with(|| {
        let types: Vec<&str> = statement.params().iter().map(Type::name).collect();
        many::arrays(text, &types).map(|arrays| &*Box::leak(Box::new(arrays)))
    })
}

impl Session {
    /// Runs a reading statement for many rows of values, without waiting for one to send the next.
    pub(super) async fn query_many<T>(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
        each: &mut (dyn FnMut(&Row<'_>) -> StoreResult<T> + Send),
    ) -> StoreResult<Vec<Option<T>>> {
        let client = self.client()?;
        let statement = self.prepare(text).await?;
        let mut found = Vec::with_capacity(rows.len());
        for rows in rows.chunks(PIPELINE) {
            let sent = rows
                .iter()
                .map(|row| async { client.query_opt(&statement, &references(row)).await });
            for row in self.within(try_join_all(sent)).await? {
                found.push(row.map(|row| each(&Row(RowOf::Postgres(&row)))).transpose()?);
            }
        }
        Ok(found)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_open
            && let Some(client) = self.client.take()
        {
            // In the middle of a transaction: the server undoes it when the connection closes.
            drop(Object::take(client));
        }
    }
}

/// Codes, or classes of codes, of a server that cannot at the moment: lost connections, a
/// transaction that was cut off, a server that does not write (a stand-by), an end that is not
/// known, no room, stopped by an operator or by a time limit, its disk.
const UNAVAILABLE: [&str; 8] = ["08", "25006", "25P03", "25P04", "40003", "53", "57", "58"];

/// What a driver's error means for us.
#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failure(error: tokio_postgres::Error) -> StoreError {
    let detail = chain(&error);
    match error.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE)
        | Some(&SqlState::T_R_DEADLOCK_DETECTED)
        | Some(&SqlState::LOCK_NOT_AVAILABLE) => StoreError::Busy(detail),
        Some(&SqlState::UNIQUE_VIOLATION)
        | Some(&SqlState::FOREIGN_KEY_VIOLATION)
        | Some(&SqlState::CHECK_VIOLATION)
        | Some(&SqlState::NOT_NULL_VIOLATION) => StoreError::Conflict(detail),
        // Without a code the server did not answer, or the program sent it something wrong.
        None if !detail.contains("serializing") => StoreError::Unavailable(detail),
        Some(code) if UNAVAILABLE.iter().any(|class| code.code().starts_with(class)) => {
            StoreError::Unavailable(detail)
        }
        _ => StoreError::Database(detail),
    }
}

/// An error and what caused it, for the log.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
