//! Promise lists: what a settlement's patrons promised to one work in one currency, packed, by
//! patron. Most promises end as they began, by being collected or growing old together: only what
//! becomes of one by itself has a row of its own (performance.md section 1).

use crate::account::AccountId;
use crate::money::Micros;
use crate::packed::{self, Packed, count, put_number, take_id, take_number};

/// How many promises a list has at most; a work with more has several lists.
pub const LIST_MAX: usize = 4_096;

/// The version of the packed form.
const VERSION: u8 = 1;

/// Packs who promised how much.
#[must_use]
pub fn pack(promised: &[(AccountId, Micros)]) -> Packed {
    let mut body = packed::begin(VERSION, 4 + promised.len() * 21);
    put_number(&mut body, count(promised.len()));
    for (patron, amount) in promised {
        body.extend_from_slice(patron.uuid().as_bytes());
        put_number(&mut body, amount.get());
    }
    Packed::seal(body)
}

/// Reads a list; none when it is damaged or of another version.
#[must_use]
pub fn unpack(packed: &[u8]) -> Option<Vec<(AccountId, Micros)>> {
    let rest = &mut packed::open(VERSION, packed)?;
    let promised = (0..take_number(rest)?).map(|_| {
        let patron = AccountId::new(take_id(rest)?);
        Some((patron, Micros::new(take_number(rest)?)))
    });
    let promised = promised.collect::<Option<_>>()?;
    rest.is_empty().then_some(promised)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_list_reads_back_and_a_damaged_one_is_seen(
            promised in proptest::collection::vec((any::<u128>(), 0..i64::MAX), 0..40),
            place: prop::sample::Index,
            flip in 1_u8..=255,
        ) {
            let promised: Vec<_> = promised.into_iter().map(|(patron, amount)| {
                (AccountId::new(Uuid::from_u128(patron)), Micros::new(amount))
            }).collect();
            let mut packed = pack(&promised).body;
            prop_assert_eq!(unpack(&packed), Some(promised));
            let place = place.index(packed.len());
            packed[place] ^= flip;
            prop_assert_eq!(unpack(&packed), None);
        }
    }
}
