//! What pages that were written for Flattr load and link to.

use obole_app::testing::sqlite;

use super::client::World;
use crate::browser::Browser;

#[tokio::test]
async fn line_36_a_button_of_an_unknown_page_shows_nought() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for path in [
        "/button/view/?url=https%3A%2F%2Fnew.example%2F&uid=ada&",
        "/button/view?uid=ada&amp;url=https://new.example/&button=compact&language=fr_FR",
        "/button/view/?fid=3bpQBK&url=http://new.example/&title=%3Cb%3E",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.body.contains("<span class=\"flattr-count\"><span>0</span></span>"));
        assert!(answer.body.contains("/submit/auto?url=https%3A%2F%2Fnew.example%2F"));
        assert!(answer.header("content-security-policy").contains("frame-ancestors *"));
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
        assert!(answer.header("cache-control").starts_with("public"));
        assert_eq!(answer.header("set-cookie"), "");
    }
    let card = browser.get("/button/popout/?url=https://new.example/&dir=se").await;
    assert_eq!(card.status, 200);
    card.assert_has("Nobody has claimed this page yet.");
    assert_eq!(browser.get("/button/view/?uid=ada").await.status, 400);
}

#[tokio::test]
async fn pictures_and_the_loader_are_there() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    for path in [
        "/button/flattr-badge-large.png",
        "/button/flattr-badge-small.png",
        "/button/button-static-50x60.png",
        "/_img/icons/flattr_logo_16.png",
        "/js/0.6/load.js?mode=auto&uid=ada",
        "/js/0.5/load.js",
    ] {
        let request = world.stranger.request("GET", path).body(axum::body::Body::empty());
        let response = tower::ServiceExt::oneshot(
            obole_web::router(instance.app.clone()),
            request.expect("a request"),
        );
        let response = response.await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        let kind = response.headers()["content-type"].to_str().expect("text");
        let expected =
            if path.contains("js") { "text/javascript; charset=utf-8" } else { "image/png" };
        assert_eq!(kind, expected, "{path}");
        assert_eq!(response.headers()["cross-origin-resource-policy"], "cross-origin");
    }
}

#[tokio::test]
async fn old_addresses_lead_to_the_pages_that_are_meant() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let mut browser = Browser::new(&instance.app);
    let work = format!("/w/{}", world.song);
    for (path, leads) in [
        (format!("/thing/{}", world.number), work.clone()),
        (format!("/thing/{}/any-slug", world.number), work.clone()),
        (format!("/thing/qr/{}", world.number), format!("{work}/sheet")),
        ("/profile/bob".to_owned(), "/@bob".to_owned()),
        ("/user/bob".to_owned(), "/@bob".to_owned()),
        ("/donation/give/to/bob".to_owned(), "/@bob".to_owned()),
        ("/apps/new".to_owned(), "/apps".to_owned()),
        ("/dashboard/transactions".to_owned(), "/creator/earnings".to_owned()),
        ("/settings/account/subscription".to_owned(), "/budget".to_owned()),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (303, leads.as_str()),
            "{path}"
        );
    }
    for path in ["/thing/1", "/thing/x/y", "/thing/qr/1"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
