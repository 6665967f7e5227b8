//! A budget as one bar, divided over the clicks; the numbers in it are those of the list.

use askama::Template;
use askama::filters::HtmlSafe;
use obole_language::{Language, text, text_with};

use super::{Percent, WHOLE};

/// Narrower segments than this are drawn together as others: on a small screen they are dust.
const SEGMENT_MIN: u64 = 10;
/// Segments drawn one by one; the rest are others.
const SEGMENTS_MAX: usize = 24;
/// The width that one digit of a segment's number needs on a small screen.
const DIGIT_WIDTH: u64 = 26;
/// Colours that segments take in turn.
const TONES: usize = 6;

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
        drawn.push(width, "tone-others", format!("+{together}"), others);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(points: &[u64]) -> Vec<Segment> {
        let segment = |points: &u64| Segment {
            label: format!("<b>{points}</b>"),
            points: *points,
            text: "€1.00".into(),
        };
        points.iter().map(segment).collect()
    }

    fn bar(points: &[u64], left: Option<Left>) -> BudgetBar {
        budget_bar(Language::English, "bar", &segments(points), left)
    }

    fn left(per_mille: u64) -> Option<Left> {
        Some(Left { per_mille, text: "rest".into() })
    }

    #[test]
    fn segments_fill_the_bar_to_the_last_thousandth() {
        for points in [&[1][..], &[1, 1, 1], &[7; 130], &[1_000_000, 1, 1], &[u64::MAX, u64::MAX]] {
            let drawn = bar(points, left(250));
            let sum: u64 = drawn.segments.iter().map(|segment| segment.width.0).sum();
            assert_eq!(sum, 750, "{points:?}");
            assert_eq!(drawn.left.as_ref().map(|left| (left.x.0, left.width.0)), Some((750, 250)));
            assert!(bar(points, None).left.is_none());
        }
    }

    #[test]
    fn without_clicks_all_of_it_is_left() {
        let drawn = bar(&[], left(0));
        assert!(drawn.segments.is_empty());
        assert_eq!(drawn.left.map(|left| left.width.0), Some(WHOLE));
    }

    #[test]
    fn dust_is_drawn_together_and_marked_so() {
        let drawn = bar(&[500, 1, 490, 2, 3], None);
        let tones: Vec<_> = drawn.marks.iter().map(|mark| mark.tone).collect();
        assert_eq!(tones, ["tone-1", "tone-others", "tone-2", "tone-others", "tone-others"]);
        assert_eq!(drawn.segments.len(), 3);
        let last = drawn.segments.last().expect("three");
        assert_eq!((last.title.as_str(), last.width.0), ("3 smaller clicks", 7));
        assert_eq!(drawn.mark(&4).number, 5);
        assert_eq!(bar(&[500, 1], None).segments.len(), 2, "one small click stays itself");
    }

    #[test]
    fn at_most_so_many_stand_alone() {
        let drawn = bar(&[1; 60], None);
        assert_eq!(drawn.segments.len(), SEGMENTS_MAX + 1);
        assert_eq!(drawn.segments.last().map(|others| others.number.as_str()), Some("+36"));
    }

    #[test]
    fn titles_are_escaped() {
        let html = bar(&[1], None).to_string();
        assert!(!html.contains("<b>") && html.contains("&#60;b&#62;"), "{html}");
        assert!(!html.contains("style="), "W4");
    }
}
