//! `POST /oauth/revoke` (RFC 7009): a client gives a token back. Of one that is not there nothing
//! is said.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use obole_app::oauth;

use super::fault::Fault;
use super::sent::Sent;

/// `POST /oauth/revoke`
pub async fn revoke(sent: Sent) -> Response {
    let ended = end(&sent).await;
    sent.answer(ended)
}

async fn end(sent: &Sent) -> Result<Response, Fault> {
    oauth::end(&sent.app, &sent.client, sent.need("token")?).await?;
    Ok(StatusCode::OK.into_response())
}
