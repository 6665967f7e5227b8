//! Subscriptions' page, and the offers after a click and on a work's page.

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{engines, own, sqlite};
use obole_app::{policy, subscriptions};

use crate::browser::Browser;
use crate::month::a_patron;

const SONG: &str = "https://music.example/album";

#[tokio::test]
async fn a_stranger_is_sent_to_the_sign_in() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let answer = browser.get("/subscriptions").await;
    assert_eq!(answer.header("location"), "/sign-in?back=%2Fsubscriptions");
    for action in ["", "/change", "/pause", "/start", "/stop", "/take-back"] {
        let answer = browser.post(&format!("/subscriptions{action}"), &[]).await;
        assert_eq!(answer.header("location"), "/sign-in?back=%2F", "{action}");
    }
}

#[tokio::test]
async fn one_can_be_made_paused_started_changed_and_stopped() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/month").await;
        page.assert_has("Your subscriptions");
        let page = browser.get("/subscriptions").await;
        page.assert_has("No subscriptions yet");
        page.assert_has("choose “every month” on the thanks");
        let fields = [("url", "music.example/album"), ("points", "3"), ("periods", "6")];
        let answer = browser.submit(&page, "/subscriptions", &fields).await;
        let again = browser.submit(&page, "/subscriptions", &fields).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
        let page = browser.follow(answer).await;
        page.assert_has("“music.example/album” has its click for January 2026, and the next comes");
        page.assert_has("1 subscription");
        page.assert_has("3 points each month · 5 months to go");
        page.assert_has("Last given for January 2026.");
        browser.get("/month").await.assert_has("music.example/album");

        let page = browser.get("/subscriptions").await;
        let answer = browser.submit(&page, "/subscriptions/pause", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("is paused. Nothing is given until");
        let answer = browser.submit(&page, "/subscriptions/start", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("is started again");
        let fields = [("points", "7"), ("periods", "keep")];
        let answer = browser.submit(&page, "/subscriptions/change", &fields).await;
        let page = browser.follow(answer).await;
        page.assert_has("is changed from the next click on");
        page.assert_has("7 points each month · 5 months to go");
        let fields = [("points", "7"), ("periods", "")];
        let answer = browser.submit(&page, "/subscriptions/change", &fields).await;
        let page = browser.follow(answer).await;
        page.assert_has("7 points each month · until you stop it");
        let answer = browser.submit(&page, "/subscriptions/stop", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("is stopped; this month’s click stands. If that was a slip");
        page.assert_has("You stopped it on");
        page.assert_has("No subscriptions yet");
        // The undo.
        let answer = browser.submit(&page, "/subscriptions/start", &[]).await;
        browser.follow(answer).await.assert_has("7 points each month");
        let page = browser.get("/subscriptions").await;
        let answer = browser.submit(&page, "/subscriptions/take-back", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("1 click is taken back, for this month");
        page.assert_lacks("Take back this month’s clicks");
        browser.get("/month").await.assert_lacks("music.example/album");
    }
}

#[tokio::test]
async fn the_thanks_after_a_click_offer_the_same_every_month() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, patron) = a_patron(app, "ada").await;
        let page = browser.get(&format!("/give?url={SONG}")).await;
        let answer = browser.submit(&page, "/give", &[("points", "4")]).await;
        let page = browser.follow(answer).await;
        page.assert_has("Every month");
        page.assert_has("This click counts for this month");
        let form = page.form("/subscriptions", &[]);
        assert!(form.contains(&("points".to_owned(), "4".to_owned())), "{form:?}");
        let answer = browser.submit(&page, "/subscriptions", &[("periods", "3")]).await;
        let page = browser.follow(answer).await;
        page.assert_has("Thank you");
        page.assert_has("has its next click at the start of February 2026");
        page.assert_has("You are subscribed: 4 points each month.");
        page.assert_has("has 4 points from you this month");
        browser.get("/subscriptions").await.assert_has("First given at the start of February 2026");
        let work = obole_app::testing::own(app, patron, "https://mine.example/").await;
        browser.get(&format!("/w/{work}")).await.assert_lacks("Every month");
    }
}

#[tokio::test]
async fn a_works_page_offers_it_to_who_is_signed_in() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let (_, bob) = a_patron(app, "bob").await;
        let work = own(app, bob, SONG).await;
        let address = format!("/w/{work}");
        Browser::new(app).get(&address).await.assert_lacks("Every month");
        let page = browser.get(&address).await;
        page.assert_has("A subscription gives a click now");
        let answer = browser.submit(&page, "/subscriptions", &[("points", "2")]).await;
        assert_eq!(answer.header("location"), address);
        let page = browser.follow(answer).await;
        page.assert_has("has its click for January 2026");
        page.assert_has("You are subscribed: 2 points each month.");
        obole_app::testing::refuse(app, work).await;
        browser.get(&address).await.assert_lacks("You are subscribed");
        let page = browser.get("/subscriptions").await;
        page.assert_has("wants no money for it, so this gives nothing more");
        instance.at("2026-02-01T00:00:01Z");
        subscriptions::give_due(app).await.expect("given");
        browser.sign_in(app, "ada").await;
        let page = browser.get("/subscriptions").await;
        page.assert_has("the work’s owner wants no money for it");
        page.assert_has("No subscriptions yet");
    }
}

#[tokio::test]
async fn what_is_refused_comes_back_with_its_sentence() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, patron) = a_patron(app, "ada").await;
    own(app, patron, "https://mine.example/").await;
    for (url, points, periods, sentence) in [
        ("javascript:alert(1)", "1", "", "Only pages of the web can be clicked"),
        ("", "1", "", "This is still empty"),
        (SONG, "0", "", "1 to 10,000 points"),
        (SONG, "1.5", "", "Points are whole numbers"),
        (SONG, "1", "2", "runs for 1, 3, 6 or 12 months"),
        ("https://mine.example/", "1", "", "This work is yours"),
    ] {
        let page = browser.get("/subscriptions").await;
        let fields = [("url", url), ("points", points), ("periods", periods)];
        let answer = browser.submit(&page, "/subscriptions", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url} {points}");
        answer.assert_has(sentence);
        let typed = answer.form("/subscriptions", &[]);
        assert!(typed.contains(&("url".to_owned(), url.to_owned())), "{typed:?}");
    }
    let page = browser.get("/subscriptions").await;
    let answer = browser.submit(&page, "/subscriptions", &[("url", SONG), ("op", "")]).await;
    answer.assert_has("came without its number");
    let answer = browser.submit(&page, "/subscriptions", &[("url", SONG)]).await;
    let page = browser.follow(answer).await;
    let answer = browser.submit(&page, "/subscriptions", &[("url", SONG)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.assert_has("You have a subscription to this work already");
    for (points, periods, sentence) in
        [("x", "keep", "Points are whole numbers"), ("1", "5", "runs for 1, 3, 6 or 12 months")]
    {
        let fields = [("points", points), ("periods", periods)];
        let answer = browser.submit(&page, "/subscriptions/change", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.assert_has(sentence);
        assert_eq!(answer.body.matches("aria-invalid").count(), 1);
        assert!(answer.body.contains("<details open>"));
    }
    for id in ["", "x", "019b0000-0000-7000-8000-000000000000"] {
        for action in ["pause", "start", "stop"] {
            let path = format!("/subscriptions/{action}");
            let csrf = page.form("/subscriptions/stop", &[("id", id)]);
            let fields: Vec<_> = csrf.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let answer = browser.post(&path, &fields).await;
            assert!(answer.status.is_client_error(), "{action} {id}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn it_says_why_a_month_got_nothing() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, _) = a_patron(app, "ada").await;
    let page = browser.get("/subscriptions").await;
    let fields = [("url", SONG), ("points", "30")];
    browser.submit(&page, "/subscriptions", &fields).await;
    policy::set_preset(app, Actor::CommandLine, "flattr-2010".into()).await.expect("set");
    instance.at("2026-02-01T00:00:01Z");
    subscriptions::give_due(app).await.expect("missed");
    browser.sign_in(app, "ada").await;
    let page = browser.get("/subscriptions").await;
    page.assert_has("Last given for January 2026.");
    page.assert_has("Not given for February 2026: it has more points than a click can carry here");
    let page = browser.speaking("fr").get("/subscriptions").await;
    page.assert_has("Rien pour février 2026\u{a0}: il a plus de points");
}
