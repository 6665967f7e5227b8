//! An account's public page: its name and the works that it controls. What it gives is private
//! (P1).

use askama::Template;
use axum::extract::Path;
use obole_app::accounts;
use obole_domain::Handle;
use obole_domain::claim::ProofToken;
use obole_store::works::{self, WorkRow};

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::pages::work_show::forbid_index;
use crate::preview::Preview;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The most works that a profile lists.
const WORKS_MAX: i64 = 200;

#[derive(Template)]
#[template(path = "pages/profile_show.html")]
struct ProfilePage {
    page: Page,
    handle: String,
    works: Vec<WorkRow>,
    is_own: bool,
}

/// `GET /@{handle}`
pub async fn show(visitor: Visitor, Path(handle): Path<String>) -> Answer {
    let handle = Handle::parse(&handle).map_err(|_| Problem::not_found())?;
    let account = accounts::find_by_handle(&visitor.app, handle).await?;
    let account = account.filter(|account| account.suspended_at.is_none());
    let account = account.ok_or_else(Problem::not_found)?;
    let id = account.id;
    let works = visitor.app.read((), move |read, ()| {
        Box::pin(async move { Ok(works::owned_by(read, id, WORKS_MAX).await?) })
    });
    let mut works = works.await?;
    let is_own = visitor.session.as_ref().is_some_and(|session| session.account == id);
    if !is_own {
        works.retain(|work| work.refused_at.is_none());
    }
    let is_indexed = !works.is_empty();
    let handle = account.handle.to_string();
    let mut page = visitor.page(Place::Elsewhere, account.shown_name().to_owned());
    page.description = page.with("preview-profile", "handle", handle.as_str());
    page.preview = Some(preview(&visitor, &handle));
    let page = ProfilePage { page, handle, works, is_own };
    let mut response = answer::html(&page)?;
    if !is_indexed {
        forbid_index(&mut response);
    }
    Ok(response)
}

/// `GET /@{handle}/{token}`: the address that stands in proofs leads to the profile.
pub async fn show_by_proof(Path((handle, token)): Path<(String, String)>) -> Answer {
    let handle = Handle::parse(&handle).map_err(|_| Problem::not_found())?;
    ProofToken::parse(&token).ok_or_else(Problem::not_found)?;
    Ok(answer::see_other(&format!("/@{handle}")))
}

fn preview(visitor: &Visitor, handle: &str) -> Preview {
    let preview = Preview::new(visitor, &format!("/@{handle}")).kind("profile").embeddable();
    preview.feed("feeds-creator", &format!("/feed/creator/{handle}"))
}
