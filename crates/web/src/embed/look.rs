//! How a button looks: what a site may choose, and how that is read from an address.

use obole_domain::Refusal;
use obole_domain::click::clean_text;
use obole_language::Language;

use crate::embed::color::Color;
use crate::form::Form;

/// The most characters of a label.
pub const LABEL_MAX: usize = 40;

/// Writes an enum of words that stand in addresses; the first is the one to begin with.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident { $($(#[$each:meta])* $variant:ident $word:literal),+ $(,)? }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in an address.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one of a word.
            #[must_use]
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! {
    /// The size of a button.
    Style {
        /// As high as an ordinary button.
        Medium "medium",
        /// As high as a line of small text.
        Small "small",
        /// To be seen from afar.
        Large "large",
        /// The coin alone.
        Icon "icon",
        /// Two fields, 20 pixels high, as the front pages of repositories have them.
        Badge "badge",
    }
}

words! {
    /// The pages that a button is made for.
    Theme {
        /// Light pages: a dark button.
        Light "light",
        /// Dark pages: a light button.
        Dark "dark",
        /// As the reader's system is, light or dark.
        Auto "auto",
        /// Any page: a border and no ground.
        Outline "outline",
    }
}

words! {
    /// The corners of a button.
    Shape {
        /// A little round.
        Round "round",
        /// Right angles.
        Square "square",
        /// Half circles.
        Pill "pill",
    }
}

/// How a button looks, but for its count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// How large it is.
    pub style: Style,
    /// For what pages.
    pub theme: Theme,
    /// Its corners.
    pub shape: Shape,
    /// Its ground; of an outline, the line.
    pub color: Option<Color>,
    /// What it says instead of “Give”; may be empty.
    pub label: String,
    /// The language of its words.
    pub language: Language,
    /// Whether it tells of its patrons, where there are enough.
    pub is_counted: bool,
}

impl Look {
    /// The usual look, with the number of patrons.
    #[must_use]
    pub const fn usual(style: Style, language: Language) -> Self {
        Self {
            style,
            theme: Theme::Light,
            shape: Shape::Round,
            color: None,
            label: String::new(),
            language,
            is_counted: true,
        }
    }

    /// Reads what a form or an address asks for. A word that there is not leaves the usual look: a
    /// button that shows is worth more than a strict one. A label or colour that cannot be is
    /// refused beside its field.
    pub fn read(form: &mut Form, style: Style) -> Self {
        let label = form.read("label", |typed| clean_text(typed, LABEL_MAX)).unwrap_or_default();
        let color = form.read("color", Color::read).flatten();
        let is_off = |name| form.text(name) == "off";
        Self {
            style,
            theme: Theme::of_word(form.text("theme")).unwrap_or(Theme::Light),
            shape: Shape::of_word(form.text("shape")).unwrap_or(Shape::Round),
            color,
            label,
            language: Language::from_code(form.text("lang")).unwrap_or(Language::English),
            is_counted: !is_off("count") && !is_off("counter"),
        }
    }

    /// What an address says to have this look, by name; what is usual is left out.
    #[must_use]
    pub fn asked(&self) -> Vec<(&'static str, String)> {
        let usual = |is_usual: bool, word: &str| match is_usual {
            true => String::new(),
            false => word.to_owned(),
        };
        vec![
            ("theme", usual(self.theme == Theme::Light, self.theme.word())),
            ("shape", usual(self.shape == Shape::Round, self.shape.word())),
            ("color", self.color.map(|color| color.to_string()).unwrap_or_default()),
            ("label", self.label.clone()),
            ("lang", usual(self.language == Language::English, self.language.code())),
            ("count", usual(self.is_counted, "off")),
        ]
    }
}

/// The points that a button offers to choose from, at most.
pub const POINTS_MAX: usize = 6;

/// Reads points such as `1 5 25`.
pub fn read_points(typed: &str) -> Result<Vec<i64>, Refusal> {
    let limit = obole_domain::Points::WORK_MAX;
    let words = typed.split([' ', ',', ';']).filter(|word| !word.is_empty());
    let read = words.map(|word| {
        let is_plain = word.bytes().all(|byte| byte.is_ascii_digit());
        let points =
            word.parse::<i64>().ok().filter(|points| is_plain && (1..=limit).contains(points));
        points.ok_or(Refusal::PointsMalformed { limit })
    });
    let points = read.collect::<Result<Vec<i64>, Refusal>>()?;
    let is_too_many = points.len() > POINTS_MAX;
    if is_too_many { Err(Refusal::PointsMalformed { limit }) } else { Ok(points) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back_to_what_they_name() {
        for style in Style::ALL {
            assert_eq!(Style::of_word(style.word()), Some(*style));
        }
        assert_eq!(Theme::of_word("outline"), Some(Theme::Outline));
        assert_eq!(Shape::of_word("pill"), Some(Shape::Pill));
        assert_eq!(Style::of_word("huge"), None);
    }

    #[test]
    fn points_are_whole_numbers_and_few() {
        assert_eq!(read_points("1, 5 25"), Ok(vec![1, 5, 25]));
        assert_eq!(read_points(" "), Ok(Vec::new()));
        for bad in ["0", "-1", "+1", "1.5", "one", "1 2 3 4 5 6 7", "99999999999999999999"] {
            assert!(read_points(bad).is_err(), "{bad}");
        }
    }
}
