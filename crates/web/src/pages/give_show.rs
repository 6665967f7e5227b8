//! The click page (security.md B2 to B5): our own record of the work, who sent the visitor, points,
//! what it may come to, and one confirming button. Looking at it changes nothing.

use askama::Template;
use axum::http::HeaderMap;
use obole_app::Error;
use obole_app::month::{self, Outlook};
use obole_domain::{CanonicalUrl, Money, Points, Policy, WorkCode};
use obole_store::works::{self, WorkRow};

use crate::answer::{self, Answer, see_other};
use crate::codes;
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::pages::clicks_change::policy;
use crate::pages::give_kept::is_kept;
use crate::pages::give_source::{Source, gives_at_once, source};
use crate::problem::Problem;
use crate::visitor::Visitor;
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

/// The click page.
#[derive(Template)]
#[template(path = "pages/give_show.html")]
pub struct GivePage {
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
    /// Whether a click that was made before the visitor came in waits here.
    is_kept: bool,
    /// Whether the page posts by itself.
    is_at_once: bool,
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
    if WorkCode::is_like(query.text("url")) {
        let work = codes::read(&visitor.app, &mut query, "url").await?;
        return work
            .map_or_else(|| ask(&visitor, &query), |work| Ok(see_other(&codes::give_path(&work))));
    }
    let Some(url) = query.read("url", CanonicalUrl::parse) else { return ask(&visitor, &query) };
    let asked = query.text("points");
    let points = if asked.is_empty() { "1" } else { asked }.to_owned();
    let is_offered = CHOICES.iter().any(|choice| choice.to_string() == points);
    let other = if is_offered { String::new() } else { shorten(&points, 12) };
    let title = shorten(query.text("title"), obole_domain::work::TITLE_MAX);
    let form = Filled::new([("points", points), ("other", other), ("title", title)]);
    let is_kept = is_kept(&visitor.app, &query);
    let form = if is_kept { query.filled() } else { form };
    let source = source(&visitor, &headers, &url);
    let is_pressed = gives_at_once(&visitor, &headers, source.as_ref()).await?;
    let page = page(&visitor, url, form).await?;
    let is_at_once = is_pressed && page.record.is_open();
    answer::window(&GivePage { source, is_kept, is_at_once, ..page })
}

/// The page again with what was refused.
pub async fn refused(
    visitor: &Visitor,
    url: CanonicalUrl,
    form: Filled,
) -> Result<GivePage, Problem> {
    let refusals = form.others(&["points", "other", "title", "note"]);
    let refusals = refusals.into_iter().map(ToOwned::to_owned).collect();
    Ok(GivePage { refusals, ..page(visitor, url, form).await? })
}

/// The page that asks for an address, with what was refused of one.
pub fn ask(visitor: &Visitor, query: &Form) -> Answer {
    let page = visitor.page(Place::Elsewhere, visitor.text("give-ask-title"));
    let ask = AskPage { page, form: query.filled() };
    if query.is_well() { answer::html(&ask) } else { answer::unprocessable(&ask) }
}

async fn page(visitor: &Visitor, url: CanonicalUrl, form: Filled) -> Result<GivePage, Problem> {
    let work = find(visitor, url.clone()).await?;
    let policy = policy(&visitor.app).await?;
    let record = record(visitor, work.as_ref());
    let (choices, outlook) = choices(visitor, work.as_ref(), &policy, &form).await?;
    let heading = work.as_ref().map_or(url.without_scheme(), WorkRow::shown_title);
    Ok(GivePage {
        heading: shorten(heading, TITLE_MAX),
        page: visitor.page(Place::Elsewhere, visitor.text("give-title")),
        standing: outlook.standing,
        is_unfunded: visitor.session.is_some() && outlook.is_unfunded,
        is_fixed: policy.points_max == 1,
        op: visitor.op(),
        refusals: Vec::new(),
        source: None,
        is_kept: false,
        is_at_once: false,
        url,
        record,
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
