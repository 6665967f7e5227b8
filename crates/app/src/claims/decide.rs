//! What a proof comes to among other claims (C3), and what follows when a claim moves: the log that
//! everybody sees, works that change hands, mails to those concerned.

use jiff::Timestamp;
use obole_domain::ClaimId;
use obole_domain::claim::{ClaimState, Contender, Decision, Life, Move, NOTICE};
use obole_store::Tx;
use obole_store::claims::disputes as stored;
use obole_store::claims::{self, ClaimEvent, ClaimRow};
use obole_store::reports::looks;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices::{self, ClaimNews};
use crate::site_letters;

use super::{disputes, spread};

/// What the proof of a claim comes to now.
pub(super) async fn on(
    tx: &mut Tx,
    claim: &ClaimRow,
    (life, now): (Life, Timestamp),
) -> Result<Decision> {
    let others = claims::overlapping(tx, &claim.reach).await?;
    let others: Vec<Contender> = others.iter().map(ClaimRow::contender).collect();
    let since = life.proven_at.unwrap_or(now);
    Ok(Contender { since, ..claim.contender() }.decide(&others, now))
}

/// Does what must be done before a claim can stand as decided, and says where it stands then: the
/// account's own weaker claim of the same reach ends, weaker ones of others have seven days (C3).
pub(super) async fn make_room(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (claim, decision, mut life): (&ClaimRow, &Decision, Life),
) -> Result<Life> {
    life.state = ClaimState::Contested;
    match decision {
        Decision::Stands { inside, replaces } => {
            life.state = ClaimState::Proven;
            if let Some(old) = replaces {
                let old = find(tx, *old).await?;
                // Money that was payable by the old proof stays so by the new one.
                life.confirmed_at = life.confirmed_at.or(old.life.confirmed_at);
                // A dispute is about the works, whichever proof of theirs its holder has.
                stored::move_to(tx, old.id, claim.id).await?;
                end(app, tx, (&old, ClaimEvent::Lost, "replaced by a stronger proof")).await?;
            }
            for other in inside {
                let other = find(tx, *other).await?;
                give_notice(app, tx, actor, (&other, claim)).await?;
            }
        }
        Decision::Waits { holder, gives_notice: true } => {
            let holder = find(tx, *holder).await?;
            give_notice(app, tx, actor, (&holder, claim)).await?;
        }
        Decision::Waits { .. } | Decision::Needless => {}
    }
    Ok(life)
}

async fn find(tx: &mut Tx, id: ClaimId) -> Result<ClaimRow> {
    claims::find(tx, id).await?.ok_or(Error::NotFound)
}

/// A weaker claim has seven days from the first notice on.
async fn give_notice(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (weaker, stronger): (&ClaimRow, &ClaimRow),
) -> Result<()> {
    let at = app.now().saturating_add(NOTICE).unwrap_or(Timestamp::MAX);
    if weaker.yields.is_some() || !claims::yield_to(tx, weaker.id, Some((stronger.id, at))).await? {
        return Ok(());
    }
    claims::note(tx, weaker.id, (ClaimEvent::Yields, app.now())).await?;
    let details = format!("to {} of {}", stronger.reach, stronger.account);
    app.log(tx, actor, "claim.yield", (weaker.reach.to_string(), details)).await?;
    notices::claim_news(app, tx, weaker, ClaimNews::Yields { to: &stronger.handle }).await
}

/// Ends a claim: its works are looked at anew, and so are claims that waited for its end.
pub(super) async fn end(
    app: &App,
    tx: &mut Tx,
    (claim, event, why): (&ClaimRow, ClaimEvent, &str),
) -> Result<()> {
    let now = app.now();
    if !claims::end(tx, claim.id, (why, now)).await? {
        return Err(Error::Conflict("the claim ended meanwhile".to_owned()));
    }
    claims::note(tx, claim.id, (event, now)).await?;
    claims::begin_spread(tx, claim.id).await?;
    claims::take_back_left(tx, claim.id).await?;
    disputes::end_with(app, tx, claim.id).await?;
    for other in claims::overlapping(tx, &claim.reach).await? {
        if other.life.state == ClaimState::Contested {
            claims::check_by(tx, other.id, now).await?;
        }
        if other.yields.is_some_and(|(to, _)| to == claim.id) {
            claims::yield_to(tx, other.id, None).await?;
        }
    }
    Ok(())
}

/// What follows from a move that is stored.
pub(super) async fn follow(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (claim, life, moved): (&ClaimRow, &Life, Move),
) -> Result<()> {
    let (event, news) = match moved {
        Move::Stays | Move::Lost => return Ok(()),
        Move::Proven if life.state == ClaimState::Contested => {
            (ClaimEvent::Contested, ClaimNews::Contested)
        }
        Move::Proven => (ClaimEvent::Proven, ClaimNews::Proven),
        Move::Confirmed => (ClaimEvent::Confirmed, ClaimNews::Confirmed),
        Move::Stale => (ClaimEvent::Stale, ClaimNews::Stale),
        Move::Recovered => (ClaimEvent::Recovered, ClaimNews::Recovered),
    };
    let now = app.now();
    claims::note(tx, claim.id, (event, now)).await?;
    if event == ClaimEvent::Proven {
        disputes::end_won(app, tx, claim.id).await?;
        claims::begin_spread(tx, claim.id).await?;
        spread::reassign_one(app, tx, actor, claim.work).await?;
        // C8: from now on names that look like this one are noticed.
        looks::compare_again(tx, claim.account).await?;
    }
    let what = (claim.reach.to_string(), format!("{}, {}", claim.account, claim.method.code()));
    app.log(tx, actor, action(event), what).await?;
    if moved == Move::Proven {
        site_letters::await_notice(app, tx, (&claim.url, now)).await?;
    }
    if event == ClaimEvent::Contested {
        tell_holders(app, tx, claim).await?;
    }
    notices::claim_news(app, tx, claim, news).await
}

/// Who controls what is around a claim is told that somebody proved a part of it.
async fn tell_holders(app: &App, tx: &mut Tx, claim: &ClaimRow) -> Result<()> {
    for other in claims::overlapping(tx, &claim.reach).await? {
        let decides = other.life.state.stands() && other.account != claim.account;
        if decides && other.reach.holds(&claim.reach) {
            let news = ClaimNews::Rival { by: &claim.handle, reach: &claim.reach };
            notices::claim_news(app, tx, &other, news).await?;
        }
    }
    Ok(())
}

/// A claim's proof stayed away.
pub(super) async fn lose(app: &App, tx: &mut Tx, actor: Actor, claim: &ClaimRow) -> Result<()> {
    end(app, tx, (claim, ClaimEvent::Lost, "its proof stayed away")).await?;
    let what = (claim.reach.to_string(), claim.account.to_string());
    app.log(tx, actor, "claim.lose", what).await?;
    notices::claim_news(app, tx, claim, ClaimNews::Lost).await
}

/// The word of the audit log for an event.
const fn action(event: ClaimEvent) -> &'static str {
    match event {
        ClaimEvent::Proven => "claim.prove",
        ClaimEvent::Contested => "claim.contest",
        ClaimEvent::Confirmed => "claim.confirm",
        ClaimEvent::Stale => "claim.stale",
        ClaimEvent::Recovered => "claim.recover",
        ClaimEvent::Granted => "claim.grant",
        ClaimEvent::Left => "claim.leave",
        ClaimEvent::Yields => "claim.yield",
        ClaimEvent::Lost => "claim.lose",
        ClaimEvent::GivenAway => "claim.give-away",
        ClaimEvent::Revoked => "claim.revoke",
        ClaimEvent::Disputed => "dispute.file",
        ClaimEvent::DisputeEnded => "dispute.end",
    }
}
