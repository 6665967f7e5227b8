//! `/oauth/authorize`: the page on which a client's request is shown, and its answer.

use axum::response::Response;
use obole_app::oauth::{self, Allowed};
use obole_domain::client::ClientId;
use obole_domain::pkce::Challenge;
use obole_domain::token::Scope;

use super::asked::{self, Back, Read};
use super::consent::{self, Question, Sealed};
use super::fault::Fault;
use crate::answer::Answer;
use crate::form::{Form, Query};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// `GET /oauth/authorize`: what is wrong with the request is said before anybody signs in.
pub async fn show(visitor: Visitor, query: Query) -> Answer {
    let asked = match asked::read(&visitor.app, &query.0).await? {
        Read::Fine(asked) => asked,
        Read::Refused(back, fault) => {
            return Ok(back.refuse(&visitor.app, &fault, visitor.language));
        }
    };
    let session = visitor.session.clone().ok_or_else(Problem::sign_in_needed)?;
    let patron = Patron { visitor, session };
    let question = Question {
        client: &asked.client,
        scopes: &asked.scopes,
        action: "/oauth/authorize",
        field: ("request", Sealed::new(&patron, &asked).seal(&patron)),
        redirect: Some(&asked.back.redirect),
    };
    consent::page(&patron, question).await
}

/// `POST /oauth/authorize`: yes or no.
pub async fn answer(patron: Patron, form: Form) -> Answer {
    let sealed = Sealed::open(&patron, form.text("request"))?;
    let back = Back { redirect: sealed.redirect.clone(), state: sealed.state.clone() };
    if form.text("answer") != "yes" {
        return Ok(back.refuse(&patron.app, &Fault::refused(), patron.language));
    }
    let code = oauth::allow(&patron.app, patron.account(), allowed(sealed)?).await?;
    Ok(with_code(&patron, &back, &code))
}

fn with_code(patron: &Patron, back: &Back, code: &str) -> Response {
    back.answer(&patron.app, &[("code", code)])
}

fn allowed(sealed: Sealed) -> Result<Allowed, Problem> {
    Ok(Allowed {
        client: ClientId::parse(&sealed.client).ok_or_else(Problem::malformed)?,
        scopes: Scope::parse_list(&sealed.scopes)?,
        redirect: sealed.redirect,
        is_redirect_named: sealed.is_redirect_named,
        challenge: Challenge::parse(&sealed.challenge),
    })
}
