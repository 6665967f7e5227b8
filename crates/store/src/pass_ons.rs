//! What works pass on to the works that they build on, as their payees set it.

use jiff::Timestamp;
use obole_domain::{AccountId, PassOn, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};
use crate::works::{WorkRow, work_at};

/// What a work passes on: nothing where nobody said so, or where it is another account's now.
pub async fn find(read: &mut Read, work: WorkId) -> StoreResult<PassOn> {
    let select = sql("
        select p.part, t.target, t.weight
        from pass_ons p
            join works w on w.id = p.work and w.owner = p.account
            join pass_on_targets t on t.work = p.work
        where p.work = $1
        order by t.target");
    let rows = select.bind(work).fetch_all(read, |row| {
        Ok((row.get::<i64>(0)?, (row.get::<WorkId>(1)?, row.get::<i64>(2)?)))
    });
    let rows = rows.await?;
    let Some((part, _)) = rows.first() else { return Ok(PassOn::default()) };
    let pass_on = PassOn::new(work, *part, rows.iter().map(|(_, target)| *target));
    pass_on.map_err(|_| StoreError::Corrupt("pass_on_targets.weight".to_owned()))
}

/// Sets what a work of an account passes on from the next settlement on.
pub async fn set(
    tx: &mut Tx,
    (work, account): (WorkId, AccountId),
    pass_on: &PassOn,
    (by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<()> {
    let upsert = sql("
        insert into pass_ons (work, account, part, set_by, set_at) values ($1, $2, $3, $4, $5)
        on conflict (work) do update set account = excluded.account, part = excluded.part,
            set_by = excluded.set_by, set_at = excluded.set_at");
    let upsert = upsert.bind(work).bind(account).bind(pass_on.part()).bind(by).bind(now);
    upsert.execute(tx).await?;
    sql("delete from pass_on_targets where work = $1").bind(work).execute(tx).await?;
    let rows: Vec<Vec<Value>> = pass_on
        .weights()
        .map(|(target, weight)| vec![work.into(), target.into(), weight.into()])
        .collect();
    let insert = "insert into pass_on_targets (work, target, weight) values ($1, $2, $3)";
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// The works that one passes on to, with their weights, the heaviest first.
pub async fn targets(read: &mut Read, work: WorkId) -> StoreResult<Vec<(WorkRow, i64)>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at, t.weight
        from pass_ons p
            join works own on own.id = p.work and own.owner = p.account
            join pass_on_targets t on t.work = p.work
            join works w on w.id = t.target
            left join accounts a on a.id = w.owner
        where p.work = $1 and p.part > 0
        order by t.weight desc, w.url");
    let rows = select.bind(work);
    rows.fetch_all(read, |row| Ok((work_at(row)?, row.get(7)?))).await
}

/// A work that passes something on to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceRow {
    /// Which.
    pub work: WorkRow,
    /// How much it passes on, in hundredths of a percent.
    pub part: i64,
    /// The weight of the other one.
    pub weight: i64,
    /// The weights of all.
    pub weights: i64,
}

/// The works that pass on to one, those that pass on most first.
pub async fn sources(read: &mut Read, work: WorkId, limit: i64) -> StoreResult<Vec<SourceRow>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at, p.part,
            t.weight, (select cast(sum(weight) as bigint) from pass_on_targets
                where work = t.work)
        from pass_on_targets t
            join pass_ons p on p.work = t.work
            join works w on w.id = p.work and w.owner = p.account
            join accounts a on a.id = w.owner
        where t.target = $1 and p.part > 0 and w.refused_at is null
        order by p.part desc, w.url
        limit $2");
    let rows = select.bind(work).bind(limit).fetch_all(read, |row| {
        let (part, weight, weights) = (row.get(7)?, row.get(8)?, row.get(9)?);
        Ok(SourceRow { work: work_at(row)?, part, weight, weights })
    });
    rows.await
}
