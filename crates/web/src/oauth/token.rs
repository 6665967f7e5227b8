//! `POST /oauth/token`: a code, a refresh token or a device's code against tokens.

use axum::Json;
use axum::response::Response;
use obole_app::oauth::{self, Exchange, Tokens};
use obole_domain::client::ClientKind;
use obole_domain::token::Scope;
use serde::Serialize;

use super::fault::Fault;
use super::sent::Sent;

/// What a device offers (RFC 8628 section 3.4).
pub const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Serialize)]
struct TokensShape {
    access_token: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
    grant_id: String,
}

impl TokensShape {
    /// Flattr's old programs compare the type letter by letter, and know no end of a token
    /// (research/flattr-api-v2.md section 5.3).
    fn of(tokens: Tokens, kind: ClientKind) -> Self {
        let is_legacy = kind == ClientKind::Legacy;
        Self {
            access_token: tokens.access,
            token_type: if is_legacy { "bearer" } else { "Bearer" },
            expires_in: (!is_legacy).then_some(tokens.lives.as_secs()),
            refresh_token: tokens.refresh,
            scope: Scope::print_list(&tokens.scopes),
            grant_id: tokens.grant.to_string(),
        }
    }
}

/// `POST /oauth/token`
pub async fn exchange(sent: Sent) -> Response {
    let tokens = tokens(&sent).await;
    let shape = tokens.map(|tokens| Json(TokensShape::of(tokens, sent.client.kind)));
    sent.answer(shape.map(axum::response::IntoResponse::into_response))
}

async fn tokens(sent: &Sent) -> Result<Tokens, Fault> {
    let (app, client) = (&sent.app, sent.client.clone());
    let answered = match sent.need("grant_type")? {
        "authorization_code" => {
            let text = |name: &str| sent.get(name).map(str::to_owned);
            let code = sent.need("code")?.to_owned();
            let (redirect, verifier) = (text("redirect_uri"), text("code_verifier"));
            oauth::exchange(app, Exchange { client, code, redirect, verifier }).await?
        }
        "refresh_token" => {
            let refresh = sent.need("refresh_token")?.to_owned();
            let scopes = sent.get("scope").unwrap_or_default().to_owned();
            oauth::refresh(app, client, (refresh, scopes)).await?
        }
        DEVICE => oauth::poll(app, client, sent.need("device_code")?).await?,
        _ => return Err(Fault::grant_type()),
    };
    answered.map_err(Fault::from)
}
