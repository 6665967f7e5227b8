//! Counts of people that others may see (security.md P2).

/// A public count: shown from five on, rounded down, to five under a hundred, then to two digits.
#[must_use]
pub fn public_count(count: i64) -> Option<i64> {
    let step = match count {
        ..5 => return None,
        5..100 => 5,
        _ => 10_i64.pow(count.ilog10().saturating_sub(1)),
    };
    Some(count - count % step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_counts_are_rounded_down_and_begin_at_five() {
        let cases = [(0, None), (4, None), (5, Some(5)), (9, Some(5)), (99, Some(95))];
        let more =
            [(100, Some(100)), (119, Some(110)), (1_999, Some(1_900)), (12_345, Some(12_000))];
        for (count, shown) in cases.into_iter().chain(more) {
            assert_eq!(public_count(count), shown, "{count}");
        }
    }
}
