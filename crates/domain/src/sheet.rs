//! Sheets: what a chunk of patrons gives and promises to works, in one currency and one part of all
//! payees and works. Chunks write sheets instead of a row a work or promise, so that no two of them
//! wait for one another; crediting reads them a part at a time and writes each table in the order
//! of its key (performance.md sections 1 and 4).

use crate::account::AccountId;
use crate::money::Micros;
use crate::packed::{self, Packed, count, put_number, take_id, take_number};
use crate::work::WorkId;

/// Into how many buckets works go that nobody has claimed; also the most parts.
pub const BUCKETS: u16 = 1_024;

/// The bucket of such a work, from 0: by the end of its id, which is chance.
#[must_use]
pub fn bucket(work: WorkId) -> i64 {
    let [.., high, low] = *work.uuid().as_bytes();
    i64::from(u16::from_be_bytes([high, low]) % BUCKETS)
}

/// The parts of payees, in the order of their ids, and of works that nobody has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The last payee of each part but the last one.
    ends: Vec<AccountId>,
}

impl Parts {
    /// A part for each chunk of patrons, given the last patron of each in order; for every few
    /// where there are more than [`BUCKETS`] chunks. At least one. So a part holds about as much as
    /// a chunk, or as what one work is promised if that is more.
    #[must_use]
    pub fn new(ends_of_chunks: &[AccountId]) -> Self {
        let step = ends_of_chunks.len().div_ceil(BUCKETS.into()).max(1);
        let inner = ends_of_chunks.split_last().map_or(&[][..], |(_, inner)| inner);
        Self { ends: inner.iter().copied().skip(step - 1).step_by(step).collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> i64 {
        i64::try_from(self.ends.len()).map_or(1, |ends| ends + 1)
    }

    /// The part of a payee, from 0.
    #[must_use]
    pub fn of_payee(&self, payee: AccountId) -> i64 {
        i64::try_from(self.ends.partition_point(|end| *end < payee)).unwrap_or(0)
    }

    /// The part of a work that nobody has claimed, from 0: some buckets in a row.
    #[must_use]
    pub fn of_work(&self, work: WorkId) -> i64 {
        bucket(work) * self.count() / i64::from(BUCKETS)
    }
}

/// What some patrons gave to one work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many patrons gave.
    pub clicks: i64,
    /// The sum of their shares, promises collected included.
    pub gross: Micros,
}

/// A share for a work that nobody has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Promised {
    /// For which work.
    pub work: WorkId,
    /// Who promised it.
    pub patron: AccountId,
    /// How much.
    pub amount: Micros,
}

/// What a chunk of patrons gave to the works of a part, in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What claimed works received, by work.
    pub sums: Vec<(WorkId, Sum)>,
    /// What was promised to the others, by work and patron.
    pub promised: Vec<Promised>,
}

/// The version of the packed form.
const VERSION: u8 = 1;

impl Sheet {
    /// The packed body. Period, part and currency are the row's, not the body's.
    #[must_use]
    pub fn pack(&self) -> Packed {
        let mut body = packed::begin(VERSION, 16 + self.sums.len() * 22 + self.promised.len() * 37);
        put_number(&mut body, count(self.sums.len()));
        for (work, sum) in &self.sums {
            body.extend_from_slice(work.uuid().as_bytes());
            put_number(&mut body, sum.clicks);
            put_number(&mut body, sum.gross.get());
        }
        let by_work = || self.promised.chunk_by(|one, other| one.work == other.work);
        put_number(&mut body, count(by_work().count()));
        for promised in by_work() {
            let work = promised.first().map_or([0; 16], |first| first.work.uuid().into_bytes());
            body.extend_from_slice(&work);
            put_number(&mut body, count(promised.len()));
            for Promised { patron, amount, .. } in promised {
                body.extend_from_slice(patron.uuid().as_bytes());
                put_number(&mut body, amount.get());
            }
        }
        Packed::seal(body)
    }

    /// Reads a packed body; none when it is damaged or of another version.
    #[must_use]
    pub fn unpack(packed: &[u8]) -> Option<Self> {
        let rest = &mut packed::open(VERSION, packed)?;
        let sums = (0..take_number(rest)?).map(|_| {
            let work = WorkId::new(take_id(rest)?);
            let clicks = take_number(rest)?;
            Some((work, Sum { clicks, gross: Micros::new(take_number(rest)?) }))
        });
        let sums = sums.collect::<Option<_>>()?;
        let mut promised = Vec::new();
        for _ in 0..take_number(rest)? {
            let work = WorkId::new(take_id(rest)?);
            for _ in 0..take_number(rest)? {
                let patron = AccountId::new(take_id(rest)?);
                promised.push(Promised { work, patron, amount: Micros::new(take_number(rest)?) });
            }
        }
        rest.is_empty().then_some(Self { sums, promised })
    }
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
            promised in
                proptest::collection::vec((any::<u128>(), any::<u128>(), 0..i64::MAX), 0..40),
        ) {
            let sums = sums.into_iter().map(|(work, clicks, gross)| {
                (WorkId::new(Uuid::from_u128(work)), Sum { clicks, gross: Micros::new(gross) })
            }).collect();
            let promised = promised.into_iter().map(|(work, patron, amount)| Promised {
                work: WorkId::new(Uuid::from_u128(work)),
                patron: AccountId::new(Uuid::from_u128(patron)),
                amount: Micros::new(amount),
            }).collect();
            let sheet = Sheet { sums, promised };
            prop_assert_eq!(Sheet::unpack(&sheet.pack().body), Some(sheet));
        }

        #[test]
        fn a_damaged_sheet_is_seen(place: prop::sample::Index, flip in 1_u8..=255) {
            let sum = Sum { clicks: 3, gross: Micros::new(4_000_000) };
            let sums = vec![(WorkId::new(Uuid::from_u128(7)), sum)];
            let mut packed = Sheet { sums, promised: Vec::new() }.pack().body;
            let place = place.index(packed.len());
            packed[place] ^= flip;
            prop_assert_eq!(Sheet::unpack(&packed), None);
        }

        #[test]
        fn a_part_is_one_of_them(
            works in proptest::collection::vec(any::<u128>(), 1..20),
            mut payees in proptest::collection::vec(any::<u128>(), 1..20),
            mut chunks in proptest::collection::vec(any::<u128>(), 0..3_000),
        ) {
            chunks.sort_unstable();
            payees.sort_unstable();
            let account = |id: &u128| AccountId::new(Uuid::from_u128(*id));
            let parts = Parts::new(&chunks.iter().map(account).collect::<Vec<_>>());
            let few = chunks.len().div_ceil(BUCKETS.into()).max(1);
            let count = parts.count();
            prop_assert_eq!(count, chunks.len().div_ceil(few).max(1) as i64);
            let of: Vec<i64> = payees.iter().map(|id| parts.of_payee(account(id))).collect();
            prop_assert!(of.is_sorted() && of.iter().all(|part| (0..count).contains(part)));
            let work = |id: &u128| WorkId::new(Uuid::from_u128(*id));
            prop_assert!(works.iter().all(|id| (0..count).contains(&parts.of_work(work(id)))));
        }
    }
}
