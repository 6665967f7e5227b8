//! Tokens are handed out, looked at and ended (O2).

use jiff::{SignedDuration, Timestamp};
use obole_domain::client::ClientKind;
use obole_domain::grant::{self, GrantId, PER_CLIENT_MAX};
use obole_domain::token::{self, Scope, TokenId, TokenKind};
use obole_domain::{AccountId, Handle};
use obole_store::oauth_clients::{self, ClientRow};
use obole_store::oauth_grants::{self, GrantRow, Which};
use obole_store::tokens::{self, TokenRow};
use obole_store::{Tx, accounts};

use super::{Answered, Denied, Tokens};
use crate::app::App;
use crate::error::{Error, Result};

/// How long the access tokens of a client open anything.
const fn lifetime(kind: ClientKind) -> SignedDuration {
    match kind {
        ClientKind::Public | ClientKind::Confidential => grant::ACCESS,
        ClientKind::Legacy => grant::GRANT,
    }
}

pub(super) fn after(now: Timestamp, duration: SignedDuration) -> Result<Timestamp> {
    now.saturating_add(duration).map_err(Error::internal)
}

/// Begins a grant of an account to a client and hands out its first tokens. The oldest grants end
/// where there would be too many.
pub(super) async fn begin(
    app: &App,
    tx: &mut Tx,
    client: &ClientRow,
    what: (GrantId, AccountId, &str),
) -> Result<Answered> {
    let ((id, account, scopes), now) = (what, app.now());
    if is_away(tx, account).await? {
        return Ok(Err(Denied::Grant));
    }
    let standing = oauth_grants::standing(tx, Which::Between(account, client.id)).await?;
    let mut standing: Vec<GrantId> = standing.into_iter().map(|one| one.id).collect();
    let kept = usize::try_from(PER_CLIENT_MAX - 1).unwrap_or_default();
    let over = standing.len().saturating_sub(kept);
    standing.truncate(over);
    oauth_grants::revoke_each(tx, &mut standing, now).await?;
    let row = GrantRow {
        id,
        account,
        client: client.id,
        scopes: scopes.to_owned(),
        created_at: now,
        ends_at: after(now, grant::GRANT)?,
        revoked_at: None,
    };
    oauth_grants::insert(tx, &row).await?;
    let scopes = Scope::parse_list(scopes)?;
    Ok(Ok(hand_out(app, tx, (&row, client.kind), scopes).await?))
}

/// Whether an account is gone or suspended.
pub(super) async fn is_away(tx: &mut Tx, account: AccountId) -> Result<bool> {
    let row = accounts::find(tx, account).await?;
    Ok(row.is_none_or(|row| row.suspended_at.is_some()))
}

/// Makes tokens of a grant: an access token and, but for legacy clients, a refresh token.
pub(super) async fn hand_out(
    app: &App,
    tx: &mut Tx,
    whose: (&GrantRow, ClientKind),
    scopes: Vec<Scope>,
) -> Result<Tokens> {
    let ((grant, kind), now) = (whose, app.now());
    let access = token::print(TokenKind::Access, app.chance().bytes());
    let expires_at = after(now, lifetime(kind))?.min(grant.ends_at);
    let row = TokenRow {
        id: TokenId::new(app.chance().id(now)),
        account: grant.account,
        name: String::new(),
        scopes: Scope::print_list(&scopes),
        created_at: now,
        used_at: None,
        revoked_at: None,
        client: Some((grant.client, grant.id)),
        expires_at: Some(expires_at),
    };
    tokens::insert(tx, token::hash(&access), &row).await?;
    let refresh = match kind {
        ClientKind::Legacy => None,
        ClientKind::Public | ClientKind::Confidential => {
            let refresh = token::print(TokenKind::Refresh, app.chance().bytes());
            oauth_grants::insert_refresh(tx, token::hash(&refresh), grant.id, now).await?;
            Some(refresh)
        }
    };
    let lives = expires_at.duration_since(now);
    Ok(Tokens { grant: grant.id, access, refresh, scopes, lives })
}

/// Ends what a token of the client's own stands for: an access token by itself, a refresh token
/// with everything that came of its grant, as does the only token of a legacy client (RFC 7009).
/// Of a token that is not there nothing is said.
pub async fn end(app: &App, client: &ClientRow, text: &str) -> Result<()> {
    let (id, kind, now, hash) = (client.id, client.kind, app.now(), token::hash(text));
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let of_access = tokens::find(tx, hash).await?.and_then(|(row, _)| row.client);
            let of_access = of_access.filter(|(client, _)| *client == id).map(|(_, grant)| grant);
            let grant = match of_access.filter(|_| kind == ClientKind::Legacy) {
                Some(grant) => Some(grant),
                None => oauth_grants::grant_of(tx, hash).await?,
            };
            if let Some(grant) = grant {
                let row = oauth_grants::find_locked(tx, grant).await?;
                if row.is_some_and(|row| row.client == id) {
                    oauth_grants::revoke(tx, Which::One(grant), now).await?;
                }
            }
            tokens::revoke_text(tx, id, hash, now).await?;
            Ok(())
        })
    })
    .await
}

/// What a resource server is told of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The client that has it.
    pub client: obole_domain::client::ClientId,
    /// The grant that it came of.
    pub grant: GrantId,
    /// Whom it speaks for.
    pub account: AccountId,
    /// The account's public name.
    pub handle: Handle,
    /// What it allows, as one text.
    pub scopes: String,
    /// When it was made, and when it ends by itself.
    pub times: (Timestamp, Timestamp),
}

/// What a token is, to a client of the same developer that can keep a secret (RFC 7662). None
/// where it is not good, or another's.
pub async fn see(app: &App, asking: &ClientRow, text: &str) -> Result<Option<Seen>> {
    let (owner, now, hash) = (asking.owner, app.now(), token::hash(text));
    if !token::is_well_formed(TokenKind::Access, text) {
        return Ok(None);
    }
    app.read((), move |read, ()| {
        Box::pin(async move {
            let Some((row, account)) = tokens::find(read, hash).await? else { return Ok(None) };
            let Some((client, grant)) = row.client else { return Ok(None) };
            let found = oauth_clients::find(read, client).await?;
            let is_own = found.is_some_and(|found| owner.is_some() && found.owner == owner);
            let ends = row.expires_at.filter(|at| *at > now && row.revoked_at.is_none());
            let ends = ends.filter(|_| is_own && account.suspended_at.is_none());
            Ok(ends.map(|ends| Seen {
                client,
                grant,
                account: account.id,
                handle: account.handle,
                scopes: row.scopes,
                times: (row.created_at, ends),
            }))
        })
    })
    .await
}
