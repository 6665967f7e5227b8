//! Coming in and one's own account, as a browser meets them.

use axum::http::StatusCode;
use obole_app::testing::{Instance, PASSWORD, account, engines, sqlite};
use obole_app::{outbox, set_up};

use crate::browser::{Answer, Browser};

async fn last_text(instance: &Instance) -> String {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    letters.last().expect("a letter").text.clone()
}

fn code_in(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("    ")).expect("a code");
    line.trim().to_owned()
}

fn path_in(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("http")).expect("a link");
    line.strip_prefix("http://127.0.0.1:8080").expect("our own").to_owned()
}

async fn sign_up(browser: &mut Browser, handle: &str, email: &str) -> Answer {
    let page = browser.get("/sign-up").await;
    let fields = [("email", email), ("handle", handle), ("password", PASSWORD)];
    browser.submit(&page, "/sign-up", &fields).await
}

#[tokio::test]
async fn a_newcomer_signs_up_and_confirms_by_code() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        let answer = sign_up(&mut browser, "Zoe", "Zoe@obole.example").await;
        assert_eq!(answer.header("location"), "/confirm");
        let page = browser.follow(answer).await;
        page.assert_has("zoe@obole.example");
        page.assert_has("about to leave");
        let wrong = browser.submit(&page, "/confirm", &[("code", "AAAA-AAAA")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        wrong.assert_has("wrong, already used or too old");
        let code = code_in(&last_text(&instance).await);
        let page = browser.get("/confirm").await;
        page.assert_has("handed to memory");
        let answer = browser.submit(&page, "/confirm", &[("code", &code)]).await;
        assert_eq!(answer.header("location"), "/month");
        browser.get("/confirm").await.assert_has("No mail address waits");
    }
}

#[tokio::test]
async fn a_known_address_looks_like_an_unknown_one() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let (mut one, mut other) = (Browser::new(&instance.app), Browser::new(&instance.app));
        let known = sign_up(&mut one, "eve", "ada@obole.example").await;
        let unknown = sign_up(&mut other, "zoe", "new@obole.example").await;
        assert_eq!((known.status, known.header("location")), (unknown.status, "/confirm"));
        for _ in 0..2 {
            let known = one.get("/confirm").await.text().replace("ada@obole", "new@obole");
            assert_eq!(known, other.get("/confirm").await.text());
            outbox::deliver(&instance.app).await.expect("delivered");
        }
        let mut ask = Vec::new();
        for email in ["ada@obole.example", "nobody@obole.example"] {
            let page = one.get("/reset").await;
            let answer = one.submit(&page, "/reset", &[("email", email)]).await;
            ask.push(one.follow(answer).await.text());
        }
        assert_eq!(ask[0], ask[1]);
    }
}

#[tokio::test]
async fn a_sign_up_that_is_refused_comes_back_filled() {
    let instance = sqlite().await;
    account(&instance.app, "ada").await;
    let mut browser = Browser::new(&instance.app).speaking("fr");
    let page = browser.get("/sign-up").await;
    let fields = [("email", "nowhere"), ("handle", "ada"), ("password", "short")];
    let answer = browser.submit(&page, "/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.assert_has("Ce n’est pas une adresse e-mail.");
    assert!(answer.body.contains("value=\"nowhere\"") && !answer.body.contains("short"));
    let fields = [("email", "zoe@obole.example"), ("handle", "ada"), ("password", PASSWORD)];
    let answer = browser.submit(&page, "/sign-up", &fields).await;
    answer.assert_has("Ce pseudo est déjà pris.");
    assert!(browser.cookie("obole").is_none());
}

#[tokio::test]
async fn a_link_asks_first_and_tells_no_other_page() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        sign_up(&mut browser, "zoe", "zoe@obole.example").await;
        let path = path_in(&last_text(&instance).await);
        let mut scanner = Browser::new(&instance.app);
        for _ in 0..2 {
            let page = scanner.get(&path).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("cache-control"), "no-store");
            page.assert_has("@zoe");
        }
        let page = scanner.get(&path).await;
        let answer = scanner.submit(&page, &path, &[]).await;
        assert_eq!(answer.header("location"), "/sign-in");
        scanner.follow(answer).await.assert_has("Your mail address is confirmed.");
        let again = scanner.get(&path).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn signing_in_leads_back_and_signing_out_home() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let mut browser = Browser::new(&instance.app);
        let answer = browser.get("/settings").await;
        assert_eq!(answer.header("location"), "/sign-in?back=%2Fsettings");
        let page = browser.follow(answer).await;
        let fields = [("name", "ada@obole.example"), ("password", "not the password")];
        let refused = browser.submit(&page, "/sign-in", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("do not fit together");
        let fields = [("name", "ada@obole.example"), ("password", PASSWORD)];
        let answer = browser.submit(&refused, "/sign-in", &fields).await;
        assert_eq!(answer.header("location"), "/settings");
        let cookie = answer.header("set-cookie").to_owned();
        assert!(cookie.contains("HttpOnly; SameSite=Lax") && !cookie.contains("Domain"));
        let page = browser.follow(answer).await;
        assert_eq!(page.header("cache-control"), "no-store");
        let answer = browser.submit(&page, "/sign-out", &[]).await;
        assert_eq!(answer.header("location"), "/");
        assert!(browser.cookie("obole").is_none());
        let evil = browser.get("/sign-in?back=//evil.example").await;
        assert!(evil.body.contains("name=\"back\" value=\"/month\""));
    }
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_link() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let mut browser = Browser::new(&instance.app);
        let page = browser.get("/reset").await;
        let answer = browser.submit(&page, "/reset", &[("email", "ada@obole.example")]).await;
        browser.follow(answer).await.assert_has("If an account has this address");
        let path = path_in(&last_text(&instance).await);
        let page = browser.get(&path).await;
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let weak = browser.submit(&page, &path, &[("password", "short")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answer = browser.submit(&page, &path, &[("password", "another harbour")]).await;
        let page = browser.follow(answer).await;
        let fields = [("name", "ada"), ("password", "another harbour")];
        let answer = browser.submit(&page, "/sign-in", &fields).await;
        assert_eq!(answer.header("location"), "/month");
        assert_eq!(browser.get(&path).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn a_proof_that_is_too_old_is_asked_for_again() {
    for instance in engines().await {
        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        instance.at("2026-01-15T12:30:00Z");
        let page = browser.get("/settings/tokens").await;
        assert!(page.body.contains("/sign-in/proof?back=/settings/tokens"));
        let csrf = page.form("/sign-out", &[]).remove(0).1;
        let fields = [("csrf", csrf.as_str()), ("scope", "click")];
        let answer = browser.post("/settings/tokens", &fields).await;
        assert!(answer.header("location").starts_with("/sign-in/proof?back="));
        let page = browser.get("/sign-in/proof?back=/settings/tokens").await;
        let wrong = browser.submit(&page, "/sign-in/proof", &[("password", "wrong")]).await;
        wrong.assert_has("This is not your password.");
        let answer = browser.submit(&page, "/sign-in/proof", &[("password", PASSWORD)]).await;
        let page = browser.follow(answer).await;
        let none = browser.submit(&page, "/settings/tokens", &[]).await;
        none.assert_has("Choose at least one.");
        let fields = [("name", "Script"), ("scope", "click")];
        let made = browser.submit(&page, "/settings/tokens", &fields).await;
        assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
        made.assert_has("obo_pt_");
        let page = browser.get("/settings/tokens").await;
        page.assert_has("Script");
        page.assert_lacks("obo_pt_");
        let answer = browser.submit(&page, "/settings/tokens/revoke", &[]).await;
        browser.follow(answer).await.assert_has("You have no tokens.");
    }
}

#[tokio::test]
async fn settings_are_kept_and_other_browsers_ended() {
    for instance in engines().await {
        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        let mut other = Browser::new(&instance.app);
        other.sign_in(&instance.app, "ada").await;
        let page = browser.get("/settings").await;
        let fields = [("name", "Ada"), ("language", "fr"), ("public", "yes")];
        let answer = browser.submit(&page, "/settings", &fields).await;
        let page = browser.follow(answer).await;
        page.assert_has("C’est enregistré.");
        assert!(page.body.contains("value=\"Ada\""));
        let sessions = browser.get("/settings/sign-in").await;
        sessions.assert_has("celui-ci");
        let answer = browser.submit(&sessions, "/settings/sessions/end", &[]).await;
        browser.follow(answer).await.assert_has("Ce navigateur est déconnecté.");
        assert_eq!(other.get("/settings").await.status, StatusCode::SEE_OTHER);
        other.sign_in(&instance.app, "ada").await;
        let fields = [("password", "wrong"), ("password_new", "another harbour")];
        let wrong = browser.submit(&sessions, "/settings/password", &fields).await;
        wrong.assert_has("Ce n’est pas votre mot de passe.");
        let fields = [("password", PASSWORD), ("password_new", "password123")];
        let weak = browser.submit(&sessions, "/settings/password", &fields).await;
        assert!(weak.body.contains("id=\"error-password_new\""));
        let fields = [("password", PASSWORD), ("password_new", "another harbour")];
        let answer = browser.submit(&sessions, "/settings/password", &fields).await;
        assert_eq!(browser.follow(answer).await.status, StatusCode::OK);
        assert_eq!(other.get("/settings").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn the_first_administrator_comes_by_link() {
    let instance = sqlite().await;
    let link = set_up::link(&instance.app).await.expect("made").expect("needed");
    let path = link.strip_prefix("http://127.0.0.1:8080").expect("our own");
    let mut browser = Browser::new(&instance.app);
    assert_eq!(browser.get("/set-up/0123").await.status, StatusCode::NOT_FOUND);
    let page = browser.get(path).await;
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let fields = [("email", "boss@obole.example"), ("handle", "admin"), ("password", PASSWORD)];
    let answer = browser.submit(&page, path, &fields).await;
    assert_eq!(answer.header("location"), "/admin");
    assert_eq!(browser.get("/admin/accounts").await.status, StatusCode::OK);
    assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_browser_that_signed_in_before_is_not_kept_out_by_strangers() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let mut own = Browser::new(&instance.app);
        let right = [("name", "ada"), ("password", PASSWORD)];
        let page = own.get("/sign-in").await;
        let entered = own.submit(&page, "/sign-in", &right).await;
        let lines = entered.headers.get_all("set-cookie").iter();
        let lines: Vec<&str> = lines.map(|line| line.to_str().expect("text")).collect();
        let device = lines.iter().find(|line| line.starts_with("obole-device=")).expect("a cookie");
        assert!(device.ends_with("; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax"), "{device}");
        let before = own.cookie("obole-device").expect("a cookie").to_owned();
        let page = own.get("/month").await;
        own.submit(&page, "/sign-out", &[]).await;
        assert_eq!(own.cookie("obole-device"), Some(before.as_str()), "it outlives the session");

        let mut stranger = Browser::new(&instance.app);
        let page = stranger.get("/sign-in").await;
        let wrong = [("name", "ada"), ("password", "not the password")];
        for _ in 0..11 {
            stranger.submit(&page, "/sign-in", &wrong).await;
        }
        let refused = stranger.submit(&page, "/sign-in", &right).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        let page = own.get("/sign-in").await;
        let entered = own.submit(&page, "/sign-in", &right).await;
        assert_eq!(entered.header("location"), "/month", "{}", entered.body);
        assert_ne!(own.cookie("obole-device"), Some(before.as_str()), "another secret");
    }
}
