//! Rows of sayable codes: one for each work and language, drawn once and never another work's.

use jiff::Timestamp;
use obole_domain::{CodeLanguage, WorkCode, WorkId};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// The code of a work in a language.
pub async fn find(
    read: &mut Read,
    work: WorkId,
    language: CodeLanguage,
) -> StoreResult<Option<WorkCode>> {
    let select = sql("select code from work_codes where work = $1 and language = $2");
    select.bind(work).bind(language.code()).fetch_optional(read, |row| row.get(0)).await
}

/// The work of a code.
pub async fn find_work(read: &mut Read, code: WorkCode) -> StoreResult<Option<WorkId>> {
    let select = sql("select work from work_codes where code = $1");
    select.bind(code).fetch_optional(read, |row| row.get(0)).await
}

/// Gives a work a code; false where the code is another work's, or the work has one in this
/// language already.
pub async fn create(
    tx: &mut Tx,
    code: WorkCode,
    work: WorkId,
    now: Timestamp,
) -> StoreResult<bool> {
    let insert = sql("
        insert into work_codes (code, work, language, created_at) values ($1, $2, $3, $4)
        on conflict do nothing");
    let insert = insert.bind(code).bind(work).bind(code.language().code()).bind(now);
    Ok(insert.execute(tx).await? == 1)
}
