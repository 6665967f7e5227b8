//! `obole month`

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use obole_app::domain::Micros;
use serde_json::{Value, json};

use crate::arguments::Common;
use crate::output;
use crate::remote::{SignedIn, number, text};

/// The most pages of clicks that are read: more clicks than anybody gives in a month.
const PAGES_MAX: usize = 100;

pub async fn run(common: &Common) -> Result<ExitCode> {
    let signed_in = SignedIn::open()?;
    let month = signed_in.get("/me/period").await?.json;
    let clicks = clicks(&signed_in).await?;
    let rows: Vec<Row> = clicks.iter().map(|click| Row::of(click, &month)).collect();
    let json = json!({
        "instance": signed_in.instance(),
        "period": text(&month, "period"),
        "days_left": number(&month, "days_left"),
        "points": number(&month, "points"),
        "budgets": month.get("budgets"),
        "clicks": rows.iter().map(Row::json).collect::<Vec<_>>(),
    });
    output::data(common.json, &json, || words(&month, &rows));
    Ok(ExitCode::SUCCESS)
}

/// All clicks of the month, the newest first.
async fn clicks(signed_in: &SignedIn) -> Result<Vec<Value>> {
    let (mut clicks, mut after) = (Vec::new(), String::new());
    for _ in 0..PAGES_MAX {
        let path = format!("/clicks?limit=200&after={after}");
        let page = signed_in.get(&path).await?.json;
        let items = page.get("items").and_then(Value::as_array);
        clicks.extend(items.context("the instance gives no list of clicks")?.iter().cloned());
        after = text(&page, "next").to_owned();
        if after.is_empty() {
            return Ok(clicks);
        }
        if !after.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            bail!("the instance gives no next page that can be asked for");
        }
    }
    bail!("the list of clicks does not end")
}

/// A click with what it may come to.
struct Row {
    work: Value,
    points: i64,
    carries: i64,
    note: String,
    /// Amount and currency, one for each budget with enough money.
    estimates: Vec<(String, String)>,
    is_refused: bool,
}

impl Row {
    fn of(click: &Value, month: &Value) -> Self {
        let work = click.get("work").cloned().unwrap_or_default();
        let is_refused = work.get("is_refused") == Some(&Value::Bool(true));
        let points = number(click, "points");
        let all = number(month, "points");
        let budgets = month.get("budgets").and_then(Value::as_array).into_iter().flatten();
        let estimates = budgets.filter(|_| !is_refused).filter_map(|budget| {
            let is_funded = budget.get("is_funded") == Some(&Value::Bool(true));
            let means = budget.get("means").filter(|_| is_funded)?;
            let share = share(text(means, "amount"), points, all)?;
            Some((share, text(means, "currency").to_owned()))
        });
        let (estimates, note) = (estimates.collect(), text(click, "note").to_owned());
        Self { points, carries: number(click, "carries"), note, estimates, is_refused, work }
    }

    fn json(&self) -> Value {
        let estimates = self.estimates.iter();
        let estimates =
            estimates.map(|(amount, currency)| json!({ "amount": amount, "currency": currency }));
        json!({
            "work": self.work,
            "points": self.points,
            "carries": self.carries,
            "note": self.note,
            "estimates": estimates.collect::<Vec<_>>(),
        })
    }

    fn words(&self, widths: (usize, usize)) -> String {
        let (title, url) = (text(&self.work, "title"), text(&self.work, "url"));
        let name = if url.ends_with(title) { url.to_owned() } else { format!("{title} ({url})") };
        let what = if self.is_refused { "gets no share".to_owned() } else { self.estimated() };
        let moved = if self.carries > 0 { ", from last month" } else { "" };
        format!("{:>2$}  {:>3$}  {name}{moved}", self.points, what, widths.0, widths.1)
    }

    fn estimated(&self) -> String {
        let parts = self.estimates.iter().map(|(amount, currency)| format!("{amount} {currency}"));
        parts.collect::<Vec<_>>().join(" + ")
    }
}

/// What of an amount so many of all points come to, as finely as the amount is written.
fn share(amount: &str, points: i64, all: i64) -> Option<String> {
    let micros = Micros::parse(amount, 6).ok()?.get();
    let decimals = u32::try_from(amount.split_once('.').map_or(0, |(_, part)| part.len())).ok()?;
    let share = i128::from(micros) * i128::from(points) / i128::from(all).max(1);
    let unit = 10_i128.pow(6_u32.checked_sub(decimals)?);
    let share = i64::try_from(share - share % unit).ok()?;
    Some(Micros::new(share).to_decimal(u8::try_from(decimals).ok()?))
}

fn words(month: &Value, rows: &[Row]) -> String {
    let mut lines = vec![match number(month, "days_left") {
        0 => format!("{}: shared out in a few hours", text(month, "period")),
        1 => format!("{}: shared out in 1 day", text(month, "period")),
        days => format!("{}: shared out in {days} days", text(month, "period")),
    }];
    let budgets = month.get("budgets").and_then(Value::as_array).into_iter().flatten();
    let none = Value::Null;
    let mut has_budget = false;
    for budget in budgets {
        has_budget = true;
        let money = |name: &str| {
            let money = budget.get(name).unwrap_or(&none);
            format!("{} {}", text(money, "amount"), text(money, "currency"))
        };
        let (budget_text, means) = (money("budget"), money("means"));
        let is_funded = budget.get("is_funded") == Some(&Value::Bool(true));
        lines.push(match is_funded {
            true if budget_text == means => format!("Budget {budget_text}"),
            true => format!("Budget {budget_text}, of which {means} is in the wallet"),
            false => {
                format!("Budget {budget_text}, but only {means} is in the wallet: the clicks wait")
            }
        });
    }
    if !has_budget {
        lines.push("No budget yet: the clicks wait until there is one".to_owned());
    }
    if rows.is_empty() {
        lines.push("No clicks yet this month".to_owned());
    }
    let longest = |texts: &mut dyn Iterator<Item = String>| {
        texts.map(|text| text.chars().count()).max().unwrap_or_default()
    };
    let points = longest(&mut rows.iter().map(|row| row.points.to_string()));
    let estimates = longest(&mut rows.iter().map(Row::estimated));
    let estimates =
        if rows.iter().any(|row| row.is_refused) { estimates.max(13) } else { estimates };
    lines.extend(rows.iter().map(|row| row.words((points, estimates))));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_as_fine_as_the_amount() {
        for (amount, points, all, wanted) in [
            ("10.00", 1, 3, "3.33"),
            ("10.00", 3, 3, "10.00"),
            ("7.505", 1, 2, "3.752"),
            ("100", 1, 3, "33"),
            ("10.00", 1, 0, "10.00"),
            ("0.00", 1, 3, "0.00"),
            ("9999999.999999", 1_000_000, 1_000_000, "9999999.999999"),
        ] {
            assert_eq!(share(amount, points, all).as_deref(), Some(wanted), "{amount} {points}");
        }
        for amount in ["", "x", "-1.00", "1.0000001", "10000001.00", "99999999999999999999.00"] {
            assert_eq!(share(amount, 1, 2), None, "{amount}");
        }
    }
}
