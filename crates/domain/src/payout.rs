//! Payouts: money leaving the instance to a creator's bank account, and refunds: unspent money
//! going back to a patron (product.md sections 3 and 9, security.md M5, M8).

use crate::money::{Micros, Money};
use crate::refusal::Refusal;

crate::id! {
    /// A payout; without hyphens it is the bank file's end-to-end id.
    PayoutId
}

crate::id! {
    /// The payouts of one bank file; without hyphens it is the file's message id.
    BatchId
}

crate::id! {
    /// A patron's request to have unspent money back.
    RefundId
}

/// Where a payout stands. It enters a file once; a refused line is reversed, never sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutState {
    /// Asked for; the money has left the earnings and is in transit.
    Requested,
    /// In a bank file that has not been sent.
    Batched,
    /// The file went to the bank.
    Sent,
    /// The bank refused the line, or an administrator did: the money is back in the earnings.
    Reversed,
}

impl PayoutState {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Batched => "batched",
            Self::Sent => "sent",
            Self::Reversed => "reversed",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Requested, Self::Batched, Self::Sent, Self::Reversed];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// Asked for; the money has left the wallet and is in transit.
    Requested,
    /// An administrator says that the money was given back, and the outbound journal is being
    /// written.
    Executing,
    /// An administrator gave the money back.
    Executed,
    /// An administrator declined: the money is back in the wallet.
    Declined,
}

impl RefundState {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Executing => "executing",
            Self::Executed => "executed",
            Self::Declined => "declined",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let all = [Self::Requested, Self::Executing, Self::Executed, Self::Declined];
        all.into_iter().find(|state| state.code() == code)
    }
}

/// What a payout of the available earnings comes to: whole cents, the rest stays (product.md
/// section 3.1). Refused under the threshold, the creator's or the instance's, whichever is more.
pub fn payable(available: Money, threshold: Micros) -> Result<Money, Refusal> {
    let amount = available.amount.whole_cents(available.currency);
    if amount < threshold || !amount.is_positive() {
        let threshold = Money::new(threshold, available.currency);
        return Err(Refusal::PayoutTooSmall { threshold });
    }
    Ok(Money::new(amount, available.currency))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn whole_cents_leave_and_the_rest_stays() {
        let available = Money::new(Micros::new(12_345_678), Currency::EUR);
        let payout = payable(available, Micros::units(10)).expect("above the threshold");
        assert_eq!(payout.amount, Micros::new(12_340_000));
    }

    #[test]
    fn under_the_threshold_nothing_leaves() {
        let available = Money::new(Micros::new(9_999_999), Currency::EUR);
        assert!(payable(available, Micros::units(10)).is_err());
        assert!(payable(Money::new(Micros::new(9), Currency::EUR), Micros::ZERO).is_err());
    }

    #[test]
    fn states_read_back() {
        for code in ["requested", "batched", "sent", "reversed"] {
            assert_eq!(PayoutState::from_code(code).map(PayoutState::code), Some(code));
        }
        for code in ["requested", "executing", "executed", "declined"] {
            assert_eq!(RefundState::from_code(code).map(RefundState::code), Some(code));
        }
        assert_eq!(RefundState::from_code("paid"), None);
    }
}
