//! Amounts of months as bars: value above, month below, the same figures as a table.

use askama::Template;
use askama::filters::HtmlSafe;
use obole_language::{Language, text};

use super::{Percent, WHOLE};

/// Height of the tallest bar of a month chart, in pixels; words stand above and below it.
const BAR_HEIGHT: u64 = 150;
/// Room for the value above a bar.
const BAR_TOP: u64 = 26;
/// Characters of all values that stand side by side on a wide screen.
const CHARACTERS_WIDE: u64 = 86;
/// The same on a small screen.
const CHARACTERS_SMALL: u64 = 34;
/// On a small screen only so many labels stand side by side.
const LABELS_SMALL: u64 = 4;

/// A month of a chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The month as it stands under the bar: short.
    pub label: String,
    /// The amount in millionths; below zero is drawn as zero.
    pub value: i64,
    /// The amount as people read it.
    pub text: String,
    /// Whether the month is still open, so that the amount is what it may come to.
    pub is_open: bool,
}

/// Amounts of months as bars, oldest first; shows itself as a `<figure>` with a table.
#[derive(Debug, Template)]
#[template(path = "parts/month_bars.html")]
pub struct Chart {
    id: String,
    title: String,
    words: ChartWords,
    bars: Vec<DrawnBar>,
}

#[derive(Debug)]
struct ChartWords {
    table: String,
    month: String,
    amount: String,
    open: String,
    empty: String,
}

#[derive(Debug)]
struct DrawnBar {
    bar: Bar,
    x: Percent,
    width: Percent,
    middle: Percent,
    top: u64,
    height: u64,
    /// Left out on a small screen, where words would run into each other.
    is_label_spare: bool,
    is_value_spare: bool,
    /// Left out on every screen: the amounts are too long to stand side by side.
    has_value: bool,
}

impl HtmlSafe for Chart {}

/// Draws the months. `id` is unique in the page, `title` says what the amounts are.
#[must_use]
pub fn month_bars(language: Language, id: &str, title: &str, bars: &[Bar]) -> Chart {
    let words = ChartWords {
        table: text(language, "part-chart-table"),
        month: text(language, "part-chart-month"),
        amount: text(language, "part-chart-amount"),
        open: text(language, "part-chart-open"),
        empty: text(language, "part-chart-empty"),
    };
    let bars = draw_bars(bars);
    Chart { id: id.to_owned(), title: title.to_owned(), words, bars }
}

impl Chart {
    /// Where the bars stand, in pixels from the top.
    const fn ground(&self) -> u64 {
        BAR_TOP + BAR_HEIGHT
    }

    fn has_open(&self) -> bool {
        self.bars.iter().any(|drawn| drawn.bar.is_open)
    }
}

fn draw_bars(bars: &[Bar]) -> Vec<DrawnBar> {
    let amount = |bar: &Bar| u64::try_from(bar.value).unwrap_or(0);
    let most = bars.iter().map(amount).max().unwrap_or(0);
    // The first of the largest keeps its value on every screen.
    let tallest = bars.iter().position(|bar| amount(bar) == most);
    let count = u64::try_from(bars.len()).unwrap_or(u64::MAX).max(1);
    // Few bars are not drawn wider than a sixth of the whole.
    let slots = count.max(6);
    let longest = bars.iter().map(|bar| bar.text.chars().count()).max().unwrap_or(0);
    let longest = u64::try_from(longest).unwrap_or(u64::MAX);
    let fits = longest.saturating_mul(slots) <= CHARACTERS_WIDE;
    let fits_small = longest.saturating_mul(slots) <= CHARACTERS_SMALL;
    let interval = usize::try_from(slots.div_ceil(LABELS_SMALL)).unwrap_or(1);
    let mut drawn = Vec::with_capacity(bars.len());
    for (place, bar) in bars.iter().enumerate() {
        let slot = u64::try_from(place).unwrap_or(0);
        let (start, end) = (WHOLE * slot / slots, WHOLE * (slot + 1) / slots);
        let gap = (end - start) / 5;
        let height = scale(amount(bar), most, BAR_HEIGHT);
        let is_last = place + 1 == bars.len();
        drawn.push(DrawnBar {
            bar: bar.clone(),
            x: Percent(start + gap / 2),
            width: Percent((end - start - gap).max(1)),
            middle: Percent(start.midpoint(end)),
            top: BAR_TOP + BAR_HEIGHT - height,
            height,
            is_label_spare: !(bars.len() - 1 - place).is_multiple_of(interval),
            is_value_spare: !fits_small && Some(place) != tallest,
            has_value: fits || is_last || Some(place) == tallest,
        });
    }
    drawn
}

/// `part ÷ whole × length`, at least one where there is anything to see.
fn scale(part: u64, whole: u64, length: u64) -> u64 {
    if part == 0 || whole == 0 {
        return 0;
    }
    let scaled = u128::from(part) * u128::from(length) / u128::from(whole);
    u64::try_from(scaled).unwrap_or(length).clamp(1, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: &[i64]) -> Vec<Bar> {
        let bar = |value: &i64| Bar {
            label: "Nov".into(),
            value: *value,
            text: format!("€{value}"),
            is_open: false,
        };
        values.iter().map(bar).collect()
    }

    #[test]
    fn the_tallest_bar_is_as_high_as_the_chart() {
        let drawn = draw_bars(&bars(&[0, 1, 500, 1000, -7]));
        let heights: Vec<u64> = drawn.iter().map(|bar| bar.height).collect();
        assert_eq!(heights, [0, 1, BAR_HEIGHT / 2, BAR_HEIGHT, 0]);
        assert!(drawn.iter().all(|bar| bar.top + bar.height == BAR_TOP + BAR_HEIGHT));
    }

    #[test]
    fn bars_stay_inside_whatever_their_number() {
        for count in [1, 6, 12, 120] {
            let drawn = draw_bars(&bars(&vec![i64::MAX; count]));
            assert!(drawn.iter().all(|bar| bar.x.0 + bar.width.0 <= WHOLE && bar.width.0 > 0));
            assert!(drawn.iter().all(|bar| bar.height == BAR_HEIGHT));
        }
    }

    #[test]
    fn values_that_would_touch_are_left_to_the_table() {
        let drawn = draw_bars(&bars(&[1_000_000_000; 12]));
        let shown: Vec<bool> = drawn.iter().map(|bar| bar.has_value).collect();
        assert_eq!(shown.iter().filter(|shown| **shown).count(), 2, "the tallest and the last");
        let chart = month_bars(Language::English, "c", "Received", &bars(&[1_000_000_000; 12]));
        assert_eq!(chart.to_string().matches("<td class=\"number\">").count(), 12);
    }

    #[test]
    fn without_months_a_sentence_stands_there() {
        let html = month_bars(Language::English, "c", "Received", &[]).to_string();
        assert!(html.contains("Nothing to show yet") && !html.contains("<svg"), "{html}");
    }
}
