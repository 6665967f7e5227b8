//! What is kept of those who have left.

use serde::Deserialize;

/// `[privacy]`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// For how many years the law asks the operator to keep the books of who has left (P5).
    pub legal_years: u16,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { legal_years: 10 }
    }
}
