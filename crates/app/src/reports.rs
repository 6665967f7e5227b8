//! Reports of works and accounts (product.md section 6): anybody with an account says what is
//! wrong; an administrator answers with a reason, within a week. What is decided against somebody
//! is said to them with a link, by which they appeal once, signed in or not. What is hidden are
//! words: money is left to disputes and signals.

mod appeals;
mod names;

use obole_domain::report::{self, REPORTS_WAITING_MAX, ReportId, ReportReason, ReportState};
use obole_domain::{AccountId, Handle, Refusal, WorkId};
use obole_store::reports::{self, Decision, NewReport, ReportRow, Subject};
use obole_store::{Tx, accounts, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices;
use crate::secrets::{digest, hex};
use crate::suspensions::{self, decided, refuse_own_matter};

pub use appeals::{Appealed, appeal, asked, judge_appeal, show_again};
pub use names::compare_due;

/// What is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A work.
    Work(WorkId),
    /// An account, and its name.
    Account(Handle),
}

/// Reports a work or an account, with what one saw.
///
/// Refused without words, for one's own, while an earlier report of the same waits, and over
/// [`REPORTS_WAITING_MAX`] that wait.
pub async fn file(
    app: &App,
    by: AccountId,
    about: About,
    (why, words): (ReportReason, &str),
) -> Result<ReportId> {
    let words = report::words(words)?;
    let handle = app.clone();
    app.write((about, words), move |tx, (about, words)| {
        let app = handle.clone();
        Box::pin(async move {
            let (of, concerns) = find(tx, about).await?;
            if concerns == Some(by) {
                return Err(Refusal::ReportOwn {}.into());
            }
            // Whoever files several at once waits here for the count of the others.
            accounts::find_locked(tx, by).await?.ok_or(Error::NotFound)?;
            if reports::count_waiting(tx, by).await? >= REPORTS_WAITING_MAX {
                return Err(Refusal::ReportsFull { limit: REPORTS_WAITING_MAX }.into());
            }
            let now = app.now();
            let id = ReportId::new(app.chance().id(now));
            let new = NewReport { id, of, concerns, why, words, by: Some(by), at: now };
            if !reports::file(tx, &new).await? {
                return Err(Refusal::ReportOpen {}.into());
            }
            let what = (id.to_string(), why.code().to_owned());
            app.log(tx, Actor::Page(by), "report.file", what).await?;
            Ok(id)
        })
    })
    .await
}

/// What is reported, and whom a decision concerns.
async fn find(
    tx: &mut Tx,
    about: &About,
) -> Result<((Option<WorkId>, Option<AccountId>), Option<AccountId>)> {
    match about {
        About::Work(work) => {
            let work = works::find(tx, *work).await?.ok_or(Error::NotFound)?;
            Ok(((Some(work.id), None), work.owner))
        }
        About::Account(handle) => {
            let account = accounts::find_by_handle(tx, handle).await?;
            let account = account.filter(|row| row.suspended_at.is_none());
            let id = account.ok_or(Error::NotFound)?.id;
            Ok(((None, Some(id)), Some(id)))
        }
    }
}

/// An administrator answers a report, and with it all others of the same that wait, with a reason
/// that its reporters and whom it concerns read.
///
/// Refused where it was answered before, and to suspend where it concerns nobody.
pub async fn decide(
    app: &App,
    actor: Actor,
    id: ReportId,
    (state, reason): (ReportState, &str),
) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = reports::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if row.state != ReportState::Waiting || state == ReportState::Waiting {
                return Err(Refusal::StateMoved {}.into());
            }
            let concerns = concerned(tx, &row).await?;
            refuse_own_matter(tx, actor, concerns).await?;
            decide_in(app, tx, actor, (&row, concerns), (state, reason)).await?;
            for other in reports::waiting_with(tx, &row).await? {
                let made = Decision {
                    state,
                    reason,
                    hidden_words: "",
                    concerns,
                    appeal_hash: None,
                    by: (actor.account(), app.now()),
                };
                reports::decide(tx, other.id, made).await?;
                notices::report_ended(app, tx, (&other, state), reason).await?;
            }
            let details = format!("{}: {reason}", state.code());
            app.log(tx, actor, "report.decide", (id.to_string(), details)).await
        })
    })
    .await
}

/// Whom a decision concerns: a work may have another owner than when it was reported.
async fn concerned(tx: &mut Tx, row: &ReportRow) -> Result<Option<AccountId>> {
    match &row.subject {
        Subject::Account(account, _) => Ok(Some(*account)),
        Subject::Work(work, _) => Ok(works::find(tx, *work).await?.and_then(|work| work.owner)),
    }
}

async fn decide_in(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (row, concerns): (&ReportRow, Option<AccountId>),
    (state, reason): (ReportState, &str),
) -> Result<()> {
    let now = app.now();
    let link = hex(&app.chance().bytes::<32>());
    // What is hidden already stays so by the decision that hid it.
    let is_hidden = reports::hidden_since(tx, row.subject.ids()).await?.is_some();
    let is_measure = state.is_measure() && !(state == ReportState::Hidden && is_hidden);
    let hidden = match state {
        ReportState::Hidden if is_measure => match &row.subject {
            Subject::Work(work, _) => reports::set_work_hidden(tx, *work, (Some(now), "")).await?,
            Subject::Account(account, _) => {
                reports::set_account_hidden(tx, *account, (Some(now), "")).await?
            }
        },
        ReportState::Suspended => {
            let whom = concerns.ok_or(Error::NotFound)?;
            suspensions::suspend_in(app, tx, actor, (whom, reason, &link)).await?;
            String::new()
        }
        ReportState::Waiting | ReportState::Kept | ReportState::Hidden => String::new(),
    };
    let is_appealable = is_measure && concerns.is_some();
    let made = Decision {
        state,
        reason,
        hidden_words: &hidden,
        concerns,
        appeal_hash: is_appealable.then(|| digest(link.as_bytes())),
        by: (actor.account(), now),
    };
    if !reports::decide(tx, row.id, made).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    notices::report_ended(app, tx, (row, state), reason).await?;
    // Who is suspended is told by the suspension itself.
    if let Some(whom) = concerns.filter(|_| is_measure && state == ReportState::Hidden) {
        notices::words_hidden(app, tx, (row, whom), (reason, &link)).await?;
    }
    Ok(())
}

/// Notes a suspension that no report led to, so that it can be appealed, too; gives the link.
pub(crate) async fn note_suspension(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (account, reason): (AccountId, &str),
) -> Result<String> {
    let now = app.now();
    let id = ReportId::new(app.chance().id(now));
    let link = hex(&app.chance().bytes::<32>());
    let of = (None, Some(account));
    let (concerns, why) = (Some(account), ReportReason::Other);
    let new = NewReport { id, of, concerns, why, words: "", by: None, at: now };
    reports::file(tx, &new).await?;
    let made = Decision {
        state: ReportState::Suspended,
        reason,
        hidden_words: "",
        concerns,
        appeal_hash: Some(digest(link.as_bytes())),
        by: (actor.account(), now),
    };
    reports::decide(tx, id, made).await?;
    Ok(link)
}

/// Refuses to change words that an administrator has hidden.
pub(crate) async fn refuse_hidden(
    tx: &mut Tx,
    of: (Option<WorkId>, Option<AccountId>),
) -> Result<()> {
    if reports::hidden_since(tx, of).await?.is_some() {
        return Err(Refusal::WordsHidden {}.into());
    }
    Ok(())
}
