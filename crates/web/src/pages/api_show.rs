//! The API for people: every operation with its parameters, answers and examples, and every code
//! with its meaning. With script a request can be sent from here.

use askama::Template;

use crate::answer::{self, Answer};
use crate::api::problems::{all, meaning};
use crate::api::reference::{Group, groups};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/api_show.html")]
struct ApiPage {
    page: Page,
    base_url: String,
    groups: &'static [Group],
}

/// `GET /api`
pub async fn show(visitor: Visitor) -> Answer {
    answer::html(&ApiPage {
        page: visitor.page(Place::Elsewhere, visitor.text("reference-title")),
        base_url: visitor.app.config().base_url(),
        groups: groups(),
    })
}

#[derive(Template)]
#[template(path = "pages/api_problems.html")]
struct ProblemsPage {
    page: Page,
    problems: Vec<Known>,
}

/// A code and what it means.
struct Known {
    code: &'static str,
    status: u16,
    meaning: String,
}

/// `GET /api/problems`: where the `type` of a problem leads.
pub async fn problems(visitor: Visitor) -> Answer {
    let known =
        |(code, status)| Known { code, status, meaning: meaning(visitor.language, code, status) };
    answer::html(&ProblemsPage {
        page: visitor.page(Place::Elsewhere, visitor.text("reference-problems")),
        problems: all().into_iter().map(known).collect(),
    })
}
