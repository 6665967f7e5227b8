//! Claims as people and programs see them: the wizard, one's own, the log in the open. What proofs
//! come to is tested below (obole-app, obole-gateway).

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::testing::{account, engines, own, sqlite};
use obole_domain::{CanonicalUrl, Handle};
use serde_json::json;

use crate::api_client::Client;
use crate::browser::Browser;
use crate::month::a_patron;

#[tokio::test]
async fn the_wizard_says_what_can_be_done_for_an_address() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    own(app, creator, "https://creator.example/song").await;
    let mut browser = Browser::new(app);
    browser.get("/claim").await.assert_has("Is it yours?");
    let page = browser.get("/claim?url=creator.example/song").await;
    page.assert_has("@creator controls this page already");
    let page = browser.get("/claim?url=https://blog.new.example/a").await;
    for text in [
        "A record in the DNS",
        "new.example and every name below it",
        "blog.new.example and every name below it",
        "the whole site blog.new.example/",
        "only this page: blog.new.example/a",
        "You need an account",
    ] {
        page.assert_has(text);
    }
    page.assert_lacks(">Begin<");
    let page = browser.get("/claim?url=https://github.com/zoe/song").await;
    page.assert_has("github.com/zoe/song and every page below it");
    page.assert_has("Many people have their pages on this host");
    page.assert_lacks("every name below it");
    let page = Browser::new(app).speaking("fr").get("/claim?url=new.example").await;
    page.assert_has("Un enregistrement DNS");
    let refused = browser.get("/claim?url=javascript:x").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_has("Only pages of the web");
}

#[tokio::test]
async fn a_claim_is_begun_looked_for_and_given_up() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/claim?url=https://ada.example/song").await;
        let fields = [("method", "dns"), ("reach", "name:ada.example")];
        let begun = browser.submit(&page, "/claim", &fields).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER);
        let address = begun.header("location").to_owned();
        let page = browser.get(&address).await;
        page.assert_has("_obole.ada.example");
        page.assert_has("obole-verification=obole-");
        page.assert_has("waits for its proof");
        // Begun again it is the same one.
        let page = browser.get("/claim?url=https://ada.example/other").await;
        let again = browser.submit(&page, "/claim", &fields).await;
        assert_eq!(again.header("location"), address);
        let refused = browser.submit(&page, "/claim", &[("method", "letter"), ("reach", "")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("cannot work for this address");
        // An instance on this machine asks nobody.
        let page = browser.get(&address).await;
        let looked = browser.submit(&page, &format!("{address}/check"), &[]).await;
        assert_eq!(looked.header("location"), address);
        let page = browser.get(&address).await;
        page.assert_has("The proof was not found yet");
        page.assert_has("The name servers did not answer");
        browser.get("/claims/mine").await.assert_has("ada.example");

        let (mut other, _) = a_patron(app, "bea").await;
        assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND);
        let page = other.get("/claims/mine").await;
        page.assert_has("You have claimed nothing yet");
        let csrf = page.form("/sign-out", &[]).remove(0).1;
        for act in ["check", "give-away"] {
            let fields = [("csrf", csrf.as_str())];
            let refused = other.post(&format!("{address}/{act}"), &fields).await;
            assert_eq!(refused.status, StatusCode::NOT_FOUND, "{act}");
        }
        let page = browser.get(&address).await;
        let ended = browser.submit(&page, &format!("{address}/give-away"), &[]).await;
        assert_eq!(ended.header("location"), "/claims/mine");
        assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND, "nothing came of it");
    }
}

#[tokio::test]
async fn claims_stand_in_the_open() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "zoe").await;
        let mut browser = Browser::new(app);
        browser.get("/claims").await.assert_has("No claims yet");
        for url in ["https://zoe.example/song", "https://blog.zoe.example/a"] {
            let grant = Grant {
                target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
                handle: Handle::parse("zoe").expect("a handle"),
                reason: "Met behind closed doors".to_owned(),
            };
            let work = claims::grant(app, Actor::CommandLine, grant).await.expect("granted").work;
            if url.ends_with("/a") {
                claims::revoke(app, Actor::CommandLine, work, "Sold").await.expect("revoked");
            }
        }
        let page = browser.get("/claims").await;
        for text in
            ["zoe.example/song", "@zoe", "vouched for by the operator", "ended by the operator"]
        {
            page.assert_has(text);
        }
        // Reasons are the operator's own.
        page.assert_lacks("closed doors");
        page.assert_lacks("Sold");
        let page = browser.get("/claims/of/blog.zoe.example").await;
        page.assert_has("blog.zoe.example/a");
        page.assert_lacks("zoe.example/song");
        browser.get("/claims/of/zoe.example").await.assert_has("blog.zoe.example/a");
        browser.get("/claims/of/oe.example").await.assert_has("No claims yet");
        for strange in ["/claims/of/%2F", "/claims/of/a%20b", "/claims/mine/x"] {
            let status = browser.get(strange).await.status;
            let is_told = matches!(status, StatusCode::NOT_FOUND | StatusCode::SEE_OTHER);
            assert!(is_told, "{strange}: {status}");
        }
        let feed = browser.get("/feed/claims").await;
        feed.assert_has("zoe.example/song");
        feed.assert_lacks("closed doors");
    }
}

#[tokio::test]
async fn a_program_begins_a_claim_and_looks() {
    for instance in engines().await {
        let (zoe, _) = Client::new(&instance.app, "zoe").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let given = bob.click("https://zoe.example/song").await;
        let work = given.body["work"]["id"].as_str().expect("a work").to_owned();
        let path = format!("/works/{work}/claims");
        let begun = zoe.post(&path, "", json!({"method": "dns", "reach": "zoe.example"})).await;
        assert_eq!(begun.status.as_u16(), 201, "{:?}", begun.body);
        assert_eq!(begun.body["state"], "challenged");
        assert_eq!(begun.body["reach"], json!({"kind": "name", "value": "zoe.example"}));
        assert_eq!(begun.body["instructions"]["place"], "_obole.zoe.example");
        let again = zoe.post(&path, "", json!({"method": "dns"})).await;
        assert_eq!((again.status.as_u16(), &again.body["id"]), (200, &begun.body["id"]));
        let claim = format!("/claims/{}", begun.text("id"));
        let looked = zoe.post(&format!("{claim}/check"), "", json!({})).await;
        assert_eq!((looked.status.as_u16(), &looked.body["finding"]), (200, &json!("unclear")));
        bob.post(&format!("{claim}/check"), "", json!({})).await.assert_problem(404, "not_found");
        let elsewhere = json!({"method": "dns", "reach": "other.example"});
        zoe.post(&path, "", elsewhere).await.assert_problem(422, "proof_impossible");
        zoe.post(&path, "", json!({"method": "letter"})).await.assert_problem(400, "wrong_type");
    }
}
