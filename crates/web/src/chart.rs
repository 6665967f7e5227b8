//! Drawings of figures, made of integers only: lengths are tenths of a percent of the width, so
//! that a drawing fits every screen while its words keep their size. Each tells by shape, number
//! and label what it tells by colour.

use std::fmt;

use askama::filters::HtmlSafe;

mod budget;
mod months;
mod passing;
mod ring;

pub use budget::{BudgetBar, Left, Mark, Segment, budget_bar};
pub use months::{Bar, Chart, month_bars};
pub use passing::{Passing, Tie, passing};
pub use ring::{NODES_MAX, Ring, ring};

/// The whole width or height.
const WHOLE: u64 = 1000;

/// Tenths of a percent as SVG writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(u64);

impl HtmlSafe for Percent {}

impl fmt::Display for Percent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}%", self.0 / 10, self.0 % 10)
    }
}
