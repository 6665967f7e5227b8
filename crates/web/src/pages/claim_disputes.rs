//! Disputes over a claim of one's own, on its page: what both sides say, and the forms to say it
//! (C6).

use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::claims::disputes;
use obole_domain::ClaimId;
use obole_domain::claim::{ClaimState, DisputeId, DisputeState, answer_by};
use obole_store::claims::ClaimRow;
use obole_store::claims::disputes::{self as stored, DisputeRow};

use crate::answer::{Answer, Done};
use crate::form::Form;
use crate::pages::claims_mine::{find, refused};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// The most disputes that a claim's page shows.
const SHOWN_MAX: i64 = 50;

/// A dispute in words.
pub(super) struct Dispute {
    pub(super) id: DisputeId,
    pub(super) filer: String,
    pub(super) holder: String,
    pub(super) reach: String,
    pub(super) words: String,
    pub(super) answer: String,
    pub(super) class: &'static str,
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) filed: String,
    /// Until when the holder can answer.
    pub(super) until: String,
    /// Whether the claim is the holder's, who can answer still.
    pub(super) can_answer: bool,
    /// Whether the claim is the filer's, who can take it back.
    pub(super) can_withdraw: bool,
}

/// The disputes about a claim or by it, and whether one can be filed by it.
pub(super) async fn of(
    visitor: &Visitor,
    claim: &ClaimRow,
) -> Result<(Vec<Dispute>, bool), Problem> {
    let id = claim.id;
    let found = visitor.app.read((), move |read, ()| {
        Box::pin(async move { Ok(stored::about(read, id, SHOWN_MAX).await?) })
    });
    let found = found.await?;
    let is_open = |row: &DisputeRow| row.state == DisputeState::Open && row.by_claim == Some(id);
    let can_file = claim.life.state == ClaimState::Contested && !found.iter().any(is_open);
    Ok((found.into_iter().map(|row| shown(visitor, row, Some(id))).collect(), can_file))
}

/// A dispute as a side sees it, or an administrator where the claim is none's.
pub(super) fn shown(visitor: &Visitor, row: DisputeRow, of: Option<ClaimId>) -> Dispute {
    let is_open = row.state == DisputeState::Open;
    let (class, key) = match row.state {
        DisputeState::Open if row.answered_at.is_some() => ("waiting", "disputes-answered"),
        DisputeState::Open => ("waiting", "disputes-open"),
        DisputeState::Upheld => ("", "disputes-upheld"),
        DisputeState::Rejected => ("", "disputes-rejected"),
        DisputeState::Withdrawn => ("", "disputes-withdrawn"),
        DisputeState::Moot => ("", "disputes-moot"),
    };
    let is_decided = matches!(row.state, DisputeState::Upheld | DisputeState::Rejected);
    let reason = match row.reason.as_str() {
        "" if is_decided => visitor.text("disputes-by-proof"),
        "" if row.state == DisputeState::Moot => visitor.text("disputes-moot-why"),
        reason => reason.to_owned(),
    };
    Dispute {
        id: row.id,
        filer: row.filer.1.to_string(),
        holder: row.holder.1.to_string(),
        reach: row.reach.to_string(),
        class,
        state: visitor.text(key),
        reason,
        filed: visitor.moment(row.filed_at),
        until: visitor.moment(answer_by(row.filed_at)),
        can_answer: is_open && row.answered_at.is_none() && of == Some(row.claim),
        can_withdraw: is_open && of.is_some() && of == row.by_claim,
        words: row.words,
        answer: row.answer,
    }
}

/// `POST /claims/mine/{id}/dispute`
pub async fn file(patron: Patron, Path(id): Path<String>, mut form: Form) -> Answer {
    let claim = find(&patron, &id).await?;
    let actor = Actor::Page(patron.account());
    match disputes::file(&patron.app, actor, claim.id, form.text("words")).await {
        Ok(_) => Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new("disputes-filed"))),
        Err(error) => {
            form.refused_at("words", error)?;
            refused(&patron, &claim, &form).await
        }
    }
}

/// `POST /claims/mine/{id}/dispute/answer`
pub async fn answer(patron: Patron, Path(id): Path<String>, mut form: Form) -> Answer {
    let claim = find(&patron, &id).await?;
    let dispute = DisputeId::parse(form.text("dispute")).ok_or_else(Problem::malformed)?;
    let actor = Actor::Page(patron.account());
    match disputes::answer(&patron.app, actor, dispute, form.text("answer")).await {
        Ok(()) => Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new("disputes-said"))),
        Err(error) => {
            form.refused_at("answer", error)?;
            refused(&patron, &claim, &form).await
        }
    }
}

/// `POST /claims/mine/{id}/dispute/withdraw`
pub async fn withdraw(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    let dispute = DisputeId::parse(form.text("dispute")).ok_or_else(Problem::malformed)?;
    let actor = Actor::Page(patron.account());
    disputes::withdraw(&patron.app, actor, dispute).await?;
    Ok(patron.done(&format!("/claims/mine/{id}"), &Done::new("disputes-taken-back")))
}
