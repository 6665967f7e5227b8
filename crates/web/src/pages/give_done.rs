//! After a click: thanks, what the work has now, the way back and to undo it.

use askama::Template;
use obole_app::{month, sites};
use obole_domain::{Site, WorkId};
use obole_store::works::{self, WorkRow};

use crate::answer::{self, Answer};
use crate::form::Query;
use crate::page::{Page, Place};
use crate::pages::clicks_change::standing;
use crate::pages::subscriptions_list::{Offer, offer_after};
use crate::problem::Problem;
use crate::visitor::Patron;
use crate::words::{month_title, rounded_list, shorten};

#[derive(Template)]
#[template(path = "pages/give_done.html")]
struct DonePage {
    page: Page,
    work: WorkRow,
    heading: String,
    points: i64,
    estimate: String,
    month: String,
    /// The work's own site, if the visitor came from there: its buttons could give at once (B5).
    offered: Option<Site>,
    /// The same click every month.
    offer: Offer,
}

/// `GET /give/done`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    let id = WorkId::parse(query.text("work")).ok_or_else(Problem::not_found)?;
    let found = patron
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
    let work = found.await?.ok_or_else(Problem::not_found)?;
    let points = standing(&patron, id).await?;
    if points == 0 {
        return Ok(answer::see_other("/month"));
    }
    let view = month::view(&patron.app, patron.account(), None).await?;
    let click = view.clicks.iter().find(|click| click.work == id);
    let funded = view.purses.iter().zip(click.map(|click| &click.estimates).into_iter().flatten());
    let funded: Vec<_> =
        funded.filter(|(purse, _)| purse.is_funded).map(|(_, money)| *money).collect();
    let trusted = sites::list(&patron.app, patron.account()).await?;
    let is_new = |site: &Site| trusted.iter().all(|trusted| trusted.site != *site);
    let from = Site::parse(query.text("from")).ok();
    answer::window(&DonePage {
        heading: shorten(work.shown_title(), 120),
        estimate: rounded_list(patron.language, &funded),
        month: month_title(patron.language, view.period),
        offer: offer_after(&patron, &work, points).await?,
        points,
        offered: from.filter(|site| site.holds(&work.url) && is_new(site)),
        page: patron.page(Place::Elsewhere, patron.text("give-thanks")),
        work,
    })
}
