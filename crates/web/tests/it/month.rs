//! The month's page: what it tells and what its forms change.

use axum::http::StatusCode;
use obole_app::testing::{account, engines, fund, own, sqlite};
use obole_app::{App, budgets};
use obole_domain::{AccountId, Currency, Micros, Money};

use crate::browser::Browser;

pub const fn euros(cents: i64) -> Money {
    Money::new(Micros::new(cents * 10_000), Currency::EUR)
}

/// A patron with money and a budget.
pub async fn a_patron(app: &App, handle: &str) -> (Browser, AccountId) {
    let (browser, patron) = Browser::signed_in(app, handle).await;
    fund(app, patron, euros(2_000)).await;
    budgets::set(app, patron, euros(1_000)).await.expect("a budget");
    (browser, patron)
}

#[tokio::test]
async fn a_stranger_is_sent_to_the_sign_in_and_back() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let answer = browser.get("/month?after=x").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?back=%2Fmonth%3Fafter%3Dx");
    for path in ["/clicks", "/clicks/points", "/clicks/take-back", "/clicks/undo"] {
        let answer = browser.post(path, &[]).await;
        assert_eq!(answer.header("location"), "/sign-in?back=%2F", "{path}");
    }
}

#[tokio::test]
async fn each_empty_month_says_what_to_do() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, patron) = Browser::signed_in(app, "ada").await;
        let page = browser.get("/month").await;
        page.assert_has("You have no budget yet");
        page.assert_has("No clicks yet this month");
        budgets::set(app, patron, euros(1_000)).await.expect("a budget");
        let page = browser.get("/month").await;
        page.assert_lacks("You have no budget yet");
        page.assert_has("Your wallet has €0.00, and a month needs at least €2.00");
        fund(app, patron, euros(500)).await;
        let page = browser.get("/month").await;
        page.assert_has("Your wallet has €5.00, less than your budget of €10.00");
        page.assert_has("€10.00 waits for your first click");
        let page = browser.speaking("fr").get("/month").await;
        page.assert_has("moins que votre budget de 10,00\u{a0}€");
        page.assert_has("Janvier 2026");
    }
}

#[tokio::test]
async fn clicks_show_what_they_would_come_to() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        own(app, creator, "https://creator.example/song").await;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/month").await;
        let fields = [("url", "creator.example/song"), ("points", "3"), ("note", "<b>Thanks</b>")];
        let answer = browser.submit(&page, "/clicks", &fields).await;
        let page = browser.follow(answer).await;
        page.assert_has("Your click is in: “creator.example/song” has 3 points from you");
        page.assert_has("€10.00");
        assert!(page.body.contains("&#60;b&#62;Thanks&#60;/b&#62;") && !page.body.contains("<b>T"));

        // The same form sent twice counts once; a fresh one adds.
        let fields = [("url", "https://nobody.example/")];
        let one = browser.submit(&page, "/clicks", &fields).await;
        let two = browser.submit(&page, "/clicks", &fields).await;
        assert_eq!((one.status, two.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER));
        let page = browser.follow(two).await;
        page.assert_has("has 1 point from you");
        page.assert_has("promise");
        page.assert_has("€7.50");
        page.assert_has("€2.50");
        let page = browser.get("/month").await;
        page.assert_lacks("has 1 point from you");
    }
}

#[tokio::test]
async fn refused_clicks_come_back_with_a_sentence() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, patron) = a_patron(app, "ada").await;
    own(app, patron, "https://mine.example/").await;
    let page = browser.get("/month").await;
    for (url, points, sentence) in [
        ("javascript:alert(1)", "1", "Only pages of the web can be clicked"),
        ("", "1", "This is still empty"),
        ("https://a.example/", "0", "1 to 10,000 points"),
        ("https://a.example/", "10001", "1 to 10,000 points"),
        ("https://a.example/", "1.5", "Points are whole numbers"),
        ("https://mine.example/", "1", "This work is yours"),
    ] {
        let page = browser.get("/month").await;
        let fields = [("url", url), ("points", points)];
        let answer = browser.submit(&page, "/clicks", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{url} {points}");
        answer.assert_has(sentence);
        let typed = answer.form("/clicks", &[]);
        assert!(typed.contains(&("url".to_owned(), url.to_owned())), "{typed:?}");
    }
    let answer = browser.submit(&page, "/clicks", &[("op", ""), ("url", "a.example")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    answer.assert_has("came without its number");
    browser.get("/month").await.assert_has("No clicks yet this month");
}

#[tokio::test]
async fn the_stepper_sets_points_and_taking_back_can_be_undone() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/month").await;
        let fields = [("url", "a.example"), ("points", "10000")];
        let answer = browser.submit(&page, "/clicks", &fields).await;
        let page = browser.follow(answer).await;
        let points = |page: &crate::browser::Answer| {
            let fields = page.form("/clicks/points", &[]);
            fields.into_iter().find(|(name, _)| name == "points").map(|(_, value)| value)
        };
        let step = [("change", "more")];
        let answer = browser.submit(&page, "/clicks/points", &step).await;
        let page = browser.follow(answer).await;
        assert_eq!(points(&page).as_deref(), Some("10001"));
        let step = [("change", "set"), ("points", "20000")];
        let answer = browser.submit(&page, "/clicks/points", &step).await;
        let page = browser.follow(answer).await;
        assert_eq!(points(&page).as_deref(), Some("20000"));
        for wrong in ["0", "-1", "1000001", "x", "1.5", ""] {
            let step = [("change", "set"), ("points", wrong)];
            let answer = browser.submit(&page, "/clicks/points", &step).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        let answer = browser.submit(&page, "/clicks/take-back", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("Your click on “a.example/” is taken back");
        page.assert_has("No clicks yet");
        let answer = browser.submit(&page, "/clicks/undo", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("is as it was before");
        assert_eq!(points(&page).as_deref(), Some("20000"));
        // One step below one point takes it back too.
        let step = [("change", "set"), ("points", "1")];
        let answer = browser.submit(&page, "/clicks/points", &step).await;
        let page = browser.follow(answer).await;
        let answer = browser.submit(&page, "/clicks/points", &[("change", "less")]).await;
        browser.follow(answer).await.assert_has("is taken back");
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_changed() {
    let instance = sqlite().await;
    let (mut browser, _) = a_patron(&instance.app, "ada").await;
    let page = browser.get("/month").await;
    let csrf = page.form("/language", &[]);
    let csrf = csrf.iter().find(|(name, _)| name == "csrf").expect("a token").1.clone();
    let strange = "0190f0c2-0000-7000-8000-000000000001";
    for (path, work, status) in [
        ("/clicks/points", "", StatusCode::NOT_FOUND),
        ("/clicks/points", "1", StatusCode::NOT_FOUND),
        ("/clicks/points", strange, StatusCode::UNPROCESSABLE_ENTITY),
        ("/clicks/take-back", strange, StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let fields = [("csrf", csrf.as_str()), ("work", work), ("points", "3")];
        let answer = browser.post(path, &fields).await;
        assert_eq!(answer.status, status, "{path} {work}");
    }
    let fields = [("csrf", csrf.as_str()), ("work", strange), ("points", "3"), ("op", strange)];
    let answer = browser.post("/clicks/undo", &fields).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_goes_in_pages_and_the_bar_over_all() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        for number in 0..53 {
            instance.at(&format!("2026-01-15T12:{number:02}:00Z"));
            let page = browser.get("/month").await;
            let url = format!("https://example.org/{number}");
            let answer = browser.submit(&page, "/clicks", &[("url", &url)]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{number}");
        }
        let first = browser.get("/month").await;
        assert_eq!(first.body.matches("class=\"undo\"").count(), 50);
        first.assert_has("example.org/52");
        first.assert_lacks("example.org/2 ");
        assert!(first.body.contains("+29"), "the bar draws 24 and the 29 others together");
        let next = first.body.split("rel=\"next\" href=\"").nth(1).expect("a next page");
        let next = next.split('"').next().expect("an address").to_owned();
        let second = browser.get(&next).await;
        assert_eq!(second.body.matches("class=\"undo\"").count(), 3);
        second.assert_has("53 example.org/0");
        assert!(second.body.contains("+29"));
    }
}
