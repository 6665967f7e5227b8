//! Giving: once a month, not to oneself, not without means; each month by subscription.

use obole_app::audit_log::Actor;
use obole_app::testing::{engines, fund};
use obole_app::{budgets, clicks, policy, settle};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::client::{Program, SONG, World};
use crate::api_client::euros;

#[tokio::test]
async fn line_13_lists_of_flattrs_are_newest_first() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        for number in 0..3 {
            instance.at(&format!("2026-01-1{}T12:00:00Z", number + 5));
            let url = format!("https://github.com/example-{number}");
            world.ada.post_json("/flattr", json!({ "url": url })).await.ok(200);
        }
        instance.at("2026-02-03T12:00:00Z");
        world.ada.post(&world.path("/flattr")).await.ok(200);
        let given = world.ada.get("/user/flattrs").await.ok(200).body;
        let given = given.as_array().expect("a list");
        let urls: Vec<&str> =
            given.iter().map(|one| one["thing"]["url"].as_str().expect("text")).collect();
        let expected = ["2", "1", "0"].map(|number| format!("https://github.com/example-{number}"));
        assert_eq!(urls[0], SONG, "the newest month first");
        assert_eq!(urls[1..], expected);
        let moments: Vec<i64> =
            given.iter().map(|one| one["created_at"].as_i64().expect("a number")).collect();
        assert!(moments.is_sorted_by(|one, other| one >= other));
        assert_eq!(given[0]["type"], "flattr");
        assert_eq!(given[0]["owner"]["username"], "ada");
        assert_eq!(given[0]["thing"]["owner"]["username"], "bob");
        let second = world.ada.get("/user/flattrs?count=1&page=2&full").await.ok(200).body;
        assert_eq!(second[0]["thing"]["url"], urls[1]);
        assert!(second[0]["thing"]["tags"].is_array() && second[0]["owner"]["about"].is_string());
        // Others see nothing of it (P1).
        for program in [&world.bob, &world.stranger] {
            assert_eq!(program.get("/users/ada/flattrs").await.ok(200).body, json!([]));
            assert_eq!(program.get(&world.path("/flattrs")).await.ok(200).body, json!([]));
            let told = program.get("/users/ada/activities").await.ok(200).body;
            assert_eq!(told["items"], json!([]));
        }
        let own = world.ada.get(&world.path("/flattrs")).await.ok(200).body;
        assert_eq!(own.as_array().map(Vec::len), Some(1));
        world.stranger.get("/user/flattrs").await.assert_fault(401, "unauthorized");
        world.stranger.get("/users/nobody-here/flattrs").await.assert_fault(404, "not_found");
    }
}

#[tokio::test]
async fn line_14_once_a_month_not_to_oneself_not_without_means() {
    for instance in engines().await {
        let app = &instance.app;
        let world = World::new(app).await;
        let flattr = world.path("/flattr");
        world.ada.post(&flattr).await.ok(200);
        for _ in 0..2 {
            world.ada.post(&flattr).await.assert_fault(403, "flattr_once");
        }
        assert_eq!(points(app, &world).await, 1, "nothing was added");
        world.bob.post(&flattr).await.assert_fault(403, "flattr_owner");
        let carla = obole_app::testing::account(app, "carla").await;
        let carla = (Program::of(app, carla, super::client::ALL).await, carla);
        carla.0.post(&flattr).await.assert_fault(401, "no_means");
        budgets::set(app, carla.1, euros(5)).await.expect("a budget");
        carla.0.post(&flattr).await.assert_fault(401, "no_means");
        fund(app, carla.1, euros(1)).await;
        carla.0.post(&flattr).await.assert_fault(401, "no_means");
        fund(app, carla.1, euros(1)).await;
        carla.0.post(&flattr).await.ok(200);
        instance.at("2026-02-01T00:00:00Z");
        world.ada.post(&flattr).await.ok(200);
        world.ada.post(&flattr).await.assert_fault(403, "flattr_once");
        // Taken back by another way, it can be given again.
        clicks::take_back(app, world.ada_id, world.song).await.expect("taken back");
        world.ada.post(&flattr).await.ok(200);
        // No other reasons than those of the money.
        world.stranger.post(&flattr).await.assert_fault(401, "unauthorized");
        world.stranger.with_token("obo_pt_x").post(&flattr).await.assert_fault(401, "unauthorized");
        let reading = Program::of(app, world.ada_id, "clicks:read").await;
        reading.post(&flattr).await.assert_fault(403, "insufficient_scope");
        world.ada.post("/things/1/flattr").await.assert_fault(404, "not_found");
        settle::run(app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
        let report = obole_app::audit::run(app).await.expect("looked");
        assert!(report.breaches.is_empty(), "{:?}", report.breaches);
    }
}

async fn points(app: &obole_app::App, world: &World) -> i64 {
    let (period, patron, work) = (app.clock_period(), world.ada_id, world.song);
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::find(read, period, patron, work).await?) })
    });
    read.await.expect("read").map_or(0, |click| click.points.get())
}

#[tokio::test]
async fn fifty_flattrs_at_once_are_one() {
    for instance in engines().await {
        let app = &instance.app;
        let world = World::new(app).await;
        let mut tasks = JoinSet::new();
        for _ in 0..50 {
            let (ada, path) = (world.ada.clone(), world.path("/flattr"));
            tasks.spawn(async move { ada.post(&path).await });
        }
        let answers = tasks.join_all().await;
        let given = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(given, 1);
        for refused in answers.iter().filter(|answer| answer.status != 200) {
            refused.assert_fault(403, "flattr_once");
        }
        assert_eq!(points(app, &world).await, 1);
    }
}

#[tokio::test]
async fn under_flattrs_own_rules_it_is_the_same() {
    for instance in engines().await {
        let app = &instance.app;
        let world = World::new(app).await;
        let preset = policy::set_preset(app, Actor::CommandLine, "flattr-2010".to_owned());
        preset.await.expect("a policy");
        world.ada.post(&world.path("/flattr")).await.ok(200);
        world.ada.post(&world.path("/flattr")).await.assert_fault(403, "flattr_once");
    }
}

#[tokio::test]
async fn line_15_the_answer_to_a_flattr_is_whole() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let before =
            world.ada.get(&world.path("")).await.body["flattrs"].as_i64().expect("a number");
        // Some send a kind and no body.
        let path = world.path("/flattr");
        let given = world.ada.with_body("POST", &path, ("application/json", "")).await;
        let given = given.ok(200).body;
        assert_eq!(given["message"], "ok");
        assert_eq!(given["description"], "Thing was successfully flattred");
        assert_eq!(given["thing"]["id"], world.number);
        assert_eq!(given["thing"]["flattrs"], before + 1);
        assert_eq!(given["thing"]["owner"], Value::Null);
        let location = format!("http://127.0.0.1:8080/rest/v2/things/{}", world.number);
        assert_eq!(given["location"], location);
        assert_eq!(world.ada.get(&world.path("")).await.body["flattrs"], before + 1);
    }
}

#[tokio::test]
async fn line_16_a_subscription_is_paused_started_and_ended() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let (ada, path) = (&world.ada, world.path("/subscriptions"));
        ada.call("PUT", &path).await.assert_fault(404, "not_found");
        let subscribed = ada.post(&path).await.ok(200).body;
        assert_eq!(subscribed["message"], "ok");
        assert_eq!(subscribed["thing"]["id"], world.number);
        ada.post(&path).await.assert_fault(403, "subscribed");
        world.bob.post(&path).await.assert_fault(403, "thing_owner");
        assert_eq!(ada.get(&world.path("")).await.body["subscribed"], true);
        assert_eq!(ada.get(&world.path("")).await.body["flattred"], true, "it gives at once");
        assert_eq!(ada.call("PUT", &path).await.ok(200).body["message"], "paused");
        let list = ada.get("/user/subscriptions").await.ok(200).body;
        assert_eq!(list[0]["type"], "subscription");
        assert_eq!(
            (&list[0]["active"], &list[0]["thing"]["id"]),
            (&json!(false), &json!(world.number))
        );
        assert!(list[0]["created_at"].is_i64() && list[0]["started_at"].is_i64());
        assert!(list[0]["thing"]["tags"].is_array());
        assert_eq!(ada.call("PUT", &path).await.ok(200).body["message"], "started");
        assert_eq!(ada.get("/user/subscriptions").await.body[0]["active"], true);
        assert_eq!(ada.call("DELETE", &path).await.ok(204).text, "");
        ada.call("DELETE", &path).await.assert_fault(404, "not_found");
        ada.call("PUT", &path).await.assert_fault(404, "not_found");
        assert_eq!(ada.get("/user/subscriptions").await.ok(200).body, json!([]));
        ada.post("/things/1/subscriptions").await.assert_fault(404, "not_found");
        world.stranger.get("/user/subscriptions").await.assert_fault(401, "unauthorized");
        let reading = Program::of(&instance.app, world.ada_id, "clicks:read").await;
        reading.post(&path).await.assert_fault(403, "insufficient_scope");
    }
}

#[tokio::test]
async fn line_27_moments_of_activities_have_a_numeric_offset() {
    let instance = obole_app::testing::sqlite_with(|config| {
        config.instance.time_zone = "Europe/Brussels".to_owned();
    })
    .await;
    let world = World::new(&instance.app).await;
    world.ada.post(&world.path("/flattr")).await.ok(200);
    let told = world.ada.get("/user/activities.as").await.ok(200).body;
    let one = &told["items"][0];
    assert_eq!(one["published"], "2026-01-15T13:00:00+01:00");
    assert_eq!((&one["verb"], &one["actor"]["displayName"]), (&json!("like"), &json!("ada")));
    assert_eq!(one["object"]["url"], format!("http://127.0.0.1:8080/thing/{}", world.number));
    let atom = world.ada.get("/user/activities.atom").await.ok(200).text;
    assert!(atom.contains("<published>2026-01-15T13:00:00+01:00</published>"), "{atom}");
    let incoming = world.bob.get("/user/activities?type=incoming").await.ok(200).body;
    assert_eq!(incoming["items"], json!([]), "who gave is nobody's business");
}
