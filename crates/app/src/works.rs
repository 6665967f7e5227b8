//! What the owner of a work says about it: what it is called, whether it collects.

use obole_domain::click::clean_text;
use obole_domain::work::TITLE_MAX;
use obole_domain::{AccountId, Refusal, WorkId};
use obole_store::works::WorkRow;
use obole_store::{Tx, claims, limits as counted, promises, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::WORK;
use crate::reports;
use crate::settle;
use crate::teams::require_act;

/// Sets the title of a work of one's own or of a team that one acts for; nothing typed shows the
/// address again. Refused while an administrator has hidden it. To others the work's owner is not
/// theirs to be: not found.
pub async fn set_title(app: &App, actor: Actor, work: WorkId, title: &str) -> Result<()> {
    let title = clean_text(title, TITLE_MAX)?;
    let handle = app.clone();
    app.write(title, move |tx, title| {
        let app = handle.clone();
        Box::pin(async move {
            let row = own(tx, actor, work).await?;
            if row.title == *title {
                return Ok(());
            }
            reports::refuse_hidden(tx, (Some(work), None)).await?;
            works::set_title(tx, work, title).await?;
            app.log(tx, actor, "work.title", (work.to_string(), title.clone())).await
        })
    })
    .await
}

/// Refuses money for a work of one's own, or takes it again, unless its claim refuses for all of
/// them. Promises that still stand for a work that refuses are let go of: the money is free again
/// (C7).
pub async fn set_refused(app: &App, actor: Actor, work: WorkId, is_refused: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let row = own(tx, actor, work).await?;
            if row.refused_at.is_some() == is_refused {
                return Ok(());
            }
            if !is_refused && claims::is_refusing(tx, work).await? {
                return Err(Refusal::ClaimRefuses {}.into());
            }
            refuse(&app, tx, actor, (work, is_refused)).await
        })
    })
    .await
}

/// The same in the caller's transaction, which has seen whose the work is.
pub(crate) async fn refuse(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (work, is_refused): (WorkId, bool),
) -> Result<()> {
    let now = app.now();
    works::set_refused(tx, work, is_refused.then_some(now)).await?;
    if is_refused {
        let freed = promises::let_go_of_work(tx, work, now).await?;
        settle::free(tx, freed).await?;
    }
    let action = if is_refused { "work.refuse" } else { "work.collect" };
    app.log(tx, actor, action, (work.to_string(), String::new())).await
}

/// Counts works that an account is about to bring into being. Refused over the limit of a day.
pub(crate) async fn count_new(
    app: &App,
    tx: &mut Tx,
    (account, count): (AccountId, i64),
) -> Result<()> {
    if app.config().limits.off {
        return Ok(());
    }
    let (now, subject) = (app.now(), account.to_string());
    let stands = counted::count_by(tx, (WORK.name, &subject), WORK.begins(now), count).await?;
    if stands > WORK.count {
        return Err(Refusal::TooMany { seconds: WORK.left(now) }.into());
    }
    Ok(())
}

/// A work of an account that the actor acts for.
async fn own(tx: &mut Tx, actor: Actor, work: WorkId) -> Result<WorkRow> {
    let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
    require_act(tx, actor, row.owner.ok_or(Error::NotFound)?).await?;
    Ok(row)
}
