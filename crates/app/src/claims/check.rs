//! Looking for proofs (C4): when their account asks, and by itself from time to time. Looking is
//! outside of every transaction (D10), what it came to is stored in one.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use obole_domain::claim::{ClaimState, Decision, Finding, Life, Move, ProofToken, Way};
use obole_domain::{AccountId, ClaimId, Refusal};
use obole_gateway::proof::{self, Sought};
use obole_store::Tx;
use obole_store::claims::{self, ClaimRow};
use obole_store::teams;
use tokio::time::timeout;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::CLAIM_CHECK;
use crate::teams::may_act;

use super::decide;

/// The most claims that are looked at in one run, and how many at once; F6 leaves the rest to
/// others.
const DUE_MAX: i64 = 200;
const AT_ONCE: usize = 8;

/// How many proofs are looked for before a payout, and for how long at most.
const BEFORE_PAYOUT_MAX: i64 = 40;
const BEFORE_PAYOUT_WAIT: Duration = Duration::from_secs(15);

/// What was seen within this time need not be looked for again before a payout.
const LOOKED_LATELY: SignedDuration = SignedDuration::from_hours(1);

/// How often a look is stored anew when others moved the claim meanwhile.
const TRIES: usize = 5;

/// Looks for the proof of one's own claim now, or of a team's that one acts for, and gives the
/// claim as it stands then. Refused for a claim that has ended, and over the limit.
pub async fn check(app: &App, actor: Actor, id: ClaimId) -> Result<ClaimRow> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let claim = find(app, id).await?.ok_or(Error::NotFound)?;
    if !may_act(app, account, claim.account).await? {
        return Err(Error::NotFound);
    }
    if claim.life.state == ClaimState::Lost || !claim.method.is_checked() {
        return Err(Refusal::StateMoved {}.into());
    }
    app.limit(CLAIM_CHECK, account).await?;
    let finding = look(app, &claim).await?;
    record(app, actor, (id, finding)).await?;
    find(app, id).await?.ok_or(Error::NotFound)
}

/// Looks for the proofs that are due. Returns how many were looked for. Doing it twice at once is
/// harmless.
pub async fn check_due(app: &App) -> Result<u64> {
    if !app.config().looks_for_proofs() {
        return Ok(0);
    }
    let now = app.now();
    let due = app.read((), move |read, ()| {
        Box::pin(async move { Ok(claims::due(read, now, DUE_MAX).await?) })
    });
    let looks = stream::iter(due.await?).map(|claim| async move {
        let finding = look(app, &claim).await?;
        record(app, Actor::Job, (claim.id, finding)).await
    });
    let mut looks = looks.buffer_unordered(AT_ONCE);
    let mut looked = 0;
    while let Some(look) = looks.next().await {
        look?;
        looked += 1;
    }
    Ok(looked)
}

/// Looks for the proofs of the claims that pay an account, its own and its teams', before money
/// goes out (C4), those first that nobody has looked for longest. A proof that nobody can look for
/// says nothing.
///
/// Refused where one is clearly gone, with its reach, for as long as the claim still pays: until
/// the proof is back, or the claim has gone stale.
pub(crate) async fn check_before_payout(app: &App, account: AccountId) -> Result<()> {
    if !app.config().looks_for_proofs() {
        return Ok(());
    }
    let now = app.now();
    let claims = app.read((), move |read, ()| {
        Box::pin(async move {
            let mut all = claims::proven_of(read, account, BEFORE_PAYOUT_MAX).await?;
            // What came of a team came by the team's claims.
            for (team, _) in teams::of_account(read, account).await? {
                all.extend(claims::proven_of(read, team.account, BEFORE_PAYOUT_MAX).await?);
            }
            Ok(all)
        })
    });
    let is_old = |claim: &ClaimRow| {
        let seen = claim.checked_at.is_none_or(|at| now.duration_since(at) >= LOOKED_LATELY);
        claim.method.is_checked() && (seen || claim.finding.is_some_and(Finding::is_gone))
    };
    let claims = claims.await?.into_iter().filter(is_old);
    let looks = stream::iter(claims).map(|claim| async move {
        let finding = look(app, &claim).await?;
        record(app, Actor::Job, (claim.id, finding)).await?;
        Ok::<_, Error>((claim, finding))
    });
    let mut looks = looks.buffer_unordered(AT_ONCE);
    let mut gone = None;
    let all = async {
        while let Some(looked) = looks.next().await {
            let (claim, finding) = looked?;
            if finding.is_gone() && find(app, claim.id).await?.is_some_and(|now| now.life.pays()) {
                gone = Some(claim.reach.to_string());
            }
        }
        Ok::<(), Error>(())
    };
    // Whoever waits for an answer waits no longer; what was not seen by then is seen by the job.
    if let Ok(looked) = timeout(BEFORE_PAYOUT_WAIT, all).await {
        looked?;
    }
    match gone {
        Some(reach) => Err(Refusal::ProofMissing { reach }.into()),
        None => Ok(()),
    }
}

async fn find(app: &App, id: ClaimId) -> Result<Option<ClaimRow>> {
    app.read((), move |read, ()| Box::pin(async move { Ok(claims::find(read, id).await?) })).await
}

/// What is found where the proof must be.
async fn look(app: &App, claim: &ClaimRow) -> Result<Finding> {
    let Some(token) = claim.token.clone() else { return Ok(Finding::Missing) };
    if !app.config().looks_for_proofs() {
        return Ok(Finding::Unclear);
    }
    app.fetcher().open().map_err(Error::internal)?;
    Ok(proof::look(app.fetcher(), &sought(app, claim, token)).await)
}

fn sought(app: &App, claim: &ClaimRow, token: ProofToken) -> Sought {
    let way = Way { method: claim.method, reach: claim.reach.clone() };
    Sought { way, token, base_url: app.config().base_url() }
}

/// Stores what a look came to, and what follows from it.
pub(super) async fn record(
    app: &App,
    actor: Actor,
    (id, finding): (ClaimId, Finding),
) -> Result<Move> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let handle = app.clone();
        let stored = app.write((), move |tx, ()| {
            let app = handle.clone();
            Box::pin(async move { record_in(&app, tx, actor, (id, finding)).await })
        });
        match stored.await {
            // Another claim of the same reach was proven in the same moment.
            Err(Error::Conflict(_)) if tries > 0 => {}
            other => return other,
        }
    }
}

async fn record_in(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (id, finding): (ClaimId, Finding),
) -> Result<Move> {
    let claim = claims::locked(tx, id).await?.ok_or(Error::NotFound)?;
    if claim.life.state == ClaimState::Lost {
        return Ok(Move::Stays);
    }
    let now = app.now();
    let (mut life, mut moved) = claim.life.after(finding, now);
    let decides_anew = claim.life.state == ClaimState::Contested && finding == Finding::Found;
    if moved == Move::Proven || decides_anew {
        let decision = decide::on(tx, &claim, (life, now)).await?;
        if decision == Decision::Needless {
            claims::end(tx, id, ("its account has as good a proof", now)).await?;
            return Ok(Move::Stays);
        }
        life = decide::make_room(app, tx, actor, (&claim, &decision, life)).await?;
        // Who waited and still waits knows it.
        moved = if life.state == claim.life.state { Move::Stays } else { Move::Proven };
    }
    if moved == Move::Lost {
        decide::lose(app, tx, actor, &claim).await?;
        return Ok(moved);
    }
    store(app, tx, (&claim, &life), finding).await?;
    decide::follow(app, tx, actor, (&claim, &life, moved)).await?;
    Ok(moved)
}

/// Stores where a claim stands now, and when somebody looks again.
async fn store(
    app: &App,
    tx: &mut Tx,
    (claim, life): (&ClaimRow, &Life),
    finding: Finding,
) -> Result<()> {
    let now = app.now();
    let [jitter] = app.chance().bytes();
    let next = life.next_check(finding, (now, jitter));
    let next = (life.state != ClaimState::Lost).then_some(next);
    if claims::record(tx, (claim, life), (finding, now, next)).await? {
        return Ok(());
    }
    Err(Error::Conflict("the claim moved meanwhile".to_owned()))
}
