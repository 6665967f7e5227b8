//! A whole month, lived in three browsers by what people see, on each engine.

use obole_browser_tests::{Engine, Instance};

use crate::people::{Person, word};

const SONG: &str = "https://songs.example/lullaby";
const TOOL: &str = "https://tools.example/plane";
const NOTE: &str = "Un mot de remerciement facultatif ; la personne qui l’a créée le voit avec \
    votre nom";
const ESSAY: &str = "https://essays.example/slow-bread";

#[tokio::test]
async fn a_month_is_lived_on_sqlite() {
    a_month(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_month_is_lived_on_postgres() {
    a_month(Engine::Postgres).await;
}

async fn a_month(engine: Engine) {
    let instance = Instance::prepare(engine, "2026-11-28T10:00:00Z")
        .set("OBOLE_BANK_HOLDER", "The Association")
        .set("OBOLE_BANK_IBAN", "DE89370400440532013000")
        .start()
        .await;
    let ada = Person::new("ada", "ada@operator.example", "en").await;
    let zoe = Person::new("zoe", "zoe@patron.example", "fr").await;
    let tom = Person::new("tom", "tom@creator.example", "en").await;
    set_up(&instance, &ada).await;
    let code = make_vouchers(&instance, &ada).await;
    zoe_signs_up(&instance, &zoe, &ada).await;
    tops_up(&instance, &zoe, &code).await;
    gives(&instance, &zoe).await;
    tom_signs_up(&instance, &tom, &ada).await;
    grants_the_claim(&ada).await;
    let instance = instance.restart_at("2026-12-01T00:05:00Z").await;
    reads_the_statement(&instance, &zoe).await;
    asks_for_a_payout(&instance, &tom).await;
    sends_the_bank_file(&instance, &ada).await;
    everything_adds_up(&instance, &zoe, &tom).await;
}

/// The first administrator comes in by the link that the instance printed.
async fn set_up(instance: &Instance, ada: &Person) {
    let log = instance.log();
    let link = log.lines().find_map(|line| line.split_once("here, once: ")).unwrap().1;
    let browser = &ada.browser;
    browser.goto(link.trim()).await;
    ada.browser.looks().await;
    ada.introduces(["Mail address", "Handle", "Password"]).await;
    browser.press("Make the account").await;
    browser.arrives_at("/admin").await;
    ada.browser.looks().await;
    browser.press("Account: ada").await;
    browser.press("Sign out").await;
    browser.press("Sign in").await;
    ada.browser.looks().await;
    browser.fill("Mail address or handle", "ada").await;
    browser.fill("Password", "not this one at all").await;
    browser.within("Password").press("Sign in").await;
    browser.sees("do not fit together").await;
    ada.browser.looks().await;
    browser.fill("Password", ada.password).await;
    browser.within("Password").press("Sign in").await;
    browser.arrives_at("/month").await;
}

async fn make_vouchers(_: &Instance, ada: &Person) -> String {
    let browser = &ada.browser;
    browser.within("Main navigation").press("Administration").await;
    browser.press("Vouchers").await;
    ada.browser.looks().await;
    browser.fill("Each worth", "30").await;
    browser.fill("How many", "2").await;
    browser.press("Make vouchers").await;
    browser.sees("These codes are shown only now").await;
    ada.browser.looks().await;
    let text = browser.text().await;
    word(&text, |word| word.matches('-').count() == 4)
}

async fn zoe_signs_up(instance: &Instance, zoe: &Person, ada: &Person) {
    let browser = &zoe.browser;
    zoe.goes_to(instance, "/").await;
    browser.sees("Fixez un budget, cliquez sur ce qui vous plaît").await;
    zoe.browser.looks().await;
    zoe.goes_to(instance, "/sign-up").await;
    zoe.browser.looks().await;
    zoe.introduces(["Adresse e-mail", "Pseudo", "Mot de passe"]).await;
    browser.within("Mot de passe").press("S’inscrire").await;
    browser.sees("Nous envoyons un e-mail avec un code et un lien à zoe@patron.example").await;
    zoe.browser.looks().await;
    let mail = mail_to(instance, ada, zoe.email, "Confirmez votre adresse e-mail pour Obole").await;
    browser.goto(&word(&mail, |word| word.contains("/confirm/"))).await;
    zoe.browser.looks().await;
    browser.press("Oui, confirmer l’adresse").await;
    browser.sees("Votre adresse e-mail est confirmée.").await;
}

/// Reads the newest mail to this address in the administration.
async fn mail_to(instance: &Instance, ada: &Person, address: &str, subject: &str) -> String {
    let is_written = |page: &str| page.contains(address) && !page.contains("waiting");
    ada.waits(instance, "/admin/mails", is_written).await;
    ada.browser.looks().await;
    ada.browser.within(address).press(subject).await;
    ada.browser.looks().await;
    ada.browser.text().await
}

async fn tops_up(instance: &Instance, zoe: &Person, code: &str) {
    let browser = &zoe.browser;
    zoe.goes_to(instance, "/month").await;
    browser.press("Porte-monnaie").await;
    zoe.browser.looks().await;
    browser.fill("Code", code).await;
    browser.press("Utiliser").await;
    browser.sees("Le bon est utilisé : 30,00 € sont dans votre porte-monnaie.").await;
    zoe.browser.looks().await;
    browser.press("Changer le budget mensuel").await;
    zoe.browser.looks().await;
    browser.fill("Au plus, chaque mois", "1").await;
    browser.press("Enregistrer").await;
    zoe.browser.looks().await;
    browser.fill("Au plus, chaque mois", "20").await;
    browser.press("Enregistrer").await;
    browser.sees("Votre budget est désormais de 20,00 € par mois.").await;
}

async fn gives(instance: &Instance, zoe: &Person) {
    let browser = &zoe.browser;
    zoe.goes_to(instance, &format!("/give?url={SONG}")).await;
    zoe.browser.looks().await;
    browser.fill("Comment cela s’appelle-t-il ? facultatif", "Berceuse").await;
    browser.fill(NOTE, "Merci pour ces nuits").await;
    browser.press("Donner").await;
    browser.sees("Votre clic est compté.").await;
    browser.sees("Si le mois finissait maintenant, cela ferait 20,00 €.").await;
    zoe.browser.looks().await;
    browser.press("Voir ce mois-ci").await;
    zoe.browser.looks().await;
    browser.fill("Son adresse", TOOL).await;
    browser.press("Cliquer").await;
    browser.sees("Votre clic est compté : « tools.example/plane » a 1 point de vous").await;
    browser.within("songs.example").sees("10,00 €").await;
    browser.press("Un point de plus : songs.example/lullaby").await;
    browser.press("Un point de plus : songs.example/lullaby").await;
    browser.sees("15,00 €").await;
    browser.fill("Son adresse", ESSAY).await;
    browser.fill("Points", "4").await;
    browser.press("Cliquer").await;
    browser.sees("7,50 €").await;
    zoe.browser.looks().await;
    browser.press("Reprendre essays.example/slow-bread").await;
    browser.sees("est repris").await;
    zoe.browser.looks().await;
    browser.press("Annuler").await;
    browser.sees("tout est comme avant").await;
    browser.sees("7,50 €").await;
    browser.press("Reprendre essays.example/slow-bread").await;
    browser.sees("15,00 €").await;
    browser.sees_no("essays.example/slow-bread gets").await;
}

async fn tom_signs_up(instance: &Instance, tom: &Person, ada: &Person) {
    let browser = &tom.browser;
    tom.goes_to(instance, "/sign-up").await;
    tom.introduces(["Mail address", "Handle", "Password"]).await;
    browser.within("Password").press("Sign up").await;
    let mail = mail_to(instance, ada, tom.email, "Confirm your mail address for Obole").await;
    let code = word(&mail, |word| {
        word.len() >= 8 && !word.chars().any(char::is_lowercase) && !word.contains('@')
    });
    browser.fill("Code from the mail", "WRONGONE").await;
    browser.press("Confirm").await;
    tom.browser.looks().await;
    browser.fill("Code from the mail", &code).await;
    browser.press("Confirm").await;
    browser.sees("Your mail address is confirmed.").await;
    tom.goes_to(instance, "/creator").await;
    browser.sees("None yet.").await;
    tom.browser.looks().await;
}

async fn grants_the_claim(ada: &Person) {
    let browser = &ada.browser;
    browser.within("Main navigation").press("Administration").await;
    browser.press("Works").await;
    ada.browser.looks().await;
    browser.fill("Address of the work", SONG).await;
    browser.fill("Handle of the account", "tom").await;
    browser.fill("Reason", "He sang it to me.").await;
    browser.within("Reason").press("Vouch for a claim").await;
    browser.sees("The work is controlled by @tom now.").await;
    ada.browser.looks().await;
}

async fn reads_the_statement(instance: &Instance, zoe: &Person) {
    let browser = &zoe.browser;
    zoe.finds(instance, "/statements", "Novembre 2026").await;
    zoe.browser.looks().await;
    browser.press("Novembre 2026").await;
    browser.sees("Relevé, novembre 2026").await;
    browser.sees("15,00 €").await;
    browser.within("tools.example").sees("5,00 €").await;
    zoe.browser.looks().await;
    let file = browser.download("CSV").await;
    assert!(file.contains(SONG) && file.contains("15000000"), "{file}");
    browser.press("Porte-monnaie").await;
    browser.sees("5,00 € de plus sont mis de côté pour des promesses").await;
    zoe.browser.looks().await;
}

async fn asks_for_a_payout(instance: &Instance, tom: &Person) {
    let browser = &tom.browser;
    tom.goes_to(instance, "/creator").await;
    browser.sees("€13.50").await;
    tom.browser.looks().await;
    browser.press("Change").await;
    tom.proves("Is it you?", "Password", "Go on").await;
    tom.browser.looks().await;
    browser.fill("Account holder", "Tom Wren").await;
    browser.fill("IBAN", "DE89 3704 0044 0532 0130 01").await;
    browser.press("Save").await;
    tom.browser.looks().await;
    browser.fill("IBAN", "DE89 3704 0044 0532 0130 00").await;
    browser.press("Save").await;
    browser.sees("The bank account is saved.").await;
    tom.goes_to(instance, "/creator").await;
    browser.press("Ask for €13.50").await;
    browser.sees("You asked for a payout of €13.50.").await;
    tom.browser.looks().await;
}

async fn sends_the_bank_file(instance: &Instance, ada: &Person) {
    let browser = &ada.browser;
    ada.goes_to(instance, "/admin/payouts").await;
    ada.browser.looks().await;
    browser.press("Make a bank file").await;
    ada.proves("Is it you?", "Password", "Go on").await;
    browser.press("Make a bank file").await;
    browser.sees("The bank file is made: €13.50 in all.").await;
    ada.browser.looks().await;
    let file = browser.download("Download the file").await;
    assert!(file.contains("13.50") && file.contains("DE89370400440532013000"), "{file}");
    validates(instance, &file);
    browser.press("Mark as sent").await;
    browser.sees("The bank file is marked as sent.").await;
    ada.browser.looks().await;
}

/// The bank's schema takes the file.
fn validates(instance: &Instance, file: &str) {
    let path = instance.folder().join("payouts.xml");
    std::fs::write(&path, file).unwrap();
    let schema = std::env::var("OBOLE_TEST_SCHEMAS").unwrap() + "/pain.001.001.09.xsd";
    let mut xmllint = std::process::Command::new("xmllint");
    let output = xmllint.args(["--noout", "--nonet", "--schema", &schema]).arg(&path).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{file}");
}

async fn everything_adds_up(instance: &Instance, zoe: &Person, tom: &Person) {
    tom.goes_to(instance, "/creator/payouts").await;
    tom.browser.sees("sent to the bank").await;
    tom.browser.looks().await;
    zoe.goes_to(instance, "/").await;
    zoe.browser.press("Clôtures").await;
    zoe.browser.looks().await;
    zoe.browser.press("Novembre 2026").await;
    for sum in ["15,00 €", "1,50 €", "13,50 €", "5,00 €"] {
        zoe.browser.sees(sum).await;
    }
    zoe.browser.looks().await;
    instance.obole(&["audit"], "");
}
