//! Refresh tokens (O2): each is used once and replaced; two who have the same end the grant.

use obole_domain::client::ClientKind;
use obole_domain::grant::{self, Refreshing};
use obole_domain::token::{self, Scope, TokenKind};
use obole_store::Tx;
use obole_store::oauth_clients::ClientRow;
use obole_store::oauth_grants::{self, Which};

use super::ending::end_with_word;
use super::handing::{hand_out, is_away};
use super::{Answered, Denied};
use crate::app::App;
use crate::error::Result;

/// New tokens for a refresh token, with all that was granted or fewer scopes.
pub async fn refresh(app: &App, client: ClientRow, sent: (String, String)) -> Result<Answered> {
    let (text, scopes) = sent;
    if client.kind == ClientKind::Legacy {
        return Ok(Err(Denied::Client));
    }
    if !token::is_well_formed(TokenKind::Refresh, &text) {
        return Ok(Err(Denied::Grant));
    }
    let (handle, hash) = (app.clone(), token::hash(&text));
    app.write((client, scopes), move |tx, (client, scopes)| {
        let app = handle.clone();
        Box::pin(async move { refresh_in(&app, tx, (client, hash, scopes)).await })
    })
    .await
}

async fn refresh_in(
    app: &App,
    tx: &mut Tx,
    asked: (&ClientRow, [u8; 32], &str),
) -> Result<Answered> {
    let ((client, hash, scopes), now) = (asked, app.now());
    let Some(id) = oauth_grants::grant_of(tx, hash).await? else {
        return Ok(Err(Denied::Grant));
    };
    let found = oauth_grants::find_locked(tx, id).await?;
    let found = found.filter(|row| row.client == client.id);
    let found = found.filter(|row| row.revoked_at.is_none() && row.ends_at > now);
    let Some(row) = found else { return Ok(Err(Denied::Grant)) };
    if is_away(tx, row.account).await? {
        return Ok(Err(Denied::Grant));
    }
    let Some((refreshed, follower)) = oauth_grants::refreshed(tx, hash).await? else {
        return Ok(Err(Denied::Grant));
    };
    let judged = refreshed.judge(now);
    if judged == Refreshing::Reused {
        end_with_word(app, tx, Which::One(id)).await?;
        return Ok(Err(Denied::Grant));
    }
    let Ok(scopes) = grant::narrowed(&Scope::parse_list(&row.scopes)?, scopes) else {
        return Ok(Err(Denied::Scope));
    };
    if judged == Refreshing::Repeat {
        // Whoever has the lost answer now is found out when it is used.
        oauth_grants::spend_refresh(tx, hash).await?;
        if let Some(lost) = follower {
            oauth_grants::spend_refresh(tx, lost).await?;
        }
    }
    let tokens = hand_out(app, tx, (&row, client.kind), scopes).await?;
    if let Some(next) = &tokens.refresh {
        oauth_grants::use_refresh(tx, hash, token::hash(next), now).await?;
    }
    oauth_grants::touch(tx, id, now).await?;
    Ok(Ok(tokens))
}
