//! What each click of a batch would come to if the month ended now, reckoned as the settlement will
//! (product.md section 4): to the last millionth, from the months as the batch finds them.

use std::collections::{BTreeSet, HashMap};

use obole_domain::budget::means;
use obole_domain::settlement::Payable;
use obole_domain::share_out::share_at;
use obole_domain::statement::LineState;
use obole_domain::{AccountId, Currency, Micros, Money, Period, Points, WorkId};
use obole_store::{Tx, click_batches, works};

use super::batch::{Doing, Ready};
use crate::error::Result;
use crate::known::Terms;

/// The open periods of the patrons who are told what their clicks would come to.
#[derive(Default)]
pub(super) struct Estimates {
    patrons: HashMap<AccountId, PatronPeriod>,
}

/// One patron's open period.
#[derive(Default)]
struct PatronPeriod {
    /// What can be given, by currency, of the purses that reach the minimum.
    purses: Vec<(Currency, Micros)>,
    /// In the order of the works.
    clicks: Vec<Weighed>,
}

/// A click with what decides whether it is paid.
struct Weighed {
    work: WorkId,
    /// Nothing as long as it is only about to be given.
    weight: u64,
    terms: Option<Terms>,
}

impl Estimates {
    /// Reads the periods of those who came through the API and have money enough; the others have
    /// no estimate.
    pub async fn read(
        doing: &mut Doing<'_>,
        tx: &mut Tx,
        what: (Period, &[Ready<'_>]),
    ) -> Result<Self> {
        let (period, ready) = what;
        let asking: Vec<&Ready<'_>> =
            ready.iter().filter(|one| one.asked.give.way.is_program()).collect();
        let patrons: BTreeSet<AccountId> = asking.iter().map(|one| one.key().0).collect();
        let mut estimates = Self::default();
        if patrons.is_empty() {
            return Ok(estimates);
        }
        let patrons: Vec<AccountId> = patrons.into_iter().collect();
        for purse in click_batches::purses(tx, &patrons).await? {
            let means = means(purse.budget.amount, purse.available);
            if means >= doing.policy.budget_min {
                let patron = estimates.patrons.entry(purse.patron).or_default();
                patron.purses.push((purse.budget.currency, means));
            }
        }
        let funded = patrons.into_iter().filter(|patron| estimates.patrons.contains_key(patron));
        let funded: Vec<AccountId> = funded.collect();
        if funded.is_empty() {
            return Ok(estimates);
        }
        for (patron, work, points) in click_batches::of_patrons(tx, period, &funded).await? {
            if let Some(patron) = estimates.patrons.get_mut(&patron) {
                patron.clicks.push(Weighed { work, weight: points.weight(), terms: None });
            }
        }
        estimates.expect(&asking);
        estimates.read_terms(doing, tx).await?;
        Ok(estimates)
    }

    /// Puts the works that are about to be clicked among those that are; what they weigh is set
    /// when they are.
    fn expect(&mut self, asking: &[&Ready<'_>]) {
        for patron in self.patrons.values_mut() {
            patron.purses.sort_unstable();
            patron.clicks.sort_unstable_by_key(|click| click.work);
        }
        for one in asking {
            let (patron, work) = one.key();
            if let Some(patron) = self.patrons.get_mut(&patron)
                && let Err(place) = patron.place(work)
            {
                patron.clicks.insert(place, Weighed { work, weight: 0, terms: None });
            }
        }
    }

    /// The terms of all these works: from memory, else from the database.
    async fn read_terms(&mut self, doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
        let clicks = self.patrons.values_mut().flat_map(|patron| &mut patron.clicks);
        let clicks = clicks.map(|click| (click.work, &mut click.terms));
        let mut missing = doing.app.known().fill_terms(doing.versions, clicks);
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort_unstable();
        missing.dedup();
        let mut read = HashMap::<WorkId, (Terms, Vec<Currency>)>::new();
        for row in works::terms_each(tx, &missing).await? {
            let (terms, currencies) = read.entry(row.work).or_default();
            (terms.owner, terms.is_refused) = (row.owner, row.is_refused);
            currencies.extend(row.currency_refused);
        }
        let read = read.into_iter().map(|(work, (terms, currencies))| {
            let currencies_refused = (!currencies.is_empty()).then(|| currencies.into());
            (work, Terms { currencies_refused, ..terms })
        });
        let read: HashMap<WorkId, Terms> = read.collect();
        for click in self.patrons.values_mut().flat_map(|patron| &mut patron.clicks) {
            if click.terms.is_none() {
                click.terms = read.get(&click.work).cloned();
            }
        }
        doing.learned.terms.extend(read);
        Ok(())
    }

    /// What a click would come to that has these points now: in the first purse that would pay for
    /// it. None where no purse has money enough.
    pub fn with(&mut self, click: (AccountId, WorkId), points: Points) -> Result<Option<Money>> {
        let (id, work) = click;
        let Some(patron) = self.patrons.get_mut(&id) else { return Ok(None) };
        let Ok(place) = patron.place(work) else { return Ok(None) };
        if let Some(click) = patron.clicks.get_mut(place) {
            click.weight = points.weight();
        }
        let mut first = None;
        for (currency, means) in &patron.purses {
            let weights: Vec<u64> =
                patron.clicks.iter().map(|click| click.shared(id, *currency)).collect();
            let is_any = weights.iter().any(|weight| *weight > 0);
            let share = if is_any { share_at(*means, &weights, place)? } else { Micros::ZERO };
            let share = Money::new(share, *currency);
            if share.amount.is_positive() {
                return Ok(Some(share));
            }
            first = first.or(Some(share));
        }
        Ok(first)
    }
}

impl PatronPeriod {
    fn place(&self, work: WorkId) -> std::result::Result<usize, usize> {
        self.clicks.binary_search_by_key(&work, |click| click.work)
    }
}

impl Weighed {
    /// What it weighs in sharing out a purse: nothing where its work gets no share.
    fn shared(&self, patron: AccountId, currency: Currency) -> u64 {
        let terms = self.terms.as_ref();
        let work = terms.map_or((None, false), |terms| (terms.owner, terms.is_refused));
        let refused = terms.and_then(|terms| terms.currencies_refused.as_ref());
        let takes = || refused.is_none_or(|refused| !refused.contains(&currency));
        let is_shared = LineState::of(Payable::of(patron, work, takes)).is_some();
        if is_shared { self.weight } else { 0 }
    }
}
