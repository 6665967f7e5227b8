//! The code that puts a button up, for each place that a button may stand in. What comes from
//! people is written so that the place cannot take it for code of its own.

use obole_language::text;

use crate::address::{escape, with_query};
use crate::embed::drawing::Drawing;
use crate::embed::look::{Look, Style};
use crate::embed::script::{PATH, fixed_path, integrity};

/// What a button is to be.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The instance's base URL, without a slash at its end.
    pub base: &'a str,
    /// The address of the work.
    pub url: &'a str,
    /// How it looks.
    pub look: &'a Look,
    /// The points to choose from; where there is one, each click carries it.
    pub points: &'a [i64],
}

/// The places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An element that a script makes a button of.
    Script,
    /// The same with the hash of the script.
    Fixed,
    /// A picture with a link around it.
    Html,
    /// A link of words.
    Text,
    /// A block of WordPress.
    WordPress,
    /// A template of Hugo.
    Hugo,
    /// A template of Jekyll.
    Jekyll,
    /// A template of Zola.
    Zola,
    /// A feed in RSS.
    Rss,
    /// A feed in Atom.
    Atom,
    /// The feed of a podcast.
    Podcast,
    /// A text in Markdown.
    Markdown,
    /// The front page of a repository.
    Readme,
    /// A forum.
    Bbcode,
    /// What stands below a mail.
    Mail,
    /// A profile on Mastodon.
    Mastodon,
}

impl Place {
    /// Those of a page of one's own.
    pub const OF_PAGES: &[Self] =
        &[Self::Script, Self::Fixed, Self::Html, Self::Text, Self::WordPress];

    /// Templates of programs that make sites: each page gets the button of itself.
    pub const OF_TEMPLATES: &[Self] = &[Self::Hugo, Self::Jekyll, Self::Zola];

    /// Feeds.
    pub const OF_FEEDS: &[Self] = &[Self::Rss, Self::Atom, Self::Podcast];

    /// All others.
    pub const ELSEWHERE: &[Self] =
        &[Self::Markdown, Self::Readme, Self::Bbcode, Self::Mail, Self::Mastodon];

    /// Its name in the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Fixed => "fixed",
            Self::Html => "html",
            Self::Text => "text",
            Self::WordPress => "wordpress",
            Self::Hugo => "hugo",
            Self::Jekyll => "jekyll",
            Self::Zola => "zola",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Podcast => "podcast",
            Self::Markdown => "markdown",
            Self::Readme => "readme",
            Self::Bbcode => "bbcode",
            Self::Mail => "mail",
            Self::Mastodon => "mastodon",
        }
    }
}

/// The code for a place.
#[must_use]
pub fn snippet(place: Place, order: &Order<'_>) -> String {
    let url = escape(order.url);
    let give = link(order, &url);
    let words = html(&words(order.look));
    match place {
        Place::Script => element(order, &format!("src=\"{}{PATH}\"", html(order.base))),
        Place::Fixed => {
            let (base, path, integrity) = (html(order.base), fixed_path(), integrity());
            let crossing = format!("integrity=\"{integrity}\" crossorigin=\"anonymous\"");
            element(order, &format!("src=\"{base}{path}\" {crossing}"))
        }
        Place::Html => image(order, &url),
        Place::Text => anchor(&give, &words),
        Place::WordPress => format!("<!-- wp:html -->\n{}\n<!-- /wp:html -->", image(order, &url)),
        Place::Hugo => image(order, "{{ .Permalink | urlquery }}"),
        Place::Jekyll => image(order, "{{ page.url | absolute_url | url_encode }}"),
        Place::Zola => image(order, "{{ page.permalink | urlencode_strict }}"),
        Place::Rss => format!("<atom:link {}/>", payment(&give, &words)),
        Place::Atom => format!("<link {}/>", payment(&give, &words)),
        Place::Podcast => {
            let give = html_of_address(&give);
            format!("<podcast:funding url=\"{give}\">{words}</podcast:funding>")
        }
        Place::Markdown => markdown(order, order.look.style),
        Place::Readme => markdown(order, Style::Badge),
        Place::Bbcode => {
            let picture = picture(order, (order.look.style, ".png"), &url);
            format!("[url={give}][img]{picture}[/img][/url]")
        }
        Place::Mail => {
            let quiet = Look { is_counted: false, ..order.look.clone() };
            let order = Order { look: &quiet, ..*order };
            image_of(&order, "@2x.png", &url)
        }
        Place::Mastodon => give,
    }
}

/// Where the button leads. `url` is escaped, or an expression that comes to something escaped.
fn link(order: &Order<'_>, url: &str) -> String {
    let points = match order.points {
        [points] => format!("&points={points}"),
        _ => String::new(),
    };
    format!("{}/give?url={url}{points}", order.base)
}

/// Where its picture is, by its style and the ending of its name.
fn picture(order: &Order<'_>, (style, ending): (Style, &str), url: &str) -> String {
    let asked = order.look.asked();
    let values: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, &**value)).collect();
    let more = with_query("", &values).replacen('?', "&", 1);
    format!("{}/button/{}{ending}?url={url}{more}", order.base, style.word())
}

/// What a button says in words.
fn words(look: &Look) -> String {
    if look.label.is_empty() { text(look.language, "buttons-words") } else { look.label.clone() }
}

/// A link as pages have it: the page it leads to learns the site it comes from, and no more.
fn anchor(give: &str, inside: &str) -> String {
    let rest = "target=\"_blank\" rel=\"payment noopener\" referrerpolicy=\"origin\"";
    format!("<a href=\"{}\" {rest}>{inside}</a>", html_of_address(give))
}

fn image(order: &Order<'_>, url: &str) -> String {
    image_of(order, ".svg", url)
}

fn image_of(order: &Order<'_>, ending: &str, url: &str) -> String {
    let (_, height) = Drawing::new(order.look, None, "").size();
    let source = html_of_address(&picture(order, (order.look.style, ending), url));
    let alt = html(&words(order.look));
    let image = format!("<img src=\"{source}\" height=\"{height}\" alt=\"{alt}\">");
    anchor(&link(order, url), &image)
}

fn element(order: &Order<'_>, script: &str) -> String {
    let look = order.look;
    let is_sized = !matches!(look.style, Style::Medium | Style::Badge);
    let size = if is_sized { look.style.word() } else { "" };
    let points: Vec<String> = order.points.iter().map(ToString::to_string).collect();
    let mut attributes = vec![("url", order.url.to_owned()), ("size", size.to_owned())];
    attributes.extend(look.asked().into_iter().filter(|(name, _)| *name != "lang"));
    attributes.push(("points", points.join(" ")));
    attributes.push(("lang", look.language.code().to_owned()));
    let attributes = attributes.iter().filter(|(_, value)| !value.is_empty());
    let attributes = attributes.map(|(name, value)| format!(" {name}=\"{}\"", html(value)));
    let inside = anchor(&link(order, &escape(order.url)), &html(&words(look)));
    format!(
        "<obole-button{}>{inside}</obole-button>\n<script async {script}></script>",
        attributes.collect::<String>()
    )
}

/// The payment link of a feed.
fn payment(give: &str, words: &str) -> String {
    let give = html_of_address(give);
    format!("rel=\"payment\" title=\"{words}\" type=\"text/html\" href=\"{give}\"")
}

fn markdown(order: &Order<'_>, style: Style) -> String {
    let url = escape(order.url);
    let (picture, give) = (picture(order, (style, ".svg"), &url), link(order, &url));
    format!("[![{}]({picture})]({give})", marked(&words(order.look)))
}

/// A text for HTML and XML, in an attribute or not; signs by which templates and shortcodes begin
/// are escaped too.
fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' | '{' | '}' | '[' | ']' => {
                escaped.push_str(&format!("&#{};", u32::from(letter)));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// An address whose parts are escaped already, for an attribute.
fn html_of_address(address: &str) -> String {
    address.replace('&', "&amp;")
}

/// A text for Markdown: every sign that may mean something has a backslash before it.
fn marked(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use obole_language::Language;

    use super::*;
    use crate::embed::color::Color;
    use crate::embed::look::{Shape, Theme};

    const BASE: &str = "https://obole.example";

    fn look() -> Look {
        Look::usual(Style::Medium, Language::English)
    }

    fn made(place: Place, url: &str, look: &Look) -> String {
        snippet(place, &Order { base: BASE, url, look, points: &[] })
    }

    fn all() -> impl Iterator<Item = Place> {
        let groups =
            [Place::OF_PAGES, Place::OF_TEMPLATES, Place::OF_FEEDS, Place::ELSEWHERE].into_iter();
        groups.flatten().copied()
    }

    const SONG: &str = "https://ada.example/song?a=1&b=(2)";
    const GIVE: &str = "/give?url=https%3A%2F%2Fada.example%2Fsong%3Fa%3D1%26b%3D%282%29";

    #[test]
    fn a_picture_leads_to_the_click_page() {
        let expected = "<a href=\"https://obole.example/give?url=https%3A%2F%2Fada.example%2F\" \
            target=\"_blank\" rel=\"payment noopener\" referrerpolicy=\"origin\">\
            <img src=\"https://obole.example/button/medium.svg?url=https%3A%2F%2Fada.example%2F\" \
            height=\"30\" alt=\"Give with Obole\"></a>";
        assert_eq!(made(Place::Html, "https://ada.example/", &look()), expected);
    }

    #[test]
    fn an_element_carries_what_was_chosen_and_a_link_without_script() {
        let look = Look {
            style: Style::Large,
            theme: Theme::Auto,
            shape: Shape::Pill,
            color: Some(Color([0x85, 0x54, 0x0f])),
            label: "Merci & plus".to_owned(),
            language: Language::French,
            is_counted: false,
        };
        let order = Order { base: BASE, url: SONG, look: &look, points: &[1, 5, 25] };
        let code = snippet(Place::Script, &order);
        let opening = "<obole-button url=\"https://ada.example/song?a=1&amp;b=(2)\" size=\"large\" \
            theme=\"auto\" shape=\"pill\" color=\"#85540f\" label=\"Merci &amp; plus\" \
            count=\"off\" points=\"1 5 25\" lang=\"fr\">";
        assert!(code.starts_with(opening), "{code}");
        assert!(code.contains(&format!("<a href=\"{BASE}{GIVE}\"")), "{code}");
        assert!(code.ends_with("<script async src=\"https://obole.example/button.js\"></script>"));
        let code = snippet(Place::Fixed, &order);
        assert!(code.contains(fixed_path()) && code.contains(integrity()), "{code}");
        assert!(code.contains("crossorigin=\"anonymous\""), "{code}");
        let one = snippet(Place::Text, &Order { points: &[5], ..order });
        assert!(one.contains("&amp;points=5\""), "{one}");
    }

    #[test]
    fn templates_name_the_page_that_they_make() {
        for (place, expression) in [
            (Place::Hugo, "{{ .Permalink | urlquery }}"),
            (Place::Jekyll, "{{ page.url | absolute_url | url_encode }}"),
            (Place::Zola, "{{ page.permalink | urlencode_strict }}"),
        ] {
            let code = made(place, SONG, &Look { theme: Theme::Dark, ..look() });
            assert!(code.contains(&format!("/give?url={expression}\"")), "{code}");
            assert!(code.contains(&format!("?url={expression}&amp;theme=dark\"")), "{code}");
            assert!(!code.contains("ada.example"), "{code}");
        }
    }

    #[test]
    fn feeds_have_the_payment_link() {
        let link = format!("href=\"{BASE}{GIVE}\"/>");
        assert!(made(Place::Atom, SONG, &look()).starts_with("<link rel=\"payment\" title=\""));
        assert!(made(Place::Atom, SONG, &look()).ends_with(&link));
        assert!(made(Place::Rss, SONG, &look()).starts_with("<atom:link rel=\"payment\""));
        let podcast =
            format!("<podcast:funding url=\"{BASE}{GIVE}\">Give with Obole</podcast:funding>");
        assert_eq!(made(Place::Podcast, SONG, &look()), podcast);
    }

    #[test]
    fn other_places_have_their_own_signs() {
        let picture =
            "button/medium.svg?url=https%3A%2F%2Fada.example%2Fsong%3Fa%3D1%26b%3D%282%29";
        let markdown = format!("[![Give with Obole]({BASE}/{picture})]({BASE}{GIVE})");
        assert_eq!(made(Place::Markdown, SONG, &look()), markdown);
        assert!(made(Place::Readme, SONG, &look()).contains("/button/badge.svg?"));
        let forum = made(Place::Bbcode, SONG, &look());
        assert!(
            forum.starts_with(&format!("[url={BASE}{GIVE}][img]{BASE}/button/medium.png?url="))
        );
        assert!(forum.ends_with("[/img][/url]"), "{forum}");
        let mail = made(Place::Mail, SONG, &look());
        assert!(mail.contains("medium@2x.png?url=") && mail.contains("&amp;count=off"), "{mail}");
        assert_eq!(made(Place::Mastodon, SONG, &look()), format!("{BASE}{GIVE}"));
        assert!(made(Place::WordPress, SONG, &look()).starts_with("<!-- wp:html -->\n<a "));
    }

    /// Labels that are code somewhere: of HTML, XML, Markdown, BBCode, templates, shortcodes.
    const HOSTILE: [&str; 9] = [
        "\"><script>alert(1)</script>",
        "' onload='x",
        "--><b>",
        "{{ site.secret }}",
        "{% include x %}",
        "]](x) [a](javascript:x)",
        "[/img][/url][gallery]",
        "]]><x/>&copy;",
        "\\` ![x](y) *b* _i_",
    ];

    #[test]
    fn a_hostile_label_stays_a_label() {
        for label in HOSTILE {
            let look = Look { label: label.to_owned(), ..look() };
            for place in all() {
                let code = made(place, SONG, &look);
                let ours = made(place, SONG, &Look { label: "x".to_owned(), ..look.clone() });
                // What would open a tag, an expression or a shortcode is not there once more.
                for sign in ["<", ">", "{{", "{%", "\"", "[gallery", "[/"] {
                    let (here, usual) = (code.matches(sign).count(), ours.matches(sign).count());
                    let is_marked = matches!(place, Place::Markdown | Place::Readme);
                    assert!(is_marked || here == usual, "{place:?} {sign}: {code}");
                }
                if matches!(place, Place::Markdown | Place::Readme) {
                    let alt = code.strip_prefix("[![").expect("a picture in a link");
                    let (alt, _) = alt.split_once("](https://obole").expect("its address");
                    let mut is_bare = false;
                    let mut letters = alt.chars();
                    while let Some(letter) = letters.next() {
                        match letter {
                            '\\' => drop(letters.next()),
                            letter => is_bare |= letter.is_ascii_punctuation(),
                        }
                    }
                    assert!(!is_bare, "{alt}");
                }
            }
        }
    }

    #[test]
    fn a_hostile_address_stays_an_address() {
        for url in ["https://a.example/\"><script>", "https://a.example/?a=)](x)[/img]{{x}}&b='"] {
            for place in all() {
                let (code, ours) = (made(place, url, &look()), made(place, SONG, &look()));
                for sign in ["<", ">", "{{", "\"", "'", "[/", ")"] {
                    if matches!((place, sign), (Place::Script | Place::Fixed, ")")) {
                        continue;
                    }
                    let (here, usual) = (code.matches(sign).count(), ours.matches(sign).count());
                    assert_eq!(here, usual, "{place:?} {sign}: {code}");
                }
            }
        }
    }
}
