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
    for size in ["small", "medium", "large", "badge"] {
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
        ("url=nobody.example&theme=purple&shape=%00&count=&size=huge", ok),
        ("url=nobody.example&label=%F0%9F%8E%B5%20%D7%A9&color=fff", ok),
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
        ["/button/huge.svg?url=a.example", "/button/small.gif", "/button/%FF.svg", "/button/"]
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

#[tokio::test]
async fn a_site_makes_its_button_its_own() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let base = "/button/large.svg?url=creator.example";
    let usual = browser.get(base).await;
    let gold = browser.get(&format!("{base}&color=%23ffcc00&label=Merci%20%26%20plus")).await;
    assert_eq!(gold.status, StatusCode::OK);
    assert!(gold.body.contains("fill=\"#000000\">Merci &amp; plus</text>"), "{}", gold.body);
    assert_ne!(gold.header("etag"), usual.header("etag"));
    let dark = browser.get(&format!("{base}&theme=dark&shape=pill")).await;
    assert!(dark.body.contains("fill=\"#1d2433\">Give</text>"), "{}", dark.body);
    assert!(dark.body.contains("rx=\"21\""), "{}", dark.body);
    let auto = browser.get(&format!("{base}&theme=auto")).await;
    assert!(auto.body.contains("prefers-color-scheme:dark"), "{}", auto.body);
    assert!(auto.header("content-security-policy").contains("style-src 'sha256-"));
    let icon = browser.get("/button/icon.svg?url=creator.example").await;
    assert!(!icon.body.contains("<text") && icon.body.contains("<title>Give through"));
}

#[tokio::test]
async fn a_label_or_colour_that_cannot_be_is_named_in_a_sentence() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let long = format!("label={}", "x".repeat(41));
    for (query, part) in [
        (long.as_str(), "label: "),
        ("label=a%00b", "label: "),
        ("label=a%1Bb", "label: "),
        ("label=%E2%80%AEevil", "label: "),
        ("label=a&label=b", "label: "),
        ("color=red", "color: "),
        ("color=%22%3E%3Cscript%3E", "color: "),
        ("color=%23fff;fill:url(x)", "color: "),
    ] {
        let answer = browser.get(&format!("/button/medium.svg?url=a.example&{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(answer.body.starts_with(part) && answer.body.ends_with(".\n"), "{}", answer.body);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.body.contains("script"), "{}", answer.body);
    }
    let french = browser.get("/button/medium.svg?url=a.example&color=red&lang=fr").await;
    assert!(french.body.contains("couleur"), "{}", french.body);
}

#[tokio::test]
async fn the_count_alone_is_told_to_scripts_of_every_site() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        own(app, creator, "https://creator.example/song").await;
        for number in 0..6 {
            let (mut patron, _) = a_patron(app, &format!("patron-{number}")).await;
            let page = patron.get("/give?url=creator.example/song").await;
            patron.submit(&page, "/give", &[]).await;
        }
        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let mut site = Browser::new(app);
        site.set_cookie("obole", "planted");
        let path = "/button/count?url=https%3A%2F%2Fcreator.example%2Fsong";
        let count = site.get(path).await;
        assert_eq!((count.status, count.body.trim()), (StatusCode::OK, "{\"count\": 5}"), "P2");
        assert_eq!(count.header("content-type"), "application/json");
        assert_eq!(count.header("access-control-allow-origin"), "*");
        assert_eq!(count.header("cross-origin-resource-policy"), "cross-origin");
        assert!(count.header("cache-control").starts_with("public, max-age=3600"));
        for none in ["set-cookie", "vary", "x-request-id", "access-control-allow-credentials"] {
            assert_eq!(count.header(none), "", "{none}");
        }
        let request = site.request("GET", path).header("if-none-match", count.header("etag"));
        let known = site.send(request.body(Body::empty()).expect("valid")).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        let nobody = site.get("/button/count?url=nobody.example").await;
        assert_eq!(nobody.body.trim(), "{\"count\": null}");
        let broken = site.get("/button/count?url=javascript:x").await;
        assert_eq!(broken.status, StatusCode::BAD_REQUEST);
        assert!(broken.body.starts_with("url: "), "{}", broken.body);
    }
}

#[tokio::test]
async fn the_script_is_small_and_open_to_every_site() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    browser.set_cookie("obole", "planted");
    let fixed = obole_web::embed::script::fixed_path();
    let caching = "public, max-age=3600, stale-while-revalidate=86400";
    for (path, caching) in [("/button.js", caching), (fixed, "public, max-age=31536000, immutable")]
    {
        let script = browser.get(path).await;
        assert_eq!(script.status, StatusCode::OK, "{path}");
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(script.header("cache-control"), caching);
        assert_eq!(script.header("access-control-allow-origin"), "*");
        assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(script.header("x-content-type-options"), "nosniff");
        for none in ["set-cookie", "x-request-id"] {
            assert_eq!(script.header(none), "", "{none}");
        }
        let request = browser.request("GET", path).header("if-none-match", script.header("etag"));
        let known = browser.send(request.body(Body::empty()).expect("valid")).await;
        assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let head = browser.request("HEAD", path).header("accept-encoding", "br");
        let head = browser.send(head.body(Body::empty()).expect("valid")).await;
        assert_eq!(head.header("content-encoding"), "br");
        let length: usize = head.header("content-length").parse().expect("a number");
        assert!(length <= 8 * 1024, "{length} bytes");
    }
    let old = browser.get("/button.0123456789abcdef.js").await;
    assert_eq!(old.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_picture_in_pixels_is_the_same_for_mails_and_forums() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    browser.set_cookie("obole", "planted");
    let (usual, dense) =
        ("/button/medium.png?url=a.example", "/button/medium@2x.png?url=a.example");
    for path in [usual, dense] {
        let head = browser.request("HEAD", path).body(Body::empty()).expect("valid");
        let head = browser.send(head).await;
        assert_eq!((head.status, head.header("content-type")), (StatusCode::OK, "image/png"));
        assert_eq!(head.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(head.header("access-control-allow-origin"), "*");
        assert!(head.header("cache-control").starts_with("public, max-age=3600"));
        for none in ["set-cookie", "vary", "x-request-id", "content-encoding"] {
            assert_eq!(head.header(none), "", "{none}");
        }
        let request = browser.request("GET", path).header("if-none-match", head.header("etag"));
        let known = browser.send(request.body(Body::empty()).expect("valid")).await;
        assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    }
    let letters = browser.get(&format!("{usual}&label=%D7%A9%D7%9C%D7%95%D7%9D")).await;
    assert_eq!(letters.status, StatusCode::BAD_REQUEST, "letters without an outline");
    assert!(letters.body.starts_with("label: ") && letters.body.ends_with(".\n"));
    let lines =
        browser.get("/button/medium.svg?url=a.example&label=%D7%A9%D7%9C%D7%95%D7%9D").await;
    assert_eq!(lines.status, StatusCode::OK);
}
