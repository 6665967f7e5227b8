//! Lockstep: the same five works or more, clicked by the same five accounts or more within minutes
//! (X3). In each window of time, accounts with few of the works and works with few of the accounts
//! leave until all have enough of each other: what remains clicked the same.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Evidence, Gift, HandClick, Pattern, Signal, is_share, places};
use crate::account::AccountId;
use crate::work::WorkId;

/// Within how many seconds.
const WITHIN: i64 = 600;

/// So many accounts at least.
const ACCOUNTS_MIN: usize = 5;

/// So many works at least.
const WORKS_MIN: usize = 5;

/// What is popular is clicked by many at any moment: a work counts where the window's accounts are
/// so many thousandths of its patrons in the month.
const OF_PATRONS: i128 = 200;

/// Who clicked what in a window, in order.
type Clicked = Vec<(AccountId, WorkId)>;

/// The two windows that a moment is in, so that no border parts what belongs together.
fn windows(at: Timestamp) -> [i64; 2] {
    let window = at.as_second().div_euclid(WITHIN);
    [window - 1, window]
}

/// Parts one patron's clicks: those of a window with many works, and those that are in no lockstep
/// whatever others did.
pub(super) fn part(clicks: Vec<HandClick>) -> (Vec<HandClick>, Vec<HandClick>) {
    let mut works = BTreeMap::<i64, BTreeSet<WorkId>>::new();
    for click in &clicks {
        for window in windows(click.at) {
            works.entry(window).or_default().insert(click.work);
        }
    }
    let is_many = |click: &HandClick| {
        let works = windows(click.at).map(|window| works.get(&window).map_or(0, BTreeSet::len));
        works.into_iter().any(|works| works >= WORKS_MIN)
    };
    clicks.into_iter().partition(is_many)
}

/// A pattern for each window with something in it. One window is looked at after the other, so that
/// a month takes no more memory than its clicks.
pub(super) fn find(evidence: &Evidence) -> Vec<Pattern> {
    let mut patrons = evidence.rest.clicks.clone();
    for click in &evidence.clicks {
        *patrons.entry(click.work).or_default() += 1;
    }
    let mut clicks: Vec<&HandClick> = evidence.clicks.iter().collect();
    clicks.sort_unstable_by_key(|click| click.at);
    let begun = |click: &HandClick| windows(click.at)[1];
    let mut times = clicks.chunk_by(|one, other| begun(one) == begun(other)).peekable();
    let mut patterns = Vec::new();
    while let Some(time) = times.next() {
        let first = time.first().map(|click| begun(click));
        let is_next = |next: &&[&HandClick]| next.first().map(|click| begun(click) - 1) == first;
        let next = times.peek().copied().filter(is_next).unwrap_or_default();
        let both = time.iter().chain(next).map(|click| (click.patron, click.work));
        let mut clicked: Clicked = both.collect();
        clicked.sort_unstable();
        clicked.dedup();
        let core = core(clicked, &patrons);
        if !core.is_empty() {
            let is_inside = |gift: &Gift| core.binary_search(&(gift.patron, gift.work)).is_ok();
            let gifts = places(evidence, is_inside);
            patterns.push(Pattern { signal: Signal::Lockstep, gifts });
        }
    }
    patterns
}

/// What remains of a window.
fn core(mut clicked: Clicked, patrons: &BTreeMap<WorkId, i128>) -> Clicked {
    loop {
        let mut works = BTreeMap::<AccountId, usize>::new();
        let mut accounts = BTreeMap::<WorkId, usize>::new();
        for (account, work) in &clicked {
            *works.entry(*account).or_default() += 1;
            *accounts.entry(*work).or_default() += 1;
        }
        let before = clicked.len();
        clicked.retain(|(account, work)| {
            let count = accounts.get(work).copied().unwrap_or_default();
            let all = patrons.get(work).copied().unwrap_or_default();
            let is_theirs = is_share(i128::try_from(count).unwrap_or(0), all, OF_PATRONS);
            let is_many = works.get(account).is_some_and(|works| *works >= WORKS_MIN);
            is_many && count >= ACCOUNTS_MIN && is_theirs
        });
        if clicked.len() == before {
            return clicked;
        }
    }
}
