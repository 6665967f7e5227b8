//! Letters to the people of sites: what waits to be told to whom, when somebody wrote last, and who
//! wants none (security.md C4).

use std::collections::BTreeSet;

use jiff::Timestamp;
use obole_domain::claim::Reach;
use obole_domain::{AccountId, CanonicalUrl, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};
use crate::promises;

/// What is known of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteLetterRow {
    /// Who: all that one party may reach.
    pub party: Reach,
    /// A page of theirs.
    pub url: CanonicalUrl,
    /// Since when claims wait to be told; none where none does.
    pub notice_since: Option<Timestamp>,
    /// How many patrons wait for an invitation; none where none does.
    pub patrons: Option<i64>,
    /// When it is tried next; none where nothing waits.
    pub next_try_at: Option<Timestamp>,
    /// How often in a row their site did not answer.
    pub tries: i64,
    /// When a notice was sent last.
    pub noticed_at: Option<Timestamp>,
    /// When an invitation was sent last.
    pub invited_at: Option<Timestamp>,
    /// Since when nobody writes there any more.
    pub declined_at: Option<Timestamp>,
    /// The hash of the link by which they say so.
    pub link_hash: [u8; 32],
}

fn row_at(row: &Row<'_>) -> StoreResult<SiteLetterRow> {
    let party: String = row.get(0)?;
    let party = Reach::from_key(&party);
    Ok(SiteLetterRow {
        party: party.ok_or_else(|| StoreError::Corrupt("site_letters.party".to_owned()))?,
        url: row.get(1)?,
        notice_since: row.get(2)?,
        patrons: row.get(3)?,
        next_try_at: row.get(4)?,
        tries: row.get(5)?,
        noticed_at: row.get(6)?,
        invited_at: row.get(7)?,
        declined_at: row.get(8)?,
        link_hash: row.get(9)?,
    })
}

/// Selects the columns of [`SiteLetterRow`].
macro_rules! letters {
    ($rest:literal) => {
        sql(concat!(
            "
        select party, url, notice_since, patrons, next_try_at, tries, noticed_at, invited_at,
            declined_at, link_hash
        from site_letters
        ",
            $rest
        ))
    };
}

/// What is known of a party; it stays so until the transaction ends.
pub async fn locked(tx: &mut Tx, party: &Reach) -> StoreResult<Option<SiteLetterRow>> {
    let lock = sql("select party from site_letters where party = $1").locked();
    lock.bind(party.key()).fetch_all(tx, |row| row.get::<String>(0)).await?;
    let select = letters!("where party = $1").bind(party.key());
    select.fetch_optional(tx, row_at).await
}

/// The party that a link is for.
pub async fn find_by_link(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<SiteLetterRow>> {
    let select = letters!("where link_hash = $1").bind(hash.to_vec());
    select.fetch_optional(read, row_at).await
}

/// Stores what is known of a party in the place of what was.
pub async fn put(tx: &mut Tx, row: &SiteLetterRow) -> StoreResult<()> {
    let upsert = sql("
        insert into site_letters (party, url, notice_since, patrons, next_try_at, tries, noticed_at,
            invited_at, declined_at, link_hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (party) do update set
            url = excluded.url, notice_since = excluded.notice_since, patrons = excluded.patrons,
            next_try_at = excluded.next_try_at, tries = excluded.tries,
            noticed_at = excluded.noticed_at, invited_at = excluded.invited_at,
            declined_at = excluded.declined_at");
    let upsert = upsert.bind(row.party.key()).bind(row.url.as_str()).bind(row.notice_since);
    let upsert = upsert.bind(row.patrons).bind(row.next_try_at).bind(row.tries);
    let upsert = upsert.bind(row.noticed_at).bind(row.invited_at).bind(row.declined_at);
    upsert.bind(row.link_hash.to_vec()).execute(tx).await.map(|_| ())
}

/// The parties for whom something is due, longest first.
pub async fn due(read: &mut Read, now: Timestamp, limit: i64) -> StoreResult<Vec<SiteLetterRow>> {
    let select = letters!("where next_try_at <= $1 order by next_try_at, party limit $2");
    select.bind(now).bind(limit).fetch_all(read, row_at).await
}

/// Takes what is due for a party until a moment. True for one, however many try.
pub async fn take(
    tx: &mut Tx,
    party: &Reach,
    (now, until): (Timestamp, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update site_letters set next_try_at = $3
        where party = $1 and next_try_at <= $2");
    Ok(update.bind(party.key()).bind(now).bind(until).execute(tx).await? == 1)
}

/// A work that nobody controls, and who promised something to it that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromisedWork {
    /// Where its host stands in the order of hosts: each name before what is below it.
    pub host_key: String,
    /// Which.
    pub work: WorkId,
    /// Its address.
    pub url: CanonicalUrl,
    /// Who.
    pub patrons: BTreeSet<AccountId>,
}

/// The works that nobody controls or refuses and that something was promised to, in the order of
/// their hosts, after one.
pub async fn promised(
    read: &mut Read,
    (host_key, work): (&str, WorkId),
    limit: i64,
) -> StoreResult<Vec<PromisedWork>> {
    let select = sql("
        select w.host_key, w.id, w.url
        from promised_works p join works w on w.id = p.work
        where w.owner is null and w.refused_at is null
            and (w.host_key > $1 or (w.host_key = $1 and w.id > $2))
        order by w.host_key, w.id
        limit $3");
    let select = select.bind(host_key).bind(work).bind(limit);
    let mut works = select
        .fetch_all(read, |row| {
            let patrons = BTreeSet::new();
            Ok(PromisedWork { host_key: row.get(0)?, work: row.get(1)?, url: row.get(2)?, patrons })
        })
        .await?;
    for one in &mut works {
        one.patrons = promises::patrons_waiting_for(read, one.work).await?;
    }
    Ok(works)
}
