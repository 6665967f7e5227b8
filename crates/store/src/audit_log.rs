//! The audit log: append-only and hash-chained (G1, L13).

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// Who; none for the instance itself and for the command line.
    pub actor: Option<AccountId>,
    /// The way in: `page`, `api`, `command line`, `job`.
    pub way: String,
    /// What was done, such as `voucher.create`.
    pub action: String,
    /// On what.
    pub object: String,
    /// With which values; never a secret.
    pub details: String,
}

/// A stored record with its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chained {
    /// Its number.
    pub seq: i64,
    /// What it says.
    pub record: Record,
    /// The hash of the record before.
    pub previous: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
}

/// Appends a record: `hash_of` makes its hash from the one before. Appending transactions queue
/// for the head's row, so the chain has no forks.
pub async fn append(
    tx: &mut Tx,
    record: &Record,
    hash_of: fn(&[u8; 32], &Record) -> [u8; 32],
) -> StoreResult<()> {
    let first = sql("
        insert into audit_head (one, hash) values (1, $1)
        on conflict do nothing");
    first.bind([0; 32]).execute(tx).await?;
    let previous: [u8; 32] = sql("select hash from audit_head where one = 1")
        .locked()
        .fetch_one(tx, |row| row.get(0))
        .await?;
    let hash = hash_of(&previous, record);
    let insert = sql("
        insert into audit_log (at, actor, way, action, object, details, previous, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let insert = insert.bind(record.at).bind(record.actor).bind(&record.way).bind(&record.action);
    let insert = insert.bind(&record.object).bind(&record.details).bind(previous).bind(hash);
    insert.execute(tx).await?;
    sql("update audit_head set hash = $1 where one = 1").bind(hash).execute(tx).await.map(|_| ())
}

/// Records after a number in their order.
pub async fn after(read: &mut Read, seq: i64, limit: i64) -> StoreResult<Vec<Chained>> {
    let select = sql("
        select seq, at, actor, way, action, object, details, previous, hash from audit_log
        where seq > $1
        order by seq
        limit $2");
    select.bind(seq).bind(limit).fetch_all(read, chained).await
}

/// Records before a number, newest first, for the page.
pub async fn before(read: &mut Read, seq: i64, limit: i64) -> StoreResult<Vec<Chained>> {
    let select = sql("
        select seq, at, actor, way, action, object, details, previous, hash from audit_log
        where seq < $1
        order by seq desc
        limit $2");
    select.bind(seq).bind(limit).fetch_all(read, chained).await
}

/// The chain's head; zeros before the first record.
pub async fn head(read: &mut Read) -> StoreResult<[u8; 32]> {
    let select = sql("select hash from audit_head where one = 1");
    Ok(select.fetch_optional(read, |row| row.get(0)).await?.unwrap_or([0; 32]))
}

fn chained(row: &crate::db::Row<'_>) -> StoreResult<Chained> {
    let record = Record {
        at: row.get(1)?,
        actor: row.get(2)?,
        way: row.get(3)?,
        action: row.get(4)?,
        object: row.get(5)?,
        details: row.get(6)?,
    };
    Ok(Chained { seq: row.get(0)?, record, previous: row.get(7)?, hash: row.get(8)? })
}

/// When the last record was made.
pub async fn last_at(read: &mut Read) -> StoreResult<Option<Timestamp>> {
    let select = sql("select at from audit_log order by seq desc limit 1");
    select.fetch_optional(read, |row| row.get(0)).await
}

/// The number of the last record; 0 before the first.
pub async fn last_number(read: &mut Read) -> StoreResult<i64> {
    let select = sql("select coalesce(max(seq), cast(0 as bigint)) from audit_log");
    select.fetch_one(read, |row| row.get(0)).await
}

/// What was done after a number, in its order.
pub async fn actions_after(read: &mut Read, seq: i64, limit: i64) -> StoreResult<Vec<String>> {
    let select = sql("
        select action from audit_log
        where seq > $1
        order by seq
        limit $2");
    select.bind(seq).bind(limit).fetch_all(read, |row| row.get(0)).await
}
