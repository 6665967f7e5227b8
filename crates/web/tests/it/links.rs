//! Links into the instance from elsewhere, and what it tells others of itself: old links of
//! Flattr, the description, embeddings, the heads of public pages.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, account, engines, own, refuse, sqlite, sqlite_with};
use obole_app::{App, policy, settle, statements, suspensions, works};
use obole_domain::policy::Rule;
use obole_domain::{AccountId, CanonicalUrl};
use quick_xml::events::Event;
use serde_json::Value;

use crate::browser::{Answer, Browser, ORIGIN, unescape};
use crate::month::a_patron;

const SONG: &str = "https://creator.example/song";

async fn is_known(app: &App, url: &str) -> bool {
    let url = CanonicalUrl::parse(url).expect("an address");
    let found = app.read(url, |read, url| {
        Box::pin(async move { Ok(obole_store::works::find_by_url(read, url).await?) })
    });
    found.await.expect("read").is_some()
}

#[tokio::test]
async fn an_old_link_leads_to_the_click_page_and_changes_nothing() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        let plain = "/give?url=https%3A%2F%2Fada.example%2Fpost%2F1";
        let titled = format!("{plain}&title=First%20post");
        let url = "url=https%3A%2F%2Fada.example%2Fpost%2F1";
        for (query, location) in [
            (
                format!(
                    "{url}&user_id=ada&title=First%20post&description=About%20it&language=en_GB\
                     &tags=blog%2Cstart&hidden=1&category=text"
                ),
                &*titled,
            ),
            (format!("user_id=ada&amp;title=First+post&amp;{url}"), &*titled),
            (format!("{url}&&language=&category=cpp&title="), plain),
            (format!("fid=62lgqk&{url}&popout=0&button=compact"), plain),
            (format!("owner=email%3A0123456789abcdef&revsharekey=x&{url}"), plain),
            (format!("uid=4711&{url}&title=a%00b"), plain),
            ("url=ada.example/post/1%23top&user_id=%FF".to_owned(), plain),
        ] {
            for path in ["/submit/auto", "/submit/auto/"] {
                let answer = browser.get(&format!("{path}?{query}")).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{query}: {}", answer.body);
                assert_eq!(answer.header("location"), location, "{query}");
                // The click page says from where the visitor comes (B3).
                assert_eq!(answer.header("referrer-policy"), "strict-origin");
                assert_eq!(answer.header("set-cookie"), "");
            }
        }
        let long = format!("https://ada.example/?q={}", "%2F".repeat(600));
        let escaped = obole_web::address::escape(&long);
        let answer = browser.get(&format!("/submit/auto?url={escaped}&title=T")).await;
        assert_eq!(answer.header("location"), format!("/give?url={escaped}&title=T"));
        let page = browser.follow(answer).await;
        page.assert_has("ada.example");
        assert!(!is_known(&instance.app, "https://ada.example/post/1").await, "W2");
    }
}

#[tokio::test]
async fn an_old_link_that_names_no_page_gets_a_sentence() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for (query, typed, sentence) in [
        ("", "", "This is still empty."),
        ("user_id=ada&url=", "", "This is still empty."),
        ("url=%2Fpost%2F1&user_id=ada", "/post/1", "not the address of a page"),
        ("url=javascript:alert(1)", "javascript:alert(1)", "Only pages of the web"),
        ("user_id=ada&amp;url=a%20b", "a b", "not the address of a page"),
        ("url=%FF", "", "cannot be kept"),
        ("url=a.example&url=b.example", "", "cannot be kept"),
    ] {
        let answer = browser.get(&format!("/submit/auto?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        answer.assert_has(sentence);
        let kept = answer.form("/give", &[]);
        if !typed.is_empty() {
            assert_eq!(kept, [("url".to_owned(), typed.to_owned())], "what was typed stays");
        }
        answer.assert_lacks("ada");
    }
    let french = Browser::new(&instance.app).speaking("fr").get("/submit/auto?url=x").await;
    french.assert_has("adresse");
}

/// What an account's works received so far.
async fn has_received(app: &App, account: AccountId) -> bool {
    !statements::overview(app, account).await.expect("read").1.is_empty()
}

#[tokio::test]
async fn who_is_named_as_owner_by_a_link_gets_nothing() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let mallory = account(app, "mallory").await;
        own(app, creator, SONG).await;
        let (mut browser, patron) = a_patron(app, "ada").await;
        for (url, record) in
            [("creator.example/song", "@creator"), ("nobody.example/page", "nobody yet")]
        {
            let link = format!("/submit/auto?url={url}&user_id=mallory&fid=mallory&uid=mallory");
            let answer = browser.get(&link).await;
            let page = browser.follow(answer).await;
            page.assert_has(record);
            assert!(!page.body.contains("mallory"), "B3: {}", page.body);
            let answer = browser.submit(&page, "/give", &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        assert!(has_received(app, creator).await);
        assert!(!has_received(app, mallory).await);
        let (given, _) = statements::overview(app, patron).await.expect("read");
        assert!(given.iter().any(|sum| sum.other > 0), "the other share is a promise: {given:?}");
        browser.sign_in(app, "mallory").await;
        browser.get("/creator").await.assert_lacks("nobody.example");
    }
}

async fn get_with(browser: &mut Browser, path: &str, header: (&str, &str)) -> Answer {
    let request = browser.request("GET", path).header(header.0, header.1);
    browser.send(request.body(Body::empty()).expect("valid")).await
}

#[tokio::test]
async fn the_instance_describes_itself() {
    let instance = sqlite().await;
    let app = &instance.app;
    let mut browser = Browser::new(app);
    let answer = browser.get("/.well-known/obole").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json")
    );
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    assert_eq!(answer.header("set-cookie"), "");
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    insta::assert_snapshot!("discovery", answer.body.replace(&version, "\"VERSION\""));

    let tag = answer.header("etag").to_owned();
    let known = get_with(&mut browser, "/.well-known/obole", ("if-none-match", &tag)).await;
    assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(known.header("access-control-allow-origin"), "*");
    policy::set_rule(app, Actor::CommandLine, Rule::Fee, "7.5".into()).await.expect("set");
    let changed = get_with(&mut browser, "/.well-known/obole", ("if-none-match", &tag)).await;
    assert!(changed.body.contains("\"fee_percent\": \"7.5\""), "{}", changed.body);
}

/// A month with one click on the song.
async fn a_settled_click(instance: &Instance) {
    let (mut browser, _) = a_patron(&instance.app, "ada").await;
    let page = browser.get("/give?url=creator.example/song").await;
    let answer = browser.submit(&page, "/give", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    instance.at("2026-02-01T08:00:00Z");
    settle::run(&instance.app, Actor::Job, None, &|_| ()).await.expect("settled");
}

#[tokio::test]
async fn every_door_of_the_description_is_there() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let work = own(app, creator, SONG).await;
    a_settled_click(&instance).await;
    let mut browser = Browser::new(app);
    let described: Value =
        serde_json::from_str(&browser.get("/.well-known/obole").await.body).expect("JSON");
    let links = described["links"].as_object().expect("links");
    for (name, template) in links {
        let address = template.as_str().expect("an address");
        let path = address.strip_prefix(ORIGIN).expect("on this instance");
        let path = path.replace("{size}", "small").replace("{handle}", "creator");
        let path = path.replace("{id}", &work.to_string()).replace("{period}", "2026-01");
        let path = match path.split_once("{?") {
            Some((path, _)) if name == "oembed" => format!("{path}?url={ORIGIN}/@creator"),
            Some((path, _)) => format!("{path}?url={SONG}"),
            None => path,
        };
        if name == "api" {
            continue;
        }
        let answer = browser.get(&path).await;
        let is_there = matches!(answer.status, StatusCode::OK | StatusCode::SEE_OTHER);
        assert!(is_there, "{name}: {path}: {}", answer.status);
    }
    assert!(links.len() > 15);
}

fn json(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    serde_json::from_str(&answer.body).expect("JSON")
}

/// The elements of an embedding and their texts.
fn xml(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "text/xml; charset=utf-8");
    assert!(answer.body.starts_with("<?xml version=\"1.0\""), "{}", answer.body);
    let mut reader = quick_xml::Reader::from_str(&answer.body);
    let (mut found, mut path) = (BTreeMap::new(), Vec::new());
    loop {
        match reader.read_event().expect("well formed") {
            Event::Start(tag) => path.push(tag.name().as_ref().to_owned()),
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => add(&mut found, &path, &text),
            Event::GeneralRef(name) => {
                add(&mut found, &path, &unescape(&format!("&{};", &*name)));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(path, [""; 0], "closed");
    found
}

fn add(found: &mut BTreeMap<String, String>, path: &[String], text: &str) {
    if let [root, name] = path {
        assert_eq!(root, "oembed");
        found.entry(name.clone()).or_default().push_str(text);
    }
}

#[tokio::test]
async fn a_claimed_work_is_embedded_as_its_button() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let work = own(app, creator, SONG).await;
        let hostile = "<b>\"Song\"</b> & more\u{ffff}";
        works::set_title(app, Actor::Page(creator), work, hostile).await.expect("set");
        let mut browser = Browser::new(app);
        browser.set_cookie("obole", "planted");
        let path = format!("/oembed?url={ORIGIN}/w/{work}");
        let answer = browser.get(&path).await;
        for (header, value) in [
            ("access-control-allow-origin", "*"),
            ("cache-control", "public, max-age=3600"),
            ("set-cookie", ""),
        ] {
            assert_eq!(answer.header(header), value, "{header}");
        }
        let told = json(&answer);
        for (name, value) in [
            ("version", "1.0"),
            ("type", "rich"),
            ("title", "<b>\"Song\"</b> & more"),
            ("author_name", "@creator"),
            ("author_url", &format!("{ORIGIN}/@creator")),
            ("provider_name", "Obole"),
            ("provider_url", ORIGIN),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
        let html = told["html"].as_str().expect("HTML");
        let start = format!("<a href=\"{ORIGIN}/give?url=https%3A%2F%2Fcreator.example%2Fsong\">");
        assert!(html.starts_with(&start) && html.ends_with("</a>"), "{html}");
        for banned in ["<iframe", "<script", "style=", "onclick", "<b>"] {
            assert!(!html.contains(banned), "{banned}: {html}");
        }
        let picture = unescape(html.split("src=\"").nth(1).expect("a picture"));
        let picture = picture.split('"').next().expect("an address");
        let svg = browser.get(picture.strip_prefix(ORIGIN).expect("ours")).await;
        let size = format!(" width=\"{}\" height=\"{}\"", told["width"], told["height"]);
        assert!(svg.body.contains(&size) && html.contains(&size), "{size}: {}", svg.body);

        let same = xml(&browser.get(&format!("{path}&format=xml")).await);
        for (name, value) in told.as_object().expect("fields") {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert_eq!(same.get(name), Some(&text), "{name}");
        }
        assert_eq!(same.len(), told.as_object().expect("fields").len());
        let french = json(&browser.get(&format!("{path}&lang=fr")).await);
        assert!(french["html"].as_str().is_some_and(|html| html.contains("Donner par Obole")));
        let known = get_with(&mut browser, &path, ("if-none-match", answer.header("etag"))).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    }
}

#[tokio::test]
async fn an_embedding_fits_into_the_room_there_is() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let work = own(app, creator, SONG).await;
    let mut browser = Browser::new(app);
    for (room, height) in [
        ("", Some(30)),
        ("&maxwidth=400&maxheight=30", Some(30)),
        ("&maxheight=29", Some(22)),
        ("&maxwidth=70", Some(22)),
        ("&maxwidth=10", None),
        ("&maxheight=0", None),
    ] {
        let told = json(&browser.get(&format!("/oembed?url={ORIGIN}/w/{work}{room}")).await);
        assert_eq!(told["height"].as_u64(), height, "{room}");
        let kind = if height.is_some() { "rich" } else { "link" };
        assert_eq!(told["type"], kind, "{room}");
        assert_eq!(told.get("html").is_some(), height.is_some(), "{room}");
    }
}

#[tokio::test]
async fn what_nobody_said_yes_to_is_embedded_without_a_picture() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let refused = own(app, creator, SONG).await;
        refuse(app, refused).await;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/give?url=nobody.example/x&title=Their%20name").await;
        let answer = browser.submit(&page, "/give", &[]).await;
        let unclaimed = answer.header("location").rsplit('=').next().expect("an id").to_owned();
        let mut site = Browser::new(app);
        for (path, title, author) in [
            (format!("w/{refused}"), "creator.example/song", Some("@creator")),
            (format!("w/{unclaimed}?x=1#y"), "nobody.example/x", None),
            ("@creator/".to_owned(), "creator", Some("@creator")),
        ] {
            let url = obole_web::address::escape(&format!("{ORIGIN}/{path}"));
            let told = json(&site.get(&format!("/oembed?url={url}&format=json")).await);
            assert_eq!((&told["type"], &told["title"]), (&"link".into(), &title.into()), "{path}");
            assert_eq!(told.get("author_name").and_then(Value::as_str), author, "{path}");
            assert!(told.get("html").is_none() && told.get("thumbnail_url").is_none(), "C7");
            let same = xml(&site.get(&format!("/oembed?url={url}&format=xml")).await);
            assert_eq!(same.get("title").map(String::as_str), Some(title));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_embedded_is_said_with_the_right_status() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let work = own(app, creator, SONG).await;
    suspensions::suspend(app, Actor::CommandLine, creator, "A test").await.expect("done");
    let mut browser = Browser::new(app);
    let ours = format!("url={ORIGIN}/w/{work}");
    let none = StatusCode::NOT_FOUND;
    for (query, status, sentence) in [
        ("", StatusCode::BAD_REQUEST, "The page is missing."),
        ("url=", StatusCode::BAD_REQUEST, "The page is missing."),
        ("url=%FF", StatusCode::BAD_REQUEST, "The page is missing."),
        (&format!("{ours}&maxwidth=wide"), StatusCode::BAD_REQUEST, "whole numbers"),
        (&format!("{ours}&maxheight=-1"), StatusCode::BAD_REQUEST, "whole numbers"),
        (&format!("{ours}&format=yaml"), StatusCode::NOT_IMPLEMENTED, "json or xml"),
        (&format!("{ours}0"), none, "no work or profile"),
        (&format!("url={ORIGIN}/@creator"), none, "no work or profile"),
        (&format!("url={ORIGIN}/@nobody"), none, "no work or profile"),
        (&format!("url={ORIGIN}/month"), none, "no work or profile"),
        (&format!("url={ORIGIN}"), none, "no work or profile"),
        (&format!("url=https://evil.example/w/{work}"), none, "no work or profile"),
        (&format!("url={ORIGIN}.evil.example/w/{work}"), none, "no work or profile"),
        (&format!("url=//127.0.0.1:8080/w/{work}"), none, "no work or profile"),
        ("url=javascript:alert(1)", none, "no work or profile"),
    ] {
        let answer = browser.get(&format!("/oembed?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.body);
        assert!(answer.body.contains(sentence), "{query}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
    let french = browser.get("/oembed?lang=fr").await;
    assert!(french.body.contains("La page manque."), "{}", french.body);
}

/// The values of an attribute in the head's tags that hold a text.
fn head(page: &Answer, tag: &str, attribute: &str) -> Vec<String> {
    let head = page.body.split("</head>").next().expect("a head");
    let tags = head.split('<').filter(|piece| piece.contains(tag));
    let values = tags.filter_map(|piece| {
        let value = piece.split(&format!(" {attribute}=\"")).nth(1)?.split('"').next()?;
        Some(unescape(value))
    });
    values.collect()
}

#[tokio::test]
async fn public_pages_have_one_address_and_a_preview() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let work = own(app, creator, SONG).await;
        works::set_title(app, Actor::Page(creator), work, "A \"song\" & more").await.expect("set");
        a_settled_click(&instance).await;
        let work = format!("/w/{work}");
        for (path, title, kind) in [
            ("/", "Obole", "website"),
            ("/how", "How it works", "website"),
            ("/works", "Works to thank", "website"),
            ("/settlements", "Settlements", "website"),
            ("/settlements/2026-01", "January 2026", "website"),
            ("/@creator", "creator", "profile"),
            (&*work, "A \"song\" & more", "article"),
        ] {
            let page = Browser::new(app).get(path).await;
            let only = |tag, attribute, value: &str| {
                assert_eq!(head(&page, tag, attribute), [value], "{path}: {tag}");
            };
            let address = format!("{ORIGIN}{path}");
            only("rel=\"canonical\"", "href", &address);
            only("property=\"og:url\"", "content", &address);
            only("property=\"og:title\"", "content", title);
            only("property=\"og:type\"", "content", kind);
            only("property=\"og:site_name\"", "content", "Obole");
            only("property=\"og:locale\"", "content", "en_GB");
            let described = head(&page, "name=\"description\"", "content");
            assert_eq!(described.len(), 1, "{path}");
            assert_eq!(head(&page, "property=\"og:description\"", "content"), described);
            let card = format!("{ORIGIN}{}", obole_web::assets::address("card.png"));
            only("property=\"og:image\"", "content", &card);
            for link in head(&page, "rel=\"alternate\"", "href") {
                let answer = Browser::new(app).get(link.strip_prefix(ORIGIN).expect("ours")).await;
                assert_eq!(answer.status, StatusCode::OK, "{path}: {link}");
            }
        }
        let page = Browser::new(app).speaking("fr").get(&work).await;
        assert_eq!(head(&page, "property=\"og:locale\"", "content"), ["fr_FR"]);
        let give = format!("{ORIGIN}/give?url=https%3A%2F%2Fcreator.example%2Fsong");
        assert_eq!(head(&page, "rel=\"payment\"", "href"), [give]);
        assert_eq!(head(&page, "rel=\"payment\"", "title"), ["Donner par Obole"]);
        let embeddings = head(&page, "+oembed\"", "href");
        assert_eq!(embeddings.len(), 2, "JSON and XML");
        assert!(embeddings.iter().all(|link| link.ends_with("&lang=fr")), "{embeddings:?}");
        let feeds = head(&Browser::new(app).get("/").await, "application/atom+xml", "href");
        assert_eq!(feeds, [format!("{ORIGIN}/feed/works")]);
    }
}

#[tokio::test]
async fn a_page_without_a_yes_shows_no_picture_and_no_way_to_pay() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, _) = a_patron(app, "ada").await;
    let page = browser.get("/give?url=nobody.example/x&title=Their%20name").await;
    let answer = browser.submit(&page, "/give", &[]).await;
    let id = answer.header("location").rsplit('=').next().expect("an id").to_owned();
    let page = Browser::new(app).get(&format!("/w/{id}")).await;
    assert_eq!(head(&page, "property=\"og:title\"", "content"), ["nobody.example/x"]);
    let described = head(&page, "name=\"description\"", "content");
    assert!(described[0].starts_with("Not claimed: nobody has proved"), "{described:?}");
    for tag in ["og:image", "rel=\"payment\"", "+oembed\"", "rel=\"alternate\""] {
        assert_eq!(head(&page, tag, "href").len() + head(&page, tag, "content").len(), 0, "{tag}");
    }
    // Pages of one's own are nobody else's to preview.
    assert!(!browser.get("/month").await.body.contains("og:"));
}

#[tokio::test]
async fn the_card_is_a_small_picture_and_addresses_follow_the_base_url() {
    let instance = sqlite_with(|config| {
        config.server.base_url = "https://obole.example/".to_owned();
        config.limits.cheap_passwords = false;
    });
    let instance = instance.await;
    let mut browser = Browser::new(&instance.app);
    let request = axum::http::Request::get("/").header("host", "obole.example");
    let page = browser.send(request.body(Body::empty()).expect("valid")).await;
    assert_eq!(head(&page, "rel=\"canonical\"", "href"), ["https://obole.example/"], "W6");
    let card = &obole_web::assets::all().iter().find(|asset| asset.name == "card.png");
    let card = card.expect("a card");
    assert!(card.bytes.starts_with(b"\x89PNG\r\n\x1a\n") && card.bytes.len() < 20_000);
    assert_eq!(card.bytes[16..24], [0, 0, 4, 176, 0, 0, 2, 118], "1200 by 630");
    assert_eq!(card.content_type, "image/png");
}
