//! The giving window as a whole: kept clicks of signed-out visitors, its size, what it loads.

use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use obole_app::testing::{PASSWORD, account, engines, sqlite};
use tower::ServiceExt as _;

use crate::browser::{Answer, Browser};
use crate::month::a_patron;

const ESSAY: &str = "/give?url=https://essays.example/one&points=5";

/// The path that an answer leads to.
fn location(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.header("location").to_owned()
}

fn assert_kept(page: &Answer) {
    page.assert_has("Here is the click that you chose");
    let form = page.form("/give", &[]);
    for (name, value) in [("points", "25"), ("note", "Merci \u{e0} vous & <b>"), ("title", "One")] {
        assert!(form.contains(&(name.to_owned(), value.to_owned())), "{name}: {form:?}");
    }
}

#[tokio::test]
async fn a_click_is_kept_while_one_signs_in_or_up() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let fields = [("points", "25"), ("note", "Merci \u{e0} vous & <b>"), ("title", "One")];

        let mut browser = Browser::new(app);
        let page = browser.get(ESSAY).await;
        let fields_in = [&fields[..], &[("enter", "sign-in")]].concat();
        let door = location(&browser.submit(&page, "/give", &fields_in).await);
        assert!(door.starts_with("/sign-in?back="), "{door}");
        let page = browser.get(&door).await;
        let person = [("name", "ada"), ("password", PASSWORD)];
        let back = location(&browser.submit(&page, "/sign-in", &person).await);
        let page = browser.get(&back).await;
        assert_kept(&page);
        let given = browser.submit(&page, "/give", &[]).await;
        browser.follow(given).await.assert_has("has 25 points from you");

        let mut browser = Browser::new(app);
        let page = browser.get(ESSAY).await;
        let fields_up = [&fields[..], &[("enter", "sign-up")]].concat();
        let door = location(&browser.submit(&page, "/give", &fields_up).await);
        let page = browser.get(&door).await;
        let person =
            [("email", "new@obole.example"), ("handle", "newcomer"), ("password", PASSWORD)];
        let wrong = browser.submit(&page, "/sign-up", &[("email", "x"), person[1]]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let back = location(&browser.submit(&wrong, "/sign-up", &person).await);
        let page = browser.get(&back).await;
        page.assert_has("please confirm your address when you have the time");
        let form = page.form("/give", &[]);
        assert!(form.contains(&("points".to_owned(), "25".to_owned())), "{form:?}");
        let given = browser.submit(&page, "/give", &[]).await;
        browser.follow(given).await.assert_has("has 25 points from you");
    }
}

#[tokio::test]
async fn only_what_was_kept_here_comes_back() {
    let instance = sqlite().await;
    let app = &instance.app;
    let mut browser = Browser::new(app);
    let page = browser.get(ESSAY).await;
    let fields = [("note", "Mine"), ("enter", "sign-in")];
    let door = location(&browser.submit(&page, "/give", &fields).await);
    let (mut ada, _) = a_patron(app, "ada").await;
    let back = location(&ada.get(&door).await);
    ada.get(&back).await.assert_has("Here is the click");
    for forged in [
        back.replace("Mine", "Yours"),
        back.replace("essays", "evil"),
        back.replace("points=5", "points=5000"),
        format!("{ESSAY}&note=Mine&kept="),
        format!("{ESSAY}&note=Mine&kept=0123456789abcdef0123456789abcdef"),
        format!("{ESSAY}&note=Mine"),
    ] {
        let page = ada.get(&forged).await;
        page.assert_lacks("Here is the click");
        let form = page.form("/give", &[]);
        assert!(form.contains(&("note".to_owned(), String::new())), "{forged}: {form:?}");
    }
    let long = "\u{1f33b}".repeat(500);
    let refused = browser.submit(&page, "/give", &[("note", &long), ("enter", "sign-up")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_has("Please keep it to 200 characters");
    assert!(refused.form("/give", &[]).contains(&("note".to_owned(), long)), "nothing is lost");
    let refused = browser.submit(&page, "/give", &[("other", "0"), ("enter", "sign-in")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("id=\"error-other\""));
}

#[tokio::test]
async fn the_window_is_one_small_answer() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut ada, _) = a_patron(app, "ada").await;
    let given = {
        let page = ada.get(ESSAY).await;
        ada.submit(&page, "/give", &[]).await
    };
    let done = location(&given);
    for path in [ESSAY, &done] {
        let page = ada.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("style-src 'self' 'sha256-"), "{policy}");
        assert!(policy.contains("script-src 'self' 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "B2");
        assert!(page.body.contains("<style>") && !page.body.contains("rel=\"stylesheet\""));
        assert!(!page.body.contains("<script src") && !page.body.contains("<img"));
        let request = ada.request("GET", path).header("accept-encoding", "br");
        let request = request.body(Body::empty()).expect("valid");
        let answer = obole_web::router(app.clone()).oneshot(request).await.expect("an answer");
        assert_eq!(answer.headers()["content-encoding"], "br");
        let bytes = to_bytes(answer.into_body(), 100_000).await.expect("a body").len();
        assert!(bytes <= 14 * 1024, "{path}: {bytes}: more than a first flight of TCP");
    }
    let other = ada.get("/month").await;
    assert!(!other.header("content-security-policy").contains("sha256"));
}
