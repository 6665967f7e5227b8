//! Attacks on the OAuth2 provider (RFC 9700): each is tried and must fail.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use obole_app::testing::{account, engines, sqlite};
use obole_app::{oauth, suspensions};
use obole_domain::client::{ClientId, ClientKind};
use obole_domain::pkce::Challenge;

use crate::api_client::Client;
use crate::browser::{Answer, Browser};
use crate::oauth_client::{CALLBACK, ISSUER, Registered, VERIFIER, answer_of, opens, wait};

/// Nobody is sent anywhere: a page says why.
fn assert_stays(answer: &Answer, what: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.header("location"), "", "{what}");
    answer.assert_has("nothing was allowed");
}

#[tokio::test]
async fn an_answer_goes_to_no_address_but_a_registered_one() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    for redirect in [
        "",
        "https://songs.example/",
        "https://songs.example/callback/",
        "https://songs.example/callback/more",
        "https://songs.example/callback/../evil",
        "https://songs.example/callback?next=https://evil.example",
        "https://songs.example/callback#evil",
        "https://songs.example/CALLBACK",
        "https://SONGS.example/callback",
        "https://songs.example:443/callback",
        "https://songs.example:8443/callback",
        "https://songs.example@evil.example/callback",
        "https://songs.example:pass@evil.example/callback",
        "https://songs.example.evil.example/callback",
        "https://evil.example/callback",
        "https://evil.example#https://songs.example/callback",
        "https://evil.example\\@songs.example/callback",
        "http://songs.example/callback",
        "//songs.example/callback",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        let asked = client.asks(&[("redirect_uri", redirect)]);
        let answer = ada.get(&asked).await;
        if redirect.is_empty() {
            // The only one that is registered stands for none that is named.
            assert_eq!(answer.status, StatusCode::OK);
            continue;
        }
        assert_stays(&answer, redirect);
        // Signed out nobody is told more, or sent anywhere either.
        assert_stays(&Browser::new(app).get(&asked).await, redirect);
    }
    let twice = format!("{}&redirect_uri=https%3A%2F%2Fevil.example", client.asks(&[]));
    assert_stays(&ada.get(&twice).await, "sent twice");
    let twice = format!("{}&client_id={}", client.asks(&[]), client.id);
    assert_stays(&ada.get(&twice).await, "sent twice");
}

#[tokio::test]
async fn only_the_port_of_ones_own_machine_is_free() {
    let instance = sqlite().await;
    let app = &instance.app;
    let owner = account(app, "developer").await;
    let loopback = "http://127.0.0.1:7171/callback";
    let client = Registered::new(app, owner, ClientKind::Public, loopback).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let other = "http://127.0.0.1:50123/callback";
    let code = client.code(&mut ada, &[("redirect_uri", other)]).await;
    // The exchange names the address that the code was sent to.
    let wrong = client.exchange(&code, &[("redirect_uri", loopback)]).await;
    wrong.assert_fault(400, "invalid_grant");
    client.exchange(&code, &[("redirect_uri", other)]).await.ok();
    for redirect in [
        "http://127.0.0.1:50123/callback/more",
        "http://127.0.0.1:50123/callback?a=b",
        "http://localhost:50123/callback",
        "http://127.0.0.2:50123/callback",
        "http://127.0.0.1:50123@evil.example/callback",
        "https://127.0.0.1:50123/callback",
    ] {
        assert_stays(&ada.get(&client.asks(&[("redirect_uri", redirect)])).await, redirect);
    }
}

#[tokio::test]
async fn a_request_without_its_proof_is_sent_back() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let twice = ("scope", "profile&scope=click");
    for (other, error) in [
        ([("code_challenge", ""), ("code_challenge_method", "")], "invalid_request"),
        ([("code_challenge", VERIFIER), ("code_challenge_method", "plain")], "invalid_request"),
        ([("code_challenge_method", ""), ("state", "s")], "invalid_request"),
        ([("code_challenge_method", "s256"), ("state", "s")], "invalid_request"),
        ([("code_challenge", "short"), ("state", "s")], "invalid_request"),
        ([("response_type", "token"), ("state", "s")], "unsupported_response_type"),
        ([("response_type", "code token"), ("state", "s")], "unsupported_response_type"),
        ([("response_type", ""), ("state", "s")], "invalid_request"),
        ([("response_mode", "fragment"), ("state", "s")], "invalid_request"),
        ([("scope", "wallet"), ("state", "s")], "invalid_scope"),
        ([("scope", "click budget"), ("state", "s")], "invalid_scope"),
        ([("scope", "everything"), ("state", "s")], "invalid_scope"),
    ] {
        for browser in [&mut ada, &mut Browser::new(app).speaking("fr")] {
            let answer = browser.get(&client.asks(&other)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{other:?}");
            let location = answer.header("location").to_owned();
            assert!(location.starts_with(&format!("{CALLBACK}?error=")), "{location}");
            assert_eq!(answer_of(&answer, "error"), error, "{other:?}");
            assert_eq!(answer_of(&answer, "iss"), ISSUER, "mix-up: {other:?}");
            assert!(answer_of(&answer, "error_description").ends_with('.'), "{location}");
            assert!(answer_of(&answer, "code").is_empty());
        }
    }
    let asked =
        client.asks(&[]).replace("scope=profile%20click", &format!("{}={}", twice.0, twice.1));
    let answer = ada.get(&asked).await;
    assert_eq!(answer_of(&answer, "error"), "invalid_request");
}

#[tokio::test]
async fn a_code_is_good_for_its_own_client_address_and_verifier_only() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let eve = account(app, "eve").await;
        let other = Registered::new(app, eve, ClientKind::Public, CALLBACK).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let code = client.code(&mut ada, &[]).await;
        let wrong = "another-verifier-of-forty-three-letters-or-more-012";
        let plain = Challenge::of(VERIFIER);
        for (asking, field) in [
            (&other, ("state", "")),
            (&client, ("code_verifier", "")),
            (&client, ("code_verifier", wrong)),
            (&client, ("code_verifier", plain.as_str())),
            (&client, ("code_verifier", "short")),
            (&client, ("redirect_uri", "")),
            (&client, ("redirect_uri", "https://songs.example/callback/")),
            (&client, ("code", "obo_ac_0000")),
        ] {
            asking.exchange(&code, &[field]).await.assert_fault(400, "invalid_grant");
        }
        client
            .exchange(&code, &[("grant_type", "password")])
            .await
            .assert_fault(400, "unsupported_grant_type");
        let twice = [("code", code.as_str()), ("code", "another")];
        let twice = [twice[0], twice[1], ("grant_type", "authorization_code")];
        let all = [("client_id", client.id.as_str()), twice[0], twice[1], twice[2]];
        client.post_as("/oauth/token", &all, None).await.assert_fault(400, "invalid_request");
        client.exchange(&code, &[]).await.ok();
        let code = client.code(&mut ada, &[]).await;
        wait(app, 60);
        client.exchange(&code, &[]).await.assert_fault(400, "invalid_grant");
    }
}

#[tokio::test]
async fn a_second_use_of_a_code_ends_what_came_of_the_first() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let code = client.code(&mut ada, &[]).await;
        let tokens = client.exchange(&code, &[]).await.ok();
        let next = client.refresh(tokens.text("refresh_token"), &[]).await.ok();
        wait(app, 3_000);
        client.exchange(&code, &[("code_verifier", "")]).await.assert_fault(400, "invalid_grant");
        for answer in [&tokens, &next] {
            assert!(!opens(app, answer.text("access_token")).await);
            let again = client.refresh(answer.text("refresh_token"), &[]).await;
            again.assert_fault(400, "invalid_grant");
        }
        assert!(oauth::granted(app, id).await.expect("granted").is_empty());
    }
}

#[tokio::test]
async fn fifty_at_once_with_one_code_get_one_token_at_most() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let code = client.code(&mut ada, &[]).await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (client, code) = (client.clone(), code.clone());
            tries.spawn(async move { client.exchange(&code, &[]).await });
        }
        let answers = tries.join_all().await;
        let given: Vec<_> =
            answers.iter().filter(|answer| answer.status == StatusCode::OK).collect();
        assert_eq!(
            given.len(),
            1,
            "{:?}",
            answers.iter().map(|one| one.status).collect::<Vec<_>>()
        );
        assert!(
            answers.iter().all(|one| one.status == 200 || one.text("error") == "invalid_grant")
        );
        assert!(!opens(app, given[0].text("access_token")).await, "the second use ends it");
        assert!(oauth::granted(app, id).await.expect("granted").is_empty());
    }
}

#[tokio::test]
async fn a_refresh_token_of_two_ends_the_grant() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        // After the grace.
        let (access, stolen) = client.tokens(&mut ada).await;
        let next = client.refresh(&stolen, &[]).await.ok();
        wait(app, 31);
        client.refresh(&stolen, &[]).await.assert_fault(400, "invalid_grant");
        client.refresh(next.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        assert!(!opens(app, &access).await && !opens(app, next.text("access_token")).await);
        // Within it, once the next one was used.
        let (_, stolen) = client.tokens(&mut ada).await;
        let next = client.refresh(&stolen, &[]).await.ok();
        let third = client.refresh(next.text("refresh_token"), &[]).await.ok();
        client.refresh(&stolen, &[]).await.assert_fault(400, "invalid_grant");
        client.refresh(third.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        // Within it, where the thief was faster: what the thief got is found out.
        let (_, stolen) = client.tokens(&mut ada).await;
        let thief = client.refresh(&stolen, &[]).await.ok();
        let own = client.refresh(&stolen, &[]).await.ok();
        client.refresh(thief.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        client.refresh(own.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        assert!(!opens(app, own.text("access_token")).await);
        // A third time within it.
        let (_, stolen) = client.tokens(&mut ada).await;
        client.refresh(&stolen, &[]).await.ok();
        let own = client.refresh(&stolen, &[]).await.ok();
        client.refresh(&stolen, &[]).await.assert_fault(400, "invalid_grant");
        client.refresh(own.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
    }
}

#[tokio::test]
async fn fifty_at_once_with_one_refresh_token_leave_no_two_that_can_go_on() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let (_, refresh) = client.tokens(&mut ada).await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (client, refresh) = (client.clone(), refresh.clone());
            tries.spawn(async move { client.refresh(&refresh, &[]).await });
        }
        let answers = tries.join_all().await;
        let given = answers.iter().filter(|answer| answer.status == StatusCode::OK);
        assert!(given.count() <= 2, "one, and one whose answer was lost");
        assert!(oauth::granted(app, id).await.expect("granted").is_empty(), "the third ends it");
    }
}

#[tokio::test]
async fn nobody_refreshes_to_more_or_for_another() {
    for instance in engines().await {
        let app = &instance.app;
        let client = Registered::public(app).await;
        let eve = account(app, "eve").await;
        let other = Registered::new(app, eve, ClientKind::Public, CALLBACK).await;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        let (access, refresh) = client.tokens(&mut ada).await;
        for scope in ["profile click clicks:read", "wallet", "no such"] {
            let answer = client.refresh(&refresh, &[("scope", scope)]).await;
            answer.assert_fault(400, "invalid_scope");
        }
        other.refresh(&refresh, &[]).await.assert_fault(400, "invalid_grant");
        other.post("/oauth/revoke", &[("token", &refresh)]).await.ok();
        other.post("/oauth/revoke", &[("token", &access)]).await.ok();
        assert!(opens(app, &access).await, "another's token is not given back");
        // None of the keys opens what it is not for.
        for key in [&refresh, &client.id, &access.replace("obo_at_", "obo_pt_")] {
            assert!(!opens(app, key).await);
        }
        client.refresh(&access, &[]).await.assert_fault(400, "invalid_grant");
        let next = client.refresh(&refresh, &[]).await.ok();
        let keeper = obole_app::audit_log::Actor::CommandLine;
        suspensions::suspend(app, keeper, id, "spam").await.expect("suspended");
        client.refresh(next.text("refresh_token"), &[]).await.assert_fault(400, "invalid_grant");
        assert!(!opens(app, next.text("access_token")).await);
    }
}

#[tokio::test]
async fn the_consent_page_cannot_be_framed_kept_or_changed() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, id) = Browser::signed_in(app, "ada").await;
    let page = ada.get(&client.asks(&[])).await;
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(policy.contains("form-action 'self' https://songs.example;"), "{policy}");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert!(!page.body.contains("<script>"), "nothing inline");

    // Scopes, address, client: what was shown is what is granted.
    let fields = page.form("/oauth/authorize", &[("answer", "yes")]);
    let sealed = fields.iter().find(|(name, _)| name == "request").expect("sealed").1.clone();
    for (from, to) in [
        ("profile click", "profile click email"),
        ("https://songs.example/callback", "https://evil.example/callback"),
        (client.id.as_str(), "00000000-0000-7000-8000-000000000000"),
    ] {
        assert!(sealed.contains(from), "{from} in {sealed}");
        let changed = sealed.replace(from, to);
        let fields = [("answer", "yes"), ("request", changed.as_str())];
        let answer = ada.submit(&page, "/oauth/authorize", &fields).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::FORBIDDEN, ""));
    }
    // Another's page, another site's form, an old page, no token of the form.
    let (mut eve, _) = Browser::signed_in(app, "eve").await;
    let own = eve.get(&client.asks(&[])).await;
    let fields = [("answer", "yes"), ("request", sealed.as_str())];
    let answer = eve.submit(&own, "/oauth/authorize", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = ada.post("/oauth/authorize", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "no token of the form");
    let body = crate::browser::encode(&fields);
    let foreign = ada.request("POST", "/oauth/authorize").header("sec-fetch-site", "cross-site");
    let foreign = foreign.header("content-type", "application/x-www-form-urlencoded");
    let answer = ada.send(foreign.body(Body::from(body)).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another site's form");
    assert!(oauth::granted(app, id).await.expect("granted").is_empty());
    // No is no, and says so with 303.
    let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "no")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer_of(&answer, "error"), "access_denied");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = ada.submit(&page, "/oauth/authorize", &[]).await;
    assert_eq!(answer_of(&answer, "error"), "access_denied", "nothing said is no yes");
    wait(app, 3_601);
    let answer = ada.submit(&page, "/oauth/authorize", &[("answer", "yes")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "too old");
}

#[tokio::test]
async fn signed_out_one_signs_in_and_comes_back() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let asked = client.asks(&[]);
    let answer = Browser::new(app).get(&asked).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let back = crate::browser::encode(&[("back", &asked)]);
    assert_eq!(answer.header("location"), format!("/sign-in?{back}"));
}

#[tokio::test]
async fn an_unknown_client_is_answered_as_a_wrong_secret_is() {
    let instance = sqlite().await;
    let app = &instance.app;
    let owner = account(app, "developer").await;
    let client = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
    let wrong = Registered { secret: Some("obo_cs_wrong".to_owned()), ..client.clone() };
    let id = "0190f0c2-0000-7000-8000-000000000001".to_owned();
    let unknown = Registered { id, ..wrong.clone() };
    let nonsense = Registered { id: "nonsense".to_owned(), ..wrong.clone() };
    let none = Registered { secret: None, ..client.clone() };
    let public = Registered::new(app, owner, ClientKind::Public, CALLBACK).await;
    let public = Registered { secret: Some("x".to_owned()), ..public };
    let mut bodies = Vec::new();
    for path in
        ["/oauth/token", "/oauth/revoke", "/oauth/introspect", "/oauth/device_authorization"]
    {
        for asking in [&wrong, &unknown, &nonsense, &none, &public] {
            let answer =
                asking.post(path, &[("token", "x"), ("grant_type", "refresh_token")]).await;
            answer.assert_fault(401, "invalid_client");
            bodies.push(answer.body);
        }
        for id in [&client.id, &unknown.id] {
            let answer = client.post_as(path, &[], Some((id, "obo_cs_wrong"))).await;
            answer.assert_fault(401, "invalid_client");
            assert!(
                answer.headers["www-authenticate"].to_str().expect("text").starts_with("Basic")
            );
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let secret = client.secret.clone().expect("a secret");
    let both = [("client_secret", secret.as_str()), ("token", "x")];
    let answer = client.post_as("/oauth/revoke", &both, Some((&client.id, &secret))).await;
    answer.assert_fault(400, "invalid_request");
    let id = ClientId::parse(&client.id).expect("an id");
    oauth::delete(app, owner, id).await.expect("deleted");
    client.post("/oauth/revoke", &[("token", "x")]).await.assert_fault(401, "invalid_client");
    assert_stays(&Browser::new(app).get(&client.asks(&[])).await, "deleted");
}

/// Who tries ids learns nothing from how long an answer takes. The two are asked in turns, so that
/// whatever else the machine does slows both alike; what is compared are medians.
#[tokio::test]
async fn an_unknown_client_takes_as_long_as_a_wrong_secret() {
    for instance in engines().await {
        let app = &instance.app;
        let owner = account(app, "developer").await;
        let client = Registered::new(app, owner, ClientKind::Confidential, CALLBACK).await;
        let wrong = Registered { secret: Some("obo_cs_wrong".to_owned()), ..client };
        let id = "0190f0c2-0000-7000-8000-000000000001".to_owned();
        let unknown = Registered { id, ..wrong.clone() };
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..200 {
            for (asking, times) in [&wrong, &unknown].into_iter().zip(&mut times) {
                let begun = std::time::Instant::now();
                asking.post("/oauth/revoke", &[("token", "x")]).await;
                times.push(begun.elapsed());
            }
        }
        let [wrong, unknown] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64()
        });
        let ratio = unknown / wrong;
        assert!((0.7..1.4).contains(&ratio), "{ratio}: unknown {unknown} s, wrong {wrong} s");
    }
}

#[tokio::test]
async fn no_token_is_taken_from_an_address() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let (access, refresh) = client.tokens(&mut ada).await;
    for client in [Client::stranger(app), Client::stranger(app).with_token(&access)] {
        let answer = client.get(&format!("/me?access_token={access}")).await;
        answer.assert_problem(400, "token_in_address");
    }
    // The endpoints look at the body only, and are not there for GET.
    let query = format!("grant_type=refresh_token&client_id={}&refresh_token={refresh}", client.id);
    let request = |method: &str| {
        Request::builder()
            .method(method)
            .uri(format!("/oauth/token?{query}"))
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::empty())
            .expect("a request")
    };
    client.send(request("POST")).await.assert_fault(401, "invalid_client");
    client.send(request("GET")).await.assert_fault(405, "invalid_request");
    client.refresh(&refresh, &[]).await.ok();
}

#[tokio::test]
async fn codes_of_devices_cannot_be_guessed() {
    let instance = sqlite().await;
    let app = &instance.app;
    let client = Registered::public(app).await;
    let (mut eve, _) = Browser::signed_in(app, "eve").await;
    let started = client.post("/oauth/device_authorization", &[]).await.ok();
    let page = eve.get("/device").await;
    for _ in 0..10 {
        let answer = eve.submit(&page, "/device", &[("code", "BBBB-BBBB")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let code = started.text("user_code").to_owned();
    for action in ["/device", "/device/answer"] {
        let page = eve.get("/device").await;
        let csrf = page.form("/device", &[]);
        let csrf = csrf.iter().find(|(name, _)| name == "csrf").expect("a token").1.clone();
        let fields = [("csrf", csrf.as_str()), ("code", code.as_str()), ("answer", "yes")];
        let answer = eve.post(action, &fields).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{action}");
    }
}
