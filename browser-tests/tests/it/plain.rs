//! Obole without scripts, and Obole by the keyboard alone.

use std::time::Duration;

use obole_browser_tests::{Browser, Engine, Instance, Look};
use serde_json::json;
use tokio::time::sleep;

const NOW: &str = "2026-11-15T12:00:00Z";
const PASSWORD: &str = "four plain words here";

/// An instance with one patron, who has a budget of EUR 10 and the money for it.
async fn with_a_patron() -> Instance {
    let instance = Instance::prepare(Engine::Sqlite, NOW);
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    instance.start().await
}

#[tokio::test]
async fn everything_works_without_scripts() {
    let instance = with_a_patron().await;
    let code = instance.obole(&["voucher", "create", "--amount", "10", "--currency", "EUR"], "");
    let browser = Browser::open_with(Look { has_scripts: false, ..Look::default() }).await;
    browser.goto(&instance.url("/give?url=https%3A%2F%2Fsongs.example%2Flullaby&points=5")).await;
    browser.press("Sign in to give").await;
    browser.fill("Mail address or handle", "zoe").await;
    browser.fill("Password", PASSWORD).await;
    browser.within("Password").press("Sign in").await;
    browser.sees("You are about to click on").await;
    browser.press("Give").await;
    browser.sees("“songs.example/lullaby” has 5 points from you this month").await;
    browser.press("See this month").await;
    browser.press("Set a budget").await;
    browser.fill("At most, each month", "10").await;
    browser.press("Save").await;
    browser.sees("Your budget is €10.00 a month from now on.").await;
    browser.press("Wallet").await;
    browser.fill("Code", code.trim()).await;
    browser.press("Redeem").await;
    browser.sees("€10.00 is in your wallet").await;
    browser.press("This month").await;
    browser.fill("Its address", "https://tools.example/plane").await;
    browser.fill("Points", "5").await;
    browser.press("Click").await;
    browser.sees("€5.00").await;
    browser.press("One point less: tools.example/plane").await;
    browser.fill("Points: tools.example/plane", "15").await;
    browser.by_label("Points: tools.example/plane").await.send_keys("\u{e007}").await.unwrap();
    browser.within("tools.example").sees("€7.50").await;
    browser.press("Français").await;
    browser.sees("7,50 €").await;
    browser.press("Compte : zoe").await;
    browser.press("Se déconnecter").await;
    browser.sees("Se connecter").await;
}

#[tokio::test]
async fn everything_works_by_the_keyboard() {
    let instance = with_a_patron().await;
    let browser = Browser::open().await;
    browser.goto(&instance.url("/sign-in")).await;
    tab(&browser).await;
    assert_eq!(focus(&browser).await, "Skip to the content");
    key(&browser, "Enter").await;
    assert_eq!(browser.path().await, "/sign-in");
    tab_to(&browser, "Mail address or handle").await;
    write(&browser, "zoe").await;
    tab_to(&browser, "Password").await;
    write(&browser, PASSWORD).await;
    key(&browser, "Enter").await;
    browser.arrives_at("/month").await;
    tab_to(&browser, "Its address").await;
    write(&browser, "https://songs.example/lullaby").await;
    tab_to(&browser, "Click").await;
    key(&browser, "Enter").await;
    browser.sees("“songs.example/lullaby” has 1 point from you this month").await;
    tab_to(&browser, "One point more: songs.example/lullaby").await;
    key(&browser, "Enter").await;
    browser.sees_no("has 1 point").await;
    assert_eq!(browser.value("Points: songs.example/lullaby").await, "2");
    tab_to(&browser, "Account: zoe").await;
    key(&browser, "Enter").await;
    tab_to(&browser, "Settings").await;
    key(&browser, "Enter").await;
    browser.arrives_at("/settings").await;
    browser.goto(&instance.url("/give?url=https%3A%2F%2Ftools.example%2Fplane")).await;
    // The button hears nobody who has not looked at the page first (B4).
    sleep(Duration::from_millis(600)).await;
    tab_to(&browser, "1").await;
    key(&browser, "ArrowRight").await;
    tab_to(&browser, "Give").await;
    key(&browser, "Enter").await;
    browser.sees("“tools.example/plane” has 5 points from you this month").await;
}

/// Tabs until the element of this name has the focus, which is seen at each step.
async fn tab_to(browser: &Browser, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        tab(browser).await;
        let here = focus(browser).await;
        if here == name {
            return;
        }
        passed.push(here);
    }
    panic!("Tab does not come to “{name}”; it came to {passed:?}");
}

async fn tab(browser: &Browser) {
    key(browser, "Tab").await;
    let is_seen = browser
        .evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return true; \
             const part = e.closest('label') || e; const look = (x) => getComputedStyle(x); \
             const box = e.getBoundingClientRect(); \
             return (look(e).outlineStyle !== 'none' || look(part).outlineStyle !== 'none') \
             && box.right > 0 && box.bottom > 0; })()",
        )
        .await;
    assert_eq!(is_seen, json!(true), "nobody sees that “{}” has the focus", focus(browser).await);
}

/// The name of what has the focus.
async fn focus(browser: &Browser) -> String {
    let name = "(document.activeElement.computedName || '').replace(/\\s+/g, ' ').trim()";
    browser.evaluate(name).await.as_str().unwrap_or_default().to_owned()
}

/// Presses a key, wherever the focus is.
async fn key(browser: &Browser, name: &str) {
    let (code, text) = match name {
        "Tab" => (9, ""),
        "Enter" => (13, "\r"),
        "ArrowRight" => (39, ""),
        _ => panic!("nobody has said what key {name} is"),
    };
    for kind in ["keyDown", "keyUp"] {
        let mut event = json!({ "type": kind, "key": name, "code": name });
        event["windowsVirtualKeyCode"] = json!(code);
        if kind == "keyDown" && !text.is_empty() {
            event["text"] = json!(text);
        }
        browser.devtools("Input.dispatchKeyEvent", event).await;
    }
}

/// Types, wherever the focus is.
async fn write(browser: &Browser, text: &str) {
    browser.devtools("Input.insertText", json!({ "text": text })).await;
}
