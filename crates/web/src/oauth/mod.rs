//! The OAuth2 provider as clients and browsers meet it (security.md section 7): RFC 6749 with PKCE,
//! RFC 7009, 7662, 8414, 8628 and 9207.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::post;
use obole_app::App;

use crate::api::cors;
use crate::problem::Problem;
use crate::server;

mod asked;
pub mod authorize;
mod consent;
pub mod device;
pub mod device_start;
mod fault;
mod frame;
pub mod introspect;
pub mod metadata;
pub mod revoke;
mod sent;
pub mod token;

/// The addresses that programs post to, with what stands around them: no visitor, no cookie, so
/// scripts of every site may.
pub fn router(app: &App) -> Router<App> {
    let endpoints = Router::new()
        .route("/oauth/token", post(token::exchange))
        // Old programs write a slash at the end, and would not post again where that led on.
        .route("/oauth/token/", post(token::exchange))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/introspect", post(introspect::introspect))
        .route("/oauth/device_authorization", post(device_start::start));
    server::inside(endpoints)
        .method_not_allowed_fallback(async || Problem::of_status(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn_with_state(app.clone(), frame::answer))
        .layer(from_fn(cors::allow))
}
