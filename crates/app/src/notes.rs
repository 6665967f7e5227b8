//! Notes of thanks: the owner of a work hides or reports them, an administrator judges the reports.

use obole_domain::note::{NoteReportId, NoteVerdict};
use obole_domain::{AccountId, Handle, Period, Refusal, WorkId};
use obole_store::notes::{self, NewReport, NoteRow, ReportRow, Verdict};
use obole_store::{Read, Tx};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::error::{Error, Result};
use crate::notices;
use crate::suspensions::require_admin;

/// Which note is meant, as its reader knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// In which period.
    pub period: Period,
    /// On which work.
    pub work: WorkId,
    /// Who signed it.
    pub handle: Handle,
}

/// Hides a note from the work's owner, or shows it again. Not found for everybody else.
pub async fn set_hidden(
    app: &App,
    owner: AccountId,
    signed: Signed,
    is_hidden: bool,
) -> Result<()> {
    let at = is_hidden.then(|| app.now());
    app.write(signed, move |tx, signed| {
        Box::pin(async move {
            let note = find(tx, owner, signed).await?;
            let is_set = notes::set_hidden(tx, note.key, at).await?;
            if is_set { Ok(()) } else { Err(Error::NotFound) }
        })
    })
    .await
}

/// Reports a note to the administrators and hides it. Refused without a reason, and while a report
/// of it waits.
pub async fn report(app: &App, owner: AccountId, signed: Signed, reason: &str) -> Result<()> {
    let reason = audit_log::reason(reason)?;
    let now = app.now();
    let id = NoteReportId::new(app.chance().id(now));
    app.write((signed, reason), move |tx, (signed, reason)| {
        Box::pin(async move {
            let note = find(tx, owner, signed).await?;
            let (key, text) = (note.key, note.text.as_str());
            let new = NewReport { id, key, text, reason, reported_by: owner, reported_at: now };
            if !notes::report(tx, &new).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            if !note.is_hidden {
                notes::set_hidden(tx, key, Some(now)).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn find(read: &mut Read, owner: AccountId, signed: &Signed) -> Result<NoteRow> {
    let key = (signed.period, signed.work, &signed.handle);
    notes::find(read, owner, key).await?.ok_or(Error::NotFound)
}

/// Ends a report with a reason, for the audit log. Removing takes the note away, if it still reads
/// as it was reported, and tells who signed it. Refused when the report does not wait any more.
pub async fn judge(
    app: &App,
    actor: Actor,
    report: NoteReportId,
    verdict: (NoteVerdict, &str),
) -> Result<()> {
    let (verdict, reason) = (verdict.0, audit_log::reason(verdict.1)?);
    let handle = app.clone();
    app.write(reason, move |tx, reason| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let moved = || Error::from(Refusal::StateMoved {});
            let found = notes::find_report(tx, report).await?.ok_or_else(moved)?;
            let end = Verdict { verdict, by: actor.account(), reason, at: app.now() };
            if !notes::end_report(tx, report, end).await? {
                return Err(moved());
            }
            let action = match verdict {
                NoteVerdict::Kept => "note.keep",
                NoteVerdict::Removed => {
                    remove(&app, tx, &found, reason).await?;
                    "note.remove"
                }
            };
            let details = format!("on {}: {reason}", found.url);
            app.log(tx, actor, action, (report.to_string(), details)).await
        })
    })
    .await
}

async fn remove(app: &App, tx: &mut Tx, report: &ReportRow, reason: &str) -> Result<()> {
    if notes::remove(tx, report.key, &report.text).await? {
        notices::note_removed(app, tx, report, reason).await?;
    }
    Ok(())
}
