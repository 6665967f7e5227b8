//! What is stored, asked over HTTP as anybody would, and the shares, computed again.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;

use crate::deed::WORKS_AT;
use crate::expected::{At, Expected, Holdings};
use crate::http::{Client, Request};
use crate::load::Cast;
use crate::money;
use crate::wait::until;

/// How long the service may take to be there again.
pub const BACK: Duration = Duration::from_secs(30);

/// Holds what every patron has against what is expected.
pub fn all(node: SocketAddr, cast: &Cast, expected: &Expected, at: At<'_>) -> Result<(), String> {
    let mut reader = Reader { node, client: Client::default() };
    for (patron, token) in cast.tokens.iter().enumerate() {
        let stored = reader.holdings(token, at.period)?;
        expected.compare(patron, at, &stored)?;
    }
    Ok(())
}

/// Reads what one patron has, whatever it is.
pub fn reads(node: SocketAddr, cast: &Cast, period: &str) -> Result<(), String> {
    let token = cast.tokens.first().ok_or("no patrons")?;
    let mut reader = Reader { node, client: Client::default() };
    reader.holdings(token, period).map(|_| ())
}

/// One that reads over HTTP.
struct Reader {
    node: SocketAddr,
    client: Client,
}

impl Reader {
    /// What a patron has, with the clicks of one period.
    fn holdings(&mut self, token: &str, period: &str) -> Result<Holdings, String> {
        let clicks = self.get(token, &format!("/clicks?limit=200&period={period}"))?;
        let mut holdings = Holdings::default();
        for click in items(&clicks)? {
            let url = click.pointer("/work/url").and_then(Value::as_str).unwrap_or_default();
            let points = click.get("points").and_then(Value::as_i64).unwrap_or_default();
            let work = url.strip_prefix(WORKS_AT).and_then(|number| number.parse().ok());
            let work = work.ok_or_else(|| format!("a click on {url}, which nobody clicked"))?;
            if holdings.clicks.insert((period.to_owned(), work), points).is_some() {
                return Err(format!("two clicks on {url}"));
            }
        }
        let budgets = self.get(token, "/me/budgets")?;
        holdings.budget = items(&budgets)?.iter().filter_map(micros).sum();
        let wallets = self.get(token, "/me/wallets")?;
        let totals = items(&wallets)?.iter().filter_map(|wallet| micros(wallet.get("total")?));
        holdings.wallet = totals.sum();
        Ok(holdings)
    }

    /// Reads, again and again while the service is on its way back.
    fn get(&mut self, token: &str, path: &str) -> Result<Value, String> {
        let (path, token) = (path.to_owned(), token.to_owned());
        let request = Request { method: "GET", path, token, key: None, body: None };
        let mut last = String::new();
        let found = until(BACK, || match self.client.send(self.node, &request) {
            Ok(answer) if answer.status == 200 => Some(answer.body),
            other => {
                last = format!("{other:?}");
                None
            }
        });
        found.ok_or_else(|| {
            format!("{} cannot be read within {} s: {last}", request.path, BACK.as_secs())
        })
    }
}

fn items(list: &Value) -> Result<&Vec<Value>, String> {
    list.get("items").and_then(Value::as_array).ok_or_else(|| format!("not a list: {list}"))
}

/// The millionths of an amount in euros.
fn micros(value: &Value) -> Option<i64> {
    money::parse(value.get("amount")?.as_str()?)
}

/// A line of `obole export shares`: work, points, share and state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    pub work: String,
    pub points: i64,
    pub micros: i64,
    pub state: String,
}

/// The lines of an export by patron.
pub fn shares(text: &str) -> Result<BTreeMap<String, Vec<Share>>, String> {
    let mut shares = BTreeMap::<String, Vec<Share>>::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [_currency, patron, work, points, micros, state] = cells[..] else {
            return Err(format!("not a share: {line}"));
        };
        let number = |cell: &str| cell.parse().map_err(|_| format!("not a share: {line}"));
        shares.entry(patron.to_owned()).or_default().push(Share {
            work: work.to_owned(),
            points: number(points)?,
            micros: number(micros)?,
            state: state.to_owned(),
        });
    }
    Ok(shares)
}

/// The shares of a patron as they must come, reckoned from the journal with nothing of Obole's:
/// the means over the points, what is left over to the largest remainders, ties to the lower id.
pub fn reckoned(
    holdings: &Holdings,
    period: &str,
    work_ids: &BTreeMap<usize, String>,
    claimed: &[bool],
) -> Result<Vec<Share>, String> {
    let means = i128::from(holdings.budget.min(holdings.wallet));
    let mut shares = Vec::new();
    for ((_, number), points) in &holdings.in_period(period).clicks {
        let work = work_ids.get(number).cloned().ok_or("a work without its id")?;
        let is_claimed = claimed.get(*number).copied().unwrap_or_default();
        let state = if is_claimed { "paid" } else { "promised" }.to_owned();
        shares.push(Share { work, points: *points, micros: 0, state });
    }
    shares.sort();
    let total: i128 = shares.iter().map(|share| i128::from(share.points)).sum();
    let mut left = means;
    let mut remainders = Vec::new();
    for (place, share) in shares.iter_mut().enumerate() {
        let product = means * i128::from(share.points);
        left -= product / total;
        share.micros = i64::try_from(product / total).map_err(|error| error.to_string())?;
        remainders.push((-(product % total), place));
    }
    remainders.sort_unstable();
    for (_, place) in remainders {
        if left == 0 {
            break;
        }
        left -= 1;
        if let Some(share) = shares.get_mut(place) {
            share.micros += 1;
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_reckoned_to_the_last_millionth() {
        let clicks = [("2026-11", 0, 1), ("2026-11", 1, 1), ("2026-11", 2, 1), ("2026-12", 0, 9)];
        let clicks = clicks.map(|(period, work, points)| ((period.to_owned(), work), points));
        let holdings = Holdings { clicks: clicks.into(), budget: 5_000_000, wallet: 2_000_000 };
        let ids = BTreeMap::from([(0, "c".into()), (1, "a".into()), (2, "b".into())]);
        let shares = reckoned(&holdings, "2026-11", &ids, &[true, false, true]).expect("shares");
        let told: Vec<_> = shares.iter().map(|s| (s.work.as_str(), s.micros, &*s.state)).collect();
        let wanted = [("a", 666_667, "promised"), ("b", 666_667, "paid"), ("c", 666_666, "paid")];
        assert_eq!(told, wanted);
    }

    #[test]
    fn an_export_is_read_by_patron() {
        let text = "currency,patron,work,points,share_micros,state\nEUR,p,w,3,70,paid\n";
        let shares = shares(text).expect("well formed");
        let share = Share { work: "w".into(), points: 3, micros: 70, state: "paid".to_owned() };
        assert_eq!(shares, BTreeMap::from([("p".to_owned(), vec![share])]));
        assert!(super::shares("header\nEUR,p").is_err());
    }
}
