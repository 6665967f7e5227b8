//! How calls are sent and answered: addresses, bodies, heads, limits.

use axum::body::Body;
use obole_app::testing::{engines, sqlite};
use serde_json::{Value, json};

use super::client::{FORM, Program, SONG, World};

#[tokio::test]
async fn line_01_the_root_says_hello_on_one_line() {
    let instance = sqlite().await;
    let program = Program::stranger(&instance.app);
    for path in ["", "/"] {
        let answer = program.get(path).await.ok(200);
        assert_eq!(answer.body, json!({ "message": "hello_world" }), "{path}");
        assert!(answer.text.lines().count() == 1 && answer.text.starts_with('{'));
    }
}

#[tokio::test]
async fn line_02_slashes_at_the_end_never_redirect() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    for path in ["/user/", "/categories/", "/users/bob/", "/users/bob/things/", "/rate_limit/"] {
        world.ada.get(path).await.ok(200);
    }
    world.ada.get(&world.path("/")).await.ok(200);
    let sent = json!({ "url": "https://ada.example/", "title": "Hers" });
    world.ada.post_json("/things/", sent).await.ok(201);
    world.ada.post(&world.path("/flattr/")).await.ok(200);
    world.ada.post_form("/flattr/", "url=").await.assert_fault(400, "invalid_request");
}

#[tokio::test]
async fn line_03_forms_and_json_are_equal() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let form = "url=https%3A%2F%2Fone.example%2F&title=A+title&tags=a%2C+b&hidden=1";
        let of_form = world.bob.post_form("/things", form).await.ok(201);
        let object = json!({
            "url": "https://two.example/", "title": "A title", "tags": ["a", "b"], "hidden": true,
        });
        let of_json = world.bob.post_json("/things", object).await.ok(201);
        let mut things = Vec::new();
        for answer in [of_form, of_json] {
            let thing = world.bob.get(&format!("/things/{}", answer.body["id"])).await.ok(200);
            things.push(["title", "tags", "hidden"].map(|name| thing.body[name].clone()));
        }
        assert_eq!(things[0], things[1]);
        assert_eq!(things[0], [json!("A title"), json!(["a", "b"]), json!(true)]);
        // JSON that calls itself a form, or nothing, is JSON.
        let url = json!({ "url": SONG }).to_string();
        world.ada.with_body("POST", "/flattr", ("", &url)).await.ok(200);
        let twice = world.ada.with_body("POST", "/flattr", (FORM, &url)).await;
        twice.assert_fault(403, "flattr_once");
    }
}

#[tokio::test]
async fn line_07_odd_pages_are_the_first_of_thirty() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    for number in 0..35 {
        world.bob.submit(&format!("https://bob.example/{number}"), "One of many").await;
    }
    let first = world.bob.get("/user/things").await.ok(200).ids();
    assert_eq!(first.len(), 30);
    for query in ["?count=&page=", "?page=undefined", "?count=5x&page=0", "?count=-3"] {
        assert_eq!(world.bob.get(&format!("/user/things{query}")).await.ids(), first, "{query}");
    }
    let second = world.bob.get("/user/things?page=2").await.ok(200).ids();
    assert_eq!(second.len(), 6, "35 and the song");
    assert!(second.iter().all(|id| !first.contains(id)));
    assert_eq!(world.bob.get("/user/things?count=5&page=1").await.ids(), first[..5]);
    assert_eq!(world.bob.get("/user/things?count=5000").await.ids().len(), 36);
}

#[tokio::test]
async fn line_26_the_suffix_wins_and_stream_is_never_refused() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let asked = |path: &str, accept: &str| {
        let request = world.ada.request("GET", &format!("/rest/v2{path}"));
        let request = request.header("accept", accept).body(Body::empty());
        world.ada.send(request.expect("a request"))
    };
    let stream = asked("/user/activities.as", "application/json").await.ok(200);
    assert!(stream.header("content-type").starts_with("application/stream+json"));
    assert!(stream.body["items"].is_array());
    let plain = asked("/user/activities", "application/json").await.ok(200);
    assert!(plain.header("content-type").starts_with("application/stream+json"));
    let user = asked("/user", "application/stream+json").await.ok(200);
    assert_eq!(user.header("content-type"), "application/json;charset=utf-8");
    assert_eq!(user.body["username"], "ada");
    let atom = asked("/users/ada/activities.atom", "*/*").await.ok(200);
    assert!(atom.header("content-type").starts_with("application/atom+xml"));
    asked("/user.xml", "*/*").await.assert_fault(406, "not_acceptable");
    let lines = asked("/categories.txt", "*/*").await.ok(200).text;
    assert_eq!(lines.lines().next(), Some("text"));
}

/// The four heads as numbers.
fn rates(answer: &super::client::Answer) -> [i64; 4] {
    ["limit", "remaining", "current", "reset"].map(|name| {
        let text = answer.header(&format!("x-ratelimit-{name}"));
        text.parse().unwrap_or_else(|_| panic!("{name}: {text}"))
    })
}

#[tokio::test]
async fn line_28_the_rates_are_numbers_and_asking_for_them_is_free() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let [limit, remaining, current, reset] = rates(&world.ada.get("/user").await.ok(200));
        assert_eq!((limit, remaining, current), (1_000, 999, 1));
        assert_eq!(
            reset,
            "2026-01-15T13:00:00Z".parse::<jiff::Timestamp>().expect("one").as_second()
        );
        let missing = world.ada.get("/users/nobody-here").await;
        missing.assert_fault(404, "not_found");
        assert_eq!(rates(&missing)[2], 2);
        for _ in 0..3 {
            let told = world.ada.get("/rate_limit").await.ok(200);
            assert_eq!(rates(&told)[2], 2);
            assert_eq!(
                told.body,
                json!({
                    "hourly_limit": 1_000, "remaining_hits": 998, "current_hits": 2,
                    "reset_time_in_seconds": reset,
                    "reset_time": "Thu, 15 Jan 2026 13:00:00 +0000 GMT",
                })
            );
        }
        // Others have a count of their own.
        assert_eq!(rates(&world.stranger.get("/categories").await)[2], 1);
        for _ in 2..1_000 {
            world.ada.get("").await.ok(200);
        }
        let over = world.ada.get("").await;
        over.assert_fault(403, "rate_limit_exceeded");
        assert_eq!(rates(&over)[..3], [1_000, 0, 1_000]);
        instance.at("2026-01-15T13:00:00Z");
        assert_eq!(rates(&world.ada.get("").await.ok(200))[2], 1);
    }
}

#[tokio::test]
async fn line_29_scripts_of_every_site_may_read_every_answer() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let found = world.ada.get(&format!("/things/lookup?url={SONG}")).await.ok(302);
    let answers = [
        world.ada.get("").await.ok(200),
        found,
        world.ada.get("/users/nobody-here").await.ok(404),
        world.stranger.get("/user").await.ok(401),
        world.ada.post("/flattr").await.ok(400),
        world.ada.get("/none").await.ok(404),
        world.ada.call("OPTIONS", "/things/1/flattr").await.ok(204),
    ];
    for answer in answers {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let methods = answer.header("access-control-allow-methods");
        assert!(["GET", "POST", "PUT", "PATCH", "DELETE"].iter().all(|one| methods.contains(one)));
        let heads = answer.header("access-control-allow-headers");
        assert!(heads.contains("authorization") && heads.contains("content-type"));
        assert!(answer.header("access-control-expose-headers").contains("x-ratelimit-limit"));
        assert_eq!(answer.header("set-cookie"), "");
    }
}

#[tokio::test]
async fn line_31_an_unknown_route_is_told_in_the_usual_form() {
    let instance = sqlite().await;
    let program = Program::stranger(&instance.app);
    for path in ["/none", "/things/1/none", "/user/none/", "/%FF", "/things/lookup/q"] {
        program.get(path).await.assert_fault(404, "not_found");
    }
    program.call("DELETE", "/categories").await.assert_fault(404, "not_found");
    program.call("BREW", "/categories").await.assert_fault(404, "not_found");
}

#[tokio::test]
async fn line_32_a_bare_request_is_answered() {
    let instance = sqlite().await;
    // Requests of tests name neither a program nor what it accepts.
    let answer = Program::stranger(&instance.app).get("/languages").await.ok(200);
    assert_eq!(answer.header("content-type"), "application/json;charset=utf-8");
}

#[tokio::test]
async fn line_33_a_deletion_may_carry_a_body() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let id = world.bob.submit("https://bob.example/draft", "A draft").await;
        let path = format!("/things/{id}");
        let deleted = world.bob.with_body("DELETE", &path, ("application/json", "{}")).await;
        assert_eq!(deleted.ok(204).text, "");
        world.bob.call("DELETE", &path).await.assert_fault(403, "forbidden");
        // A work of one's own collects no more, so nothing is found there.
        world.bob.call("DELETE", &world.path("")).await.ok(204);
        world.bob.get(&world.path("")).await.assert_fault(404, "not_found");
        world.ada.post(&world.path("/flattr")).await.assert_fault(404, "not_found");
        // Submitted again it is there again, under its number.
        assert_eq!(world.bob.submit(SONG, "Again").await, world.number);
        world.ada.post(&world.path("/flattr")).await.ok(200);
    }
}

#[tokio::test]
async fn line_34_a_list_or_a_number_is_no_request() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    for body in ["[]", "[{\"url\": \"https://a.example/\"}]", "7", "\"text\"", "null", "{", "\u{0}"]
    {
        for path in ["/things", "/flattr", &world.path("/flattr"), &world.path("/subscriptions")] {
            let answer = world.ada.with_body("POST", path, ("application/json", body)).await;
            answer.assert_fault(400, "invalid_request");
        }
    }
    let broken = world.ada.request("POST", "/rest/v2/flattr").body(Body::from(vec![0xFF; 9]));
    world.ada.send(broken.expect("a request")).await.assert_fault(400, "invalid_request");
    let large = "x".repeat(100_000);
    world.ada.post_form("/flattr", &large).await.assert_fault(400, "invalid_request");
    // One call takes a list.
    let list = json!([{ "url": SONG }, { "url": 7 }, {}, { "url": "https://unknown.example/" }]);
    let kind = ("application/json", list.to_string());
    world.ada.with_body("POST", "/flattr/bulk", (kind.0, &kind.1)).await.ok(200);
    assert_eq!(world.ada.get(&world.path("")).await.body["flattred"], Value::Bool(true));
    let (bob, stranger) = (&world.bob, &world.stranger);
    let github = json!([{ "url": "https://github.com/example" }]).to_string();
    bob.with_body("POST", "/flattr/bulk", (kind.0, &github)).await.assert_fault(402, "no_means");
    let unknown = stranger.with_body("POST", "/flattr/bulk", (kind.0, &kind.1)).await;
    unknown.assert_fault(401, "unauthorized");
    world.ada.post_json("/flattr/bulk", json!({})).await.assert_fault(400, "invalid_request");
}
