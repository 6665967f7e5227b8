//! Values on their way to PostgreSQL and back.

use std::error::Error;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::failure;
use crate::db::many::Arrays;
use crate::db::value::{Cell, Value};
use crate::error::{StoreError, StoreResult};

/// The values of many rows by column.
pub(super) struct Columns<'rows> {
    arrays: Vec<Result<Vec<&'rows Value>, &'rows Value>>,
}

impl<'rows> Columns<'rows> {
    pub(super) fn of(arrays: &Arrays, rows: &'rows [Vec<Value>]) -> Self {
        let first = rows.first().map_or(0, Vec::len);
        let column = |place: usize| rows.iter().filter_map(move |row| row.get(place));
        let arrays = (0..first).map(|place| match arrays.arrays.contains(&(place + 1)) {
            true => Ok(column(place).collect()),
            false => Err(column(place).next().unwrap_or(&Value::Null)),
        });
        Self { arrays: arrays.collect() }
    }

    pub(super) fn references(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.arrays
            .iter()
            .map(|column| match column {
                Ok(array) => array as &(dyn ToSql + Sync),
                Err(value) => value as &(dyn ToSql + Sync),
            })
            .collect()
    }
}

/// The values as the driver takes them.
pub(super) fn references(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
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
pub(in crate::db) fn cell_at(row: &tokio_postgres::Row, place: usize) -> StoreResult<Cell<'_>> {
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
