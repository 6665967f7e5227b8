//! Deletions' rows (P5): accounts that are to be erased at a moment, and those that were.

use jiff::Timestamp;
use obole_domain::{AccountId, Period};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A deletion as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeletionRow {
    /// Which account.
    pub account: AccountId,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// From when on the account is erased.
    pub erases_at: Timestamp,
    /// The hash of the link that undoes it; none once it is erased.
    pub link_hash: Option<[u8; 32]>,
    /// Whether the account stays suspended when the deletion is undone.
    pub stays_suspended: bool,
    /// When its owner undid it.
    pub undone_at: Option<Timestamp>,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

impl DeletionRow {
    /// Whether the account waits to be erased.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.undone_at.is_none() && self.erased_at.is_none()
    }
}

fn deletion_at(row: &Row<'_>) -> StoreResult<DeletionRow> {
    Ok(DeletionRow {
        account: row.get(0)?,
        asked_at: row.get(1)?,
        erases_at: row.get(2)?,
        link_hash: row.get(3)?,
        stays_suspended: row.get(4)?,
        undone_at: row.get(5)?,
        erased_at: row.get(6)?,
    })
}

/// Notes that an account is to be erased. False where it waits for that already, or is erased.
pub async fn put(tx: &mut Tx, row: &DeletionRow) -> StoreResult<bool> {
    let upsert = sql("
        insert into deletions
            (account, asked_at, erases_at, link_hash, stays_suspended, is_journaled)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (account) do update set
            asked_at = excluded.asked_at, erases_at = excluded.erases_at,
            link_hash = excluded.link_hash, stays_suspended = excluded.stays_suspended,
            undone_at = null, is_journaled = excluded.is_journaled
        where deletions.undone_at is not null");
    let upsert = upsert.bind(row.account).bind(row.asked_at).bind(row.erases_at);
    let upsert = upsert.bind(row.link_hash).bind(row.stays_suspended).bind(false);
    Ok(upsert.execute(tx).await? == 1)
}

/// The deletion of an account, however it ended.
pub async fn find(read: &mut Read, account: AccountId) -> StoreResult<Option<DeletionRow>> {
    let select = sql("
        select account, asked_at, erases_at, link_hash, stays_suspended, undone_at, erased_at
        from deletions
        where account = $1");
    select.bind(account).fetch_optional(read, deletion_at).await
}

/// The same, which nobody else changes until the transaction ends.
pub async fn find_locked(tx: &mut Tx, account: AccountId) -> StoreResult<Option<DeletionRow>> {
    let select = sql("
        select account, asked_at, erases_at, link_hash, stays_suspended, undone_at, erased_at
        from deletions
        where account = $1");
    select.bind(account).locked().fetch_optional(tx, deletion_at).await
}

/// The deletion that a link undoes.
pub async fn find_by_link(
    read: &mut Read,
    link_hash: [u8; 32],
) -> StoreResult<Option<DeletionRow>> {
    let select = sql("
        select account, asked_at, erases_at, link_hash, stays_suspended, undone_at, erased_at
        from deletions
        where link_hash = $1 and erased_at is null and undone_at is null");
    select.bind(link_hash).fetch_optional(read, deletion_at).await
}

/// The accounts that are due to be erased, the first first.
pub async fn due(read: &mut Read, now: Timestamp, limit: i64) -> StoreResult<Vec<AccountId>> {
    let select = sql("
        select account from deletions
        where erased_at is null and undone_at is null and erases_at <= $1
        order by erases_at, account
        limit $2");
    select.bind(now).bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// Undoes a deletion. False where the account is erased, or was not to be.
pub async fn undo(tx: &mut Tx, account: AccountId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update deletions set undone_at = $2, is_journaled = $3, link_hash = null
        where account = $1 and erased_at is null and undone_at is null");
    Ok(update.bind(account).bind(now).bind(false).execute(tx).await? == 1)
}

/// Notes that an administrator suspended the account, too.
pub async fn stay_suspended(tx: &mut Tx, account: AccountId) -> StoreResult<()> {
    let update = sql("
        update deletions set stays_suspended = $2
        where account = $1 and erased_at is null and undone_at is null");
    update.bind(account).bind(true).execute(tx).await.map(|_| ())
}

/// Puts a deletion that cannot be done yet off.
pub async fn postpone(tx: &mut Tx, account: AccountId, until: Timestamp) -> StoreResult<()> {
    let update = sql("
        update deletions set erases_at = $2
        where account = $1 and erased_at is null and undone_at is null");
    update.bind(account).bind(until).execute(tx).await.map(|_| ())
}

/// Notes that an account is erased. True once.
pub async fn set_erased(tx: &mut Tx, account: AccountId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update deletions set erased_at = $2, link_hash = null
        where account = $1 and erased_at is null and undone_at is null");
    Ok(update.bind(account).bind(now).execute(tx).await? == 1)
}

/// What the outbound journal does not have yet.
pub async fn not_journaled(read: &mut Read, limit: i64) -> StoreResult<Vec<DeletionRow>> {
    let select = sql("
        select account, asked_at, erases_at, link_hash, stays_suspended, undone_at, erased_at
        from deletions
        where not is_journaled
        order by asked_at, account
        limit $1");
    select.bind(limit).fetch_all(read, deletion_at).await
}

/// Notes that the journal has a deletion as it was read.
pub async fn set_journaled(tx: &mut Tx, row: &DeletionRow) -> StoreResult<()> {
    let update = sql("
        update deletions set is_journaled = $4
        where account = $1 and asked_at = $2 and (undone_at is null) = $3");
    let is_asked = row.undone_at.is_none();
    let update = update.bind(row.account).bind(row.asked_at).bind(is_asked).bind(true);
    update.execute(tx).await.map(|_| ())
}

/// How many administrators may act, besides one.
pub async fn other_admins(read: &mut Read, account: AccountId) -> StoreResult<usize> {
    let select = sql("
        select id from accounts
        where is_admin and suspended_at is null
        order by id");
    let admins: Vec<AccountId> = select.fetch_all(read, |row| row.get(0)).await?;
    Ok(admins.into_iter().filter(|admin| *admin != account).count())
}

/// Keeps every administrator as they are until the transaction ends: of two who leave at once, the
/// second sees that the first has left.
pub async fn lock_admins(tx: &mut Tx) -> StoreResult<()> {
    let select = sql("
        select id from accounts
        where is_admin and suspended_at is null
        order by id");
    select.locked().fetch_all(tx, |row| row.get::<AccountId>(0)).await.map(|_| ())
}

/// Whether money of an account is on its way out: a payout or a withdrawal that has not ended.
pub async fn has_money_under_way(read: &mut Read, account: AccountId) -> StoreResult<bool> {
    let payouts = sql("
        select count(*) from payouts where account = $1 and state in ('requested', 'batched')");
    let refunds = sql("
        select count(*) from refunds where account = $1 and state in ('requested', 'executing')");
    let mut count = 0;
    for select in [payouts, refunds] {
        count += select.bind(account).fetch_one(read, |row| row.get::<i64>(0)).await?;
    }
    Ok(count > 0)
}

/// The closed periods whose settlement is not done.
pub async fn unsettled(read: &mut Read) -> StoreResult<Vec<Period>> {
    let select = sql("
        select p.period from periods p left join settlements s on s.period = p.period
        where p.closed_at is not null and (s.state is null or s.state <> 'done')
        order by p.period");
    select.fetch_all(read, |row| row.get(0)).await
}
