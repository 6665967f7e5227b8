//! Bank files' rows: made once, their bytes never change (M8). A file moves on only by a guarded
//! update, whose row count says whether it did.

use jiff::Timestamp;
use obole_domain::payout::BatchId;
use obole_domain::{AccountId, Money};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A batch as it is stored, without its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayoutBatchRow {
    /// Its id.
    pub id: BatchId,
    /// How many payouts.
    pub count: i64,
    /// What they come to.
    pub total: Money,
    /// SHA-256 of the file.
    pub file_hash: [u8; 32],
    /// Who made it; none for the command line.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
    /// The second administrator.
    pub approved_by: Option<AccountId>,
    /// When it was first handed out; the bank may have it since.
    pub handed_at: Option<Timestamp>,
    /// When the outbound journal had it (M9).
    pub journaled_at: Option<Timestamp>,
    /// When it was sent to the bank.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub discarded_at: Option<Timestamp>,
}

fn batch_at(row: &Row<'_>) -> StoreResult<PayoutBatchRow> {
    Ok(PayoutBatchRow {
        id: row.get(0)?,
        count: row.get(1)?,
        total: Money::new(row.get(2)?, row.get(3)?),
        file_hash: row.get(4)?,
        created_by: row.get(5)?,
        created_at: row.get(6)?,
        approved_by: row.get(7)?,
        handed_at: row.get(8)?,
        journaled_at: row.get(9)?,
        sent_at: row.get(10)?,
        discarded_at: row.get(11)?,
    })
}

/// Stores a new batch with its file; the states of `batch` are not read.
pub async fn create(tx: &mut Tx, batch: &PayoutBatchRow, file: &[u8]) -> StoreResult<()> {
    let insert = sql("
        insert into payout_batches
            (id, currency, count, total_micros, file, file_hash, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let insert = insert.bind(batch.id).bind(batch.total.currency).bind(batch.count);
    let insert = insert.bind(batch.total.amount).bind(file).bind(batch.file_hash);
    insert.bind(batch.created_by).bind(batch.created_at).execute(tx).await.map(|_| ())
}

/// A batch that stays locked until the transaction ends.
pub async fn locked(tx: &mut Tx, id: BatchId) -> StoreResult<Option<PayoutBatchRow>> {
    let select = sql("
        select id, count, total_micros, currency, file_hash, created_by, created_at, approved_by,
            handed_at, journaled_at, sent_at, discarded_at
        from payout_batches
        where id = $1");
    select.bind(id).locked().fetch_optional(tx, batch_at).await
}

/// A batch.
pub async fn find(read: &mut Read, id: BatchId) -> StoreResult<Option<PayoutBatchRow>> {
    let select = sql("
        select id, count, total_micros, currency, file_hash, created_by, created_at, approved_by,
            handed_at, journaled_at, sent_at, discarded_at
        from payout_batches
        where id = $1");
    select.bind(id).fetch_optional(read, batch_at).await
}

/// Batches, newest first, made before a moment.
pub async fn list(
    read: &mut Read,
    before: Timestamp,
    limit: i64,
) -> StoreResult<Vec<PayoutBatchRow>> {
    let select = sql("
        select id, count, total_micros, currency, file_hash, created_by, created_at, approved_by,
            handed_at, journaled_at, sent_at, discarded_at
        from payout_batches
        where created_at < $1
        order by created_at desc, id
        limit $2");
    select.bind(before).bind(limit).fetch_all(read, batch_at).await
}

/// How many batches are neither sent nor given up.
pub async fn open(read: &mut Read) -> StoreResult<i64> {
    let select = sql("
        select count(*) from payout_batches
        where sent_at is null and discarded_at is null");
    select.fetch_one(read, |row| row.get(0)).await
}

/// The file's bytes, as they were made.
pub async fn file(read: &mut Read, id: BatchId) -> StoreResult<Option<Vec<u8>>> {
    let select = sql("select file from payout_batches where id = $1").bind(id);
    select.fetch_optional(read, |row| row.get(0)).await
}

/// Notes the second administrator.
pub async fn set_approved(tx: &mut Tx, id: BatchId, by: AccountId) -> StoreResult<bool> {
    let update = sql("
        update payout_batches set approved_by = $2
        where id = $1 and approved_by is null and handed_at is null and discarded_at is null");
    Ok(update.bind(id).bind(by).execute(tx).await? == 1)
}

/// Notes that the file is about to leave: from here on it cannot be discarded.
pub async fn set_handed(tx: &mut Tx, id: BatchId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update payout_batches set handed_at = coalesce(handed_at, $2)
        where id = $1 and discarded_at is null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// Notes that the outbound journal has it.
pub async fn set_journaled(tx: &mut Tx, id: BatchId, now: Timestamp) -> StoreResult<()> {
    let update = sql("
        update payout_batches set journaled_at = coalesce(journaled_at, $2)
        where id = $1");
    update.bind(id).bind(now).execute(tx).await.map(|_| ())
}

/// Notes that the file was sent; false when it was sent before, or never handed out.
pub async fn set_sent(tx: &mut Tx, id: BatchId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update payout_batches set sent_at = $2
        where id = $1 and sent_at is null and journaled_at is not null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// Gives a batch up; false when it was handed out or given up before.
pub async fn set_discarded(tx: &mut Tx, id: BatchId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update payout_batches set discarded_at = $2
        where id = $1 and handed_at is null and discarded_at is null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}
