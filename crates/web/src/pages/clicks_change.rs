//! Clicks are given, changed and taken back from the month's page.

use obole_app::clicks::{self, Give, Target};
use obole_app::{App, Error};
use obole_domain::click::{Way, clean_text};
use obole_domain::work::TITLE_MAX;
use obole_domain::{AccountId, CanonicalUrl, Note, Points, Policy, Refusal, WorkCode, WorkId};
use obole_store::{settings, works};

use crate::answer::{Answer, Done};
use crate::codes;
use crate::form::Form;
use crate::pages::month_show;
use crate::problem::Problem;
use crate::visitor::Patron;
use crate::words::shorten;

/// The longest title in a sentence, in characters.
const TITLE_SHORT: usize = 80;

/// `POST /clicks`: a link that was pasted.
pub async fn give(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    let policy = policy(&patron.app).await?;
    if WorkCode::is_like(form.text("url")) {
        let Some(work) = codes::read(&patron.app, &mut form, "url").await? else {
            return month_show::refused(&patron, &form).await;
        };
        form.replace("url", work.url.as_str());
    }
    let Some(give) = read_give(&mut form, &policy) else {
        return month_show::refused(&patron, &form).await;
    };
    match clicks::give(&patron.app, patron.account(), &key, give).await {
        Ok(given) => {
            let title = title(&patron.app, WorkId::new(given.value.work)).await?;
            let done = Done::new("click-given").with("title", title);
            Ok(patron.done("/month", &done.with("count", given.value.points)))
        }
        Err(error) => {
            form.refused(error)?;
            month_show::refused(&patron, &form).await
        }
    }
}

/// Reads a click to give: `url`, `points` (or `other`, which goes first), `title`, `note`.
pub fn read_give(form: &mut Form, policy: &Policy) -> Option<Give> {
    let url = form.read("url", CanonicalUrl::parse);
    let field = if form.text("other").is_empty() { "points" } else { "other" };
    let points = form.read(field, |typed| match typed {
        "" => Ok(Points::ONE),
        typed => Points::parse(typed, policy),
    });
    let note = form.read("note", Note::parse);
    let title = form.read("title", |typed| clean_text(typed, TITLE_MAX));
    let target = Target::Url(url?);
    Some(Give { target, title: title?, points: points?.get(), note: note?, way: Way::Page })
}

/// `POST /clicks/points`: the stepper. Less than one point takes the click back.
pub async fn set_points(patron: Patron, mut form: Form) -> Answer {
    let work = work_of(&form)?;
    let policy = policy(&patron.app).await?;
    let limit = if policy.clicks_once { policy.points_max } else { Points::WORK_MAX };
    let typed = form.read("points", |typed| {
        let is_number = !typed.is_empty() && typed.len() <= 10;
        let points: Option<i64> = typed.trim().parse().ok().filter(|_| is_number);
        points.filter(|points| *points >= 0).ok_or(Refusal::PointsMalformed { limit })
    });
    let points = match (form.text("change"), typed) {
        (_, None) => return month_show::refused(&patron, &as_whole(form)).await,
        ("less", Some(typed)) => typed - 1,
        ("more", Some(typed)) => typed.saturating_add(1),
        (_, Some(typed)) => typed,
    };
    if points < 1 && form.text("change") == "less" {
        return remove(&patron, work).await;
    }
    match clicks::set_points(&patron.app, patron.account(), work, points).await {
        Ok(_) => Ok(crate::answer::see_other(&month_page(&patron))),
        Err(error) => {
            form.refused(error)?;
            month_show::refused(&patron, &as_whole(form)).await
        }
    }
}

/// A form of the list whose fields are not those of the form beside it: what is wrong with it
/// stands above everything.
fn as_whole(form: Form) -> Form {
    form.without_fields()
}

/// `POST /clicks/take-back`
pub async fn take_back(patron: Patron, form: Form) -> Answer {
    let work = work_of(&form)?;
    remove(&patron, work).await
}

async fn remove(patron: &Patron, work: WorkId) -> Answer {
    let points = standing(patron, work).await?;
    clicks::take_back(&patron.app, patron.account(), work).await?;
    let done = Done::new("click-taken-back").with("title", title(&patron.app, work).await?);
    Ok(patron.done(&month_page(patron), &done.undo(work, points)))
}

/// `POST /clicks/undo`: brings a click back to the points that it had: none takes it back.
pub async fn undo(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    let work = work_of(&form)?;
    let points: Option<i64> = form.text("points").parse().ok();
    let points = points.filter(|points| (0..=Points::WORK_MAX).contains(points));
    let points = points.ok_or_else(Problem::malformed)?;
    let done = match (points, standing(&patron, work).await?) {
        (0, 0) => Ok(()),
        (0, _) => clicks::take_back(&patron.app, patron.account(), work).await,
        (_, 0) => give_again(&patron, &key, work, points).await,
        _ => clicks::set_points(&patron.app, patron.account(), work, points).await.map(|_| ()),
    };
    if let Err(error) = done {
        form.refused(error)?;
        return month_show::refused(&patron, &as_whole(form)).await;
    }
    let title = title(&patron.app, work).await?;
    Ok(patron.done(&month_page(&patron), &Done::new("click-undone").with("title", title)))
}

/// Gives a click that was taken back; more points than one click may carry are set after it.
async fn give_again(
    patron: &Patron,
    key: &obole_app::IdempotencyKey,
    work: WorkId,
    points: i64,
) -> Result<(), Error> {
    let most = settings_policy(&patron.app).await?.points_max;
    let (target, title) = (Target::Work(work), String::new());
    let first = Give { target, title, points: points.min(most), note: None, way: Way::Page };
    clicks::give(&patron.app, patron.account(), key, first).await?;
    if points > most {
        clicks::set_points(&patron.app, patron.account(), work, points).await?;
    }
    Ok(())
}

fn work_of(form: &Form) -> Result<WorkId, Problem> {
    WorkId::parse(form.text("work")).ok_or_else(Problem::not_found)
}

/// The page of the list that the form stood on.
fn month_page(patron: &Patron) -> String {
    let is_month = patron.back == "/month" || patron.back.starts_with("/month?");
    if is_month { patron.back.clone() } else { "/month".to_owned() }
}

/// The rules, for a page that reads points.
pub async fn policy(app: &App) -> Result<Policy, Problem> {
    Ok(settings_policy(app).await?)
}

async fn settings_policy(app: &App) -> Result<Policy, Error> {
    app.read((), |read, ()| Box::pin(async move { Ok(settings::policy(read).await?) })).await
}

/// The points that the patron's click on a work has; 0 without one.
pub async fn standing(patron: &Patron, work: WorkId) -> Result<i64, Problem> {
    Ok(points_of(&patron.app, patron.account(), work).await?)
}

async fn points_of(app: &App, patron: AccountId, work: WorkId) -> Result<i64, Error> {
    let clock = app.clock_period();
    app.read((), move |read, ()| {
        Box::pin(async move {
            let period = obole_store::clicks::shown_period(read, clock).await?;
            let click = obole_store::clicks::find(read, period, patron, work).await?;
            Ok(click.map_or(0, |click| click.points.get()))
        })
    })
    .await
}

/// A work's title, short enough for a sentence.
pub async fn title(app: &App, work: WorkId) -> Result<String, Problem> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    Ok(found.await?.map_or_else(String::new, |work| shorten(work.shown_title(), TITLE_SHORT)))
}
