//! `/me/period`: the open month in a few numbers, for a client that shows it as a bar.

use axum::Json;
use axum::response::IntoResponse as _;
use obole_app::month::{self, OpenPurse};
use obole_domain::token::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::money::Money;

/// The account's open month.
#[derive(Serialize, ToSchema)]
pub struct OpenPeriod {
    /// Which month.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// Whole days until its last one.
    pub days_left: i64,
    /// How many works have a click.
    pub clicks: usize,
    /// The points that share the budgets: those on works whose owner refuses are left out.
    pub points: i64,
    /// What there is to share out, one for each currency with a budget.
    pub budgets: Vec<OpenBudget>,
}

/// A budget of the open month.
#[derive(Serialize, ToSchema)]
pub struct OpenBudget {
    /// The most that is spent.
    pub budget: Money,
    /// What can be shared out: the budget, or what the wallet has where that is less.
    pub means: Money,
    /// What the clicks would come to together if the month ended now.
    pub shared: Money,
    /// Whether there is enough to share out; else the clicks move to the next month.
    pub is_funded: bool,
}

impl From<&OpenPurse> for OpenBudget {
    fn from(purse: &OpenPurse) -> Self {
        Self {
            budget: purse.budget.into(),
            means: purse.means.into(),
            shared: purse.shared.into(),
            is_funded: purse.is_funded,
        }
    }
}

/// The open month
///
/// With `means` and `points` a client reckons what a click would come to, without asking about the
/// page: `means` × its points ÷ all points.
#[utoipa::path(
    get, path = "/me/period", tag = "Account", security(("token" = ["clicks:read"])),
    responses((status = 200, description = "The month", body = OpenPeriod)),
)]
pub async fn get_period(caller: Caller) -> Answer {
    let patron = caller.allow(Scope::ClicksRead)?;
    let view = month::view(&caller.app, patron, None).await?;
    let counted = view.clicks.iter().filter(|click| !click.is_refused);
    let shape = OpenPeriod {
        period: view.period.to_string(),
        days_left: view.days_left,
        clicks: view.clicks.len(),
        points: counted.map(|click| click.points.get()).sum(),
        budgets: view.purses.iter().map(OpenBudget::from).collect(),
    };
    Ok(Json(shape).into_response())
}
