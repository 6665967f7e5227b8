//! Chance that can be repeated.

use super::{CREATORS, MONTH, YEAR_BEGINS};

/// A small generator of chance (SplitMix64), so that a year can be repeated.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `from` to less than `to`.
    pub(super) fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.next() % (to - from)
    }

    pub(super) fn is(&mut self, of_thousand: u64) -> bool {
        self.next() % 1_000 < of_thousand
    }

    /// A creator, the lower the number the more popular.
    pub(super) fn creator(&mut self) -> u64 {
        let (a, b) = (self.between(0, CREATORS), self.between(0, CREATORS));
        a * b / CREATORS
    }

    pub(super) fn moment(&mut self, month: i64) -> i64 {
        YEAR_BEGINS + month * MONTH + i64::try_from(self.between(0, 30 * 86_400)).expect("a month")
    }
}
