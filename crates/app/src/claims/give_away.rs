//! What who controls a reach can do with it: give it away, or leave a part of it to somebody else
//! who proved that part (C3).

use obole_domain::claim::{ClaimState, Decision, Move};
use obole_domain::{AccountId, ClaimId, Refusal};
use obole_store::Tx;
use obole_store::claims::{self, ClaimEvent, ClaimRow};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices::{self, ClaimNews};
use crate::teams::require_act;

use super::{decide, disputes, spread};

/// How many claims are ended between two readings.
const CHUNK: i64 = 100;

/// Ends one's own claim. What comes from here on is promised again, or goes to the next claim that
/// reaches there; what was received stays. A claim that waited for its proof is just forgotten.
/// Refused when it has ended.
pub async fn give_away(app: &App, actor: Actor, id: ClaimId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let claim = own(tx, actor, id).await?;
            if claim.life.state == ClaimState::Challenged {
                return Ok(claims::forget(tx, id).await?);
            }
            decide::end(&app, tx, (&claim, ClaimEvent::GivenAway, "given away")).await?;
            spread::reassign_one(&app, tx, actor, claim.work).await?;
            let what = (claim.reach.to_string(), claim.account.to_string());
            app.log(tx, actor, "claim.give-away", what).await?;
            notices::claim_news(&app, tx, &claim, ClaimNews::GivenAway).await
        })
    })
    .await
}

/// Leaves a part of one's own reach to the claim of somebody else who proved it: its works are
/// theirs as long as their proof stands. Refused where the part is not within one's own reach.
pub async fn leave(app: &App, actor: Actor, (mine, theirs): (ClaimId, ClaimId)) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let mine = own(tx, actor, mine).await?;
            let theirs = claims::locked(tx, theirs).await?.ok_or(Error::NotFound)?;
            let can_be_left = mine.life.state.stands()
                && mine.reach.holds(&theirs.reach)
                && mine.reach != theirs.reach
                && mine.account != theirs.account
                && matches!(theirs.life.state, ClaimState::Contested | ClaimState::Proven);
            if !can_be_left {
                return Err(Refusal::StateMoved {}.into());
            }
            leave_in(&app, tx, actor, (&mine, &theirs)).await
        })
    })
    .await
}

/// The same in the caller's transaction, which has seen that it can be left.
pub(super) async fn leave_in(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (mine, theirs): (&ClaimRow, &ClaimRow),
) -> Result<()> {
    claims::leave_to(tx, theirs.id, mine.id).await?;
    claims::note(tx, theirs.id, (ClaimEvent::Left, app.now())).await?;
    disputes::end_left(app, tx, (mine.id, theirs.id)).await?;
    let what = (theirs.reach.to_string(), format!("{} to {}", mine.account, theirs.account));
    app.log(tx, actor, "claim.leave", what).await?;
    if theirs.life.state == ClaimState::Contested {
        let left = claims::locked(tx, theirs.id).await?.ok_or(Error::NotFound)?;
        // Somebody else may control what lies between the two.
        let decision = decide::on(tx, &left, (left.life, app.now())).await?;
        if matches!(decision, Decision::Stands { .. }) {
            let life = decide::make_room(app, tx, actor, (&left, &decision, left.life)).await?;
            claims::stand(tx, left.id).await?;
            decide::follow(app, tx, actor, (&left, &life, Move::Proven)).await?;
        }
        return Ok(());
    }
    claims::begin_spread(tx, theirs.id).await?;
    spread::reassign_one(app, tx, actor, theirs.work).await?;
    notices::claim_news(app, tx, theirs, ClaimNews::Left { by: &mine.handle }).await
}

/// Ends every claim of an account that goes: what comes for its works is promised again.
pub(crate) async fn end_all(app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
    let mut before = None;
    loop {
        let some = claims::of_account(tx, account, (before, CHUNK)).await?;
        let Some(last) = some.last() else { return Ok(()) };
        before = Some(last.id);
        for claim in some {
            match claim.life.state {
                ClaimState::Lost => {}
                ClaimState::Challenged => claims::forget(tx, claim.id).await?,
                _ => {
                    decide::end(app, tx, (&claim, ClaimEvent::GivenAway, "")).await?;
                    let what = (claim.reach.to_string(), String::new());
                    app.log(tx, Actor::Job, "claim.give-away", what).await?;
                }
            }
        }
    }
}

/// A claim of an account that the actor acts for, which has not ended.
async fn own(tx: &mut Tx, actor: Actor, id: ClaimId) -> Result<ClaimRow> {
    let claim = claims::locked(tx, id).await?.ok_or(Error::NotFound)?;
    require_act(tx, actor, claim.account).await?;
    if claim.life.state == ClaimState::Lost {
        return Err(Refusal::StateMoved {}.into());
    }
    Ok(claim)
}
