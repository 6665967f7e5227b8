//! The button as a picture: Obole's coin, a word, and a count where there is one. It brings its own
//! background and border, so that it reads on light and on dark pages.

use obole_language::{Arg, Language, number, text, text_with};

/// The sizes of the button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Size {
    /// As high as a line of small text.
    Small,
    /// As high as an ordinary button.
    Medium,
    /// To be seen from afar.
    Large,
}

impl Size {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// Its name in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }

    /// The size of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.name() == name)
    }

    const fn measures(self) -> Measures {
        match self {
            Self::Small => Measures { height: 22, font: 12, coin: 14, pad: 6, gap: 5, corner: 4 },
            Self::Medium => Measures { height: 30, font: 15, coin: 19, pad: 9, gap: 7, corner: 6 },
            Self::Large => Measures { height: 42, font: 20, coin: 27, pad: 13, gap: 9, corner: 8 },
        }
    }
}

/// Lengths of a size, in pixels.
#[derive(Clone, Copy)]
struct Measures {
    height: u32,
    font: u32,
    coin: u32,
    pad: u32,
    gap: u32,
    corner: u32,
}

/// All that a button's picture depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Face {
    /// How large it is.
    pub size: Size,
    /// What language its word is in.
    pub language: Language,
    /// How many patrons it may tell of, rounded down (P2).
    pub count: Option<i64>,
}

const INK: &str = "#1d2433";
const PAPER: &str = "#fffefb";
const BORDER: &str = "#878377";
const FLAN: &str = "#dcd8cc";
const PIP: &str = "#a5691c";

/// The coin within a square of 32.
const COIN: &str = "M15.3 2c4.2-.4 8.1.7 10.9 3.6 2.8 2.9 4.1 6.8 3.7 10.8-.4 4.3-2.2 8.2-5.6 \
    10.7-3.2 2.4-7.1 2.7-10.9 2.1-4-.6-7.5-2.7-9.6-6.2C1.5 19.4 1.2 15.6 2.5 11.9 4.2 7 9.7 2.6 \
    15.3 2z";

/// The fonts that systems bring along; nothing is loaded.
const FONTS: &str = "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif";

/// The words of a face and how much room they take, in pixels.
struct Layout {
    word: String,
    word_width: u32,
    /// Empty where there is none.
    count: String,
    count_width: u32,
    /// How wide the field with the word is.
    left: u32,
    /// How wide the field with the count is.
    right: u32,
}

impl Layout {
    fn of(face: Face) -> Self {
        let at = face.size.measures();
        let word = text(face.language, "button-word");
        let word_width = width(&word, at.font);
        let count = face.count.map(|count| format!("{}+", number(face.language, count)));
        let count = count.unwrap_or_default();
        let count_width = width(&count, at.font);
        let right = if count.is_empty() { 0 } else { count_width + 2 * at.pad };
        let left = at.pad + at.coin + at.gap + word_width + at.pad;
        Self { word, word_width, count, count_width, left, right }
    }
}

/// How wide and how high the picture is, in pixels.
#[must_use]
pub fn extent(face: Face) -> (u32, u32) {
    let layout = Layout::of(face);
    (layout.left + layout.right, face.size.measures().height)
}

/// The picture, as SVG.
#[must_use]
pub fn draw(face: Face, instance: &str) -> String {
    let at = face.size.measures();
    let Layout { word, word_width, count, count_width, left, right } = Layout::of(face);
    let whole = left + right;
    let title = escape(&title(face, instance));
    let (height, corner) = (at.height, at.corner);

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{height}\" \
         viewBox=\"0 0 {whole} {height}\" role=\"img\" aria-label=\"{title}\">\
         <title>{title}</title>\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"{corner}\" fill=\"{INK}\" \
         stroke=\"{BORDER}\"/>",
        whole - 1,
        height - 1,
    );
    if !count.is_empty() {
        svg.push_str(&count_field(left, right, at));
    }
    svg.push_str(&coin(at));
    let words = [
        (word.as_str(), at.pad + at.coin + at.gap, word_width, PAPER),
        (count.as_str(), left + at.pad, count_width, INK),
    ];
    // The baseline that puts capitals in the middle, in tenths.
    let base = height * 5 + at.font * 36 / 10;
    let font = at.font;
    svg.push_str(&format!("<g font-family=\"{FONTS}\" font-size=\"{font}\" font-weight=\"600\">"));
    for (text, x, width, fill) in words.into_iter().filter(|(text, ..)| !text.is_empty()) {
        let (text, y, tenth) = (escape(text), base / 10, base % 10);
        svg.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}.{tenth}\" textLength=\"{width}\" \
             lengthAdjust=\"spacingAndGlyphs\" fill=\"{fill}\">{text}</text>"
        ));
    }
    svg.push_str("</g></svg>");
    svg
}

/// The light field at the right, its corners within the border's.
fn count_field(left: u32, right: u32, at: Measures) -> String {
    let corner = at.corner - 1;
    let (wide, high) = (right - 1 - corner, at.height - 2 - 2 * corner);
    format!(
        "<path fill=\"{PAPER}\" d=\"M{left} 1h{wide}\
         a{corner} {corner} 0 0 1 {corner} {corner}v{high}\
         a{corner} {corner} 0 0 1-{corner} {corner}h-{wide}z\"/>"
    )
}

fn coin(at: Measures) -> String {
    let (x, y, size) = (at.pad, (at.height - at.coin) / 2, at.coin);
    format!(
        "<svg x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 32 32\">\
         <path fill=\"{FLAN}\" d=\"{COIN}\"/>\
         <circle fill=\"none\" stroke=\"{INK}\" stroke-width=\"3.2\" cx=\"17\" cy=\"14.9\" \
         r=\"7.2\"/><circle fill=\"{PIP}\" cx=\"17\" cy=\"14.9\" r=\"2.6\"/></svg>"
    )
}

/// What it says to who does not see it.
fn title(face: Face, instance: &str) -> String {
    let instance = ("instance", Arg::from(instance));
    match face.count {
        None => text_with(face.language, "button-title", &[instance]),
        Some(count) => {
            let values = [instance, ("count", count.into())];
            text_with(face.language, "button-title-count", &values)
        }
    }
}

/// About how wide a text is in a bold sans serif, in pixels. The picture fits the text into it, so
/// it is never cut off, whatever font the reader has.
fn width(text: &str, font: u32) -> u32 {
    let thousandths = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '\u{2019}' => 300,
        'f' | 'r' | 't' | ' ' | '\u{a0}' => 400,
        '\u{202f}' => 220,
        'm' | 'w' | 'M' | 'W' => 920,
        'A'..='Z' | '\u{c0}'..='\u{de}' | '+' => 730,
        '0'..='9' => 650,
        _ => 620,
    };
    let sum: u32 = text.chars().map(thousandths).sum();
    (sum * font).div_ceil(1_000)
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(language: Language, count: Option<i64>) -> Face {
        Face { size: Size::Medium, language, count }
    }

    #[test]
    fn it_says_what_it_is_in_each_language() {
        let svg = draw(face(Language::English, None), "Obole");
        assert!(svg.contains(">Give</text>") && svg.contains("<title>Give through Obole</title>"));
        let svg = draw(face(Language::French, Some(1_900)), "Obole");
        assert!(svg.contains(">Donner</text>") && svg.contains(">1\u{202f}900+</text>"), "{svg}");
        assert!(svg.contains("1\u{202f}900"), "{svg}");
    }

    #[test]
    fn it_is_as_large_as_it_says() {
        for count in [None, Some(5), Some(12_000)] {
            let (wide, high) = extent(face(Language::French, count));
            let svg = draw(face(Language::French, count), "Obole");
            assert!(svg.contains(&format!(" width=\"{wide}\" height=\"{high}\"")), "{svg}");
        }
    }

    #[test]
    fn nothing_is_loaded_run_or_left_unescaped() {
        let svg = draw(face(Language::English, Some(5)), "<script>\"&'");
        assert!(svg.contains("&lt;script&gt;&quot;&amp;'"), "{svg}");
        for banned in ["<script", "style", "href", "url(", "onload", "<image", "@import"] {
            assert!(!svg.contains(banned), "{banned}: {svg}");
        }
    }

    #[test]
    fn sizes_have_names_and_grow() {
        let mut before = 0;
        for size in Size::ALL {
            assert_eq!(Size::from_name(size.name()), Some(size));
            let at = size.measures();
            assert!(at.height > before && at.coin < at.height && at.font < at.coin + 2);
            before = at.height;
        }
        assert_eq!(Size::from_name("huge"), None);
    }
}
