//! Trusted sites (security.md B5): who may give at once, what asks, and how it is taken back (B6).

use axum::http::StatusCode;
use obole_app::testing::{account, engines, own, sqlite};
use obole_app::{App, sites};
use obole_domain::Site;

use crate::browser::{Answer, Browser};
use crate::month::a_patron;

const SONG: &str = "/give?url=https://songs.example/one";

/// What Chromium sends when somebody presses a link on another site.
const PRESSED: [(&str, &str); 5] = [
    ("referer", "https://songs.example/"),
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-user", "?1"),
];

/// Opens an address with these headers, those given over the others; an empty one is left out.
async fn open(browser: &mut Browser, path: &str, changed: &[(&str, &str)]) -> Answer {
    let kept = PRESSED.iter().filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let mut request = browser.request("GET", path);
    for (name, value) in kept.chain(changed).filter(|(_, value)| !value.is_empty()) {
        request = request.header(*name, *value);
    }
    browser.send(request.body(axum::body::Body::empty()).expect("valid")).await
}

async fn trusting(app: &App) -> Browser {
    let (browser, ada) = a_patron(app, "ada").await;
    let site = Site::parse("https://songs.example").expect("a site");
    sites::trust(app, ada, site).await.expect("trusted");
    browser
}

fn gives_at_once(page: &Answer) -> bool {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body.contains(" data-at-once>")
}

#[tokio::test]
async fn a_trusted_site_gives_its_own_works_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = trusting(app).await;
        let page = open(&mut ada, SONG, &[]).await;
        assert!(gives_at_once(&page));
        let given = ada.submit(&page, "/give", &[]).await;
        let done = ada.follow(given).await;
        done.assert_has("has 1 point from you this month");
        done.assert_lacks("Trust songs.example");
        let list = ada.get("/settings/sites").await;
        list.assert_has("songs.example trusted since 15 January 2026 1");
        let back = ada.submit(&list, "/settings/sites/take-back", &[]).await;
        ada.follow(back)
            .await
            .assert_has("1 click that songs.example gave this month is taken back");
        ada.get("/month").await.assert_has("No clicks yet");
        let list = ada.get("/settings/sites").await;
        let removed = ada.submit(&list, "/settings/sites/remove", &[]).await;
        ada.follow(removed).await.assert_has("You trust no site yet");
        assert!(!gives_at_once(&open(&mut ada, SONG, &[]).await));
    }
}

#[tokio::test]
async fn everything_else_asks() {
    let instance = sqlite().await;
    let app = &instance.app;
    let mut ada = trusting(app).await;
    let (mut ben, _) = a_patron(app, "ben").await;
    own(app, account(app, "zoe").await, "https://songs.example/zoe").await;
    for (path, changed) in [
        (SONG, &[("referer", "")][..]),
        (SONG, &[("referer", "https://evil.example/songs.example")]),
        (SONG, &[("referer", "https://songs.example.evil.example/")]),
        (SONG, &[("referer", "https://songs.example@evil.example/")]),
        (SONG, &[("referer", "https://www.songs.example/")]),
        (SONG, &[("referer", "http://songs.example/")]),
        (SONG, &[("referer", "https://songs.example:8443/")]),
        (SONG, &[("referer", "null")]),
        (SONG, &[("referer", "about:blank")]),
        (SONG, &[("referer", "https://xn--songs-example/")]),
        (SONG, &[("referer", "javascript:https://songs.example/")]),
        (SONG, &[("referer", "https://songs.example%00.evil.example/")]),
        (SONG, &[("sec-fetch-mode", "")]),
        (SONG, &[("sec-fetch-mode", "no-cors")]),
        (SONG, &[("sec-fetch-mode", "cors")]),
        (SONG, &[("sec-fetch-mode", "same-origin")]),
        (SONG, &[("sec-fetch-user", "")]),
        (SONG, &[("sec-fetch-user", "?0")]),
        (SONG, &[("sec-fetch-user", "1")]),
        (SONG, &[("sec-fetch-dest", "")]),
        (SONG, &[("sec-fetch-dest", "iframe")]),
        (SONG, &[("sec-fetch-dest", "embed")]),
        (SONG, &[("sec-fetch-dest", "object")]),
        (SONG, &[("sec-fetch-dest", "image")]),
        (SONG, &[("sec-purpose", "prefetch")]),
        (SONG, &[("sec-purpose", "prefetch;prerender")]),
        ("/give?url=https://other.example/one", &[]),
        ("/give?url=https://songs.example.evil.example/one", &[]),
        ("/give?url=https://songs.example:444/one", &[]),
        ("/give?url=https://songs.example/one&way=site", &[("referer", "https://evil.example/")]),
    ] {
        assert!(!gives_at_once(&open(&mut ada, path, changed).await), "{path} {changed:?}");
    }
    assert!(!gives_at_once(&open(&mut ben, SONG, &[]).await), "ben trusts nobody");
    assert!(!gives_at_once(&open(&mut Browser::new(app), SONG, &[]).await), "nobody is there");
    ada.get("/month").await.assert_has("No clicks yet");
    assert!(gives_at_once(&open(&mut ada, SONG, &[]).await));
}

#[tokio::test]
async fn a_site_gives_at_once_thirty_times_a_day() {
    for instance in engines().await {
        let app = &instance.app;
        let mut ada = trusting(app).await;
        let first = open(&mut ada, SONG, &[]).await;
        for number in 0..30 {
            let page = open(&mut ada, &format!("{SONG}/{number}"), &[]).await;
            assert!(gives_at_once(&page), "{number}");
            let given = ada.submit(&page, "/give", &[]).await;
            assert_eq!(given.status, StatusCode::SEE_OTHER, "{number}: {}", given.body);
        }
        assert!(!gives_at_once(&open(&mut ada, SONG, &[]).await));
        let late = ada.submit(&first, "/give", &[("note", "kept")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        late.assert_has("This site does not give at once now");
        assert!(!late.body.contains("data-at-once"));
        assert!(late.form("/give", &[]).contains(&("note".to_owned(), "kept".to_owned())));
        let pressed = ada.submit(&late, "/give", &[]).await;
        assert_eq!(pressed.status, StatusCode::SEE_OTHER, "{}", pressed.body);
        instance.at("2026-01-16T12:00:00Z");
        assert!(gives_at_once(&open(&mut ada, SONG, &[]).await));
    }
}

#[tokio::test]
async fn trust_is_offered_after_a_click_from_the_works_own_site() {
    let instance = sqlite().await;
    let (mut ada, _) = a_patron(&instance.app, "ada").await;
    let page = open(&mut ada, SONG, &[]).await;
    let given = ada.submit(&page, "/give", &[]).await;
    let done = ada.follow(given).await;
    done.assert_has("Trust songs.example");
    let trusted = ada.submit(&done, "/settings/sites", &[]).await;
    let done = ada.follow(trusted).await;
    done.assert_has("Buttons on songs.example give at once from now on");
    done.assert_has("has 1 point from you");
    assert!(gives_at_once(&open(&mut ada, SONG, &[]).await));
    let page = open(&mut ada, SONG, &[("referer", "https://blog.example/")]).await;
    let given = ada.submit(&page, "/give", &[]).await;
    ada.follow(given).await.assert_lacks("Trust ");
    let list = ada.get("/settings/sites").await;
    for (site, sentence) in [
        ("", "still empty"),
        ("javascript:alert(1)", "Only pages of the web"),
        ("a b", "not the address of a page"),
    ] {
        let refused = ada.submit(&list, "/settings/sites", &[("site", site)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{site}");
        refused.assert_has(sentence);
    }
    let french = ada.speaking("fr").get("/settings/sites").await;
    french.assert_has("Sites de confiance");
}
