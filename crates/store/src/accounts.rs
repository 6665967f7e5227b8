//! Accounts' rows. A mail address is one account's only once it is confirmed (A1).

use jiff::Timestamp;
use obole_domain::{AccountId, EmailAddress, Handle};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

/// An account as it is stored, without its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// Its public name.
    pub handle: Handle,
    /// What it calls itself; empty where it says nothing.
    pub name: String,
    /// Its mail address.
    pub email: EmailAddress,
    /// When the address was confirmed.
    pub email_confirmed_at: Option<Timestamp>,
    /// The code of the language it reads; empty where it did not choose.
    pub language: String,
    /// Whether it administers the instance.
    pub is_admin: bool,
    /// Whether its giving may be shown where the creator agrees too (P1).
    pub is_public: bool,
    /// Whether its budget of a month without clicks goes to the common pool.
    pub gives_unspent: bool,
    /// Whether the details of old months stay (P5).
    pub keeps_details: bool,
    /// When an administrator suspended it.
    pub suspended_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl AccountRow {
    /// What it calls itself, or its handle.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { self.handle.as_str() } else { &self.name }
    }
}

/// An account that is about to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewAccount<'new> {
    /// The row.
    pub row: &'new AccountRow,
    /// The hash of its password; empty: nobody can sign in before a reset.
    pub password_hash: &'new str,
}

/// Who may sign in under a name, and what proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The account.
    pub account: AccountId,
    /// The hash of its password; empty where it has none.
    pub password_hash: String,
}

fn account_at(row: &Row<'_>) -> StoreResult<AccountRow> {
    Ok(AccountRow {
        id: row.get(0)?,
        handle: row.get(1)?,
        name: row.get(2)?,
        email: row.get(3)?,
        email_confirmed_at: row.get(4)?,
        language: row.get(5)?,
        is_admin: row.get(6)?,
        is_public: row.get(7)?,
        gives_unspent: row.get(8)?,
        keeps_details: row.get(9)?,
        suspended_at: row.get(10)?,
        created_at: row.get(11)?,
    })
}

/// Selects the columns of [`AccountRow`].
macro_rules! accounts {
    ($rest:literal) => {
        sql(concat!(
            "
        select id, handle, name, email, email_confirmed_at, language, is_admin, is_public,
            gives_unspent, keeps_details, suspended_at, created_at
        from accounts
        ",
            $rest
        ))
    };
}

/// The account of an id.
pub async fn find(read: &mut Read, id: AccountId) -> StoreResult<Option<AccountRow>> {
    let select = accounts!("where id = $1");
    select.bind(id).fetch_optional(read, account_at).await
}

/// The account of an id, which nobody else changes until the transaction ends.
pub async fn find_locked(tx: &mut Tx, id: AccountId) -> StoreResult<Option<AccountRow>> {
    let select = sql("
        select id, handle, name, email, email_confirmed_at, language, is_admin, is_public,
            gives_unspent, keeps_details, suspended_at, created_at
        from accounts
        where id = $1");
    select.bind(id).locked().fetch_optional(tx, account_at).await
}

/// The account of a handle.
pub async fn find_by_handle(read: &mut Read, handle: &Handle) -> StoreResult<Option<AccountRow>> {
    let select = accounts!("where handle = $1");
    select.bind(handle).fetch_optional(read, account_at).await
}

/// The account whose confirmed address this is.
pub async fn find_confirmed(
    read: &mut Read,
    email: &EmailAddress,
) -> StoreResult<Option<AccountRow>> {
    let select = accounts!("where email = $1 and email_confirmed_at is not null");
    select.bind(email).fetch_optional(read, account_at).await
}

/// The newest account that named this address and has not confirmed it.
pub async fn find_unconfirmed(
    read: &mut Read,
    email: &EmailAddress,
) -> StoreResult<Option<AccountRow>> {
    let select = accounts!(
        "where email = $1 and email_confirmed_at is null
        order by created_at desc, id
        limit 1"
    );
    select.bind(email).fetch_optional(read, account_at).await
}

/// Makes an account. False when its handle or its confirmed address is somebody's.
pub async fn insert(tx: &mut Tx, new: NewAccount<'_>) -> StoreResult<bool> {
    let insert = sql("
        insert into accounts (id, handle, name, email, email_confirmed_at, password_hash, language,
            is_admin, is_public, gives_unspent, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict do nothing");
    let row = new.row;
    let insert = insert.bind(row.id).bind(&row.handle).bind(&row.name).bind(&row.email);
    let insert = insert.bind(row.email_confirmed_at).bind(new.password_hash).bind(&row.language);
    let insert = insert.bind(row.is_admin).bind(row.is_public).bind(row.gives_unspent);
    Ok(insert.bind(row.created_at).execute(tx).await? == 1)
}

/// The hash of an account's password; empty where it has none.
pub async fn password_hash(read: &mut Read, id: AccountId) -> StoreResult<Option<String>> {
    let select = sql("select password_hash from accounts where id = $1").bind(id);
    select.fetch_optional(read, |row| row.get(0)).await
}

/// Sets the hash of an account's password.
pub async fn set_password(tx: &mut Tx, id: AccountId, hash: &str) -> StoreResult<()> {
    let update = sql("update accounts set password_hash = $2 where id = $1").bind(id).bind(hash);
    update.execute(tx).await.map(|_| ())
}

/// Sets an account's address, confirmed or not yet. False when another account confirmed it.
pub async fn set_email(
    tx: &mut Tx,
    id: AccountId,
    email: &EmailAddress,
    confirmed_at: Option<Timestamp>,
) -> StoreResult<bool> {
    let update = sql("
        update accounts set email = $2, email_confirmed_at = $3
        where id = $1
            and (cast($3 as bigint) is null or not exists (
                select 1 from accounts other
                where other.email = $2 and other.email_confirmed_at is not null
                    and other.id <> $1))");
    let is_set = update.bind(id).bind(email).bind(confirmed_at).execute(tx).await? == 1;
    versions::count_up(tx, Held::Access).await?;
    Ok(is_set)
}

/// What an account says of itself and wishes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// What it calls itself.
    pub name: String,
    /// The code of its language; empty for none.
    pub language: String,
    /// See [`AccountRow::is_public`].
    pub is_public: bool,
    /// See [`AccountRow::gives_unspent`].
    pub gives_unspent: bool,
    /// See [`AccountRow::keeps_details`].
    pub keeps_details: bool,
}

/// Sets what an account says of itself.
pub async fn set_profile(tx: &mut Tx, id: AccountId, profile: &Profile) -> StoreResult<()> {
    let update = sql("
        update accounts
        set compared_at = case when name = $2 then compared_at end,
            name = $2, language = $3, is_public = $4, gives_unspent = $5,
            keeps_details = $6
        where id = $1");
    let update = update.bind(id).bind(&profile.name).bind(&profile.language);
    let update = update.bind(profile.is_public).bind(profile.gives_unspent);
    update.bind(profile.keeps_details).execute(tx).await?;
    versions::count_up(tx, Held::Access).await
}

/// Suspends an account or lets it in again.
pub async fn set_suspended(tx: &mut Tx, id: AccountId, at: Option<Timestamp>) -> StoreResult<()> {
    let update = sql("update accounts set suspended_at = $2 where id = $1").bind(id).bind(at);
    update.execute(tx).await?;
    versions::count_up(tx, Held::Access).await
}

/// When the first account came: before, there was no instance.
pub async fn first_created(read: &mut Read) -> StoreResult<Option<Timestamp>> {
    sql("select min(created_at) from accounts").fetch_one(read, |row| row.get(0)).await
}

/// Whether anybody administers the instance.
pub async fn has_admin(read: &mut Read) -> StoreResult<bool> {
    let select = sql("select count(*) from accounts where is_admin");
    let count: i64 = select.fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// Who may sign in with a handle.
pub async fn candidate(read: &mut Read, handle: &Handle) -> StoreResult<Option<Candidate>> {
    let select = sql("select id, password_hash from accounts where handle = $1").bind(handle);
    select.fetch_optional(read, candidate_at).await
}

/// Who may sign in with a mail address: the account that confirmed it, and the newest one that has
/// not. Both always, so that signing in tells nobody which addresses are known (A1).
pub async fn candidates(
    read: &mut Read,
    email: &EmailAddress,
) -> StoreResult<[Option<Candidate>; 2]> {
    let confirmed = sql("
        select id, password_hash from accounts
        where email = $1 and email_confirmed_at is not null");
    let confirmed = confirmed.bind(email).fetch_optional(read, candidate_at).await?;
    let newest = sql("
        select id, password_hash from accounts
        where email = $1 and email_confirmed_at is null
        order by created_at desc, id
        limit 1");
    Ok([confirmed, newest.bind(email).fetch_optional(read, candidate_at).await?])
}

fn candidate_at(row: &Row<'_>) -> StoreResult<Candidate> {
    Ok(Candidate { account: row.get(0)?, password_hash: row.get(1)? })
}

/// Accounts whose handle, name or address holds a text, in the order of their handles after one.
pub async fn search(
    read: &mut Read,
    containing: &str,
    after: &str,
    limit: i64,
) -> StoreResult<Vec<AccountRow>> {
    let escaped = containing.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let select = accounts!(
        "where handle > $2
            and (lower(handle) like lower($1) escape '\\'
                or lower(name) like lower($1) escape '\\'
                or lower(email) like lower($1) escape '\\')
        order by handle
        limit $3"
    );
    select.bind(format!("%{escaped}%")).bind(after).bind(limit).fetch_all(read, account_at).await
}
