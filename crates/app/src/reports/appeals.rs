//! Appeals: whom a decision concerns says once, by the link that they were sent, why it is wrong.
//! Another administrator than who decided looks again, where there is one.

use obole_domain::Refusal;
use obole_domain::report::{self, AppealState, ReportId, ReportState};
use obole_store::reports::{self, ReportRow, Subject};
use obole_store::{Tx, accounts, deletions};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices;
use crate::secrets::digest;
use crate::suspensions::{self, decided, refuse_own_matter};

/// A decision that a link appeals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appealed {
    /// The decision.
    pub report: ReportRow,
    /// Whether it is too late.
    pub is_over: bool,
}

/// The decision that a link appeals; none for a link that leads nowhere.
pub async fn asked(app: &App, link: &str) -> Result<Option<Appealed>> {
    let found = app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move { Ok(reports::find_by_appeal(read, *hash).await?) })
    });
    Ok(found.await?.map(|report| Appealed { is_over: is_over(app, &report), report }))
}

fn is_over(app: &App, row: &ReportRow) -> bool {
    !report::is_appealable(row.decided_at, app.now())
}

/// Appeals the decision of a link, once and within half a year.
pub async fn appeal(app: &App, link: &str, words: &str) -> Result<()> {
    let words = report::words(words)?;
    let handle = app.clone();
    app.write((digest(link.as_bytes()), words), move |tx, (hash, words)| {
        let app = handle.clone();
        Box::pin(async move {
            let row = reports::find_by_appeal(tx, *hash).await?.ok_or(Error::NotFound)?;
            if is_over(&app, &row) || !reports::appeal(tx, row.id, (words, app.now())).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            let actor = row.concerns.map_or(Actor::Job, |(account, _)| Actor::Page(account));
            app.log(tx, actor, "report.appeal", (row.id.to_string(), String::new())).await
        })
    })
    .await
}

/// An administrator answers an appeal, with a reason. Granted, what was done is undone.
///
/// Refused where none waits, and to who decided while there is another administrator.
pub async fn judge_appeal(
    app: &App,
    actor: Actor,
    id: ReportId,
    (is_granted, reason): (bool, &str),
) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = reports::locked(tx, id).await?.ok_or(Error::NotFound)?;
            refuse_own(tx, actor, &row).await?;
            let state = if is_granted { AppealState::Granted } else { AppealState::Rejected };
            let ended = (actor.account(), app.now());
            if !reports::end_appeal(tx, id, (state, reason), ended).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            if is_granted {
                undo(app, tx, actor, &row).await?;
            }
            notices::appeal_ended(app, tx, (&row, is_granted), reason).await?;
            let details = format!("{}: {reason}", state.code());
            app.log(tx, actor, "report.appeal-decide", (id.to_string(), details)).await
        })
    })
    .await
}

/// Who decided does not judge the appeal, unless nobody else could.
async fn refuse_own(tx: &mut Tx, actor: Actor, row: &ReportRow) -> Result<()> {
    refuse_own_matter(tx, actor, row.concerns.as_ref().map(|(whom, _)| *whom)).await?;
    let Some(admin) = actor.account() else { return Ok(()) };
    if row.decided_by == Some(admin) && deletions::other_admins(tx, admin).await? > 0 {
        return Err(Refusal::AppealOwn {}.into());
    }
    Ok(())
}

/// An administrator shows again what is hidden, with a reason, appealed or not.
///
/// Refused where that decision is not in force.
pub async fn show_again(app: &App, actor: Actor, id: ReportId, reason: &str) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = reports::locked(tx, id).await?.ok_or(Error::NotFound)?;
            let whom = row.concerns.as_ref().map(|(whom, _)| *whom);
            refuse_own_matter(tx, actor, whom).await?;
            let ended = (reason, actor.account(), app.now());
            let is_hidden = row.state == ReportState::Hidden;
            if !is_hidden || !undo(app, tx, actor, &row).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            reports::set_undone(tx, id, ended).await?;
            notices::appeal_ended(app, tx, (&row, true), reason).await?;
            app.log(tx, actor, "report.show-again", (id.to_string(), reason.to_owned())).await
        })
    })
    .await
}

/// Undoes what was decided. False where it is not in force any more: it was undone by hand, or
/// another decision took its place.
async fn undo(app: &App, tx: &mut Tx, actor: Actor, row: &ReportRow) -> Result<bool> {
    let words = row.hidden_words.as_str();
    let is_hidden = reports::hidden_since(tx, row.subject.ids()).await? == row.decided_at;
    match (&row.subject, row.state) {
        (Subject::Work(work, _), ReportState::Hidden) if is_hidden => {
            reports::set_work_hidden(tx, *work, (None, words)).await?;
            Ok(true)
        }
        (Subject::Account(account, _), ReportState::Hidden) if is_hidden => {
            reports::set_account_hidden(tx, *account, (None, words)).await?;
            Ok(true)
        }
        (_, ReportState::Suspended) => {
            let Some((whom, _)) = row.concerns else { return Ok(false) };
            let account = accounts::find_locked(tx, whom).await?.ok_or(Error::NotFound)?;
            let is_suspended = account.suspended_at.is_some();
            if !is_suspended || account.suspended_at != row.decided_at {
                return Ok(false);
            }
            suspensions::restore_in(app, tx, actor, &account).await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
