//! Flattr's old API (REST version 2), for programs that were written for it and are given our
//! address: a thin layer over the commands that pages and the API use too. The wire is Flattr's
//! (research/flattr-api-v2.md); what happens is ours (docs/decisions/0074 to 0077).

use axum::Router;
use axum::extract::Request;
use axum::routing::{any, get, post};
use obole_app::App;

use crate::server;

mod activities;
mod asked;
mod discover;
mod fault;
mod fields;
mod flattrs;
mod frame;
mod gather;
mod lists;
mod lookup;
mod search;
mod shapes;
mod submitted;
mod subscriptions;
mod things;
mod users;

pub mod button;
pub mod loader;
pub mod pages;

pub use fault::Fault;

/// Where the old API stands.
pub const ROOT: &str = "/rest/v2";

/// What pages that were written for Flattr load.
pub fn old_buttons() -> Router<App> {
    Router::new()
        .route("/js/0.6/load.js", get(loader::script))
        .route("/js/0.5/load.js", get(loader::script))
        .route("/button/view", get(button::view))
        .route("/button/view/", get(button::view))
        .route("/button/popout", get(button::popout))
        .route("/button/popout/", get(button::popout))
        .route("/button/flattr-badge-large.png", get(loader::large))
        .route("/button/flattr-badge-small.png", get(loader::small))
        .route("/button/button-static-50x60.png", get(loader::tall))
        .route("/_img/icons/flattr_logo_16.png", get(loader::small))
}

/// Everything under [`ROOT`]. Old clients end addresses with a slash or a format's suffix, and name
/// methods in fields: the frame reads that before a call is looked for.
pub fn router(app: &App) -> Router<App> {
    let calls = server::inside(calls()).with_state(app.clone());
    let handle = app.clone();
    let answer = move |request: Request| frame::answer(handle.clone(), calls.clone(), request);
    Router::new()
        .route(ROOT, any(answer.clone()))
        .route("/rest/v2/", any(answer.clone()))
        .route("/rest/v2/{*path}", any(answer))
}

/// All calls of section 7 to 14, by their addresses under [`ROOT`].
fn calls() -> Router<App> {
    Router::new()
        .route("/", get(lists::hello))
        .route("/rate_limit", get(lists::rate_limit))
        .route("/categories", get(lists::categories))
        .route("/languages", get(lists::languages))
        .route("/things", get(things::get_several).post(things::create))
        .route("/things/search", get(search::search))
        .route("/things/lookup", get(lookup::look_up))
        .route("/things/lookup/q/{*url}", get(lookup::look_up_path))
        .route("/things/{id}", get(things::get).patch(things::update).delete(things::delete))
        .route("/things/{id}/flattr", post(flattrs::flattr_thing))
        .route("/things/{id}/flattrs", get(flattrs::of_thing))
        .route(
            "/things/{id}/subscriptions",
            post(subscriptions::subscribe)
                .put(subscriptions::toggle)
                .delete(subscriptions::unsubscribe),
        )
        .route("/flattr", post(flattrs::flattr_url))
        .route("/flattr/bulk", post(flattrs::flattr_many))
        .route("/user", get(users::own))
        .route("/user/things", get(things::own))
        .route("/user/flattrs", get(flattrs::own))
        .route("/user/activities", get(activities::own))
        .route("/user/subscriptions", get(subscriptions::list))
        .route("/user/verify", post(users::verify))
        .route("/users/{name}", get(users::one))
        .route("/users/{name}/things", get(things::of_user))
        .route("/users/{name}/flattrs", get(flattrs::of_user))
        .route("/users/{name}/activities", get(activities::of_user))
        .route("/users/{name}/verify", post(users::verify))
        .route("/subscription-status", get(users::status))
        .fallback(async || fault::Fault::route_missing())
        .method_not_allowed_fallback(async || fault::Fault::route_missing())
}
