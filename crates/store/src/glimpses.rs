//! Glimpses' rows (P3): when an administrator saw what one account gives, why, and until when.

use jiff::Timestamp;
use obole_domain::{AccountId, CanonicalUrl, Handle, Period};
use uuid::Uuid;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// A glimpse that is opened.
#[derive(Clone, Debug)]
pub struct NewGlimpse {
    /// Its id.
    pub id: Uuid,
    /// The administrator.
    pub admin: AccountId,
    /// Whose giving is seen.
    pub account: AccountId,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// Opens a glimpse.
pub async fn insert(tx: &mut Tx, new: &NewGlimpse) -> StoreResult<()> {
    let insert = sql("
        insert into glimpses (id, admin, account, reason, at, ends_at)
        values ($1, $2, $3, $4, $5, $6)");
    let insert = insert.bind(new.id).bind(new.admin).bind(new.account).bind(&new.reason);
    insert.bind(new.at).bind(new.ends_at).execute(tx).await.map(|_| ())
}

/// Until when an administrator's glimpse of an account is open; none where none is.
pub async fn open_until(
    read: &mut Read,
    (admin, account): (AccountId, AccountId),
    now: Timestamp,
) -> StoreResult<Option<Timestamp>> {
    let select = sql("
        select max(ends_at) from glimpses
        where admin = $1 and account = $2 and ends_at > $3");
    select.bind(admin).bind(account).bind(now).fetch_one(read, |row| row.get(0)).await
}

/// A glimpse as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlimpseRow {
    /// The administrator.
    pub admin: Handle,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
}

/// The newest glimpses of what an account gives.
pub async fn of(read: &mut Read, account: AccountId, limit: i64) -> StoreResult<Vec<GlimpseRow>> {
    let select = sql("
        select a.handle, g.reason, g.at, g.ends_at
        from glimpses g join accounts a on a.id = g.admin
        where g.account = $1
        order by g.at desc, g.id desc
        limit $2");
    let rows = select.bind(account).bind(limit).fetch_all(read, |row| {
        let (admin, reason) = (row.get(0)?, row.get(1)?);
        Ok(GlimpseRow { admin, reason, at: row.get(2)?, ends_at: row.get(3)? })
    });
    rows.await
}

/// A click as a glimpse shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenRow {
    /// In which month.
    pub period: Period,
    /// On what.
    pub url: CanonicalUrl,
    /// Its weight.
    pub points: i64,
}

/// What a patron gave to, the newest month first.
pub async fn given(read: &mut Read, patron: AccountId, limit: i64) -> StoreResult<Vec<GivenRow>> {
    let select = sql("
        select c.period, w.url, c.points
        from clicks c join works w on w.id = c.work
        where c.patron = $1
        order by c.period desc, w.url
        limit $2");
    let rows = select.bind(patron).bind(limit).fetch_all(read, |row| {
        Ok(GivenRow { period: row.get(0)?, url: row.get(1)?, points: row.get(2)? })
    });
    rows.await
}
