//! Holds: earnings that wait, each with its reason. The sum of an account's holds is its held
//! amount (audited with L4).

use jiff::Timestamp;
use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Currency, Micros};
use uuid::Uuid;

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// The payee's own budget is under the minimum (product.md section 4, works 3).
pub const GIVE_TO_RECEIVE: &str = "give_to_receive";

/// Signals of gaming concern it (X5).
pub const SIGNALS: &str = "signals";

/// Notes why an amount is held. The caller holds it on the ledger account.
pub async fn create(
    tx: &mut Tx,
    id: Uuid,
    held: (LedgerAccount, Micros),
    why: (&'static str, Timestamp),
) -> StoreResult<()> {
    let [owner, kind, currency] = columns(held.0);
    let insert = sql("
        insert into holds (owner, id, kind, currency, amount_micros, reason, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)");
    let insert = insert.bind(owner).bind(id).bind(kind).bind(currency);
    insert.bind(held.1).bind(why.0).bind(why.1).execute(tx).await.map(|_| ())
}

/// Owner, kind and currency of a ledger account that can hold something.
fn columns(account: LedgerAccount) -> [Value; 3] {
    let owner = account.owner.map_or(Uuid::nil(), AccountId::uuid);
    [owner.into(), account.kind.code().into(), account.currency.into()]
}

/// The accounts and currencies whose earnings wait for a reason, with the budget that they set.
pub async fn waiting(
    read: &mut Read,
    reason: &'static str,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let select = sql("
        select distinct h.owner, h.currency, coalesce(b.amount_micros, cast(0 as bigint))
        from holds h
        left join budgets b on b.account = h.owner and b.currency = h.currency
        where h.reason = $1
        order by h.owner, h.currency");
    let rows = select.bind(reason);
    rows.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// Ends all holds of a reason on a ledger account and gives their sum. The caller frees it.
pub async fn release_all(
    tx: &mut Tx,
    account: LedgerAccount,
    reason: &'static str,
) -> StoreResult<Micros> {
    let [owner, kind, currency] = columns(account);
    let delete = sql("
        delete from holds
        where owner = $1 and kind = $2 and currency = $3 and reason = $4
        returning amount_micros");
    let delete = delete.bind(owner).bind(kind).bind(currency).bind(reason);
    let freed: Vec<Micros> = delete.fetch_all(tx, |row| row.get(0)).await?;
    Ok(Micros::sum(freed)?)
}

/// Takes up to so much off the holds of a reason on a ledger account, the oldest first, and gives
/// how much that was. What the ledger account holds stays the same: it is held for another then.
pub async fn shrink(
    tx: &mut Tx,
    account: LedgerAccount,
    reason: &'static str,
    amount: Micros,
) -> StoreResult<Micros> {
    let [owner, kind, currency] = columns(account);
    let select = sql("
        select id, amount_micros from holds
        where owner = $1 and kind = $2 and currency = $3 and reason = $4
        order by created_at, id");
    let select = select.bind(owner.clone()).bind(kind).bind(currency).bind(reason).locked();
    let held: Vec<(Uuid, Micros)> =
        select.fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let mut left = amount;
    for (id, held) in held {
        let taken = held.min(left);
        if !taken.is_positive() {
            break;
        }
        let change = if taken == held {
            sql("delete from holds where owner = $1 and id = $2").bind(owner.clone()).bind(id)
        } else {
            sql("update holds set amount_micros = amount_micros - $3 where owner = $1 and id = $2")
                .bind(owner.clone())
                .bind(id)
                .bind(taken)
        };
        change.execute(tx).await?;
        left = left.minus(taken)?;
    }
    Ok(amount.minus(left)?)
}

/// Ends one hold on a ledger account and gives what it held; none where it had ended. The caller
/// frees it.
pub async fn release(tx: &mut Tx, account: LedgerAccount, id: Uuid) -> StoreResult<Option<Micros>> {
    let [owner, ..] = columns(account);
    let delete = sql("delete from holds where owner = $1 and id = $2 returning amount_micros");
    delete.bind(owner).bind(id).fetch_optional(tx, |row| row.get(0)).await
}
