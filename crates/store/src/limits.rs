//! Limits that hold across nodes (security.md section 12): counted in the database by window.

use jiff::Timestamp;

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// So many tries at once of one subject in one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tries {
    /// The name that it is counted under.
    pub name: &'static str,
    /// An account's id or a keyed hash of an address (P4).
    pub subject: String,
    /// When the window began.
    pub begins_at: Timestamp,
    /// How many; less than none takes them back.
    pub count: i64,
}

/// Counts tries, each window once, and gives what each came to. Sorted by subject and name, so that
/// all who count at once lock in one order (D6).
pub async fn count_each(tx: &mut Tx, tries: &[Tries]) -> StoreResult<Vec<(String, String, i64)>> {
    let upsert = "
        insert into limits (name, subject, begins_at, count) values ($1, $2, $3, $4)
        on conflict (subject, name, begins_at) do update set count = limits.count + excluded.count
        returning subject, name, count";
    let row = |one: &Tries| {
        let subject = Value::from(&one.subject);
        vec![one.name.into(), subject, one.begins_at.into(), one.count.into()]
    };
    let mut rows: Vec<&Tries> = tries.iter().collect();
    rows.sort_unstable_by_key(|one| (&one.subject, one.name));
    let rows: Vec<Vec<Value>> = rows.into_iter().map(row).collect();
    sql(upsert).fetch_each(tx, &rows, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

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
        on conflict (subject, name, begins_at) do update set count = limits.count + excluded.count
        returning count");
    let upsert = upsert.bind(name).bind(subject).bind(begins).bind(by);
    upsert.fetch_one(tx, |row| row.get(0)).await
}

/// What a window stands at.
pub async fn stands_at(
    read: &mut Read,
    name: &str,
    subject: &str,
    begins: Timestamp,
) -> StoreResult<i64> {
    let select = sql("
        select count from limits where subject = $1 and name = $2 and begins_at = $3");
    let select = select.bind(subject).bind(name).bind(begins);
    Ok(select.fetch_optional(read, |row| row.get(0)).await?.unwrap_or(0))
}

/// Forgets the windows from before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from limits where begins_at < $1").bind(before).execute(tx).await
}
