//! The HTTP API, version 1 (contract.md section 2): what scripts and other programs use. A token
//! says who asks; cookies are not looked at (W2).

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any;
use obole_app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::Problem;
use crate::server;

pub mod body;
pub mod budgets;
pub mod cached;
pub mod caller;
pub mod claims;
pub mod clicks;
pub mod codes;
pub mod cors;
pub mod description;
pub mod disputes;
pub mod earnings;
pub mod frame;
pub mod limits;
pub mod list;
pub mod me;
pub mod money;
pub mod movements;
pub mod notes;
pub mod passing;
pub mod payouts;
pub mod period;
pub mod problem;
pub mod problems;
pub mod profiles;
pub mod promises;
pub mod proposals;
pub mod query;
pub mod reference;
pub mod reports;
pub mod settings;
pub mod settlements;
pub mod statements;
pub mod subscriptions;
pub mod teams;
pub mod trusted;
pub mod vouchers;
pub mod wallets;
pub mod webhooks;
pub mod work_prefixes;
pub mod works;

/// Where version 1 stands.
pub const ROOT: &str = "/api/v1";

/// Everything under `/api`, with what stands around it.
pub fn router(app: &App) -> Router<App> {
    let (version_1, _) = routes().split_for_parts();
    let answer = from_fn_with_state(app.clone(), frame::answer);
    let api = server::inside(version_1)
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::of_status(StatusCode::METHOD_NOT_ALLOWED))
        .layer(answer.clone())
        .layer(from_fn(cors::allow));
    // What stands beside the version: `/api` itself is a page.
    let nothing = any(async || Problem::not_found()).layer(answer).layer(from_fn(cors::allow));
    Router::new().nest(ROOT, api).route("/api/", nothing.clone()).route("/api/{*rest}", nothing)
}

/// Every route with its description: one that is not described cannot be put in.
fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(description::head())
        .routes(routes!(description::show_description))
        .routes(routes!(me::get_me))
        .routes(routes!(period::get_period))
        .routes(routes!(problems::list_problems))
        .routes(routes!(wallets::list_wallets))
        .routes(routes!(promises::list_promises))
        .routes(routes!(promises::let_go_of_promise))
        .routes(routes!(earnings::list_earnings))
        .routes(routes!(earnings::list_waiting_earnings))
        .routes(routes!(earnings::move_earnings))
        .routes(routes!(earnings::return_earnings))
        .routes(routes!(earnings::take_play_money))
        .routes(routes!(movements::list_movements))
        .routes(routes!(payouts::list_payouts))
        .routes(routes!(payouts::get_payout))
        .routes(routes!(payouts::get_payee, payouts::change_payee))
        .routes(routes!(budgets::list_budgets))
        .routes(routes!(budgets::set_budget))
        .routes(routes!(vouchers::redeem_voucher))
        .merge(routes_of_giving())
        .merge(routes_of_works())
        .merge(routes_of_settings())
        .routes(routes!(statements::list_statements))
        .routes(routes!(statements::get_statement))
        .routes(routes!(settlements::list_settlements))
        .routes(routes!(settlements::get_settlement))
        .routes(routes!(webhooks::list_webhooks, webhooks::make_webhook))
        .routes(routes!(webhooks::get_webhook, webhooks::change_webhook, webhooks::delete_webhook))
        .routes(routes!(webhooks::test_webhook))
        .routes(routes!(webhooks::list_deliveries))
        .routes(routes!(webhooks::replay_delivery))
}

/// Clicks, those that come back, and those that are proposed.
fn routes_of_giving() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(clicks::list_clicks, clicks::give_click))
        .routes(routes!(clicks::get_click, clicks::set_click, clicks::take_back_click))
        .routes(routes!(subscriptions::list_subscriptions, subscriptions::make_subscription))
        .routes(routes!(
            subscriptions::get_subscription,
            subscriptions::change_subscription,
            subscriptions::stop_subscription
        ))
        .routes(routes!(
            proposals::list_proposals,
            proposals::bring_proposals,
            proposals::dismiss_all_proposals
        ))
        .routes(routes!(proposals::dismiss_proposals))
}

/// Works, whose they are, and what is wrong with them.
fn routes_of_works() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(works::list_works))
        .routes(routes!(works::get_work, works::change_work))
        .routes(routes!(work_prefixes::list_works_of_prefix))
        .routes(routes!(passing::get_passing))
        .routes(routes!(teams::list_teams))
        .routes(routes!(teams::get_team))
        .routes(routes!(codes::list_codes, codes::make_code))
        .routes(routes!(codes::get_work_of_code))
        .routes(routes!(profiles::get_profile))
        .routes(routes!(reports::report_profile))
        .routes(routes!(reports::report_work))
        .routes(routes!(reports::list_reports))
        .routes(routes!(disputes::list_disputes))
        .routes(routes!(claims::list_own_works))
        .routes(routes!(claims::list_claims))
        .routes(routes!(claims::get_claim))
        .routes(routes!(claims::begin_claim))
        .routes(routes!(claims::check_claim))
        .routes(routes!(notes::list_notes))
        .routes(routes!(notes::change_note))
        .routes(routes!(notes::report_note))
}

/// What the account has set up.
fn routes_of_settings() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(settings::get_settings, settings::change_settings))
        .routes(routes!(settings::get_feed, settings::change_feed))
        .routes(routes!(settings::end_private_feed))
        .routes(routes!(trusted::list_sites, trusted::distrust_site))
        .routes(routes!(trusted::take_back_clicks_of_site))
        .routes(routes!(trusted::list_apps))
        .routes(routes!(trusted::revoke_app))
        .routes(routes!(trusted::take_back_clicks_of_app))
}
