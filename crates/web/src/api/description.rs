//! The description of the API (OpenAPI 3.1), made from the handlers.

use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::response::{ResponseBuilder, Responses};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr};
use utoipa::{Modify, OpenApi as _};

use crate::api::cached::with_tag;
use crate::api::problem::ProblemShape;

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
    modifiers(&Token),
    tags(
        (name = "Clicks", description = "Give, list, change, take back"),
        (name = "Subscriptions", description = "Clicks that come back each month"),
        (name = "Works", description = "What can be clicked"),
        (name = "Account", description = "Whom the token speaks for: wallets, budgets, vouchers"),
        (name = "Statements", description = "What settled months came to for the account"),
        (name = "Settlements", description = "What settled months came to for all"),
        (name = "Webhooks", description = "Endpoints that are told what happens to the account"),
        (name = "Description", description = "This description"),
    ),
)]
struct Head;

struct Token;

impl Modify for Token {
    fn modify(&self, description: &mut OpenApi) {
        let mut token = Http::new(HttpAuthScheme::Bearer);
        token.description =
            Some("A token of yours or of your app, `obo_…`, with the scopes named".to_owned());
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The description without its routes.
#[must_use]
pub fn head() -> OpenApi {
    let mut head = Head::openapi();
    head.info.contact = None;
    head
}

/// The whole description, made once.
static DESCRIPTION: LazyLock<String> = LazyLock::new(|| {
    let (_, mut description) = super::routes().split_for_parts();
    description.paths.paths.values_mut().flat_map(operations).for_each(add_problems);
    description.to_pretty_json().unwrap_or_default()
});

/// This description
#[utoipa::path(
    get, path = "/openapi.json", tag = "Description",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)),
)]
pub async fn show_description(headers: HeaderMap) -> Response {
    with_tag(&headers, DESCRIPTION.as_bytes().to_vec())
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// Adds the problems that a request of this kind can come to: they follow from what it sends.
fn add_problems(operation: &mut Operation) {
    let parameters = operation.parameters.iter().flatten();
    let places: Vec<ParameterIn> = parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter.parameter_in.clone()),
            RefOr::Ref(_) => None,
        })
        .collect();
    let has_body = operation.request_body.is_some();
    let has_query = places.contains(&ParameterIn::Query);
    let has_path = places.contains(&ParameterIn::Path);
    let has_token = operation.security.is_some();
    let is_once = places.contains(&ParameterIn::Header);
    let problems = [
        (
            has_body || has_query || has_path,
            400,
            "The request is not in the form that is described",
        ),
        (true, 401, "No token where one is needed, or one that is not known"),
        (has_token, 403, "The token lacks the scope"),
        (has_path || is_once, 404, "There is no such thing, or it is not the account's"),
        (
            has_body,
            409,
            "Something else was changed at the same moment; with `Retry-After`: the first request \
             with this key is still being done",
        ),
        (has_body, 413, "The body is longer than 64 KiB"),
        (has_body, 415, "The body is not `application/json`"),
        (has_body || has_query, 422, "A rule stands in the way; `code` says which"),
        (true, 429, "Too many requests; `Retry-After` says how long to wait"),
        (true, 500, "A fault of the instance"),
        (true, 503, "Busy; `Retry-After` says how long to wait"),
    ];
    for (_, status, about) in problems.into_iter().filter(|(is_possible, ..)| *is_possible) {
        add_problem(&mut operation.responses, status, about);
    }
}

fn add_problem(responses: &mut Responses, status: u16, about: &str) {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response =
        ResponseBuilder::new().description(about).content("application/problem+json", content);
    let response = RefOr::T(response.build());
    responses.responses.entry(status.to_string()).or_insert(response);
}
