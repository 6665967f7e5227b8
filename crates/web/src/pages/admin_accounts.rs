//! Administration: look accounts up, suspend them, let them in again. Reading is logged too (G1).

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::{accounts, second_factor_help, second_factors, suspensions};
use obole_domain::{AccountId, Handle};
use obole_store::accounts::AccountRow;

use crate::address::with_query;
use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Admin, Visitor};

/// Accounts on a page.
const COUNT: usize = 50;

#[derive(Template)]
#[template(path = "pages/admin_accounts.html")]
struct ListPage {
    page: Page,
    sought: String,
    accounts: Vec<Line>,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/admin_account.html")]
struct AccountPage {
    page: Page,
    filled: Filled,
    account: Line,
    action: String,
    /// Whether it is the reader's own, which cannot be suspended.
    is_own: bool,
    /// Whether writing is allowed at once (W3).
    is_proved: bool,
    /// Whether the account's password goes with a code.
    has_factor: bool,
    /// When that ends on an administrator's word; empty where nobody said so.
    goes_at: String,
}

/// An account in words.
struct Line {
    handle: String,
    name: String,
    email: String,
    confirmed: String,
    is_admin: bool,
    suspended: String,
    made: String,
}

/// `GET /admin/accounts?q=&after=`
pub async fn list(admin: Admin, query: Query) -> Answer {
    let (sought, after) = (query.0.text("q").trim().to_owned(), query.0.text("after").to_owned());
    let limit = i64::try_from(COUNT).unwrap_or_default() + 1;
    let found =
        suspensions::search(&admin.app, actor(&admin), sought.clone(), (after, limit)).await?;
    let last = found.get(COUNT - 1).filter(|_| found.len() > COUNT);
    let next = last.map(|last| {
        with_query("/admin/accounts", &[("q", &sought), ("after", last.handle.as_str())])
    });
    html(&ListPage {
        page: admin.page(Place::Admin, admin.text("accounts-title")),
        sought,
        next: next.unwrap_or_default(),
        accounts: found.iter().take(COUNT).map(|row| line(&admin, row)).collect(),
    })
}

/// `GET /admin/accounts/{handle}`
pub async fn show(admin: Admin, Path(handle): Path<String>) -> Answer {
    let row = find(&admin, &handle).await?;
    suspensions::log_reading(&admin.app, actor(&admin), "account.read", &row.id.to_string())
        .await?;
    html(&page(&admin, &row, Filled::default()).await?)
}

/// `POST /admin/accounts/{handle}/suspend`
pub async fn suspend(admin: Admin, Path(handle): Path<String>, mut form: Form) -> Answer {
    let row = find(&admin, &handle).await?;
    if let Some(reason) = form.read("reason", |typed| Ok(typed.to_owned())) {
        match suspensions::suspend(&admin.app, actor(&admin), row.id, &reason).await {
            Ok(()) => {
                let done = Done::new("accounts-suspend-done").with("handle", handle);
                return Ok(admin.done(&path_of(&row), &done));
            }
            Err(obole_app::Error::Refused(mut said)) => {
                said.field = "reason".to_owned();
                form.refused(obole_app::Error::Refused(said))?;
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&admin, &row, form.filled()).await?)
}

/// `POST /admin/accounts/{handle}/second-factor`: it goes after a time in which its owner can stop
/// that.
pub async fn help(admin: Admin, Path(handle): Path<String>, mut form: Form) -> Answer {
    let row = find(&admin, &handle).await?;
    if let Some(reason) = form.reason() {
        match second_factor_help::ask(&admin.app, actor(&admin), row.id, &reason).await {
            Ok(_) => {
                let done = Done::new("accounts-factor-asked").with("handle", handle);
                return Ok(admin.done(&path_of(&row), &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&admin, &row, form.filled()).await?)
}

/// `POST /admin/accounts/{handle}/second-factor/stop`
pub async fn stop_help(admin: Admin, Path(handle): Path<String>, _form: Form) -> Answer {
    let row = find(&admin, &handle).await?;
    second_factor_help::stop(&admin.app, actor(&admin), row.id).await?;
    let done = Done::new("accounts-factor-stopped").with("handle", handle);
    Ok(admin.done(&path_of(&row), &done))
}

/// `POST /admin/accounts/{handle}/restore`
pub async fn restore(admin: Admin, Path(handle): Path<String>, _form: Form) -> Answer {
    let row = find(&admin, &handle).await?;
    suspensions::restore(&admin.app, actor(&admin), row.id).await?;
    let done = Done::new("accounts-restore-done").with("handle", handle);
    Ok(admin.done(&path_of(&row), &done))
}

fn actor(admin: &Admin) -> Actor {
    let account: AccountId = admin.account();
    Actor::Page(account)
}

async fn find(admin: &Admin, handle: &str) -> Result<AccountRow, Problem> {
    let handle = Handle::parse(handle).map_err(|_| Problem::not_found())?;
    let row = accounts::find_by_handle(&admin.app, handle).await?;
    row.ok_or_else(Problem::not_found)
}

fn path_of(row: &AccountRow) -> String {
    format!("/admin/accounts/{}", row.handle)
}

async fn page(admin: &Admin, row: &AccountRow, filled: Filled) -> Result<AccountPage, Problem> {
    let factor = second_factors::standing(&admin.app, row.id).await?;
    Ok(AccountPage {
        page: admin.page(Place::Admin, format!("@{}", row.handle)),
        filled,
        account: line(admin, row),
        action: path_of(row),
        is_own: row.id == admin.account(),
        is_proved: admin.proved().is_ok(),
        has_factor: factor.on_since.is_some(),
        goes_at: factor.goes_at.map(|at| admin.moment(at)).unwrap_or_default(),
    })
}

fn line(visitor: &Visitor, row: &AccountRow) -> Line {
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| visitor.moment(at)).unwrap_or_default();
    Line {
        handle: row.handle.to_string(),
        name: row.name.clone(),
        email: row.email.to_string(),
        confirmed: moment(row.email_confirmed_at),
        is_admin: row.is_admin,
        suspended: moment(row.suspended_at),
        made: visitor.moment(row.created_at),
    }
}
