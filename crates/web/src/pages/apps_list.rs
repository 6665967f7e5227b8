//! The apps that a developer registered (security.md O1), and registering another.

use askama::Template;
use obole_app::oauth::{self, NewClient, Used};
use obole_domain::client::{ClientId, ClientKind, Redirect};
use obole_domain::{Refusal, Site};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::pages::app_show;
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/apps_list.html")]
struct AppsPage {
    page: Page,
    filled: Filled,
    apps: Vec<Shown>,
    /// Whether an app may be registered at once (W3).
    is_proved: bool,
}

/// An app in words.
struct Shown {
    id: ClientId,
    name: String,
    accounts: i64,
    used: String,
}

/// `GET /apps`
pub async fn show(patron: Patron) -> Answer {
    let filled = Filled::new([("kind", ClientKind::Public.code().to_owned())]);
    html(&page(&patron, filled).await?)
}

/// `POST /apps`: one that keeps a secret sees it with the answer, which is not kept.
pub async fn register(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let kind = form.read("kind", |code| match ClientKind::from_code(code) {
        None | Some(ClientKind::Legacy) => Err(Refusal::Missing {}),
        Some(kind) => Ok(kind),
    });
    if let Some(new) = kind.and_then(|kind| read(&mut form, kind)) {
        match oauth::register(&patron.app, patron.account(), new).await {
            Ok((id, Some(secret))) => return app_show::with_secret(&patron, id, secret).await,
            Ok((id, None)) => {
                return Ok(patron.done(&format!("/apps/{id}"), &Done::new("apps-registered")));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// What the form of an app says: `name`, `site`, `redirects`, an address in each line.
pub fn read(form: &mut Form, kind: ClientKind) -> Option<NewClient> {
    let name = form.read("name", |typed| match typed.trim() {
        "" => Err(Refusal::Missing {}),
        typed => Ok(typed.to_owned()),
    });
    let site = form.read("site", |typed| match typed.trim() {
        "" => Ok(String::new()),
        typed => Site::parse(typed).map(|site| site.to_string()),
    });
    let redirects = form.read("redirects", |typed| {
        let lines = typed.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(|line| Redirect::parse(line, kind)).collect::<Result<Vec<_>, _>>()
    });
    Some(NewClient { name: name?, site: site?, kind, redirects: redirects? })
}

async fn page(patron: &Patron, filled: Filled) -> Result<AppsPage, Problem> {
    let used = oauth::list(&patron.app, patron.account()).await?.into_iter();
    let apps = used.map(|Used { client, accounts, used_at }| Shown {
        id: client.id,
        name: client.name,
        accounts,
        used: used_at.map_or_else(|| patron.text("tokens-unused"), |at| day(patron, at)),
    });
    Ok(AppsPage {
        page: patron.page(Place::Elsewhere, patron.text("apps-title")),
        filled,
        apps: apps.collect(),
        is_proved: patron.proved().is_ok(),
    })
}
