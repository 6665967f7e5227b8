//! Sayable codes where people type them: in the place of an address (docs/decisions/0049).

use obole_app::{App, Error, Said, work_codes};
use obole_domain::CodeLanguage;
use obole_language::Language;
use obole_store::works::WorkRow;

use crate::address::{safe_path, with_query};
use crate::form::Form;
use crate::problem::Problem;

/// The language of the codes that a reader is given.
#[must_use]
pub fn language(language: Language) -> CodeLanguage {
    CodeLanguage::from_code(language.code()).unwrap_or(CodeLanguage::English)
}

/// The work whose code stands in a field. A mistake is noted beside the field.
pub async fn read(app: &App, form: &mut Form, field: &str) -> Result<Option<WorkRow>, Problem> {
    let typed = form.text(field).to_owned();
    match work_codes::read(app, &typed).await {
        Ok(work) => Ok(Some(work)),
        Err(Error::Refused(said)) => {
            form.refused(Error::Refused(Said { field: field.to_owned(), ..said }))?;
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}

/// Where to click on a work; its own page where its address is too long to be carried in another.
#[must_use]
pub fn give_path(work: &WorkRow) -> String {
    let path = with_query("/give", &[("url", work.url.as_str())]);
    if safe_path(&path).is_some() { path } else { format!("/w/{}", work.id) }
}
