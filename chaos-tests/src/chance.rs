//! Chance that repeats itself: the seed is printed, and the same seed draws the same.

/// Where random numbers come from (splitmix64).
#[derive(Clone, Debug)]
pub struct Chance {
    state: u64,
}

impl Chance {
    /// A series of numbers; `label` tells one series of a seed from another.
    pub fn new(seed: u64, label: &str) -> Self {
        let mixed = label.bytes().fold(seed, |state, byte| {
            let mut chance = Self { state: state ^ u64::from(byte) };
            chance.next()
        });
        Self { state: mixed }
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number under a limit; 0 where the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// A number from one to another, both included.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from) + 1)
    }

    /// A place in a list of this length.
    pub fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or_default()
    }

    /// One of these; none of an empty list.
    pub fn one_of<'list, T>(&mut self, list: &'list [T]) -> Option<&'list T> {
        list.get(self.place(list.len()))
    }

    /// True so many times in a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_labels_differ() {
        let draw = |seed, label| {
            let mut chance = Chance::new(seed, label);
            [chance.next(), chance.next()]
        };
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn a_number_between_two_reaches_both() {
        let mut chance = Chance::new(7, "reach");
        let drawn: std::collections::BTreeSet<u64> =
            (0..200).map(|_| chance.between(3, 5)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
    }
}
