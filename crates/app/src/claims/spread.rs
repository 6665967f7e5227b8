//! Whose works are: what a claim reaches becomes its account's, some works at a time, and anew when
//! a claim begins or ends. Doing it twice changes nothing.

use jiff::{SignedDuration, Timestamp};
use obole_domain::claim::Reach;
use obole_domain::{AccountId, ClaimId, WorkId};
use obole_store::claims::{self, Assigned};
use obole_store::{Tx, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::{pages, work_details};

use super::own_support::{self, OwnSupport};

/// How many works are looked at in one transaction.
const CHUNK: i64 = 200;

/// Up to which moment new works are adopted.
const ADOPTED: &str = "claims.adopted";

/// Works may reach the database in another order than they came into being.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);

/// Looks at the works of claims that began or ended, all that there are. Returns how many changed
/// hands.
pub async fn spread(app: &App) -> Result<u64> {
    let mut moved = 0;
    loop {
        let waiting =
            app.read((), |read, ()| Box::pin(async move { Ok(claims::spreading(read).await?) }));
        let waiting = waiting.await?;
        if waiting.is_empty() {
            return Ok(moved);
        }
        for (claim, reach, after) in waiting {
            moved += spread_chunk(app, claim, (reach, after)).await?;
        }
    }
}

async fn spread_chunk(app: &App, claim: ClaimId, at: (String, String)) -> Result<u64> {
    let handle = app.clone();
    app.write(at, move |tx, (reach, after)| {
        let app = handle.clone();
        Box::pin(async move {
            let Some(reach) = Reach::from_key(reach) else {
                claims::set_spread(tx, claim, None).await?;
                return Ok(0);
            };
            let (works, next) = claims::next_chunk(tx, (&reach, after), CHUNK).await?;
            let moved = reassign(&app, tx, (Actor::Job, claim.to_string()), works).await?;
            claims::set_spread(tx, claim, next.as_deref()).await?;
            Ok(moved)
        })
    })
    .await
}

/// Works that came into being where somebody's claim reaches are theirs. Returns how many.
pub async fn adopt(app: &App) -> Result<u64> {
    let now = app.now();
    let since =
        app.read((), |read, ()| Box::pin(async move { Ok(settings::find(read, ADOPTED).await?) }));
    let since: Option<Timestamp> = since.await?.and_then(|text| text.parse().ok());
    let since = since.and_then(|since| since.checked_sub(OVERLAP).ok());
    let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
    let (mut after, mut moved) = (Some(WorkId::new(uuid::Uuid::nil())), 0);
    while let Some(from) = after {
        let handle = app.clone();
        let (next, some) = app
            .write((), move |tx, ()| {
                let app = handle.clone();
                Box::pin(async move {
                    let works = claims::unclaimed_since(tx, since, (from, CHUNK)).await?;
                    let is_full = i64::try_from(works.len()).is_ok_and(|length| length == CHUNK);
                    let next = works.last().filter(|_| is_full).map(|last| last.work);
                    let moved = reassign(&app, tx, (Actor::Job, "new".to_owned()), works).await?;
                    Ok((next, moved))
                })
            })
            .await?;
        (after, moved) = (next, moved + some);
    }
    app.write(now.to_string(), |tx, now| {
        Box::pin(async move { Ok(settings::set(tx, ADOPTED, now).await?) })
    })
    .await?;
    Ok(moved)
}

/// Says anew whose a work is.
pub(super) async fn reassign_one(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    work: WorkId,
) -> Result<u64> {
    let works = claims::assigned(tx, work).await?;
    reassign(app, tx, (actor, work.to_string()), works.into_iter().collect()).await
}

/// Says anew whose some works are, and logs how many changed hands.
async fn reassign(
    app: &App,
    tx: &mut Tx,
    (actor, what): (Actor, String),
    works: Vec<Assigned>,
) -> Result<u64> {
    let pairs: Vec<_> = works.iter().map(|work| (work.work, work.url.clone())).collect();
    let deciding = claims::deciding_each(tx, &pairs).await?;
    let mut changes = Vec::new();
    for (work, deciding) in works.iter().zip(deciding) {
        let by = claims::decides(&deciding).map(|claim| (claim.id, claim.account));
        if by.map(|(claim, _)| claim) != work.claim || by.map(|(_, owner)| owner) != work.owner {
            changes.push((work, by));
        }
    }
    let moved = changes.iter().filter(|(work, by)| by.map(|(_, owner)| owner) != work.owner);
    let moved: Vec<_> = moved.map(|(work, by)| (work.work, *by)).collect();
    let all: Vec<_> = changes.iter().map(|(work, by)| (work.work, *by)).collect();
    claims::assign(tx, &all, app.now()).await?;
    for (work, by) in &moved {
        if let Some((_, owner)) = by {
            welcome(app, tx, actor, (*work, *owner)).await?;
        }
    }
    if !moved.is_empty() {
        app.log(tx, actor, "claim.spread", (what, format!("{} works", moved.len()))).await?;
    }
    Ok(u64::try_from(moved.len()).unwrap_or_default())
}

/// Makes a work an account's by a claim: what the account gave to it before comes back.
pub(super) async fn hand_over(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (work, claim, account): (WorkId, ClaimId, AccountId),
) -> Result<OwnSupport> {
    claims::assign(tx, &[(work, Some((claim, account)))], app.now()).await?;
    welcome(app, tx, actor, (work, account)).await
}

/// What happens when a work becomes an account's.
async fn welcome(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (work, account): (WorkId, AccountId),
) -> Result<OwnSupport> {
    let own = own_support::end(app, tx, (account, work)).await?;
    work_details::name_after_claim(app, tx, actor, (work, account)).await?;
    pages::name_after_claim(app, tx, actor, work).await?;
    Ok(own)
}
