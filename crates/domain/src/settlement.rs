//! Closing a period as a pure function from frozen inputs to a plan (product.md section 4,
//! security.md L6 to L9). The store streams patrons through [`share_patron`] and works through
//! [`credit`]; [`plan`] does the same over values in memory, as the reference.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::AccountId;
use crate::budget::means;
use crate::click::Points;
use crate::money::{Currency, Micros};
use crate::period::Period;
use crate::policy::{CARRIES_MAX, PROMISE_MONTHS, Policy, Unspent};
use crate::refusal::Refusal;
use crate::share_out::share_out;
use crate::statement::{Collected, Line, LineState, Statement};
use crate::work::WorkId;

/// Whether a click's work can be paid in a currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payable {
    /// Its owner takes this currency.
    Claimed,
    /// Nobody has claimed it: the share becomes a promise.
    Unclaimed,
    /// Its owner has refused for good.
    Refused,
    /// Its owner does not take this currency.
    Currency,
}

impl Payable {
    /// Whether a patron's click on a work of this payee, or one that is refused, can be paid in a
    /// currency that the payee `takes` or not.
    #[must_use]
    pub fn of(
        patron: AccountId,
        work: (Option<AccountId>, bool),
        takes: impl FnOnce() -> bool,
    ) -> Self {
        match work {
            (_, true) => Self::Refused,
            (Some(payee), false) if payee == patron => Self::Refused,
            (None, false) => Self::Unclaimed,
            (Some(_), false) if takes() => Self::Claimed,
            (Some(_), false) => Self::Currency,
        }
    }

    /// The word of the exports (contract.md section 4).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Unclaimed => "unclaimed",
            Self::Refused => "refused",
            Self::Currency => "currency",
        }
    }
}

/// What the freeze records of a clicked work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkTerms {
    /// Who receives its money; none while nobody has claimed it.
    pub payee: Option<AccountId>,
    /// Whether its owner has refused for good.
    pub is_refused: bool,
    /// The currencies that the payee does not take.
    pub currencies_refused: BTreeSet<Currency>,
}

impl WorkTerms {
    /// Whether a patron's click on the work can be paid in a currency (product.md section 4.5).
    /// Who came to control it after the click gets nothing of their own.
    #[must_use]
    pub fn payable(&self, patron: AccountId, currency: Currency) -> Payable {
        let takes = || !self.currencies_refused.contains(&currency);
        Payable::of(patron, (self.payee, self.is_refused), takes)
    }
}

/// A click as the freeze found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrozenClick {
    /// On which work.
    pub work: WorkId,
    /// Its weight.
    pub points: Points,
    /// How many times it has moved to a next period already.
    pub carries: i64,
}

/// A fixed monthly amount for a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// For which work.
    pub work: WorkId,
    /// How much each period.
    pub amount: Micros,
}

/// A patron's money in one currency when the period closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purse {
    /// In what.
    pub currency: Currency,
    /// The most that the patron wanted to spend.
    pub budget: Micros,
    /// What the wallet had available.
    pub available: Micros,
    /// Fixed amounts, oldest first.
    pub fixed: Vec<Fixed>,
    /// Promises of earlier periods for works that somebody has claimed since.
    pub collected: Vec<Collected>,
}

impl Purse {
    /// What the patron can give (product.md section 4.1).
    #[must_use]
    pub fn means(&self) -> Micros {
        means(self.budget, self.available)
    }
}

/// All that a settlement knows of one patron.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatronInputs {
    /// Who.
    pub patron: AccountId,
    /// The clicks of the period.
    pub clicks: Vec<FrozenClick>,
    /// One purse for each currency with a budget or a promise to collect.
    pub purses: Vec<Purse>,
    /// Whether the patron gives an unspent budget to the pool.
    pub gives_unspent: bool,
}

impl PatronInputs {
    /// Whether a purse has the minimum: then its statement is made and its clicks are shared.
    #[must_use]
    pub fn is_funded(&self, policy: &Policy) -> bool {
        self.purses.iter().any(|purse| purse.means() >= policy.budget_min)
    }
}

/// What becomes of one patron: a statement for each currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatronPlan {
    /// Who.
    pub patron: AccountId,
    /// What came to what.
    pub statements: Vec<Statement>,
}

/// Shares one patron's purses over their clicks. The result does not depend on the order of clicks
/// or purses.
///
/// Refused only when an amount leaves its range.
pub fn share_patron<'works>(
    inputs: &PatronInputs,
    terms: impl Fn(WorkId) -> &'works WorkTerms,
    policy: &Policy,
) -> Result<PatronPlan, Refusal> {
    let mut clicks = inputs.clicks.clone();
    clicks.sort_unstable_by_key(|click| click.work);
    let mut purses: Vec<&Purse> = inputs.purses.iter().collect();
    purses.sort_unstable_by_key(|purse| purse.currency);

    let is_funded = inputs.is_funded(policy);
    let payable = |work, currency| terms(work).payable(inputs.patron, currency);
    let mut statements = Vec::with_capacity(purses.len());
    for purse in purses {
        let statement = if purse.means() >= policy.budget_min {
            share_purse(purse, &clicks, &payable)?
        } else if is_funded {
            Statement::empty(purse.currency, purse.means())
        } else {
            carry(purse, &clicks)
        };
        let mut statement = Statement { collected: purse.collected.clone(), ..statement };
        statement.collected.sort_unstable_by_key(|promise| (promise.work, promise.period));
        let gives_unspent = inputs.gives_unspent || policy.unspent == Unspent::ToPool;
        let is_unspent = clicks.is_empty() && purse.fixed.is_empty();
        if gives_unspent && is_unspent && purse.means() >= policy.budget_min {
            statement.to_pool = purse.means();
        }
        statements.push(statement);
    }
    Ok(PatronPlan { patron: inputs.patron, statements })
}

/// Fixed amounts first, each in full or not at all; what is left is shared over the clicks whose
/// works can be paid (product.md section 4.2, 4.3, 4.5).
fn share_purse(
    purse: &Purse,
    clicks: &[FrozenClick],
    payable: &impl Fn(WorkId, Currency) -> Payable,
) -> Result<Statement, Refusal> {
    let mut statement = Statement::empty(purse.currency, purse.means());
    let mut left = purse.means();
    for fixed in &purse.fixed {
        let payable = payable(fixed.work, purse.currency);
        let state = match LineState::of(payable) {
            Some(_) if fixed.amount > left => LineState::Skipped,
            Some(state) => state,
            None => LineState::without_share(payable),
        };
        let share = if state.has_share() { fixed.amount } else { Micros::ZERO };
        left = left.minus(share)?;
        statement.lines.push(Line { work: fixed.work, points: 0, share, state });
    }
    statement.means_shared = left;

    let payables: Vec<Payable> =
        clicks.iter().map(|click| payable(click.work, purse.currency)).collect();
    let weights: Vec<u64> = clicks
        .iter()
        .zip(&payables)
        .map(|(click, payable)| LineState::of(*payable).map_or(0, |_| click.points.weight()))
        .collect();
    let shares = match weights.iter().any(|weight| *weight > 0) {
        true => share_out(left, &weights)?,
        false => vec![Micros::ZERO; clicks.len()],
    };
    for ((click, share), payable) in clicks.iter().zip(shares).zip(payables) {
        let state = LineState::of(payable).unwrap_or(LineState::without_share(payable));
        let line = Line { work: click.work, points: click.points.get(), share, state };
        statement.lines.push(line);
    }
    Ok(statement)
}

/// An unfunded patron's clicks move to the next period, three times at most; then they lapse and
/// are listed as such (L7).
fn carry(purse: &Purse, clicks: &[FrozenClick]) -> Statement {
    let mut statement = Statement::empty(purse.currency, purse.means());
    statement.lines.extend(clicks.iter().map(|click| {
        let may_move = click.carries < CARRIES_MAX;
        let state = if may_move { LineState::Carried } else { LineState::Lapsed };
        Line { work: click.work, points: click.points.get(), share: Micros::ZERO, state }
    }));
    statement
}

/// What a work's owner is credited in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// The sum of the shares and of the promises collected.
    pub gross: Micros,
    /// The instance's part, `floor(gross × fee)`.
    pub fee: Micros,
    /// What the payee receives.
    pub net: Micros,
}

/// The fee and the net of a work's gross (product.md section 4, works 2).
pub fn credit(gross: Micros, policy: &Policy) -> Result<Credit, Refusal> {
    let fee = gross.times(u64::from(policy.fee_ppm), 1_000_000)?;
    Ok(Credit { gross, fee, net: gross.minus(fee)? })
}

/// Whether what a payee receives waits until they give too (product.md section 4, works 3).
#[must_use]
pub fn waits_for_giving(own_budget: Micros, policy: &Policy) -> bool {
    policy.give_to_receive && own_budget < policy.budget_min
}

/// Whether a promise of an earlier period is too old to stand when `now` is settled.
#[must_use]
pub fn is_promise_over(promised: Period, now: Period) -> bool {
    now.months_since(promised) >= PROMISE_MONTHS
}

/// Everything that a settlement works from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs {
    /// The patrons with clicks, budgets to pass on or promises to collect.
    pub patrons: Vec<PatronInputs>,
    /// The clicked works.
    pub works: BTreeMap<WorkId, WorkTerms>,
    /// The rules when the period closed.
    pub policy: Policy,
}

/// The result of a settlement: who pays what to which work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// By account.
    pub patrons: Vec<PatronPlan>,
    /// By work and currency.
    pub credits: BTreeMap<(WorkId, Currency), Credit>,
}

/// The plan of some inputs: the same whatever their order (L8).
pub fn plan(inputs: &Inputs) -> Result<Plan, Refusal> {
    let unknown = WorkTerms::default();
    let terms = |work: WorkId| inputs.works.get(&work).unwrap_or(&unknown);
    let mut patrons = Vec::with_capacity(inputs.patrons.len());
    for patron in &inputs.patrons {
        patrons.push(share_patron(patron, terms, &inputs.policy)?);
    }
    patrons.sort_unstable_by_key(|plan| plan.patron);

    let mut gross = BTreeMap::<(WorkId, Currency), Micros>::new();
    for statement in patrons.iter().flat_map(|plan| &plan.statements) {
        for (work, amount) in statement.paid() {
            let sum = gross.entry((work, statement.currency)).or_default();
            *sum = sum.plus(amount)?;
        }
    }
    let credits = gross.into_iter().map(|(key, gross)| Ok((key, credit(gross, &inputs.policy)?)));
    Ok(Plan { patrons, credits: credits.collect::<Result<_, Refusal>>()? })
}

#[cfg(test)]
#[path = "settlement_tests.rs"]
mod tests;
