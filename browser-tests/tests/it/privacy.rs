//! Coming in by invitation, taking everything along, and leaving, in both languages.

use obole_browser_tests::{Engine, Instance};

use crate::people::{Person, word};

#[tokio::test]
async fn a_guest_comes_takes_everything_along_and_leaves() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-10T10:00:00Z").start().await;
    let ada = Person::new("ada", "ada@operator.example", "en").await;
    let zoe = Person::new("zoe", "zoe@patron.example", "fr").await;
    set_up(&instance, &ada).await;
    closes_the_door(&instance, &ada).await;
    let link = invites(&instance, &ada).await;
    comes_in(&instance, &zoe, &link).await;
    ada.finds(&instance, "/settings/invitations", "@zoe").await;
    ada.browser.looks().await;
    ada.finds(&instance, "/admin/invitations", "@zoe").await;
    ada.browser.looks().await;
    takes_along(&instance, &zoe, &ada).await;
    leaves(&instance, &zoe, &ada).await;
}

/// The first administrator comes in by the link that the instance printed.
async fn set_up(instance: &Instance, ada: &Person) {
    let log = instance.log();
    let link = log.lines().find_map(|line| line.split_once("here, once: ")).unwrap().1;
    ada.browser.goto(link.trim()).await;
    ada.introduces(["Mail address", "Handle", "Password"]).await;
    ada.browser.press("Make the account").await;
    ada.browser.arrives_at("/admin").await;
}

async fn closes_the_door(instance: &Instance, ada: &Person) {
    ada.goes_to(instance, "/admin/policy").await;
    ada.browser.choose("Registration", "by invitation").await;
    ada.browser.press("Save").await;
    ada.browser.sees("1 rule has changed").await;
}

async fn invites(instance: &Instance, ada: &Person) -> String {
    ada.goes_to(instance, "/settings/invitations").await;
    ada.browser.looks().await;
    ada.browser.press("Make an invitation").await;
    ada.browser.sees("You can invite 4 more people").await;
    ada.browser.looks().await;
    word(&ada.browser.text().await, |word| word.contains("/invitation/"))
}

async fn comes_in(instance: &Instance, zoe: &Person, link: &str) {
    zoe.goes_to(instance, "/sign-up").await;
    zoe.browser.sees("Il faut une invitation").await;
    zoe.browser.looks().await;
    zoe.browser.goto(link).await;
    zoe.browser.looks().await;
    zoe.introduces(["Adresse e-mail", "Pseudo", "Mot de passe"]).await;
    zoe.browser.within("Mot de passe").press("S’inscrire").await;
    zoe.browser.sees("zoe@patron.example").await;
}

/// The link in the newest mail to zoe, as the administrator reads it.
async fn mailed(instance: &Instance, ada: &Person, place: &str) -> String {
    ada.waits(instance, "/admin/mails", |text| !text.contains("waiting")).await;
    let mails = crate::tour::links(&ada.browser).await;
    for mail in mails.iter().filter(|link| link.starts_with("/admin/mails/")) {
        ada.goes_to(instance, mail).await;
        let text = ada.browser.text().await;
        if text.contains("zoe@patron.example") && text.contains(place) {
            return word(&text, |word| word.contains(place));
        }
    }
    panic!("no mail has a link to {place}")
}

async fn takes_along(instance: &Instance, zoe: &Person, ada: &Person) {
    zoe.goes_to(instance, "/settings/data").await;
    zoe.browser.looks().await;
    zoe.browser.press("Préparer l’archive").await;
    zoe.browser.sees("L’archive se prépare").await;
    zoe.finds(instance, "/settings/data", "Une archive est prête").await;
    let link = mailed(instance, ada, "/export/").await;
    zoe.browser.goto(&link).await;
    zoe.browser.sees("Vos données sont prêtes").await;
    zoe.browser.looks().await;
}

async fn leaves(instance: &Instance, zoe: &Person, ada: &Person) {
    zoe.goes_to(instance, "/settings/leave").await;
    zoe.browser.sees("Il n’y a pas d’argent sur ce compte").await;
    zoe.browser.looks().await;
    zoe.browser.press("Supprimer mon compte").await;
    zoe.browser.sees("encore vide").await;
    zoe.browser.looks().await;
    let agree = "J’ai lu ce qui part et ce qui reste, et je veux supprimer mon compte";
    zoe.browser.tick(agree, true).await;
    zoe.browser.press("Supprimer mon compte").await;
    zoe.browser.sees("sera supprimé").await;
    let link = mailed(instance, ada, "/deletion/").await;
    zoe.browser.goto(&link).await;
    zoe.browser.looks().await;
    zoe.browser.press("Garder le compte").await;
    zoe.browser.sees("Votre compte est conservé").await;
    zoe.browser.looks().await;
}
