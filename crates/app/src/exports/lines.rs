//! The rows of an archive as CSV and as JSON. Moments are written as RFC 3339 has them, months as
//! 2026-11, amounts as whole millionths; a spreadsheet takes no text for a formula.

use jiff::Timestamp;
use obole_domain::Period;
use obole_store::db::Value;
use serde_json::{Map, Value as Json};

use crate::csv;
use crate::secrets::hex;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Csv,
    Json,
}

impl Form {
    pub(super) const ALL: [Self; 2] = [Self::Csv, Self::Json];

    pub(super) const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// What stands after the last row.
    pub(super) const fn end(self) -> &'static str {
        match self {
            Self::Csv => "",
            Self::Json => "\n]\n",
        }
    }
}

/// What stands before the first row.
pub(super) fn header(form: Form, columns: &[&str]) -> String {
    match form {
        Form::Csv => csv::line(columns),
        Form::Json => "[".to_owned(),
    }
}

/// A row, and how many came before it.
pub(super) fn line(form: Form, columns: &[&str], (values, place): (&[Value], u64)) -> String {
    let shown = columns.iter().zip(values).map(|(name, value)| (*name, json(name, value)));
    match form {
        Form::Csv => csv::line(&shown.map(|(_, value)| cell(value)).collect::<Vec<_>>()),
        Form::Json => {
            let object: Map<String, Json> =
                shown.map(|(name, value)| (name.to_owned(), value)).collect();
            let comma = if place == 0 { "" } else { "," };
            format!("{comma}\n{}", Json::Object(object))
        }
    }
}

fn cell(value: Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => csv::defused(&text),
        other => other.to_string(),
    }
}

/// A column's value by what its name says it is.
fn json(name: &str, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(number) if is_moment(name) => moment(*number),
        Value::Integer(number) if is_month(name) => {
            Period::from_number(*number).map_or(Json::Null, |month| month.to_string().into())
        }
        Value::Integer(flag @ (0 | 1)) if is_flag(name) => Json::Bool(*flag == 1),
        Value::Integer(number) => (*number).into(),
        Value::Boolean(flag) => (*flag).into(),
        Value::Text(text) => text.clone().into(),
        Value::Uuid(id) => id.to_string().into(),
        Value::Bytes(bytes) => match uuid::Uuid::from_slice(bytes) {
            Ok(id) => id.to_string().into(),
            Err(_) => hex(bytes).into(),
        },
    }
}

fn is_moment(name: &str) -> bool {
    name == "at" || name.ends_with("_at") || name.ends_with("until")
}

fn is_month(name: &str) -> bool {
    ["period", "due", "last_given", "missed", "settles", "promised_in"].contains(&name)
}

fn is_flag(name: &str) -> bool {
    ["is_", "has_", "gives_", "tells_", "needs_"].iter().any(|start| name.starts_with(start))
}

fn moment(micros: i64) -> Json {
    Timestamp::from_microsecond(micros).map_or(Json::Null, |at| at.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_the_same_in_both_forms() {
        let columns = ["id", "made_at", "period", "is_public", "amount_micros", "title", "gone_at"];
        let id = uuid::Uuid::from_u128(1);
        let values = [
            Value::Bytes(id.as_bytes().to_vec()),
            Value::Integer(1_500_000),
            Value::Integer(Period::parse("2026-11").expect("a month").number()),
            Value::Integer(1),
            Value::Integer(-7),
            Value::Text("=1, \"2\"".to_owned()),
            Value::Null,
        ];
        let csv = line(Form::Csv, &columns, (&values, 0));
        assert_eq!(
            csv,
            format!("{id},1970-01-01T00:00:01.5Z,2026-11,true,-7,\"'=1, \"\"2\"\"\",\r\n")
        );
        let json = line(Form::Json, &columns, (&values, 1));
        let read: Json = serde_json::from_str(&json[2..]).expect("an object");
        assert_eq!(read["title"], "=1, \"2\"");
        assert_eq!(read["amount_micros"], -7);
        assert_eq!(read["is_public"], true);
        assert_eq!(read["gone_at"], Json::Null);
        assert!(json.starts_with(",\n"));
    }
}
