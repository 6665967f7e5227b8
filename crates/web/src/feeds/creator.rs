//! `GET /feed/creator/{handle}`: the works that a creator has claimed and, where the creator wishes
//! it, how many patrons they had in settled months: from five on, rounded down (P2).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use obole_app::App;
use obole_app::feeds::{self, Creator};
use obole_domain::{Handle, Period, public_count};
use obole_language::{Language, text, text_with};

use crate::address::whole;
use crate::feeds::{Feed, FeedEntry, Name, PUBLIC, claimed, day_of, language, named};
use crate::problem::Problem;
use crate::tagged::{for_every_site, sentence};
use crate::words::month_title;

/// `GET /feed/creator/{handle}`
pub async fn show(State(app): State<App>, name: Name, parts: Parts) -> Response {
    let language = language(&parts);
    let made = made(&app, &named(name), (&parts.headers, language)).await;
    for_every_site(made.unwrap_or_else(|problem| sentence(&problem, language)))
}

async fn made(
    app: &App,
    handle: &str,
    (headers, language): (&HeaderMap, Language),
) -> Result<Response, Problem> {
    let handle = Handle::parse(handle).map_err(|_| Problem::not_found())?;
    let creator = feeds::creator(app, handle).await?.ok_or_else(Problem::not_found)?;
    feed(app, language, creator).answer(headers, PUBLIC)
}

fn feed(app: &App, language: Language, creator: Creator) -> Feed {
    let Creator { account, works, periods } = creator;
    let own = whole(app.config(), &format!("/feed/creator/{}", account.handle), language);
    let page = format!("{}/@{}", app.config().base_url(), account.handle);
    let counts = periods.into_iter().filter_map(|(period, patrons, settled_at)| {
        Some(counted(app, (&own, language), (period, public_count(patrons)?, settled_at)))
    });
    let mut entries: Vec<FeedEntry> = counts.collect();
    entries.extend(works.into_iter().map(|work| claimed(app, language, work)));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    Feed {
        id: own.clone(),
        title: account.shown_name().to_owned(),
        subtitle: text(language, "feeds-creator"),
        updated: day_of(app, account.created_at),
        language,
        own,
        page,
        author: format!("@{}", account.handle),
        entries,
    }
}

/// The news of how many patrons there were in a month.
fn counted(
    app: &App,
    (own, language): (&str, Language),
    (period, patrons, settled_at): (Period, i64, Timestamp),
) -> FeedEntry {
    FeedEntry {
        id: format!("{own}#{period}"),
        title: month_title(language, period),
        updated: day_of(app, settled_at),
        author: None,
        page: format!("{}/settlements/{period}", app.config().base_url()),
        about: String::new(),
        payment: String::new(),
        text: text_with(language, "feeds-patrons", &[("count", patrons.into())]),
        html: String::new(),
    }
}
