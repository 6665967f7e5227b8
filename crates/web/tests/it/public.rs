//! What anybody can read: the first page, the rules, works, profiles, settled months.

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{account, engines, own, sqlite};
use obole_app::{policy, settle};
use obole_domain::policy::Rule;

use crate::browser::Browser;
use crate::month::a_patron;

#[tokio::test]
async fn the_first_page_says_one_sentence_and_leads_who_is_signed_in_to_the_month() {
    let instance = sqlite().await;
    let app = &instance.app;
    let page = Browser::new(app).get("/").await;
    page.assert_has("Set a budget, click on what you like, we share it out on the last day.");
    page.assert_lacks("so far");
    Browser::new(app).speaking("fr").get("/").await.assert_has("Fixez un budget");
    let (mut browser, _) = Browser::signed_in(app, "ada").await;
    assert_eq!(browser.get("/").await.header("location"), "/month");
}

#[tokio::test]
async fn the_rules_are_shown_with_their_own_numbers() {
    for instance in engines().await {
        let app = &instance.app;
        let page = Browser::new(app).get("/how").await;
        page.assert_has("A click carries 1 to 10,000 points.");
        page.assert_has("€2.00 a month");
        page.assert_has("10% of what creators receive");
        policy::set_preset(app, Actor::CommandLine, "flattr-2010".into()).await.expect("set");
        policy::set_rule(app, Actor::CommandLine, Rule::Fee, "7.5".into()).await.expect("set");
        let page = Browser::new(app).speaking("fr").get("/how").await;
        page.assert_has("Chaque clic porte 1 point.");
        page.assert_has("7,5\u{202f}% de ce que reçoivent les créateurs");
        page.assert_has("cagnotte commune");
    }
}

#[tokio::test]
async fn an_unclaimed_work_shows_its_address_only() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/give?url=nobody.example/x&title=Their%20name").await;
        let answer = browser.submit(&page, "/give", &[]).await;
        let id = answer.header("location").rsplit('=').next().expect("an id").to_owned();
        let page = Browser::new(app).get(&format!("/w/{id}")).await;
        page.assert_has("nobody.example/x");
        page.assert_has("not claimed");
        page.assert_lacks("Their name");
        page.assert_lacks("Patrons");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        // It is not to be found: that somebody clicked on it is their own business.
        Browser::new(app).get("/works?q=nobody").await.assert_has("Nothing found");
        for foreign in ["/w/1", "/w/0190f0c2-0000-7000-8000-000000000001", "/@nobody", "/@%FF"] {
            let status = browser.get(foreign).await.status;
            assert!(matches!(status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{foreign}");
        }
    }
}

#[tokio::test]
async fn an_owner_names_a_work_and_may_stop_collecting() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, creator) = Browser::signed_in(app, "creator").await;
        let id = own(app, creator, "https://creator.example/song").await;
        let path = format!("/w/{id}");
        let page = browser.get(&path).await;
        let (title, refuse) = (format!("{path}/title"), format!("{path}/refuse"));
        let answer = browser.submit(&page, &title, &[("title", "<i>Song</i> & more")]).await;
        let page = browser.follow(answer).await;
        page.assert_has("The title is saved.");
        assert!(page.body.contains("&#60;i&#62;Song&#60;/i&#62; &#38; more"), "{}", page.body);
        for wrong in ["\u{202e}evil", &"x".repeat(201)] {
            let answer = browser.submit(&page, &title, &[("title", wrong)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Browser::new(app).get("/works?q=SONG").await.assert_has("@creator");
        Browser::new(app).get("/@Creator").await.assert_has("Song");

        // To others there is nothing to change.
        let (mut other, _) = a_patron(app, "ada").await;
        let theirs = other.get(&path).await;
        assert!(!theirs.body.contains("/refuse"));
        let csrf = theirs.form("/sign-out", &[]);
        let csrf = [("csrf", csrf[0].1.as_str()), ("title", "Mine"), ("refused", "yes")];
        assert_eq!(other.post(&title, &csrf).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.post(&refuse, &csrf).await.status, StatusCode::NOT_FOUND);

        let answer = browser.submit(&page, &refuse, &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("takes no clicks any more");
        other.get("/give?url=creator.example/song").await.assert_has("does not collect");
        Browser::new(app).get("/works?q=song").await.assert_has("Nothing found");
        let answer = browser.submit(&page, &refuse, &[]).await;
        browser.follow(answer).await.assert_has("takes clicks again");
    }
}

#[tokio::test]
async fn a_settled_month_is_public_in_sums_and_private_in_lines() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let id = own(app, creator, "https://creator.example/song").await;
        for number in 0..6 {
            let (mut browser, _) = a_patron(app, &format!("patron-{number}")).await;
            let page = browser.get("/give?url=creator.example/song").await;
            let answer = browser.submit(&page, "/give", &[]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        let mut stranger = Browser::new(app);
        stranger.get("/settlements").await.assert_has("No month is settled yet");
        assert_eq!(stranger.get("/settlements/2026-01").await.status, StatusCode::NOT_FOUND);
        instance.at("2026-02-01T08:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let list = stranger.get("/settlements").await;
        list.assert_has("January 2026 €60.00 €6.00 6 1");
        let record = stranger.get("/settlements/2026-01").await;
        record.assert_has("To creators €54.00");
        record.assert_lacks("creator.example");
        stranger.get("/").await.assert_has("given to creators €60.00");
        stranger.get(&format!("/w/{id}")).await.assert_has("5 or more in its best month");
        assert_eq!(stranger.get("/settlements/2026-13").await.status, StatusCode::NOT_FOUND);
        let mut french = Browser::new(app).speaking("fr");
        french.get("/settlements/2026-01").await.assert_has("Aux créateurs 54,00");

        let mut browser = Browser::new(app);
        browser.sign_in(app, "creator").await;
        let statements = browser.get("/statements").await;
        statements.assert_has("What you received · EUR");
        let statement = browser.get("/statements/2026-01").await;
        statement.assert_has("To you €54.00");
        statement.assert_lacks("patron");
        let file = browser.get("/statements/2026-01.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(file.body.contains("creator,EUR"), "{}", file.body);
        browser.get("/statements/2026-01?side=received").await.assert_has("CSV as from Flattr");
        // Line 38 of the checklist: Flattr's layout, byte for byte.
        let file = browser.get("/statements/2026-01.flattr.csv").await;
        let disposition = "attachment; filename=\"flattr-revenue-202601.csv\"";
        assert_eq!(file.header("content-disposition"), disposition);
        let number = file.body.lines().nth(1).and_then(|line| line.split(';').nth(1));
        let number = number.expect("a number");
        let thing = format!("http://127.0.0.1:8080/thing/{number}/httpscreatorexamplesong");
        let lines = format!(
            "period;id;flattr url;url;title;clicks;revenue;clicks total\n\
             2026-01;{number};\"{thing}\";\"https://creator.example/song\";\
             \"https://creator.example/song\";6;54,00;6\n"
        );
        assert_eq!(file.body, lines);
        browser.sign_in(app, "patron-1").await;
        let statement = browser.get("/statements/2026-01").await;
        statement.assert_has("To creators, the fee included €10.00");
        statement.assert_has("creator.example/song 1 €10.00 paid");
        statement.assert_lacks("€54.00");
        assert_eq!(browser.get("/statements/2025-12").await.status, StatusCode::NOT_FOUND);
        let sent = stranger.get("/statements/2026-01").await;
        assert_eq!(sent.header("location"), "/sign-in?back=%2Fstatements%2F2026-01");
    }
}

#[tokio::test]
async fn long_statements_go_in_pages() {
    use obole_app::bench::{self, Load, pages};
    let instance = sqlite().await;
    let app = &instance.app;
    let load = Load { patrons: 3, mean_clicks: 3, works: 40, seed: 1 };
    bench::fill(app, load, &|_, _| ()).await.expect("filled");
    let period = app.clock_period();
    let works = pages::put_creator(app, "creator", 130).await.expect("made");
    let giver = pages::Giver { handle: "giver", period, works };
    pages::put_giver(app, giver).await.expect("made");
    instance.at("2026-02-01T08:00:00Z");
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
    for (handle, side) in [("giver", "given"), ("creator", "received")] {
        let mut browser = Browser::new(app);
        browser.set_cookie("obole", &pages::session(app, handle).await.expect("a session"));
        let first = browser.get("/statements/2026-01").await;
        assert_eq!(first.body.matches("<th scope=\"row\"").count(), 100, "{}", first.body);
        let next = first.body.split("rel=\"next\" href=\"").nth(1).expect("a next page");
        let next = crate::browser::unescape(next.split('"').next().expect("an address"));
        assert!(next.starts_with(&format!("?side={side}&after=EUR.")), "{next}");
        let second = browser.get(&format!("/statements/2026-01{next}")).await;
        assert_eq!(second.body.matches("<th scope=\"row\"").count(), 30);
        assert!(second.body.contains(&format!("rel=\"prev\" href=\"?side={side}\"")));
        for strange in ["EUR", "EUR.x", "EUR.-1.x", "XXX.1", ".", "EUR.9.9.9", "%FF"] {
            let path = format!("/statements/2026-01?side={side}&after={strange}");
            assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
        }
        let file = browser.get("/statements/2026-01.csv").await;
        assert_eq!(file.body.lines().count(), 131, "the file has all of them");
    }
}

/// Every link of every page that can be reached leads somewhere, in both languages.
#[tokio::test]
async fn no_link_leads_to_nothing() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    own(app, creator, "https://creator.example/song").await;
    obole_app::testing::admin(app, "boss").await;
    for (handle, language) in [("", "en"), ("ada", "fr"), ("boss", "en")] {
        let mut browser = Browser::new(app).speaking(language);
        match handle {
            "" => {}
            "ada" => browser = a_patron(app, handle).await.0.speaking(language),
            _ => browser.sign_in(app, handle).await,
        }
        let mut found = vec!["/".to_owned(), "/works".to_owned(), "/month".to_owned()];
        let mut place = 0;
        while let Some(path) = found.get(place).cloned() {
            place += 1;
            let answer = browser.get(&path).await;
            let is_there = answer.status.is_success() || answer.status.is_redirection();
            assert!(is_there, "{path} as {handle:?}: {}", answer.status);
            let links = answer.body.split(" href=\"").skip(1);
            let links =
                links.filter_map(|rest| rest.split('"').next()).map(crate::browser::unescape);
            let links = links.filter(|link| link.starts_with('/') || link.starts_with('?'));
            for link in links {
                let base = path.split('?').next().unwrap_or_default();
                let link = if link.starts_with('?') { format!("{base}{link}") } else { link };
                if !found.contains(&link) && found.len() < 300 {
                    found.push(link);
                }
            }
        }
        assert!(found.len() > 10, "{found:?}");
    }
}
