//! The history that creators bring from Flattr.

use obole_domain::flattr_revenue::FlattrRevenue;
use obole_domain::{AccountId, Currency, Micros, Money, Period, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// Saves lines, each replacing what was known of its month and work, and says how many are new or
/// differ from what was known.
pub async fn save(tx: &mut Tx, account: AccountId, revenues: &[FlattrRevenue]) -> StoreResult<u64> {
    let upsert = "
        insert into flattr_revenues (account, period, flattr_id, flattr_url, url, title, clicks,
            revenue_micros, clicks_total)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (account, period, flattr_id) do update set
            flattr_url = excluded.flattr_url, url = excluded.url, title = excluded.title,
            clicks = excluded.clicks, revenue_micros = excluded.revenue_micros,
            clicks_total = excluded.clicks_total
        where flattr_revenues.flattr_url <> excluded.flattr_url
            or flattr_revenues.url <> excluded.url
            or flattr_revenues.title <> excluded.title
            or flattr_revenues.clicks <> excluded.clicks
            or flattr_revenues.revenue_micros <> excluded.revenue_micros
            or flattr_revenues.clicks_total <> excluded.clicks_total";
    let rows: Vec<Vec<Value>> = revenues
        .iter()
        .map(|line| {
            vec![
                account.into(),
                line.period.into(),
                line.id.into(),
                line.flattr_url.as_str().into(),
                line.url.as_str().into(),
                line.title.as_str().into(),
                line.clicks.into(),
                line.revenue.into(),
                line.clicks_total.into(),
            ]
        })
        .collect();
    sql(upsert).execute_many(tx, &rows).await
}

/// What one month at Flattr came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodAtFlattr {
    /// The month.
    pub period: Period,
    /// How many works were clicked.
    pub works: i64,
    /// How often.
    pub clicks: i64,
    /// In euros, after the fee.
    pub revenue: Money,
}

/// The months of an account's history, the earliest first.
pub async fn by_period(read: &mut Read, account: AccountId) -> StoreResult<Vec<PeriodAtFlattr>> {
    let select = sql("
        select period, count(flattr_id), cast(sum(clicks) as bigint),
            cast(sum(revenue_micros) as bigint)
        from flattr_revenues
        where account = $1
        group by period
        order by period");
    let rows = select.bind(account).fetch_all(read, |row| {
        Ok(PeriodAtFlattr {
            period: row.get(0)?,
            works: row.get(1)?,
            clicks: row.get(2)?,
            revenue: Money::new(row.get(3)?, Currency::EUR),
        })
    });
    rows.await
}

/// The lines of one month of an account's history, the dearest first.
pub async fn of_period(
    read: &mut Read,
    account: AccountId,
    period: Period,
) -> StoreResult<Vec<FlattrRevenue>> {
    let select = sql("
        select period, flattr_id, flattr_url, url, title, clicks, revenue_micros, clicks_total
        from flattr_revenues
        where account = $1 and period = $2
        order by revenue_micros desc, flattr_id");
    let rows = select.bind(account).bind(period).fetch_all(read, |row| {
        Ok(FlattrRevenue {
            period: row.get(0)?,
            id: row.get(1)?,
            flattr_url: row.get(2)?,
            url: row.get(3)?,
            title: row.get(4)?,
            clicks: row.get(5)?,
            revenue: row.get(6)?,
            clicks_total: row.get(7)?,
        })
    });
    rows.await
}

/// What one work brought its payee here in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Which work.
    pub work: WorkId,
    /// Its address.
    pub url: String,
    /// Its title; empty where nobody named it.
    pub title: String,
    /// The clicks that the month's settlement paid.
    pub clicks: i64,
    /// What the payee received.
    pub net: Micros,
    /// The clicks that all settlements up to this month paid to the payee.
    pub clicks_total: i64,
}

/// What an account's works brought in one month and currency, the dearest first.
pub async fn brought(
    read: &mut Read,
    payee: AccountId,
    when: (Period, Currency),
) -> StoreResult<Vec<Brought>> {
    let (period, currency) = when;
    let select = sql("
        select c.work, w.url, w.title, c.clicks, c.net_micros,
            (select cast(sum(t.clicks) as bigint) from credits t
                where t.payee = c.payee and t.work = c.work and t.currency = c.currency
                    and t.period in (select period from settlements where period <= c.period))
        from credits c
        join works w on w.id = c.work
        where c.payee = $1 and c.period = $2 and c.currency = $3
        order by c.net_micros desc, c.work");
    let rows = select.bind(payee).bind(period).bind(currency).fetch_all(read, |row| {
        Ok(Brought {
            work: row.get(0)?,
            url: row.get(1)?,
            title: row.get(2)?,
            clicks: row.get(3)?,
            net: row.get(4)?,
            clicks_total: row.get(5)?,
        })
    });
    rows.await
}
