//! Claiming a site, as somebody does who has never done it; each page in both languages.

use obole_browser_tests::{Browser, Engine, Instance};

const PASSWORD: &str = "four plain words here";

/// The same page in both languages; English is the first and the last.
async fn looks_in_both(browser: &Browser) {
    browser.axe().await;
    browser.press("Français").await;
    browser.sees("English").await;
    browser.axe().await;
    browser.press("English").await;
    browser.sees("Français").await;
}

#[tokio::test]
async fn a_claim_is_begun_and_looked_for() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-15T12:00:00Z");
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    let instance = instance.start().await;
    let browser = Browser::open().await;
    browser.goto(&instance.url("/claim?url=https://blog.zoe.example/song")).await;
    browser.sees("You need an account").await;
    looks_in_both(&browser).await;
    browser.goto(&instance.url("/sign-in?back=/claims/mine")).await;
    browser.fill("Mail address or handle", "zoe").await;
    browser.fill("Password", PASSWORD).await;
    browser.within("Password").press("Sign in").await;
    browser.arrives_at("/claims/mine").await;
    browser.sees("You have claimed nothing yet").await;
    looks_in_both(&browser).await;
    browser.goto(&instance.url("/claim")).await;
    browser.fill("Address of a page", "https://blog.zoe.example/song").await;
    browser.press("See what can be done").await;
    browser.sees("zoe.example and every name below it").await;
    looks_in_both(&browser).await;
    browser.press("Begin A record in the DNS").await;
    browser.sees("_obole.zoe.example").await;
    browser.sees("obole-verification=obole-").await;
    looks_in_both(&browser).await;
    // An instance on this machine asks nobody, and says so.
    browser.press("Look now").await;
    browser.sees("The name servers did not answer").await;
    looks_in_both(&browser).await;
    browser.goto(&instance.url("/claims")).await;
    browser.sees("No claims yet").await;
    looks_in_both(&browser).await;
}
