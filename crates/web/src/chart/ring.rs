//! Who gives to whom among a few accounts, on a ring: the one in question on top, the others
//! numbered clockwise. The page says the same in a table.

use askama::Template;
use askama::filters::HtmlSafe;

/// How many accounts stand on the ring; the table has all.
pub const NODES_MAX: usize = 24;

/// The thickest flow, in hundredths of the picture's unit.
const THICKEST: u64 = 600;

/// Sines of a quarter of the circle, in thousandths, every fifteen degrees.
const SINES: [i64; 7] = [0, 259, 500, 707, 866, 966, 1000];

/// From the middle of the picture to an account, and to its number.
const RADIUS: (i64, i64) = (360, 430);

/// Who gives to whom; shows itself as a `<figure>`.
#[derive(Debug, Template)]
#[template(path = "parts/ring.html")]
pub struct Ring {
    title: String,
    nodes: Vec<Node>,
    flows: Vec<Drawn>,
}

#[derive(Debug)]
struct Node {
    at: (i64, i64),
    label_at: (i64, i64),
    label: String,
    is_first: bool,
}

#[derive(Debug)]
struct Drawn {
    path: String,
    width: String,
}

impl HtmlSafe for Ring {}

/// Draws the accounts, the first on top, and what flows from which to which, in millionths of any
/// currency. Those that do not fit are left out.
#[must_use]
pub fn ring(title: String, labels: &[String], flows: &[(usize, usize, u64)]) -> Ring {
    let shown = labels.len().min(NODES_MAX);
    let place = |node: usize| node * 24 / shown.max(1);
    let nodes = labels.iter().take(shown).enumerate().map(|(number, label)| Node {
        at: at(place(number), RADIUS.0),
        label_at: at(place(number), RADIUS.1),
        label: label.clone(),
        is_first: number == 0,
    });
    let seen = |(from, to, _): &&(usize, usize, u64)| from != to && *from < shown && *to < shown;
    let most = flows.iter().filter(seen).map(|flow| flow.2).max().unwrap_or(1).max(1);
    let drawn = flows.iter().filter(seen).map(|(from, to, amount)| {
        let (a, b) = (at(place(*from), RADIUS.0), at(place(*to), RADIUS.0));
        // Bent to the right of its way, so that what comes back is apart.
        let bend = (500 + (a.1 - b.1) / 6, 500 + (b.0 - a.0) / 6);
        let (bend, width) = (middle(middle(a, b), bend), (amount * THICKEST / most).max(100));
        Drawn {
            path: format!("M{} {}Q{} {} {} {}", a.0, a.1, bend.0, bend.1, b.0, b.1),
            width: format!("{}.{:02}", width / 100, width % 100),
        }
    });
    Ring { title, flows: drawn.collect(), nodes: nodes.collect() }
}

const fn middle(a: (i64, i64), b: (i64, i64)) -> (i64, i64) {
    (i64::midpoint(a.0, b.0), i64::midpoint(a.1, b.1))
}

/// A place of twenty-four on a circle, 0 on top.
fn at(place: usize, radius: i64) -> (i64, i64) {
    let sine = |place: usize| {
        let quarter = place % 24 / 6;
        let within = if quarter.is_multiple_of(2) { place % 6 } else { 6 - place % 6 };
        let value = SINES.get(within).copied().unwrap_or_default();
        if quarter < 2 { value } else { -value }
    };
    (500 + sine(place) * radius / 1_000, 500 - sine(place + 6) * radius / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_go_round_clockwise_from_the_top() {
        assert_eq!(at(0, 100), (500, 400));
        assert_eq!(at(6, 100), (600, 500));
        assert_eq!(at(12, 100), (500, 600));
        assert_eq!(at(18, 100), (400, 500));
        assert_eq!(at(3, 1_000), (1_207, -207));
    }

    #[test]
    fn the_strongest_flow_is_the_thickest_and_what_does_not_fit_is_left_out() {
        let labels: Vec<String> = (0..30).map(|n| n.to_string()).collect();
        let drawn =
            ring("T".to_owned(), &labels, &[(1, 0, 50), (2, 0, 100), (29, 0, 9), (1, 1, 9)]);
        assert_eq!(drawn.nodes.len(), 24);
        let widths: Vec<&str> = drawn.flows.iter().map(|flow| flow.width.as_str()).collect();
        assert_eq!(widths, ["3.00", "6.00"]);
        let html = drawn.render().expect("it renders");
        assert!(html.contains("<title>") || html.contains("aria-label"), "{html}");
    }
}
