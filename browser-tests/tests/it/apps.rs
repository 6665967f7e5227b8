//! Apps of others in a real browser: the answer to the consent page's form leads to the app's own
//! address, which the page's policy has to allow (docs/decisions/0063).

use obole_browser_tests::{Browser, Engine, Instance, Site};
use serde_json::Value;

const PASSWORD: &str = "four plain words here";

#[tokio::test]
async fn an_answer_arrives_at_the_apps_own_address() {
    let instance = Instance::prepare(Engine::Sqlite, "2026-11-15T12:00:00Z");
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    let instance = instance.start().await;
    let browser = Browser::open().await;
    browser.goto(&instance.url("/.well-known/oauth-authorization-server")).await;
    let about: Value = serde_json::from_str(&browser.text().await).expect("JSON");
    let issuer = about["issuer"].as_str().expect("an issuer");
    let issuer = issuer.replace(':', "%3A").replace('/', "%2F");

    browser.sign_in(&instance, ("zoe", PASSWORD), "/apps").await;
    let site = Site::open();
    browser.fill("App", "Song player").await;
    browser.fill("Addresses that answers go to", &site.url("/callback")).await;
    browser.press("Register the app").await;
    browser.sees("The app is registered").await;
    let path = browser.path().await;
    let id = path.strip_prefix("/apps/").expect("the app's page");

    let no = "error=access_denied&error_description=The%20answer%20was%20no.";
    let page = "<!doctype html><html lang=\"en\"><title>App</title><h1>The app goes on</h1>";
    site.put(&format!("/callback?{no}&iss={issuer}"), "", page);
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let asked = format!(
        "/oauth/authorize?response_type=code&client_id={id}&code_challenge_method=S256\
         &code_challenge={challenge}"
    );
    browser.goto(&instance.url(&asked)).await;
    browser.sees("Unproven").await;
    browser.axe().await;
    browser.press("Do not allow").await;
    browser.sees("The app goes on").await;
}
