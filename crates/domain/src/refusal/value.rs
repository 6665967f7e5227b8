//! What the sentence of a refusal shows.

use crate::money::Money;
use crate::period::Period;

/// A value that a refusal's sentence shows, printed in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// An amount with its currency.
    Money(Money),
    /// A count.
    Number(i64),
    /// A word of the reader's own, shown as it is.
    Text(String),
    /// A month.
    Period(Period),
}

impl From<Money> for Value {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Period> for Value {
    fn from(period: Period) -> Self {
        Self::Period(period)
    }
}
