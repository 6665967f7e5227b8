//! All that a chunk of patrons moves, added up: statements, entries, holds, what works receive.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::BuildHasherDefault;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::money::AMOUNT_MAX;
use obole_domain::settlement::{PatronInputs, PatronPlan};
use obole_domain::sheet::{self, Promised, Sheet, Sum};
use obole_domain::statement::{LineState, Statement};
use obole_domain::{AccountId, Currency, Micros, Period, WorkId};
use obole_store::freeze::{Chance, PurseRow};
use obole_store::settlements::Totals;
use obole_store::shares::StatementRow;
use obole_store::sheets::SheetRow;
use sha2::Sha256;

use super::{Terms, share};
use crate::error::Result;

/// What works receive, by work.
type Sums = HashMap<WorkId, Sum, BuildHasherDefault<Chance>>;

/// What a chunk moves. The first half is what is written, the second what it is made of.
#[derive(Default)]
pub(super) struct Booking {
    pub(super) patrons: i64,
    pub(super) statements: Vec<StatementRow>,
    pub(super) sheets: Vec<SheetRow>,
    pub(super) carried: Vec<(AccountId, WorkId, i64, i64)>,
    pub(super) entries: Vec<Entry>,
    pub(super) held: Vec<(LedgerAccount, Micros)>,
    pub(super) totals: BTreeMap<Currency, Totals>,
    given: BTreeMap<Currency, Vec<Posting>>,
    collected: BTreeMap<Currency, Vec<Posting>>,
    pooled: BTreeMap<Currency, Vec<Posting>>,
    sums: BTreeMap<Currency, Sums>,
    promised: BTreeMap<Currency, Vec<Promised>>,
}

impl Booking {
    /// What the freeze set aside pays for the shares.
    pub(super) fn free(&mut self, purse: &PurseRow) {
        if purse.held.is_positive() {
            let wallet = LedgerAccount::wallet(purse.patron, purse.currency);
            self.held.push((wallet, Micros::new(-purse.held.get())));
        }
    }

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
            let wallet = LedgerAccount::wallet(patron, currency);
            let (paid, promised) = (statement.paid_total()?, statement.promised_total()?);
            let collected = statement.collected_total()?;
            let taken = paid.plus(collected)?.plus(statement.to_pool)?;
            self.held.push((wallet, promised.minus(collected)?));
            let lines = [
                (&mut self.given, paid),
                (&mut self.collected, collected),
                (&mut self.pooled, statement.to_pool),
            ];
            for (postings, amount) in lines.into_iter().filter(|(_, a)| a.is_positive()) {
                postings.entry(currency).or_default().push(Posting { account: wallet, amount });
            }
            let totals = self.totals.entry(currency).or_insert_with(|| Totals::empty(currency));
            totals.taken = totals.taken.plus(taken)?;
            totals.promised = totals.promised.plus(promised)?;
            totals.pool = totals.pool.plus(statement.to_pool)?;
            gave |= taken.is_positive() || promised.is_positive();
            self.credit(statement)?;
            self.promise(patron, statement);
            let packed = statement.pack();
            share::hash_statement(hash, patron, (statement, &packed.digest));
            let body = packed.body;
            self.statements.push(StatementRow { patron, currency, taken, promised, body });
        }
        self.patrons += i64::from(gave);
        Ok(())
    }

    /// What a statement's works receive. One patron is one click, however many promises are
    /// collected with it (P2).
    fn credit(&mut self, statement: &Statement) -> Result<()> {
        let sums = self.sums.entry(statement.currency).or_default();
        let is_plain =
            statement.collected.is_empty() && statement.lines.iter().all(|line| line.points > 0);
        let mut counted = BTreeSet::new();
        for (work, amount) in statement.paid() {
            let sum = sums.entry(work).or_default();
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

    /// Makes the entries, one a reason and currency from the chunk's wallets to one ledger account
    /// (D8), and the sheets.
    pub(super) fn close(&mut self, period: Period, number: i64, terms: &Terms) -> Result<()> {
        let clearing = |currency| LedgerAccount::clearing(period, currency);
        let pool = |currency| LedgerAccount::common(LedgerKind::Pool, currency);
        let taken: [(_, _, &dyn Fn(Currency) -> LedgerAccount); 3] = [
            (Reason::Given, std::mem::take(&mut self.given), &clearing),
            (Reason::PromisesCollected, std::mem::take(&mut self.collected), &clearing),
            (Reason::ToPool, std::mem::take(&mut self.pooled), &pool),
        ];
        for (reason, by_currency, to) in taken {
            for (currency, postings) in by_currency {
                let id = format!("{period}/{currency}/{number}");
                self.entries.extend(entries(reason, &id, to(currency), postings)?);
            }
        }
        let mut promised = std::mem::take(&mut self.promised);
        for (currency, sums) in std::mem::take(&mut self.sums) {
            let promised = promised.remove(&currency).unwrap_or_default();
            self.sheets.extend(sheets(currency, sums, (promised, terms))?);
        }
        Ok(())
    }
}

/// One sheet for each part that received or was promised something.
fn sheets(
    currency: Currency,
    sums: Sums,
    (promised, terms): (Vec<Promised>, &Terms),
) -> Result<Vec<SheetRow>> {
    let mut parts: BTreeMap<i64, Sheet> = BTreeMap::new();
    for (work, sum) in sums {
        parts.entry(terms.part(work)?).or_default().sums.push((work, sum));
    }
    for promised in promised {
        parts.entry(sheet::part(promised.work)).or_default().promised.push(promised);
    }
    let packed = parts.into_iter().map(|(part, mut sheet)| {
        sheet.sums.sort_unstable_by_key(|(work, _)| *work);
        sheet.promised.sort_unstable();
        SheetRow { part, currency, body: sheet.pack().body }
    });
    Ok(packed.collect())
}

/// The entries that take postings to one ledger account: one, or more where one would be over the
/// limit of L14.
pub(super) fn entries(
    reason: Reason,
    id: &str,
    to: LedgerAccount,
    postings: Vec<Posting>,
) -> Result<Vec<Entry>> {
    let groups = within_limit(postings)?.into_iter().enumerate();
    let made = groups.map(|(place, mut postings)| {
        let total = Micros::sum(postings.iter().map(|posting| posting.amount))?;
        postings.push(Posting { account: to, amount: total.negated()? });
        let fact = Fact::new("settlement", format!("{id}.{place}"), reason.code());
        Ok(Entry::new(reason, fact, postings)?)
    });
    made.collect()
}

/// Postings of one side in groups, each of which fits into one entry (L14).
fn within_limit(postings: Vec<Posting>) -> Result<Vec<Vec<Posting>>> {
    let most = AMOUNT_MAX.get().unsigned_abs();
    let mut groups: Vec<(u64, Vec<Posting>)> = Vec::new();
    for posting in postings {
        let amount = posting.amount.get().unsigned_abs();
        match groups.last_mut().filter(|(sum, _)| sum.saturating_add(amount) <= most) {
            Some((sum, group)) => {
                *sum += amount;
                group.push(posting);
            }
            None => groups.push((amount, vec![posting])),
        }
    }
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}
