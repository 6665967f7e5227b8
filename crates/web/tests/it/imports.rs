//! Bringing along what one already likes: files and pasted text become proposals, and each is
//! clicked only with a yes.

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::testing::{engines, own, sqlite};

use crate::browser::Browser;
use crate::month::a_patron;

const OPML: &str = r#"<opml version="2.0"><body>
    <outline text="Night &amp; Day" xmlUrl="https://night.example/feed"/>
    <outline text="&lt;b&gt;Loud&lt;/b&gt;" xmlUrl="https://loud.example/feed"/>
    <outline text="Own" xmlUrl="https://own.example/feed"/></body></opml>"#;

#[tokio::test]
async fn a_file_becomes_proposals_and_a_yes_becomes_clicks() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, ada) = a_patron(app, "ada").await;
        own(app, ada, "https://own.example/feed").await;
        browser.get("/month").await.assert_has("Bring what you already like");
        let page = browser.get("/import").await;
        let brought =
            browser.upload(&page, "/import", &[("file", OPML.as_bytes()), ("text", b"")]).await;
        let page = browser.follow(brought).await;
        page.assert_has("3 proposals are new.");
        page.assert_has("Night & Day");
        assert!(page.body.contains("&lt;b&gt;Loud&lt;/b&gt;") || !page.body.contains("<b>Loud"));
        browser.get("/month").await.assert_lacks("night.example");
        browser.get("/import?all=yes").await.assert_has("Choose none");

        let none = browser.submit(&page, "/import/answer", &[("answer", "give")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        none.assert_has("Please tick at least one");
        let chosen = [
            ("take", "https://night.example/feed"),
            ("take", "https://own.example/feed"),
            ("take", "https://never.example/brought"),
            ("answer", "give"),
        ];
        let kept = |name: &str| page.form("/import/answer", &[]).into_iter().find(|f| f.0 == name);
        let (op, csrf) = (kept("op").expect("a key").1, kept("csrf").expect("a token").1);
        let chosen = [&chosen[..], &[("op", &op), ("csrf", &csrf)]].concat();
        let given = browser.post("/import/answer", &chosen).await;
        let after = browser.follow(given).await;
        after.assert_has("1 click is given, 1 is not. own.example/feed:");
        after.assert_has("1 proposal");
        // The same form once more gives nothing more.
        let again = browser.post("/import/answer", &chosen).await;
        browser.follow(again).await.assert_has("Nothing was given");
        let month = browser.get("/month").await;
        month.assert_has("night.example/feed");
        month.assert_lacks("never.example");
        month.assert_lacks("loud.example");

        let known = browser.upload(&after, "/import", &[("file", OPML.as_bytes())]).await;
        let page = browser.follow(known).await;
        page.assert_has("1 proposal is new. 2 were known already.");
        let (mut other, _) = Browser::signed_in(app, "bob").await;
        other.get("/import").await.assert_lacks("loud.example");
        let gone = browser.submit(&page, "/import/answer", &[("answer", "dismiss-all")]).await;
        browser.follow(gone).await.assert_has("2 proposals are gone");
        browser.get("/import").await.assert_lacks("loud.example");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_nothing_is_lost() {
    let instance = sqlite().await;
    let (mut browser, _) = a_patron(&instance.app, "ada").await;
    let page = browser.get("/import").await;
    for (file, text, sentence) in [
        (&b""[..], &b""[..], "still empty"),
        (b"\xff\xfe\x00", b"", "cannot be kept"),
        (b"", b"just some words", "No address was found in it"),
        (b"{\"a\": 1}", b"", "No address was found in it"),
    ] {
        let refused = browser.upload(&page, "/import", &[("file", file), ("text", text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{sentence}");
        refused.assert_has(sentence);
        refused.assert_has(std::str::from_utf8(text).expect("text"));
    }
    let large = vec![b'x'; 2 * 1024 * 1024];
    let refused = browser.upload(&page, "/import", &[("file", &large)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    let plain = browser.post("/import", &[("text", "https://a.example/")]).await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let request = browser.request("POST", "/import").header("sec-fetch-site", "same-origin");
    let request = request.header("content-type", "multipart/form-data; boundary=x");
    let broken = browser.send(request.body(Body::from("--x\r\nno")).expect("a request")).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    let (mut other, _) = Browser::signed_in(&instance.app, "bob").await;
    let foreign = other.upload(&page, "/import", &[("text", b"https://a.example/")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "another's token");
    browser.speaking("fr").get("/import").await.assert_has("Apportez ce que vous aimez déjà");
}
