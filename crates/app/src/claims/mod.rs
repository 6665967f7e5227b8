//! Claims (security.md section 9): an account controls works by a proof or by the operator's word,
//! from here on or no longer.

mod begin;
mod check;
mod decide;
pub mod disputes;
mod give_away;
mod give_way;
mod own_support;
mod refuse;
mod spread;

use obole_domain::claim::{ClaimMethod, ClaimState, Life, Reach};
use obole_domain::{AccountId, ClaimId, Handle, Refusal, WorkId};
use obole_store::claims::{self, ClaimEvent, NewClaim};
use obole_store::works::{self, NewWork, WorkRow};
use obole_store::{Tx, accounts, teams};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::clicks::Target;
use crate::error::{Error, Result};
use crate::notices;
use crate::site_letters;
use crate::suspensions::{decided, require_admin};

pub use begin::{Begun, begin, roughly, waiting};
pub(crate) use check::check_before_payout;
pub use check::{check, check_due};
pub(crate) use give_away::end_all;
pub use give_away::{give_away, leave};
pub use give_way::give_way;
pub(crate) use own_support::OwnSupport;
pub use refuse::set_refuses;
pub use spread::{adopt, spread};

/// A claim that the operator vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Of which work; by its address it comes into being where it is new.
    pub target: Target,
    /// To whom.
    pub handle: Handle,
    /// Why: kept in the audit log.
    pub reason: String,
}

/// A claim that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// Which.
    pub claim: ClaimId,
    /// Of which work.
    pub work: WorkId,
}

/// Makes an account the owner of a work. Nobody gives to a work of their own (product.md section
/// 4): its own click on it in the open month is taken back, and what it had promised to the work
/// is free again; the account is told. Refused when the work has an owner already, with their
/// handle, and when nobody has this handle.
pub async fn grant(app: &App, actor: Actor, grant: Grant) -> Result<Granted> {
    let reason = audit_log::reason(&grant.reason)?;
    let handle = app.clone();
    app.write(Grant { reason, ..grant }, move |tx, grant| {
        let app = handle.clone();
        Box::pin(async move { grant_in(&app, tx, actor, grant).await })
    })
    .await
}

async fn grant_in(app: &App, tx: &mut Tx, actor: Actor, grant: &Grant) -> Result<Granted> {
    require_admin(tx, actor).await?;
    let account = accounts::find_by_handle(tx, &grant.handle).await?;
    let account = account.ok_or_else(|| Error::from(Refusal::AccountUnknown {}))?.id;
    let team = teams::find(tx, account).await?;
    if team.is_some_and(|team| team.closed_at.is_some()) {
        return Err(Refusal::AccountUnknown {}.into());
    }
    let work = find_work(app, tx, actor.account(), &grant.target).await?;
    if let Some(handle) = work.owner_handle {
        return Err(Refusal::ClaimStands { handle: handle.to_string() }.into());
    }
    let now = app.now();
    let id = ClaimId::new(app.chance().id(now));
    let life = Life {
        state: ClaimState::Proven,
        proven_at: Some(now),
        confirmed_at: Some(now),
        ..Life::CHALLENGED
    };
    let claim = NewClaim {
        id,
        work: work.id,
        account,
        method: ClaimMethod::Operator,
        reach: &Reach::Page(work.url.clone()),
        token: None,
        life,
        reason: &grant.reason,
        granted_by: actor.account(),
        created_at: now,
    };
    if !claims::create(tx, &claim).await? {
        let owner = claims::standing_at(tx, claim.reach).await?;
        let handle = owner.map(|owner| owner.handle.to_string()).unwrap_or_default();
        return Err(Refusal::ClaimStands { handle }.into());
    }
    let own = spread::hand_over(app, tx, actor, (work.id, id, account)).await?;
    claims::note(tx, id, (ClaimEvent::Granted, now)).await?;
    site_letters::await_notice(app, tx, (&work.url, now)).await?;
    // Clicks are not in this log (decision 5), but these would have been gifts to oneself.
    let also = if own.is_nothing() { "" } else { "; their own support of it has ended" };
    let details = format!("to {account}: {}{also}", grant.reason);
    app.log(tx, actor, "claim.grant", (work.url.to_string(), details)).await?;
    notices::claim_granted(app, tx, (account, id), (&work, &own)).await?;
    Ok(Granted { claim: id, work: work.id })
}

/// The work that is meant, made where it is new.
async fn find_work(
    app: &App,
    tx: &mut Tx,
    by: Option<AccountId>,
    target: &Target,
) -> Result<WorkRow> {
    match target {
        Target::Work(id) => works::find(tx, *id).await?.ok_or(Error::NotFound),
        Target::Url(url) => {
            let now = app.now();
            let new = NewWork {
                id: WorkId::new(app.chance().id(now)),
                url,
                title: "",
                created_by: by,
                created_at: now,
            };
            Ok(works::find_or_create(tx, &new).await?)
        }
    }
}

/// Ends the claim by which a work is somebody's, with all that it reaches: what comes from here on
/// is promised again. Refused when nobody owns the work.
pub async fn revoke(app: &App, actor: Actor, work: WorkId, reason: &str) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            let claim = claims::of_work(tx, work).await?;
            let claim = claim.ok_or_else(|| Error::from(Refusal::StateMoved {}))?;
            decide::end(app, tx, (&claim, ClaimEvent::Revoked, reason)).await?;
            spread::reassign_one(app, tx, actor, work).await?;
            let details = format!("from {}: {reason}", claim.account);
            app.log(tx, actor, "claim.revoke", (row.url.to_string(), details)).await?;
            notices::claim_revoked(app, tx, (claim.account, claim.id), (&row, reason)).await
        })
    })
    .await
}
