//! Settings: the sites whose buttons give at once, each with what it gave this month (security.md
//! B5, B6).

use askama::Template;
use obole_app::limits::SITE;
use obole_app::sites::{self, Trusted};
use obole_domain::{Site, WorkId};

use crate::address::with_query;
use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_sites.html")]
struct SitesPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    sites: Vec<Shown>,
    /// How many clicks a site can give by itself in a day.
    limit: i64,
}

/// A site in words.
struct Shown {
    trusted: Trusted,
    since: String,
}

/// `GET /settings/sites`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/sites`: from this page, or from the thanks after a click (`from`, the work).
pub async fn trust(patron: Patron, mut form: Form) -> Answer {
    if let Some(site) = form.read("site", Site::parse) {
        let host = site.host().to_owned();
        match sites::trust(&patron.app, patron.account(), site).await {
            Ok(()) => {
                let done = Done::new("sites-trusted").with("host", host);
                return Ok(patron.done(&back(&form), &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

fn back(form: &Form) -> String {
    let work = WorkId::parse(form.text("from")).map(|work| work.to_string());
    work.map_or_else(
        || "/settings/sites".to_owned(),
        |work| with_query("/give/done", &[("work", &work)]),
    )
}

/// `POST /settings/sites/remove`
pub async fn distrust(patron: Patron, form: Form) -> Answer {
    let site = site_of(&form)?;
    let done = Done::new("sites-removed").with("host", site.host().to_owned());
    sites::distrust(&patron.app, patron.account(), site).await?;
    Ok(patron.done("/settings/sites", &done))
}

/// `POST /settings/sites/take-back`: everything that a site gave by itself this month.
pub async fn take_back(patron: Patron, form: Form) -> Answer {
    let site = site_of(&form)?;
    let done = Done::new("sites-taken-back").with("host", site.host().to_owned());
    let count = sites::take_back_all(&patron.app, patron.account(), site).await?;
    Ok(patron.done("/settings/sites", &done.with("count", count)))
}

fn site_of(form: &Form) -> Result<Site, Problem> {
    Site::parse(form.text("site")).map_err(|_| Problem::malformed())
}

async fn page(patron: &Patron, filled: Filled) -> Result<SitesPage, Problem> {
    let sites = sites::list(&patron.app, patron.account()).await?.into_iter();
    let sites = sites.map(|trusted| Shown { since: day(patron, trusted.at), trusted });
    Ok(SitesPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/sites",
        filled,
        sites: sites.collect(),
        limit: SITE.count,
    })
}
