//! A dispute as an operator files and decides it, and as its holder answers it; each page in both
//! languages.

use obole_browser_tests::{Browser, Engine, Instance};

const PASSWORD: &str = "four plain words here";
const SONG: &str = "https://songs.example/lullaby";

#[tokio::test]
async fn a_dispute_is_filed_answered_and_decided() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-15T12:00:00Z");
    for (handle, more) in [("zoe", &[][..]), ("yan", &[]), ("boss", &["--admin"])] {
        let email = format!("{handle}@people.example");
        let words = ["account", "create", "--handle", handle, "--email", &email];
        let words = [&words[..], &["--confirmed", "--password-stdin"], more].concat();
        instance.obole(&words, PASSWORD);
    }
    let grant = ["claim", "grant", "--work", SONG, "--account", "zoe", "--reason", "She wrote it"];
    instance.obole(&grant, "");
    let instance = instance.start().await;
    let boss = Browser::open().await;
    boss.sign_in(&instance, ("boss", PASSWORD), "/admin/disputes").await;
    boss.sees("No dispute waits").await;
    boss.looks_in_both().await;
    boss.fill("Handle", "yan").await;
    boss.fill("Address of a page", SONG).await;
    boss.fill("Why it is theirs", "It carries his name.").await;
    boss.press("File the dispute").await;
    boss.sees("The dispute is filed").await;
    boss.sees("It can be decided once the holder has answered").await;
    boss.looks_in_both().await;

    let zoe = Browser::open().await;
    zoe.sign_in(&instance, ("zoe", PASSWORD), "/claims/mine").await;
    zoe.press("songs.example/lullaby").await;
    zoe.sees("It carries his name.").await;
    zoe.looks_in_both().await;
    zoe.fill("Your answer", "I wrote it in 2019, and he sang it.").await;
    zoe.press("Send the answer").await;
    zoe.sees("Your answer is there").await;
    zoe.sees("waits for a decision").await;

    boss.goto(&instance.url("/admin/disputes")).await;
    boss.sees("I wrote it in 2019").await;
    boss.fill("Reason:", "She has the drafts").await;
    boss.looks_in_both().await;
    boss.fill("Reason:", "She has the drafts").await;
    boss.press("It stays @zoe’s").await;
    boss.sees("the works stay the holder’s").await;
    boss.goto(&instance.url("/claims/of/songs.example")).await;
    boss.sees("dispute ended").await;
    boss.looks_in_both().await;
    instance.obole(&["audit"], "");
}
