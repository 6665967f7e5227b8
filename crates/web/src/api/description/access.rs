//! Who may: a token of one's own, or of an app that somebody allowed (OAuth 2).

use obole_domain::client::ClientKind;
use obole_domain::token::Scope;
use serde_json::{Map, Value, json};

/// What each scope allows, for programmers.
const fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Profile => "Read the account's name",
        Scope::Email => "Read the account's mail address",
        Scope::Click => "Give, change and take back clicks",
        Scope::ClicksRead => "Read clicks and the open month",
        Scope::StatsRead => "Read statements, works, claims and notes",
        Scope::WorksWrite => "Change works that the account controls, answer notes",
        Scope::Webhooks => "Register endpoints that are told what happens",
        Scope::Wallet => "Read wallets, earnings and payouts, redeem vouchers",
        Scope::Budget => "Set budgets",
        Scope::Settings => "Change settings, take trust back",
    }
}

/// Both ways to a token.
pub fn schemes() -> Value {
    let of_apps = Scope::ALL.into_iter().filter(|scope| ClientKind::Public.may_have(*scope));
    let scopes: Map<String, Value> =
        of_apps.map(|scope| (scope.name().to_owned(), json!(about(scope)))).collect();
    json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of yours (`obo_pt_…`), made under `/settings/tokens`, with the \
                scopes named. `wallet`, `budget` and `settings` are for these only.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "A token of your app (`obo_at_…`) that somebody allowed. Every app \
                needs PKCE (S256). Without a browser: RFC 8628, see `x-deviceAuthorization`, which \
                OpenAPI 3.1 has no words for.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": "/oauth/authorize",
                    "tokenUrl": "/oauth/token",
                    "refreshUrl": "/oauth/token",
                    "scopes": scopes,
                },
            },
            "x-deviceAuthorization": {
                "deviceAuthorizationUrl": "/oauth/device_authorization",
                "tokenUrl": "/oauth/token",
                "scopes": scopes,
            },
        },
    })
}

/// Adds the way of apps wherever they can have the scope.
pub fn add(operation: &mut Map<String, Value>) {
    let Some(ways) = operation.get_mut("security").and_then(Value::as_array_mut) else { return };
    let mut of_apps = Vec::new();
    for way in ways.iter() {
        let names: Vec<&str> =
            way["token"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let may = |name: &&str| {
            let mut known = Scope::ALL.into_iter();
            known.any(|scope| scope.name() == *name && ClientKind::Public.may_have(scope))
        };
        if names.iter().all(may) {
            of_apps.push(json!({ "oauth2": names }));
        }
    }
    ways.extend(of_apps);
}
