//! `GET /feed/private/{secret}`: a patron's own clicks by day and settled months, for who knows the
//! address. It is stored nowhere on the way, found by no search engine, and its path is not logged.

use askama::Template;
use axum::extract::State;
use axum::http::header::REFERRER_POLICY;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use obole_app::App;
use obole_app::feeds::{self, Day, Private, SettledPeriod};
use obole_domain::Money;
use obole_language::{Language, text, text_with};
use obole_store::clicks::Shown;

use crate::feeds::{Feed, FeedEntry, Name, day_of, language, named};
use crate::problem::Problem;
use crate::tagged::{Kind, sentence};
use crate::words::{money_list, month_title};

const KIND: Kind = Kind { media: super::MEDIA, caching: "no-store" };

#[derive(Template)]
#[template(path = "feeds/day.html")]
struct DayList<'a> {
    language: Language,
    clicks: &'a [Shown],
}

impl DayList<'_> {
    fn points(&self, click: &Shown) -> String {
        text_with(self.language, "feeds-points", &[("count", click.points.get().into())])
    }
}

/// `GET /feed/private/{secret}`
pub async fn show(State(app): State<App>, name: Name, parts: Parts) -> Response {
    let language = language(&parts);
    let made = made(&app, &named(name), (&parts.headers, language)).await;
    let mut response = made.unwrap_or_else(|problem| sentence(&problem, language));
    let headers = response.headers_mut();
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let robots = HeaderName::from_static("x-robots-tag");
    headers.insert(robots, HeaderValue::from_static("noindex, nofollow"));
    response
}

async fn made(
    app: &App,
    secret: &str,
    (headers, language): (&HeaderMap, Language),
) -> Result<Response, Problem> {
    let private = feeds::private(app, secret).await?.ok_or_else(Problem::not_found)?;
    feed(app, language, &private)?.answer(headers, KIND)
}

fn feed(app: &App, language: Language, private: &Private) -> Result<Feed, Problem> {
    let days = private.days.iter().map(|day| told(app, (private, language), day));
    let mut entries = days.collect::<Result<Vec<_>, _>>()?;
    entries.extend(private.periods.iter().map(|one| settled(app, (private, language), one)));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    let instance = app.config().instance.name.clone();
    Ok(Feed {
        id: urn(app, private, "feed"),
        title: text_with(language, "feeds-own-title", &[("instance", instance.as_str().into())]),
        subtitle: text(language, "feeds-own"),
        updated: day_of(app, private.made_at),
        language,
        // Who is shown a copy does not learn the address.
        own: String::new(),
        page: format!("{}/month", app.config().base_url()),
        author: instance,
        entries,
    })
}

/// What names something of one account for ever, whatever its address, and tells nobody whose.
fn urn(app: &App, private: &Private, what: &str) -> String {
    let text = format!("{} {what}", private.account);
    let mac = app.secrets().mac("feed entries", text.as_bytes());
    let bytes = mac.first_chunk().copied().unwrap_or_default();
    format!("urn:uuid:{}", uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

fn told(
    app: &App,
    (private, language): (&Private, Language),
    day: &Day,
) -> Result<FeedEntry, Problem> {
    let count = i64::try_from(day.clicks.len()).unwrap_or(i64::MAX);
    let values = [("day", day.date.into()), ("count", count.into())];
    Ok(FeedEntry {
        id: urn(app, private, &day.date.to_string()),
        title: text_with(language, "feeds-day", &values),
        updated: day.ended_at,
        author: None,
        page: format!("{}/month", app.config().base_url()),
        about: String::new(),
        payment: String::new(),
        text: String::new(),
        html: DayList { language, clicks: &day.clicks }.render()?,
    })
}

fn settled(
    app: &App,
    (private, language): (&Private, Language),
    settled: &SettledPeriod,
) -> FeedEntry {
    let list = |sums: &[Money]| money_list(language, sums);
    let values =
        [("given", list(&settled.given).into()), ("promised", list(&settled.promised).into())];
    FeedEntry {
        id: urn(app, private, &settled.period.to_string()),
        title: month_title(language, settled.period),
        updated: day_of(app, settled.settled_at),
        author: None,
        page: format!("{}/statements/{}", app.config().base_url(), settled.period),
        about: String::new(),
        payment: String::new(),
        text: text_with(language, "feeds-settled", &values),
        html: String::new(),
    }
}
