//! Leaving (P5): what goes, what stays and why, the money first; and the link that undoes it.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse as _;
use obole_app::deletions::{self, DAYS, Outlook};
use obole_app::wallets::Holdings;
use obole_domain::{Currency, Micros, Money, Refusal};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::cookies::Cookie;
use crate::enter::secret;
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/settings_leave.html")]
struct LeavePage {
    page: Page,
    filled: Filled,
    works: i64,
    years: i64,
    backup_days: i64,
    days: i64,
    wallet: Vec<Left>,
    earnings: Vec<Left>,
    /// What can be given to the pool, by currency, each with the number of its form.
    pool: Vec<(Currency, Money, String)>,
    has_promises: bool,
    is_under_way: bool,
    is_last_admin: bool,
    is_proved: bool,
}

/// Money that is left.
struct Left {
    total: Money,
    /// How much of it waits.
    held: Option<Money>,
}

#[derive(Template)]
#[template(path = "pages/leave_undo.html")]
struct UndoPage {
    page: Page,
    handle: String,
    day: String,
    action: String,
}

/// `GET /settings/leave`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/leave`
pub async fn leave(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    if !form.is_checked("agree") {
        form.refuse("agree", &Refusal::Missing {});
        return unprocessable(&page(&patron, form.filled()).await?);
    }
    match deletions::ask(&patron.app, &patron.session).await {
        Ok(()) => {
            let mut response = patron.done("/", &Done::new("leave-done")).into_response();
            let end: HeaderValue = Cookie::Session.end(&patron.app);
            response.headers_mut().append(SET_COOKIE, end);
            Ok(response)
        }
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(&patron, form.filled()).await?)
        }
    }
}

/// `POST /settings/leave/promises`: lets go of everything that was promised.
pub async fn let_go(patron: Patron, _form: Form) -> Answer {
    deletions::let_go_of_all(&patron.app, patron.account()).await?;
    Ok(patron.done("/settings/leave", &Done::new("leave-money-let-go-done")))
}

/// `POST /settings/leave/pool`: gives what is left of a currency to the pool.
pub async fn give(patron: Patron, form: Form) -> Answer {
    patron.proved()?;
    let currency = patron.app.currency(form.text("currency"))?;
    let given = deletions::give_rest(&patron.app, patron.account(), &form.key()?, currency).await?;
    let done = Done::new("leave-money-pool-done").with("amount", given.value.money());
    Ok(patron.done("/settings/leave", &done))
}

/// `GET /deletion/{link}`: a button, which consumes nothing.
pub async fn ask_link(visitor: Visitor, Path(link): Path<String>) -> Answer {
    let found = deletions::find(&visitor.app, &link).await?;
    let (account, row) = found.ok_or_else(|| Problem::from(Refusal::CodeWrong {}))?;
    secret(html(&UndoPage {
        page: visitor.page(Place::Elsewhere, visitor.text("leave-undo-title")),
        handle: account.handle.to_string(),
        day: day(&visitor, row.erases_at),
        action: format!("/deletion/{link}"),
    }))
}

/// `POST /deletion/{link}`
pub async fn undo(visitor: Visitor, Path(link): Path<String>, _form: Form) -> Answer {
    deletions::undo(&visitor.app, &link).await?;
    Ok(visitor.done("/sign-in", &Done::new("leave-undo-done")))
}

async fn page(patron: &Patron, filled: Filled) -> Result<LeavePage, Problem> {
    let config = patron.app.config();
    let outlook = deletions::outlook(&patron.app, patron.account()).await?;
    Ok(LeavePage {
        page: patron.page(Place::Settings, patron.text("leave-title")),
        filled,
        works: outlook.works,
        years: i64::from(config.privacy.legal_years),
        backup_days: i64::from(config.backup.keep_days),
        days: DAYS,
        has_promises: outlook.wallet.iter().any(|one| one.balance.held > Micros::ZERO),
        pool: pool(patron, &outlook)?,
        wallet: outlook.wallet.iter().map(left).collect(),
        earnings: outlook.earnings.iter().map(left).collect(),
        is_under_way: outlook.is_under_way,
        is_last_admin: outlook.is_last_admin,
        is_proved: patron.proved().is_ok(),
    })
}

fn left(holdings: &Holdings) -> Left {
    let total = holdings.balance.total;
    let held = holdings.balance.held;
    Left { total, held: (held > Micros::ZERO).then(|| Money::new(held, total.currency)) }
}

/// What could go to the pool at once, by currency.
fn pool(patron: &Patron, outlook: &Outlook) -> Result<Vec<(Currency, Money, String)>, Problem> {
    let mut all = Vec::new();
    for currency in patron.app.currencies() {
        let holdings = outlook.wallet.iter().chain(&outlook.earnings);
        let own = holdings.filter(|one| one.balance.total.currency == *currency);
        let sum = Micros::sum(own.map(|one| one.balance.available().amount));
        let sum = sum.map_err(obole_app::Error::from)?;
        if sum.is_positive() {
            all.push((*currency, Money::new(sum, *currency), patron.op()));
        }
    }
    Ok(all)
}
