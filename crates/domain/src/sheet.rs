//! Credit sheets: what a chunk of patrons adds to the works, in one currency and one part of the
//! works. Chunks write sheets instead of adding to each work's credit, so that no two of them wait
//! for one another; crediting adds up a part at a time (performance.md sections 1 and 4).

use crate::money::Micros;
use crate::packed::{self, Packed, count, put_number, take_number, take_work};
use crate::work::WorkId;

/// Into how many parts the works of a settlement go, so that one fits into memory however many
/// works there are.
pub const PARTS: i64 = 16;

/// The part of a work, from 0: by the last bits of its id, which are chance.
#[must_use]
pub fn part(work: WorkId) -> i64 {
    i64::from(work.uuid().as_bytes()[15]) % PARTS
}

/// What some patrons gave to one work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many patrons gave.
    pub clicks: i64,
    /// The sum of their shares, promises collected included.
    pub gross: Micros,
}

/// The version of the packed form.
const VERSION: u8 = 1;

/// Packs a sheet.
#[must_use]
pub fn pack(sums: &[(WorkId, Sum)]) -> Packed {
    let mut body = packed::begin(VERSION, 8 + sums.len() * 22);
    put_number(&mut body, count(sums.len()));
    for (work, sum) in sums {
        body.extend_from_slice(work.uuid().as_bytes());
        put_number(&mut body, sum.clicks);
        put_number(&mut body, sum.gross.get());
    }
    Packed::seal(body)
}

/// Reads a sheet; none when it is damaged or of another version.
#[must_use]
pub fn unpack(packed: &[u8]) -> Option<Vec<(WorkId, Sum)>> {
    let rest = &mut packed::open(VERSION, packed)?;
    let sums = (0..take_number(rest)?).map(|_| {
        let work = take_work(rest)?;
        let clicks = take_number(rest)?;
        Some((work, Sum { clicks, gross: Micros::new(take_number(rest)?) }))
    });
    let sums = sums.collect::<Option<Vec<_>>>()?;
    rest.is_empty().then_some(sums)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn a_packed_sheet_reads_back(
            sums in proptest::collection::vec((any::<u128>(), 0..i64::MAX, 0..i64::MAX), 0..40),
        ) {
            let sums: Vec<_> = sums.into_iter().map(|(work, clicks, gross)| {
                (WorkId::new(Uuid::from_u128(work)), Sum { clicks, gross: Micros::new(gross) })
            }).collect();
            prop_assert_eq!(unpack(&pack(&sums).body), Some(sums));
        }

        #[test]
        fn a_damaged_sheet_is_seen(place: prop::sample::Index, flip in 1_u8..=255) {
            let sum = Sum { clicks: 3, gross: Micros::new(4_000_000) };
            let mut packed = pack(&[(WorkId::new(Uuid::from_u128(7)), sum)]).body;
            let place = place.index(packed.len());
            packed[place] ^= flip;
            prop_assert_eq!(unpack(&packed), None);
        }

        #[test]
        fn a_part_is_one_of_them(work: u128) {
            prop_assert!((0..PARTS).contains(&part(WorkId::new(Uuid::from_u128(work)))));
        }
    }
}
