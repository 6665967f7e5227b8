//! Whose works are: what a claim reaches becomes its account's, some works at a time, and anew when
//! a claim begins or ends. Doing it twice changes nothing.

use jiff::{SignedDuration, Timestamp};
use obole_domain::claim::Reach;
use obole_domain::{AccountId, ClaimId, WorkId};
use obole_store::claims::{self, Assigned};
use obole_store::{Tx, public_gifts, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::{pages, work_details};

use super::own_support::{self, OwnSupport};
use super::refuse;

/// How many works are looked at in one transaction.
const CHUNK: i64 = 200;

/// The same where each is refused, and a year's promises let go of.
const CHUNK_REFUSED: i64 = 10;

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
            // What its account says of all of them waits for this chunk, and this one for that.
            let row = claims::locked(tx, claim).await?;
            let chunk = match row.is_some_and(|row| row.refuses_since.is_some()) {
                true => CHUNK_REFUSED,
                false => CHUNK,
            };
            let (works, next) = claims::next_chunk(tx, (&reach, after), chunk).await?;
            let moved = reassign_logged(&app, tx, (claim.to_string(), works)).await?;
            claims::go_on_spread(tx, claim, (after, next.as_deref())).await?;
            Ok(moved)
        })
    })
    .await
}

/// Works that came into being where somebody's claim reaches are theirs. Returns how many. Nothing
/// is written where there is nothing new.
pub async fn adopt(app: &App) -> Result<u64> {
    let now = app.now();
    let known = app.read((), |read, ()| {
        Box::pin(async move {
            let adopted = settings::find(read, ADOPTED).await?;
            let adopted: Option<Timestamp> = adopted.and_then(|text| text.parse().ok());
            Ok((adopted, claims::wide_since(read).await?))
        })
    });
    let (adopted, wide) = known.await?;
    // What was there before is the spreading claim's own matter.
    let Some(since) = wide.map(|wide| adopted.unwrap_or(wide)) else { return Ok(0) };
    let since = since.checked_sub(OVERLAP).unwrap_or(since);
    let (mut after, mut moved, mut has_new) = (first_id(since), 0, false);
    loop {
        let works = app.read((), move |read, ()| {
            Box::pin(async move { Ok(claims::unclaimed_after(read, after, CHUNK).await?) })
        });
        let works = works.await?;
        let Some(last) = works.last() else { break };
        (after, has_new) = (last.work, true);
        let handle = app.clone();
        let some = app.write(works, move |tx, works| {
            let app = handle.clone();
            Box::pin(
                async move { reassign_logged(&app, tx, ("new".to_owned(), works.clone())).await },
            )
        });
        moved += some.await?;
    }
    if has_new {
        let set = app.write(now.to_string(), |tx, now| {
            Box::pin(async move { Ok(settings::set(tx, ADOPTED, now).await?) })
        });
        set.await?;
    }
    Ok(moved)
}

/// An id before those of all works of a moment: ids begin with the milliseconds in which they were
/// made (UUIDv7).
fn first_id(moment: Timestamp) -> WorkId {
    let milliseconds = u128::try_from(moment.as_millisecond()).unwrap_or_default();
    WorkId::new(uuid::Uuid::from_u128(milliseconds << 80))
}

/// Says anew whose a work is.
pub(super) async fn reassign_one(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    work: WorkId,
) -> Result<u64> {
    let works = claims::assigned(tx, work).await?;
    reassign(app, tx, actor, works.into_iter().collect()).await
}

/// Says anew whose some works are, and how many changed hands.
async fn reassign(app: &App, tx: &mut Tx, actor: Actor, works: Vec<Assigned>) -> Result<u64> {
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
        public_gifts::forget_work(tx, *work).await?;
        if let Some((_, owner)) = by {
            welcome(app, tx, actor, (*work, *owner)).await?;
        }
    }
    let all: Vec<WorkId> = works.iter().map(|work| work.work).collect();
    refuse::refuse_each(app, tx, &all).await?;
    Ok(u64::try_from(moved.len()).unwrap_or_default())
}

/// The same by the instance itself, with a line in the log where something changed.
async fn reassign_logged(
    app: &App,
    tx: &mut Tx,
    (what, works): (String, Vec<Assigned>),
) -> Result<u64> {
    let moved = reassign(app, tx, Actor::Job, works).await?;
    if moved > 0 {
        app.log(tx, Actor::Job, "claim.spread", (what, format!("{moved} works"))).await?;
    }
    Ok(moved)
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
