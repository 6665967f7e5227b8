//! Claiming a site, as somebody does who has never done it; each page in both languages.

use obole_browser_tests::{Browser, Engine, Instance};

const PASSWORD: &str = "four plain words here";

#[tokio::test]
async fn a_claim_is_begun_and_looked_for() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-15T12:00:00Z");
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    let instance = instance.start().await;
    let browser = Browser::open().await;
    browser.goto(&instance.url("/claim?url=https://blog.zoe.example/song")).await;
    browser.sees("You need an account").await;
    browser.looks_in_both().await;
    browser.sign_in(&instance, ("zoe", PASSWORD), "/claims/mine").await;
    browser.sees("You have claimed nothing yet").await;
    browser.looks_in_both().await;
    browser.goto(&instance.url("/claim")).await;
    browser.fill("Address of a page", "https://blog.zoe.example/song").await;
    browser.press("See what can be done").await;
    browser.sees("zoe.example and every name below it").await;
    browser.looks_in_both().await;
    browser.press("Begin A record in the DNS").await;
    browser.sees("_obole.zoe.example").await;
    browser.sees("obole-verification=obole-").await;
    browser.looks_in_both().await;
    // An instance on this machine asks nobody, and says so.
    browser.press("Look now").await;
    browser.sees("The name servers did not answer").await;
    browser.looks_in_both().await;
    browser.goto(&instance.url("/claims")).await;
    browser.sees("No claims yet").await;
    browser.looks_in_both().await;
}
