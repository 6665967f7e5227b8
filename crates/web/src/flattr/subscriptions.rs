//! Subscriptions: a flattr each month until they are ended (research/flattr-api-v2.md section 9).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::IdempotencyKey;
use obole_app::clicks::Target;
use obole_app::subscriptions::{self as commands, Begins, Subscribe};
use obole_domain::subscription::{Length, State};
use obole_domain::token::Scope;
use obole_domain::{AccountId, WorkId};
use obole_store::subscriptions::{self, Shown, SubscriptionRow, Which};
use serde::Serialize;
use serde_json::json;

use super::asked::{Answer, Asked, ok};
use super::fault::Fault;
use super::gather::Gathered;
use super::shapes::{Done, Thing};
use super::things;

/// More than an account has.
const LIST_MAX: i64 = 1_000;

#[derive(Serialize)]
struct Subscription {
    #[serde(rename = "type")]
    kind: &'static str,
    active: bool,
    created_at: i64,
    started_at: i64,
    thing: Thing,
}

/// `GET /user/subscriptions`
pub async fn list(asked: Asked) -> Answer {
    let patron = asked.allow(Scope::Click)?;
    let found = asked.app().read((), move |read, ()| {
        Box::pin(async move {
            let page = (None, LIST_MAX);
            Ok(subscriptions::list_of_patron(read, patron, Which::Standing, page).await?)
        })
    });
    let found = found.await?;
    let works: Vec<WorkId> = found.iter().map(|one| one.subscription.work).collect();
    let gathered = Gathered::of(&asked, &works).await?;
    let shape = |Shown { subscription, .. }: Shown| {
        Some(Subscription {
            kind: "subscription",
            active: subscription.state == State::Running,
            created_at: subscription.created_at.as_second(),
            started_at: subscription.started_at.as_second(),
            thing: gathered.thing(subscription.work)?,
        })
    };
    ok(&found.into_iter().filter_map(shape).collect::<Vec<_>>())
}

/// `POST /things/{id}/subscriptions`: gives at once, unless it was given this month.
pub async fn subscribe(asked: Asked, Path(id): Path<String>) -> Answer {
    let (patron, work) = meant(&asked, &id).await?;
    let gathered = Gathered::of(&asked, &[work]).await?;
    let thing = gathered.thing(work).ok_or(Fault::thing_missing())?;
    let is_given = thing.flattred == Some(true);
    let begins = if is_given { Begins::Next } else { Begins::Now };
    let (target, title) = (Target::Work(work), String::new());
    let length = Length::UntilStopped;
    let subscribe = Subscribe { target, title, points: 1, length, begins };
    let app = asked.app();
    let op = app.chance().id(app.now()).to_string();
    let key = IdempotencyKey::new(&op, op.as_bytes()).ok_or(Fault::malformed())?;
    let subscribed = commands::subscribe(app, patron, &key, subscribe).await;
    subscribed.map_err(|error| Fault::from(error).of_subscription())?;
    let gathered = Gathered::of(&asked, &[work]).await?;
    let done = Done::ok("Successfully subscribed to Thing");
    ok(&Done { thing: gathered.mini(work, false), ..done })
}

/// `PUT /things/{id}/subscriptions`: pauses what runs, starts what is paused.
pub async fn toggle(asked: Asked, Path(id): Path<String>) -> Answer {
    let (patron, work) = meant(&asked, &id).await?;
    let row = standing(&asked, patron, work).await?;
    let is_running = row.state == State::Running;
    let said = match is_running {
        true => commands::pause(asked.app(), patron, row.id).await.map(|_| ("paused", "paused")),
        false => {
            commands::resume(asked.app(), patron, row.id).await.map(|_| ("started", "started"))
        }
    };
    let (message, word) = said.map_err(|error| Fault::from(error).of_subscription())?;
    ok(&json!({ "message": message, "description": format!("Subscription {word}") }))
}

/// `DELETE /things/{id}/subscriptions`
pub async fn unsubscribe(asked: Asked, Path(id): Path<String>) -> Answer {
    let (patron, work) = meant(&asked, &id).await?;
    let row = standing(&asked, patron, work).await?;
    commands::stop(asked.app(), patron, row.id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn meant(asked: &Asked, id: &str) -> Result<(AccountId, WorkId), Fault> {
    let patron = asked.allow(Scope::Click)?;
    Ok((patron, things::find(asked, id).await?))
}

async fn standing(
    asked: &Asked,
    patron: AccountId,
    work: WorkId,
) -> Result<SubscriptionRow, Fault> {
    let found = asked.app().read((), move |read, ()| {
        Box::pin(async move { Ok(subscriptions::find_of_work(read, patron, work).await?) })
    });
    found.await?.ok_or(Fault::subscription_missing())
}
