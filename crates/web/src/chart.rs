//! Drawings of figures, made of integers only: lengths are tenths of a percent of the width, so
//! that a drawing fits every screen while its words keep their size. Each tells by shape, number
//! and label what it tells by colour.

use askama::Template;
use askama::filters::HtmlSafe;
use obole_language::{Language, text, text_with};

/// The whole width or height.
const WHOLE: u64 = 1000;
/// Narrower segments than this are drawn together as others: on a small screen they are dust.
const SEGMENT_MIN: u64 = 16;
/// Segments drawn one by one; the rest are others.
const SEGMENTS_MAX: usize = 24;
/// The width that one digit of a segment's number needs on a small screen.
const DIGIT_WIDTH: u64 = 26;
/// Colours that segments take in turn.
const TONES: usize = 6;
/// Height of the tallest bar of a month chart, in pixels; words stand above and below it.
const BAR_HEIGHT: u64 = 150;
/// Room for the value above a bar.
const BAR_TOP: u64 = 26;
/// On a small screen only so many bars keep their label.
const LABELS_SMALL: usize = 4;

/// Tenths of a percent as SVG writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(u64);

impl HtmlSafe for Percent {}

impl std::fmt::Display for Percent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}%", self.0 / 10, self.0 % 10)
    }
}

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
    // The largest keeps its value on every screen: the first of the largest, and the last bar.
    let tallest = bars.iter().position(|bar| amount(bar) == most);
    let count = u64::try_from(bars.len()).unwrap_or(u64::MAX).max(1);
    // Few bars are not drawn wider than a sixth of the whole.
    let slots = count.max(6);
    let interval = bars.len().div_ceil(LABELS_SMALL).max(1);
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
            is_label_spare: bars.len() > 6 && !(bars.len() - 1 - place).is_multiple_of(interval),
            is_value_spare: bars.len() > 6 && !is_last && Some(place) != tallest,
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

/// A click as a part of the budget.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The work's title.
    pub label: String,
    /// Its points; they decide the length.
    pub points: u64,
    /// What it comes to, as people read it.
    pub text: String,
}

/// The part of the budget that no click takes.
#[derive(Clone, Debug)]
pub struct Left {
    /// Its part of the budget, in thousandths.
    pub per_mille: u64,
    /// What it is, as people read it: "EUR 2.00 is not in the wallet".
    pub text: String,
}

/// A budget divided over the clicks; shows itself as a `<figure>`.
#[derive(Debug, Template)]
#[template(path = "parts/budget_bar.html")]
pub struct BudgetBar {
    id: String,
    title: String,
    description: String,
    segments: Vec<DrawnSegment>,
    left: Option<DrawnSegment>,
    marks: Vec<Mark>,
}

/// How a click is marked in the bar and beside it in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its place, from 1.
    pub number: usize,
    /// The class of its colour; that of the others where it is too small to be drawn alone.
    pub tone: &'static str,
}

#[derive(Debug)]
struct DrawnSegment {
    x: Percent,
    width: Percent,
    middle: Percent,
    tone: &'static str,
    /// The number inside; empty where there is no room.
    number: String,
    title: String,
}

impl HtmlSafe for BudgetBar {}

/// Draws the budget: one segment a click in the order of the list, small ones together at the end,
/// then what is left. `id` is unique in the page.
#[must_use]
pub fn budget_bar(
    language: Language,
    id: &str,
    segments: &[Segment],
    left: Option<Left>,
) -> BudgetBar {
    let left_width = left.as_ref().map_or(0, |left| left.per_mille.min(WHOLE));
    let left_width = if segments.is_empty() { WHOLE } else { left_width };
    let widths = widths(segments, WHOLE - left_width);
    let alone: Vec<bool> = stand_alone(&widths);
    let marks = marks(&alone);
    let mut drawn = Drawing::default();
    for (place, (segment, width)) in segments.iter().zip(&widths).enumerate() {
        let Some(mark) = marks.get(place).filter(|mark| mark.tone != "tone-others") else {
            continue;
        };
        let title = format!("{}. {}: {}", mark.number, segment.label, segment.text);
        drawn.push(*width, mark.tone, mark.number.to_string(), title);
    }
    let together = alone.iter().filter(|is_alone| !**is_alone).count();
    let width = widths.iter().zip(&alone).filter(|(_, alone)| !**alone).map(|(w, _)| w).sum();
    if together > 0 {
        let count = i64::try_from(together).unwrap_or(i64::MAX);
        let others = text_with(language, "part-bar-others", &[("count", count.into())]);
        drawn.push(width, "tone-others", String::new(), others);
    }
    let left = left.filter(|_| left_width > 0).map(|left| {
        let mut rest = Drawing { segments: Vec::new(), at: drawn.at };
        rest.push(left_width, "left", String::new(), left.text);
        rest.segments
    });
    let description: Vec<&str> = drawn.segments.iter().map(|s| s.title.as_str()).collect();
    BudgetBar {
        id: id.to_owned(),
        title: text(language, "part-bar-title"),
        description: description.join("; "),
        left: left.and_then(|mut left| left.pop()),
        segments: drawn.segments,
        marks,
    }
}

impl BudgetBar {
    /// How the click at a place of the list is marked, counted from 0.
    #[must_use]
    pub fn mark(&self, place: &usize) -> Mark {
        let others = Mark { number: place + 1, tone: "tone-others" };
        self.marks.get(*place).copied().unwrap_or(others)
    }
}

#[derive(Default)]
struct Drawing {
    segments: Vec<DrawnSegment>,
    at: u64,
}

impl Drawing {
    fn push(&mut self, width: u64, tone: &'static str, number: String, title: String) {
        let digits = u64::try_from(number.len()).unwrap_or(1);
        let fits = width >= DIGIT_WIDTH * digits;
        self.segments.push(DrawnSegment {
            x: Percent(self.at),
            width: Percent(width),
            middle: Percent(self.at + width / 2),
            tone,
            number: if fits { number } else { String::new() },
            title,
        });
        self.at += width;
    }
}

/// Lengths by points. They are cut from running sums, so they add up to the whole exactly.
fn widths(segments: &[Segment], whole: u64) -> Vec<u64> {
    let total: u128 = segments.iter().map(|segment| u128::from(segment.points)).sum();
    let mut sum = 0_u128;
    let mut before = 0_u64;
    let mut widths = Vec::with_capacity(segments.len());
    for segment in segments {
        sum += u128::from(segment.points);
        let end = (u128::from(whole) * sum).checked_div(total).unwrap_or(0);
        let end = u64::try_from(end).unwrap_or(whole);
        widths.push(end - before);
        before = end;
    }
    widths
}

/// Which segments are drawn by themselves. One that is small stays alone if no other is: "one
/// other" would say less than its number.
fn stand_alone(widths: &[u64]) -> Vec<bool> {
    let mut drawn = 0;
    let is_large = |width: &u64| {
        let is_alone = *width >= SEGMENT_MIN && drawn < SEGMENTS_MAX;
        drawn += usize::from(is_alone);
        is_alone
    };
    let alone: Vec<bool> = widths.iter().map(is_large).collect();
    let small = alone.iter().filter(|is_alone| !**is_alone).count();
    if small == 1 { vec![true; widths.len()] } else { alone }
}

fn marks(alone: &[bool]) -> Vec<Mark> {
    const CLASSES: [&str; TONES] = ["tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6"];
    let mut tones = CLASSES.iter().cycle();
    let mark = |(place, is_alone): (usize, &bool)| {
        let tone = if *is_alone { tones.next().copied() } else { None };
        Mark { number: place + 1, tone: tone.unwrap_or("tone-others") }
    };
    alone.iter().enumerate().map(mark).collect()
}
