//! Budgets' rows.

use jiff::Timestamp;
use obole_domain::{AccountId, Currency, Micros, Money};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// An account's budgets, by currency; those of nothing included.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<Money>> {
    let select = sql("
        select amount_micros, currency from budgets
        where account = $1
        order by currency");
    let rows = select.bind(account).fetch_all(read, |row| Ok(Money::new(row.get(0)?, row.get(1)?)));
    rows.await
}

/// An account's budget in one currency; nothing where none was set.
pub async fn amount(
    read: &mut Read,
    account: AccountId,
    currency: Currency,
) -> StoreResult<Micros> {
    let select = sql("select amount_micros from budgets where account = $1 and currency = $2");
    let found = select.bind(account).bind(currency).fetch_optional(read, |row| row.get(0)).await?;
    Ok(found.unwrap_or(Micros::ZERO))
}

/// Sets a budget, at once effective.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    budget: Money,
    now: Timestamp,
) -> StoreResult<()> {
    let upsert = sql("
        insert into budgets (account, currency, amount_micros, set_at) values ($1, $2, $3, $4)
        on conflict (account, currency)
        do update set amount_micros = excluded.amount_micros, set_at = excluded.set_at");
    let upsert = upsert.bind(account).bind(budget.currency).bind(budget.amount).bind(now);
    upsert.execute(tx).await.map(|_| ())
}
