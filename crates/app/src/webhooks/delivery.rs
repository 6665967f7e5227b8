//! Delivering to endpoints (H1): each by itself, under a lease, outside any transaction (D10). One
//! that is dead or slow holds none of the others up: it rests after each failure, and slow ones
//! have few of the places, never all. A crash repeats at most what was under way, with the same id.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use obole_domain::WebhookId;
use obole_domain::webhook::{self, Verdict, message_id, verdict};
use obole_gateway::fetch::{FetchError, Parcel};
use obole_store::Tx;
use obole_store::webhook_deliveries::{self as deliveries, DueDelivery, Next, Tried};
use obole_store::webhooks::{self, Off, WebhookRow};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::signing;
use crate::app::App;
use crate::clock::later;
use crate::error::{Error, Result};
use crate::{notices, quarantine};

/// How long a try may take (H1).
const TIME_MAX: Duration = Duration::from_secs(15);

/// How much of an answer is kept, in bytes.
const ANSWER_MAX: usize = 1_024;

/// An endpoint that takes longer than this to answer is a slow one.
const SLOW: Duration = Duration::from_secs(2);

/// How many endpoints are served at once: others, and slow ones. Together they leave some of the
/// fetching's places (F6) to what is read.
const PLACES: [usize; 2] = [16, 8];

/// How often it is looked what has become due while something is under way.
const LOOK: Duration = Duration::from_millis(500);

/// For how long an endpoint is one node's, and for how long it is served in one go: what is longer
/// by more than any try may take.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
const SERVED_FOR: Duration = Duration::from_secs(60);

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Arrived.
    pub arrived: u64,
    /// To be tried again.
    pub postponed: u64,
    /// Not tried any more.
    pub failed: u64,
}

impl Delivered {
    fn add(&mut self, other: Self) {
        self.arrived += other.arrived;
        self.postponed += other.postponed;
        self.failed += other.failed;
    }
}

/// Delivers what is due until nothing is. Any node may run it at any time: an endpoint is one
/// node's at a time. Nothing leaves while the instance is quarantined (V3).
pub async fn deliver(app: &App) -> Result<Delivered> {
    let mut done = Delivered::default();
    let mut run = Run { app, serving: JoinSet::new(), served: [0, 0] };
    let mut ended = Ok(());
    loop {
        if ended.is_ok() && !app.is_stopping() {
            ended = run.begin().await;
        }
        if run.serving.is_empty() {
            return ended.map(|()| done);
        }
        tokio::select! {
            Some(served) = run.serving.join_next() => {
                let (is_slow, served) = served.map_err(Error::internal)?;
                run.end(is_slow);
                match served {
                    Ok(served) => done.add(served),
                    // Its lease ends by itself; the others go on.
                    Err(error) => tracing::error!(%error, "an endpoint was not served"),
                }
            }
            () = sleep(LOOK) => {}
        }
    }
}

/// A run.
struct Run<'app> {
    app: &'app App,
    serving: JoinSet<(bool, Result<Delivered>)>,
    /// How many are being served: others, slow ones.
    served: [usize; 2],
}

impl Run<'_> {
    /// Begins to serve the endpoints that something is due for, as many as there are places.
    async fn begin(&mut self) -> Result<()> {
        for (is_slow, (places, served)) in
            [false, true].into_iter().zip(PLACES.into_iter().zip(&mut self.served))
        {
            let free = i64::try_from(places.saturating_sub(*served)).unwrap_or_default();
            if free == 0 {
                continue;
            }
            let now = self.app.now();
            let due = self.app.read((), move |read, ()| {
                Box::pin(async move {
                    if quarantine::find(read).await?.is_some() {
                        return Ok(Vec::new());
                    }
                    Ok(webhooks::due(read, is_slow, now, free).await?)
                })
            });
            for id in due.await? {
                self.app.fetcher().open().map_err(Error::internal)?;
                let app = self.app.clone();
                self.serving.spawn(async move { (is_slow, serve(&app, id).await) });
                *served += 1;
            }
        }
        Ok(())
    }

    fn end(&mut self, is_slow: bool) {
        let [others, slow] = &mut self.served;
        let served = if is_slow { slow } else { others };
        *served = served.saturating_sub(1);
    }
}

/// An endpoint that is this node's for a while.
struct Served {
    webhook: WebhookRow,
    lease_ends: Timestamp,
    until: Instant,
}

/// Delivers to one endpoint, one after the other, the oldest first, until nothing is due, a try
/// fails or it is others' turn.
async fn serve(app: &App, id: WebhookId) -> Result<Delivered> {
    let now = app.now();
    let lease_ends = later(now, LEASE);
    let taken = app.write((), move |tx, ()| {
        Box::pin(async move {
            let lease = (now, lease_ends);
            let Some(webhook) = webhooks::take(tx, id, lease).await? else { return Ok(None) };
            let due = deliveries::take(tx, id, lease).await?;
            if due.is_none() {
                webhooks::leave(tx, id, lease).await?;
            }
            Ok(due.map(|due| (webhook, due)))
        })
    });
    let mut done = Delivered::default();
    let Some((webhook, due)) = taken.await? else { return Ok(done) };
    let until = Instant::now().checked_add(SERVED_FOR).unwrap_or_else(Instant::now);
    let mut served = Served { webhook, lease_ends, until };
    let mut due = Some(due);
    while let Some(delivery) = due {
        let sent = send(app, &served.webhook, &delivery).await?;
        // A node that was frozen here leaves it to whoever has taken it meanwhile.
        if app.now() >= lease_ends {
            return Ok(done);
        }
        let next;
        (next, due) = record(app, &mut served, delivery, sent).await?;
        match next {
            Next::Arrived => done.arrived += 1,
            Next::Again(_) => done.postponed += 1,
            Next::Failed => done.failed += 1,
        }
    }
    Ok(done)
}

/// A try that was made.
struct Sent {
    tried: Tried,
    verdict: Verdict,
    is_slow: bool,
}

/// Sends a delivery once.
async fn send(app: &App, webhook: &WebhookRow, due: &DueDelivery) -> Result<Sent> {
    let at = app.now();
    let sealed = [Some(&webhook.secret_sealed), webhook.old_secret_sealed.as_ref()];
    let secrets = sealed.into_iter().flatten().map(|sealed| app.secrets().open(sealed));
    let secrets = secrets.collect::<Result<Vec<_>>>()?;
    let signature = signing::signatures(&secrets, (due.event, at), &due.body)?;
    let parcel = Parcel {
        content_type: "application/json",
        headers: vec![
            ("webhook-id", message_id(due.event)),
            ("webhook-timestamp", at.as_second().to_string()),
            ("webhook-signature", signature),
        ],
        body: due.body.clone().into_bytes(),
        time_max: TIME_MAX,
        answer_max: ANSWER_MAX,
    };
    let began = Instant::now();
    let answer = app.fetcher().hand_over(&webhook.url, &parcel).await;
    let is_slow = began.elapsed() > SLOW;
    let headers = headers_of(app, &parcel);
    let (verdict, status, answer, problem) = match answer {
        Ok(answer) => {
            let (status, text) = (answer.status, printable(&answer.body));
            (verdict(status), Some(i64::from(status)), text, "")
        }
        Err(error) => (Verdict::Failed, None, String::new(), kind_of(error)),
    };
    let tried = Tried { at, headers, status, answer, problem: problem.to_owned() };
    Ok(Sent { tried, verdict, is_slow })
}

/// The headers that tell something, as they were sent.
fn headers_of(app: &App, parcel: &Parcel) -> String {
    let common = [("content-type", parcel.content_type), ("user-agent", app.fetcher().agent())];
    let own = parcel.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let lines = common.into_iter().chain(own).map(|(name, value)| format!("{name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A stranger's bytes as text that can be kept.
fn printable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// What its owner is told of a try without an answer (F6).
const fn kind_of(error: FetchError) -> &'static str {
    match error {
        FetchError::Refused | FetchError::Unwelcome => "refused",
        FetchError::Unreachable => "unreachable",
        FetchError::TooLarge | FetchError::Unreadable => "unreadable",
    }
}

/// Notes what a try came to, and takes the next delivery if there is one and time for it.
async fn record(
    app: &App,
    served: &mut Served,
    due: DueDelivery,
    sent: Sent,
) -> Result<(Next, Option<DueDelivery>)> {
    let goes_on =
        sent.verdict == Verdict::Arrived && Instant::now() < served.until && !app.is_stopping();
    let before = served.webhook.clone();
    let [chance] = app.chance().bytes();
    let next = next_of(&due, &sent, chance);
    let health = health_of(&before, &sent);
    (served.webhook.failures, served.webhook.is_slow) = health;
    let (now, lease_ends, handle) = (app.now(), served.lease_ends, app.clone());
    let work = (due, sent, before);
    let following = app.write(work, move |tx, (due, sent, webhook)| {
        let app = handle.clone();
        Box::pin(async move {
            let counts = deliveries::record(tx, webhook.id, due, (&sent.tried, next)).await?;
            if health.0 > 0 || health != (webhook.failures, webhook.is_slow) {
                let rest = (health.0 > 0).then(|| later(now, webhook::rest(health.0)));
                webhooks::set_health(tx, webhook.id, health, rest).await?;
            }
            if counts && next == Next::Failed {
                give_up(&app, tx, webhook, sent.verdict).await?;
            }
            let lease = (now, lease_ends);
            let following =
                if goes_on { deliveries::take(tx, webhook.id, lease).await? } else { None };
            if following.is_none() {
                webhooks::leave(tx, webhook.id, lease).await?;
            }
            Ok(following)
        })
    });
    Ok((next, following.await?))
}

fn next_of(due: &DueDelivery, sent: &Sent, chance: u8) -> Next {
    match sent.verdict {
        Verdict::Arrived => Next::Arrived,
        Verdict::Gone => Next::Failed,
        Verdict::Failed => webhook::wait(due.tries, chance)
            .map_or(Next::Failed, |wait| Next::Again(later(sent.tried.at, wait))),
    }
}

/// How many tries failed in a row by now, and whether the endpoint counts as a slow one.
fn health_of(before: &WebhookRow, sent: &Sent) -> (i64, bool) {
    match sent.verdict {
        Verdict::Arrived => (0, sent.is_slow),
        Verdict::Gone | Verdict::Failed => (before.failures.saturating_add(1), true),
    }
}

/// Switches an endpoint off that wants nothing any more, or at which nothing has arrived for as
/// long as a delivery is tried, and writes to its owner.
async fn give_up(app: &App, tx: &mut Tx, webhook: &WebhookRow, verdict: Verdict) -> Result<()> {
    let now = app.now();
    let since = now.saturating_sub(webhook::tried_for()).unwrap_or(Timestamp::MIN);
    let why = if verdict == Verdict::Gone { Off::Gone } else { Off::Failing };
    if why == Off::Failing && deliveries::has_arrived(tx, webhook.id, since).await? {
        return Ok(());
    }
    if webhooks::switch_off(tx, webhook.id, why, now).await? {
        notices::webhook_off(app, tx, webhook, why).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_answer_is_text() {
        assert_eq!(printable(b"a\0b\x1b[31m<\xff>\n"), "ab[31m<\u{fffd}>\n");
    }
}
