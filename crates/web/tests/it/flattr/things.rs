//! Things: created, read, changed, found.

use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::testing::{engines, own, sqlite};
use obole_domain::{CanonicalUrl, Handle};
use serde_json::{Value, json};

use super::client::{FORM, World};

#[tokio::test]
async fn line_04_a_thing_is_changed_in_four_ways() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let path = world.path("");
        let json_kind = "application/json";
        for (number, (method, kind, body)) in [
            ("PATCH", FORM, "title=Title+0&_other=1"),
            ("POST", FORM, "_method=patch&title=Title+1"),
            ("POST", json_kind, r#"{"_method": "patch", "title": "Title 2"}"#),
            ("PATCH", json_kind, r#"{"_method": "patch", "title": "Title 3", "url": "x"}"#),
        ]
        .into_iter()
        .enumerate()
        {
            let answer = world.bob.with_body(method, &path, (kind, body)).await.ok(200);
            assert_eq!(answer.body["message"], "ok", "{method} {kind}");
            assert!(answer.body["description"].is_string());
            let thing = world.stranger.get(&path).await.ok(200);
            assert_eq!(thing.body["title"], format!("Title {number}"));
        }
        // What is not named stays; others may change nothing.
        let change = ("PATCH", FORM, "description=What+it+is&category=audio&language=de-AT");
        world.bob.with_body(change.0, &path, (change.1, change.2)).await.ok(200);
        let thing = world.stranger.get(&path).await.ok(200).body;
        let told = ["title", "description", "category", "language"].map(|name| &thing[name]);
        assert_eq!(told, ["Title 3", "What it is", "audio", "de_DE"]);
        let other = world.ada.with_body("PATCH", &path, (FORM, "title=Mine")).await;
        other.assert_fault(403, "forbidden");
        let none = world.bob.with_body("PATCH", "/things/1", (FORM, "title=Mine")).await;
        none.assert_fault(404, "not_found");
        let long = format!("title={}", "x".repeat(300));
        let long = world.bob.with_body("PATCH", &path, (FORM, &long)).await;
        long.assert_fault(400, "validation");
    }
}

#[tokio::test]
async fn line_05_hidden_is_read_in_all_its_spellings() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let path = world.path("");
    for (kind, body, is_hidden) in [
        (FORM, "hidden=1", true),
        (FORM, "hidden=False", false),
        (FORM, "hidden=True", true),
        (FORM, "hidden=0", false),
        ("application/json", r#"{"hidden": true}"#, true),
        ("application/json", r#"{"hidden": false}"#, false),
        ("application/json", r#"{"hidden": 1}"#, true),
        (FORM, "hidden=false", false),
        (FORM, "hidden=true", true),
        (FORM, "hidden=", false),
    ] {
        world.bob.with_body("PATCH", &path, (kind, body)).await.ok(200);
        let thing = world.bob.get(&path).await.ok(200);
        assert_eq!(thing.body["hidden"], Value::Bool(is_hidden), "{body}");
        let listed = world.stranger.get("/users/bob/things").await.ids().len();
        assert_eq!(listed, usize::from(!is_hidden), "{body}: others see what is not hidden");
        assert_eq!(world.bob.get("/users/bob/things").await.ids().len(), 1);
    }
}

#[tokio::test]
async fn line_06_full_owners_are_given_when_asked_for() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    for query in ["?full", "?full=1", "?full=full", "?full=true"] {
        let thing = world.stranger.get(&world.path(query)).await.ok(200);
        assert_eq!(thing.body["owner"]["firstname"], "", "{query}");
        assert_eq!(thing.body["owner"]["username"], "bob");
        assert_eq!(thing.body["owner"]["email"], Value::Null, "nobody else's address");
    }
    for query in ["", "?full=False", "?full=0", "?full=false"] {
        let thing = world.stranger.get(&world.path(query)).await.ok(200);
        assert_eq!(thing.body["owner"]["firstname"], Value::Null, "{query}");
        assert_eq!(thing.body["owner"]["username"], "bob");
    }
}

#[tokio::test]
async fn line_08_several_things_come_in_the_order_asked() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let mut ids = Vec::new();
        for name in ["one", "two", "three"] {
            ids.push(world.bob.submit(&format!("https://{name}.example/"), name).await);
        }
        let path = format!("/things/{},1,{},{}", ids[2], ids[0], ids[1]);
        assert_eq!(world.bob.get(&path).await.ok(200).ids(), [ids[2], ids[0], ids[1]]);
        let path = format!("/things/{}%2C{}", ids[1], ids[0]);
        assert_eq!(world.bob.get(&path).await.ok(200).ids(), [ids[1], ids[0]]);
        let path = format!("/things?id={},{}", ids[0], ids[1]);
        assert_eq!(world.bob.get(&path).await.ok(200).ids(), [ids[0], ids[1]]);
        world.bob.get("/things/1,2").await.assert_fault(404, "not_found");
        world.bob.get("/things").await.assert_fault(400, "invalid_parameters");
        for odd in ["/things/0", "/things/-1", "/things/x", "/things/9223372036854775808"] {
            world.bob.get(odd).await.assert_fault(404, "not_found");
        }
        let one = world.bob.get(&format!("/things/{}", ids[0])).await.ok(200);
        assert_eq!(one.body["id"], ids[0]);
    }
}

#[tokio::test]
async fn line_17_things_have_the_types_that_clients_are_built_for() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let things = [
            world.bob.get(&world.path("")).await.ok(200).body,
            world.stranger.get(&world.path("?full")).await.ok(200).body,
        ];
        for thing in &things {
            assert_eq!(thing["type"], "thing");
            for name in ["id", "flattrs", "flattrs_user_count", "created_at"] {
                assert!(thing[name].is_i64(), "{name}");
            }
            for name in
                ["resource", "link", "url", "title", "image", "description", "language", "category"]
            {
                assert!(thing[name].is_string(), "{name}");
            }
            assert!(thing["hidden"].is_boolean() && thing["tags"].is_array());
        }
        assert_eq!(things[0]["flattred"], false);
        assert_eq!(things[0]["subscribed"], false);
        assert!(things[0]["last_flattr_at"].is_i64() && things[0]["updated_at"].is_i64());
        for name in ["flattred", "subscribed", "last_flattr_at", "updated_at"] {
            assert_eq!(things[1][name], Value::Null, "{name} is not for strangers");
        }
        let resource = format!("http://127.0.0.1:8080/rest/v2/things/{}", world.number);
        assert_eq!(things[0]["resource"], resource);
        assert_eq!(things[0]["link"], format!("http://127.0.0.1:8080/thing/{}", world.number));
    }
}

/// What is said of a page that one does not control is one's own business until it is proven.
#[tokio::test]
async fn a_submitted_thing_is_its_submitters_view_until_it_is_claimed() {
    for instance in engines().await {
        let app = &instance.app;
        let world = World::new(app).await;
        let page = "https://page.example/";
        let created = world.bob.post_json("/things", json!({ "url": page, "title": "His" })).await;
        let created = created.ok(201).body;
        assert_eq!(created["message"], "ok");
        assert!(created["link"].as_str().expect("text").contains("/rest/v2/things/"));
        let path = format!("/things/{}", created["id"]);
        let own = world.bob.get(&path).await.ok(200).body;
        assert_eq!((&own["title"], &own["owner"]["username"]), (&json!("His"), &json!("bob")));
        let others = world.ada.get(&path).await.ok(200).body;
        assert_eq!(others["title"], "page.example/");
        assert_eq!(others["owner"]["username"], "nobody");
        assert_eq!(
            others["owner"]["link"],
            "http://127.0.0.1:8080/claim?url=https%3A%2F%2Fpage.example%2F"
        );
        let again = world.bob.post_json("/things", json!({ "url": page })).await;
        again.assert_fault(400, "validation");
        // Another account may say its own, and neither sees the other's.
        assert_eq!(json!(world.ada.submit(page, "Hers").await), created["id"]);
        assert_eq!(world.bob.get(&path).await.body["title"], "His");
        let grant = Grant {
            target: Target::Url(CanonicalUrl::parse(page).expect("an address")),
            handle: Handle::parse("bob").expect("a handle"),
            reason: "A letter".to_owned(),
        };
        claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
        for program in [&world.ada, &world.bob, &world.stranger] {
            let thing = program.get(&path).await.ok(200).body;
            assert_eq!(
                (&thing["title"], &thing["owner"]["username"]),
                (&json!("His"), &json!("bob"))
            );
        }
        let theirs = world.ada.post_json("/things", json!({ "url": page })).await;
        theirs.assert_fault(400, "validation");
        world
            .ada
            .with_body("PATCH", &path, (FORM, "title=Hers"))
            .await
            .assert_fault(403, "forbidden");
        for (sent, error) in [
            (json!({}), "invalid_parameters"),
            (json!({ "url": "" }), "invalid_parameters"),
            (json!({ "url": "not an address" }), "validation"),
            (json!({ "url": "ftp://a.example/" }), "validation"),
            (json!({ "url": "https://a.example/", "title": "\u{202E}" }), "validation"),
        ] {
            world.bob.post_json("/things", sent).await.assert_fault(400, error);
        }
    }
}

#[tokio::test]
async fn a_search_finds_what_somebody_controls() {
    for instance in engines().await {
        let app = &instance.app;
        let world = World::new(app).await;
        for (name, tags, language, category) in [
            ("one", "game,free", "en_GB", "software"),
            ("two", "games", "de_DE", "software"),
            ("three", "game,software", "fr_FR", "text"),
        ] {
            let url = format!("https://{name}.example/");
            own(app, world.bob_id, &url).await;
            let said = json!({
                "url": url, "title": format!("Number {name}"), "tags": tags,
                "language": language, "category": category,
            });
            world.bob.post_json("/things", said).await.ok(201);
        }
        world.bob.submit("https://draft.example/", "Number four").await;
        let found = |query: &str| {
            let (program, path) = (&world.stranger, format!("/things/search?{query}"));
            async move {
                let found = program.get(&path).await.ok(200).body;
                let things = found["things"].as_array().expect("a list").iter();
                let mut titles: Vec<String> = things
                    .map(|thing| thing["title"].as_str().expect("text").replace("Number ", ""))
                    .collect();
                titles.sort();
                assert_eq!(found["items"], titles.len());
                assert!(found["total_items"].is_i64() && found["page"] == 1);
                titles.join(" ")
            }
        };
        assert_eq!(found("query=number&").await, "one three two");
        assert_eq!(found("query=number&count=1").await.len(), 3, "a page of one");
        assert_eq!(found("tags=game+%7C+games+!+software").await, "one two");
        assert_eq!(found("tags=free&category=text").await, "");
        assert_eq!(found("language=de_DE,fr_FR").await, "three two");
        assert_eq!(found("category=software").await, "one two");
        assert_eq!(found("url=https://two.example/").await, "two");
        assert_eq!(found("url=nonsense").await, "");
        assert_eq!(found("user=bob&sort=flattrs_month&query=number").await, "one three two");
        assert_eq!(found("user=nobody-here&sort=odd").await, "");
        assert_eq!(found("query=draft").await, "", "not proven, so nobody else's business");
    }
}

/// Of fifty that describe one page at once one does, and it has one number.
#[tokio::test]
async fn fifty_at_once_describe_a_page_once() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..50 {
            let bob = world.bob.clone();
            let said = json!({ "url": "https://new.example/", "title": format!("{number}") });
            tasks.spawn(async move { (number, bob.post_json("/things", said).await) });
        }
        let answers = tasks.join_all().await;
        let made: Vec<_> = answers.iter().filter(|(_, answer)| answer.status == 201).collect();
        let [(number, made)] = made.as_slice() else { panic!("{} were made", made.len()) };
        for (_, refused) in answers.iter().filter(|(_, answer)| answer.status != 201) {
            refused.assert_fault(400, "validation");
        }
        let thing = world.bob.get(&format!("/things/{}", made.body["id"])).await.ok(200);
        assert_eq!(thing.body["title"], number.to_string(), "its words stand");
    }
}

/// A work that no old client has asked for yet gets one number, whoever asks first.
#[tokio::test]
async fn fifty_at_once_find_one_number() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        own(&instance.app, world.bob_id, "https://bob.example/fresh").await;
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let stranger = world.stranger.clone();
            let path = "/things/lookup?url=https://bob.example/fresh";
            tasks.spawn(
                async move { stranger.get(path).await.ok(302).header("location").to_owned() },
            );
        }
        let mut places = tasks.join_all().await;
        places.sort();
        places.dedup();
        assert_eq!(places.len(), 1, "{places:?}");
    }
}
