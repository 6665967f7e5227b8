//! All that a chunk of patrons comes to: statements, what works receive and are promised, clicks
//! that move on.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use obole_domain::settlement::{PatronInputs, PatronPlan};
use obole_domain::sheet::{Promised, Sheet, Sum};
use obole_domain::statement::{LineState, Statement};
use obole_domain::{AccountId, Currency, WorkId};
use obole_store::freeze::Chance;
use obole_store::shares::{StatementRow, Sums};
use obole_store::sheets::SheetRow;
use sha2::Sha256;

use super::{Terms, share};
use crate::error::Result;

/// What works receive, by work.
type Received = HashMap<WorkId, Sum, BuildHasherDefault<Chance>>;

/// What a chunk comes to. The first half is what is written, the second what it is made of.
#[derive(Default)]
pub(super) struct Results {
    pub(super) patrons: i64,
    pub(super) statements: Vec<StatementRow>,
    pub(super) sheets: Vec<SheetRow>,
    pub(super) carried: Vec<(AccountId, WorkId, i64, i64)>,
    received: BTreeMap<Currency, Received>,
    promised: BTreeMap<Currency, Vec<Promised>>,
}

impl Results {
    /// The clicks of an unfunded patron move to the next open period.
    pub(super) fn carry(&mut self, patron: &PatronInputs, plan: &PatronPlan) {
        let lines = plan.statements.iter().flat_map(|statement| &statement.lines);
        let works: BTreeSet<WorkId> =
            lines.filter(|line| line.state == LineState::Carried).map(|line| line.work).collect();
        let carried = patron.clicks.iter().filter(|click| works.contains(&click.work));
        self.carried
            .extend(carried.map(|c| (patron.patron, c.work, c.points.get(), c.carries + 1)));
    }

    /// One patron's statements, each hashed as it is packed (L8).
    pub(super) fn add(&mut self, plan: &PatronPlan, hash: &mut Sha256) -> Result<()> {
        let mut gave = false;
        for (patron, statement) in share::made(plan) {
            let currency = statement.currency;
            let sums = sums(statement)?;
            gave |= sums.taken.is_positive() || sums.promised.is_positive();
            self.credit(statement)?;
            self.promise(patron, statement);
            let packed = statement.pack();
            share::hash_statement(hash, patron, (statement, &packed.digest));
            self.statements.push(StatementRow { patron, currency, sums, body: packed.body });
        }
        self.patrons += i64::from(gave);
        Ok(())
    }

    /// What a statement's works receive. One patron is one click, however many promises are
    /// collected with it (P2).
    fn credit(&mut self, statement: &Statement) -> Result<()> {
        let received = self.received.entry(statement.currency).or_default();
        let is_plain =
            statement.collected.is_empty() && statement.lines.iter().all(|line| line.points > 0);
        let mut counted = BTreeSet::new();
        for (work, amount) in statement.paid() {
            let sum = received.entry(work).or_default();
            sum.clicks += i64::from(is_plain || counted.insert(work));
            sum.gross = sum.gross.plus(amount)?;
        }
        Ok(())
    }

    /// What a statement promises.
    fn promise(&mut self, patron: AccountId, statement: &Statement) {
        let lines = statement.lines.iter();
        let promised = lines.filter(|l| l.state == LineState::Promised && l.share.is_positive());
        let promised = promised.map(|l| Promised { work: l.work, patron, amount: l.share });
        self.promised.entry(statement.currency).or_default().extend(promised);
    }

    /// Makes the sheets.
    pub(super) fn close(&mut self, terms: &Terms) -> Result<()> {
        let mut promised = std::mem::take(&mut self.promised);
        for (currency, received) in std::mem::take(&mut self.received) {
            let promised = promised.remove(&currency).unwrap_or_default();
            self.sheets.extend(sheets(currency, received, (promised, terms))?);
        }
        Ok(())
    }
}

/// What a statement moves on its patron's wallet.
fn sums(statement: &Statement) -> Result<Sums> {
    let (collected, to_pool) = (statement.collected_total()?, statement.to_pool);
    let taken = statement.paid_total()?.plus(collected)?.plus(to_pool)?;
    Ok(Sums { taken, collected, to_pool, promised: statement.promised_total()? })
}

/// One sheet for each part that received or was promised something.
fn sheets(
    currency: Currency,
    received: Received,
    (promised, terms): (Vec<Promised>, &Terms),
) -> Result<Vec<SheetRow>> {
    let mut parts: BTreeMap<i64, Sheet> = BTreeMap::new();
    for (work, sum) in received {
        parts.entry(terms.part(work)?).or_default().sums.push((work, sum));
    }
    for promised in promised {
        let part = terms.parts.of_work(promised.work);
        parts.entry(part).or_default().promised.push(promised);
    }
    let packed = parts.into_iter().map(|(part, mut sheet)| {
        sheet.sums.sort_unstable_by_key(|(work, _)| *work);
        sheet.promised.sort_unstable();
        SheetRow { part, currency, body: sheet.pack().body }
    });
    Ok(packed.collect())
}
