//! Public pages are made once for all who are signed out, and made again when something changed.

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::claims::Grant;
use obole_app::clicks::Target;
use obole_app::testing::{account, engines, sqlite};
use obole_app::{App, claims, policy, public, settle, suspensions, works};
use obole_domain::policy::Rule;
use obole_domain::{AccountId, CanonicalUrl, Handle, WorkId};
use obole_store::accounts::Profile;

use crate::browser::{Answer, Browser};
use crate::month::a_patron;

/// Gives a work to an account, as an operator does.
async fn grant(app: &App, handle: &str, url: &str) -> WorkId {
    let grant = Grant {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        handle: Handle::parse(handle).expect("a handle"),
        reason: "Known to us".to_owned(),
    };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted").work
}

async fn get_with(browser: &mut Browser, path: &str, header: (&str, &str)) -> Answer {
    let request = browser.request("GET", path).header(header.0, header.1);
    browser.send(request.body(Body::empty()).expect("valid")).await
}

#[tokio::test]
async fn a_public_page_is_the_same_for_all_and_may_be_kept() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "creator").await;
        let work = grant(app, "creator", "https://creator.example/song").await;
        let work = format!("/w/{work}");
        for path in
            ["/", "/buttons", "/how", "/developers", "/source", "/settlements", "/@creator", &work]
        {
            let mut browser = Browser::new(app);
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            let caching = "public, max-age=60, stale-while-revalidate=300";
            assert_eq!(page.header("cache-control"), caching, "{path}");
            assert_eq!(page.header("vary"), "cookie, accept-language, accept-encoding", "{path}");
            assert_eq!(page.header("set-cookie"), "", "{path}");
            assert!(!page.body.contains("csrf"), "{path}: {}", page.body);
            let tag = page.header("etag").to_owned();
            assert!(tag.starts_with('"') && tag.len() == 34, "{path}: {tag}");
            assert_eq!(Browser::new(app).get(path).await.header("etag"), tag, "on every node");

            let known = get_with(&mut browser, path, ("if-none-match", &tag)).await;
            assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
            assert_eq!((known.header("etag"), known.header("cache-control")), (&*tag, caching));
            let other = get_with(&mut browser, path, ("if-none-match", "\"other\"")).await;
            assert_eq!((other.status, &other.body), (StatusCode::OK, &page.body));
            let head = browser.request("HEAD", path).body(Body::empty()).expect("valid");
            let head = browser.send(head).await;
            assert_eq!((head.body.as_str(), head.header("etag")), ("", &*tag));
            assert_eq!(head.header("content-length"), page.body.len().to_string());
            assert_ne!(Browser::new(app).speaking("fr").get(path).await.header("etag"), tag);
        }
    }
}

#[tokio::test]
async fn a_page_is_sent_in_the_form_that_is_asked_for() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let plain = browser.get("/").await;
    for (accepted, coding) in [("gzip", "gzip"), ("br", "br"), ("gzip, br", "br"), ("zstd", "")] {
        // Bytes that are not text cannot be read here: the head says enough.
        let head = browser.request("HEAD", "/").header("accept-encoding", accepted);
        let head = browser.send(head.body(Body::empty()).expect("valid")).await;
        assert_eq!(head.header("content-encoding"), coding, "{accepted}");
        let length: usize = head.header("content-length").parse().expect("a number");
        assert_eq!(length < plain.body.len(), !coding.is_empty(), "{accepted}");
        assert_eq!(head.header("etag") == plain.header("etag"), coding.is_empty(), "{accepted}");
        let known = browser.request("GET", "/").header("accept-encoding", accepted);
        let known = known.header("if-none-match", head.header("etag"));
        let known = browser.send(known.body(Body::empty()).expect("valid")).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED, "{accepted}");
    }
    let style = obole_web::assets::address("obole.css");
    let head = browser.request("HEAD", style).header("accept-encoding", "br");
    let head = browser.send(head.body(Body::empty()).expect("valid")).await;
    assert_eq!((head.header("content-encoding"), head.header("vary")), ("br", "accept-encoding"));
    assert!(head.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn nobody_gets_the_page_of_somebody_else() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "creator").await;
        let work = grant(app, "creator", "https://creator.example/song").await;
        let path = format!("/w/{work}");
        let mut browser = Browser::new(app);
        let before = browser.get(&path).await;
        assert!(!before.body.contains("/sign-out"));
        browser.sign_in(app, "creator").await;
        let own = browser.get(&path).await;
        assert_eq!(own.header("cache-control"), "no-store");
        assert!(own.body.contains("/sign-out") && own.body.contains(&format!("{path}/refuse")));
        browser.forget("obole");
        let after = browser.get(&path).await;
        assert_eq!(after.body, before.body, "what the owner saw is theirs alone");

        // What was done is said to who did it, and to nobody else.
        browser.set_cookie("obole-notice", "sealed");
        let page = browser.get(&path).await;
        assert_eq!(page.header("cache-control"), "private, no-cache");
        assert_eq!(Browser::new(app).get(&path).await.body, before.body);
    }
}

/// What everybody can see of a work, its owner, the rules and the months.
async fn seen(browser: &mut Browser, work: WorkId) -> Vec<String> {
    let mut seen = Vec::new();
    for path in [&format!("/w/{work}"), "/@creator", "/how", "/settlements", "/"] {
        seen.push(browser.get(path).await.text());
    }
    seen
}

#[tokio::test]
async fn what_changed_is_shown_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let (mut patron, _) = a_patron(app, "patron").await;
        let page = patron.get("/give?url=creator.example/song").await;
        patron.submit(&page, "/give", &[]).await;
        let work = grant(app, "creator", "https://creator.example/song").await;
        let mut stranger = Browser::new(app);
        let mut before = seen(&mut stranger, work).await;
        assert_eq!(before, seen(&mut stranger, work).await);

        let actor = Actor::Page(creator);
        works::set_title(app, actor, work, "Song of songs").await.expect("set");
        stranger.get(&format!("/w/{work}")).await.assert_has("Song of songs");
        stranger.get("/@creator").await.assert_has("Song of songs");
        works::set_refused(app, actor, work, true).await.expect("refused");
        stranger.get(&format!("/w/{work}")).await.assert_has("takes no clicks");
        works::set_refused(app, actor, work, false).await.expect("collected");
        rename(app, creator, "Clara Creator").await;
        stranger.get("/@creator").await.assert_has("Clara Creator");
        policy::set_rule(app, Actor::CommandLine, Rule::Fee, "7.5".into()).await.expect("set");
        stranger.get("/how").await.assert_has("7.5%");
        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        stranger.get("/settlements").await.assert_has("January 2026");
        stranger.get("/").await.assert_has("given to creators");
        suspensions::suspend(app, Actor::CommandLine, creator, "A test").await.expect("suspended");
        assert_eq!(stranger.get("/@creator").await.status, StatusCode::NOT_FOUND);
        suspensions::restore(app, Actor::CommandLine, creator).await.expect("restored");
        claims::revoke(app, Actor::CommandLine, work, "A test").await.expect("revoked");
        stranger.get(&format!("/w/{work}")).await.assert_has("not claimed");
        let after = seen(&mut stranger, work).await;
        before.retain(|page| after.contains(page));
        assert!(before.is_empty(), "still as before: {before:?}");
    }
}

async fn rename(app: &App, account: AccountId, name: &str) {
    let (name, language) = (name.to_owned(), String::new());
    let profile =
        Profile { name, language, is_public: false, gives_unspent: false, keeps_details: false };
    obole_app::accounts::set_profile(app, account, profile).await.expect("renamed");
}

#[tokio::test]
async fn what_others_changed_is_seen_at_the_next_look() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let work = grant(app, "creator", "https://creator.example/song").await;
        let other = instance.node().await;
        let mut elsewhere = Browser::new(&other);
        public::look(&other).await.expect("looked");
        elsewhere.get(&format!("/w/{work}")).await.assert_lacks("Song of songs");
        let number = other.public_number();
        public::look(&other).await.expect("looked");
        assert_eq!(other.public_number(), number, "nothing has changed");

        works::set_title(app, Actor::Page(creator), work, "Song of songs").await.expect("set");
        public::look(&other).await.expect("looked");
        elsewhere.get(&format!("/w/{work}")).await.assert_has("Song of songs");
        // What nobody can see changes nothing.
        let number = other.public_number();
        account(app, "somebody").await;
        public::look(&other).await.expect("looked");
        assert_eq!(other.public_number(), number);
        instance.at("2026-01-16T00:00:01Z");
        public::look(&other).await.expect("looked");
        assert_ne!(other.public_number(), number, "a new day");
    }
}
