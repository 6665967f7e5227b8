//! The time that a transaction may take on PostgreSQL, and connections that died (D10).

use std::time::{Duration, Instant};

use obole_app::testing::{Instance, nodes};
use obole_app::{App, Error};
use obole_store::db::sql;
use obole_store::{Store, StoreError, leases};
use tokio::sync::oneshot;

/// A statement that takes so many seconds.
async fn linger(store: &Store, seconds: i64) -> Result<(), StoreError> {
    let run = store.read((), move |read, ()| {
        Box::pin(async move {
            let linger = sql("select cast(pg_sleep(cast($1 as bigint)) as text)");
            linger.bind(seconds).fetch_one(read, |row| row.get::<String>(0)).await.map(drop)
        })
    });
    run.await
}

fn assert_about(begun: Instant, seconds: std::ops::Range<u64>) {
    assert!(seconds.contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_statement_has_ten_seconds_unless_it_is_a_jobs() {
    let nodes = nodes(1).await;
    let store = nodes[0].app.store();
    let begun = Instant::now();
    let patient = store.patient();
    let (visitor, job) = tokio::join!(linger(store, 30), linger(&patient, 12));
    assert!(matches!(visitor, Err(StoreError::Unavailable(_))), "{visitor:?}");
    job.expect("it may take longer");
    assert_about(begun, 11..20);
    // The connection is well, and the next one who takes it is a visitor again.
    let begun = Instant::now();
    let again = linger(store, 30).await;
    assert!(matches!(again, Err(StoreError::Unavailable(_))), "{again:?}");
    assert_about(begun, 9..15);
}

/// Takes a lease and keeps its row locked until told.
fn hold_a_row(app: &App) -> (oneshot::Receiver<()>, oneshot::Sender<()>) {
    let (holds, is_held) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    let (store, now) = (app.store().clone(), app.now());
    let channels = std::sync::Mutex::new(Some((holds, ended)));
    tokio::spawn(async move {
        store
            .write(channels, move |tx, channels| {
                let channels = channels.lock().expect("a lock").take();
                Box::pin(async move {
                    leases::take(tx, "row", "first", (now, now)).await?;
                    if let Some((holds, ended)) = channels {
                        holds.send(()).expect("somebody waits");
                        let _ended = ended.await;
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await
    });
    (is_held, end)
}

async fn take_row(app: &App) -> Result<bool, Error> {
    let now = app.now();
    let taken = app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok(leases::take(tx, "row", "other", (now, now)).await?) })
    });
    taken.await
}

#[tokio::test]
async fn a_lock_is_waited_for_five_seconds_in_all() {
    let nodes = nodes(1).await;
    let app = &nodes[0].app;
    let (is_held, end) = hold_a_row(app);
    is_held.await.expect("held");
    let begun = Instant::now();
    assert!(matches!(take_row(app).await, Err(Error::Busy(_))));
    assert_about(begun, 4..7);
    end.send(()).expect("it waits");
    assert!(take_row(app).await.expect("free"));
}

#[tokio::test]
async fn who_idles_in_a_transaction_keeps_nobody_waiting_for_long() {
    let nodes = nodes(1).await;
    let app = &nodes[0].app;
    let (is_held, _end) = hold_a_row(app);
    is_held.await.expect("held");
    let begun = Instant::now();
    while take_row(app).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(40), "still locked");
    }
    assert_about(begun, 9..30);
}

/// Ends all sessions of an instance but the one that asks.
async fn end_sessions(from: &Instance) -> i64 {
    let ended = from.app.read((), |read, ()| {
        Box::pin(async move {
            let end = sql("
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()");
            Ok(end.fetch_one(read, |row| row.get(0)).await?)
        })
    });
    ended.await.expect("ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_died_in_the_pool_are_not_noticed() {
    let nodes = nodes(2).await;
    let app = &nodes[0].app;
    for _ in 0..3 {
        let fill: Vec<_> = (0..12)
            .map(|_| {
                let store = app.store().clone();
                tokio::spawn(async move { linger(&store, 1).await })
            })
            .collect();
        for one in fill {
            one.await.expect("no panic").expect("it takes its time");
        }
        assert!(end_sessions(&nodes[1]).await >= 12);
        assert!(take_row(app).await.is_ok());
        linger(app.store(), 0).await.expect("another connection");
    }
}
