//! What a patron brings along from elsewhere: subscriptions, bookmarks, starred repositories. Each
//! entry is a proposal, seen by nobody else, until they say yes or no to it; nothing is clicked
//! without a yes.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use obole_domain::click::{Way, clean_text};
use obole_domain::work::TITLE_MAX;
use obole_domain::{AccountId, CanonicalUrl, Points, Refusal};
use obole_gateway::liked::{self, Liked};
use obole_store::proposals::{self, ProposalRow};
use obole_store::{Read, Tx, clicks, works};

use crate::app::App;
use crate::clicks::{self as giving, Give, Target};
use crate::error::{Error, Result, Said};
use crate::idempotency::{IdempotencyKey, is_final};
use crate::limits::IMPORT;

/// The most proposals that wait for one account.
pub const WAITING_MAX: i64 = 2_000;

/// How many are shown, and answered, at a time: fewer than the clicks of a minute.
pub const PAGE: i64 = 25;

/// What became of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// Proposals that wait now and did not before.
    pub new: i64,
    /// Entries that waited already, stood there twice, or have a click this month.
    pub known: i64,
    /// Entries without an address that can be given to.
    pub unusable: i64,
    /// Entries for which there was no room any more.
    pub left_out: i64,
}

/// What waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How many there are in all.
    pub count: i64,
    /// The first [`PAGE`] of them.
    pub first: Vec<ProposalRow>,
}

/// What became of proposals that got a yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// How many were clicked.
    pub given: i64,
    /// Those that were refused, and why. What may be given later waits on.
    pub refused: Vec<(CanonicalUrl, Said)>,
}

/// Reads a file that another program handed out and makes proposals of its entries. Refused when
/// nothing in it is an address, and when all room is taken.
pub async fn bring(app: &App, account: AccountId, file: String) -> Result<Brought> {
    app.limit(IMPORT, account).await?;
    let read = tokio::task::spawn_blocking(move || usable(&liked::read(&file))).await;
    let (entries, unusable, twice) = read.map_err(Error::internal)?;
    if entries.is_empty() {
        return Err(Refusal::NothingToBring {}.into());
    }
    let (now, clock) = (app.now(), app.clock_period());
    let brought = app.write(entries, move |tx, entries| {
        Box::pin(async move {
            let period = clicks::open_period(tx, clock).await?;
            let waiting = proposals::list(tx, account, WAITING_MAX).await?;
            let room = usize::try_from(WAITING_MAX).unwrap_or_default() - waiting.len();
            if room == 0 {
                return Err(Refusal::ProposalsFull { limit: WAITING_MAX }.into());
            }
            let last = waiting.last().map_or(0, |row| row.place);
            let mut known = clicked(tx, period, account, entries).await?;
            known.extend(waiting.into_iter().map(|row| row.url));
            let fresh = entries.iter().filter(|entry| !known.contains(&entry.0));
            let rows = fresh.clone().take(room).zip(last + 1..).map(|((url, title), place)| {
                ProposalRow { url: url.clone(), title: title.clone(), place }
            });
            let rows: Vec<ProposalRow> = rows.collect();
            let new = proposals::add_each(tx, account, &rows, now).await?;
            let new = i64::try_from(new).unwrap_or(i64::MAX);
            let left_out = (fresh.count() - rows.len()) as i64;
            let known = entries.len() as i64 - new - left_out;
            Ok(Brought { new, known, unusable: 0, left_out })
        })
    });
    let brought = brought.await?;
    Ok(Brought { known: brought.known + twice, unusable, ..brought })
}

/// An address and what the file calls it.
type Entry = (CanonicalUrl, String);

/// The entries that can be given to, each address once; how many cannot, and how many came twice.
fn usable(liked: &[Liked]) -> (Vec<Entry>, i64, i64) {
    let (mut seen, mut entries) = (BTreeSet::new(), Vec::new());
    let (mut unusable, mut twice) = (0, 0);
    for one in liked {
        let Ok(url) = CanonicalUrl::parse(&one.url) else {
            unusable += 1;
            continue;
        };
        if !seen.insert(url.clone()) {
            twice += 1;
            continue;
        }
        let title: String = one.title.chars().take(TITLE_MAX).collect();
        entries.push((url, clean_text(&title, TITLE_MAX).unwrap_or_default()));
    }
    (entries, unusable, twice)
}

/// Those of the entries that the account has clicked in a period.
async fn clicked(
    tx: &mut Tx,
    period: obole_domain::Period,
    account: AccountId,
    entries: &[Entry],
) -> Result<BTreeSet<CanonicalUrl>> {
    let urls: Vec<&CanonicalUrl> = entries.iter().map(|(url, _)| url).collect();
    let found = works::find_each_by_url(tx, &urls).await?;
    let clicks = clicks::of_patron(tx, period, account).await?;
    let clicks: BTreeSet<_> = clicks.into_iter().map(|click| click.work).collect();
    let clicked = found.into_iter().filter(|work| clicks.contains(&work.id));
    Ok(clicked.map(|work| work.url).collect())
}

/// What waits for an account's answer.
pub async fn waiting(read: &mut Read, account: AccountId) -> Result<Waiting> {
    let count = proposals::count(read, account).await?;
    Ok(Waiting { count, first: proposals::list(read, account, PAGE).await? })
}

/// Gives one point to each of these proposals, at most [`PAGE`] of them; what does not wait is
/// passed over. Under the same key each is given once.
pub async fn accept(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    urls: Vec<CanonicalUrl>,
) -> Result<Accepted> {
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(proposals::list(read, account, PAGE).await?) })
    });
    let titles: BTreeMap<_, _> = read.await?.into_iter().map(|row| (row.url, row.title)).collect();
    let chosen: BTreeSet<_> = urls.into_iter().filter(|url| titles.contains_key(url)).collect();
    let giving = chosen.iter().map(|url| {
        let (part, title) = (key.part(url.as_str()), titles.get(url).cloned());
        let title = title.unwrap_or_default();
        let (target, points) = (Target::Url(url.clone()), Points::ONE.get());
        let give = Give { target, title, points, note: None, way: Way::Page };
        async move { giving::give(app, account, &part, give).await }
    });
    let (mut accepted, mut answered) = (Accepted::default(), Vec::new());
    for (url, ended) in chosen.iter().zip(join_all(giving).await) {
        match ended {
            Ok(_) => accepted.given += 1,
            Err(Error::Refused(said)) => {
                let is_final = is_final(&said);
                accepted.refused.push((url.clone(), said));
                if !is_final {
                    continue;
                }
            }
            // The others stand; asked again, this one is given and they are not given twice.
            Err(error) => return Err(error),
        }
        answered.push(url.clone());
    }
    dismiss(app, account, answered).await?;
    Ok(accepted)
}

/// Forgets proposals that got an answer, and says how many there were.
pub async fn dismiss(app: &App, account: AccountId, urls: Vec<CanonicalUrl>) -> Result<i64> {
    let removed = app.write(urls, move |tx, urls| {
        Box::pin(async move { Ok(proposals::remove_each(tx, account, urls).await?) })
    });
    removed.await.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

/// Forgets everything that waits.
pub async fn dismiss_all(app: &App, account: AccountId) -> Result<i64> {
    let removed = app.write((), move |tx, ()| {
        Box::pin(async move { Ok(proposals::remove_all(tx, account).await?) })
    });
    removed.await.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}
