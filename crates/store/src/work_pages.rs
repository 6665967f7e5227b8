//! What the pages of works say of themselves, and which are read next.

use jiff::Timestamp;
use obole_domain::{CanonicalUrl, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// What became of the last reading of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// Nobody has read it yet.
    Waiting,
    /// It was read.
    Read,
    /// It is not at an address that is read.
    Refused,
    /// Its site asks not to read it.
    Unwelcome,
    /// It did not answer.
    Unreachable,
    /// What it answered could not be used.
    Unreadable,
}

impl PageState {
    const ALL: [Self; 6] = [
        Self::Waiting,
        Self::Read,
        Self::Refused,
        Self::Unwelcome,
        Self::Unreachable,
        Self::Unreadable,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Unwelcome => "unwelcome",
            Self::Unreachable => "unreachable",
            Self::Unreadable => "unreadable",
        }
    }

    fn from_code(code: &str) -> StoreResult<Self> {
        let state = Self::ALL.into_iter().find(|state| state.code() == code);
        state.ok_or_else(|| StoreError::Corrupt("work_pages.state".to_owned()))
    }
}

/// What is known of a work's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow {
    /// Of which work.
    pub work: WorkId,
    /// What became of the last reading.
    pub state: PageState,
    /// What the page is called; empty where it does not say.
    pub title: String,
    /// What it says of itself, as a JSON object.
    pub facts: String,
    /// Where it asks to be supported, as a JSON list.
    pub hints: String,
    /// When it was read last.
    pub fetched_at: Option<Timestamp>,
    /// How often in a row it could not be read.
    pub tries: i64,
    /// Not before.
    pub next_try_at: Timestamp,
}

/// A page that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuePage {
    /// Of which work.
    pub work: WorkId,
    /// Where it is.
    pub url: CanonicalUrl,
    /// How often in a row it could not be read.
    pub tries: i64,
    /// Whether it was ever read.
    pub was_read: bool,
}

/// Lists the pages of the works that came into being since a moment, the oldest first, as due since
/// then. Gives the moment up to which all are listed; none when there was nothing new.
pub async fn enrol(tx: &mut Tx, since: Timestamp, limit: i64) -> StoreResult<Option<Timestamp>> {
    let insert = sql("
        insert into work_pages
            (work, state, title, facts, hints, fetched_at, tries, next_try_at)
        select w.id, 'waiting', '', '{}', '[]', cast(null as bigint), 0, w.created_at
        from works w
        left join work_pages p on p.work = w.id
        where w.created_at >= $1 and p.work is null
        order by w.created_at
        limit $2
        on conflict (work) do nothing
        returning next_try_at");
    let insert = insert.bind(since).bind(limit);
    let listed: Vec<Timestamp> = insert.fetch_all(tx, |row| row.get(0)).await?;
    Ok(listed.into_iter().max())
}

/// The pages that are due, the newest first. Those of owners who refused for good are left alone.
pub async fn due(read: &mut Read, now: Timestamp, limit: i64) -> StoreResult<Vec<DuePage>> {
    let select = sql("
        select p.work, w.url, p.tries, p.fetched_at is not null
        from work_pages p
        join works w on w.id = p.work
        where p.next_try_at <= $1 and w.refused_at is null
        order by p.next_try_at desc, p.work
        limit $2");
    let pages = select.bind(now).bind(limit).fetch_all(read, |row| {
        Ok(DuePage {
            work: row.get(0)?,
            url: row.get(1)?,
            tries: row.get(2)?,
            was_read: row.get(3)?,
        })
    });
    pages.await
}

/// Takes a due page for one reading until a moment. True for one, however many try.
pub async fn take(
    tx: &mut Tx,
    work: WorkId,
    (now, until): (Timestamp, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update work_pages set next_try_at = $3, tries = tries + 1
        where work = $1 and next_try_at <= $2");
    Ok(update.bind(work).bind(now).bind(until).execute(tx).await? == 1)
}

/// Notes what was read. False when the page is not listed.
pub async fn record(tx: &mut Tx, page: &PageRow) -> StoreResult<bool> {
    let update = sql("
        update work_pages
        set state = $2, title = $3, facts = $4, hints = $5, fetched_at = $6, tries = $7,
            next_try_at = $8
        where work = $1");
    let update = update.bind(page.work).bind(page.state.code()).bind(&*page.title);
    let update = update.bind(&*page.facts).bind(&*page.hints).bind(page.fetched_at);
    Ok(update.bind(page.tries).bind(page.next_try_at).execute(tx).await? == 1)
}

/// Notes that a page was not read; what was read before stays.
pub async fn postpone(
    tx: &mut Tx,
    work: WorkId,
    (state, tries): (PageState, i64),
    next_try_at: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update work_pages set state = $2, tries = $3, next_try_at = $4
        where work = $1");
    let update = update.bind(work).bind(state.code()).bind(tries).bind(next_try_at);
    update.execute(tx).await.map(|_| ())
}

/// What is known of a work's page; none where it is not listed.
pub async fn find(read: &mut Read, work: WorkId) -> StoreResult<Option<PageRow>> {
    let select = sql("
        select work, state, title, facts, hints, fetched_at, tries, next_try_at
        from work_pages
        where work = $1");
    select.bind(work).fetch_optional(read, page_at).await
}

fn page_at(row: &Row<'_>) -> StoreResult<PageRow> {
    let state: String = row.get(1)?;
    Ok(PageRow {
        work: row.get(0)?,
        state: PageState::from_code(&state)?,
        title: row.get(2)?,
        facts: row.get(3)?,
        hints: row.get(4)?,
        fetched_at: row.get(5)?,
        tries: row.get(6)?,
        next_try_at: row.get(7)?,
    })
}
