//! A team from its founding to its first percentages, and a work that passes on; each page in both
//! languages.

use obole_browser_tests::{Browser, Engine, Instance};

const PASSWORD: &str = "four plain words here";

#[tokio::test]
async fn a_team_is_founded_and_a_work_passes_on() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-15T12:00:00Z");
    for handle in ["zoe", "yan"] {
        let email = format!("{handle}@patron.example");
        let words = ["account", "create", "--handle", handle, "--email", &email];
        instance.obole(&[&words[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    }
    let work = "https://zoe.example/program";
    let grant = ["claim", "grant", "--work", work, "--account", "zoe", "--reason", "She wrote it"];
    instance.obole(&grant, "");
    let instance = instance.start().await;
    let browser = Browser::open().await;
    browser.sign_in(&instance, ("zoe", PASSWORD), "/teams").await;
    browser.looks_in_both().await;
    browser.fill("Handle", "band").await;
    browser.fill("Name that is shown", "The band").await;
    browser.press("Found it").await;
    browser.sees("you own it").await;
    browser.looks_in_both().await;
    browser.fill("@handle or mail address", "@yan").await;
    browser.press("Send the invitation").await;
    browser.sees("The invitation is on its way").await;
    browser.sees("@yan").await;
    assert!(!browser.text().await.contains("yan@patron.example"), "it is his own to tell");
    browser.looks_in_both().await;
    browser.fill("Part of @zoe, in percent", "60").await;
    browser.press("Save the parts").await;
    browser.sees("The parts are set").await;
    browser.sees("40%").await;
    browser.press("Statements of the team").await;
    browser.sees("Nothing has come of this team yet").await;
    browser.looks_in_both().await;

    browser.goto(&instance.url("/creator")).await;
    browser.press("zoe.example/program").await;
    browser.press("What it passes on").await;
    browser.looks_in_both().await;
    browser.fill("How much of what the work receives, after the fee", "10").await;
    browser.fill("To which works", "https://library.example/").await;
    browser.press("Save").await;
    browser.sees("Who passes on to whom").await;
    browser.sees("90% stays").await;
    browser.looks_in_both().await;
    instance.obole(&["audit"], "");
}
