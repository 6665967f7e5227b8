//! Crediting: what each work received goes to its payee, less the fee (product.md section 4).

use std::collections::BTreeMap;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::money::AMOUNT_MAX;
use obole_domain::settlement::credit;
use obole_domain::{AccountId, Currency, Micros, Period, Policy};
use obole_store::settlements::{self, ChunkRow, Stage, Step, Totals};
use obole_store::shares::{self, CreditRow};
use obole_store::{Tx, budgets, freeze, holds, ledger};
use uuid::Uuid;

use super::{CHUNK_WORKS, Run, finish};
use crate::app::App;
use crate::error::{Error, Result};

/// Credits chunk after chunk until no work is left, then finishes.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    loop {
        let work = Work { app: run.app.clone(), period: run.period, policy: run.policy.clone() };
        let done = run.app.write(work, |tx, work| Box::pin(credit_chunk(tx, work))).await?;
        match done {
            Some(credited) => run.tell(Stage::Crediting, credited, 0),
            None => return finish::run(run).await,
        }
    }
}

/// What a chunk is made of.
struct Work {
    app: App,
    period: Period,
    policy: Policy,
}

/// Credits the next works; none when all are credited.
async fn credit_chunk(tx: &mut Tx, work: &Work) -> Result<Option<i64>> {
    let Work { app, period, policy } = work;
    let done = settlements::chunks(tx, *period, Step::Credit).await?;
    let credited: i64 = done.iter().map(|chunk| chunk.rows).sum();
    let after = done.last().map_or(Uuid::nil(), |chunk| chunk.last);
    let mut credits = shares::unpaid_credits(tx, *period, after, CHUNK_WORKS).await?;
    let Some((first, last)) = credits.first().zip(credits.last()) else { return Ok(None) };
    let number = done.last().map_or(0, |chunk| chunk.number + 1);
    let rows = i64::try_from(credits.len()).map_err(Error::internal)?;
    let (first, last) = (first.work.uuid(), last.work.uuid());
    let chunk = ChunkRow { number, first, last, rows, hash: Vec::new() };
    if !settlements::take_chunk(tx, *period, Step::Credit, &chunk).await? {
        return Ok(Some(credited));
    }
    let mut totals = BTreeMap::<Currency, Totals>::new();
    for row in &mut credits {
        let result = credit(row.gross, policy)?;
        (row.fee, row.net) = (result.fee, result.net);
        let sum = totals.entry(row.currency).or_insert_with(|| Totals::empty(row.currency));
        sum.gross = sum.gross.plus(row.gross)?;
        sum.fee = sum.fee.plus(row.fee)?;
        sum.net = sum.net.plus(row.net)?;
    }
    shares::pay_credits(tx, *period, &credits).await?;
    for entry in entries(*period, number, &credits)? {
        ledger::post(tx, app.now(), &entry).await?;
    }
    for sum in totals.values() {
        settlements::add_totals(tx, *period, sum).await?;
    }
    if policy.give_to_receive {
        hold_what_waits(tx, work, &credits).await?;
    }
    Ok(Some(credited + rows))
}

/// The entries of a chunk: one a currency, more where one would be over the limit of L14.
fn entries(period: Period, chunk: i64, credits: &[CreditRow]) -> Result<Vec<Entry>> {
    let mut groups = Vec::<(Currency, Micros, Vec<Posting>)>::new();
    let mut sorted: Vec<&CreditRow> = credits.iter().collect();
    sorted.sort_by_key(|credit| credit.currency);
    for (to, amount) in sorted.into_iter().flat_map(parts) {
        let fits = |(currency, sum, _): &&mut (Currency, Micros, Vec<Posting>)| {
            *currency == to.currency && sum.plus(amount).is_ok_and(|sum| sum <= AMOUNT_MAX)
        };
        let clearing = LedgerAccount::clearing(period, to.currency);
        let lines = [
            Posting { account: clearing, amount },
            Posting { account: to, amount: amount.negated()? },
        ];
        match groups.last_mut().filter(fits) {
            Some((_, sum, postings)) => {
                *sum = sum.plus(amount)?;
                postings.extend(lines);
            }
            None => groups.push((to.currency, amount, lines.to_vec())),
        }
    }
    let made = groups.into_iter().enumerate().map(|(place, (currency, _, postings))| {
        let id = format!("{period}/{currency}/{chunk}.{place}");
        let fact = Fact::new("settlement", id, Reason::Received.code());
        Entry::new(Reason::Received, fact, postings).map_err(Error::from)
    });
    made.collect()
}

/// What goes to the payee and to the fees, in parts that each fit into an entry.
fn parts(credit: &CreditRow) -> impl Iterator<Item = (LedgerAccount, Micros)> {
    let whole = [
        (LedgerAccount::earnings(credit.payee, credit.currency), credit.net.get()),
        (LedgerAccount::common(LedgerKind::Fees, credit.currency), credit.fee.get()),
    ];
    whole.into_iter().flat_map(|(to, amount)| {
        let most = AMOUNT_MAX.get();
        let full = std::iter::repeat_n(most, usize::try_from(amount / most).unwrap_or(0));
        let parts = full.chain(std::iter::once(amount % most)).filter(|part| *part > 0);
        parts.map(move |part| (to, Micros::new(part)))
    })
}

/// Where those who receive must also give, what a payee receives waits until they do.
async fn hold_what_waits(tx: &mut Tx, work: &Work, credits: &[CreditRow]) -> Result<()> {
    let giving = freeze::giving_payees(tx, work.period).await?;
    let mut waiting = BTreeMap::<(AccountId, Currency), Micros>::new();
    for credit in credits.iter().filter(|c| !giving.contains(&(c.payee, c.currency))) {
        let sum = waiting.entry((credit.payee, credit.currency)).or_default();
        *sum = sum.plus(credit.net)?;
    }
    let now = work.app.now();
    for ((payee, currency), amount) in waiting.into_iter().filter(|(_, net)| net.is_positive()) {
        // Who has begun to give since the freeze does not wait: nobody would free it later.
        if budgets::amount(tx, payee, currency).await? >= work.policy.budget_min {
            continue;
        }
        let earnings = LedgerAccount::earnings(payee, currency);
        ledger::hold(tx, earnings, amount).await?;
        let id = work.app.chance().id(now);
        holds::create(tx, id, (earnings, amount), (holds::GIVE_TO_RECEIVE, now)).await?;
    }
    Ok(())
}
