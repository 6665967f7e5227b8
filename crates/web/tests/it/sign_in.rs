//! Passkeys, the second factor and recovery, as a browser meets them.

use std::process::Command;

use axum::http::StatusCode;
use obole_app::App;
use obole_app::passkeys::Question;
use obole_app::testing::{Authenticator, Instance, PASSWORD, account, admin, engines, sqlite};
use serde_json::Value;

use crate::browser::{Answer, Browser};

/// The host at which a test's instance can be asked for passkeys.
const NAMED: &str = "localhost:8080";

async fn signed_in(app: &App, handle: &str) -> Browser {
    account(app, handle).await;
    let mut browser = Browser::new(app).calling(NAMED);
    browser.sign_in(app, handle).await;
    browser
}

/// What a page's script is answered.
async fn asked(browser: &mut Browser, page: &Answer, action: &str) -> Question {
    let csrf = page.form(action, &[]).remove(0).1;
    let answer = browser.post(&format!("{action}/start"), &[("csrf", &csrf)]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let question: Value = serde_json::from_str(&answer.body).expect("JSON");
    let challenge = question["challenge"].as_str().expect("a text").to_owned();
    Question { challenge, options: question["options"].clone() }
}

async fn add(browser: &mut Browser, key: &mut Authenticator) -> Answer {
    let action = "/settings/passkeys";
    let page = browser.get(action).await;
    let made = key.make(&asked(browser, &page, action).await);
    let fields = [
        ("challenge", made.challenge.as_str()),
        ("credential", &made.credential),
        ("name", "Telephone"),
    ];
    let answer = browser.submit(&page, action, &fields).await;
    browser.follow(answer).await
}

async fn answer(
    browser: &mut Browser,
    page: &Answer,
    action: &str,
    key: &mut Authenticator,
) -> Answer {
    let answered = key.answer(&asked(browser, page, action).await);
    let fields = [("challenge", answered.challenge.as_str()), ("credential", &answered.credential)];
    browser.submit(page, action, &fields).await
}

/// The code that an app shows at the instance's time.
fn code(instance: &Instance, seed: &str) -> String {
    let at = format!("@{}", instance.app.now().as_second());
    let made = Command::new("oathtool").args(["--totp", "-b", "--now", &at, seed]).output();
    let made = made.expect("oathtool must be installed (Debian: oathtool)");
    String::from_utf8(made.stdout).expect("digits").trim().to_owned()
}

fn codes_in(page: &Answer) -> Vec<String> {
    let pieces = page.body.split("<li><code>").skip(1);
    pieces.filter_map(|piece| piece.split("</code>").next()).map(str::to_owned).collect()
}

/// Switches the second factor on: the seed and the recovery codes.
async fn switch_on(instance: &Instance, browser: &mut Browser) -> (String, Vec<String>) {
    let path = "/settings/second-factor";
    let page = browser.get(path).await;
    let begun = browser.submit(&page, "/settings/second-factor/begin", &[]).await;
    let page = browser.follow(begun).await;
    let seed = page.body.split("aria-labelledby=\"seed\">").nth(1).expect("the seed");
    let seed: String = seed.split('<').next().expect("its end").replace(' ', "");
    assert!(page.body.contains("<svg viewBox="), "to scan");
    let wrong = browser.submit(&page, path, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.assert_has("neither the code that your app shows now");
    let shown = browser.submit(&page, path, &[("code", &code(instance, &seed))]).await;
    assert_eq!((shown.status, shown.header("cache-control")), (StatusCode::OK, "no-store"));
    let codes = codes_in(&shown);
    assert_eq!(codes.len(), 10);
    (seed, codes)
}

async fn type_password(browser: &mut Browser, back: &str) -> Answer {
    let page = browser.get(&format!("/sign-in?back={back}")).await;
    let fields = [("name", "ada"), ("password", PASSWORD)];
    browser.submit(&page, "/sign-in", &fields).await
}

#[tokio::test]
async fn a_passkey_is_made_signs_in_proves_and_is_removed() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        let mut key = Authenticator::default();
        ada.get("/settings/sign-in").await.assert_has("No passkey opens your account yet.");
        add(&mut ada, &mut key).await.assert_has("The passkey is made.");
        ada.get("/settings/sign-in").await.assert_has("1 passkey opens your account.");

        let mut elsewhere = Browser::new(app).calling(NAMED);
        let page = elsewhere.get("/sign-in?back=/wallet").await;
        let entered = answer(&mut elsewhere, &page, "/sign-in/passkey", &mut key).await;
        assert_eq!(entered.header("location"), "/wallet", "{}", entered.body);
        assert_eq!(elsewhere.follow(entered).await.status, StatusCode::OK);

        instance.at("2026-01-15T12:30:00Z");
        let page = elsewhere.get("/settings/passkeys").await;
        assert!(page.body.contains("/sign-in/proof?back=/settings/passkeys"));
        let page = elsewhere.get("/sign-in/proof?back=/settings/passkeys").await;
        let proved = answer(&mut elsewhere, &page, "/sign-in/proof/passkey", &mut key).await;
        assert_eq!(proved.header("location"), "/settings/passkeys");
        let page = elsewhere.follow(proved).await;
        let renamed =
            elsewhere.submit(&page, "/settings/passkeys/rename", &[("name", "Blue key")]).await;
        let page = elsewhere.follow(renamed).await;
        page.assert_has("Blue key");
        let empty = elsewhere.submit(&page, "/settings/passkeys/rename", &[("name", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(empty.body.matches("aria-invalid").count(), 1);
        let removed = elsewhere.submit(&page, "/settings/passkeys/remove", &[]).await;
        elsewhere.follow(removed).await.assert_has("You have no passkeys yet.");

        let mut third = Browser::new(app).calling(NAMED);
        let page = third.get("/sign-in").await;
        let gone = answer(&mut third, &page, "/sign-in/passkey", &mut key).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
        gone.assert_has("This passkey did not fit");
        assert!(third.cookie("obole").is_none());
    }
}

#[tokio::test]
async fn an_answer_is_worth_nothing_in_another_browser_or_from_another_site() {
    let instance = sqlite().await;
    let app = &instance.app;
    let mut ada = signed_in(app, "ada").await;
    let mut key = Authenticator::default();
    add(&mut ada, &mut key).await;
    let (mut one, mut other) = (Browser::new(app).calling(NAMED), Browser::new(app).calling(NAMED));
    let page = one.get("/sign-in").await;
    let answered = key.answer(&asked(&mut one, &page, "/sign-in/passkey").await);
    let fields = [("challenge", answered.challenge.as_str()), ("credential", &answered.credential)];
    let foreign = other.get("/sign-in").await;
    let refused = other.submit(&foreign, "/sign-in/passkey", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = other.submit(&page, "/sign-in/passkey", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the other's form, too (W2)");
    let entered = one.submit(&page, "/sign-in/passkey", &fields).await;
    assert_eq!(entered.header("location"), "/month");
    for path in ["/sign-in/passkey/start", "/settings/passkeys/start"] {
        let answer = ada.post(path, &[("csrf", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(ada.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn at_a_number_the_page_says_where_passkeys_work() {
    let instance = sqlite().await;
    let page = Browser::new(&instance.app).get("/sign-in").await;
    page.assert_has("Passkeys cannot be used at a number like this one.");
    assert!(page.body.contains("href=\"http://localhost:8080\""));
    assert!(!page.body.contains("id=\"passkey\""));
    let page = Browser::new(&instance.app).calling(NAMED).get("/sign-in").await;
    page.assert_lacks("at a number");
    assert!(page.body.contains("data-offers") && page.body.contains("username webauthn"));
    page.assert_has("Passkeys need scripts");
}

#[tokio::test]
async fn the_second_factor_is_asked_for_after_the_password_and_leads_back() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        let (seed, codes) = switch_on(&instance, &mut ada).await;
        instance.at("2026-01-15T12:01:00Z");
        ada.get("/settings/second-factor").await.assert_has("10 recovery codes are left.");

        let mut browser = Browser::new(app);
        assert_eq!(browser.get("/sign-in/code").await.header("location"), "/sign-in?back=%2Fmonth");
        let half = type_password(&mut browser, "/wallet").await;
        assert_eq!(half.header("location"), "/sign-in/code?back=%2Fwallet");
        assert!(browser.cookie("obole").is_none(), "no session");
        assert_eq!(browser.get("/wallet").await.status, StatusCode::SEE_OTHER);
        let page = browser.follow(half).await;
        let wrong = browser.submit(&page, "/sign-in/code", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!wrong.body.contains("value=\"000000\""), "codes do not come back");
        let fields = [("code", code(&instance, &seed))];
        let fields = [(fields[0].0, fields[0].1.as_str())];
        let entered = browser.submit(&wrong, "/sign-in/code", &fields).await;
        assert_eq!(entered.header("location"), "/wallet", "{}", entered.body);
        assert!(browser.cookie("obole").is_some() && browser.cookie("obole-half").is_none());

        // Half of it in one browser is nothing in another.
        let (mut one, mut other) = (Browser::new(app), Browser::new(app));
        let half = type_password(&mut one, "/month").await;
        let page = one.follow(half).await;
        let stranger = other.get("/sign-in").await;
        let csrf = stranger.form("/sign-in", &[]).remove(0).1;
        let fields = [("csrf", csrf.as_str()), ("code", codes[0].as_str())];
        let refused = other.post("/sign-in/code", &fields).await;
        refused.assert_has("began in another browser");
        let entered = one.submit(&page, "/sign-in/code", &[("code", &codes[0])]).await;
        assert_eq!(entered.header("location"), "/month", "a recovery code does, too");
    }
}

#[tokio::test]
async fn a_lost_telephone_is_replaced_with_a_recovery_code() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        let (_, codes) = switch_on(&instance, &mut ada).await;
        let mut browser = Browser::new(app);
        let half = type_password(&mut browser, "/settings/second-factor").await;
        let page = browser.follow(half).await;
        let entered = browser.submit(&page, "/sign-in/code", &[("code", &codes[9])]).await;
        let page = browser.follow(entered).await;
        page.assert_has("9 recovery codes are left.");
        let renewed = browser.submit(&page, "/settings/second-factor/codes", &[]).await;
        let fresh = codes_in(&renewed);
        assert!(fresh.len() == 10 && fresh.iter().all(|code| !codes.contains(code)));
        assert!(renewed.body.contains("download=\"recovery-codes.txt\""));
        browser.get("/settings/second-factor").await.assert_lacks(&fresh[0]);
        let ended = browser.submit(&page, "/settings/second-factor/end", &[]).await;
        browser.follow(ended).await.assert_has("The second factor is off.");
        let (_, again) = switch_on(&instance, &mut browser).await;
        assert!(again.iter().all(|code| !fresh.contains(code)));
    }
}

#[tokio::test]
async fn a_stale_proof_wants_the_password_and_the_code() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        let (seed, _) = switch_on(&instance, &mut ada).await;
        instance.at("2026-01-15T12:30:00Z");
        ada.get("/settings/second-factor").await.assert_lacks("Make new recovery codes");
        let page = ada.get("/sign-in/proof?back=/settings/second-factor").await;
        let alone = ada.submit(&page, "/sign-in/proof", &[("password", PASSWORD)]).await;
        assert!(alone.body.contains("id=\"error-code\""), "{}", alone.body);
        let code = code(&instance, &seed);
        let fields = [("password", "wrong"), ("code", &code)];
        let wrong = ada.submit(&page, "/sign-in/proof", &fields).await;
        wrong.assert_has("This is not your password.");
        let fields = [("password", PASSWORD), ("code", &code)];
        let proved = ada.submit(&page, "/sign-in/proof", &fields).await;
        let page = ada.follow(proved).await;
        page.assert_has("Make new recovery codes");
    }
}

/// Who does not know the password learns nothing: not from the page, the question, or the answer.
#[tokio::test]
async fn nothing_tells_strangers_how_an_account_signs_in() {
    let instance = sqlite().await;
    let app = &instance.app;
    account(app, "plain").await;
    let mut ada = signed_in(app, "ada").await;
    add(&mut ada, &mut Authenticator::default()).await;
    switch_on(&instance, &mut ada).await;
    let mut answers = Vec::new();
    for name in ["ada", "plain", "nobody"] {
        let mut browser = Browser::new(app).calling(NAMED);
        let page = browser.get("/sign-in").await;
        let question = asked(&mut browser, &page, "/sign-in/passkey").await;
        let mut options = question.options;
        options["publicKey"]["challenge"] = Value::Null;
        let hashed = app.passwords_hashed();
        let fields = [("name", name), ("password", "not the password")];
        let wrong = browser.submit(&page, "/sign-in", &fields).await;
        let cookies = wrong.headers.get_all("set-cookie").iter().count();
        let text = wrong.text().replace(name, "…");
        let cost = app.passwords_hashed() - hashed;
        answers.push((wrong.status, text, cookies, cost, options.to_string()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

#[tokio::test]
async fn all_other_browsers_are_ended_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        let alone = ada.get("/settings/sign-in").await;
        assert!(!alone.body.contains("end-others"), "there are no others");
        let (mut one, mut two) = (Browser::new(app), Browser::new(app));
        one.sign_in(app, "ada").await;
        two.sign_in(app, "ada").await;
        let page = ada.get("/settings/sign-in").await;
        let ended = ada.submit(&page, "/settings/sessions/end-others", &[]).await;
        ada.follow(ended).await.assert_has("2 other browsers are signed out.");
        for other in [&mut one, &mut two] {
            assert_eq!(other.get("/settings").await.status, StatusCode::SEE_OTHER);
        }
    }
}

#[tokio::test]
async fn an_administrator_helps_with_a_reason_and_the_owner_can_keep_it() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = signed_in(app, "ada").await;
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let path = "/admin/accounts/ada";
        boss.get(path).await.assert_lacks("Help with the second factor");
        switch_on(&instance, &mut ada).await;
        let page = boss.get(path).await;
        let action = "/admin/accounts/ada/second-factor";
        boss.is_refused_bad_reasons(&page, action, &[]).await;
        let said = boss.submit(&page, action, &[("reason", "Lost & known by voice")]).await;
        let page = boss.follow(said).await;
        page.assert_has("It will be switched off on 18 January 2026 at 12:00.");
        let hers = ada.get("/settings/second-factor").await;
        hers.assert_has("it will be off on 18 January 2026 at 12:00");
        let kept = ada.submit(&hers, "/settings/second-factor/keep", &[]).await;
        ada.follow(kept).await.assert_has("The second factor stays on.");
        let page = boss.get(path).await;
        let said = boss.submit(&page, action, &[("reason", "Lost")]).await;
        let page = boss.follow(said).await;
        let stopped = boss.submit(&page, &format!("{action}/stop"), &[]).await;
        boss.follow(stopped).await.assert_has("stays on.");
    }
}
