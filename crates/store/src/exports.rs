//! Exports' rows (P5): asked for, made in sealed parts, fetched once, forgotten.

use jiff::Timestamp;
use obole_domain::AccountId;
use uuid::Uuid;

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// An export as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportRow {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub account: AccountId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// Since when it can be fetched.
    pub ready_at: Option<Timestamp>,
    /// Until when.
    pub ends_at: Option<Timestamp>,
    /// When it was fetched.
    pub taken_at: Option<Timestamp>,
    /// How large it is.
    pub bytes: Option<i64>,
}

fn export_at(row: &Row<'_>) -> StoreResult<ExportRow> {
    Ok(ExportRow {
        id: row.get(0)?,
        account: row.get(1)?,
        asked_at: row.get(2)?,
        ready_at: row.get(3)?,
        ends_at: row.get(4)?,
        taken_at: row.get(5)?,
        bytes: row.get(6)?,
    })
}

/// Asks for an export. The caller has locked the account and seen that none waits.
pub async fn ask(tx: &mut Tx, id: Uuid, account: AccountId, now: Timestamp) -> StoreResult<()> {
    let insert = sql("insert into exports (id, account, asked_at) values ($1, $2, $3)");
    insert.bind(id).bind(account).bind(now).execute(tx).await.map(|_| ())
}

/// The newest export of an account.
pub async fn latest(read: &mut Read, account: AccountId) -> StoreResult<Option<ExportRow>> {
    let select = sql("
        select id, account, asked_at, ready_at, ends_at, taken_at, bytes from exports
        where account = $1
        order by asked_at desc, id desc
        limit 1");
    select.bind(account).fetch_optional(read, export_at).await
}

/// The exports that wait to be made, the first first.
pub async fn waiting(read: &mut Read, limit: i64) -> StoreResult<Vec<ExportRow>> {
    let select = sql("
        select id, account, asked_at, ready_at, ends_at, taken_at, bytes from exports
        where ready_at is null
        order by asked_at, id
        limit $1");
    select.bind(limit).fetch_all(read, export_at).await
}

/// Stores a sealed part of a build.
pub async fn put_part(tx: &mut Tx, build: Uuid, number: i64, sealed: &[u8]) -> StoreResult<()> {
    let insert = sql("insert into export_parts (build, number, sealed) values ($1, $2, $3)");
    insert.bind(build).bind(number).bind(sealed).execute(tx).await.map(|_| ())
}

/// What an export is once all its parts are there.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// Which parts.
    pub build: Uuid,
    /// How large.
    pub bytes: i64,
    /// The hash of its link.
    pub link_hash: [u8; 32],
    /// Since when.
    pub ready_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// Notes that an export is there. True once, however many made it.
pub async fn finish(tx: &mut Tx, id: Uuid, ready: Ready) -> StoreResult<bool> {
    let update = sql("
        update exports set build = $2, bytes = $3, link_hash = $4, ready_at = $5, ends_at = $6
        where id = $1 and ready_at is null");
    let update = update.bind(id).bind(ready.build).bind(ready.bytes).bind(ready.link_hash);
    Ok(update.bind(ready.ready_at).bind(ready.ends_at).execute(tx).await? == 1)
}

/// The export of a link that can be fetched now.
pub async fn find_by_link(
    read: &mut Read,
    link_hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<Option<ExportRow>> {
    let select = sql("
        select id, account, asked_at, ready_at, ends_at, taken_at, bytes from exports
        where link_hash = $1 and taken_at is null and ends_at > $2");
    select.bind(link_hash).bind(now).fetch_optional(read, export_at).await
}

/// Fetches an export, and gives its parts' name. Once, however many try.
pub async fn take(tx: &mut Tx, id: Uuid, now: Timestamp) -> StoreResult<Option<Uuid>> {
    let update = sql("
        update exports set taken_at = $2
        where id = $1 and taken_at is null and ends_at > $2
        returning build");
    update.bind(id).bind(now).fetch_optional(tx, |row| row.get(0)).await
}

/// A part of a build.
pub async fn part(read: &mut Read, build: Uuid, number: i64) -> StoreResult<Option<Vec<u8>>> {
    let select = sql("select sealed from export_parts where build = $1 and number = $2");
    select.bind(build).bind(number).fetch_optional(read, |row| row.get(0)).await
}

/// Forgets the parts of a build.
pub async fn forget_parts(tx: &mut Tx, build: Uuid) -> StoreResult<u64> {
    sql("delete from export_parts where build = $1").bind(build).execute(tx).await
}

/// Until when exports are forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// The parts of those that ended before it.
    pub ended: Timestamp,
    /// The parts of those that were fetched before it.
    pub taken: Timestamp,
    /// That there was one, where it was asked for before it.
    pub asked: Timestamp,
    /// Parts of builds that came to nothing, by the first id that a younger one can have.
    pub build: Uuid,
}

/// Forgets exports.
pub async fn forget(tx: &mut Tx, before: Before) -> StoreResult<u64> {
    let parts = sql("
        delete from export_parts
        where build < $3
            or build in (
                select build from exports
                where build is not null and (ends_at < $1 or taken_at < $2))");
    let parts = parts.bind(before.ended).bind(before.taken).bind(before.build);
    let count = parts.execute(tx).await?;
    let rows = sql("delete from exports where ready_at is not null and asked_at < $1");
    Ok(count + rows.bind(before.asked).execute(tx).await?)
}
