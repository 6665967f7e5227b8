//! What the audit asks of the database (security.md section 1): each question gives the rows that
//! break a rule, so an empty answer is a clean one. Sums that may pass 64 bits are taken in two.

use obole_domain::{AccountId, Currency, Period};
use uuid::Uuid;

use crate::cluster::{self, Standing};
use crate::db::{Engine, Read, Row, Sql, sql};
use crate::error::StoreResult;

/// How many breaches of one rule are listed.
const LISTED: i64 = 20;

fn numbers(row: &Row<'_>) -> StoreResult<String> {
    Ok(format!("{} in {}: {}", row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?))
}

/// A ledger account by its name, and what is wrong with it.
fn named(row: &Row<'_>) -> StoreResult<String> {
    let (owner, currency): (Uuid, Currency) = (row.get(0)?, row.get(2)?);
    Ok(format!("{} of {owner} in {currency}: {}", row.get::<String>(1)?, row.get::<i64>(3)?))
}

async fn breaches(read: &mut Read, select: Sql) -> StoreResult<Vec<String>> {
    select.bind(LISTED).fetch_all(read, numbers).await
}

/// L1: entries whose postings do not add up to zero in each currency.
pub async fn unbalanced_entries(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select entry, currency, cast(sum(amount_micros) as bigint)
        from postings
        group by entry, currency
        having sum(amount_micros) <> 0
        order by entry
        limit $1");
    breaches(read, select).await
}

/// L1: entries with fewer than two postings.
pub async fn thin_entries(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select e.seq, e.reason, count(p.owner)
        from entries e
        left join postings p on p.entry = e.seq
        group by e.seq, e.reason
        having count(p.owner) < 2
        order by e.seq
        limit $1");
    breaches(read, select).await
}

/// L1: currencies whose whole ledger does not add up to zero, by the stored balances.
pub async fn unbalanced_currencies(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select cast(sum(balance_micros / 1000000) as bigint), currency,
            cast(sum(balance_micros % 1000000) as bigint)
        from ledger_accounts
        group by currency
        order by currency");
    let rows = select.fetch_all(read, |row| {
        let (units, rest): (i64, i64) = (row.get(0)?, row.get(2)?);
        let sum = i128::from(units) * 1_000_000 + i128::from(rest);
        Ok((sum != 0).then_some(format!("{}: {sum}", row.get::<String>(1)?)))
    });
    Ok(rows.await?.into_iter().flatten().collect())
}

/// L2: reversals that do not undo each posting of what they reverse.
pub async fn wrong_reversals(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select r.seq, r.source, cast(sum(p.amount_micros) as bigint)
        from entries r
        join postings p on p.entry in (r.seq, r.reverses)
        where r.reverses is not null
        group by r.seq, r.source, p.owner, p.kind, p.currency, p.period
        having sum(p.amount_micros) <> 0
        order by r.seq
        limit $1");
    breaches(read, select).await
}

/// L2: what is append-only and could be changed all the same: by a missing trigger, where neither
/// the one who is connected nor, in a cluster, the role that an instance works as is kept from it.
pub async fn unguarded(read: &mut Read) -> StoreResult<Vec<String>> {
    let bare = match read.engine() {
        Engine::Sqlite => sql("
            select column1
            from (values ('entries'), ('postings'), ('audit_log'), ('claim_events')) as t
            where (select count(*) from sqlite_schema
                where type = 'trigger' and tbl_name = column1) < 2"),
        Engine::Postgres => sql("
            select cast(column1 as text)
            from (values ('entries'), ('postings'), ('audit_log'), ('claim_events')) as t
            where (select count(*) from pg_trigger
                where tgrelid = to_regclass(column1) and tgenabled <> 'D'
                    and (tgname like '%no_change' or tgname like '%no_truncate')) < 2"),
    };
    let mut bare: Vec<String> = bare.fetch_all(read, |row| row.get(0)).await?;
    if bare.is_empty() {
        return Ok(bare);
    }
    if read.engine() == Engine::Postgres {
        let changeable = cluster::changeable(read).await?;
        bare.retain(|table| changeable.contains(table));
    }
    let is_spread = matches!(cluster::standing(read).await?, Standing::Citus { done, .. }
        if bare.iter().all(|table| done.contains(table)));
    if is_spread && cluster::has_guarding_role(read).await? {
        bare.clear();
    }
    Ok(bare)
}

/// L3: stored balances that are not the sum of their postings.
pub async fn wrong_balances(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select a.owner, a.kind, a.currency, a.balance_micros
        from ledger_accounts a
        left join postings p on p.owner = a.owner and p.kind = a.kind
            and p.currency = a.currency and p.period = a.period
        group by a.owner, a.kind, a.currency, a.period, a.balance_micros
        having a.balance_micros <> coalesce(sum(p.amount_micros), 0)
        order by a.owner, a.kind, a.currency
        limit $1");
    select.bind(LISTED).fetch_all(read, named).await
}

/// L4: guarded ledger accounts below what they hold.
pub async fn overdrawn(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select owner, kind, currency, balance_micros from ledger_accounts
        where held_micros < 0 or (
            kind in ('wallet', 'earnings', 'pool', 'vouchers', 'in_transit')
            and balance_micros + held_micros > 0)
        order by owner, kind, currency
        limit $1");
    select.bind(LISTED).fetch_all(read, named).await
}

/// L4, L10: ledger accounts whose held amount is not the sum of what holds it: promises and frozen
/// means on wallets, holds and what is passed on on earnings. While a settlement runs, a chunk that
/// is not booked holds its means, and one that is holds what its statements promise.
pub async fn wrong_holds(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        with open as (
            select period from settlements where state in ('freezing', 'sharing', 'booking')
        ), newest as (
            select max(period) as period from settlements
        ), holding as (
            select owner, kind, currency, amount_micros from holds
            union all
            select payer, 'earnings', currency, amount_micros from passes where state = 'standing'
            union all
            select s.patron, 'wallet', s.currency, s.promised_micros
            from statements s
            join newest n on s.period >= n.period - 12
            where s.promised_micros > 0 and (s.period > n.period - 12 or not exists (
                select 1 from chunks c
                where c.period = n.period and c.step = 'freeze'
                    and s.patron > c.first and s.patron <= c.last))
                and (s.period not in (select period from open) or exists (
                    select 1 from chunks c
                    where c.period = s.period and c.step = 'book'
                        and s.patron > c.first and s.patron <= c.last))
            union all
            select p.patron, 'wallet', p.currency, -p.amount_micros
            from promises p
            join newest n on p.period >= n.period - 12
            where p.state <> 'collecting' and (p.period > n.period - 12 or not exists (
                select 1 from chunks c
                where c.period = n.period and c.step = 'freeze'
                    and p.patron > c.first and p.patron <= c.last))
            union all
            select p.patron, 'wallet', p.currency, p.amount_micros
            from promises p
            join newest n on p.period = n.period - 12
            where p.state = 'collecting' and exists (
                select 1 from chunks c
                where c.period = n.period and c.step = 'freeze'
                    and p.patron > c.first and p.patron <= c.last)
            union all
            select f.patron, 'wallet', f.currency, f.held_micros
            from frozen_purses f
            where f.period in (select period from open)
                and not exists (
                    select 1 from chunks c
                    where c.period = f.period and c.step = 'book'
                        and f.patron > c.first and f.patron <= c.last)
        ), held as (
            select owner, kind, currency, sum(amount_micros) as sum_micros from holding
            group by owner, kind, currency
        )
        select a.owner, a.kind, a.currency,
            cast(a.held_micros - coalesce(h.sum_micros, 0) as bigint)
        from ledger_accounts a
        left join held h on h.owner = a.owner and h.kind = a.kind and h.currency = a.currency
        where a.held_micros <> coalesce(h.sum_micros, 0)
        order by a.owner, a.kind, a.currency
        limit $1");
    select.bind(LISTED).fetch_all(read, named).await
}

/// L5: facts that are booked more than once.
pub async fn doubled_facts(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select min(seq), source, count(*)
        from entries
        group by source, external_id, effect
        having count(*) > 1
        order by min(seq)
        limit $1");
    breaches(read, select).await
}

/// L9: settled periods whose totals do not agree with the ledger or the standing promises: what
/// the postings took from wallets, what the credits say, what was promised. Summed first and joined
/// then, as Citus knows no subquery on parted tables that depends on a row of a whole one.
pub async fn wrong_totals(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        with given as (
            select period, currency, sum(promised_micros) as promised, sum(taken_micros) as taken
            from statements
            group by period, currency
        ), credited as (
            select period, currency, sum(net_micros) as net from credits
            group by period, currency
        )
        select t.period, t.currency, t.taken_micros - t.net_micros - t.fee_micros - t.pool_micros
        from settlement_totals t
        join settlements s on s.period = t.period
        left join given g on g.period = t.period and g.currency = t.currency
        left join credited c on c.period = t.period and c.currency = t.currency
        where s.state = 'done' and (
            t.taken_micros <> t.net_micros + t.fee_micros + t.pool_micros
            or t.gross_micros <> t.net_micros + t.fee_micros
            or t.promised_micros <> coalesce(g.promised, 0)
            or t.taken_micros <> coalesce(g.taken, 0)
            or t.net_micros <> coalesce(c.net, 0))
        order by t.period
        limit $1");
    breaches(read, select).await
}

/// L9: clearing ledger accounts of settled periods that are not zero.
pub async fn open_clearings(read: &mut Read) -> StoreResult<Vec<String>> {
    let select = sql("
        select a.period, a.currency, a.balance_micros
        from ledger_accounts a
        join settlements s on s.period = a.period
        where a.kind = 'clearing' and s.state = 'done' and a.balance_micros <> 0
        order by a.period
        limit $1");
    breaches(read, select).await
}

/// L14: entries that move more than the limit.
pub async fn huge_entries(read: &mut Read, limit: i64) -> StoreResult<Vec<String>> {
    let select = sql("
        select entry, currency, cast(sum(amount_micros) as bigint)
        from postings
        where amount_micros > 0
        group by entry, currency
        having sum(amount_micros) > cast($2 as bigint)
        order by entry
        limit $1");
    select.bind(LISTED).bind(limit).fetch_all(read, numbers).await
}

/// K1: subscriptions that gave a click twice in a period, or more often than they count.
pub async fn doubled_subscriptions(read: &mut Read) -> StoreResult<Vec<String>> {
    let twice = sql("
        select patron, min(period), count(*) from subscription_clicks
        group by patron, subscription, period
        having count(*) > 1
        order by min(period), patron
        limit $1");
    let works = sql("
        select patron, min(period), count(*) from subscription_clicks
        group by patron, work, period
        having count(*) > 1
        order by min(period), patron
        limit $1");
    // What was given long ago is forgotten, so there may be less.
    let uncounted = sql("
        select s.patron, max(c.period), count(*) from subscription_clicks c
        join subscriptions s on s.patron = c.patron and s.id = c.subscription
        group by s.patron, s.id, s.periods_given
        having count(*) > s.periods_given
        order by max(c.period), s.patron
        limit $1");
    let mut lines = Vec::new();
    for select in [twice, works, uncounted] {
        let rows = select.bind(LISTED).fetch_all(read, |row| {
            let (patron, period): (Uuid, Period) = (row.get(0)?, row.get(1)?);
            let count: i64 = row.get(2)?;
            Ok(format!("{period}: {count} clicks of a subscription of {patron}"))
        });
        lines.extend(rows.await?);
    }
    Ok(lines)
}

/// L6: what the settlement entries of a period took from a range of wallets, by owner.
pub async fn taken_by_entries(
    read: &mut Read,
    period: Period,
    range: (Uuid, Uuid),
) -> StoreResult<Vec<(AccountId, Currency, i64)>> {
    let select = sql("
        select p.owner, p.currency, cast(sum(p.amount_micros) as bigint)
        from postings p
        join entries e on e.seq = p.entry
        where p.kind = 'wallet' and p.owner > $1 and p.owner <= $2 and e.source = 'settlement'
            and e.external_id >= $3 and e.external_id < $4
        group by p.owner, p.currency
        order by p.owner, p.currency");
    let select = select.bind(range.0).bind(range.1);
    let select = select.bind(format!("{period}/")).bind(format!("{period}0"));
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}
