//! The picture that explains Obole: a budget, the clicks it is shared over, who receives what.
//! Words are text in the reader's language; only the ribbons between them are drawn.

use askama::Template;
use askama::filters::HtmlSafe;
use obole_domain::{Micros, Money, share_out};
use obole_language::{Language, money, text, text_with};

/// The example's clicks: key of the work, its points.
const CLICKS: [(&str, u64); 4] = [
    ("part-flow-article", 2),
    ("part-flow-software", 4),
    ("part-flow-song", 3),
    ("part-flow-podcast", 1),
];
/// Width of the drawing in its own units; it is stretched to its place.
const WIDTH: u64 = 300;
/// Height of the drawing.
const HEIGHT: u64 = 400;
/// Where the budget's band begins and how thick it is: all ribbons together.
const BAND_TOP: u64 = 120;
const BAND: u64 = 160;

/// The picture; shows itself as a `<figure>`.
#[derive(Debug, Template)]
#[template(path = "parts/flow.html")]
pub struct Flow {
    title: String,
    budget: String,
    amount: String,
    last_day: String,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    tone: usize,
    name: String,
    points: String,
    amount: String,
    path: String,
}

impl HtmlSafe for Flow {}

/// Draws the example with a budget of ten units of the instance's currency.
#[must_use]
pub fn flow(language: Language, currency: obole_domain::Currency) -> Flow {
    let budget = Micros::units(10);
    let points: Vec<u64> = CLICKS.iter().map(|(_, points)| *points).collect();
    let shares = share_out(budget, &points).unwrap_or_default();
    let total: u64 = points.iter().sum();
    let mut rows = Vec::with_capacity(CLICKS.len());
    let mut left = BAND_TOP;
    for (place, ((key, points), share)) in CLICKS.iter().zip(&shares).enumerate() {
        let thickness = BAND * points / total.max(1);
        let row = HEIGHT / 4;
        let middle = row * u64::try_from(place).unwrap_or(0) + row / 2;
        let count = i64::try_from(*points).unwrap_or(0);
        rows.push(Row {
            tone: place + 1,
            name: text(language, key),
            points: text_with(language, "part-points", &[("count", count.into())]),
            amount: money(language, Money::new(*share, currency)),
            path: ribbon(left, middle - thickness / 2, thickness),
        });
        left += thickness;
    }
    Flow {
        title: text(language, "part-flow-title"),
        budget: text(language, "part-flow-budget"),
        amount: money(language, Money::new(budget, currency)),
        last_day: text(language, "part-flow-last-day"),
        rows,
    }
}

/// A band that leaves at one height and arrives at another, equally thick all the way.
fn ribbon(from: u64, to: u64, thickness: u64) -> String {
    let (half, from_end, to_end) = (WIDTH / 2, from + thickness, to + thickness);
    format!(
        "M0 {from}C{half} {from} {half} {to} {WIDTH} {to}V{to_end}\
         C{half} {to_end} {half} {from_end} 0 {from_end}Z"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_adds_up() {
        let html = flow(Language::English, obole_domain::Currency::EUR).to_string();
        for amount in ["€10.00", "€2.00", "€4.00", "€3.00", "€1.00"] {
            assert!(html.contains(amount), "{amount} in {html}");
        }
        assert!(!html.contains("style="), "W4");
    }
}
