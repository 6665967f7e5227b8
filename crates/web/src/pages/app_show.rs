//! One app of a developer: what it is called, where answers go, its secret, its end.

use askama::Template;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use obole_app::oauth::{self, Used};
use obole_domain::client::{ClientId, ClientKind, Redirect};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::apps_list;
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/app_show.html")]
struct AppPage {
    page: Page,
    filled: Filled,
    id: ClientId,
    /// The address of this page.
    address: String,
    /// The secret that was just made; empty otherwise.
    secret: String,
    kind: String,
    has_secret: bool,
    proven: String,
    accounts: i64,
    /// Whether it may be changed at once (W3).
    is_proved: bool,
}

/// `GET /apps/{id}`
pub async fn show(patron: Patron, Path(id): Path<String>) -> Answer {
    let used = find(&patron, &id).await?;
    html(&page(&patron, used, None).await?)
}

/// `POST /apps/{id}`
pub async fn change(patron: Patron, Path(id): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let used = find(&patron, &id).await?;
    let (id, kind) = (used.client.id, used.client.kind);
    if let Some(new) = apps_list::read(&mut form, kind) {
        match oauth::change(&patron.app, patron.account(), id, new).await {
            Ok(()) => {
                return Ok(patron.done(&format!("/apps/{id}"), &Done::new("settings-saved")));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, used, Some(form.filled())).await?)
}

/// `POST /apps/{id}/secret`: the answer shows the secret and is not kept by the browser.
pub async fn rotate(patron: Patron, Path(id): Path<String>, _form: Form) -> Answer {
    patron.proved()?;
    let id = find(&patron, &id).await?.client.id;
    let secret = oauth::rotate(&patron.app, patron.account(), id).await?;
    with_secret(&patron, id, secret).await
}

/// `POST /apps/{id}/delete`
pub async fn delete(patron: Patron, Path(id): Path<String>, _form: Form) -> Answer {
    patron.proved()?;
    let client = find(&patron, &id).await?.client;
    oauth::delete(&patron.app, patron.account(), client.id).await?;
    Ok(patron.done("/apps", &Done::new("apps-deleted").with("name", client.name)))
}

/// The page of an app with the secret that it just got.
pub async fn with_secret(patron: &Patron, id: ClientId, secret: String) -> Answer {
    let used = find(patron, &id.to_string()).await?;
    let page = AppPage { secret, ..page(patron, used, None).await? };
    Ok(([(CACHE_CONTROL, "no-store")], html(&page)?).into_response())
}

async fn find(patron: &Patron, id: &str) -> Result<Used, Problem> {
    let id = ClientId::parse(id).ok_or_else(Problem::not_found)?;
    let all = oauth::list(&patron.app, patron.account()).await?;
    all.into_iter().find(|used| used.client.id == id).ok_or_else(Problem::not_found)
}

async fn page(patron: &Patron, used: Used, filled: Option<Filled>) -> Result<AppPage, Problem> {
    let Used { client, accounts, .. } = used;
    let proven = oauth::proven_host(&patron.app, &client).await?;
    let lines: Vec<&str> = client.redirects.iter().map(Redirect::as_str).collect();
    let (name, site) = (client.name.clone(), client.site.clone());
    let stored = [("name", name.clone()), ("site", site), ("redirects", lines.join("\n"))];
    let kind = match client.kind {
        ClientKind::Public => "apps-public",
        ClientKind::Confidential => "apps-confidential",
        ClientKind::Legacy => "apps-legacy",
    };
    Ok(AppPage {
        page: patron.page(Place::Elsewhere, name),
        filled: filled.unwrap_or_else(|| Filled::new(stored)),
        id: client.id,
        address: format!("/apps/{}", client.id),
        secret: String::new(),
        kind: patron.text(kind),
        has_secret: client.kind.has_secret(),
        proven: proven.unwrap_or_default(),
        accounts,
        is_proved: patron.proved().is_ok(),
    })
}
