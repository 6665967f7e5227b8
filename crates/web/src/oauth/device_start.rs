//! `POST /oauth/device_authorization` (RFC 8628): a device without a browser begins to wait.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use obole_app::limits::DEVICE_ADDRESS;
use obole_app::oauth;
use serde::Serialize;

use super::fault::Fault;
use super::sent::Sent;

#[derive(Serialize)]
struct StartedShape {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

/// `POST /oauth/device_authorization`
pub async fn start(sent: Sent) -> Response {
    let started = begin(&sent).await;
    sent.answer(started.map(|started| Json(started).into_response()))
}

async fn begin(sent: &Sent) -> Result<StartedShape, Fault> {
    if !sent.address.is_empty() {
        sent.app.limit_address(DEVICE_ADDRESS, &sent.address).await?;
    }
    let scopes = sent.get("scope").unwrap_or_default();
    let started = oauth::start(&sent.app, &sent.client, scopes).await?.map_err(Fault::from)?;
    let user_code = started.typed.shown();
    let page = format!("{}/device", sent.app.config().base_url());
    Ok(StartedShape {
        device_code: started.device_code,
        verification_uri_complete: format!("{page}?code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: started.lives.as_secs(),
        interval: started.wait_seconds,
    })
}
