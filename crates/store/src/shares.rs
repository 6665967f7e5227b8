//! What a settlement comes to: packed statements, promises, credits, carried clicks.

use jiff::Timestamp;
use obole_domain::statement::Statement;
use obole_domain::{AccountId, Currency, Micros, Period, Points, WorkId};
use uuid::Uuid;

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};
use crate::freeze::Range;

/// A packed statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// Whose.
    pub patron: AccountId,
    /// In what.
    pub currency: Currency,
    /// What it moves.
    pub sums: Sums,
    /// The packed statement.
    pub body: Vec<u8>,
}

/// What a statement moves on its patron's wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// All that leaves it.
    pub taken: Micros,
    /// Of that, what collects earlier promises.
    pub collected: Micros,
    /// Of that, what goes to the pool.
    pub to_pool: Micros,
    /// What is newly promised and stays there, held.
    pub promised: Micros,
}

/// Stores the packed statements of a chunk, in key order.
pub async fn put_statements(
    tx: &mut Tx,
    period: Period,
    statements: &[StatementRow],
) -> StoreResult<()> {
    let rows = statements.iter().map(|statement| {
        vec![
            period.into(),
            statement.patron.into(),
            statement.currency.into(),
            statement.sums.taken.into(),
            statement.sums.collected.into(),
            statement.sums.to_pool.into(),
            statement.sums.promised.into(),
            statement.body.as_slice().into(),
        ]
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let insert = "
        insert into statements (period, patron, currency, taken_micros, collected_micros,
            pool_micros, promised_micros, body)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

fn statement_at(row: &Row<'_>, place: usize) -> StoreResult<Statement> {
    let body: Vec<u8> = row.get(place + 1)?;
    let statement = Statement::unpack(row.get(place)?, &body);
    statement.ok_or_else(|| StoreError::Corrupt("statements.body".to_owned()))
}

/// A patron's statements of a period, by currency.
pub async fn statements_of(
    read: &mut Read,
    patron: AccountId,
    period: Period,
) -> StoreResult<Vec<Statement>> {
    let select = sql("
        select currency, body from statements
        where period = $1 and patron = $2
        order by currency");
    select.bind(period).bind(patron).fetch_all(read, |row| statement_at(row, 0)).await
}

/// The statements of a range of patrons, in key order: for exports and the audit.
pub async fn statements_between(
    read: &mut Read,
    period: Period,
    range: Range,
) -> StoreResult<Vec<(AccountId, Statement)>> {
    let select = sql("
        select patron, currency, body from statements
        where period = $1 and patron > $2 and patron <= $3
        order by patron, currency");
    let select = select.bind(period).bind(range.after).bind(range.last);
    select.fetch_all(read, |row| Ok((row.get(0)?, statement_at(row, 1)?))).await
}

/// What the statements of a range of patrons move, in key order.
pub async fn sums_between(
    read: &mut Read,
    period: Period,
    range: Range,
) -> StoreResult<Vec<(AccountId, Currency, Sums)>> {
    let select = sql("
        select patron, currency, taken_micros, collected_micros, pool_micros, promised_micros
        from statements
        where period = $1 and patron > $2 and patron <= $3
        order by patron, currency");
    let select = select.bind(period).bind(range.after).bind(range.last);
    let rows = select.fetch_all(read, |row| {
        let (taken, collected) = (row.get(2)?, row.get(3)?);
        let (to_pool, promised) = (row.get(4)?, row.get(5)?);
        Ok((row.get(0)?, row.get(1)?, Sums { taken, collected, to_pool, promised }))
    });
    rows.await
}

/// What a patron gave in a period and currency, for the chart over the months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodSum {
    /// When.
    pub period: Period,
    /// In what.
    pub currency: Currency,
    /// What left the wallet, or what arrived.
    pub amount: Micros,
    /// What was promised; for a creator, how many clicks.
    pub other: i64,
}

fn month_at(row: &Row<'_>) -> StoreResult<PeriodSum> {
    Ok(PeriodSum {
        period: row.get(0)?,
        currency: row.get(1)?,
        amount: row.get(2)?,
        other: row.get(3)?,
    })
}

/// What a patron gave and promised, by month, newest first.
pub async fn months_given(
    read: &mut Read,
    patron: AccountId,
    limit: i64,
) -> StoreResult<Vec<PeriodSum>> {
    let select = sql("
        select period, currency, taken_micros, promised_micros from statements
        where patron = $1
        order by period desc, currency
        limit $2");
    select.bind(patron).bind(limit).fetch_all(read, month_at).await
}

/// What a creator received after the fee, alone, of teams and of other works, and for how many
/// clicks, by month, newest first.
pub async fn months_received(
    read: &mut Read,
    payee: AccountId,
    limit: i64,
) -> StoreResult<Vec<PeriodSum>> {
    let select = sql("
        with received as (
            select period, currency, net_micros, clicks from credits
            where payee = $1 and period in (select period from settlements)
            union all
            select period, currency, amount_micros, cast(0 as bigint) from team_credits
            where member = $1
            union all
            select settles, currency, amount_micros, cast(0 as bigint) from passes
            where payee = $1 and payer <> $1
        )
        select period, currency, cast(sum(net_micros) as bigint), cast(sum(clicks) as bigint)
        from received
        group by period, currency
        order by period desc, currency
        limit $2");
    select.bind(payee).bind(limit).fetch_all(read, month_at).await
}

/// Moves clicks to a later period: points add up to the limit of a work, carries count.
pub async fn carry(
    tx: &mut Tx,
    to: Period,
    clicks: &[(AccountId, WorkId, i64, i64)],
    now: Timestamp,
) -> StoreResult<()> {
    let upsert = "
        insert into clicks (period, patron, work, points, carries, way, first_at, last_at)
        values ($1, $2, $3, $4, $5, 'carried', $6, $6)
        on conflict (period, patron, work) do update set
            points = case when clicks.points + excluded.points > $7 then $7
                else clicks.points + excluded.points end,
            carries = case when clicks.carries > excluded.carries then clicks.carries
                else excluded.carries end";
    let rows: Vec<Vec<Value>> = clicks
        .iter()
        .map(|(patron, work, points, carries)| {
            vec![
                to.into(),
                (*patron).into(),
                (*work).into(),
                (*points).into(),
                (*carries).into(),
                now.into(),
                Points::WORK_MAX.into(),
            ]
        })
        .collect();
    sql(upsert).execute_many(tx, &rows).await.map(|_| ())
}

/// A credit as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditRow {
    /// For which work.
    pub work: WorkId,
    /// In what.
    pub currency: Currency,
    /// Who receives it.
    pub payee: AccountId,
    /// How many clicks.
    pub clicks: i64,
    /// The sum of the shares.
    pub gross: Micros,
    /// The instance's part.
    pub fee: Micros,
    /// What the payee got.
    pub net: Micros,
}

fn credit_at(row: &Row<'_>) -> StoreResult<CreditRow> {
    Ok(CreditRow {
        work: row.get(0)?,
        currency: row.get(1)?,
        payee: row.get(2)?,
        clicks: row.get(3)?,
        gross: row.get(4)?,
        fee: row.get(5)?,
        net: row.get(6)?,
    })
}

/// Stores credits, in key order.
pub async fn put_credits(tx: &mut Tx, period: Period, credits: &[CreditRow]) -> StoreResult<()> {
    let insert = "
        insert into credits (period, work, currency, payee, clicks, gross_micros, fee_micros,
            net_micros)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let rows = credits.iter().map(|credit| {
        vec![
            period.into(),
            credit.work.into(),
            credit.currency.into(),
            credit.payee.into(),
            credit.clicks.into(),
            credit.gross.into(),
            credit.fee.into(),
            credit.net.into(),
        ]
    });
    sql(insert).execute_many(tx, &rows.collect::<Vec<_>>()).await.map(|_| ())
}

/// What an account's works received in a period, most first.
pub async fn credits_of(
    read: &mut Read,
    payee: AccountId,
    period: Period,
) -> StoreResult<Vec<CreditRow>> {
    let select = sql("
        select work, currency, payee, clicks, gross_micros, fee_micros, net_micros from credits
        where payee = $1 and period = $2
        order by net_micros desc, work, currency");
    select.bind(payee).bind(period).fetch_all(read, credit_at).await
}

/// How many clicks and how much a work received in all settled periods.
pub async fn work_total(read: &mut Read, work: WorkId) -> StoreResult<i64> {
    let select = sql("
        select cast(coalesce(sum(c.clicks), 0) as bigint)
        from settlements s
        join frozen_works f on f.period = s.period
        join credits c on c.period = f.period and c.payee = f.payee and c.work = f.work
        where f.work = $1");
    select.bind(work).fetch_one(read, |row| row.get(0)).await
}

/// How many patrons a work had in its best month, in one currency: a click of a settled month is
/// one patron's.
pub async fn patrons_most(read: &mut Read, work: WorkId) -> StoreResult<i64> {
    let select = sql("
        select cast(coalesce(max(c.clicks), 0) as bigint)
        from settlements s
        join frozen_works f on f.period = s.period
        join credits c on c.period = f.period and c.payee = f.payee and c.work = f.work
        where f.work = $1");
    select.bind(work).fetch_one(read, |row| row.get(0)).await
}

/// When the last period was settled in which a work received something.
pub async fn received_at(read: &mut Read, work: WorkId) -> StoreResult<Option<Timestamp>> {
    let select = sql("
        select max(s.finished_at)
        from settlements s
        join frozen_works f on f.period = s.period
        join credits c on c.period = f.period and c.payee = f.payee and c.work = f.work
        where f.work = $1");
    select.bind(work).fetch_one(read, |row| row.get(0)).await
}

/// How many works received in a period.
pub async fn works_count(read: &mut Read, period: Period) -> StoreResult<i64> {
    let works = sql("
        select count(*) from (select distinct work from credits where period = $1) as received");
    works.bind(period).fetch_one(read, |row| row.get(0)).await
}

/// The next accounts that a settlement concerns: those with a statement or a credit, those of
/// teams and those that works passed something on to.
pub async fn next_concerned(
    read: &mut Read,
    period: Period,
    after: Uuid,
    limit: i64,
) -> StoreResult<Vec<AccountId>> {
    let select = sql("
        select account from (
            select patron as account from statements where period = $1 and patron > $2
            union
            select payee from credits where period = $1 and payee > $2
            union
            select member from team_credits where period = $1 and member > $2
            union
            select payee from passes where settles = $1 and payee > $2) as concerned
        order by account
        limit $3");
    select.bind(period).bind(after).bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// What an account's works received together in a period, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditsSum {
    /// How many clicks.
    pub clicks: i64,
    /// The sum of the shares.
    pub gross: Micros,
    /// The instance's part.
    pub fee: Micros,
    /// What the payee got.
    pub net: Micros,
}

/// What an account's works received together in a period, by currency.
pub async fn credit_sums(
    read: &mut Read,
    payee: AccountId,
    period: Period,
) -> StoreResult<Vec<(Currency, CreditsSum)>> {
    let select = sql("
        select currency, cast(sum(clicks) as bigint), cast(sum(gross_micros) as bigint),
            cast(sum(fee_micros) as bigint), cast(sum(net_micros) as bigint)
        from credits
        where payee = $1 and period = $2
        group by currency
        order by currency");
    let rows = select.bind(payee).bind(period).fetch_all(read, |row| {
        let (clicks, gross, fee, net) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        Ok((row.get(0)?, CreditsSum { clicks, gross, fee, net }))
    });
    rows.await
}

/// A page of what an account's works received in a period and currency, most first, after a line.
pub async fn credits_page(
    read: &mut Read,
    (payee, period, currency): (AccountId, Period, Currency),
    after: Option<(Micros, WorkId)>,
    limit: i64,
) -> StoreResult<Vec<CreditRow>> {
    let (net, work) = after.unwrap_or((Micros::new(i64::MAX), WorkId::new(Uuid::max())));
    let select = sql("
        select work, currency, payee, clicks, gross_micros, fee_micros, net_micros from credits
        where payee = $1 and period = $2 and currency = $3 and (net_micros, work) < ($4, $5)
        order by net_micros desc, work desc
        limit $6");
    let select = select.bind(payee).bind(period).bind(currency).bind(net).bind(work);
    select.bind(limit).fetch_all(read, credit_at).await
}
