//! Signing in as Flattr's programs do, by an app that an administrator marked as legacy.

use axum::http::StatusCode;
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::oauth::{self, Mark};
use obole_app::testing::{account, admin, engines, sqlite};
use obole_domain::client::{ClientId, ClientKind};

use super::client::Program;
use crate::browser::Browser;
use crate::oauth_client::{Answer, CALLBACK, Registered, answer_of, wait};

/// An old program that keeps no state either.
async fn old_program(app: &App, redirect: &str) -> Registered {
    let keeper = Actor::Page(admin(app, "keeper").await);
    let owner = account(app, "developer").await;
    let client = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
    let id = ClientId::parse(&client.id).expect("an id");
    oauth::set_legacy(app, keeper, id, (Mark::LegacyWithoutState, "old")).await.expect("marked");
    let change = oauth::NewClient {
        name: "Song player".to_owned(),
        site: "https://songs.example".to_owned(),
        kind: ClientKind::Legacy,
        redirects: vec![
            obole_domain::client::Redirect::parse(redirect, ClientKind::Legacy).expect(redirect),
        ],
    };
    oauth::change(app, owner, id, change).await.expect("changed");
    Registered { redirect: redirect.to_owned(), ..client }
}

/// A code, asked for with what stands here only.
async fn code(client: &Registered, ada: &mut Browser, rest: &str) -> String {
    let path = format!("/oauth/authorize/?client_id={}&response_type=code{rest}", client.id);
    let page = ada.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "yes")]).await;
    let code = answer_of(&answer, "code");
    assert!(!code.is_empty(), "{}", answer.header("location"));
    code
}

async fn exchange(
    client: &Registered,
    code: &str,
    more: &[(&str, &str)],
    is_basic: bool,
) -> Answer {
    let mut fields = vec![("grant_type", "authorization_code"), ("code", code)];
    fields.extend(more);
    let secret = client.secret.as_deref().expect("a secret");
    let basic = is_basic.then_some((client.id.as_str(), secret));
    client.post_as("/oauth/token/", &fields, basic).await
}

async fn scopes_of(app: &App, client: &Registered, ada: &mut Browser, asked: &str) -> String {
    let code = code(client, ada, &format!("&scope={asked}")).await;
    let answer = exchange(client, &code, &[], true).await.ok();
    wait(app, 61);
    answer.text("scope").to_owned()
}

#[tokio::test]
async fn line_20_scopes_are_parted_by_commas_spaces_and_plus() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = old_program(app, CALLBACK).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let all = "profile email click clicks:read";
    for asked in ["flattr,email", "flattr%20email", "flattr+email", "flattr%2Bemail,thing"] {
        assert_eq!(scopes_of(app, &client, &mut ada, asked).await, all, "{asked}");
    }
    assert_eq!(scopes_of(app, &client, &mut ada, "").await, "profile clicks:read");
    let extended = scopes_of(app, &client, &mut ada, "extendedread").await;
    assert_eq!(extended, "profile email clicks:read stats:read");
    let path = format!("/oauth/authorize?client_id={}&response_type=code&scope=all", client.id);
    assert_eq!(answer_of(&ada.get(&path).await, "error"), "invalid_scope");
    // Tokens in addresses' ends are gone for good (O1).
    let path = format!("/oauth/authorize?client_id={}&response_type=token", client.id);
    assert_eq!(answer_of(&ada.get(&path).await, "error"), "unsupported_response_type");
}

#[tokio::test]
async fn line_21_without_credentials_the_code_is_left_whole() {
    for instance in engines().await {
        let app = &instance.app;
        let client = old_program(app, CALLBACK).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let code = code(&client, &mut ada, "&scope=flattr").await;
        let redirect = [("redirect_uri", CALLBACK)];
        let first = exchange(&client, &code, &redirect, false).await;
        first.assert_fault(401, "invalid_client");
        let challenge = first.headers["www-authenticate"].to_str().expect("text");
        assert!(challenge.starts_with("Basic realm="), "{challenge}");
        let second = exchange(&client, &code, &redirect, true).await.ok();
        let program = Program::stranger(app).with_token(second.text("access_token"));
        assert_eq!(program.get("/user").await.ok(200).body["username"], "ada");
    }
}

#[tokio::test]
async fn line_22_the_address_may_be_missing_but_not_wrong_and_a_code_is_good_once() {
    for instance in engines().await {
        let app = &instance.app;
        let client = old_program(app, CALLBACK).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let escaped = "&redirect_uri=https%3A%2F%2Fsongs.example%2Fcallback";
        for asked in ["", escaped, "&redirect_uri=https://songs.example/callback"] {
            let code = code(&client, &mut ada, asked).await;
            let wrong = [("redirect_uri", "https://songs.example/other")];
            exchange(&client, &code, &wrong, true).await.assert_fault(400, "invalid_grant");
            let tokens = exchange(&client, &code, &[], true).await.ok();
            exchange(&client, &code, &[], true).await.assert_fault(400, "invalid_grant");
            let program = Program::stranger(app).with_token(tokens.text("access_token"));
            program.get("/user").await.assert_fault(401, "unauthorized");
        }
        let unknown = ada.get("/oauth/authorize?client_id=x&response_type=code").await;
        assert_eq!(unknown.status, StatusCode::BAD_REQUEST, "a page, never a redirect");
        let path = format!("/oauth/authorize?client_id={}&response_type=code", client.id);
        let away = ada.get(&format!("{path}&redirect_uri=https://evil.example/")).await;
        assert_eq!(away.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn line_23_the_secret_may_stand_in_the_body() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = old_program(app, CALLBACK).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let secret = client.secret.clone().expect("a secret");
    let code = code(&client, &mut ada, "&scope=flattr").await;
    let own = [("client_id", client.id.as_str()), ("client_secret", secret.as_str())];
    let tokens = exchange(&client, &code, &own, false).await.ok();
    assert_eq!(tokens.text("token_type"), "bearer");
    assert!(tokens.body.get("expires_in").is_none() && tokens.body.get("refresh_token").is_none());
    assert_eq!(tokens.headers["cache-control"], "no-store");
    assert_eq!(tokens.headers["pragma"], "no-cache");
    let kind = tokens.headers["content-type"].to_str().expect("text");
    assert!(kind.starts_with("application/json"), "{kind}");
    // A token may come in three ways.
    let (token, stranger) = (tokens.text("access_token"), Program::stranger(app));
    stranger.with_token(token).get("/user").await.ok(200);
    stranger.get(&format!("/user?access_token={token}")).await.ok(200);
    let url = "https%3A%2F%2Fgithub.com%2Fexample";
    let sent = format!("access_token={token}&url={url}");
    stranger.post_form("/flattr", &sent).await.assert_fault(401, "no_means");
    stranger.get("/user?access_token=x").await.assert_fault(401, "unauthorized");
}

#[tokio::test]
async fn line_24_answers_go_to_addresses_with_a_query_or_a_scheme_of_their_own() {
    for (redirect, begins) in [
        ("https://songs.example/callback?page=1", "https://songs.example/callback?page=1&code="),
        ("flattr4j://app.example/authenticate", "flattr4j://app.example/authenticate?code="),
    ] {
        let instance = sqlite().await;
        let app = &instance.app;
        let client = old_program(app, redirect).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let asked = obole_web::address::with_query(
            "/oauth/authorize",
            &[
                ("client_id", client.id.as_str()),
                ("response_type", "code"),
                ("redirect_uri", redirect),
                ("state", "a state"),
            ],
        );
        let page = ada.get(&asked).await;
        let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "yes")]).await;
        assert!(answer.header("location").starts_with(begins), "{}", answer.header("location"));
        assert_eq!(answer_of(&answer, "state"), "a state");
        let page = ada.get(&asked).await;
        let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "no")]).await;
        assert_eq!(answer_of(&answer, "error"), "access_denied");
    }
}

#[tokio::test]
async fn line_25_a_programs_own_secret_opens_what_is_public() {
    let instance = sqlite().await;
    let app = &instance.app;
    account(app, "ada").await;
    let client = old_program(app, CALLBACK).await;
    let secret = client.secret.clone().expect("a secret");
    for (id, secret) in [(client.id.as_str(), secret.as_str()), ("unknown", "wrong")] {
        use base64::prelude::{BASE64_STANDARD, Engine as _};
        let code = BASE64_STANDARD.encode(format!("{id}:{secret}"));
        let program = Program::stranger(app);
        let asked = |path: &str| {
            let request = program.request("GET", &format!("/rest/v2{path}"));
            let request = request.header("authorization", format!("Basic {code}"));
            program.send(request.body(axum::body::Body::empty()).expect("a request"))
        };
        asked("/users/ada").await.ok(200);
        asked("/categories").await.ok(200);
        let own = asked("/user").await;
        own.assert_fault(401, "unauthorized");
        assert!(own.header("www-authenticate").starts_with("Bearer"));
    }
}
