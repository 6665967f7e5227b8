//! What an account has set up, whom it trusts, and what it brings along, through the API.

use obole_app::testing::{account, engines, sqlite};
use obole_app::{feeds, oauth, sites};
use obole_domain::Site;
use serde_json::{Value, json};

use crate::api_client::Client;
use crate::browser::Browser;
use crate::oauth_client;

#[tokio::test]
async fn settings_change_one_by_one() {
    for instance in engines().await {
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let set = ada.patch("/me/settings", json!({ "name": "Ada", "language": "fr" })).await;
        assert_eq!(
            set.ok(200),
            json!({
                "name": "Ada", "language": "fr", "is_public": false, "gives_unspent": false,
                "keeps_details": false,
            })
        );
        let set = ada.patch("/me/settings", json!({ "gives_unspent": true })).await.ok(200);
        assert_eq!((&set["name"], &set["gives_unspent"]), (&json!("Ada"), &json!(true)));
        let set = ada.patch("/me/settings", json!({ "language": "none" })).await.ok(200);
        assert_eq!(set["language"], Value::Null);
        assert_eq!(ada.get("/me/settings").await.body, set);
        for (body, status, code, field) in [
            (json!({ "name": "x".repeat(81) }), 422, "too_long", "name"),
            (json!({ "name": "a\u{7}b" }), 422, "not_text", "name"),
            (json!({ "language": "de" }), 400, "wrong_type", "language"),
            (json!({ "handle": "bob" }), 400, "field_unknown", "handle"),
        ] {
            let answer = ada.patch("/me/settings", body).await;
            answer.assert_problem(status, code);
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
    }
}

#[tokio::test]
async fn a_feed_is_seen_and_switched_off_without_its_secret() {
    for instance in engines().await {
        let (ada, id) = Client::new(&instance.app, "ada").await;
        feeds::renew(&instance.app, id).await.expect("made");
        let number = feeds::find(&instance.app, id).await.expect("found").number.expect("a number");
        let feed = ada.patch("/me/feed", json!({ "tells_patrons": true })).await;
        let secret = feeds::secret_of(&instance.app, number);
        assert!(!feed.body.to_string().contains(&secret[..32]), "{}", feed.body);
        assert_eq!(
            (&feed.body["tells_patrons"], &feed.body["private_since"]),
            (&json!(true), &json!("2026-01-15T12:00:00Z"))
        );
        assert!(feed.text("public_url").ends_with("/feed/creator/ada"));
        ada.delete("/me/feed/private").await.ok(204);
        assert_eq!(ada.get("/me/feed").await.body["private_since"], Value::Null);
        ada.patch("/me/feed", json!({})).await.assert_problem(400, "field_missing");
    }
}

#[tokio::test]
async fn trust_in_sites_is_taken_back() {
    for instance in engines().await {
        let (ada, id) = Client::new(&instance.app, "ada").await;
        let site = Site::parse("https://songs.example").expect("a site");
        sites::trust(&instance.app, id, site).await.expect("trusted");
        assert_eq!(
            ada.get("/me/sites").await.body["items"],
            json!([{
                "site": "https://songs.example", "since": "2026-01-15T12:00:00Z", "clicks": 0,
            }])
        );
        let query = "site=https%3A%2F%2Fsongs.example";
        assert_eq!(ada.delete(&format!("/me/sites/clicks?{query}")).await.ok(200)["count"], 0);
        for path in ["/me/sites", "/me/sites/clicks"] {
            ada.delete(path).await.assert_problem(400, "parameter_missing");
            let other = format!("{path}?site=https%3A%2F%2Fother.example");
            ada.delete(&other).await.assert_problem(404, "not_found");
            let none = format!("{path}?site=ftp%3A%2F%2Fx.example");
            ada.delete(&none).await.assert_problem(422, "url_scheme");
        }
        let (bob, _) = Client::new(&instance.app, "bob").await;
        bob.delete(&format!("/me/sites?{query}")).await.assert_problem(404, "not_found");
        ada.delete(&format!("/me/sites?{query}")).await.ok(204);
        ada.delete(&format!("/me/sites?{query}")).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn an_app_is_listed_its_clicks_taken_back_and_revoked() {
    let instance = sqlite().await;
    let (mut browser, id) = Browser::signed_in(&instance.app, "ada").await;
    let client = oauth_client::Registered::public(&instance.app).await;
    let (access, _) = client.tokens(&mut browser).await;
    let ada = Client::of(&instance.app, id, "settings").await;
    let app = ada.get("/me/apps").await.body["items"][0].clone();
    let granted = oauth::granted(&instance.app, id).await.expect("found");
    assert_eq!(app["id"], granted[0].client.to_string());
    let path = format!("/me/apps/{}", granted[0].client);
    assert_eq!(ada.delete(&format!("{path}/clicks")).await.ok(200)["count"], 0);
    ada.delete("/me/apps/x").await.assert_problem(404, "not_found");
    ada.delete("/me/apps/x/clicks").await.assert_problem(404, "not_found");
    // What an app is granted does not open these doors, whatever it is.
    ada.with_token(&access).get("/me/apps").await.assert_problem(403, "scope_missing");
    ada.delete(&path).await.ok(204);
    ada.delete(&path).await.assert_problem(404, "not_found");
    ada.with_token(&access).get("/me").await.assert_problem(401, "token_unknown");
}

#[tokio::test]
async fn what_is_brought_along_waits_and_is_dismissed() {
    for instance in engines().await {
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let file = "https://example.net/tool\nhttps://example.net/library\nhttps://c.example/\n";
        let brought = ada.post("/me/proposals", "", json!({ "file": file })).await.ok(200);
        assert_eq!(brought, json!({ "new": 3, "known": 0, "unusable": 0, "left_out": 0 }));
        let brought = ada.post("/me/proposals", "", json!({ "file": file })).await.ok(200);
        assert_eq!(brought["known"], 3);
        let waiting = ada.get("/me/proposals").await.ok(200);
        assert_eq!((&waiting["count"], waiting["items"].as_array().unwrap().len()), (&json!(3), 3));
        let some = json!({ "urls": ["https://example.net/tool", "https://example.org/"] });
        assert_eq!(ada.post("/me/proposals/dismiss", "", some).await.ok(200)["count"], 1);
        for (body, status, code) in [
            (json!({ "urls": [] }), 400, "wrong_type"),
            (json!({ "urls": vec!["https://example.net/"; 26] }), 400, "wrong_type"),
            (json!({ "urls": ["ftp://example.net/"] }), 422, "url_scheme"),
        ] {
            ada.post("/me/proposals/dismiss", "", body).await.assert_problem(status, code);
        }
        let nothing = ada.post("/me/proposals", "", json!({ "file": "nothing" })).await;
        nothing.assert_problem(422, "nothing_to_bring");
        let long = json!({ "file": "é".repeat(100_001) });
        ada.post("/me/proposals", "", long).await.assert_problem(422, "too_long");
        let much = json!({ "file": "x".repeat(3_000_000) });
        ada.post("/me/proposals", "", much).await.assert_problem(413, "too_large");
        let (bob, _) = Client::new(&instance.app, "bob").await;
        assert_eq!(bob.get("/me/proposals").await.body["count"], 0);
        ada.delete("/me/proposals").await.ok(204);
        assert_eq!(ada.get("/me/proposals").await.body["count"], 0);
    }
}

#[tokio::test]
async fn one_click_says_what_it_would_come_to() {
    for instance in engines().await {
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let given = ada.click("https://example.org/").await;
        let path = format!("/clicks/{}", given.body["work"]["id"].as_str().unwrap());
        assert_eq!(ada.get(&path).await.body, given.body);
        bob.get(&path).await.assert_problem(404, "click_missing");
        ada.get("/clicks/x").await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn every_problem_is_explained_in_the_language_asked_for() {
    let instance = sqlite().await;
    let ada = account(&instance.app, "ada").await;
    let stranger = Client::stranger(&instance.app);
    let list = stranger.get("/problems").await.ok(200);
    let items = list["items"].as_array().expect("items");
    let all = obole_web::api::problems::all();
    assert_eq!(items.len(), all.len());
    let points = items.iter().find(|item| item["code"] == "points_out_of_range").expect("there");
    assert!(points["meaning"].as_str().unwrap().contains("‹limit›"), "{points}");
    assert!(points["type"].as_str().unwrap().ends_with("/api/problems#points_out_of_range"));
    let french = Client::of(&instance.app, ada, "profile").await;
    let request = french.request("GET", "/problems").header("accept-language", "fr");
    let french = french.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_ne!(french.body["items"], list["items"]);
}
