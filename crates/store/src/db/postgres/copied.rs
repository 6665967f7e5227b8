//! Reading in bulk: `copy (…) to stdout (binary)`, half as dear as a query's rows (performance.md
//! section 1). A copy takes no parameters, so its values are written into its text.

use std::fmt::Write as _;

use tokio_postgres::binary_copy::BinaryCopyOutRow;
use tokio_postgres::types::Type;
use tokio_postgres::{Column, Statement};

use super::failure;
use crate::db::value::{Cell, Value};
use crate::error::{StoreError, StoreResult};

/// A row of a copy.
#[derive(Clone, Copy)]
pub(in crate::db) struct Copied<'row> {
    pub(super) row: &'row BinaryCopyOutRow,
    pub(super) columns: &'row [Column],
}

impl<'row> Copied<'row> {
    /// A column's value.
    #[inline]
    pub(in crate::db) fn cell_at(self, place: usize) -> StoreResult<Cell<'row>> {
        let Self { row, columns } = self;
        let read = match columns.get(place).map(Column::type_) {
            Some(&Type::INT8) => row.try_get::<Option<i64>>(place).map(|v| v.map(Cell::Integer)),
            Some(&Type::BOOL) => row.try_get::<Option<bool>>(place).map(|v| v.map(Cell::Boolean)),
            Some(&Type::BYTEA) => row.try_get::<Option<&[u8]>>(place).map(|v| v.map(Cell::Bytes)),
            Some(&Type::UUID) => {
                row.try_get::<Option<uuid::Uuid>>(place).map(|v| v.map(Cell::Uuid))
            }
            Some(&Type::TEXT | &Type::VARCHAR) => {
                row.try_get::<Option<&str>>(place).map(|v| v.map(Cell::Text))
            }
            other => return Err(StoreError::Corrupt(format!("number {place}: type {other:?}"))),
        };
        read.map(|cell| cell.unwrap_or(Cell::Null)).map_err(failure)
    }

    /// A column's name.
    pub(in crate::db) fn name(self, place: usize) -> Option<&'row str> {
        self.columns.get(place).map(Column::name)
    }
}

/// The types of a statement's columns.
pub(super) fn types(statement: &Statement) -> Vec<Type> {
    statement.columns().iter().map(|column| column.type_().clone()).collect()
}

/// The text of a copy of what a statement reads.
pub(super) fn text(statement: &str, values: &[Value]) -> String {
    let mut parts = statement.split('$');
    let mut text = format!("copy ({}", parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        let number: usize = number.parse().unwrap_or_default();
        let value = number.checked_sub(1).and_then(|place| values.get(place));
        text.push_str(&value.map_or_else(|| "null".to_owned(), literal));
        text.push_str(rest);
    }
    text.push_str(") to stdout (format binary)");
    text
}

/// A value in a text.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => format!("cast('{number}' as bigint)"),
        Value::Boolean(flag) => flag.to_string(),
        Value::Text(text) => format!("cast(e'{}' as text)", escaped(text)),
        Value::Uuid(uuid) => format!("cast('{uuid}' as uuid)"),
        Value::Bytes(bytes) => {
            let mut digits = String::with_capacity(2 * bytes.len());
            for byte in bytes {
                // Writing into a text does not fail.
                let _ = write!(digits, "{byte:02x}");
            }
            format!("decode('{digits}', 'hex')")
        }
    }
}

/// A text between quotes, whatever the server's settings are.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_the_text() {
        let values = [Value::Integer(-7), Value::Text("it's a \\ ".to_owned())];
        let text = text("select a from b where c > $1 and d = $2 and e < $1", &values);
        assert_eq!(
            text,
            "copy (select a from b where c > cast('-7' as bigint) and d = \
             cast(e'it\\'s a \\\\ ' as text) and e < cast('-7' as bigint)) \
             to stdout (format binary)"
        );
    }

    #[test]
    fn each_kind_has_a_literal() {
        assert_eq!(literal(&Value::Null), "null");
        assert_eq!(literal(&Value::Boolean(true)), "true");
        assert_eq!(literal(&Value::Bytes(vec![0, 255])), "decode('00ff', 'hex')");
        let uuid = "cast('00000000-0000-0000-0000-000000000000' as uuid)";
        assert_eq!(literal(&Value::Uuid(uuid::Uuid::nil())), uuid);
    }
}
