//! Looking a settled month over: what it consists of is read range by range, judged by the pure
//! rules of the domain, and what they say is held, in one transaction, once.

use std::sync::Arc;

use jiff::Timestamp;
use obole_domain::ledger::LedgerAccount;
use obole_domain::signal::{
    Accounts, Evidence, Gift, HandClick, MONTHS, NEW, SignalHoldId, Suspicion, ends_at, judge,
};
use obole_domain::statement::Statement;
use obole_domain::{AccountId, Currency, Money, Period, Policy};
use obole_store::freeze::Range;
use obole_store::settlements::{self, Stage};
use obole_store::signals::{self, NewSignalHold, evidence};
use obole_store::{Tx, holds, ledger, shares};

use crate::app::App;
use crate::audit_log::Actor;
use crate::bank_accounts;
use crate::error::{Error, Result};
use crate::notices;
use crate::settle::Terms;

/// All of an amount, in millionths.
const WHOLE_PPM: u32 = 1_000_000;

/// Looks over what is settled and was not, because something was in the way.
pub async fn look_over_due(app: &App) -> Result<()> {
    let due = app.read((), |read, ()| Box::pin(async move { Ok(signals::unjudged(read).await?) }));
    for period in due.await? {
        look_over(app, period).await?;
    }
    Ok(())
}

/// Looks a settled month over and holds what the signals say, unless that is done.
pub(crate) async fn look_over(app: &App, period: Period) -> Result<()> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let is_judged = signals::is_judged(read, period).await?;
            Ok((!is_judged).then_some(signals::currencies(read, period).await?))
        })
    });
    let Some(currencies) = found.await? else { return Ok(()) };
    mark_banks(app).await?;
    let mut found = Vec::new();
    for currency in currencies {
        let suspicions = judge(&gathered(app, period, currency).await?)?;
        found.extend(suspicions.into_iter().map(|suspicion| (currency, suspicion)));
    }
    let handle = app.clone();
    app.write(found, move |tx, found| {
        let app = handle.clone();
        Box::pin(async move {
            if signals::set_judged(tx, period, app.now()).await? {
                for (currency, suspicion) in found {
                    hold(&app, tx, (period, *currency), suspicion).await?;
                }
            }
            Ok(())
        })
    })
    .await
}

/// Holds what is there of suspicious gifts, and tells the payee.
async fn hold(
    app: &App,
    tx: &mut Tx,
    (period, currency): (Period, Currency),
    suspicion: &Suspicion,
) -> Result<()> {
    let (now, payee) = (app.now(), suspicion.payee);
    let earnings = LedgerAccount::earnings(payee, currency);
    let available = ledger::balance(tx, earnings).await?.available().amount;
    let net = suspicion.net()?;
    // What waits until they give themselves waits for this first.
    let beyond = net.minus(available.min(net))?;
    let waited = holds::shrink(tx, earnings, holds::GIVE_TO_RECEIVE, beyond).await?;
    let amount = net.min(available).plus(waited)?;
    if !amount.is_positive() {
        return Ok(());
    }
    let id = SignalHoldId::new(app.chance().id(now));
    let more = amount.minus(waited)?;
    if more.is_positive() {
        ledger::hold(tx, earnings, more).await?;
    }
    let new = NewSignalHold {
        id,
        period,
        payee,
        amount: Money::new(amount, currency),
        signals: &suspicion.signals,
        gifts: &suspicion.gifts,
        lasts: (now, ends_at(now)),
    };
    holds::create(tx, id.uuid(), (earnings, amount), (holds::SIGNALS, now)).await?;
    signals::create(tx, &new).await?;
    let row = signals::find(tx, id).await?.ok_or(Error::NotFound)?;
    notices::earnings_wait(app, tx, &row).await?;
    let details = format!("{} of {payee}, {period}", new.amount);
    app.log(tx, Actor::Job, "signals.hold", (id.to_string(), details)).await
}

/// Notes of each bank account by what the same one is seen elsewhere, where that is missing.
async fn mark_banks(app: &App) -> Result<()> {
    let unmarked =
        app.read((), |read, ()| Box::pin(async move { Ok(evidence::unmarked_banks(read).await?) }));
    let marks = unmarked.await?.into_iter().filter_map(|(account, sealed)| {
        match app.secrets().open(&sealed) {
            Ok(iban) => Some((account, sealed, bank_accounts::mac(app, &iban))),
            Err(error) => {
                tracing::warn!(%account, %error, "a bank account cannot be opened");
                None
            }
        }
    });
    let marks: Vec<_> = marks.collect();
    if marks.is_empty() {
        return Ok(());
    }
    app.write(marks, |tx, marks| {
        Box::pin(async move { Ok(evidence::mark_banks(tx, marks).await?) })
    })
    .await
}

/// All that the rules look at, in one currency.
async fn gathered(app: &App, period: Period, currency: Currency) -> Result<Evidence> {
    let months = || (0..MONTHS).rev().map(|back| period.back(back));
    let first = months().next().unwrap_or(period);
    let (zone, ends) = (app.zone(), period.next().begins(app.zone()));
    let (begins, new) = (first.begins(zone), ends.saturating_sub(NEW).unwrap_or(Timestamp::MIN));
    let accounts = app.read((), move |read, ()| {
        Box::pin(async move {
            Ok(Accounts {
                shared: evidence::shared(read).await?,
                vouchers: evidence::vouchers(read, currency, (begins, ends)).await?,
                opened: evidence::opened(read, (new, ends)).await?,
                all: usize::try_from(evidence::accounts(read).await?).unwrap_or_default(),
                payees: evidence::payees(read, currency, (first, period)).await?,
            })
        })
    });
    let mut evidence = Evidence::new(accounts.await?);
    for month in months() {
        let Some(frozen) = frozen(app, month).await? else { continue };
        for range in &frozen.ranges {
            for (patron, gifts) in given(app, (&frozen, *range), currency).await? {
                if month == period {
                    evidence.add(patron, gifts);
                } else {
                    evidence.add_earlier(patron, gifts);
                }
            }
            if month == period {
                add_clicks(app, (period, *range), &mut evidence).await?;
            }
        }
    }
    Ok(evidence)
}

/// What a settled month was shared out by.
struct Frozen {
    period: Period,
    policy: Policy,
    terms: Arc<Terms>,
    ranges: Vec<Range>,
}

/// What a month was shared out by; none where it is not settled.
async fn frozen(app: &App, period: Period) -> Result<Option<Frozen>> {
    app.read((), move |read, ()| {
        Box::pin(async move {
            let found = settlements::find(read, period).await?;
            let Some(row) = found.filter(|row| row.stage == Stage::Done) else { return Ok(None) };
            let ranges = settlements::ranges(read, period).await?;
            let ranges = ranges.into_iter().map(|(_, range)| range).collect();
            let terms = Arc::new(Terms::of(read, period).await?);
            Ok(Some(Frozen { period, policy: row.policy, terms, ranges }))
        })
    })
    .await
}

/// What a range of patrons gave, patron by patron.
async fn given(
    app: &App,
    (frozen, range): (&Frozen, Range),
    currency: Currency,
) -> Result<Vec<(AccountId, Vec<Gift>)>> {
    let period = frozen.period;
    let what = (frozen.terms.clone(), frozen.policy.clone());
    app.read(what, move |read, (terms, policy)| {
        Box::pin(async move {
            let statements = shares::statements_between(read, period, range).await?;
            let own = statements.into_iter().filter(|(_, one)| one.currency == currency);
            let given = own.map(|(patron, statement)| {
                Ok((patron, gifts_of(terms, policy, (patron, &statement))?))
            });
            given.collect()
        })
    })
    .await
}

/// What one patron's statement brought to whom, less what works pass on: of a team's works, to its
/// members and itself.
fn gifts_of(
    terms: &Terms,
    policy: &Policy,
    (patron, statement): (AccountId, &Statement),
) -> Result<Vec<Gift>> {
    let mut gifts = Vec::new();
    for (work, gross) in statement.paid() {
        let payee = terms.payee(work)?;
        // Rounded down, so that never more waits than these gifts brought.
        let net = gross
            .times(u64::from(WHOLE_PPM.saturating_sub(policy.fee_ppm)), u64::from(WHOLE_PPM))?;
        // What it passes on is not its payee's.
        let arrival = terms.arrival((work, payee), net)?;
        let whole = u64::try_from(net.get()).map_err(Error::internal)?;
        for (payee, part) in arrival.members.into_iter().chain([(payee, arrival.kept)]) {
            if part.is_positive() {
                let weight = u64::try_from(part.get()).map_err(Error::internal)?;
                let gross = gross.times(weight, whole)?;
                gifts.push(Gift { patron, work, payee, gross, net: part });
            }
        }
    }
    Ok(gifts)
}

/// What a range of patrons clicked by hand.
async fn add_clicks(
    app: &App,
    (period, range): (Period, Range),
    evidence: &mut Evidence,
) -> Result<()> {
    let clicks = app.read((), move |read, ()| {
        Box::pin(async move {
            let mut clicks = Vec::new();
            evidence::each_hand_click(read, period, range, |click| clicks.push(click)).await?;
            Ok(clicks)
        })
    });
    let clicks: Vec<HandClick> = clicks.await?;
    for own in clicks.chunk_by(|one, other| one.patron == other.patron) {
        evidence.add_clicks(own.to_vec());
    }
    Ok(())
}
