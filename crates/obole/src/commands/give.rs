//! `obole give`

use std::process::ExitCode;

use anyhow::Result;
use obole_app::{Chance, Clock};
use serde_json::{Value, json};

use crate::arguments::{Common, Give};
use crate::output;
use crate::remote::{SignedIn, number, text};

pub async fn run(common: &Common, give: Give) -> Result<ExitCode> {
    let signed_in = SignedIn::open()?;
    // One key for all tries: points are added once, however often the answer is lost (K1).
    let key = Chance::System.id(Clock::System.now()).to_string();
    let mut body = json!({ "url": give.url, "points": give.points });
    if let (Some(note), Some(body)) = (give.note, body.as_object_mut()) {
        body.insert("note".to_owned(), Value::String(note));
    }
    let said = signed_in.post("/clicks", &key, &body).await?;
    let json = said.json;
    output::data(common.json, &json, || words(&json, give.points));
    Ok(ExitCode::SUCCESS)
}

fn words(json: &Value, given: u32) -> String {
    let none = Value::Null;
    let work = json.get("work").unwrap_or(&none);
    let (title, url) = (text(work, "title"), text(work, "url"));
    let name = if url.ends_with(title) { url.to_owned() } else { format!("“{title}” ({url})") };
    let (points, month) = (number(json, "points"), text(json, "period"));
    let has = match points {
        1 => "1 point".to_owned(),
        points => format!("{points} points"),
    };
    let is_more = points > i64::from(given);
    let added = if is_more { format!(", {given} of them now") } else { String::new() };
    let comes_to = match json.get("estimate") {
        Some(Value::Object(_)) => {
            let estimate = json.get("estimate").unwrap_or(&none);
            let (amount, currency) = (text(estimate, "amount"), text(estimate, "currency"));
            format!("If the month ended now, it would come to {amount} {currency}.")
        }
        _ => "There is no budget with enough money behind it yet, so it waits.".to_owned(),
    };
    format!("{name} has {has} from you in {month}{added}. {comes_to}")
}
