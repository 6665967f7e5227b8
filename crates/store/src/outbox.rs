//! The outbox (A2): mails that wait for the mail server, and what became of each (A3).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::account::MailId;

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// A mail that is put into the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// Its id; the Message-ID is made of it, so it is the same at each try.
    pub id: MailId,
    /// Whose matter it is.
    pub account: Option<AccountId>,
    /// The reader's address.
    pub recipient: String,
    /// Which mail, such as `confirm`.
    pub kind: &'static str,
    /// The code of its language.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where one says with a click that one wants no such mail any more (RFC 8058); empty for
    /// others.
    pub unsubscribe: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// A mail that is due, taken for one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMail {
    /// Its id.
    pub id: MailId,
    /// The reader's address.
    pub recipient: String,
    /// The code of its language.
    pub language: String,
    /// Its subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Where one says that one wants no such mail any more; empty where one cannot.
    pub unsubscribe: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often it was tried before this time; with it the try is told from a later one, which
    /// another node may have begun.
    pub tries: i64,
}

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for its next try.
    Queued,
    /// A mail server took it over.
    Handed,
    /// A mail server refused it for good.
    Refused,
    /// No mail server took it for days.
    GivenUp,
}

impl State {
    const ALL: [Self; 4] = [Self::Queued, Self::Handed, Self::Refused, Self::GivenUp];

    /// Its name in the table and in lists.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Handed => "handed",
            Self::Refused => "refused",
            Self::GivenUp => "given_up",
        }
    }

    fn parse(name: &str) -> StoreResult<Self> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::Corrupt("outbox.state".to_owned()))
    }
}

/// A mail as its reader or an administrator sees it, without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fate {
    /// Its id.
    pub id: MailId,
    /// The reader's address.
    pub recipient: String,
    /// Which mail.
    pub kind: String,
    /// Its subject.
    pub subject: String,
    /// What became of it.
    pub state: State,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// The server that answered last; empty before the first try.
    pub server: String,
    /// What that server said.
    pub reply: String,
    /// When it was handed over, refused or given up.
    pub ended_at: Option<Timestamp>,
}

/// A server's last word on a mail.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'end> {
    /// What became of it; not queued.
    pub state: State,
    /// Which server.
    pub server: &'end str,
    /// What it said.
    pub reply: &'end str,
    /// When.
    pub at: Timestamp,
}

/// Puts a mail into the outbox, due at once.
pub async fn insert(tx: &mut Tx, mail: &NewMail) -> StoreResult<()> {
    let insert = sql("
        insert into outbox (id, account, recipient, kind, language, subject, body_text, body_html,
            unsubscribe, created_at, next_at, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, 'queued')");
    let insert = insert.bind(mail.id).bind(mail.account).bind(&mail.recipient).bind(mail.kind);
    let insert = insert.bind(&mail.language).bind(&mail.subject).bind(&mail.text);
    let insert = insert.bind(&mail.html).bind(&mail.unsubscribe);
    insert.bind(mail.created_at).execute(tx).await.map(|_| ())
}

/// Takes the mail that has been due the longest, and keeps it from others until the lease ends
/// (D9).
pub async fn take_due(
    tx: &mut Tx,
    now: Timestamp,
    lease_ends: Timestamp,
) -> StoreResult<Option<DueMail>> {
    let select = sql("
        select id, recipient, language, subject, body_text, body_html, unsubscribe, created_at,
            tries
        from outbox
        where state = 'queued' and next_at <= $1
        order by next_at, id
        limit 1");
    let due = select.bind(now).skip_locked().fetch_optional(tx, due_at).await?;
    if let Some(due) = &due {
        let update = sql("
            update outbox set tries = tries + 1, next_at = $2, taken_until = $2 where id = $1");
        update.bind(due.id).bind(lease_ends).execute(tx).await?;
    }
    Ok(due)
}

/// Notes a try that failed and when the next one is. Nothing is noted when a later try has begun.
pub async fn postpone(
    tx: &mut Tx,
    due: &DueMail,
    answer: (&str, &str),
    next_at: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update outbox set server = $3, reply = $4, next_at = $5, taken_until = null
        where id = $1 and state = 'queued' and tries = $2");
    let update = update.bind(due.id).bind(due.tries + 1).bind(answer.0).bind(answer.1);
    update.bind(next_at).execute(tx).await.map(|_| ())
}

/// Notes what became of a mail and forgets its text: it may hold a code. A mail that was handed
/// over is so whatever a later try says; otherwise the latest try has the last word.
pub async fn end(tx: &mut Tx, due: &DueMail, ending: Ending<'_>) -> StoreResult<()> {
    let update = sql("
        update outbox set state = $3, server = $4, reply = $5, ended_at = $6, body_text = '',
            body_html = '', taken_until = null
        where id = $1 and state = 'queued' and (tries = $2 or cast($3 as text) = 'handed')");
    let update = update.bind(due.id).bind(due.tries + 1).bind(ending.state.name());
    let update = update.bind(ending.server).bind(ending.reply).bind(ending.at);
    update.execute(tx).await.map(|_| ())
}

/// Makes a mail that waits due at once, and says whether it waited. One that a node tries at this
/// moment does not: it would be sent twice.
pub async fn hurry(tx: &mut Tx, id: MailId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update outbox set next_at = $2
        where id = $1 and state = 'queued' and next_at > $2
            and (taken_until is null or taken_until <= $2)");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// What became of a mail (A3).
pub async fn fate(read: &mut Read, id: MailId) -> StoreResult<Option<Fate>> {
    let select = sql("
        select id, recipient, kind, subject, state, created_at, next_at, tries, server, reply,
            ended_at
        from outbox
        where id = $1");
    select.bind(id).fetch_optional(read, fate_at).await
}

/// Mails before one, newest first, for the administrators' list; from the newest for none.
pub async fn before(read: &mut Read, before: Option<MailId>, limit: i64) -> StoreResult<Vec<Fate>> {
    let select = sql("
        select id, recipient, kind, subject, state, created_at, next_at, tries, server, reply,
            ended_at
        from outbox
        where id < $1
        order by id desc
        limit $2");
    let before = before.map_or(uuid::Uuid::max(), MailId::uuid);
    select.bind(before).bind(limit).fetch_all(read, fate_at).await
}

/// How many mails wait, and since when the oldest does.
pub async fn waiting(read: &mut Read) -> StoreResult<(i64, Option<Timestamp>)> {
    let select = sql("select count(*), min(created_at) from outbox where state = 'queued'");
    select.fetch_one(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Forgets the mails that ended before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from outbox where state <> 'queued' and ended_at < $1")
        .bind(before)
        .execute(tx)
        .await
}

fn due_at(row: &Row<'_>) -> StoreResult<DueMail> {
    Ok(DueMail {
        id: row.get(0)?,
        recipient: row.get(1)?,
        language: row.get(2)?,
        subject: row.get(3)?,
        text: row.get(4)?,
        html: row.get(5)?,
        unsubscribe: row.get(6)?,
        created_at: row.get(7)?,
        tries: row.get(8)?,
    })
}

fn fate_at(row: &Row<'_>) -> StoreResult<Fate> {
    Ok(Fate {
        id: row.get(0)?,
        recipient: row.get(1)?,
        kind: row.get(2)?,
        subject: row.get(3)?,
        state: State::parse(&row.get::<String>(4)?)?,
        created_at: row.get(5)?,
        next_at: row.get(6)?,
        tries: row.get(7)?,
        server: row.get(8)?,
        reply: row.get(9)?,
        ended_at: row.get(10)?,
    })
}
