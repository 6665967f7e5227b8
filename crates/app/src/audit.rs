//! The audit (security.md section 1): every invariant is asked of the database again, and every
//! settled share is computed again from what was frozen. A breach stops settlement and payouts:
//! stopping is better than going on wrong.

use std::collections::BTreeSet;

use jiff::Timestamp;
use obole_domain::money::AMOUNT_MAX;
use obole_domain::settlement::{PatronInputs, PatronPlan, WorkTerms, share_patron};
use obole_domain::statement::{Statement, details_may_have_gone};
use obole_domain::{AccountId, Currency, Period, Refusal};
use obole_store::freeze::{self, Range, Works};
use obole_store::settlements::{self, SettlementRow, Stage, Step};
use obole_store::shares::{self, Sums};
use obole_store::{Read, Store, audit, audit_log, settings};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::audit_log::{Actor, chain};
use crate::clock_watch;
use crate::error::{Error, Result};
use crate::quarantine;
use crate::settle::share;
use crate::suspensions::require_admin;

/// The setting that holds settlement and payouts until an administrator has looked.
pub const HELD: &str = "held";

/// A rule that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Its name in security.md.
    pub rule: &'static str,
    /// Where.
    pub detail: String,
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The rules that were checked, in order.
    pub checked: Vec<&'static str>,
    /// Those that do not hold.
    pub breaches: Vec<Breach>,
}

impl Report {
    /// Whether everything holds.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.breaches.is_empty()
    }

    fn add(&mut self, rule: &'static str, details: Vec<String>) {
        if !self.checked.contains(&rule) {
            self.checked.push(rule);
        }
        self.breaches.extend(details.into_iter().map(|detail| Breach { rule, detail }));
    }
}

/// Checks every invariant, online. It changes nothing: [`run_and_hold`] acts on the result.
pub async fn run(app: &App) -> Result<Report> {
    run_on(&app.store().patient()).await
}

/// The same for a database that is nobody's: a backup that was read back.
pub(crate) async fn run_on(store: &Store) -> Result<Report> {
    let mut report: Report = store.read((), |read, ()| Box::pin(ledger(read))).await?;
    let settled = store.read((), |read, ()| {
        Box::pin(async move {
            let all = Period::new(9999, 12).expect("a month");
            Ok::<_, Error>(settlements::list(read, all, i64::MAX).await?)
        })
    });
    for row in settled.await?.into_iter().filter(|row| row.stage == Stage::Done) {
        let details = store.read((), move |read, ()| Box::pin(settlement(read, row.period)));
        let details = details.await?;
        details.into_iter().for_each(|(rule, details)| report.add(rule, details));
    }
    let broken = store.read((), |read, ()| Box::pin(broken_chain(read))).await?;
    report.add("L13", broken);
    Ok(report)
}

/// When the last audit ran and how many breaches it found, as `<micros> <count>`.
const LAST: &str = "audit.last";

/// When the last audit ran and how many breaches it found.
pub async fn last(read: &mut Read) -> Result<Option<(Timestamp, i64)>> {
    let stored = settings::find(read, LAST).await?;
    let parts = stored.as_deref().and_then(|text| text.split_once(' '));
    let parsed = parts.and_then(|(at, count)| {
        let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
        Some((at, count.parse().ok()?))
    });
    Ok(parsed)
}

/// An administrator looked at what the audit found: settlement and payouts go on.
pub async fn release(app: &App, actor: Actor) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let details = settings::find(tx, HELD).await?.ok_or(Refusal::StateMoved {})?;
            settings::take(tx, HELD).await?;
            app.log(tx, actor, "audit.release", ("audit".to_owned(), details)).await
        })
    })
    .await
}

/// Audits, and holds settlement and payouts where something is wrong.
pub async fn run_and_hold(app: &App) -> Result<Report> {
    let report = run(app).await?;
    let last = format!("{} {}", app.now().as_microsecond(), report.breaches.len());
    app.write(last, |tx, last| Box::pin(async move { Ok(settings::set(tx, LAST, last).await?) }))
        .await?;
    if let Some(breach) = report.breaches.first() {
        tracing::error!(rule = breach.rule, detail = breach.detail, "the audit found a breach");
        let text = format!("{}: {}", breach.rule, breach.detail);
        app.write(text, |tx, text| {
            Box::pin(async move { Ok(settings::set(tx, HELD, text).await?) })
        })
        .await?;
    }
    Ok(report)
}

/// Refused while settlement and payouts wait for an administrator: the instance was restored (V3),
/// the clock jumped (D13), or the audit found a breach.
pub async fn refuse_held(read: &mut Read) -> Result<()> {
    quarantine::refuse(read).await?;
    clock_watch::refuse_held(read).await?;
    if settings::find(read, HELD).await?.is_some() {
        return Err(Refusal::Held {}.into());
    }
    Ok(())
}

/// The rules that the rows of the ledger show by themselves.
async fn ledger(read: &mut Read) -> Result<Report> {
    let mut report = Report::default();
    report.add("L1", audit::unbalanced_entries(read).await?);
    report.add("L1", audit::thin_entries(read).await?);
    report.add("L1", audit::unbalanced_currencies(read).await?);
    report.add("L2", audit::wrong_reversals(read).await?);
    let unguarded = audit::unguarded(read).await?.into_iter();
    report
        .add("L2", unguarded.map(|table| format!("nothing refuses changes of {table}")).collect());
    report.add("L3", audit::wrong_balances(read).await?);
    report.add("L4", audit::overdrawn(read).await?);
    report.add("L4", audit::wrong_holds(read).await?);
    report.add("L5", audit::doubled_facts(read).await?);
    report.add("L9", audit::wrong_totals(read).await?);
    report.add("L9", audit::open_clearings(read).await?);
    report.add("L14", audit::huge_entries(read, AMOUNT_MAX.get()).await?);
    report.add("K1", audit::doubled_subscriptions(read).await?);
    Ok(report)
}

/// L6, L7 and L8 for one settlement: its chunks are computed again from what was frozen and
/// compared with what is stored. Of a month whose details are gone (P5) L6 is left: what the
/// statements say was taken from the wallets.
async fn settlement(read: &mut Read, period: Period) -> Result<Vec<(&'static str, Vec<String>)>> {
    // As it stands now: meanwhile its details may have begun to go.
    let Some(row) = &settlements::find(read, period).await? else { return Ok(Vec::new()) };
    if row.details_end_at.is_some() {
        return condensed(read, row).await;
    }
    let (mut wallets, mut lost, mut plan) = (Vec::new(), Vec::new(), Vec::new());
    let works = freeze::frozen_works(read, row.period).await?;
    let mut whole = Sha256::new();
    let shared = settlements::chunks(read, row.period, Step::Share).await?;
    for chunk in shared {
        let range = Range { after: chunk.first, last: chunk.last };
        let (plans, hash, unlisted) = planned(read, row, range, &works).await?;
        if hash.as_slice() != chunk.hash || !is_stored(read, row.period, range, &plans).await? {
            plan.push(format!("{} chunk {}: another plan than stored", row.period, chunk.number));
        }
        lost.extend(unlisted);
        let mut planned = Vec::new();
        for plan in &plans {
            let of_patron = plan.statements.iter().map(|statement| taken(plan.patron, statement));
            planned.extend(of_patron.collect::<Result<Vec<_>>>()?);
        }
        wallets.extend(wrong_wallets(read, (row.period, range), planned).await?);
        whole.update(hash);
    }
    if row.plan_hash != Some(whole.finalize().into()) {
        plan.push(format!("{}: another plan hash than stored", row.period));
    }
    Ok(vec![("L6", wallets), ("L7", lost), ("L8", plan)])
}

/// L6 and what is left of L8 for a month whose details are gone: its statements say what was taken
/// from the wallets and what was booked of each, its chunks are those of its plan, and nothing went
/// before its time.
async fn condensed(
    read: &mut Read,
    row: &SettlementRow,
) -> Result<Vec<(&'static str, Vec<String>)>> {
    let (period, mut wallets, mut plan) = (row.period, Vec::new(), Vec::new());
    for (number, range) in settlements::ranges(read, period).await? {
        let stored = shares::statements_between(read, period, range).await?;
        let said = stored.iter().map(|(patron, statement)| taken(*patron, statement));
        let said = said.collect::<Result<Vec<_>>>()?;
        wallets.extend(wrong_wallets(read, (period, range), said).await?);
        let sums = stored.iter().map(|(patron, statement)| sums(*patron, statement));
        let sums = sums.collect::<Result<Vec<_>>>()?;
        if sums != shares::sums_between(read, period, range).await? {
            wallets.push(format!("{period} chunk {number}: other sums than were booked"));
        }
    }
    let mut whole = Sha256::new();
    let chunks = settlements::chunks(read, period, Step::Share).await?;
    chunks.iter().for_each(|chunk| whole.update(&chunk.hash));
    if row.plan_hash != Some(whole.finalize().into()) {
        plan.push(format!("{period}: another plan hash than stored"));
    }
    let moments = row.finished_at.zip(row.details_end_at);
    if moments.is_none_or(|(done, gone)| !details_may_have_gone(done, gone)) {
        plan.push(format!("{period}: its details went before their time"));
    }
    Ok(vec![("L6", wallets), ("L8", plan)])
}

/// What a statement moves, as its row says it too.
fn sums(patron: AccountId, statement: &Statement) -> Result<(AccountId, Currency, Sums)> {
    let sums = Sums {
        taken: statement.taken_total()?,
        collected: statement.collected_total()?,
        to_pool: statement.to_pool,
        promised: statement.promised_total()?,
    };
    Ok((patron, statement.currency, sums))
}

/// The plan of a range, computed again, its hash, and the patrons whose clicks it does not list.
async fn planned(
    read: &mut Read,
    row: &SettlementRow,
    range: Range,
    works: &Works,
) -> Result<(Vec<PatronPlan>, [u8; 32], Vec<String>)> {
    let unclaimed = WorkTerms::default();
    let (mut plans, mut hash, mut lost) = (Vec::new(), Sha256::new(), Vec::new());
    let (mut clickers, mut last) = (0_usize, None);
    freeze::each_click(read, row.period, range, |patron, _| {
        clickers += usize::from(last.replace(patron) != Some(patron));
    })
    .await?;
    share::each_patron(read, row.period, range, &mut |patron| {
        let terms = |work| works.get(&work).unwrap_or(&unclaimed);
        let plan = share_patron(patron, terms, &row.policy)?;
        for (whose, statement) in share::made(&plan) {
            share::hash_statement(&mut hash, whose, (statement, &statement.pack().digest));
        }
        clickers -= usize::from(!patron.clicks.is_empty());
        if !lists_all(patron, &plan) {
            lost.push(format!("{}: clicks of {}", row.period, patron.patron));
        }
        plans.push(plan);
        Ok(())
    })
    .await?;
    if clickers > 0 {
        lost.push(format!("{}: clicks of {clickers} patrons without a purse", row.period));
    }
    Ok((plans, hash.finalize().into(), lost))
}

/// L7: whether a statement lists each click of a patron.
fn lists_all(patron: &PatronInputs, plan: &PatronPlan) -> bool {
    let lines = plan.statements.iter().flat_map(|statement| &statement.lines);
    let listed: BTreeSet<_> = lines.map(|line| line.work).collect();
    patron.clicks.iter().all(|click| listed.contains(&click.work))
}

/// Whether the stored statements of a range are those of the plans.
async fn is_stored(
    read: &mut Read,
    period: Period,
    range: Range,
    plans: &[PatronPlan],
) -> Result<bool> {
    let stored = shares::statements_between(read, period, range).await?;
    let planned = plans.iter().flat_map(share::made);
    Ok(planned.eq(stored.iter().map(|(patron, statement)| (*patron, statement))))
}

/// What a statement says was taken from whose wallet.
fn taken(patron: AccountId, statement: &Statement) -> Result<(AccountId, Currency, i64)> {
    Ok((patron, statement.currency, statement.taken_total()?.get()))
}

/// L6: wallets from which the entries took something else than the statements say.
async fn wrong_wallets(
    read: &mut Read,
    (period, range): (Period, Range),
    mut planned: Vec<(AccountId, Currency, i64)>,
) -> Result<Vec<String>> {
    planned.retain(|(_, _, taken)| *taken != 0);
    let booked = audit::taken_by_entries(read, period, (range.after, range.last)).await?;
    if planned == booked {
        return Ok(Vec::new());
    }
    let off = planned
        .iter()
        .find(|line| !booked.contains(line))
        .or_else(|| booked.iter().find(|line| !planned.contains(line)));
    Ok(off
        .map(|(patron, currency, _)| format!("{period} {currency}: wallet of {patron}"))
        .into_iter()
        .collect())
}

/// L13: the first record of the audit log whose hash is not that of itself and the one before.
async fn broken_chain(read: &mut Read) -> Result<Vec<String>> {
    let (mut seq, mut previous) = (0, [0; 32]);
    loop {
        let records = audit_log::after(read, seq, 1_000).await?;
        let Some(last) = records.last() else { break };
        seq = last.seq;
        for record in &records {
            let is_whole =
                record.previous == previous && record.hash == chain(&previous, &record.record);
            if !is_whole {
                return Ok(vec![format!("record {}", record.seq)]);
            }
            previous = record.hash;
        }
    }
    let is_head = audit_log::head(read).await? == previous;
    Ok(if is_head { Vec::new() } else { vec!["the head is not the last record".to_owned()] })
}
