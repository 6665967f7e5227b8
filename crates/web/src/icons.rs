//! Small drawings beside words, in the colour of the words. They say nothing alone: where an icon
//! stands by itself, its button or link has a label.

use askama::filters::Safe;

/// Obole's mark: a small coin, struck a little off its middle as old ones are.
pub const MARK: Safe<&str> = Safe(concat!(
    r#"<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path class="flan" d=""#,
    "M15.2 1.6c4.4-.5 8.6.7 11.5 3.8 2.9 3 4.3 7.1 3.9 11.3-.4 4.5-2.3 8.6-5.9 ",
    "11.3-3.3 2.4-7.5 2.8-11.4 2.2-4.2-.7-7.9-2.9-10.1-6.5C1 20.1.7 15.9 ",
    r#"2.1 12 3.9 6.8 9.4 2.3 15.2 1.6z"/>"#,
    r#"<circle class="strike" cx="17.2" cy="14.8" r="7.4" stroke-width="3"/>"#,
    r#"<circle class="pip" cx="17.2" cy="14.8" r="2.2"/></svg>"#,
));

/// The drawing of a name; nothing for a name that there is not.
#[must_use]
pub const fn icon(name: &str) -> Safe<&'static str> {
    Safe(match name.as_bytes() {
        b"info" => INFO,
        b"done" => DONE,
        b"attention" => ATTENTION,
        b"less" => LESS,
        b"more" => MORE,
        b"down" => DOWN,
        b"back" => BACK,
        b"forward" => FORWARD,
        b"undo" => UNDO,
        b"link" => LINK,
        b"proven" => PROVEN,
        b"print" => PRINT,
        _ => "",
    })
}

macro_rules! drawing {
    ($($path:literal),+ $(,)?) => {
        concat!(
            r#"<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=""#,
            $($path,)+
            r#""/></svg>"#
        )
    };
}

const INFO: &str = drawing!("M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM10 9v5M10 6.2v.1");
const DONE: &str =
    drawing!("M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM6.5 10.2l2.5 2.5 4.5-5");
const ATTENTION: &str = drawing!("M10 3l7.5 13.5h-15zM10 8v4M10 14.2v.1");
const LESS: &str = drawing!("M5 10h10");
const MORE: &str = drawing!("M5 10h10M10 5v10");
const DOWN: &str = drawing!("M5.5 8l4.5 4.5L14.5 8");
const BACK: &str = drawing!("M16 10H4M9 5l-5 5 5 5");
const FORWARD: &str = drawing!("M4 10h12M11 5l5 5-5 5");
const UNDO: &str = drawing!("M7.5 4L4 7.5 7.5 11M4 7.5h7.5a4.25 4.25 0 0 1 0 8.5H8");
const LINK: &str = drawing!(
    "M8.5 11.5a3 3 0 0 0 4.3 0l2.8-2.8a3 3 0 0 0-4.3-4.3l-1 1",
    "M11.5 8.5a3 3 0 0 0-4.3 0l-2.8 2.8a3 3 0 0 0 4.3 4.3l1-1"
);
const PROVEN: &str =
    drawing!("M10 2.5l6.5 2.5v4.5c0 4-2.7 6.7-6.5 8-3.8-1.3-6.5-4-6.5-8V5zM7 10l2.2 2.2L13 8");
const PRINT: &str = drawing!("M6 7V3h8v4M6 14H3.5V7h13v7H14M6 11.5h8V17H6z");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_drawing_and_only_that() {
        assert!(icon("done").0.contains("svg"));
        assert_eq!(icon("other").0, "");
    }
}
