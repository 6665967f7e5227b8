//! What happened (research/flattr-api-v2.md sections 6.7 and 8.5), as Activity Streams or Atom.
//! What an account gave is told to itself alone (P1), and who gave to its works to nobody (P3):
//! incoming activities are an empty list.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use obole_app::flattr_numbers;
use obole_domain::AccountId;
use obole_domain::token::Scope;
use obole_store::clicks::Shown;
use serde::Serialize;
use serde_json::json;

use super::asked::{Answer, Asked, Format};
use super::fault::Fault;
use super::{flattrs, users};
use crate::words::for_xml;

#[derive(Serialize)]
struct Actor {
    #[serde(rename = "displayName")]
    name: String,
    #[serde(rename = "objectType")]
    kind: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Activity {
    published: String,
    title: String,
    actor: Actor,
    verb: &'static str,
    object: Actor,
    id: String,
}

#[derive(Template)]
#[template(path = "flattr/activities.xml")]
struct Feed {
    id: String,
    title: String,
    updated: String,
    activities: Vec<Activity>,
}

/// `GET /user/activities`
pub async fn own(asked: Asked) -> Answer {
    let account = asked.allow(Scope::ClicksRead)?;
    let grant = asked.caller.grant.as_ref();
    let name = grant.map_or_else(String::new, |grant| grant.handle.to_string());
    answer(&asked, (account, &name), true).await
}

/// `GET /users/{name}/activities`
pub async fn of_user(asked: Asked, Path(name): Path<String>) -> Answer {
    let row = users::named(&asked, &name).await?;
    let is_own = asked.asker() == Some(row.id) && asked.caller.may(Scope::ClicksRead);
    answer(&asked, (row.id, row.handle.as_str()), is_own).await
}

async fn answer(asked: &Asked, (account, name): (AccountId, &str), is_own: bool) -> Answer {
    let is_outgoing = asked.fields.get("type") != "incoming";
    let activities = match is_own && is_outgoing {
        true => outgoing(asked, account, name).await?,
        false => Vec::new(),
    };
    let (kind, body) = match asked.format {
        Format::Atom => ("application/atom+xml; charset=utf-8", atom(asked, name, activities)?),
        _ => {
            let items = json!({ "items": activities });
            ("application/stream+json; charset=utf-8", items.to_string())
        }
    };
    let mut response = body.into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(response)
}

async fn outgoing(asked: &Asked, account: AccountId, name: &str) -> Result<Vec<Activity>, Fault> {
    let page = (asked.fields.offset(), asked.fields.count());
    let given = flattrs::history(asked, account, page).await?;
    let works: Vec<_> = given.iter().map(|one| one.work).collect();
    let numbers = flattr_numbers::numbers(asked.app(), &works).await?;
    let links = asked.links();
    let activity = |one: Shown| {
        let id = numbers.get(&one.work)?;
        let day = one.last_at.strftime("%Y-%m-%d");
        Some(Activity {
            published: published(one.last_at, asked.app().zone()),
            title: format!("{name} flattred \"{}\"", one.title),
            actor: Actor { name: name.to_owned(), kind: "person", url: links.profile(name) },
            verb: "like",
            object: Actor { name: one.title, kind: "bookmark", url: links.thing_page(*id) },
            id: format!("tag:{},{day}:{name}/flattr/{id}", links.host()),
        })
    };
    Ok(given.into_iter().filter_map(activity).collect())
}

/// A moment with its distance from Greenwich in numbers: some clients read no `Z`.
fn published(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn atom(asked: &Asked, name: &str, activities: Vec<Activity>) -> Result<String, Fault> {
    let links = asked.links();
    let newest = activities.first().map(|activity| activity.published.clone());
    let updated = newest.unwrap_or_else(|| published(asked.app().now(), asked.app().zone()));
    let id = format!("{}/activities", links.user(name));
    let feed = Feed { id, title: for_xml(name), updated, activities };
    feed.render().map_err(|error| Fault::from(crate::problem::Problem::from(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_a_numeric_offset() {
        let at: Timestamp = "2023-11-14T09:07:12Z".parse().expect("a moment");
        let zone = TimeZone::get("Europe/Brussels").expect("a zone");
        assert_eq!(published(at, &zone), "2023-11-14T10:07:12+01:00");
        assert_eq!(published(at, &TimeZone::UTC), "2023-11-14T09:07:12+00:00");
    }
}
