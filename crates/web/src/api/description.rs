//! The description of the API (OpenAPI 3.1), made from the handlers.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;

use crate::api::cached::with_tag;
use crate::api::description::answers::{Sends, Shared};
use crate::api::problem::ProblemShape;

mod access;
mod answers;
mod examples;
mod headers;
mod links;

/// What stands at the head of the description.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Obole",
        version = "1",
        description = include_str!("introduction.md"),
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
        contact(),
    ),
    servers((url = "/api/v1", description = "This instance")),
    components(schemas(ProblemShape)),
    tags(
        (name = "Clicks", description = "Give, list, change, take back"),
        (name = "Subscriptions", description = "Clicks that come back each month"),
        (name = "Works", description = "What can be clicked"),
        (name = "Account", description = "Whom the token speaks for: wallets, budgets, earnings"),
        (name = "Statements", description = "What settled months came to for the account"),
        (name = "Settlements", description = "What settled months came to for all"),
        (name = "Webhooks", description = "Endpoints that are told what happens to the account"),
        (name = "Settings", description = "What the account says of itself"),
        (name = "Trust", description = "Sites and apps that the account trusts"),
        (name = "Description", description = "This description"),
    ),
)]
struct Head;

/// The description without its routes.
#[must_use]
pub fn head() -> OpenApi {
    let mut head = Head::openapi();
    head.info.contact = None;
    head
}

/// The whole description, made once.
static DESCRIPTION: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (_, description) = super::routes().split_for_parts();
    let mut whole = serde_json::to_value(description).unwrap_or_default();
    complete(&mut whole);
    serde_json::to_vec_pretty(&whole).unwrap_or_default()
});

/// The description as it is served.
#[must_use]
pub fn text() -> &'static [u8] {
    &DESCRIPTION
}

/// This description
#[utoipa::path(
    get, path = "/openapi.json", tag = "Description",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)),
)]
pub async fn show_description(headers: HeaderMap) -> Response {
    with_tag(&headers, text().to_vec())
}

/// Operations whose answers have an entity tag.
const TAGGED: [&str; 4] =
    ["show_description", "get_work", "list_works_of_prefix", "get_settlement"];

/// Adds what follows from what the routes say: problems, headers, links, examples, who may.
fn complete(whole: &mut Value) {
    let mut shared = Shared::default();
    let paths = whole["paths"].as_object_mut().into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object_mut().into_iter().flatten());
    for (method, operation) in operations {
        if let Some(operation) = operation.as_object_mut() {
            complete_one(method, operation, &mut shared);
        }
    }
    let components = &mut whole["components"];
    components["responses"] = Value::Object(shared.answers);
    if let Some(schemas) = components["schemas"].as_object_mut() {
        schemas.extend(shared.schemas);
    }
    components["headers"] = Value::Object(headers::components());
    components["securitySchemes"] = access::schemes();
}

fn complete_one(method: &str, operation: &mut Map<String, Value>, shared: &mut Shared) {
    let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sends = sends(method, operation);
    access::add(operation);
    if TAGGED.contains(&name.as_str()) {
        let known = json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The `ETag` of the answer that you have",
            "schema": { "type": "string" },
        });
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        parameters.as_array_mut().into_iter().for_each(|all| all.push(known.clone()));
    }
    let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else {
        return;
    };
    let is_tagged = TAGGED.contains(&name.as_str());
    for answer in answers.values_mut() {
        let mut all = headers::common();
        headers::add(&mut all, if is_tagged { &["ETag"] } else { &[] });
        headers::add(&mut all, if sends.page { &["Link"] } else { &[] });
        headers::add(&mut all, if sends.key { &["Idempotent-Replayed"] } else { &[] });
        answer["headers"] = Value::Object(all);
    }
    if is_tagged {
        let mut all = headers::common();
        headers::add(&mut all, &["ETag"]);
        let same = json!({ "description": "You have it already", "headers": all });
        answers.insert("304".to_owned(), same);
    }
    answers::add(&name, &answers::codes(&name, sends), shared, answers);
    links::add(&name, answers);
    examples::add(operation);
}

/// What an operation sends.
fn sends(method: &str, operation: &Map<String, Value>) -> Sends {
    let parameters = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let parameters: Vec<&Value> = parameters.collect();
    let has = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let named = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    Sends {
        body: operation.contains_key("requestBody"),
        query: has("query"),
        page: named("after"),
        path: has("path"),
        key: named("Idempotency-Key"),
        token: operation.contains_key("security"),
        change: method != "get",
    }
}
