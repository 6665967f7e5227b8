//! The click page (security.md B2 to B4): our own record of the work, who sent the visitor, points,
//! what it may come to, and one confirming button. Looking at it changes nothing.

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::REFERER;
use obole_app::month::{self, Outlook};
use obole_app::{Error, clicks};
use obole_domain::{CanonicalUrl, Money, Points, Policy, WorkId};
use obole_store::works::{self, WorkRow};

use crate::address::{is_own_host, with_query};
use crate::answer::{self, Answer, see_other};
use crate::csrf::origin_of;
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::pages::clicks_change::{policy, read_give};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};
use crate::words::{rounded_list, shorten};

/// The points that are offered to choose from, where the policy allows them.
const CHOICES: [i64; 4] = [1, 5, 25, 100];

/// The longest title shown, in characters.
const TITLE_MAX: usize = 120;

/// A page that asks for an address.
#[derive(Template)]
#[template(path = "pages/give_ask.html")]
struct AskPage {
    page: Page,
    form: Filled,
}

#[derive(Template)]
#[template(path = "pages/give_show.html")]
struct GivePage {
    page: Page,
    url: CanonicalUrl,
    heading: String,
    record: Record,
    source: Option<Source>,
    choices: Vec<Choice>,
    /// Whether the policy leaves nothing to choose.
    is_fixed: bool,
    standing: i64,
    is_unfunded: bool,
    form: Filled,
    /// Sentences about the whole of a form that comes back.
    refusals: Vec<String>,
    op: String,
    sign_in: String,
    sign_up: String,
}

/// What we know of the work.
enum Record {
    /// Nobody has clicked it before.
    New,
    /// Nobody has claimed it.
    Unclaimed,
    /// Somebody controls it.
    Claimed(String),
    /// It is the visitor's own.
    Own,
    /// Its owner does not collect.
    Refused,
}

impl Record {
    /// Whether a click would be taken.
    const fn is_open(&self) -> bool {
        !matches!(self, Self::Own | Self::Refused)
    }

    const fn is_claimed(&self) -> bool {
        matches!(self, Self::Claimed(_))
    }

    const fn is_new(&self) -> bool {
        matches!(self, Self::New)
    }

    const fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }

    fn owner(&self) -> &str {
        if let Self::Claimed(handle) = self { handle } else { "" }
    }
}

/// The site that sent the visitor.
struct Source {
    host: String,
    is_other: bool,
}

struct Choice {
    points: i64,
    is_chosen: bool,
    estimate: String,
}

/// `GET /give`
pub async fn show(visitor: Visitor, headers: HeaderMap, Query(mut query): Query) -> Answer {
    if !query.has("url") {
        return ask(&visitor, &query);
    }
    let Some(url) = query.read("url", CanonicalUrl::parse) else { return ask(&visitor, &query) };
    let asked = query.text("points");
    let points = if asked.is_empty() { "1" } else { asked }.to_owned();
    let is_offered = CHOICES.iter().any(|choice| choice.to_string() == points);
    let other = if is_offered { String::new() } else { shorten(&points, 12) };
    let title = shorten(query.text("title"), obole_domain::work::TITLE_MAX);
    let form = Filled::new([("points", points), ("other", other), ("title", title)]);
    let source = source(&visitor, &headers, &url);
    answer::html(&page(&visitor, url, form, source).await?)
}

/// `POST /give`
pub async fn give(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    let policy = policy(&patron.app).await?;
    let Some(give) = read_give(&mut form, &policy) else { return refused(&patron, form).await };
    match clicks::give(&patron.app, patron.account(), &key, give).await {
        Ok(given) => {
            let work = WorkId::new(given.value.work).to_string();
            Ok(see_other(&with_query("/give/done", &[("work", &work)])))
        }
        Err(error) => {
            form.refused(error)?;
            refused(&patron, form).await
        }
    }
}

/// The page that asks for an address, with what was typed and what is wrong with it.
pub(super) fn ask(visitor: &Visitor, query: &Form) -> Answer {
    let page = visitor.page(Place::Elsewhere, visitor.text("give-ask-title"));
    let ask = AskPage { page, form: query.filled() };
    if query.is_well() { answer::html(&ask) } else { answer::unprocessable(&ask) }
}

async fn refused(patron: &Patron, form: Form) -> Answer {
    let filled = form.filled();
    let Ok(url) = CanonicalUrl::parse(form.text("url")) else { return ask(patron, &form) };
    let refusals = filled.others(&["points", "other", "title", "note"]);
    let refusals = refusals.into_iter().map(ToOwned::to_owned).collect();
    let page = page(patron, url, filled.clone(), None).await?;
    answer::unprocessable(&GivePage { refusals, ..page })
}

async fn page(
    visitor: &Visitor,
    url: CanonicalUrl,
    form: Filled,
    source: Option<Source>,
) -> Result<GivePage, Problem> {
    let work = find(visitor, url.clone()).await?;
    let policy = policy(&visitor.app).await?;
    let record = record(visitor, work.as_ref());
    let (choices, outlook) = choices(visitor, work.as_ref(), &policy, &form).await?;
    let heading = work.as_ref().map_or(url.without_scheme(), WorkRow::shown_title);
    // The sign-in comes back here, also from a form that was refused.
    let points = form.value("points");
    let here = with_query("/give", &[("url", url.as_str()), ("points", points)]);
    Ok(GivePage {
        heading: shorten(heading, TITLE_MAX),
        page: visitor.page(Place::Elsewhere, visitor.text("give-title")),
        standing: outlook.standing,
        is_unfunded: visitor.session.is_some() && outlook.is_unfunded,
        is_fixed: policy.points_max == 1,
        op: visitor.op(),
        sign_in: with_query("/sign-in", &[("back", &here)]),
        sign_up: with_query("/sign-up", &[("back", &here)]),
        refusals: Vec::new(),
        url,
        record,
        source,
        choices,
        form,
    })
}

async fn find(visitor: &Visitor, url: CanonicalUrl) -> Result<Option<WorkRow>, Error> {
    let found = visitor
        .app
        .read(url, |read, url| Box::pin(async move { Ok(works::find_by_url(read, url).await?) }));
    found.await
}

fn record(visitor: &Visitor, work: Option<&WorkRow>) -> Record {
    let Some(work) = work else { return Record::New };
    let own = visitor.session.as_ref().map(|session| session.account);
    match &work.owner_handle {
        _ if work.owner.is_some() && work.owner == own => Record::Own,
        _ if work.refused_at.is_some() => Record::Refused,
        Some(handle) => Record::Claimed(handle.to_string()),
        None => Record::Unclaimed,
    }
}

/// What may be chosen, and what each may come to for who is signed in.
async fn choices(
    visitor: &Visitor,
    work: Option<&WorkRow>,
    policy: &Policy,
    form: &Filled,
) -> Result<(Vec<Choice>, Outlook), Problem> {
    let offered: Vec<Points> =
        CHOICES.iter().filter_map(|points| Points::for_click(*points, policy).ok()).collect();
    let outlook = match &visitor.session {
        Some(session) => {
            let work = work.map(|work| work.id);
            month::outlook(&visitor.app, session.account, work, offered.clone()).await?
        }
        None => Outlook::default(),
    };
    let choices = offered.iter().enumerate().map(|(place, points)| {
        let estimates: &[Money] = outlook.estimates.get(place).map_or(&[], Vec::as_slice);
        Choice {
            points: points.get(),
            is_chosen: form.value("points") == points.get().to_string(),
            estimate: rounded_list(visitor.language, estimates),
        }
    });
    Ok((choices.collect(), outlook))
}

/// The site whose page the visitor comes from; none from this instance itself or where the browser
/// does not say (B3).
fn source(visitor: &Visitor, headers: &HeaderMap, url: &CanonicalUrl) -> Option<Source> {
    let referer = headers.get(REFERER)?.to_str().ok()?;
    // Parsed as addresses of works are, so that it shows in punycode and without a user part.
    let page = CanonicalUrl::parse(origin_of(referer)).ok()?;
    if is_own_host(visitor.app.config(), page.host(), None) {
        return None;
    }
    Some(Source { host: page.host().to_owned(), is_other: page.origin() != url.origin() })
}
