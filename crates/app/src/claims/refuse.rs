//! Refusing money for everything that a claim reaches, now and later (C7): what was promised there
//! is free again. Whoever controls the works may collect again.

use obole_domain::{ClaimId, Refusal, WorkId};
use obole_store::claims::{self, disputes};
use obole_store::{Tx, promises};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::settle;
use crate::teams::require_act;

/// Refuses money for all works that a claim decides about, those that come too, or takes it
/// again, also what an earlier claim refused. A job does it within minutes; works that were
/// refused one by one stay so.
///
/// To refuse needs a claim that pays and that nobody disputes, since promises are let go of for
/// good. Setting the same again changes nothing.
pub async fn set_refuses(app: &App, actor: Actor, id: ClaimId, refuses: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let claim = claims::locked(tx, id).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, claim.account).await?;
            if !claim.life.state.stands() {
                return Err(Refusal::StateMoved {}.into());
            }
            if refuses {
                if claim.refuses_since.is_some() {
                    return Ok(());
                }
                let is_disputed = !disputes::open_with(tx, id).await?.is_empty();
                if is_disputed || !claim.pays() {
                    return Err(Refusal::ClaimUnsettled {}.into());
                }
            } else if claim.refuses_since.is_none() && !claims::has_refused(tx, id).await? {
                return Ok(());
            } else {
                claims::collect_again(tx, id).await?;
            }
            claims::set_refuses(tx, id, refuses.then_some(app.now())).await?;
            // What it reaches is looked at anew, some works at a time, whoever is interrupted.
            claims::begin_spread(tx, id).await?;
            let action = if refuses { "claim.refuse" } else { "claim.collect" };
            app.log(tx, actor, action, (id.to_string(), claim.reach.to_string())).await
        })
    })
    .await
}

/// Refuses the works among some that belong to a claim which refuses.
pub(super) async fn refuse_each(app: &App, tx: &mut Tx, works: &[WorkId]) -> Result<()> {
    let refused = claims::refuse_each(tx, works, app.now()).await?;
    for work in refused {
        let freed = promises::let_go_of_work(tx, work, app.now()).await?;
        settle::free(tx, freed).await?;
    }
    Ok(())
}
