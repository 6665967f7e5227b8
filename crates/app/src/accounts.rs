//! Accounts: made by the operator, found by others. Newcomers come in through `sign_up`.

use obole_domain::account::check_password;
use obole_domain::click::clean_text;
use obole_domain::{AccountId, EmailAddress, Handle, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow, Profile};
use obole_store::{Read, Tx, details};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::reports;

/// The most characters of what an account calls itself.
pub const NAME_MAX: usize = 80;

/// An account to make.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its public name.
    pub handle: Handle,
    /// Its mail address.
    pub email: EmailAddress,
    /// What it calls itself; may be empty.
    pub name: String,
    /// Its password; empty: nobody can sign in before a reset by mail.
    pub password: String,
    /// The language that it reads, if it chose one.
    pub language: Option<Language>,
    /// Whether it administers the instance.
    pub is_admin: bool,
    /// Whether the operator vouches for the mail address.
    pub is_confirmed: bool,
}

/// Makes an account on the operator's word; reserved handles are allowed.
///
/// Refused for a weak password, a handle that is taken, a confirmed address that is somebody's.
pub async fn create(app: &App, actor: Actor, new: NewAccount) -> Result<AccountId> {
    let made = prepare(app, new).await?;
    let id = made.row.id;
    let handle = app.clone();
    app.write(made, move |tx, made| {
        let app = handle.clone();
        Box::pin(async move { insert(&app, tx, actor, made).await })
    })
    .await?;
    Ok(id)
}

/// The account of a handle.
pub async fn find_by_handle(app: &App, handle: Handle) -> Result<Option<AccountRow>> {
    app.read(handle, |read, handle| {
        Box::pin(async move { Ok(accounts::find_by_handle(read, handle).await?) })
    })
    .await
}

/// The account of an id.
pub async fn find(app: &App, id: AccountId) -> Result<Option<AccountRow>> {
    app.read(id, |read, id| Box::pin(async move { Ok(accounts::find(read, *id).await?) })).await
}

/// An account whose password is hashed, ready to be stored.
pub(crate) struct Prepared {
    pub(crate) row: AccountRow,
    pub(crate) password_hash: String,
}

/// Checks what was typed and hashes the password, before any transaction (D10).
pub(crate) async fn prepare(app: &App, new: NewAccount) -> Result<Prepared> {
    let name = clean_text(&new.name, NAME_MAX)?;
    let password_hash = if new.password.is_empty() {
        String::new()
    } else {
        check_password(&new.password, &new.email)?;
        app.hash_password(new.password).await?
    };
    let now = app.now();
    let row = AccountRow {
        id: AccountId::new(app.chance().id(now)),
        handle: new.handle,
        name,
        email: new.email,
        email_confirmed_at: new.is_confirmed.then_some(now),
        language: new.language.map(|language| language.code().to_owned()).unwrap_or_default(),
        is_admin: new.is_admin,
        is_public: false,
        gives_unspent: false,
        keeps_details: false,
        suspended_at: None,
        created_at: now,
    };
    Ok(Prepared { row, password_hash })
}

/// Stores a prepared account and logs it.
pub(crate) async fn insert(app: &App, tx: &mut Tx, actor: Actor, made: &Prepared) -> Result<()> {
    let row = &made.row;
    let new = accounts::NewAccount { row, password_hash: &made.password_hash };
    if !accounts::insert(tx, new).await? {
        return Err(why_taken(tx, row).await?.into());
    }
    let role = if row.is_admin { "admin" } else { "account" };
    app.log(tx, actor, "account.create", (row.id.to_string(), role.to_owned())).await
}

async fn why_taken(read: &mut Read, row: &AccountRow) -> Result<Refusal> {
    let is_handle = accounts::find_by_handle(read, &row.handle).await?.is_some();
    Ok(if is_handle { Refusal::HandleTaken {} } else { Refusal::EmailTaken {} })
}

/// Sets what an account says of itself and wishes. Refused for a new name while an administrator
/// has hidden it. Who does not keep the details of old months any more loses those that have gone
/// for others (P5). A new name is logged, not what it is: it is public, and the log outlives the
/// account (P5).
pub async fn set_profile(app: &App, account: AccountId, profile: Profile) -> Result<()> {
    let name = clean_text(&profile.name, NAME_MAX)?;
    let handle = app.clone();
    app.write(Profile { name, ..profile }, move |tx, profile| {
        let app = handle.clone();
        Box::pin(async move {
            let before = accounts::find(tx, account).await?;
            let kept = before.as_ref().is_some_and(|before| before.keeps_details);
            let is_renamed = before.is_some_and(|before| before.name != profile.name);
            if is_renamed {
                reports::refuse_hidden(tx, (None, Some(account))).await?;
            }
            accounts::set_profile(tx, account, profile).await?;
            if kept && !profile.keeps_details {
                details::drop_kept(tx, account).await?;
            }
            if !is_renamed {
                return Ok(());
            }
            let about = (account.to_string(), String::new());
            app.log(tx, Actor::Page(account), "account.rename", about).await
        })
    })
    .await
}
