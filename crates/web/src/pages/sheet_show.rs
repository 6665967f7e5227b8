//! A sheet to print for a concert or a stall: QR code, sayable code and address of the instance.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use obole_app::{Config, work_codes};
use obole_store::works::WorkRow;

use crate::address::{origin, with_query};
use crate::answer::{self, Answer, Done};
use crate::codes;
use crate::form::{Form, Query};
use crate::page::{Page, Place};
use crate::pages::work_show::{find, forbid_index};
use crate::problem::Problem;
use crate::qr::{self, Qr};
use crate::visitor::{Patron, Visitor};
use crate::words::shorten;

/// How many cards a page holds.
const CARDS: u8 = 8;

/// How the sheet is laid out: its name in the address and the key of its text.
const LAYOUTS: [(&str, &str); 3] =
    [("poster", "sheet-poster"), ("small", "sheet-small"), ("cards", "sheet-cards")];

#[derive(Template)]
#[template(path = "pages/sheet_show.html")]
struct SheetPage {
    page: Page,
    work: WorkRow,
    heading: String,
    address: String,
    qr: Qr,
    code: String,
    /// The instance's address, as people type it.
    host: String,
    /// Where there the code is typed; without one, the work's address.
    place: String,
    layout: &'static str,
    choices: Vec<Choice>,
    copies: std::ops::Range<u8>,
    sign_in: String,
}

/// A way to lay the sheet out.
struct Choice {
    address: String,
    key: &'static str,
    is_current: bool,
}

/// `GET /w/{id}/sheet`
pub async fn show(visitor: Visitor, Path(id): Path<String>, Query(query): Query) -> Answer {
    let work = find(&visitor, &id).await?;
    let language = codes::language(visitor.language);
    let code = work_codes::find(&visitor.app, work.id, language).await?;
    let asked = LAYOUTS.iter().find(|(name, _)| *name == query.text("layout"));
    let (layout, _) = asked.copied().unwrap_or(LAYOUTS[0]);
    let is_cards = layout == "cards";
    let heading = shorten(work.shown_title(), if is_cards { 60 } else { 100 });
    let config = visitor.app.config();
    let origin = origin(config);
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    let title = [("title", heading.as_str().into())];
    let title = obole_language::text_with(visitor.language, "sheet-title", &title);
    let mut response = answer::html(&SheetPage {
        page: visitor.page(Place::Elsewhere, title),
        address: shorten(work.url.without_scheme(), if is_cards { 50 } else { 90 }),
        qr: picture_of(config, &work)?,
        copies: 0..if is_cards { CARDS } else { 1 },
        sign_in: with_query("/sign-in", &[("back", &sheet(&work))]),
        place: format!("{host}/{}", if code.is_some() { "c" } else { "give" }),
        host: host.to_owned(),
        code: code.map(|code| code.to_string()).unwrap_or_default(),
        heading,
        choices: choices(&work, layout),
        layout,
        work,
    })?;
    forbid_index(&mut response);
    Ok(response)
}

fn choices(work: &WorkRow, layout: &str) -> Vec<Choice> {
    let choice = |(name, key): (&str, &'static str)| Choice {
        address: with_query(&sheet(work), &[("layout", name)]),
        key,
        is_current: name == layout,
    };
    LAYOUTS.map(choice).into()
}

/// `POST /w/{id}/code`: gives the work its code in the reader's language.
pub async fn make_code(patron: Patron, Path(id): Path<String>, _form: Form) -> Answer {
    let work = find(&patron, &id).await?;
    let language = codes::language(patron.language);
    let code = work_codes::make(&patron.app, patron.account(), work.id, language).await?;
    let done = Done::new("sheet-code-made").with("code", code.to_string());
    Ok(patron.done(&sheet(&work), &done))
}

/// `GET /w/{id}/qr.svg`
pub async fn picture(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let work = find(&visitor, &id).await?;
    let picture = picture_of(visitor.app.config(), &work)?.file();
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CONTENT_DISPOSITION, "attachment; filename=\"obole-qr.svg\""),
    ];
    Ok((headers, picture).into_response())
}

/// The code of the page to click on a work; of the work's own page where the address of that one
/// is too long to scan.
fn picture_of(config: &Config, work: &WorkRow) -> Result<Qr, Problem> {
    let base = config.base_url();
    let give = format!("{base}{}", codes::give_path(work));
    let short = format!("{base}/w/{}", work.id);
    let address = if give.len() <= qr::TEXT_MAX { give } else { short };
    Qr::of(&address).ok_or_else(Problem::malformed)
}

fn sheet(work: &WorkRow) -> String {
    format!("/w/{}/sheet", work.id)
}
