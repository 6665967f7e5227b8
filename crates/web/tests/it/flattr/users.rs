//! Accounts, as Flattr calls them users, and the fixed lists.

use obole_app::testing::{engines, sqlite};
use serde_json::Value;

use super::client::{Program, World};

#[tokio::test]
async fn line_18_texts_of_users_are_never_null() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        for user in [
            world.ada.get("/user").await.ok(200).body,
            world.stranger.get("/users/bob").await.ok(200).body,
            world.stranger.get(&world.path("?full")).await.ok(200).body["owner"].clone(),
        ] {
            for name in [
                "type",
                "resource",
                "link",
                "username",
                "id",
                "firstname",
                "lastname",
                "avatar",
                "about",
                "city",
                "country",
                "url",
            ] {
                assert!(user[name].is_string(), "{name} of {user}");
            }
            assert!(user["active_supporter"].is_i64());
        }
        assert_eq!(world.ada.get("/user").await.body["active_supporter"], 1);
        assert_eq!(world.bob.get("/users/ada").await.body["active_supporter"], 0, "private (P1)");
        world.stranger.get("/users/nobody-here").await.assert_fault(404, "not_found");
        world.stranger.get("/users/nobody").await.assert_fault(404, "not_found");
        world.stranger.get("/users/%20%00").await.assert_fault(404, "not_found");
        let status = world.ada.get("/subscription-status").await.ok(200).body;
        assert_eq!(status["isPaying"], true);
        world.ada.post("/user/verify").await.assert_fault(401, "unauthorized");
    }
}

#[tokio::test]
async fn line_19_address_and_day_of_registration_need_their_scopes() {
    let instance = sqlite().await;
    let app = &instance.app;
    let world = World::new(app).await;
    for (scopes, has_email, has_day) in [
        ("click", false, false),
        ("profile email", true, false),
        ("profile email stats:read", true, true),
        ("profile stats:read", false, false),
    ] {
        let program = Program::of(app, world.ada_id, scopes).await;
        for path in ["/user", "/users/ada"] {
            let user = program.get(path).await.ok(200).body;
            assert_eq!(user["email"] == "ada@obole.example", has_email, "{scopes}");
            assert_eq!(user["email"] == Value::Null, !has_email, "{scopes}");
            assert_eq!(user["registered_at"].is_i64(), has_day, "{scopes}");
        }
        let other = program.get("/users/bob").await.ok(200).body;
        assert_eq!((&other["email"], &other["registered_at"]), (&Value::Null, &Value::Null));
    }
}

#[tokio::test]
async fn line_37_the_fixed_lists_are_in_their_order() {
    let instance = sqlite().await;
    let program = Program::stranger(&instance.app);
    let ids = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["id"].as_str().expect("text").to_owned()).collect()
    };
    let categories = program.get("/categories").await.ok(200).body;
    let expected = ["text", "images", "video", "audio", "software", "people", "rest"];
    assert_eq!(ids(&categories), expected);
    assert_eq!(categories[6]["text"], "Other");
    let languages = program.get("/languages").await.ok(200).body;
    let languages = ids(&languages);
    assert_eq!((languages.len(), languages[0].as_str()), (44, "en_GB"));
    assert!(languages.contains(&"iw_IL".to_owned()));
}
