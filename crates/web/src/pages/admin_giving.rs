//! Administration: what one account gives, with a reason, for an hour; the account is told (P3).

use askama::Template;
use axum::extract::Path;
use obole_app::{accounts, glimpses};
use obole_domain::{AccountId, Handle};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

#[derive(Template)]
#[template(path = "pages/admin_giving.html")]
struct GivingPage {
    page: Page,
    filled: Filled,
    handle: String,
    action: String,
    /// Until when it is seen; empty while it is not.
    until: String,
    given: Vec<Line>,
    is_proved: bool,
}

/// A click in words.
struct Line {
    month: String,
    url: String,
    points: i64,
}

/// `GET /admin/accounts/{handle}/giving`
pub async fn show(admin: Admin, Path(handle): Path<String>) -> Answer {
    let (handle, id) = find(&admin, &handle).await?;
    html(&page(&admin, (handle, id), Filled::default()).await?)
}

/// `POST /admin/accounts/{handle}/giving`: with a reason.
pub async fn open(admin: Admin, Path(handle): Path<String>, mut form: Form) -> Answer {
    let (handle, id) = find(&admin, &handle).await?;
    if let Some(reason) = form.reason() {
        let path = format!("/admin/accounts/{handle}/giving");
        glimpses::open(&admin.app, admin.account(), handle.clone(), &reason).await?;
        let done = Done::new("giving-opened").with("handle", handle.to_string());
        return Ok(admin.done(&path, &done));
    }
    unprocessable(&page(&admin, (handle, id), form.filled()).await?)
}

async fn find(admin: &Admin, handle: &str) -> Result<(Handle, AccountId), Problem> {
    let handle = Handle::parse(handle).map_err(|_| Problem::not_found())?;
    let row = accounts::find_by_handle(&admin.app, handle).await?;
    row.map(|row| (row.handle, row.id)).ok_or_else(Problem::not_found)
}

async fn page(
    admin: &Admin,
    (handle, id): (Handle, AccountId),
    filled: Filled,
) -> Result<GivingPage, Problem> {
    let seen = glimpses::look(&admin.app, admin.account(), id).await?;
    let until = seen.as_ref().map(|seen| admin.moment(seen.until));
    let given = seen.map(|seen| seen.given).unwrap_or_default().into_iter();
    let given = given.map(|row| Line {
        month: obole_language::period(admin.language, row.period),
        url: row.url.to_string(),
        points: row.points,
    });
    Ok(GivingPage {
        page: admin.page(Place::Admin, admin.text("giving-title")),
        filled,
        action: format!("/admin/accounts/{handle}/giving"),
        handle: handle.to_string(),
        until: until.unwrap_or_default(),
        given: given.collect(),
        is_proved: admin.proved().is_ok(),
    })
}
