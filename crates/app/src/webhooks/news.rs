//! What endpoints are told, written in the transaction of what it tells of: thin, and of no patron
//! (H1, P3). What is told of one fact has the same id whenever it is written, after a restore too
//! (docs/decisions/0067).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use obole_domain::client::ClientId;
use obole_domain::grant::GrantId;
use obole_domain::payout::{PayoutId, PayoutState};
use obole_domain::webhook::EventKind;
use obole_domain::{
    AccountId, CanonicalUrl, ClaimId, Currency, Micros, Money, Period, WebhookEventId, WorkId,
    public_count,
};
use obole_store::shares::CreditRow;
use obole_store::webhook_deliveries::{self, EventRow};
use obole_store::{Tx, webhooks};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct News {
    kind: EventKind,
    /// What tells it from others of its kind and account.
    subject: String,
    data: Value,
}

impl News {
    /// A work is the account's now.
    pub(crate) fn claim_granted(claim: ClaimId, (work, url): (WorkId, &CanonicalUrl)) -> Self {
        Self::claim(EventKind::ClaimGranted, claim, (work, url))
    }

    /// A work is not the account's any more.
    pub(crate) fn claim_ended(claim: ClaimId, (work, url): (WorkId, &CanonicalUrl)) -> Self {
        Self::claim(EventKind::ClaimEnded, claim, (work, url))
    }

    fn claim(kind: EventKind, claim: ClaimId, (work, url): (WorkId, &CanonicalUrl)) -> Self {
        let data = json!({
            "claim": claim.to_string(),
            "work": work.to_string(),
            "url": url.as_str(),
        });
        Self { kind, subject: claim.to_string(), data }
    }

    /// A payout has moved on; none where that is nobody's business.
    pub(crate) fn payout(payout: PayoutId, state: PayoutState, money: Money) -> Option<Self> {
        let kind = match state {
            PayoutState::Requested => EventKind::PayoutRequested,
            PayoutState::Batched => return None,
            PayoutState::Sent => EventKind::PayoutSent,
            PayoutState::Reversed => EventKind::PayoutReversed,
        };
        let data = json!({
            "payout": payout.to_string(),
            "money": money_of(money.currency, money.amount),
        });
        Some(Self { kind, subject: payout.to_string(), data })
    }

    /// What somebody had allowed an app of the account ended: by them, or because a token of it was
    /// used twice. Whose it was, only the app knows.
    pub(crate) fn grant_revoked(app: ClientId, grant: GrantId) -> Self {
        let data = json!({ "app": app.to_string(), "grant": grant.to_string() });
        Self { kind: EventKind::GrantRevoked, subject: grant.to_string(), data }
    }

    /// Works of the account were clicked on a day that is over; how many patrons the one had that
    /// had most, as it may be said in public (P2).
    pub(crate) fn support(day: Date, patrons: Option<i64>) -> Self {
        let patrons = patrons.and_then(public_count);
        let data = json!({ "day": day.to_string(), "patrons": patrons });
        Self { kind: EventKind::SupportReceived, subject: day.to_string(), data }
    }

    /// A month is settled.
    pub(crate) fn settled(period: Period) -> Self {
        let data = json!({ "period": period.to_string() });
        Self { kind: EventKind::SettlementFinished, subject: period.to_string(), data }
    }

    /// What a settlement credited to an account.
    fn share(period: Period, sums: &BTreeMap<Currency, Sum>) -> Self {
        let received = sums.iter().map(|(currency, sum)| {
            json!({
                "gross": money_of(*currency, sum.gross),
                "fee": money_of(*currency, sum.fee),
                "net": money_of(*currency, sum.net),
            })
        });
        let data = json!({
            "period": period.to_string(),
            "received": received.collect::<Vec<_>>(),
        });
        Self { kind: EventKind::SettlementShare, subject: period.to_string(), data }
    }

    fn row(&self, app: &App, account: Option<AccountId>) -> Result<EventRow> {
        let (name, now) = (self.kind.name(), app.now());
        let account = account.map(|account| account.to_string()).unwrap_or_default();
        let fact = format!("{account}/{name}/{}", self.subject);
        let mac = app.secrets().mac("webhook-event", fact.as_bytes());
        let id: [u8; 16] = mac.first_chunk().copied().unwrap_or_default();
        Ok(EventRow {
            id: WebhookEventId::new(uuid::Builder::from_random_bytes(id).into_uuid()),
            kind: name,
            body: body(name, now, &self.data)?,
            created_at: now,
        })
    }
}

/// Money on the wire, as the API has it.
fn money_of(currency: Currency, amount: Micros) -> Value {
    json!({ "amount": amount.to_decimal(currency.decimals()), "currency": currency.code() })
}

/// A body, in the specification's order.
#[derive(Serialize)]
struct Body<'news> {
    r#type: &'static str,
    timestamp: String,
    data: &'news Value,
}

/// Writes a body.
pub(super) fn body(kind: &'static str, at: Timestamp, data: &Value) -> Result<String> {
    let body = Body { r#type: kind, timestamp: at.to_string(), data };
    serde_json::to_string(&body).map_err(Error::internal)
}

/// Tells an account's endpoints.
pub(crate) async fn tell(app: &App, tx: &mut Tx, account: AccountId, news: &News) -> Result<()> {
    let endpoints = webhooks::listening(tx, account, news.kind).await?;
    if endpoints.is_empty() {
        return Ok(());
    }
    let event = news.row(app, Some(account))?;
    Ok(webhook_deliveries::put(tx, &event, &endpoints).await?)
}

/// Tells the endpoints of everybody.
pub(crate) async fn tell_all(app: &App, tx: &mut Tx, news: &News) -> Result<()> {
    let everybody = (AccountId::new(Uuid::nil()), AccountId::new(Uuid::max()));
    let endpoints = webhooks::listening_between(tx, everybody, news.kind).await?;
    let endpoints: Vec<_> = endpoints.into_values().flatten().collect();
    if endpoints.is_empty() {
        return Ok(());
    }
    Ok(webhook_deliveries::put(tx, &news.row(app, None)?, &endpoints).await?)
}

/// What an account received in a currency.
#[derive(Clone, Copy, Default)]
struct Sum {
    gross: Micros,
    fee: Micros,
    net: Micros,
}

/// Tells payees what a part of a settlement credited to them. All that one account receives is in
/// one part.
pub(crate) async fn tell_shares(
    app: &App,
    tx: &mut Tx,
    period: Period,
    credits: &[CreditRow],
) -> Result<()> {
    let payees = credits.iter().map(|credit| credit.payee);
    let Some((first, last)) = payees.clone().min().zip(payees.max()) else { return Ok(()) };
    let listening =
        webhooks::listening_between(tx, (first, last), EventKind::SettlementShare).await?;
    let mut received = BTreeMap::<AccountId, BTreeMap<Currency, Sum>>::new();
    for credit in credits.iter().filter(|credit| listening.contains_key(&credit.payee)) {
        let sums = received.entry(credit.payee).or_default();
        let sum = sums.entry(credit.currency).or_default();
        sum.gross = sum.gross.plus(credit.gross)?;
        sum.fee = sum.fee.plus(credit.fee)?;
        sum.net = sum.net.plus(credit.net)?;
    }
    for (account, sums) in received {
        let event = News::share(period, &sums).row(app, Some(account))?;
        let endpoints = listening.get(&account).map(Vec::as_slice).unwrap_or_default();
        webhook_deliveries::put(tx, &event, endpoints).await?;
    }
    Ok(())
}
