//! Tokens that are looked up in memory: what ends one takes effect at once (O2).

use obole_app::audit_log::Actor;
use obole_app::testing::{admin, engines};
use obole_app::{suspensions, tokens};
use serde_json::json;

use crate::api_client::Client;

const SONG: &str = "https://example.org/song";

#[tokio::test]
async fn a_revoked_token_gives_no_more_clicks() {
    for instance in engines().await {
        let app = &instance.app;
        let (client, ada) = Client::new(app, "ada").await;
        client.click(SONG).await.ok(201);
        let other = Client::of(app, ada, "click").await;
        other.click("https://example.org/other").await.ok(201);
        let rows = tokens::list(app, ada).await.expect("tokens");
        let id = rows.iter().find(|row| row.scopes == "click").expect("the second").id;
        tokens::revoke(app, Actor::Page(ada), ada, id).await.expect("revoked");
        let ended = other.post("/clicks", "again", json!({ "url": SONG })).await;
        ended.assert_problem(401, "token_unknown");
        assert_eq!(ended.header("www-authenticate"), "Bearer error=\"invalid_token\"");
        client.post("/clicks", "again", json!({ "url": SONG })).await.ok(200);
    }
}

#[tokio::test]
async fn a_revoked_token_is_not_told_what_else_is_wrong() {
    for instance in engines().await {
        let app = &instance.app;
        let (client, ada) = Client::new(app, "ada").await;
        let other = Client::of(app, ada, "clicks:read").await;
        client
            .post("/clicks", "k", json!({ "nonsense": 1 }))
            .await
            .assert_problem(400, "field_unknown");
        other
            .post("/clicks", "k", json!({ "url": SONG }))
            .await
            .assert_problem(403, "scope_missing");
        for row in tokens::list(app, ada).await.expect("tokens") {
            tokens::revoke(app, Actor::Page(ada), ada, row.id).await.expect("revoked");
        }
        for client in [client, other] {
            let answer = client.post("/clicks", "k", json!({ "nonsense": 1 })).await;
            answer.assert_problem(401, "token_unknown");
        }
    }
}

#[tokio::test]
async fn a_suspended_account_gives_no_more_clicks() {
    for instance in engines().await {
        let app = &instance.app;
        let keeper = Actor::Page(admin(app, "keeper").await);
        let (client, ada) = Client::new(app, "ada").await;
        client.click(SONG).await.ok(201);
        suspensions::suspend(app, keeper, ada, "spam").await.expect("suspended");
        // A replay is refused too: nothing is said to a token that has ended.
        client.click(SONG).await.assert_problem(401, "token_unknown");
        client.click("https://example.org/b").await.assert_problem(401, "token_unknown");
        suspensions::restore(app, keeper, ada).await.expect("restored");
        let again = client.click(SONG).await;
        assert_eq!(
            (again.ok(201)["points"].clone(), again.header("idempotent-replayed")),
            (json!(1), "true")
        );
    }
}
