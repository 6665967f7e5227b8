//! Subscribing, and what is done to subscriptions: each goes on to a page that says what was done.

use obole_app::Error;
use obole_app::clicks::Target;
use obole_app::subscriptions::{self, Begins, Change, Subscribe, Subscribed};
use obole_domain::subscription::Length;
use obole_domain::{CanonicalUrl, Points, Policy, SubscriptionId, WorkCode};
use obole_store::subscriptions::SubscriptionRow;

use crate::address::with_query;
use crate::answer::{Answer, Done};
use crate::codes;
use crate::form::Form;
use crate::page::Tone;
use crate::pages::clicks_change::{policy, title};
use crate::pages::subscriptions_list::{refused, refused_new};
use crate::problem::Problem;
use crate::visitor::Patron;
use crate::words::shorten;

const HERE: &str = "/subscriptions";

/// The longest title in a sentence, in characters.
const TITLE_SHORT: usize = 80;

/// `POST /subscriptions`: from this page, from the thanks after a click (`from=done`: this month
/// has had its click), or from a work's page (`from=work`).
pub async fn subscribe(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    let policy = policy(&patron.app).await?;
    if WorkCode::is_like(form.text("url")) {
        let Some(work) = codes::read(&patron.app, &mut form, "url").await? else {
            return refused_new(&patron, &form).await;
        };
        form.replace("url", work.url.as_str());
    }
    let Some(subscribe) = read_subscribe(&mut form, &policy) else {
        return refused_new(&patron, &form).await;
    };
    match subscriptions::subscribe(&patron.app, patron.account(), &key, subscribe).await {
        Ok(made) => Ok(patron.done(&back(&form, &made.value), &said(&made.value))),
        Err(error) => {
            form.refused(error)?;
            refused_new(&patron, &form).await
        }
    }
}

fn read_subscribe(form: &mut Form, policy: &Policy) -> Option<Subscribe> {
    let url = form.read("url", CanonicalUrl::parse);
    let points = read_points(form, policy);
    let length = form.read("periods", Length::parse);
    let begins = if form.text("from") == "done" { Begins::Next } else { Begins::Now };
    Some(Subscribe {
        target: Target::Url(url?),
        title: String::new(),
        points: points?.get(),
        length: length?,
        begins,
    })
}

fn read_points(form: &mut Form, policy: &Policy) -> Option<Points> {
    form.read("points", |typed| match typed {
        "" => Ok(Points::ONE),
        typed => Points::parse(typed, policy),
    })
}

/// The page that the form stood on.
fn back(form: &Form, made: &Subscribed) -> String {
    let work = made.work().to_string();
    match form.text("from") {
        "done" => with_query("/give/done", &[("work", &work)]),
        "work" => format!("/w/{work}"),
        _ => HERE.to_owned(),
    }
}

fn said(made: &Subscribed) -> Done {
    let told = &made.told;
    let key = match (made.is_given, told.next()) {
        (true, Some(_)) => "subscriptions-made-given",
        (true, None) => "subscriptions-made-once",
        (false, Some(_)) if told.missed.is_none() => "subscriptions-made-next",
        _ => "subscriptions-made-missed",
    };
    let month = if made.is_given { told.last_given() } else { told.next() };
    let done = Done::new(key).with("title", shorten(&told.title, TITLE_SHORT));
    let done = if key.ends_with("missed") { done.tone(Tone::Warning) } else { done };
    month.map_or(done.clone(), |month| done.with("month", month))
}

/// `POST /subscriptions/pause`
pub async fn pause(patron: Patron, form: Form) -> Answer {
    let ended = subscriptions::pause(&patron.app, patron.account(), id(&form)?).await;
    answer(&patron, form, ended, "subscriptions-done-paused").await
}

/// `POST /subscriptions/start`
pub async fn start(patron: Patron, form: Form) -> Answer {
    let ended = subscriptions::resume(&patron.app, patron.account(), id(&form)?).await;
    answer(&patron, form, ended, "subscriptions-done-started").await
}

/// `POST /subscriptions/stop`: starting it again undoes it.
pub async fn stop(patron: Patron, form: Form) -> Answer {
    let ended = subscriptions::stop(&patron.app, patron.account(), id(&form)?).await;
    answer(&patron, form, ended, "subscriptions-done-stopped").await
}

/// `POST /subscriptions/change`
pub async fn change(patron: Patron, mut form: Form) -> Answer {
    let id = id(&form)?;
    let policy = policy(&patron.app).await?;
    let points = form.read("points", |typed| Points::parse(typed, &policy));
    let length = form.read("periods", |typed| match typed {
        "keep" => Ok(None),
        typed => Length::parse(typed).map(Some),
    });
    let (Some(points), Some(length)) = (points, length) else {
        return refused(&patron, &form).await;
    };
    let change = Change { points: Some(points.get()), length, is_paused: None };
    let ended = subscriptions::change(&patron.app, patron.account(), id, change).await;
    answer(&patron, form, ended, "subscriptions-done-changed").await
}

/// `POST /subscriptions/take-back`: all clicks of this month that subscriptions gave (B6).
pub async fn take_back(patron: Patron, _form: Form) -> Answer {
    let count = subscriptions::take_back_all(&patron.app, patron.account()).await?;
    Ok(patron.done(HERE, &Done::new("subscriptions-done-taken-back").with("count", count)))
}

async fn answer(
    patron: &Patron,
    mut form: Form,
    ended: Result<SubscriptionRow, Error>,
    key: &'static str,
) -> Answer {
    match ended {
        Ok(row) => {
            let title = title(&patron.app, row.work).await?;
            Ok(patron.done(HERE, &Done::new(key).with("title", title)))
        }
        Err(error) => {
            form.refused(error)?;
            refused(patron, &form).await
        }
    }
}

fn id(form: &Form) -> Result<SubscriptionId, Problem> {
    SubscriptionId::parse(form.text("id")).ok_or_else(Problem::not_found)
}
