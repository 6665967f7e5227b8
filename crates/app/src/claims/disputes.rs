//! Disputes (C6): who proved a work and waits for somebody else's claim says so; the money that
//! comes meanwhile waits, the work does not. The holder has fourteen days to answer. It ends by a
//! proof, or else by an administrator's word, and both are told why.

use obole_domain::claim::{
    ClaimState, Contender, DISPUTE_WORDS_MAX, DISPUTES_OPEN_MAX, Decision, DisputeId, DisputeState,
    Reach, foremost, is_ripe,
};
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Handle, Refusal, note};
use obole_store::claims::disputes::{self, DisputeRow, NewDispute};
use obole_store::claims::{self, ClaimEvent, ClaimRow};
use obole_store::{Tx, accounts};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices::{self, DisputeNews};
use crate::suspensions::{decided, require_admin};
use crate::teams::require_act;

use super::{decide, give_away, spread};

/// Files a dispute by a claim of one's own that is proven and waits for somebody else's.
///
/// Refused where none waits, where the same was disputed before, without words, and over
/// [`DISPUTES_OPEN_MAX`] open ones.
pub async fn file(app: &App, actor: Actor, by: ClaimId, words: &str) -> Result<DisputeId> {
    let words = said(words)?;
    let handle = app.clone();
    app.write(words, move |tx, words| {
        let app = handle.clone();
        Box::pin(async move {
            let by = claims::locked(tx, by).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, by.account).await?;
            if by.life.state != ClaimState::Contested {
                return Err(Refusal::StateMoved {}.into());
            }
            let holder = claims::reaching(tx, &by.reach.root()).await?;
            let holder = standing(tx, holder, by.account).await?;
            let holder = holder.ok_or_else(|| Error::from(Refusal::StateMoved {}))?;
            if disputes::was_disputed(tx, (by.account, holder.account), &by.reach).await? {
                return Err(Refusal::DisputeOpen {}.into());
            }
            let filed = Filed { holder: &holder, filer: by.account, by: Some(by.id) };
            let id = file_in(&app, tx, filed, (&by.reach, words)).await?;
            let what = (by.reach.to_string(), format!("{id} of {}", by.account));
            app.log(tx, actor, "dispute.file", what).await?;
            Ok(id)
        })
    })
    .await
}

/// Files a dispute on an administrator's word, for somebody who cannot prove what they say: over
/// the claim that decides about a page.
///
/// Refused where nobody controls the page, or the account itself does, and as [`file()`] is.
pub async fn file_for(
    app: &App,
    actor: Actor,
    (filer, url): (Handle, CanonicalUrl),
    words: &str,
) -> Result<DisputeId> {
    let words = said(words)?;
    let handle = app.clone();
    app.write((filer, url, words), move |tx, (filer, url, words)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let filer = accounts::find_by_handle(tx, filer).await?;
            let filer = filer.ok_or_else(|| Error::from(Refusal::AccountUnknown {}))?.id;
            let holder = claims::reaching(tx, url).await?;
            let holder = standing(tx, holder, filer).await?;
            let holder = holder.ok_or_else(|| Error::from(Refusal::NothingToDispute {}))?;
            let filed = Filed { holder: &holder, filer, by: None };
            let reach = Reach::Page(url.clone());
            let id = file_in(&app, tx, filed, (&reach, words)).await?;
            let what = (url.to_string(), format!("{id} for {filer}"));
            app.log(tx, actor, "dispute.file-for", what).await?;
            Ok(id)
        })
    })
    .await
}

/// A claim that stands and is somebody else's, kept from others until the transaction ends.
async fn standing(
    tx: &mut Tx,
    found: Option<ClaimRow>,
    filer: AccountId,
) -> Result<Option<ClaimRow>> {
    let Some(found) = found else { return Ok(None) };
    let claim = claims::locked(tx, found.id).await?;
    Ok(claim.filter(|claim| claim.life.state.stands() && claim.account != filer))
}

fn said(typed: &str) -> Result<String> {
    Ok(note::words(typed, DISPUTE_WORDS_MAX)?)
}

/// Who disputes whose claim.
struct Filed<'filed> {
    holder: &'filed ClaimRow,
    filer: AccountId,
    by: Option<ClaimId>,
}

async fn file_in(
    app: &App,
    tx: &mut Tx,
    filed: Filed<'_>,
    (reach, words): (&Reach, &str),
) -> Result<DisputeId> {
    // Whoever files several at once waits here for the count of the others.
    accounts::find_locked(tx, filed.filer).await?.ok_or(Error::NotFound)?;
    if disputes::count_open(tx, filed.filer).await? >= DISPUTES_OPEN_MAX {
        return Err(Refusal::DisputesFull { limit: DISPUTES_OPEN_MAX }.into());
    }
    let now = app.now();
    let id = DisputeId::new(app.chance().id(now));
    let new = NewDispute {
        id,
        claim: (filed.holder.id, filed.holder.account),
        filer: filed.filer,
        by_claim: filed.by,
        reach,
        words,
        filed_at: now,
    };
    if !disputes::file(tx, &new).await? {
        return Err(Refusal::DisputeOpen {}.into());
    }
    claims::note(tx, filed.holder.id, (ClaimEvent::Disputed, now)).await?;
    let row = disputes::locked(tx, id).await?.ok_or(Error::NotFound)?;
    notices::dispute_news(app, tx, &row, DisputeNews::Filed).await?;
    Ok(id)
}

/// The holder of a disputed claim, or who acts for it, says their side; once.
pub async fn answer(app: &App, actor: Actor, id: DisputeId, words: &str) -> Result<()> {
    let words = said(words)?;
    let handle = app.clone();
    app.write(words, move |tx, words| {
        let app = handle.clone();
        Box::pin(async move {
            let row = disputes::locked(tx, id).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, row.holder.0).await?;
            if !disputes::answer(tx, id, (words, app.now())).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            app.log(tx, actor, "dispute.answer", (id.to_string(), String::new())).await?;
            let row = disputes::locked(tx, id).await?.ok_or(Error::NotFound)?;
            notices::dispute_news(&app, tx, &row, DisputeNews::Answered).await
        })
    })
    .await
}

/// The filer, or who acts for them, takes a dispute back.
pub async fn withdraw(app: &App, actor: Actor, id: DisputeId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let row = disputes::locked(tx, id).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, row.filer.0).await?;
            end(&app, tx, &row, (DisputeState::Withdrawn, "", None)).await?;
            app.log(tx, actor, "dispute.withdraw", (id.to_string(), String::new())).await
        })
    })
    .await
}

/// An administrator decides, with a reason that both sides read. Upheld, what the filer proved
/// within the holder's reach is left to them; otherwise the holder's claim ends.
///
/// Refused before the holder has answered or fourteen days have passed, and once it has ended.
pub async fn judge(
    app: &App,
    actor: Actor,
    id: DisputeId,
    (is_upheld, reason): (bool, &str),
) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let row = disputes::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if row.state != DisputeState::Open {
                return Err(Refusal::StateMoved {}.into());
            }
            if !is_ripe(row.filed_at, row.answered_at.is_some(), app.now()) {
                return Err(Refusal::DisputeTooEarly {}.into());
            }
            let state = DisputeState::judged(is_upheld);
            end(app, tx, &row, (state, reason, actor.account())).await?;
            if is_upheld {
                uphold(app, tx, actor, (&row, reason)).await?;
            }
            let details = format!("{}: {reason}", state.code());
            app.log(tx, actor, "dispute.judge", (id.to_string(), details)).await
        })
    })
    .await
}

/// What follows for the claims when the filer is right.
async fn uphold(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (row, reason): (&DisputeRow, &str),
) -> Result<()> {
    let holder = claims::locked(tx, row.claim).await?.ok_or(Error::NotFound)?;
    let by = match row.by_claim {
        Some(by) => claims::locked(tx, by).await?,
        None => None,
    };
    if let Some(by) = by.filter(|by| holder.reach.holds(&by.reach) && holder.reach != by.reach) {
        return give_away::leave_in(app, tx, actor, (&holder, &by)).await;
    }
    decide::end(app, tx, (&holder, ClaimEvent::Revoked, reason)).await?;
    spread::reassign_one(app, tx, actor, holder.work).await.map(|_| ())
}

/// Ends the open disputes that a claim is a side of, when the claim ends. By the filer's own the
/// holder is right; by the holder's the filer is, where their proof decides from now on, and not
/// where somebody else's does.
pub(super) async fn end_with(app: &App, tx: &mut Tx, claim: ClaimId) -> Result<()> {
    for row in disputes::open_with(tx, claim).await? {
        let state = if row.claim != claim {
            DisputeState::Rejected
        } else if comes_next(app, tx, &row).await? {
            DisputeState::Upheld
        } else {
            DisputeState::Moot
        };
        end(app, tx, &row, (state, "", None)).await?;
    }
    Ok(())
}

/// Whether the claim that a dispute was filed by decides, now that the holder's has ended: no other
/// stands in its way, and of those that waited like it, it comes first.
async fn comes_next(app: &App, tx: &mut Tx, row: &DisputeRow) -> Result<bool> {
    let Some(by) = row.by_claim else { return Ok(false) };
    let Some(by) = claims::find(tx, by).await? else { return Ok(false) };
    let decision = decide::on(tx, &by, (by.life, app.now())).await?;
    let waiting = claims::contested_around(tx, &by.reach).await?;
    let waiting: Vec<Contender> = waiting.iter().map(ClaimRow::contender).collect();
    let is_first = foremost(&waiting).is_none_or(|first| first.account == by.account);
    Ok(is_first && matches!(decision, Decision::Stands { .. }))
}

/// Ends the open disputes that were filed by a claim, once that stands by itself.
pub(super) async fn end_won(app: &App, tx: &mut Tx, claim: ClaimId) -> Result<()> {
    let is_won = |row: &DisputeRow| row.by_claim == Some(claim);
    end_each(app, tx, claim, |row| is_won(row).then_some(DisputeState::Upheld)).await
}

/// Ends the dispute over a part that its holder leaves to the filer.
pub(super) async fn end_left(
    app: &App,
    tx: &mut Tx,
    (holder, by): (ClaimId, ClaimId),
) -> Result<()> {
    let is_left = |row: &DisputeRow| row.claim == holder;
    end_each(app, tx, by, |row| is_left(row).then_some(DisputeState::Upheld)).await
}

/// Ends the open disputes that a claim is a side of, as is said of each; those of which nothing is
/// said go on.
async fn end_each(
    app: &App,
    tx: &mut Tx,
    claim: ClaimId,
    says: impl Fn(&DisputeRow) -> Option<DisputeState>,
) -> Result<()> {
    for row in disputes::open_with(tx, claim).await? {
        if let Some(state) = says(&row) {
            end(app, tx, &row, (state, "", None)).await?;
        }
    }
    Ok(())
}

async fn end(
    app: &App,
    tx: &mut Tx,
    row: &DisputeRow,
    (state, reason, by): (DisputeState, &str, Option<AccountId>),
) -> Result<()> {
    let now = app.now();
    if !disputes::end(tx, row.id, (state, reason), (by, now)).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    claims::note(tx, row.claim, (ClaimEvent::DisputeEnded, now)).await?;
    let ended = DisputeRow { state, reason: reason.to_owned(), ended_at: Some(now), ..row.clone() };
    notices::dispute_news(app, tx, &ended, DisputeNews::Ended).await
}
