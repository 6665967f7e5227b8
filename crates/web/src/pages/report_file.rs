//! Reporting a work or an account: what is wrong, and what one saw.

use askama::Template;
use obole_app::accounts;
use obole_app::reports::{self, About};
use obole_domain::report::{ReportReason, words};
use obole_domain::{Handle, Refusal, WorkId};
use obole_store::works;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::pages::reports_mine::reason_key;
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/report_file.html")]
struct ReportPage {
    page: Page,
    /// The name of the field that says what is reported, and its value.
    about: (&'static str, String),
    shown: String,
    reasons: Vec<Choice>,
    filled: Filled,
}

/// A reason to choose.
struct Choice {
    code: &'static str,
    text: String,
    is_chosen: bool,
}

/// `GET /report?work=` or `?account=`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    html(&page(&patron, &query, Filled::default()).await?)
}

/// `POST /report`
pub async fn file(patron: Patron, mut form: Form) -> Answer {
    let why =
        ReportReason::from_code(form.text("why")).filter(|why| ReportReason::CHOICES.contains(why));
    if why.is_none() {
        form.refuse("why", &Refusal::Missing {});
    }
    let about = about(&form)?;
    let said = form.read("words", words);
    if let Some((why, said)) = why.zip(said) {
        match reports::file(&patron.app, patron.account(), about, (why, &said)).await {
            Ok(_) => return Ok(patron.done("/settings/reports", &Done::new("reports-filed"))),
            Err(error) => form.refused_at("words", error)?,
        }
    }
    unprocessable(&page(&patron, &form, form.filled()).await?)
}

/// What is reported, as the address or the form says.
fn about(form: &Form) -> Result<About, Problem> {
    if let Some(work) = WorkId::parse(form.text("work")) {
        return Ok(About::Work(work));
    }
    let handle = Handle::parse(form.text("account")).map_err(|_| Problem::not_found())?;
    Ok(About::Account(handle))
}

async fn page(patron: &Patron, form: &Form, filled: Filled) -> Result<ReportPage, Problem> {
    let (about, shown) = match about(form)? {
        About::Work(work) => {
            let found = patron.app.read((), move |read, ()| {
                Box::pin(async move { Ok(works::find(read, work).await?) })
            });
            let found = found.await?.ok_or_else(Problem::not_found)?;
            (("work", work.to_string()), found.url.to_string())
        }
        About::Account(handle) => {
            let found = accounts::find_by_handle(&patron.app, handle).await?;
            let found = found.ok_or_else(Problem::not_found)?;
            (("account", found.handle.to_string()), format!("@{}", found.handle))
        }
    };
    let reasons = ReportReason::CHOICES.map(|why| Choice {
        code: why.code(),
        text: patron.text(reason_key(why)),
        is_chosen: filled.value("why") == why.code(),
    });
    Ok(ReportPage {
        page: patron.page(Place::Elsewhere, patron.text("reports-file")),
        about,
        shown,
        reasons: reasons.into(),
        filled,
    })
}
