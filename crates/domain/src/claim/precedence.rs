//! Whose a work is when several claims reach it, and what a proof comes to among the claims of
//! others (C3).

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{ClaimId, ClaimMethod, ClaimState, NOTICE, Reach};
use crate::account::AccountId;

/// A claim, as far as it matters against others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contender {
    /// Which.
    pub id: ClaimId,
    /// Whose.
    pub account: AccountId,
    /// How it was proven.
    pub method: ClaimMethod,
    /// How far it reaches.
    pub reach: Reach,
    /// Where it stands.
    pub state: ClaimState,
    /// The claim around it that left its works to it.
    pub left_by: Option<ClaimId>,
    /// Whether it has the notice of a stronger one.
    pub has_notice: bool,
    /// Since when it is proven.
    pub since: Timestamp,
}

/// What the proof of a claim comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It stands.
    Stands {
        /// The weaker claims of others inside of it: they have notice from now on.
        inside: Vec<ClaimId>,
        /// The account's own claim of the same reach, which it takes the place of.
        replaces: Option<ClaimId>,
    },
    /// Somebody else's claim decides.
    Waits {
        /// Theirs.
        holder: ClaimId,
        /// Whether that one has notice from now on, being the weaker one of the same reach.
        gives_notice: bool,
    },
    /// The account has as good a claim of this reach.
    Needless,
}

impl Contender {
    fn is_weaker_than(&self, other: &Self) -> bool {
        self.method.strength() < other.method.strength()
    }

    fn is_left(&self) -> bool {
        self.left_by.is_some() || self.has_notice
    }

    /// What the proof of this claim comes to now, among all claims that reach into its reach.
    ///
    /// A stronger claim takes what is weaker away after seven days only: that of the same reach and
    /// those inside of it by a notice, one around it by waiting as long.
    #[must_use]
    pub fn decide(&self, others: &[Self], now: Timestamp) -> Decision {
        let standing = others.iter().filter(|other| other.id != self.id && other.state.stands());
        let standing: Vec<&Self> = standing.collect();
        let same = standing.iter().find(|other| other.reach == self.reach);
        match same {
            Some(same) if same.account != self.account => {
                let gives_notice = same.is_weaker_than(self);
                return Decision::Waits { holder: same.id, gives_notice };
            }
            Some(same) if same.state == ClaimState::Proven && !same.is_weaker_than(self) => {
                return Decision::Needless;
            }
            _ => {}
        }
        let others = || standing.iter().filter(|other| other.account != self.account);
        let has_waited = self.since.saturating_add(NOTICE).is_ok_and(|ends| ends <= now);
        let blocks = |other: &&&Self| {
            let gives_way = other.is_weaker_than(self) && has_waited;
            other.reach.holds(&self.reach) && self.left_by != Some(other.id) && !gives_way
        };
        if let Some(holder) = others().find(blocks) {
            return Decision::Waits { holder: holder.id, gives_notice: false };
        }
        let is_inside = |other: &&&Self| {
            let is_untouched = other.left_by != Some(self.id) && !other.has_notice;
            self.reach.holds(&other.reach) && other.is_weaker_than(self) && is_untouched
        };
        let inside = others().filter(is_inside).map(|other| other.id).collect();
        Decision::Stands { inside, replaces: same.map(|same| same.id) }
    }
}

/// The claim that decides among some that stand: one that the others leave it to or that still has
/// notice, then the stronger proof, then the nearer one, then the older one. None of none.
#[must_use]
pub fn foremost(standing: &[Contender]) -> Option<&Contender> {
    let weight = |one: &&Contender| {
        let (strength, near) = (one.method.strength(), one.reach.narrowness());
        (one.is_left(), strength, near, Reverse(one.since), Reverse(one.id))
    };
    standing.iter().max_by_key(weight)
}

#[cfg(test)]
mod tests {
    use ClaimMethod::{Dns, File, Meta};
    use std::slice::from_ref;

    use jiff::SignedDuration;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hours * 3_600).expect("a time")
    }

    /// A claim that stands since hour 0, its number also its account's.
    fn claim(number: u128, method: ClaimMethod, reach: &str) -> Contender {
        Contender {
            id: ClaimId::new(Uuid::from_u128(number)),
            account: AccountId::new(Uuid::from_u128(number)),
            method,
            reach: Reach::from_key(reach).expect(reach),
            state: ClaimState::Proven,
            left_by: None,
            has_notice: false,
            since: at(0),
        }
    }

    const NAME: &str = "name:example.org";
    const SITE: &str = "below:https://example.org/";
    const PAGE: &str = "page:https://example.org/a";

    fn stands() -> Decision {
        Decision::Stands { inside: Vec::new(), replaces: None }
    }

    #[test]
    fn the_stronger_decides_unless_it_leaves_it() {
        let (name, page) = (claim(1, Dns, NAME), claim(2, Meta, PAGE));
        let id = |some: &[&Contender]| {
            let some: Vec<Contender> = some.iter().map(|one| (*one).clone()).collect();
            foremost(&some).map(|one| one.id)
        };
        assert_eq!(id(&[]), None);
        assert_eq!(id(&[&page, &name]), Some(name.id));
        let left = Contender { left_by: Some(name.id), ..page.clone() };
        assert_eq!(id(&[&left, &name]), Some(left.id));
        let noticed = Contender { has_notice: true, ..page };
        assert_eq!(id(&[&noticed, &name]), Some(noticed.id));
        let nearer = claim(3, Dns, "name:blog.example.org");
        assert_eq!(id(&[&name, &nearer]), Some(nearer.id));
        let younger = Contender { since: at(1), ..claim(4, Dns, NAME) };
        assert_eq!(id(&[&younger, &name]), Some(name.id));
    }

    #[test]
    fn a_part_waits_until_it_is_left() {
        let (name, page) = (claim(1, Dns, NAME), claim(2, Meta, PAGE));
        let waits = Decision::Waits { holder: name.id, gives_notice: false };
        assert_eq!(page.decide(from_ref(&name), at(10_000)), waits);
        let left = Contender { left_by: Some(name.id), ..page.clone() };
        assert_eq!(left.decide(from_ref(&name), at(0)), stands());
        // What another one left is nothing to this one.
        let other = Contender { left_by: Some(claim(3, Dns, NAME).id), ..page.clone() };
        assert_eq!(other.decide(from_ref(&name), at(0)), waits);
        // One's own stands in nobody's way, nor does what has ended.
        let own = Contender { account: page.account, ..name.clone() };
        assert_eq!(page.decide(&[own], at(0)), stands());
        let lost = Contender { state: ClaimState::Lost, ..name };
        assert_eq!(page.decide(&[lost], at(0)), stands());
    }

    #[test]
    fn what_is_weaker_has_notice() {
        let (name, page) = (claim(1, Dns, NAME), claim(2, Meta, PAGE));
        let noticed = Decision::Stands { inside: vec![page.id], replaces: None };
        assert_eq!(name.decide(from_ref(&page), at(0)), noticed);
        for untouched in [
            Contender { left_by: Some(name.id), ..page.clone() },
            Contender { has_notice: true, ..page.clone() },
            claim(2, Dns, "name:blog.example.org"),
        ] {
            assert_eq!(name.decide(&[untouched], at(0)), stands());
        }
        // What an earlier owner of the name left, this one did not.
        let left = Contender { left_by: Some(claim(9, Dns, NAME).id), ..page };
        assert_eq!(name.decide(&[left], at(0)), noticed);
    }

    #[test]
    fn a_stronger_one_waits_seven_days_for_what_is_around_it_or_the_same() {
        let (site, file) = (claim(1, Meta, SITE), claim(2, File, SITE));
        let waits = Decision::Waits { holder: site.id, gives_notice: true };
        assert_eq!(file.decide(from_ref(&site), at(10_000)), waits);
        let equal = claim(3, Meta, SITE);
        let blocked = Decision::Waits { holder: site.id, gives_notice: false };
        assert_eq!(equal.decide(from_ref(&site), at(0)), blocked);
        let part = claim(4, File, "below:https://example.org/songs");
        assert_eq!(part.decide(from_ref(&site), at(167)), blocked);
        assert_eq!(part.decide(&[site], at(168)), stands());
    }

    #[test]
    fn ones_own_is_replaced_by_a_stronger_one_only() {
        let weak = claim(1, Meta, SITE);
        let own = |method| Contender { account: weak.account, ..claim(2, method, SITE) };
        let replaced = Decision::Stands { inside: Vec::new(), replaces: Some(weak.id) };
        assert_eq!(own(File).decide(from_ref(&weak), at(0)), replaced);
        assert_eq!(own(Meta).decide(from_ref(&weak), at(0)), Decision::Needless);
        let stale = Contender { state: ClaimState::Stale, ..weak.clone() };
        assert_eq!(own(Meta).decide(&[stale], at(0)), replaced);
    }

    fn contenders() -> impl Strategy<Value = Vec<Contender>> {
        let one = (0_usize..3, 0_usize..3, any::<bool>(), 0_i64..3);
        proptest::collection::vec(one, 1..8).prop_map(|some| {
            let each = some.into_iter().zip(1_u128..);
            let each = each.map(|((method, reach, has_notice, hours), number)| Contender {
                has_notice,
                since: at(hours),
                ..claim(number, [Dns, File, Meta][method], [NAME, SITE, PAGE][reach])
            });
            each.collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_of_claims_does_not_matter(some in contenders(), turn: usize) {
            let first = foremost(&some).map(|one| one.id);
            let mut other = some.clone();
            let turn = turn % other.len();
            other.rotate_left(turn);
            prop_assert_eq!(first, foremost(&other).map(|one| one.id));
        }

        #[test]
        fn nobody_takes_from_a_stronger_claim(some in contenders(), hours in 0_i64..1_000) {
            let now = at(0).saturating_add(SignedDuration::from_hours(hours)).expect("a time");
            for one in &some {
                if let Decision::Stands { inside, .. } = one.decide(&some, now) {
                    let around = some.iter().filter(|other| other.account != one.account);
                    let stronger = |other: &&Contender| !other.is_weaker_than(one);
                    let holds = |other: &Contender| other.reach.holds(&one.reach);
                    prop_assert!(!around.filter(stronger).any(holds));
                    let mut taken = some.iter().filter(|other| inside.contains(&other.id));
                    prop_assert!(taken.all(|other| other.is_weaker_than(one)));
                }
            }
        }
    }
}
