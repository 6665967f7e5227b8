//! Endpoints through the API.

use axum::body::Body;
use obole_app::testing::engines;
use serde_json::{Value, json};

use crate::api_client::{Answer, Client, assert_shape};

const ROOT: &str = "/me/webhooks";

/// Posts without a body, and without a key: nothing here moves money.
async fn post(client: &Client, path: &str) -> Answer {
    client.send(client.request("POST", path).body(Body::empty()).expect("a request")).await
}

async fn make(client: &Client) -> (String, Value) {
    let new =
        json!({"url": "https://hooks.example/obole", "events": ["payout.sent", "claim.ended"]});
    let request = client.request("POST", ROOT).header("content-type", "application/json");
    let made = client.send(request.body(Body::from(new.to_string())).expect("a request")).await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (201, "no-store"));
    (made.text("id").to_owned(), made.body)
}

#[tokio::test]
async fn an_endpoint_lives_and_goes() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let (id, made) = make(&client).await;
        assert!(made["secret"].as_str().expect("a secret").starts_with("whsec_"));
        let one = format!("{ROOT}/{id}");
        assert_shape!(client.get(&one).await.ok(200), @r#"
        {
          "created_at": "2026-01-15T12:00:00Z",
          "events": [
            "claim.ended",
            "payout.sent"
          ],
          "id": "[id]",
          "is_on": true,
          "is_rotating": false,
          "off_reason": null,
          "url": "https://hooks.example/obole"
        }
        "#);
        let list = client.get(ROOT).await.ok(200);
        assert_eq!(
            (list["items"].as_array().map(Vec::len), &list["next"]),
            (Some(1), &Value::Null)
        );

        let changed = client.patch(&one, json!({"events": ["claim.granted"]})).await.ok(200);
        assert_eq!(changed["events"], json!(["claim.granted"]));
        let off = client.patch(&one, json!({"is_on": false})).await.ok(200);
        assert_eq!((&off["is_on"], &off["off_reason"]), (&json!(false), &json!("owner")));
        post(&client, &format!("{one}/test")).await.assert_problem(422, "webhook_off");
        client.patch(&one, json!({"is_on": true})).await.ok(200);

        let test = post(&client, &format!("{one}/test")).await;
        assert_eq!(test.status.as_u16(), 202);
        let log = client.get(&format!("{one}/deliveries")).await;
        let mut delivery = log.body["items"][0].clone();
        assert_eq!(delivery["id"], test.body["id"]);
        let message = delivery["message_id"].as_str().expect("an id").to_owned();
        assert_eq!(message, format!("msg_{}", test.text("id").replace('-', "")));
        delivery["message_id"] = json!("[message]");
        assert_shape!(crate::api_client::plain(delivery), @r#"
        {
          "body": "{\"type\":\"webhook.test\",\"timestamp\":\"2026-01-15T12:00:00Z\",\"data\":{}}",
          "created_at": "2026-01-15T12:00:00Z",
          "id": "[id]",
          "last_try": null,
          "message_id": "[message]",
          "next_try_at": "2026-01-15T12:00:00Z",
          "state": "waiting",
          "tries": 0,
          "type": "webhook.test"
        }
        "#);
        let replay = format!("{one}/deliveries/{}/replay", test.text("id"));
        assert_eq!(post(&client, &replay).await.status.as_u16(), 202);
        assert_eq!(client.delete(&one).await.status.as_u16(), 204);
        client.get(&one).await.assert_problem(404, "not_found");
        post(&client, &replay).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_and_others_see_nothing() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        for (new, status, code, field) in [
            (
                json!({"url": "http://a.example/", "events": ["payout.sent"]}),
                422,
                "webhook_url",
                "url",
            ),
            (
                json!({"url": "https://10.0.0.1/", "events": ["payout.sent"]}),
                422,
                "webhook_url",
                "url",
            ),
            (
                json!({"url": "https://a.example/", "events": []}),
                422,
                "webhook_events_missing",
                "events",
            ),
            (
                json!({"url": "https://a.example/", "events": ["x"]}),
                422,
                "webhook_event_unknown",
                "events",
            ),
            (
                json!({"url": "https://a.example/", "events": ["payout.sent claim.ended"]}),
                422,
                "webhook_event_unknown",
                "events",
            ),
            (json!({"url": "https://a.example/"}), 400, "field_missing", "events"),
            (json!({"url": "https://a.example/", "events": "x"}), 400, "wrong_type", "events"),
        ] {
            let refused = client.post(ROOT, "k", new).await;
            refused.assert_problem(status, code);
            assert_eq!(refused.body["errors"][0]["field"], field, "{}", refused.body);
        }
        let (id, _) = make(&client).await;
        let one = format!("{ROOT}/{id}");
        let (other, _) = Client::new(&instance.app, "eve").await;
        other.get(&one).await.assert_problem(404, "not_found");
        other.patch(&one, json!({"is_on": false})).await.assert_problem(404, "not_found");
        other.delete(&one).await.assert_problem(404, "not_found");
        other.get(&format!("{one}/deliveries")).await.assert_problem(404, "not_found");
        post(&other, &format!("{one}/test")).await.assert_problem(404, "not_found");
        for path in [format!("{ROOT}/x"), format!("{one}/deliveries/x/replay")] {
            let answer = if path.ends_with("replay") {
                post(&client, &path).await
            } else {
                client.get(&path).await
            };
            answer.assert_problem(404, "not_found");
        }
        let narrow = Client::of(&instance.app, ada, "profile click").await;
        narrow.get(ROOT).await.assert_problem(403, "scope_missing");
        Client::stranger(&instance.app).get(ROOT).await.assert_problem(401, "token_missing");
    }
}

#[tokio::test]
async fn a_long_log_comes_in_pages() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let (id, _) = make(&client).await;
        let mut expected = Vec::new();
        for _ in 0..5 {
            let test = post(&client, &format!("{ROOT}/{id}/test")).await;
            expected.push(test.text("id").to_owned());
        }
        let (mut found, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("{ROOT}/{id}/deliveries?limit=2&after={after}");
            let page = client.get(&path).await;
            let items = page.body["items"].as_array().expect("items");
            found.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
            let Some(next) = page.body["next"].as_str() else { break };
            assert!(page.header("link").contains("rel=\"next\""));
            after = next.to_owned();
        }
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }
}
