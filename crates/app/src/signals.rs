//! Earnings that wait because of signals (X3 to X5): a settled month is looked over once, before
//! anything of it can leave. What looks made waits fourteen days at most; its payee is told why and
//! answers; an administrator frees it sooner, or refuses the gifts, which then go back.

mod looking;

use std::cmp::Reverse;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::signal::{self, Returned, SignalHoldId, SignalState, returns};
use obole_domain::{AccountId, Currency, Micros, Money, Refusal};
use obole_store::signals::{self, HeldGift, SignalHoldRow};
use obole_store::{Read, Tx, accounts, deletions, glimpses as seen, holds, ledger, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::glimpses;
use crate::notices;
use crate::settle;
use crate::suspensions::{decided, refuse_own_matter, require_admin};
use crate::teams::{acting, require_act};

pub(crate) use looking::look_over;
pub use looking::look_over_due;

/// Refuses while a settled month has not been looked over: moments after its settlement.
pub(crate) async fn refuse_unjudged(read: &mut Read) -> Result<()> {
    if signals::is_any_unjudged(read).await? {
        return Err(Refusal::MonthUnjudged {}.into());
    }
    Ok(())
}

/// The payee, or who acts for it where it is a team, says how the gifts came about; once, while it
/// waits.
pub async fn answer(app: &App, actor: Actor, id: SignalHoldId, words: &str) -> Result<()> {
    let words = signal::answer(words)?;
    let handle = app.clone();
    app.write(words, move |tx, words| {
        let app = handle.clone();
        Box::pin(async move {
            let row = signals::locked(tx, id).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, row.payee.0).await?;
            if !signals::answer(tx, id, (words, app.now())).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            app.log(tx, actor, "signals.answer", (id.to_string(), String::new())).await
        })
    })
    .await
}

/// An administrator frees what waits, with a reason that its payee reads.
pub async fn release(app: &App, actor: Actor, id: SignalHoldId, reason: &str) -> Result<()> {
    decide(app, actor, id, (SignalState::Released, reason)).await
}

/// An administrator refuses the gifts, with a reason that all sides read: what waited goes back to
/// the wallets of its patrons, with the instance's fee on it; of those who are gone, to the pool.
pub async fn refuse(app: &App, actor: Actor, id: SignalHoldId, reason: &str) -> Result<()> {
    decide(app, actor, id, (SignalState::Refused, reason)).await
}

async fn decide(
    app: &App,
    actor: Actor,
    id: SignalHoldId,
    (state, reason): (SignalState, &str),
) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = signals::locked(tx, id).await?.ok_or(Error::NotFound)?;
            refuse_own_matter(tx, actor, Some(row.payee.0)).await?;
            end(app, tx, &row, (state, reason, actor.account())).await?;
            let details = format!("{}: {reason}", state.code());
            app.log(tx, actor, "signals.decide", (id.to_string(), details)).await
        })
    })
    .await
}

/// Frees what has waited long enough; says how much of it there was.
pub async fn release_due(app: &App) -> Result<usize> {
    let now = app.now();
    let due =
        app.read((), move |read, ()| Box::pin(async move { Ok(signals::due(read, now).await?) }));
    let due = due.await?;
    let mut failed = None;
    for id in &due {
        let (id, handle) = (*id, app.clone());
        let released = app.write((), move |tx, ()| {
            let app = handle.clone();
            Box::pin(async move {
                let row = signals::locked(tx, id).await?.ok_or(Error::NotFound)?;
                // Another node, or a person, may have been faster.
                if row.state == SignalState::Held {
                    end(&app, tx, &row, (SignalState::Released, "", None)).await?;
                }
                Ok(())
            })
        });
        if let Err(error) = released.await {
            tracing::error!(%id, %error, "earnings could not be freed");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(due.len()), Err)
}

/// Ends a wait, with its money: once.
async fn end(
    app: &App,
    tx: &mut Tx,
    row: &SignalHoldRow,
    (state, reason, by): (SignalState, &str, Option<AccountId>),
) -> Result<()> {
    if !signals::end(tx, row.id, (state, reason), (by, app.now())).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    let earnings = LedgerAccount::earnings(row.payee.0, row.amount.currency);
    let freed = holds::release(tx, earnings, row.id.uuid()).await?;
    let freed = freed.ok_or_else(|| Error::internal("what waits has no hold"))?;
    if state == SignalState::Refused {
        give_back(app, tx, (row, freed), reason).await?;
    } else {
        ledger::release(tx, earnings, freed).await?;
        let policy = settings::policy(tx).await?;
        let whose = vec![(row.payee.0, row.amount.currency, freed)];
        settle::hold_unless_giving(tx, (app, &policy), whose).await?;
    }
    let ended = SignalHoldRow { state, reason: reason.to_owned(), ..row.clone() };
    notices::earnings_wait(app, tx, &ended).await
}

/// Books what goes back, which its hold pays for, and tells the patrons.
async fn give_back(
    app: &App,
    tx: &mut Tx,
    (row, freed): (&SignalHoldRow, Micros),
    reason: &str,
) -> Result<()> {
    let currency = row.amount.currency;
    let gifts = signals::gifts(tx, row.id).await?;
    let gifts = gifts.iter().map(|gift| (gift.patron.0, gift.gross, gift.net));
    let returned = returns(freed, gifts)?;
    let earnings = LedgerAccount::earnings(row.payee.0, currency);
    let mut postings = vec![Posting { account: earnings, amount: freed }];
    let mut told = Vec::with_capacity(returned.len());
    for one in returned {
        let is_gone = is_erased(tx, one.patron).await?;
        postings.extend(back(currency, &one, is_gone)?);
        told.extend((!is_gone).then_some(one));
    }
    let fact = Fact::new("signals", row.id, "refuse");
    let entry = Entry::new(Reason::GiftsReturned, fact, postings)?;
    ledger::post_all(tx, app.now(), &[entry], &[(earnings, freed.negated()?)]).await?;
    for one in told {
        let amount = Money::new(one.net.plus(one.fee)?, currency);
        notices::gifts_returned(app, tx, one.patron, (amount, reason)).await?;
    }
    Ok(())
}

/// What one patron gets back, and the fee on it: to the wallet, of who is gone to the pool.
fn back(currency: Currency, one: &Returned, is_gone: bool) -> Result<[Posting; 2]> {
    let to = if is_gone {
        LedgerAccount::common(LedgerKind::Pool, currency)
    } else {
        LedgerAccount::wallet(one.patron, currency)
    };
    let fees = LedgerAccount::common(LedgerKind::Fees, currency);
    let amount = one.net.plus(one.fee)?.negated()?;
    Ok([Posting { account: to, amount }, Posting { account: fees, amount: one.fee }])
}

async fn is_erased(tx: &mut Tx, account: AccountId) -> Result<bool> {
    let deletion = deletions::find(tx, account).await?;
    Ok(deletion.is_some_and(|row| row.erased_at.is_some()))
}

/// What waits and waited of the earnings of an account and of the teams that it acts for, the
/// newest first.
pub async fn of(app: &App, account: AccountId, limit: i64) -> Result<Vec<SignalHoldRow>> {
    let acting = acting(app, account).await?;
    app.read(acting, move |read, acting| {
        Box::pin(async move {
            let mut rows = Vec::new();
            for one in acting {
                rows.extend(signals::of_payee(read, one.account, limit).await?);
            }
            rows.sort_by_key(|row| (Reverse(row.held_at), row.id));
            rows.truncate(usize::try_from(limit).unwrap_or_default());
            Ok(rows)
        })
    })
    .await
}

/// What waits, as an administrator sees it.
#[derive(Clone, Debug)]
pub struct Case {
    /// What waits.
    pub hold: SignalHoldRow,
    /// The gifts. Patrons have no name unless the administrator's glimpse of them is open (P3).
    pub gifts: Vec<HeldGift>,
    /// Who gave how much to whom among its patrons and the payee.
    pub flows: Vec<(AccountId, AccountId, Micros)>,
    /// Whether all names are shown.
    pub is_open: bool,
}

/// What waits and the gifts that it is made of, without names while no glimpse is open; reading
/// names is logged (G1).
pub async fn look(app: &App, admin: AccountId, id: SignalHoldId) -> Result<Case> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let actor = Actor::Page(admin);
            require_admin(tx, actor).await?;
            let hold = signals::find(tx, id).await?.ok_or(Error::NotFound)?;
            let mut gifts = signals::gifts(tx, id).await?;
            let mut is_open = true;
            for gift in &mut gifts {
                let open = seen::open_until(tx, (admin, gift.patron.0), now).await?;
                is_open &= open.is_some() || is_erased(tx, gift.patron.0).await?;
                if open.is_none() {
                    gift.patron.1 = None;
                    gift.opened_at = None;
                }
            }
            if gifts.iter().any(|gift| gift.patron.1.is_some()) {
                app.log(tx, actor, "signals.read", (id.to_string(), String::new())).await?;
            }
            let flows = signals::flows(tx, &hold).await?;
            Ok(Case { hold, gifts, flows, is_open })
        })
    })
    .await
}

/// Opens glimpses of all patrons of what waits, with a reason that each of them reads (P3).
pub async fn open(app: &App, admin: AccountId, id: SignalHoldId, reason: &str) -> Result<()> {
    decided(app, Actor::Page(admin), reason, move |app, tx, reason| {
        Box::pin(async move {
            signals::find(tx, id).await?.ok_or(Error::NotFound)?;
            let gifts = signals::gifts(tx, id).await?;
            let mut patrons: Vec<AccountId> = gifts.iter().map(|gift| gift.patron.0).collect();
            patrons.dedup();
            for patron in patrons {
                let account = accounts::find(tx, patron).await?.ok_or(Error::NotFound)?;
                if !is_erased(tx, patron).await? {
                    glimpses::open_in(app, tx, (admin, &account), reason).await?;
                }
            }
            Ok(())
        })
    })
    .await
}
