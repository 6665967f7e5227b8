//! Everything that is told of some works to who asks, read together.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use obole_app::flattr_numbers;
use obole_domain::{AccountId, WorkId, public_count};
use obole_store::accounts::{self, AccountRow};
use obole_store::work_details::{self, DetailedWork};
use obole_store::{Read, clicks, shares, subscriptions};

use super::asked::Asked;
use super::fault::Fault;
use super::shapes::{Links, MiniAccount, MiniThing, Owner, Thing, WholeAccount};

/// Works with what is told of them.
pub struct Gathered {
    works: HashMap<WorkId, DetailedWork>,
    facts: Facts,
    numbers: HashMap<WorkId, i64>,
    asked: Asked,
}

#[derive(Default)]
struct Facts {
    counts: HashMap<WorkId, i64>,
    holders: HashMap<AccountId, AccountRow>,
    flattred: HashSet<WorkId>,
    subscribed: HashSet<WorkId>,
    received: HashMap<WorkId, Timestamp>,
}

impl Gathered {
    /// Reads what is told of some works.
    pub async fn of(asked: &Asked, works: &[WorkId]) -> Result<Self, Fault> {
        let (app, asker) = (asked.app(), asked.asker());
        let found = app.read(works.to_vec(), move |read, works| {
            Box::pin(async move { Ok(work_details::find_each(read, asker, works).await?) })
        });
        Self::of_found(asked, found.await?).await
    }

    /// The same for works that were found with what is said about them.
    pub async fn of_found(asked: &Asked, found: Vec<DetailedWork>) -> Result<Self, Fault> {
        let app = asked.app();
        let (asker, reader, clock) = (asked.asker(), asked.reader(), app.clock_period());
        let has_counters = app.config().instance.public_counters;
        let facts = app.read(found.clone(), move |read, found| {
            Box::pin(async move {
                let mut facts = Facts::default();
                facts.read_holders(read, found).await?;
                if has_counters {
                    facts.read_counts(read, found).await?;
                }
                if let Some(reader) = reader {
                    let period = clicks::shown_period(read, clock).await?;
                    let ids: Vec<WorkId> = found.iter().map(|one| one.work.id).collect();
                    facts.flattred = clicks::clicked_of(read, (period, reader), &ids).await?;
                    let standing = subscriptions::of_works(read, reader, &ids).await?;
                    facts.subscribed = standing.into_keys().collect();
                }
                for one in found.iter().filter(|one| asker.is_some() && one.work.owner == asker) {
                    if let Some(at) = shares::received_at(read, one.work.id).await? {
                        facts.received.insert(one.work.id, at);
                    }
                }
                Ok(facts)
            })
        });
        let facts = facts.await?;
        let ids: Vec<WorkId> = found.iter().map(|one| one.work.id).collect();
        let numbers = flattr_numbers::numbers(app, &ids).await?;
        let works = found.into_iter().map(|one| (one.work.id, one)).collect();
        Ok(Self { works, facts, numbers, asked: asked.clone() })
    }

    /// A work, if it can be given to: one whose owner refuses is no thing any more.
    pub fn find(&self, work: WorkId) -> Option<&DetailedWork> {
        self.works.get(&work).filter(|one| one.work.refused_at.is_none())
    }

    /// A thing in few words, with its owner where that is told.
    pub fn mini(&self, work: WorkId, has_owner: bool) -> Option<MiniThing> {
        let one = self.works.get(&work)?;
        let links = self.asked.links();
        let id = self.numbers.get(&work).copied()?;
        Some(MiniThing {
            kind: "thing",
            resource: links.thing(id),
            link: links.thing_page(id),
            id,
            url: one.work.url.to_string(),
            title: self.title(one),
            image: "",
            flattrs: self.count(work),
            owner: has_owner.then(|| self.owner(&links, one)),
        })
    }

    /// A thing.
    pub fn thing(&self, work: WorkId) -> Option<Thing> {
        let one = self.works.get(&work)?;
        let said = one.said.as_ref();
        let details = said.map(|said| said.details.clone()).unwrap_or_default();
        let has_token = self.asked.asker().is_some();
        let is_own = has_token && one.holder() == self.asked.asker();
        let received = self.facts.received.get(&work).map_or(0, |at| at.as_second());
        Some(Thing {
            mini: self.mini(work, true)?,
            flattrs_user_count: self.count(work),
            description: details.description,
            tags: details.tags.as_slice().to_vec(),
            language: details.language.code(),
            category: details.category.code(),
            created_at: one.work.created_at.as_second(),
            hidden: details.is_hidden,
            flattred: has_token.then(|| self.facts.flattred.contains(&work)),
            subscribed: has_token.then(|| self.facts.subscribed.contains(&work)),
            last_flattr_at: is_own.then_some(received),
            updated_at: is_own.then(|| said.map_or(0, |said| said.updated_at.as_second())),
        })
    }

    /// What is told of a thing's supporters (P2), and who asks if they are one of this month: the
    /// public count knows only months that were settled.
    pub fn count(&self, work: WorkId) -> i64 {
        let public = self.facts.counts.get(&work).copied().unwrap_or_default();
        public + i64::from(self.facts.flattred.contains(&work))
    }

    /// A work that nobody controls shows its address (C7); to who describes it, what they call it.
    fn title(&self, one: &DetailedWork) -> String {
        let own = one.said.as_ref().map(|said| said.details.title.as_str());
        match own {
            Some(title) if one.work.owner.is_none() && !title.is_empty() => title.to_owned(),
            _ => one.work.shown_title().to_owned(),
        }
    }

    fn owner(&self, links: &Links, one: &DetailedWork) -> Owner {
        let holder = one.holder().and_then(|holder| self.facts.holders.get(&holder));
        match holder {
            None => Owner::Mini(MiniAccount::nobody(links, one.work.url.as_str())),
            Some(row) if self.asked.fields.is_full() => {
                Owner::Full(Box::new(WholeAccount::of(self.asked.app(), row)))
            }
            Some(row) => Owner::Mini(MiniAccount::of(links, row.handle.as_str())),
        }
    }
}

type StoreResult = obole_app::Result<()>;

impl Facts {
    async fn read_holders(&mut self, read: &mut Read, works: &[DetailedWork]) -> StoreResult {
        let holders: HashSet<AccountId> = works.iter().filter_map(DetailedWork::holder).collect();
        for holder in holders {
            if let Some(row) = accounts::find(read, holder).await? {
                self.holders.insert(holder, row);
            }
        }
        Ok(())
    }

    /// Public counters: of works that somebody controls, who is not suspended, from five on (P2).
    async fn read_counts(&mut self, read: &mut Read, works: &[DetailedWork]) -> StoreResult {
        for one in works.iter().filter(|one| one.work.refused_at.is_none()) {
            let owner = one.work.owner.and_then(|owner| self.holders.get(&owner));
            if owner.is_some_and(|owner| owner.suspended_at.is_none()) {
                let patrons = shares::patrons_most(read, one.work.id).await?;
                let count = public_count(patrons).unwrap_or_default();
                self.counts.insert(one.work.id, count);
            }
        }
        Ok(())
    }
}
