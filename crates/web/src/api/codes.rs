//! `/codes/{code}` and `/works/{id}/codes`: codes that people say aloud (decision 0049).

use axum::Json;
use axum::extract::{Path, Request};
use axum::response::IntoResponse as _;
use obole_app::{Error, work_codes};
use obole_domain::token::Scope;
use obole_domain::{CodeLanguage, Refusal, WorkCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::works::{self, Work};
use crate::problem::Problem;

/// A code of a work.
#[derive(Serialize, ToSchema)]
pub struct SayableCode {
    /// The language of its words.
    #[schema(example = "en")]
    pub language: &'static str,
    /// Two words and two digits.
    #[schema(example = "copper-lantern-47")]
    pub code: String,
}

impl From<WorkCode> for SayableCode {
    fn from(code: WorkCode) -> Self {
        Self { language: code.language().code(), code: code.to_string() }
    }
}

/// The language of a code's words.
#[derive(Clone, Copy, Deserialize, ToSchema)]
pub enum SpokenLanguage {
    /// English.
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
}

/// A code to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeCode {
    /// The language of its words.
    pub language: SpokenLanguage,
}

/// The work of a code that somebody said
#[utoipa::path(
    get, path = "/codes/{code}", tag = "Works",
    params(("code" = String, Path, description = "Two words and two digits, however they are \
        written", example = "copper-lantern-47")),
    responses((status = 200, description = "The work", body = Work)),
)]
pub async fn get_work_of_code(caller: Caller, Path(code): Path<String>) -> Answer {
    let work = work_codes::read(&caller.app, &code).await.map_err(|error| match error {
        Error::Refused(said) if said.code == unknown() => Problem::not_found(),
        other => other.into(),
    })?;
    Ok(Json(Work::from(work)).into_response())
}

/// The code of a sound code that no work has.
fn unknown() -> &'static str {
    (Refusal::WorkCodeUnknown { code: String::new() }).code()
}

/// The codes of a work, one a language at most
#[utoipa::path(
    get, path = "/works/{id}/codes", tag = "Works",
    params(("id" = String, Path, description = "The work's id")),
    responses((status = 200, description = "The codes", body = List<SayableCode>)),
)]
pub async fn list_codes(caller: Caller, Path(id): Path<String>) -> Answer {
    let work = works::find(&caller.app, works::parse_id(&id)?).await?;
    let mut items = Vec::new();
    for language in CodeLanguage::ALL {
        items.extend(work_codes::find(&caller.app, work.id, language).await?);
    }
    let items = items.into_iter().map(SayableCode::from).collect();
    Ok(Json(List::whole(items)).into_response())
}

/// Give a work a code in a language; the one that it has, where it has one
#[utoipa::path(
    post, path = "/works/{id}/codes", tag = "Works", security(("token" = ["click"])),
    params(("id" = String, Path, description = "The work's id")),
    request_body = MakeCode,
    responses((status = 200, description = "The code", body = SayableCode)),
)]
pub async fn make_code(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::Click)?;
    let id = works::parse_id(&id)?;
    let sent: MakeCode = body::read(request).await?;
    let language = match sent.language {
        SpokenLanguage::English => CodeLanguage::English,
        SpokenLanguage::French => CodeLanguage::French,
    };
    let work = works::find(&caller.app, id).await?;
    let code = work_codes::make(&caller.app, account, work.id, language).await?;
    Ok(Json(SayableCode::from(code)).into_response())
}
