//! Claims that the operator vouches for: an account controls a work from here on, or no longer.

use std::collections::BTreeMap;

use obole_domain::claim::ClaimMethod;
use obole_domain::{AccountId, ClaimId, Currency, Handle, Micros, Money, Points, Refusal, WorkId};
use obole_store::claims::{self, NewClaim};
use obole_store::works::{self, NewWork, WorkRow};
use obole_store::{Tx, accounts, clicks, promises};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::clicks::Target;
use crate::error::{Error, Result};
use crate::notices;
use crate::pages;
use crate::settle;
use crate::suspensions::require_admin;
use crate::work_details;

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
    let work = find_work(app, tx, actor, &grant.target).await?;
    let own = end_own_support(app, tx, account, work.id).await?;
    let now = app.now();
    let claim = NewClaim {
        id: ClaimId::new(app.chance().id(now)),
        work: work.id,
        account,
        method: ClaimMethod::Operator,
        reason: &grant.reason,
        granted_by: actor.account(),
        created_at: now,
    };
    if !claims::grant(tx, &claim).await? {
        let owner = works::find(tx, work.id).await?.and_then(|work| work.owner_handle);
        let handle = owner.map(|owner| owner.to_string()).unwrap_or_default();
        return Err(Refusal::ClaimStands { handle }.into());
    }
    work_details::name_after_claim(app, tx, actor, (work.id, account)).await?;
    pages::name_after_claim(app, tx, actor, work.id).await?;
    // Clicks are not in this log (decision 5), but these would have been gifts to oneself.
    let also = if own.is_nothing() { "" } else { "; their own support of it has ended" };
    let details = format!("to @{}: {}{also}", grant.handle, grant.reason);
    app.log(tx, actor, "claim.grant", (work.url.to_string(), details)).await?;
    notices::claim_granted(app, tx, (account, claim.id), (&work, &own)).await?;
    Ok(Granted { claim: claim.id, work: work.id })
}

/// What an account had given to a work before the work was its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnSupport {
    /// The points of its clicks in open months.
    pub points: i64,
    /// What its promises held, by currency.
    pub freed: Vec<Money>,
}

impl OwnSupport {
    fn is_nothing(&self) -> bool {
        self.points == 0 && self.freed.is_empty()
    }
}

/// Takes back what an account gave to a work that becomes its own. Months come before works and
/// wallets in the order of locks (D6).
async fn end_own_support(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    work: WorkId,
) -> Result<OwnSupport> {
    let points = clicks::remove_open(tx, account, work).await?;
    let ended = promises::let_go_of_own(tx, account, work, app.now()).await?;
    let mut freed = BTreeMap::<Currency, Micros>::new();
    for (_, currency, amount) in &ended {
        let sum = freed.entry(*currency).or_insert(Micros::ZERO);
        *sum = sum.plus(*amount)?;
    }
    settle::free(tx, ended).await?;
    Ok(OwnSupport {
        points: points.into_iter().map(Points::get).sum(),
        freed: freed.into_iter().map(|(currency, sum)| Money::new(sum, currency)).collect(),
    })
}

/// The work that is meant, made where it is new.
async fn find_work(app: &App, tx: &mut Tx, actor: Actor, target: &Target) -> Result<WorkRow> {
    match target {
        Target::Work(id) => works::find(tx, *id).await?.ok_or(Error::NotFound),
        Target::Url(url) => {
            let now = app.now();
            let new = NewWork {
                id: WorkId::new(app.chance().id(now)),
                url,
                title: "",
                created_by: actor.account(),
                created_at: now,
            };
            Ok(works::find_or_create(tx, &new).await?)
        }
    }
}

/// Ends the claim of a work: what comes from here on is promised again. Refused when nobody owns
/// it.
pub async fn revoke(app: &App, actor: Actor, work: WorkId, reason: &str) -> Result<()> {
    let reason = audit_log::reason(reason)?;
    let handle = app.clone();
    app.write(reason, move |tx, reason| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            let ended = claims::revoke(tx, work, reason, app.now()).await?;
            let (claim, owner) = ended.ok_or_else(|| Error::from(Refusal::StateMoved {}))?;
            let details = format!("from {owner}: {reason}");
            app.log(tx, actor, "claim.revoke", (row.url.to_string(), details)).await?;
            notices::claim_revoked(&app, tx, (owner, claim), (&row, reason)).await
        })
    })
    .await
}
