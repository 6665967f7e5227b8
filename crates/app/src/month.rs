//! The open month of a patron: the clicks, and what each would come to if the month ended now,
//! reckoned as the settlement will (product.md section 4).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use obole_domain::ledger::LedgerKind;
use obole_domain::settlement::{FrozenClick, PatronInputs, Purse, WorkTerms, share_patron};
use obole_domain::statement::{LineState, Statement};
use obole_domain::{AccountId, Currency, Micros, Money, Period, Points, Policy, WorkId};
use obole_store::clicks::{self, OpenClick, Shown};
use obole_store::{Read, budgets, ledger, settings, works};

use crate::app::App;
use crate::error::Result;

/// How many clicks stand on one page.
pub const PAGE: usize = 50;

/// Where a page of clicks begins: after the click of this moment on this work.
pub type Cursor = (Timestamp, WorkId);

/// A patron's open month.
#[derive(Clone, Debug)]
pub struct OpenPeriod {
    /// Which month.
    pub period: Period,
    /// Whole days until its last one.
    pub days_left: i64,
    /// The rules.
    pub policy: Policy,
    /// What can be spent, by currency with a budget.
    pub purses: Vec<OpenPurse>,
    /// All clicks, newest first.
    pub clicks: Vec<PeriodClick>,
    /// How many clicks stand on the pages before this one.
    pub before: usize,
    /// The clicks of this page, in the same order.
    pub page: Vec<Shown>,
    /// The page after this one.
    pub next: Option<Cursor>,
}

/// A budget and what there is for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPurse {
    /// The most that the patron spends.
    pub budget: Money,
    /// What the wallet has available.
    pub available: Money,
    /// The smaller of both (product.md section 4.1).
    pub means: Money,
    /// What the clicks would take of it.
    pub shared: Money,
    /// Whether it reaches the instance's minimum; else the clicks would move to the next month.
    pub is_funded: bool,
}

/// A click of the open month and what it would come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodClick {
    /// On which work.
    pub work: WorkId,
    /// Its weight.
    pub points: Points,
    /// What it would come to, one amount a purse.
    pub estimates: Vec<Money>,
    /// Whether nobody has claimed the work, so that its share would be a promise.
    pub is_promise: bool,
    /// Whether the work gets no share of any purse: its owner refuses.
    pub is_refused: bool,
}

/// A patron's open month, with the page of clicks after a cursor.
pub async fn view(app: &App, patron: AccountId, after: Option<Cursor>) -> Result<OpenPeriod> {
    let (clock, now, zone) = (app.clock_period(), app.now(), app.zone().clone());
    app.read((), move |read, ()| {
        let zone = zone.clone();
        Box::pin(async move {
            let inputs = inputs(read, clock, patron).await?;
            let statements = inputs.statements(None)?;
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let mut page = clicks::shown(read, (inputs.period, patron), after, limit + 1).await?;
            let is_more = page.len() > PAGE;
            page.truncate(PAGE);
            let next = page.last().filter(|_| is_more).map(|last| (last.last_at, last.work));
            let first = page.first().map(|first| first.work);
            let before = inputs.clicks.iter().position(|click| Some(click.work) == first);
            Ok(OpenPeriod {
                period: inputs.period,
                days_left: inputs.period.days_left(now, &zone),
                purses: inputs.open_purses(&statements)?,
                clicks: inputs.month_clicks(&statements),
                policy: inputs.policy,
                before: before.unwrap_or(0),
                page,
                next,
            })
        })
    })
    .await
}

/// The titles of works, as lists show them.
pub async fn titles(app: &App, works: Vec<WorkId>) -> Result<BTreeMap<WorkId, String>> {
    app.read(works, |read, ids| {
        Box::pin(async move {
            let works = works::find_many(read, ids).await?;
            let title = |work: &works::WorkRow| (work.id, work.shown_title().to_owned());
            Ok(works.iter().map(title).collect())
        })
    })
    .await
}

/// What a click would come to with more points, by purse and number of points; and the points that
/// stand already. A work that does not exist yet counts as one that nobody has claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The points that the patron has given the work this month.
    pub standing: i64,
    /// For each number of points asked about: one amount a purse that is funded.
    pub estimates: Vec<Vec<Money>>,
    /// Whether no purse has money enough, or there is none.
    pub is_unfunded: bool,
}

/// Reckons what more points for a work would come to.
pub async fn outlook(
    app: &App,
    patron: AccountId,
    work: Option<WorkId>,
    more: Vec<Points>,
) -> Result<Outlook> {
    let clock = app.clock_period();
    let id = work.unwrap_or(NEW);
    app.read(more, move |read, more| {
        Box::pin(async move {
            let mut inputs = inputs(read, clock, patron).await?;
            if let Some(work) = works::find(read, id).await? {
                inputs.add_terms(read, id, work.owner, work.refused_at.is_some()).await?;
            }
            let standing = inputs.clicks.iter().find(|click| click.work == id);
            let standing = standing.map_or(0, |click| click.points.get());
            let mut estimates = Vec::with_capacity(more.len());
            for points in more {
                let statements = inputs.statements(Some((id, *points)))?;
                let funded = statements.iter().filter(|shared| inputs.is_funded(shared));
                estimates.push(funded.map(|shared| share_of(shared, id)).collect());
            }
            let is_unfunded = !inputs.purses.iter().any(|purse| inputs.reaches_minimum(purse));
            Ok(Outlook { standing, estimates, is_unfunded })
        })
    })
    .await
}

/// What the click on a work would come to: in the first purse that would pay for it. None where no
/// purse has money enough.
pub async fn estimate(app: &App, patron: AccountId, work: WorkId) -> Result<Option<Money>> {
    let clock = app.clock_period();
    app.read((), move |read, ()| {
        Box::pin(async move {
            let inputs = inputs(read, clock, patron).await?;
            let statements = inputs.statements(None)?;
            let funded = statements.iter().filter(|shared| inputs.is_funded(shared));
            let shares: Vec<Money> = funded.map(|shared| share_of(shared, work)).collect();
            let paying = shares.iter().find(|share| share.amount.is_positive());
            Ok(paying.or(shares.first()).copied())
        })
    })
    .await
}

/// No work has this id: it stands for one that is about to come into being.
const NEW: WorkId = WorkId::new(uuid::Uuid::max());

/// What the reckoning needs to know of a patron.
struct Inputs {
    patron: AccountId,
    period: Period,
    policy: Policy,
    clicks: Vec<OpenClick>,
    purses: Vec<Purse>,
    terms: BTreeMap<WorkId, WorkTerms>,
}

async fn inputs(read: &mut Read, clock: Period, patron: AccountId) -> Result<Inputs> {
    let period = clicks::shown_period(read, clock).await?;
    let policy = settings::policy(read).await?;
    let clicks = clicks::open(read, period, patron).await?;
    let balances = ledger::balances(read, patron, LedgerKind::Wallet).await?;
    let budgets = budgets::of(read, patron).await?;
    let budgets = budgets.into_iter().filter(|budget| budget.amount.is_positive());
    let purses = budgets.map(|budget| {
        let balance = balances.iter().find(|balance| balance.total.currency == budget.currency);
        Purse {
            currency: budget.currency,
            budget: budget.amount,
            available: balance.map_or(Micros::ZERO, |balance| balance.available().amount),
            fixed: Vec::new(),
            collected: Vec::new(),
        }
    });
    let terms = clicks.iter().map(|click| {
        let refused = click.currencies_refused.iter().copied().collect();
        (click.work, terms_of(click.owner, click.is_refused, refused))
    });
    let terms = terms.collect();
    Ok(Inputs { patron, period, policy, purses: purses.collect(), terms, clicks })
}

const fn terms_of(
    payee: Option<AccountId>,
    is_refused: bool,
    currencies_refused: BTreeSet<Currency>,
) -> WorkTerms {
    WorkTerms { payee, is_refused, currencies_refused }
}

impl Inputs {
    async fn add_terms(
        &mut self,
        read: &mut Read,
        work: WorkId,
        owner: Option<AccountId>,
        is_refused: bool,
    ) -> Result<()> {
        let mut currencies = BTreeSet::new();
        if let Some(owner) = owner {
            currencies.extend(works::currencies_refused(read, owner).await?);
        }
        self.terms.insert(work, terms_of(owner, is_refused, currencies));
        Ok(())
    }

    /// What the settlement would make of it, with more points for one work.
    fn statements(&self, more: Option<(WorkId, Points)>) -> Result<Vec<Statement>> {
        let frozen = |click: &OpenClick| FrozenClick {
            work: click.work,
            points: click.points,
            carries: click.carries,
        };
        let mut clicks: Vec<FrozenClick> = self.clicks.iter().map(frozen).collect();
        if let Some((work, more)) = more {
            match clicks.iter_mut().find(|click| click.work == work) {
                // Over the limit the click will be refused: the estimate stays what it is.
                Some(click) => click.points = click.points.plus(more).unwrap_or(click.points),
                None => clicks.push(FrozenClick { work, points: more, carries: 0 }),
            }
        }
        let inputs = PatronInputs {
            patron: self.patron,
            clicks,
            purses: self.purses.clone(),
            gives_unspent: false,
        };
        let unknown = WorkTerms::default();
        let terms = |work: WorkId| self.terms.get(&work).unwrap_or(&unknown);
        Ok(share_patron(&inputs, terms, &self.policy)?.statements)
    }

    fn reaches_minimum(&self, purse: &Purse) -> bool {
        purse.means() >= self.policy.budget_min
    }

    fn is_funded(&self, statement: &Statement) -> bool {
        statement.means >= self.policy.budget_min
    }

    fn open_purses(&self, statements: &[Statement]) -> Result<Vec<OpenPurse>> {
        let mut purses = Vec::with_capacity(self.purses.len());
        for statement in statements {
            let purse = self.purses.iter().find(|purse| purse.currency == statement.currency);
            let Some(purse) = purse else { continue };
            let shared = Micros::sum(statement.lines.iter().map(|line| line.share))?;
            let money = |amount| Money::new(amount, purse.currency);
            purses.push(OpenPurse {
                budget: money(purse.budget),
                available: money(purse.available),
                means: money(purse.means()),
                shared: money(shared),
                is_funded: self.reaches_minimum(purse),
            });
        }
        Ok(purses)
    }

    fn month_clicks(&self, statements: &[Statement]) -> Vec<PeriodClick> {
        let shares: Vec<BTreeMap<WorkId, Micros>> = statements
            .iter()
            .map(|shared| shared.lines.iter().map(|line| (line.work, line.share)).collect())
            .collect();
        let unknown = WorkTerms::default();
        let click = |click: &OpenClick| {
            let terms = self.terms.get(&click.work).unwrap_or(&unknown);
            let estimates = statements.iter().zip(&shares).map(|(statement, shares)| {
                let share = shares.get(&click.work).copied().unwrap_or_default();
                Money::new(share, statement.currency)
            });
            let mut payable =
                statements.iter().map(|shared| terms.payable(self.patron, shared.currency));
            let is_out = |payable| LineState::of(payable).is_none();
            PeriodClick {
                work: click.work,
                points: click.points,
                estimates: estimates.collect(),
                is_promise: terms.payee.is_none() && !terms.is_refused,
                is_refused: terms.is_refused || (!statements.is_empty() && payable.all(is_out)),
            }
        };
        self.clicks.iter().map(click).collect()
    }
}

fn share_of(statement: &Statement, work: WorkId) -> Money {
    let line = statement.lines.iter().find(|line| line.work == work);
    Money::new(line.map_or(Micros::ZERO, |line| line.share), statement.currency)
}
