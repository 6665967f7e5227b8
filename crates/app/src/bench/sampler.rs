//! Chance for measurements: fast, and the same for the same seed. Whole numbers only.

/// SplitMix64: a counter that is well stirred.
#[derive(Clone, Copy, Debug)]
pub struct Sampler {
    state: u64,
}

/// The odd number that is nearest to 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A log-normal distribution (sigma 1) in 64 equal parts, in thousandths of its mean.
const LOG_NORMAL: [u64; 64] = [
    55, 85, 106, 125, 142, 158, 173, 188, 203, 218, 233, 247, 262, 277, 292, 307, 323, 339, 355,
    371, 388, 405, 422, 440, 459, 478, 498, 518, 539, 561, 583, 606, 631, 656, 682, 710, 738, 768,
    800, 833, 868, 905, 945, 986, 1031, 1078, 1130, 1185, 1244, 1309, 1381, 1459, 1546, 1644, 1755,
    1882, 2031, 2208, 2424, 2699, 3066, 3600, 4512, 6938,
];

impl Sampler {
    /// One of the series of a seed.
    #[must_use]
    pub const fn new(seed: u64, series: u64) -> Self {
        let mut sampler = Self { state: seed };
        let stirred = sampler.next();
        Self { state: stirred ^ series.wrapping_mul(STEP) }
    }

    /// 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below a limit, which is above zero.
    pub const fn below(&mut self, limit: u64) -> u64 {
        let wide = self.next() as u128 * limit as u128;
        (wide >> 64) as u64
    }

    /// A log-normal number of this mean, at least 1.
    pub fn log_normal(&mut self, mean: u64) -> u64 {
        let part = usize::try_from(self.below(64)).unwrap_or_default();
        let thousandths = LOG_NORMAL.get(part).copied().unwrap_or(1_000) * mean;
        // What is less than one is rounded by chance, so that the mean stays.
        ((thousandths + self.below(1_000)) / 1_000).max(1)
    }
}

/// Zipf's law: the work at place k is clicked in proportion to 1 ÷ k.
#[derive(Clone, Debug)]
pub struct Popularity {
    /// The sum of the weights up to each place.
    sums: Vec<u64>,
}

impl Popularity {
    /// Of so many works.
    #[must_use]
    pub fn zipf(count: u32) -> Self {
        let weights = (1..=u64::from(count)).map(|place| (1 << 40) / place);
        let sums = weights.scan(0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    /// A place, from 0.
    pub fn draw(&self, sampler: &mut Sampler) -> usize {
        let total = self.sums.last().copied().unwrap_or(1);
        let drawn = sampler.below(total);
        self.sums.partition_point(|sum| *sum <= drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = |seed, series| {
            let mut sampler = Sampler::new(seed, series);
            [sampler.next(), sampler.next()]
        };
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }

    #[test]
    fn clicks_have_the_mean_that_was_asked_for() {
        let mut sampler = Sampler::new(1, 0);
        let sum: u64 = (0..100_000).map(|_| sampler.log_normal(30)).sum();
        assert!((2_950_000..3_050_000).contains(&sum), "{sum}");
    }

    #[test]
    fn the_second_work_is_clicked_half_as_often_as_the_first() {
        let (popularity, mut sampler) = (Popularity::zipf(1_000), Sampler::new(1, 0));
        let mut counts = [0_u64; 1_000];
        (0..200_000).for_each(|_| counts[popularity.draw(&mut sampler)] += 1);
        let (first, second) = (counts[0], counts[1]);
        assert!((first * 45..first * 55).contains(&(second * 100)), "{first} {second}");
        assert!(counts[999] > 0);
    }
}
