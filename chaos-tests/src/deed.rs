//! What the load does, as it stands in the journal and as it goes over the wire.

use serde_json::{Value, json};

use crate::http::Request;

/// The addresses of the works that the load clicks.
pub const WORKS_AT: &str = "https://chaos.obole.example/";

/// Something that a patron does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Adds points to a click; under a key, since points add up (K1).
    Give { work: usize, points: i64 },
    /// Sets the points of a click that stands.
    Set { work: usize, points: i64 },
    /// Takes a click back.
    TakeBack { work: usize },
    /// Sets the budget.
    Budget { micros: i64 },
    /// Redeems a voucher; under a key.
    Redeem { voucher: usize },
}

impl Deed {
    /// Whether it goes under an idempotency key: only then may it be repeated while an earlier
    /// sending may still be on its way.
    pub const fn is_keyed(&self) -> bool {
        matches!(self, Self::Give { .. } | Self::Redeem { .. })
    }

    fn json(&self) -> Value {
        match self {
            Self::Give { work, points } => json!({"do": "give", "work": work, "points": points}),
            Self::Set { work, points } => json!({"do": "set", "work": work, "points": points}),
            Self::TakeBack { work } => json!({"do": "take-back", "work": work}),
            Self::Budget { micros } => json!({"do": "budget", "micros": micros}),
            Self::Redeem { voucher } => json!({"do": "redeem", "voucher": voucher}),
        }
    }

    fn parse(value: &Value) -> Option<Self> {
        let place = |name: &str| usize::try_from(value.get(name)?.as_u64()?).ok();
        let number = |name: &str| value.get(name)?.as_i64();
        Some(match value.get("do")?.as_str()? {
            "give" => Self::Give { work: place("work")?, points: number("points")? },
            "set" => Self::Set { work: place("work")?, points: number("points")? },
            "take-back" => Self::TakeBack { work: place("work")? },
            "budget" => Self::Budget { micros: number("micros")? },
            "redeem" => Self::Redeem { voucher: place("voucher")? },
            _ => return None,
        })
    }
}

/// A deed that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Unlike any other of the run; it makes the key.
    pub number: u64,
    /// Whose.
    pub patron: usize,
    /// The period that the clock says.
    pub period: String,
    pub deed: Deed,
}

/// What came back, as far as it is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// To which deed.
    pub number: u64,
    pub status: u16,
    /// How often it was sent until this came.
    pub tries: u32,
    pub is_replayed: bool,
    /// The points of the click now, where the answer says.
    pub points: Option<i64>,
    /// The period of the click, where the answer says.
    pub period: Option<String>,
    /// The work's id, where the answer says.
    pub work_id: Option<String>,
    /// Why it was refused.
    pub code: String,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    Sent(Sent),
    Answered(Answered),
}

impl Line {
    /// As it is written, with where the trace of the disk was.
    pub fn print(&self, traced: u64) -> String {
        let mut value = match self {
            Self::Sent(Sent { number, patron, period, deed }) => {
                json!({"sent": number, "patron": patron, "period": period, "deed": deed.json()})
            }
            Self::Answered(it) => json!({
                "answered": it.number, "status": it.status, "tries": it.tries,
                "replayed": it.is_replayed, "points": it.points, "period": it.period,
                "work": it.work_id, "code": it.code,
            }),
        };
        if let Some(fields) = value.as_object_mut() {
            fields.insert("traced".to_owned(), json!(traced));
        }
        format!("{value}\n")
    }

    /// Where the trace of the disk was when this was written.
    pub fn traced(text: &str) -> Option<u64> {
        serde_json::from_str::<Value>(text).ok()?.get("traced")?.as_u64()
    }

    /// Reads back what [`Self::print`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(number) = value.get("sent").and_then(Value::as_u64) {
            let patron = usize::try_from(value.get("patron")?.as_u64()?).ok()?;
            let deed = Deed::parse(value.get("deed")?)?;
            return Some(Self::Sent(Sent { number, patron, period: text("period")?, deed }));
        }
        let small = |name: &str| value.get(name).and_then(Value::as_u64);
        Some(Self::Answered(Answered {
            number: small("answered")?,
            status: u16::try_from(small("status")?).ok()?,
            tries: u32::try_from(small("tries")?).ok()?,
            is_replayed: value.get("replayed")?.as_bool()?,
            points: value.get("points").and_then(Value::as_i64),
            period: text("period"),
            work_id: text("work"),
            code: text("code").unwrap_or_default(),
        }))
    }
}

/// What a deed's request is made with.
pub struct Wire<'wire> {
    /// The start of every key of this run.
    pub run: &'wire str,
    /// The patron's token.
    pub token: &'wire str,
    /// The id of the deed's work, where it is known.
    pub work_id: &'wire str,
    /// The code of the deed's voucher.
    pub code: &'wire str,
}

impl Wire<'_> {
    /// The request of a deed.
    pub fn request(&self, sent: &Sent) -> Request {
        let at = |work: &usize| format!("{WORKS_AT}{work}");
        let (method, path, body) = match &sent.deed {
            Deed::Give { work, points } => {
                ("POST", "/clicks".to_owned(), Some(json!({"url": at(work), "points": points})))
            }
            Deed::Set { points, .. } => {
                ("PUT", format!("/clicks/{}", self.work_id), Some(json!({ "points": points })))
            }
            Deed::TakeBack { .. } => ("DELETE", format!("/clicks/{}", self.work_id), None),
            Deed::Budget { micros } => {
                let money = crate::money::print(*micros);
                ("PUT", "/me/budgets/EUR".to_owned(), Some(json!({ "amount": money })))
            }
            Deed::Redeem { .. } => {
                ("POST", "/me/vouchers".to_owned(), Some(json!({ "code": self.code })))
            }
        };
        let key = sent.deed.is_keyed().then(|| format!("{}-{}", self.run, sent.number));
        Request { method, path, token: self.token.to_owned(), key, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_back() {
        let deeds = [
            Deed::Give { work: 3, points: 17 },
            Deed::Set { work: 1, points: 2 },
            Deed::TakeBack { work: 9 },
            Deed::Budget { micros: 5_000_000 },
            Deed::Redeem { voucher: 4 },
        ];
        for deed in deeds {
            let sent = Sent { number: 8, patron: 2, period: "2026-11".to_owned(), deed };
            let line = Line::Sent(sent);
            assert_eq!(Line::parse(&line.print(5)), Some(line));
        }
        let answered = Answered {
            number: 8,
            status: 201,
            tries: 2,
            is_replayed: true,
            points: Some(17),
            period: Some("2026-11".to_owned()),
            work_id: Some("id".to_owned()),
            code: String::new(),
        };
        let line = Line::Answered(answered);
        assert_eq!(Line::parse(&line.print(5)), Some(line.clone()));
        assert_eq!(Line::parse("{\"sent\": 1, \"pat"), None);
        assert_eq!(Line::traced(&line.print(5)), Some(5));
    }

    #[test]
    fn only_what_adds_up_goes_under_a_key() {
        let wire = Wire { run: "run", token: "t", work_id: "w", code: "c" };
        let request =
            |deed| wire.request(&Sent { number: 8, patron: 2, period: String::new(), deed });
        assert_eq!(request(Deed::Give { work: 3, points: 1 }).key.as_deref(), Some("run-8"));
        assert_eq!(request(Deed::Redeem { voucher: 3 }).key.as_deref(), Some("run-8"));
        assert_eq!(request(Deed::TakeBack { work: 3 }).key, None);
        assert_eq!(request(Deed::TakeBack { work: 3 }).path, "/clicks/w");
    }
}
