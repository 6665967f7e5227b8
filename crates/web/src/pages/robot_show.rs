//! Who reads other sites' pages, why, how often, and how they keep it out: the page that each of
//! its requests names (F6).

use askama::Template;
use obole_app::pages;

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/robot_show.html")]
struct RobotPage {
    page: Page,
    is_reading: bool,
    pause_seconds: i64,
    name: &'static str,
    agent: String,
    contact: String,
    /// The meta element of a page that wants no money.
    declines: &'static str,
}

/// `GET /robot`
pub async fn show(visitor: Visitor) -> Answer {
    let config = visitor.app.config();
    answer::html(&RobotPage {
        page: visitor.page(Place::Elsewhere, visitor.text("robot-title")),
        is_reading: config.reads_pages(),
        pause_seconds: config.fetch.pause_seconds.into(),
        name: pages::READER,
        agent: visitor.app.fetcher().agent().to_owned(),
        contact: config.instance.contact.clone(),
        declines: pages::DECLINES,
    })
}
