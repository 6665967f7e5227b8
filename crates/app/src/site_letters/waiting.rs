//! At which sites how many patrons wait for somebody who claims what they like.

use std::collections::{BTreeMap, BTreeSet};

use obole_domain::claim::Reach;
use obole_domain::public_count::public_count;
use obole_domain::{AccountId, CanonicalUrl, WorkId};
use obole_store::site_letters::{self, PromisedWork};

use crate::app::App;
use crate::error::Result;

/// How many works are read at once.
const READ_MAX: i64 = 200;

/// A party at whose works enough patrons wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Party {
    /// Who.
    pub party: Reach,
    /// The work for which most of them wait; the first page where those are too few to tell (P2).
    pub url: CanonicalUrl,
    /// How many wait for any of its works, each counted once.
    pub patrons: i64,
}

/// The parties at whose works at least so many patrons wait. Reads every work that something was
/// promised to, host by host.
pub(super) async fn parties(app: &App, from: i64) -> Result<Vec<Party>> {
    let (mut found, mut domain) = (Vec::new(), Domain::default());
    let mut after = (String::new(), WorkId::new(uuid::Uuid::nil()));
    loop {
        let read = app.read(after.clone(), |read, (host, work)| {
            Box::pin(
                async move { Ok(site_letters::promised(read, (host, *work), READ_MAX).await?) },
            )
        });
        let works = read.await?;
        let Some(last) = works.last() else { break };
        after = (last.host_key.clone(), last.work);
        for work in works {
            let name = Domain::of(&work.url);
            if name != domain.name {
                let next = Domain { name, ..Domain::default() };
                found.extend(std::mem::replace(&mut domain, next).parties(from));
            }
            domain.add(work);
        }
    }
    found.extend(domain.parties(from));
    Ok(found)
}

/// What one registered name comes to, with all below it: their works stand together.
#[derive(Default)]
struct Domain {
    name: String,
    parties: BTreeMap<String, Counted>,
}

struct Counted {
    party: Reach,
    patrons: BTreeSet<AccountId>,
    most: usize,
    url: CanonicalUrl,
}

impl Domain {
    /// The name that a page is below; its host where that is shared or nobody's.
    fn of(url: &CanonicalUrl) -> String {
        let home = CanonicalUrl::parse(&format!("{}/", url.origin()));
        let party = Reach::party(home.as_ref().unwrap_or(url));
        party.host().to_owned()
    }

    fn add(&mut self, work: PromisedWork) {
        let party = Reach::party(&work.url);
        let counted = self.parties.entry(party.key()).or_insert_with(|| Counted {
            party,
            patrons: BTreeSet::new(),
            most: 0,
            url: work.url.clone(),
        });
        if work.patrons.len() > counted.most {
            (counted.most, counted.url) = (work.patrons.len(), work.url);
        }
        counted.patrons.extend(work.patrons);
    }

    fn parties(self, from: i64) -> impl Iterator<Item = Party> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let counted = self.parties.into_values();
        let counted = counted.map(move |one| {
            let is_told = public_count(count(one.most)).is_some();
            let url = if is_told { one.url } else { one.party.home(&one.url) };
            Party { url, patrons: count(one.patrons.len()), party: one.party }
        });
        counted.filter(move |party| party.patrons >= from)
    }
}
