//! At which sites how many patrons wait for somebody who claims what they like.

use std::collections::{BTreeMap, BTreeSet};

use obole_domain::claim::Reach;
use obole_domain::{AccountId, CanonicalUrl, WorkId};
use obole_store::site_letters::{self, PromisedWork};

use crate::app::App;
use crate::error::Result;

/// How many works are read at once.
const READ_MAX: i64 = 200;

/// A party at whose works enough patrons wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Party {
    /// The work for which most of them wait.
    pub url: CanonicalUrl,
    /// How many wait for any of its works, each counted once.
    pub patrons: i64,
}

/// The parties at whose works at least so many patrons wait. Reads every work that something was
/// promised to, host by host.
pub(super) async fn parties(app: &App, from: i64) -> Result<Vec<Party>> {
    let (mut found, mut host) = (Vec::new(), Host::default());
    let mut after = (String::new(), WorkId::new(uuid::Uuid::nil()));
    loop {
        let read = app.read(after.clone(), |read, (host_key, work)| {
            Box::pin(
                async move { Ok(site_letters::promised(read, (host_key, *work), READ_MAX).await?) },
            )
        });
        let works = read.await?;
        let Some(last) = works.last() else { break };
        after = (last.host_key.clone(), last.work);
        for work in works {
            if !host.holds(&work) {
                found.extend(std::mem::take(&mut host).parties(from));
            }
            host.add(work);
        }
    }
    found.extend(host.parties(from));
    Ok(found)
}

/// What one host and the names below it come to.
#[derive(Default)]
struct Host {
    key: String,
    parties: BTreeMap<String, Counted>,
}

struct Counted {
    patrons: BTreeSet<AccountId>,
    most: usize,
    url: CanonicalUrl,
}

impl Host {
    /// Whether a work is on this host, or on one below it.
    fn holds(&self, work: &PromisedWork) -> bool {
        !self.key.is_empty() && work.host_key.starts_with(&self.key)
    }

    fn add(&mut self, work: PromisedWork) {
        if self.key.is_empty() {
            self.key = work.host_key;
        }
        let party = self.parties.entry(Reach::party(&work.url).key());
        let counted = party.or_insert_with(|| Counted {
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
        let counted = self.parties.into_values();
        let counted = counted.map(|Counted { patrons, url, .. }| Party {
            url,
            patrons: i64::try_from(patrons.len()).unwrap_or(i64::MAX),
        });
        counted.filter(move |party| party.patrons >= from)
    }
}
