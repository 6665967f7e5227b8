//! Subscriptions give once in a period, whoever is asked, killed or late, and say why they do not.

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::clock_watch::Look;
use obole_app::subscriptions::{self, Begins, Change, Subscribe, Subscribed};
use obole_app::testing::{Instance, account, engines, key, nodes, own, refuse, sqlite};
use obole_app::{App, Error, audit, cleaning, clock_watch, policy, settle, suspensions};
use obole_domain::click::Way;
use obole_domain::policy::Rule;
use obole_domain::subscription::{Ending, Length, Miss, SUBSCRIPTIONS_MAX, State};
use obole_domain::{AccountId, CanonicalUrl, Period, SubscriptionId, WorkId};
use obole_store::db::sql;
use obole_store::subscriptions::{SubscriptionRow, Which};
use tokio::task::JoinSet;

const URL: &str = "https://music.example/album";

fn to(url: &str, points: i64) -> Subscribe {
    Subscribe {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        title: String::new(),
        points,
        length: Length::UntilStopped,
        begins: Begins::Now,
    }
}

async fn subscribe(app: &App, patron: AccountId, what: Subscribe) -> Result<Subscribed, Error> {
    subscriptions::subscribe(app, patron, &key(app), what).await.map(|once| once.value)
}

async fn give(app: &App, patron: AccountId, url: &str, points: i64) -> Result<i64, Error> {
    let target = Target::Url(CanonicalUrl::parse(url).expect("an address"));
    let give = Give { target, title: String::new(), points, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.map(|given| given.value.points)
}

/// The points and moves of a patron's clicks of a month, in the order of works.
async fn points(app: &App, patron: AccountId, month: &str) -> Vec<(i64, i64)> {
    let period = Period::parse(month).expect("a month");
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::of_patron(read, period, patron).await?) })
    });
    let clicks = read.await.expect("read");
    clicks.into_iter().map(|click| (click.points.get(), click.carries)).collect()
}

async fn find(app: &App, patron: AccountId, id: SubscriptionId) -> SubscriptionRow {
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::subscriptions::find_shown(read, patron, id).await?) })
    });
    read.await.expect("read").expect("a subscription").subscription
}

async fn count(app: &App, which: (AccountId, Which)) -> usize {
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let page = (None, i64::MAX);
            Ok(obole_store::subscriptions::list_of_patron(read, which.0, which.1, page).await?)
        })
    });
    read.await.expect("read").len()
}

async fn settle(app: &App) {
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}

async fn assert_clean(app: &App) {
    let report = audit::run(app).await.expect("an audit");
    assert_eq!(report.breaches, []);
    assert!(report.checked.contains(&"K1"));
}

fn month(text: &str) -> Option<Period> {
    Some(Period::parse(text).expect("a month"))
}

fn code<T>(ended: Result<T, Error>) -> String {
    ended.err().map(|error| error.code().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_subscription_gives_at_once_and_at_the_start_of_each_month() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        give(app, ada, URL, 2).await.expect("given");
        let what = Subscribe { length: Length::Periods(3), ..to(URL, 5) };
        let made = subscribe(app, ada, what).await.expect("subscribed");
        assert!(made.is_given && made.missed().is_none());
        assert_eq!(points(app, ada, "2026-01").await, [(7, 0)]);
        subscriptions::give_due(app).await.expect("nothing due");
        assert_eq!(points(app, ada, "2026-01").await, [(7, 0)]);
        for month in ["2026-02", "2026-03", "2026-04"] {
            instance.at(&format!("{month}-01T00:00:01Z"));
            subscriptions::give_due(app).await.expect("given");
            subscriptions::give_due(app).await.expect("given before");
        }
        assert_eq!(points(app, ada, "2026-02").await, [(5, 0)]);
        assert_eq!(points(app, ada, "2026-03").await, [(5, 0)]);
        assert_eq!(points(app, ada, "2026-04").await, []);
        let row = find(app, ada, made.id()).await;
        assert_eq!(row.state, State::Ended(Ending::Over));
        assert_eq!((row.periods_given, row.periods_left), (3, Some(0)));
        assert_eq!((row.last_given, row.missed), (month("2026-03"), None));
        assert_eq!(count(app, (ada, Which::Standing)).await, 0);
        assert_eq!(count(app, (ada, Which::Ended)).await, 1);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn what_was_given_by_hand_counts_for_the_month_when_it_begins_with_the_next() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        give(app, ada, URL, 2).await.expect("given");
        let what = Subscribe { begins: Begins::Next, ..to(URL, 2) };
        let made = subscribe(app, ada, what).await.expect("subscribed");
        assert!(!made.is_given && made.missed().is_none());
        subscriptions::give_due(app).await.expect("nothing due");
        assert_eq!(points(app, ada, "2026-01").await, [(2, 0)]);
        instance.at("2026-02-01T00:00:01Z");
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(points(app, ada, "2026-02").await, [(2, 0)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_subscribe_once_and_give_once() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let app = app.clone();
            tasks.spawn(async move { subscribe(&app, ada, to(URL, 3)).await });
        }
        let ended = tasks.join_all().await;
        assert_eq!(ended.iter().filter(|ended| ended.is_ok()).count(), 1);
        let refused = ended.into_iter().filter_map(Result::err);
        assert!(refused.into_iter().all(|error| error.code() == "subscribed"));
        assert_eq!(points(app, ada, "2026-01").await, [(3, 0)]);
        instance.at("2026-02-01T00:00:01Z");
        let other = if app.store().engine() == obole_store::Engine::Sqlite {
            app.clone()
        } else {
            instance.node().await
        };
        let mut tasks = JoinSet::new();
        for number in 0..50 {
            let app = if number % 2 == 0 { app.clone() } else { other.clone() };
            tasks.spawn(async move {
                match number % 5 {
                    0 => settle(&app).await,
                    _ => subscriptions::give_due(&app).await.expect("given"),
                }
            });
        }
        tasks.join_all().await;
        assert_eq!(points(app, ada, "2026-02").await[0].0, 3 + 3, "what moved on and what is new");
        let rows = app.read((), move |read, ()| {
            Box::pin(async move {
                let page = (None, 2);
                Ok(obole_store::subscriptions::list_of_patron(read, ada, Which::All, page).await?)
            })
        });
        let rows = rows.await.expect("read");
        let row = &rows[0].subscription;
        assert_eq!((rows.len(), row.periods_given, row.missed), (1, 2, None));
        assert_clean(app).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_pauses_and_starts_give_no_second_click() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let id = subscribe(app, ada, to(URL, 3)).await.expect("subscribed").id();
        instance.at("2026-02-20T12:00:00Z");
        let mut tasks = JoinSet::new();
        for number in 0..50 {
            let app = app.clone();
            tasks.spawn(async move {
                match number % 4 {
                    0 => subscriptions::pause(&app, ada, id).await.map(drop),
                    1 => subscriptions::stop(&app, ada, id).await.map(drop),
                    2 => subscriptions::give_due(&app).await,
                    _ => subscriptions::resume(&app, ada, id).await.map(drop),
                }
            });
        }
        for ended in tasks.join_all().await {
            let code = code(ended);
            assert!(code.is_empty() || code == "subscription_ended", "{code}");
        }
        subscriptions::resume(app, ada, id).await.expect("runs");
        // January was not closed: what was due in it was given there.
        assert_eq!(points(app, ada, "2026-01").await, [(3, 0)]);
        assert_eq!(points(app, ada, "2026-02").await, [(3, 0)]);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_month_that_no_process_saw_is_given_for_before_it_is_closed() {
    for instance in engines().await {
        let app = &instance.app;
        let mut patrons = Vec::new();
        for handle in ["ada", "bob", "cem", "dia"] {
            patrons.push(account(app, handle).await);
        }
        let mut made = Vec::new();
        for number in 0..150 {
            for patron in &patrons {
                let what = to(&format!("https://work-{number}.example/"), 1 + number);
                made.push((*patron, subscribe(app, *patron, what).await.expect("made").id()));
            }
            if number % 50 == 49 {
                app.clock().set(app.now() + jiff::SignedDuration::from_mins(1));
            }
        }
        instance.at("2026-04-02T12:00:00Z");
        settle(app).await;
        for month in ["2026-02", "2026-03"] {
            for patron in &patrons {
                assert_eq!(points(app, *patron, month).await.len(), 150, "{month}");
            }
        }
        let (patron, id) = made[7];
        let row = find(app, patron, id).await;
        assert_eq!((row.periods_given, row.last_given), (3, month("2026-03")));
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(find(app, patron, id).await.last_given, month("2026-04"));
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn whoever_changes_it_late_changes_nothing_of_the_month_before() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let urls = ["https://a.example/", "https://b.example/", "https://c.example/"];
        let mut ids = Vec::new();
        for url in urls {
            let what = Subscribe { begins: Begins::Next, ..to(url, 4) };
            ids.push(subscribe(app, ada, what).await.expect("subscribed").id());
        }
        // Nothing ran in February, and it is March.
        instance.at("2026-03-01T00:00:01Z");
        subscriptions::pause(app, ada, ids[0]).await.expect("paused");
        subscriptions::stop(app, ada, ids[1]).await.expect("stopped");
        let more = Change { points: Some(9), ..Change::default() };
        subscriptions::change(app, ada, ids[2], more).await.expect("changed");
        assert_eq!(points(app, ada, "2026-02").await, [(4, 0); 3]);
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(points(app, ada, "2026-03").await, [(9, 0)]);
    }
}

#[tokio::test]
async fn what_is_taken_back_stays_taken_back_in_its_month() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let made = subscribe(app, ada, to(URL, 3)).await.expect("subscribed");
        clicks::take_back(app, ada, made.work()).await.expect("taken back");
        subscriptions::give_due(app).await.expect("nothing due");
        subscriptions::pause(app, ada, made.id()).await.expect("paused");
        subscriptions::resume(app, ada, made.id()).await.expect("runs");
        assert_eq!(points(app, ada, "2026-01").await, []);
        subscriptions::stop(app, ada, made.id()).await.expect("stopped");
        let again = subscribe(app, ada, to(URL, 3)).await.expect("subscribed");
        assert_eq!((again.is_given, again.missed()), (false, Some(Miss::GivenAlready)));
        assert_eq!(points(app, ada, "2026-01").await, []);
        instance.at("2026-02-01T00:00:01Z");
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(points(app, ada, "2026-02").await, [(3, 0)]);
        assert_eq!(subscriptions::take_back_all(app, ada).await, Ok(1));
        assert_eq!(subscriptions::take_back_all(app, ada).await, Ok(0));
        subscriptions::give_due(app).await.expect("nothing due");
        assert_eq!(points(app, ada, "2026-02").await, []);
    }
}

#[tokio::test]
async fn a_clock_that_steps_back_gives_nothing_twice() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let id = subscribe(app, ada, to(URL, 3)).await.expect("subscribed").id();
        instance.at("2026-02-01T00:00:01Z");
        subscriptions::give_due(app).await.expect("given");
        instance.at("2026-01-20T12:00:00Z");
        subscriptions::give_due(app).await.expect("nothing due");
        subscriptions::pause(app, ada, id).await.expect("paused");
        subscriptions::resume(app, ada, id).await.expect("runs");
        assert_eq!(points(app, ada, "2026-01").await, [(3, 0)]);
        instance.at("2026-02-02T00:00:01Z");
        subscriptions::give_due(app).await.expect("nothing due");
        assert_eq!(points(app, ada, "2026-02").await, [(3, 0)]);
        assert_eq!(find(app, ada, id).await.periods_given, 2);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn nothing_is_given_for_months_that_a_wrong_clock_skips() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        subscribe(app, ada, to(URL, 3)).await.expect("subscribed");
        instance.at("2026-07-15T12:00:00Z");
        let leap = Some(jiff::SignedDuration::from_hours(181 * 24));
        let look = Look { machine: "a".to_owned(), now: app.now(), leap };
        clock_watch::note(app, look).await.expect("it leapt");
        subscriptions::give_due(app).await.expect("held");
        assert_eq!(points(app, ada, "2026-07").await, []);
        clock_watch::release(app, Actor::CommandLine).await.expect("confirmed");
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(points(app, ada, "2026-07").await, [(3, 0)]);
    }
}

#[tokio::test]
async fn who_may_not_subscribe_is_told_why() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        own(app, ada, "https://ada.example/").await;
        let gone = own(app, bob, "https://gone.example/").await;
        refuse(app, gone).await;
        assert_eq!(code(subscribe(app, ada, to("https://ada.example/", 1)).await), "own_work");
        assert_eq!(code(subscribe(app, ada, to("https://gone.example/", 1)).await), "work_refused");
        for points in [0, -1, 10_001, i64::MAX] {
            let refused = subscribe(app, ada, to(URL, points)).await;
            assert_eq!(code(refused), "points_out_of_range", "{points}");
        }
        let nothing =
            Subscribe { target: Target::Work(WorkId::new(uuid::Uuid::nil())), ..to(URL, 1) };
        assert_eq!(subscribe(app, ada, nothing).await, Err(Error::NotFound));
        let made = subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
        assert_eq!(code(subscribe(app, ada, to(URL, 1)).await), "subscribed");
        let id = made.id();
        for ended in [
            subscriptions::pause(app, bob, id).await,
            subscriptions::resume(app, bob, id).await,
            subscriptions::change(app, bob, id, Change::default()).await,
            subscriptions::stop(app, bob, id).await,
        ] {
            assert_eq!(code(ended), "subscription_missing");
        }
        let change = Change { points: Some(10_001), ..Change::default() };
        let refused = subscriptions::change(app, ada, id, change).await;
        assert_eq!(code(refused), "points_out_of_range");
        suspensions::suspend(app, Actor::CommandLine, ada, "tests").await.expect("suspended");
        assert_eq!(
            code(subscribe(app, ada, to("https://b.example/", 1)).await),
            "account_suspended"
        );
        assert_eq!(code(subscriptions::resume(app, ada, id).await), "account_suspended");
        assert_eq!(points(app, ada, "2026-01").await, [(1, 0)]);
    }
}

#[tokio::test]
async fn it_misses_a_month_or_ends_and_says_why() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let mut ids = Vec::new();
        for name in ["own", "gone", "many", "full"] {
            let points = if name == "many" { 50 } else { 5 };
            let made = subscribe(app, ada, to(&format!("https://{name}.example/"), points)).await;
            ids.push(made.expect("subscribed"));
        }
        let of_bob = subscribe(app, bob, to(URL, 1)).await.expect("subscribed").id();
        own(app, ada, "https://own.example/").await;
        refuse(app, ids[1].work()).await;
        policy::set_rule(app, Actor::CommandLine, Rule::PointsMax, "25".into()).await.expect("set");
        suspensions::suspend(app, Actor::CommandLine, bob, "tests").await.expect("suspended");
        instance.at("2026-02-01T00:00:00Z");
        give(app, ada, "https://full.example/", 1).await.expect("given");
        clicks::set_points(app, ada, ids[3].work(), 999_999).await.expect("set");
        subscriptions::give_due(app).await.expect("given");
        let state = |index: usize| find(app, ada, ids[index].id());
        assert_eq!(state(0).await.state, State::Ended(Ending::OwnWork));
        assert_eq!(state(1).await.state, State::Ended(Ending::WorkRefused));
        let february = Period::parse("2026-02").expect("a month");
        assert_eq!(state(2).await.missed, Some((february, Miss::PointsOutOfRange)));
        assert_eq!(state(3).await.missed, Some((february, Miss::PointsFull)));
        assert_eq!(find(app, bob, of_bob).await.missed, Some((february, Miss::Suspended)));
        assert_eq!(points(app, ada, "2026-02").await, [(999_999, 0)]);
        assert_eq!(code(subscriptions::resume(app, ada, ids[0].id()).await), "subscription_ended");
        assert_eq!(code(subscriptions::pause(app, ada, ids[1].id()).await), "subscription_ended");
        assert_eq!(code(subscriptions::stop(app, ada, ids[1].id()).await), "");
        // In March all is well again.
        policy::set_rule(app, Actor::CommandLine, Rule::PointsMax, "50".into()).await.expect("set");
        suspensions::restore(app, Actor::CommandLine, bob).await.expect("restored");
        instance.at("2026-03-01T00:00:00Z");
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(points(app, ada, "2026-03").await.len(), 2);
        assert_eq!(points(app, bob, "2026-03").await, [(1, 0)]);
        for (patron, id) in [(ada, ids[2].id()), (ada, ids[3].id()), (bob, of_bob)] {
            let row = find(app, patron, id).await;
            assert_eq!((row.last_given, row.missed), (month("2026-03"), None));
        }
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn under_the_rules_of_2010_a_month_has_one_click_of_one_point() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        policy::set_preset(app, Actor::CommandLine, "flattr-2010".into()).await.expect("set");
        assert_eq!(code(subscribe(app, ada, to(URL, 2)).await), "points_out_of_range");
        give(app, ada, URL, 1).await.expect("given");
        let made = subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
        assert_eq!((made.is_given, made.missed()), (false, Some(Miss::ClickedAlready)));
        assert_eq!(points(app, ada, "2026-01").await, [(1, 0)]);
        instance.at("2026-02-01T00:00:01Z");
        subscriptions::give_due(app).await.expect("given");
        assert_eq!(code(give(app, ada, URL, 1).await), "clicked_already");
        assert_eq!(points(app, ada, "2026-02").await, [(1, 0)]);
        assert_eq!(find(app, ada, made.id()).await.periods_given, 1);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn it_can_be_paused_started_changed_and_stopped() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let id = subscribe(app, ada, to(URL, 3)).await.expect("subscribed").id();
        let begun = app.now();
        for _ in 0..2 {
            let row = subscriptions::pause(app, ada, id).await.expect("paused");
            assert_eq!(row.state, State::Paused);
        }
        instance.at("2026-03-10T00:00:00Z");
        subscriptions::give_due(app).await.expect("nothing due");
        let change = Change { points: Some(8), length: Some(Length::Periods(1)), is_paused: None };
        subscriptions::change(app, ada, id, change).await.expect("changed");
        assert_eq!(points(app, ada, "2026-03").await, []);
        subscriptions::stop(app, ada, id).await.expect("stopped");
        let stopped = subscriptions::stop(app, ada, id).await.expect("stopped before");
        assert_eq!(stopped.state, State::Ended(Ending::Stopped));
        assert_eq!(stopped.ended_at, Some(app.now()));
        let again = subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
        assert_eq!(code(subscriptions::resume(app, ada, id).await), "subscribed");
        subscriptions::stop(app, ada, again.id()).await.expect("stopped");
        instance.at("2026-04-10T00:00:00Z");
        let row = subscriptions::resume(app, ada, id).await.expect("runs");
        // Its one month has come and gone with this click.
        assert_eq!(row.state, State::Ended(Ending::Over));
        assert_eq!((row.created_at, row.started_at), (begun, app.now()));
        assert_eq!(points(app, ada, "2026-04").await, [(8, 0)]);
        assert_eq!(points(app, ada, "2026-02").await, []);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_key_subscribes_once() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let key = key(app);
        let first = subscriptions::subscribe(app, ada, &key, to(URL, 3)).await.expect("subscribed");
        subscriptions::stop(app, ada, first.value.id()).await.expect("stopped");
        let second = subscriptions::subscribe(app, ada, &key, to(URL, 3)).await.expect("replayed");
        assert!(second.is_replayed && !first.is_replayed);
        assert_eq!(first.value, second.value);
        assert_eq!(count(app, (ada, Which::Standing)).await, 0);
    }
}

#[tokio::test]
async fn what_a_subscription_adds_does_not_stop_the_moving_of_clicks() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
        let mut seen = Vec::new();
        for month in 2..=6 {
            instance.at(&format!("2026-{month:02}-01T00:00:01Z"));
            // Whoever comes first.
            if month % 2 == 0 {
                settle(app).await;
                subscriptions::give_due(app).await.expect("given");
            } else {
                subscriptions::give_due(app).await.expect("given");
                settle(app).await;
            }
            seen.extend(points(app, ada, &format!("2026-{month:02}")).await);
        }
        assert_eq!(seen, [(2, 1), (3, 2), (4, 3), (1, 0), (2, 1)]);
    }
}

#[tokio::test]
async fn there_is_an_end_to_how_many_stand() {
    let instance = sqlite().await;
    let app = &instance.app;
    let ada = account(app, "ada").await;
    subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
    app.store()
        .write((), move |tx, ()| {
            Box::pin(async move {
                let insert = sql("
                    with recursive numbers (number) as (
                        select 1 union all select number + 1 from numbers where number < $2)
                    insert into subscriptions (patron, id, work, points, periods_given, state, due,
                        created_at, started_at)
                    select $1, randomblob(16), w.id, 1, 0, 'paused', 1, 0, 0
                    from numbers join works w on w.url = 'https://w.example/' || number");
                for number in 1..SUBSCRIPTIONS_MAX {
                    let work = sql("
                        insert into works (id, url, title, created_at, url_prefix)
                        values (randomblob(16), $1, '', 0, 0)");
                    work.bind(format!("https://w.example/{number}")).execute(tx).await?;
                }
                insert.bind(ada).bind(SUBSCRIPTIONS_MAX - 1).execute(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .expect("written");
    let full = subscribe(app, ada, to("https://one-more.example/", 1)).await;
    assert_eq!(code(full), "subscriptions_full");
}

#[tokio::test]
async fn a_subscription_counts_as_a_click_and_its_work_as_a_new_one() {
    let instance = sqlite().await;
    let app = &instance.app;
    let ada = account(app, "ada").await;
    for number in 0..60 {
        let what = to(&format!("https://work-{number}.example/"), 1);
        subscribe(app, ada, what).await.expect("subscribed");
    }
    assert_eq!(code(subscribe(app, ada, to(URL, 1)).await), "too_many");
    let next = Subscribe { begins: Begins::Next, ..to(URL, 1) };
    subscribe(app, ada, next).await.expect("no click now");
    for number in 61..200 {
        let next = to(&format!("https://work-{number}.example/"), 1);
        subscribe(app, ada, Subscribe { begins: Begins::Next, ..next }).await.expect("subscribed");
    }
    let next = Subscribe { begins: Begins::Next, ..to("https://new.example/", 1) };
    assert_eq!(code(subscribe(app, ada, next).await), "too_many");
}

#[tokio::test]
async fn what_is_long_over_is_forgotten_and_nothing_else() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let one = subscribe(app, ada, to(URL, 1)).await.expect("subscribed").id();
        let other = subscribe(app, ada, to("https://b.example/", 1)).await.expect("made").id();
        subscriptions::stop(app, ada, one).await.expect("stopped");
        subscriptions::pause(app, ada, other).await.expect("paused");
        instance.at("2027-03-31T00:00:00Z");
        settle(app).await;
        assert_eq!(cleaning::clean(app).await.expect("cleaned").subscriptions, 0);
        instance.at("2027-04-01T00:00:00Z");
        assert_eq!(cleaning::clean(app).await.expect("cleaned").subscriptions, 3);
        assert_eq!(count(app, (ada, Which::All)).await, 1);
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn the_audit_sees_a_subscription_that_gave_twice() {
    let instance = sqlite().await;
    let app = &instance.app;
    let ada = account(app, "ada").await;
    subscribe(app, ada, to(URL, 1)).await.expect("subscribed");
    assert_clean(app).await;
    app.store()
        .write((), move |tx, ()| {
            Box::pin(async move {
                sql("update subscriptions set periods_given = 0").execute(tx).await?;
                Ok::<_, Error>(())
            })
        })
        .await
        .expect("written");
    let report = audit::run(app).await.expect("an audit");
    let rules: Vec<_> = report.breaches.iter().map(|breach| breach.rule).collect();
    assert_eq!(rules, ["K1"]);
}

/// Nodes of one instance, killed at any await: each month has each click once.
#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_each_gives_once() {
    let mut instances: Vec<Instance> = engines().await;
    if instances.len() > 1 {
        instances.pop();
        instances.extend(nodes(2).await);
    }
    let first = instances[0].app.clone();
    for app in [Some(first), instances.get(1).map(|node| node.app.clone())].into_iter().flatten() {
        let ada = account(&app, "ada").await;
        for number in 0..20 {
            let what = to(&format!("https://work-{number}.example/"), 2);
            subscribe(&app, ada, Subscribe { begins: Begins::Next, ..what }).await.expect("made");
        }
        app.clock().set("2026-02-01T00:00:01Z".parse().expect("a moment"));
        for polls in 0..60 {
            // A lease that nobody holds any more ends by itself.
            app.clock().set(app.now() + jiff::SignedDuration::from_mins(2));
            let mut giving = Box::pin(subscriptions::give_due(&app));
            let mut left = polls;
            std::future::poll_fn(|context| {
                use std::task::Poll;
                let polled = giving.as_mut().poll(context);
                if polled.is_ready() || left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                Poll::Pending
            })
            .await;
        }
        app.clock().set(app.now() + jiff::SignedDuration::from_mins(2));
        subscriptions::give_due(&app).await.expect("given");
        assert_eq!(points(&app, ada, "2026-02").await, [(2, 0); 20]);
        assert_clean(&app).await;
    }
}
