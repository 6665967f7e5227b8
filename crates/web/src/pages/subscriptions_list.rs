//! A patron's subscriptions: what each gives, what it gave last, and why not where it did not.

use askama::Template;
use obole_domain::click::Way;
use obole_domain::subscription::{Ending, Miss, State};
use obole_domain::{Period, SubscriptionId, WorkId};
use obole_language::{Arg, text_with};
use obole_store::subscriptions::{self, Shown, Which};
use obole_store::works::WorkRow;
use obole_store::{clicks, settings};

use crate::address::with_query;
use crate::answer::{Answer, html, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};
use crate::words::shorten;

/// How many stand on one page, and how many that ended are shown.
const PAGE: usize = 50;
const ENDED: i64 = 20;

/// The longest title, in characters.
const TITLE_MAX: usize = 90;

#[derive(Template)]
#[template(path = "pages/subscriptions_list.html")]
struct ListPage {
    page: Page,
    /// How many stand.
    count: i64,
    standing: Vec<Row>,
    ended: Vec<Row>,
    previous: String,
    next: String,
    /// What is wrong with something that stands on another page.
    problems: Vec<String>,
    /// One of the forms that change something.
    form: Filled,
    /// The form that subscribes.
    new: Filled,
    op: String,
    /// Whether subscriptions gave something this month.
    has_given: bool,
}

/// A subscription in words.
struct Row {
    id: SubscriptionId,
    work: WorkId,
    title: String,
    site: String,
    points: String,
    number: i64,
    length: String,
    facts: Vec<String>,
    is_paused: bool,
    is_stopped: bool,
}

/// The offer to subscribe to a work.
pub struct Offer {
    /// The points of the subscription that stands.
    pub standing: Option<i64>,
    /// The work's address.
    pub url: String,
    /// The points to begin with.
    pub points: i64,
    /// The number of the form (K1).
    pub op: String,
    /// The page that it stands on.
    pub from: &'static str,
    /// The key of what it says.
    pub about: &'static str,
}

/// What is offered after a click of so many points: this month has had its own.
pub async fn offer_after(patron: &Patron, work: &WorkRow, points: i64) -> Result<Offer, Problem> {
    let offer = offer(patron, work).await?;
    let most = offer.points;
    let points = points.min(most);
    Ok(Offer { points, from: "done", about: "subscriptions-every-month-next", ..offer })
}

/// What is offered on a work's page; `points` is the most that one can have.
async fn offer(patron: &Patron, work: &WorkRow) -> Result<Offer, Problem> {
    let (account, id) = (patron.account(), work.id);
    let read = patron.app.read((), move |read, ()| {
        Box::pin(async move {
            let standing = subscriptions::find_of_work(read, account, id).await?;
            Ok((standing, settings::policy(read).await?.points_max))
        })
    });
    let (standing, points) = read.await?;
    Ok(Offer {
        standing: standing.map(|row| row.points.get()),
        url: work.url.to_string(),
        points,
        op: patron.op(),
        from: "work",
        about: "subscriptions-every-month-now",
    })
}

/// What is offered to somebody who looks at a work; none where they can not give to it.
pub async fn offer_on(visitor: &Visitor, work: &WorkRow) -> Result<Option<Offer>, Problem> {
    let Some(session) = visitor.session.clone() else { return Ok(None) };
    if work.refused_at.is_some() || work.owner == Some(session.account) {
        return Ok(None);
    }
    let patron = Patron { visitor: visitor.clone(), session };
    Ok(Some(Offer { points: 1, ..offer(&patron, work).await? }))
}

/// `GET /subscriptions`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    let before = SubscriptionId::parse(query.text("before"));
    html(&page(&patron, before, (Filled::default(), Filled::default())).await?)
}

/// The page again where subscribing was refused.
pub async fn refused_new(patron: &Patron, form: &Form) -> Answer {
    let filled = form.filled();
    let others = filled.others(&["url", "points", "periods"]);
    let problems = others.into_iter().map(ToOwned::to_owned).collect();
    let page = page(patron, None, (Filled::default(), filled)).await?;
    unprocessable(&ListPage { problems, ..page })
}

/// The page again where a change of one was refused.
pub async fn refused(patron: &Patron, form: &Form) -> Answer {
    let filled = form.filled();
    let others = filled.others(&["points", "periods"]);
    let problems = others.into_iter().map(ToOwned::to_owned).collect();
    let page = page(patron, None, (filled, Filled::default())).await?;
    unprocessable(&ListPage { problems, ..page })
}

async fn page(
    patron: &Patron,
    before: Option<SubscriptionId>,
    forms: (Filled, Filled),
) -> Result<ListPage, Problem> {
    let (account, clock) = (patron.account(), patron.app.clock_period());
    let read = patron.app.read((), move |read, ()| {
        Box::pin(async move {
            let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
            let standing =
                subscriptions::list_of_patron(read, account, Which::Standing, (before, limit));
            let standing = standing.await?;
            let ended =
                subscriptions::list_of_patron(read, account, Which::Ended, (None, ENDED)).await?;
            let count = subscriptions::count_standing(read, account).await?;
            let period = clicks::shown_period(read, clock).await?;
            let given = clicks::begun(read, (period, account), Way::Subscription).await?;
            Ok((standing, ended, count, !given.is_empty()))
        })
    });
    let (mut standing, ended, count, has_given) = read.await?;
    let is_more = standing.len() > PAGE;
    standing.truncate(PAGE);
    let last = standing.last().filter(|_| is_more).map(|last| last.subscription.id.to_string());
    let next = last.map(|last| with_query("/subscriptions", &[("before", &last)]));
    let (form, new) = forms;
    Ok(ListPage {
        page: patron.page(Place::Month, patron.text("subscriptions-title")),
        count,
        standing: standing.iter().map(|shown| row(patron, shown)).collect(),
        ended: ended.iter().map(|shown| row(patron, shown)).collect(),
        previous: before.map(|_| "/subscriptions".to_owned()).unwrap_or_default(),
        next: next.unwrap_or_default(),
        problems: Vec::new(),
        form,
        new,
        op: patron.op(),
        has_given,
    })
}

fn row(patron: &Patron, shown: &Shown) -> Row {
    let row = &shown.subscription;
    let with = |key: &str, value: Arg, name| text_with(patron.language, key, &[(name, value)]);
    let length = match row.periods_left {
        Some(left) => with("subscriptions-left", left.into(), "count"),
        None => patron.text("subscriptions-until-stopped"),
    };
    Row {
        id: row.id,
        work: row.work,
        title: shorten(&shown.title, TITLE_MAX),
        site: shown.url.host().to_owned(),
        points: with("subscriptions-points", row.points.get().into(), "count"),
        number: row.points.get(),
        length,
        facts: facts(patron, shown),
        is_paused: row.state == State::Paused,
        is_stopped: row.state == State::Ended(Ending::Stopped),
    }
}

/// Whether a number of periods is what was chosen.
#[must_use]
pub fn is_length(periods: &i64, chosen: &str) -> bool {
    chosen.parse() == Ok(*periods)
}

/// How it ended.
const fn ended(ending: Ending) -> &'static str {
    match ending {
        Ending::Stopped => "subscriptions-ended-stopped",
        Ending::Over => "subscriptions-ended-over",
        Ending::OwnWork => "subscriptions-ended-own-work",
        Ending::WorkRefused => "subscriptions-ended-work-refused",
        Ending::Disliked => "subscriptions-ended-disliked",
    }
}

/// Why it gave nothing.
const fn missed(miss: Miss) -> &'static str {
    match miss {
        Miss::ClickedAlready => "subscriptions-missed-clicked-already",
        Miss::PointsFull => "subscriptions-missed-points-full",
        Miss::PointsOutOfRange => "subscriptions-missed-points-out-of-range",
        Miss::Suspended => "subscriptions-missed-suspended",
        Miss::GivenAlready => "subscriptions-missed-given-already",
    }
}

/// What it gave last, what it did not give and why, when it begins, how it ended.
fn facts(patron: &Patron, shown: &Shown) -> Vec<String> {
    let row = &shown.subscription;
    let of_month = |key: &str, period: Period| {
        text_with(patron.language, key, &[("month", Arg::from(period))])
    };
    let mut facts = Vec::new();
    if let (State::Ended(ending), Some(at)) = (row.state, row.ended_at) {
        let day = ("day", day(patron, at).into());
        facts.push(text_with(patron.language, ended(ending), &[day]));
    }
    if let Some(ending) = shown.will_end() {
        let is_own = ending == Ending::OwnWork;
        let (own, refused) =
            ("subscriptions-will-end-own-work", "subscriptions-will-end-work-refused");
        facts.push(patron.text(if is_own { own } else { refused }));
    }
    facts.extend(row.last_given.map(|period| of_month("subscriptions-given", period)));
    if let Some((period, why)) = row.missed {
        facts.push(of_month(missed(why), period));
    }
    if row.state == State::Running && row.last_given.is_none() && shown.will_end().is_none() {
        facts.push(of_month("subscriptions-first", row.due));
    }
    facts
}
