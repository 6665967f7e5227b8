//! Subscriptions' rows: made, shown, changed by their patrons.

mod due;

use std::collections::BTreeMap;

use jiff::Timestamp;
use obole_domain::subscription::{Ending, Miss, State};
use obole_domain::{AccountId, CanonicalUrl, Handle, Period, Points, SubscriptionId, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

pub use due::{
    Due, due, end_each, find_due, forget_each, is_due, note_each, set_given_each, set_missed_each,
    take_each,
};

/// A subscription as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose.
    pub patron: AccountId,
    /// To what.
    pub work: WorkId,
    /// What it gives each period.
    pub points: Points,
    /// How many periods it will still give in; none until it is stopped.
    pub periods_left: Option<i64>,
    /// In how many it has given.
    pub periods_given: i64,
    /// Where it stands.
    pub state: State,
    /// The first period in which it has not given yet.
    pub due: Period,
    /// The last period in which it gave.
    pub last_given: Option<Period>,
    /// The last period that was due and got nothing, and why; none once it has given again.
    pub missed: Option<(Period, Miss)>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last started.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("subscriptions.{column}"))
}

/// Reads the columns of [`SubscriptionRow`], which come first.
fn subscription_at(row: &Row<'_>) -> StoreResult<SubscriptionRow> {
    let ending: Option<String> = row.get(14)?;
    let ending = ending.as_deref().map(|code| Ending::from_code(code).ok_or(code.to_owned()));
    let ending = ending.transpose().map_err(|_| broken("end_reason"))?;
    let state = match (row.get::<String>(6)?.as_str(), ending) {
        ("running", None) => State::Running,
        ("paused", None) => State::Paused,
        ("ended", Some(ending)) => State::Ended(ending),
        _ => return Err(broken("state")),
    };
    let why: Option<String> = row.get(10)?;
    let why = why.as_deref().and_then(Miss::from_code);
    let missed: Option<Period> = row.get(9)?;
    Ok(SubscriptionRow {
        id: row.get(0)?,
        patron: row.get(1)?,
        work: row.get(2)?,
        points: row.get(3)?,
        periods_left: row.get(4)?,
        periods_given: row.get(5)?,
        state,
        due: row.get(7)?,
        last_given: row.get(8)?,
        missed: missed
            .map(|period| why.map(|why| (period, why)).ok_or_else(|| broken("missed_why")))
            .transpose()?,
        created_at: row.get(11)?,
        started_at: row.get(12)?,
        ended_at: row.get(13)?,
    })
}

/// A subscription with what a page or program shows of its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The subscription.
    pub subscription: SubscriptionRow,
    /// The work's address.
    pub url: CanonicalUrl,
    /// Its title, as [`crate::works::WorkRow::shown_title`] would have it.
    pub title: String,
    /// Who controls it.
    pub owner: Option<Handle>,
    /// Whether that is the patron.
    pub is_own: bool,
    /// Whether its owner refuses money.
    pub is_refused: bool,
}

impl Shown {
    /// Why it will end when it is due next, though it stands.
    #[must_use]
    pub fn will_end(&self) -> Option<Ending> {
        let ending = if self.is_own { Ending::OwnWork } else { Ending::WorkRefused };
        let is_ending = self.is_own || self.is_refused;
        (is_ending && self.subscription.state.is_standing()).then_some(ending)
    }
}

fn shown_at(row: &Row<'_>) -> StoreResult<Shown> {
    let subscription = subscription_at(row)?;
    let url: CanonicalUrl = row.get(15)?;
    let (typed, owner): (String, Option<Handle>) = (row.get(16)?, row.get(18)?);
    let title = url.shown_title(&typed, owner.is_some()).to_owned();
    let is_own = row.get::<Option<AccountId>>(17)? == Some(subscription.patron);
    Ok(Shown { subscription, url, title, owner, is_own, is_refused: row.get(19)? })
}

/// Which of a patron's subscriptions are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those that run or are paused.
    Standing,
    /// Those that ended.
    Ended,
}

/// A patron's subscriptions with their works, the newest first, before one.
pub async fn list_of_patron(
    read: &mut Read,
    patron: AccountId,
    which: Which,
    page: (Option<SubscriptionId>, i64),
) -> StoreResult<Vec<Shown>> {
    let (before, limit) = page;
    let before = before.unwrap_or_else(|| SubscriptionId::new(uuid::Uuid::max()));
    let (standing, ended) = (which != Which::Ended, which != Which::Standing);
    let select = sql("
        select s.id, s.patron, s.work, s.points, s.periods_left, s.periods_given, s.state, s.due,
            s.last_given, s.missed, s.missed_why, s.created_at, s.started_at, s.ended_at,
            s.end_reason, w.url, w.title, w.owner, a.handle, w.refused_at is not null
        from subscriptions s
        join works w on w.id = s.work
        left join accounts a on a.id = w.owner
        where s.patron = $1 and s.id < $2
            and ((cast($3 as boolean) and s.ended_at is null)
                or (cast($4 as boolean) and s.ended_at is not null))
        order by s.id desc
        limit $5");
    let select = select.bind(patron).bind(before).bind(standing).bind(ended).bind(limit);
    select.fetch_all(read, shown_at).await
}

/// One of a patron's subscriptions with its work.
pub async fn find_shown(
    read: &mut Read,
    patron: AccountId,
    id: SubscriptionId,
) -> StoreResult<Option<Shown>> {
    let select = sql("
        select s.id, s.patron, s.work, s.points, s.periods_left, s.periods_given, s.state, s.due,
            s.last_given, s.missed, s.missed_why, s.created_at, s.started_at, s.ended_at,
            s.end_reason, w.url, w.title, w.owner, a.handle, w.refused_at is not null
        from subscriptions s
        join works w on w.id = s.work
        left join accounts a on a.id = w.owner
        where s.patron = $1 and s.id = $2");
    select.bind(patron).bind(id).fetch_optional(read, shown_at).await
}

/// A patron's standing subscription to a work.
pub async fn find_of_work(
    read: &mut Read,
    patron: AccountId,
    work: WorkId,
) -> StoreResult<Option<SubscriptionRow>> {
    let select = sql("
        select id, patron, work, points, periods_left, periods_given, state, due, last_given,
            missed, missed_why, created_at, started_at, ended_at, end_reason
        from subscriptions
        where patron = $1 and work = $2 and ended_at is null");
    select.bind(patron).bind(work).fetch_optional(read, subscription_at).await
}

/// Which of some works a patron has a standing subscription to: one statement, however many they
/// are, for a patron has no more than so many.
pub async fn of_works(
    read: &mut Read,
    patron: AccountId,
    works: &[WorkId],
) -> StoreResult<BTreeMap<WorkId, SubscriptionId>> {
    if works.is_empty() {
        return Ok(BTreeMap::new());
    }
    let select = sql("select work, id from subscriptions where patron = $1 and ended_at is null");
    let standing: Vec<(WorkId, SubscriptionId)> =
        select.bind(patron).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(standing.into_iter().filter(|(work, _)| works.contains(work)).collect())
}

/// How many of a patron's subscriptions stand.
pub async fn count_standing(read: &mut Read, patron: AccountId) -> StoreResult<i64> {
    let select = sql("
        select count(*) from subscriptions where patron = $1 and ended_at is null");
    select.bind(patron).fetch_one(read, |row| row.get(0)).await
}

/// Makes a subscription; false where one to the work stands already.
pub async fn create(tx: &mut Tx, new: &SubscriptionRow) -> StoreResult<bool> {
    let insert = sql("
        insert into subscriptions (id, patron, work, points, periods_left, periods_given, state,
            due, created_at, started_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict do nothing");
    let insert = insert.bind(new.id).bind(new.patron).bind(new.work).bind(new.points);
    let insert = insert.bind(new.periods_left).bind(new.periods_given).bind(new.state.code());
    let insert = insert.bind(new.due).bind(new.created_at).bind(new.started_at);
    Ok(insert.execute(tx).await? == 1)
}

/// Writes what its patron may change of a subscription: points, length, state, and since when.
pub async fn set(tx: &mut Tx, row: &SubscriptionRow) -> StoreResult<()> {
    let update = sql("
        update subscriptions
        set points = $3, periods_left = $4, state = $5, due = $6, started_at = $7, ended_at = $8,
            end_reason = $9
        where patron = $1 and id = $2");
    let end_reason = if let State::Ended(ending) = row.state { Some(ending.code()) } else { None };
    let update = update.bind(row.patron).bind(row.id).bind(row.points).bind(row.periods_left);
    let update = update.bind(row.state.code()).bind(row.due).bind(row.started_at);
    update.bind(row.ended_at).bind(end_reason).execute(tx).await.map(|_| ())
}

/// Forgets what ended before a moment, and what was given in closed periods before one.
pub async fn forget(tx: &mut Tx, before: Timestamp, period: Period) -> StoreResult<u64> {
    let ended = sql("delete from subscriptions where ended_at < $1").bind(before);
    let given = sql("
        delete from subscription_clicks
        where period < $1
            and period in (select period from periods where closed_at is not null)");
    Ok(ended.execute(tx).await? + given.bind(period).execute(tx).await?)
}
