//! Every address of the instance on one page, by group.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use obole_app::App;

use crate::pages;
use crate::problem::Problem;
use crate::{frame, plain, server};

/// All routes with what stands around them.
pub fn router(app: App) -> Router {
    let all = pages_of_all().merge(pages_of_patrons()).merge(pages_of_the_operator());
    let pages = server::inside(all)
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::of_status(METHOD_NOT_ALLOWED))
        .layer(from_fn_with_state(app.clone(), frame::page));
    let router = plain_files().merge(pages).with_state(app.clone());
    server::around(router, &app)
}

const METHOD_NOT_ALLOWED: axum::http::StatusCode = axum::http::StatusCode::METHOD_NOT_ALLOWED;

/// Files and probes: no visitor, no cookie.
fn plain_files() -> Router<App> {
    Router::new()
        .route("/healthz", get(plain::alive))
        .route("/readyz", get(plain::ready))
        .route("/robots.txt", get(plain::robots))
        .route("/.well-known/security.txt", get(plain::security))
        .route("/static/{name}", get(plain::asset))
}

/// Pages that anybody can read.
fn pages_of_all() -> Router<App> {
    Router::new()
        .route("/", get(pages::landing::show))
        .route("/language", post(pages::language_set::set))
        .route("/how", get(pages::how_show::show))
        .route("/works", get(pages::works_list::show))
        .route("/w/{id}", get(pages::work_show::show))
        .route("/@{handle}", get(pages::profile_show::show))
        .route("/settlements", get(pages::settlements_show::list))
        .route("/settlements/{period}", get(pages::settlements_show::show))
        .route("/give", get(pages::give_show::show).post(pages::give_show::give))
}

/// Pages of who gives.
fn pages_of_patrons() -> Router<App> {
    Router::new()
        .route("/statements", get(pages::statements_show::list))
        .route("/statements/{period}", get(pages::statements_show::show))
        .route("/w/{id}/title", post(pages::work_show::set_title))
        .route("/w/{id}/refuse", post(pages::work_show::set_refused))
        .route("/give/done", get(pages::give_done::show))
        .route("/month", get(pages::month_show::show))
        .route("/clicks", post(pages::clicks_change::give))
        .route("/clicks/points", post(pages::clicks_change::set_points))
        .route("/clicks/take-back", post(pages::clicks_change::take_back))
        .route("/clicks/undo", post(pages::clicks_change::undo))
}

/// Pages of who runs the instance: settlement and audit.
fn pages_of_the_operator() -> Router<App> {
    Router::new()
        .route("/admin/settlement", get(pages::admin_settlement::show))
        .route("/admin/settlement/run", post(pages::admin_settlement::run))
        .route("/admin/audit", get(pages::admin_audit::show))
        .route("/admin/audit/run", post(pages::admin_audit::run))
        .route("/admin/audit/release", post(pages::admin_audit::release))
}
