//! Clicks on several processes: what one changes another heeds at once, whatever it holds in
//! memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Giver};
use obole_app::testing::{Instance, account, admin, engines, fund, key, own, refuse};
use obole_app::tokens::{self, NewToken, TokenGrant};
use obole_app::{App, Error, audit, budgets, policy, settle, settlements, suspensions, works};
use obole_domain::policy::Rule;
use obole_domain::token::Scope;
use obole_domain::{AccountId, Period, WorkId};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::click_batches::on;
use crate::support::units;

const SONG: &str = "https://example.org/song";

async fn refused(app: &App, giver: impl Into<Giver>, give: Give) -> String {
    match clicks::give(app, giver, &key(app), give).await {
        Ok(_) => "given".to_owned(),
        Err(error @ Error::Refused(_)) => error.code().to_owned(),
        Err(error) => error.to_string(),
    }
}

/// An instance and a second process on its database.
async fn two_nodes() -> Vec<(Instance, App)> {
    let mut nodes = Vec::new();
    for instance in engines().await {
        let other = instance.node().await;
        nodes.push((instance, other));
    }
    nodes
}

#[tokio::test]
async fn a_work_that_changed_elsewhere_is_not_what_memory_says() {
    for (instance, other) in two_nodes().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let give = async |patron| clicks::give(&other, patron, &key(&other), on(SONG, 1)).await;
        assert_eq!(give(ada).await.expect("given").value.owner, None);
        let work = own(app, bob, SONG).await;
        assert_eq!(refused(&other, bob, on(SONG, 1)).await, "own_work");
        works::set_title(app, Actor::Page(bob), work, "A song").await.expect("set");
        let given = give(ada).await.expect("given").value;
        assert_eq!((given.title.as_str(), given.owner.as_deref()), ("A song", Some("bob")));
        refuse(app, work).await;
        assert_eq!(refused(&other, ada, on(SONG, 1)).await, "work_refused");
        works::set_refused(app, Actor::Page(bob), work, false).await.expect("set");
        assert_eq!(give(ada).await.expect("given").value.points, 3);
    }
}

#[tokio::test]
async fn a_policy_that_changed_elsewhere_holds_at_once() {
    for (instance, other) in two_nodes().await {
        let app = &instance.app;
        let (ada, keeper) = (account(app, "ada").await, Actor::Page(admin(app, "keeper").await));
        assert_eq!(refused(&other, ada, on(SONG, 5)).await, "given");
        policy::set_rule(app, keeper, Rule::PointsMax, "3".to_owned()).await.expect("set");
        assert_eq!(refused(&other, ada, on(SONG, 5)).await, "points_out_of_range");
        policy::set_preset(app, keeper, "flattr-2010".to_owned()).await.expect("set");
        assert_eq!(refused(&other, ada, on(SONG, 1)).await, "clicked_already");
    }
}

/// A token of an account, and what a node that looked it up holds of it.
async fn token(app: &App, account: AccountId) -> (String, Arc<TokenGrant>) {
    let new = NewToken { name: "Test".to_owned(), scopes: vec![Scope::Click] };
    let text = tokens::create(app, Actor::CommandLine, account, new).await.expect("a token");
    let grant = recall(app, &text).await.expect("standing");
    (text, grant)
}

async fn recall(app: &App, text: &str) -> Option<Arc<TokenGrant>> {
    tokens::recall(app, text).await.expect("looked up")
}

#[tokio::test]
async fn a_token_that_ended_elsewhere_gives_no_click() {
    for (instance, other) in two_nodes().await {
        let app = &instance.app;
        let (ada, keeper) = (account(app, "ada").await, Actor::Page(admin(app, "keeper").await));
        let (text, _) = token(app, ada).await;
        let (second, _) = token(app, ada).await;
        let held = recall(&other, &text).await.expect("standing");
        let giver = |grant: &TokenGrant| Giver { patron: ada, access: grant.access };
        assert_eq!(refused(&other, giver(&held), on(SONG, 1)).await, "given");

        suspensions::suspend(app, keeper, ada, "spam").await.expect("suspended");
        let ended = Error::TokenEnded.to_string();
        assert_eq!(refused(&other, giver(&held), on(SONG, 1)).await, ended);
        assert_eq!(recall(&other, &text).await, None, "memory has heard of it");
        suspensions::restore(app, keeper, ada).await.expect("restored");
        assert_eq!(refused(&other, giver(&held), on(SONG, 1)).await, "given");

        let held = recall(&other, &text).await.expect("standing");
        let untouched = recall(&other, &second).await.expect("standing");
        tokens::revoke(app, Actor::Page(ada), ada, held.id).await.expect("revoked");
        assert_eq!(refused(&other, giver(&held), on(SONG, 1)).await, ended);
        assert_eq!(refused(&other, giver(&untouched), on(SONG, 1)).await, "given");
        assert_eq!(recall(&other, &text).await, None);
        assert!(recall(&other, &second).await.is_some());
    }
}

#[tokio::test]
async fn the_use_of_a_token_is_noted_once_an_hour() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let (text, _) = token(app, ada).await;
        let used_at = async || tokens::list(app, ada).await.expect("tokens")[0].used_at;
        let give = async || {
            let access = recall(app, &text).await.expect("standing").access;
            refused(app, Giver { patron: ada, access }, on(SONG, 1)).await
        };
        assert_eq!(used_at().await, None);
        assert_eq!(give().await, "given");
        let first = used_at().await;
        assert_eq!(first, Some(app.now()));
        instance.at("2026-01-15T12:59:59Z");
        assert_eq!((give().await.as_str(), used_at().await), ("given", first));
        instance.at("2026-01-15T13:00:00Z");
        assert_eq!((give().await.as_str(), used_at().await), ("given", Some(app.now())));
    }
}

/// What was acknowledged: by whom, in which month, on what.
type Acknowledged = BTreeMap<(AccountId, Period), BTreeSet<WorkId>>;

/// Gives clicks on new works, now on one process, now on the other, and tells of each that was
/// acknowledged.
async fn stream(
    nodes: [App; 2],
    patron: AccountId,
    told: mpsc::UnboundedSender<(AccountId, Period, WorkId)>,
) {
    for number in 0..40 {
        let node = &nodes[number % 2];
        let give = on(&format!("https://example.org/{patron}/{number}"), 1);
        let given = clicks::give(node, patron, &key(node), give).await.expect("given").value;
        told.send((patron, given.period(), WorkId::new(given.work))).expect("a listener");
    }
}

async fn stored(app: &App, patron: AccountId, period: Period) -> BTreeSet<WorkId> {
    let rows = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::of_patron(read, period, patron).await?) })
    });
    rows.await.expect("clicks").into_iter().map(|row| row.work).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clicks_that_stream_in_while_a_month_closes_are_in_one_month_each() {
    for (instance, other) in two_nodes().await {
        let app = &instance.app;
        instance.at("2026-01-31T23:59:59Z");
        let (sender, mut acknowledged) = mpsc::unbounded_channel();
        let mut streams = JoinSet::new();
        let mut patrons = Vec::new();
        for number in 0..5 {
            let patron = account(app, &format!("patron-{number}")).await;
            fund(app, patron, units(9)).await;
            budgets::set(app, patron, units(5)).await.expect("set");
            patrons.push(patron);
        }
        for patron in &patrons {
            streams.spawn(stream([app.clone(), other.clone()], *patron, sender.clone()));
        }
        drop(sender);
        let mut known = Acknowledged::new();
        let (mut count, mut closing) = (0, None);
        while let Some((patron, period, work)) = acknowledged.recv().await {
            known.entry((patron, period)).or_default().insert(work);
            count += 1;
            if count == 60 {
                instance.at("2026-02-01T00:00:01Z");
                let app = app.clone();
                closing = Some(tokio::spawn(async move {
                    settle::run(&app, Actor::Job, None, &|_| ()).await.map(|_| ())
                }));
            }
        }
        streams.join_all().await;
        closing.expect("begun").await.expect("ended").expect("settled");
        assert_eq!(count, 200);
        let months = ["2026-01", "2026-02"].map(|month| Period::parse(month).expect("a month"));
        let mut counts = [0, 0];
        for patron in patrons {
            for (month, count) in months.iter().zip(&mut counts) {
                let expected = known.remove(&(patron, *month)).unwrap_or_default();
                assert_eq!(stored(app, patron, *month).await, expected);
                *count += expected.len();
            }
        }
        assert!(known.is_empty() && counts[0] >= 60 && counts[1] > 0, "{counts:?}");
        let settled = settlements::find(app, months[0]).await.expect("read").expect("settled");
        assert_eq!(settled.row.clicks, i64::try_from(counts[0]).expect("a count"));
        assert_eq!(audit::run(app).await.expect("an audit").breaches, []);
    }
}
