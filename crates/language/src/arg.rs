//! The values that a text shows.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use obole_domain::{Money, Period, Value};

/// A value in a text, printed in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Words shown as they are.
    Text(String),
    /// A count: the text can choose a plural by it.
    Number(i64),
    /// An exact amount.
    Money(Money),
    /// A month.
    Period(Period),
    /// A day.
    Date(Date),
    /// A moment, shown in a zone to the minute.
    Moment(Timestamp, TimeZone),
    /// A part of a whole, in parts per million.
    Percent(u32),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Money> for Arg {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

impl From<Period> for Arg {
    fn from(period: Period) -> Self {
        Self::Period(period)
    }
}

impl From<Date> for Arg {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Value> for Arg {
    fn from(value: Value) -> Self {
        match value {
            Value::Money(money) => Self::Money(money),
            Value::Number(number) => Self::Number(number),
            Value::Text(text) => Self::Text(text),
            Value::Period(period) => Self::Period(period),
        }
    }
}
