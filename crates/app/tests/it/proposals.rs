//! What patrons bring along: counted as it is, given once, limited, and forgotten.

use obole_app::clicks::{self, Give, Target};
use obole_app::proposals::{self, Accepted, Brought, WAITING_MAX, Waiting};
use obole_app::testing::{account, engines, sqlite};
use obole_app::{App, IdempotencyKey, cleaning};
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl};
use tokio::task::JoinSet;

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("an address")
}

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new(text, text.as_bytes()).expect("a key")
}

async fn bring(app: &App, account: AccountId, file: &str) -> Brought {
    proposals::bring(app, account, file.to_owned()).await.expect("brought")
}

async fn waiting(app: &App, account: AccountId) -> Waiting {
    let read = app
        .read((), move |read, ()| Box::pin(async move { proposals::waiting(read, account).await }));
    read.await.expect("read")
}

/// The points of each click of this month.
async fn points(app: &App, patron: AccountId) -> Vec<i64> {
    let period = app.clock_period();
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::of_patron(read, period, patron).await?) })
    });
    read.await.expect("read").into_iter().map(|click| click.points.get()).collect()
}

#[tokio::test]
async fn every_entry_is_counted_once() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let give = Give {
            target: Target::Url(url("https://clicked.example/")),
            title: String::new(),
            points: 1,
            note: None,
            way: Way::Page,
        };
        clicks::give(app, ada, &key("first"), give).await.expect("given");
        let file = "https://clicked.example/\nhttps://a.example/?utm_source=x One\n\
            http://a.example/\nhttps://b.example/ Two\nftp://no.example/http://\nhttp://[";
        let came = bring(app, ada, file).await;
        assert_eq!(came, Brought { new: 2, known: 2, unusable: 2, left_out: 0 });
        let came = bring(app, ada, "https://b.example/ Renamed\nhttps://c.example/").await;
        assert_eq!(came, Brought { new: 1, known: 1, unusable: 0, left_out: 0 });
        let Waiting { count, first } = waiting(app, ada).await;
        assert_eq!(count, 3);
        let first: Vec<_> =
            first.iter().map(|row| (row.url.as_str(), row.title.as_str())).collect();
        let expected = [("https://a.example/", "One"), ("https://b.example/", "Two")];
        assert_eq!(first, [&expected[..], &[("https://c.example/", "")]].concat());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_counts_once_however_often_it_comes() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        bring(app, ada, "https://a.example/\nhttps://b.example/\nhttps://c.example/").await;
        let chosen = vec![url("https://a.example/"), url("https://no.example/")];
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let (app, chosen) = (app.clone(), chosen.clone());
            tasks.spawn(async move { proposals::accept(&app, ada, &key("yes"), chosen).await });
        }
        let ended: Result<Vec<Accepted>, _> = tasks.join_all().await.into_iter().collect();
        let ended = ended.expect("none fails");
        assert!(ended.iter().all(|one| one.given <= 1 && one.refused.is_empty()), "{ended:?}");
        assert_eq!(points(app, ada).await, [1]);
        let left = waiting(app, ada).await;
        assert_eq!((left.count, left.first[0].url.as_str()), (2, "https://b.example/"));
    }
}

#[tokio::test]
async fn there_is_an_end_to_what_waits_and_for_how_long() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
    let many = |from: i64| -> String {
        (from..from + 1_500).map(|number| format!("https://a.example/{number}\n")).collect()
    };
    assert_eq!(bring(app, ada, &many(0)).await.new, 1_500);
    let came = bring(app, ada, &many(1_000)).await;
    assert_eq!(came, Brought { new: 500, known: 500, unusable: 0, left_out: 500 });
    assert_eq!(waiting(app, ada).await.count, WAITING_MAX);
    let full = proposals::bring(app, ada, many(9_000)).await;
    assert_eq!(full.expect_err("full").code(), "proposals_full");
    let nothing = proposals::bring(app, bob, "words".to_owned()).await;
    assert_eq!(nothing.expect_err("nothing").code(), "nothing_to_bring");
    assert_eq!(
        proposals::dismiss(app, bob, vec![url("https://a.example/1")]).await.expect("ok"),
        0
    );
    instance.at("2026-04-10T12:00:00Z");
    assert_eq!(cleaning::clean(app).await.expect("cleaned").proposals, 0);
    instance.at("2026-04-16T12:00:00Z");
    assert_eq!(cleaning::clean(app).await.expect("cleaned").proposals, 2_000);
    assert_eq!(waiting(app, ada).await.count, 0);
    for _ in 0..19 {
        bring(app, bob, "https://a.example/").await;
    }
    let limited = proposals::bring(app, bob, "https://a.example/".to_owned()).await;
    assert_eq!(
        limited.map_err(|error| error.code().to_owned()),
        Ok(Brought { known: 1, ..Brought::default() })
    );
    let limited = proposals::bring(app, bob, "https://a.example/".to_owned()).await;
    assert_eq!(limited.expect_err("limited").code(), "too_many");
}
