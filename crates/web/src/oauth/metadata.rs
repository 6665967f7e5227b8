//! `/.well-known/oauth-authorization-server` (RFC 8414): what the provider can do, and where.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use obole_app::App;
use obole_domain::client::ClientKind;
use obole_domain::token::Scope;
use obole_language::Language;
use serde_json::json;

use super::token::DEVICE;
use crate::tagged::{Kind, for_every_site, tagged};

const JSON: Kind = Kind { media: "application/json", caching: "public, max-age=300" };

/// `GET /.well-known/oauth-authorization-server`
pub async fn show(State(app): State<App>, headers: HeaderMap) -> Response {
    let base = app.config().base_url();
    let at = |path: &str| format!("{base}{path}");
    let public = Scope::ALL.into_iter().filter(|scope| ClientKind::Public.may_have(*scope));
    let scopes: Vec<&str> = public.map(Scope::name).collect();
    let languages: Vec<&str> = Language::ALL.into_iter().map(Language::code).collect();
    let with_secret = ["client_secret_basic", "client_secret_post"];
    let any = ["client_secret_basic", "client_secret_post", "none"];
    let metadata = json!({
        "issuer": base,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"),
        "introspection_endpoint": at("/oauth/introspect"),
        "device_authorization_endpoint": at("/oauth/device_authorization"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE],
        "token_endpoint_auth_methods_supported": any,
        "revocation_endpoint_auth_methods_supported": any,
        "introspection_endpoint_auth_methods_supported": with_secret,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "ui_locales_supported": languages,
        "service_documentation": at("/developers"),
    });
    for_every_site(tagged(&headers, JSON, metadata.to_string()))
}
