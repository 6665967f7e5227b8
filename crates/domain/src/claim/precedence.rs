//! Whose a work is when several standing claims reach it (C3).

use std::cmp::Reverse;

use jiff::Timestamp;

use super::ClaimId;

/// A claim that stands, as far as it matters against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub id: ClaimId,
    /// How much its proof weighs.
    pub strength: u8,
    /// Who controls what is around it left this to it, or it still has the notice of a stronger
    /// one.
    pub is_left: bool,
    /// How narrow its reach is.
    pub narrowness: usize,
    /// Since when it stands.
    pub since: Timestamp,
}

/// The claim that decides: one that the others leave it to, then the stronger proof, then the
/// nearer one, then the older one. None of none.
#[must_use]
pub fn foremost(standing: &[Standing]) -> Option<Standing> {
    let weight = |one: &&Standing| {
        (one.is_left, one.strength, one.narrowness, Reverse(one.since), Reverse(one.id))
    };
    standing.iter().max_by_key(weight).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(id: u128, strength: u8, is_left: bool, narrowness: usize, at: i64) -> Standing {
        let since = Timestamp::from_second(at).expect("a time");
        Standing {
            id: ClaimId::new(uuid::Uuid::from_u128(id)),
            strength,
            is_left,
            narrowness,
            since,
        }
    }

    #[test]
    fn the_stronger_decides_unless_it_leaves_it() {
        let name = claim(1, 3, false, 11, 100);
        let page = claim(2, 1, false, 10_000, 50);
        assert_eq!(foremost(&[]), None);
        assert_eq!(foremost(&[page, name]), Some(name));
        let left = Standing { is_left: true, ..page };
        assert_eq!(foremost(&[left, name]), Some(left));
        let nearer = claim(3, 3, false, 16, 200);
        assert_eq!(foremost(&[name, nearer]), Some(nearer));
        let younger = claim(4, 3, false, 11, 200);
        assert_eq!(foremost(&[younger, name]), Some(name));
    }

    proptest! {
        #[test]
        fn the_order_of_claims_does_not_matter(
            some in proptest::collection::vec(
                (0_u8..3, any::<bool>(), 0_usize..3, 0_i64..3), 1..8,
            ),
            turn: usize,
        ) {
            let standing = |some: &[(u8, bool, usize, i64)]| -> Vec<Standing> {
                let each = some.iter().zip(1_u128..);
                each.map(|((s, l, n, at), id)| claim(id, *s, *l, *n, *at)).collect()
            };
            let one = standing(&some);
            let first = foremost(&one);
            let mut other = one;
            let turn = turn % other.len();
            other.rotate_left(turn);
            prop_assert_eq!(first, foremost(&other));
        }
    }
}
