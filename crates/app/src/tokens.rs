//! Personal API tokens (O2, O3): made by their owner or the operator, shown once.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::clean_text;
use obole_domain::token::{self, Scope, TokenId};
use obole_domain::{AccountId, Handle, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow};
use obole_store::tokens::{self, TokenRow};
use obole_store::versions;

use crate::app::App;
use crate::audit_log::Actor;
use crate::clicks::Access;
use crate::error::{Error, Result};

/// The most characters of what an owner calls a token.
pub const NAME_MAX: usize = 60;

/// Use is noted this often, not at each request.
pub(crate) const TOUCH: SignedDuration = SignedDuration::from_hours(1);

/// A token to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it allows.
    pub scopes: Vec<Scope>,
}

/// What a token allows, and whom it speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenGrant {
    /// The token's id: requests are limited by it.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// The account's public name.
    pub handle: Handle,
    /// What the account calls itself; its handle where it says nothing.
    pub name: String,
    /// The language that the account chose.
    pub language: Option<Language>,
    /// Whether the account's mail address is confirmed.
    pub is_confirmed: bool,
    /// What it allows.
    pub scopes: Vec<Scope>,
    /// How it was looked up, where that was in memory: whoever acts on it must look whether the
    /// token still stands.
    pub access: Option<Access>,
}

impl TokenGrant {
    /// Whether it allows a scope.
    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// Makes a token and gives its text, which is not stored and not shown again. Refused without a
/// scope.
pub async fn create(app: &App, actor: Actor, account: AccountId, new: NewToken) -> Result<String> {
    let NewToken { name, scopes } = new;
    if scopes.is_empty() {
        return Err(Refusal::Missing {}.into());
    }
    let now = app.now();
    let row = TokenRow {
        id: TokenId::new(app.chance().id(now)),
        account,
        name: clean_text(&name, NAME_MAX)?,
        scopes: Scope::print_list(&scopes),
        created_at: now,
        used_at: None,
        revoked_at: None,
    };
    let text = token::print(app.chance().bytes());
    let (handle, hash) = (app.clone(), token::hash(&text));
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find(tx, row.account).await?.ok_or(Error::NotFound)?;
            tokens::insert(tx, hash, row).await?;
            app.log(tx, actor, "token.create", (row.id.to_string(), row.scopes.clone())).await
        })
    })
    .await?;
    Ok(text)
}

/// What the text of a token allows. None when it is not known, revoked, or its account suspended.
pub async fn find(app: &App, text: &str) -> Result<Option<TokenGrant>> {
    if !token::is_well_formed(text) {
        return Ok(None);
    }
    let found = app.read(token::hash(text), |read, hash| {
        Box::pin(async move { Ok(tokens::find(read, *hash).await?) })
    });
    let Some((row, account)) = found.await? else { return Ok(None) };
    if row.revoked_at.is_some() || account.suspended_at.is_some() {
        return Ok(None);
    }
    touch(app, &row).await?;
    Ok(Some(grant_of(&row, &account)?))
}

/// The same from memory where it can be: for commands that compare versions in their transaction,
/// as [`crate::clicks::give`] does, and note the use there.
pub async fn recall(app: &App, text: &str) -> Result<Option<Arc<TokenGrant>>> {
    if !token::is_well_formed(text) {
        return Ok(None);
    }
    let hash = token::hash(text);
    if let Some(grant) = app.known().grant(&hash) {
        return Ok(Some(grant));
    }
    let found = app.read(hash, |read, hash| {
        Box::pin(async move {
            let versions = versions::now(read).await?;
            Ok((versions.access, tokens::find(read, *hash).await?))
        })
    });
    let (version, Some((row, account))) = found.await? else { return Ok(None) };
    if row.revoked_at.is_some() || account.suspended_at.is_some() {
        return Ok(None);
    }
    let access = Access { token: row.id, hash, version, used_at: row.used_at };
    let grant = Arc::new(TokenGrant { access: Some(access), ..grant_of(&row, &account)? });
    app.known().put_grant(hash, Arc::clone(&grant), version);
    Ok(Some(grant))
}

/// Whether a token still stands and its account is not suspended.
pub async fn stands(app: &App, id: TokenId) -> Result<bool> {
    app.read((), move |read, ()| Box::pin(async move { Ok(tokens::stands(read, id).await?) })).await
}

/// An account's standing tokens, newest first.
pub async fn list(app: &App, account: AccountId) -> Result<Vec<TokenRow>> {
    app.read(account, |read, account| {
        Box::pin(async move { Ok(tokens::of(read, *account).await?) })
    })
    .await
}

/// Revokes one of an account's tokens, at once effective.
pub async fn revoke(app: &App, actor: Actor, account: AccountId, id: TokenId) -> Result<()> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            if !tokens::revoke(tx, account, id, now).await? {
                return Err(Error::NotFound);
            }
            app.log(tx, actor, "token.revoke", (id.to_string(), String::new())).await
        })
    })
    .await
}

async fn touch(app: &App, row: &TokenRow) -> Result<()> {
    let (now, id) = (app.now(), row.id);
    let last = row.used_at.unwrap_or(Timestamp::MIN);
    if now.duration_since(last) < TOUCH {
        return Ok(());
    }
    let touched =
        app.write((), move |tx, ()| Box::pin(async move { Ok(tokens::touch(tx, id, now).await?) }));
    // A database that cannot be written does not keep anybody from reading (D12).
    if let Err(error) = touched.await {
        tracing::warn!(%error, "the use of a token was not noted");
    }
    Ok(())
}

fn grant_of(row: &TokenRow, account: &AccountRow) -> Result<TokenGrant> {
    Ok(TokenGrant {
        id: row.id,
        account: account.id,
        handle: account.handle.clone(),
        name: account.shown_name().to_owned(),
        language: Language::from_code(&account.language),
        is_confirmed: account.email_confirmed_at.is_some(),
        scopes: Scope::parse_list(&row.scopes)?,
        access: None,
    })
}
