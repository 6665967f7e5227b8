//! `GET /things/lookup`: which thing a page is (research/flattr-api-v2.md section 7.6). Some
//! clients follow the redirect, some read its body, script tags can do neither.

use axum::extract::Path;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use obole_domain::CanonicalUrl;
use obole_store::works::{self, WorkRow};
use serde_json::json;

use super::asked::{Answer, Asked, json, ok};
use super::discover::is_discoverable;
use super::fault::Fault;
use super::gather::Gathered;
use super::submitted::Submitted;
use super::things;

/// `GET /things/lookup?url=…`
pub async fn look_up(asked: Asked) -> Answer {
    let text = ["url", "q"].into_iter().map(|name| asked.fields.get(name));
    let text = text.filter(|text| !text.is_empty()).map(str::to_owned).next();
    answer(&asked, &text.unwrap_or_default()).await
}

/// `GET /things/lookup/q/{address}`
pub async fn look_up_path(asked: Asked, Path(url): Path<String>) -> Answer {
    // The slash at the end may be the address's own or the call's: both are tried.
    answer(&asked, &url).await
}

async fn answer(asked: &Asked, text: &str) -> Answer {
    if text.is_empty() {
        return Err(Fault::url_missing());
    }
    // What is no address at all is not known either.
    let missing = || Fault::thing_missing().of_lookup();
    let submitted = Submitted::read(asked.app(), text, &asked.fields).map_err(|_| missing())?;
    let Some(work) = find(asked, &submitted).await? else {
        let is_found = is_discoverable(&submitted.url);
        return if is_found { ok(&json!({ "message": "flattrable" })) } else { Err(missing()) };
    };
    if asked.is_script {
        return ok(&things::thing(asked, work.id).await?);
    }
    let gathered = Gathered::of(asked, &[work.id]).await?;
    let thing = gathered.mini(work.id, false).ok_or_else(missing)?;
    let found = json!({ "message": "found", "location": thing.resource });
    let mut response = json(StatusCode::FOUND, &found)?;
    if let Ok(location) = HeaderValue::try_from(thing.resource) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// The work of a page, at its address or the same with another end. Refused where a link names
/// somebody else than who controls it.
pub async fn find(asked: &Asked, submitted: &Submitted) -> Result<Option<WorkRow>, Fault> {
    let urls = spellings(&submitted.url);
    let found = asked.app().read(urls, |read, urls| {
        Box::pin(async move {
            for url in urls {
                let work = works::find_by_url(read, url).await?;
                if let Some(work) = work.filter(|work| work.refused_at.is_none()) {
                    return Ok(Some(work));
                }
            }
            Ok(None)
        })
    });
    let Some(work) = found.await? else { return Ok(None) };
    let named = submitted.owner.as_deref();
    let is_other = |owner: &str| named.is_some_and(|named| !named.eq_ignore_ascii_case(owner));
    if work.owner_handle.as_ref().is_some_and(|owner| is_other(owner.as_str())) {
        return Err(Fault::other_owner());
    }
    Ok(Some(work))
}

/// An address, and the same with or without the slash at its end.
fn spellings(url: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let text = url.as_str();
    let other = match text.split_once('?') {
        Some(_) => None,
        None => Some(text.strip_suffix('/').map_or(format!("{text}/"), str::to_owned)),
    };
    let other = other.and_then(|other| CanonicalUrl::parse(&other).ok());
    [Some(url.clone()), other].into_iter().flatten().collect()
}
