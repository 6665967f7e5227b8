//! Figures for a machine that watches.

use serde::Deserialize;

/// `[metrics]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Where `/metrics` is served, by itself; empty: nowhere.
    pub listen: String,
}
