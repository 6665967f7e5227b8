//! Passing on: a work hands a part of what it receives to the works that it builds on (product.md
//! section 4, works 2), one step a settlement, so that circles do no harm.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::money::Micros;
use crate::refusal::Refusal;
use crate::share_out::share_out;
use crate::team::{Percentages, WHOLE};
use crate::work::WorkId;

/// The most that a work passes on, in hundredths of a percent.
pub const PASSED_MAX: i64 = WHOLE / 2;

/// The most works that a work passes on to.
pub const TARGETS_MAX: usize = 500;

/// The greatest weight of one of them.
pub const WEIGHT_MAX: i64 = 1_000_000;

/// What a work passes on: how much, and to which works by which weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassOn {
    part: i64,
    weights: BTreeMap<WorkId, i64>,
}

impl PassOn {
    /// What `work` passes on: `part` of [`WHOLE`], by the weights of some works. A work that is
    /// named twice counts with its last weight.
    ///
    /// Refused for more than [`PASSED_MAX`], for more than [`TARGETS_MAX`] works, for a weight that
    /// is not from 1 to [`WEIGHT_MAX`], and for the work itself.
    pub fn new(
        work: WorkId,
        part: i64,
        weights: impl IntoIterator<Item = (WorkId, i64)>,
    ) -> Result<Self, Refusal> {
        if !(0..=PASSED_MAX).contains(&part) {
            return Err(Refusal::PassedTooMuch {});
        }
        let weights: BTreeMap<WorkId, i64> = weights.into_iter().collect();
        if weights.len() > TARGETS_MAX {
            let limit = i64::try_from(TARGETS_MAX).unwrap_or(i64::MAX);
            return Err(Refusal::PassedToTooMany { limit });
        }
        if weights.contains_key(&work) {
            return Err(Refusal::PassedToItself {});
        }
        if weights.values().any(|weight| !(1..=WEIGHT_MAX).contains(weight)) {
            return Err(Refusal::WeightOutOfRange { limit: WEIGHT_MAX });
        }
        Ok(Self { part, weights })
    }

    /// How much is passed on, in hundredths of a percent.
    #[must_use]
    pub const fn part(&self) -> i64 {
        self.part
    }

    /// The works and their weights, by id.
    pub fn weights(&self) -> impl Iterator<Item = (WorkId, i64)> {
        self.weights.iter().map(|(work, weight)| (*work, *weight))
    }

    /// Whether nothing is passed on.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.part == 0 || self.weights.is_empty()
    }

    /// What each work gets of an amount, by id, those that get nothing left out: together
    /// `floor(amount × part)`.
    ///
    /// Refused only for an amount below zero.
    pub fn of(&self, amount: Micros) -> Result<Vec<(WorkId, Micros)>, Refusal> {
        if self.is_nothing() {
            return Ok(Vec::new());
        }
        let part = u64::try_from(self.part).unwrap_or_default();
        let passed = amount.times(part, WHOLE.unsigned_abs())?;
        let weights = self.weights.values().map(|weight| weight.unsigned_abs());
        let shares = share_out(passed, &weights.collect::<Vec<_>>())?;
        let shares = self.weights.keys().copied().zip(shares);
        Ok(shares.filter(|(_, share)| share.is_positive()).collect())
    }
}

/// Where an amount goes that a work received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// What is promised to the works that it builds on, by id. It stays the payee's, held, until
    /// it is collected.
    pub passed: Vec<(WorkId, Micros)>,
    /// What the members of a team get, by id.
    pub members: Vec<(AccountId, Micros)>,
    /// What its payee keeps.
    pub kept: Micros,
}

impl Arrival {
    /// First what the work passes on, then the members' parts of the rest where its payee is a
    /// team. All of it together is the amount.
    ///
    /// Refused only for an amount below zero.
    pub fn of(
        amount: Micros,
        pass_on: Option<&PassOn>,
        percentages: Option<&Percentages>,
    ) -> Result<Self, Refusal> {
        let passed = pass_on.map_or_else(|| Ok(Vec::new()), |pass_on| pass_on.of(amount))?;
        let rest = amount.minus(Micros::sum(passed.iter().map(|(_, share)| *share))?)?;
        let (members, kept) = match percentages {
            Some(percentages) => percentages.divide(rest)?,
            None => (Vec::new(), rest),
        };
        Ok(Self { passed, members, kept })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn work(number: u128) -> WorkId {
        WorkId::new(Uuid::from_u128(number))
    }

    fn account(number: u128) -> AccountId {
        AccountId::new(Uuid::from_u128(number))
    }

    #[test]
    fn what_is_no_pass_on_is_refused() {
        let new = |part, weights: Vec<(WorkId, i64)>| PassOn::new(work(1), part, weights);
        assert_eq!(new(5_001, vec![]), Err(Refusal::PassedTooMuch {}));
        assert_eq!(new(-1, vec![]), Err(Refusal::PassedTooMuch {}));
        assert_eq!(new(10, vec![(work(1), 1)]), Err(Refusal::PassedToItself {}));
        for weight in [0, -1, WEIGHT_MAX + 1] {
            let limit = WEIGHT_MAX;
            let refused = Err(Refusal::WeightOutOfRange { limit });
            assert_eq!(new(10, vec![(work(2), weight)]), refused);
        }
        let many = |count: u128| (2..2 + count).map(|number| (work(number), 1)).collect();
        assert!(new(10, many(500)).is_ok());
        assert_eq!(new(10, many(501)), Err(Refusal::PassedToTooMany { limit: 500 }));
    }

    #[test]
    fn a_part_is_passed_on_by_weights_and_the_rest_divided() {
        let pass_on = PassOn::new(work(1), 1_000, [(work(2), 3), (work(3), 1)]).expect("some");
        let percentages =
            Percentages::new([(account(1), 6_000), (account(2), 4_000)]).expect("percentages");
        let arrival = Arrival::of(Micros::new(1_009), Some(&pass_on), Some(&percentages));
        let arrival = arrival.expect("an arrival");
        // A tenth is 100.9: 100, as 75 and 25; of 909 that stay, 545.4 and 363.6.
        assert_eq!(arrival.passed, [(work(2), Micros::new(75)), (work(3), Micros::new(25))]);
        assert_eq!(
            arrival.members,
            [(account(1), Micros::new(545)), (account(2), Micros::new(364))]
        );
        assert_eq!(arrival.kept, Micros::ZERO);
        let alone = Arrival::of(Micros::new(7), None, None).expect("an arrival");
        assert_eq!((alone.kept, alone.passed.len()), (Micros::new(7), 0));
    }

    /// Works, each with its payee, what it passes on, and the teams.
    type World = (Vec<(AccountId, PassOn)>, BTreeMap<AccountId, Percentages>);

    /// A world of works that pass on to one another in any direction, circles included.
    fn worlds() -> impl Strategy<Value = World> {
        let one =
            (0_u128..4, 0..=PASSED_MAX, proptest::collection::vec((0_u128..6, 1_i64..9), 0..4));
        let percentages = proptest::collection::vec(0_i64..3_000, 0..3);
        (proptest::collection::vec(one, 1..6), proptest::collection::vec(percentages, 0..4))
            .prop_map(|(works, percentages)| {
                let works = works.into_iter().zip(0_u128..).map(|((payee, part, to), number)| {
                    let to = to.into_iter().filter(|(other, _)| *other != number);
                    let to = to.map(|(other, weight)| (work(other), weight));
                    (account(payee), PassOn::new(work(number), part, to).expect("well"))
                });
                let percentages = percentages.into_iter().zip(0_u128..).map(|(parts, number)| {
                    let members = (10_u128..).map(account).zip(parts);
                    (account(number), Percentages::new(members).expect("percentages"))
                });
                (works.collect(), percentages.collect())
            })
    }

    /// Credits an amount to a work: what its people have more, and what is promised onwards.
    fn arrive(
        world: &World,
        to: usize,
        amount: Micros,
        have: &mut BTreeMap<AccountId, i64>,
    ) -> Vec<(AccountId, WorkId, Micros)> {
        let (payee, pass_on) = &world.0[to];
        let arrival = Arrival::of(amount, Some(pass_on), world.1.get(payee)).expect("an arrival");
        *have.entry(*payee).or_default() += arrival.kept.get();
        for (member, share) in arrival.members {
            *have.entry(member).or_default() += share.get();
        }
        // What is passed on is still the payee's.
        let passed = arrival.passed.into_iter();
        passed
            .map(|(target, share)| {
                *have.entry(*payee).or_default() += share.get();
                (*payee, target, share)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn no_settlement_loses_or_makes_money(
            world in worlds(),
            amounts in proptest::collection::vec((0_usize..6, 0_i64..1_000_000_000), 1..8),
        ) {
            let (mut have, mut promised, mut total) = (BTreeMap::new(), Vec::new(), 0);
            for (to, amount) in amounts {
                let to = to % world.0.len();
                total += amount;
                promised.extend(arrive(&world, to, Micros::new(amount), &mut have));
                // One step: what is promised now to a work that somebody controls is collected,
                // what that promises in turn waits for the next settlement.
                for (payer, target, share) in std::mem::take(&mut promised) {
                    let place = usize::try_from(target.uuid().as_u128()).expect("small");
                    if place >= world.0.len() {
                        promised.push((payer, target, share));
                        continue;
                    }
                    *have.entry(payer).or_default() -= share.get();
                    promised.extend(arrive(&world, place, share, &mut have));
                }
                prop_assert_eq!(have.values().sum::<i64>(), total);
                let mut held = BTreeMap::<AccountId, i64>::new();
                for (payer, _, share) in &promised {
                    *held.entry(*payer).or_default() += share.get();
                }
                // Nobody owes more than they have.
                prop_assert!(held.iter().all(|(payer, held)| have[payer] >= *held));
            }
        }
    }
}
