//! Works through the API.

use axum::body::Body;
use obole_app::testing::{engines, own};
use serde_json::json;

use crate::api_client::{Client, assert_shape};

#[tokio::test]
async fn works_are_found_by_address_and_text() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        let stranger = Client::stranger(&instance.app);
        own(&instance.app, ada, "https://ada.example/Song").await;
        let id = stranger.get("/works?url=ada.example/Song%23part").await;
        assert_shape!(id.ok(200), @r#"
        {
          "items": [
            {
              "category": null,
              "description": "",
              "id": "[id]",
              "is_hidden": false,
              "is_refused": false,
              "language": null,
              "owner": "ada",
              "tags": [],
              "title": "ada.example/Song",
              "url": "https://ada.example/Song"
            }
          ],
          "next": null
        }
        "#);
        let path = format!("/works/{}", id.body["items"][0]["id"].as_str().expect("an id"));
        let titled = client.patch(&path, json!({ "title": " My 100% song " })).await;
        assert_shape!(titled.ok(200), @r#"
        {
          "category": "rest",
          "description": "",
          "id": "[id]",
          "is_hidden": false,
          "is_refused": false,
          "language": "en_GB",
          "owner": "ada",
          "tags": [],
          "title": "My 100% song",
          "url": "https://ada.example/Song"
        }
        "#);
        let none = json!({ "items": [], "next": null });
        assert_eq!(stranger.get("/works?url=https://example.org/").await.ok(200), none);
        assert_eq!(stranger.get("/works?q=nothing%25").await.ok(200), none);
        for text in ["ADA.example", "my%20100%25%20SONG", "100%25"] {
            let found = stranger.get(&format!("/works?q={text}")).await;
            assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1), "{text}");
        }
        stranger.get("/works?url=javascript:x").await.assert_problem(422, "url_scheme");
        stranger.get("/works?q=%00").await.assert_problem(422, "not_text");
        stranger.get("/works?after=00").await.assert_problem(422, "cursor_foreign");
    }
}

#[tokio::test]
async fn a_work_is_asked_for_again_cheaply() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        let path = format!("/works/{}", own(&instance.app, ada, "https://ada.example/").await);
        let answer = client.get(&path).await;
        let tag = answer.header("etag").to_owned();
        assert_eq!(answer.header("cache-control"), "public, no-cache");
        let ask = |tag: String| client.request("GET", &path).header("if-none-match", tag);
        for known in [tag.clone(), format!("\"x\", W/{tag}")] {
            let again = client.send(ask(known).body(Body::empty()).expect("a request")).await;
            assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()));
        }
        client.patch(&path, json!({ "title": "Song" })).await.ok(200);
        let changed = client.send(ask(tag).body(Body::empty()).expect("a request")).await;
        assert_eq!(changed.ok(200)["title"], "Song");
    }
}

#[tokio::test]
async fn only_the_owner_names_a_work() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        let (other, _) = Client::new(&instance.app, "bob").await;
        let own = format!("/works/{}", own(&instance.app, ada, "https://ada.example/").await);
        let title = json!({ "title": "Mine" });
        other.patch(&own, title.clone()).await.assert_problem(404, "not_found");
        let unclaimed = client.click("https://example.org/").await.body["work"]["id"].clone();
        let unclaimed = format!("/works/{}", unclaimed.as_str().expect("an id"));
        client.patch(&unclaimed, title.clone()).await.assert_problem(404, "not_found");
        client.patch("/works/x", title).await.assert_problem(404, "not_found");
        let long = client.patch(&own, json!({ "title": "x".repeat(201) })).await;
        long.assert_problem(422, "too_long");
        assert_eq!(long.body["errors"][0]["field"], "title");
        let hostile = client.patch(&own, json!({ "title": "a\u{202e}b" })).await;
        hostile.assert_problem(422, "not_text");
        assert_eq!(client.get(&own).await.body["title"], "ada.example/");
        assert_eq!(client.get("/works/x").await.status.as_u16(), 404);
    }
}

#[tokio::test]
async fn works_are_found_by_what_is_said_about_them() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, account) = Client::new(app, "ada").await;
        let (bob, _) = Client::new(app, "bob").await;
        for (name, tags, category, language) in [
            ("one", json!(["Game", "free software"]), "software", "en"),
            ("two", json!(["games", "a_c"]), "software", "de_DE"),
            ("three", json!(["game", "abc"]), "audio", "fr_FR"),
        ] {
            // The order is that of their moments.
            crate::oauth_client::wait(app, 1);
            let work = own(app, account, &format!("https://{name}.example/")).await;
            let said = json!({
                "title": name, "tags": tags, "category": category, "language": language,
                "description": format!("About {name}"),
            });
            let path = format!("/works/{work}");
            let changed = ada.patch(&path, said.clone()).await.ok(200);
            assert_eq!((&changed["category"], &changed["tags"]), (&json!(category), &tags));
            let other = bob.patch(&path, said).await;
            other.assert_problem(404, "not_found");
        }
        let found = async |query: &str| {
            let list = bob.get(&format!("/works?{query}")).await.ok(200);
            let items = list["items"].as_array().expect("a list").iter();
            let titles = items.map(|item| item["title"].as_str().expect("text").to_owned());
            titles.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("").await, "one two three");
        assert_eq!(found("sort=newest").await, "three two one");
        assert_eq!(found("tag=game").await, "one three");
        assert_eq!(found("tag=game&category=audio").await, "three");
        assert_eq!(found("tag=software").await, "", "a part of a tag is none");
        assert_eq!(found("tag=a_c").await, "two", "no letter is a wildcard");
        assert_eq!(found("tag=%25").await, "");
        assert_eq!(found("language=de-AT").await, "two");
        assert_eq!(found("q=about+t&category=software").await, "two");
        let first = bob.get("/works?sort=newest&limit=2").await.ok(200);
        let next = first["next"].as_str().expect("a next page");
        assert_eq!(found(&format!("sort=newest&limit=2&after={next}")).await, "one");
        bob.get("/works?category=poems").await.assert_problem(400, "choice_unknown");
        bob.get("/works?sort=best").await.assert_problem(400, "choice_unknown");
        bob.get("/works?language=cpp").await.assert_problem(422, "work_language_unknown");
        let one = ada.get("/works?url=https://one.example/").await;
        one.ok(200);
        let path = format!("/works/{}", one.body["items"][0]["id"].as_str().expect("an id"));
        ada.patch(&path, json!({ "is_hidden": true })).await.ok(200);
        assert_eq!(found("").await, "two three");
        let unknown = ada.patch(&path, json!({ "language": "cpp" })).await;
        unknown.assert_problem(422, "work_language_unknown");
        let long = ada.patch(&path, json!({ "description": "x".repeat(1_001) })).await;
        assert_eq!(long.status, 422);
        assert_eq!(ada.get(&path).await.ok(200)["description"], "About one", "nothing changed");
    }
}
