//! Money that a command moved, in the form that is stored under its idempotency key.

use obole_domain::{Currency, Micros, Money};
use serde::{Deserialize, Serialize};

/// An amount with its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// In millionths.
    micros: i64,
    /// The currency's code.
    code: String,
    /// The currency's decimals.
    decimals: u8,
}

impl Moved {
    /// How much, of what.
    #[must_use]
    pub fn money(&self) -> Money {
        let currency = Currency::community(&self.code, self.decimals).unwrap_or(Currency::EUR);
        Money::new(Micros::new(self.micros), currency)
    }
}

impl From<Money> for Moved {
    fn from(money: Money) -> Self {
        let currency = money.currency;
        Self {
            micros: money.amount.get(),
            code: currency.code().to_owned(),
            decimals: currency.decimals(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_moved_reads_back() {
        let hours = Currency::community("HOURS", 1).expect("a currency");
        let money = Money::new(Micros::new(-3), hours);
        assert_eq!(Moved::from(money).money(), money);
    }
}
