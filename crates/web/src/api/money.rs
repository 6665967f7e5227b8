//! Money on the wire: a decimal string, never a number, which programs would round.

use obole_domain::Currency;
use obole_domain::Micros;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Money {
    /// Decimal digits with a point, as many decimals as needed, up to six.
    #[schema(example = "2.00", pattern = r"^-?\d+(\.\d{1,6})?$")]
    pub amount: String,
    /// The currency's code.
    #[schema(example = "EUR", pattern = "^[A-Z][A-Z0-9-]{1,11}$")]
    pub currency: String,
}

impl Money {
    /// So much of a currency.
    #[must_use]
    pub fn new(amount: Micros, currency: Currency) -> Self {
        Self {
            amount: amount.to_decimal(currency.decimals()),
            currency: currency.code().to_owned(),
        }
    }
}

impl From<obole_domain::Money> for Money {
    fn from(money: obole_domain::Money) -> Self {
        Self::new(money.amount, money.currency)
    }
}
