//! Calls that need no account: whether the API is there, the fixed lists, the limit of requests
//! (research/flattr-api-v2.md sections 3, 8.6 and 14).

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use jiff::fmt::strtime;
use obole_domain::work_details::{Category, WorkLanguage};
use obole_language::Language;
use serde::Serialize;
use serde_json::json;

use super::asked::{Answer, Asked, Format, ok};
use super::frame::Rates;

/// `GET /rest/v2`: a client reads the first line to see whether the API is up.
pub async fn hello() -> Answer {
    ok(&json!({ "message": "hello_world" }))
}

/// `GET /rate_limit`: neither limited nor counted.
pub async fn rate_limit(asked: Asked) -> Answer {
    let rates = Rates::of(&asked.caller).await;
    let reset = Timestamp::from_second(rates.reset).unwrap_or_default();
    ok(&json!({
        "hourly_limit": rates.limit,
        "remaining_hits": rates.remaining(),
        "current_hits": rates.current,
        "reset_time_in_seconds": rates.reset,
        "reset_time": strtime::format("%a, %d %b %Y %H:%M:%S +0000 GMT", reset)
            .unwrap_or_default(),
    }))
}

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    text: &'static str,
}

/// `GET /categories`
pub async fn categories(asked: Asked) -> Answer {
    let text = |category| match category {
        Category::Text => "Text",
        Category::Images => "Images",
        Category::Video => "Video",
        Category::Audio => "Audio",
        Category::Software => "Software",
        Category::People => "People",
        Category::Rest => "Other",
    };
    let listed = |category: Category| Listed { id: category.code(), text: text(category) };
    list(&asked, &Category::ALL.map(listed))
}

/// `GET /languages`
pub async fn languages(asked: Asked) -> Answer {
    let listed = |language: WorkLanguage| Listed { id: language.code(), text: language.name() };
    list(&asked, &WorkLanguage::all().map(listed).collect::<Vec<_>>())
}

fn list(asked: &Asked, items: &[Listed]) -> Answer {
    if asked.format != Format::Text {
        return ok(&items);
    }
    let lines: String = items.iter().map(|item| format!("{}\n", item.id)).collect();
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], lines).into_response())
}

/// The language of ours in which a button of a page in another is labelled.
pub fn language_of(language: WorkLanguage) -> Language {
    let code = language.code().split('_').next().unwrap_or_default();
    Language::from_code(code).unwrap_or(Language::English)
}
