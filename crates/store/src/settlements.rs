//! Settlements' rows: where each stands, what it came to (D14).

use jiff::Timestamp;
use obole_domain::{Currency, Micros, Money, Period, Policy};

pub use crate::chunks::{ChunkRow, Step, chunks, cut, is_taken, ranges, set_chunk, take_chunk};
use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};
use crate::settings;

/// Where a settlement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The period is closed; purses are being frozen.
    Freezing,
    /// All inputs are frozen; patrons are being shared out.
    Sharing,
    /// All shares are known; they are being taken from the wallets.
    Booking,
    /// All shares are taken; payees are being credited.
    Crediting,
    /// Everything is booked and the record is published.
    Done,
}

impl Stage {
    const ALL: [Self; 5] =
        [Self::Freezing, Self::Sharing, Self::Booking, Self::Crediting, Self::Done];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Freezing => "freezing",
            Self::Sharing => "sharing",
            Self::Booking => "booking",
            Self::Crediting => "crediting",
            Self::Done => "done",
        }
    }
}

/// A settlement as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRow {
    /// Of which period.
    pub period: Period,
    /// Where it stands.
    pub stage: Stage,
    /// The rules when the period closed.
    pub policy: Policy,
    /// What was frozen, hashed.
    pub inputs_hash: Option<[u8; 32]>,
    /// What came of it, hashed (L8).
    pub plan_hash: Option<[u8; 32]>,
    /// How many patrons gave.
    pub patrons: i64,
    /// How many works received.
    pub works: i64,
    /// How many clicks were shared.
    pub clicks: i64,
    /// When the period closed.
    pub started_at: Timestamp,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// When what it was made of began to be forgotten (P5); none while all of it is there.
    pub details_end_at: Option<Timestamp>,
}

fn settlement_at(row: &Row<'_>) -> StoreResult<SettlementRow> {
    let (code, policy): (String, String) = (row.get(1)?, row.get(2)?);
    let stage = Stage::ALL.into_iter().find(|stage| stage.code() == code);
    Ok(SettlementRow {
        period: row.get(0)?,
        stage: stage.ok_or_else(|| StoreError::Corrupt("settlements.state".to_owned()))?,
        policy: settings::parse_policy(&policy)?,
        inputs_hash: row.get(3)?,
        plan_hash: row.get(4)?,
        patrons: row.get(5)?,
        works: row.get(6)?,
        clicks: row.get(7)?,
        started_at: row.get(8)?,
        finished_at: row.get(9)?,
        details_end_at: row.get(10)?,
    })
}

/// A period's settlement.
pub async fn find(read: &mut Read, period: Period) -> StoreResult<Option<SettlementRow>> {
    let select = sql("
        select period, state, policy, inputs_hash, plan_hash, patrons, works, clicks, started_at,
            finished_at, details_end_at
        from settlements
        where period = $1");
    select.bind(period).fetch_optional(read, settlement_at).await
}

/// Settlements, newest first, before a period.
pub async fn list(read: &mut Read, before: Period, limit: i64) -> StoreResult<Vec<SettlementRow>> {
    let select = sql("
        select period, state, policy, inputs_hash, plan_hash, patrons, works, clicks, started_at,
            finished_at, details_end_at
        from settlements
        where period < $1
        order by period desc
        limit $2");
    select.bind(before).bind(limit).fetch_all(read, settlement_at).await
}

/// The same, only those that are done.
pub async fn list_done(
    read: &mut Read,
    before: Period,
    limit: i64,
) -> StoreResult<Vec<SettlementRow>> {
    let select = sql("
        select period, state, policy, inputs_hash, plan_hash, patrons, works, clicks, started_at,
            finished_at, details_end_at
        from settlements
        where period < $1 and state = 'done'
        order by period desc
        limit $2");
    select.bind(before).bind(limit).fetch_all(read, settlement_at).await
}

/// Where a settlement stands; it stays there until the transaction ends, and others may look too.
pub async fn shared_stage(tx: &mut Tx, period: Period) -> StoreResult<Option<Stage>> {
    let select = sql("select state from settlements where period = $1").bind(period).shared();
    let code: Option<String> = select.fetch_optional(tx, |row| row.get(0)).await?;
    Ok(Stage::ALL.into_iter().find(|stage| Some(stage.code()) == code.as_deref()))
}

/// Begins a settlement; one that has begun stands as it is.
pub async fn begin(
    tx: &mut Tx,
    period: Period,
    policy: &Policy,
    now: Timestamp,
) -> StoreResult<()> {
    let insert = sql("
        insert into settlements (period, state, policy, started_at) values ($1, 'freezing', $2, $3)
        on conflict (period) do nothing");
    let insert = insert.bind(period).bind(settings::print_policy(policy)).bind(now);
    insert.execute(tx).await.map(|_| ())
}

/// Moves a settlement on from one stage to the next; false where it has moved already.
pub async fn move_on(tx: &mut Tx, period: Period, from: Stage, to: Stage) -> StoreResult<bool> {
    let update = sql("update settlements set state = $3 where period = $1 and state = $2");
    let update = update.bind(period).bind(from.code()).bind(to.code());
    Ok(update.execute(tx).await? == 1)
}

/// Notes what was frozen.
pub async fn set_inputs_hash(tx: &mut Tx, period: Period, hash: [u8; 32]) -> StoreResult<()> {
    let update = sql("update settlements set inputs_hash = $2 where period = $1");
    update.bind(period).bind(hash).execute(tx).await.map(|_| ())
}

/// Notes how it ended.
pub async fn set_result(tx: &mut Tx, row: &SettlementRow) -> StoreResult<()> {
    let update = sql("
        update settlements
        set plan_hash = $2, patrons = $3, works = $4, clicks = $5, finished_at = $6
        where period = $1");
    let update = update.bind(row.period).bind(row.plan_hash).bind(row.patrons).bind(row.works);
    update.bind(row.clicks).bind(row.finished_at).execute(tx).await.map(|_| ())
}

/// Whether everybody concerned has been written to.
pub async fn is_told(read: &mut Read, period: Period) -> StoreResult<bool> {
    let select = sql("select told_at from settlements where period = $1");
    let told: Option<Option<i64>> =
        select.bind(period).fetch_optional(read, |row| row.get(0)).await?;
    Ok(told.flatten().is_some())
}

/// Notes that everybody concerned has been written to.
pub async fn set_told(tx: &mut Tx, period: Period, now: Timestamp) -> StoreResult<()> {
    let update = sql("
        update settlements set told_at = $2
        where period = $1 and state = 'done' and told_at is null");
    update.bind(period).bind(now).execute(tx).await.map(|_| ())
}

/// What a settlement came to in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// In what.
    pub currency: Currency,
    /// What left the wallets: shares, promises collected, what went to the pool.
    pub taken: Micros,
    /// What was newly promised.
    pub promised: Micros,
    /// What works received, before the fee.
    pub gross: Micros,
    /// The instance's part.
    pub fee: Micros,
    /// What payees received.
    pub net: Micros,
    /// What went to the pool.
    pub pool: Micros,
}

impl Totals {
    /// Nothing yet.
    #[must_use]
    pub const fn empty(currency: Currency) -> Self {
        let zero = Micros::ZERO;
        Self {
            currency,
            taken: zero,
            promised: zero,
            gross: zero,
            fee: zero,
            net: zero,
            pool: zero,
        }
    }
}

/// Adds a chunk's totals to the settlement's.
pub async fn add_totals(tx: &mut Tx, period: Period, more: &Totals) -> StoreResult<()> {
    let upsert = sql("
        insert into settlement_totals (period, currency, taken_micros, promised_micros,
            gross_micros, fee_micros, net_micros, pool_micros)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (period, currency) do update set
            taken_micros = settlement_totals.taken_micros + excluded.taken_micros,
            promised_micros = settlement_totals.promised_micros + excluded.promised_micros,
            gross_micros = settlement_totals.gross_micros + excluded.gross_micros,
            fee_micros = settlement_totals.fee_micros + excluded.fee_micros,
            net_micros = settlement_totals.net_micros + excluded.net_micros,
            pool_micros = settlement_totals.pool_micros + excluded.pool_micros");
    let upsert = upsert.bind(period).bind(more.currency).bind(more.taken).bind(more.promised);
    let upsert = upsert.bind(more.gross).bind(more.fee).bind(more.net).bind(more.pool);
    upsert.execute(tx).await.map(|_| ())
}

/// What a settlement came to, by currency.
pub async fn totals(read: &mut Read, period: Period) -> StoreResult<Vec<Totals>> {
    let select = sql("
        select currency, taken_micros, promised_micros, gross_micros, fee_micros, net_micros,
            pool_micros
        from settlement_totals
        where period = $1
        order by currency");
    let rows = select.bind(period).fetch_all(read, |row| {
        Ok(Totals {
            currency: row.get(0)?,
            taken: row.get(1)?,
            promised: row.get(2)?,
            gross: row.get(3)?,
            fee: row.get(4)?,
            net: row.get(5)?,
            pool: row.get(6)?,
        })
    });
    rows.await
}

/// The periods that are over and not settled, or not told of: every month from the first that saw
/// a click, before the one that the clock says.
pub async fn due(read: &mut Read, clock: Period) -> StoreResult<Vec<Period>> {
    let first = sql("select min(period) from periods");
    let first: Option<Period> = first.fetch_one(read, |row| row.get(0)).await?;
    let done = sql("select period from settlements where told_at is not null");
    let done: Vec<Period> = done.fetch_all(read, |row| row.get(0)).await?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let months = std::iter::successors(Some(first), |period| Some(period.next()));
    Ok(months.take_while(|period| *period < clock).filter(|p| !done.contains(p)).collect())
}

/// What all settled periods came to together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many periods are settled.
    pub months: i64,
    /// How many accounts have received something.
    pub creators: i64,
    /// What works received, before the fee, by currency.
    pub given: Vec<Money>,
}

/// The figures of the first page: sums and counts of settled periods only (P2).
pub async fn figures(read: &mut Read) -> StoreResult<Figures> {
    let months = sql("select count(*) from settlements where state = 'done'");
    let creators = sql("select count(distinct payee) from credits");
    let totals = sql("
        select t.currency, t.gross_micros
        from settlement_totals t
        join settlements s on s.period = t.period
        where s.state = 'done'
        order by t.currency");
    let totals: Vec<(Currency, Micros)> =
        totals.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let mut given = Vec::<Money>::new();
    for (currency, gross) in totals {
        match given.last_mut().filter(|sum| sum.currency == currency) {
            Some(sum) => sum.amount = sum.amount.plus(gross)?,
            None => given.push(Money::new(gross, currency)),
        }
    }
    Ok(Figures {
        months: months.fetch_one(read, |row| row.get(0)).await?,
        creators: creators.fetch_one(read, |row| row.get(0)).await?,
        given,
    })
}
