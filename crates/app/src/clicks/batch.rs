//! A batch of clicks: one transaction, one statement for each step, whatever the number of clicks.
//! Each click ends as it would have ended alone, in the order of arrival.

use std::sync::Arc;

use jiff::Timestamp;
use obole_domain::token::TokenId;
use obole_domain::{AccountId, Period, Points, Policy, Refusal, WorkId};
use obole_store::versions::{self, Versions};
use obole_store::works::WorkRow;
use obole_store::{Tx, clicks, settings};

use super::counts::Spent;
use super::estimates::Estimates;
use super::{Give, Given, access, adding, counts, keys, targets};
use crate::app::App;
use crate::error::{Error, Result, Said};
use crate::idempotency::{IdempotencyKey, Once, is_final};
use crate::known::{Learned, TokenHash};
use crate::moved::Moved;

/// The token that a click came with, as it was read before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Which.
    pub(crate) token: TokenId,
    /// The hash of its text.
    pub(crate) hash: TokenHash,
    /// The version under which it was read.
    pub(crate) version: i64,
    /// When its use was last noted.
    pub(crate) used_at: Option<Timestamp>,
    /// Whether the request has still to be counted ([`crate::limits::API`]).
    pub owes: bool,
}

/// Who gives a click, and with what right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Giver {
    /// Who.
    pub patron: AccountId,
    /// The token that was looked up in memory; none where the right was proven in the database.
    pub access: Option<Access>,
}

impl From<AccountId> for Giver {
    fn from(patron: AccountId) -> Self {
        Self { patron, access: None }
    }
}

/// A click that somebody waits for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub giver: Giver,
    pub key: IdempotencyKey,
    pub give: Give,
    /// Whether a click that stands is not added to.
    pub is_once: bool,
}

/// How a click ended.
pub(super) type Ended = Result<Once<Given>>;

/// Clicks to be given together.
#[derive(Clone)]
pub(super) struct Batch {
    app: App,
    pub asked: Vec<Asked>,
    now: Timestamp,
}

impl Batch {
    pub fn new(app: &App, asked: Vec<Asked>) -> Self {
        Self { app: app.clone(), asked, now: app.now() }
    }
}

/// Gives the clicks of a batch, and holds in memory what was read. An error is one of all of them.
pub(super) async fn run(app: &App, batch: &Arc<Batch>) -> Result<Vec<Ended>> {
    let count = batch.asked.len();
    let run = app.write_many(Arc::clone(batch), count, |tx, batch| {
        Box::pin(async move {
            let mut doing = Doing::begin(tx, batch).await?;
            doing.run(tx).await?;
            Ok((doing.ended(), (doing.learned, doing.spent)))
        })
    });
    let (ended, (learned, spent)) = run.await?;
    counts::learn(app, &spent, batch.now);
    app.known().learn(learned);
    Ok(ended)
}

/// What has become of a click.
pub(super) enum State {
    /// Nothing yet.
    Open,
    /// It is given; the answer is stored under its key.
    Given(Given),
    /// It is refused for good; that is stored under its key (K4).
    Refused(Said),
    /// It has ended, and nothing of this batch is stored under its key.
    Ended(Ended),
    /// It has the same key as an earlier one of this batch.
    As(usize),
}

/// A batch under way.
pub(super) struct Doing<'batch> {
    pub app: &'batch App,
    pub asked: &'batch [Asked],
    pub now: Timestamp,
    pub versions: Versions,
    pub policy: Arc<Policy>,
    pub states: Vec<State>,
    pub learned: Learned,
    pub spent: Spent,
}

/// A click that nothing stands in the way of but what its row says.
#[derive(Clone)]
pub(super) struct Ready<'batch> {
    /// Its place in the batch.
    pub place: usize,
    pub asked: &'batch Asked,
    pub work: Arc<WorkRow>,
    pub points: Points,
}

impl Ready<'_> {
    /// Whose click on what.
    pub fn key(&self) -> (AccountId, WorkId) {
        (self.asked.giver.patron, self.work.id)
    }
}

impl<'batch> Doing<'batch> {
    async fn begin(tx: &mut Tx, batch: &'batch Batch) -> Result<Self> {
        let versions = versions::now(tx).await?;
        let mut learned = Learned { versions, ..Learned::default() };
        let policy = match batch.app.known().policy(versions) {
            Some(policy) => policy,
            None => Arc::new(settings::policy(tx).await?),
        };
        learned.policy = Some(Arc::clone(&policy));
        let states = batch.asked.iter().map(|_| State::Open).collect();
        let (app, asked, now) = (&batch.app, batch.asked.as_slice(), batch.now);
        let spent = Spent::default();
        Ok(Self { app, asked, now, versions, policy, states, learned, spent })
    }

    /// The locks are taken in this order, each kind sorted: limits, where they are counted; period;
    /// works; clicks; keys. Who meets another node at a key does the batch again (D6, D7,
    /// docs/decisions/0010 and 0043).
    async fn run(&mut self, tx: &mut Tx) -> Result<()> {
        access::check(self, tx).await?;
        counts::count(self, tx).await?;
        keys::find(self, tx).await?;
        self.refuse_points();
        if self.open().next().is_some() {
            let period = clicks::open_period(tx, Period::at(self.now, self.app.zone())).await?;
            let ready = targets::find(self, tx).await?;
            let mut estimates = Estimates::read(self, tx, (period, &ready)).await?;
            let sums = adding::add(self, tx, (period, &ready)).await?;
            adding::set_notes(self, tx, (period, &ready, &sums)).await?;
            for (ready, sum) in ready.iter().zip(sums) {
                self.give(ready, (period, sum), &mut estimates)?;
            }
        }
        keys::put(self, tx).await
    }

    /// What a click came to, or that its row refused it.
    fn give(
        &mut self,
        ready: &Ready<'_>,
        came: (Period, Option<Points>),
        estimates: &mut Estimates,
    ) -> Result<()> {
        let (period, sum) = came;
        let Some(sum) = sum else {
            let full = Refusal::PointsFull { limit: Points::WORK_MAX };
            let once = self.policy.clicks_once || ready.asked.is_once;
            self.refuse(ready.place, if once { Refusal::ClickedAlready {} } else { full });
            return Ok(());
        };
        let estimate = match ready.asked.give.way {
            way if way.is_program() => estimates.with(ready.key(), sum)?.map(Moved::from),
            _ => None,
        };
        let is_added = sum != ready.points;
        let given = Given { is_added, estimate, ..Given::new(&ready.work, period, sum) };
        self.set(ready.place, State::Given(given));
        Ok(())
    }

    /// The clicks of which nothing has become yet.
    pub fn open(&self) -> impl Iterator<Item = (usize, &'batch Asked)> {
        let open = self.states.iter().zip(self.asked).enumerate();
        open.filter_map(|(place, (state, asked))| {
            matches!(state, State::Open).then_some((place, asked))
        })
    }

    /// Sets what has become of a click.
    pub fn set(&mut self, place: usize, state: State) {
        if let Some(known) = self.states.get_mut(place) {
            *known = state;
        }
    }

    /// A click is refused: for good, or until later (K4).
    pub fn refuse(&mut self, place: usize, refusal: Refusal) {
        let said = Said::from(&refusal);
        let is_final = is_final(&said);
        let ended = |said| State::Ended(Err(Error::Refused(said)));
        self.set(place, if is_final { State::Refused(said) } else { ended(said) });
    }

    fn refuse_points(&mut self) {
        let points = |(place, asked): (usize, &Asked)| (place, asked.give.points);
        let open: Vec<(usize, i64)> = self.open().map(points).collect();
        for (place, points) in open {
            if let Err(refusal) = Points::for_click(points, &self.policy) {
                self.refuse(place, refusal);
            }
        }
    }

    /// How all clicks ended.
    fn ended(&self) -> Vec<Ended> {
        self.states.iter().map(|state| self.ended_of(state, false)).collect()
    }

    fn ended_of(&self, state: &State, is_replayed: bool) -> Ended {
        match state {
            State::Given(given) => Ok(Once { value: given.clone(), is_replayed }),
            State::Refused(said) => Err(Error::Refused(Said { is_replayed, ..said.clone() })),
            State::Ended(ended) => ended.clone(),
            State::As(first) => match self.states.get(*first) {
                Some(State::Open | State::As(_)) | None => Err(forgotten()),
                Some(first) => self.ended_of(first, true),
            },
            State::Open => Err(forgotten()),
        }
    }
}

fn forgotten() -> Error {
    Error::internal("a click of a batch was forgotten")
}
