//! Support that is shown, by the page of its work (P1).

use axum::http::StatusCode;
use obole_app::testing::{engines, own};

use crate::browser::Browser;
use crate::month::a_patron;

#[tokio::test]
async fn a_work_shows_who_supports_it_where_both_agree() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, owner) = a_patron(app, "ada").await;
        let (mut zoe, _) = a_patron(app, "zoe").await;
        let work = own(app, owner, "https://ada.example/song").await;
        let (page_of, action) = (format!("/w/{work}"), format!("/w/{work}/supporters"));
        assert!(!zoe.get(&page_of).await.body.contains(&action));
        let page = ada.get(&page_of).await;
        page.assert_has("Nobody sees who supports this");
        let done = ada.submit(&page, &action, &[("show", "all")]).await;
        assert_eq!(done.header("location"), page_of);
        ada.get(&page_of).await.assert_has("Those who want it are shown");

        // Private until the settings say otherwise.
        let page = zoe.get(&page_of).await;
        page.assert_has("keep what you give private");
        let refused = zoe.submit(&page, &action, &[("show", "me")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("Nothing was shown");
        let settings = zoe.get("/settings").await;
        let fields = [("public", "yes"), ("name", ""), ("language", "")];
        zoe.submit(&settings, "/settings", &fields).await;
        let page = zoe.get(&page_of).await;
        page.assert_has("Show that I support this");
        zoe.submit(&page, &action, &[("show", "me")]).await;
        let page = zoe.get(&page_of).await;
        page.assert_has("Do not show me");
        Browser::new(app).get(&page_of).await.assert_lacks("@zoe");
        let odd = zoe.submit(&page, &action, &[("show", "everybody")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
        let foreign = zoe.submit(&page, &action, &[("show", "none")]).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        zoe.submit(&page, &action, &[("show", "not-me")]).await;
        zoe.get(&page_of).await.assert_has("Show that I support this");
        let page = zoe.speaking("fr").get(&page_of).await;
        page.assert_has("Montrer que je la soutiens");
    }
}
