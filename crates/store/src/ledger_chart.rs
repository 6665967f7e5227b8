//! The chart of accounts as the exports declare it: every ledger account once, with the public name
//! of whose it is.

use obole_domain::ledger::LedgerKind;
use obole_domain::{AccountId, Currency, Handle, Period};
use uuid::Uuid;

use crate::db::{Read, sql};
use crate::error::{StoreError, StoreResult};

/// A ledger account whatever its currencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charted {
    /// What it is.
    pub kind: LedgerKind,
    /// Whose it is, for wallets and earnings.
    pub owner: Option<AccountId>,
    /// The owner's public name.
    pub handle: Option<Handle>,
    /// Which settlement it clears.
    pub period: Option<Period>,
}

/// Every ledger account once, in a fixed order.
pub async fn all(read: &mut Read) -> StoreResult<Vec<Charted>> {
    let select = sql("
        select distinct l.kind, l.period, l.owner, a.handle
        from ledger_accounts l
        left join accounts a on a.id = l.owner
        order by l.kind, l.period, l.owner");
    let rows = select.fetch_all(read, |row| {
        let kind: String = row.get(0)?;
        let kind = LedgerKind::from_code(&kind);
        let period: i64 = row.get(1)?;
        let owner: Uuid = row.get(2)?;
        Ok(Charted {
            kind: kind.ok_or_else(|| StoreError::Corrupt("ledger_accounts.kind".to_owned()))?,
            owner: (!owner.is_nil()).then(|| AccountId::new(owner)),
            handle: row.get(3)?,
            period: if period == 0 { None } else { Period::from_number(period) },
        })
    });
    rows.await
}

/// The currencies of the ledger, by code.
pub async fn currencies(read: &mut Read) -> StoreResult<Vec<Currency>> {
    let select = sql("select distinct currency from ledger_accounts order by currency");
    select.fetch_all(read, |row| row.get(0)).await
}
