//! Many clicks at once: each ends as it would have ended alone.

use std::collections::BTreeMap;

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Given, Giver, Target};
use obole_app::testing::{account, engines, fund, key, nodes, own, refuse};
use obole_app::tokens::{self, NewToken};
use obole_app::{App, Error, IdempotencyKey, Once, budgets, currencies, month};
use obole_domain::click::Way;
use obole_domain::token::Scope;
use obole_domain::{AccountId, CanonicalUrl, Note, WorkId};
use obole_store::Engine;
use obole_store::db::sql;
use obole_store::limits::{self, Tries};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::units;

const SONG: &str = "https://example.org/song";

type Ended = Result<Once<Given>, Error>;
type Ask = (AccountId, IdempotencyKey, Give);

/// A click through the API.
pub fn on(url: &str, points: i64) -> Give {
    Give {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        title: String::new(),
        points,
        note: None,
        way: Way::Api,
    }
}

/// A key whose request is its own text.
fn named(key: &str) -> IdempotencyKey {
    IdempotencyKey::new(key, key.as_bytes()).expect("visible characters")
}

/// Gives clicks at once and says how each ended, in their order.
async fn all(app: &App, asked: Vec<Ask>) -> Vec<Ended> {
    let mut tasks = JoinSet::new();
    for (number, (patron, key, give)) in asked.into_iter().enumerate() {
        let app = app.clone();
        tasks.spawn(async move { (number, clicks::give(&app, patron, &key, give).await) });
    }
    tasks.join_all().await.into_iter().collect::<BTreeMap<_, _>>().into_values().collect()
}

fn code(ended: &Ended) -> String {
    match ended {
        Ok(once) if once.is_replayed => "replayed".to_owned(),
        Ok(_) => "given".to_owned(),
        Err(Error::Refused(said)) if said.is_replayed => format!("{} again", said.code),
        Err(Error::Refused(said)) => said.code.clone(),
        Err(error) => error.to_string(),
    }
}

/// How many ended how.
fn codes(ended: &[Ended]) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::new();
    ended.iter().for_each(|one| *counts.entry(code(one)).or_default() += 1);
    counts.into_iter().collect()
}

fn told(counts: &[(&str, usize)]) -> Vec<(String, usize)> {
    counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect()
}

/// The points of a patron's clicks this month, by work.
async fn points(app: &App, patron: AccountId) -> BTreeMap<WorkId, i64> {
    let period = app.clock_period();
    let rows = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::of_patron(read, period, patron).await?) })
    });
    let rows = rows.await.expect("clicks").into_iter();
    rows.map(|row| (row.work, row.points.get())).collect()
}

async fn points_in_all(app: &App, patron: AccountId) -> i64 {
    points(app, patron).await.values().sum()
}

/// How often a limit's window has counted an account.
async fn counted(app: &App, account: AccountId, window: (&'static str, i64)) -> i64 {
    count(app, account.to_string(), window, 0).await
}

/// Counts so many in a limit's window and gives the sum.
async fn count(app: &App, subject: String, window: (&'static str, i64), count: i64) -> i64 {
    let (name, seconds) = window;
    let second = app.now().as_second();
    let begins_at = jiff::Timestamp::from_second(second - second.rem_euclid(seconds));
    let begins_at = begins_at.expect("a moment");
    let tries = Tries { name, subject, begins_at, count };
    let counted = app.store().write(tries, |tx, tries| {
        Box::pin(async move {
            Ok::<_, Error>(limits::count_each(tx, std::slice::from_ref(tries)).await?)
        })
    });
    counted.await.expect("counted")[0].2
}

#[tokio::test]
async fn fifty_at_once_with_one_key_have_one_effect() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let asked = (0..50).map(|_| (ada, named("one"), on(SONG, 3)));
        let ended = all(app, asked.collect()).await;
        assert_eq!(codes(&ended), told(&[("given", 1), ("replayed", 49)]));
        let first = ended[0].as_ref().expect("given");
        assert!(ended.iter().all(|one| one.as_ref().map(|o| &o.value) == Ok(&first.value)));
        assert_eq!(points_in_all(app, ada).await, 3);
        let other = IdempotencyKey::new("one", b"something else").expect("a key");
        let asked = vec![(ada, other, on(SONG, 3)), (ada, named("one"), on(SONG, 3))];
        let ended = all(app, asked).await;
        assert_eq!(codes(&ended), told(&[("idempotency_key_reused", 1), ("replayed", 1)]));
    }
}

#[tokio::test]
async fn one_key_with_two_requests_at_once_is_refused_to_the_second() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let other = IdempotencyKey::new("one", b"something else").expect("a key");
        let asked = vec![(ada, named("one"), on(SONG, 1)), (ada, other, on(SONG, 2))];
        let ended = all(app, asked).await;
        assert_eq!(code(&ended[0]), "given");
        assert_eq!(code(&ended[1]), "idempotency_key_reused");
        assert_eq!(points_in_all(app, ada).await, 1);
    }
}

#[tokio::test]
async fn fifty_keys_on_one_work_add_up_in_their_order() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let note = Note::parse("thank you").expect("text");
        let asked = (0..50).map(|number| {
            let give = Give { note: note.clone().filter(|_| number == 7), ..on(SONG, 2) };
            (ada, named(&number.to_string()), give)
        });
        let ended = all(app, asked.collect()).await;
        let mut sums: Vec<i64> =
            ended.iter().map(|one| one.as_ref().expect("given").value.points).collect();
        assert_eq!(ended.iter().filter(|one| matches!(one, Ok(o) if !o.value.is_added)).count(), 1);
        sums.sort_unstable();
        assert_eq!(sums, (1..=50).map(|place| place * 2).collect::<Vec<_>>());
        assert_eq!(points_in_all(app, ada).await, 100);
        let shown = month::view(app, ada, None).await.expect("a month");
        assert_eq!(shown.page[0].note, "thank you");
    }
}

#[tokio::test]
async fn a_hostile_click_never_fails_its_neighbours() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        own(app, bob, "https://bob.example/broken").await;
        // A moment that no program can have written: reading it fails the whole statement.
        let broken = app.store().write((), |tx, ()| {
            let update = sql("update works set created_at = $1").bind(i64::MAX);
            Box::pin(async move { Ok::<_, Error>(update.execute(tx).await?) })
        });
        broken.await.expect("broken");
        let mut asked: Vec<Ask> = (0..20)
            .map(|number| {
                let url = format!("https://example.org/{number}");
                (ada, named(&number.to_string()), on(&url, 1))
            })
            .collect();
        asked.insert(7, (ada, named("hostile"), on("https://bob.example/broken", 1)));
        let unknown = Target::Work(WorkId::new(Uuid::from_u128(1)));
        asked.insert(9, (ada, named("unknown"), Give { target: unknown, ..on(SONG, 1) }));
        asked.insert(11, (ada, named("too-much"), on(SONG, i64::MAX)));
        let ended = all(app, asked.clone()).await;
        assert_eq!(
            codes(&ended)[1..],
            told(&[("given", 20), ("not found", 1), ("points_out_of_range", 1)])
        );
        assert!(matches!(&ended[7], Err(Error::Internal(why)) if why.contains("created_at")));
        assert_eq!(points_in_all(app, ada).await, 20);
        // What failed left nothing under its key, what was refused for good did (K4).
        let ended = all(app, asked).await;
        let again = [("not found", 1), ("points_out_of_range again", 1), ("replayed", 20)];
        assert_eq!(codes(&ended)[1..], told(&again));
        assert_eq!(points_in_all(app, ada).await, 20);
    }
}

#[tokio::test]
async fn of_many_at_once_exactly_the_limit_passes() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let asked = (0..70).map(|number| (ada, named(&number.to_string()), on(SONG, 1)));
        let asked = asked.chain([(bob, named("bob"), on(SONG, 1))]);
        let ended = all(app, asked.collect()).await;
        assert_eq!(codes(&ended), told(&[("given", 61), ("too_many", 10)]));
        assert!(ended[..60].iter().all(Result::is_ok), "in the order of arrival");
        assert_eq!(points_in_all(app, ada).await, 60);
        // Less than a tenth of a limit is nobody else's business.
        assert_eq!(counted(app, ada, ("click-minute", 60)).await, 70);
        assert_eq!(counted(app, ada, ("click-day", 86_400)).await, 0);
        assert_eq!(counted(app, bob, ("click-minute", 60)).await, 0);
        instance.at("2026-01-15T12:01:00Z");
        // 429 is not stored (K4).
        let ended = all(app, vec![(ada, named("65"), on(SONG, 1))]).await;
        assert_eq!(codes(&ended), told(&[("given", 1)]));
    }
}

#[tokio::test]
async fn a_days_clicks_are_counted_with_those_that_went_on_credit() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let mut given = 0;
        for minute in 0..40 {
            instance.at(&format!("2026-01-15T12:{minute:02}:00Z"));
            let asked = (0..55).map(|number| (ada, named(&format!("{minute}-{number}"))));
            let ended = all(app, asked.map(|(who, key)| (who, key, on(SONG, 1))).collect()).await;
            given += ended.iter().filter(|one| one.is_ok()).count();
        }
        assert_eq!(given, 2_000, "of 2 200");
        assert_eq!(points_in_all(app, ada).await, 2_000);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_let_a_tenth_more_through_at_most() {
    let nodes = nodes(2).await;
    let ada = account(&nodes[0].app, "ada").await;
    let give = async |node: usize, from: usize| {
        let asked = (from..from + 40).map(|number| (ada, named(&number.to_string()), on(SONG, 1)));
        all(&nodes[node].app, asked.collect()).await
    };
    let (one, other) = tokio::join!(give(0, 0), give(1, 40));
    let given = one.iter().chain(&other).filter(|ended| ended.is_ok()).count();
    assert!((60..=66).contains(&given), "{given}");
    // Nor again: what a node has counted once it counts for the rest of the window.
    let (one, other) = tokio::join!(give(0, 80), give(1, 120));
    assert!(one.iter().chain(&other).all(Result::is_err));
}

#[tokio::test]
async fn a_tokens_requests_are_counted_with_its_clicks() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let new = NewToken { name: "Test".to_owned(), scopes: vec![Scope::Click] };
        let text = tokens::create(app, Actor::CommandLine, ada, new).await.expect("a token");
        let grant = tokens::recall(app, &text).await.expect("read").expect("standing");
        let give = async |count: i64| {
            let mut tasks = JoinSet::new();
            for _ in 0..count {
                let (app, key) = (app.clone(), key(app));
                let mut access = grant.access;
                access.as_mut().expect("from memory").owes =
                    !app.requests().take(&grant.id.to_string(), app.now());
                let giver = Giver { patron: ada, access };
                tasks.spawn(async move { clicks::give(&app, giver, &key, on(SONG, 1)).await });
            }
            codes(&tasks.join_all().await)
        };
        let requests = async |by| count(app, grant.id.to_string(), ("api", 60), by).await;
        let use_credit = || {
            let take = |_: &i32| app.requests().take(&grant.id.to_string(), app.now());
            assert_eq!((0..70).filter(take).count(), 60);
        };
        use_credit();
        assert_eq!(requests(0).await, 0);
        assert_eq!(give(2).await, told(&[("given", 2)]));
        // Leave was taken for a tenth at once: the next need no row.
        assert_eq!(requests(0).await, 120);
        assert_eq!(give(3).await, told(&[("given", 3)]));
        assert_eq!(requests(0).await, 120);
        // Another node takes nearly all: what is left is given, not one more.
        instance.at("2026-01-15T12:01:00Z");
        use_credit();
        assert_eq!(requests(535).await, 535);
        assert_eq!(give(10).await, told(&[("given", 5), ("too_many", 5)]));
        assert_eq!(give(1).await, told(&[("too_many", 1)]));
        // A request that was not let through has not counted as a click.
        assert_eq!(counted(app, ada, ("click-minute", 60)).await, 5);
        assert_eq!(counted(app, ada, ("click-day", 86_400)).await, 0);
    }
}

#[tokio::test]
async fn an_account_brings_two_hundred_works_a_day_into_being() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let ask = |number: usize| {
            (ada, named(&number.to_string()), on(&format!("https://example.org/{number}"), 1))
        };
        for minute in 0..3 {
            instance.at(&format!("2026-01-15T12:0{minute}:00Z"));
            let ended = all(app, (minute * 60..minute * 60 + 60).map(ask).collect()).await;
            assert_eq!(codes(&ended), told(&[("given", 60)]));
        }
        instance.at("2026-01-15T12:03:00Z");
        let mut asked: Vec<Ask> = (180..210).map(ask).collect();
        asked.push(ask(0));
        asked[30].1 = named("known");
        let ended = all(app, asked).await;
        assert_eq!(codes(&ended), told(&[("given", 21), ("too_many", 10)]));
        assert!(ended[20..30].iter().all(Result::is_err) && ended[30].is_ok());
        assert_eq!(counted(app, ada, ("work", 86_400)).await, 200);
        assert_eq!(points_in_all(app, ada).await, 201);
        // What one may not make another may, at the same time.
        let new = "https://example.org/new";
        let asked = vec![(ada, named("new"), on(new, 1)), (bob, named("new"), on(new, 1))];
        let ended = all(app, asked).await;
        assert!(ended[1].is_ok());
        // PostgreSQL does two accounts' clicks side by side: bob may have been first.
        assert!(ended[0].is_err() || app.store().engine() == Engine::Postgres);
    }
}

#[tokio::test]
async fn a_batch_refuses_as_single_clicks_are_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        own(app, ada, "https://ada.example/").await;
        let refused = own(app, bob, "https://bob.example/").await;
        refuse(app, refused).await;
        let asked = vec![
            (ada, named("1"), on("https://ada.example/", 1)),
            (bob, named("2"), on("https://ada.example/", 1)),
            (ada, named("3"), on("https://bob.example/", 1)),
            (ada, named("4"), on(SONG, 0)),
            (ada, named("5"), on(SONG, 1)),
        ];
        let ended: Vec<String> = all(app, asked.clone()).await.iter().map(code).collect();
        let expected = ["own_work", "given", "work_refused", "points_out_of_range", "given"];
        assert_eq!(ended, expected);
        // Refused for good: the same again, even when it would be allowed now (K4).
        obole_app::works::set_refused(app, Actor::Page(bob), refused, false)
            .await
            .expect("allowed");
        let ended: Vec<String> = all(app, asked).await.iter().map(code).collect();
        let expected = ["own_work again", "replayed", "work_refused again"];
        assert_eq!(ended[..3], expected);
        let ended = all(app, vec![(ada, named("6"), on("https://bob.example/", 1))]).await;
        assert_eq!(codes(&ended), told(&[("given", 1)]));
    }
}

#[tokio::test]
async fn a_click_is_full_at_a_million_points() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let mut given = 0;
        for minute in 0..2 {
            instance.at(&format!("2026-01-15T12:0{minute}:00Z"));
            let asked = (0..55).map(|_| (ada, key(app), on(SONG, 10_000)));
            given += all(app, asked.collect()).await.iter().filter(|one| one.is_ok()).count();
        }
        assert_eq!(given, 100);
        assert_eq!(points_in_all(app, ada).await, 1_000_000);
    }
}

#[tokio::test]
async fn the_estimate_is_what_the_month_shows() {
    let urls = ["https://bob.example/", "https://bob.example/b", SONG, "https://example.org/b"];
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let eva = account(app, "eva").await;
        let refused = own(app, bob, urls[0]).await;
        own(app, bob, urls[1]).await;
        fund(app, ada, units(20)).await;
        budgets::set(app, ada, units(7)).await.expect("set");
        for (round, weights) in
            [[1, 1, 1, 0], [0, 3, 0, 2], [0, 1, 0, 1], [0, 0, 0, 1]].into_iter().enumerate()
        {
            if round == 2 {
                refuse(app, refused).await;
                own(app, ada, SONG).await;
            } else if round == 3 {
                currencies::set_taken(app, bob, &[]).await.expect("set");
            }
            let asked = urls.iter().zip(weights).filter(|(_, points)| *points > 0);
            let mut asked: Vec<Ask> =
                asked.map(|(url, points)| (ada, key(app), on(url, points))).collect();
            // Eva has no money: she is told nothing.
            asked.push((eva, key(app), on(urls[3], 1)));
            let ended = all(app, asked).await;
            let last = &ended[ended.len() - 2].as_ref().expect("given").value;
            let shown = month::view(app, ada, None).await.expect("a month").clicks;
            let shown = shown.into_iter().find(|click| click.work.uuid() == last.work);
            let estimate = last.estimate.as_ref().expect("an estimate").money();
            assert_eq!(shown.expect("the click").estimates, [estimate], "round {round}");
            let others = &ended.last().expect("a click").as_ref().expect("given").value;
            assert_eq!(others.estimate, None);
        }
        let last = all(app, vec![(ada, key(app), on(urls[3], 1))]).await;
        let last = last[0].as_ref().expect("given").value.estimate.clone();
        assert_eq!(last.expect("an estimate").money(), units(7), "nothing else can be paid");
    }
}
