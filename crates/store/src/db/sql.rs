//! A statement: its text, its bound values, and whether it locks what it reads.

use std::ops::ControlFlow;

use super::store::{Conn, Read, Tx};
use super::value::{Row, Value};
use crate::error::StoreResult;

/// How a read locks its rows on PostgreSQL. SQLite's one writer needs no row locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lock {
    None,
    Update,
    SkipLocked,
    Share,
}

impl Lock {
    /// What PostgreSQL's text gets at its end.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Update => " for update",
            Self::SkipLocked => " for update skip locked",
            Self::Share => " for share",
        }
    }
}

/// A statement with its values.
#[derive(Debug)]
pub struct Sql {
    pub(super) text: &'static str,
    pub(super) lock: Lock,
    pub(super) values: Vec<Value>,
}

/// Begins a statement. The text is the same for both engines, with `$1 …` for values.
#[must_use]
pub const fn sql(text: &'static str) -> Sql {
    Sql { text, lock: Lock::None, values: Vec::new() }
}

impl Sql {
    /// Binds the next value.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Locks the rows until the transaction ends (D6).
    #[must_use]
    pub const fn locked(mut self) -> Self {
        self.lock = Lock::Update;
        self
    }

    /// Locks the rows that nobody else has locked (D9).
    #[must_use]
    pub const fn skip_locked(mut self) -> Self {
        self.lock = Lock::SkipLocked;
        self
    }

    /// Keeps others from changing the rows until the transaction ends.
    #[must_use]
    pub const fn shared(mut self) -> Self {
        self.lock = Lock::Share;
        self
    }

    /// All rows, each turned into a value.
    pub async fn fetch_all<T: Send>(
        self,
        read: &mut Read,
        mut each: impl FnMut(&Row<'_>) -> StoreResult<T> + Send,
    ) -> StoreResult<Vec<T>> {
        let mut rows = Vec::new();
        let mut push = |row: &Row<'_>| each(row).map(|value| rows.push(value));
        match &mut read.conn {
            Conn::Sqlite(session) => session.query(self.text, &self.values, &mut push)?,
            Conn::Postgres(session) => session.query(&self, &mut push).await?,
        }
        Ok(rows)
    }

    /// The first row, if there is one.
    pub async fn fetch_optional<T: Send>(
        self,
        read: &mut Read,
        each: impl FnMut(&Row<'_>) -> StoreResult<T> + Send,
    ) -> StoreResult<Option<T>> {
        Ok(self.fetch_all(read, each).await?.into_iter().next())
    }

    /// The row that an aggregate always gives.
    pub async fn fetch_one<T: Send>(
        self,
        read: &mut Read,
        each: impl FnMut(&Row<'_>) -> StoreResult<T> + Send,
    ) -> StoreResult<T> {
        let text = self.text;
        let row = self.fetch_optional(read, each).await?;
        row.ok_or_else(|| crate::StoreError::Database(format!("no row from: {text}")))
    }

    /// Changes rows and says how many.
    pub async fn execute(self, tx: &mut Tx) -> StoreResult<u64> {
        match &mut tx.read.conn {
            Conn::Sqlite(session) => session.execute(self.text, &self.values),
            Conn::Postgres(session) => session.execute(self.text, &self.values).await,
        }
    }

    /// Hands each row on as it comes and keeps none: for what is too much to hold at once. The
    /// closure must be quick, for the connection waits.
    pub async fn for_each(
        self,
        read: &mut Read,
        mut each: impl FnMut(&Row<'_>) -> StoreResult<()> + Send,
    ) -> StoreResult<()> {
        match &mut read.conn {
            Conn::Sqlite(session) => session.query(self.text, &self.values, &mut each),
            Conn::Postgres(session) => session.stream(&self, &mut each).await,
        }
    }

    /// The same until the closure says that it is enough: rows after that are not handed on.
    pub async fn for_each_until(
        self,
        read: &mut Read,
        mut each: impl FnMut(&Row<'_>) -> StoreResult<ControlFlow<()>> + Send,
    ) -> StoreResult<()> {
        match &mut read.conn {
            Conn::Sqlite(session) => session.query_until(self.text, &self.values, &mut each),
            Conn::Postgres(session) => {
                let mut is_enough = false;
                let mut each = |row: &Row<'_>| {
                    is_enough = is_enough || each(row)?.is_break();
                    Ok(())
                };
                session.stream(&self, &mut each).await
            }
        }
    }

    /// Runs the same statement for many rows of values and gives all rows of the answers, in order:
    /// once a row on SQLite, once for all on PostgreSQL, where `values ($1, …)` becomes arrays;
    /// a text without goes there in a pipeline. With arrays, a parameter outside of the
    /// parentheses must be the same in all rows, and two rows may not meet in
    /// one `on conflict do update`.
    pub async fn fetch_each<T: Send>(
        self,
        tx: &mut Tx,
        rows: &[Vec<Value>],
        mut each: impl FnMut(&Row<'_>) -> StoreResult<T> + Send,
    ) -> StoreResult<Vec<T>> {
        let mut found = Vec::with_capacity(rows.len());
        let mut push = |row: &Row<'_>| each(row).map(|value| found.push(value));
        match &mut tx.read.conn {
            Conn::Sqlite(session) => session.query_each(self.text, rows, &mut push)?,
            Conn::Postgres(session) => session.query_each(self.text, rows, &mut push).await?,
        }
        Ok(found)
    }

    /// Runs the same statement for many rows of values: a prepared loop on SQLite; on PostgreSQL
    /// once for all as in [`Self::fetch_each`] where the text has `values ($1, …)`, else in a
    /// pipeline.
    /// Says how many rows were changed in all.
    pub async fn execute_many(self, tx: &mut Tx, rows: &[Vec<Value>]) -> StoreResult<u64> {
        match &mut tx.read.conn {
            Conn::Sqlite(session) => session.execute_many(self.text, rows),
            Conn::Postgres(session) => session.execute_many(self.text, rows).await,
        }
    }

    /// Runs the same reading statement for many rows of values, in their order: the first row of
    /// each answer, if there is one.
    pub async fn fetch_many<T: Send>(
        self,
        read: &mut Read,
        rows: &[Vec<Value>],
        mut each: impl FnMut(&Row<'_>) -> StoreResult<T> + Send,
    ) -> StoreResult<Vec<Option<T>>> {
        match &mut read.conn {
            Conn::Sqlite(session) => {
                let mut found = Vec::with_capacity(rows.len());
                for row in rows {
                    let mut first = None;
                    session.query(self.text, row, &mut |row| {
                        first = Some(each(row)?);
                        Ok(())
                    })?;
                    found.push(first);
                }
                Ok(found)
            }
            Conn::Postgres(session) => session.query_many(self.text, rows, &mut each).await,
        }
    }
}
