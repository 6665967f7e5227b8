//! A weaker claim gives way to a stronger one when its notice is over (C3).

use obole_domain::ClaimId;
use obole_domain::claim::ClaimState;
use obole_store::Tx;
use obole_store::claims::{self, ClaimEvent};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::notices::{self, ClaimNews};

use super::{decide, spread};

/// Ends the claims whose notice is over, where the stronger one is still proven. Returns how many.
pub async fn give_way(app: &App) -> Result<u64> {
    let now = app.now();
    let due = app
        .read((), move |read, ()| Box::pin(async move { Ok(claims::yielding(read, now).await?) }));
    let mut ended = 0;
    for claim in due.await? {
        let (handle, id) = (app.clone(), claim.id);
        let one = app.write((), move |tx, ()| {
            let app = handle.clone();
            Box::pin(async move { give_way_in(&app, tx, id).await })
        });
        ended += u64::from(one.await?);
    }
    Ok(ended)
}

async fn give_way_in(app: &App, tx: &mut Tx, id: ClaimId) -> Result<bool> {
    let Some(claim) = claims::locked(tx, id).await? else { return Ok(false) };
    let Some((to, _)) = claim.yields.filter(|(_, at)| *at <= app.now()) else { return Ok(false) };
    let stronger = claims::find(tx, to).await?;
    let is_proven = |state| matches!(state, ClaimState::Proven | ClaimState::Contested);
    if !stronger.as_ref().is_some_and(|stronger| is_proven(stronger.life.state)) {
        claims::yield_to(tx, id, None).await?;
        return Ok(false);
    }
    decide::end(app, tx, (&claim, ClaimEvent::Lost, "gave way to a stronger proof")).await?;
    spread::reassign_one(app, tx, Actor::Job, claim.work).await?;
    let what = (claim.reach.to_string(), format!("{}, to a stronger proof", claim.account));
    app.log(tx, Actor::Job, "claim.lose", what).await?;
    notices::claim_news(app, tx, &claim, ClaimNews::Lost).await?;
    Ok(true)
}
