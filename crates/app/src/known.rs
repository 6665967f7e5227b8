//! What the way of a click holds in memory: tokens, works, the policy. Nothing is taken from here
//! in a transaction that has not read the same version in the database (`obole_store::versions`),
//! so memory saves work and is never trusted. Only what a committed transaction read is put in.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use obole_domain::{AccountId, CanonicalUrl, Currency, Policy, WorkId};
use obole_store::versions::Versions;
use obole_store::works::WorkRow;

use crate::tokens::TokenGrant;

/// The most tokens, and the most works with all that is said of them. What is full is emptied.
const GRANTS_MAX: usize = 100_000;
const WORKS_MAX: usize = 20_000;

/// The most works of which the terms are held.
const TERMS_MAX: usize = 200_000;

/// What is stored of a token: its text's hash.
pub(crate) type TokenHash = [u8; 32];

/// What decides whether a work can be paid in a currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Who controls it.
    pub owner: Option<AccountId>,
    /// Whether its owner has refused for good.
    pub is_refused: bool,
    /// The currencies that its owner does not take; none where all are taken.
    pub currencies_refused: Option<Arc<[Currency]>>,
}

/// The memory of a node.
#[derive(Default)]
pub(crate) struct Known {
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    versions: Versions,
    grants: HashMap<TokenHash, Arc<TokenGrant>>,
    by_url: HashMap<CanonicalUrl, Arc<WorkRow>>,
    by_id: HashMap<WorkId, Arc<WorkRow>>,
    terms: HashMap<WorkId, Terms>,
    policy: Option<Arc<Policy>>,
}

/// What a transaction read that memory did not have.
#[derive(Default)]
pub(crate) struct Learned {
    /// The versions that it was read under.
    pub versions: Versions,
    pub works: Vec<Arc<WorkRow>>,
    pub terms: Vec<(WorkId, Terms)>,
    pub policy: Option<Arc<Policy>>,
    /// The tokens whose use was noted, and when.
    pub touched: (Vec<TokenHash>, Timestamp),
}

impl Known {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a token allows, as this node last read it: who relies on it compares versions.
    pub fn grant(&self, hash: &TokenHash) -> Option<Arc<TokenGrant>> {
        self.memory().grants.get(hash).cloned()
    }

    /// Holds what a token allows, read under a version.
    pub fn put_grant(&self, hash: TokenHash, grant: Arc<TokenGrant>, version: i64) {
        let mut memory = self.memory();
        memory.see_access(version);
        if memory.versions.access == version {
            put(&mut memory.grants, GRANTS_MAX, hash, grant);
        }
    }

    /// The policy of these versions.
    pub fn policy(&self, versions: Versions) -> Option<Arc<Policy>> {
        let memory = self.memory();
        memory.policy.clone().filter(|_| memory.versions.policy == versions.policy)
    }

    /// The works of some addresses under these versions, as far as they are held.
    pub fn works_by_url<'url>(
        &self,
        versions: Versions,
        urls: impl Iterator<Item = &'url CanonicalUrl>,
    ) -> Vec<Option<Arc<WorkRow>>> {
        let memory = self.memory();
        let is_current = memory.versions.works == versions.works;
        urls.map(|url| memory.by_url.get(url).filter(|_| is_current).cloned()).collect()
    }

    /// The works of some ids under these versions, as far as they are held.
    pub fn works_by_id(
        &self,
        versions: Versions,
        ids: impl Iterator<Item = WorkId>,
    ) -> Vec<Option<Arc<WorkRow>>> {
        let memory = self.memory();
        let is_current = memory.versions.works == versions.works;
        ids.map(|id| memory.by_id.get(&id).filter(|_| is_current).cloned()).collect()
    }

    /// Fills in the terms of works under these versions, as far as they are held, and gives the
    /// works whose terms are not.
    pub fn fill_terms<'click>(
        &self,
        versions: Versions,
        clicks: impl Iterator<Item = (WorkId, &'click mut Option<Terms>)>,
    ) -> Vec<WorkId> {
        let memory = self.memory();
        let is_current = memory.versions.works == versions.works;
        let mut missing = Vec::new();
        for (work, terms) in clicks {
            *terms = memory.terms.get(&work).filter(|_| is_current).cloned();
            if terms.is_none() {
                missing.push(work);
            }
        }
        missing
    }

    /// Holds what a committed transaction read.
    pub fn learn(&self, learned: Learned) {
        let mut memory = self.memory();
        let memory = &mut *memory;
        memory.see(learned.versions);
        let Learned { versions, works, terms, policy, touched } = learned;
        if memory.versions.policy == versions.policy && policy.is_some() {
            memory.policy = policy;
        }
        if memory.versions.works == versions.works {
            for work in works {
                put(&mut memory.by_id, WORKS_MAX, work.id, Arc::clone(&work));
                put(&mut memory.by_url, WORKS_MAX, work.url.clone(), work);
            }
            for (work, terms) in terms {
                put(&mut memory.terms, TERMS_MAX, work, terms);
            }
        }
        let (hashes, now) = touched;
        for hash in hashes {
            let grant = memory.grants.get_mut(&hash).map(Arc::make_mut);
            if let Some(access) = grant.and_then(|grant| grant.access.as_mut()) {
                access.used_at = Some(now);
            }
        }
    }
}

impl Memory {
    /// Forgets what these versions say is out of date. Versions only go up.
    fn see(&mut self, versions: Versions) {
        self.see_access(versions.access);
        if versions.works > self.versions.works {
            self.versions.works = versions.works;
            self.by_url.clear();
            self.by_id.clear();
            self.terms.clear();
        }
        if versions.policy > self.versions.policy {
            self.versions.policy = versions.policy;
            self.policy = None;
        }
    }

    fn see_access(&mut self, version: i64) {
        if version > self.versions.access {
            self.versions.access = version;
            self.grants.clear();
        }
    }
}

/// Puts one more in, into an empty map where it was full.
fn put<K: Eq + Hash, V>(map: &mut HashMap<K, V>, most: usize, key: K, value: V) {
    if map.len() >= most {
        map.clear();
    }
    map.insert(key, value);
}
