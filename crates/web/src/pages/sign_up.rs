//! Signing up: three fields, and one is in (A1). Where one must be invited, a code opens the door,
//! and others put their address on the waiting list.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::Response;
use obole_app::limits::{INVITATION_ADDRESS, SIGN_UP_ADDRESS};
use obole_app::sessions::{Browser, NewSession};
use obole_app::sign_up::{self, SignUp};
use obole_app::{invitations, waiting};
use obole_domain::policy::Registration;
use obole_domain::{EmailAddress, Handle, InvitationCode, Refusal};
use obole_store::settings;

use crate::address::safe_path;
use crate::answer::{Answer, Done, html, see_other, unprocessable};
use crate::enter::{browser, enter, secret, with_session};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/sign_up.html")]
struct SignUpPage {
    page: Page,
    filled: Filled,
    /// Why not everybody can sign up here; empty where everybody can.
    closed: String,
    /// Whether the form is there: where everybody can sign up, or with a code.
    has_form: bool,
}

/// `GET /sign-up`
pub async fn show(visitor: Visitor, Query(query): Query) -> Answer {
    let back = safe_path(query.text("back")).filter(|back| *back != "/month");
    let back = back.unwrap_or_default().to_owned();
    if visitor.session.is_some() {
        return Ok(see_other(if back.is_empty() { "/month" } else { &back }));
    }
    html(&page(&visitor, Filled::new([("back", back)])).await?)
}

/// `GET /invitation/{code}`: the form with the code in it. It consumes nothing.
pub async fn invited(visitor: Visitor, Path(code): Path<String>) -> Answer {
    visitor.limit(INVITATION_ADDRESS).await?;
    if visitor.session.is_some() {
        return Ok(see_other("/month"));
    }
    let unusable = || Problem::from(Refusal::InvitationUnusable {});
    let code = InvitationCode::parse(&code).map_err(|_| unusable())?;
    if !invitations::is_open(&visitor.app, &code).await? {
        return Err(unusable());
    }
    secret(html(&page(&visitor, Filled::new([("invitation", code.reveal())])).await?))
}

/// `POST /invitation`: a typed code leads to the form.
pub async fn open(visitor: Visitor, mut form: Form) -> Answer {
    visitor.limit(INVITATION_ADDRESS).await?;
    if let Some(code) = form.read("code", InvitationCode::parse) {
        if invitations::is_open(&visitor.app, &code).await? {
            return Ok(see_other(&format!("/invitation/{}", code.reveal())));
        }
        form.refuse("code", &Refusal::InvitationUnusable {});
    }
    unprocessable(&page(&visitor, form.filled()).await?)
}

/// `POST /waiting`: an address asks to be told when it can come in.
pub async fn wait(visitor: Visitor, mut form: Form) -> Answer {
    visitor.limit(SIGN_UP_ADDRESS).await?;
    if let Some(email) = form.read("waiting", EmailAddress::parse) {
        match waiting::ask(&visitor.app, email, visitor.language).await {
            Ok(()) => return Ok(visitor.done("/sign-up", &Done::new("waitlist-sent"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&visitor, form.filled()).await?)
}

/// `POST /sign-up`
pub async fn send(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    visitor.limit(SIGN_UP_ADDRESS).await?;
    if let Some(new) = read(&visitor, &mut form, browser(&visitor, &headers)) {
        match sign_up::sign_up(&visitor.app, new).await {
            Ok(new) => return Ok(come_in(&visitor, &new, form.text("back"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&visitor, form.filled()).await?)
}

/// To the code that a mail brings, or first to where the visitor wanted to go: an account without a
/// confirmed address can give already (A3).
fn come_in(visitor: &Visitor, new: &NewSession, back: &str) -> Response {
    let Some(back) = safe_path(back) else { return enter(&visitor.app, new, "/confirm") };
    with_session(&visitor.app, new, visitor.done(back, &Done::new("signup-confirm-later")))
}

fn read(visitor: &Visitor, form: &mut Form, browser: Browser) -> Option<SignUp> {
    let email = form.read("email", EmailAddress::parse);
    let handle = form.read("handle", Handle::parse);
    let password = form.password("password");
    let invitation = form.read("invitation", |typed| match typed.trim() {
        "" => Ok(None),
        typed => InvitationCode::parse(typed).map(Some),
    });
    let (email, handle, password, invitation) = (email?, handle?, password?, invitation?);
    Some(SignUp { handle, email, password, language: visitor.language, browser, invitation })
}

async fn page(visitor: &Visitor, filled: Filled) -> Result<SignUpPage, Problem> {
    let policy =
        visitor.app.read((), |read, ()| Box::pin(async move { Ok(settings::policy(read).await?) }));
    let registration = policy.await?.registration;
    let refusal = match registration {
        Registration::Open => None,
        Registration::Invitation => Some(Refusal::RegistrationByInvitation {}),
        Registration::Closed => Some(Refusal::RegistrationClosed {}),
    };
    let closed = refusal.map(|refusal| obole_language::problem(visitor.language, &refusal));
    let has_form = closed.is_none() || !filled.value("invitation").is_empty();
    let page = visitor.page(Place::SignUp, visitor.text("signup-title"));
    Ok(SignUpPage { page, filled, closed: closed.unwrap_or_default(), has_form })
}
