//! Works' rows: found by canonical URL, made by their first click.

use jiff::Timestamp;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, UrlPrefix, WorkId};

use crate::claims::host_key;
use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

/// A work as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRow {
    /// Its id.
    pub id: WorkId,
    /// Its identity.
    pub url: CanonicalUrl,
    /// What the first patron typed; empty where nobody did.
    pub title: String,
    /// Who controls it.
    pub owner: Option<AccountId>,
    /// The owner's public name.
    pub owner_handle: Option<Handle>,
    /// When its owner refused for good.
    pub refused_at: Option<Timestamp>,
    /// When it was first clicked.
    pub created_at: Timestamp,
}

impl WorkRow {
    /// The title, or the address without its scheme where there is none. An unclaimed work shows
    /// its address only (C7).
    #[must_use]
    pub fn shown_title(&self) -> &str {
        self.url.shown_title(&self.title, self.owner.is_some())
    }
}

pub(crate) fn work_at(row: &Row<'_>) -> StoreResult<WorkRow> {
    Ok(WorkRow {
        id: row.get(0)?,
        url: row.get(1)?,
        title: row.get(2)?,
        owner: row.get(3)?,
        owner_handle: row.get(4)?,
        refused_at: row.get(5)?,
        created_at: row.get(6)?,
    })
}

/// The work of an id.
pub async fn find(read: &mut Read, id: WorkId) -> StoreResult<Option<WorkRow>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        left join accounts a on a.id = w.owner
        where w.id = $1");
    select.bind(id).fetch_optional(read, work_at).await
}

/// The work of an address.
pub async fn find_by_url(read: &mut Read, url: &CanonicalUrl) -> StoreResult<Option<WorkRow>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        left join accounts a on a.id = w.owner
        where w.url = $1");
    select.bind(url).fetch_optional(read, work_at).await
}

/// Makes a work unless its address has one already, and gives the one that stands.
pub async fn find_or_create(tx: &mut Tx, new: &NewWork<'_>) -> StoreResult<WorkRow> {
    if let Some(work) = find_by_url(tx, new.url).await? {
        return Ok(work);
    }
    let insert = sql("
        insert into works (id, url, title, created_by, created_at, url_prefix, host_key)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (url) do nothing");
    let insert = insert.bind(new.id).bind(new.url).bind(new.title).bind(new.created_by);
    let insert = insert.bind(new.created_at).bind(UrlPrefix::of(new.url));
    insert.bind(host_key(new.url.host())).execute(tx).await?;
    let found = find_by_url(tx, new.url).await?;
    found.ok_or_else(|| crate::StoreError::Database("a work vanished".to_owned()))
}

/// The works of some addresses; those that nobody clicked yet are left out.
pub async fn find_each_by_url(tx: &mut Tx, urls: &[&CanonicalUrl]) -> StoreResult<Vec<WorkRow>> {
    let rows: Vec<Vec<Value>> = urls.iter().map(|url| vec![(*url).into()]).collect();
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from (values (cast($1 as text))) as v, works w
        left join accounts a on a.id = w.owner
        where w.url = v.column1");
    select.fetch_each(tx, &rows, work_at).await
}

/// The works of some ids; those that are not known are left out.
pub async fn find_each(tx: &mut Tx, ids: &[WorkId]) -> StoreResult<Vec<WorkRow>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into()]).collect();
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from (values (cast($1 as uuid))) as v, works w
        left join accounts a on a.id = w.owner
        where w.id = v.column1");
    select.fetch_each(tx, &rows, work_at).await
}

/// Makes works unless their addresses have one already. In the order of the addresses, so that all
/// who make some at once lock in one order (D6).
pub async fn create_each(tx: &mut Tx, new: &[NewWork<'_>]) -> StoreResult<()> {
    let insert = "
        insert into works (id, url, title, created_by, created_at, url_prefix, host_key)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (url) do nothing";
    let mut new: Vec<&NewWork<'_>> = new.iter().collect();
    new.sort_unstable_by_key(|work| work.url);
    let row = |work: &&NewWork<'_>| {
        let (url, title) = (work.url.into(), work.title.into());
        let (by, at) = (work.created_by.into(), work.created_at.into());
        let (prefix, host) = (UrlPrefix::of(work.url), host_key(work.url.host()));
        vec![work.id.into(), url, title, by, at, prefix.into(), host.into()]
    };
    let rows: Vec<Vec<Value>> = new.iter().map(row).collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// A work that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewWork<'new> {
    /// Its id, if it is new.
    pub id: WorkId,
    /// Its identity.
    pub url: &'new CanonicalUrl,
    /// What the patron typed.
    pub title: &'new str,
    /// Who clicked first.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// Sets a work's title.
pub async fn set_title(tx: &mut Tx, id: WorkId, title: &str) -> StoreResult<()> {
    let update = sql("update works set title = $2 where id = $1").bind(id).bind(title);
    update.execute(tx).await?;
    versions::count_up(tx, Held::Works).await
}

/// Names a work that somebody controls and nobody has named (C7). False where it was left as it is.
pub async fn name_unnamed(tx: &mut Tx, id: WorkId, title: &str) -> StoreResult<bool> {
    let update = sql("
        update works set title = $2
        where id = $1 and title = '' and owner is not null and hidden_at is null");
    let is_named = !title.is_empty() && update.bind(id).bind(title).execute(tx).await? == 1;
    if is_named {
        versions::count_up(tx, Held::Works).await?;
    }
    Ok(is_named)
}

/// The owner stops or allows money for a work.
pub async fn set_refused(tx: &mut Tx, id: WorkId, at: Option<Timestamp>) -> StoreResult<()> {
    let update =
        sql("update works set refused_at = $2, refused_by = null where id = $1").bind(id).bind(at);
    update.execute(tx).await?;
    versions::count_up(tx, Held::Works).await
}

/// The works that an account controls, newest first, after a cursor.
pub async fn owned_by(read: &mut Read, owner: AccountId, limit: i64) -> StoreResult<Vec<WorkRow>> {
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        join accounts a on a.id = w.owner
        where w.owner = $1
        order by w.owned_at desc, w.id
        limit $2");
    select.bind(owner).bind(limit).fetch_all(read, work_at).await
}

/// The works of an owner in the order of their ids, after one.
pub async fn owned_after(
    read: &mut Read,
    owner: AccountId,
    after: Option<WorkId>,
    limit: i64,
) -> StoreResult<Vec<WorkRow>> {
    let after = after.unwrap_or_else(|| WorkId::new(uuid::Uuid::nil()));
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        join accounts a on a.id = w.owner
        where w.owner = $1 and w.id > $2
        order by w.id
        limit $3");
    select.bind(owner).bind(after).bind(limit).fetch_all(read, work_at).await
}

/// Works in the order of their ids after one, for lists and cursors; all, or those whose folded
/// address or title holds a text.
pub async fn list(
    read: &mut Read,
    containing: Option<&str>,
    after: Option<WorkId>,
    limit: i64,
) -> StoreResult<Vec<WorkRow>> {
    let pattern = containing.map(|text| {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    });
    let after = after.map_or(uuid::Uuid::nil(), WorkId::uuid);
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        left join accounts a on a.id = w.owner
        where w.id > $1
            and (cast($2 as text) is null
                or lower(w.url) like lower($2) escape '\\'
                or (w.owner is not null and lower(w.title) like lower($2) escape '\\'))
        order by w.id
        limit $3");
    select.bind(after).bind(pattern).bind(limit).fetch_all(read, work_at).await
}

/// Works that somebody controls and collects for, in the order of their ids after one; all, or
/// those whose address or title holds a text. What is only clicked is nobody's business (P2).
pub async fn claimed(
    read: &mut Read,
    containing: Option<&str>,
    after: Option<WorkId>,
    limit: i64,
) -> StoreResult<Vec<WorkRow>> {
    let pattern = containing.map(|text| {
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{escaped}%")
    });
    let after = after.map_or(uuid::Uuid::nil(), WorkId::uuid);
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        join accounts a on a.id = w.owner
        where w.id > $1 and w.refused_at is null and a.suspended_at is null and w.hidden_at is null
            and (cast($2 as text) is null
                or lower(w.url) like lower($2) escape '\\'
                or lower(w.title) like lower($2) escape '\\'
                or a.handle like lower($2) escape '\\')
        order by w.id
        limit $3");
    select.bind(after).bind(pattern).bind(limit).fetch_all(read, work_at).await
}

/// An address whose hash begins as asked, and whether somebody controls the work.
pub type Prefixed = (CanonicalUrl, bool);

/// The works that can receive and whose addresses' hashes begin so, those that somebody controls
/// first. Works whose owner refuses or is suspended are left out.
pub async fn with_prefix(
    read: &mut Read,
    prefix: UrlPrefix,
    limit: i64,
) -> StoreResult<Vec<Prefixed>> {
    let select = sql("
        select w.url, w.owner is not null
        from works w
        left join accounts a on a.id = w.owner
        where w.url_prefix = $1 and w.refused_at is null and a.suspended_at is null
        order by w.owner is null, w.id
        limit $2");
    let select = select.bind(prefix).bind(limit);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// The currencies that an account does not take.
pub async fn currencies_refused(read: &mut Read, owner: AccountId) -> StoreResult<Vec<Currency>> {
    let select =
        sql("select currency from currencies_refused where account = $1 order by currency");
    select.bind(owner).fetch_all(read, |row| row.get(0)).await
}

/// What decides whether a work can be paid in a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsRow {
    /// Which work.
    pub work: WorkId,
    /// Who controls it.
    pub owner: Option<AccountId>,
    /// Whether its owner has refused for good.
    pub is_refused: bool,
    /// A currency that the owner does not take: a row for each.
    pub currency_refused: Option<Currency>,
}

/// The terms of some works; those that are not known are left out. The rows of one work stand
/// together.
pub async fn terms_each(tx: &mut Tx, ids: &[WorkId]) -> StoreResult<Vec<TermsRow>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into()]).collect();
    let select = sql("
        select w.id, w.owner, w.refused_at is not null, c.currency
        from (values (cast($1 as uuid))) as v, works w
        left join currencies_refused c on c.account = w.owner
        where w.id = v.column1
        order by w.id");
    let row = select.fetch_each(tx, &rows, |row| {
        Ok(TermsRow {
            work: row.get(0)?,
            owner: row.get(1)?,
            is_refused: row.get(2)?,
            currency_refused: row.get(3)?,
        })
    });
    row.await
}

/// Says which currencies an account does not take, replacing what it said before.
pub async fn set_currencies_refused(
    tx: &mut Tx,
    owner: AccountId,
    currencies: &[Currency],
) -> StoreResult<()> {
    sql("delete from currencies_refused where account = $1").bind(owner).execute(tx).await?;
    let insert = "insert into currencies_refused (account, currency) values ($1, $2)";
    let rows: Vec<_> =
        currencies.iter().map(|currency| vec![owner.into(), (*currency).into()]).collect();
    sql(insert).execute_many(tx, &rows).await?;
    versions::count_up(tx, Held::Works).await
}

/// The works of some ids; those that are not known are left out.
pub async fn find_many(read: &mut Read, ids: &[WorkId]) -> StoreResult<Vec<WorkRow>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into()]).collect();
    let select = sql("
        select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at
        from works w
        left join accounts a on a.id = w.owner
        where w.id = $1");
    Ok(select.fetch_many(read, &rows, work_at).await?.into_iter().flatten().collect())
}
