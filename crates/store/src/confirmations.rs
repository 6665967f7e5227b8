//! Confirmations' rows: a code and a link that prove who reads a mailbox (A3), stored hashed.

use jiff::Timestamp;
use obole_domain::account::{ConfirmationId, MailId};
use obole_domain::{AccountId, EmailAddress};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// How often a code may be tried (A3).
pub const TRIES_MAX: i64 = 10;

/// What is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// That a mail address is the account's.
    Email,
    /// That whoever sets a new password reads the account's mails.
    Reset,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Reset => "reset",
        }
    }

    fn parse(name: &str) -> StoreResult<Self> {
        match name {
            "email" => Ok(Self::Email),
            "reset" => Ok(Self::Reset),
            _ => Err(StoreError::Corrupt("confirmations.purpose".to_owned())),
        }
    }
}

/// A confirmation as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfirmationRow {
    /// Its id.
    pub id: ConfirmationId,
    /// Whose it is.
    pub account: AccountId,
    /// What it proves.
    pub purpose: Purpose,
    /// The address that the mail went to.
    pub email: EmailAddress,
    /// The keyed hash of its code.
    pub code_hash: [u8; 32],
    /// The mail that carries it.
    pub mail: Option<MailId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

fn confirmation_at(row: &Row<'_>) -> StoreResult<ConfirmationRow> {
    Ok(ConfirmationRow {
        id: row.get(0)?,
        account: row.get(1)?,
        purpose: Purpose::parse(&row.get::<String>(2)?)?,
        email: row.get(3)?,
        code_hash: row.get(4)?,
        mail: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
    })
}

/// Makes a confirmation.
pub async fn insert(tx: &mut Tx, new: &ConfirmationRow, link_hash: [u8; 32]) -> StoreResult<()> {
    let insert = sql("
        insert into confirmations
            (id, account, purpose, email, code_hash, link_hash, mail, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let insert = insert.bind(new.id).bind(new.account).bind(new.purpose.name()).bind(&new.email);
    let insert = insert.bind(new.code_hash).bind(link_hash).bind(new.mail);
    insert.bind(new.created_at).bind(new.expires_at).execute(tx).await.map(|_| ())
}

/// The confirmation of a link that can still be used.
pub async fn find_by_link(
    read: &mut Read,
    link_hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<Option<ConfirmationRow>> {
    let select = sql("
        select id, account, purpose, email, code_hash, mail, created_at, expires_at
        from confirmations
        where link_hash = $1 and used_at is null and expires_at > $2");
    select.bind(link_hash).bind(now).fetch_optional(read, confirmation_at).await
}

/// The confirmations of an account's mail address whose code can still be tried, newest first.
pub async fn open(
    read: &mut Read,
    account: AccountId,
    now: Timestamp,
) -> StoreResult<Vec<ConfirmationRow>> {
    let select = sql("
        select id, account, purpose, email, code_hash, mail, created_at, expires_at
        from confirmations
        where account = $1 and purpose = 'email' and used_at is null and expires_at > $2
            and tries < 10
        order by created_at desc, id");
    select.bind(account).bind(now).fetch_all(read, confirmation_at).await
}

/// The last confirmation of an account's mail address that was not used, expired ones too.
pub async fn latest(read: &mut Read, account: AccountId) -> StoreResult<Option<ConfirmationRow>> {
    let select = sql("
        select id, account, purpose, email, code_hash, mail, created_at, expires_at
        from confirmations
        where account = $1 and purpose = 'email' and used_at is null
        order by created_at desc, id
        limit 1");
    select.bind(account).fetch_optional(read, confirmation_at).await
}

/// Counts a wrong code against a confirmation.
pub async fn count_try(tx: &mut Tx, id: ConfirmationId) -> StoreResult<()> {
    let update = sql("update confirmations set tries = tries + 1 where id = $1 and tries < 10");
    update.bind(id).execute(tx).await.map(|_| ())
}

/// Uses a confirmation up. True once, however many try.
pub async fn use_up(tx: &mut Tx, id: ConfirmationId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update confirmations set used_at = $2
        where id = $1 and used_at is null and expires_at > $2");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// Makes all confirmations of an account for a purpose useless.
pub async fn void(
    tx: &mut Tx,
    account: AccountId,
    purpose: Purpose,
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update confirmations set used_at = $3
        where account = $1 and purpose = $2 and used_at is null");
    let update = update.bind(account).bind(purpose.name()).bind(now);
    update.execute(tx).await.map(|_| ())
}

/// Forgets the confirmations that expired before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from confirmations where expires_at < $1").bind(before).execute(tx).await
}
