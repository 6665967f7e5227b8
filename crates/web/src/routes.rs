//! Every address of the instance on one page, by group.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use obole_app::App;

use crate::front::Front;
use crate::headers::Listening;
use crate::pages::letters_stop;
use crate::problem::Problem;
use crate::{api, discovery, embed, feeds, flattr, frame, oauth, pages, plain, server};

/// All routes with what stands around them and in front of them.
pub fn router(app: App) -> Router {
    front(app, None).into_router()
}

/// The same for a server, which says where it really listens.
pub fn front(app: App, listening: Option<Listening>) -> Front {
    let router = routed(app.clone());
    Front::new(app, router, listening)
}

fn routed(app: App) -> Router {
    let all = pages_of_all()
        .merge(pages_of_flattr())
        .merge(pages_of_accounts())
        .merge(pages_of_sign_in())
        .merge(pages_of_apps())
        .merge(pages_of_webhooks())
        .merge(pages_of_claims())
        .merge(pages_of_teams())
        .merge(pages_of_patrons())
        .merge(pages_of_subscriptions())
        .merge(pages_of_money())
        .merge(pages_of_creators())
        .merge(pages_of_the_operator())
        .merge(pages_of_admins());
    let pages = server::inside(all)
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::of_status(StatusCode::METHOD_NOT_ALLOWED))
        .layer(from_fn_with_state(app.clone(), frame::page));
    let router = plain_files()
        .merge(api::router(&app))
        .merge(oauth::router(&app))
        .merge(flattr::router(&app))
        .merge(pages)
        .with_state(app.clone());
    server::around(router, &app)
}

/// Files, buttons, feeds and probes: no visitor, no cookie.
fn plain_files() -> Router<App> {
    Router::new()
        .route("/healthz", get(plain::alive))
        .route("/readyz", get(plain::ready))
        .route("/robots.txt", get(plain::robots))
        .route("/.well-known/security.txt", get(plain::security))
        .route("/.well-known/obole", get(discovery::show))
        .route("/.well-known/oauth-authorization-server", get(oauth::metadata::show))
        .route("/static/{name}", get(plain::asset))
        .route("/button/{name}", get(embed::button::show))
        .route("/button/count", get(embed::button::count))
        .route("/button.js", get(embed::script::newest))
        .route(embed::script::fixed_path(), get(embed::script::fixed))
        .merge(flattr::old_buttons())
        .route("/oembed", get(embed::oembed::show))
        .route("/feed/works", get(feeds::works::show))
        .route("/feed/claims", get(feeds::claims::show))
        .route("/feed/creator/{handle}", get(feeds::creator::show))
        .route("/feed/private/{secret}", get(feeds::private::show))
        .route("/letters/{link}/now", get(letters_stop::show_now).post(letters_stop::stop_now))
}

/// Where Flattr's addresses lead.
fn pages_of_flattr() -> Router<App> {
    use flattr::pages;
    Router::new()
        .route("/thing/{id}", get(pages::thing))
        .route("/thing/{id}/{slug}", get(pages::thing_named))
        .route("/thing/qr/{id}", get(pages::sheet))
        .route("/profile/{name}", get(pages::profile))
        .route("/user/{name}", get(pages::profile))
        .route("/donation/give/to/{name}", get(pages::profile))
        .route("/apps/new", get(pages::apps))
        .route("/dashboard/transactions", get(pages::transactions))
        .route("/settings/account/subscription", get(pages::budget))
}

/// Pages that anybody can read.
fn pages_of_all() -> Router<App> {
    Router::new()
        .route("/", get(pages::landing::show))
        .route("/language", post(pages::language_set::set))
        .route("/how", get(pages::how_show::show))
        .route("/developers", get(pages::about_show::developers))
        .route("/api", get(pages::api_show::show))
        .route("/api/problems", get(pages::api_show::problems))
        .route("/buttons", get(pages::buttons_show::show))
        .route("/source", get(pages::about_show::source))
        .route("/robot", get(pages::robot_show::show))
        .route("/letters/{link}", get(pages::letters_stop::show).post(pages::letters_stop::stop))
        .route("/works", get(pages::works_list::show))
        .route("/w/{id}", get(pages::work_show::show))
        .route("/w/{id}/sheet", get(pages::sheet_show::show))
        .route("/w/{id}/qr.svg", get(pages::sheet_show::picture))
        .route("/c", get(pages::code_show::ask))
        .route("/c/{code}", get(pages::code_show::follow))
        .route("/@{handle}", get(pages::profile_show::show))
        .route("/@{handle}/{token}", get(pages::profile_show::show_by_proof))
        .route("/settlements", get(pages::settlements_show::list))
        .route("/settlements/{period}", get(pages::settlements_show::show))
        .route("/give", get(pages::give_show::show).post(pages::give_send::give))
        .route("/submit/auto", get(pages::submit_auto::show))
        .route("/submit/auto/", get(pages::submit_auto::show))
}

/// Coming in, and one's own account.
fn pages_of_accounts() -> Router<App> {
    use pages::{confirm, reset, set_up, settings, settings_data, settings_feed};
    use pages::{settings_invitations, settings_leave, settings_sites, settings_tokens};
    use pages::{sign_up, waiting};
    Router::new()
        .route("/sign-up", get(sign_up::show).post(sign_up::send))
        .route("/invitation", post(sign_up::open))
        .route("/invitation/{code}", get(sign_up::invited))
        .route("/waiting", post(sign_up::wait))
        .route("/waiting/{link}", get(waiting::ask).post(waiting::answer))
        .route("/confirm", get(confirm::show).post(confirm::send))
        .route("/confirm/resend", post(confirm::resend))
        .route("/confirm/address", post(confirm::correct))
        .route("/confirm/{link}", get(confirm::ask).post(confirm::confirm))
        .route("/reset", get(reset::show).post(reset::send))
        .route("/reset/{link}", get(reset::ask).post(reset::set))
        .route("/set-up/{token}", get(set_up::show).post(set_up::send))
        .route("/settings", get(settings::show).post(settings::save))
        .route(
            "/settings/invitations",
            get(settings_invitations::show).post(settings_invitations::invite),
        )
        .route("/settings/invitations/withdraw", post(settings_invitations::withdraw))
        .route("/settings/data", get(settings_data::show).post(settings_data::ask))
        .route("/export/{link}", get(settings_data::ask_link).post(settings_data::fetch))
        .route("/settings/leave", get(settings_leave::show).post(settings_leave::leave))
        .route("/settings/leave/promises", post(settings_leave::let_go))
        .route("/settings/leave/pool", post(settings_leave::give))
        .route("/deletion/{link}", get(settings_leave::ask_link).post(settings_leave::undo))
        .route("/settings/sites", get(settings_sites::show).post(settings_sites::trust))
        .route("/settings/sites/remove", post(settings_sites::distrust))
        .route("/settings/sites/take-back", post(settings_sites::take_back))
        .route("/settings/tokens", get(settings_tokens::show).post(settings_tokens::create))
        .route("/settings/tokens/revoke", post(settings_tokens::revoke))
        .route("/settings/feed", get(settings_feed::show).post(settings_feed::renew))
        .route("/settings/feed/end", post(settings_feed::end))
        .route("/settings/feed/public", post(settings_feed::set_public))
}

/// Signing in, proving again who it is, and the means of both.
fn pages_of_sign_in() -> Router<App> {
    use pages::{proof, settings_passkeys as passkeys, settings_second_factor as factor};
    use pages::{settings_sign_in as settings, sign_in, sign_in_code};
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-in/passkey", post(sign_in::send_passkey))
        .route("/sign-in/passkey/start", post(sign_in::start_passkey))
        .route("/sign-in/code", get(sign_in_code::ask).post(sign_in_code::send))
        .route("/sign-in/proof", get(proof::ask).post(proof::send))
        .route("/sign-in/proof/passkey", post(proof::send_passkey))
        .route("/sign-in/proof/passkey/start", post(proof::start_passkey))
        .route("/sign-out", post(sign_in::end))
        .route("/settings/sign-in", get(settings::show))
        .route("/settings/password", post(settings::password))
        .route("/settings/email", post(settings::email))
        .route("/settings/sessions/end", post(settings::end_session))
        .route("/settings/sessions/end-others", post(settings::end_others))
        .route("/settings/passkeys", get(passkeys::show).post(passkeys::add))
        .route("/settings/passkeys/start", post(passkeys::start))
        .route("/settings/passkeys/rename", post(passkeys::rename))
        .route("/settings/passkeys/remove", post(passkeys::remove))
        .route("/settings/second-factor", get(factor::show).post(factor::confirm))
        .route("/settings/second-factor/begin", post(factor::begin))
        .route("/settings/second-factor/codes", post(factor::renew_codes))
        .route("/settings/second-factor/end", post(factor::end))
        .route("/settings/second-factor/keep", post(factor::keep))
}

/// Programs of others: what developers register, what accounts grant.
fn pages_of_apps() -> Router<App> {
    use oauth::{authorize, device};
    use pages::{app_show, apps_list, settings_apps};
    Router::new()
        .route("/oauth/authorize", get(authorize::show).post(authorize::answer))
        .route("/oauth/authorize/", get(authorize::show).post(authorize::answer))
        .route("/device", get(device::show).post(device::ask))
        .route("/device/answer", post(device::answer))
        .route("/settings/apps", get(settings_apps::show))
        .route("/settings/apps/revoke", post(settings_apps::revoke))
        .route("/settings/apps/take-back", post(settings_apps::take_back))
        .route("/apps", get(apps_list::show).post(apps_list::register))
        .route("/apps/{id}", get(app_show::show).post(app_show::change))
        .route("/apps/{id}/secret", post(app_show::rotate))
        .route("/apps/{id}/delete", post(app_show::delete))
}

/// What an account's programs are told.
fn pages_of_webhooks() -> Router<App> {
    use pages::{settings_webhook, settings_webhooks};
    Router::new()
        .route("/settings/webhooks", get(settings_webhooks::show).post(settings_webhooks::create))
        .route("/settings/webhooks/rotate", post(settings_webhooks::rotate))
        .route("/settings/webhooks/end-secret", post(settings_webhooks::end_secret))
        .route("/settings/webhooks/switch", post(settings_webhooks::switch))
        .route("/settings/webhooks/delete", post(settings_webhooks::delete))
        .route("/settings/webhooks/test", post(settings_webhooks::test))
        .route("/settings/webhooks/{id}", get(settings_webhook::show))
        .route("/settings/webhooks/{id}/replay", post(settings_webhook::replay))
}

/// Claims: beginning one, one's own, and all of them in the open.
fn pages_of_claims() -> Router<App> {
    use pages::{claim_begin, claim_disputes, claims_log, claims_mine};
    Router::new()
        .route("/claim", get(claim_begin::show).post(claim_begin::begin))
        .route("/claims", get(claims_log::show))
        .route("/claims/of/{host}", get(claims_log::show_host))
        .route("/claims/mine", get(claims_mine::list))
        .route("/claims/mine/{id}", get(claims_mine::show))
        .route("/claims/mine/{id}/check", post(claims_mine::check))
        .route("/claims/mine/{id}/leave", post(claims_mine::leave))
        .route("/claims/mine/{id}/give-away", post(claims_mine::give_away))
        .route("/claims/mine/{id}/refuse", post(claims_mine::set_refuses))
        .route("/claims/mine/{id}/dispute", post(claim_disputes::file))
        .route("/claims/mine/{id}/dispute/answer", post(claim_disputes::answer))
        .route("/claims/mine/{id}/dispute/withdraw", post(claim_disputes::withdraw))
}

/// Teams, and what works pass on to one another.
fn pages_of_teams() -> Router<App> {
    use pages::{passing_edit, team_answer, team_change, team_show, team_statements, teams_list};
    Router::new()
        .route("/teams", get(teams_list::show).post(teams_list::found))
        .route("/teams/{handle}", get(team_show::show))
        .route("/teams/{handle}/invite", post(team_change::invite))
        .route("/teams/{handle}/withdraw", post(team_change::withdraw))
        .route("/teams/{handle}/role", post(team_change::set_role))
        .route("/teams/{handle}/remove", post(team_change::remove))
        .route("/teams/{handle}/leave", post(team_change::leave))
        .route("/teams/{handle}/percentages", post(team_change::percentages))
        .route("/teams/{handle}/open", post(team_change::open))
        .route("/teams/{handle}/share", post(team_change::share))
        .route("/teams/{handle}/close", post(team_change::close))
        .route("/teams/{handle}/statements", get(team_statements::list))
        .route("/teams/{handle}/statements/{period}", get(team_statements::show))
        .route("/team-invitation/{link}", get(team_answer::ask).post(team_answer::answer))
        .route("/w/{id}/passing", get(passing_edit::show).post(passing_edit::set))
        .route("/w/{id}/passing/file", post(passing_edit::bring))
        .route("/creator/passing", get(passing_edit::list).post(passing_edit::let_go))
}

/// Pages of who gives.
fn pages_of_patrons() -> Router<App> {
    Router::new()
        .route("/statements", get(pages::statements_show::list))
        .route("/statements/{period}", get(pages::statements_show::show))
        .route("/w/{id}/supporters", post(pages::work_supporters::set))
        .route("/w/{id}/title", post(pages::work_show::set_title))
        .route("/w/{id}/refuse", post(pages::work_show::set_refused))
        .route("/w/{id}/code", post(pages::sheet_show::make_code))
        .route("/give/done", get(pages::give_done::show))
        .route("/month", get(pages::month_show::show))
        .route("/report", get(pages::report_file::show).post(pages::report_file::file))
        .route("/settings/reports", get(pages::reports_mine::show))
        .route("/appeal/{link}", get(pages::appeal_show::show).post(pages::appeal_show::appeal))
        .route("/import", get(pages::import_show::show).post(pages::import_show::bring))
        .route("/import/answer", post(pages::import_show::answer))
        .route("/clicks", post(pages::clicks_change::give))
        .route("/clicks/points", post(pages::clicks_change::set_points))
        .route("/clicks/take-back", post(pages::clicks_change::take_back))
        .route("/clicks/undo", post(pages::clicks_change::undo))
}

/// Clicks that come back each month.
fn pages_of_subscriptions() -> Router<App> {
    use pages::{subscriptions_change as change, subscriptions_list as list};
    Router::new()
        .route("/subscriptions", get(list::show).post(change::subscribe))
        .route("/subscriptions/change", post(change::change))
        .route("/subscriptions/pause", post(change::pause))
        .route("/subscriptions/start", post(change::start))
        .route("/subscriptions/stop", post(change::stop))
        .route("/subscriptions/take-back", post(change::take_back))
}

/// Pages of who runs the instance: accounts, mails, settlement and audit.
fn pages_of_the_operator() -> Router<App> {
    use pages::{admin_accounts, admin_disputes, admin_giving, admin_invitations as invitations};
    use pages::{admin_mails, admin_reports, admin_signals};
    Router::new()
        .route("/admin/accounts", get(admin_accounts::list))
        .route("/admin/accounts/{handle}", get(admin_accounts::show))
        .route("/admin/accounts/{handle}/giving", get(admin_giving::show).post(admin_giving::open))
        .route("/admin/accounts/{handle}/suspend", post(admin_accounts::suspend))
        .route("/admin/accounts/{handle}/restore", post(admin_accounts::restore))
        .route("/admin/accounts/{handle}/second-factor", post(admin_accounts::help))
        .route("/admin/accounts/{handle}/second-factor/stop", post(admin_accounts::stop_help))
        .route("/admin/disputes", get(admin_disputes::show).post(admin_disputes::judge))
        .route("/admin/disputes/file", post(admin_disputes::file))
        .route("/admin/reports", get(admin_reports::show).post(admin_reports::decide))
        .route("/admin/reports/appeal", post(admin_reports::judge_appeal))
        .route("/admin/reports/show-again", post(admin_reports::show_again))
        .route("/admin/signals", get(admin_signals::list))
        .route("/admin/signals/{id}", get(admin_signals::show).post(admin_signals::decide))
        .route("/admin/signals/{id}/open", post(admin_signals::open))
        .route("/admin/invitations", get(invitations::show))
        .route("/admin/invitations/next", post(invitations::next))
        .route("/admin/invitations/more", post(invitations::more))
        .route("/admin/apps", get(pages::admin_apps::show).post(pages::admin_apps::set))
        .route("/admin/mails", get(admin_mails::list))
        .route("/admin/mails/try", post(admin_mails::hurry))
        .route("/admin/mails/{id}", get(admin_mails::show))
        .route("/admin/settlement", get(pages::admin_settlement::show))
        .route("/admin/settlement/run", post(pages::admin_settlement::run))
        .route("/admin/audit", get(pages::admin_audit::show))
        .route("/admin/audit/run", post(pages::admin_audit::run))
        .route("/admin/audit/release", post(pages::admin_audit::release))
        .route("/admin/backups", get(pages::admin_backups::show))
        .route("/admin/backups/compare", post(pages::admin_backups::compare))
        .route("/admin/backups/end", post(pages::admin_backups::end))
}

/// Pages of a patron's money.
fn pages_of_money() -> Router<App> {
    Router::new()
        .route("/wallet", get(pages::wallet_show::show))
        .route("/wallet/voucher", post(pages::wallet_change::redeem))
        .route("/wallet/play-money", post(pages::wallet_change::play_money))
        .route("/wallet/promises/let-go", post(pages::wallet_change::let_go))
        .route(
            "/wallet/refund",
            get(pages::refund_request::show).post(pages::refund_request::request),
        )
        .route("/wallet/earnings", post(pages::refund_request::return_earnings))
        .route("/budget", get(pages::budget_edit::show).post(pages::budget_edit::set))
}

/// Pages of who receives.
fn pages_of_creators() -> Router<App> {
    use pages::creator_waiting as waiting;
    Router::new()
        .route("/creator", get(pages::creator_show::show))
        .route("/creator/payout", post(pages::creator_change::request))
        .route("/creator/move", post(pages::creator_change::move_earnings))
        .route("/creator/threshold", post(pages::creator_change::set_threshold))
        .route("/creator/currencies", post(pages::creator_change::set_currencies))
        .route("/creator/bank", get(pages::creator_bank::show).post(pages::creator_bank::set))
        .route("/creator/payouts", get(pages::creator_payouts::show))
        .route("/creator/earnings", get(pages::creator_payouts::earnings))
        .route("/creator/waiting", get(waiting::show).post(waiting::answer))
        .route("/creator/notes", get(pages::creator_notes::show).post(pages::creator_notes::answer))
}

/// Pages of administrators: money, works, rules, the log.
fn pages_of_admins() -> Router<App> {
    use pages::{admin_payout_batch as batch, admin_vouchers as vouchers};
    Router::new()
        .route("/admin", get(pages::admin_show::show))
        .route("/admin/vouchers", get(vouchers::show).post(vouchers::create))
        .route("/admin/vouchers/{batch}", get(vouchers::show_batch))
        .route("/admin/vouchers/{batch}/void", post(vouchers::void))
        .route("/admin/payouts", get(pages::admin_payouts::show).post(pages::admin_payouts::create))
        .route("/admin/payouts/reverse", post(pages::admin_payouts::reverse))
        .route("/admin/payouts/{batch}", get(batch::show))
        .route("/admin/payouts/{batch}/approve", post(batch::approve))
        .route("/admin/payouts/{batch}/file", post(batch::hand_out))
        .route("/admin/payouts/{batch}/sent", post(batch::mark_sent))
        .route("/admin/payouts/{batch}/discard", post(batch::discard))
        .route("/admin/refunds", get(pages::admin_refunds::show).post(pages::admin_refunds::answer))
        .route("/admin/works", get(pages::admin_works::show))
        .route("/admin/works/grant", post(pages::admin_works::grant))
        .route("/admin/works/revoke", post(pages::admin_works::revoke))
        .route("/admin/notes", get(pages::admin_notes::show).post(pages::admin_notes::answer))
        .route("/admin/policy", get(pages::admin_policy::show).post(pages::admin_policy::set))
        .route("/admin/policy/preset", post(pages::admin_policy::set_preset))
        .route("/admin/log", get(pages::admin_log::show))
}
