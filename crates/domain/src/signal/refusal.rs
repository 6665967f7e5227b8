//! What goes back where a person refuses gifts (X5): to each patron their part of what waited, and
//! the instance's fee on it.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::money::Micros;
use crate::refusal::Refusal;
use crate::share_out::share_out;

/// What one patron gets back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Who.
    pub patron: AccountId,
    /// From the payee's earnings.
    pub net: Micros,
    /// From the instance's fees.
    pub fee: Micros,
}

/// Shares what waited out among the patrons by what they gave, with the fee on it, by id; of each
/// gift its patron, what left the wallet and what arrived. What comes from the earnings adds up to
/// `waited`; who gets nothing is left out.
///
/// Refused for an amount below zero.
pub fn returns(
    waited: Micros,
    gifts: impl IntoIterator<Item = (AccountId, Micros, Micros)>,
) -> Result<Vec<Returned>, Refusal> {
    let mut given = BTreeMap::<AccountId, (Micros, Micros)>::new();
    for (patron, gross, net) in gifts {
        let (all, arrived) = given.entry(patron).or_default();
        *all = all.plus(gross)?;
        *arrived = arrived.plus(net)?;
    }
    let weight = |net: Micros| u64::try_from(net.get()).map_err(|_| Refusal::Overflow {});
    let weights = given.values().map(|(_, net)| weight(*net)).collect::<Result<Vec<_>, _>>()?;
    let shares = share_out(waited, &weights)?;
    let mut returned = Vec::with_capacity(given.len());
    for ((patron, (gross, net)), share) in given.into_iter().zip(shares) {
        if share.is_positive() {
            let fee = gross.minus(net)?.times(weight(share)?, weight(net)?)?;
            returned.push(Returned { patron, net: share, fee });
        }
    }
    Ok(returned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    proptest! {
        #[test]
        fn what_waited_goes_back_with_its_fee_and_not_more(
            gifts in proptest::collection::vec((0..5_u128, 1..2_000_000_000_i64), 1..20),
            part in 0..=1_000_i64,
        ) {
            let gifts = gifts.into_iter().map(|(patron, gross)| {
                let (gross, fee) = (Micros::new(gross), Micros::new(gross / 10));
                (AccountId::new(Uuid::from_u128(patron)), gross, gross.minus(fee).expect("net"))
            });
            let gifts: Vec<_> = gifts.collect();
            let net: i64 = gifts.iter().map(|(_, _, net)| net.get()).sum();
            let waited = Micros::new(net / 1_000 * part);
            let returned = returns(waited, gifts.clone()).expect("shared out");
            let back: i64 = returned.iter().map(|one| one.net.get()).sum();
            prop_assert_eq!(back, waited.get());
            for one in returned {
                let own = gifts.iter().filter(|(patron, ..)| *patron == one.patron);
                let gross: i64 = own.map(|(_, gross, _)| gross.get()).sum();
                prop_assert!(one.net.get() + one.fee.get() <= gross);
                prop_assert!(one.fee.get() <= gross / 10);
            }
        }
    }

    #[test]
    fn all_that_waited_goes_back_whole() {
        let patron = AccountId::new(Uuid::from_u128(1));
        let gifts = [(patron, Micros::new(1_000), Micros::new(900))];
        let whole = Returned { patron, net: Micros::new(900), fee: Micros::new(100) };
        assert_eq!(returns(Micros::new(900), gifts), Ok(vec![whole]));
        assert_eq!(returns(Micros::ZERO, gifts), Ok(vec![]));
        assert!(returns(Micros::new(-1), gifts).is_err());
    }
}
