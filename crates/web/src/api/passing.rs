//! `/works/{id}/passing`: what a work passes on to those that it builds on, as everybody sees it.
//! Setting it needs a fresh sign-in (W3), which no token has.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_app::pass_on;
use obole_domain::team::print_percent;
use obole_store::works;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::works::{Work, parse_id};
use crate::problem::Problem;

/// What passes between a work and others.
#[derive(Serialize, ToSchema)]
pub struct WorkPassing {
    /// What the work passes on of what it receives, after the fee, in percent: 50 at most.
    #[schema(example = "10", pattern = r"^\d{1,2}(\.\d{1,2})?$")]
    pub percent: String,
    /// To which works, by which weights, the heaviest first.
    pub to: Vec<PassingTo>,
    /// Which works pass something on to it; 200 at most.
    pub from: Vec<PassingFrom>,
}

/// A work that another one passes on to.
#[derive(Serialize, ToSchema)]
pub struct PassingTo {
    /// The work.
    pub work: Work,
    /// Its weight among them.
    #[schema(example = 3, minimum = 1)]
    pub weight: i64,
}

/// A work that passes something on.
#[derive(Serialize, ToSchema)]
pub struct PassingFrom {
    /// The work.
    pub work: Work,
    /// What it passes on in all, in percent.
    #[schema(example = "10", pattern = r"^\d{1,2}(\.\d{1,2})?$")]
    pub percent: String,
    /// The weight of the one that was asked for.
    #[schema(example = 1, minimum = 1)]
    pub weight: i64,
    /// The weights of all that it passes on to.
    #[schema(example = 4, minimum = 1)]
    pub weights: i64,
}

/// What passes between a work and others
#[utoipa::path(
    get, path = "/works/{id}/passing", tag = "Works",
    params(("id" = String, Path, description = "The work's id")),
    responses((status = 200, description = "What passes", body = WorkPassing)),
)]
pub async fn get_passing(caller: Caller, Path(id): Path<String>) -> Answer {
    let id = parse_id(&id)?;
    let found = caller
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
    found.await?.ok_or_else(Problem::not_found)?;
    let passing = pass_on::of(&caller.app, id).await?;
    let to = passing.targets.into_iter();
    let from = passing.sources.into_iter().map(|source| PassingFrom {
        percent: print_percent(source.part),
        weight: source.weight,
        weights: source.weights,
        work: source.work.into(),
    });
    let told = WorkPassing {
        percent: print_percent(passing.part),
        to: to.map(|(work, weight)| PassingTo { work: work.into(), weight }).collect(),
        from: from.collect(),
    };
    Ok(Json(told).into_response())
}
