//! What passes between a work and others: those that pass on to it, the work, those that it passes
//! on to. Words are text, the ties stretch between; a table says the same.

use askama::Template;
use askama::filters::HtmlSafe;
use obole_language::{Language, percent, text, text_with};

/// How many works stand on a side; the table has all.
const SIDE_MAX: usize = 6;

/// The thickest tie, in pixels.
const THICKEST: u64 = 12;

/// Another work, and what passes.
#[derive(Clone, Debug)]
pub struct Tie {
    /// What it is called.
    pub title: String,
    /// Its page.
    pub link: String,
    /// What is passed on, in millionths of what the passing work receives. It is shown to the
    /// hundredth of a percent.
    pub ppm: u32,
}

/// A picture of what passes; shows itself as a `<figure>` with a table.
#[derive(Debug, Template)]
#[template(path = "parts/passing.html")]
pub struct Passing {
    title: String,
    /// The work in the middle, and what stays with its payee; empty where all does.
    work: String,
    stays: String,
    from: Vec<DrawnTie>,
    to: Vec<DrawnTie>,
    more_from: String,
    more_to: String,
    rows: Vec<Row>,
    words: Words,
}

#[derive(Debug)]
struct Words {
    table: String,
    from: String,
    to: String,
    part: String,
}

#[derive(Debug)]
struct DrawnTie {
    title: String,
    link: String,
    part: String,
    path: String,
    width: u64,
}

/// A line of the table.
#[derive(Debug)]
struct Row {
    from: String,
    to: String,
    part: String,
}

impl HtmlSafe for Passing {}

/// Draws what passes on to a work and from it, which passes on `passed` in millionths. None where
/// nothing does.
#[must_use]
pub fn passing(
    language: Language,
    (work, passed): (&str, u32),
    from: &[Tie],
    to: &[Tie],
) -> Option<Passing> {
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let stays = percent(language, 1_000_000_u32.saturating_sub(passed));
    let more = |ties: &[Tie]| match i64::try_from(ties.len().saturating_sub(SIDE_MAX)) {
        Ok(count) if count > 0 => text_with(language, "passing-more", &[("count", count.into())]),
        _ => String::new(),
    };
    let row = |from: &str, to: &str, ppm| Row {
        from: from.to_owned(),
        to: to.to_owned(),
        part: hundredths(language, ppm),
    };
    let rows = from.iter().map(|tie| row(&tie.title, work, tie.ppm));
    let rows = rows.chain(to.iter().map(|tie| row(work, &tie.title, tie.ppm)));
    Some(Passing {
        title: text(language, "passing-title"),
        work: work.to_owned(),
        stays: text_with(language, "passing-stays", &[("part", stays.into())]),
        from: drawn(language, from, true),
        to: drawn(language, to, false),
        more_from: more(from),
        more_to: more(to),
        rows: rows.collect(),
        words: Words {
            table: text(language, "part-chart-table"),
            from: text(language, "passing-from"),
            to: text(language, "passing-to"),
            part: text(language, "passing-part"),
        },
    })
}

/// Millionths to the hundredth of a percent.
fn hundredths(language: Language, ppm: u32) -> String {
    percent(language, (ppm + 50) / 100 * 100)
}

/// The ties of a side, from the middle of each work's line to the work in the middle or back.
fn drawn(language: Language, ties: &[Tie], is_from: bool) -> Vec<DrawnTie> {
    let shown: Vec<&Tie> = ties.iter().take(SIDE_MAX).collect();
    let count = u64::try_from(shown.len()).unwrap_or(1).max(1);
    let most = shown.iter().map(|tie| u64::from(tie.ppm)).max().unwrap_or(1).max(1);
    let each = shown.iter().zip(0_u64..);
    each.map(|(tie, place)| {
        let y = (2 * place + 1) * 500 / count;
        let path = match is_from {
            true => format!("M0 {y}C500 {y} 500 500 1000 500"),
            false => format!("M0 500C500 500 500 {y} 1000 {y}"),
        };
        DrawnTie {
            title: tie.title.clone(),
            link: tie.link.clone(),
            part: hundredths(language, tie.ppm),
            path,
            width: (u64::from(tie.ppm) * THICKEST / most).max(1),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tie(title: &str, ppm: u32) -> Tie {
        Tie { title: title.to_owned(), link: "/w/1".to_owned(), ppm }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(passing(Language::English, ("A", 0), &[], &[]).is_none());
    }

    #[test]
    fn the_strongest_tie_is_the_thickest_and_all_stand_in_the_table() {
        let to: Vec<Tie> = (1..=8).map(|n| tie(&format!("W{n}"), 10_000 * (9 - n))).collect();
        let from = [tie("S", 5_049)];
        let drawn = passing(Language::English, ("A", 360_000), &from, &to).expect("a picture");
        assert_eq!(drawn.to.len(), 6);
        assert_eq!((drawn.to[0].width, drawn.to[5].width), (12, 4));
        assert_eq!((drawn.more_to.as_str(), drawn.more_from.as_str()), ("and 2 others", ""));
        assert_eq!(drawn.rows.len(), 9);
        assert_eq!(drawn.stays, "64% stays with whoever receives for it");
        assert_eq!(drawn.from[0].path, "M0 500C500 500 500 500 1000 500");
        let html = drawn.render().expect("it renders");
        assert!(html.contains("W8") && html.contains("0.5%"), "{html}");
    }
}
