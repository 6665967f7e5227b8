//! The button on other sites (B1, P2).

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{account, engines, own, sqlite, sqlite_with};
use obole_app::{settle, suspensions, works};

use crate::browser::Browser;
use crate::month::a_patron;

#[tokio::test]
async fn a_button_is_a_picture_for_every_site() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    browser.set_cookie("obole", "planted");
    for size in ["small", "medium", "large"] {
        let path = format!("/button/{size}.svg?url=https%3A%2F%2Fcreator.example%2Fsong");
        let button = browser.get(&path).await;
        assert_eq!(button.status, StatusCode::OK);
        assert_eq!(button.header("content-type"), "image/svg+xml");
        assert_eq!(button.header("access-control-allow-origin"), "*");
        assert_eq!(button.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(button.header("x-content-type-options"), "nosniff");
        assert!(button.header("content-security-policy").starts_with("default-src 'none'"));
        let caching = "public, max-age=3600, stale-while-revalidate=86400";
        assert_eq!(button.header("cache-control"), caching);
        for none in ["set-cookie", "vary", "x-request-id", "permissions-policy"] {
            assert_eq!(button.header(none), "", "{none}");
        }
        assert!(button.body.contains(">Give</text>"), "{}", button.body);
        let request = browser.request("GET", &path).header("if-none-match", button.header("etag"));
        let known = browser.send(request.body(Body::empty()).expect("valid")).await;
        assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let french = browser.get(&format!("{path}&lang=fr")).await;
        assert!(french.body.contains(">Donner</text>"), "{}", french.body);
        assert_ne!(french.header("etag"), button.header("etag"));
        // The reader's browser has no say: the page around it has a language.
        let mut other = Browser::new(&instance.app).speaking("fr");
        assert_eq!(other.get(&path).await.body, button.body);
    }
}

#[tokio::test]
async fn strange_addresses_get_a_button_or_a_sentence() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let long = format!("https://a.example/{}", "x".repeat(9_000));
    let ok = StatusCode::OK;
    let bad = StatusCode::BAD_REQUEST;
    for (query, status) in [
        ("url=nobody.example", ok),
        ("url=https://xn--nxasmq6b.example/%C3%A9", ok),
        ("url=HTTPS://User@Nobody.Example:443/../a%2Fb?c=%F0%9F%8E%B5%23", ok),
        ("url=nobody.example&lang=%FF&x=%00&counter=maybe", ok),
        ("", bad),
        ("url=", bad),
        ("url=javascript:alert(1)", bad),
        ("url=data:text/html,x", bad),
        ("url=%FF", bad),
        ("url=%00", bad),
        ("url=http%3A%2F%2F%5B%3A%3A", bad),
        ("url=a.example&url=b.example", bad),
        ("url=%22%3E%3Cscript%3E", bad),
        (&format!("url={long}"), bad),
    ] {
        let answer = browser.get(&format!("/button/small.svg?{query}")).await;
        let is_fit = answer.status == status || (status == ok && answer.status == bad);
        assert!(is_fit, "{query}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("script"), "{query}: {}", answer.body);
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        if answer.status == bad {
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.body.starts_with("url: "), "the part is named: {}", answer.body);
            assert!(answer.body.ends_with(".\n"), "{query}: {}", answer.body);
        }
    }
    let french = browser.get("/button/small.svg?url=javascript:x&lang=fr").await;
    assert!(french.body.contains("web"), "{}", french.body);
    for path in
        ["/button/huge.svg?url=a.example", "/button/small.png", "/button/%FF.svg", "/button/"]
    {
        let status = browser.get(path).await.status;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn the_counter_begins_at_five_and_is_rounded_down() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let song = own(app, creator, "https://creator.example/song").await;
        own(app, creator, "https://creator.example/film").await;
        for number in 0..7 {
            let (mut browser, _) = a_patron(app, &format!("patron-{number}")).await;
            let works = if number < 4 { ["song", "film"].as_slice() } else { &["song"] };
            for work in works {
                let page = browser.get(&format!("/give?url=creator.example/{work}")).await;
                let answer = browser.submit(&page, "/give", &[]).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER);
            }
        }
        let mut site = Browser::new(app);
        let (song_button, film) = (
            "/button/medium.svg?url=HTTPS://creator.example:443/song%23top",
            "/button/medium.svg?url=creator.example/film",
        );
        let has_count = |body: &str| body.contains("+</text>");
        assert!(!has_count(&site.get(song_button).await.body), "the month is not settled");
        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let button = site.get(song_button).await;
        assert!(button.body.contains(">5+</text>"), "{}", button.body);
        assert!(button.body.contains("5 patrons or more"), "{}", button.body);
        assert!(!has_count(&site.get(film).await.body), "four are too few to be counted");
        let off = site.get(&format!("{song_button}&counter=off")).await;
        assert!(!has_count(&off.body), "{}", off.body);

        works::set_refused(app, Actor::Page(creator), song, true).await.expect("refused");
        assert!(!has_count(&site.get(song_button).await.body), "its owner refuses");
        works::set_refused(app, Actor::Page(creator), song, false).await.expect("collected");
        assert!(has_count(&site.get(song_button).await.body));
        suspensions::suspend(app, Actor::CommandLine, creator, "A test").await.expect("done");
        assert!(!has_count(&site.get(song_button).await.body), "its owner is suspended");
    }
}

#[tokio::test]
async fn an_operator_may_show_no_counters() {
    let instance = sqlite_with(|config| config.instance.public_counters = false).await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let work = own(app, creator, "https://creator.example/").await;
    for number in 0..6 {
        let (mut browser, _) = a_patron(app, &format!("patron-{number}")).await;
        let page = browser.get("/give?url=creator.example").await;
        browser.submit(&page, "/give", &[]).await;
    }
    instance.at("2026-02-01T08:00:00Z");
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
    let mut site = Browser::new(app);
    let button = site.get("/button/medium.svg?url=creator.example").await;
    assert!(!button.body.contains("+</text>"), "{}", button.body);
    site.get(&format!("/w/{work}")).await.assert_lacks("best month");
}
