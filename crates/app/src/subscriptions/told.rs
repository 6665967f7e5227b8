//! A subscription in the form that is stored under an idempotency key and shown (K3).

use jiff::Timestamp;
use obole_domain::Period;
use obole_domain::subscription::{Ending, State};
use obole_store::subscriptions::Shown;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A subscription with its work, in plain values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// Its work.
    pub work: Uuid,
    /// The work's address.
    pub url: String,
    /// Its title, as lists show it.
    pub title: String,
    /// The handle of who controls it.
    pub owner: Option<String>,
    /// Whether its owner refuses money.
    pub is_refused: bool,
    /// What it gives each period.
    pub points: i64,
    /// How many periods it will still give in; none until it is stopped.
    pub periods_left: Option<i64>,
    /// In how many it has given.
    pub periods_given: i64,
    /// `running`, `paused` or `ended`.
    pub state: String,
    /// Why it ended, or will when it is due next.
    pub ending: Option<String>,
    /// The period in which it gives next; none where it gives no more.
    next: Option<i64>,
    last_given: Option<i64>,
    /// The last period in which it gave nothing though it was due, and why.
    pub missed: Option<(i64, String)>,
    created_at: i64,
    started_at: i64,
    ended_at: Option<i64>,
}

impl Told {
    /// The period in which it gives next.
    #[must_use]
    pub fn next(&self) -> Option<Period> {
        self.next.and_then(Period::from_number)
    }

    /// The last period in which it gave.
    #[must_use]
    pub fn last_given(&self) -> Option<Period> {
        self.last_given.and_then(Period::from_number)
    }

    /// When it was made.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.created_at).unwrap_or(Timestamp::MIN)
    }

    /// When it was last started.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.started_at).unwrap_or(Timestamp::MIN)
    }

    /// When it ended.
    #[must_use]
    pub fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at.and_then(|at| Timestamp::from_microsecond(at).ok())
    }
}

impl From<Shown> for Told {
    fn from(shown: Shown) -> Self {
        let will_end = shown.will_end();
        let row = shown.subscription;
        let ending = if let State::Ended(ending) = row.state { Some(ending) } else { will_end };
        let is_next = row.state == State::Running && ending.is_none();
        Self {
            id: row.id.uuid(),
            work: row.work.uuid(),
            url: shown.url.to_string(),
            title: shown.title,
            owner: shown.owner.map(|handle| handle.to_string()),
            is_refused: shown.is_refused,
            points: row.points.get(),
            periods_left: row.periods_left,
            periods_given: row.periods_given,
            state: row.state.code().to_owned(),
            ending: ending.map(Ending::code).map(str::to_owned),
            next: is_next.then(|| row.due.number()),
            last_given: row.last_given.map(Period::number),
            missed: row.missed.map(|(period, why)| (period.number(), why.code().to_owned())),
            created_at: row.created_at.as_microsecond(),
            started_at: row.started_at.as_microsecond(),
            ended_at: row.ended_at.map(Timestamp::as_microsecond),
        }
    }
}
