//! Earnings that wait because of signals (X3 to X5): what waits, which gifts it is made of, what
//! the payee says to it and how it ended. What the signals are found in is read by [`evidence`].

pub mod evidence;

use std::collections::BTreeSet;

use jiff::Timestamp;
use obole_domain::signal::{Gift, Signal, SignalHoldId, SignalState, parse_signals, print_signals};
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros, Money, Period, WorkId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// Earnings of one settled month that wait, or waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalHoldRow {
    /// Its id, which is the hold's too.
    pub id: SignalHoldId,
    /// Of which month.
    pub period: Period,
    /// Whose, and their public name.
    pub payee: (AccountId, Handle),
    /// How much waits.
    pub amount: Money,
    /// Why.
    pub signals: BTreeSet<Signal>,
    /// Where it stands.
    pub state: SignalState,
    /// Since when.
    pub held_at: Timestamp,
    /// Until when at most.
    pub ends_at: Timestamp,
    /// What the payee says; empty where they have not.
    pub answer: String,
    /// Why it ended so; empty where the time was over.
    pub reason: String,
    /// When it ended.
    pub decided_at: Option<Timestamp>,
}

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("signal_holds.{column}"))
}

fn signals_at(row: &Row<'_>, place: usize) -> StoreResult<BTreeSet<Signal>> {
    let stored: String = row.get(place)?;
    parse_signals(&stored).ok_or_else(|| broken("signals"))
}

fn hold_at(row: &Row<'_>) -> StoreResult<SignalHoldRow> {
    let state: String = row.get(7)?;
    Ok(SignalHoldRow {
        id: row.get(0)?,
        period: row.get(1)?,
        payee: (row.get(2)?, row.get(3)?),
        amount: Money::new(row.get(4)?, row.get(5)?),
        signals: signals_at(row, 6)?,
        state: SignalState::from_code(&state).ok_or_else(|| broken("state"))?,
        held_at: row.get(8)?,
        ends_at: row.get(9)?,
        answer: row.get(10)?,
        reason: row.get(11)?,
        decided_at: row.get(12)?,
    })
}

/// Selects the columns of [`SignalHoldRow`].
macro_rules! holds {
    ($rest:literal) => {
        sql(concat!(
            "
        select h.id, h.period, h.payee, a.handle, h.amount_micros, h.currency, h.signals, h.state,
            h.held_at, h.ends_at, h.answer, h.reason, h.decided_at
        from signal_holds h join accounts a on a.id = h.payee
        ",
            $rest
        ))
    };
}

/// Earnings that begin to wait.
#[derive(Clone, Debug)]
pub struct NewSignalHold<'new> {
    /// Its id.
    pub id: SignalHoldId,
    /// Of which month.
    pub period: Period,
    /// Whose.
    pub payee: AccountId,
    /// How much waits.
    pub amount: Money,
    /// Why.
    pub signals: &'new BTreeSet<Signal>,
    /// The gifts, each with its own signals.
    pub gifts: &'new [(Gift, BTreeSet<Signal>)],
    /// Since when, and until when at most.
    pub lasts: (Timestamp, Timestamp),
}

/// Stores what begins to wait. The caller holds it on the earnings.
pub async fn create(tx: &mut Tx, new: &NewSignalHold<'_>) -> StoreResult<()> {
    let insert = sql("
        insert into signal_holds
            (id, period, payee, currency, amount_micros, signals, state, held_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, 'held', $7, $8)");
    let insert = insert.bind(new.id).bind(new.period).bind(new.payee).bind(new.amount.currency);
    let insert = insert.bind(new.amount.amount).bind(print_signals(new.signals));
    insert.bind(new.lasts.0).bind(new.lasts.1).execute(tx).await?;
    let insert = "
        insert into signal_gifts (hold, patron, work, gross_micros, net_micros, signals)
        values ($1, $2, $3, $4, $5, $6)";
    let rows = new.gifts.iter().map(|(gift, signals)| {
        vec![
            new.id.into(),
            gift.patron.into(),
            gift.work.into(),
            gift.gross.into(),
            gift.net.into(),
            print_signals(signals).into(),
        ]
    });
    sql(insert).execute_many(tx, &rows.collect::<Vec<Vec<Value>>>()).await.map(|_| ())
}

/// What waits, kept from others until the transaction ends.
pub async fn locked(tx: &mut Tx, id: SignalHoldId) -> StoreResult<Option<SignalHoldRow>> {
    let lock = sql("select id from signal_holds where id = $1").bind(id).locked();
    if lock.fetch_optional(tx, |row| row.get::<SignalHoldId>(0)).await?.is_none() {
        return Ok(None);
    }
    find(tx, id).await
}

/// What waits or waited.
pub async fn find(read: &mut Read, id: SignalHoldId) -> StoreResult<Option<SignalHoldRow>> {
    holds!("where h.id = $1").bind(id).fetch_optional(read, hold_at).await
}

/// What waits of an account's earnings, and what waited, the newest first.
pub async fn of_payee(
    read: &mut Read,
    payee: AccountId,
    limit: i64,
) -> StoreResult<Vec<SignalHoldRow>> {
    let select = holds!(
        "where h.payee = $1
        order by h.held_at desc, h.id
        limit $2"
    );
    select.bind(payee).bind(limit).fetch_all(read, hold_at).await
}

/// How much of all waits.
pub async fn waiting(read: &mut Read) -> StoreResult<i64> {
    let select = sql("select count(*) from signal_holds where state = 'held'");
    select.fetch_one(read, |row| row.get(0)).await
}

/// What waits, what ends first first; then what ended, the newest first.
pub async fn list(read: &mut Read, limit: i64) -> StoreResult<Vec<SignalHoldRow>> {
    let waits = holds!(
        "where h.state = 'held'
        order by h.ends_at, h.id
        limit $1"
    );
    let mut rows = waits.bind(limit).fetch_all(read, hold_at).await?;
    let ended = holds!(
        "where h.state <> 'held'
        order by h.decided_at desc, h.id
        limit $1"
    );
    rows.extend(ended.bind(limit).fetch_all(read, hold_at).await?);
    Ok(rows)
}

/// What has waited long enough.
pub async fn due(read: &mut Read, now: Timestamp) -> StoreResult<Vec<SignalHoldId>> {
    let select = sql("
        select id from signal_holds
        where state = 'held' and ends_at <= $1
        order by ends_at, id");
    select.bind(now).fetch_all(read, |row| row.get(0)).await
}

/// Ends a wait; false where it had ended.
pub async fn end(
    tx: &mut Tx,
    id: SignalHoldId,
    (state, reason): (SignalState, &str),
    (by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update signal_holds set state = $2, reason = $3, decided_by = $4, decided_at = $5
        where id = $1 and state = 'held'");
    let update = update.bind(id).bind(state.code()).bind(reason).bind(by).bind(now);
    Ok(update.execute(tx).await? == 1)
}

/// Notes what the payee says; false where they have, or it has ended.
pub async fn answer(
    tx: &mut Tx,
    id: SignalHoldId,
    (words, now): (&str, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update signal_holds set answer = $2, answered_at = $3
        where id = $1 and state = 'held' and answered_at is null");
    Ok(update.bind(id).bind(words).bind(now).execute(tx).await? == 1)
}

/// A gift that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldGift {
    /// Who gave it, and their public name; none where that account is gone.
    pub patron: (AccountId, Option<Handle>),
    /// When that account was opened.
    pub opened_at: Option<Timestamp>,
    /// For which work, and where it is.
    pub work: (WorkId, CanonicalUrl),
    /// What left the wallet.
    pub gross: Micros,
    /// What arrived.
    pub net: Micros,
    /// Its own signals.
    pub signals: BTreeSet<Signal>,
}

/// The gifts that what waits is made of, patron by patron.
pub async fn gifts(read: &mut Read, hold: SignalHoldId) -> StoreResult<Vec<HeldGift>> {
    let select = sql("
        select g.patron, a.handle, a.created_at, g.work, w.url, g.gross_micros, g.net_micros,
            g.signals
        from signal_gifts g
        join works w on w.id = g.work
        left join accounts a on a.id = g.patron
        where g.hold = $1
        order by g.patron, g.work");
    let rows = select.bind(hold).fetch_all(read, |row| {
        Ok(HeldGift {
            patron: (row.get(0)?, row.get(1)?),
            opened_at: row.get(2)?,
            work: (row.get(3)?, row.get(4)?),
            gross: row.get(5)?,
            net: row.get(6)?,
            signals: signals_at(row, 7)?,
        })
    });
    rows.await
}

/// The settled months that have still to be looked over.
pub async fn unjudged(read: &mut Read) -> StoreResult<Vec<Period>> {
    let select = sql("
        select period from settlements where state = 'done' and judged_at is null order by period");
    select.fetch_all(read, |row| row.get(0)).await
}

/// Whether a settled month has still to be looked over.
pub async fn is_any_unjudged(read: &mut Read) -> StoreResult<bool> {
    // While it is credited, part by part, nothing of it leaves either.
    let select = sql("
        select count(*) from settlements
        where state in ('crediting', 'done') and judged_at is null");
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Whether a month has been looked over.
pub async fn is_judged(read: &mut Read, period: Period) -> StoreResult<bool> {
    let select =
        sql("select count(*) from settlements where period = $1 and judged_at is not null");
    Ok(select.bind(period).fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Notes that a settled month has been looked over; false where somebody else was faster.
pub async fn set_judged(tx: &mut Tx, period: Period, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update settlements set judged_at = $2
        where period = $1 and state = 'done' and judged_at is null");
    Ok(update.bind(period).bind(now).execute(tx).await? == 1)
}

/// Forgets the gifts of what ended before a moment; what waited and how it ended stays.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from signal_gifts
        where hold in (select id from signal_holds where decided_at < $1)");
    delete.bind(before).execute(tx).await
}

/// In what anything of a month was received.
pub async fn currencies(read: &mut Read, period: Period) -> StoreResult<Vec<Currency>> {
    let select = sql("
        select currency from settlement_totals
        where period = $1 and net_micros > 0
        order by currency");
    select.bind(period).fetch_all(read, |row| row.get(0)).await
}

/// What waits of gifts among the patrons and the payee of one wait, in its month and currency: who
/// gave to whom, and how much.
pub async fn flows(
    read: &mut Read,
    hold: &SignalHoldRow,
) -> StoreResult<Vec<(AccountId, AccountId, Micros)>> {
    let select = sql("
        select g.patron, h.payee, cast(sum(g.net_micros) as bigint)
        from signal_holds h join signal_gifts g on g.hold = h.id
        where h.period = $2 and h.currency = $3
            and g.patron in (select patron from signal_gifts where hold = $1)
            and (h.id = $1 or h.payee in (select patron from signal_gifts where hold = $1))
        group by g.patron, h.payee
        order by g.patron, h.payee");
    let select = select.bind(hold.id).bind(hold.period).bind(hold.amount.currency);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}
