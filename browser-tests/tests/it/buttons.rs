//! Buttons on other people's pages: what the workshop hands out leads to a click, whatever the page
//! allows, and nobody else learns of it.

use std::collections::BTreeSet;
use std::time::Duration;

use obole_browser_tests::{Browser, Engine, Instance, Look, Site};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::snippets::{GIVE, between, code, gives, page, sign_in, with_a_patron};

/// What of the button's own look has come to be.
const GROUND: &str = "getComputedStyle(document.querySelector('obole-button').shadowRoot\
    .querySelector('div')).backgroundColor";

#[tokio::test]
async fn a_strict_page_shows_the_button_by_its_hash() {
    let (instance, site) = (with_a_patron().await, Site::open());
    let browser = Browser::open().await;
    sign_in(&browser, &instance).await;
    let code = code(&browser, &instance, "fixed").await;
    let hash = between(&code, "integrity=\"", "\"").to_owned();
    let policy = format!(
        "Content-Security-Policy: default-src 'none'; script-src '{hash}'; style-src 'none'; \
         connect-src {}; base-uri 'none'; require-trusted-types-for 'script'\r\n",
        instance.url("")
    );
    site.put("/strict", &policy, &page(&code));
    browser.goto(&site.url("/strict")).await;
    browser.by_role("Give with Obole, in a new tab").await;
    assert_eq!(browser.evaluate(GROUND).await, json!("rgb(29, 36, 51)"), "it has its look");
    let stopped = browser.complaints().await;
    let stopped: Vec<_> = stopped.iter().filter(|line| !line.contains("favicon")).collect();
    assert!(stopped.is_empty(), "{stopped:?}");
    gives(&browser, "Give with Obole, in a new tab", true).await;

    // Another script under that address does not run, and the link stands in.
    let other = code.replace(&hash, &format!("sha384-{}", "A".repeat(64)));
    site.put("/changed", "", &page(&other));
    browser.goto(&site.url("/changed")).await;
    gives(&browser, "Give with Obole", true).await;
}

#[tokio::test]
async fn where_scripts_are_blocked_the_link_is_the_button() {
    let (instance, site) = (with_a_patron().await, Site::open());
    let look = Look { has_scripts: false, ..Look::default() };
    let browser = Browser::open_with(look).await;
    sign_in(&browser, &instance).await;
    let code = code(&browser, &instance, "script").await;
    let blocked = "Content-Security-Policy: script-src 'none'\r\n";
    site.put("/", "", &page(&code));
    site.put("/blocked", blocked, &page(&code));
    browser.goto(&site.url("/")).await;
    gives(&browser, "Give with Obole", true).await;
    let browser = Browser::open().await;
    sign_in(&browser, &instance).await;
    browser.goto(&site.url("/blocked")).await;
    gives(&browser, "Give with Obole", true).await;
}

#[tokio::test]
async fn a_button_follows_the_page_and_its_attributes() {
    let (instance, site) = (with_a_patron().await, Site::open());
    let script = format!("<script async src=\"{}\"></script>", instance.url("/button.js"));
    let two = "<link rel=\"canonical\" href=\"https://songs.example/lullaby\">\
        <section><h2>One</h2><obole-button points=\"1 5 25\" size=\"large\"></obole-button>\
        </section><section lang=\"fr\" dir=\"rtl\"><h2>Deux</h2>\
        <obole-button url=\"https://tools.example/plane\" theme=\"outline\" color=\"#85540f\" \
        label=\"Merci &lt;b&gt;\" count=\"off\"></obole-button></section>";
    site.put("/two", "", &page(&format!("{two}{script}")));
    let browser = Browser::open_with(Look { is_watched: true, ..Look::default() }).await;
    browser.goto(&site.url("/two")).await;
    browser.by_role("Give 5 points with Obole, in a new tab").await;
    browser.by_role("Merci <b> avec Obole, dans un nouvel onglet").await;
    browser.axe().await;
    let links = "[...document.querySelectorAll('obole-button')]\
        .flatMap((e) => [...e.shadowRoot.querySelectorAll('a')]).map((a) => a.href)";
    let links = browser.evaluate(links).await;
    let give = instance.url(GIVE);
    let tool = instance.url("/give?url=https%3A%2F%2Ftools.example%2Fplane");
    let more = |points: u8| format!("{give}&points={points}");
    assert_eq!(links, json!([give, more(1), more(5), more(25), tool]));
    let rel = browser.evaluate(
        "document.querySelector('obole-button').shadowRoot\
        .querySelector('a').outerHTML",
    );
    let rel = rel.await.as_str().unwrap().to_owned();
    for part in ["target=\"_blank\"", "noopener", "referrerpolicy=\"origin\""] {
        assert!(rel.contains(part), "{rel}");
    }
    let asked = counted(&browser.requests());
    assert_eq!(asked, ["https%3A%2F%2Fsongs.example%2Flullaby"], "the other is not counted");
    browser
        .evaluate("document.querySelector('obole-button').setAttribute('label', 'Thanks')")
        .await;
    browser.by_role("Thanks with Obole, in a new tab").await;
    // The keyboard comes to each link, and it is seen.
    browser
        .evaluate("document.querySelector('obole-button').shadowRoot.querySelector('a').focus()")
        .await;
    browser.press("Thanks 5 points with Obole, in a new tab").await;
    browser.follow().await;
    browser.arrives_at(&format!("{GIVE}&points=5")).await;
    assert_eq!(
        browser.evaluate("document.referrer").await,
        json!(site.url("/")),
        "the origin alone"
    );
    assert_eq!(browser.evaluate("window.opener").await, Value::Null);
}

/// The works whose number of patrons was asked for.
fn counted(requests: &[String]) -> Vec<String> {
    let counts = requests.iter().filter_map(|url| url.split_once("/button/count?url="));
    counts.map(|(_, work)| work.to_owned()).collect()
}

/// The works whose buttons are on the screen.
const VISIBLE: &str = "[...new Set([...document.querySelectorAll('obole-button')]\
    .filter((e) => { const box = e.getBoundingClientRect(); \
    return box.bottom > 0 && box.top < innerHeight; }).map((e) => e.getAttribute('url')))].length";

#[tokio::test]
async fn two_hundred_buttons_ask_once_for_the_script_and_once_for_each_work_that_is_seen() {
    let (instance, site) = (with_a_patron().await, Site::open());
    let scripts = format!("<script async src=\"{}\"></script>", instance.url("/button.js"));
    let buttons: String = (0..200)
        .map(|number| {
            let url = format!("https://songs.example/{}", number / 2);
            format!("<p style=\"height: 200px\"><obole-button url=\"{url}\"></obole-button></p>")
        })
        .collect();
    site.put("/many", "", &page(&format!("{scripts}{buttons}{scripts}")));
    let browser = Browser::open_with(Look { is_watched: true, ..Look::default() }).await;
    browser.goto(&site.url("/many")).await;
    let mut asked = settled(&browser, 1).await;
    let seen = browser.evaluate(VISIBLE).await.as_u64().unwrap();
    assert!((2..10).contains(&seen), "{seen} works are on the screen");
    let counts = counted(&asked);
    assert_eq!(counts.len() as u64, seen, "{counts:?}");
    assert_eq!(asked.iter().filter(|url| url.ends_with("/button.js")).count(), 1, "{asked:?}");
    browser.evaluate("scrollTo(0, document.documentElement.scrollHeight)").await;
    let more = settled(&browser, 1).await;
    assert!(!counted(&more).is_empty() && counted(&more).len() < 10, "{more:?}");
    asked.extend(more);
    let works: BTreeSet<_> = counted(&asked).into_iter().collect();
    assert_eq!(works.len(), counted(&asked).len(), "each work once");
    let ours = [site.url("/"), instance.url("/")];
    let foreign = asked.iter().filter(|url| !ours.iter().any(|own| url.starts_with(own)));
    assert_eq!(foreign.collect::<Vec<_>>(), Vec::<&String>::new(), "nobody else is asked");
}

/// What was asked for, once counts have been and nothing more comes.
async fn settled(browser: &Browser, least: usize) -> Vec<String> {
    let mut asked = Vec::new();
    for _ in 0..60 {
        sleep(Duration::from_millis(250)).await;
        let more = browser.requests();
        let is_quiet = more.is_empty();
        asked.extend(more);
        if is_quiet && counted(&asked).len() >= least {
            break;
        }
    }
    asked
}

#[tokio::test]
async fn the_number_of_patrons_comes_after_the_button() {
    let size = ["--patrons", "40", "--works", "8", "--periods", "3"];
    let words = [&["demo", "--listen", "127.0.0.1:0"][..], &size].concat();
    let demo = Instance::prepare(Engine::Sqlite, "2026-11-24T12:00:00Z").start_with(&words).await;
    let (work, count) = counted_work(&demo).await;
    let site = Site::open();
    let script = format!("<script async src=\"{}\"></script>", demo.url("/button.js"));
    let button = |more: &str| format!("<p><obole-button url=\"{work}\" {more}></obole-button></p>");
    let body = [button(""), button("theme=\"dark\" count=\"off\""), button("lang=\"fr\"")].concat();
    site.put("/", "", &page(&format!("{body}{script}")));
    let browser = Browser::open().await;
    browser.goto(&site.url("/")).await;
    let name = format!("Give with Obole, in a new tab. {count} patrons or more in the best month");
    browser.by_role(&name).await;
    browser.by_role("Give with Obole, in a new tab").await;
    let french = format!(
        "Donner avec Obole, dans un nouvel onglet. Au moins {count} mécènes dans \
        le meilleur mois"
    );
    browser.by_role(&french).await;
    browser.sees(&format!("{count}+")).await;
    browser.axe().await;
}

/// A work with a public count, and that.
async fn counted_work(demo: &Instance) -> (String, i64) {
    let client = reqwest::Client::new();
    let read = async |path: &str| {
        let answer = client.get(demo.url(path)).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let works = read("/works").await;
    for id in works.split("href=\"/w/").skip(1).filter_map(|rest| rest.split('"').next()) {
        let page = read(&format!("/w/{id}")).await;
        let Some((link, _)) = page.split_once("\" rel=\"noreferrer nofollow ugc\"") else {
            continue;
        };
        let work = link.rsplit_once("href=\"").unwrap().1.to_owned();
        let answer = read(&format!("/button/count?url={work}")).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        if let Some(count) = answer["count"].as_i64() {
            return (work, count);
        }
    }
    panic!("no work of the demonstration has five patrons")
}

#[tokio::test]
async fn the_workshop_follows_what_is_chosen_with_script_and_without() {
    let instance = with_a_patron().await;
    for has_scripts in [true, false] {
        let browser = Browser::open_with(Look { has_scripts, ..Look::default() }).await;
        browser.goto(&instance.url("/buttons")).await;
        browser.sees("What it can look like").await;
        browser.fill("Address of your page", "https://songs.example/lullaby").await;
        browser.tick("Dark pages", true).await;
        browser.fill("What it says optional", "Merci").await;
        if !has_scripts {
            browser.press("Make the button").await;
        }
        browser.sees("label=\"Merci\"").await;
        browser.sees("<obole-button url=\"https://songs.example/lullaby\" theme=\"dark\"").await;
        if has_scripts {
            browser.press("Copy Button with script").await;
            browser.sees("Copied").await;
            browser.axe().await;
            browser.change_look((320, 640), true).await;
            browser.axe().await;
            let is_within = "document.documentElement.scrollWidth <= innerWidth";
            assert_eq!(browser.evaluate(is_within).await, json!(true), "on a narrow screen");
            assert_eq!(browser.complaints().await, Vec::<String>::new());
        }
    }
}
