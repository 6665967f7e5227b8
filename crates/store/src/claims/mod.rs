//! Claims' rows, and who owns a work: both change together, and one claim of a work stands at a
//! time.

use jiff::Timestamp;
use obole_domain::claim::ClaimMethod;
use obole_domain::{AccountId, CanonicalUrl, ClaimId, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

/// A claim that is about to stand.
#[derive(Clone, Copy, Debug)]
pub struct NewClaim<'new> {
    /// Its id.
    pub id: ClaimId,
    /// Of which work.
    pub work: WorkId,
    /// By whom.
    pub account: AccountId,
    /// How it was proven.
    pub method: ClaimMethod,
    /// The administrator's reason.
    pub reason: &'new str,
    /// Which administrator; none for the command line.
    pub granted_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// Makes an account the owner of a work that has none; false when it has one.
pub async fn grant(tx: &mut Tx, new: &NewClaim<'_>) -> StoreResult<bool> {
    let update = sql("
        update works set owner = $2, owned_at = $3
        where id = $1 and owner is null");
    let update = update.bind(new.work).bind(new.account).bind(new.created_at);
    if update.execute(tx).await? != 1 {
        return Ok(false);
    }
    let insert = sql("
        insert into claims (id, work, account, method, reason, granted_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)");
    let insert = insert.bind(new.id).bind(new.work).bind(new.account).bind(new.method.code());
    let insert = insert.bind(new.reason).bind(new.granted_by).bind(new.created_at);
    insert.execute(tx).await?;
    versions::count_up(tx, Held::Works).await?;
    Ok(true)
}

/// Ends the standing claim of a work and gives which it was and who had it; none when nobody had.
pub async fn revoke(
    tx: &mut Tx,
    work: WorkId,
    reason: &str,
    now: Timestamp,
) -> StoreResult<Option<(ClaimId, AccountId)>> {
    let update = sql("
        update claims set ended_at = $2, end_reason = $3
        where work = $1 and ended_at is null
        returning id, account");
    let update = update.bind(work).bind(now).bind(reason);
    let ended = update.fetch_optional(tx, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    if ended.is_some() {
        let update = sql("update works set owner = null, owned_at = null where id = $1");
        update.bind(work).execute(tx).await?;
        versions::count_up(tx, Held::Works).await?;
    }
    Ok(ended)
}

/// A claim as its account sees it.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// Its id.
    pub id: ClaimId,
    /// Of which work.
    pub work: WorkId,
    /// The work's address.
    pub url: CanonicalUrl,
    /// The word of how it was proven.
    pub method: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ended; none while it stands.
    pub ended_at: Option<Timestamp>,
}

fn claim_at(row: &Row<'_>) -> StoreResult<ClaimRow> {
    Ok(ClaimRow {
        id: row.get(0)?,
        work: row.get(1)?,
        url: row.get(2)?,
        method: row.get(3)?,
        created_at: row.get(4)?,
        ended_at: row.get(5)?,
    })
}

/// The claims of an account, the newest first, before one.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
    (before, limit): (Option<ClaimId>, i64),
) -> StoreResult<Vec<ClaimRow>> {
    let before = before.unwrap_or_else(|| ClaimId::new(uuid::Uuid::max()));
    let select = sql("
        select c.id, c.work, w.url, c.method, c.created_at, c.ended_at
        from claims c
        join works w on w.id = c.work
        where c.account = $1 and c.id < $2
        order by c.id desc
        limit $3");
    select.bind(account).bind(before).bind(limit).fetch_all(read, claim_at).await
}

/// A claim of an account.
pub async fn find(
    read: &mut Read,
    account: AccountId,
    id: ClaimId,
) -> StoreResult<Option<ClaimRow>> {
    let select = sql("
        select c.id, c.work, w.url, c.method, c.created_at, c.ended_at
        from claims c
        join works w on w.id = c.work
        where c.account = $1 and c.id = $2");
    select.bind(account).bind(id).fetch_optional(read, claim_at).await
}
