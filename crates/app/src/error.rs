//! How a command ends when it does not succeed: a closed list (style.md section 5).

use obole_domain::{Currency, Micros, Money, Period, Refusal, Value};
use obole_store::{Repeatable, StoreError};
use serde::{Deserialize, Serialize};

/// The result of a command.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a command did not succeed. `web/problem.rs` turns each into an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No such thing, or not the asker's (E2).
    #[error("not found")]
    NotFound,
    /// The asker may not do this.
    #[error("forbidden")]
    Forbidden,
    /// The asker must prove again that it is them (W3).
    #[error("a fresh sign-in is needed")]
    ProofNeeded,
    /// The token was revoked, or its account suspended, while the command waited.
    #[error("the token stands no longer")]
    TokenEnded,
    /// A rule stands in the way.
    #[error("refused: {}", .0.code)]
    Refused(Said),
    /// Something else was done at the same time: try again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The same request is still being worked on: ask again in a moment (K3).
    #[error("the same request is still under way")]
    Running,
    /// Too much at once: try again later.
    #[error("busy: {0}")]
    Busy(String),
    /// The database is out of reach, or it is not known whether it saved (D7, D12).
    #[error("out of reach: {0}")]
    Unavailable(String),
    /// Not the asker's fault. The text is for the log only (E1).
    #[error("{0}")]
    Internal(String),
}

/// A refusal in the form that is stored under an idempotency key and shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The stable code.
    pub code: String,
    /// The field that it is about; empty where it is about the whole.
    pub field: String,
    /// The values of its sentence.
    pub values: Vec<(String, SaidValue)>,
    /// Whether it was stored by an earlier doing (`Idempotent-Replayed`).
    #[serde(skip)]
    pub is_replayed: bool,
}

/// A value of a refusal's sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaidValue {
    /// An amount: millionths, code, decimals.
    Money(i64, String, u8),
    /// A count.
    Number(i64),
    /// A word.
    Text(String),
    /// A month by its number.
    Period(i64),
}

impl SaidValue {
    /// The value that was said; none when what is stored is broken.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        Some(match self {
            Self::Money(micros, code, decimals) => {
                let currency = Currency::community(code, *decimals).ok()?;
                Value::Money(Money::new(Micros::new(*micros), currency))
            }
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text.clone()),
            Self::Period(number) => Value::Period(Period::from_number(*number)?),
        })
    }
}

impl From<Value> for SaidValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Money(money) => {
                let currency = money.currency;
                Self::Money(money.amount.get(), currency.code().into(), currency.decimals())
            }
            Value::Number(number) => Self::Number(number),
            Value::Text(text) => Self::Text(text),
            Value::Period(period) => Self::Period(period.number()),
        }
    }
}

impl From<&Refusal> for Said {
    fn from(refusal: &Refusal) -> Self {
        let values = refusal.values().into_iter();
        let values = values.map(|(name, value)| (name.to_owned(), SaidValue::from(value)));
        Self {
            code: refusal.code().to_owned(),
            field: refusal.field().to_owned(),
            values: values.collect(),
            is_replayed: false,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Said::from(&refusal))
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::from(refusal),
            StoreError::Conflict(detail) => Self::Conflict(detail),
            StoreError::Busy(detail) => Self::Busy(detail),
            StoreError::Unavailable(detail) => Self::Unavailable(detail),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl Repeatable for Error {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

impl Error {
    /// A failure that is not the asker's fault.
    pub fn internal(detail: impl ToString) -> Self {
        Self::Internal(detail.to_string())
    }

    /// The stable code of a refusal; empty for the other kinds.
    #[must_use]
    pub fn code(&self) -> &str {
        if let Self::Refused(said) = self { &said.code } else { "" }
    }
}
