//! The pages by which the people of sites end letters to them, and the click of a mail program
//! (RFC 8058).

use axum::body::Body;
use axum::http::StatusCode;
use obole_app::secrets::digest;
use obole_app::testing::engines;
use obole_app::{App, Error, site_letters};
use obole_domain::EmailAddress;

use crate::browser::Browser;

/// The link in a letter to an address that was written to.
async fn written(app: &App, address: &str) -> String {
    let link = site_letters::link(app, &EmailAddress::parse(address).expect("an address"));
    let (mac, now) = (digest(address.as_bytes()), app.now());
    let noted = app.store().write(digest(link.as_bytes()), move |tx, hash| {
        Box::pin(async move {
            let times = (now, now);
            Ok::<_, Error>(obole_store::site_letters::write_to(tx, (mac, *hash), times).await?)
        })
    });
    assert!(noted.await.expect("noted"));
    format!("/letters/{link}")
}

async fn is_declined(app: &App, link: &str) -> bool {
    let link = link.rsplit('/').next().expect("a link");
    site_letters::is_declined(app, link).await.expect("read").expect("known")
}

#[tokio::test]
async fn letters_end_by_their_link_on_a_page_or_with_one_click() {
    for instance in engines().await {
        let app = &instance.app;
        let mut stranger = Browser::new(app);
        assert_eq!(stranger.get("/letters/0123").await.status, StatusCode::NOT_FOUND);
        let one = written(app, "zoe@one.example").await;
        let page = stranger.get(&one).await;
        page.assert_has("Write to me no more");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert!(!page.body.contains("zoe@"), "a link that is passed on tells no address");
        assert!(!is_declined(app, &one).await, "looking consumes nothing");
        let done = stranger.submit(&page, &one, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let after = stranger.get(&one).await;
        after.assert_has("kept for good");
        assert!(!after.body.contains("Write to me no more"));
        assert!(is_declined(app, &one).await);

        // A mail program knows no page, no cookie and no origin; it sends a form of either kind.
        let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
            One-Click\r\n--x--\r\n";
        let form = "application/x-www-form-urlencoded";
        for (address, kind, body) in [
            ("bob@two.example", form, "List-Unsubscribe=One-Click"),
            ("eve@three.example", "multipart/form-data; boundary=x", parts),
        ] {
            let link = written(app, address).await;
            let now = format!("{link}/now");
            let opened = stranger.get(&now).await;
            assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, &*link));
            let click = |body: &'static str, path: &str| {
                let request = Browser::new(app).request("POST", path);
                let request = request.header("content-type", kind);
                request.body(Body::from(body)).expect("a request")
            };
            let mut program = Browser::new(app);
            let wrong = program.send(click("List-Unsubscribe=No", &now)).await;
            assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
            assert!(!is_declined(app, &link).await);
            for _ in 0..2 {
                assert_eq!(program.send(click(body, &now)).await.status, StatusCode::OK);
                assert!(is_declined(app, &link).await);
            }
            let nowhere = program.send(click(body, "/letters/0123/now")).await;
            assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
        }
    }
}
