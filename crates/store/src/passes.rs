//! What works passed on: promised to the works that they build on, held on their payees' earnings,
//! collected once somebody controls those works, let go of otherwise (product.md section 4, works
//! 2).

use jiff::Timestamp;
use obole_domain::policy::PROMISE_MONTHS;
use obole_domain::{AccountId, CanonicalUrl, Currency, Micros, Period, WorkId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// A part of what a work received, on its way to a work that it builds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassRow {
    /// In which settlement it arose.
    pub arisen: Period,
    /// The first settlement in which it may be collected.
    pub due: Period,
    /// On whose earnings it is held.
    pub payer: AccountId,
    /// Which work passes it on.
    pub work: WorkId,
    /// To which one.
    pub target: WorkId,
    /// In what.
    pub currency: Currency,
    /// How much.
    pub amount: Micros,
}

fn pass_at(row: &Row<'_>) -> StoreResult<PassRow> {
    Ok(PassRow {
        arisen: row.get(0)?,
        due: row.get(1)?,
        payer: row.get(2)?,
        work: row.get(3)?,
        target: row.get(4)?,
        currency: row.get(5)?,
        amount: row.get(6)?,
    })
}

impl PassRow {
    fn key(&self) -> Vec<Value> {
        vec![
            self.payer.into(),
            self.due.into(),
            self.arisen.into(),
            self.work.into(),
            self.target.into(),
            self.currency.into(),
        ]
    }
}

/// Stores what is passed on; what the same work passed on to the same one in the same settlement is
/// added to. Each key stands once among them. The caller holds the amounts on the earnings of the
/// payers.
pub async fn put(tx: &mut Tx, passes: &[PassRow]) -> StoreResult<()> {
    let upsert = "
        insert into passes (payer, due, arisen, work, target, currency, amount_micros, state)
        values ($1, $2, $3, $4, $5, $6, $7, 'standing')
        on conflict (payer, due, arisen, work, target, currency) do update set
            amount_micros = passes.amount_micros + excluded.amount_micros
        where passes.state = 'standing'";
    let rows = passes.iter().map(|pass| {
        let mut row = pass.key();
        row.push(pass.amount.into());
        row
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    if sql(upsert).execute_many(tx, &rows).await? == rows.len() as u64 {
        return Ok(());
    }
    Err(StoreError::Database("what was passed on had ended before it was added to".to_owned()))
}

/// What a settlement has still to collect: what is due for works whose payees take it. With their
/// payees, in the order of the key.
pub async fn due(
    read: &mut Read,
    period: Period,
    limit: i64,
) -> StoreResult<Vec<(PassRow, AccountId)>> {
    let select = sql("
        select p.arisen, p.due, p.payer, p.work, p.target, p.currency, p.amount_micros, f.payee
        from passes p
        join frozen_works f on f.period = $1 and f.work = p.target
        where p.state = 'standing' and p.due <= $1 and f.payee is not null and not f.is_refused
            and not exists (
                select 1 from frozen_payees r
                where r.period = $1 and r.payee = f.payee and r.currency = p.currency
                    and r.is_refused)
        order by p.payer, p.due, p.arisen, p.work, p.target, p.currency
        limit $2");
    let rows = select.bind(period).bind(limit);
    rows.fetch_all(read, |row| Ok((pass_at(row)?, row.get(7)?))).await
}

/// Marks what a settlement collects; says of each whether it stood until now, so that each is
/// collected once.
pub async fn collect(
    tx: &mut Tx,
    (period, now): (Period, Timestamp),
    passes: &[(PassRow, AccountId)],
) -> StoreResult<Vec<bool>> {
    let update = "
        update passes set state = 'collected', settles = $7, payee = $8, ended_at = $9
        where payer = $1 and due = $2 and arisen = $3 and work = $4 and target = $5
            and currency = $6 and state = 'standing'
        returning amount_micros";
    let rows = passes.iter().map(|(pass, payee)| {
        let mut row = pass.key();
        row.extend([period.into(), (*payee).into(), now.into()]);
        row
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let taken: Vec<Option<Micros>> = sql(update).fetch_many(tx, &rows, |row| row.get(0)).await?;
    Ok(taken.into_iter().map(|taken| taken.is_some()).collect())
}

/// Ends what nobody collected in twelve months, and what is for works that are refused by now, when
/// a settlement closes. Gives what the payers' earnings held for it.
pub async fn end_over(
    tx: &mut Tx,
    period: Period,
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let update = sql("
        update passes set state = 'let_go', ended_at = $3
        where state = 'standing' and (arisen < $2 or target in (
            select work from frozen_works where period = $1 and is_refused))
        returning payer, currency, amount_micros");
    let update = update.bind(period).bind(period.back(PROMISE_MONTHS)).bind(now);
    update.fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// Lets go of what an account's works promised to a work that nobody controls; gives what its
/// earnings held for it. What a settlement under way promises stands: it may be added to.
pub async fn let_go(
    tx: &mut Tx,
    (payer, target): (AccountId, WorkId),
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let update = sql("
        update passes set state = 'let_go', ended_at = $3
        where payer = $1 and target = $2 and state = 'standing'
            and target in (select id from works where owner is null)
            and arisen in (select period from settlements where state = 'done')
        returning payer, currency, amount_micros");
    let update = update.bind(payer).bind(target).bind(now);
    update.fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// The same for all that an account's works promised: to works that nobody is paid for, or, when
/// the account goes, to all.
pub async fn let_go_of_all(
    tx: &mut Tx,
    (payer, is_leaving): (AccountId, bool),
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let update = sql("
        update passes set state = 'let_go', ended_at = $2
        where payer = $1 and state = 'standing' and ($3 or target not in (
                select w.id from works w join claims c on c.id = w.claim
                where c.state = 'proven' and c.confirmed_at is not null))
            and arisen in (select period from settlements where state = 'done')
        returning payer, currency, amount_micros");
    let update = update.bind(payer).bind(now).bind(is_leaving);
    update.fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// What an account's works have promised to one work, and it has not collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRow {
    /// Which work is promised something.
    pub target: WorkId,
    /// Its address.
    pub url: CanonicalUrl,
    /// Whether nobody controls it: then it can be let go of.
    pub is_unclaimed: bool,
    /// In what.
    pub currency: Currency,
    /// How much in all.
    pub amount: Micros,
    /// In which settlement the oldest of it arose.
    pub since: Period,
}

/// What an account's works have promised that stands, the most first.
pub async fn standing(
    read: &mut Read,
    payer: AccountId,
    limit: i64,
) -> StoreResult<Vec<StandingRow>> {
    let select = sql("
        select p.target, w.url, w.owner is null, p.currency,
            cast(sum(p.amount_micros) as bigint), min(p.arisen)
        from passes p join works w on w.id = p.target
        where p.payer = $1 and p.state = 'standing'
        group by p.target, w.url, w.owner, p.currency
        order by sum(p.amount_micros) desc, p.target
        limit $2");
    let rows = select.bind(payer).bind(limit).fetch_all(read, |row| {
        Ok(StandingRow {
            target: row.get(0)?,
            url: row.get(1)?,
            is_unclaimed: row.get(2)?,
            currency: row.get(3)?,
            amount: row.get(4)?,
            since: row.get(5)?,
        })
    });
    rows.await
}

/// What passed between two works in a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassedRow {
    /// From which work.
    pub work: WorkId,
    /// To which one.
    pub target: WorkId,
    /// In what.
    pub currency: Currency,
    /// How much.
    pub amount: Micros,
}

fn passed_at(row: &Row<'_>) -> StoreResult<PassedRow> {
    Ok(PassedRow {
        work: row.get(0)?,
        target: row.get(1)?,
        currency: row.get(2)?,
        amount: row.get(3)?,
    })
}

/// What an account's works promised onwards of what they received in a period, the most first.
pub async fn given_on(
    read: &mut Read,
    (payer, period): (AccountId, Period),
    limit: i64,
) -> StoreResult<Vec<PassedRow>> {
    let select = sql("
        select work, target, currency, cast(sum(amount_micros) as bigint) from passes
        where payer = $1 and arisen = $2
        group by work, target, currency
        order by currency, sum(amount_micros) desc, work, target
        limit $3");
    select.bind(payer).bind(period).bind(limit).fetch_all(read, passed_at).await
}

/// What other works handed to an account's works in a settlement, the most first.
pub async fn received(
    read: &mut Read,
    (payee, period): (AccountId, Period),
    limit: i64,
) -> StoreResult<Vec<PassedRow>> {
    let select = sql("
        select work, target, currency, cast(sum(amount_micros) as bigint) from passes
        where payee = $1 and settles = $2 and payer <> $1
        group by work, target, currency
        order by currency, sum(amount_micros) desc, work, target
        limit $3");
    select.bind(payee).bind(period).bind(limit).fetch_all(read, passed_at).await
}

/// What came to an account in a settlement by passing on, less what its works promised onwards, by
/// currency; below zero where it was less.
pub async fn net(
    read: &mut Read,
    (account, period): (AccountId, Period),
) -> StoreResult<Vec<(Currency, Micros)>> {
    let received = sql("
        select currency, cast(sum(amount_micros) as bigint) from passes
        where payee = $1 and settles = $2 and payer <> $1
        group by currency");
    let received = received.bind(account).bind(period);
    let received: Vec<(Currency, Micros)> =
        received.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let given = sql("
        select currency, cast(-sum(amount_micros) as bigint) from passes
        where payer = $1 and arisen = $2
        group by currency");
    let given = given.bind(account).bind(period);
    let given: Vec<(Currency, Micros)> =
        given.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(received.into_iter().chain(given).collect())
}
