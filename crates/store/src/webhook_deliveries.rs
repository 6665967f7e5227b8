//! What endpoints are told: events, each once, and its way to each endpoint with what the last try
//! came to.

use jiff::Timestamp;
use obole_domain::{AccountId, WebhookEventId, WebhookId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// Something that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its id; what is told twice has the same.
    pub id: WebhookEventId,
    /// Which kind.
    pub kind: &'static str,
    /// The whole body, as it is signed.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It waits for its next try.
    Waiting,
    /// It arrived.
    Arrived,
    /// It is not tried any more.
    Failed,
}

impl Stand {
    const ALL: [Self; 3] = [Self::Waiting, Self::Arrived, Self::Failed];

    /// Its name in the table and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Arrived => "arrived",
            Self::Failed => "failed",
        }
    }

    fn parse(name: &str) -> StoreResult<Self> {
        let found = Self::ALL.into_iter().find(|stand| stand.name() == name);
        found.ok_or_else(|| StoreError::Corrupt("webhook_deliveries.state".to_owned()))
    }
}

/// A delivery as its endpoint's owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Of which event.
    pub event: WebhookEventId,
    /// Which kind of event.
    pub kind: String,
    /// The body.
    pub body: String,
    /// Where it stands.
    pub stand: Stand,
    /// When the event was written.
    pub created_at: Timestamp,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried next, while it waits.
    pub next_at: Timestamp,
    /// The last try.
    pub tried: Option<Tried>,
}

/// What a try came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// When.
    pub at: Timestamp,
    /// The headers that were sent, a line each.
    pub headers: String,
    /// The status of the answer; none where there was no answer.
    pub status: Option<i64>,
    /// How the answer began.
    pub answer: String,
    /// Why there was no answer: a kind of problem; empty where there was one.
    pub problem: String,
}

/// A delivery that is due, taken for one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDelivery {
    /// Of which event.
    pub event: WebhookEventId,
    /// The body.
    pub body: String,
    /// When the event was written.
    pub created_at: Timestamp,
    /// The number of this try, the first being 1; by it the try is told from a later one.
    pub tries: i64,
}

/// Where a try leaves its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It arrived.
    Arrived,
    /// It is tried again then.
    Again(Timestamp),
    /// It is not tried any more.
    Failed,
}

/// Writes an event that goes to these endpoints. What was written before is not written again.
pub async fn put(tx: &mut Tx, event: &EventRow, webhooks: &[WebhookId]) -> StoreResult<()> {
    let insert = sql("
        insert into webhook_events (id, kind, body, created_at) values ($1, $2, $3, $4)
        on conflict do nothing");
    let insert = insert.bind(event.id).bind(event.kind).bind(&event.body).bind(event.created_at);
    insert.execute(tx).await?;
    let rows: Vec<Vec<Value>> = webhooks
        .iter()
        .map(|webhook| vec![(*webhook).into(), event.id.into(), event.created_at.into()])
        .collect();
    let insert = sql("
        insert into webhook_deliveries (webhook, event, state, created_at, tries, next_at)
        values ($1, $2, 'waiting', $3, cast(0 as bigint), $3)
        on conflict do nothing");
    insert.execute_many(tx, &rows).await.map(|_| ())
}

/// Takes the oldest delivery that is due to an endpoint which is on and has this lease, for one
/// try. Should its node die, it is due again when the lease has ended.
pub async fn take(
    tx: &mut Tx,
    webhook: WebhookId,
    (now, lease_ends): (Timestamp, Timestamp),
) -> StoreResult<Option<DueDelivery>> {
    let select = sql("
        select d.event, e.body, d.created_at, d.tries + 1
        from webhook_deliveries d
        join webhook_events e on e.id = d.event
        join webhooks w on w.id = d.webhook
        where d.webhook = $1 and d.state = 'waiting' and d.next_at <= $2
            and w.off_at is null and w.taken_until = $3
        order by d.created_at, d.event
        limit 1");
    let select = select.bind(webhook).bind(now).bind(lease_ends);
    let due = select.fetch_optional(tx, due_at).await?;
    if let Some(due) = &due {
        let update = sql("
            update webhook_deliveries set tries = tries + 1, next_at = $3
            where webhook = $1 and event = $2");
        update.bind(webhook).bind(due.event).bind(lease_ends).execute(tx).await?;
    }
    Ok(due)
}

/// Notes what a try came to, and says whether it counted: only the latest one does, but what
/// arrived has arrived.
pub async fn record(
    tx: &mut Tx,
    webhook: WebhookId,
    due: &DueDelivery,
    (tried, next): (&Tried, Next),
) -> StoreResult<bool> {
    let (stand, next_at) = match next {
        Next::Arrived => (Stand::Arrived, tried.at),
        Next::Again(at) => (Stand::Waiting, at),
        Next::Failed => (Stand::Failed, tried.at),
    };
    let ended_at = (stand != Stand::Waiting).then_some(tried.at);
    let update = sql("
        update webhook_deliveries set state = $4, next_at = $5, tried_at = $6, headers = $7,
            status = $8, answer = $9, problem = $10, ended_at = $11
        where webhook = $1 and event = $2 and state = 'waiting'
            and (tries = $3 or cast($4 as text) = 'arrived')");
    let update = update.bind(webhook).bind(due.event).bind(due.tries).bind(stand.name());
    let update = update.bind(next_at).bind(tried.at).bind(&tried.headers).bind(tried.status);
    let update = update.bind(&tried.answer).bind(&tried.problem).bind(ended_at);
    Ok(update.execute(tx).await? == 1)
}

/// Whether anything arrived at an endpoint since a moment.
pub async fn has_arrived(
    read: &mut Read,
    webhook: WebhookId,
    since: Timestamp,
) -> StoreResult<bool> {
    let select = sql("
        select count(*) from webhook_deliveries
        where webhook = $1 and state = 'arrived' and ended_at >= $2");
    let select = select.bind(webhook).bind(since);
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Makes what waits for an endpoint due at once, from its first try on.
pub async fn hurry(tx: &mut Tx, webhook: WebhookId, now: Timestamp) -> StoreResult<u64> {
    let update = sql("
        update webhook_deliveries set tries = cast(0 as bigint), next_at = $2
        where webhook = $1 and state = 'waiting'");
    update.bind(webhook).bind(now).execute(tx).await
}

/// Lets a delivery be tried at once and from its first try on, whatever became of it; false where
/// there is none.
pub async fn replay(
    tx: &mut Tx,
    webhook: WebhookId,
    event: WebhookEventId,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update webhook_deliveries set state = 'waiting', tries = cast(0 as bigint), next_at = $3,
            ended_at = null
        where webhook = $1 and event = $2");
    Ok(update.bind(webhook).bind(event).bind(now).execute(tx).await? == 1)
}

/// Where a page of the log begins: before the delivery of this event.
pub type Before = (Timestamp, WebhookEventId);

/// Deliveries to one of an account's endpoints, the newest event first; those before one, or from
/// the newest.
pub async fn log(
    read: &mut Read,
    (account, webhook): (AccountId, WebhookId),
    before: Option<Before>,
    limit: i64,
) -> StoreResult<Vec<DeliveryRow>> {
    let select = sql("
        select d.event, e.kind, e.body, d.state, d.created_at, d.tries, d.next_at, d.tried_at,
            d.headers, d.status, d.answer, d.problem
        from webhook_deliveries d
        join webhook_events e on e.id = d.event
        join webhooks w on w.id = d.webhook
        where w.account = $1 and d.webhook = $2
            and (d.created_at < $3 or (d.created_at = $3 and d.event < $4))
        order by d.created_at desc, d.event desc
        limit $5");
    let (at, event) = before.unwrap_or((Timestamp::MAX, WebhookEventId::new(uuid::Uuid::max())));
    let select = select.bind(account).bind(webhook).bind(at).bind(event).bind(limit);
    select.fetch_all(read, delivery_at).await
}

/// Forgets the deliveries of events from before a moment, and the events.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from webhook_deliveries where event in (
            select id from webhook_events where created_at < $1)");
    let count = delete.bind(before).execute(tx).await?;
    let delete = sql("
        delete from webhook_events
        where created_at < $1
            and not exists (select 1 from webhook_deliveries d where d.event = webhook_events.id)");
    delete.bind(before).execute(tx).await?;
    Ok(count)
}

fn due_at(row: &Row<'_>) -> StoreResult<DueDelivery> {
    Ok(DueDelivery {
        event: row.get(0)?,
        body: row.get(1)?,
        created_at: row.get(2)?,
        tries: row.get(3)?,
    })
}

fn delivery_at(row: &Row<'_>) -> StoreResult<DeliveryRow> {
    let tried_at: Option<Timestamp> = row.get(7)?;
    let tried = match tried_at {
        Some(at) => Some(Tried {
            at,
            headers: row.get(8)?,
            status: row.get(9)?,
            answer: row.get(10)?,
            problem: row.get(11)?,
        }),
        None => None,
    };
    Ok(DeliveryRow {
        event: row.get(0)?,
        kind: row.get(1)?,
        body: row.get(2)?,
        stand: Stand::parse(&row.get::<String>(3)?)?,
        created_at: row.get(4)?,
        tries: row.get(5)?,
        next_at: row.get(6)?,
        tried,
    })
}
