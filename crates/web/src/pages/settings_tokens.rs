//! Settings: personal tokens for the API, each shown once (O2).

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use obole_app::audit_log::Actor;
use obole_app::tokens::{self, NewToken};
use obole_domain::token::{Scope, TokenId};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_tokens.html")]
struct TokensPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    /// The token that was just made; empty otherwise.
    new: String,
    scopes: Vec<Choice>,
    tokens: Vec<Shown>,
    /// Whether a token may be made at once (W3).
    is_proved: bool,
}

/// A scope to choose.
struct Choice {
    name: &'static str,
    about: String,
    is_chosen: bool,
}

/// A token in words.
struct Shown {
    id: TokenId,
    name: String,
    scopes: String,
    made: String,
    used: String,
}

/// `GET /settings/tokens`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, (Filled::default(), Vec::new()), String::new()).await?)
}

/// `POST /settings/tokens`: the answer shows the token and is not kept by the browser.
pub async fn create(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let names = form.all("scope").collect::<Vec<_>>().join(" ");
    let scopes = form.read("scopes", |_| Scope::parse_list(&names));
    let name = form.read("name", |typed| Ok(typed.to_owned()));
    if let (Some(name), Some(scopes)) = (name, scopes.clone()) {
        let (actor, account) = (Actor::Page(patron.account()), patron.account());
        match tokens::create(&patron.app, actor, account, NewToken { name, scopes }).await {
            Ok(token) => {
                let page = page(&patron, (Filled::default(), Vec::new()), token).await?;
                return Ok(([(CACHE_CONTROL, "no-store")], html(&page)?).into_response());
            }
            Err(error) => form.refused(error)?,
        }
    }
    let chosen = scopes.unwrap_or_default();
    unprocessable(&page(&patron, (form.filled(), chosen), String::new()).await?)
}

/// `POST /settings/tokens/revoke`
pub async fn revoke(patron: Patron, form: Form) -> Answer {
    let id = TokenId::parse(form.text("token")).ok_or_else(Problem::malformed)?;
    let account = patron.account();
    tokens::revoke(&patron.app, Actor::Page(account), account, id).await?;
    Ok(patron.done("/settings/tokens", &Done::new("tokens-revoked")))
}

async fn page(
    patron: &Patron,
    (filled, chosen): (Filled, Vec<Scope>),
    new: String,
) -> Result<TokensPage, Problem> {
    let rows = tokens::list(&patron.app, patron.account()).await?;
    let shown = rows.into_iter().map(|row| Shown {
        id: row.id,
        name: row.name,
        scopes: row.scopes,
        made: patron.moment(row.created_at),
        used: row.used_at.map_or_else(|| patron.text("tokens-unused"), |at| patron.moment(at)),
    });
    let choices = Scope::ALL.into_iter().map(|scope| Choice {
        name: scope.name(),
        about: patron.text(about(scope)),
        is_chosen: chosen.contains(&scope),
    });
    Ok(TokensPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/tokens",
        filled,
        new,
        scopes: choices.collect(),
        tokens: shown.collect(),
        is_proved: patron.proved().is_ok(),
    })
}

/// What a scope allows, as its owner reads it.
pub const fn about(scope: Scope) -> &'static str {
    match scope {
        Scope::Profile => "tokens-profile",
        Scope::Email => "tokens-email",
        Scope::Click => "tokens-click",
        Scope::ClicksRead => "tokens-clicks-read",
        Scope::StatsRead => "tokens-stats-read",
        Scope::WorksWrite => "tokens-works-write",
        Scope::Webhooks => "tokens-webhooks",
        Scope::Wallet => "tokens-wallet",
        Scope::Budget => "tokens-budget",
        Scope::Settings => "tokens-settings",
    }
}
