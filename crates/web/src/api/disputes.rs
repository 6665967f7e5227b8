//! `/me/disputes`: the disputes over claims that the account filed or holds (security.md C6).
//! Filing and answering is for pages, where both sides read what follows.

use axum::Json;
use axum::response::IntoResponse as _;
use obole_domain::claim::answer_by;
use obole_domain::token::Scope;
use obole_store::claims::disputes::{self, DisputeRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::claims::ClaimReach;
use crate::api::list::List;

/// The most disputes of an account that are listed.
const LISTED: i64 = 200;

/// A dispute over a claim.
#[derive(Serialize, ToSchema)]
pub struct Dispute {
    /// Its id.
    pub id: String,
    /// How far it goes.
    pub reach: ClaimReach,
    /// Who disputes it.
    #[schema(example = "bea")]
    pub filer: String,
    /// Whose the disputed claim is.
    #[schema(example = "ada")]
    pub holder: String,
    /// What the filer says.
    pub words: String,
    /// What the holder says; empty while they have not.
    pub answer: String,
    /// Where it stands: `open`, while new money waits; `upheld`, the works are the filer's;
    /// `rejected`, they stay the holder's; `withdrawn`, the filer took it back; `moot`, the claim
    /// ended otherwise.
    #[schema(example = "open")]
    pub state: &'static str,
    /// Why it ended so; empty where a proof decided, and while it is open.
    pub reason: String,
    /// When it was filed.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub filed_at: String,
    /// Until when the holder has time to answer.
    #[schema(format = DateTime, example = "2026-11-17T09:15:00Z")]
    pub answer_by: String,
    /// When it ended; null while it is open.
    #[schema(required, format = DateTime)]
    pub ended_at: Option<String>,
}

impl From<DisputeRow> for Dispute {
    fn from(row: DisputeRow) -> Self {
        Self {
            id: row.id.to_string(),
            reach: ClaimReach::from(&row.reach),
            filer: row.filer.1.to_string(),
            holder: row.holder.1.to_string(),
            words: row.words,
            answer: row.answer,
            state: row.state.code(),
            reason: row.reason,
            filed_at: row.filed_at.to_string(),
            answer_by: answer_by(row.filed_at).to_string(),
            ended_at: row.ended_at.map(|at| at.to_string()),
        }
    }
}

/// The disputes that the account is a side of, the newest 200
#[utoipa::path(
    get, path = "/me/disputes", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    responses((status = 200, description = "The disputes", body = List<Dispute>)),
)]
pub async fn list_disputes(caller: Caller) -> Answer {
    let account = caller.allow_any(&[Scope::WorksWrite, Scope::StatsRead])?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(disputes::of_account(read, account, LISTED).await?) })
    });
    let disputes = found.await?.into_iter().map(Dispute::from);
    Ok(Json(List::whole(disputes.collect())).into_response())
}
