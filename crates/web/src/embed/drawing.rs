//! The button as a picture: Obole's coin, a word, and a count where there is one. It brings its own
//! ground and border, so that it reads on light and on dark pages; an outline is of a tone that
//! reads on both.

use obole_language::{Arg, number, text, text_with};

use crate::embed::color::Color;
use crate::embed::letters::{has_all, outlined};
use crate::embed::look::{Look, Shape, Style, Theme};

/// Lengths of a style, in pixels.
#[derive(Clone, Copy)]
struct Measures {
    height: u32,
    font: u32,
    coin: u32,
    pad: u32,
    gap: u32,
    corner: u32,
}

const fn measures(style: Style) -> Measures {
    match style {
        Style::Small => Measures { height: 22, font: 12, coin: 14, pad: 6, gap: 5, corner: 4 },
        Style::Medium => Measures { height: 30, font: 15, coin: 19, pad: 9, gap: 7, corner: 6 },
        Style::Large => Measures { height: 42, font: 20, coin: 27, pad: 13, gap: 9, corner: 8 },
        Style::Icon => Measures { height: 30, font: 15, coin: 22, pad: 4, gap: 0, corner: 6 },
        Style::Badge => Measures { height: 20, font: 11, coin: 13, pad: 6, gap: 4, corner: 3 },
    }
}

const INK: Color = Color([0x1d, 0x24, 0x33]);
const PAPER: Color = Color([0xff, 0xfe, 0xfb]);
const BORDER: Color = Color([0x87, 0x83, 0x77]);
const FLAN: Color = Color([0xdc, 0xd8, 0xcc]);
const PIP: Color = Color([0xa5, 0x69, 0x1c]);

/// Reads on white as well as on black.
const TONE: Color = Color([0x7a, 0x75, 0x6a]);

/// The coin within a square of 32.
pub const COIN: &str = "M15.3 2c4.2-.4 8.1.7 10.9 3.6 2.8 2.9 4.1 6.8 3.7 10.8-.4 4.3-2.2 8.2-5.6 \
    10.7-3.2 2.4-7.1 2.7-10.9 2.1-4-.6-7.5-2.7-9.6-6.2C1.5 19.4 1.2 15.6 2.5 11.9 4.2 7 9.7 2.6 \
    15.3 2z";

/// The fonts that systems bring along; nothing is loaded.
const FONTS: &str = "system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif";

/// What makes a light button of a dark one for who reads dark pages: `b` the ground, `t` what
/// stands on it, `c` the field of the count, `n` the count.
pub const AUTO: &str = "@media(prefers-color-scheme:dark){.b,.n{fill:#fffefb}.t,.c{fill:#1d2433}}";

/// The name that stands at the left of a badge.
const NAME: &str = "Obole";

/// The colours of a picture.
struct Palette {
    /// The ground; none of an outline.
    ground: Option<Color>,
    text: Color,
    edge: Color,
    /// Of the coin: the disc, the ring, the point.
    coin: [Color; 3],
    is_auto: bool,
}

impl Palette {
    fn of(look: &Look) -> Self {
        let is_auto = look.theme == Theme::Auto && look.color.is_none();
        let of = |ground, text, edge, coin| Self { ground, text, edge, coin, is_auto };
        match (look.theme, look.color) {
            (Theme::Outline, color) => {
                let tone = color.unwrap_or(TONE);
                of(None, tone, tone, [tone; 3])
            }
            (_, Some(color)) => {
                let text = color.text();
                of(Some(color), text, color, [text, color, color])
            }
            (Theme::Dark, None) => of(Some(PAPER), INK, BORDER, [FLAN, INK, PIP]),
            (Theme::Light | Theme::Auto, None) => of(Some(INK), PAPER, BORDER, [FLAN, INK, PIP]),
        }
    }

    /// The fill of a part, and the class by which [`AUTO`] finds it.
    fn fill(&self, color: Option<Color>, class: char) -> String {
        let color = color.map_or_else(|| "none".to_owned(), |color| color.to_string());
        let class = if self.is_auto { format!(" class=\"{class}\"") } else { String::new() };
        format!("fill=\"{color}\"{class}")
    }
}

/// A text and where it begins.
struct Words {
    text: String,
    x: u32,
    width: u32,
    fill: String,
}

/// A picture before it is written down.
pub struct Drawing {
    at: Measures,
    palette: Palette,
    corner: u32,
    /// Where the right field begins, and its width; 0 without one.
    left: u32,
    right: u32,
    words: Vec<Words>,
    title: String,
}

impl Drawing {
    /// Lays out a button with so many patrons, already rounded (P2).
    #[must_use]
    pub fn new(look: &Look, count: Option<i64>, instance: &str) -> Self {
        let at = measures(look.style);
        let palette = Palette::of(look);
        let (word, more) = said(look, count);
        let inside = text_width(&word, at.font);
        let beside = if inside > 0 { at.gap + inside } else { 0 };
        let left = at.pad + at.coin + beside + at.pad;
        let wide = text_width(&more, at.font);
        let right = if more.is_empty() { 0 } else { wide + 2 * at.pad };
        let on_right = if palette.ground.is_some() { palette.ground } else { Some(palette.text) };
        let words = vec![
            Words {
                x: at.pad + at.coin + at.gap,
                width: inside,
                fill: palette.fill(Some(palette.text), 't'),
                text: word,
            },
            Words { x: left + at.pad, width: wide, fill: palette.fill(on_right, 'n'), text: more },
        ];
        let corner = match look.shape {
            Shape::Round => at.corner,
            Shape::Square => 0,
            Shape::Pill => at.height / 2,
        };
        Self { at, palette, corner, left, right, words, title: title(look, count, instance) }
    }

    /// Width and height, in pixels.
    #[must_use]
    pub const fn size(&self) -> (u32, u32) {
        (self.left + self.right, self.at.height)
    }

    /// The picture, as SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        self.with(&self.lettering(), self.palette.is_auto)
    }

    /// The same with its letters as outlines, for who has no fonts; of both looks of `auto` the
    /// light pages' one.
    #[must_use]
    pub fn outlined_svg(&self) -> String {
        let y = self.base();
        let words = self.words.iter().filter(|words| words.width > 0);
        let words = words.map(|Words { text, x, width, fill }| {
            let outlines = outlined(text, *width, self.at.font);
            format!("<g transform=\"translate({x} {y})\" {fill}>{outlines}</g>")
        });
        self.with(&words.collect::<String>(), false)
    }

    /// Whether there is an outline for each letter of its words.
    #[must_use]
    pub fn has_outlines(&self) -> bool {
        self.words.iter().all(|words| has_all(&words.text))
    }

    fn with(&self, words: &str, is_auto: bool) -> String {
        let ((whole, height), title) = (self.size(), escape(&self.title));
        let style = if is_auto { format!("<style>{AUTO}</style>") } else { String::new() };
        let (ground, coin) = (self.ground(), self.coin());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{height}\" \
             viewBox=\"0 0 {whole} {height}\" role=\"img\" aria-label=\"{title}\">\
             <title>{title}</title>{style}{ground}{coin}{words}</svg>"
        )
    }

    /// The ground, its border, and the field of the count, whose corners are within the border's.
    fn ground(&self) -> String {
        let (whole, height) = self.size();
        let (corner, left, edge) = (self.corner, self.left, self.palette.edge);
        let mut ground = format!(
            "<rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"{corner}\" {} \
             stroke=\"{edge}\"/>",
            whole - 1,
            height - 1,
            self.palette.fill(self.palette.ground, 'b'),
        );
        if self.right == 0 {
            return ground;
        }
        if self.palette.ground.is_none() {
            ground.push_str(&format!("<path stroke=\"{edge}\" d=\"M{left}.5 1v{}\"/>", height - 2));
            return ground;
        }
        let corner = corner.saturating_sub(1);
        let wide = (self.right - 1).saturating_sub(corner);
        let high = (height - 2).saturating_sub(2 * corner);
        ground.push_str(&format!(
            "<path {} d=\"M{left} 1h{wide}a{corner} {corner} 0 0 1 {corner} {corner}v{high}\
             a{corner} {corner} 0 0 1-{corner} {corner}h-{wide}z\"/>",
            self.palette.fill(Some(self.palette.text), 'c'),
        ));
        ground
    }

    fn coin(&self) -> String {
        let (x, size) = (self.at.pad, self.at.coin);
        let y = (self.at.height - size) / 2;
        let [flan, ring, pip] = self.palette.coin;
        let disc = match self.palette.ground {
            Some(_) => format!("fill=\"{flan}\""),
            None => format!("fill=\"none\" stroke=\"{flan}\" stroke-width=\"2.4\""),
        };
        format!(
            "<svg x=\"{x}\" y=\"{y}\" width=\"{size}\" height=\"{size}\" viewBox=\"0 0 32 32\">\
             <path {disc} d=\"{COIN}\"/>\
             <circle fill=\"none\" stroke=\"{ring}\" stroke-width=\"3.2\" cx=\"17\" cy=\"14.9\" \
             r=\"7.2\"/><circle fill=\"{pip}\" cx=\"17\" cy=\"14.9\" r=\"2.6\"/></svg>"
        )
    }

    /// The baseline that puts capitals in the middle.
    fn base(&self) -> String {
        let tenths = self.at.height * 5 + self.at.font * 36 / 10;
        format!("{}.{}", tenths / 10, tenths % 10)
    }

    fn lettering(&self) -> String {
        let (y, font) = (self.base(), self.at.font);
        let mut letters =
            format!("<g font-family=\"{FONTS}\" font-size=\"{font}\" font-weight=\"600\">");
        for Words { text, x, width, fill } in self.words.iter().filter(|words| words.width > 0) {
            let text = escape(text);
            letters.push_str(&format!(
                "<text x=\"{x}\" y=\"{y}\" textLength=\"{width}\" \
                 lengthAdjust=\"spacingAndGlyphs\" {fill}>{text}</text>"
            ));
        }
        letters.push_str("</g>");
        letters
    }
}

/// What stands in the left field and in the right one.
fn said(look: &Look, count: Option<i64>) -> (String, String) {
    let word =
        if look.label.is_empty() { text(look.language, "button-word") } else { look.label.clone() };
    let count = count.map(|count| format!("{}+", number(look.language, count)));
    match (look.style, count) {
        (Style::Icon, _) => (String::new(), String::new()),
        (Style::Badge, None) => (NAME.to_owned(), word),
        (Style::Badge, Some(count)) => (NAME.to_owned(), format!("{word} · {count}")),
        (_, count) => (word, count.unwrap_or_default()),
    }
}

/// What it says to who does not see it; it begins with what is seen (WCAG 2.5.3).
fn title(look: &Look, count: Option<i64>, instance: &str) -> String {
    let instance = ("instance", Arg::from(instance));
    let title = match count {
        None => text_with(look.language, "button-title", &[instance]),
        Some(count) => {
            let values = [instance, ("count", count.into())];
            text_with(look.language, "button-title-count", &values)
        }
    };
    if look.label.is_empty() { title } else { format!("{} · {title}", look.label) }
}

/// About how wide a text is in a bold sans serif, in pixels. The picture fits the text into it, so
/// it is never cut off, whatever font the reader has.
fn text_width(text: &str, font: u32) -> u32 {
    let thousandths = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '\u{2019}' => 300,
        'f' | 'r' | 't' | ' ' | '\u{a0}' => 400,
        '\u{202f}' => 220,
        'm' | 'w' | 'M' | 'W' => 920,
        'A'..='Z' | '\u{c0}'..='\u{de}' | '+' => 730,
        '0'..='9' => 650,
        '\u{2e80}'..='\u{ffdc}' | '\u{1f000}'..='\u{3ffff}' => 1_050,
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
            // What XML cannot say (XML 1.0, 2.2).
            '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use obole_language::Language;

    use super::*;
    use crate::embed::color::CONTRAST_MIN;

    fn look(language: Language) -> Look {
        Look::usual(Style::Medium, language)
    }

    fn draw(look: &Look, count: Option<i64>) -> String {
        Drawing::new(look, count, "Obole").svg()
    }

    #[test]
    fn it_says_what_it_is_in_each_language() {
        let svg = draw(&look(Language::English), None);
        assert!(svg.contains(">Give</text>") && svg.contains("<title>Give through Obole</title>"));
        let svg = draw(&look(Language::French), Some(1_900));
        assert!(svg.contains(">Donner</text>") && svg.contains(">1\u{202f}900+</text>"), "{svg}");
        assert!(svg.contains("1\u{202f}900"), "{svg}");
    }

    #[test]
    fn nothing_is_loaded_run_or_left_unescaped() {
        let hostile = "<script>\"&'";
        let labelled = Look { label: hostile.to_owned(), ..look(Language::English) };
        for look in [look(Language::English), labelled] {
            let svg = Drawing::new(&look, Some(5), hostile).svg();
            assert!(svg.contains("&lt;script&gt;&quot;&amp;'"), "{svg}");
            for banned in ["<script", "style", "href", "url(", "onload", "<image", "@import"] {
                assert!(!svg.contains(banned), "{banned}: {svg}");
            }
        }
    }

    #[test]
    fn every_look_is_whole() {
        for style in Style::ALL {
            for theme in Theme::ALL {
                for shape in Shape::ALL {
                    let base = Look { style: *style, theme: *theme, ..look(Language::English) };
                    let look = Look { shape: *shape, ..base };
                    let svg = draw(&look, Some(25));
                    assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
                    assert_eq!(svg.contains("25+"), *style != Style::Icon, "{svg}");
                    assert_eq!(svg.contains("<style>"), *theme == Theme::Auto, "{svg}");
                    assert!(svg.contains("25 patrons or more"), "{svg}");
                    assert!(!svg.contains("h-0") && !svg.contains("NaN"), "{svg}");
                }
            }
        }
    }

    #[test]
    fn sizes_grow_and_a_badge_is_as_high_as_badges_are() {
        let height = |style| measures(style).height;
        assert!(height(Style::Small) < height(Style::Medium));
        assert!(height(Style::Medium) < height(Style::Large));
        assert_eq!(height(Style::Badge), 20);
        let badge = Look { style: Style::Badge, ..look(Language::English) };
        let svg = draw(&badge, None);
        assert!(svg.contains(">Obole</text>") && svg.contains(">Give</text>"), "{svg}");
        assert!(draw(&badge, Some(25)).contains(">Give · 25+</text>"));
    }

    #[test]
    fn every_text_can_be_read() {
        for ground in [INK, PAPER] {
            let text = if ground == INK { PAPER } else { INK };
            assert!(ground.contrast(text) >= CONTRAST_MIN);
        }
        for page in [Color::WHITE, Color::BLACK] {
            assert!(TONE.contrast(page) >= CONTRAST_MIN, "on every page");
        }
        let gold = Look { color: Some(Color([0xff, 0xcc, 0x00])), ..look(Language::English) };
        let svg = draw(&gold, Some(5));
        assert!(svg.contains("fill=\"#000000\">Give</text>"), "{svg}");
        assert!(svg.contains("fill=\"#ffcc00\">5+</text>"), "{svg}");
        let outline = Look { theme: Theme::Outline, ..gold };
        let svg = draw(&outline, Some(5));
        assert!(svg.contains("fill=\"#ffcc00\">Give</text>"), "{svg}");
    }

    #[test]
    fn a_label_stands_in_the_picture_and_begins_its_name() {
        let label = "\u{5e9}\u{5dc}\u{5d5}\u{5dd} & you".to_owned();
        let look = Look { label, ..look(Language::English) };
        let svg = draw(&look, None);
        assert!(svg.contains("\u{5d5}\u{5dd} &amp; you</text>"), "{svg}");
        assert!(svg.contains("&amp; you · Give through Obole</title>"), "{svg}");
    }
}
