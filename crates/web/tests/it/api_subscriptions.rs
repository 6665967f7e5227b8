//! Subscriptions through the API.

use obole_app::audit_log::Actor;
use obole_app::testing::{engines, own, sqlite};
use obole_app::{policy, subscriptions};
use serde_json::{Value, json};

use crate::api_client::{ALL, Client, assert_shape};

const SONG: &str = "https://example.org/song";
const PATH: &str = "/me/subscriptions";

/// The address of what was made.
fn path_of(made: &crate::api_client::Answer) -> String {
    format!("{PATH}/{}", made.text("id"))
}

#[tokio::test]
async fn a_subscription_is_made_listed_changed_and_stopped() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let sent = json!({ "url": "HTTPS://Example.org/song", "points": 3, "periods": 12 });
        let made = client.post(PATH, "1", sent.clone()).await;
        let path = path_of(&made);
        assert_shape!(made.ok(201), @r#"
        {
          "created_at": "2026-01-15T12:00:00Z",
          "ended_at": null,
          "ending": null,
          "id": "[id]",
          "last_given": "2026-01",
          "missed": null,
          "next_period": "2026-02",
          "periods_given": 1,
          "periods_left": 11,
          "points": 3,
          "started_at": "2026-01-15T12:00:00Z",
          "state": "running",
          "work": {
            "id": "[id]",
            "is_refused": false,
            "owner": null,
            "title": "example.org/song",
            "url": "https://example.org/song"
          }
        }
        "#);
        let again = client.post(PATH, "1", sent).await;
        assert_eq!((again.body.clone(), again.header("idempotent-replayed")), (made.body, "true"));
        assert_eq!(client.get("/clicks").await.ok(200)["items"][0]["points"], 3);
        let paused = client.patch(&path, json!({ "state": "paused", "points": 5 })).await.ok(200);
        assert_eq!(paused["state"], "paused");
        assert_eq!((&paused["points"], &paused["next_period"]), (&json!(5), &Value::Null));
        let endless = client.patch(&path, json!({ "periods": null })).await.ok(200);
        assert_eq!((&endless["periods_left"], &endless["points"]), (&Value::Null, &json!(5)));
        instance.at("2026-03-02T00:00:00Z");
        let running = client.patch(&path, json!({ "state": "running", "periods": 3 })).await;
        let running = running.ok(200);
        assert_eq!(
            (&running["periods_left"], &running["last_given"]),
            (&json!(2), &json!("2026-03"))
        );
        assert_eq!(running["started_at"], "2026-03-02T00:00:00Z");
        assert_eq!(client.get("/clicks").await.ok(200)["items"][0]["points"], 5);
        client.delete(&path).await.ok(204);
        client.delete(&path).await.ok(204);
        let stopped = client.get(&path).await.ok(200);
        assert_eq!((&stopped["state"], &stopped["ending"]), (&json!("ended"), &json!("stopped")));
        client.patch(&path, json!({ "points": 1 })).await.assert_problem(422, "subscription_ended");
        assert_eq!(client.get(PATH).await.ok(200), json!({ "items": [stopped], "next": null }));
    }
}

#[tokio::test]
async fn one_that_begins_with_the_next_month_gives_nothing_now() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    let made = client.post(PATH, "1", json!({ "url": SONG, "begins": "next" })).await.ok(201);
    assert_eq!((&made["next_period"], &made["last_given"]), (&json!("2026-02"), &Value::Null));
    assert_eq!(client.get("/clicks").await.ok(200), json!({ "items": [], "next": null }));
}

#[tokio::test]
async fn what_a_rule_refuses_is_422_and_what_cannot_be_read_400() {
    for instance in engines().await {
        let app = &instance.app;
        let (client, ada) = Client::new(app, "ada").await;
        own(app, ada, "https://ada.example/").await;
        client.post(PATH, "1", json!({ "url": SONG })).await.ok(201);
        for (number, (sent, status, code)) in [
            (json!({ "url": SONG }), 422, "subscribed"),
            (json!({ "url": "https://ada.example/" }), 422, "own_work"),
            (json!({ "url": "ftp://example.org/" }), 422, "url_scheme"),
            (json!({ "url": "https://b.example/", "points": 0 }), 422, "points_out_of_range"),
            (json!({ "url": "https://b.example/", "points": 10_001 }), 422, "points_out_of_range"),
            (json!({ "url": "https://b.example/", "periods": 2 }), 422, "subscription_length"),
            (json!({ "work": "019b0000-0000-7000-8000-000000000000" }), 404, "not_found"),
            (json!({}), 400, "field_either"),
            (json!({ "url": SONG, "work": "x" }), 400, "field_either"),
            (json!({ "url": SONG, "begins": "later" }), 400, "wrong_type"),
            (json!({ "url": SONG, "amount": "2.00" }), 400, "field_unknown"),
            (json!({ "url": SONG, "periods": "3" }), 400, "wrong_type"),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = client.post(PATH, &format!("refused-{number}"), sent.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.text("code")), (status, code), "{sent}");
            answer.assert_problem(status, code);
        }
        let bare = client.request("POST", PATH).header("content-type", "application/json");
        let bare = bare.body(json!({ "url": "https://b.example/" }).to_string().into());
        let bare = client.send(bare.expect("a request")).await;
        bare.assert_problem(400, "idempotency_key_missing");
        let replayed = client.post(PATH, "refused-0", json!({ "url": SONG })).await;
        replayed.assert_problem(422, "subscribed");
        assert_eq!(replayed.header("idempotent-replayed"), "true");
        policy::set_preset(app, Actor::CommandLine, "flattr-2010".into()).await.expect("set");
        let many =
            client.post(PATH, "many", json!({ "url": "https://b.example/", "points": 2 })).await;
        many.assert_problem(422, "points_out_of_range");
    }
}

#[tokio::test]
async fn anothers_subscription_is_not_found() {
    for instance in engines().await {
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let path = path_of(&ada.post(PATH, "1", json!({ "url": SONG })).await);
        for path in [path.as_str(), "/me/subscriptions/x"] {
            bob.get(path).await.assert_problem(404, "subscription_missing");
            bob.delete(path).await.assert_problem(404, "subscription_missing");
            let patched = bob.patch(path, json!({ "state": "paused" })).await;
            patched.assert_problem(404, "subscription_missing");
        }
        assert_eq!(bob.get(PATH).await.ok(200), json!({ "items": [], "next": null }));
        assert_eq!(ada.get(&path).await.ok(200)["state"], "running");
    }
}

#[tokio::test]
async fn changing_needs_click_and_reading_needs_clicks_read() {
    let instance = sqlite().await;
    let (client, ada) = Client::new(&instance.app, "ada").await;
    let path = path_of(&client.post(PATH, "1", json!({ "url": SONG })).await);
    let without =
        |scope: &str| ALL.split(' ').filter(|other| *other != scope).collect::<Vec<_>>().join(" ");
    let reader = Client::of(&instance.app, ada, &without("click")).await;
    reader.get(PATH).await.ok(200);
    reader.get(&path).await.ok(200);
    let writer = Client::of(&instance.app, ada, &without("clicks:read")).await;
    for answer in [
        reader.post(PATH, "2", json!({ "url": "https://b.example/" })).await,
        reader.patch(&path, json!({ "points": 2 })).await,
        reader.delete(&path).await,
        writer.get(PATH).await,
        writer.get(&path).await,
    ] {
        answer.assert_problem(403, "scope_missing");
    }
    let stranger = Client::stranger(&instance.app);
    stranger.get(PATH).await.assert_problem(401, "token_missing");
    stranger.delete(&path).await.assert_problem(401, "token_missing");
}

#[tokio::test]
async fn lists_go_on_page_by_page() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        for number in 0..5 {
            instance.at(&format!("2026-01-16T00:00:0{number}Z"));
            let url = format!("https://work-{number}.example/");
            client.post(PATH, &url, json!({ "url": url, "points": number + 1 })).await.ok(201);
        }
        let mut points = Vec::new();
        let mut next = String::new();
        loop {
            let page = client.get(&format!("{PATH}?limit=2&after={next}")).await;
            let body = page.body;
            let items = body["items"].as_array().expect("items");
            points.extend(items.iter().map(|item| item["points"].as_i64().expect("points")));
            let Some(after) = body["next"].as_str() else { break };
            next = after.to_owned();
        }
        assert_eq!(points, [5, 4, 3, 2, 1]);
        client.get(&format!("{PATH}?after=zz")).await.assert_problem(400, "cursor_malformed");
        client.get(&format!("{PATH}?after=00")).await.assert_problem(422, "cursor_foreign");
        let works = instance.app.read((), move |read, ()| {
            Box::pin(async move {
                let list = obole_store::subscriptions::list_of_patron(
                    read,
                    ada,
                    obole_store::subscriptions::Which::Standing,
                    (None, 10),
                );
                let works: Vec<_> = list.await?.iter().map(|s| s.subscription.work).collect();
                let of = obole_store::subscriptions::of_works(read, ada, &works[..2]).await?;
                Ok((works, of))
            })
        });
        let (works, of) = works.await.expect("read");
        assert_eq!(
            of.keys().copied().collect::<std::collections::BTreeSet<_>>(),
            [works[0], works[1]].into()
        );
        subscriptions::stop(&instance.app, ada, of[&works[0]]).await.expect("stopped");
        let left = instance.app.read(works, move |read, works| {
            Box::pin(
                async move { Ok(obole_store::subscriptions::of_works(read, ada, works).await?) },
            )
        });
        assert_eq!(left.await.expect("read").len(), 4);
    }
}
