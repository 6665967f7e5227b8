//! The works of a batch: from memory, from the database, or made by their first click.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use obole_domain::{AccountId, CanonicalUrl, Points, Refusal, WorkId};
use obole_store::Tx;
use obole_store::works::{self, NewWork, WorkRow};

use super::Target;
use super::batch::{Asked, Doing, Ready, State};
use super::counts;
use crate::error::{Error, Result};

/// The works that are known by now.
#[derive(Default)]
struct Found {
    by_url: HashMap<CanonicalUrl, Arc<WorkRow>>,
    by_id: HashMap<WorkId, Arc<WorkRow>>,
}

impl Found {
    fn get(&self, target: &Target) -> Option<&Arc<WorkRow>> {
        match target {
            Target::Url(url) => self.by_url.get(url),
            Target::Work(id) => self.by_id.get(id),
        }
    }

    fn put(&mut self, work: Arc<WorkRow>) {
        self.by_id.insert(work.id, Arc::clone(&work));
        self.by_url.insert(work.url.clone(), work);
    }
}

/// Finds or makes the work of each open click. What may not be clicked is refused: works that are
/// not there, works of one's own, works whose owner refused.
pub(super) async fn find<'batch>(
    doing: &mut Doing<'batch>,
    tx: &mut Tx,
) -> Result<Vec<Ready<'batch>>> {
    let open: Vec<(usize, &Asked)> = doing.open().collect();
    let mut found = remembered(doing, &open);
    look_up(doing, tx, (&open, &mut found)).await?;
    make(doing, tx, &mut found).await?;
    let mut ready = Vec::with_capacity(open.len());
    for (place, asked) in doing.open().collect::<Vec<_>>() {
        let Some(work) = found.get(&asked.give.target) else {
            doing.set(place, State::Ended(Err(Error::NotFound)));
            continue;
        };
        let points = Points::for_click(asked.give.points, &doing.policy);
        match may_click(work, asked.giver.patron).and(points) {
            Ok(points) => ready.push(Ready { place, asked, work: Arc::clone(work), points }),
            Err(refusal) => doing.refuse(place, refusal),
        }
    }
    Ok(ready)
}

/// Nobody clicks a work of their own, or one whose owner refused for good.
pub(crate) fn may_click(work: &WorkRow, patron: AccountId) -> std::result::Result<(), Refusal> {
    match work {
        work if work.owner == Some(patron) => Err(Refusal::OwnWork {}),
        work if work.refused_at.is_some() => Err(Refusal::WorkRefused {}),
        _ => Ok(()),
    }
}

fn remembered(doing: &Doing<'_>, open: &[(usize, &Asked)]) -> Found {
    let urls = open.iter().filter_map(|(_, asked)| url_of(asked));
    let ids = open.iter().filter_map(|(_, asked)| id_of(asked));
    let known = doing.app.known();
    let mut works = known.works_by_url(doing.versions, urls);
    works.extend(known.works_by_id(doing.versions, ids));
    let mut found = Found::default();
    works.into_iter().flatten().for_each(|work| found.put(work));
    found
}

fn url_of(asked: &Asked) -> Option<&CanonicalUrl> {
    if let Target::Url(url) = &asked.give.target { Some(url) } else { None }
}

fn id_of(asked: &Asked) -> Option<WorkId> {
    if let Target::Work(id) = &asked.give.target { Some(*id) } else { None }
}

/// Asks the database for what memory did not have.
async fn look_up(
    doing: &mut Doing<'_>,
    tx: &mut Tx,
    what: (&[(usize, &Asked)], &mut Found),
) -> Result<()> {
    let (open, found) = what;
    let missing =
        open.iter().map(|(_, asked)| *asked).filter(|a| found.get(&a.give.target).is_none());
    let missing: Vec<&Asked> = missing.collect();
    let urls: HashSet<&CanonicalUrl> = missing.iter().filter_map(|asked| url_of(asked)).collect();
    let ids: HashSet<WorkId> = missing.iter().filter_map(|asked| id_of(asked)).collect();
    let mut works = Vec::new();
    if !urls.is_empty() {
        works = works::find_each_by_url(tx, &urls.into_iter().collect::<Vec<_>>()).await?;
    }
    if !ids.is_empty() {
        works.extend(works::find_each(tx, &ids.into_iter().collect::<Vec<_>>()).await?);
    }
    for work in works.into_iter().map(Arc::new) {
        doing.learned.works.push(Arc::clone(&work));
        found.put(work);
    }
    Ok(())
}

/// Makes the works that nobody has clicked yet, each for the first who does and may.
async fn make(doing: &mut Doing<'_>, tx: &mut Tx, found: &mut Found) -> Result<()> {
    loop {
        let mut wanted = HashSet::new();
        let first = doing.open().filter_map(|(place, asked)| {
            let url = url_of(asked).filter(|url| !found.by_url.contains_key(url))?;
            wanted.insert(url).then_some((place, asked, url))
        });
        let first: Vec<(usize, &Asked, &CanonicalUrl)> = first.collect();
        if first.is_empty() {
            return Ok(());
        }
        let makers: Vec<AccountId> = first.iter().map(|(_, asked, _)| asked.giver.patron).collect();
        let refusals = counts::count_works(doing, tx, &makers).await?;
        let now = doing.now;
        let mut new = Vec::new();
        for ((place, asked, url), refusal) in first.into_iter().zip(refusals) {
            if let Some(refusal) = refusal {
                doing.refuse(place, refusal);
                continue;
            }
            let id = WorkId::new(doing.app.chance().id(now));
            let (title, created_by) = (&asked.give.title, Some(asked.giver.patron));
            new.push(NewWork { id, url, title, created_by, created_at: now });
        }
        create(doing, tx, (&new, found)).await?;
    }
}

async fn create(
    doing: &mut Doing<'_>,
    tx: &mut Tx,
    what: (&[NewWork<'_>], &mut Found),
) -> Result<()> {
    let (new, found) = what;
    if new.is_empty() {
        return Ok(());
    }
    works::create_each(tx, new).await?;
    let urls: Vec<&CanonicalUrl> = new.iter().map(|work| work.url).collect();
    let works = works::find_each_by_url(tx, &urls).await?;
    if works.len() != urls.len() {
        return Err(Error::internal("a work vanished"));
    }
    for work in works.into_iter().map(Arc::new) {
        doing.learned.works.push(Arc::clone(&work));
        found.put(work);
    }
    Ok(())
}
