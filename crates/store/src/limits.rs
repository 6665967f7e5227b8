//! Limits that hold across nodes (security.md section 12): counted in the database by window.

use jiff::Timestamp;

use crate::db::{Tx, sql};
use crate::error::StoreResult;

/// Counts one more and gives the count of the window. The subject is an account's id or a keyed
/// hash of an address (P4).
pub async fn count(tx: &mut Tx, name: &str, subject: &str, begins: Timestamp) -> StoreResult<i64> {
    count_by(tx, (name, subject), begins, 1).await
}

/// Counts so many more and gives the count of the window.
pub async fn count_by(
    tx: &mut Tx,
    (name, subject): (&str, &str),
    begins: Timestamp,
    by: i64,
) -> StoreResult<i64> {
    let upsert = sql("
        insert into limits (name, subject, begins_at, count) values ($1, $2, $3, $4)
        on conflict (name, subject, begins_at) do update set count = limits.count + excluded.count
        returning count");
    let upsert = upsert.bind(name).bind(subject).bind(begins).bind(by);
    upsert.fetch_one(tx, |row| row.get(0)).await
}

/// Forgets the windows from before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from limits where begins_at < $1").bind(before).execute(tx).await
}
