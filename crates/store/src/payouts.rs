//! Payouts' rows. A state moves only by a guarded update, whose row count says whether it did.

use jiff::Timestamp;
use obole_domain::payout::{BatchId, PayoutId, PayoutState};
use obole_domain::{AccountId, Currency, Handle, Money};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// A payout that is about to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewPayout<'new> {
    /// Its id.
    pub id: PayoutId,
    /// Whose.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// The bank account it goes to, as it stands now.
    pub holder: &'new str,
    /// The sealed IBAN.
    pub iban_sealed: &'new [u8],
    /// Its last four.
    pub iban_last4: &'new str,
    /// The entry that took the money out of the earnings.
    pub request_entry: i64,
    /// When.
    pub requested_at: Timestamp,
}

/// Stores a payout.
pub async fn create(tx: &mut Tx, new: &NewPayout<'_>) -> StoreResult<()> {
    let insert = sql("
        insert into payouts
            (id, account, currency, amount_micros, state, holder, iban_sealed, iban_last4,
            request_entry, requested_at)
        values ($1, $2, $3, $4, 'requested', $5, $6, $7, $8, $9)");
    let insert = insert.bind(new.id).bind(new.account).bind(new.amount.currency);
    let insert = insert.bind(new.amount.amount).bind(new.holder).bind(new.iban_sealed);
    let insert = insert.bind(new.iban_last4).bind(new.request_entry).bind(new.requested_at);
    insert.execute(tx).await.map(|_| ())
}

/// A payout as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct PayoutRow {
    /// Its id.
    pub id: PayoutId,
    /// Whose.
    pub account: AccountId,
    /// Their public name.
    pub handle: Handle,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: PayoutState,
    /// The bank file it is in.
    pub batch: Option<BatchId>,
    /// The holder of the bank account it goes to.
    pub holder: String,
    /// The sealed IBAN.
    pub iban_sealed: Vec<u8>,
    /// Its last four.
    pub iban_last4: String,
    /// The entry that took the money out of the earnings.
    pub request_entry: i64,
    /// The entry that sent it.
    pub sent_entry: Option<i64>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was sent or reversed.
    pub ended_at: Option<Timestamp>,
    /// Why it was reversed.
    pub end_reason: String,
}

fn payout_at(row: &Row<'_>) -> StoreResult<PayoutRow> {
    let state: String = row.get(5)?;
    let state = PayoutState::from_code(&state);
    Ok(PayoutRow {
        id: row.get(0)?,
        account: row.get(1)?,
        handle: row.get(2)?,
        amount: Money::new(row.get(3)?, row.get(4)?),
        state: state.ok_or_else(|| StoreError::Corrupt("payouts.state".to_owned()))?,
        batch: row.get(6)?,
        holder: row.get(7)?,
        iban_sealed: row.get(8)?,
        iban_last4: row.get(9)?,
        request_entry: row.get(10)?,
        sent_entry: row.get(11)?,
        requested_at: row.get(12)?,
        ended_at: row.get(13)?,
        end_reason: row.get(14)?,
    })
}

/// A payout that stays locked until the transaction ends.
pub async fn locked(tx: &mut Tx, id: PayoutId) -> StoreResult<Option<PayoutRow>> {
    let lock = sql("select id from payouts where id = $1").bind(id).locked();
    let found: Option<PayoutId> = lock.fetch_optional(tx, |row| row.get(0)).await?;
    if found.is_none() { Ok(None) } else { find(tx, id).await }
}

/// A payout.
pub async fn find(read: &mut Read, id: PayoutId) -> StoreResult<Option<PayoutRow>> {
    let select = sql("
        select p.id, p.account, a.handle, p.amount_micros, p.currency, p.state, p.batch, p.holder,
            p.iban_sealed, p.iban_last4, p.request_entry, p.sent_entry, p.requested_at,
            p.ended_at, p.end_reason
        from payouts p
        join accounts a on a.id = p.account
        where p.id = $1");
    select.bind(id).fetch_optional(read, payout_at).await
}

/// The payouts that wait for a bank file, oldest first.
pub async fn requested(
    read: &mut Read,
    currency: Currency,
    limit: i64,
) -> StoreResult<Vec<PayoutRow>> {
    let select = sql("
        select p.id, p.account, a.handle, p.amount_micros, p.currency, p.state, p.batch, p.holder,
            p.iban_sealed, p.iban_last4, p.request_entry, p.sent_entry, p.requested_at,
            p.ended_at, p.end_reason
        from payouts p
        join accounts a on a.id = p.account
        where p.state = 'requested' and p.currency = $1
        order by p.requested_at, p.id
        limit $2");
    select.bind(currency).bind(limit).fetch_all(read, payout_at).await
}

/// The payouts of a bank file, in its order.
pub async fn of_batch(read: &mut Read, batch: BatchId) -> StoreResult<Vec<PayoutRow>> {
    let select = sql("
        select p.id, p.account, a.handle, p.amount_micros, p.currency, p.state, p.batch, p.holder,
            p.iban_sealed, p.iban_last4, p.request_entry, p.sent_entry, p.requested_at,
            p.ended_at, p.end_reason
        from payouts p
        join accounts a on a.id = p.account
        where p.batch = $1
        order by p.requested_at, p.id");
    select.bind(batch).fetch_all(read, payout_at).await
}

/// An account's payouts, newest first, before one: ids are in the order of time.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
    before: Option<PayoutId>,
    limit: i64,
) -> StoreResult<Vec<PayoutRow>> {
    let before = before.unwrap_or_else(|| PayoutId::new(uuid::Uuid::max()));
    let select = sql("
        select p.id, p.account, a.handle, p.amount_micros, p.currency, p.state, p.batch, p.holder,
            p.iban_sealed, p.iban_last4, p.request_entry, p.sent_entry, p.requested_at,
            p.ended_at, p.end_reason
        from payouts p
        join accounts a on a.id = p.account
        where p.account = $1 and p.id < $2
        order by p.id desc
        limit $3");
    select.bind(account).bind(before).bind(limit).fetch_all(read, payout_at).await
}

/// How many payouts wait for a bank file, and what they come to, by currency.
pub async fn waiting(read: &mut Read) -> StoreResult<Vec<(i64, Money)>> {
    let select = sql("
        select count(*), cast(sum(amount_micros) as bigint), currency from payouts
        where state = 'requested'
        group by currency
        order by currency");
    let rows =
        select.fetch_all(read, |row| Ok((row.get(0)?, Money::new(row.get(1)?, row.get(2)?))));
    rows.await
}

/// Puts a payout that waits into a bank file; false when it does not wait any more.
pub async fn set_batched(tx: &mut Tx, id: PayoutId, batch: BatchId) -> StoreResult<bool> {
    let update = sql("
        update payouts set state = 'batched', batch = $2
        where id = $1 and state = 'requested'");
    Ok(update.bind(id).bind(batch).execute(tx).await? == 1)
}

/// Takes the payouts of a file that was never handed out back into the queue.
pub async fn set_requested(tx: &mut Tx, batch: BatchId) -> StoreResult<u64> {
    let update = sql("
        update payouts set state = 'requested', batch = null
        where batch = $1 and state = 'batched'");
    update.bind(batch).execute(tx).await
}

/// Notes that a payout was sent, by which entry; false when it was not in a file.
pub async fn set_sent(tx: &mut Tx, id: PayoutId, entry: i64, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update payouts set state = 'sent', sent_entry = $2, ended_at = $3
        where id = $1 and state = 'batched'");
    Ok(update.bind(id).bind(entry).bind(now).execute(tx).await? == 1)
}

/// Notes that a payout is found to have left with a bank file (V3), by which entry; false when it
/// was sent or reversed before.
pub async fn set_recovered(
    tx: &mut Tx,
    id: PayoutId,
    (batch, entry): (BatchId, i64),
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update payouts set state = 'sent', batch = $2, sent_entry = $3, ended_at = $4
        where id = $1 and state in ('requested', 'batched')");
    Ok(update.bind(id).bind(batch).bind(entry).bind(now).execute(tx).await? == 1)
}

/// Notes that a payout was reversed; false when it waits in a file, or was reversed before.
pub async fn set_reversed(
    tx: &mut Tx,
    id: PayoutId,
    reason: &str,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update payouts set state = 'reversed', end_reason = $2, ended_at = $3
        where id = $1 and state in ('requested', 'sent')");
    Ok(update.bind(id).bind(reason).bind(now).execute(tx).await? == 1)
}
