//! Holds: earnings that wait, each with its reason. The sum of an account's holds is its held
//! amount (audited with L4).

use jiff::Timestamp;
use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Currency, Micros};
use uuid::Uuid;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;
use crate::ledger;

/// The payee's own budget is under the minimum (product.md section 4, works 3).
pub const GIVE_TO_RECEIVE: &str = "give_to_receive";

/// Notes why an amount is held. The caller holds it on the ledger account.
pub async fn create(
    tx: &mut Tx,
    id: Uuid,
    held: (LedgerAccount, Micros),
    why: (&'static str, Timestamp),
) -> StoreResult<()> {
    let account = ledger::id(tx, held.0).await?;
    let insert = sql("
        insert into holds (id, ledger_account, amount_micros, reason, created_at)
        values ($1, $2, $3, $4, $5)");
    let insert = insert.bind(id).bind(account).bind(held.1).bind(why.0).bind(why.1);
    insert.execute(tx).await.map(|_| ())
}

/// The accounts and currencies whose earnings wait for a reason, with the budget that they set.
pub async fn waiting(
    read: &mut Read,
    reason: &'static str,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let select = sql("
        select distinct a.owner, a.currency, coalesce(b.amount_micros, cast(0 as bigint))
        from holds h
        join ledger_accounts a on a.id = h.ledger_account
        left join budgets b on b.account = a.owner and b.currency = a.currency
        where h.reason = $1
        order by a.owner, a.currency");
    let rows = select.bind(reason);
    rows.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// Ends all holds of a reason on a ledger account and gives their sum. The caller frees it.
pub async fn release_all(
    tx: &mut Tx,
    account: LedgerAccount,
    reason: &'static str,
) -> StoreResult<Micros> {
    let account = ledger::id(tx, account).await?;
    let delete = sql("
        delete from holds where ledger_account = $1 and reason = $2
        returning amount_micros");
    let freed = delete.bind(account).bind(reason).fetch_all(tx, |row| row.get(0)).await?;
    Ok(Micros::sum(freed)?)
}
