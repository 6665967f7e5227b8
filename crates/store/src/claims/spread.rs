//! Whose works are: what a claim reaches is its account's, some works at a time.

use jiff::Timestamp;
use obole_domain::claim::Reach;
use obole_domain::{AccountId, CanonicalUrl, ClaimId, WorkId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

use super::around::span;

/// A work and the claim that decides whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Which work.
    pub work: WorkId,
    /// Its address.
    pub url: CanonicalUrl,
    /// Whose it is.
    pub owner: Option<AccountId>,
    /// By which claim.
    pub claim: Option<ClaimId>,
}

/// Some works of a claim's reach, and where the next ones begin; none after the last.
pub type Chunk = (Vec<Assigned>, Option<String>);

fn assigned_at(row: &Row<'_>) -> StoreResult<Assigned> {
    Ok(Assigned { work: row.get(0)?, url: row.get(1)?, owner: row.get(2)?, claim: row.get(3)? })
}

/// Lets the works of a claim's reach be looked at anew.
pub async fn begin_spread(tx: &mut Tx, claim: ClaimId) -> StoreResult<()> {
    set_spread(tx, claim, Some("")).await
}

/// Where the works of a claim's reach are looked at next.
pub async fn set_spread(tx: &mut Tx, claim: ClaimId, after: Option<&str>) -> StoreResult<()> {
    let update = sql("update claims set spread_after = $2 where id = $1");
    update.bind(claim).bind(after).execute(tx).await.map(|_| ())
}

/// Goes on with the works of a claim's reach, unless it was begun anew meanwhile.
pub async fn go_on_spread(
    tx: &mut Tx,
    claim: ClaimId,
    (before, after): (&str, Option<&str>),
) -> StoreResult<()> {
    let update = sql("update claims set spread_after = $3 where id = $1 and spread_after = $2");
    update.bind(claim).bind(before).bind(after).execute(tx).await.map(|_| ())
}

/// The claims whose works are looked at, their reach and where they are.
pub async fn spreading(read: &mut Read) -> StoreResult<Vec<(ClaimId, String, String)>> {
    let select = sql("
        select id, reach, spread_after from claims
        where spread_after is not null
        order by id
        limit 100");
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// The next works within a reach, in the order of their addresses.
pub async fn next_chunk(
    read: &mut Read,
    (reach, after): (&Reach, &str),
    limit: i64,
) -> StoreResult<Chunk> {
    let found: Vec<Assigned> = match reach {
        Reach::Page(page) => {
            let select = sql("select id, url, owner, claim from works where url = $1");
            let found = select.bind(page).fetch_all(read, assigned_at).await?;
            return Ok((found, None));
        }
        Reach::Below(root) => {
            let select = sql("
                select id, url, owner, claim from works
                where url >= $1 and url < $2 and url > $3
                order by url
                limit $4");
            let root = root.as_str();
            let from = root.strip_suffix('/').unwrap_or(root);
            // Whatever follows, the letters of an address are smaller.
            let select = select.bind(from).bind(format!("{from}~~")).bind(after).bind(limit);
            select.fetch_all(read, assigned_at).await?
        }
        Reach::Name(name) => {
            let (from, to) = span(name);
            let select = sql("
                select id, url, owner, claim from works
                where host_key >= $1 and host_key < $2 and url > $3
                order by url
                limit $4");
            let select = select.bind(from).bind(to).bind(after).bind(limit);
            select.fetch_all(read, assigned_at).await?
        }
    };
    let is_full = i64::try_from(found.len()).is_ok_and(|length| length == limit);
    let next = found.last().filter(|_| is_full).map(|last| last.url.to_string());
    let mut found = found;
    found.retain(|work| reach.covers(&work.url));
    Ok((found, next))
}

/// A work and the claim that decides whose it is.
pub async fn assigned(read: &mut Read, work: WorkId) -> StoreResult<Option<Assigned>> {
    let select = sql("select id, url, owner, claim from works where id = $1");
    select.bind(work).fetch_optional(read, assigned_at).await
}

/// Since when some claim that stands reaches more than one page; none where none does, and new
/// works are nobody's.
pub async fn wide_since(read: &mut Read) -> StoreResult<Option<Timestamp>> {
    let select = sql("
        select min(proven_at) from claims
        where state in ('proven', 'stale') and reach not like 'page:%'");
    select.fetch_one(read, |row| row.get(0)).await
}

/// The works that nobody controls, in the order of their ids, which is that in which they came into
/// being, after one.
pub async fn unclaimed_after(
    read: &mut Read,
    after: WorkId,
    limit: i64,
) -> StoreResult<Vec<Assigned>> {
    let select = sql("
        select id, url, owner, claim from works
        where id > $1 and owner is null
        order by id
        limit $2");
    select.bind(after).bind(limit).fetch_all(read, assigned_at).await
}

/// Says by which claims works are whose. Those that stay with their owner keep since when. With
/// another owner, what the one before wanted of them, and what was hidden of them, is over.
pub async fn assign(
    tx: &mut Tx,
    works: &[(WorkId, Option<(ClaimId, AccountId)>)],
    now: Timestamp,
) -> StoreResult<()> {
    let update = "
        update works set owned_at = case when owner = $3 then owned_at else $4 end,
            owner = $3, claim = $2,
            hidden_at = case when $3 is null or owner = $3 then hidden_at end,
            shows_patrons_since = case when owner = $3 then shows_patrons_since end,
            refused_at = case
                when refused_by is not null and $3 is not null and $3 <> (
                    select c.account from claims c where c.id = works.refused_by) then null
                else refused_at end,
            refused_by = case
                when $3 is not null and $3 <> (
                    select c.account from claims c where c.id = works.refused_by) then null
                else refused_by end
        where id = $1";
    let row = |(work, by): &(WorkId, Option<(ClaimId, AccountId)>)| -> Vec<Value> {
        let (claim, owner) = by.unzip();
        vec![(*work).into(), claim.into(), owner.into(), by.map(|_| now).into()]
    };
    let rows: Vec<Vec<Value>> = works.iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sql(update).execute_many(tx, &rows).await?;
    versions::count_up(tx, Held::Works).await
}

/// Says since when a claim refuses for all that it reaches; none: it collects.
pub async fn set_refuses(tx: &mut Tx, claim: ClaimId, since: Option<Timestamp>) -> StoreResult<()> {
    let update = sql("update claims set refuses_since = $2 where id = $1");
    update.bind(claim).bind(since).execute(tx).await.map(|_| ())
}

/// Refuses the works among some whose claims refuse; gives those that changed.
pub async fn refuse_each(
    tx: &mut Tx,
    works: &[WorkId],
    now: Timestamp,
) -> StoreResult<Vec<WorkId>> {
    let mut refused = Vec::new();
    for work in works {
        let update = sql("
            update works set refused_at = $2, refused_by = claim
            where id = $1 and refused_at is null and exists (
                select 1 from claims c where c.id = works.claim and c.refuses_since is not null)
            returning id");
        let changed: Option<WorkId> =
            update.bind(*work).bind(now).fetch_optional(tx, |row| row.get(0)).await?;
        refused.extend(changed);
    }
    if !refused.is_empty() {
        versions::count_up(tx, Held::Works).await?;
    }
    Ok(refused)
}

/// Collects again for a claim's works that are refused by a claim, whichever that was.
pub async fn collect_again(tx: &mut Tx, claim: ClaimId) -> StoreResult<()> {
    let update = sql("
        update works set refused_at = null, refused_by = null
        where claim = $1 and refused_by is not null");
    update.bind(claim).execute(tx).await?;
    versions::count_up(tx, Held::Works).await
}

/// Whether works of a claim are refused by a claim.
pub async fn has_refused(read: &mut Read, claim: ClaimId) -> StoreResult<bool> {
    let select = sql("select count(*) from works where claim = $1 and refused_by is not null");
    Ok(select.bind(claim).fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Whether the claim that decides about a work refuses for all that it reaches.
pub async fn is_refusing(read: &mut Read, work: WorkId) -> StoreResult<bool> {
    let select = sql("
        select count(*) from works w join claims c on c.id = w.claim
        where w.id = $1 and c.refuses_since is not null");
    Ok(select.bind(work).fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}
