//! The click page: what it shows, who confirms, and what it never does.

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::testing::{account, engines, own, sqlite};

use crate::browser::Browser;
use crate::month::a_patron;

#[tokio::test]
async fn the_page_shows_our_own_record_to_everybody() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        own(app, creator, "https://creator.example/song").await;
        let mut browser = Browser::new(app);
        let page = browser.get("/give?url=https://creator.example/song&title=%3Cb%3EPay").await;
        page.assert_has("@creator");
        page.assert_has("controls creator.example");
        page.assert_has("Your click is kept while you sign in");
        page.assert_lacks("Pay");
        let page = browser.speaking("fr").get("/give?url=nobody.example").await;
        page.assert_has("une promesse, qui ne vous coûte rien");
    }
}

#[tokio::test]
async fn only_the_confirming_form_gives() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get("/give?url=nobody.example/a&points=5&title=A%20%3Ci%3E").await;
        page.assert_has("≈ €10.00");
        assert!(
            page.body.contains("<script>// The giving window") && page.body.contains("id=\"give\"")
        );
        browser.get("/month").await.assert_has("No clicks yet");
        let answer = browser.submit(&page, "/give", &[("note", "Thanks <script>")]).await;
        let done = browser.follow(answer).await;
        done.assert_has("has 5 points from you this month");
        done.assert_has("it would come to €10.00");
        assert!(!done.body.contains("<script>"));
        let twice = browser.submit(&page, "/give", &[("note", "Thanks <script>")]).await;
        browser.follow(twice).await.assert_has("has 5 points from you");
        let reused = browser.submit(&page, "/give", &[("note", "Other")]).await;
        assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
        reused.assert_has("already used for another request");
        let page = browser.get("/give?url=nobody.example/a").await;
        page.assert_has("This month from you 5 points");
        let answer = browser.submit(&page, "/give", &[("other", "10000")]).await;
        let done = browser.follow(answer).await;
        done.assert_has("has 10,005 points");
        let back = browser.submit(&done, "/clicks/take-back", &[]).await;
        browser.follow(back).await.assert_has("is taken back");
        let empty = browser.get("/give/done?work=x").await;
        assert_eq!(empty.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn refusals_come_back_filled() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, ada) = a_patron(app, "ada").await;
    own(app, ada, "https://mine.example/").await;
    browser.get("/give?url=https://mine.example").await.assert_has("nobody can click on a work of");
    for (url, sentence) in [
        ("javascript%3Aalert(1)", "Only pages of the web"),
        ("%FF", "Some characters here cannot be kept"),
        ("a&url=b", ""),
        ("x%20y", "not the address of a page"),
    ] {
        let answer = browser.get(&format!("/give?url={url}")).await;
        assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY || sentence.is_empty(), "{url}");
        answer.assert_has(sentence);
        assert!(!answer.body.contains("href=\"javascript"), "{url}");
    }
    let page = browser.get("/give?url=a.example").await;
    for (field, value) in [("other", "0"), ("points", "10001"), ("other", "1.5"), ("points", "-1")]
    {
        let answer = browser.submit(&page, "/give", &[(field, value), ("note", "kept")]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        assert!(answer.body.contains(&format!("id=\"error-{field}\"")), "{}", answer.body);
        assert!(answer.form("/give", &[]).contains(&("note".to_owned(), "kept".to_owned())));
    }
    let long = "x".repeat(501);
    let answer = browser.submit(&page, "/give", &[("note", &long)]).await;
    answer.assert_has("Please keep it to 500 characters");
    let answer = browser.submit(&page, "/give", &[("url", "https://mine.example/")]).await;
    answer.assert_has("This work is yours");
    browser.get("/month").await.assert_has("No clicks yet");
}

#[tokio::test]
async fn a_visitor_from_another_site_is_warned() {
    let instance = sqlite().await;
    let (mut browser, _) = a_patron(&instance.app, "ada").await;
    for (referer, is_warned, is_shown) in [
        ("https://other.example/page", true, true),
        ("https://creator.example/", false, true),
        ("http://127.0.0.1:8080/month", false, false),
        ("about:blank", false, false),
    ] {
        let request = browser.request("GET", "/give?url=https://creator.example/song");
        let request = request.header("referer", referer).body(Body::empty()).expect("valid");
        let page = browser.send(request).await;
        assert_eq!(page.text().contains("Go on only if"), is_warned, "{referer}");
        assert_eq!(page.text().contains("You come from"), is_shown, "{referer}");
    }
    let page = browser.get("/give?url=https://%D0%B0pple.example/").await;
    page.assert_has("xn--pple-43d.example stands for letters");
}
