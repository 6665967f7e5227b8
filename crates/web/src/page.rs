//! What every page has around its own content: language, title, who reads it, where they are.
//! A page is a struct with a `page: &Page` field and a template that extends `base.html`.

use std::fmt;

use askama::filters::{HtmlSafe, Safe};
use obole_domain::Money;
use obole_language::{Arg, Language};

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
    /// Who is signed in.
    pub visitor: Option<SignedIn>,
    /// Which entry of the navigation the page belongs to.
    pub place: Place,
    /// The token that each form sends back (W2).
    pub csrf: String,
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

    /// Whether it is the sign-in.
    #[must_use]
    pub const fn is_sign_in(self) -> bool {
        matches!(self, Self::SignIn)
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

const VISITOR_ENTRIES: &[Entry] = &[entry("/how", "layout-how", Place::How)];

const ACCOUNT_ENTRIES: &[Entry] = &[
    entry("/month", "layout-month", Place::Month),
    entry("/wallet", "layout-wallet", Place::Wallet),
    entry("/statements", "layout-statements", Place::Statements),
    entry("/creator", "layout-creator", Place::Creator),
    entry("/admin", "layout-admin", Place::Admin),
];

/// How a [`Notice`] is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

fn escape(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html)
        .map_or_else(|never| match never {}, |escaped| escaped.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linked_sentence_escapes_all_but_its_link() {
        let linked = Linked { text: "a < [b & c] > d".into(), address: "/x?a=1&b=\"2\"".into() };
        let html = linked.to_string();
        assert_eq!(html, "a &#60; <a href=\"/x?a=1&#38;b=&#34;2&#34;\">b &#38; c</a> &#62; d");
        let plain = Linked { text: "no <link>".into(), address: "/".into() };
        assert_eq!(plain.to_string(), "no &#60;link&#62;");
    }
}
