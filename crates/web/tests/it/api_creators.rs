//! What creators have through the API: works, claims, notes of thanks, sayable codes, a profile.

use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::testing::{engines, own, sqlite};
use obole_domain::{CanonicalUrl, Handle, WorkId};
use serde_json::json;

use crate::api_client::{Client, plain};

const SONG: &str = "https://music.example/song";

/// The operator vouches that a work is Zoe's.
async fn claim(app: &App, url: &str) -> WorkId {
    let grant = Grant {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        handle: Handle::parse("zoe").expect("a handle"),
        reason: "A test".to_owned(),
    };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted").work
}

#[tokio::test]
async fn works_and_claims_of_ones_own() {
    for instance in engines().await {
        let (zoe, _) = Client::new(&instance.app, "zoe").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let song = claim(&instance.app, SONG).await;
        instance.at("2026-01-15T12:00:01Z");
        claim(&instance.app, "https://music.example/other").await;
        let page = zoe.get("/me/works?limit=1").await;
        let urls = |body: &serde_json::Value| body["items"][0]["url"].as_str().unwrap().to_owned();
        assert_eq!(urls(&page.body), SONG);
        let rest = zoe.get(&format!("/me/works?after={}", page.text("next"))).await;
        assert_eq!(urls(&rest.body), "https://music.example/other");
        let claim = zoe.get("/me/claims").await.body["items"][1].clone();
        assert_eq!(
            plain(claim.clone()),
            json!({
                "id": "[id]", "work": "[id]", "url": SONG, "method": "operator", "state": "proven",
                "reach": {"kind": "page", "value": SONG}, "instructions": null, "finding": null,
                "checked_at": null, "next_check_at": null, "pays": true,
                "created_at": "2026-01-15T12:00:00Z", "proven_at": "2026-01-15T12:00:00Z",
                "ended_at": null,
            })
        );
        let path = format!("/claims/{}", claim["id"].as_str().unwrap());
        assert_eq!(zoe.get(&path).await.body, claim);
        bob.get(&path).await.assert_problem(404, "not_found");
        zoe.get("/claims/x").await.assert_problem(404, "not_found");
        claims::revoke(&instance.app, Actor::CommandLine, song, "sold").await.expect("ended");
        assert_eq!(zoe.get(&path).await.body["state"], "lost");
        assert_eq!(zoe.get("/me/works").await.body["items"].as_array().unwrap().len(), 1);
        assert_eq!(zoe.get("/me/claims").await.body["items"].as_array().unwrap().len(), 2);
        assert_eq!(bob.get("/me/works").await.body["items"], json!([]));
    }
}

#[tokio::test]
async fn an_owner_refuses_money_and_takes_it_again() {
    for instance in engines().await {
        let (zoe, account) = Client::new(&instance.app, "zoe").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let song = own(&instance.app, account, SONG).await;
        let path = format!("/works/{song}");
        let refuse = json!({ "is_refused": true });
        bob.patch(&path, refuse.clone()).await.assert_problem(404, "not_found");
        bob.patch(&path, json!({})).await.assert_problem(404, "not_found");
        assert_eq!(zoe.patch(&path, refuse).await.ok(200)["is_refused"], true);
        bob.click(SONG).await.assert_problem(422, "work_refused");
        assert_eq!(bob.get("/profiles/zoe").await.body["works"], json!([]));
        let both = json!({ "is_refused": false, "title": "A song" });
        assert_eq!(zoe.patch(&path, both).await.ok(200)["title"], "A song");
        bob.post("/clicks", "again", json!({ "url": SONG })).await.ok(201);
        let profile = bob.with_token("").get("/profiles/zoe").await.ok(200);
        assert_eq!(
            (&profile["handle"], &profile["works"][0]["title"]),
            (&json!("zoe"), &json!("A song"))
        );
        for handle in ["nobody", "Not a handle"] {
            let path = format!("/profiles/{}", handle.replace(' ', "%20"));
            bob.get(&path).await.assert_problem(404, "not_found");
        }
    }
}

#[tokio::test]
async fn notes_are_read_hidden_and_reported() {
    for instance in engines().await {
        let (zoe, account) = Client::new(&instance.app, "zoe").await;
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let song = own(&instance.app, account, SONG).await;
        let body = json!({ "url": SONG, "note": "For the chorus" });
        ada.post("/clicks", "1", body).await.ok(201);
        assert_eq!(
            plain(zoe.get("/me/notes").await.body)["items"],
            json!([{
                "period": "2026-01", "work": "[id]", "url": SONG, "handle": "ada",
                "note": "For the chorus", "date": "2026-01-15", "is_hidden": false,
                "is_reported": false,
            }])
        );
        assert_eq!(ada.get("/me/notes").await.body["items"], json!([]));
        let path = format!("/me/notes/2026-01/{song}/ada");
        let hide = json!({ "is_hidden": true });
        ada.patch(&path, hide.clone()).await.assert_problem(404, "not_found");
        zoe.patch(&path, hide.clone()).await.ok(204);
        assert_eq!(zoe.get("/me/notes").await.body["items"], json!([]));
        assert_eq!(
            zoe.get("/me/notes?hidden=yes&period=2026-01").await.body["items"][0]["handle"],
            "ada"
        );
        assert_eq!(zoe.get("/me/notes?hidden=yes&period=2025-12").await.body["items"], json!([]));
        zoe.patch(&path, json!({ "is_hidden": false })).await.ok(204);
        for (query, status, code) in [
            ("hidden=perhaps", 400, "choice_unknown"),
            ("period=2026-13", 422, "period_malformed"),
            ("after=ffffffffffffffff", 422, "cursor_foreign"),
        ] {
            zoe.get(&format!("/me/notes?{query}")).await.assert_problem(status, code);
        }
        for part in ["2026-13/x/ada", "2026-01/x/ada"] {
            let path = format!("/me/notes/{part}");
            zoe.patch(&path, hide.clone()).await.assert_problem(404, "not_found");
        }
        let report = format!("{path}/report");
        let reason = |text: &str| json!({ "reason": text });
        zoe.post(&report, "", reason(" ")).await.assert_problem(422, "missing");
        ada.post(&report, "", reason("x")).await.assert_problem(404, "not_found");
        zoe.post(&report, "", reason("An insult.")).await.ok(204);
        zoe.post(&report, "", reason("An insult.")).await.assert_problem(422, "state_moved");
        let hidden = zoe.get("/me/notes?hidden=yes").await;
        assert_eq!(hidden.body["items"][0]["is_reported"], true);
    }
}

#[tokio::test]
async fn codes_are_made_once_a_language_and_lead_to_the_work() {
    for instance in engines().await {
        let (ada, _) = Client::new(&instance.app, "ada").await;
        let stranger = Client::stranger(&instance.app);
        let given = ada.click(SONG).await;
        let work = given.body["work"]["id"].as_str().unwrap();
        let path = format!("/works/{work}/codes");
        assert_eq!(stranger.get(&path).await.body["items"], json!([]));
        let made = ada.post(&path, "", json!({ "language": "fr" })).await.ok(200);
        let again = ada.post(&path, "", json!({ "language": "fr" })).await.ok(200);
        assert_eq!(made, again);
        assert_eq!(stranger.get(&path).await.body["items"], json!([made]));
        let code = made["code"].as_str().unwrap();
        let found = stranger.get(&format!("/codes/{code}")).await;
        assert_eq!(found.body["url"], SONG);
        stranger.get("/codes/nonsense").await.assert_problem(422, "work_code_malformed");
        stranger.get("/works/x/codes").await.assert_problem(404, "not_found");
        ada.post(&path, "", json!({ "language": "de" })).await.assert_problem(400, "wrong_type");
        let none = "/works/019bc186-de00-77c0-a559-b74fdab168e5/codes";
        ada.post(none, "", json!({ "language": "en" })).await.assert_problem(404, "not_found");
        stranger.post(&path, "", json!({})).await.assert_problem(401, "token_missing");
    }
}

#[tokio::test]
async fn a_sound_code_that_no_work_has_is_not_found() {
    let instance = sqlite().await;
    let code = obole_domain::WorkCode::from_random(obole_domain::CodeLanguage::English, [7; 8]);
    let answer = Client::stranger(&instance.app).get(&format!("/codes/{code}")).await;
    answer.assert_problem(404, "not_found");
}
