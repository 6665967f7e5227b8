//! The demonstration's community, small, on both engines.

use obole_app::testing::engines;
use obole_app::{audit, demo, settlements};
use obole_domain::Period;

#[tokio::test]
async fn a_made_up_community_lives_settled_months() {
    for instance in engines().await {
        let app = &instance.app;
        let now = "2026-05-10T12:00:00Z".parse().expect("a moment");
        let plan = demo::Plan { patrons: 14, works: 20, periods: 4, now };
        demo::fill(app, plan, &|_| ()).await.expect("filled");
        assert_eq!(app.now(), now);
        assert_eq!(audit::run(app).await.expect("an audit").breaches, []);
        // The class alone looks made.
        let waits = app.read((), |read, ()| {
            Box::pin(async move { Ok(obole_store::signals::list(read, 100).await?) })
        });
        let waits = waits.await.expect("read");
        let waits: Vec<_> = waits.iter().map(|row| (row.period.to_string(), row.amount)).collect();
        assert_eq!(waits.len(), 1, "{waits:?}");
        assert_eq!(waits[0].0, "2026-04");
        for month in ["2026-01", "2026-02", "2026-03", "2026-04"] {
            let month = Period::parse(month).expect("a month");
            let settled = settlements::find(app, month).await.expect("read").expect("settled");
            assert!(settled.row.clicks > 10, "{month}");
            assert!(settled.totals.iter().any(|totals| totals.net.is_positive()), "{month}");
        }
    }
}

/// As large as the command of the README makes it: whatever the chance, it comes to its end.
#[tokio::test]
async fn the_demonstration_of_the_readme_comes_to_its_end() {
    let instance = obole_app::testing::sqlite().await;
    let now = "2026-05-10T12:00:00Z".parse().expect("a moment");
    let plan = demo::Plan { patrons: 200, works: 60, periods: 4, now };
    demo::fill(&instance.app, plan, &|_| ()).await.expect("filled");
    assert_eq!(audit::run(&instance.app).await.expect("an audit").breaches, []);
}
