//! API tokens (O2, O3): personal ones, made by their owner or the operator and shown once, and how
//! those and the tokens of clients ([`crate::oauth`]) are looked up.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::{Way, clean_text};
use obole_domain::client::ClientId;
use obole_domain::token::{self, Scope, TokenId, TokenKind};
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
    /// The client that has it; none of a personal token.
    pub client: Option<ClientId>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
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

    /// The way in of what is given with it (B6).
    #[must_use]
    pub fn way(&self) -> Way {
        self.client.map_or(Way::Api, Way::App)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
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
        client: None,
        expires_at: None,
    };
    let text = token::print(TokenKind::Personal, app.chance().bytes());
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
    if !token::is_bearer(text) {
        return Ok(None);
    }
    let found = app.read(token::hash(text), |read, hash| {
        Box::pin(async move { Ok(tokens::find(read, *hash).await?) })
    });
    let Some((row, account)) = found.await? else { return Ok(None) };
    if !is_good(app, &row, &account) {
        return Ok(None);
    }
    touch(app, &row).await?;
    Ok(Some(grant_of(&row, &account)?))
}

/// The same from memory where it can be: for commands that compare versions in their transaction,
/// as [`crate::clicks::give`] does, and note the use there.
pub async fn recall(app: &App, text: &str) -> Result<Option<Arc<TokenGrant>>> {
    if !token::is_bearer(text) {
        return Ok(None);
    }
    let hash = token::hash(text);
    if let Some(grant) = app.known().grant(&hash) {
        return Ok(Some(grant).filter(|grant| !grant.is_over(app.now())));
    }
    let found = app.read(hash, |read, hash| {
        Box::pin(async move {
            let versions = versions::now(read).await?;
            Ok((versions.access, tokens::find(read, *hash).await?))
        })
    });
    let (version, Some((row, account))) = found.await? else { return Ok(None) };
    if !is_good(app, &row, &account) {
        return Ok(None);
    }
    let access = Access { token: row.id, hash, version, used_at: row.used_at, owes: false };
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

/// Whether a token opens anything: it is not revoked or over, its account not suspended.
fn is_good(app: &App, row: &TokenRow, account: &AccountRow) -> bool {
    let is_over = row.expires_at.is_some_and(|at| at <= app.now());
    row.revoked_at.is_none() && !is_over && account.suspended_at.is_none()
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
        client: row.client.map(|(client, _)| client),
        expires_at: row.expires_at,
        access: None,
    })
}
