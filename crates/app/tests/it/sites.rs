//! Trusted sites (security.md B5): what happens at once, and at the limits.

use std::collections::BTreeMap;

use obole_app::testing::{account, engines};
use obole_app::{App, Error, sites};
use obole_domain::{AccountId, Site};
use tokio::task::JoinSet;

fn site(text: &str) -> Site {
    Site::parse(text).expect("a site")
}

/// Counts a click fifty times at once; how each ended.
async fn fifty_clicks(app: &App, account: AccountId) -> BTreeMap<String, usize> {
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let app = app.clone();
        tasks.spawn(async move { sites::count(&app, account, site("songs.example")).await });
    }
    let mut ended = BTreeMap::new();
    for result in tasks.join_all().await {
        let code = result.map_or_else(|error: Error| error.code().to_owned(), |()| "ok".to_owned());
        *ended.entry(code).or_default() += 1;
    }
    ended
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_clicks_at_once_thirty_pass_and_the_others_are_asked() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let none = BTreeMap::from([("site_asks".to_owned(), 50)]);
        assert_eq!(fifty_clicks(app, ada).await, none, "nobody is trusted yet");
        sites::trust(app, ada, site("songs.example")).await.expect("trusted");
        let thirty = BTreeMap::from([("ok".to_owned(), 30), ("site_asks".to_owned(), 20)]);
        assert_eq!(fifty_clicks(app, ada).await, thirty);
        assert_eq!(fifty_clicks(app, ada).await, none, "the day is used up");
        instance.at("2026-01-16T12:00:00Z");
        assert_eq!(fifty_clicks(app, ada).await, thirty);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_site_is_trusted_once_and_not_without_end() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let app = app.clone();
            tasks.spawn(async move { sites::trust(&app, ada, site("songs.example")).await });
        }
        assert!(tasks.join_all().await.into_iter().all(|result| result.is_ok()));
        assert_eq!(sites::list(app, ada).await.expect("listed").len(), 1);
        for number in 1..Site::TRUSTED_MAX {
            let other = site(&format!("site{number}.example"));
            sites::trust(app, ada, other).await.expect("trusted");
        }
        let refused = sites::trust(app, ada, site("one-more.example")).await;
        assert_eq!(refused.expect_err("full").code(), "sites_full");
        sites::trust(app, ada, site("songs.example")).await.expect("it is there already");
        sites::distrust(app, ada, site("songs.example")).await.expect("removed");
        sites::trust(app, ada, site("one-more.example")).await.expect("there is room again");
    }
}
