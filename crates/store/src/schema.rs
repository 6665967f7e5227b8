//! Which version the schema is of.

use crate::db::{Read, sql};
use crate::error::StoreResult;

/// The number of the last migration that was applied.
pub async fn version(read: &mut Read) -> StoreResult<i64> {
    let select = sql("select coalesce(max(number), cast(0 as bigint)) from migrations");
    select.fetch_one(read, |row| row.get(0)).await
}
