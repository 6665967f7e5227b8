//! Sayable codes of works (docs/decisions/0049): drawn when somebody first asks for one, then found
//! by whoever types it.

use obole_domain::{AccountId, CodeLanguage, Refusal, WorkCode, WorkId};
use obole_store::works::{self, WorkRow};
use obole_store::{Tx, work_codes};

use crate::app::App;
use crate::error::{Error, Result};
use crate::limits;

/// How many codes are drawn for one work: with half of all codes taken, one in four thousand
/// million works finds none free.
const DRAWS: usize = 32;

/// The code of a work in a language, if it has one.
pub async fn find(app: &App, work: WorkId, language: CodeLanguage) -> Result<Option<WorkCode>> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(work_codes::find(read, work, language).await?) })
    });
    found.await
}

/// The work whose code a text is. Refused with what kind of mistake it may be.
pub async fn read(app: &App, typed: &str) -> Result<WorkRow> {
    let code = WorkCode::parse(typed)?;
    app.read((), move |read, ()| {
        Box::pin(async move {
            let work = match work_codes::find_work(read, code).await? {
                Some(work) => works::find(read, work).await?,
                None => None,
            };
            work.ok_or_else(|| Refusal::WorkCodeUnknown { code: code.to_string() }.into())
        })
    })
    .await
}

/// Gives a work its code in a language; the one that it has where it has one. Refused for a work
/// that takes no clicks, and over the limit of what one account may ask for.
pub async fn make(
    app: &App,
    account: AccountId,
    work: WorkId,
    language: CodeLanguage,
) -> Result<WorkCode> {
    if let Some(code) = find(app, work, language).await? {
        return Ok(code);
    }
    app.limit(limits::WORK_CODE, account).await?;
    let draw = |_| WorkCode::from_random(language, app.chance().bytes());
    let draws: Vec<WorkCode> = (0..DRAWS).map(draw).collect();
    let now = app.now();
    app.write(draws, move |tx, draws| {
        Box::pin(async move {
            let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            if row.refused_at.is_some() {
                return Err(Refusal::WorkRefused {}.into());
            }
            take_first(tx, draws, work, now).await
        })
    })
    .await
}

/// Takes the first code that is free, or finds the one that somebody else has just taken.
async fn take_first(
    tx: &mut Tx,
    draws: &[WorkCode],
    work: WorkId,
    now: jiff::Timestamp,
) -> Result<WorkCode> {
    for code in draws {
        if work_codes::create(tx, *code, work, now).await? {
            return Ok(*code);
        }
        if let Some(standing) = work_codes::find(tx, work, code.language()).await? {
            return Ok(standing);
        }
    }
    Err(Refusal::WorkCodesFull {}.into())
}
