//! Proving again who sits there (W3): by a passkey, or the password with the code where one is
//! asked for.

use askama::Template;
use obole_app::sessions::Proof;
use obole_app::{passkeys as keys, second_factors, sessions};
use obole_domain::Refusal;

use super::sign_in::back_of;
use crate::answer::{Answer, html, see_other, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::passkeys::{self, Offer};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/sign_in_proof.html")]
struct ProofPage {
    page: Page,
    filled: Filled,
    handle: String,
    /// Whether the account has a passkey to prove with.
    has_passkey: bool,
    /// Whether the password goes with a code.
    has_factor: bool,
    passkeys: Offer,
}

/// `GET /sign-in/proof`
pub async fn ask(patron: Patron, query: Query) -> Answer {
    let filled = Filled::new([("back", back_of(&query.0))]);
    html(&page(&patron, filled).await?)
}

/// `POST /sign-in/proof`
pub async fn send(patron: Patron, mut form: Form) -> Answer {
    let has_factor = has_factor(&patron).await?;
    let password = form.password("password");
    let code = form.read("code", |typed| match typed.trim() {
        "" if has_factor => Err(Refusal::Missing {}),
        code => Ok(code.to_owned()),
    });
    if let (Some(password), Some(code)) = (password, code) {
        match sessions::prove(&patron.app, &patron.secret, Proof { password, code }).await {
            Ok(()) => return Ok(see_other(&back_of(&form))),
            Err(error) => form.refused(error)?,
        }
    }
    form.replace("code", "");
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `POST /sign-in/proof/passkey/start`
pub async fn start_passkey(patron: Patron, _form: Form) -> Answer {
    let asked = keys::start_proof(&patron.app, &patron.secret, &patron.session).await?;
    passkeys::question(asked)
}

/// `POST /sign-in/proof/passkey`
pub async fn send_passkey(patron: Patron, mut form: Form) -> Answer {
    let answered = passkeys::answered(&form);
    match keys::finish_proof(&patron.app, &patron.secret, &patron.session, &answered).await {
        Ok(()) => Ok(see_other(&back_of(&form))),
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(&patron, form.filled()).await?)
        }
    }
}

async fn has_factor(patron: &Patron) -> Result<bool, Problem> {
    let standing = second_factors::standing(&patron.app, patron.account()).await?;
    Ok(standing.on_since.is_some())
}

async fn page(patron: &Patron, filled: Filled) -> Result<ProofPage, Problem> {
    Ok(ProofPage {
        page: patron.page(Place::Settings, patron.text("proof-title")),
        filled,
        handle: patron.session.handle.to_string(),
        has_passkey: keys::has_any(&patron.app, patron.account()).await?,
        has_factor: has_factor(patron).await?,
        passkeys: passkeys::offer(patron),
    })
}
