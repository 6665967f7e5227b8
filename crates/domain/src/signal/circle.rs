//! Circles: a few accounts that give each other most of what they give, and get most of it from
//! each other, so that what one gives comes back (X3). Found by peeling: whoever gives or receives
//! too much outside leaves, until nobody has to; what remains does not depend on the order.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{Evidence, Gift, Pattern, Signal, is_share, places};
use crate::account::AccountId;

/// So many thousandths of what a member gives, and of what it receives, stay within the circle.
const INSIDE: i128 = 600;

/// A larger one is a community, not a ring.
const MEMBERS_MAX: usize = 200;

/// One that holds more than so many thousandths of all who give is the community itself.
const OF_ALL_MAX: i128 = 250;

/// Those of whom only sums are known, who are in no circle.
const OTHERS: AccountId = AccountId::new(Uuid::nil());

/// What accounts gave to each other.
type Flows = BTreeMap<AccountId, BTreeMap<AccountId, i128>>;

/// A pattern for each circle.
pub(super) fn find(evidence: &Evidence) -> Vec<Pattern> {
    let gifts = || evidence.gifts.iter().chain(&evidence.earlier);
    let given = flows(gifts(), |gift| (gift.patron, gift.payee));
    let mut received = flows(gifts(), |gift| (gift.payee, gift.patron));
    for (payee, net) in &evidence.rest.net {
        received.entry(*payee).or_default().insert(OTHERS, *net);
    }
    let circles = connected(&closed(&given, &received), &given, &received);
    let givers: BTreeSet<AccountId> = evidence.gifts.iter().map(|gift| gift.patron).collect();
    let all = i128::try_from(givers.len()).unwrap_or(i128::MAX) + evidence.rest.givers;
    let is_ring = |circle: &BTreeSet<AccountId>| {
        let members = i128::try_from(circle.len()).unwrap_or(i128::MAX);
        circle.len() <= MEMBERS_MAX && members * 1_000 <= all.saturating_mul(OF_ALL_MAX)
    };
    let patterns = circles.into_iter().filter(is_ring).map(|circle| {
        let is_inside = |gift: &Gift| circle.contains(&gift.patron) && circle.contains(&gift.payee);
        Pattern { signal: Signal::Circle, gifts: places(evidence, is_inside) }
    });
    patterns.collect()
}

fn flows<'gift>(
    gifts: impl Iterator<Item = &'gift Gift>,
    ends: impl Fn(&Gift) -> (AccountId, AccountId),
) -> Flows {
    let mut flows = Flows::new();
    for gift in gifts {
        let (from, to) = ends(gift);
        let flow = flows.entry(from).or_default().entry(to).or_default();
        *flow += i128::from(gift.net.get());
    }
    flows
}

/// The largest set in which everybody gives and receives mostly inside.
fn closed(given: &Flows, received: &Flows) -> BTreeSet<AccountId> {
    let both = given.keys().filter(|account| received.contains_key(account));
    let mut inside: BTreeSet<AccountId> = both.copied().collect();
    let mut to_look_at: Vec<AccountId> = inside.iter().copied().collect();
    while let Some(account) = to_look_at.pop() {
        let stays =
            [given, received].into_iter().filter_map(|flows| flows.get(&account)).all(|flows| {
                let kept = flows.iter().filter(|(other, _)| inside.contains(other));
                is_share(kept.map(|(_, flow)| flow).sum(), flows.values().sum(), INSIDE)
            });
        if !stays && inside.remove(&account) {
            to_look_at.extend(neighbours(account, given, received).filter(|n| inside.contains(n)));
        }
    }
    inside
}

fn neighbours<'flows>(
    account: AccountId,
    given: &'flows Flows,
    received: &'flows Flows,
) -> impl Iterator<Item = AccountId> + 'flows {
    let both = [given, received].into_iter().filter_map(move |flows| flows.get(&account));
    both.flat_map(|flows| flows.keys().copied())
}

/// The parts of a set that hang together.
fn connected(
    set: &BTreeSet<AccountId>,
    given: &Flows,
    received: &Flows,
) -> Vec<BTreeSet<AccountId>> {
    let mut left = set.clone();
    let mut parts = Vec::new();
    while let Some(first) = left.pop_first() {
        let (mut part, mut to_visit) = (BTreeSet::from([first]), vec![first]);
        while let Some(account) = to_visit.pop() {
            for neighbour in neighbours(account, given, received) {
                if left.remove(&neighbour) {
                    part.insert(neighbour);
                    to_visit.push(neighbour);
                }
            }
        }
        parts.push(part);
    }
    parts
}
