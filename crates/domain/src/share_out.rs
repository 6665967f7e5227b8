//! Largest-remainder division (product.md section 3.4): the shares add up to the amount, always.

use crate::money::Micros;
use crate::refusal::Refusal;

/// Shares `amount` over `weights`: each gets `floor(amount × weight ÷ total)`, the millionths left
/// over go one each to the largest remainders, ties to the lower place. Callers list weights in
/// ascending order of id, so that ties go to the lower id and order of arrival means nothing.
///
/// Refused when the amount is negative, when no weight is above zero, or when the total of the
/// weights leaves 64 bits.
pub fn share_out(amount: Micros, weights: &[u64]) -> Result<Vec<Micros>, Refusal> {
    let whole = u128::try_from(amount.get()).map_err(|_| Refusal::Overflow {})?;
    let total = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight));
    let total = u128::from(total.filter(|total| *total > 0).ok_or(Refusal::Overflow {})?);

    let mut shares = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    let mut given = 0_u128;
    for (place, weight) in weights.iter().enumerate() {
        let (share, remainder) = divide(whole, u128::from(*weight), total);
        given += share;
        shares.push(share);
        remainders.push((remainder, place));
    }

    // Fewer units are left than there are remainders above zero, so no weight of zero gets one.
    let left = usize::try_from(whole - given).map_err(|_| Refusal::Overflow {})?;
    if left > 0 && left < remainders.len() {
        let by_remainder = |a: &(u128, usize), b: &(u128, usize)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        remainders.select_nth_unstable_by(left, by_remainder);
    }
    for (_, place) in remainders.iter().take(left) {
        if let Some(share) = shares.get_mut(*place) {
            *share += 1;
        }
    }
    let narrow = |share| i64::try_from(share).map(Micros::new).map_err(|_| Refusal::Overflow {});
    shares.into_iter().map(narrow).collect()
}

/// What [`share_out`] gives to the weight at one place, without the others: the same to the last
/// millionth, in two passes and no memory. Zero at a place that is not there.
///
/// Refused as [`share_out`] refuses.
pub fn share_at(amount: Micros, weights: &[u64], place: usize) -> Result<Micros, Refusal> {
    let whole = u128::try_from(amount.get()).map_err(|_| Refusal::Overflow {})?;
    let total = weights.iter().try_fold(0_u64, |sum, weight| sum.checked_add(*weight));
    let total = u128::from(total.filter(|total| *total > 0).ok_or(Refusal::Overflow {})?);
    let Some(own) = weights.get(place) else { return Ok(Micros::ZERO) };

    let (share, own_remainder) = divide(whole, u128::from(*own), total);
    let (mut given, mut before) = (0_u128, 0_u128);
    // Equal weights stand side by side more often than not: they divide alike.
    let mut last = (*own, (share, own_remainder));
    for (other, weight) in weights.iter().enumerate() {
        if last.0 != *weight {
            last = (*weight, divide(whole, u128::from(*weight), total));
        }
        let (share, remainder) = last.1;
        given += share;
        let is_before = remainder > own_remainder || (remainder == own_remainder && other < place);
        before += u128::from(is_before);
    }
    let share = if before < whole - given { share + 1 } else { share };
    i64::try_from(share).map(Micros::new).map_err(|_| Refusal::Overflow {})
}

/// Quotient and remainder of `amount × weight ÷ total`, in 64 bits where the product fits: the
/// processor divides those several times faster.
fn divide(amount: u128, weight: u128, total: u128) -> (u128, u128) {
    let product = amount * weight;
    match (u64::try_from(product), u64::try_from(total)) {
        (Ok(product), Ok(total)) => (u128::from(product / total), u128::from(product % total)),
        _ => (product / total, product % total),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(amount: i64, weights: &[u64]) -> Vec<i64> {
        let shares = share_out(Micros::new(amount), weights).expect("valid weights");
        shares.into_iter().map(Micros::get).collect()
    }

    #[test]
    fn ties_go_to_the_lower_place() {
        assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(shares(2, &[1, 1, 1]), [1, 1, 0]);
    }

    #[test]
    fn the_largest_remainder_gets_the_unit() {
        assert_eq!(shares(10, &[1, 2, 4]), [1, 3, 6]);
    }

    #[test]
    fn a_weight_of_zero_gets_nothing() {
        assert_eq!(shares(7, &[0, 3, 0]), [0, 7, 0]);
    }

    #[test]
    fn nothing_to_share_over_is_refused() {
        assert!(share_out(Micros::new(1), &[]).is_err());
        assert!(share_out(Micros::new(1), &[0, 0]).is_err());
        assert!(share_out(Micros::new(-1), &[1]).is_err());
        assert!(share_out(Micros::new(1), &[u64::MAX, 1]).is_err());
    }

    #[test]
    fn one_share_is_refused_as_all_are() {
        assert!(share_at(Micros::new(1), &[], 0).is_err());
        assert!(share_at(Micros::new(1), &[0, 0], 0).is_err());
        assert!(share_at(Micros::new(-1), &[1], 0).is_err());
        assert!(share_at(Micros::new(1), &[u64::MAX, 1], 0).is_err());
        assert_eq!(share_at(Micros::new(1), &[1], 1), Ok(Micros::ZERO));
    }

    proptest! {
        #[test]
        fn one_share_is_the_same_alone(
            amount in 0..=i64::MAX,
            weights in proptest::collection::vec(0_u64..=3, 1..60),
            heavy in proptest::collection::vec(0_u64..=1_000_000, 1..20),
        ) {
            for weights in [weights, heavy] {
                prop_assume!(weights.iter().any(|weight| *weight > 0));
                for (place, share) in shares(amount, &weights).into_iter().enumerate() {
                    let alone = share_at(Micros::new(amount), &weights, place);
                    prop_assert_eq!(alone.map(Micros::get), Ok(share));
                }
            }
        }

        #[test]
        fn shares_add_up_and_are_at_most_one_unit_off(
            amount in 0..=i64::MAX,
            weights in proptest::collection::vec(0_u64..=1_000_000, 1..60),
        ) {
            prop_assume!(weights.iter().any(|weight| *weight > 0));
            let shares = shares(amount, &weights);
            let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
            let sum: i128 = shares.iter().map(|share| i128::from(*share)).sum();
            prop_assert_eq!(sum, i128::from(amount));
            for (share, weight) in shares.iter().zip(&weights) {
                let exact_times_total = amount as u128 * u128::from(*weight);
                let off = (*share as u128 * total).abs_diff(exact_times_total);
                prop_assert!(off < total, "less than one unit from exact");
            }
        }

        #[test]
        fn equal_weights_differ_by_one_unit_at_most(amount in 0..=i64::MAX, count in 1_usize..40) {
            let shares = shares(amount, &vec![7; count]);
            let (least, most) = (shares.iter().min(), shares.iter().max());
            prop_assert!(most.zip(least).is_some_and(|(most, least)| most - least <= 1));
        }

        #[test]
        fn order_means_nothing(
            amount in 0..1_000_000_000_i64,
            weights in proptest::collection::vec(1_u64..=100, 2..20).prop_shuffle(),
        ) {
            // Where remainders differ, a work's share does not depend on its place.
            let forward = shares(amount, &weights);
            let reversed: Vec<u64> = weights.iter().rev().copied().collect();
            let mut backward = shares(amount, &reversed);
            backward.reverse();
            for ((one, other), _) in forward.iter().zip(&backward).zip(&weights) {
                prop_assert!((one - other).abs() <= 1);
            }
        }
    }
}
