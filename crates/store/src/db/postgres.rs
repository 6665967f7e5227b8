//! PostgreSQL through tokio-postgres and a pool: READ COMMITTED with row locks (D6), the whole
//! transaction repeated on 40001, 40P01 and 55P03 (D7), refusal of a server that may lose
//! acknowledged commits (D11).

mod whole;

use std::collections::BTreeMap;
use std::error::Error;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::Statement;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::many::{self, Arrays};
use super::sql::Sql;
use super::value::{Cell, Row, RowOf, Value};
use crate::error::{StoreError, StoreResult};

pub(super) use whole::begin_filling;

/// How many statements are on their way at once in a batch.
const PIPELINE: usize = 500;

/// How many rows one statement takes as arrays.
const ARRAY: usize = 10_000;

/// A connection in use. Dropped in the middle of a transaction it is closed, not returned.
pub(super) struct Session {
    client: Option<Object>,
    is_open: bool,
}

/// Opens a pool and checks that the server keeps what it acknowledges (D11).
pub(super) async fn open(url: &str, connections: usize, is_safe: bool) -> StoreResult<Pool> {
    let config: tokio_postgres::Config = url.parse().map_err(failure)?;
    let mut config = config;
    config.application_name("obole");
    config.options(
        "-c statement_timeout=30000 -c lock_timeout=3000 \
         -c idle_in_transaction_session_timeout=15000 -c timezone=UTC",
    );
    let tls = rustls::ClientConfig::with_platform_verifier();
    let tls = tls.map_err(|error| StoreError::Database(error.to_string()))?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, MakeRustlsConnect::new(tls), recycling);
    let pool = Pool::builder(manager).max_size(connections).build();
    let pool = pool.map_err(|error| StoreError::Database(error.to_string()))?;
    if is_safe {
        refuse_unsafe(&pool).await?;
    }
    Ok(pool)
}

/// Makes a database on a server, for a test.
#[cfg(feature = "testing")]
pub async fn create_database(server: &str, name: &str) -> StoreResult<()> {
    let pool = open(server, 1, false).await?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = if is_plain { name } else { "obole_test" };
    Session::take(&pool).await?.batch(&format!("create database {name}")).await
}

/// Refuses a server that may lose commits at a power cut.
async fn refuse_unsafe(pool: &Pool) -> StoreResult<()> {
    let session = Session::take(pool).await?;
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let row = session.client()?.query_one("select current_setting($1)", &[&setting]).await;
        let value: String = row.map_err(failure)?.get(0);
        if value == "off" {
            return Err(StoreError::Database(format!(
                "PostgreSQL runs with {setting} = off and may lose acknowledged clicks and money; \
                 switch it on, or set database.unsafe_durability = true for a test"
            )));
        }
    }
    Ok(())
}

impl Session {
    /// Takes a connection from the pool.
    pub(super) async fn take(pool: &Pool) -> StoreResult<Self> {
        let client = pool.get().await;
        let client = client.map_err(|error| StoreError::Unavailable(chain(&error)))?;
        Ok(Self { client: Some(client), is_open: false })
    }

    fn client(&self) -> StoreResult<&Object> {
        self.client.as_ref().ok_or_else(|| StoreError::Database("connection lost".to_owned()))
    }

    /// Begins a transaction.
    pub(super) async fn begin(&mut self, is_read: bool) -> StoreResult<()> {
        self.is_open = true;
        let read = "begin isolation level repeatable read read only";
        self.batch(if is_read { read } else { "begin" }).await
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
    pub(super) async fn vacuum(&self, table: &'static str) -> StoreResult<()> {
        self.batch("set statement_timeout = 0").await?;
        let done = self.batch(&format!("vacuum (analyze) {table}")).await;
        self.batch("reset statement_timeout").await?;
        done
    }

    /// Runs a text of several statements.
    pub(super) async fn batch(&self, text: &str) -> StoreResult<()> {
        self.client()?.batch_execute(text).await.map_err(failure)
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
            true => client.prepare_cached(sql.text).await,
            false => client.prepare_cached(&format!("{}{suffix}", sql.text)).await,
        };
        let statement = statement.map_err(failure)?;
        let values = references(&sql.values);
        for row in client.query(&statement, &values).await.map_err(failure)? {
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
        let statement = client.prepare_cached(text).await.map_err(failure)?;
        let Some(arrays) = arrays_of(text, &statement) else {
            for rows in rows.chunks(PIPELINE) {
                let sent = rows
                    .iter()
                    .map(|row| async { client.query(&statement, &references(row)).await });
                let found = try_join_all(sent).await.map_err(failure)?;
                found.iter().flatten().try_for_each(|row| each(&Row(RowOf::Postgres(row))))?;
            }
            return Ok(());
        };
        let statement = client.prepare_cached(&arrays.text).await.map_err(failure)?;
        for rows in rows.chunks(ARRAY) {
            let columns = Columns::of(arrays, rows);
            let found = client.query(&statement, &columns.references()).await.map_err(failure)?;
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
        let client = self.client()?;
        let statement = client.prepare_cached(sql.text).await.map_err(failure)?;
        let rows = client.query_raw(&statement, sql.values.iter()).await.map_err(failure)?;
        let mut rows = pin!(rows);
        while let Some(row) = rows.try_next().await.map_err(failure)? {
            each(&Row(RowOf::Postgres(&row)))?;
        }
        Ok(())
    }

    /// Runs a changing statement.
    pub(super) async fn execute(
        &mut self,
        text: &'static str,
        values: &[Value],
    ) -> StoreResult<u64> {
        let client = self.client()?;
        let statement = client.prepare_cached(text).await.map_err(failure)?;
        client.execute(&statement, &references(values)).await.map_err(failure)
    }

    /// Runs a changing statement for many rows: once where it takes arrays, else without waiting
    /// for one to send the next.
    pub(super) async fn execute_many(
        &mut self,
        text: &'static str,
        rows: &[Vec<Value>],
    ) -> StoreResult<u64> {
        let client = self.client()?;
        let statement = client.prepare_cached(text).await.map_err(failure)?;
        let mut changed = 0;
        if let Some(arrays) = arrays_of(text, &statement) {
            let statement = client.prepare_cached(&arrays.text).await.map_err(failure)?;
            for rows in rows.chunks(ARRAY) {
                let columns = Columns::of(arrays, rows);
                let columns = columns.references();
                changed += client.execute(&statement, &columns).await.map_err(failure)?;
            }
            return Ok(changed);
        }
        for rows in rows.chunks(PIPELINE) {
            let sent =
                rows.iter().map(|row| async { client.execute(&statement, &references(row)).await });
            changed += try_join_all(sent).await.map_err(failure)?.into_iter().sum::<u64>();
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

/// The values of many rows by column.
struct Columns<'rows> {
    arrays: Vec<Result<Vec<&'rows Value>, &'rows Value>>,
}

impl<'rows> Columns<'rows> {
    fn of(arrays: &Arrays, rows: &'rows [Vec<Value>]) -> Self {
        let first = rows.first().map_or(0, Vec::len);
        let column = |place: usize| rows.iter().filter_map(move |row| row.get(place));
        let arrays = (0..first).map(|place| match arrays.arrays.contains(&(place + 1)) {
            true => Ok(column(place).collect()),
            false => Err(column(place).next().unwrap_or(&Value::Null)),
        });
        Self { arrays: arrays.collect() }
    }

    fn references(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.arrays
            .iter()
            .map(|column| match column {
                Ok(array) => array as &(dyn ToSql + Sync),
                Err(value) => value as &(dyn ToSql + Sync),
            })
            .collect()
    }
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
        let statement = client.prepare_cached(text).await.map_err(failure)?;
        let mut found = Vec::with_capacity(rows.len());
        for rows in rows.chunks(PIPELINE) {
            let sent = rows
                .iter()
                .map(|row| async { client.query_opt(&statement, &references(row)).await });
            for row in try_join_all(sent).await.map_err(failure)? {
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

/// The values as the driver takes them.
fn references(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql_checked(kind, out),
            Self::Boolean(flag) => flag.to_sql_checked(kind, out),
            Self::Text(text) => text.to_sql_checked(kind, out),
            Self::Bytes(bytes) => bytes.to_sql_checked(kind, out),
            Self::Uuid(uuid) => uuid.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // Each value checks its own type when it is written.
        true
    }

    to_sql_checked!();
}

/// A column's value.
pub(super) fn cell_at(row: &tokio_postgres::Row, place: usize) -> StoreResult<Cell<'_>> {
    let kind = row.columns().get(place).map(|column| column.type_());
    let read = match kind {
        Some(&Type::INT8) => row.try_get::<_, Option<i64>>(place).map(|v| v.map(Cell::Integer)),
        Some(&Type::BOOL) => row.try_get::<_, Option<bool>>(place).map(|v| v.map(Cell::Boolean)),
        Some(&Type::BYTEA) => row.try_get::<_, Option<&[u8]>>(place).map(|v| v.map(Cell::Bytes)),
        Some(&Type::UUID) => row.try_get::<_, Option<uuid::Uuid>>(place).map(|v| v.map(Cell::Uuid)),
        Some(&Type::TEXT | &Type::VARCHAR) => {
            row.try_get::<_, Option<&str>>(place).map(|v| v.map(Cell::Text))
        }
        other => return Err(StoreError::Corrupt(format!("number {place}: type {other:?}"))),
    };
    read.map(|cell| cell.unwrap_or(Cell::Null)).map_err(failure)
}

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
        Some(code) if ["53", "57", "58"].iter().any(|class| code.code().starts_with(class)) => {
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
