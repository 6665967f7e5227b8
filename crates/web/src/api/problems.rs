//! `/problems`: every code that a problem can have, with its meaning.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::SaidValue;
use obole_domain::Refusal;
use obole_language::Language;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::problem::{OWN, PAGE};
use crate::problem::{ANSWERS, Problem};

/// A problem that an answer can say.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KnownProblem {
    /// Its stable code.
    #[schema(example = "points_out_of_range")]
    pub code: &'static str,
    /// The status that it usually comes with.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// The `type` of its answers.
    #[schema(format = "uri", example = "https://obole.example/api/problems#points_out_of_range")]
    pub r#type: String,
    /// Its sentence, with the names of its values in angle quotes.
    pub meaning: String,
}

/// Every code with its status, by name.
#[must_use]
pub fn all() -> Vec<(&'static str, u16)> {
    let too_many = Refusal::TooMany { seconds: 0 }.code();
    let refusal = |code: &&'static str| (*code, if *code == too_many { 429 } else { 422 });
    let mut all: Vec<(&'static str, u16)> = OWN.into_iter().collect();
    all.extend(ANSWERS.iter().map(|(code, status, _)| (*code, *status)));
    all.extend(Refusal::CODES.iter().map(refusal));
    all.sort_by_key(|(code, _)| *code);
    all.dedup_by_key(|(code, _)| *code);
    all
}

/// What a code means, in a language.
#[must_use]
pub fn meaning(language: Language, code: &str, status: u16) -> String {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut problem = Problem::of(status, code);
    let named = Refusal::VALUES.iter().find(|(known, _)| *known == code);
    let names = named.map(|(_, names)| *names).unwrap_or_default();
    for name in names.iter().chain(&["scope", "field", "wait"]) {
        let value = SaidValue::Text(format!("‹{name}›"));
        // Texts that count name the printed number so.
        problem = problem.with(&format!("{name}_text"), value.clone()).with(name, value);
    }
    problem.detail(language)
}

/// Every problem that an answer can say, with its meaning
///
/// The page `/api/problems` says the same.
#[utoipa::path(
    get, path = "/problems", tag = "Description",
    responses((status = 200, description = "The problems", body = List<KnownProblem>)),
)]
pub async fn list_problems(caller: Caller) -> Answer {
    let base = caller.app.config().base_url();
    let known = all().into_iter().map(|(code, status)| KnownProblem {
        code,
        status,
        r#type: format!("{base}{PAGE}#{code}"),
        meaning: meaning(caller.language, code, status),
    });
    Ok(Json(List::whole(known.collect())).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_with_a_sentence_in_each_language() {
        let all = all();
        for code in Refusal::CODES {
            assert!(all.iter().any(|(known, _)| known == code), "{code}");
        }
        for (code, status) in &all {
            assert_eq!(all.iter().filter(|(other, _)| other == code).count(), 1, "{code}");
            for language in Language::ALL {
                let meaning = meaning(language, code, *status);
                let is_raw =
                    ["problem-", "api-", "answer-", "{"].iter().any(|raw| meaning.contains(raw));
                assert!(meaning.ends_with('.') && !is_raw, "{code}: {meaning}");
            }
        }
    }
}
