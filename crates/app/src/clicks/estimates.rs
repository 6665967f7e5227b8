//! What each click of a batch would come to if the month ended now, reckoned as the settlement will
//! (product.md section 4): to the last millionth, from the months as the batch finds them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use obole_domain::budget::means;
use obole_domain::click::Way;
use obole_domain::settlement::Payable;
use obole_domain::share_out::share_at;
use obole_domain::statement::LineState;
use obole_domain::{AccountId, Currency, Micros, Money, Period, Points, WorkId};
use obole_store::{Tx, click_batches, works};

use super::batch::{Doing, Ready};
use crate::error::Result;
use crate::known::{Refused, Terms};

/// The open periods of the patrons who are told what their clicks would come to.
#[derive(Default)]
pub(super) struct Estimates {
    patrons: HashMap<AccountId, PatronPeriod>,
    terms: HashMap<WorkId, Terms>,
    refused: HashMap<AccountId, Refused>,
}

/// One patron's open period.
#[derive(Default)]
struct PatronPeriod {
    /// What can be given, by currency, of the purses that reach the minimum.
    purses: Vec<(Currency, Micros)>,
    /// The weights in the order of the works.
    clicks: Vec<(WorkId, Points)>,
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
        let asking = ready.iter().filter(|one| one.asked.give.way == Way::Api);
        let patrons: BTreeSet<AccountId> = asking.map(|one| one.asked.giver.patron).collect();
        let mut estimates = Self::default();
        if patrons.is_empty() {
            return Ok(estimates);
        }
        let patrons: Vec<AccountId> = patrons.into_iter().collect();
        for purse in click_batches::purses(tx, &patrons).await? {
            let means = means(purse.budget.amount, purse.available);
            if means >= doing.policy.budget_min {
                let month = estimates.patrons.entry(purse.patron).or_default();
                month.purses.push((purse.budget.currency, means));
            }
        }
        estimates.patrons.values_mut().for_each(|month| month.purses.sort_unstable());
        let funded = patrons.into_iter().filter(|patron| estimates.patrons.contains_key(patron));
        let funded: Vec<AccountId> = funded.collect();
        if funded.is_empty() {
            return Ok(estimates);
        }
        for (patron, work, points) in click_batches::of_patrons(tx, period, &funded).await? {
            if let Some(month) = estimates.patrons.get_mut(&patron) {
                month.clicks.push((work, points));
            }
        }
        estimates.patrons.values_mut().for_each(|month| month.clicks.sort_unstable());
        estimates.read_terms(doing, tx, ready).await?;
        Ok(estimates)
    }

    /// The terms of all works that were clicked.
    async fn read_terms(
        &mut self,
        doing: &mut Doing<'_>,
        tx: &mut Tx,
        ready: &[Ready<'_>],
    ) -> Result<()> {
        let clicks = self.patrons.values().flat_map(|month| &month.clicks);
        let ids: Vec<WorkId> = clicks.map(|(work, _)| *work).collect();
        self.terms = doing.app.known().terms(doing.versions, ids.iter().copied());
        self.terms.extend(ready.iter().map(|one| (one.work.id, Terms::from(&*one.work))));
        let missing = ids.into_iter().filter(|id| !self.terms.contains_key(id));
        let missing: BTreeSet<WorkId> = missing.collect();
        if !missing.is_empty() {
            let missing: Vec<WorkId> = missing.into_iter().collect();
            for work in works::find_each(tx, &missing).await? {
                doing.learned.terms.push((work.id, Terms::from(&work)));
                self.terms.insert(work.id, Terms::from(&work));
            }
        }
        let owners: BTreeSet<AccountId> =
            self.terms.values().filter_map(|terms| terms.owner).collect();
        self.read_refused(doing, tx, owners).await
    }

    /// The currencies that these owners do not take.
    async fn read_refused(
        &mut self,
        doing: &mut Doing<'_>,
        tx: &mut Tx,
        owners: BTreeSet<AccountId>,
    ) -> Result<()> {
        self.refused = doing.app.known().refused(doing.versions, owners.iter().copied());
        let missing = owners.into_iter().filter(|owner| !self.refused.contains_key(owner));
        let missing: Vec<AccountId> = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        let mut read = HashMap::<AccountId, BTreeSet<Currency>>::new();
        for (owner, currency) in works::currencies_refused_each(tx, &missing).await? {
            read.entry(owner).or_default().insert(currency);
        }
        for owner in missing {
            let currencies = Arc::new(read.remove(&owner).unwrap_or_default());
            doing.learned.refused.push((owner, Arc::clone(&currencies)));
            self.refused.insert(owner, currencies);
        }
        Ok(())
    }

    /// What a click would come to that has these points now: in the first purse that would pay for
    /// it. None where no purse has money enough.
    pub fn with(&mut self, click: (AccountId, WorkId), points: Points) -> Result<Option<Money>> {
        let (patron, work) = click;
        let Some(month) = self.patrons.get_mut(&patron) else { return Ok(None) };
        let place = match month.clicks.binary_search_by_key(&work, |(work, _)| *work) {
            Ok(place) => place,
            Err(place) => {
                month.clicks.insert(place, (work, points));
                place
            }
        };
        if let Some(click) = month.clicks.get_mut(place) {
            click.1 = points;
        }
        let month = self.patrons.get(&patron);
        let (purses, clicks) = month.map_or((&[][..], &[][..]), |m| (&m.purses[..], &m.clicks[..]));
        let mut first = None;
        for (currency, means) in purses {
            let weight = |(work, points): &(WorkId, Points)| {
                let is_shared = LineState::of(self.payable(patron, *work, *currency)).is_some();
                if is_shared { points.weight() } else { 0 }
            };
            let weights: Vec<u64> = clicks.iter().map(weight).collect();
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

    fn payable(&self, patron: AccountId, work: WorkId, currency: Currency) -> Payable {
        let terms = self.terms.get(&work);
        let (owner, is_refused) = terms.map_or((None, false), |t| (t.owner, t.is_refused));
        let refused = owner.and_then(|owner| self.refused.get(&owner));
        let takes = || refused.is_none_or(|refused| !refused.contains(&currency));
        Payable::of(patron, (owner, is_refused), takes)
    }
}
