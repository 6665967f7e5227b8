//! Vouchers' rows: batches, and codes of which only an HMAC is stored (M7). Redeeming and voiding
//! are one guarded update each, so that a voucher ends once.

use jiff::Timestamp;
use obole_domain::voucher::{VoucherBatchId, VoucherId};
use obole_domain::{AccountId, Money};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;

/// Vouchers that are made together.
#[derive(Clone, Copy, Debug)]
pub struct NewBatch {
    /// The batch's id.
    pub id: VoucherBatchId,
    /// What each is worth.
    pub amount: Money,
    /// How many.
    pub count: i64,
    /// When they end; none for never.
    pub expires_at: Option<Timestamp>,
    /// Which administrator makes them; none for the command line.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// Stores a batch and its vouchers: an id and the HMAC of its code for each.
pub async fn create(
    tx: &mut Tx,
    batch: &NewBatch,
    vouchers: &[(VoucherId, [u8; 32])],
) -> StoreResult<()> {
    let insert = sql("
        insert into voucher_batches
            (id, amount_micros, currency, count, expires_at, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)");
    let insert = insert.bind(batch.id).bind(batch.amount.amount).bind(batch.amount.currency);
    let insert = insert.bind(batch.count).bind(batch.expires_at).bind(batch.created_by);
    insert.bind(batch.created_at).execute(tx).await?;
    let insert = "
        insert into vouchers (id, batch, number, code_mac, amount_micros, currency, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let rows: Vec<Vec<Value>> = (1_i64..)
        .zip(vouchers)
        .map(|(number, (id, mac))| {
            vec![
                (*id).into(),
                batch.id.into(),
                number.into(),
                (*mac).into(),
                batch.amount.amount.into(),
                batch.amount.currency.into(),
                batch.expires_at.into(),
            ]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// A voucher that a command has just ended, and what it was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Which.
    pub id: VoucherId,
    /// Of which batch.
    pub batch: VoucherBatchId,
    /// Its worth.
    pub amount: Money,
}

fn ended_at(row: &Row<'_>) -> StoreResult<Ended> {
    let amount = Money::new(row.get(2)?, row.get(3)?);
    Ok(Ended { id: row.get(0)?, batch: row.get(1)?, amount })
}

/// Redeems the voucher of a code. None where it is unknown, used, void or expired: these look the
/// same to strangers (M7).
pub async fn redeem(
    tx: &mut Tx,
    code_mac: [u8; 32],
    account: AccountId,
    now: Timestamp,
) -> StoreResult<Option<Ended>> {
    let update = sql("
        update vouchers set redeemed_by = $2, redeemed_at = $3
        where code_mac = $1 and redeemed_at is null and voided_at is null
            and (expires_at is null or expires_at > $3)
        returning id, batch, amount_micros, currency");
    update.bind(code_mac).bind(account).bind(now).fetch_optional(tx, ended_at).await
}

/// Makes a voucher void. None where it is not known, or has ended already.
pub async fn void(tx: &mut Tx, id: VoucherId, now: Timestamp) -> StoreResult<Option<Ended>> {
    let update = sql("
        update vouchers set voided_at = $2
        where id = $1 and redeemed_at is null and voided_at is null
        returning id, batch, amount_micros, currency");
    update.bind(id).bind(now).fetch_optional(tx, ended_at).await
}

/// Makes what is left of a batch void.
pub async fn void_batch(
    tx: &mut Tx,
    batch: VoucherBatchId,
    now: Timestamp,
) -> StoreResult<Vec<Ended>> {
    let update = sql("
        update vouchers set voided_at = $2
        where batch = $1 and redeemed_at is null and voided_at is null
        returning id, batch, amount_micros, currency");
    update.bind(batch).bind(now).fetch_all(tx, ended_at).await
}

/// A batch as the list shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchRow {
    /// Its id.
    pub id: VoucherBatchId,
    /// What each is worth.
    pub amount: Money,
    /// How many were made.
    pub count: i64,
    /// How many were redeemed.
    pub redeemed: i64,
    /// How many are void.
    pub voided: i64,
    /// When they end.
    pub expires_at: Option<Timestamp>,
    /// When they were made.
    pub created_at: Timestamp,
}

fn batch_at(row: &Row<'_>) -> StoreResult<BatchRow> {
    Ok(BatchRow {
        id: row.get(0)?,
        amount: Money::new(row.get(1)?, row.get(2)?),
        count: row.get(3)?,
        redeemed: row.get(4)?,
        voided: row.get(5)?,
        expires_at: row.get(6)?,
        created_at: row.get(7)?,
    })
}

/// Batches, newest first, made before a moment.
pub async fn batches(read: &mut Read, before: Timestamp, limit: i64) -> StoreResult<Vec<BatchRow>> {
    let select = sql("
        select b.id, b.amount_micros, b.currency, b.count,
            (select count(*) from vouchers v where v.batch = b.id and v.redeemed_at is not null),
            (select count(*) from vouchers v where v.batch = b.id and v.voided_at is not null),
            b.expires_at, b.created_at
        from voucher_batches b
        where b.created_at < $1
        order by b.created_at desc, b.id
        limit $2");
    select.bind(before).bind(limit).fetch_all(read, batch_at).await
}

/// One batch.
pub async fn batch(read: &mut Read, id: VoucherBatchId) -> StoreResult<Option<BatchRow>> {
    let select = sql("
        select b.id, b.amount_micros, b.currency, b.count,
            (select count(*) from vouchers v where v.batch = b.id and v.redeemed_at is not null),
            (select count(*) from vouchers v where v.batch = b.id and v.voided_at is not null),
            b.expires_at, b.created_at
        from voucher_batches b
        where b.id = $1");
    select.bind(id).fetch_optional(read, batch_at).await
}

/// A voucher as its batch's page shows it: never its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VoucherRow {
    /// Its id.
    pub id: VoucherId,
    /// Its number in the batch, from 1.
    pub number: i64,
    /// When it was redeemed.
    pub redeemed_at: Option<Timestamp>,
    /// When it was made void.
    pub voided_at: Option<Timestamp>,
}

/// The vouchers of a batch, by number.
pub async fn of_batch(read: &mut Read, batch: VoucherBatchId) -> StoreResult<Vec<VoucherRow>> {
    let select = sql("
        select id, number, redeemed_at, voided_at from vouchers
        where batch = $1
        order by number");
    let rows = select.bind(batch).fetch_all(read, |row| {
        Ok(VoucherRow {
            id: row.get(0)?,
            number: row.get(1)?,
            redeemed_at: row.get(2)?,
            voided_at: row.get(3)?,
        })
    });
    rows.await
}
