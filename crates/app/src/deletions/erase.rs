//! The job that erases (P5): an account in one transaction, so that a kill at any moment leaves all
//! of it or nothing. While a month is settled it waits.

use jiff::SignedDuration;
use obole_domain::AccountId;
use obole_store::{Tx, accounts, clicks, deletions, personal, settlements};

use super::replay::journal_pending;
use super::{later, money};
use crate::app::App;
use crate::audit_log::Actor;
use crate::budgets::release_what_waits;
use crate::claims;
use crate::error::Result;
use crate::secrets::hex;
use crate::teams;

/// The most accounts in one run; the rest is the next run's.
const ERASED_MAX: i64 = 100;

/// What cannot be erased yet is tried again after this long.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// Erases the accounts that are due, and says how many. Running twice is harmless.
pub async fn erase_due(app: &App) -> Result<u64> {
    journal_pending(app).await?;
    let now = app.now();
    let due = app.read((), move |read, ()| {
        Box::pin(async move { Ok(deletions::due(read, now, ERASED_MAX).await?) })
    });
    let mut erased = 0;
    for account in due.await? {
        // One that cannot be erased does not keep the others.
        match erase(app, account).await {
            Ok(is_erased) => erased += u64::from(is_erased),
            Err(error) => tracing::error!(%account, %error, "not erased; it is tried again"),
        }
    }
    Ok(erased)
}

/// Erases one account. False where it must wait, or another node was faster.
async fn erase(app: &App, account: AccountId) -> Result<bool> {
    let pseudonym = format!("gone-{}", hex(&app.chance().bytes::<6>()));
    let app = app.patient();
    let handle = app.clone();
    app.write(pseudonym, move |tx, pseudonym| {
        let app = handle.clone();
        Box::pin(async move { erase_in(tx, &app, account, pseudonym).await })
    })
    .await
}

async fn erase_in(tx: &mut Tx, app: &App, account: AccountId, pseudonym: &str) -> Result<bool> {
    let (now, clock) = (app.now(), app.clock_period());
    // The open month cannot close meanwhile (D6: months come first).
    clicks::open_period(tx, clock).await?;
    let is_settling = !settlements::due(tx, clock).await?.is_empty();
    if is_settling || !deletions::unsettled(tx).await?.is_empty() {
        return Ok(false);
    }
    accounts::find_locked(tx, account).await?;
    let row = deletions::find_locked(tx, account).await?;
    if row.is_none_or(|row| !row.waits() || row.erases_at > now) {
        return Ok(false);
    }
    if !clear_money(tx, app, account).await? {
        tracing::warn!(%account, "money is under way or on hold: the account is erased later");
        deletions::postpone(tx, account, later(now, AGAIN)).await?;
        return Ok(false);
    }
    claims::end_all(app, tx, account).await?;
    teams::leave_all(app, tx, account).await?;
    personal::erase(tx, account, pseudonym).await?;
    accounts::set_suspended(tx, account, Some(now)).await?;
    deletions::set_erased(tx, account, now).await?;
    app.log(tx, Actor::Job, "account.erase", (account.to_string(), String::new())).await?;
    Ok(true)
}

/// What came in the last seven days, or came back with a restore, goes to the pool, as the account
/// said when it left. False where something is under way or on hold.
async fn clear_money(tx: &mut Tx, app: &App, account: AccountId) -> Result<bool> {
    if deletions::has_money_under_way(tx, account).await? {
        return Ok(false);
    }
    money::free(tx, (account, true), app.now()).await?;
    for currency in app.currencies() {
        release_what_waits(tx, account, *currency).await?;
        money::pass_on(tx, app, (account, *currency), account).await?;
    }
    money::is_empty(tx, app, account).await
}
