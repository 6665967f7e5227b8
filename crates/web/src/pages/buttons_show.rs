//! The workshop of buttons: an address and a look in, the button and its code out. Nothing is
//! stored; the address of the page holds all that was chosen.

use askama::Template;
use obole_domain::CanonicalUrl;
use obole_store::works::{self, WorkRow};

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::embed::look::{LABEL_MAX, Look, Shape, Style, Theme, read_points};
use crate::embed::script::PATH;
use crate::embed::snippets::{Order, Place, snippet};
use crate::form::{Filled, Query};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The most works of one's own that are offered.
const WORKS: i64 = 50;

/// Whose button is shown while no address was typed.
const SAMPLE: &str = "https://example.org/";

#[derive(Template)]
#[template(path = "pages/buttons_show.html")]
struct ButtonsPage {
    page: Page,
    form: Filled,
    sizes: Vec<Choice>,
    themes: Vec<Choice>,
    shapes: Vec<Choice>,
    counts: Vec<Choice>,
    languages: Vec<(&'static str, &'static str, bool)>,
    works: Vec<Own>,
    script: &'static str,
    samples: Vec<String>,
    made: Option<Made>,
}

/// Something to choose by its word; its text has the key `buttons-…`.
struct Choice {
    word: &'static str,
    key: &'static str,
    is_chosen: bool,
}

/// A work of the reader's own.
struct Own {
    title: String,
    address: String,
}

/// What comes out.
struct Made {
    picture: String,
    url: String,
    /// The attributes of the element that are not empty.
    attributes: Vec<(&'static str, String)>,
    give: String,
    groups: Vec<(&'static str, Vec<Code>)>,
}

/// The code for a place.
struct Code {
    name: &'static str,
    title: &'static str,
    hint: &'static str,
    text: String,
}

/// `GET /buttons`
pub async fn show(visitor: Visitor, Query(mut query): Query) -> Answer {
    let style = Style::of_word(query.text("size")).unwrap_or(Style::Medium);
    let mut look = Look::read(&mut query, style);
    if !query.has("lang") {
        look.language = visitor.language;
    }
    let is_asked = query.has("url");
    let url = if is_asked { query.read("url", CanonicalUrl::parse) } else { None };
    let points = query.read("points", read_points).unwrap_or_default();
    let base = visitor.app.config().base_url();
    let made = url
        .as_ref()
        .filter(|_| query.is_well())
        .map(|url| made(&Order { base: &base, url: url.as_str(), look: &look, points: &points }));
    let mut page = visitor.page(page::Place::Elsewhere, visitor.text("buttons-title"));
    page.description = visitor.text("buttons-lead");
    let page = ButtonsPage {
        page,
        form: query.filled(),
        sizes: choices(Style::ALL, look.style, |one| (one.word(), size_key(one))),
        themes: choices(Theme::ALL, look.theme, |one| (one.word(), theme_key(one))),
        shapes: choices(Shape::ALL, look.shape, |one| (one.word(), shape_key(one))),
        counts: choices(&[true, false], look.is_counted, count_words),
        languages: obole_language::Language::ALL
            .map(|one| (one.code(), one.name(), one == look.language))
            .to_vec(),
        works: own_works(&visitor, &look).await?,
        script: PATH,
        samples: samples(&look),
        made,
    };
    if query.is_well() { answer::html(&page) } else { answer::unprocessable(&page) }
}

fn choices<T: Copy + PartialEq>(
    all: &[T],
    chosen: T,
    words: impl Fn(T) -> (&'static str, &'static str),
) -> Vec<Choice> {
    let choice = |one: &T| {
        let (word, key) = words(*one);
        Choice { word, key, is_chosen: *one == chosen }
    };
    all.iter().map(choice).collect()
}

const fn size_key(style: Style) -> &'static str {
    match style {
        Style::Medium => "buttons-size-medium",
        Style::Small => "buttons-size-small",
        Style::Large => "buttons-size-large",
        Style::Icon => "buttons-size-icon",
        Style::Badge => "buttons-size-badge",
    }
}

const fn theme_key(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "buttons-theme-light",
        Theme::Dark => "buttons-theme-dark",
        Theme::Auto => "buttons-theme-auto",
        Theme::Outline => "buttons-theme-outline",
    }
}

const fn shape_key(shape: Shape) -> &'static str {
    match shape {
        Shape::Round => "buttons-shape-round",
        Shape::Square => "buttons-shape-square",
        Shape::Pill => "buttons-shape-pill",
    }
}

const fn count_words(is_counted: bool) -> (&'static str, &'static str) {
    if is_counted { ("on", "buttons-count-on") } else { ("off", "buttons-count-off") }
}

/// The works that the reader controls, each leading to its button in the look that is chosen.
async fn own_works(visitor: &Visitor, look: &Look) -> Result<Vec<Own>, Problem> {
    let Some(session) = &visitor.session else { return Ok(Vec::new()) };
    let works = visitor.app.read(session.account, |read, account| {
        Box::pin(async move { Ok(works::owned_by(read, *account, WORKS).await?) })
    });
    let own = |work: WorkRow| {
        let mut values = vec![("url", work.url.as_str().to_owned())];
        values.push(("size", look.style.word().to_owned()));
        values.extend(look.asked());
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, text)| (*name, &**text)).collect();
        Own { title: work.shown_title().to_owned(), address: with_query("/buttons", &values) }
    };
    Ok(works.await?.into_iter().map(own).collect())
}

/// What there is to choose from, while nothing is chosen.
fn samples(look: &Look) -> Vec<String> {
    let of = |style: Style, more: &[(&str, &str)]| {
        let mut values = vec![("url", SAMPLE), ("lang", look.language.code()), ("count", "off")];
        values.extend_from_slice(more);
        with_query(&format!("/button/{}.svg", style.word()), &values)
    };
    let mut samples: Vec<String> = Style::ALL.iter().map(|style| of(*style, &[])).collect();
    let dyed = [("color", "#85540f"), ("shape", "pill")];
    let others: [&[(&str, &str)]; 3] = [&[("theme", "outline")], &[("theme", "dark")], &dyed];
    samples.extend(others.map(|more| of(Style::Medium, more)));
    samples
}

fn made(order: &Order<'_>) -> Made {
    let look = order.look;
    let mut values = vec![("url", order.url.to_owned())];
    values.extend(look.asked());
    let pairs: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    let picture = with_query(&format!("/button/{}.svg", look.style.word()), &pairs);
    let points: Vec<String> = order.points.iter().map(ToString::to_string).collect();
    values.extend([("size", look.style.word().to_owned()), ("points", points.join(" "))]);
    values.retain(|(name, value)| !value.is_empty() && !matches!(*name, "url" | "lang"));
    values.push(("lang", look.language.code().to_owned()));
    let group = |key, places: &[Place]| (key, places.iter().map(|one| code(*one, order)).collect());
    Made {
        picture,
        url: order.url.to_owned(),
        attributes: values,
        give: with_query("/give", &[("url", order.url)]),
        groups: vec![
            group("buttons-of-pages", Place::OF_PAGES),
            group("buttons-of-templates", Place::OF_TEMPLATES),
            group("buttons-of-feeds", Place::OF_FEEDS),
            group("buttons-elsewhere", Place::ELSEWHERE),
        ],
    }
}

fn code(place: Place, order: &Order<'_>) -> Code {
    let (title, hint) = match place {
        Place::Script => ("buttons-script", "buttons-script-hint"),
        Place::Fixed => ("buttons-fixed", "buttons-fixed-hint"),
        Place::Html => ("buttons-html", "buttons-html-hint"),
        Place::Text => ("buttons-text", "buttons-text-hint"),
        Place::WordPress => ("buttons-wordpress", "buttons-wordpress-hint"),
        Place::Hugo => ("buttons-hugo", "buttons-hugo-hint"),
        Place::Jekyll => ("buttons-jekyll", "buttons-jekyll-hint"),
        Place::Zola => ("buttons-zola", "buttons-zola-hint"),
        Place::Rss => ("buttons-rss", "buttons-rss-hint"),
        Place::Atom => ("buttons-atom", "buttons-atom-hint"),
        Place::Podcast => ("buttons-podcast", "buttons-podcast-hint"),
        Place::Markdown => ("buttons-markdown", "buttons-markdown-hint"),
        Place::Readme => ("buttons-readme", "buttons-readme-hint"),
        Place::Bbcode => ("buttons-bbcode", "buttons-bbcode-hint"),
        Place::Mail => ("buttons-mail", "buttons-mail-hint"),
        Place::Mastodon => ("buttons-mastodon", "buttons-mastodon-hint"),
    };
    Code { name: place.name(), title, hint, text: snippet(place, order) }
}
