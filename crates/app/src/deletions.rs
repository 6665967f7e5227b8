//! Leaving (P5): the money goes first, by its owner's own hand; then there are seven days to think
//! again, in which the account is suspended; then a job erases what may be erased. What the books
//! must keep stays under a pseudonym.

mod erase;
mod money;
mod replay;

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow};
use obole_store::deletions::{self, DeletionRow};
use obole_store::{Tx, confirmations, sessions};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::later;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::secrets::{digest, hex};
use crate::sessions::{Session, is_fresh};
use crate::teams;

pub use erase::erase_due;
pub use money::{Outlook, give_rest, let_go_of_all, outlook};
pub(crate) use money::{free, pass_on};
pub(crate) use replay::{Replayed, journal_pending, replay};

/// For how many days it can be undone.
pub const DAYS: i64 = 7;

/// Asks for one's own account to be erased. It is suspended at once, and a mail brings the link
/// that undoes it.
///
/// Refused without a fresh proof (W3), while money is left or under way, for the only
/// administrator and for the only owner of a team.
pub async fn ask(app: &App, session: &Session) -> Result<()> {
    if !is_fresh(session, app.now()) {
        return Err(Error::ProofNeeded);
    }
    let (account, now) = (session.account, app.now());
    let link = hex(&app.chance().bytes::<32>());
    let row = DeletionRow {
        account,
        asked_at: now,
        erases_at: later(now, SignedDuration::from_hours(24 * DAYS)),
        link_hash: Some(digest(link.as_bytes())),
        stays_suspended: false,
        undone_at: None,
        erased_at: None,
    };
    let handle = app.clone();
    app.write((row, link), move |tx, (row, link)| {
        let app = handle.clone();
        Box::pin(async move { ask_in(tx, &app, row, link).await })
    })
    .await?;
    // The job does it again where this one does not come to its end.
    journal_pending(app).await
}

async fn ask_in(tx: &mut Tx, app: &App, row: &DeletionRow, link: &str) -> Result<()> {
    deletions::lock_admins(tx).await?;
    let account = accounts::find_locked(tx, row.account).await?.ok_or(Error::NotFound)?;
    if account.suspended_at.is_some() {
        return Err(Refusal::AccountSuspended {}.into());
    }
    if account.is_admin && deletions::other_admins(tx, account.id).await? == 0 {
        return Err(Refusal::LastAdmin {}.into());
    }
    teams::refuse_last_owner(tx, account.id).await?;
    money::refuse_left(tx, app, account.id).await?;
    if !deletions::put(tx, row).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    suspend(tx, account.id, row.asked_at).await?;
    let mail = Mail::DeletionAsked {
        handle: account.handle.to_string(),
        day: day(app, &account, row.erases_at),
        link: mails::address(app, &format!("/deletion/{link}")),
    };
    mails::queue(tx, app, &Recipient::of(&account), &mail).await?;
    let about = (account.id.to_string(), String::new());
    app.log(tx, Actor::Page(account.id), "account.leave", about).await
}

/// What a suspension does: nobody sees the account, and nothing opens it.
async fn suspend(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<()> {
    accounts::set_suspended(tx, account, Some(now)).await?;
    sessions::remove_all(tx, account).await?;
    for purpose in [confirmations::Purpose::Email, confirmations::Purpose::Reset] {
        confirmations::void(tx, account, purpose, now).await?;
    }
    Ok(())
}

fn day(app: &App, account: &AccountRow, at: Timestamp) -> String {
    let language = Language::from_code(&account.language).unwrap_or(Language::English);
    obole_language::date(language, at.to_zoned(app.zone().clone()).date())
}

/// What a link would undo. It consumes nothing. None when it is wrong or too late.
pub async fn find(app: &App, link: &str) -> Result<Option<(AccountRow, DeletionRow)>> {
    app.read(digest(link.as_bytes()), |read, hash| {
        Box::pin(async move {
            let Some(row) = deletions::find_by_link(read, *hash).await? else { return Ok(None) };
            let account = accounts::find(read, row.account).await?.ok_or(Error::NotFound)?;
            Ok(Some((account, row)))
        })
    })
    .await
}

/// Undoes a deletion by its link: the account is as it was.
pub async fn undo(app: &App, link: &str) -> Result<()> {
    let handle = app.clone();
    app.write(digest(link.as_bytes()), move |tx, hash| {
        let app = handle.clone();
        Box::pin(async move {
            let row = deletions::find_by_link(tx, *hash).await?.ok_or(Refusal::CodeWrong {})?;
            let account = accounts::find_locked(tx, row.account).await?.ok_or(Error::NotFound)?;
            if !undo_in(tx, &app, &account).await? {
                return Err(Refusal::CodeWrong {}.into());
            }
            let mail = Mail::DeletionUndone {
                handle: account.handle.to_string(),
                sign_in: mails::address(&app, "/sign-in"),
            };
            mails::queue(tx, &app, &Recipient::of(&account), &mail).await?;
            let about = (account.id.to_string(), String::new());
            app.log(tx, Actor::Page(account.id), "account.stay", about).await
        })
    })
    .await?;
    journal_pending(app).await
}

/// Undoes the deletion of a locked account. False where there is none to undo.
async fn undo_in(tx: &mut Tx, app: &App, account: &AccountRow) -> Result<bool> {
    let Some(row) = deletions::find_locked(tx, account.id).await? else { return Ok(false) };
    if !deletions::undo(tx, account.id, app.now()).await? {
        return Ok(false);
    }
    if !row.stays_suspended {
        accounts::set_suspended(tx, account.id, None).await?;
    }
    Ok(true)
}

/// What an administrator's lifting of a suspension does to a deletion: it is undone. Refused for an
/// account that is erased.
pub(crate) async fn lift(tx: &mut Tx, app: &App, account: &AccountRow) -> Result<()> {
    let row = deletions::find_locked(tx, account.id).await?;
    if row.is_some_and(|row| row.erased_at.is_some()) {
        return Err(Refusal::StateMoved {}.into());
    }
    undo_in(tx, app, account).await.map(|_| ())
}
