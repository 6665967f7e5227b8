//! The pages by which the people of a site end letters to it, and the click of a mail program
//! (RFC 8058).

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::secrets::hex;
use obole_app::site_letters;
use obole_app::testing::{account, engines_changed};
use obole_domain::{CanonicalUrl, Handle};

use crate::browser::Browser;

/// The link of letters to a name, which only such a letter says.
fn link(app: &App, name: &str) -> String {
    let key = format!("name:{name}");
    format!("/letters/{}", hex(&app.secrets().mac("site letters", key.as_bytes())[..16]))
}

async fn is_declined(app: &App, link: &str) -> bool {
    let link = link.rsplit('/').next().expect("a link");
    let found = site_letters::asked(app, link).await.expect("read");
    found.expect("known").1.is_some()
}

#[tokio::test]
async fn letters_end_by_their_link_on_a_page_or_with_one_click() {
    let reads = engines_changed(&|config| config.fetch.test_allow = vec!["127.0.0.2".to_owned()]);
    for instance in reads.await {
        let app = &instance.app;
        account(app, "zoe").await;
        for page in ["https://one.example/song", "https://two.example/song"] {
            let target = Target::Url(CanonicalUrl::parse(page).expect("an address"));
            let (handle, reason) = (Handle::parse("zoe").expect("a handle"), "known".to_owned());
            let grant = Grant { target, handle, reason };
            claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
        }
        let mut stranger = Browser::new(app);
        assert_eq!(stranger.get("/letters/0123").await.status, StatusCode::NOT_FOUND);
        let one = link(app, "one.example");
        let page = stranger.get(&one).await;
        page.assert_has("one.example");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(!is_declined(app, &one).await, "looking consumes nothing");
        let done = stranger.submit(&page, &one, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let after = stranger.get(&one).await;
        after.assert_has("kept for good");
        assert!(!after.body.contains("Write to us no more"));
        assert!(is_declined(app, &one).await);

        // A mail program knows no page, no cookie and no origin.
        let two = link(app, "two.example");
        let now = format!("{two}/now");
        let opened = stranger.get(&now).await;
        assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, &*two));
        let click = |body: &'static str, path: &str| {
            let request = Browser::new(app).request("POST", path);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            request.body(Body::from(body)).expect("a request")
        };
        let mut program = Browser::new(app);
        let wrong = program.send(click("List-Unsubscribe=No", &now)).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert!(!is_declined(app, &two).await);
        for _ in 0..2 {
            let clicked = program.send(click("List-Unsubscribe=One-Click", &now)).await;
            assert_eq!(clicked.status, StatusCode::OK);
            assert!(is_declined(app, &two).await);
        }
        let nowhere = program.send(click("List-Unsubscribe=One-Click", "/letters/0123/now")).await;
        assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    }
}
