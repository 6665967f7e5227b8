//! What moved on an account's wallets and earnings, as it is shown.

use jiff::Timestamp;
use obole_domain::ledger::{LedgerKind, Reason};
use obole_domain::{AccountId, Micros, Money};

use crate::db::{Read, Row, sql};
use crate::error::{StoreError, StoreResult};

/// A posting as its ledger account's history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The entry's number, newest first; the cursor.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// Which thing of the source, such as a payout's id or `2026-11/…`.
    pub external_id: String,
    /// Positive for money that came, negative for money that went.
    pub amount: Money,
}

/// The movements of an account's wallets or earnings, newest first, before an entry's number.
pub async fn history(
    read: &mut Read,
    owner: AccountId,
    kind: LedgerKind,
    page: (i64, i64),
) -> StoreResult<Vec<Movement>> {
    let (before, limit) = page;
    let select = sql("
        select e.seq, e.at, e.reason, e.external_id, p.amount_micros, p.currency
        from postings p
        join entries e on e.seq = p.entry
        where p.owner = $1 and p.kind = $2 and p.entry < $3
        order by p.entry desc, p.currency
        limit $4");
    let select = select.bind(owner).bind(kind.code()).bind(before).bind(limit);
    let rows = select.fetch_all(read, |row| {
        let amount: Micros = row.get(4)?;
        Ok(Movement {
            seq: row.get(0)?,
            at: row.get(1)?,
            reason: reason_at(row, 2)?,
            external_id: row.get(3)?,
            amount: Money::new(amount.negated()?, row.get(5)?),
        })
    });
    rows.await
}

/// A stored reason.
pub(super) fn reason_at(row: &Row<'_>, place: usize) -> StoreResult<Reason> {
    let code: String = row.get(place)?;
    Reason::from_code(&code).ok_or_else(|| StoreError::Corrupt("entries.reason".to_owned()))
}
