//! The first page: one sentence, one picture, what the instance came to so far (P2: sums and counts
//! of settled months only).

use askama::Template;
use obole_app::settlements;
use obole_domain::Money;
use obole_store::settlements::Figures;

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::pages::clicks_change::policy;
use crate::pictures::{Flow, flow};
use crate::preview::Preview;
use crate::visitor::Visitor;
use crate::words::money_list;

#[derive(Template)]
#[template(path = "pages/landing.html")]
struct Landing {
    page: Page,
    flow: Flow,
    figures: Figures,
    given: String,
    fee: String,
}

/// `GET /`
pub async fn show(visitor: Visitor) -> Answer {
    if visitor.session.is_some() {
        return Ok(answer::see_other("/month"));
    }
    let figures = settlements::figures(&visitor.app).await?;
    let policy = policy(&visitor.app).await?;
    let whole = |sum: &Money| Money::new(sum.amount.whole_cents(sum.currency), sum.currency);
    let given: Vec<Money> = figures.given.iter().map(whole).collect();
    let mut page = visitor.page(Place::Elsewhere, visitor.app.config().instance.name.clone());
    page.description = visitor.text("landing-sentence");
    page.preview = Some(Preview::new(&visitor, "/").feed("feeds-works", "/feed/works"));
    answer::html(&Landing {
        flow: flow(visitor.language, visitor.app.main_currency()),
        given: money_list(visitor.language, &given),
        fee: obole_language::percent(visitor.language, policy.fee_ppm),
        figures,
        page,
    })
}
