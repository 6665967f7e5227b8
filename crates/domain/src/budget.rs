//! Budgets: the most that a patron spends in one period in one currency.

use crate::money::{Micros, Money};
use crate::policy::Policy;
use crate::refusal::Refusal;

/// The largest budget: with at most 500 patrons a chunk, a settlement's entry stays in L14.
pub const BUDGET_MAX: Micros = Micros::units(10_000);

/// Checks a budget that a patron wants to set: nothing (no more giving), or from the policy's
/// minimum to [`BUDGET_MAX`].
pub fn check(budget: Money, policy: &Policy) -> Result<(), Refusal> {
    let minimum = policy.budget_min;
    if budget.amount > BUDGET_MAX {
        return Err(Refusal::AmountTooLarge { limit: Money::new(BUDGET_MAX, budget.currency) });
    }
    if budget.amount != Micros::ZERO && budget.amount < minimum {
        return Err(Refusal::BudgetTooSmall { minimum: Money::new(minimum, budget.currency) });
    }
    Ok(())
}

/// What a patron can give in a period: the smaller of the budget and what the wallet has
/// available (product.md section 4.1).
#[must_use]
pub fn means(budget: Micros, available: Micros) -> Micros {
    budget.min(available).max(Micros::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_budget_is_nothing_or_at_least_the_minimum() {
        let policy = Policy::obole();
        let euros = |micros| Money::new(Micros::new(micros), Currency::EUR);
        assert_eq!(check(euros(0), &policy), Ok(()));
        assert_eq!(check(euros(2_000_000), &policy), Ok(()));
        let refused = Refusal::BudgetTooSmall { minimum: euros(2_000_000) };
        assert_eq!(check(euros(1_999_999), &policy), Err(refused));
        assert!(check(euros(10_000_000_001), &policy).is_err());
    }

    #[test]
    fn means_are_never_negative() {
        assert_eq!(means(Micros::units(5), Micros::units(3)), Micros::units(3));
        assert_eq!(means(Micros::units(5), Micros::new(-1)), Micros::ZERO);
    }
}
