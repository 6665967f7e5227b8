//! The page that explains who reads.

use obole_app::testing::{sqlite, sqlite_with};

use crate::browser::Browser;

#[tokio::test]
async fn whoever_finds_us_in_a_log_learns_who_we_are_and_how_to_keep_us_out() {
    let instance = sqlite_with(|config| {
        config.fetch.test_allow = vec!["127.0.0.2".to_owned()];
        config.fetch.pause_seconds = 7;
        config.instance.contact = "robot@obole.example".to_owned();
    })
    .await;
    let page = Browser::new(&instance.app).get("/robot").await;
    page.assert_has("Who reads your pages");
    page.assert_has("waits 7 seconds");
    page.assert_has("(+http://127.0.0.1:8080/robot)");
    page.assert_has("User-agent: Obole Disallow: /");
    page.assert_has("robot@obole.example");
    page.assert_lacks("reads no pages");
    let page = Browser::new(&instance.app).speaking("fr").get("/robot").await;
    page.assert_has("attend 7\u{a0}secondes");
}

#[tokio::test]
async fn an_instance_that_reads_nothing_says_so() {
    let instance = sqlite().await;
    Browser::new(&instance.app).get("/robot").await.assert_has("reads no pages");
}
