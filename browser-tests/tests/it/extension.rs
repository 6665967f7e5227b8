//! The browser extension before a real instance: it connects, gives, undoes, and what it could not
//! send arrives later, once.

use obole_browser_tests::{Browser, Engine, Instance, Look};
use serde_json::{Value, json};

const EXTENSION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../extension");
const NOW: &str = "2026-11-15T12:00:00Z";
const PASSWORD: &str = "four plain words here";
const SONG: &str = "https://songs.example/lullaby";

/// An instance with zoe, who has a budget of EUR 10 and the money for it; her token.
async fn with_zoe() -> (Instance, String) {
    let instance = Instance::prepare(Engine::Sqlite, NOW);
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    let code = instance.obole(&["voucher", "create", "--amount", "10", "--currency", "EUR"], "");
    let all = token(&instance, "wallet budget");
    let token = token(&instance, "profile click clicks:read");
    let instance = instance.start().await;
    let voucher = json!({ "code": code.trim() });
    ask(&instance, "POST", "/me/vouchers", &all, ("v", voucher)).await;
    ask(&instance, "PUT", "/me/budgets/EUR", &all, ("b", json!({ "amount": "10.00" }))).await;
    (instance, token)
}

fn token(instance: &Instance, scope: &str) -> String {
    let said = instance.obole(&["token", "create", "--account", "zoe", "--scope", scope], "");
    said.split_whitespace().last().unwrap().to_owned()
}

/// Asks the API as a script does: whether it had been answered before, and the body.
async fn ask(
    instance: &Instance,
    method: &str,
    path: &str,
    token: &str,
    (key, body): (&str, Value),
) -> (bool, Value) {
    let url = instance.url(&format!("/api/v1{path}"));
    let request = reqwest::Client::new().request(method.parse().unwrap(), url).bearer_auth(token);
    let request = request.header("Content-Type", "application/json");
    let request = request.header("Idempotency-Key", key);
    let request = if body.is_null() { request } else { request.body(body.to_string()) };
    let answer = request.send().await.unwrap().error_for_status().unwrap();
    let is_replayed = answer.headers().contains_key("idempotent-replayed");
    (is_replayed, answer.json().await.unwrap())
}

async fn open(language: &'static str, is_dark: bool) -> Browser {
    let extension = Some(EXTENSION);
    Browser::open_with(Look { language, is_dark, extension, ..Look::default() }).await
}

/// Connects with the instance in the options.
async fn connect(browser: &Browser, instance: &Instance, token: &str) {
    browser.goto(&browser.extension_page("options.html").await).await;
    browser.sees("Not connected with an instance yet.").await;
    browser.axe().await;
    browser.fill("Address of your instance", &instance.url("")).await;
    browser.fill("Token", "obo_nonsense").await;
    browser.press("Connect").await;
    browser.sees("This token is not known here").await;
    browser.fill("Token", token).await;
    browser.press("Connect").await;
    browser.sees("Connected as zoe.").await;
    browser.axe().await;
}

/// Opens the pop-up for a page. In a tab it is on no page, so it asks for one.
async fn open_popup(browser: &Browser, url: &str) {
    browser.goto(&browser.extension_page("popup.html").await).await;
    browser.sees("This page cannot be given to.").await;
    browser.fill("Address of another page", url).await;
    browser.press("Go on").await;
}

#[tokio::test]
async fn the_extension_gives_undoes_and_sends_later() {
    let (instance, token) = with_zoe().await;
    let browser = open("en", false).await;
    browser.goto(&browser.extension_page("popup.html").await).await;
    browser.sees("Which instance do you use?").await;
    browser.axe().await;
    connect(&browser, &instance, &token).await;
    open_popup(&browser, &format!("{SONG}?utm_source=letter#verse")).await;
    browser.sees("Nobody has clicked on it here yet.").await;
    browser.sees("With one point more the page may come to about €10.00 of your €10.00.").await;
    browser.axe().await;
    browser.press("Give 1 point").await;
    browser.sees("Thank you. 1 point is given. If the month ended now, the page would").await;
    browser.sees("This month it has 1 point from you.").await;
    browser.hold_until("Give 1 point", "25 points").await;
    browser.press("5 points").await;
    browser.sees("This month it has 6 points from you.").await;
    browser.axe().await;
    browser.press("Undo").await;
    browser.sees("It is taken back.").await;
    browser.sees("This month it has 1 point from you.").await;
    let instance = instance.away(async || gives_while_away(&browser).await).await;
    let key = browser.evaluate("window.kept").await;
    browser.press("Send now").await;
    browser.sees_no("On their way").await;
    browser.sees("This month it has 2 points from you.").await;
    arrived_once(&instance, &token, key.as_str().unwrap()).await;
}

/// Gives a click that cannot be sent, and looks under which key it waits.
async fn gives_while_away(browser: &Browser) {
    browser.press("Give 1 point").await;
    browser.sees("Your click is kept and sent later, once.").await;
    browser.sees("On their way").await;
    browser.sees("songs.example/lullaby · 1 point").await;
    browser.axe().await;
    let look = "chrome.storage.local.get('queue').then((all) => { kept = all.queue[0].key; }); 0";
    browser.evaluate(look).await;
}

/// The click was sent under the key that it waited under, and stands once.
async fn arrived_once(instance: &Instance, token: &str, key: &str) {
    let (_, clicks) = ask(instance, "GET", "/clicks", token, ("", Value::Null)).await;
    let clicks = clicks["items"].as_array().unwrap();
    assert_eq!(clicks.len(), 1, "{clicks:?}");
    assert_eq!((&clicks[0]["work"]["url"], &clicks[0]["points"]), (&json!(SONG), &json!(2)));
    // The body as the extension writes it: the key stands for it.
    let body: Value = json!(format!("{{\"url\":\"{SONG}\",\"points\":1}}"));
    let url = instance.url("/api/v1/clicks");
    let request = reqwest::Client::new().post(url).bearer_auth(token);
    let request = request.header("Content-Type", "application/json");
    let request = request.header("Idempotency-Key", key);
    let answer = request.body(body.as_str().unwrap().to_owned()).send().await.unwrap();
    assert_eq!(answer.headers().get("idempotent-replayed").unwrap(), "true");
    instance.obole(&["audit"], "");
}

#[tokio::test]
async fn what_is_refused_says_why() {
    let (instance, token) = with_zoe().await;
    instance.obole(
        &["claim", "grant", "--work", SONG, "--account", "zoe", "--reason", "She wrote it"],
        "",
    );
    let browser = open("en", true).await;
    connect(&browser, &instance, &token).await;
    open_popup(&browser, SONG).await;
    browser.sees("Its creator takes part").await;
    browser.axe().await;
    browser.press("Give 1 point").await;
    browser.sees("This work is yours").await;
    browser.sees_no("On their way").await;
    browser.axe().await;
    browser.fill("Address of another page", "javascript:alert(1)").await;
    browser.press("Go on").await;
    browser.sees("This is not the address of a page.").await;
}
