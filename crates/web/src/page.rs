//! What every page has around its own content: language, title, who reads it, where they are.
//! A page is a struct with a `page: &Page` field and a template that extends `base.html`.

use std::fmt;

use askama::filters::{HtmlSafe, Safe};
use obole_domain::{Currency, Micros, Money, WorkId};
use obole_language::{Arg, Language};
use serde::{Deserialize, Serialize};

use crate::preview::Preview;
use crate::{assets, icons};

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The reader's language.
    pub language: Language,
    /// What the page is, in that language; the instance's name is added.
    pub title: String,
    /// One sentence for search engines and previews; may be empty.
    pub description: String,
    /// What a public page tells others of itself.
    pub preview: Option<Preview>,
    /// Who is signed in.
    pub visitor: Option<SignedIn>,
    /// Which entry of the navigation the page belongs to.
    pub place: Place,
    /// The token that each form sends back (W2).
    pub csrf: String,
    /// What administrators must know wherever they are.
    pub warnings: Vec<Linked>,
    /// What the last form came to, shown once.
    pub flash: Option<Notice>,
    /// Whether the instance has only play money.
    pub is_demo: bool,
    /// The instance's name.
    pub instance: String,
    /// Path and query of this page, where a change of language returns to.
    pub path: String,
}

/// What the frame tells of the account that is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Its display name.
    pub name: String,
    /// Its handle, without `@`.
    pub handle: String,
    /// Whether it may administer the instance.
    pub is_admin: bool,
}

/// The entries of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// No entry: a work, a profile, a problem.
    Elsewhere,
    /// How it works.
    How,
    /// Sign in.
    SignIn,
    /// Sign up.
    SignUp,
    /// This month.
    Month,
    /// Wallet.
    Wallet,
    /// Statements.
    Statements,
    /// Creator.
    Creator,
    /// Administration.
    Admin,
    /// Settings of the account.
    Settings,
}

impl Place {
    /// Whether it is the settings.
    #[must_use]
    pub const fn is_settings(self) -> bool {
        matches!(self, Self::Settings)
    }

    /// Whether it is the sign-up.
    #[must_use]
    pub const fn is_sign_up(self) -> bool {
        matches!(self, Self::SignUp)
    }
}

/// A link of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Where it leads.
    pub address: &'static str,
    /// The key of its text.
    pub key: &'static str,
    /// What is current there.
    pub place: Place,
}

const fn entry(address: &'static str, key: &'static str, place: Place) -> Entry {
    Entry { address, key, place }
}

const VISITOR_ENTRIES: &[Entry] =
    &[entry("/how", "layout-how", Place::How), entry("/sign-in", "layout-sign-in", Place::SignIn)];

const ACCOUNT_ENTRIES: &[Entry] = &[
    entry("/month", "layout-month", Place::Month),
    entry("/wallet", "layout-wallet", Place::Wallet),
    entry("/statements", "layout-statements", Place::Statements),
    entry("/creator", "layout-creator", Place::Creator),
    entry("/admin", "layout-admin", Place::Admin),
];

/// How a [`Notice`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// Worth knowing.
    Info,
    /// It is done.
    Success,
    /// Something needs attention.
    Warning,
    /// It was not done.
    Problem,
}

impl Tone {
    /// Its class in the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }

    /// Whether a screen reader should be interrupted for it.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Warning | Self::Problem)
    }

    /// The icon that says the same without colour.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "done",
            Self::Warning | Self::Problem => "attention",
        }
    }
}

/// A sentence at the top of a page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, in the reader's language.
    pub text: String,
    /// What a button beside it brings back.
    pub undo: Option<Undo>,
}

/// A click that can be brought back to the points that it had.
#[derive(Clone, Debug)]
pub struct Undo {
    /// On which work.
    pub work: WorkId,
    /// The points that it had; 0 for none.
    pub points: i64,
    /// The number of the form (K1).
    pub op: String,
}

impl Page {
    /// A text in the reader's language.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        obole_language::text(self.language, key)
    }

    /// A text with one value.
    #[must_use]
    pub fn with(&self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        obole_language::text_with(self.language, key, &[(name, value.into())])
    }

    /// A text with several values.
    #[must_use]
    pub fn with_all(&self, key: &str, values: &[(&str, Arg)]) -> String {
        obole_language::text_with(self.language, key, values)
    }

    /// An amount as the reader's language writes it.
    #[must_use]
    pub fn money(&self, money: &Money) -> String {
        obole_language::money(self.language, *money)
    }

    /// An amount for estimates: only the currency's own decimals.
    #[must_use]
    pub fn rounded(&self, money: &Money) -> String {
        obole_language::money_rounded(self.language, *money)
    }

    /// An exact amount whose digits finer than a cent stand back, so that it reads like money.
    #[must_use]
    pub fn exact(&self, money: &Money) -> Exact {
        // The hyphen of plain text is too short beside figures.
        Exact { text: self.money(money).replacen('-', "\u{2212}", 1), money: *money }
    }

    /// The same of an amount and its currency.
    #[must_use]
    pub fn exact_of(&self, amount: &Micros, currency: &Currency) -> Exact {
        self.exact(&Money::new(*amount, *currency))
    }

    /// The same of an amount that is taken away.
    #[must_use]
    pub fn exact_minus(&self, amount: &Micros, currency: &Currency) -> Exact {
        self.exact_of(&amount.negated().unwrap_or(*amount), currency)
    }

    /// A whole number, grouped.
    #[must_use]
    pub fn number(&self, number: &i64) -> String {
        obole_language::number(self.language, *number)
    }

    /// A text in which `[these words]` become a link to `address`.
    #[must_use]
    pub fn linked(&self, key: &str, address: &str) -> Linked {
        Linked { text: self.text(key), address: address.to_owned() }
    }

    /// Title of the window: page, then instance.
    #[must_use]
    pub fn window_title(&self) -> String {
        if self.title.is_empty() || self.title == self.instance {
            return self.instance.clone();
        }
        format!("{} · {}", self.title, self.instance)
    }

    /// The entries of the navigation that this reader has.
    #[must_use]
    pub fn entries(&self) -> &'static [Entry] {
        match &self.visitor {
            None => VISITOR_ENTRIES,
            Some(account) if account.is_admin => ACCOUNT_ENTRIES,
            Some(_) => ACCOUNT_ENTRIES.split_last().map_or(&[], |(_, others)| others),
        }
    }

    /// Whether the page belongs to this entry.
    #[must_use]
    pub fn is_at(&self, place: &Place) -> bool {
        self.place == *place
    }

    /// The languages to choose from.
    #[must_use]
    pub fn languages(&self) -> &'static [Language] {
        &Language::ALL
    }

    /// Whether a page is read in this language.
    #[must_use]
    pub fn speaks(&self, language: &Language) -> bool {
        self.language == *language
    }

    /// A small drawing beside words: [`icons::icon`].
    #[must_use]
    pub fn icon(&self, name: &str) -> Safe<&'static str> {
        icons::icon(name)
    }

    /// Obole's coin, for the header.
    #[must_use]
    pub fn mark(&self) -> Safe<&'static str> {
        icons::MARK
    }

    /// The address of a file in `static`.
    #[must_use]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }
}

/// A sentence with one link in it; escapes itself.
#[derive(Clone, Debug)]
pub struct Linked {
    text: String,
    address: String,
}

impl Linked {
    /// A sentence in which `[these words]` become a link.
    #[must_use]
    pub const fn new(text: String, address: String) -> Self {
        Self { text, address }
    }
}

impl HtmlSafe for Linked {}

impl fmt::Display for Linked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracketed = self.text.split_once('[').and_then(|(before, rest)| {
            rest.split_once(']').map(|(words, after)| (before, words, after))
        });
        let Some((before, words, after)) = bracketed else {
            return formatter.write_str(&escape(&self.text));
        };
        let address = escape(&self.address);
        write!(formatter, "{}<a href=\"{address}\">", escape(before))?;
        write!(formatter, "{}</a>{}", escape(words), escape(after))
    }
}

/// An amount in a page; escapes itself.
#[derive(Clone, Debug)]
pub struct Exact {
    text: String,
    money: Money,
}

impl HtmlSafe for Exact {}

impl Exact {
    /// Where the digits begin and end that are finer than the currency's own decimals; where the
    /// number ends if there are none.
    fn fine(&self) -> (usize, usize) {
        let start = self.text.find(|character: char| character.is_ascii_digit()).unwrap_or(0);
        let figures = self.text.get(start..).unwrap_or_default();
        // Groups are set apart by U+202F; a currency's sign or code, which may have digits of its
        // own, by U+00A0.
        let is_of_number = |character: char| {
            character.is_ascii_digit() || matches!(character, '.' | ',' | '\u{202f}')
        };
        let length = figures.find(|character| !is_of_number(character)).unwrap_or(figures.len());
        let end = start + length;
        let is_whole = self.money.amount.whole_cents(self.money.currency) == self.money.amount;
        let separator = self.text.get(..end).unwrap_or_default().rfind(['.', ',']);
        let separator = separator.filter(|_| !is_whole);
        let decimals = usize::from(self.money.currency.decimals());
        let begin = separator.map_or(end, |separator| separator + 1 + decimals);
        (begin.min(end), end)
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (begin, end) = self.fine();
        let part = |range| escape(self.text.get(range).unwrap_or_default());
        let (before, fine, after) = (part(0..begin), part(begin..end), part(end..self.text.len()));
        write!(formatter, "<span class=\"money\">{before}<span class=\"fine\">{fine}</span>")?;
        write!(formatter, "{after}</span>")
    }
}

fn escape(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|never| match never {}, |escaped| escaped.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use askama::Template;

    #[derive(Template)]
    #[template(source = "{% extends \"base.html\" %}", ext = "html")]
    struct Blank {
        page: Page,
    }

    fn blank(language: Language, account: Option<SignedIn>) -> String {
        let page = Page {
            language,
            title: "A < B".into(),
            description: String::new(),
            preview: None,
            visitor: account,
            place: Place::Month,
            csrf: "token".into(),
            warnings: vec![Linked::new("Look [here] & now".into(), "/look".into())],
            flash: Some(Notice { tone: Tone::Success, text: "Done & saved".into(), undo: None }),
            is_demo: true,
            instance: "Obole".into(),
            path: "/month?page=2".into(),
        };
        Blank { page }.render().expect("renders")
    }

    #[test]
    fn the_frame_is_whole_in_every_language() {
        for language in Language::ALL {
            let html = blank(language, None);
            assert!(html.contains(&format!("<html lang=\"{}\">", language.code())));
            assert!(html.contains("<title>A &#60; B · Obole</title>"), "{html}");
            assert!(html.contains("Look <a href=\"/look\">here</a> &#38; now"));
            assert!(html.contains("Done &#38; saved") && html.contains("value=\"/month?page=2\""));
            assert!(html.contains("/sign-up") && !html.contains("/sign-out"));
            for inline in ["<script", "<style", "style=", "onclick", "http"] {
                assert!(!html.contains(inline), "W4: {inline}");
            }
        }
    }

    #[test]
    fn only_administrators_see_the_administration() {
        let account =
            |is_admin| Some(SignedIn { name: "Sample".into(), handle: "sample".into(), is_admin });
        assert!(blank(Language::English, account(true)).contains("href=\"/admin\""));
        let html = blank(Language::English, account(false));
        assert!(!html.contains("href=\"/admin\"") && html.contains("/sign-out"));
        assert!(html.contains("href=\"/month\" aria-current=\"page\""));
    }

    fn exact(language: Language, micros: i64, currency: &str) -> String {
        let currency = Currency::iso(currency).expect("known");
        let money = Money::new(Micros::new(micros), currency);
        let text = obole_language::money(language, money);
        Exact { text, money }.to_string()
    }

    #[test]
    fn only_digits_finer_than_a_cent_stand_back() {
        let english = |micros, currency| exact(Language::English, micros, currency);
        let money = |before, fine, after| {
            format!(
                "<span class=\"money\">{before}<span class=\"fine\">{fine}</span>{after}</span>"
            )
        };
        assert_eq!(english(1_363_636, "EUR"), money("€1.36", "3636", ""));
        assert_eq!(english(1_234_500_000, "EUR"), money("€1,234.50", "", ""));
        assert_eq!(english(1_234_000_000, "JPY"), money("1,234", "", "\u{a0}JPY"));
        let community = Currency::community("LETS-2", 1).expect("plain");
        let amount = Money::new(Micros::new(1_250_000), community);
        let text = obole_language::money(Language::English, amount);
        let html = Exact { text, money: amount }.to_string();
        assert_eq!(html, money("1.2", "5", "\u{a0}LETS-2"));
        let french = exact(Language::French, -1_300_001, "EUR");
        assert!(french.contains("1,30<span class=\"fine\">0001</span>\u{a0}€"), "{french}");
    }

    #[test]
    fn a_linked_sentence_escapes_all_but_its_link() {
        let linked = Linked { text: "a < [b & c] > d".into(), address: "/x?a=1&b=\"2\"".into() };
        let html = linked.to_string();
        assert_eq!(html, "a &#60; <a href=\"/x?a=1&#38;b=&#34;2&#34;\">b &#38; c</a> &#62; d");
        let plain = Linked { text: "no <link>".into(), address: "/".into() };
        assert_eq!(plain.to_string(), "no &#60;link&#62;");
    }
}
