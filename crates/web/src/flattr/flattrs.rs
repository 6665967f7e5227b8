//! Flattrs: clicks of one point, one on a work in a month (research/flattr-api-v2.md section 8,
//! K1).

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::clicks::{self as commands, Give, Target};
use obole_app::{IdempotencyKey, month};
use obole_domain::token::Scope;
use obole_domain::{AccountId, WorkId};
use obole_store::clicks::{self, Shown};
use obole_store::works::WorkRow;

use super::asked::{Answer, Asked, ok};
use super::discover::is_discoverable;
use super::fault::Fault;
use super::gather::Gathered;
use super::shapes::{AnyThing, Done, Flattr, MiniAccount, Owner, WholeAccount};
use super::submitted::Submitted;
use super::{lookup, things, users};

/// `POST /things/{id}/flattr`
pub async fn flattr_thing(asked: Asked, Path(id): Path<String>) -> Answer {
    let patron = asked.allow(Scope::Click)?;
    let work = things::find(&asked, &id).await?;
    let thing = Gathered::of(&asked, &[work]).await?;
    let row = thing.find(work).ok_or(Fault::thing_missing())?.work.clone();
    flattr(&asked, patron, (Target::Work(work), Some(&row), "")).await
}

/// `POST /flattr`
pub async fn flattr_url(asked: Asked) -> Answer {
    let patron = asked.allow(Scope::Click)?;
    let text = asked.fields.get("url").to_owned();
    if text.is_empty() {
        return Err(Fault::url_missing());
    }
    flattr_text(&asked, patron, &text).await
}

async fn flattr_text(asked: &Asked, patron: AccountId, text: &str) -> Answer {
    let submitted = Submitted::read(asked.app(), text, &asked.fields)?;
    let handle = asked.caller.grant.as_ref().map(|grant| grant.handle.as_str());
    if submitted.owner.as_deref().is_some_and(|named| Some(named) == handle) {
        return Err(Fault::own());
    }
    match lookup::find(asked, &submitted).await? {
        Some(work) => flattr(asked, patron, (Target::Work(work.id), Some(&work), "")).await,
        None if submitted.is_link || is_discoverable(&submitted.url) => {
            let (target, title) = (Target::Url(submitted.url), submitted.title.as_str());
            flattr(asked, patron, (target, None, title)).await
        }
        None => Err(Fault::thing_missing()),
    }
}

/// `POST /flattr/bulk`: what an extension gathered. What cannot be given is passed over, for it
/// would be sent again and again; without a budget all waits.
pub async fn flattr_many(asked: Asked) -> Answer {
    let patron = asked.allow(Scope::Click)?;
    let list = asked.fields.list.clone().ok_or(Fault::malformed())?;
    if list.len() > BULK_MAX {
        return Err(Fault::parameter());
    }
    for one in &list {
        let Some(url) = one.get("url").and_then(|url| url.as_str()) else { continue };
        match flattr_text(&asked, patron, url).await {
            Err(fault) if fault == Fault::no_means() => return Err(fault.payment_required()),
            Err(fault) if fault.status.is_server_error() => return Err(fault),
            Err(fault) if fault.error == "rate_limit_exceeded" => return Err(fault),
            _ => {}
        }
    }
    Ok(StatusCode::OK.into_response())
}

/// The most that come at once.
const BULK_MAX: usize = 100;

type Meant<'a> = (Target, Option<&'a WorkRow>, &'a str);

/// Gives one point, unless a click stands. Flattr's clients know no promise of money: without a
/// budget and money for it nothing is given.
async fn flattr(asked: &Asked, patron: AccountId, (target, row, title): Meant<'_>) -> Answer {
    let app = asked.app();
    if row.is_some_and(|row| row.owner == Some(patron)) {
        return Err(Fault::own());
    }
    let outlook = month::outlook(app, patron, row.map(|row| row.id), Vec::new()).await?;
    if outlook.standing > 0 {
        return Err(Fault::once());
    }
    if outlook.is_unfunded {
        return Err(Fault::no_means());
    }
    let way = asked.caller.grant.as_ref().ok_or(Fault::unauthorized())?.way();
    let give = Give { target, title: title.to_owned(), points: 1, note: None, way };
    let op = app.chance().id(app.now()).to_string();
    let key = IdempotencyKey::new(&op, op.as_bytes()).ok_or(Fault::malformed())?;
    let given = commands::give_once(app, patron, &key, give).await?.value;
    let work = WorkId::new(given.work);
    let gathered = Gathered::of(asked, &[work]).await?;
    let thing = gathered.mini(work, false).ok_or(Fault::thing_missing())?;
    let location = Some(thing.resource.clone());
    let done = Done::ok("Thing was successfully flattred");
    ok(&Done { thing: Some(thing), location, ..done })
}

/// `GET /user/flattrs`
pub async fn own(asked: Asked) -> Answer {
    let account = asked.allow(Scope::ClicksRead)?;
    list(&asked, account).await
}

/// `GET /users/{name}/flattrs`: giving is private (P1), so that of others is an empty list.
pub async fn of_user(asked: Asked, Path(name): Path<String>) -> Answer {
    let account = users::named(&asked, &name).await?.id;
    let is_own = asked.asker() == Some(account) && asked.caller.may(Scope::ClicksRead);
    if is_own { list(&asked, account).await } else { ok(&Vec::<Flattr>::new()) }
}

/// `GET /things/{id}/flattrs`: only who asks is told, and only of themselves (P1).
pub async fn of_thing(asked: Asked, Path(id): Path<String>) -> Answer {
    let work = things::find(&asked, &id).await?;
    things::thing(&asked, work).await?;
    let Some(account) = asked.asker().filter(|_| asked.caller.may(Scope::ClicksRead)) else {
        return ok(&Vec::<Flattr>::new());
    };
    let given = history(&asked, account, (0, HISTORY_MAX)).await?;
    let mut given: Vec<Shown> = given.into_iter().filter(|one| one.work == work).collect();
    let offset = usize::try_from(asked.fields.offset()).unwrap_or(usize::MAX);
    given.drain(..offset.min(given.len()));
    given.truncate(usize::try_from(asked.fields.count()).unwrap_or_default());
    ok(&shapes(&asked, account, given).await?)
}

async fn list(asked: &Asked, account: AccountId) -> Answer {
    let (offset, count) = (asked.fields.offset(), asked.fields.count());
    let given = history(asked, account, (offset, count)).await?;
    ok(&shapes(asked, account, given).await?)
}

/// How many months back clicks are kept (P5).
const MONTHS: usize = 14;

/// How many clicks are gone through at most.
const HISTORY_MAX: i64 = 3_000;

/// What an account gave, newest first, month by month.
pub async fn history(
    asked: &Asked,
    patron: AccountId,
    (offset, count): (i64, i64),
) -> Result<Vec<Shown>, Fault> {
    let clock = asked.app().clock_period();
    let found = asked.app().read((), move |read, ()| {
        Box::pin(async move {
            let (mut period, mut found) = (clicks::shown_period(read, clock).await?, Vec::new());
            for _ in 0..=MONTHS {
                let read_already = i64::try_from(found.len()).unwrap_or(i64::MAX);
                let left = offset + count - read_already;
                if left <= 0 || read_already >= HISTORY_MAX {
                    break;
                }
                found.extend(clicks::shown(read, (period, patron), None, left).await?);
                period = period.back(1);
            }
            Ok(found)
        })
    });
    let skipped = usize::try_from(offset).unwrap_or(usize::MAX);
    Ok(found.await?.into_iter().skip(skipped).collect())
}

async fn shapes(asked: &Asked, patron: AccountId, given: Vec<Shown>) -> Result<Vec<Flattr>, Fault> {
    let mut works: Vec<WorkId> = given.iter().map(|one| one.work).collect();
    works.sort_unstable();
    works.dedup();
    let gathered = Gathered::of(asked, &works).await?;
    let owner = owner(asked, patron).await?;
    let is_full = asked.fields.is_full();
    let shape = |one: Shown| {
        let thing = match is_full {
            true => AnyThing::Full(Box::new(gathered.thing(one.work)?)),
            false => AnyThing::Mini(Box::new(gathered.mini(one.work, true)?)),
        };
        let created_at = one.last_at.as_second();
        Some(Flattr { kind: "flattr", created_at, thing, owner: owner.clone() })
    };
    Ok(given.into_iter().filter_map(shape).collect())
}

async fn owner(asked: &Asked, patron: AccountId) -> Result<Owner, Fault> {
    let row = obole_app::accounts::find(asked.app(), patron).await?.ok_or(Fault::user_missing())?;
    if asked.fields.is_full() {
        return Ok(Owner::Full(Box::new(WholeAccount::of(asked.app(), &row))));
    }
    Ok(Owner::Mini(MiniAccount::of(&asked.links(), row.handle.as_str())))
}
