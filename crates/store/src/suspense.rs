//! What had left for accounts beyond what they had (V3), and which facts are booked.

use obole_domain::ledger::Fact;
use obole_domain::{AccountId, Currency};
use uuid::Uuid;

use crate::db::{Read, sql};
use crate::error::StoreResult;

/// The accounts that owe something, with the currency.
pub async fn debtors(read: &mut Read) -> StoreResult<Vec<(AccountId, Currency)>> {
    let select = sql("
        select owner, currency from ledger_accounts
        where kind = 'suspense' and owner <> $1 and balance_micros > 0
        order by owner, currency");
    select.bind(Uuid::nil()).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Whether a fact is booked (L5).
pub async fn is_booked(read: &mut Read, fact: &Fact) -> StoreResult<bool> {
    let select = sql("
        select seq from entries
        where source = $1 and external_id = $2 and effect = $3");
    let select = select.bind(fact.source).bind(&fact.external_id).bind(fact.effect);
    let seq: Option<i64> = select.fetch_optional(read, |row| row.get(0)).await?;
    Ok(seq.is_some())
}
