//! Codes (O1): made by a patron's yes, exchanged once within a minute.

use obole_domain::AccountId;
use obole_domain::client::{ClientId, ClientKind};
use obole_domain::grant::{self, GrantId};
use obole_domain::pkce::Challenge;
use obole_domain::token::{self, Scope, TokenKind};
use obole_store::oauth_clients::ClientRow;
use obole_store::oauth_codes::{self, CodeRow};
use obole_store::oauth_grants::Which;
use obole_store::{Tx, oauth_clients};

use super::ending::end_with_word;
use super::handing::{after, begin};
use super::{Answered, Denied};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::CONSENT;

/// What a patron said yes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// Whom.
    pub client: ClientId,
    /// What.
    pub scopes: Vec<Scope>,
    /// Where the code is sent.
    pub redirect: String,
    /// Whether the request named that address.
    pub is_redirect_named: bool,
    /// The challenge; none from a legacy client.
    pub challenge: Option<Challenge>,
}

/// Makes a code for what a patron said yes to.
pub async fn allow(app: &App, patron: AccountId, allowed: Allowed) -> Result<String> {
    app.limit(CONSENT, patron).await?;
    let text = token::print(TokenKind::Code, app.chance().bytes());
    let hash = token::hash(&text);
    let row = CodeRow {
        account: patron,
        client: allowed.client,
        scopes: Scope::print_list(&allowed.scopes),
        redirect: allowed.redirect,
        is_redirect_named: allowed.is_redirect_named,
        challenge: allowed.challenge.map_or_else(String::new, |one| one.as_str().to_owned()),
        expires_at: after(app.now(), grant::CODE)?,
        grant: None,
    };
    let handle = app.clone();
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            let client = oauth_clients::find(tx, row.client).await?;
            let client = client.filter(|client| client.deleted_at.is_none());
            let client = client.ok_or(Error::NotFound)?;
            if row.challenge.is_empty() && client.kind != ClientKind::Legacy {
                return Err(Error::internal("a code without a challenge"));
            }
            oauth_codes::insert(tx, hash, row).await?;
            let about = (row.client.to_string(), row.scopes.clone());
            app.log(tx, Actor::Page(patron), "grant.create", about).await
        })
    })
    .await?;
    Ok(text)
}

/// A code that comes back.
#[derive(Clone)]
pub struct Exchange {
    /// The client, which has proven who it is.
    pub client: ClientRow,
    /// The code.
    pub code: String,
    /// The address that it says the code was sent to.
    pub redirect: Option<String>,
    /// The verifier.
    pub verifier: Option<String>,
}

/// Exchanges a code for tokens. One that comes a second time ends what came of the first.
pub async fn exchange(app: &App, exchange: Exchange) -> Result<Answered> {
    if !token::is_well_formed(TokenKind::Code, &exchange.code) {
        return Ok(Err(Denied::Grant));
    }
    let handle = app.clone();
    app.write(exchange, move |tx, exchange| {
        let app = handle.clone();
        Box::pin(async move { exchange_in(&app, tx, exchange).await })
    })
    .await
}

async fn exchange_in(app: &App, tx: &mut Tx, exchange: &Exchange) -> Result<Answered> {
    let (now, hash) = (app.now(), token::hash(&exchange.code));
    let found = oauth_codes::find(tx, hash).await?;
    let Some(row) = found.filter(|row| row.client == exchange.client.id) else {
        return Ok(Err(Denied::Grant));
    };
    if let Some(grant) = row.grant {
        end_with_word(app, tx, Which::One(grant)).await?;
        return Ok(Err(Denied::Grant));
    }
    if row.expires_at <= now || !fits(&row, exchange) {
        return Ok(Err(Denied::Grant));
    }
    let id = GrantId::new(app.chance().id(now));
    if !oauth_codes::use_up(tx, hash, id).await? {
        // Another came at the same time and was first: that is a second use too.
        let used = oauth_codes::find(tx, hash).await?.and_then(|row| row.grant);
        if let Some(grant) = used {
            end_with_word(app, tx, Which::One(grant)).await?;
        }
        return Ok(Err(Denied::Grant));
    }
    begin(app, tx, &exchange.client, (id, row.account, &row.scopes)).await
}

/// Whether the exchange names the address and answers the challenge of the request. A verifier
/// without a challenge is refused: somebody took the challenge out on the way.
fn fits(row: &CodeRow, exchange: &Exchange) -> bool {
    let is_legacy = exchange.client.kind == ClientKind::Legacy;
    let is_address = match &exchange.redirect {
        Some(named) => *named == row.redirect,
        None => !row.is_redirect_named || is_legacy,
    };
    let is_proven = match (Challenge::parse(&row.challenge), &exchange.verifier) {
        (Some(challenge), Some(verifier)) => challenge.admits(verifier),
        (None, None) => is_legacy && row.challenge.is_empty(),
        _ => false,
    };
    is_address && is_proven
}
