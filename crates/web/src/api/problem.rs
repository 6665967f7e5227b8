//! Problems as the API says them (RFC 9457, security.md E1).

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use obole_app::SaidValue;
use obole_language::{Arg, Language, text_with};
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// What went wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemShape {
    /// The instance's page that lists all codes, at this one.
    #[schema(format = "uri", example = "https://obole.example/api/problems#points_out_of_range")]
    pub r#type: String,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    pub title: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// The stable code of the problem, for programs.
    #[schema(example = "points_out_of_range")]
    pub code: String,
    /// What happened and what to do, in the language of `Accept-Language`, for people.
    pub detail: String,
    /// The problem of each field, where fields are to blame.
    pub errors: Vec<FieldProblem>,
    /// The number to name when you write to the operator about it.
    pub request_id: String,
}

/// What is wrong with one field of the body or the query.
#[derive(Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field.
    #[schema(example = "points")]
    pub field: String,
    /// The stable code.
    #[schema(example = "points_out_of_range")]
    pub code: String,
    /// What is wrong and what to do.
    pub detail: String,
}

/// The codes whose sentence the API words for programmers, under `api-<code>`, each with its
/// status.
pub const OWN: [(&str, u16); 23] = [
    ("not_found", 404),
    ("method_not_allowed", 405),
    ("token_missing", 401),
    ("token_unknown", 401),
    ("token_in_address", 400),
    ("scope_missing", 403),
    ("idempotency_key_missing", 400),
    ("idempotency_key_malformed", 400),
    ("idempotency_key_reused", 422),
    ("json_malformed", 400),
    ("wrong_type", 400),
    ("field_unknown", 400),
    ("field_missing", 400),
    ("field_either", 400),
    ("parameter_missing", 400),
    ("choice_unknown", 400),
    ("limit_malformed", 400),
    ("cursor_malformed", 400),
    ("cursor_foreign", 422),
    ("unsupported_type", 415),
    ("too_large", 413),
    ("malformed", 400),
    ("click_missing", 404),
];

/// The page that says what a code means.
pub const PAGE: &str = "/api/problems";

impl Problem {
    /// The answer that says it in a language, by an instance of this address.
    #[must_use]
    pub fn json(&self, base_url: &str, language: Language, request_id: &str) -> Response {
        let detail = self.detail(language);
        let field = (!self.field.is_empty()).then(|| FieldProblem {
            field: self.field.clone(),
            code: self.code.clone(),
            detail: detail.clone(),
        });
        let shape = ProblemShape {
            r#type: format!("{base_url}{PAGE}#{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: self.status.as_u16(),
            code: self.code.clone(),
            detail,
            errors: field.into_iter().collect(),
            request_id: request_id.to_owned(),
        };
        let mut response = (self.status, axum::Json(shape)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        self.add_retry(&mut response);
        response
    }

    /// Its sentence, in the API's own words where it has some.
    #[must_use]
    pub fn detail(&self, language: Language) -> String {
        if !OWN.iter().any(|(code, _)| *code == self.code) {
            return self.sentence(language);
        }
        let key = format!("api-{}", self.code.replace('_', "-"));
        let values = self.values.iter().filter_map(|(name, value)| {
            value.value().map(|value| (name.as_str(), Arg::from(value)))
        });
        text_with(language, &key, &values.collect::<Vec<_>>())
    }

    /// A word among the values of its sentence.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        self.values.iter().find_map(|(found, value)| match value {
            SaidValue::Text(text) if found == name => Some(text.as_str()),
            _ => None,
        })
    }

    /// Says which field a refusal of a rule is about, where the rule does not know.
    #[must_use]
    pub fn about(self, field: &str) -> Self {
        let is_open = self.status == StatusCode::UNPROCESSABLE_ENTITY && self.field.is_empty();
        if is_open { self.at(field) } else { self }
    }

    /// Says which field it is about.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        field.clone_into(&mut self.field);
        self
    }

    /// Adds a value to its sentence.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: SaidValue) -> Self {
        self.values.push((name.to_owned(), value));
        self
    }

    /// A request that is not in the form that the API describes.
    #[must_use]
    pub(crate) fn bad_request(code: &str) -> Self {
        Self::of(StatusCode::BAD_REQUEST, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_api_has_its_sentence() {
        for language in Language::ALL {
            for (code, _) in OWN {
                let problem = Problem::bad_request(code)
                    .with("scope", SaidValue::Text("click".to_owned()))
                    .with("field", SaidValue::Text("url".to_owned()));
                let detail = problem.detail(language);
                assert!(detail.ends_with('.') && !detail.contains("api-"), "{code}: {detail}");
            }
        }
    }
}
