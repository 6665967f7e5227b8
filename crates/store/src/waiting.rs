//! The waiting list: addresses that asked to be let in, in the order in which they were confirmed.

use jiff::Timestamp;
use obole_domain::{EmailAddress, WaitingId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// An address on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// Its id.
    pub id: WaitingId,
    /// The address.
    pub email: EmailAddress,
    /// The code of the language in which it asked.
    pub language: String,
    /// When it asked, last.
    pub asked_at: Timestamp,
    /// When its reader confirmed it.
    pub confirmed_at: Option<Timestamp>,
    /// When it was let in.
    pub invited_at: Option<Timestamp>,
}

fn waiting_at(row: &Row<'_>) -> StoreResult<WaitingRow> {
    Ok(WaitingRow {
        id: row.get(0)?,
        email: row.get(1)?,
        language: row.get(2)?,
        asked_at: row.get(3)?,
        confirmed_at: row.get(4)?,
        invited_at: row.get(5)?,
    })
}

/// Puts an address on the list, or gives the one that stands there a new link: its place stays.
pub async fn put(tx: &mut Tx, row: &WaitingRow, link_hash: [u8; 32]) -> StoreResult<()> {
    let upsert = sql("
        insert into waiting (id, email, language, link_hash, asked_at)
        values ($1, $2, $3, $4, $5)
        on conflict (email) do update set
            language = excluded.language, link_hash = excluded.link_hash,
            asked_at = excluded.asked_at");
    let upsert = upsert.bind(row.id).bind(&row.email).bind(&row.language).bind(link_hash);
    upsert.bind(row.asked_at).execute(tx).await.map(|_| ())
}

/// The address of a link.
pub async fn find_by_link(read: &mut Read, link_hash: [u8; 32]) -> StoreResult<Option<WaitingRow>> {
    let select = sql("
        select id, email, language, asked_at, confirmed_at, invited_at from waiting
        where link_hash = $1");
    select.bind(link_hash).fetch_optional(read, waiting_at).await
}

/// Notes that an address was confirmed. False where it was already.
pub async fn confirm(tx: &mut Tx, id: WaitingId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update waiting set confirmed_at = $2 where id = $1 and confirmed_at is null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// Takes an address off the list.
pub async fn remove(tx: &mut Tx, id: WaitingId) -> StoreResult<bool> {
    Ok(sql("delete from waiting where id = $1").bind(id).execute(tx).await? == 1)
}

/// The next who are let in: those who confirmed first.
pub async fn next(read: &mut Read, count: i64) -> StoreResult<Vec<WaitingRow>> {
    let select = sql("
        select id, email, language, asked_at, confirmed_at, invited_at from waiting
        where confirmed_at is not null and invited_at is null
        order by confirmed_at, id
        limit $1");
    select.bind(count).fetch_all(read, waiting_at).await
}

/// Notes that an address was let in. True once, however many try.
pub async fn invite(tx: &mut Tx, id: WaitingId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update waiting set invited_at = $2
        where id = $1 and invited_at is null and confirmed_at is not null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// How many wait.
pub async fn count(read: &mut Read) -> StoreResult<i64> {
    let select = sql("
        select count(*) from waiting where confirmed_at is not null and invited_at is null");
    select.fetch_one(read, |row| row.get(0)).await
}

/// Until when addresses are forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// Those that asked before it and were not confirmed.
    pub asked: Timestamp,
    /// Those that were confirmed before it and not let in.
    pub confirmed: Timestamp,
    /// Those that were let in before it.
    pub invited: Timestamp,
}

/// Forgets addresses.
pub async fn forget(tx: &mut Tx, before: Before) -> StoreResult<u64> {
    let delete = sql("
        delete from waiting
        where (confirmed_at is null and asked_at < $1)
            or (invited_at is null and confirmed_at < $2)
            or invited_at < $3");
    let delete = delete.bind(before.asked).bind(before.confirmed).bind(before.invited);
    delete.execute(tx).await
}
