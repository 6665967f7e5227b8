//! PostgreSQL's part of `db/whole.rs`: one state for as long as it takes, and rows that come in by
//! COPY in the transaction that makes the tables.

use std::pin::pin;

use deadpool_postgres::Pool;
use futures_util::TryStreamExt;
use obole_domain::Refusal;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{Session, cell_at, failure, open};
use crate::db::store::StoreConfig;
use crate::db::value::{Cell, Value};
use crate::db::whole::Table;
use crate::error::{StoreError, StoreResult};

/// What reads or fills everything takes as long as it takes.
const PATIENT: &str = "
    set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = 0";

/// What stands in the way of filling a schema.
const RELATIONS: &str = "
    select count(*) from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind in ('r', 'p', 'v', 'm', 'S')";

/// Every column that counts by itself: its table, its name.
const COUNTING: &str = "
    select cast(table_name as text), cast(column_name as text)
    from information_schema.columns
    where table_schema = current_schema() and column_default like 'nextval(%'";

/// Begins to fill a database that has nothing in it.
pub(in crate::db) async fn begin_filling(config: &StoreConfig) -> StoreResult<Session> {
    let pool = open(&config.url, 1, !config.unsafe_durability).await?;
    let mut session = Session::take(&pool).await?;
    session.begin(false).await?;
    session.batch(PATIENT).await?;
    // Another that fills or migrates the same database comes first or after.
    session.batch("select pg_advisory_xact_lock(724511)").await?;
    let relations = session.client()?.query_one(RELATIONS, &[]).await.map_err(failure)?;
    let relations: i64 = relations.try_get(0).map_err(failure)?;
    if relations > 0 { Err(Refusal::DatabaseNotEmpty {}.into()) } else { Ok(session) }
}

impl Session {
    /// A connection that reads one state.
    pub(in crate::db) async fn snapshot(pool: &Pool) -> StoreResult<Self> {
        let mut session = Self::take(pool).await?;
        session.begin(true).await?;
        session.batch(PATIENT).await?;
        Ok(session)
    }

    /// Hands each row of a reading statement on as it comes.
    pub(in crate::db) async fn each_row(
        &mut self,
        text: &str,
        count: usize,
        each: &mut (dyn FnMut(&[Cell<'_>]) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let client = self.client()?;
        let statement = client.prepare(text).await.map_err(failure)?;
        let values: [&(dyn ToSql + Sync); 0] = [];
        let rows = client.query_raw(&statement, values).await.map_err(failure)?;
        let mut rows = pin!(rows);
        while let Some(row) = rows.try_next().await.map_err(failure)? {
            let cells = (0..count).map(|place| cell_at(&row, place));
            each(&cells.collect::<StoreResult<Vec<_>>>()?)?;
        }
        Ok(())
    }

    /// Puts rows into a table whose columns have these types.
    pub(in crate::db) async fn put(
        &mut self,
        table: &Table,
        types: &[String],
        rows: &[Vec<Value>],
    ) -> StoreResult<()> {
        let kinds = types.iter().map(|name| kind(name)).collect::<StoreResult<Vec<_>>>()?;
        let text = format!("copy {} ({}) from stdin (format binary)", table.name, table.list());
        let sink = self.client()?.copy_in(&text).await.map_err(failure)?;
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &kinds));
        for row in rows {
            let values = row.iter().zip(&kinds).map(|(value, kind)| fitted(value, kind));
            let values = values.collect::<StoreResult<Vec<Value>>>()?;
            writer.as_mut().write_raw(&values).await.map_err(failure)?;
        }
        writer.finish().await.map(|_| ()).map_err(failure)
    }

    /// Lets what counts by itself go on after the rows.
    pub(in crate::db) async fn go_on_counting(&mut self) -> StoreResult<()> {
        for row in self.client()?.query(COUNTING, &[]).await.map_err(failure)? {
            let table: String = row.try_get(0).map_err(failure)?;
            let column: String = row.try_get(1).map_err(failure)?;
            let set = format!(
                "select setval(pg_get_serial_sequence('{table}', '{column}'),
                    coalesce(max({column}), 0) + 1, false) from {table}"
            );
            self.batch(&set).await?;
        }
        Ok(())
    }
}

fn kind(name: &str) -> StoreResult<Type> {
    Ok(match name {
        "int8" => Type::INT8,
        "bool" => Type::BOOL,
        "text" => Type::TEXT,
        "bytea" => Type::BYTEA,
        "uuid" => Type::UUID,
        other => return Err(StoreError::Database(format!("a column of the type {other}"))),
    })
}

/// A value as a column takes it: a stream of rows knows numbers, texts and bytes only.
fn fitted(value: &Value, kind: &Type) -> StoreResult<Value> {
    let fitted = match (value, kind) {
        (Value::Integer(number @ (0 | 1)), &Type::BOOL) => Value::Boolean(*number == 1),
        (Value::Bytes(bytes), &Type::UUID) => Value::Uuid(
            Uuid::from_slice(bytes).map_err(|_| StoreError::Corrupt("a UUID".to_owned()))?,
        ),
        (Value::Null, _)
        | (Value::Integer(_), &Type::INT8)
        | (Value::Text(_), &Type::TEXT)
        | (Value::Bytes(_), &Type::BYTEA) => value.clone(),
        (_, other) => return Err(StoreError::Corrupt(format!("no value for {other}"))),
    };
    Ok(fitted)
}
