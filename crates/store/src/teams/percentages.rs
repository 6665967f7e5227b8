//! A team's percentages, one set after the other, and what its members received by them.

use jiff::Timestamp;
use obole_domain::team::Percentages;
use obole_domain::{AccountId, Currency, Handle, Micros, Period, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// Percentages as they were set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PercentagesRow {
    /// Which set, from 1.
    pub number: i64,
    /// Who set them; none where that account is gone.
    pub by: Option<Handle>,
    /// When.
    pub at: Timestamp,
    /// The parts, by public name; none where that account is gone.
    pub parts: Vec<(Option<Handle>, i64)>,
}

fn of_parts(parts: Vec<(AccountId, i64)>) -> StoreResult<Percentages> {
    Percentages::new(parts)
        .map_err(|_| StoreError::Corrupt("team_percentage_lines.part".to_owned()))
}

/// How a team shares out now.
pub async fn current(read: &mut Read, team: AccountId) -> StoreResult<Percentages> {
    let select = sql("
        select member, part from team_percentage_lines
        where team = $1 and number = (select max(number) from team_percentages where team = $1)");
    let parts = select.bind(team).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?)));
    of_parts(parts.await?)
}

/// Sets how a team shares out from the next settlement on. The caller holds the team.
pub async fn set(
    tx: &mut Tx,
    (team, percentages): (AccountId, &Percentages),
    (by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<()> {
    let last = sql("
        select coalesce(max(number), cast(0 as bigint)) from team_percentages where team = $1");
    let last: i64 = last.bind(team).fetch_one(tx, |row| row.get(0)).await?;
    let number = last + 1;
    let insert = sql("
        insert into team_percentages (team, number, set_by, set_at) values ($1, $2, $3, $4)");
    insert.bind(team).bind(number).bind(by).bind(now).execute(tx).await?;
    let rows: Vec<Vec<Value>> = percentages
        .parts()
        .map(|(member, part)| vec![team.into(), number.into(), member.into(), part.into()])
        .collect();
    let insert = "
        insert into team_percentage_lines (team, number, member, part) values ($1, $2, $3, $4)";
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// How a team has shared out, the newest first.
pub async fn history(
    read: &mut Read,
    team: AccountId,
    limit: i64,
) -> StoreResult<Vec<PercentagesRow>> {
    let sets = sql("
        select s.number, a.handle, s.set_at
        from team_percentages s left join accounts a on a.id = s.set_by
        where s.team = $1
        order by s.number desc
        limit $2");
    let sets = sets.bind(team).bind(limit).fetch_all(read, |row| {
        Ok(PercentagesRow {
            number: row.get(0)?,
            by: row.get(1)?,
            at: row.get(2)?,
            parts: Vec::new(),
        })
    });
    let mut sets = sets.await?;
    let lines = sql("
        select l.number, a.handle, l.part
        from team_percentage_lines l left join accounts a on a.id = l.member
        where l.team = $1 and l.number >= $2
        order by l.number, l.part desc, a.handle");
    let oldest = sets.last().map_or(0, |set| set.number);
    let lines: Vec<(i64, Option<Handle>, i64)> = lines
        .bind(team)
        .bind(oldest)
        .fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .await?;
    for (number, member, part) in lines {
        if let Some(set) = sets.iter_mut().find(|set| set.number == number) {
            set.parts.push((member, part));
        }
    }
    Ok(sets)
}

/// Whether an account gets a part of what another one receives.
pub async fn receives(read: &mut Read, team: AccountId, member: AccountId) -> StoreResult<bool> {
    let select = sql("
        select count(*) from team_percentage_lines
        where team = $1 and member = $2
            and number = (select max(number) from team_percentages where team = $1)");
    let count: i64 = select.bind(team).bind(member).fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// What a member received of a work of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TeamCreditRow {
    /// Who.
    pub member: AccountId,
    /// Of which team.
    pub team: AccountId,
    /// For which work.
    pub work: WorkId,
    /// In what.
    pub currency: Currency,
    /// How much.
    pub amount: Micros,
}

/// Stores what members received; what they have of the same work already, by what was passed on to
/// it, is added to.
pub async fn put_credits(
    tx: &mut Tx,
    period: Period,
    credits: &[TeamCreditRow],
) -> StoreResult<()> {
    let upsert = "
        insert into team_credits (period, member, team, work, currency, amount_micros)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (period, member, team, work, currency) do update set
            amount_micros = team_credits.amount_micros + excluded.amount_micros";
    let rows = credits.iter().map(|credit| {
        vec![
            period.into(),
            credit.member.into(),
            credit.team.into(),
            credit.work.into(),
            credit.currency.into(),
            credit.amount.into(),
        ]
    });
    sql(upsert).execute_many(tx, &rows.collect::<Vec<_>>()).await.map(|_| ())
}

/// What a team's members received in a period, with their public names, together for each member
/// and currency, the most first.
pub async fn credits_of_team(
    read: &mut Read,
    team: AccountId,
    period: Period,
) -> StoreResult<Vec<(AccountId, Handle, Currency, Micros)>> {
    let select = sql("
        select c.member, a.handle, c.currency, cast(sum(c.amount_micros) as bigint)
        from team_credits c join accounts a on a.id = c.member
        where c.team = $1 and c.period = $2
        group by c.member, a.handle, c.currency
        order by c.currency, sum(c.amount_micros) desc, a.handle");
    let rows = select.bind(team).bind(period);
    rows.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).await
}

/// What a member received of a team by month and currency, newest first.
pub async fn months(
    read: &mut Read,
    (team, member): (AccountId, AccountId),
    limit: i64,
) -> StoreResult<Vec<(Period, Currency, Micros)>> {
    let select = sql("
        select period, currency, cast(sum(amount_micros) as bigint) from team_credits
        where member = $1 and team = $2
        group by period, currency
        order by period desc, currency
        limit $3");
    let rows = select.bind(member).bind(team).bind(limit);
    rows.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// What an account received of its teams in a period, together for each team and currency.
pub async fn credits_of_member(
    read: &mut Read,
    member: AccountId,
    period: Period,
) -> StoreResult<Vec<(Handle, Currency, Micros)>> {
    let select = sql("
        select a.handle, c.currency, cast(sum(c.amount_micros) as bigint)
        from team_credits c join accounts a on a.id = c.team
        where c.member = $1 and c.period = $2
        group by a.handle, c.currency
        order by a.handle, c.currency");
    let rows = select.bind(member).bind(period);
    rows.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}
