//! The workshop of buttons.

use axum::http::StatusCode;
use obole_app::testing::{account, own, sqlite};

use crate::browser::Browser;

#[tokio::test]
async fn an_address_and_a_look_become_a_button_and_its_code() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let first = browser.get("/buttons").await;
    assert_eq!(first.status, StatusCode::OK);
    first.assert_has("Type an address to see your own button");
    assert!(first.body.contains("/button/badge.svg?url=https%3A%2F%2Fexample.org%2F&#38;lang=en"));
    let query = "url=https%3A%2F%2Fada.example%2Fsong&size=large&theme=auto&shape=pill\
        &color=%2385540f&label=Thanks&lang=en&count=off&points=1%205";
    let page = browser.get(&format!("/buttons?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let code = page.text();
    for part in [
        "<obole-button url=\"https://ada.example/song\" size=\"large\" theme=\"auto\"",
        "points=\"1 5\" lang=\"en\"",
        "integrity=\"sha384-",
        "[![Thanks](http",
        "<podcast:funding url=\"http",
        "{{ .Permalink | urlquery }}",
        "xmlns:atom",
    ] {
        assert!(code.contains(part), "{part}: {code}");
    }
    let picture =
        "<img src=\"/button/large.svg?url=https%3A%2F%2Fada.example%2Fsong&#38;theme=auto";
    assert!(page.body.contains(picture), "{}", page.body);
    let french = Browser::new(&instance.app).speaking("fr").get(&format!("/buttons?{query}")).await;
    french.assert_has("Votre bouton");
    let french = Browser::new(&instance.app).speaking("fr").get("/buttons?url=ada.example").await;
    assert!(french.text().contains(">Donner avec Obole</a>"), "in the reader's language");
}

#[tokio::test]
async fn what_cannot_be_comes_back_with_a_sentence_beside_it() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for (query, sentence) in [
        ("url=", "still empty"),
        ("url=%3A%3A", "not the address of a page"),
        ("url=javascript:alert(1)", "web"),
        ("url=ada.example&color=red", "not a colour"),
        ("url=ada.example&points=many", "whole numbers"),
        (
            "url=ada.example&label=%3Cscript%3Ealert(1)%3C%2Fscript%3E%3Cscript%3Ealert(1)",
            "keep it to",
        ),
        ("url=%FF", "cannot be kept"),
        ("url=ada.example&color=%22%3E%3Cscript%3Ealert(1)", "not a colour"),
    ] {
        let page = browser.get(&format!("/buttons?{query}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        page.assert_has(sentence);
        assert!(!page.body.contains("<script>alert"), "{query}: {}", page.body);
        assert!(!page.body.contains("<obole-button"), "{query}: no button of it");
    }
    let kept = browser.get("/buttons?url=ada.example&color=red&label=Mine").await;
    assert!(kept.body.contains("value=\"red\"") && kept.body.contains("value=\"Mine\""));
}

#[tokio::test]
async fn creators_are_offered_their_own_works_and_nobody_else_is() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let song = own(app, creator, "https://creator.example/song").await;
    let mut browser = Browser::new(app);
    browser.get("/buttons").await.assert_lacks("Your works");
    browser.sign_in(app, "creator").await;
    let page = browser.get("/buttons").await;
    page.assert_has("Your works");
    let address = "/buttons?url=https%3A%2F%2Fcreator.example%2Fsong";
    assert!(page.body.contains(address), "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    Browser::new(app).get("/buttons").await.assert_lacks("Your works");
    browser.get("/creator").await.assert_has("Put a button up");
    let own = browser.get(&format!("/w/{song}")).await;
    assert!(own.body.contains(address), "{}", own.body);
    Browser::new(app).get(&format!("/w/{song}")).await.assert_lacks("Put a button up");
}
