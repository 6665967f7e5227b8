//! Many clicks at once: one statement for all of them on PostgreSQL, one prepared loop on SQLite
//! (performance.md section 2). Rows are sorted, so that all who give at once lock in one order
//! (D6).

use jiff::Timestamp;
use obole_domain::click::Way;
use obole_domain::ledger::LedgerKind;
use obole_domain::{AccountId, Micros, Money, Note, Period, Points, WorkId};

use crate::db::{Tx, Value, sql};
use crate::error::StoreResult;

/// Points to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Whose.
    pub patron: AccountId,
    /// On what.
    pub work: WorkId,
    /// How many.
    pub points: Points,
    /// Where they came in.
    pub way: Way,
}

/// Adds points to clicks, as [`crate::clicks::add`] does to one, and gives the sums. What the guard
/// refused is left out. No patron may be there twice with one work. What a subscription adds is no
/// new wish: how often the click has moved stays as it is, whether it moves before or after
/// (docs/decisions/0071).
pub async fn add_each(
    tx: &mut Tx,
    period: Period,
    added: &[Added],
    rule: (bool, Timestamp),
) -> StoreResult<Vec<(AccountId, WorkId, Points)>> {
    let (is_once, now) = rule;
    let upsert = "
        insert into clicks (period, patron, work, points, way, first_at, last_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (period, patron, work)
        do update set points = clicks.points + excluded.points, last_at = excluded.last_at,
            carries = case when excluded.way = 'subscription' then clicks.carries else 0 end
            where not $7 and clicks.points + excluded.points <= $8
        returning patron, work, points";
    let most = Points::WORK_MAX;
    let row = |one: &Added| {
        let (patron, work) = (one.patron.into(), one.work.into());
        let (points, way) = (one.points.into(), (&*one.way.code()).into());
        vec![period.into(), patron, work, points, way, now.into(), is_once.into(), most.into()]
    };
    let mut sorted = added.to_vec();
    sorted.sort_unstable_by_key(|one| (one.patron, one.work));
    let rows: Vec<Vec<Value>> = sorted.iter().map(row).collect();
    sql(upsert).fetch_each(tx, &rows, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// Signs clicks with notes, replacing those before. No patron may be there twice with one work.
pub async fn set_notes(
    tx: &mut Tx,
    period: Period,
    notes: &[(AccountId, WorkId, &Note)],
    now: Timestamp,
) -> StoreResult<()> {
    let upsert = "
        insert into notes (period, patron, work, text, at) values ($1, $2, $3, $4, $5)
        on conflict (period, patron, work) do update set text = excluded.text, at = excluded.at";
    let mut sorted = notes.to_vec();
    sorted.sort_unstable_by_key(|(patron, work, _)| (*patron, *work));
    let row = |(patron, work, note): &(AccountId, WorkId, &Note)| {
        let text = note.as_str().into();
        vec![period.into(), (*patron).into(), (*work).into(), text, now.into()]
    };
    let rows: Vec<Vec<Value>> = sorted.iter().map(row).collect();
    sql(upsert).execute_many(tx, &rows).await.map(|_| ())
}

/// The weights of some patrons' periods: patron, work, points.
pub async fn of_patrons(
    tx: &mut Tx,
    period: Period,
    patrons: &[AccountId],
) -> StoreResult<Vec<(AccountId, WorkId, Points)>> {
    let select = sql("
        select c.patron, c.work, c.points
        from (values (cast($2 as uuid))) as v, clicks c
        where c.period = $1 and c.patron = v.column1");
    let rows: Vec<Vec<Value>> =
        patrons.iter().map(|patron| vec![period.into(), (*patron).into()]).collect();
    select.fetch_each(tx, &rows, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// A budget, and what the wallet has available for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPurse {
    /// Whose.
    pub patron: AccountId,
    /// The budget.
    pub budget: Money,
    /// The balance of the wallet less what is held.
    pub available: Micros,
}

/// The purses of some patrons, by currency with a budget.
pub async fn purses(tx: &mut Tx, patrons: &[AccountId]) -> StoreResult<Vec<OpenPurse>> {
    let select = sql("
        select b.account, b.amount_micros, b.currency,
            coalesce(-l.balance_micros - l.held_micros, cast(0 as bigint))
        from (values (cast($2 as uuid))) as v, budgets b
        left join ledger_accounts l
            on l.owner = b.account and l.kind = $1 and l.currency = b.currency and l.period = 0
        where b.account = v.column1 and b.amount_micros > 0");
    let wallet = LedgerKind::Wallet.code();
    let rows: Vec<Vec<Value>> =
        patrons.iter().map(|patron| vec![wallet.into(), (*patron).into()]).collect();
    let purse = select.fetch_each(tx, &rows, |row| {
        let budget = Money::new(row.get(1)?, row.get(2)?);
        Ok(OpenPurse { patron: row.get(0)?, budget, available: row.get(3)? })
    });
    purse.await
}
