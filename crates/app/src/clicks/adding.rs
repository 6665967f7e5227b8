//! The rows of clicks and notes.

use std::collections::{HashMap, HashSet};

use obole_domain::{AccountId, Note, Period, Points, WorkId};
use obole_store::Tx;
use obole_store::click_batches::{self, Added};

use super::batch::{Doing, Ready};
use crate::error::Result;

/// Adds the points of all clicks and gives the sums; none where the row refused. Two clicks of one
/// patron on one work cannot be in one statement, nor can those that add to what stands and those
/// that do not: the later ones are in the next.
pub(super) async fn add(
    doing: &Doing<'_>,
    tx: &mut Tx,
    what: (Period, &[Ready<'_>]),
) -> Result<Vec<Option<Points>>> {
    let (period, ready) = what;
    let is_once = |one: &Ready<'_>| doing.policy.clicks_once || one.asked.is_once;
    let mut sums = vec![None; ready.len()];
    let mut left: Vec<(usize, &Ready<'_>)> = ready.iter().enumerate().collect();
    while let Some((_, first)) = left.first() {
        let rule = (is_once(first), doing.now);
        let mut waiting = HashSet::<(AccountId, WorkId)>::new();
        let mut round = HashMap::<(AccountId, WorkId), usize>::with_capacity(left.len());
        let (mut added, mut later) = (Vec::with_capacity(left.len()), Vec::new());
        for (number, one) in left {
            let (patron, work) = one.key();
            let is_second = round.contains_key(&(patron, work)) || waiting.contains(&one.key());
            if is_second || is_once(one) != rule.0 {
                waiting.insert(one.key());
                later.push((number, one));
                continue;
            }
            round.insert((patron, work), number);
            added.push(Added { patron, work, points: one.points, way: one.asked.give.way });
        }
        for (patron, work, sum) in click_batches::add_each(tx, period, &added, rule).await? {
            let number = round.get(&(patron, work)).copied();
            if let Some(place) = number.and_then(|number| sums.get_mut(number)) {
                *place = Some(sum);
            }
        }
        left = later;
    }
    Ok(sums)
}

/// Signs the clicks that were given with their notes; of two on one click the later one stands.
pub(super) async fn set_notes(
    doing: &Doing<'_>,
    tx: &mut Tx,
    what: (Period, &[Ready<'_>], &[Option<Points>]),
) -> Result<()> {
    let (period, ready, sums) = what;
    let mut notes = HashMap::<(AccountId, WorkId), &Note>::new();
    for (one, sum) in ready.iter().zip(sums) {
        if let (Some(note), Some(_)) = (&one.asked.give.note, sum) {
            notes.insert(one.key(), note);
        }
    }
    if notes.is_empty() {
        return Ok(());
    }
    let notes: Vec<_> =
        notes.into_iter().map(|((patron, work), note)| (patron, work, note)).collect();
    Ok(click_batches::set_notes(tx, period, &notes, doing.now).await?)
}
