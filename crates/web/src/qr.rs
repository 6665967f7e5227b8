//! QR codes as one path of an SVG, in modules of one unit: dark on light whatever the reader's
//! colours are, or no camera reads them.

use std::fmt;

use askama::filters::HtmlSafe;
use qrcodegen::{QrCode, QrCodeEcc};

/// The margin that readers need, in modules.
const MARGIN: i32 = 4;

/// The longest text: more would be too fine to scan from paper.
pub const TEXT_MAX: usize = 400;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    size: i32,
    path: String,
}

impl Qr {
    /// The code of a text; none where it is longer than [`TEXT_MAX`] bytes.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok();
        let code = code.filter(|_| text.len() <= TEXT_MAX)?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut begin = None;
            // One further than the code is wide: there every run has ended.
            for x in 0..=code.size() {
                match (begin, code.get_module(x, y)) {
                    (None, true) => begin = Some(x),
                    (Some(from), false) => {
                        let (left, top, wide) = (from + MARGIN, y + MARGIN, x - from);
                        path.push_str(&format!("M{left} {top}h{wide}v1h-{wide}z"));
                        begin = None;
                    }
                    _ => {}
                }
            }
        }
        Some(Self { size: code.size() + 2 * MARGIN, path })
    }

    /// The code as a file of its own.
    #[must_use]
    pub fn file(&self) -> String {
        let Self { size, path } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
             width=\"{size}0\" height=\"{size}0\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path d=\"{path}\"/></svg>\n"
        )
    }
}

/// The code as a part of a page: its colours are the stylesheet's, its label the page's.
impl fmt::Display for Qr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, path } = self;
        write!(
            formatter,
            "<svg viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\" \
             aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
        )
    }
}

impl HtmlSafe for Qr {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path fills.
    fn filled(qr: &Qr) -> Vec<(i32, i32)> {
        let runs = qr.path.split('M').skip(1).map(|run| {
            let mut numbers = run.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
            [(); 3].map(|()| numbers.next().and_then(|n| n.parse::<i32>().ok()).expect("a number"))
        });
        runs.flat_map(|[x, y, wide]| (x..x + wide).map(move |x| (x, y))).collect()
    }

    #[test]
    fn the_path_fills_the_modules_of_the_code() {
        let text = "https://obole.example/c/apple-river-42";
        let qr = Qr::of(text).expect("a code");
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("a code");
        let filled = filled(&qr);
        for y in -MARGIN..code.size() + MARGIN {
            for x in -MARGIN..code.size() + MARGIN {
                let is_dark = filled.contains(&(x + MARGIN, y + MARGIN));
                assert_eq!(is_dark, code.get_module(x, y), "{x} {y}");
            }
        }
        assert!(qr.file().starts_with("<svg xmlns="));
        assert!(qr.to_string().matches("<path").count() == 1);
    }

    #[test]
    fn what_is_too_fine_to_scan_is_no_code() {
        assert!(Qr::of(&"x".repeat(TEXT_MAX)).is_some());
        assert!(Qr::of(&"x".repeat(TEXT_MAX + 1)).is_none());
    }
}
