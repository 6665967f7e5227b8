//! What becomes of the money that works receive: a part is promised to the works that they build
//! on, the rest is their payees', a team's shared out among its members (product.md section 4,
//! works 2).

use std::collections::BTreeMap;

use obole_domain::ledger::{Entry, LedgerAccount, Posting, Reason};
use obole_domain::pass_on::Arrival;
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
    passes: Vec<PassRow>,
    credits: Vec<TeamCreditRow>,
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
            passes: Vec::new(),
            credits: Vec::new(),
            kept: BTreeMap::new(),
        }
    }

    /// One more, whose amount its payee is credited with.
    pub(super) fn add(&mut self, terms: &Terms, arrived: Arrived) -> Result<()> {
        let Arrived { work, payee, currency, amount } = arrived;
        let (pass_on, percentages) = (terms.pass_ons.get(&work), terms.percentages.get(&payee));
        let arrival = Arrival::of(amount, pass_on, percentages)?;
        for (target, amount) in arrival.passed {
            let (arisen, due) = (self.arisen, self.due);
            let pass = PassRow { arisen, due, payer: payee, work, target, currency, amount };
            self.held.push((earnings(payee, currency), amount));
            self.passes.push(pass);
        }
        for (member, amount) in arrival.members {
            self.credits.push(TeamCreditRow { member, team: payee, work, currency, amount });
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
        for credit in &self.credits {
            let account = earnings(credit.member, credit.currency);
            let posting = Posting { account, amount: credit.amount.negated()? };
            shared.entry((credit.team, credit.currency)).or_default().push(posting);
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
        passes::put(tx, &self.passes).await?;
        Ok(percentages::put_credits(tx, self.arisen, &self.credits).await?)
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
        let now = app.now();
        let waiting =
            self.kept.iter().filter(|(who, kept)| kept.is_positive() && !giving.contains(*who));
        for ((payee, currency), amount) in waiting {
            // Who has begun to give since the freeze does not wait: nobody would free it later.
            let gives = budgets::amount(tx, *payee, *currency).await? >= policy.budget_min;
            if gives || teams::find(tx, *payee).await?.is_some() {
                continue;
            }
            let held = earnings(*payee, *currency);
            ledger::hold(tx, held, *amount).await?;
            let id = app.chance().id(now);
            holds::create(tx, id, (held, *amount), (holds::GIVE_TO_RECEIVE, now)).await?;
        }
        Ok(())
    }
}
