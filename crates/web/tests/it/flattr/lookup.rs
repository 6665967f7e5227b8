//! Which thing a page is.

use obole_app::testing::{engines, sqlite};
use serde_json::json;

use super::client::{Program, SONG, World};

const ESCAPED: &str = "https%3A%2F%2Fbob.example%2Fsong";

#[tokio::test]
async fn line_09_a_page_is_looked_up_in_all_known_ways() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        let location = format!("http://127.0.0.1:8080/rest/v2/things/{}", world.number);
        for path in [
            format!("?url={ESCAPED}"),
            format!("/?url={ESCAPED}"),
            format!("?url={SONG}"),
            format!("?q={ESCAPED}"),
            format!("/?q={ESCAPED}"),
            format!("/q/{ESCAPED}"),
            format!("/q/{ESCAPED}/"),
            format!("/q/{SONG}"),
            // The same page, spelled otherwise.
            "?url=http%3A%2F%2Fbob.example%2Fsong".to_owned(),
            format!("?url={ESCAPED}%2F"),
        ] {
            let found = world.stranger.get(&format!("/things/lookup{path}")).await.ok(302);
            assert_eq!(found.header("location"), location, "{path}");
            assert_eq!(found.body, json!({ "message": "found", "location": location }), "{path}");
        }
    }
}

#[tokio::test]
async fn line_10_what_is_not_found_is_said_in_every_way() {
    let instance = sqlite().await;
    let program = Program::stranger(&instance.app);
    for url in ["https://unknown.example/", "nonsense", "https%3A%2F%2Funknown.example%2Fpost"] {
        let missing = program.get(&format!("/things/lookup?url={url}")).await;
        missing.assert_fault(404, "not_found");
        assert_eq!(missing.body["message"], "not_found");
        assert_eq!(missing.body["description"], missing.body["error_description"]);
    }
    program.get("/things/lookup").await.assert_fault(400, "invalid_request");
    program.get("/things/lookup?url=").await.assert_fault(400, "invalid_request");
    // Where everybody has a name, the owner can be found.
    let found = program.get("/things/lookup?url=https://github.com/example").await.ok(200);
    assert_eq!(found.body, json!({ "message": "flattrable" }));
}

/// Auto-submit links of Bob's song as they are found in the wild.
fn links() -> Vec<String> {
    let hosts = [
        "http://flattr.com",
        "https://flattr.com",
        "http://127.0.0.1:8080",
        "http://localhost:8080",
    ];
    let rest = ["?user_id=bob&url=", "/?user_id=bob&amp;url="];
    let link =
        |host: &str, rest: &str| format!("{host}/submit/auto{rest}{ESCAPED}&title=Song&&language=");
    hosts.iter().flat_map(|host| rest.iter().map(move |rest| link(host, rest))).collect()
}

fn escaped(text: &str) -> String {
    crate::browser::encode(&[("url", text)])
}

#[tokio::test]
async fn line_11_auto_submit_links_stand_for_their_page() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        for link in links() {
            let found = world.stranger.get(&format!("/things/lookup?{}", escaped(&link))).await;
            assert_eq!(found.ok(302).body["message"], "found", "{link}");
        }
        // Not escaped, the link's parameters stand beside it.
        let beside =
            format!("/things/lookup?url=http://flattr.com/submit/auto?url={ESCAPED}&user_id=bob");
        world.stranger.get(&beside).await.ok(302);
        let wrong =
            format!("/things/lookup?url=http://flattr.com/submit/auto?url={ESCAPED}&user_id=eve");
        world.stranger.get(&wrong).await.assert_fault(400, "validation");
        let first = links().remove(0);
        world.ada.post_form("/flattr", &escaped(&first)).await.ok(200);
        for link in links() {
            let again = world.ada.post_form("/flattr", &escaped(&link)).await;
            again.assert_fault(403, "flattr_once");
        }
        // A page that nobody knows comes into being with its first flattr.
        let new = "https://flattr.com/submit/auto?user_id=carla&title=New\
            &url=https%3A%2F%2Fnew.example%2F";
        world.ada.get(&format!("/things/lookup?{}", escaped(new))).await.ok(404);
        let given = world.ada.post_form("/flattr", &escaped(new)).await.ok(200);
        assert_eq!(given.body["thing"]["url"], "https://new.example/");
        assert_eq!(
            given.body["thing"]["title"], "new.example/",
            "who proved nothing gives no name"
        );
        world.ada.get("/things/lookup?url=https://new.example/").await.ok(302);
        for (sent, status, error) in [
            ("url=https://unknown.example/", 404, "not_found"),
            ("url=http://flattr.com/submit/auto?user_id=bob", 400, "validation"),
            ("url=http://other.example/submit/auto?url=https://a.example/", 404, "not_found"),
            ("url=nonsense", 400, "validation"),
            ("", 400, "invalid_request"),
        ] {
            world.ada.post_form("/flattr", sent).await.assert_fault(status, error);
        }
        let own = "url=http%3A%2F%2Fflattr.com%2Fsubmit%2Fauto%3Fuser_id%3Dada%26\
            url%3Dhttps%3A%2F%2Fada.example%2F";
        world.ada.post_form("/flattr", own).await.assert_fault(403, "flattr_owner");
    }
}

#[tokio::test]
async fn line_12_behind_the_redirect_one_sees_whether_one_gave() {
    for instance in engines().await {
        let world = World::new(&instance.app).await;
        for is_given in [false, true] {
            if is_given {
                world.ada.post(&world.path("/flattr")).await.ok(200);
            }
            let found = world.ada.get(&format!("/things/lookup?url={SONG}")).await.ok(302);
            let path =
                found.header("location").split_once("/rest/v2").expect("a thing").1.to_owned();
            assert_eq!(world.ada.get(&path).await.ok(200).body["flattred"], is_given);
            assert_eq!(world.bob.get(&path).await.ok(200).body["flattred"], false);
        }
    }
}

#[tokio::test]
async fn line_30_scripts_read_a_lookup_with_status_200() {
    let instance = sqlite().await;
    let world = World::new(&instance.app).await;
    let asked = |url: &str| {
        let path = format!("/things/lookup?url={url}&jsonp=show.it");
        let program = world.stranger.clone();
        async move {
            let answer = program.get(&path).await.ok(200);
            assert!(answer.header("content-type").starts_with("text/javascript"));
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
            let json = answer.text.strip_prefix("/**/show.it(").expect("a call");
            let json = json.strip_suffix(");").expect("a call");
            serde_json::from_str::<serde_json::Value>(json).expect("JSON")
        }
    };
    let found = asked(SONG).await;
    assert_eq!((&found["type"], &found["id"]), (&json!("thing"), &json!(world.number)));
    let missing = asked("https://unknown.example/").await;
    assert_eq!(
        (&missing["message"], &missing["error"]),
        (&json!("not_found"), &json!("not_found"))
    );
    let plain = world.stranger.get("/things/lookup?url=https://unknown.example/&jsonp=a(1)").await;
    plain.assert_fault(404, "not_found");
}
