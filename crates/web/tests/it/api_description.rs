//! The description of the API: complete, and a contract whose changes show.

use std::collections::BTreeSet;

use axum::body::Body;
use obole_app::testing::sqlite;
use serde_json::Value;

use crate::api_client::Client;

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

async fn description() -> (Client, Value, obole_app::testing::Instance) {
    let instance = sqlite().await;
    let client = Client::stranger(&instance.app);
    let description = client.get("/openapi.json").await;
    assert_eq!(description.status.as_u16(), 200);
    assert_eq!(description.header("content-type"), "application/json");
    (client, description.body, instance)
}

#[tokio::test]
async fn the_contract_is_what_it_was() {
    let (_, description, _instance) = description().await;
    insta::assert_json_snapshot!("openapi", crate::api_client::sorted(description));
}

#[tokio::test]
async fn every_route_is_described_and_every_description_is_a_route() {
    let (client, description, _instance) = description().await;
    for (path, operations) in description["paths"].as_object().expect("paths") {
        let address = path.replace(['{', '}'], "");
        let answer = client.send(client.request("OPTIONS", &address).body(Body::empty()).unwrap());
        let answer = answer.await;
        answer.assert_problem(405, "method_not_allowed");
        let allowed: BTreeSet<String> =
            answer.header("allow").split(',').map(str::to_ascii_lowercase).collect();
        let described = METHODS.into_iter().filter(|method| operations.get(method).is_some());
        let mut described: BTreeSet<String> = described.map(ToOwned::to_owned).collect();
        if described.contains("get") {
            described.insert("head".to_owned());
        }
        assert_eq!(allowed, described, "{path}");
    }
    // A route gets into the API's router with its description or not at all.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    for file in std::fs::read_dir(folder).expect("a folder") {
        let path = file.expect("readable").path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        // Those by hand stand beside the version, where nothing is.
        let by_hand = text.matches(".route(").count();
        assert!(by_hand <= 2 * usize::from(path.ends_with("mod.rs")), "{}", path.display());
    }
}

#[tokio::test]
async fn every_operation_says_who_may_and_what_can_go_wrong() {
    let (_, description, _instance) = description().await;
    for (path, operations) in description["paths"].as_object().expect("paths") {
        for method in METHODS {
            let Some(operation) = operations.get(method) else { continue };
            let name = format!("{method} {path}");
            assert!(operation["summary"].is_string() && operation["operationId"].is_string());
            let responses = operation["responses"].as_object().expect("responses");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
            let mut needed = vec!["401", "429", "500", "503"];
            if operation.get("security").is_some() {
                needed.push("403");
            }
            if operation.get("requestBody").is_some() {
                needed.extend(["400", "408", "413", "415"]);
            }
            for status in needed {
                let answer = operation["responses"][status]["$ref"].as_str().expect("shared");
                let place = answer.trim_start_matches('#');
                let answer = description.pointer(place).expect("a shared answer");
                let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                let place = schema.as_str().expect("shared").trim_start_matches('#');
                let schema = &description.pointer(place).expect("a schema")["allOf"];
                assert_eq!(schema[0]["$ref"], "#/components/schemas/Problem", "{name} {status}");
                let codes = schema[1]["properties"]["code"]["enum"].as_array();
                assert!(!codes.expect("codes").is_empty(), "{name} {status}");
            }
        }
    }
}
