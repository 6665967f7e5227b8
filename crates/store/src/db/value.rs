//! Values that go into statements and come out of rows: five kinds, the same on both engines.

use uuid::Uuid;

use crate::error::{StoreError, StoreResult};

/// A bound value or a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `bigint`.
    Integer(i64),
    /// `boolean`; 0 and 1 on SQLite.
    Boolean(bool),
    /// `text`.
    Text(String),
    /// `bytea`.
    Bytes(Vec<u8>),
    /// `uuid`; 16 bytes on SQLite.
    Uuid(Uuid),
}

/// A column's value where the driver keeps it: reading it copies only what is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'row> {
    /// Nothing.
    Null,
    /// `bigint`.
    Integer(i64),
    /// `boolean`; SQLite gives 0 or 1 as an integer.
    Boolean(bool),
    /// `text`.
    Text(&'row str),
    /// `bytea`; SQLite gives a `uuid` as 16 bytes.
    Bytes(&'row [u8]),
    /// `uuid`.
    Uuid(Uuid),
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads it; none when the value is of another kind.
    fn read(cell: Cell<'_>) -> Option<Self>;
}

impl Column for i64 {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Integer(number) = cell { Some(number) } else { None }
    }
}

impl Column for bool {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Boolean(flag) => Some(flag),
            Cell::Integer(number @ (0 | 1)) => Some(number == 1),
            _ => None,
        }
    }
}

impl Column for String {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}

impl Column for Vec<u8> {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const LENGTH: usize> Column for [u8; LENGTH] {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        if let Cell::Bytes(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}

impl Column for Uuid {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Uuid(uuid) => Some(uuid),
            Cell::Bytes(bytes) => Self::from_slice(bytes).ok(),
            _ => None,
        }
    }
}

impl<C: Column> Column for Option<C> {
    #[inline]
    fn read(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { C::read(cell).map(Some) }
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Boolean(flag)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<const LENGTH: usize> From<[u8; LENGTH]> for Value {
    fn from(bytes: [u8; LENGTH]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Uuid> for Value {
    fn from(uuid: Uuid) -> Self {
        Self::Uuid(uuid)
    }
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row of an answer.
pub struct Row<'row>(pub(super) RowOf<'row>);

/// A row of an engine.
pub(super) enum RowOf<'row> {
    Sqlite(&'row rusqlite::Row<'row>),
    Postgres(&'row tokio_postgres::Row),
    Copied(super::postgres::Copied<'row>),
}

impl Row<'_> {
    /// The column at a place, counted from 0.
    #[inline]
    pub fn get<C: Column>(&self, place: usize) -> StoreResult<C> {
        let cell = match &self.0 {
            RowOf::Sqlite(row) => super::sqlite::cell_at(row, place)?,
            RowOf::Postgres(row) => super::postgres::cell_at(row, place)?,
            RowOf::Copied(row) => row.cell_at(place)?,
        };
        C::read(cell).ok_or_else(|| StoreError::Corrupt(self.name(place)))
    }

    /// The column at a place as it is, for what is read without knowing its type. On SQLite a
    /// `uuid` is 16 bytes and a `boolean` 0 or 1.
    pub fn value(&self, place: usize) -> StoreResult<Value> {
        let cell = match &self.0 {
            RowOf::Sqlite(row) => super::sqlite::cell_at(row, place)?,
            RowOf::Postgres(row) => super::postgres::cell_at(row, place)?,
            RowOf::Copied(row) => row.cell_at(place)?,
        };
        Ok(match cell {
            Cell::Null => Value::Null,
            Cell::Integer(number) => Value::Integer(number),
            Cell::Boolean(flag) => Value::Boolean(flag),
            Cell::Text(text) => Value::Text(text.to_owned()),
            Cell::Bytes(bytes) => Value::Bytes(bytes.to_vec()),
            Cell::Uuid(uuid) => Value::Uuid(uuid),
        })
    }

    /// The column's name, for the message.
    fn name(&self, place: usize) -> String {
        let name = match &self.0 {
            RowOf::Sqlite(row) => row.as_ref().column_name(place).ok().map(str::to_owned),
            RowOf::Postgres(row) => row.columns().get(place).map(|column| column.name().to_owned()),
            RowOf::Copied(row) => row.name(place).map(str::to_owned),
        };
        name.unwrap_or_else(|| format!("number {place}"))
    }
}
