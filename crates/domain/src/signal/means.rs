//! Shared means: one browser or one bank account behind several accounts (X3). A household shares
//! one too, so two patrons of one payee are never enough.

use std::collections::{BTreeMap, BTreeSet};

use super::{Evidence, Pattern, Signal, patrons, places};
use crate::account::AccountId;

/// So many patrons of one payee who share among themselves are more than a household's chance.
const PATRONS_MIN: usize = 3;

/// The gifts to a payee from those who share with the payee, or with two more of its patrons. One
/// pattern at most: what gifts it concerns is all that counts.
pub(super) fn find(evidence: &Evidence) -> Vec<Pattern> {
    let mut groups = BTreeMap::<AccountId, BTreeSet<usize>>::new();
    for (number, group) in evidence.accounts.shared.iter().enumerate() {
        for account in group {
            groups.entry(*account).or_default().insert(number);
        }
    }
    let none = BTreeSet::new();
    let of = |account: AccountId| groups.get(&account).unwrap_or(&none);
    let counts = patrons(evidence).into_iter().map(|(payee, patrons)| {
        let mut counts = BTreeMap::<usize, usize>::new();
        for group in patrons.into_iter().filter(|patron| *patron != payee).flat_map(of) {
            *counts.entry(*group).or_default() += 1;
        }
        (payee, counts)
    });
    let counts: BTreeMap<_, _> = counts.collect();
    let gifts = places(evidence, |gift| {
        let with_patrons = |group: &usize| {
            let count = counts.get(&gift.payee).and_then(|counts| counts.get(group));
            count.is_some_and(|count| *count >= PATRONS_MIN)
        };
        let is_shared = !of(gift.patron).is_disjoint(of(gift.payee));
        gift.patron != gift.payee && (is_shared || of(gift.patron).iter().any(with_patrons))
    });
    if gifts.is_empty() { Vec::new() } else { vec![Pattern { signal: Signal::Means, gifts }] }
}
