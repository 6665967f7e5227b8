//! Refunds' rows: unspent money that goes back to a patron (M5).

use jiff::Timestamp;
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, Handle, Money};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// A refund as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRow {
    /// Its id.
    pub id: RefundId,
    /// Whose.
    pub account: AccountId,
    /// Their public name.
    pub handle: Handle,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// How the patron wants it back.
    pub note: String,
    /// The entry that took the money out of the wallet.
    pub request_entry: i64,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When it was executed or declined.
    pub ended_at: Option<Timestamp>,
    /// What the administrator said to it.
    pub end_reason: String,
}

fn refund_at(row: &Row<'_>) -> StoreResult<RefundRow> {
    let state: String = row.get(5)?;
    let state = RefundState::from_code(&state);
    Ok(RefundRow {
        id: row.get(0)?,
        account: row.get(1)?,
        handle: row.get(2)?,
        amount: Money::new(row.get(3)?, row.get(4)?),
        state: state.ok_or_else(|| StoreError::Corrupt("refunds.state".to_owned()))?,
        note: row.get(6)?,
        request_entry: row.get(7)?,
        requested_at: row.get(8)?,
        ended_at: row.get(9)?,
        end_reason: row.get(10)?,
    })
}

/// A refund that is about to be asked for.
#[derive(Clone, Copy, Debug)]
pub struct NewRefund<'new> {
    /// Its id.
    pub id: RefundId,
    /// Whose.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// How the patron wants it back.
    pub note: &'new str,
    /// The entry that took the money out of the wallet.
    pub request_entry: i64,
    /// When.
    pub requested_at: Timestamp,
}

/// Stores a refund.
pub async fn create(tx: &mut Tx, new: &NewRefund<'_>) -> StoreResult<()> {
    let insert = sql("
        insert into refunds
            (id, account, currency, amount_micros, state, note, request_entry, requested_at)
        values ($1, $2, $3, $4, 'requested', $5, $6, $7)");
    let insert = insert.bind(new.id).bind(new.account).bind(new.amount.currency);
    let insert = insert.bind(new.amount.amount).bind(new.note).bind(new.request_entry);
    insert.bind(new.requested_at).execute(tx).await.map(|_| ())
}

/// A refund.
pub async fn find(read: &mut Read, id: RefundId) -> StoreResult<Option<RefundRow>> {
    let select = sql("
        select r.id, r.account, a.handle, r.amount_micros, r.currency, r.state, r.note,
            r.request_entry, r.requested_at, r.ended_at, r.end_reason
        from refunds r
        join accounts a on a.id = r.account
        where r.id = $1");
    select.bind(id).fetch_optional(read, refund_at).await
}

/// A refund that nobody else ends until the transaction does.
pub async fn locked(tx: &mut Tx, id: RefundId) -> StoreResult<Option<RefundRow>> {
    let lock = sql("select id from refunds where id = $1").bind(id).locked();
    let found: Option<RefundId> = lock.fetch_optional(tx, |row| row.get(0)).await?;
    if found.is_none() { Ok(None) } else { find(tx, id).await }
}

/// Begins to execute a refund that waits, or one whose execution began before `stale` and was not
/// finished; false for all others.
pub async fn set_begun(
    tx: &mut Tx,
    id: RefundId,
    now: Timestamp,
    stale: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update refunds set state = 'executing', begun_at = $2
        where id = $1
            and (state = 'requested' or (state = 'executing' and begun_at < $3))");
    Ok(update.bind(id).bind(now).bind(stale).execute(tx).await? == 1)
}

/// Lets a refund wait again whose execution began at a moment and did not reach the journal.
pub async fn set_waiting(tx: &mut Tx, id: RefundId, begun_at: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update refunds set state = 'requested', begun_at = null
        where id = $1 and state = 'executing' and begun_at = $2");
    Ok(update.bind(id).bind(begun_at).execute(tx).await? == 1)
}

/// The refunds that wait for an administrator, oldest first.
pub async fn requested(read: &mut Read, limit: i64) -> StoreResult<Vec<RefundRow>> {
    let select = sql("
        select r.id, r.account, a.handle, r.amount_micros, r.currency, r.state, r.note,
            r.request_entry, r.requested_at, r.ended_at, r.end_reason
        from refunds r
        join accounts a on a.id = r.account
        where r.state in ('requested', 'executing')
        order by r.requested_at, r.id
        limit $1");
    select.bind(limit).fetch_all(read, refund_at).await
}

/// How many refunds wait, and what they come to, by currency.
pub async fn waiting(read: &mut Read) -> StoreResult<Vec<(i64, Money)>> {
    let select = sql("
        select count(*), cast(sum(amount_micros) as bigint), currency from refunds
        where state in ('requested', 'executing')
        group by currency
        order by currency");
    let rows =
        select.fetch_all(read, |row| Ok((row.get(0)?, Money::new(row.get(1)?, row.get(2)?))));
    rows.await
}

/// An account's refunds, newest first.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
    limit: i64,
) -> StoreResult<Vec<RefundRow>> {
    let select = sql("
        select r.id, r.account, a.handle, r.amount_micros, r.currency, r.state, r.note,
            r.request_entry, r.requested_at, r.ended_at, r.end_reason
        from refunds r
        join accounts a on a.id = r.account
        where r.account = $1
        order by r.requested_at desc, r.id desc
        limit $2");
    select.bind(account).bind(limit).fetch_all(read, refund_at).await
}

/// How a refund ended.
#[derive(Clone, Copy, Debug)]
pub struct End<'end> {
    /// As what.
    pub state: RefundState,
    /// What the administrator said to it.
    pub reason: &'end str,
    /// When.
    pub at: Timestamp,
}

/// Ends a refund that stands so; false when it does not stand so any more.
pub async fn set_ended(
    tx: &mut Tx,
    id: RefundId,
    from: RefundState,
    end: End<'_>,
) -> StoreResult<bool> {
    let update = sql("
        update refunds set state = $2, end_reason = $3, ended_at = $4
        where id = $1 and state = $5");
    let update = update.bind(id).bind(end.state.code()).bind(end.reason).bind(end.at);
    let update = update.bind(from.code());
    Ok(update.execute(tx).await? == 1)
}
