//! How failures are said: a rule that stands in the way in the reader's language, with what to do;
//! everything else as it is.

use obole_app::{Error, Said};
use obole_language::{Arg, Language, problem_said};

use crate::environment;

/// The sentence for a failure, its causes after it.
pub fn sentence(failure: &anyhow::Error) -> String {
    let language = language();
    let causes = failure.chain().map(|cause| match cause.downcast_ref::<Error>() {
        Some(Error::Refused(said)) => refusal(language, said),
        Some(Error::NotFound) => "there is no such thing here; check the names".to_owned(),
        Some(Error::Busy(detail) | Error::Unavailable(detail)) => {
            format!("the database is busy, try again ({detail})")
        }
        _ => cause.to_string(),
    });
    causes.collect::<Vec<_>>().join(": ")
}

fn refusal(language: Language, said: &Said) -> String {
    let values = said
        .values
        .iter()
        .filter_map(|(name, value)| value.value().map(|value| (name.clone(), Arg::from(value))));
    problem_said(language, &said.code, &values.collect::<Vec<_>>())
}

/// The language of the terminal: what POSIX asks first.
pub fn language() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(environment::variable);
    let code = named.unwrap_or_default();
    Language::from_code(code.get(..2).unwrap_or_default()).unwrap_or(Language::English)
}
