//! The monthly budget, one a currency; at once effective.

use askama::Template;
use obole_app::budgets;
use obole_domain::{Currency, Money};
use obole_language::money_typed;
use obole_store::{budgets as rows, settings};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::money_form;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/budget_edit.html")]
struct BudgetPage {
    page: Page,
    budgets: Vec<Budget>,
}

struct Budget {
    code: String,
    now: Money,
    minimum: Money,
    form: Filled,
}

/// `GET /budget`
pub async fn show(patron: Patron) -> Answer {
    answer::html(&page(&patron, None).await?)
}

/// `POST /budget`
pub async fn set(patron: Patron, mut form: Form) -> Answer {
    if let Some(budget) = money_form::amount(&patron.app, &mut form) {
        match budgets::set(&patron.app, patron.account(), budget).await {
            Ok(_) if budget.amount.is_positive() => {
                let done = Done::new("wallet-budget-set").with("amount", budget);
                return Ok(patron.done("/budget", &done));
            }
            Ok(_) => return Ok(patron.done("/budget", &Done::new("wallet-budget-ended"))),
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&patron, Some(&form)).await?)
}

async fn page(patron: &Patron, refused: Option<&Form>) -> Result<BudgetPage, Problem> {
    let account = patron.account();
    let found = patron.app.read((), move |read, ()| {
        Box::pin(async move {
            Ok((rows::of(read, account).await?, settings::policy(read).await?.budget_min))
        })
    });
    let (set, minimum) = found.await?;
    let budget = |currency: &Currency| {
        let now = set.iter().find(|budget| budget.currency == *currency).copied();
        let now = now.unwrap_or(Money::new(obole_domain::Micros::ZERO, *currency));
        let own = refused.filter(|form| form.text("currency") == currency.code());
        let typed = money_typed(patron.language, now);
        let typed = if now.amount.is_positive() { typed } else { String::new() };
        let first = || Filled::new([("amount", typed)]);
        Budget {
            code: currency.code().to_owned(),
            now,
            minimum: Money::new(minimum, *currency),
            form: own.map_or_else(first, Form::filled),
        }
    };
    Ok(BudgetPage {
        page: patron.page(Place::Month, patron.text("wallet-budget-title")),
        budgets: patron.app.currencies().iter().map(budget).collect(),
    })
}
