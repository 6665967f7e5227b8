//! `GET /oembed?url=…`: what other sites show for a link to a page of ours (oembed.com). Nothing of
//! ours may be framed (W4): a claimed work comes as a link around the picture of its button,
//! anything else as a title. A work that nobody claimed gets no picture (C7).

use askama::Template;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use obole_app::{App, accounts};
use obole_domain::{Handle, WorkId};
use obole_language::{Language, text_with};
use obole_store::accounts::AccountRow;
use obole_store::works::{self, WorkRow};
use serde::Serialize;

use crate::address::{is_own_host, with_query};
use crate::embed::drawing::Drawing;
use crate::embed::look::{Look, Style};
use crate::form::Form;
use crate::problem::Problem;
use crate::tagged::{Kind, for_every_site, plain, sentence, tagged};
use crate::words::{for_xml, shorten};

const CACHING: &str = "public, max-age=3600";
const JSON: Kind = Kind { media: "application/json", caching: CACHING };
const XML: Kind = Kind { media: "text/xml; charset=utf-8", caching: CACHING };

/// The longest title, in characters.
const TITLE_MAX: usize = 120;

/// The size that is shown where there is room, then what is shown where there is less.
const STYLES: [Style; 2] = [Style::Medium, Style::Small];

/// What is told of a page, by the names of the specification.
#[derive(Serialize, Template)]
#[template(path = "embed/oembed.xml")]
struct Embedding {
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_url: Option<String>,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    button: Option<Button>,
}

/// A link around a picture.
#[derive(Serialize)]
struct Button {
    html: String,
    width: u32,
    height: u32,
}

#[derive(Template)]
#[template(path = "embed/button.html")]
struct ButtonLink<'a> {
    give: &'a str,
    picture: &'a str,
    words: &'a str,
    width: u32,
    height: u32,
}

/// What does not fit: the status, and the key of the sentence.
type Unfit = (StatusCode, &'static str);

/// What is asked for.
struct Asked {
    url: String,
    is_xml: bool,
    width_max: u32,
    height_max: u32,
    language: Language,
}

impl Asked {
    fn read(query: &Form, language: Language) -> Result<Self, Unfit> {
        let is_xml = match query.text("format") {
            "" | "json" => false,
            "xml" => true,
            _ => return Err((StatusCode::NOT_IMPLEMENTED, "embed-format")),
        };
        let room = |name: &str| match query.text(name) {
            "" => Ok(u32::MAX),
            typed => typed.parse().map_err(|_| (StatusCode::BAD_REQUEST, "embed-room")),
        };
        let url = query.text("url").trim().to_owned();
        if url.is_empty() {
            return Err((StatusCode::BAD_REQUEST, "embed-url"));
        }
        let (width_max, height_max) = (room("maxwidth")?, room("maxheight")?);
        Ok(Self { url, is_xml, width_max, height_max, language })
    }
}

/// A page that can be embedded.
enum Shown {
    Work(WorkRow),
    Profile(AccountRow),
}

/// `GET /oembed`
pub async fn show(State(app): State<App>, parts: Parts) -> Response {
    let query = Form::of_query(&parts, Language::English);
    let language = Language::from_code(query.text("lang")).unwrap_or(Language::English);
    for_every_site(match Asked::read(&query, language) {
        Ok(asked) => answer(&app, &parts.headers, &asked).await,
        Err((status, key)) => plain(status, &obole_language::text(language, key)),
    })
}

async fn answer(app: &App, headers: &HeaderMap, asked: &Asked) -> Response {
    let body = match find(app, &asked.url).await {
        Ok(Some(shown)) => write(app, asked, shown),
        Ok(None) => {
            let text = obole_language::text(asked.language, "embed-unknown");
            return plain(StatusCode::NOT_FOUND, &text);
        }
        Err(problem) => Err(problem),
    };
    match body {
        Ok(body) => tagged(headers, if asked.is_xml { XML } else { JSON }, body),
        Err(problem) => sentence(&problem, asked.language),
    }
}

fn write(app: &App, asked: &Asked, shown: Shown) -> Result<String, Problem> {
    let embedding = match shown {
        Shown::Work(work) => of_work(app, asked, &work)?,
        Shown::Profile(account) => of_profile(app, &account),
    };
    if asked.is_xml {
        return Ok(embedding.render()?);
    }
    serde_json::to_string(&embedding).map_err(Problem::internal)
}

fn of_work(app: &App, asked: &Asked, work: &WorkRow) -> Result<Embedding, Problem> {
    let mut embedding = plain_of(app, work.shown_title());
    if let Some(handle) = &work.owner_handle {
        embedding.author_name = Some(format!("@{handle}"));
        embedding.author_url = Some(format!("{}/@{handle}", app.config().base_url()));
    }
    if work.owner.is_some() && work.refused_at.is_none() {
        embedding.button = button(app, asked, work)?;
    }
    embedding.kind = if embedding.button.is_some() { "rich" } else { "link" };
    Ok(embedding)
}

fn of_profile(app: &App, account: &AccountRow) -> Embedding {
    let mut embedding = plain_of(app, account.shown_name());
    embedding.author_name = Some(format!("@{}", account.handle));
    embedding.author_url = Some(format!("{}/@{}", app.config().base_url(), account.handle));
    embedding
}

fn plain_of(app: &App, title: &str) -> Embedding {
    let config = app.config();
    Embedding {
        version: "1.0",
        kind: "link",
        title: for_xml(&shorten(title, TITLE_MAX)),
        author_name: None,
        author_url: None,
        provider_name: for_xml(&config.instance.name),
        provider_url: config.base_url(),
        cache_age: 3_600,
        button: None,
    }
}

/// The button in the largest size that fits; none where there is no room for any.
fn button(app: &App, asked: &Asked, work: &WorkRow) -> Result<Option<Button>, Problem> {
    let size = |style| {
        let look = Look { is_counted: false, ..Look::usual(style, asked.language) };
        let (width, height) = Drawing::new(&look, None, &app.config().instance.name).size();
        (look.style, width, height)
    };
    let fits = |(_, width, height): &(Style, u32, u32)| {
        *width <= asked.width_max && *height <= asked.height_max
    };
    let found = STYLES.map(size).into_iter().find(fits);
    let Some((style, width, height)) = found else { return Ok(None) };
    let (base, url) = (app.config().base_url(), work.url.as_str());
    let name = format!("/button/{}.svg", style.word());
    // Without the counter, whose width changes.
    let query = [("url", url), ("lang", asked.language.code()), ("count", "off")];
    let instance = ("instance", app.config().instance.name.as_str().into());
    let link = ButtonLink {
        give: &format!("{base}{}", with_query("/give", &[("url", url)])),
        picture: &format!("{base}{}", with_query(&name, &query)),
        words: &text_with(asked.language, "button-title", &[instance]),
        width,
        height,
    };
    Ok(Some(Button { html: link.render()?, width, height }))
}

/// The page of an address; none where it is not one of ours that anybody can read.
async fn find(app: &App, url: &str) -> Result<Option<Shown>, Problem> {
    let Some(path) = own_path(app, url) else { return Ok(None) };
    if let Some(id) = path.strip_prefix("w/").and_then(WorkId::parse) {
        let found =
            app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
        return Ok(found.await?.map(Shown::Work));
    }
    let handle = path.strip_prefix('@').and_then(|handle| Handle::parse(handle).ok());
    let Some(handle) = handle else { return Ok(None) };
    let account = accounts::find_by_handle(app, handle).await?;
    Ok(account.filter(|account| account.suspended_at.is_none()).map(Shown::Profile))
}

/// The path of an address on this instance, without its first slash (W6).
fn own_path<'url>(app: &App, url: &'url str) -> Option<&'url str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_once('/')?;
    let path = path.split(['?', '#']).next().unwrap_or_default();
    is_own_host(app.config(), host, None).then(|| path.trim_end_matches('/'))
}
