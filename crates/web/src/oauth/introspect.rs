//! `POST /oauth/introspect` (RFC 7662): a resource server asks what a token is. It sees those of
//! its own developer's clients.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use obole_app::oauth;
use serde::Serialize;

use super::fault::Fault;
use super::sent::Sent;

#[derive(Default, Serialize)]
struct Introspection {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_id: Option<String>,
}

/// `POST /oauth/introspect`
pub async fn introspect(sent: Sent) -> Response {
    let seen = see(&sent).await;
    sent.answer(seen.map(|seen| Json(seen).into_response()))
}

async fn see(sent: &Sent) -> Result<Introspection, Fault> {
    if !sent.client.kind.has_secret() {
        return Err(Fault::client());
    }
    let seen = oauth::see(&sent.app, &sent.client, sent.need("token")?).await?;
    let Some(seen) = seen else { return Ok(Introspection::default()) };
    Ok(Introspection {
        active: true,
        scope: Some(seen.scopes),
        client_id: Some(seen.client.to_string()),
        username: Some(seen.handle.to_string()),
        token_type: Some("Bearer"),
        exp: Some(seen.times.1.as_second()),
        iat: Some(seen.times.0.as_second()),
        sub: Some(seen.account.to_string()),
        iss: Some(sent.app.config().base_url()),
        grant_id: Some(seen.grant.to_string()),
    })
}
