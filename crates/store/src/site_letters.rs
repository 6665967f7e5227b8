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
    /// Since when claims wait to be told, and where the last one was begun; none where none waits.
    pub notice: Option<(Timestamp, CanonicalUrl)>,
    /// How many patrons wait for an invitation, and for what; none where none waits.
    pub invitation: Option<(i64, CanonicalUrl)>,
    /// When it is tried next; none where nothing waits.
    pub next_try_at: Option<Timestamp>,
    /// How often in a row their site did not answer.
    pub tries: i64,
    /// When a notice was sent last.
    pub noticed_at: Option<Timestamp>,
    /// When an invitation was sent last.
    pub invited_at: Option<Timestamp>,
    /// Since when nobody is invited there any more.
    pub declined_at: Option<Timestamp>,
}

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("site_letters.{column}"))
}

/// A value and the address beside it.
fn with_url<T>(value: Option<T>, url: &str) -> StoreResult<Option<(T, CanonicalUrl)>> {
    let url = CanonicalUrl::parse(url);
    value.map(|value| Ok((value, url.map_err(|_| broken("url"))?))).transpose()
}

fn row_at(row: &Row<'_>) -> StoreResult<SiteLetterRow> {
    let (party, notice, invitation): (String, String, String) =
        (row.get(0)?, row.get(2)?, row.get(4)?);
    Ok(SiteLetterRow {
        party: Reach::from_key(&party).ok_or_else(|| broken("party"))?,
        notice: with_url(row.get(1)?, &notice)?,
        invitation: with_url(row.get(3)?, &invitation)?,
        next_try_at: row.get(5)?,
        tries: row.get(6)?,
        noticed_at: row.get(7)?,
        invited_at: row.get(8)?,
        declined_at: row.get(9)?,
    })
}

/// Selects the columns of [`SiteLetterRow`].
macro_rules! letters {
    ($rest:literal) => {
        sql(concat!(
            "
        select party, notice_since, notice_url, patrons, invitation_url, next_try_at, tries,
            noticed_at, invited_at, declined_at
        from site_letters
        ",
            $rest
        ))
    };
}

/// What is known of a party, who is listed where it is new; it stays so until the transaction ends.
pub async fn locked(tx: &mut Tx, party: &Reach) -> StoreResult<SiteLetterRow> {
    let insert = sql("insert into site_letters (party) values ($1) on conflict do nothing");
    insert.bind(party.key()).execute(tx).await?;
    let lock = sql("select party from site_letters where party = $1").locked();
    lock.bind(party.key()).fetch_all(tx, |row| row.get::<String>(0)).await?;
    letters!("where party = $1").bind(party.key()).fetch_one(tx, row_at).await
}

/// Stores what is known of a listed party in the place of what was.
pub async fn put(tx: &mut Tx, row: &SiteLetterRow) -> StoreResult<()> {
    let url = |url: Option<&CanonicalUrl>| url.map(|url| url.to_string()).unwrap_or_default();
    let (since, notice) = row.notice.as_ref().map(|(since, url)| (*since, url)).unzip();
    let (patrons, invitation) = row.invitation.as_ref().map(|(count, url)| (*count, url)).unzip();
    let update = sql("
        update site_letters
        set notice_since = $2, notice_url = $3, patrons = $4, invitation_url = $5,
            next_try_at = $6, tries = $7, noticed_at = $8, invited_at = $9, declined_at = $10
        where party = $1");
    let update = update.bind(row.party.key()).bind(since).bind(url(notice));
    let update = update.bind(patrons).bind(url(invitation)).bind(row.next_try_at);
    let update = update.bind(row.tries).bind(row.noticed_at).bind(row.invited_at);
    update.bind(row.declined_at).execute(tx).await.map(|_| ())
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

/// What is known of somebody who was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReaderRow {
    /// The keyed hash of the address.
    pub address_mac: [u8; 32],
    /// The hash of the link by which they end that.
    pub link_hash: [u8; 32],
    /// When somebody wrote last.
    pub written_at: Timestamp,
    /// Since when they want no letters.
    pub declined_at: Option<Timestamp>,
}

fn reader_at(row: &Row<'_>) -> StoreResult<ReaderRow> {
    Ok(ReaderRow {
        address_mac: row.get(0)?,
        link_hash: row.get(1)?,
        written_at: row.get(2)?,
        declined_at: row.get(3)?,
    })
}

/// What is known of the reader of an address; none where nobody wrote to it.
pub async fn reader(read: &mut Read, address_mac: [u8; 32]) -> StoreResult<Option<ReaderRow>> {
    let select = sql("
        select address_mac, link_hash, written_at, declined_at from site_letter_readers
        where address_mac = $1");
    select.bind(address_mac.to_vec()).fetch_optional(read, reader_at).await
}

/// The reader that a link is for.
pub async fn reader_of_link(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<ReaderRow>> {
    let select = sql("
        select address_mac, link_hash, written_at, declined_at from site_letter_readers
        where link_hash = $1");
    select.bind(hash.to_vec()).fetch_optional(read, reader_at).await
}

/// Notes that somebody is written to now. False where they were a short while before, or want no
/// letters: of several who write at once one does.
pub async fn write_to(
    tx: &mut Tx,
    (address_mac, link_hash): ([u8; 32], [u8; 32]),
    (now, not_since): (Timestamp, Timestamp),
) -> StoreResult<bool> {
    let upsert = sql("
        insert into site_letter_readers (address_mac, link_hash, written_at)
        values ($1, $2, $3)
        on conflict (address_mac) do update set written_at = excluded.written_at
        where site_letter_readers.declined_at is null and site_letter_readers.written_at <= $4");
    let upsert = upsert.bind(address_mac.to_vec()).bind(link_hash.to_vec());
    Ok(upsert.bind(now).bind(not_since).execute(tx).await? == 1)
}

/// The reader of a link wants no letters any more. False where the link is nobody's; saying it
/// twice is harmless.
pub async fn decline(tx: &mut Tx, link_hash: [u8; 32], now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update site_letter_readers set declined_at = coalesce(declined_at, $2)
        where link_hash = $1");
    Ok(update.bind(link_hash.to_vec()).bind(now).execute(tx).await? == 1)
}

/// Forgets who was written to last before a moment, but for those who want no letters.
pub async fn forget_readers(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from site_letter_readers where written_at < $1 and declined_at is null");
    delete.bind(before).execute(tx).await
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
