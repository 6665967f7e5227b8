//! The OAuth2 provider: what works (security.md O1 to O4).

use axum::body::Body;
use axum::http::{Request, StatusCode};
use obole_app::audit_log::Actor;
use obole_app::oauth::{self, Mark};
use obole_app::testing::{account, admin, engines, own, sqlite};
use obole_domain::client::{ClientId, ClientKind};
use serde_json::{Value, json};

use crate::api_client::Client;
use crate::browser::Browser;
use crate::oauth_client::{CALLBACK, ISSUER, Registered, VERIFIER, answer_of, opens, wait};

const SONG: &str = "https://songs.example/one";

#[tokio::test]
async fn a_client_gets_tokens_for_a_yes() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let page = ada.get(&client.asks(&[])).await;
        for text in ["Song player", "Unproven", "@ada", "Read your name", "Click, change"] {
            page.assert_has(text);
        }
        page.assert_has("go on to songs.example");
        let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "yes")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let location = answer.header("location").to_owned();
        assert!(location.starts_with(&format!("{CALLBACK}?code=obo_ac_")), "{location}");
        assert_eq!(answer_of(&answer, "state"), "the state");
        assert_eq!(answer_of(&answer, "iss"), ISSUER);
        let tokens = client.exchange(&answer_of(&answer, "code"), &[]).await.ok();
        assert_eq!(tokens.text("token_type"), "Bearer");
        assert_eq!(tokens.text("scope"), "profile click");
        assert_eq!(tokens.body["expires_in"], 3_600);
        assert!(tokens.text("access_token").starts_with("obo_at_"));
        assert!(tokens.text("refresh_token").starts_with("obo_rt_"));

        let api = Client::stranger(app).with_token(tokens.text("access_token"));
        assert_eq!(api.get("/me").await.ok(200)["handle"], "ada");
        api.click(SONG).await.ok(201);
        api.get("/clicks").await.assert_problem(403, "scope_missing");
        let granted = oauth::granted(app, id).await.expect("granted");
        assert_eq!((granted.len(), granted[0].clicks), (1, 1));
        wait(app, 3_600);
        assert!(!opens(app, tokens.text("access_token")).await);
        api.click(SONG).await.assert_problem(401, "token_unknown");
    }
}

#[tokio::test]
async fn a_confidential_client_proves_itself_in_either_way() {
    for instance in engines().await {
        let app = &instance.app;
        let owner = account(app, "developer").await;
        let client = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let code = client.code(&mut ada, &[]).await;
        client.exchange(&code, &[]).await.ok();
        let code = client.code(&mut ada, &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        let secret = client.secret.clone().expect("a secret");
        let basic = Some((client.id.as_str(), secret.as_str()));
        client.post_as("/oauth/token", &fields, basic).await.ok();
        // The secret before stays good for a day.
        let id = ClientId::parse(&client.id).expect("an id");
        let newer = oauth::rotate(app, owner, id).await.expect("a secret");
        let with = |secret: &str| Registered { secret: Some(secret.to_owned()), ..client.clone() };
        for (after, secret, status) in
            [(0, &newer, 200), (0, &secret, 200), (86_400, &newer, 200), (0, &secret, 401)]
        {
            wait(app, after);
            let answer = with(secret).post("/oauth/revoke", &[("token", "x")]).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let (access, refresh) = client.tokens(&mut ada).await;
        wait(app, 3_500);
        let second = client.refresh(&refresh, &[("scope", "click")]).await.ok();
        assert_eq!(second.text("scope"), "click");
        assert!(opens(app, &access).await, "the one before ends by itself");
        let third = client.refresh(second.text("refresh_token"), &[]).await.ok();
        assert_eq!(third.text("scope"), "profile click");
        // An answer was lost: the same comes once more, and the tokens of the lost one are none.
        let fourth = client.refresh(third.text("refresh_token"), &[]).await.ok();
        wait(app, 30);
        let again = client.refresh(third.text("refresh_token"), &[]).await.ok();
        assert_ne!(again.text("refresh_token"), fourth.text("refresh_token"));
        client.refresh(again.text("refresh_token"), &[]).await.ok();
        // Ninety days after the yes everything ends.
        let granted = oauth::granted(app, id).await.expect("granted");
        assert_eq!(granted.len(), 1);
        let last = client.tokens(&mut ada).await.1;
        wait(app, 90 * 86_400);
        client.refresh(&last, &[]).await.assert_fault(400, "invalid_grant");
        assert!(oauth::granted(app, id).await.expect("granted").is_empty());
    }
}

#[tokio::test]
async fn a_client_gives_tokens_back() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let (access, refresh) = client.tokens(&mut ada).await;
        client.post("/oauth/revoke", &[("token", &access)]).await.ok();
        assert!(!opens(app, &access).await);
        let next = client.refresh(&refresh, &[]).await.ok();
        let hint = ("token_type_hint", "access_token");
        client.post("/oauth/revoke", &[("token", next.text("refresh_token")), hint]).await.ok();
        assert!(!opens(app, next.text("access_token")).await);
        client.refresh(next.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        client.post("/oauth/revoke", &[("token", "obo_at_nothing")]).await.ok();
        client.post("/oauth/revoke", &[]).await.assert_fault(400, "invalid_request");
    }
}

#[tokio::test]
async fn a_resource_server_sees_tokens_of_its_developer() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, id) = Browser::signed_in(app, "ada").await;
    let (access, refresh) = client.tokens(&mut ada).await;
    let found = oauth::find(app, ClientId::parse(&client.id).expect("an id")).await;
    let owner = found.expect("found").expect("a client").owner.expect("registered");
    let server = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
    let seen = server.post("/oauth/introspect", &[("token", &access)]).await.ok();
    assert_eq!(seen.body["active"], true);
    let text = |name| seen.text(name).to_owned();
    assert_eq!((text("scope"), text("client_id")), ("profile click".into(), client.id.clone()));
    assert_eq!((text("username"), text("sub")), ("ada".into(), id.to_string()));
    let stranger = account(app, "stranger").await;
    let other = Registered::new(app, stranger, ClientKind::Confidential, CALLBACK).await;
    for (asking, token) in [(&other, &access), (&server, &refresh), (&server, &client.id)] {
        let seen = asking.post("/oauth/introspect", &[("token", token)]).await.ok();
        assert_eq!(seen.body, json!({ "active": false }));
    }
    let public = client.post("/oauth/introspect", &[("token", &access)]).await;
    public.assert_fault(401, "invalid_client");
    wait(app, 3_600);
    let seen = server.post("/oauth/introspect", &[("token", &access)]).await.ok();
    assert_eq!(seen.body, json!({ "active": false }));
}

#[tokio::test]
async fn a_device_waits_for_a_yes() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let poll = async |device: &str| {
            let grant = ("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
            client.post("/oauth/token", &[grant, ("device_code", device)]).await
        };
        let start =
            async || client.post("/oauth/device_authorization", &[("scope", "click")]).await.ok();
        let started = start().await;
        let device = started.text("device_code");
        assert_eq!(
            (started.body["expires_in"].clone(), started.body["interval"].clone()),
            (json!(600), json!(5))
        );
        poll(device).await.assert_fault(400, "authorization_pending");
        wait(app, 4);
        poll(device).await.assert_fault(400, "slow_down");
        wait(app, 9);
        poll(device).await.assert_fault(400, "slow_down");
        wait(app, 15);
        poll(device).await.assert_fault(400, "authorization_pending");

        let complete = started.text("verification_uri_complete");
        let page = ada.get(complete.strip_prefix("http://127.0.0.1:8080").expect("ours")).await;
        let wrong = ada.submit(&page, "/device", &[("code", "BBBB-BBBB")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.assert_has("No device shows this code now");
        let asked = ada.submit(&page, "/device", &[]).await;
        for text in ["Song player", "Unproven", "Click, change", "in front of you"] {
            asked.assert_has(text);
        }
        assert_eq!(asked.header("cache-control"), "no-store");
        let done = ada.submit(&asked, "/device/answer", &[("answer", "yes")]).await;
        ada.follow(done).await.assert_has("connected in a few seconds");
        let tokens = poll(device).await.ok();
        assert_eq!(tokens.text("scope"), "click");
        let api = Client::stranger(app).with_token(tokens.text("access_token"));
        api.click(SONG).await.ok(201);
        ada.get("/settings/apps").await.assert_has("Song player");
        poll(device).await.assert_fault(400, "invalid_grant");

        let refused = start().await;
        let page = ada.get(&format!("/device?code={}", refused.text("user_code"))).await;
        let asked = ada.submit(&page, "/device", &[]).await;
        ada.submit(&asked, "/device/answer", &[("answer", "no")]).await;
        poll(refused.text("device_code")).await.assert_fault(400, "access_denied");
        let late = start().await;
        wait(app, 600);
        poll(late.text("device_code")).await.assert_fault(400, "expired_token");
        let page = ada.get(&format!("/device?code={}", late.text("user_code"))).await;
        let asked = ada.submit(&page, "/device", &[]).await;
        asked.assert_has("No device shows this code now");
    }
}

#[tokio::test]
async fn an_account_sees_and_ends_what_it_granted() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        ada.get("/settings/apps").await.assert_has("You have allowed no app anything");
        let (access, refresh) = client.tokens(&mut ada).await;
        let api = Client::stranger(app).with_token(&access);
        let given = api.click(SONG).await.ok(201);
        assert_eq!(given["points"], 1);
        api.click("https://songs.example/two").await.ok(201);
        let own = Client::of(app, id, "click clicks:read").await;
        own.click("https://songs.example/three").await.ok(201);
        let page = ada.get("/settings/apps").await;
        page.assert_has("Song player");
        let revoked = ada.submit(&page, "/settings/apps/revoke", &[]).await;
        let page = ada.follow(revoked).await;
        page.assert_has("Song player can do nothing for you any more");
        page.assert_has("You have allowed no app anything");
        assert!(!opens(app, &access).await);
        api.click(SONG).await.assert_problem(401, "token_unknown");
        client.refresh(&refresh, &[]).await.assert_fault(400, "invalid_grant");
        let clicks = own.get("/clicks").await.ok(200);
        assert_eq!(clicks["items"].as_array().map(Vec::len), Some(3), "what was clicked stands");
    }
}

#[tokio::test]
async fn everything_that_an_app_clicked_is_taken_back_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let (access, _) = client.tokens(&mut ada).await;
        let api = Client::stranger(app).with_token(&access);
        let own = Client::of(app, id, "click clicks:read").await;
        own.click("https://songs.example/mine").await.ok(201);
        api.post("/clicks", "k", json!({ "url": "https://songs.example/mine" })).await.ok(200);
        api.click(SONG).await.ok(201);
        api.click("https://songs.example/two").await.ok(201);
        let page = ada.get("/settings/apps").await;
        let taken = ada.submit(&page, "/settings/apps/take-back", &[]).await;
        ada.follow(taken).await.assert_has("2 clicks that Song player made this month");
        let left = own.get("/clicks").await.ok(200);
        let urls: Vec<&Value> = left["items"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| &one["work"]["url"])
            .collect();
        assert_eq!(urls, [&json!("https://songs.example/mine")]);
        assert_eq!(oauth::granted(app, id).await.expect("granted")[0].clicks, 0);
    }
}

#[tokio::test]
async fn a_developer_registers_changes_and_deletes_an_app() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut dev, id) = Browser::signed_in(app, "developer").await;
        let page = dev.get("/apps").await;
        page.assert_has("You have registered no app");
        let bad = [("name", "Player"), ("redirects", "http://evil.example/"), ("kind", "public")];
        let refused = dev.submit(&page, "/apps", &bad).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("Answers cannot be sent to this address");
        let legacy = [("name", "Player"), ("redirects", CALLBACK), ("kind", "legacy")];
        let refused = dev.submit(&page, "/apps", &legacy).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let two = "https://songs.example/callback\r\ncom.example.player:/callback\r\n";
        let good = [("name", "Player"), ("redirects", two), ("kind", "public")];
        let made = dev.submit(&page, "/apps", &good).await;
        let shown = dev.follow(made).await;
        shown.assert_has("The app is registered");
        shown.assert_lacks("client_secret");
        let good = [("name", "Server"), ("redirects", CALLBACK), ("kind", "confidential")];
        let made = dev.submit(&page, "/apps", &good).await;
        made.assert_has("obo_cs_");
        assert_eq!(made.header("cache-control"), "no-store");
        let used = oauth::list(app, id).await.expect("listed");
        let server = &used.iter().find(|used| used.client.name == "Server").expect("there").client;
        let at = format!("/apps/{}", server.id);
        let page = dev.get(&at).await;
        page.assert_lacks("obo_cs_");
        let changed = dev.submit(&page, &at, &[("name", "Our server")]).await;
        dev.follow(changed).await.assert_has("Our server");
        dev.submit(&page, &format!("{at}/secret"), &[]).await.assert_has("obo_cs_");
        let (mut eve, _) = Browser::signed_in(app, "eve").await;
        assert_eq!(eve.get(&at).await.status, StatusCode::NOT_FOUND);
        let (access, _) = {
            let client = Registered::new(app, id, ClientKind::Public, CALLBACK).await;
            let tokens = client.tokens(&mut eve).await;
            let client = ClientId::parse(&client.id).expect("an id");
            assert!(opens(app, &tokens.0).await);
            let page = dev.get(&format!("/apps/{client}")).await;
            page.assert_has("1 account allows");
            dev.submit(&page, &format!("/apps/{client}/delete"), &[]).await;
            tokens
        };
        assert!(!opens(app, &access).await);
        wait(app, 601);
        for action in ["secret", "delete"] {
            let old = dev.submit(&page, &format!("{at}/{action}"), &[]).await;
            assert!(old.header("location").starts_with("/sign-in/proof"), "{action}");
        }
    }
}

#[tokio::test]
async fn a_proven_domain_is_shown() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let found = oauth::find(app, ClientId::parse(&client.id).expect("an id")).await;
    let owner = found.expect("found").expect("a client").owner.expect("registered");
    own(app, owner, "https://songs.example/").await;
    ada.get(&client.asks(&[])).await.assert_has("Its developer controls songs.example.");
    // A page of a site is not the site, and answers that go elsewhere prove nothing.
    let eve = account(app, "eve").await;
    own(app, eve, "https://songs.example/blog").await;
    let other = Registered::new(app, eve, ClientKind::Public, CALLBACK).await;
    ada.get(&other.asks(&[])).await.assert_has("Unproven");
    let away = "https://elsewhere.example/callback";
    let away = Registered::new(app, owner, ClientKind::Public, away).await;
    ada.get(&away.asks(&[])).await.assert_has("Unproven");
}

#[tokio::test]
async fn a_legacy_client_clicks_and_reads_without_pkce() {
    for instance in engines().await {
        let app = &instance.app;
        let keeper = Actor::Page(admin(app, "keeper").await);
        let owner = account(app, "developer").await;
        let client = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
        let id = ClientId::parse(&client.id).expect("an id");
        let eve = Actor::Page(account(app, "eve").await);
        assert!(oauth::set_legacy(app, eve, id, (Mark::Legacy, "old")).await.is_err());
        oauth::set_legacy(app, keeper, id, (Mark::Legacy, "old")).await.expect("marked");
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let plain =
            [("code_challenge", ""), ("code_challenge_method", ""), ("scope", "click,clicks:read")];
        let code = client.code(&mut ada, &plain).await;
        let tokens = client.exchange(&code, &[("code_verifier", ""), ("redirect_uri", "")]).await;
        let tokens = tokens.ok();
        assert_eq!(
            (tokens.text("refresh_token"), tokens.text("scope")),
            ("", "profile click clicks:read")
        );
        assert_eq!((tokens.text("token_type"), tokens.body.get("expires_in")), ("bearer", None));
        let refused = ada.get(&client.asks(&[plain[0], plain[1], ("state", "")])).await;
        assert_eq!(answer_of(&refused, "error"), "invalid_request");
        oauth::set_legacy(app, keeper, id, (Mark::LegacyWithoutState, "older")).await.expect("set");
        let asks = client.asks(&[plain[0], plain[1], ("state", ""), ("scope", "flattr")]);
        ada.get(&asks).await.assert_has("Song player");
        for scope in ["works:write", "webhooks", "wallet", "flattr,budget"] {
            let refused = ada.get(&client.asks(&[plain[0], plain[1], ("scope", scope)])).await;
            assert_eq!(answer_of(&refused, "error"), "invalid_scope", "{scope}");
        }
        // A public client can never be one.
        let public = Registered::new(app, owner, ClientKind::Public, CALLBACK).await;
        let public = ClientId::parse(&public.id).expect("an id");
        assert!(oauth::set_legacy(app, keeper, public, (Mark::Legacy, "old")).await.is_err());
    }
}

#[tokio::test]
async fn the_provider_says_what_it_can_do() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let answer = browser.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let metadata: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(metadata["issuer"], "http://127.0.0.1:8080");
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["response_types_supported"], json!(["code"]));
    let scopes = metadata["scopes_supported"].as_array().expect("a list");
    assert!(scopes.contains(&json!("click")) && !scopes.contains(&json!("wallet")));
}

#[tokio::test]
async fn a_program_may_send_json() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let code = client.code(&mut ada, &[]).await;
    let body = json!({
        "grant_type": "authorization_code", "client_id": client.id, "code": code,
        "redirect_uri": CALLBACK, "code_verifier": VERIFIER,
    });
    let request = Request::post("/oauth/token")
        .header("host", "127.0.0.1:8080")
        .header("content-type", "application/json")
        .header("origin", "https://songs.example")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = client.send(request).await.ok();
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(opens(app, answer.text("access_token")).await);
}
