//! What is said about a work besides its title: a description, tags, a category, a language
//! (contract.md section 2; the lists are Flattr's, research/flattr-api-v2.md section 14).

use crate::click::clean_text;
use crate::refusal::Refusal;
use crate::work::TITLE_MAX;

/// The most characters of a description.
pub const DESCRIPTION_MAX: usize = 1_000;

/// What kind of work it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Category {
    /// Articles, books, blogs.
    Text,
    /// Photographs, drawings.
    Images,
    /// Films.
    Video,
    /// Music, podcasts.
    Audio,
    /// Programs.
    Software,
    /// Somebody, for all that they do.
    People,
    /// Anything else.
    #[default]
    Rest,
}

impl Category {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 7] = [
        Self::Text,
        Self::Images,
        Self::Video,
        Self::Audio,
        Self::Software,
        Self::People,
        Self::Rest,
    ];

    /// The word that is stored and stands on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Images => "images",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Software => "software",
            Self::People => "people",
            Self::Rest => "rest",
        }
    }

    /// Reads a word in small or large letters; another one is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL.into_iter().find(|category| category.code().eq_ignore_ascii_case(text))
    }
}

/// The language of a work: a code such as `en_GB`, and its English name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkLanguage(usize);

/// English first, the others by their English names.
const LANGUAGES: [(&str, &str); 44] = [
    ("en_GB", "English"),
    ("sq_AL", "Albanian"),
    ("ar_DZ", "Arabic"),
    ("be_BY", "Belarusian"),
    ("bg_BG", "Bulgarian"),
    ("ca_ES", "Catalan"),
    ("zh_CN", "Chinese"),
    ("hr_HR", "Croatian"),
    ("cs_CZ", "Czech"),
    ("da_DK", "Danish"),
    ("nl_NL", "Dutch"),
    ("et_EE", "Estonian"),
    ("fi_FI", "Finnish"),
    ("fr_FR", "French"),
    ("de_DE", "German"),
    ("el_GR", "Greek"),
    ("iw_IL", "Hebrew"),
    ("hi_IN", "Hindi"),
    ("hu_HU", "Hungarian"),
    ("is_IS", "Icelandic"),
    ("in_ID", "Indonesian"),
    ("ga_IE", "Irish"),
    ("it_IT", "Italian"),
    ("ja_JP", "Japanese"),
    ("ko_KR", "Korean"),
    ("lv_LV", "Latvian"),
    ("lt_LT", "Lithuanian"),
    ("mk_MK", "Macedonian"),
    ("ms_MY", "Malay"),
    ("mt_MT", "Maltese"),
    ("no_NO", "Norwegian"),
    ("pl_PL", "Polish"),
    ("pt_PT", "Portuguese"),
    ("ro_RO", "Romanian"),
    ("ru_RU", "Russian"),
    ("sr_RS", "Serbian"),
    ("sk_SK", "Slovak"),
    ("sl_SI", "Slovenian"),
    ("es_ES", "Spanish"),
    ("sv_SE", "Swedish"),
    ("th_TH", "Thai"),
    ("tr_TR", "Turkish"),
    ("uk_UA", "Ukrainian"),
    ("vi_VN", "Vietnamese"),
];

impl WorkLanguage {
    /// English.
    pub const ENGLISH: Self = Self(0);

    /// All of them, English first, then by their English names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LANGUAGES.len()).map(Self)
    }

    /// The code that is stored and stands on the wire.
    #[must_use]
    pub fn code(self) -> &'static str {
        LANGUAGES.get(self.0).map_or("en_GB", |(code, _)| code)
    }

    /// What it is called in English.
    #[must_use]
    pub fn name(self) -> &'static str {
        LANGUAGES.get(self.0).map_or("English", |(_, name)| name)
    }

    /// Reads a code, with a line or a hyphen between its parts, of any country or none; the newer
    /// codes of Hebrew and Indonesian too. Another one is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let language = text.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase();
        let language = match language.as_str() {
            "he" => "iw",
            "id" => "in",
            "nb" | "nn" => "no",
            other => other,
        };
        let is_it = |code: &str| code.split('_').next() == Some(language);
        LANGUAGES.iter().position(|(code, _)| is_it(code)).map(Self)
    }
}

/// Words by which a work is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags(Vec<String>);

impl Tags {
    /// The most tags of a work.
    pub const COUNT_MAX: usize = 30;

    /// The most characters of one.
    pub const LENGTH_MAX: usize = 40;

    /// Reads tags with commas between. What cannot be one is left out: nothing, what is too long,
    /// what is there already, and what is more than a work has.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut tags = Vec::<String>::new();
        for tag in text.split(',') {
            let words: Vec<&str> = tag.split_whitespace().collect();
            let tag = words.join(" ");
            let is_letter = |letter: char| letter.is_alphanumeric() || " -_.+#'".contains(letter);
            let is_well = !tag.is_empty() && tag.chars().count() <= Self::LENGTH_MAX;
            let is_known = tags.iter().any(|known| is_same(known, &tag));
            let is_room = tags.len() < Self::COUNT_MAX;
            if is_well && is_room && !is_known && tag.chars().all(is_letter) {
                tags.push(tag);
            }
        }
        Self(tags)
    }

    /// Writes what [`Self::parse`] reads.
    #[must_use]
    pub fn print(&self) -> String {
        self.0.join(",")
    }

    /// The tags.
    #[must_use]
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether a tag is among them, in small or large letters.
    #[must_use]
    pub fn has(&self, tag: &str) -> bool {
        self.0.iter().any(|own| is_same(own, tag))
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// Everything that is said about a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkDetails {
    /// What it is called; empty: its address.
    pub title: String,
    /// What it is.
    pub description: String,
    /// Words by which it is found.
    pub tags: Tags,
    /// What kind of work it is.
    pub category: Category,
    /// The language that it is in.
    pub language: WorkLanguage,
    /// Whether lists leave it out.
    pub is_hidden: bool,
}

impl Default for WorkDetails {
    fn default() -> Self {
        Self {
            title: String::new(),
            description: String::new(),
            tags: Tags::default(),
            category: Category::default(),
            language: WorkLanguage::ENGLISH,
            is_hidden: false,
        }
    }
}

/// Reads a title as it is typed. Refused where it is too long or no text.
pub fn title(text: &str) -> Result<String, Refusal> {
    clean_text(text, TITLE_MAX)
}

/// Reads a description; its lines stay. Refused where it is too long or no text.
pub fn description(text: &str) -> Result<String, Refusal> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\t'], " ");
    let lines = text.trim().split('\n').map(|line| clean_text(line, DESCRIPTION_MAX));
    let text = lines.collect::<Result<Vec<_>, _>>()?.join("\n");
    if text.chars().count() > DESCRIPTION_MAX {
        return Err(Refusal::TooLong { limit: DESCRIPTION_MAX as i64 });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn categories_and_languages_are_known_words() {
        assert_eq!(Category::parse(" Text "), Some(Category::Text));
        assert_eq!(Category::parse("texts"), None);
        for category in Category::ALL {
            assert_eq!(Category::parse(category.code()), Some(category));
        }
        for (text, code) in [
            ("en_GB", "en_GB"),
            ("en_US", "en_GB"),
            ("en-us", "en_GB"),
            ("en", "en_GB"),
            ("fr", "fr_FR"),
            ("he_IL", "iw_IL"),
            ("id_ID", "in_ID"),
            ("nb_NO", "no_NO"),
        ] {
            assert_eq!(WorkLanguage::parse(text).map(WorkLanguage::code), Some(code), "{text}");
        }
        for text in ["", "cpp", "e", "english", "_GB"] {
            assert_eq!(WorkLanguage::parse(text), None, "{text}");
        }
        assert!(WorkLanguage::all().all(|one| WorkLanguage::parse(one.code()) == Some(one)));
        let names: Vec<&str> = WorkLanguage::all().skip(1).map(WorkLanguage::name).collect();
        assert!(names.is_sorted());
    }

    #[test]
    fn tags_are_words_once_each() {
        let tags = Tags::parse(" blog, Free  Software,,BLOG, <b>, c++,");
        assert_eq!(tags.as_slice(), ["blog", "Free Software", "c++"]);
        assert!(tags.has("free software") && !tags.has("free"));
        let many = (0..40).map(|number| number.to_string()).collect::<Vec<_>>().join(",");
        assert_eq!(Tags::parse(&many).as_slice().len(), Tags::COUNT_MAX);
        assert_eq!(Tags::parse(&"x".repeat(41)), Tags::default());
    }

    #[test]
    fn a_description_keeps_its_lines() {
        assert_eq!(description(" One\r\nTwo\tthree "), Ok("One\nTwo three".to_owned()));
        assert_eq!(description("\u{202E}"), Err(Refusal::NotText {}));
        let limit = Refusal::TooLong { limit: 1_000 };
        assert_eq!(description(&"x\n".repeat(501)), Err(limit));
    }

    proptest! {
        #[test]
        fn tags_are_read_as_they_are_written(text in "\\PC{0,80}") {
            let tags = Tags::parse(&text);
            prop_assert_eq!(Tags::parse(&tags.print()), tags);
        }
    }
}
