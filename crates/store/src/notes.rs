//! Notes of thanks as the owner of a work sees them, and their reports. Clicks write the notes.
//!
//! A note is shown to who controls the work now, unless somebody else did when it was written:
//! that thanks was not theirs (P3). Nor are notes of suspended accounts shown.

use jiff::Timestamp;
use obole_domain::note::{NoteReportId, NoteVerdict};
use obole_domain::{AccountId, CanonicalUrl, Handle, Period, WorkId};

use crate::clicks::ClickKey;
use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A note with what a page shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRow {
    /// Which click it signs.
    pub key: ClickKey,
    /// Who signed it.
    pub handle: Handle,
    /// The work's address.
    pub url: CanonicalUrl,
    /// The work's title; empty where nobody named it.
    pub title: String,
    /// What it says.
    pub text: String,
    /// When it was signed: show the day at most (P3).
    pub at: Timestamp,
    /// Whether the owner does not want to see it.
    pub is_hidden: bool,
    /// Whether a report of it waits for an administrator.
    pub is_reported: bool,
}

impl NoteRow {
    /// The work's title, or its address without the scheme.
    #[must_use]
    pub fn shown_title(&self) -> &str {
        self.url.shown_title(&self.title, true)
    }
}

fn note_at(row: &Row<'_>) -> StoreResult<NoteRow> {
    Ok(NoteRow {
        key: ClickKey { period: row.get(0)?, patron: row.get(1)?, work: row.get(2)? },
        handle: row.get(3)?,
        url: row.get(4)?,
        title: row.get(5)?,
        text: row.get(6)?,
        at: row.get(7)?,
        is_hidden: row.get(8)?,
        is_reported: row.get(9)?,
    })
}

/// Which notes of an owner are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// Those of one period only.
    pub period: Option<Period>,
    /// The hidden ones, or the others.
    pub is_hidden: bool,
}

/// Reads of the notes that an owner, `$1`, may see.
macro_rules! select_visible {
    ($columns:literal, $more:literal) => {
        sql(concat!(
            "select ",
            $columns,
            "
        from works w
        join notes n on n.work = w.id
        join accounts a on a.id = n.patron
        where w.owner = $1 and a.suspended_at is null
            and not exists (
                select 1 from claims c
                where c.work = n.work and c.account <> $1 and c.created_at <= n.at
                    and (c.ended_at is null or c.ended_at > n.at))",
            $more
        ))
    };
}

/// The same, with what [`note_at`] takes.
macro_rules! select_rows {
    ($more:literal) => {
        select_visible!(
            "
            n.period, n.patron, n.work, a.handle, w.url, w.title, n.text, n.at,
            n.hidden_at is not null,
            exists (
                select 1 from note_reports r
                where r.period = n.period and r.patron = n.patron and r.work = n.work
                    and r.state = 'waiting')",
            $more
        )
    };
}

/// The notes on the works of an account, newest period first, so many after so many.
pub async fn of_owner(
    read: &mut Read,
    owner: AccountId,
    which: Which,
    page: (i64, i64),
) -> StoreResult<Vec<NoteRow>> {
    let (limit, offset) = page;
    let select = select_rows!(
        "
            and (cast($2 as bigint) is null or n.period = $2)
            and (n.hidden_at is not null) = $3
        order by n.period desc, n.at desc, n.work, n.patron
        limit $4 offset $5"
    );
    let select = select.bind(owner).bind(which.period).bind(which.is_hidden);
    select.bind(limit).bind(offset).fetch_all(read, note_at).await
}

/// How many notes of a period an account may read and has not hidden.
pub async fn count(read: &mut Read, owner: AccountId, period: Period) -> StoreResult<i64> {
    let select = select_visible!("count(*)", " and n.period = $2 and n.hidden_at is null");
    select.bind(owner).bind(period).fetch_one(read, |row| row.get(0)).await
}

/// The note that an account signed a click with, if `owner` may see it.
pub async fn find(
    read: &mut Read,
    owner: AccountId,
    signed: (Period, WorkId, &Handle),
) -> StoreResult<Option<NoteRow>> {
    let (period, work, handle) = signed;
    let select = select_rows!(" and w.id = $2 and n.period = $3 and a.handle = $4");
    let select = select.bind(owner).bind(work).bind(period).bind(handle);
    select.fetch_optional(read, note_at).await
}

/// Hides a note from the work's owner, or shows it again; a new text does not bring it back.
pub async fn set_hidden(tx: &mut Tx, key: ClickKey, at: Option<Timestamp>) -> StoreResult<bool> {
    let update = sql("
        update notes set hidden_at = $4
        where period = $1 and patron = $2 and work = $3");
    let update = update.bind(key.period).bind(key.patron).bind(key.work);
    Ok(update.bind(at).execute(tx).await? == 1)
}

/// A report that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'new> {
    /// Its id.
    pub id: NoteReportId,
    /// Of which note.
    pub key: ClickKey,
    /// What the note says.
    pub text: &'new str,
    /// What is wrong with it.
    pub reason: &'new str,
    /// The work's owner.
    pub reported_by: AccountId,
    /// When.
    pub reported_at: Timestamp,
}

/// Stores a report; false where one of the same note waits already.
pub async fn report(tx: &mut Tx, new: &NewReport<'_>) -> StoreResult<bool> {
    let insert = sql("
        insert into note_reports
            (id, period, patron, work, text, reason, reported_by, reported_at, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting')
        on conflict do nothing");
    let insert = insert.bind(new.id).bind(new.key.period).bind(new.key.patron).bind(new.key.work);
    let insert = insert.bind(new.text).bind(new.reason).bind(new.reported_by);
    Ok(insert.bind(new.reported_at).execute(tx).await? == 1)
}

/// A report that waits for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id.
    pub id: NoteReportId,
    /// Of which note; who signed it is not for pages (P3).
    pub key: ClickKey,
    /// The work's address.
    pub url: CanonicalUrl,
    /// What the note said.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
    /// Who reported it.
    pub reporter: Handle,
    /// When.
    pub reported_at: Timestamp,
}

fn report_at(row: &Row<'_>) -> StoreResult<ReportRow> {
    Ok(ReportRow {
        id: row.get(0)?,
        key: ClickKey { period: row.get(1)?, patron: row.get(2)?, work: row.get(3)? },
        url: row.get(4)?,
        text: row.get(5)?,
        reason: row.get(6)?,
        reporter: row.get(7)?,
        reported_at: row.get(8)?,
    })
}

/// The reports that wait for an administrator, oldest first.
pub async fn reports(read: &mut Read, limit: i64) -> StoreResult<Vec<ReportRow>> {
    let select = sql("
        select r.id, r.period, r.patron, r.work, w.url, r.text, r.reason, a.handle, r.reported_at
        from note_reports r
        join works w on w.id = r.work
        join accounts a on a.id = r.reported_by
        where r.state = 'waiting'
        order by r.reported_at, r.id
        limit $1");
    select.bind(limit).fetch_all(read, report_at).await
}

/// How many reports wait.
pub async fn reports_waiting(read: &mut Read) -> StoreResult<i64> {
    let select = sql("select count(*) from note_reports where state = 'waiting'");
    select.fetch_one(read, |row| row.get(0)).await
}

/// A report, while it waits.
pub async fn find_report(read: &mut Read, id: NoteReportId) -> StoreResult<Option<ReportRow>> {
    let select = sql("
        select r.id, r.period, r.patron, r.work, w.url, r.text, r.reason, a.handle, r.reported_at
        from note_reports r
        join works w on w.id = r.work
        join accounts a on a.id = r.reported_by
        where r.id = $1 and r.state = 'waiting'");
    select.bind(id).fetch_optional(read, report_at).await
}

/// How a report ended.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'end> {
    /// As what.
    pub verdict: NoteVerdict,
    /// By whom.
    pub by: Option<AccountId>,
    /// Why.
    pub reason: &'end str,
    /// When.
    pub at: Timestamp,
}

/// Ends a report that waits; false when it does not wait any more.
pub async fn end_report(tx: &mut Tx, id: NoteReportId, end: Verdict<'_>) -> StoreResult<bool> {
    let update = sql("
        update note_reports set state = $2, ended_by = $3, end_reason = $4, ended_at = $5
        where id = $1 and state = 'waiting'");
    let update = update.bind(id).bind(end.verdict.code()).bind(end.by).bind(end.reason);
    Ok(update.bind(end.at).execute(tx).await? == 1)
}

/// Removes a note while it still reads as it was reported; false when it is gone or reads
/// otherwise.
pub async fn remove(tx: &mut Tx, key: ClickKey, text: &str) -> StoreResult<bool> {
    let delete = sql("
        delete from notes where period = $1 and patron = $2 and work = $3 and text = $4");
    let delete = delete.bind(key.period).bind(key.patron).bind(key.work).bind(text);
    Ok(delete.execute(tx).await? == 1)
}

/// Forgets reports that ended before a moment; says how many.
pub async fn forget_reports(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("delete from note_reports where state <> 'waiting' and ended_at < $1");
    delete.bind(before).execute(tx).await
}
