//! What wallets need besides the ledger: how much play money was taken, and why money is held.

use jiff::Timestamp;
use obole_domain::ledger::{Balance, LedgerAccount, LedgerKind, Reason};
use obole_domain::{AccountId, Micros, Money};

use crate::db::{Read, Sql, Tx, sql};
use crate::error::StoreResult;
use crate::ledger;

/// How much a wallet got for one reason since a moment. Its row stays locked until the
/// transaction ends, so that a limit on the sum holds (D6).
pub async fn received_since(
    tx: &mut Tx,
    wallet: LedgerAccount,
    reason: Reason,
    since: Timestamp,
) -> StoreResult<Micros> {
    ledger::lock(tx, wallet).await?;
    let select = sql("
        select cast(coalesce(sum(p.amount_micros), 0) as bigint)
        from postings p
        join entries e on e.seq = p.entry
        where p.owner = $1 and p.kind = $2 and p.currency = $3 and p.period = $4
            and e.reason = $5 and e.at >= $6");
    let select = ledger::name(&wallet).into_iter().fold(select, Sql::bind);
    let select = select.bind(reason.code()).bind(since);
    let sum: Micros = select.fetch_one(tx, |row| row.get(0)).await?;
    Ok(sum.negated()?)
}

/// What a wallet has available, and what of its balance came from earnings and was not given on:
/// giving takes that part first (decision 8). Nobody else moves it until the transaction ends.
pub async fn parts_locked(tx: &mut Tx, wallet: LedgerAccount) -> StoreResult<Parts> {
    ledger::lock(tx, wallet).await?;
    parts(tx, wallet).await
}

/// The same for a page that only looks.
pub async fn parts(read: &mut Read, wallet: LedgerAccount) -> StoreResult<Parts> {
    let balance = ledger::balance(read, wallet).await?;
    let earned = earned(read, wallet).await?;
    Ok(Parts { balance, earned })
}

/// Where a wallet's money came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// All of it, and what waits.
    pub balance: Balance,
    /// What came from earnings and was not given on.
    pub earned: Micros,
}

/// Earnings that came, less what was given and went back, never below zero at any time: the running
/// sum, raised by how far it ever fell under zero. A reversal counts as what it undoes.
async fn earned(read: &mut Read, wallet: LedgerAccount) -> StoreResult<Micros> {
    let select = sql("
        with moved as (
            select p.entry, -p.amount_micros as amount
            from postings p
            join entries e on e.seq = p.entry
            left join entries undone on undone.seq = e.reverses
            where p.owner = $1 and p.kind = $2 and p.currency = $3 and p.period = $4
                and coalesce(undone.reason, e.reason) in ($5, $6, $7, $8, $9)
        ),
        running as (
            select sum(amount) over (order by entry) as so_far from moved
        )
        select cast(coalesce((select sum(amount) from moved), 0) as bigint),
            cast(coalesce((select min(so_far) from running), 0) as bigint)");
    let select = ledger::name(&wallet).into_iter().fold(select, Sql::bind);
    let select = FROM_EARNINGS.iter().fold(select, |select, reason| select.bind(reason.code()));
    let (sum, lowest): (Micros, Micros) =
        select.fetch_one(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(sum.minus(lowest.min(Micros::ZERO))?)
}

/// What changes the part of a wallet that came from earnings.
const FROM_EARNINGS: [Reason; 5] = [
    Reason::EarningsMoved,
    Reason::EarningsReturned,
    Reason::Given,
    Reason::PromisesCollected,
    Reason::ToPool,
];

/// What a settlement that is under way has set aside on an account's wallets, by currency; all else
/// that is held there is promised.
pub async fn frozen(read: &mut Read, patron: AccountId) -> StoreResult<Vec<Money>> {
    let select = sql("
        select cast(sum(f.held_micros) as bigint), f.currency
        from settlements s
        join frozen_purses f on f.period = s.period
        where s.state in ('freezing', 'sharing', 'booking') and f.patron = $1
            and not exists (
                select 1 from chunks c
                where c.period = f.period and c.step = 'book'
                    and f.patron > c.first and f.patron <= c.last)
        group by f.currency
        order by f.currency");
    let rows = select.bind(patron).fetch_all(read, |row| Ok(Money::new(row.get(0)?, row.get(1)?)));
    rows.await
}

/// An amount that waits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How much.
    pub amount: Money,
    /// The word that is stored, such as [`crate::holds::GIVE_TO_RECEIVE`].
    pub reason: String,
}

/// Why money on an account's wallets or earnings waits; promises have rows of their own.
pub async fn waiting(
    read: &mut Read,
    owner: AccountId,
    kind: LedgerKind,
) -> StoreResult<Vec<Waiting>> {
    let select = sql("
        select cast(sum(amount_micros) as bigint), currency, reason from holds
        where owner = $1 and kind = $2
        group by currency, reason
        order by currency, reason");
    let rows = select.bind(owner).bind(kind.code()).fetch_all(read, |row| {
        Ok(Waiting { amount: Money::new(row.get(0)?, row.get(1)?), reason: row.get(2)? })
    });
    rows.await
}
