//! Works by how the hash of their address begins: what is known, without saying which page.

use std::collections::BTreeSet;

use axum::body::Body;
use obole_app::audit_log::Actor;
use obole_app::suspensions;
use obole_app::testing::{admin, engines, own, refuse, sqlite};
use obole_domain::url_prefix::url_hash;
use obole_domain::{CanonicalUrl, UrlPrefix};
use serde_json::Value;

use crate::api_client::{Answer, Client};

/// The path that asks for an address, and its hash.
fn asked(url: &str) -> (String, String) {
    let url = CanonicalUrl::parse(url).expect("an address");
    let hash = url_hash(&url).iter().map(|byte| format!("{byte:02x}")).collect();
    (format!("/works/prefix/{}", UrlPrefix::of(&url)), hash)
}

fn hashes(answer: &Answer, list: &str) -> Vec<String> {
    let items = answer.body[list].as_array().expect("a list");
    items.iter().map(|item| item.as_str().expect("text").to_owned()).collect()
}

/// Which list an address stands in.
async fn standing(client: &Client, url: &str) -> &'static str {
    let (path, hash) = asked(url);
    let answer = client.get(&path).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    let is_in = |list| hashes(&answer, list).contains(&hash);
    match (is_in("claimed"), is_in("unclaimed")) {
        (true, false) => "claimed",
        (false, true) => "unclaimed",
        (false, false) => "unknown",
        (true, true) => "both",
    }
}

#[tokio::test]
async fn a_page_is_found_by_five_digits_of_its_hash() {
    for instance in engines().await {
        let app = &instance.app;
        let (client, ada) = Client::new(app, "ada").await;
        let (_, bob) = Client::new(app, "bob").await;
        let stranger = Client::stranger(app);
        let own = |who, url| own(app, who, url);
        own(ada, "https://ada.example/song").await;
        let refused = own(ada, "https://ada.example/refused").await;
        refuse(app, refused).await;
        own(bob, "https://bob.example/").await;
        client.click("https://example.org/").await.ok(201);
        assert_eq!(standing(&stranger, "https://ada.example/song").await, "claimed");
        assert_eq!(standing(&stranger, "https://ada.example/refused").await, "unknown");
        assert_eq!(standing(&stranger, "https://example.org/").await, "unclaimed");
        assert_eq!(standing(&stranger, "https://example.org/other").await, "unknown");
        let keeper = Actor::Page(admin(app, "keeper").await);
        assert_eq!(standing(&stranger, "https://bob.example/").await, "claimed");
        suspensions::suspend(app, keeper, bob, "Spam").await.expect("suspended");
        assert_eq!(standing(&stranger, "https://bob.example/").await, "unknown");
    }
}

#[tokio::test]
async fn an_answer_says_neither_who_asked_nor_how_much_there_is() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let stranger = Client::stranger(&instance.app);
        let (path, hash) = asked("https://example.org/");
        let before = stranger.get(&path).await;
        client.click("https://example.org/").await.ok(201);
        let after = stranger.get(&path).await;
        for answer in [&before, &after] {
            let all = [hashes(answer, "claimed"), hashes(answer, "unclaimed")].concat();
            assert_eq!(all.len(), 16);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 16);
            assert!(all.is_sorted() && all.iter().all(|one| one.len() == 64));
            assert!(all.iter().all(|one| one.starts_with(&hash[..5])));
            assert_eq!(answer.header("cache-control"), "public, max-age=600");
            assert!(!answer.headers.contains_key("set-cookie"));
        }
        assert!(hashes(&after, "unclaimed").contains(&hash));
        let tag = after.header("etag").to_owned();
        assert_ne!(tag, before.header("etag"));
        let again = stranger.request("GET", &path).header("if-none-match", &tag);
        let again = stranger.send(again.body(Body::empty()).expect("valid")).await;
        assert_eq!((again.status.as_u16(), again.body), (304, Value::Null));
        // What fills it up is the same for all nodes, whenever they are asked.
        assert_eq!(stranger.get(&path).await.body, after.body);
    }
}

#[tokio::test]
async fn only_five_digits_are_a_prefix() {
    let instance = sqlite().await;
    let stranger = Client::stranger(&instance.app);
    for text in ["8198", "8198d1", "8198D", "x198d", "8198%20", "%00%00%00%00%00", "81-8d"] {
        let answer = stranger.get(&format!("/works/prefix/{text}")).await;
        answer.assert_problem(404, "not_found");
    }
    let _ = stranger.get("/works/prefix/fffff").await.ok(200);
}
