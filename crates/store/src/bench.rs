//! Many rows at once for measurements, and the ways that the settlement is measured against
//! (performance.md section 1).

use std::collections::BTreeMap;

use jiff::Timestamp;
use obole_domain::claim::Reach;
use obole_domain::{AccountId, CanonicalUrl, Handle, Micros, Money, Period, UrlPrefix, WorkId};

use crate::claims::host_key;
use crate::db::{Engine, Read, Tx, Value, sql};
use crate::error::StoreResult;
use crate::tokens::TokenRow;

/// Whether the database has no account yet.
pub async fn is_empty(read: &mut Read) -> StoreResult<bool> {
    let select = sql("select count(id) from (select id from accounts limit 1) as one");
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? == 0)
}

/// Makes accounts without a way to sign in, their addresses not confirmed: nobody is written to.
pub async fn put_accounts(
    tx: &mut Tx,
    accounts: &[(AccountId, Handle)],
    now: Timestamp,
) -> StoreResult<()> {
    let insert = "
        insert into accounts (id, handle, name, email, email_confirmed_at, password_hash, language,
            is_admin, is_public, gives_unspent, created_at)
        values ($1, $2, '', $3, null, '', '', false, false, false, $4)";
    let rows: Vec<Vec<Value>> = accounts
        .iter()
        .map(|(id, handle)| {
            let email = format!("{handle}@bench.obole.example");
            vec![(*id).into(), handle.into(), email.into(), now.into()]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// Makes tokens.
pub async fn put_tokens(tx: &mut Tx, tokens: &[([u8; 32], TokenRow)]) -> StoreResult<()> {
    let insert = "
        insert into tokens (hash, id, account, name, scopes, created_at, used_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let row = |(hash, token): &([u8; 32], TokenRow)| {
        let (name, scopes) = ((&token.name).into(), (&token.scopes).into());
        let (id, account) = (token.id.into(), token.account.into());
        let (created_at, used_at) = (token.created_at.into(), token.used_at.into());
        vec![(*hash).into(), id, account, name, scopes, created_at, used_at]
    };
    let rows: Vec<Vec<Value>> = tokens.iter().map(row).collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// Sets budgets.
pub async fn put_budgets(
    tx: &mut Tx,
    budgets: &[(AccountId, Money)],
    now: Timestamp,
) -> StoreResult<()> {
    let insert = "
        insert into budgets (account, currency, amount_micros, set_at) values ($1, $2, $3, $4)";
    let rows: Vec<Vec<Value>> = budgets
        .iter()
        .map(|(account, budget)| {
            vec![(*account).into(), budget.currency.into(), budget.amount.into(), now.into()]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// A work that nobody clicked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchWork {
    /// Its id, and its claim's.
    pub id: WorkId,
    /// Its identity.
    pub url: CanonicalUrl,
    /// Who controls it.
    pub owner: Option<AccountId>,
}

/// Makes works, and the claims of those that somebody controls.
pub async fn put_works(tx: &mut Tx, works: &[BenchWork], now: Timestamp) -> StoreResult<()> {
    let insert = "
        insert into works (id, url, title, owner, claim, owned_at, created_at, url_prefix, host_key)
        values ($1, $2, '', $3, $4, $5, $6, $7, $8)";
    let rows: Vec<Vec<Value>> = works
        .iter()
        .map(|work| {
            let owned_at = work.owner.map(|_| now);
            let url = Value::from(&work.url);
            let (id, claim) = (work.id.into(), work.owner.map(|_| work.id.uuid()).into());
            let (prefix, host) = (UrlPrefix::of(&work.url), host_key(work.url.host()));
            let (owner, at) = (work.owner.into(), owned_at.into());
            vec![id, url, owner, claim, at, now.into(), prefix.into(), host.into()]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await?;
    let insert = "
        insert into claims (id, work, account, method, reason, created_at, reach, proven_at,
            confirmed_at)
        values ($1, $1, $2, 'operator', 'bench', $3, $4, $3, $3)";
    let claim = |work: &BenchWork| {
        let reach = Reach::Page(work.url.clone()).key();
        Some(vec![work.id.into(), work.owner?.into(), now.into(), reach.into()])
    };
    let rows: Vec<Vec<Value>> = works.iter().filter_map(claim).collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// Gives clicks: patron, work, points.
pub async fn put_clicks(
    tx: &mut Tx,
    period: Period,
    clicks: &[(AccountId, WorkId, i64)],
    now: Timestamp,
) -> StoreResult<()> {
    let insert = "
        insert into clicks (period, patron, work, points, way, first_at, last_at)
        values ($1, $2, $3, $4, 'api', $5, $5)";
    let rows: Vec<Vec<Value>> = clicks
        .iter()
        .map(|(patron, work, points)| {
            vec![period.into(), (*patron).into(), (*work).into(), (*points).into(), now.into()]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// Patrons in the order of their ids, after one.
pub async fn patrons(read: &mut Read, after: AccountId, limit: i64) -> StoreResult<Vec<AccountId>> {
    let select = sql("
        select distinct account from budgets
        where account > $1
        order by account
        limit $2");
    select.bind(after).bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// The addresses of works, in the order in which they were made.
pub async fn urls(read: &mut Read, limit: i64) -> StoreResult<Vec<String>> {
    let select = sql("select url from works order by id limit $1");
    select.bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// Reads every click of a period and nothing else.
pub async fn scan(read: &mut Read, period: Period) -> StoreResult<i64> {
    let select = sql("
        select cast(coalesce(sum(points), 0) as bigint) from clicks
        where period = $1");
    select.bind(period).fetch_one(read, |row| row.get(0)).await
}

/// The largest-remainder method over windows, and what is selected of its `shares`.
macro_rules! by_windows {
    ($before:literal, $select:literal) => {
        concat!(
            $before,
            " with means as (
                select patron, case when budget_micros < available_micros then budget_micros
                    else available_micros end as means
                from frozen_purses
                where period = $1
            ), weighed as (
                select c.patron, c.work, m.means, m.means * c.points as product,
                    cast(sum(c.points) over (partition by c.patron) as bigint) as total
                from clicks c
                join means m on m.patron = c.patron
                where c.period = $1 and m.means >= $2
            ), divided as (
                select patron, work, means, product / total as share, product % total as rest
                from weighed
            ), ranked as (
                select patron, work, share,
                    means - cast(sum(share) over (partition by patron) as bigint) as unshared,
                    row_number() over (partition by patron order by rest desc, work) as place
                from divided
            ), shares as (
                select patron, work, case when place <= unshared then share + 1 else share end
                    as share
                from ranked
            ) ",
            $select
        )
    };
}

/// What each work gets by one statement of SQL.
pub async fn sums_by_sql(
    tx: &mut Tx,
    period: Period,
    means_min: Micros,
) -> StoreResult<BTreeMap<WorkId, i64>> {
    plan_freely(tx).await?;
    let select =
        sql(by_windows!("", "select work, cast(sum(share) as bigint) from shares group by work"));
    let rows =
        select.bind(period).bind(means_min).fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(rows.await?.into_iter().collect())
}

/// Computes every share by one statement of SQL and puts it into a temporary table, which
/// [`drop_shares`] takes away. Gives the number of shares.
pub async fn put_shares_by_sql(tx: &mut Tx, period: Period, means_min: Micros) -> StoreResult<u64> {
    plan_freely(tx).await?;
    let create = "create temporary table bench_shares (patron uuid, work uuid, share bigint)";
    sql(create).execute(tx).await?;
    let insert = sql(by_windows!(
        "insert into bench_shares (patron, work, share)",
        "select patron, work, share from shares"
    ));
    insert.bind(period).bind(means_min).execute(tx).await
}

/// Hands every share of [`put_shares_by_sql`] on, in the order of patrons and works.
pub async fn each_share_by_sql(
    tx: &mut Tx,
    mut each: impl FnMut(AccountId, WorkId, Micros) + Send,
) -> StoreResult<()> {
    let select = sql("select patron, work, share from bench_shares order by patron, work");
    let handed = select.for_each(tx, |row| {
        each(row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(())
    });
    handed.await
}

/// Takes the table of [`put_shares_by_sql`] away.
pub async fn drop_shares(tx: &mut Tx) -> StoreResult<()> {
    sql("drop table bench_shares").execute(tx).await.map(|_| ())
}

/// PostgreSQL may go through whole tables here, and has memory to sort in.
async fn plan_freely(tx: &mut Tx) -> StoreResult<()> {
    if tx.engine() == Engine::Postgres {
        sql("set local enable_seqscan = on").execute(tx).await?;
        sql("set local work_mem = '256MB'").execute(tx).await?;
    }
    Ok(())
}

/// Works in the order in which they were made.
pub async fn works(read: &mut Read, limit: i64) -> StoreResult<Vec<WorkId>> {
    let select = sql("select id from works order by id limit $1");
    select.bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// The work with the most patrons in a settled month, or the first where there is none.
pub async fn most_given(read: &mut Read) -> StoreResult<Option<(WorkId, String, i64)>> {
    let select = sql("
        select w.id, w.url, coalesce(c.clicks, cast(0 as bigint))
        from works w
        left join credits c on c.work = w.id
        order by 3 desc, w.id
        limit 1");
    select.fetch_optional(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}
