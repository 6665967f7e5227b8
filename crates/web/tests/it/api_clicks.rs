//! Clicks through the API.

use obole_app::budgets;
use obole_app::testing::{engines, fund, own, refuse};
use serde_json::json;

use crate::api_client::{Client, assert_shape, brief, euros};

const SONG: &str = "https://example.org/song";

#[tokio::test]
async fn points_add_up_and_tell_what_they_would_come_to() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        let first = client.post("/clicks", "1", json!({ "url": "HTTPS://Example.org/song" })).await;
        assert_shape!(first.ok(201), @r#"
        {
          "estimate": null,
          "period": "2026-01",
          "points": 1,
          "work": {
            "id": "[id]",
            "is_refused": false,
            "owner": null,
            "title": "example.org/song",
            "url": "https://example.org/song"
          }
        }
        "#);
        fund(&instance.app, ada, euros(20)).await;
        budgets::set(&instance.app, ada, euros(5)).await.expect("set");
        let work = first.body["work"]["id"].as_str().expect("an id");
        let more = json!({ "work": work, "points": 3, "note": "Thank you" });
        let second = client.post("/clicks", "2", more).await;
        assert_shape!(brief(second.ok(200)), @r#"
        {
          "estimate": "5.00 EUR",
          "period": "2026-01",
          "points": 4,
          "work": {
            "id": "[id]",
            "is_refused": false,
            "owner": null,
            "title": "example.org/song",
            "url": "https://example.org/song"
          }
        }
        "#);
        let other = client.post("/clicks", "3", json!({ "url": "example.org/b" })).await;
        assert_eq!(other.ok(201)["estimate"], json!({ "amount": "1.00", "currency": "EUR" }));
        assert_shape!(client.get("/clicks").await.ok(200)["items"][1].take(), @r#"
        {
          "carries": 0,
          "clicked_at": "2026-01-15T12:00:00Z",
          "note": "Thank you",
          "period": "2026-01",
          "points": 4,
          "work": {
            "id": "[id]",
            "is_refused": false,
            "owner": null,
            "title": "example.org/song",
            "url": "https://example.org/song"
          }
        }
        "#);
    }
}

#[tokio::test]
async fn a_click_is_set_and_taken_back() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        fund(&instance.app, ada, euros(20)).await;
        budgets::set(&instance.app, ada, euros(5)).await.expect("set");
        let work = client.click(SONG).await.body["work"]["id"].clone();
        let path = format!("/clicks/{}", work.as_str().expect("an id"));
        assert_shape!(client.put(&path, json!({ "points": 7 })).await.ok(200), @r#"
        {
          "estimate": {
            "amount": "5.00",
            "currency": "EUR"
          },
          "period": "2026-01",
          "points": 7,
          "work": {
            "id": "[id]",
            "is_refused": false,
            "owner": null,
            "title": "example.org/song",
            "url": "https://example.org/song"
          }
        }
        "#);
        for points in [0, -1, 1_000_001, i64::MAX] {
            let answer = client.put(&path, json!({ "points": points })).await;
            answer.assert_problem(422, "points_out_of_range");
        }
        let (other, _) = Client::new(&instance.app, "bob").await;
        other.put(&path, json!({ "points": 7 })).await.assert_problem(404, "click_missing");
        other.delete(&path).await.assert_problem(404, "click_missing");
        client.delete(&path).await.ok(204);
        client.delete(&path).await.assert_problem(404, "click_missing");
        client.put(&path, json!({ "points": 1 })).await.assert_problem(404, "click_missing");
        for path in ["/clicks/x", "/clicks/019b0000-0000-7000-8000-000000000000"] {
            assert_eq!(client.delete(path).await.status.as_u16(), 404, "{path}");
        }
        assert_eq!(client.get("/clicks").await.ok(200), json!({ "items": [], "next": null }));
    }
}

#[tokio::test]
async fn what_a_rule_refuses_is_422() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        own(&instance.app, ada, "https://ada.example/").await;
        let (_, bob) = Client::new(&instance.app, "bob").await;
        let refused = own(&instance.app, bob, "https://bob.example/").await;
        refuse(&instance.app, refused).await;
        let long = format!("https://example.org/{}", "a".repeat(3_000));
        for (number, (body, code, field)) in [
            (json!({ "url": "https://ada.example" }), "own_work", "url"),
            (json!({ "url": "https://bob.example" }), "work_refused", "url"),
            (json!({ "url": "javascript:alert(1)" }), "url_scheme", "url"),
            (json!({ "url": "not a url" }), "url_malformed", "url"),
            (json!({ "url": "" }), "missing", "url"),
            (json!({ "url": long }), "url_too_long", "url"),
            (json!({ "url": SONG, "points": 0 }), "points_out_of_range", "points"),
            (json!({ "url": SONG, "points": -1 }), "points_out_of_range", "points"),
            (json!({ "url": SONG, "points": i64::MAX }), "points_out_of_range", "points"),
            (json!({ "url": SONG, "note": "x".repeat(501) }), "too_long", "note"),
            (json!({ "url": SONG, "note": "a\u{0}b" }), "not_text", "note"),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = client.post("/clicks", &number.to_string(), body).await;
            answer.assert_problem(422, code);
            assert_eq!(answer.body["errors"][0]["field"], field, "{}", answer.body);
        }
        for work in ["x", "019b0000-0000-7000-8000-000000000000"] {
            let answer = client.post("/clicks", work, json!({ "work": work })).await;
            answer.assert_problem(404, "not_found");
        }
        assert_eq!(client.get("/clicks").await.body["items"], json!([]));
    }
}

#[tokio::test]
async fn a_long_month_comes_in_pages() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        for number in 0..5 {
            client.click(&format!("https://example.org/{number}")).await.ok(201);
        }
        let mut seen = Vec::new();
        let mut path = "/clicks?period=2026-01&limit=2".to_owned();
        loop {
            let answer = client.get(&path).await;
            let items = answer.body["items"].as_array().expect("items").clone();
            assert!(items.len() <= 2);
            seen.extend(items.iter().map(|item| item["work"]["url"].as_str().unwrap().to_owned()));
            let Some(next) = answer.body["next"].as_str() else {
                assert_eq!(answer.header("link"), "");
                break;
            };
            let link = answer.header("link");
            let address = link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\""));
            path = address
                .and_then(|a| a.strip_prefix("http://127.0.0.1:8080/api/v1"))
                .unwrap()
                .into();
            assert_eq!(path, format!("/clicks?period=2026-01&limit=2&after={next}"));
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 5);
        assert_eq!(client.get("/clicks?period=2025-12").await.body["items"], json!([]));
        for (query, status, code) in [
            ("limit=0", 400, "limit_malformed"),
            ("limit=201", 400, "limit_malformed"),
            ("limit=-1", 400, "limit_malformed"),
            ("limit=1&limit=2", 422, "not_text"),
            ("limit=99999999999999999999", 400, "limit_malformed"),
            ("after=zz", 400, "cursor_malformed"),
            ("after=00", 422, "cursor_foreign"),
            ("after=ffffffffffffffffffffffffffffffffffffffffffffffff", 200, ""),
            ("after=7fffffffffffffffffffffffffffffffffffffffffffffff", 422, "cursor_foreign"),
            ("period=2026-13", 422, "period_malformed"),
            ("period=%00", 422, "not_text"),
            ("period=%ff", 422, "not_text"),
        ] {
            let answer = client.get(&format!("/clicks?{query}")).await;
            if status == 200 {
                answer.ok(200);
            } else {
                answer.assert_problem(status, code);
            }
        }
    }
}

#[tokio::test]
async fn sixty_clicks_a_minute_are_enough() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        for number in 0..60 {
            let answer = client.post("/clicks", &number.to_string(), json!({ "url": SONG })).await;
            assert!(answer.status.is_success(), "{}", answer.body);
        }
        let answer = client.post("/clicks", "one more", json!({ "url": SONG })).await;
        assert_eq!(answer.status.as_u16(), 400, "a space is not visible");
        let answer = client.post("/clicks", "more", json!({ "url": SONG })).await;
        answer.assert_problem(429, "too_many");
        assert_eq!(answer.header("retry-after"), "60");
        // 429 is not stored under the key (K4).
        instance.at("2026-01-15T12:01:00Z");
        client.post("/clicks", "more", json!({ "url": SONG })).await.ok(200);
    }
}
