//! What becomes of the money that works receive: a part is promised to the works that they build
//! on, the rest is their payees', a team's shared out among its members (product.md section 4,
//! works 2).

use std::collections::BTreeMap;

use obole_domain::ledger::{Entry, LedgerAccount, Posting, Reason};
use obole_domain::{AccountId, Currency, Micros, Period, Policy, WorkId};
use obole_store::passes::{self, PassRow};
use obole_store::teams::percentages::{self, TeamCreditRow};
use obole_store::{Tx, budgets, freeze, holds, ledger, teams};

use super::{Terms, booking};
use crate::app::App;
use crate::error::Result;

const fn earnings(whose: AccountId, currency: Currency) -> LedgerAccount {
    LedgerAccount::earnings(whose, currency)
}

/// What a work received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrived {
    pub(super) work: WorkId,
    pub(super) payee: AccountId,
    pub(super) currency: Currency,
    pub(super) amount: Micros,
}

/// What some arrivals come to: all that is written of them.
#[derive(Debug)]
pub(super) struct Arrivals {
    arisen: Period,
    due: Period,
    held: Vec<(LedgerAccount, Micros)>,
    /// What is passed on, by payer, work, target and currency: several arrivals at one work are
    /// one.
    passes: BTreeMap<(AccountId, WorkId, WorkId, Currency), Micros>,
    /// What members receive, by member, team, work and currency, in the same way.
    credits: BTreeMap<(AccountId, AccountId, WorkId, Currency), Micros>,
    /// What stays with each payee, and comes to each member.
    kept: BTreeMap<(AccountId, Currency), Micros>,
}

impl Arrivals {
    /// None yet, of a settlement; what they pass on is due in another one, or in the same.
    pub(super) const fn new(arisen: Period, due: Period) -> Self {
        Self {
            arisen,
            due,
            held: Vec::new(),
            passes: BTreeMap::new(),
            credits: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// One more, whose amount its payee is credited with.
    pub(super) fn add(&mut self, terms: &Terms, arrived: Arrived) -> Result<()> {
        let Arrived { work, payee, currency, amount } = arrived;
        let arrival = terms.arrival((work, payee), amount)?;
        for (target, amount) in arrival.passed {
            self.held.push((earnings(payee, currency), amount));
            let sum = self.passes.entry((payee, work, target, currency)).or_default();
            *sum = sum.plus(amount)?;
        }
        for (member, amount) in arrival.members {
            let sum = self.credits.entry((member, payee, work, currency)).or_default();
            *sum = sum.plus(amount)?;
            self.keep(member, currency, amount)?;
        }
        self.keep(payee, currency, arrival.kept)
    }

    fn keep(&mut self, whose: AccountId, currency: Currency, amount: Micros) -> Result<()> {
        let kept = self.kept.entry((whose, currency)).or_default();
        *kept = kept.plus(amount)?;
        Ok(())
    }

    /// The entries that share out among members what was credited to their teams.
    pub(super) fn entries(&self, id: &str) -> Result<Vec<Entry>> {
        let mut shared = BTreeMap::<(AccountId, Currency), Vec<Posting>>::new();
        for ((member, team, _, currency), amount) in &self.credits {
            let account = earnings(*member, *currency);
            let posting = Posting { account, amount: amount.negated()? };
            shared.entry((*team, *currency)).or_default().push(posting);
        }
        let mut made = Vec::new();
        for ((team, currency), postings) in shared {
            let (id, from) = (format!("{id}/{team}/{currency}"), earnings(team, currency));
            made.extend(booking::entries(Reason::TeamShared, &id, from, postings)?);
        }
        Ok(made)
    }

    /// What is set aside of the payees' earnings until it is collected.
    pub(super) fn held(&self) -> &[(LedgerAccount, Micros)] {
        &self.held
    }

    /// Stores what is passed on and what members received.
    pub(super) async fn store(&self, tx: &mut Tx) -> Result<()> {
        let (arisen, due) = (self.arisen, self.due);
        let passes = self.passes.iter().map(|((payer, work, target, currency), amount)| {
            let (payer, work, target) = (*payer, *work, *target);
            PassRow { arisen, due, payer, work, target, currency: *currency, amount: *amount }
        });
        passes::put(tx, &passes.collect::<Vec<_>>()).await?;
        let credits = self.credits.iter().map(|((member, team, work, currency), amount)| {
            let (member, team, work) = (*member, *team, *work);
            TeamCreditRow { member, team, work, currency: *currency, amount: *amount }
        });
        let credits: Vec<TeamCreditRow> = credits.collect();
        Ok(percentages::put_credits(tx, self.arisen, &credits).await?)
    }

    /// Where those who receive must also give, what somebody receives waits until they do. A team
    /// gives nothing, and what it keeps does not wait: its members do, for their parts.
    pub(super) async fn hold_what_waits(
        &self,
        tx: &mut Tx,
        (app, policy): (&App, &Policy),
        period: Period,
    ) -> Result<()> {
        if !policy.give_to_receive {
            return Ok(());
        }
        let giving = freeze::giving_payees(tx, period).await?;
        let waiting = self.kept.iter().filter(|(who, _)| !giving.contains(*who));
        let waiting = waiting.map(|((who, currency), kept)| (*who, *currency, *kept));
        hold_unless_giving(tx, (app, policy), waiting.collect()).await
    }
}

/// Where those who receive must also give, holds what becomes available to somebody who does not,
/// until they do. A team gives nothing: its members do.
pub(crate) async fn hold_unless_giving(
    tx: &mut Tx,
    (app, policy): (&App, &Policy),
    amounts: Vec<(AccountId, Currency, Micros)>,
) -> Result<()> {
    if !policy.give_to_receive {
        return Ok(());
    }
    let now = app.now();
    for (who, currency, amount) in amounts.into_iter().filter(|(.., a)| a.is_positive()) {
        // Who has begun to give since a freeze does not wait: nobody would free it later.
        let gives = budgets::amount(tx, who, currency).await? >= policy.budget_min;
        if gives || teams::find(tx, who).await?.is_some() {
            continue;
        }
        let held = earnings(who, currency);
        ledger::hold(tx, held, amount).await?;
        let id = app.chance().id(now);
        holds::create(tx, id, (held, amount), (holds::GIVE_TO_RECEIVE, now)).await?;
    }
    Ok(())
}
