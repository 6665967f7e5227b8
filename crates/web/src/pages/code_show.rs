//! A sayable code, typed or followed: it leads to the click page of its work.

use askama::Template;
use axum::extract::Path;
use obole_app::{Error, work_codes};

use crate::address::with_query;
use crate::answer::{self, Answer, see_other};
use crate::codes::give_path;
use crate::form::{Filled, Query};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

/// The longest text that is carried back into the form, in characters.
const TYPED_MAX: usize = 200;

#[derive(Template)]
#[template(path = "pages/code_show.html")]
struct CodePage {
    page: Page,
    form: Filled,
}

/// `GET /c`: the form, and `?code=`, what was typed into it.
pub async fn ask(visitor: Visitor, Query(mut query): Query) -> Answer {
    if query.has("code") {
        let typed = query.read("code", |typed| Ok(typed.to_owned()));
        match work_codes::read(&visitor.app, &typed.unwrap_or_default()).await {
            Ok(work) => return Ok(see_other(&give_path(&work))),
            Err(error) => query.refused(error)?,
        }
    }
    let page = visitor.page(Place::Elsewhere, visitor.text("code-title"));
    let page = CodePage { page, form: query.filled() };
    if query.is_well() { answer::html(&page) } else { answer::unprocessable(&page) }
}

/// `GET /c/{code}`: to the work, or to the form, which says what is wrong.
pub async fn follow(visitor: Visitor, Path(code): Path<String>) -> Answer {
    match work_codes::read(&visitor.app, &code).await {
        Ok(work) => Ok(see_other(&give_path(&work))),
        Err(Error::Refused(_)) => {
            let typed: String = code.chars().take(TYPED_MAX).collect();
            let path = if typed.is_empty() {
                "/c".to_owned()
            } else {
                with_query("/c", &[("code", &typed)])
            };
            Ok(see_other(&path))
        }
        Err(error) => Err(error.into()),
    }
}
