//! Reports' rows: who says what is wrong with a work or an account, what was decided, whether that
//! was appealed.

pub mod looks;

use jiff::Timestamp;
use obole_domain::report::{AppealState, ReportId, ReportReason, ReportState};
use obole_domain::{AccountId, CanonicalUrl, Handle, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};
use crate::versions::{self, Held};

/// What is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A work.
    Work(WorkId, CanonicalUrl),
    /// An account, and its name.
    Account(AccountId, Handle),
}

impl Subject {
    /// The columns of the work and of the account.
    #[must_use]
    pub const fn ids(&self) -> (Option<WorkId>, Option<AccountId>) {
        match self {
            Self::Work(work, _) => (Some(*work), None),
            Self::Account(account, _) => (None, Some(*account)),
        }
    }
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Its id.
    pub id: ReportId,
    /// What is reported.
    pub subject: Subject,
    /// Whom a decision concerns, and their public name.
    pub concerns: Option<(AccountId, Handle)>,
    /// What is wrong.
    pub why: ReportReason,
    /// In the reporter's words.
    pub words: String,
    /// Who reported it; none for the instance itself and accounts that are gone.
    pub reporter: Option<(AccountId, Handle)>,
    /// When.
    pub reported_at: Timestamp,
    /// Where it stands.
    pub state: ReportState,
    /// What was hidden.
    pub hidden_words: String,
    /// Why it was decided so.
    pub reason: String,
    /// Who decided; none where nobody has, or the operator at the command line did.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Where its appeal stands.
    pub appeal_state: AppealState,
    /// What the appeal says.
    pub appeal: String,
    /// When it was made.
    pub appealed_at: Option<Timestamp>,
    /// Why the appeal was decided so.
    pub appeal_reason: String,
}

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("reports.{column}"))
}

fn report_at(row: &Row<'_>) -> StoreResult<ReportRow> {
    let work: Option<WorkId> = row.get(1)?;
    let account: Option<AccountId> = row.get(3)?;
    let subject = match (work, account) {
        (Some(work), _) => Subject::Work(work, row.get(2)?),
        (_, Some(account)) => Subject::Account(account, row.get(4)?),
        _ => return Err(broken("work")),
    };
    let pair = |place: usize| -> StoreResult<Option<(AccountId, Handle)>> {
        let id: Option<AccountId> = row.get(place)?;
        id.map(|id| Ok((id, row.get(place + 1)?))).transpose()
    };
    let (why, state): (String, String) = (row.get(7)?, row.get(12)?);
    let appeal_state: String = row.get(17)?;
    Ok(ReportRow {
        id: row.get(0)?,
        subject,
        concerns: pair(5)?,
        why: ReportReason::from_code(&why).ok_or_else(|| broken("why"))?,
        words: row.get(8)?,
        reporter: pair(9)?,
        reported_at: row.get(11)?,
        state: ReportState::from_code(&state).ok_or_else(|| broken("state"))?,
        hidden_words: row.get(13)?,
        reason: row.get(14)?,
        decided_by: row.get(15)?,
        decided_at: row.get(16)?,
        appeal_state: AppealState::from_code(&appeal_state)
            .ok_or_else(|| broken("appeal_state"))?,
        appeal: row.get(18)?,
        appealed_at: row.get(19)?,
        appeal_reason: row.get(20)?,
    })
}

/// Selects the columns of [`ReportRow`].
macro_rules! reports {
    ($rest:literal) => {
        sql(concat!(
            "
        select r.id, r.work, w.url, r.account, a.handle, r.concerns, c.handle, r.why, r.words,
            r.reported_by, b.handle, r.reported_at, r.state, r.hidden_words, r.reason,
            r.decided_by, r.decided_at, r.appeal_state, r.appeal, r.appealed_at, r.appeal_reason
        from reports r
        left join works w on w.id = r.work
        left join accounts a on a.id = r.account
        left join accounts b on b.id = r.reported_by
        left join accounts c on c.id = r.concerns
        ",
            $rest
        ))
    };
}

/// A report that is about to be filed.
#[derive(Clone, Debug)]
pub struct NewReport<'new> {
    /// Its id.
    pub id: ReportId,
    /// What is reported: one of both.
    pub of: (Option<WorkId>, Option<AccountId>),
    /// Whom a decision concerns.
    pub concerns: Option<AccountId>,
    /// What is wrong.
    pub why: ReportReason,
    /// In the reporter's words.
    pub words: &'new str,
    /// Who reports it; none: the instance itself.
    pub by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
}

/// Files a report. False where the same account's of the same waits.
pub async fn file(tx: &mut Tx, new: &NewReport<'_>) -> StoreResult<bool> {
    let insert = sql("
        insert into reports
            (id, work, account, concerns, why, words, reported_by, reported_at, state, appeal_state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 'none')
        on conflict do nothing");
    let insert = insert.bind(new.id).bind(new.of.0).bind(new.of.1).bind(new.concerns);
    let insert = insert.bind(new.why.code()).bind(new.words).bind(new.by).bind(new.at);
    Ok(insert.execute(tx).await? == 1)
}

/// Whether the instance itself ever reported that an account's name looks like another's, in the
/// same words.
pub async fn was_noticed(read: &mut Read, account: AccountId, words: &str) -> StoreResult<bool> {
    let select = sql("
        select count(*) from reports
        where account = $1 and why = 'looks_like' and words = $2");
    let count: i64 = select.bind(account).bind(words).fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// A report.
pub async fn find(read: &mut Read, id: ReportId) -> StoreResult<Option<ReportRow>> {
    reports!("where r.id = $1").bind(id).fetch_optional(read, report_at).await
}

/// A report, kept from others until the transaction ends.
pub async fn locked(tx: &mut Tx, id: ReportId) -> StoreResult<Option<ReportRow>> {
    let lock = sql("select id from reports where id = $1").bind(id).locked();
    if lock.fetch_optional(tx, |row| row.get::<ReportId>(0)).await?.is_none() {
        return Ok(None);
    }
    find(tx, id).await
}

/// The decision that a link appeals.
pub async fn find_by_appeal(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<ReportRow>> {
    reports!("where r.appeal_hash = $1").bind(hash).fetch_optional(read, report_at).await
}

/// How many reports of an account wait.
pub async fn count_waiting(read: &mut Read, by: AccountId) -> StoreResult<i64> {
    let select = sql("
        select count(*) from reports where reported_by = $1 and state = 'waiting'");
    select.bind(by).fetch_one(read, |row| row.get(0)).await
}

/// How many reports and appeals wait for an administrator.
pub async fn waiting(read: &mut Read) -> StoreResult<i64> {
    let select = sql("
        select count(*) from reports where state = 'waiting' or appeal_state = 'waiting'");
    select.fetch_one(read, |row| row.get(0)).await
}

/// What waits for an administrator, the oldest first.
pub async fn queue(read: &mut Read, limit: i64) -> StoreResult<Vec<ReportRow>> {
    let select = reports!(
        "where r.state = 'waiting' or r.appeal_state = 'waiting'
        order by r.reported_at, r.id
        limit $1"
    );
    select.bind(limit).fetch_all(read, report_at).await
}

/// What an account reported, the newest first.
pub async fn of_reporter(
    read: &mut Read,
    by: AccountId,
    limit: i64,
) -> StoreResult<Vec<ReportRow>> {
    let select = reports!(
        "where r.reported_by = $1
        order by r.reported_at desc, r.id
        limit $2"
    );
    select.bind(by).bind(limit).fetch_all(read, report_at).await
}

/// The other reports of the same that wait.
pub async fn waiting_with(tx: &mut Tx, row: &ReportRow) -> StoreResult<Vec<ReportRow>> {
    let (work, account) = row.subject.ids();
    let select = reports!(
        "where r.state = 'waiting' and r.id <> $1 and (r.work = $2 or r.account = $3)
        order by r.reported_at, r.id"
    );
    select.bind(row.id).bind(work).bind(account).fetch_all(tx, report_at).await
}

/// What was decided, and how it can be appealed.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'made> {
    /// As what.
    pub state: ReportState,
    /// Why.
    pub reason: &'made str,
    /// What was hidden.
    pub hidden_words: &'made str,
    /// Whom it concerns by now.
    pub concerns: Option<AccountId>,
    /// The hash of the link of the appeal; none where there is nothing to appeal.
    pub appeal_hash: Option<[u8; 32]>,
    /// By whom, and when.
    pub by: (Option<AccountId>, Timestamp),
}

/// Decides a report; false where it does not wait.
pub async fn decide(tx: &mut Tx, id: ReportId, made: Decision<'_>) -> StoreResult<bool> {
    let update = sql("
        update reports
        set state = $2, reason = $3, hidden_words = $4, appeal_hash = $5, decided_by = $6,
            decided_at = $7, concerns = $8
        where id = $1 and state = 'waiting'");
    let update = update.bind(id).bind(made.state.code()).bind(made.reason);
    let update = update.bind(made.hidden_words).bind(made.appeal_hash);
    let update = update.bind(made.by.0).bind(made.by.1).bind(made.concerns);
    Ok(update.execute(tx).await? == 1)
}

/// What is hidden now, the latest first: decisions that are in force.
pub async fn hidden_now(read: &mut Read, limit: i64) -> StoreResult<Vec<ReportRow>> {
    let select = reports!(
        "where r.state = 'hidden'
            and (w.hidden_at = r.decided_at or a.hidden_at = r.decided_at)
        order by r.decided_at desc, r.id
        limit $1"
    );
    select.bind(limit).fetch_all(read, report_at).await
}

/// Notes that a decision was undone, appealed or not; false where it had been.
pub async fn set_undone(
    tx: &mut Tx,
    id: ReportId,
    (reason, by, now): (&str, Option<AccountId>, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update reports
        set appeal_state = 'granted', appeal_reason = $2, appeal_decided_by = $3,
            appeal_decided_at = $4
        where id = $1 and appeal_state <> 'granted'");
    let update = update.bind(id).bind(reason).bind(by).bind(now);
    Ok(update.execute(tx).await? == 1)
}

/// Appeals a decision; false where it was appealed before.
pub async fn appeal(
    tx: &mut Tx,
    id: ReportId,
    (words, now): (&str, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update reports set appeal_state = 'waiting', appeal = $2, appealed_at = $3
        where id = $1 and appeal_state = 'none' and appeal_hash is not null");
    Ok(update.bind(id).bind(words).bind(now).execute(tx).await? == 1)
}

/// Decides an appeal; false where none waits.
pub async fn end_appeal(
    tx: &mut Tx,
    id: ReportId,
    (state, reason): (AppealState, &str),
    (by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update reports
        set appeal_state = $2, appeal_reason = $3, appeal_decided_by = $4, appeal_decided_at = $5
        where id = $1 and appeal_state = 'waiting'");
    let update = update.bind(id).bind(state.code()).bind(reason).bind(by).bind(now);
    Ok(update.execute(tx).await? == 1)
}

/// Hides a work's title from everybody or shows it again; gives the one that was there.
pub async fn set_work_hidden(
    tx: &mut Tx,
    work: WorkId,
    (at, title): (Option<Timestamp>, &str),
) -> StoreResult<String> {
    let select = sql("select title from works where id = $1").bind(work).locked();
    let before: String = select.fetch_one(tx, |row| row.get(0)).await?;
    let update = sql("update works set hidden_at = $2, title = $3 where id = $1");
    update.bind(work).bind(at).bind(title).execute(tx).await?;
    versions::count_up(tx, Held::Works).await?;
    Ok(before)
}

/// Hides an account's name from everybody or shows it again; gives the one that was there.
pub async fn set_account_hidden(
    tx: &mut Tx,
    account: AccountId,
    (at, name): (Option<Timestamp>, &str),
) -> StoreResult<String> {
    let select = sql("select name from accounts where id = $1").bind(account).locked();
    let before: String = select.fetch_one(tx, |row| row.get(0)).await?;
    let update = sql("update accounts set hidden_at = $2, name = $3 where id = $1");
    update.bind(account).bind(at).bind(name).execute(tx).await?;
    versions::count_up(tx, Held::Access).await?;
    Ok(before)
}

/// Since when a work's or an account's words are hidden; none where they are not.
pub async fn hidden_since(
    read: &mut Read,
    (work, account): (Option<WorkId>, Option<AccountId>),
) -> StoreResult<Option<Timestamp>> {
    let select = sql("
        select hidden_at from works where id = $1 and hidden_at is not null
        union all
        select hidden_at from accounts where id = $2 and hidden_at is not null");
    select.bind(work).bind(account).fetch_optional(read, |row| row.get(0)).await
}

/// Forgets reports that were decided before a moment and are no measure in force.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from reports
        where decided_at < $1 and appeal_state <> 'waiting'
            and (appeal_hash is null or appeal_state = 'granted')");
    delete.bind(before).execute(tx).await
}
