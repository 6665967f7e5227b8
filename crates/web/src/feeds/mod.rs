//! Atom feeds (RFC 4287). They tell days, never moments, and name nobody who gives (P2, P3); no
//! cookie is read or set.

pub mod claims;
pub mod creator;
pub mod private;
pub mod works;

use askama::Template;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use obole_app::App;
use obole_app::feeds::Claimed;
use obole_language::{Language, text_with};

use crate::address::with_query;
use crate::form::Form;
use crate::problem::Problem;
use crate::tagged::{Kind, tagged};
use crate::words::{for_xml, shorten};

const MEDIA: &str = "application/atom+xml; charset=utf-8";

/// Of what everybody may read: days do not change by the minute.
const PUBLIC: Kind = Kind { media: MEDIA, caching: "public, max-age=900" };

/// The longest title, in characters.
const TITLE_MAX: usize = 120;

/// The part of an address that says whose feed is meant, or that it is no text.
type Name = Result<Path<String>, PathRejection>;

/// Whose feed is meant: what is no text is nobody's.
fn named(name: Name) -> String {
    name.map_or_else(|_| String::new(), |Path(name)| name)
}

/// A feed.
#[derive(Template)]
#[template(path = "feeds/atom.xml")]
pub struct Feed {
    /// What it is for ever.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is about, in a sentence.
    pub subtitle: String,
    /// The day of its latest news, or where there are none the day it began.
    pub updated: Timestamp,
    /// The language of its texts.
    pub language: Language,
    /// Its own address; empty where that is a secret.
    pub own: String,
    /// The page for people.
    pub page: String,
    /// Who speaks.
    pub author: String,
    /// The news, the latest first.
    pub entries: Vec<FeedEntry>,
}

/// A piece of news.
pub struct FeedEntry {
    /// What it is for ever.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Its day.
    pub updated: Timestamp,
    /// Whose it is, with the page of who that is; none: the feed's own.
    pub author: Option<(String, String)>,
    /// The page for people.
    pub page: String,
    /// What it is about elsewhere; empty for nothing.
    pub about: String,
    /// Where what it is about is paid for; empty where nothing is.
    pub payment: String,
    /// The news as plain text; empty where there is markup.
    pub text: String,
    /// The news as HTML; empty where there is plain text.
    pub html: String,
}

impl Feed {
    /// The answer to who asks for it.
    fn answer(mut self, headers: &HeaderMap, kind: Kind) -> Result<Response, Problem> {
        self.title = for_xml(&self.title);
        self.author = for_xml(&self.author);
        for entry in &mut self.entries {
            entry.title = for_xml(&entry.title);
            entry.text = for_xml(&entry.text);
            entry.html = for_xml(&entry.html);
        }
        let latest = self.entries.iter().map(|entry| entry.updated).max();
        self.updated = latest.map_or(self.updated, |latest| latest.max(self.updated));
        Ok(tagged(headers, kind, self.render()?))
    }
}

/// The language that the address of a feed asks for: readers of feeds send none of their own.
fn language(parts: &Parts) -> Language {
    let query = Form::of_query(parts, Language::English);
    Language::from_code(query.text("lang")).unwrap_or(Language::English)
}

/// When the day of a moment began, in the instance's zone.
fn day_of(app: &App, moment: Timestamp) -> Timestamp {
    let zoned = moment.to_zoned(app.zone().clone());
    zoned.start_of_day().map_or(moment, |day| day.timestamp())
}

/// The news that somebody controls a work.
fn claimed(app: &App, language: Language, (work, since): Claimed) -> FeedEntry {
    let base = app.config().base_url();
    let page = format!("{base}/w/{}", work.id);
    let handle = work.owner_handle.as_ref().map(ToString::to_string).unwrap_or_default();
    let values = [("handle", handle.as_str().into()), ("host", work.url.host().into())];
    FeedEntry {
        id: page.clone(),
        title: shorten(work.shown_title(), TITLE_MAX),
        updated: day_of(app, since),
        author: Some((format!("@{handle}"), format!("{base}/@{handle}"))),
        page,
        about: work.url.to_string(),
        payment: format!("{base}{}", with_query("/give", &[("url", work.url.as_str())])),
        text: text_with(language, "preview-work", &values),
        html: String::new(),
    }
}
