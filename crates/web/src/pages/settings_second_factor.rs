//! Settings: the second factor, its recovery codes, and the way out of an administrator's help.

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use obole_app::audit_log::Actor;
use obole_app::second_factor_help;
use obole_app::second_factors::{self, Enrolment};
use obole_domain::Refusal;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::qr::Qr;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_second_factor.html")]
struct FactorPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    /// Since when codes are asked for; empty where they are not.
    since: String,
    codes_left: i64,
    /// When it goes on an administrator's word; empty where nobody said so.
    goes_at: String,
    /// A seed that waits for its first code.
    enrolment: Option<Shown>,
    /// Whether anything may be changed at once (W3).
    is_proved: bool,
}

/// A seed as it is scanned, opened and typed.
struct Shown {
    qr: Option<Qr>,
    address: String,
    typed: String,
}

#[derive(Template)]
#[template(path = "pages/recovery_codes.html")]
struct CodesPage {
    page: Page,
    tab: &'static str,
    codes: Vec<String>,
    /// The codes as the address of a file.
    file: String,
}

const PATH: &str = "/settings/second-factor";

/// `GET /settings/second-factor`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/second-factor/begin`
pub async fn begin(patron: Patron, mut form: Form) -> Answer {
    let begun = second_factors::begin(&patron.app, &patron.session).await;
    done(&patron, &mut form, begun.map(|()| "factor-begun")).await
}

/// `POST /settings/second-factor`: the answer shows the recovery codes and is not kept.
pub async fn confirm(patron: Patron, mut form: Form) -> Answer {
    let code = form.read("code", |typed| match typed.trim() {
        "" => Err(Refusal::Missing {}),
        code => Ok(code.to_owned()),
    });
    if let Some(code) = code {
        match second_factors::confirm(&patron.app, &patron.session, &code).await {
            Ok(codes) => return show_codes(&patron, codes),
            Err(error) => form.refused(error)?,
        }
    }
    form.replace("code", "");
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `POST /settings/second-factor/codes`: likewise.
pub async fn renew_codes(patron: Patron, mut form: Form) -> Answer {
    match second_factors::renew_codes(&patron.app, &patron.session).await {
        Ok(codes) => show_codes(&patron, codes),
        Err(error) => done(&patron, &mut form, Err(error)).await,
    }
}

/// `POST /settings/second-factor/end`
pub async fn end(patron: Patron, mut form: Form) -> Answer {
    let ended = second_factors::end(&patron.app, &patron.session).await;
    done(&patron, &mut form, ended.map(|()| "factor-ended")).await
}

/// `POST /settings/second-factor/keep`: an administrator's word is taken back by the owner.
pub async fn keep(patron: Patron, mut form: Form) -> Answer {
    let account = patron.account();
    let kept = second_factor_help::stop(&patron.app, Actor::Page(account), account).await;
    done(&patron, &mut form, kept.map(|()| "factor-kept")).await
}

async fn done(
    patron: &Patron,
    form: &mut Form,
    ended: Result<&'static str, obole_app::Error>,
) -> Answer {
    match ended {
        Ok(key) => Ok(patron.done(PATH, &Done::new(key))),
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(patron, form.filled()).await?)
        }
    }
}

fn show_codes(patron: &Patron, codes: Vec<String>) -> Answer {
    let text = format!("{}\n", codes.join("\n"));
    let page = CodesPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/sign-in",
        codes,
        file: format!("data:text/plain;base64,{}", BASE64_STANDARD.encode(text)),
    };
    Ok(([(CACHE_CONTROL, "no-store")], html(&page)?).into_response())
}

async fn page(patron: &Patron, filled: Filled) -> Result<FactorPage, Problem> {
    let standing = second_factors::standing(&patron.app, patron.account()).await?;
    let enrolment = second_factors::enrolment(&patron.app, &patron.session).await?;
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| patron.moment(at)).unwrap_or_default();
    Ok(FactorPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/sign-in",
        filled,
        since: moment(standing.on_since),
        codes_left: standing.codes_left,
        goes_at: moment(standing.goes_at),
        enrolment: enrolment.map(shown),
        is_proved: patron.proved().is_ok(),
    })
}

fn shown(enrolment: Enrolment) -> Shown {
    let Enrolment { typed, address } = enrolment;
    // Groups of four are easier to type; apps pass over the spaces.
    let letters: Vec<char> = typed.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Shown { qr: Qr::of(&address), address, typed: groups.join(" ") }
}
