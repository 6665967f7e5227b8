//! The codes that the workshop hands out, each on a page of its own on another origin: whoever
//! presses it gives a click, signed in or on the way through the sign-up.

use obole_browser_tests::{Browser, Engine, Instance, Look, Site};
use serde_json::json;

const NOW: &str = "2026-11-15T12:00:00Z";
const PASSWORD: &str = "four plain words here";
/// The giving window of the page that the codes are for.
pub const GIVE: &str = "/give?url=https%3A%2F%2Fsongs.example%2Flullaby";

/// An instance with one patron.
pub async fn with_a_patron() -> Instance {
    let instance = Instance::prepare(Engine::Sqlite, NOW);
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    instance.start().await
}

/// Signs that patron in.
pub async fn sign_in(browser: &Browser, instance: &Instance) {
    browser.sign_in(instance, ("zoe", PASSWORD), "/month").await;
}

/// A page of a site around something.
pub fn page(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><title>Songs</title></head>\
         <body><main><h1>Songs</h1><p>A lullaby.</p>{inside}</main></body></html>"
    )
}

/// Presses the button on the page that is open, and gives.
pub async fn gives(browser: &Browser, name: &str, has_window: bool) {
    browser.press(name).await;
    if has_window {
        browser.follow().await;
    }
    browser.arrives_at(GIVE).await;
    browser.press_until("Give", "from you this month").await;
    if has_window {
        browser.close().await;
    }
}

/// The code that the workshop hands out for a place.
pub async fn code(browser: &Browser, instance: &Instance, place: &str) -> String {
    let made = instance.url("/buttons?url=https%3A%2F%2Fsongs.example%2Flullaby&lang=en");
    if !browser.path().await.starts_with("/buttons?") {
        browser.goto(&made).await;
    }
    let text = format!("document.getElementById('code-{place}').textContent");
    let code = browser.evaluate(&text).await;
    code.as_str().unwrap_or_else(|| panic!("no code for {place}")).to_owned()
}

/// What a place makes of its code: the programs behind templates, Markdown and forums are played.
fn displayed(place: &str, code: &str) -> String {
    let url = "https%3A%2F%2Fsongs.example%2Flullaby";
    match place {
        "hugo" => code.replace("{{ .Permalink | urlquery }}", url),
        "jekyll" => code.replace("{{ page.url | absolute_url | url_encode }}", url),
        "zola" => code.replace("{{ page.permalink | urlencode_strict }}", url),
        "rss" | "atom" => read_by_program(between(code, "href=\"", "\"")),
        "podcast" => read_by_program(between(code, "url=\"", "\"")),
        "mastodon" => format!("<a rel=\"me\" href=\"{code}\">Give with Obole</a>"),
        "markdown" | "readme" => {
            let picture = between(code, "](", ")");
            linked(between(code, ")](", ")"), picture, between(code, "[![", "]"))
        }
        "bbcode" => {
            let picture = between(code, "[img]", "[/img]");
            linked(between(code, "[url=", "]"), picture, "Give with Obole")
        }
        _ => code.to_owned(),
    }
}

fn read_by_program(address: &str) -> String {
    format!("<a href=\"{address}\">Give with Obole</a>")
}

fn linked(address: &str, picture: &str, alt: &str) -> String {
    format!("<a href=\"{address}\"><img src=\"{picture}\" alt=\"{alt}\"></a>")
}

/// What stands between two marks.
pub fn between<'code>(code: &'code str, before: &str, after: &str) -> &'code str {
    let (_, rest) = code.split_once(before).unwrap_or_else(|| panic!("no {before} in {code}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {code}")).0
}

const PLACES: [&str; 16] = [
    "script",
    "fixed",
    "html",
    "text",
    "wordpress",
    "hugo",
    "jekyll",
    "zola",
    "rss",
    "atom",
    "podcast",
    "markdown",
    "readme",
    "bbcode",
    "mail",
    "mastodon",
];

/// What the browser complained of, but for the icon that the site does not have.
async fn complaints(browser: &Browser) -> Vec<String> {
    let mut complaints = browser.complaints().await;
    complaints.retain(|line| !line.contains("/favicon.ico"));
    complaints
}

#[tokio::test]
async fn every_code_of_the_workshop_leads_to_a_click() {
    let instance = with_a_patron().await;
    let browser = Browser::open_with(stranger()).await;
    sign_in(&browser, &instance).await;
    let site = built(&browser, &instance).await;
    for place in PLACES {
        browser.goto(&site.url(&format!("/{place}"))).await;
        browser.sees("A lullaby.").await;
        let broken = "[...document.images].filter((i) => i.complete && !i.naturalWidth).length";
        assert_eq!(browser.evaluate(broken).await, json!(0), "{place} shows its picture");
        let name = name_of(place);
        browser.by_role(name).await;
        browser.axe().await;
        assert_eq!(complaints(&browser).await, Vec::<String>::new(), "{place}");
        gives(&browser, name, has_window(place)).await;
    }
    browser.goto(&instance.url("/month")).await;
    browser.sees("songs.example/lullaby").await;
    assert_eq!(browser.value("Points: songs.example/lullaby").await, PLACES.len().to_string());
    assert_eq!(browser.requests_to_strangers(), Vec::<String>::new());
}

/// Somebody whose browser keeps cookies from sites within others, and is watched.
fn stranger() -> Look {
    Look { has_foreign_cookies: false, is_watched: true, ..Look::default() }
}

/// A site with a page for each place, and its code on it.
async fn built(browser: &Browser, instance: &Instance) -> Site {
    let site = Site::open();
    for place in PLACES {
        let code = code(browser, instance, place).await;
        site.put(&format!("/{place}"), "", &page(&displayed(place, &code)));
    }
    site
}

/// What the button of a place is called.
fn name_of(place: &str) -> &'static str {
    match place {
        "script" | "fixed" => "Give with Obole, in a new tab",
        _ => "Give with Obole",
    }
}

/// Whether the button of a place opens a window of its own.
fn has_window(place: &str) -> bool {
    let own = ["rss", "atom", "podcast", "markdown", "readme", "bbcode", "mastodon"];
    !own.contains(&place)
}

#[tokio::test]
async fn the_first_codes_lead_through_the_sign_up_to_the_same_click() {
    sign_up_on_the_way(&PLACES[..8]).await;
}

#[tokio::test]
async fn the_other_codes_lead_through_the_sign_up_to_the_same_click() {
    sign_up_on_the_way(&PLACES[8..]).await;
}

/// For each place somebody new presses its button, signs up on the way and gives. All come from
/// one address, which the limits would slow down.
async fn sign_up_on_the_way(places: &[&str]) {
    let instance = Instance::prepare(Engine::Sqlite, NOW).set("OBOLE_LIMITS_OFF", "true");
    let instance = instance.start().await;
    let site = built(&Browser::open().await, &instance).await;
    for (number, place) in places.iter().enumerate() {
        let browser = Browser::open_with(stranger()).await;
        browser.goto(&site.url(&format!("/{place}"))).await;
        browser.press(name_of(place)).await;
        if has_window(place) {
            browser.follow().await;
        }
        browser.arrives_at(GIVE).await;
        browser.press_until("Sign up to give", "Already here?").await;
        browser.fill("Mail address", &format!("new{number}@patron.example")).await;
        browser.fill("Handle", &format!("new{number}")).await;
        browser.fill("Password", PASSWORD).await;
        browser.within("Password").press("Sign up").await;
        browser.sees("Here is the click that you chose.").await;
        browser.press_until("Give", "from you this month").await;
        browser.sees("songs.example/lullaby").await;
        assert_eq!(browser.requests_to_strangers(), Vec::<String>::new(), "{place}");
    }
    instance.obole(&["audit"], "");
}
