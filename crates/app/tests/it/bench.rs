//! Measurements: the load repeats itself, and all ways of sharing it out agree.

use obole_app::audit_log::Actor;
use obole_app::bench::{Load, by_memory, by_scan, by_settlement, by_sql, fill, filled_period};
use obole_app::testing::{Instance, account, engines, sqlite};
use obole_app::{audit, settle};
use obole_domain::Period;
use obole_store::freeze::{self, Range};
use uuid::Uuid;

const LOAD: Load = Load { patrons: 600, mean_clicks: 8, works: 120, seed: 7 };

async fn clicks(instance: &Instance, period: Period) -> String {
    let range = Range { after: Uuid::nil(), last: Uuid::max() };
    let read = instance.app.read((), move |read, ()| {
        Box::pin(async move {
            let mut clicks = Vec::new();
            freeze::each_click(read, period, range, |whose, click| clicks.push((whose, click)))
                .await?;
            Ok(clicks)
        })
    });
    format!("{:?}", read.await.expect("clicks"))
}

#[tokio::test]
async fn every_way_of_sharing_out_agrees_with_the_settlement() {
    let mut seen = Vec::new();
    for instance in engines().await {
        let app = &instance.app;
        let count = fill(app, LOAD, &|_, _| {}).await.expect("filled");
        assert!((3_600..6_000).contains(&count), "{count}");
        let period = filled_period(app).await.expect("marked");
        seen.push(clicks(&instance, period).await);
        assert!(audit::run(app).await.expect("an audit").is_clean());

        instance.at("2026-02-01T00:00:01Z");
        settle::run(app, Actor::CommandLine, Some(period), &|_| {}).await.expect("settled");
        let stored = by_settlement(app, period).await.expect("stored");
        assert!(stored.by_work.len() > 100);
        for way in [by_memory(app, period).await, by_sql(app, period).await] {
            let way = way.expect("shared out");
            assert_eq!(way.by_work, stored.by_work);
            assert_eq!(way.shares, stored.shares, "share by share");
        }
        assert_eq!(by_sql(app, period).await.expect("a second time").shares, stored.shares);
        by_scan(app, period).await.expect("a scan");
        assert!(audit::run(app).await.expect("an audit").is_clean());
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "the engines got the same load");
}

#[tokio::test]
async fn a_database_that_somebody_uses_is_left_alone() {
    let instance = sqlite().await;
    account(&instance.app, "ada").await;
    assert!(fill(&instance.app, LOAD, &|_, _| {}).await.is_err());
    assert!(filled_period(&instance.app).await.is_err());
}
