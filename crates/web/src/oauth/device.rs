//! `/device`: the page where somebody types what a device shows, and says yes or no (RFC 8628
//! section 3.3).

use askama::Template;
use obole_app::oauth::{self, Waiting};
use obole_domain::device_code::TypedCode;

use super::consent::{self, Question};
use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/device.html")]
struct DevicePage {
    page: Page,
    filled: Filled,
}

/// `GET /device`: a code in the address only fills the field, so that nobody says yes to a link.
pub async fn show(patron: Patron, query: Query) -> Answer {
    let typed = TypedCode::parse(query.0.text("code"));
    let code = typed.map_or_else(|_| String::new(), |code| code.shown());
    html(&page(&patron, Filled::new([("code", code)])))
}

/// `POST /device`: shows who asks for what.
pub async fn ask(patron: Patron, mut form: Form) -> Answer {
    if let Some(code) = form.read("code", TypedCode::parse) {
        match oauth::waiting(&patron.app, patron.account(), code.clone()).await {
            Ok(Waiting { client, scopes }) => {
                let question = Question {
                    client: &client,
                    scopes: &scopes,
                    action: "/device/answer",
                    field: ("code", code.shown()),
                    redirect: None,
                };
                return consent::page(&patron, question).await;
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()))
}

/// `POST /device/answer`: yes or no.
pub async fn answer(patron: Patron, mut form: Form) -> Answer {
    if let Some(code) = form.read("code", TypedCode::parse) {
        let is_yes = form.text("answer") == "yes";
        match oauth::answer(&patron.app, patron.account(), (code, is_yes)).await {
            Ok(()) => {
                let done = if is_yes { "device-granted" } else { "device-refused" };
                return Ok(patron.done("/settings/apps", &Done::new(done)));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()))
}

fn page(patron: &Patron, filled: Filled) -> DevicePage {
    DevicePage { page: patron.page(Place::Elsewhere, patron.text("device-title")), filled }
}
