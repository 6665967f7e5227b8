//! Things: works, as Flattr calls them (research/flattr-api-v2.md section 7).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::{flattr_numbers, work_details as commands};
use obole_domain::token::Scope;
use obole_domain::{AccountId, CanonicalUrl, WorkId};
use obole_store::work_details::{self, ListOf};
use serde_json::json;

use super::asked::{Answer, Asked, json, ok};
use super::fault::Fault;
use super::gather::Gathered;
use super::shapes::Thing;
use super::{submitted, users};

/// More numbers than a client asks for at once.
const NUMBERS_MAX: usize = 100;

/// `GET /things/{id}`, `GET /things/{id},{id},…`
pub async fn get(asked: Asked, Path(ids): Path<String>) -> Answer {
    if ids.contains(',') {
        return several(&asked, &ids).await;
    }
    ok(&thing(&asked, find(&asked, &ids).await?).await?)
}

/// `GET /things?id=1,2,3`
pub async fn get_several(asked: Asked) -> Answer {
    let ids = asked.fields.get("id").to_owned();
    if ids.is_empty() {
        return Err(Fault::parameter());
    }
    several(&asked, &ids).await
}

/// In the order asked; what is not known is left out.
async fn several(asked: &Asked, ids: &str) -> Answer {
    let numbers = ids.split(',').filter_map(|id| id.trim().parse().ok());
    let works = flattr_numbers::works(asked.app(), numbers.take(NUMBERS_MAX).collect()).await?;
    let gathered = Gathered::of(asked, &works).await?;
    let known = works.into_iter().filter(|work| gathered.find(*work).is_some());
    let things: Vec<Thing> = known.filter_map(|work| gathered.thing(work)).collect();
    if things.is_empty() { Err(Fault::thing_missing()) } else { ok(&things) }
}

/// The work of a number.
pub async fn find(asked: &Asked, id: &str) -> Result<WorkId, Fault> {
    let number = id.trim().parse().map_err(|_| Fault::thing_missing())?;
    let works = flattr_numbers::works(asked.app(), vec![number]).await?;
    works.first().copied().ok_or(Fault::thing_missing())
}

/// A work as a thing.
pub async fn thing(asked: &Asked, work: WorkId) -> Result<Thing, Fault> {
    let gathered = Gathered::of(asked, &[work]).await?;
    gathered.find(work).ok_or(Fault::thing_missing())?;
    gathered.thing(work).ok_or(Fault::thing_missing())
}

/// `GET /user/things`
pub async fn own(asked: Asked) -> Answer {
    let account = asked.account()?;
    list(&asked, account).await
}

/// `GET /users/{name}/things`
pub async fn of_user(asked: Asked, Path(name): Path<String>) -> Answer {
    let account = users::named(&asked, &name).await?.id;
    list(&asked, account).await
}

async fn list(asked: &Asked, account: AccountId) -> Answer {
    let is_own = asked.asker() == Some(account);
    let list =
        ListOf { account, is_own, offset: asked.fields.offset(), limit: asked.fields.count() };
    let found = asked.app().read((), move |read, ()| {
        Box::pin(async move { Ok(work_details::of_account(read, list).await?) })
    });
    let found = found.await?;
    let ids: Vec<WorkId> = found.iter().map(|one| one.work.id).collect();
    let gathered = Gathered::of_found(asked, found).await?;
    let known = ids.into_iter().filter(|work| gathered.find(*work).is_some());
    ok(&known.filter_map(|work| gathered.thing(work)).collect::<Vec<_>>())
}

/// `POST /things`: what the account says of a page counts for others once it has proven control.
pub async fn create(asked: Asked) -> Answer {
    let account = asked.allow(Scope::WorksWrite)?;
    let Some(url) = asked.fields.find("url").filter(|url| !url.is_empty()) else {
        return Err(Fault::parameter());
    };
    let url = CanonicalUrl::parse(url)?;
    let change = submitted::change(&asked.fields);
    let work = commands::describe(asked.app(), account, url, change).await?;
    let numbers = flattr_numbers::numbers(asked.app(), &[work]).await?;
    let id = numbers.get(&work).copied().ok_or(Fault::thing_missing())?;
    let created = json!({
        "id": id,
        "link": asked.links().thing(id),
        "message": "ok",
        "description": "Thing was created successfully",
    });
    json(StatusCode::CREATED, &created)
}

/// `PATCH /things/{id}`
pub async fn update(asked: Asked, Path(id): Path<String>) -> Answer {
    let account = asked.allow(Scope::WorksWrite)?;
    let work = find(&asked, &id).await?;
    commands::change(asked.app(), account, work, submitted::change(&asked.fields)).await?;
    ok(&json!({ "message": "ok", "description": "Thing was updated correctly" }))
}

/// `DELETE /things/{id}`
pub async fn delete(asked: Asked, Path(id): Path<String>) -> Answer {
    let account = asked.allow(Scope::WorksWrite)?;
    let work = find(&asked, &id).await?;
    thing(&asked, work).await?;
    commands::remove(asked.app(), account, work).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
