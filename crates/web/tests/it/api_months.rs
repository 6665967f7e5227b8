//! Statements and settlements through the API.

use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, engines, fund, own};
use obole_app::{budgets, settle};
use serde_json::json;

use crate::api_client::{Client, assert_shape, brief, euros};

/// Ada gives in January to Bob's work and to one that nobody has claimed; the month is settled.
async fn settled(instance: &Instance) -> (Client, Client) {
    let (ada, patron) = Client::new(&instance.app, "ada").await;
    let (bob, creator) = Client::new(&instance.app, "bob").await;
    own(&instance.app, creator, "https://bob.example/").await;
    for account in [patron, creator] {
        fund(&instance.app, account, euros(10)).await;
        budgets::set(&instance.app, account, euros(6)).await.expect("set");
    }
    ada.click("https://bob.example/").await.ok(201);
    ada.post("/clicks", "2", json!({ "url": "https://example.org/", "points": 2 })).await.ok(201);
    instance.at("2026-02-02T12:00:00Z");
    settle_what_is_due(instance).await;
    (ada, bob)
}

#[tokio::test]
async fn a_settled_month_is_told_to_the_patron() {
    for instance in engines().await {
        let (ada, _) = settled(&instance).await;
        assert_shape!(brief(ada.get("/me/statements").await.ok(200)), @r#"
        {
          "items": [
            {
              "given": [
                "2.00 EUR"
              ],
              "period": "2026-01",
              "promised": [
                "4.00 EUR"
              ],
              "received": []
            }
          ],
          "next": null
        }
        "#);
        assert_shape!(brief(ada.get("/me/statements/2026-01").await.ok(200)), @r#"
        {
          "closed_at": "2026-02-02T12:00:00Z",
          "given": [
            {
              "collected": [],
              "currency": "EUR",
              "fee": "0.20 EUR",
              "lines": [
                {
                  "points": 2,
                  "share": "4.00 EUR",
                  "state": "promised",
                  "work": {
                    "id": "[id]",
                    "is_refused": false,
                    "owner": null,
                    "title": "example.org/",
                    "url": "https://example.org/"
                  }
                },
                {
                  "points": 1,
                  "share": "2.00 EUR",
                  "state": "paid",
                  "work": {
                    "id": "[id]",
                    "is_refused": false,
                    "owner": "bob",
                    "title": "bob.example/",
                    "url": "https://bob.example/"
                  }
                }
              ],
              "means": "6.00 EUR",
              "paid": "2.00 EUR",
              "pool": "0.00 EUR",
              "promised": "4.00 EUR",
              "stays": "0.00 EUR"
            }
          ],
          "period": "2026-01",
          "received": []
        }
        "#);
    }
}

#[tokio::test]
async fn a_settled_month_is_told_to_the_creator() {
    for instance in engines().await {
        let (_, bob) = settled(&instance).await;
        assert_shape!(brief(bob.get("/me/statements/2026-01").await.ok(200)), @r#"
        {
          "closed_at": "2026-02-02T12:00:00Z",
          "given": [],
          "period": "2026-01",
          "received": [
            {
              "clicks": 1,
              "currency": "EUR",
              "fee": "0.20 EUR",
              "gross": "2.00 EUR",
              "lines": [
                {
                  "clicks": 1,
                  "currency": "EUR",
                  "fee": "0.20 EUR",
                  "gross": "2.00 EUR",
                  "net": "1.80 EUR",
                  "work": {
                    "id": "[id]",
                    "is_refused": false,
                    "owner": "bob",
                    "title": "bob.example/",
                    "url": "https://bob.example/"
                  }
                }
              ],
              "net": "1.80 EUR"
            }
          ]
        }
        "#);
    }
}

#[tokio::test]
async fn a_month_that_is_not_settled_has_no_statement() {
    for instance in engines().await {
        let (ada, _) = settled(&instance).await;
        for period in ["2026-02", "2025-12", "2026-13", "x", "%00"] {
            let answer = ada.get(&format!("/me/statements/{period}")).await;
            answer.assert_problem(404, "not_found");
        }
        assert_eq!(ada.get("/clicks?period=2026-01").await.body["items"][0]["period"], "2026-01");
    }
}

#[tokio::test]
async fn a_settlement_is_public() {
    for instance in engines().await {
        let stranger = Client::stranger(&instance.app);
        let none = json!({ "items": [], "next": null });
        assert_eq!(stranger.get("/settlements").await.ok(200), none);
        stranger.get("/settlements/2026-01").await.assert_problem(404, "not_found");
        settled(&instance).await;
        let answer = stranger.get("/settlements/2026-01").await;
        let mut shown = answer.ok(200);
        for hash in ["inputs_hash", "plan_hash"] {
            assert_eq!(shown[hash].as_str().map(str::len), Some(64), "{hash}");
            shown[hash] = json!("[hash]");
        }
        assert_shape!(brief(shown), @r#"
        {
          "clicks": 2,
          "closed_at": "2026-02-02T12:00:00Z",
          "inputs_hash": "[hash]",
          "patrons": 1,
          "period": "2026-01",
          "plan_hash": "[hash]",
          "settled_at": "2026-02-02T12:00:00Z",
          "totals": [
            {
              "currency": "EUR",
              "fee": "0.20 EUR",
              "gross": "2.00 EUR",
              "net": "1.80 EUR",
              "pool": "0.00 EUR",
              "promised": "4.00 EUR",
              "taken": "2.00 EUR"
            }
          ],
          "works": 1
        }
        "#);
        assert!(answer.headers.contains_key("etag"));
        let list = stranger.get("/settlements?limit=1").await;
        assert_eq!((&list.body["items"][0], &list.body["next"]), (&answer.body, &json!(null)));
        stranger.get("/settlements/2026-02").await.assert_problem(404, "not_found");
        stranger.get("/settlements?after=ff").await.assert_problem(422, "cursor_foreign");
    }
}

#[tokio::test]
async fn many_months_come_in_pages() {
    for instance in engines().await {
        let (ada, _) = settled(&instance).await;
        instance.at("2026-04-02T12:00:00Z");
        settle_what_is_due(&instance).await;
        for path in ["/settlements", "/me/statements"] {
            let first = ada.get(&format!("{path}?limit=1")).await;
            let next = first.body["next"].as_str();
            let all = ada.get(path).await.body["items"].as_array().expect("items").len();
            assert_eq!(next.is_some(), all > 1, "{path}");
            let Some(next) = next else { continue };
            let second = ada.get(&format!("{path}?limit=1&after={next}")).await;
            assert!(
                second.body["items"][0]["period"].as_str()
                    < first.body["items"][0]["period"].as_str()
            );
        }
    }
}

async fn settle_what_is_due(instance: &Instance) {
    settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
}
