//! Booking: what each chunk's statements say is taken from the wallets, in the order of accounts,
//! each wallet written once, with what the freeze had set aside there (L4, performance.md
//! section 1).

use std::collections::BTreeMap;

use futures_util::StreamExt;
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::money::AMOUNT_MAX;
use obole_domain::{AccountId, Currency, Micros, Period};
use obole_store::settlements::{self, ChunkRow, Stage, Step, Totals};
use obole_store::shares::{self, Sums};
use obole_store::{Tx, freeze, ledger, promises};

use super::Run;
use super::chunks::{self, Chunk};
use crate::app::App;
use crate::error::{Error, Result};

/// Books every chunk that is not done, then moves on.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let (chunks, mut done) = chunks::undone(run, Step::Book).await?;
    let (app, period) = (run.app.clone(), run.period);
    let mut ahead =
        chunks::ahead(chunks, chunks::AHEAD, move |chunk| booked(app.clone(), period, chunk));
    while let Some(booked) = ahead.next().await {
        let Some(booked) = booked? else { continue };
        done += booked.postings;
        let book = (run.app.clone(), booked);
        let write = run
            .app
            .write(book, move |tx, (app, booked)| Box::pin(book_chunk(tx, app, period, booked)));
        write.await?;
        run.tell(Stage::Booking, done, 0);
    }
    run.app.write((), move |tx, ()| Box::pin(end(tx, period))).await
}

/// All is booked when every chunk is.
async fn end(tx: &mut Tx, period: Period) -> Result<()> {
    let booked = settlements::chunks(tx, period, Step::Book).await?;
    if booked.len() == settlements::ranges(tx, period).await?.len() {
        settlements::move_on(tx, period, Stage::Booking, Stage::Crediting).await?;
    }
    Ok(())
}

/// What a chunk books.
struct Booked {
    chunk: Chunk,
    /// How many postings that is.
    postings: i64,
    entries: Vec<Entry>,
    held: Vec<(LedgerAccount, Micros)>,
    totals: BTreeMap<Currency, Totals>,
}

/// Adds up what a chunk books; none when somebody else booked it meanwhile. It reads only what no
/// one changes any more.
async fn booked(app: App, period: Period, chunk: Chunk) -> Result<Option<Booked>> {
    let booked = app.read((), move |read, ()| {
        Box::pin(async move {
            if chunks::is_done(read, (period, Step::Book), chunk.number).await? {
                return Ok(None);
            }
            let statements = shares::sums_between(read, period, chunk.range).await?;
            let mut booking = Booking::default();
            for (patron, currency, sums) in &statements {
                booking.add(*patron, *currency, sums)?;
            }
            for purse in freeze::frozen_purses(read, period, chunk.range).await? {
                booking.free(LedgerAccount::wallet(purse.patron, purse.currency), purse.held);
            }
            let entries = booking.entries(period, chunk.number)?;
            let postings = entries.iter().map(|entry| entry.postings().len()).sum::<usize>();
            let postings = i64::try_from(postings).map_err(Error::internal)?;
            let Booking { held, totals, .. } = booking;
            Ok(Some(Booked { chunk, postings, entries, held, totals }))
        })
    });
    booked.await
}

/// Writes a chunk.
async fn book_chunk(tx: &mut Tx, app: &App, period: Period, booked: &Booked) -> Result<()> {
    let Booked { chunk: Chunk { number, range }, postings, entries, held, totals } = booked;
    let chunk = ChunkRow { rows: *postings, ..ChunkRow::new(*number, range.after, range.last) };
    if !settlements::take_chunk(tx, period, Step::Book, &chunk).await? {
        return Ok(());
    }
    let now = app.now();
    promises::end_collecting(tx, period, *range, now).await?;
    // What all chunks write comes last, so that others wait for the commit only (D8).
    ledger::post_all(tx, now, entries, held).await?;
    for totals in totals.values() {
        settlements::add_totals(tx, period, totals).await?;
    }
    Ok(())
}

/// What the statements of a chunk move, added up.
#[derive(Default)]
struct Booking {
    held: Vec<(LedgerAccount, Micros)>,
    totals: BTreeMap<Currency, Totals>,
    given: BTreeMap<Currency, Vec<Posting>>,
    collected: BTreeMap<Currency, Vec<Posting>>,
    pooled: BTreeMap<Currency, Vec<Posting>>,
}

impl Booking {
    /// What the freeze set aside pays for the shares.
    fn free(&mut self, wallet: LedgerAccount, held: Micros) {
        if held.is_positive() {
            self.held.push((wallet, Micros::new(-held.get())));
        }
    }

    /// One statement.
    fn add(&mut self, patron: AccountId, currency: Currency, sums: &Sums) -> Result<()> {
        let wallet = LedgerAccount::wallet(patron, currency);
        self.held.push((wallet, sums.promised.minus(sums.collected)?));
        let given = sums.taken.minus(sums.collected)?.minus(sums.to_pool)?;
        let lines = [
            (&mut self.given, given),
            (&mut self.collected, sums.collected),
            (&mut self.pooled, sums.to_pool),
        ];
        for (postings, amount) in lines.into_iter().filter(|(_, amount)| amount.is_positive()) {
            postings.entry(currency).or_default().push(Posting { account: wallet, amount });
        }
        let totals = self.totals.entry(currency).or_insert_with(|| Totals::empty(currency));
        totals.taken = totals.taken.plus(sums.taken)?;
        totals.promised = totals.promised.plus(sums.promised)?;
        totals.pool = totals.pool.plus(sums.to_pool)?;
        Ok(())
    }

    /// The entries: one a reason and currency, from the chunk's wallets to one ledger account (D8).
    fn entries(&mut self, period: Period, number: i64) -> Result<Vec<Entry>> {
        let clearing = |currency| LedgerAccount::clearing(period, currency);
        let pool = |currency| LedgerAccount::common(LedgerKind::Pool, currency);
        let taken: [(_, _, &dyn Fn(Currency) -> LedgerAccount); 3] = [
            (Reason::Given, std::mem::take(&mut self.given), &clearing),
            (Reason::PromisesCollected, std::mem::take(&mut self.collected), &clearing),
            (Reason::ToPool, std::mem::take(&mut self.pooled), &pool),
        ];
        let mut made = Vec::new();
        for (reason, by_currency, to) in taken {
            for (currency, postings) in by_currency {
                let id = format!("{period}/{currency}/{number}");
                made.extend(entries(reason, &id, to(currency), postings)?);
            }
        }
        Ok(made)
    }
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
