//! What a patron brings along from elsewhere: a file becomes proposals, and each waits for a yes.

use askama::Template;
use obole_app::proposals::{self, Accepted, Waiting};
use obole_domain::{CanonicalUrl, Refusal};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place, Tone};
use crate::problem::{Problem, said};
use crate::upload::Upload;
use crate::visitor::Patron;
use crate::words::shorten;

/// The longest title shown, in characters.
const TITLE_MAX: usize = 120;

#[derive(Template)]
#[template(path = "pages/import_show.html")]
struct ImportPage {
    page: Page,
    op: String,
    form: Filled,
    count: i64,
    shown: i64,
    proposals: Vec<Proposal>,
    is_all: bool,
}

/// A proposal in words.
struct Proposal {
    url: String,
    title: String,
    address: String,
    is_chosen: bool,
}

/// `GET /import`: with `all=yes` every box is ticked.
pub async fn show(patron: Patron, query: Query) -> Answer {
    html(&page(&patron, &query.0, query.0.is_checked("all")).await?)
}

/// `POST /import`: a file, or the same pasted.
pub async fn bring(patron: Patron, upload: Upload) -> Answer {
    let mut form = upload.0;
    let pasted = form.read("text", |text| Ok(text.to_owned())).unwrap_or_default();
    let file = form.read("file", |file| match (file, pasted.trim()) {
        ("", "") => Err(Refusal::Missing {}),
        ("", _) => Ok(pasted.clone()),
        (file, _) => Ok(file.to_owned()),
    });
    if let Some(file) = file.filter(|_| form.is_well()) {
        match proposals::bring(&patron.app, patron.account(), file).await {
            Ok(brought) => {
                let done = Done::new("import-brought").with("count", brought.new);
                let done = done.with("known", brought.known).with("unusable", brought.unusable);
                return Ok(patron.done("/import", &done.with("left", brought.left_out)));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, &form, false).await?)
}

/// `POST /import/answer`: yes or no to those that are ticked, or no to everything.
pub async fn answer(patron: Patron, mut form: Form) -> Answer {
    let (app, account) = (&patron.app, patron.account());
    if form.text("answer") == "dismiss-all" {
        let count = proposals::dismiss_all(app, account).await?;
        return Ok(patron.done("/import", &Done::new("import-dismissed").with("count", count)));
    }
    let chosen: Vec<_> = form.all("take").filter_map(|url| CanonicalUrl::parse(url).ok()).collect();
    if chosen.is_empty() {
        form.refuse("take", &Refusal::NothingChosen {});
        return unprocessable(&page(&patron, &form, false).await?);
    }
    if form.text("answer") == "dismiss" {
        let count = proposals::dismiss(app, account, chosen).await?;
        return Ok(patron.done("/import", &Done::new("import-dismissed").with("count", count)));
    }
    let accepted = proposals::accept(app, account, &form.key()?, chosen).await?;
    Ok(patron.done("/import", &given(&patron, &accepted)))
}

/// What became of a yes, in a sentence.
fn given(patron: &Patron, accepted: &Accepted) -> Done {
    let done = Done::new("import-given").with("count", accepted.given);
    let Some((url, why)) = accepted.refused.first() else { return done };
    let why = said(patron.language, &why.code, &why.values);
    let done = Done::new("import-given-some").tone(Tone::Warning).with("count", accepted.given);
    let done = done.with("refused", i64::try_from(accepted.refused.len()).unwrap_or(i64::MAX));
    done.with("first", shorten(url.without_scheme(), TITLE_MAX)).with("why", why)
}

async fn page(patron: &Patron, form: &Form, is_all: bool) -> Result<ImportPage, Problem> {
    let account = patron.account();
    let waiting = patron
        .app
        .read((), move |read, ()| Box::pin(async move { proposals::waiting(read, account).await }));
    let Waiting { count, first } = waiting.await?;
    let proposals = first.into_iter().map(|row| {
        let address = shorten(row.url.without_scheme(), TITLE_MAX);
        let url = row.url.as_str().to_owned();
        let title = if row.title.is_empty() { address.clone() } else { row.title };
        let is_chosen = is_all || form.all("take").any(|taken| taken == url);
        Proposal { url, title: shorten(&title, TITLE_MAX), address, is_chosen }
    });
    Ok(ImportPage {
        op: patron.op(),
        form: form.filled(),
        count,
        shown: count.min(proposals::PAGE),
        proposals: proposals.collect(),
        is_all,
        page: patron.page(Place::Month, patron.text("import-title")),
    })
}
