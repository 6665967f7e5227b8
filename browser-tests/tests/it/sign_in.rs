//! Passkeys, the second factor and the ways back in, with a real browser's authenticator and a real
//! maker of codes.

use std::process::Command;
use std::time::Instant;

use obole_browser_tests::{Browser, Engine, Instance};

const NOW: &str = "2026-11-15T12:00:00Z";
const PASSWORD: &str = "four plain words here";

async fn with_zoe() -> Instance {
    let instance = Instance::prepare(Engine::Sqlite, NOW);
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    instance.start().await
}

/// The page under the name at which passkeys work.
async fn goes_to(browser: &Browser, instance: &Instance, path: &str) {
    browser.goto(&instance.url(path).replace("127.0.0.1", "localhost")).await;
}

async fn types_the_password(browser: &Browser) {
    browser.fill("Mail address or handle", "zoe").await;
    browser.fill("Password", PASSWORD).await;
    browser.within("Password").press("Sign in").await;
}

async fn signs_out(browser: &Browser) {
    browser.press("Account: zoe").await;
    browser.press("Sign out").await;
    browser.arrives_at("/").await;
}

#[tokio::test]
async fn a_passkey_is_made_signs_in_proves_and_is_removed() {
    let instance = with_zoe().await;
    let browser = Browser::open().await;
    browser.goto(&instance.url("/sign-in")).await;
    browser.sees("Passkeys cannot be used at a number like this one").await;
    browser.looks_in_both().await;
    browser.press("this instance by its name").await;
    goes_to(&browser, &instance, "/sign-in?back=/settings/passkeys").await;
    browser.looks_in_both().await;
    types_the_password(&browser).await;
    browser.sees("You have no passkeys yet.").await;

    browser.take_authenticator().await;
    browser.reload().await;
    browser.sees_no("Passkeys need scripts").await;
    browser.looks_in_both().await;
    browser.fill("Name of the passkey", "Telephone").await;
    browser.press("Make a passkey").await;
    browser.sees("The passkey is made. From now on it signs you in.").await;
    browser.sees("Telephone").await;
    browser.looks_in_both().await;
    browser.press("Make a passkey").await;
    browser.sees("This device has a passkey of your account already.").await;
    browser.looks().await;

    signs_out(&browser).await;
    goes_to(&browser, &instance, "/sign-in?back=/wallet").await;
    browser.press_unless_at("Sign in with a passkey", "/wallet").await;
    browser.looks().await;

    // Eleven minutes later money asks again, and the passkey answers.
    let instance = instance.restart_at("2026-11-15T12:11:00Z").await;
    goes_to(&browser, &instance, "/wallet/refund").await;
    browser.sees("Is it you?").await;
    browser.looks_in_both().await;
    browser.press("Prove it with a passkey").await;
    browser.arrives_at("/wallet/refund").await;

    goes_to(&browser, &instance, "/settings/passkeys").await;
    browser.press("Rename or remove").await;
    browser.within("Rename or remove").fill("Name of the passkey", "Blue key").await;
    browser.press("Rename Telephone").await;
    browser.sees("Blue key").await;
    browser.press("Rename or remove").await;
    browser.looks_in_both().await;
    browser.press("Rename or remove").await;
    browser.press("Remove Blue key").await;
    browser.sees("The passkey opens nothing any more.").await;
    signs_out(&browser).await;
    goes_to(&browser, &instance, "/sign-in").await;
    browser.press_until("Sign in with a passkey", "This passkey did not fit").await;
    browser.looks().await;
    types_the_password(&browser).await;
    browser.arrives_at("/month").await;
}

/// An app of codes on a telephone whose clock is the instance's.
struct Telephone {
    seed: String,
    since: Instant,
}

impl Telephone {
    /// The code that it shows, or the next one.
    fn code(&self, later: u64) -> String {
        let seconds = self.since.elapsed().as_secs() + later;
        let at = format!("2026-11-15 12:00:00 UTC {seconds} seconds");
        let made =
            Command::new("oathtool").args(["--totp", "-b", "--now", &at, &self.seed]).output();
        let made = made.expect("oathtool must be installed (Debian: oathtool)");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("digits").trim().to_owned()
    }
}

#[tokio::test]
async fn codes_come_second_and_a_lost_telephone_is_replaced() {
    let instance = with_zoe().await;
    let since = Instant::now();
    let browser = Browser::open().await;
    browser.goto(&instance.url("/sign-in?back=/settings/sign-in")).await;
    types_the_password(&browser).await;
    browser.sees("Your password alone signs in.").await;
    browser.press("Look at the second factor").await;
    browser.press("Set up a second factor").await;
    browser.sees("Scan this with your app").await;
    browser.looks_in_both().await;
    let seed = browser.evaluate("document.querySelector('code.code').textContent").await;
    let seed = seed.as_str().expect("a seed").replace(' ', "");
    let telephone = Telephone { seed, since };
    browser.fill("First code", "000000").await;
    browser.press("Switch it on").await;
    browser.sees("neither the code that your app shows now").await;
    browser.looks().await;
    browser.fill("First code", &telephone.code(0)).await;
    browser.press("Switch it on").await;
    browser.sees("Your recovery codes").await;
    browser.looks().await;
    browser.press("Copy").await;
    browser.sees("Copied").await;
    let file = browser.download("Save as a file").await;
    let codes: Vec<&str> = file.lines().collect();
    assert_eq!(codes.len(), 10, "{file}");
    browser.sees(codes[9]).await;
    browser.press("I have kept them").await;
    browser.sees("10 recovery codes are left.").await;
    browser.looks_in_both().await;
    browser.press("Français").await;
    browser.press("Créer de nouveaux codes de secours").await;
    browser.sees("Vos codes de secours").await;
    browser.looks().await;
    let file = browser.download("Enregistrer dans un fichier").await;
    let codes: Vec<&str> = file.lines().collect();
    browser.press("Je les ai gardés").await;
    browser.press("English").await;

    signs_out(&browser).await;
    browser.goto(&instance.url("/sign-in?back=/settings/second-factor")).await;
    types_the_password(&browser).await;
    browser.sees("One more step").await;
    browser.looks_in_both().await;
    browser.fill("Code", &telephone.code(30)).await;
    browser.within("Code").press("Sign in").await;
    browser.sees("10 recovery codes are left.").await;

    // The telephone is lost.
    signs_out(&browser).await;
    browser.goto(&instance.url("/sign-in?back=/settings/second-factor")).await;
    types_the_password(&browser).await;
    browser.fill("Code", codes[0]).await;
    browser.within("Code").press("Sign in").await;
    browser.sees("9 recovery codes are left.").await;
    browser.press("Switch the second factor off").await;
    browser.sees("The second factor is off.").await;
    signs_out(&browser).await;
    browser.goto(&instance.url("/sign-in")).await;
    types_the_password(&browser).await;
    browser.arrives_at("/month").await;
}
