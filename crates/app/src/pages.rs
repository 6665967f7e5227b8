//! Reading the pages of works in the background: what each says of itself is kept, with where it
//! asks to be supported. Off the way of a click, and never inside a transaction (D10).

use std::future::ready;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use obole_domain::WorkId;
use obole_gateway::fetch::{self, Excess, FetchError, Fetched, Redirects, Wanted};
use obole_gateway::page::{self, PAGE_BYTES_MAX, PageFacts};
use obole_store::work_pages::{self, DuePage, PageRow, PageState};
use obole_store::{Tx, settings, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::later;
use crate::error::{Error, Result};
use crate::works::refuse;

pub use obole_gateway::page::DECLINES;

/// The name that a robots.txt calls the reader by.
pub const READER: &str = fetch::AGENT;

/// The most pages in one run, and how many of them at once; F6 leaves the rest to others.
const PAGES_MAX: i64 = 40;
const AT_ONCE: usize = 8;

/// After so long a run begins no page any more: a host that asks for long pauses holds up its own.
const RUN_MAX: Duration = Duration::from_secs(5 * 60);

/// The most works that are listed in one run.
const LISTED_MAX: i64 = 5_000;

/// For how long a reading keeps a page from other nodes: longer than any may take, with the wait
/// for its turn at a slow host.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// A page is read at most so often.
const AGAIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The wait after the first failure; it is four times as long after each.
const WAIT: SignedDuration = SignedDuration::from_hours(1);

/// A page that did not answer so often is left alone like one that was read.
const TRIES_MAX: i64 = 5;

/// Up to which moment the works are listed.
const LISTED: &str = "pages.listed";

/// Works may reach the database in another order than they came into being.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);

const WANTED: Wanted = Wanted {
    accept: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
    body_max: PAGE_BYTES_MAX,
    excess: Excess::Cut,
    redirects: Redirects::Anywhere,
    obeys_robots: true,
};

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PagesRead {
    /// Read.
    pub read: u64,
    /// Not read.
    pub failed: u64,
}

/// Reads the pages that are due, the newest first. Running twice at once is harmless: each page is
/// taken by one.
pub async fn read_due(app: &App) -> Result<PagesRead> {
    let mut done = PagesRead::default();
    if !app.config().reads_pages() {
        return Ok(done);
    }
    app.fetcher().open().map_err(Error::internal)?;
    list(app).await?;
    let now = app.now();
    let due = app.read((), move |read, ()| {
        Box::pin(async move { Ok(work_pages::due(read, now, PAGES_MAX).await?) })
    });
    let began = Instant::now();
    let due = stream::iter(due.await?).take_while(|_| ready(began.elapsed() < RUN_MAX));
    let reading = due.map(|due| read_one(app, due));
    let mut ended = reading.buffer_unordered(AT_ONCE);
    while let Some(state) = ended.next().await {
        match state? {
            Some(PageState::Read) => done.read += 1,
            Some(_) => done.failed += 1,
            None => {}
        }
    }
    Ok(done)
}

/// A work that is claimed is called as its page is, if it had no name and the page was read before.
pub(crate) async fn name_after_claim(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    work: WorkId,
) -> Result<()> {
    let title = work_pages::find(tx, work).await?.map(|page| page.title).unwrap_or_default();
    name(app, tx, actor, (work, &title)).await
}

/// Gives a claimed work without a name a page's title (C7).
async fn name(app: &App, tx: &mut Tx, actor: Actor, (work, title): (WorkId, &str)) -> Result<()> {
    if works::name_unnamed(tx, work, title).await? {
        app.log(tx, actor, "work.title", (work.to_string(), title.to_owned())).await?;
    }
    Ok(())
}

/// Lists the pages of new works.
async fn list(app: &App) -> Result<()> {
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let listed = settings::find(tx, LISTED).await?;
            let listed: Option<Timestamp> = listed.and_then(|text| text.parse().ok());
            let since = listed.and_then(|listed| listed.checked_sub(OVERLAP).ok());
            let since = since.unwrap_or(Timestamp::UNIX_EPOCH);
            let newest = work_pages::enrol(tx, since, LISTED_MAX).await?;
            if newest > listed {
                let newest = newest.map(|newest| newest.to_string()).unwrap_or_default();
                settings::set(tx, LISTED, &newest).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Reads a page if it is still due, and says what became of it.
async fn read_one(app: &App, due: DuePage) -> Result<Option<PageState>> {
    let (now, work) = (app.now(), due.work);
    let until = later(now, LEASE);
    let taken = app.write((), move |tx, ()| {
        Box::pin(async move { Ok(work_pages::take(tx, work, (now, until)).await?) })
    });
    if !taken.await? {
        return Ok(None);
    }
    let read = read_page(app, due.url.as_str()).await?;
    // A node that was frozen here leaves the page to whoever has taken it meanwhile.
    if app.now() >= until {
        return Ok(None);
    }
    record(app, due, read).await.map(Some)
}

/// What a page says of itself, or why it was not read.
async fn read_page(app: &App, url: &str) -> Result<std::result::Result<PageFacts, PageState>> {
    let fetched = match app.fetcher().get(url, &WANTED).await {
        Ok(fetched) => fetched,
        Err(error) => return Ok(Err(state_of(error))),
    };
    match fetched.answer.status {
        200..=299 => facts(fetched).await.map(Ok),
        // The host has too much to do, or is not well.
        429 | 500.. => Ok(Err(PageState::Unreachable)),
        _ => Ok(Err(PageState::Unreadable)),
    }
}

/// Reading takes long enough for a thread of its own.
async fn facts(fetched: Fetched) -> Result<PageFacts> {
    let reading = move || page::read(&fetched.url, &fetched.answer);
    tokio::task::spawn_blocking(reading).await.map_err(Error::internal)
}

const fn state_of(error: FetchError) -> PageState {
    match error {
        FetchError::Refused => PageState::Refused,
        FetchError::Unwelcome => PageState::Unwelcome,
        FetchError::Unreachable => PageState::Unreachable,
        FetchError::TooLarge | FetchError::Unreadable => PageState::Unreadable,
    }
}

/// Notes what a reading came to.
async fn record(
    app: &App,
    due: DuePage,
    read: std::result::Result<PageFacts, PageState>,
) -> Result<PageState> {
    let now = app.now();
    let handle = app.clone();
    match read {
        Ok(facts) => {
            let (row, declines) = (row_of(&due, &facts, now), facts.declines);
            app.write((due, row), move |tx, (due, row)| {
                let app = handle.clone();
                Box::pin(async move {
                    work_pages::record(tx, row).await?;
                    if declines {
                        decline(&app, tx, due.work).await?;
                    }
                    // Once: an owner who takes the title away wants to see the address.
                    if !due.was_read {
                        name(&app, tx, Actor::Job, (due.work, &row.title)).await?;
                    }
                    Ok(row.state)
                })
            })
            .await
        }
        Err(state) => {
            let (tries, wait) = after_failure(state, due.tries);
            let next_try_at = later(now, wait);
            app.write(due, move |tx, due| {
                Box::pin(async move {
                    work_pages::postpone(tx, due.work, (state, tries), next_try_at).await?;
                    Ok(state)
                })
            })
            .await
        }
    }
}

/// A page that nobody controls here says "no, thank you": that is kept for good, until whoever
/// proves control says otherwise (C7).
async fn decline(app: &App, tx: &mut Tx, work: WorkId) -> Result<()> {
    let found = works::find(tx, work).await?;
    let is_meant = found.is_some_and(|work| work.owner.is_none() && work.refused_at.is_none());
    if is_meant { refuse(app, tx, Actor::Job, (work, true)).await } else { Ok(()) }
}

fn row_of(due: &DuePage, facts: &PageFacts, now: Timestamp) -> PageRow {
    let said = serde_json::json!({
        "description": facts.description,
        "language": facts.language,
        "picture": facts.picture,
        "canonical": facts.canonical,
    });
    let hints = facts.hints.iter();
    let hints =
        hints.map(|hint| serde_json::json!({"kind": hint.kind.code(), "value": hint.value}));
    PageRow {
        work: due.work,
        state: PageState::Read,
        title: facts.title.clone(),
        facts: said.to_string(),
        hints: serde_json::Value::from_iter(hints).to_string(),
        fetched_at: Some(now),
        tries: 0,
        next_try_at: later(now, AGAIN),
    }
}

/// How often in a row it failed by now, and the wait: only what did not answer is tried sooner.
fn after_failure(state: PageState, tries: i64) -> (i64, SignedDuration) {
    let tries = tries.saturating_add(1);
    if state != PageState::Unreachable || tries >= TRIES_MAX {
        return (0, AGAIN);
    }
    let times = u32::try_from(tries - 1).map_or(1, |before| 4_i32.saturating_pow(before));
    (tries, WAIT.checked_mul(times).unwrap_or(AGAIN).min(AGAIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_until_the_page_is_left_alone() {
        let mut tries = 0;
        let hours = |state, tries: &mut i64| {
            let (now, wait) = after_failure(state, *tries);
            *tries = now;
            wait.as_hours()
        };
        let waits: Vec<_> = (0..6).map(|_| hours(PageState::Unreachable, &mut tries)).collect();
        assert_eq!(waits, [1, 4, 16, 64, 720, 1]);
        for state in [PageState::Refused, PageState::Unwelcome, PageState::Unreadable] {
            assert_eq!(hours(state, &mut 0), 720);
        }
    }
}
