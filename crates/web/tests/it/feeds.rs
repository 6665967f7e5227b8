//! Feeds: what they tell and to whom, and that they are Atom (RFC 4287).

use std::collections::BTreeSet;

use atom_syndication::{Entry, Feed};
use axum::body::Body;
use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{PASSWORD, account, engines, own, refuse, sqlite, sqlite_with};
use obole_app::{App, feeds, limits, settle, suspensions, works};
use obole_domain::AccountId;

use crate::browser::{Answer, Browser, ORIGIN, unescape};
use crate::month::{a_patron, euros};

/// The texts of an element, wherever it stands.
fn texts(body: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let pieces = body.split(&open).skip(1);
    pieces.map(|piece| unescape(piece.split(&close).next().unwrap_or_default())).collect()
}

/// Reads a feed and asks the rules of its format; every moment in it is the begin of a day (P2).
fn read(answer: &Answer) -> Feed {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(answer.header("set-cookie"), "");
    let body = &answer.body;
    let feed = Feed::read_from(body.as_bytes()).expect("Atom");
    let is_iri = |text: &str| text.contains(':') && !text.contains(char::is_whitespace);
    assert!(is_iri(feed.id()) && !feed.title().value.is_empty(), "{body}");
    assert!(feed.authors().iter().any(|author| !author.name().is_empty()), "{body}");
    let ids: BTreeSet<&str> = feed.entries().iter().map(Entry::id).collect();
    assert_eq!(ids.len(), feed.entries().len(), "each has an id of its own: {body}");
    let days = texts(body, "updated");
    assert_eq!(days.len(), feed.entries().len() + 1, "{body}");
    for day in &days {
        assert!(day.len() == 20 && day.ends_with("T00:00:00Z"), "P2: {day}");
        assert!(*day <= days[0], "the feed is as new as its news: {body}");
    }
    let mut order = days[1..].to_vec();
    order.sort_by(|one, other| other.cmp(one));
    assert_eq!(order, days[1..], "the latest first");
    let alternate = |links: &[atom_syndication::Link]| {
        links.iter().filter(|link| link.rel() == "alternate").count()
    };
    assert_eq!(alternate(feed.links()), 1);
    for entry in feed.entries() {
        assert!(is_iri(entry.id()) && !entry.title().value.is_empty(), "{entry:?}");
        assert_eq!(alternate(entry.links()), 1, "{entry:?}");
        let content = entry.content().and_then(|content| content.value()).unwrap_or_default();
        assert!(!content.trim().is_empty(), "{entry:?}");
        assert!(entry.links().iter().all(|link| is_iri(link.href())), "{entry:?}");
    }
    feed
}

fn titles(feed: &Feed) -> Vec<&str> {
    feed.entries().iter().map(|entry| entry.title().value.as_str()).collect()
}

fn link<'a>(links: &'a [atom_syndication::Link], rel: &str) -> Vec<&'a str> {
    let found = links.iter().filter(|link| link.rel() == rel);
    found.map(atom_syndication::Link::href).collect()
}

async fn get_with(browser: &mut Browser, path: &str, header: (&str, &str)) -> Answer {
    let request = browser.request("GET", path).header(header.0, header.1);
    browser.send(request.body(Body::empty()).expect("valid")).await
}

async fn give(browser: &mut Browser, url: &str) {
    let page = browser.get(&format!("/give?url={url}")).await;
    let answer = browser.submit(&page, "/give", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn new_works_are_told_by_day_once_somebody_controls_them() {
    for instance in engines().await {
        let app = &instance.app;
        let mut reader = Browser::new(app);
        assert!(read(&reader.get("/feed/works").await).entries().is_empty());
        let creator = account(app, "creator").await;
        let song = own(app, creator, "https://creator.example/song").await;
        let hostile = "<i>Song</i> & \"more\"\u{ffff} ]]>";
        works::set_title(app, Actor::Page(creator), song, hostile).await.expect("set");
        instance.at("2026-01-17T23:59:59Z");
        own(app, creator, "https://creator.example/film").await;
        let no = own(app, creator, "https://creator.example/no").await;
        refuse(app, no).await;
        let (mut patron, _) = a_patron(app, "adalbert").await;
        give(&mut patron, "nobody.example/x").await;

        let answer = reader.get("/feed/works").await;
        assert_eq!(answer.header("cache-control"), "public, max-age=900");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let feed = read(&answer);
        assert_eq!(titles(&feed), ["creator.example/film", "<i>Song</i> & \"more\" ]]>"]);
        assert_eq!(
            texts(&answer.body, "updated")[1..],
            ["2026-01-17T00:00:00Z", "2026-01-15T00:00:00Z"]
        );
        for name in ["adalbert", "nobody.example", "creator.example/no\"", "23:59"] {
            assert!(!answer.body.contains(name), "P2: {name}: {}", answer.body);
        }
        let entry = &feed.entries()[1];
        assert_eq!(entry.authors()[0].name(), "@creator");
        assert_eq!(link(entry.links(), "alternate"), [format!("{ORIGIN}/w/{song}")]);
        assert_eq!(link(entry.links(), "related"), ["https://creator.example/song"]);
        let give = format!("{ORIGIN}/give?url=https%3A%2F%2Fcreator.example%2Fsong");
        assert_eq!(link(entry.links(), "payment"), [give]);
        assert_eq!(link(feed.links(), "self"), [format!("{ORIGIN}/feed/works")]);

        let known = get_with(&mut reader, "/feed/works", ("if-none-match", answer.header("etag")));
        let known = known.await;
        assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        let french = reader.get("/feed/works?lang=fr").await;
        assert_eq!(read(&french).title().value, "Nouvelles œuvres sur Obole");
        assert!(french.body.contains("xml:lang=\"fr\""));
        suspensions::suspend(app, Actor::CommandLine, creator, "A test").await.expect("done");
        assert!(read(&reader.get("/feed/works").await).entries().is_empty());
        assert_eq!(reader.get("/feed/creator/creator").await.status, StatusCode::NOT_FOUND);
    }
}

/// Seven patrons for a song, four for a film, and the month settled.
async fn a_settled_month(instance: &obole_app::testing::Instance) -> AccountId {
    let app = &instance.app;
    let creator = account(app, "creator").await;
    for name in ["song", "film"] {
        own(app, creator, &format!("https://creator.example/{name}")).await;
    }
    let small = account(app, "small").await;
    own(app, small, "https://small.example/").await;
    feeds::set_tells_patrons(app, small, true).await.expect("set");
    for number in 0..7 {
        let (mut browser, _) = a_patron(app, &format!("patron-{number}")).await;
        give(&mut browser, "creator.example/song").await;
        if number < 4 {
            give(&mut browser, "creator.example/film").await;
            give(&mut browser, "small.example").await;
        }
    }
    instance.at("2026-02-01T08:00:00Z");
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
    creator
}

#[tokio::test]
async fn patrons_are_counted_only_where_the_creator_wishes_it_and_from_five_on() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = a_settled_month(&instance).await;
        let mut reader = Browser::new(app);
        let feed = read(&reader.get("/feed/creator/creator").await);
        assert_eq!(titles(&feed).len(), 2, "works only");

        let mut browser = Browser::new(app);
        browser.sign_in(app, "creator").await;
        let page = browser.get("/settings/feed").await;
        page.assert_has(&format!("{ORIGIN}/feed/creator/creator"));
        let answer = browser.submit(&page, "/settings/feed/public", &[("patrons", "yes")]).await;
        browser.follow(answer).await.assert_has("Saved.");
        let answer = reader.get("/feed/creator/creator").await;
        let feed = read(&answer);
        assert_eq!(titles(&feed)[0], "January 2026");
        let told = feed.entries()[0].content().and_then(|content| content.value());
        assert_eq!(told, Some("The works had 5 patrons or more."), "seven, rounded down");
        assert!(!answer.body.contains("patron-") && !answer.body.contains("EUR"), "P2");
        assert_eq!(texts(&answer.body, "updated")[1], "2026-02-01T00:00:00Z");
        let few = read(&reader.get("/feed/creator/@Small?lang=fr").await);
        assert_eq!(titles(&few), ["small.example/"], "four are too few to be counted");

        feeds::set_tells_patrons(app, creator, false).await.expect("set");
        let feed = read(&reader.get("/feed/creator/creator").await);
        assert_eq!(titles(&feed).len(), 2);
        for strange in ["nobody", "%FF", "a", "%3Cscript%3E", "x".repeat(99).as_str()] {
            let answer = reader.get(&format!("/feed/creator/{strange}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{strange}");
            let is_sentence = answer.body.ends_with(".\n") && !answer.body.contains("script");
            assert!(is_sentence, "{strange}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn an_operator_who_shows_no_counters_has_none_in_feeds() {
    let instance = sqlite_with(|config| config.instance.public_counters = false).await;
    let app = &instance.app;
    let creator = a_settled_month(&instance).await;
    feeds::set_tells_patrons(app, creator, true).await.expect("set");
    let feed = read(&Browser::new(app).get("/feed/creator/creator").await);
    assert_eq!(titles(&feed).len(), 2, "works only");
    let (mut browser, _) = Browser::signed_in(app, "ada").await;
    assert!(!browser.get("/settings/feed").await.body.contains("/settings/feed/public"));
}

/// The path of the private feed that the settings show.
fn private_path(page: &Answer) -> String {
    let address = page.body.split("<code class=\"code\">").nth(1).expect("an address");
    let address = unescape(address.split('<').next().expect("an address"));
    address.strip_prefix(ORIGIN).expect("on this instance").to_owned()
}

async fn renewed(browser: &mut Browser) -> String {
    let page = browser.get("/settings/feed").await;
    let answer = browser.submit(&page, "/settings/feed", &[]).await;
    let page = browser.follow(answer).await;
    private_path(&page)
}

#[tokio::test]
async fn a_private_feed_tells_days_that_are_over_and_settled_months() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        own(app, creator, "https://creator.example/song").await;
        let (mut browser, _) = a_patron(app, "ada").await;
        let path = renewed(&mut browser).await;
        give(&mut browser, "creator.example/song").await;
        give(&mut browser, "nobody.example/%22%3E%3Cscript%3E").await;
        let mut reader = Browser::new(app);
        assert!(read(&reader.get(&path).await).entries().is_empty(), "the day is not over");

        instance.at("2026-01-16T00:00:01Z");
        let answer = reader.get(&path).await;
        for (header, value) in [
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex, nofollow"),
            ("referrer-policy", "no-referrer"),
            ("access-control-allow-origin", ""),
        ] {
            assert_eq!(answer.header(header), value, "{header}");
        }
        let feed = read(&answer);
        assert_eq!(titles(&feed), ["15 January 2026: 2 clicks"]);
        let html = feed.entries()[0].content().and_then(|content| content.value());
        let html = html.expect("HTML").to_owned();
        assert!(html.contains("<a href=\"https://creator.example/song\">creator.example/song</a>"));
        assert!(html.contains("1 point") && !html.contains("<script"), "{html}");
        assert_eq!(texts(&answer.body, "updated")[1], "2026-01-16T00:00:00Z", "P3: no hour");
        let secret = path.rsplit('/').next().expect("a secret");
        assert!(!answer.body.contains(secret), "a copy does not open the feed");

        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let answer = reader.get(&format!("{path}?lang=fr")).await;
        let settled = read(&answer);
        assert_eq!(
            titles(&settled),
            ["Février 2026", "15 janvier 2026\u{a0}: 2 clics"]
                .map(|title| { if title.starts_with('F') { "Janvier 2026" } else { title } })
        );
        assert_eq!(settled.entries()[1].id(), feed.entries()[0].id(), "the same news");
        let told = settled.entries()[0].content().and_then(|content| content.value());
        let told = told.expect("a text").replace('\u{a0}', " ");
        assert_eq!(told, "Le mois est partagé. Donné : 5,00 €. Nouvellement promis : 5,00 €.");
        let french = format!("{path}?lang=fr");
        let known = get_with(&mut reader, &french, ("if-none-match", answer.header("etag"))).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        instance.at("2026-02-20T08:00:00Z");
        assert_eq!(titles(&read(&reader.get(&path).await)), ["January 2026"], "a month of days");
    }
}

#[tokio::test]
async fn a_private_feed_is_its_owners_until_it_is_renewed_or_switched_off() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, _) = a_patron(app, "ada").await;
        let (mut eve, _) = a_patron(app, "eve").await;
        let page = ada.get("/settings/feed").await;
        assert!(!page.body.contains("/feed/private/"), "none unless one asks for it");
        let (path, other) = (renewed(&mut ada).await, renewed(&mut eve).await);
        assert!(path.len() == "/feed/private/".len() + 64, "{path}");
        give(&mut ada, "creator.example/song").await;
        instance.at("2026-01-16T08:00:00Z");
        let mut reader = Browser::new(app);
        let (mine, theirs) = (read(&reader.get(&path).await), read(&reader.get(&other).await));
        assert_eq!((mine.entries().len(), theirs.entries().len()), (1, 0));
        assert_ne!(mine.id(), theirs.id());

        // A number with another's proof, a changed letter, capitals, other lengths: nothing there.
        let spliced = format!("{}{}", &path[..46], &other[46..]);
        let mut changed = path.clone();
        let last = if changed.pop() == Some('0') { '1' } else { '0' };
        changed.push(last);
        let upper = path.replace("/feed/private/", "").to_uppercase();
        for strange in [
            spliced,
            changed,
            format!("/feed/private/{upper}"),
            format!("{path}0"),
            path[..46].to_owned(),
            "/feed/private/x".to_owned(),
            "/feed/private/%FF".to_owned(),
            format!("/feed/private/{}", "é".repeat(32)),
        ] {
            let strange = strange.replace('é', "%C3%A9");
            let answer = reader.get(&strange).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{strange}: {}", answer.body);
            assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow");
            assert!(answer.body.ends_with(".\n"), "a sentence: {}", answer.body);
        }

        // The address lasts longer than a sign-in: it is shown to who proved to be its owner.
        let page = ada.get("/settings/feed").await;
        page.assert_has("Sign in once more to see it.");
        assert!(!page.body.contains("/feed/private/"));
        let csrf = page.form("/settings/feed/end", &[]).remove(0).1;
        let answer = ada.post("/settings/feed", &[("csrf", &csrf)]).await;
        assert!(answer.header("location").starts_with("/sign-in/proof?back="));
        let proof = ada.get("/sign-in/proof?back=/settings/feed").await;
        let answer = ada.submit(&proof, "/sign-in/proof", &[("password", PASSWORD)]).await;
        let page = ada.follow(answer).await;
        assert_eq!(private_path(&page), path, "it can be read again");

        let new = renewed(&mut ada).await;
        assert_eq!(reader.get(&path).await.status, StatusCode::NOT_FOUND, "renewed");
        assert_eq!(read(&reader.get(&new).await).id(), mine.id(), "the same feed");
        let page = ada.get("/settings/feed").await;
        let answer = ada.submit(&page, "/settings/feed/end", &[]).await;
        ada.follow(answer).await.assert_has("switched off");
        assert_eq!(reader.get(&new).await.status, StatusCode::NOT_FOUND, "switched off");

        let eve = obole_domain::Handle::parse("eve").expect("a handle");
        let eve = obole_app::accounts::find_by_handle(app, eve).await.expect("read").expect("eve");
        suspensions::suspend(app, Actor::CommandLine, eve.id, "A test").await.expect("done");
        assert_eq!(reader.get(&other).await.status, StatusCode::NOT_FOUND, "suspended");
    }
}

#[tokio::test]
async fn a_private_feed_is_not_read_all_the_time() {
    let instance = sqlite().await;
    let (mut browser, _) = a_patron(&instance.app, "ada").await;
    let path = renewed(&mut browser).await;
    let mut reader = Browser::new(&instance.app);
    for _ in 0..limits::FEED.count {
        assert_eq!(reader.get(&path).await.status, StatusCode::OK);
    }
    let answer = reader.get(&path).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!answer.header("retry-after").is_empty() && answer.body.ends_with(".\n"));
    instance.at("2026-01-15T13:00:00Z");
    assert_eq!(reader.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_settings_of_feeds_are_for_who_is_signed_in_and_in_their_language() {
    let instance = sqlite().await;
    let app: &App = &instance.app;
    let mut stranger = Browser::new(app);
    let answer = stranger.get("/settings/feed").await;
    assert_eq!(answer.header("location"), "/sign-in?back=%2Fsettings%2Ffeed");
    for path in ["/settings/feed", "/settings/feed/end", "/settings/feed/public"] {
        let answer = stranger.post(path, &[]).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{path}");
    }
    let (mut browser, ada) = Browser::signed_in(app, "ada").await;
    obole_app::testing::fund(app, ada, euros(100)).await;
    for path in ["/settings/feed", "/settings/feed/end", "/settings/feed/public"] {
        assert_eq!(browser.post(path, &[("csrf", "x")]).await.status, StatusCode::FORBIDDEN);
    }
    let mut french = browser.speaking("fr");
    french.get("/settings/feed").await.assert_has("Votre flux privé");
    let path = renewed(&mut french).await;
    assert!(path.ends_with("?lang=fr"), "{path}");
    assert_eq!(read(&french.get(&path).await).title().value, "Mon Obole");
}
