//! The account of a token, its wallets, budgets and vouchers.

use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::testing::{account, engines, fund, sqlite};
use obole_app::vouchers::{self, NewVouchers};
use serde_json::json;

use crate::api_client::{Client, assert_shape, brief, euros};

async fn voucher(app: &App, units: i64) -> String {
    let new = NewVouchers { amount: euros(units), count: 1, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("vouchers");
    codes.into_iter().next().expect("one")
}

#[tokio::test]
async fn a_token_tells_whom_it_speaks_for() {
    for instance in engines().await {
        let ada = account(&instance.app, "ada").await;
        let client = Client::of(&instance.app, ada, "profile email").await;
        assert_shape!(client.get("/me").await.ok(200), @r#"
        {
          "email": "ada@obole.example",
          "handle": "ada",
          "id": "[id]",
          "is_confirmed": true,
          "language": null,
          "name": "ada",
          "scopes": [
            "profile",
            "email"
          ]
        }
        "#);
        let client = Client::of(&instance.app, ada, "profile").await;
        let answer = client.get("/me").await;
        assert!(answer.body.get("email").is_none(), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn wallets_budgets_and_vouchers() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        fund(&instance.app, ada, euros(3)).await;
        let code = voucher(&instance.app, 20).await;
        let body = json!({ "code": code.to_lowercase() });
        let answer = client.post("/me/vouchers", "v-1", body.clone()).await;
        assert_shape!(brief(answer.ok(200)), @r#"
        {
          "amount": "20.00 EUR",
          "available": "23.00 EUR",
          "currency": "EUR",
          "held": "0.00 EUR",
          "total": "23.00 EUR"
        }
        "#);
        assert_shape!(client.get("/me/wallets").await.ok(200), @r#"
        {
          "items": [
            {
              "available": {
                "amount": "23.00",
                "currency": "EUR"
              },
              "currency": "EUR",
              "held": {
                "amount": "0.00",
                "currency": "EUR"
              },
              "total": {
                "amount": "23.00",
                "currency": "EUR"
              }
            }
          ],
          "next": null
        }
        "#);
        let again = client.post("/me/vouchers", "v-1", body.clone()).await;
        assert_eq!((again.status, &again.body), (answer.status, &answer.body));
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(answer.header("idempotent-replayed"), "");
        let used = client.post("/me/vouchers", "v-2", body.clone()).await;
        used.assert_problem(422, "voucher_unusable");
        let again = client.post("/me/vouchers", "v-2", body).await;
        again.assert_problem(422, "voucher_unusable");
        assert_eq!(again.header("idempotent-replayed"), "true");
        let mistyped = client.post("/me/vouchers", "v-3", json!({ "code": "AAAA" })).await;
        mistyped.assert_problem(422, "voucher_mistyped");
        assert_eq!(mistyped.body["errors"][0]["field"], "code");
    }
}

#[tokio::test]
async fn budgets_are_set_and_read() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let answer = client.put("/me/budgets/EUR", json!({ "amount": "5" })).await;
        assert_shape!(answer.ok(200), @r#"
        {
          "amount": "5.00",
          "currency": "EUR"
        }
        "#);
        assert_shape!(client.get("/me/budgets").await.ok(200), @r#"
        {
          "items": [
            {
              "amount": "5.00",
              "currency": "EUR"
            }
          ],
          "next": null
        }
        "#);
        let end = client.put("/me/budgets/EUR", json!({ "amount": "0.00" })).await;
        assert_eq!(end.ok(200)["amount"], "0.00");
        for (currency, amount, status, code) in [
            ("EUR", "1.99", 422, "budget_too_small"),
            ("EUR", "1.999", 422, "amount_too_fine"),
            ("EUR", "-2", 422, "amount_malformed"),
            ("EUR", "2,00", 422, "amount_malformed"),
            ("EUR", "1e3", 422, "amount_malformed"),
            ("EUR", "٢", 422, "amount_malformed"),
            ("EUR", "", 422, "amount_malformed"),
            ("EUR", "99999999999999999999", 422, "amount_too_large"),
            ("EUR", "10001", 422, "amount_too_large"),
            ("XXX", "2.00", 404, "not_found"),
        ] {
            let path = format!("/me/budgets/{currency}");
            let answer = client.put(&path, json!({ "amount": amount })).await;
            answer.assert_problem(status, code);
            if status == 422 {
                assert_eq!(answer.body["errors"][0]["field"], "amount", "{amount}");
            }
        }
    }
}

/// Every door that needs a token, and the scopes that open it.
const DOORS: &[(&str, &str, &str)] = &[
    ("GET", "/me", "profile"),
    ("GET", "/me/wallets", "wallet"),
    ("POST", "/me/vouchers", "wallet"),
    ("GET", "/me/budgets", "wallet budget"),
    ("PUT", "/me/budgets/EUR", "budget"),
    ("POST", "/clicks", "click"),
    ("GET", "/clicks", "clicks:read"),
    ("PUT", "/clicks/x", "click"),
    ("DELETE", "/clicks/x", "click"),
    ("PATCH", "/works/x", "works:write"),
    ("GET", "/me/statements", "stats:read"),
    ("GET", "/me/statements/2026-01", "stats:read"),
    ("GET", "/clicks/x", "clicks:read"),
    ("GET", "/me/proposals", "clicks:read"),
    ("POST", "/me/proposals", "click"),
    ("POST", "/me/proposals/dismiss", "click"),
    ("DELETE", "/me/proposals", "click"),
    ("POST", "/works/x/codes", "click"),
    ("GET", "/me/promises", "wallet"),
    ("DELETE", "/me/promises/2026-01/x", "wallet"),
    ("GET", "/me/earnings", "wallet"),
    ("POST", "/me/earnings/move", "wallet"),
    ("POST", "/me/earnings/return", "wallet"),
    ("POST", "/me/play-money", "wallet"),
    ("GET", "/me/movements", "wallet"),
    ("GET", "/me/payouts", "wallet"),
    ("GET", "/me/payouts/x", "wallet"),
    ("GET", "/me/payee", "wallet settings"),
    ("PATCH", "/me/payee", "settings"),
    ("GET", "/me/works", "works:write stats:read"),
    ("GET", "/me/claims", "works:write stats:read"),
    ("GET", "/claims/x", "works:write stats:read"),
    ("GET", "/me/notes", "works:write stats:read"),
    ("PATCH", "/me/notes/2026-01/x/ada", "works:write"),
    ("POST", "/me/notes/2026-01/x/ada/report", "works:write"),
    ("GET", "/me/settings", "settings"),
    ("PATCH", "/me/settings", "settings"),
    ("GET", "/me/feed", "settings"),
    ("PATCH", "/me/feed", "settings"),
    ("DELETE", "/me/feed/private", "settings"),
    ("GET", "/me/sites", "settings"),
    ("DELETE", "/me/sites", "settings"),
    ("DELETE", "/me/sites/clicks", "settings"),
    ("GET", "/me/apps", "settings"),
    ("DELETE", "/me/apps/x", "settings"),
    ("DELETE", "/me/apps/x/clicks", "settings"),
];

#[tokio::test]
async fn each_scope_opens_its_own_doors_only() {
    let instance = sqlite().await;
    let ada = account(&instance.app, "ada").await;
    let all = ["profile", "email", "click", "clicks:read", "stats:read", "works:write", "webhooks"];
    let stranger = Client::stranger(&instance.app);
    for (method, path, allowed) in DOORS.iter().copied() {
        let body = || axum::body::Body::empty();
        let answer = stranger.send(stranger.request(method, path).body(body()).unwrap()).await;
        answer.assert_problem(401, "token_missing");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        for scope in all.into_iter().chain(["wallet", "budget", "settings"]) {
            let client = Client::of(&instance.app, ada, scope).await;
            let answer = client.send(client.request(method, path).body(body()).unwrap()).await;
            let is_allowed = allowed.split(' ').any(|one| one == scope);
            if is_allowed {
                assert!(![401, 403].contains(&answer.status.as_u16()), "{method} {path} {scope}");
                continue;
            }
            answer.assert_problem(403, "scope_missing");
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{allowed}\"");
            assert_eq!(answer.header("www-authenticate"), challenge);
            assert!(answer.text("detail").contains(allowed), "{}", answer.body);
        }
    }
}
