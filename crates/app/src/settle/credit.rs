//! Crediting: what each work received goes to its payee, less the fee (product.md section 4). The
//! chunks' sheets are read a part at a time, and each table is written in the order of its key.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt;
use obole_domain::ledger::{Entry, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::money::AMOUNT_MAX;
use obole_domain::settlement::credit;
use obole_domain::sheet::Promised;
use obole_domain::{Currency, Micros, Period, Policy};
use obole_store::settlements::{self, ChunkRow, Stage, Step, Totals};
use obole_store::shares::{self, CreditRow};
use obole_store::{Tx, ledger, promises, sheets};
use uuid::Uuid;

use super::arrivals::{Arrivals, Arrived};
use super::{Run, Terms, booking, chunks, finish};
use crate::app::App;
use crate::error::{Error, Result};
use crate::webhooks;

/// How many parts are held at a time: they are larger in memory than chunks, and sooner read.
const AHEAD: usize = 2;

/// Credits every part that is not done, then finishes.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let (app, period, terms) = (run.app.clone(), run.period, run.terms().await?);
    let policy = run.policy.clone();
    let of = terms.parts.count();
    let parts = chunks::from_somewhere((0..of).collect(), &app);
    let mut ahead = chunks::ahead(parts, AHEAD, move |part| {
        let what = What { period, policy: policy.clone(), terms: terms.clone(), part };
        credited(app.clone(), what)
    });
    let mut done = 0;
    while let Some(credited) = ahead.next().await {
        done += 1;
        let Some(credited) = credited? else { continue };
        let work = (run.app.clone(), run.policy.clone(), credited);
        let write = run.app.write(work, move |tx, (app, policy, credited)| {
            Box::pin(store_part(tx, (app, policy), period, credited))
        });
        write.await?;
        run.tell(Stage::Crediting, done, of);
    }
    finish::run(run).await
}

/// A part to credit.
struct What {
    period: Period,
    policy: Policy,
    terms: Arc<Terms>,
    part: i64,
}

/// What a part came to.
struct Credited {
    part: i64,
    credits: Vec<CreditRow>,
    promised: Vec<(Promised, Currency)>,
    entries: Vec<Entry>,
    /// What becomes of it: passed on, shared out among members.
    arrivals: Arrivals,
    totals: BTreeMap<Currency, Totals>,
}

/// Adds a part up; none when somebody else credited it meanwhile.
async fn credited(app: App, what: What) -> Result<Option<Credited>> {
    let credited = app.read(what, |read, what| {
        Box::pin(async move {
            let What { period, policy, terms, part } = what;
            if chunks::is_done(read, (*period, Step::Credit), *part).await? {
                return Ok(None);
            }
            let received = sheets::part(read, *period, *part).await?;
            let mut totals = BTreeMap::<Currency, Totals>::new();
            let mut credits = Vec::with_capacity(received.sums.len());
            for ((work, currency), sum) in received.sums {
                let payee = terms.payee(work)?;
                let credit = credit(sum.gross, policy)?;
                let (gross, fee, net) = (credit.gross, credit.fee, credit.net);
                let total = totals.entry(currency).or_insert_with(|| Totals::empty(currency));
                total.gross = total.gross.plus(gross)?;
                total.fee = total.fee.plus(fee)?;
                total.net = total.net.plus(net)?;
                let clicks = sum.clicks;
                credits.push(CreditRow { work, currency, payee, clicks, gross, fee, net });
            }
            credits.sort_unstable_by_key(|credit| (credit.payee, credit.work, credit.currency));
            let mut entries = entries(*period, *part, &credits)?;
            let mut arrivals = Arrivals::new(*period, *period);
            for credit in &credits {
                let CreditRow { work, currency, payee, net, .. } = *credit;
                arrivals.add(terms, Arrived { work, payee, currency, amount: net })?;
            }
            entries.extend(arrivals.entries(&format!("{period}/part-{part}"))?);
            let promised = received.promised;
            Ok(Some(Credited { part: *part, credits, promised, entries, arrivals, totals }))
        })
    });
    credited.await
}

/// Writes a part.
async fn store_part(
    tx: &mut Tx,
    by: (&App, &Policy),
    period: Period,
    credited: &Credited,
) -> Result<()> {
    let Credited { part, credits, promised, entries, arrivals, totals } = credited;
    let rows = i64::try_from(credits.len()).map_err(Error::internal)?;
    let chunk = ChunkRow { rows, ..ChunkRow::new(*part, Uuid::nil(), Uuid::nil()) };
    if !settlements::take_chunk(tx, period, Step::Credit, &chunk).await? {
        return Ok(());
    }
    shares::put_credits(tx, period, credits).await?;
    promises::put(tx, period, promised).await?;
    sheets::forget(tx, period, *part).await?;
    ledger::post_all(tx, by.0.now(), entries, arrivals.held()).await?;
    arrivals.store(tx).await?;
    webhooks::tell_shares(by.0, tx, period, credits).await?;
    for sum in totals.values() {
        settlements::add_totals(tx, period, sum).await?;
    }
    arrivals.hold_what_waits(tx, by, period).await?;
    Ok(())
}

/// The entries of a part: one a currency, more where one would be over the limit of L14.
fn entries(period: Period, part: i64, credits: &[CreditRow]) -> Result<Vec<Entry>> {
    let mut sums = BTreeMap::<LedgerAccount, i128>::new();
    for credit in credits {
        let earnings = LedgerAccount::earnings(credit.payee, credit.currency);
        *sums.entry(earnings).or_default() += i128::from(credit.net.get());
        let fees = LedgerAccount::common(LedgerKind::Fees, credit.currency);
        *sums.entry(fees).or_default() += i128::from(credit.fee.get());
    }
    let mut by_currency = BTreeMap::<Currency, Vec<Posting>>::new();
    for (account, sum) in sums {
        by_currency.entry(account.currency).or_default().extend(parts(account, sum)?);
    }
    let mut made = Vec::new();
    for (currency, postings) in by_currency {
        let clearing = LedgerAccount::clearing(period, currency);
        let id = format!("{period}/{currency}/part-{part}");
        made.extend(booking::entries(Reason::Received, &id, clearing, postings)?);
    }
    Ok(made)
}

/// What goes to a ledger account, in parts that each fit into an entry.
fn parts(account: LedgerAccount, sum: i128) -> Result<Vec<Posting>> {
    let most = i128::from(AMOUNT_MAX.get());
    let mut left = sum;
    let mut parts = Vec::new();
    while left > 0 {
        let part = i64::try_from(left.min(most)).map_err(Error::internal)?;
        parts.push(Posting { account, amount: Micros::new(part).negated()? });
        left -= i128::from(part);
    }
    Ok(parts)
}
