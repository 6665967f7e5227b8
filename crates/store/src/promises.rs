//! Promises as their patrons see them (product.md section 4, works 1; L10).

use jiff::Timestamp;
use obole_domain::{AccountId, CanonicalUrl, Money, Period, WorkId};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// A promise that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseRow {
    /// When it was made.
    pub period: Period,
    /// For which work.
    pub work: WorkId,
    /// The work's address.
    pub url: CanonicalUrl,
    /// How much.
    pub amount: Money,
}

/// An account's standing promises, newest first.
pub async fn standing(
    read: &mut Read,
    patron: AccountId,
    limit: i64,
) -> StoreResult<Vec<PromiseRow>> {
    let select = sql("
        select p.period, p.work, w.url, p.amount_micros, p.currency
        from promises p
        join works w on w.id = p.work
        where p.patron = $1 and p.state = 'standing'
        order by p.period desc, p.work, p.currency
        limit $2");
    let rows = select.bind(patron).bind(limit).fetch_all(read, |row| {
        Ok(PromiseRow {
            period: row.get(0)?,
            work: row.get(1)?,
            url: row.get(2)?,
            amount: Money::new(row.get(3)?, row.get(4)?),
        })
    });
    rows.await
}

/// Ends a patron's standing promises for a work of a period and gives what they held, for the
/// caller to free.
pub async fn let_go(
    tx: &mut Tx,
    patron: AccountId,
    promised: (Period, WorkId),
    now: Timestamp,
) -> StoreResult<Vec<Money>> {
    let update = sql("
        update promises set state = 'let_go', ended_at = $4
        where patron = $1 and period = $2 and work = $3 and state = 'standing'
        returning amount_micros, currency");
    let update = update.bind(patron).bind(promised.0).bind(promised.1).bind(now);
    update.fetch_all(tx, |row| Ok(Money::new(row.get(0)?, row.get(1)?))).await
}

/// Ends a patron's standing promises for a work, of every period, and gives what they held, for the
/// caller to free.
pub async fn let_go_of_own(
    tx: &mut Tx,
    patron: AccountId,
    work: WorkId,
    now: Timestamp,
) -> StoreResult<Vec<Money>> {
    let update = sql("
        update promises set state = 'let_go', ended_at = $3
        where patron = $1 and work = $2 and state = 'standing'
        returning amount_micros, currency");
    let update = update.bind(patron).bind(work).bind(now);
    update.fetch_all(tx, |row| Ok(Money::new(row.get(0)?, row.get(1)?))).await
}

/// Ends all standing promises for a work and gives what each patron's wallet held, for the caller
/// to free.
pub async fn let_go_of_work(
    tx: &mut Tx,
    work: WorkId,
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Money)>> {
    let update = sql("
        update promises set state = 'let_go', ended_at = $2
        where work = $1 and state = 'standing'
        returning patron, amount_micros, currency");
    let update = update.bind(work).bind(now);
    let rows = update.fetch_all(tx, |row| Ok((row.get(0)?, Money::new(row.get(1)?, row.get(2)?))));
    rows.await
}
