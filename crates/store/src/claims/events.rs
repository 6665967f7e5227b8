//! What everybody can see of claims: a log that only grows.

use jiff::Timestamp;
use obole_domain::claim::Reach;
use obole_domain::{ClaimId, Handle};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

use super::around::span;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimEvent {
    /// The operator vouched for it.
    Granted,
    /// Its proof was found.
    Proven,
    /// Its proof was found, but another claim decides.
    Contested,
    /// The claim around it left its works to it.
    Left,
    /// Its proof was found again after 72 hours.
    Confirmed,
    /// Its proof is gone.
    Stale,
    /// Its proof is back.
    Recovered,
    /// A stronger one was proven; it has seven days.
    Yields,
    /// It ended: its proof stayed away, or a stronger one decided.
    Lost,
    /// Its account gave it away.
    GivenAway,
    /// The operator ended it.
    Revoked,
    /// Somebody disputes it: new money waits.
    Disputed,
    /// That ended.
    DisputeEnded,
}

impl ClaimEvent {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Granted,
        Self::Proven,
        Self::Contested,
        Self::Left,
        Self::Confirmed,
        Self::Stale,
        Self::Recovered,
        Self::Yields,
        Self::Lost,
        Self::GivenAway,
        Self::Revoked,
        Self::Disputed,
        Self::DisputeEnded,
    ];

    /// The word that is stored, and that feeds use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Proven => "proven",
            Self::Contested => "contested",
            Self::Left => "left",
            Self::Confirmed => "confirmed",
            Self::Stale => "stale",
            Self::Recovered => "recovered",
            Self::Yields => "yields",
            Self::Lost => "lost",
            Self::GivenAway => "given-away",
            Self::Revoked => "revoked",
            Self::Disputed => "disputed",
            Self::DisputeEnded => "dispute-ended",
        }
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// Its place.
    pub seq: i64,
    /// Which claim.
    pub claim: ClaimId,
    /// Of whom.
    pub handle: Handle,
    /// Of what.
    pub reach: Reach,
    /// By which method, as a word.
    pub method: String,
    /// What happened.
    pub what: ClaimEvent,
    /// When.
    pub at: Timestamp,
}

fn event_at(row: &Row<'_>) -> StoreResult<EventRow> {
    let broken = |column: &str| StoreError::Corrupt(format!("claim_events.{column}"));
    let (reach, what): (String, String) = (row.get(3)?, row.get(5)?);
    let what = ClaimEvent::ALL.into_iter().find(|event| event.code() == what);
    Ok(EventRow {
        seq: row.get(0)?,
        claim: row.get(1)?,
        handle: row.get(2)?,
        reach: Reach::from_key(&reach).ok_or_else(|| broken("reach"))?,
        method: row.get(4)?,
        what: what.ok_or_else(|| broken("what"))?,
        at: row.get(6)?,
    })
}

/// Adds a line.
pub async fn note(
    tx: &mut Tx,
    claim: ClaimId,
    (what, now): (ClaimEvent, Timestamp),
) -> StoreResult<()> {
    let insert = sql("insert into claim_events (claim, what, at) values ($1, $2, $3)");
    insert.bind(claim).bind(what.code()).bind(now).execute(tx).await.map(|_| ())
}

/// The lines before one, the newest first.
pub async fn recent_events(
    read: &mut Read,
    (before, limit): (Option<i64>, i64),
) -> StoreResult<Vec<EventRow>> {
    let select = sql("
        select e.seq, e.claim, a.handle, c.reach, c.method, e.what, e.at
        from claim_events e
        join claims c on c.id = e.claim
        join accounts a on a.id = c.account
        where e.seq < $1
        order by e.seq desc
        limit $2");
    let select = select.bind(before.unwrap_or(i64::MAX)).bind(limit);
    select.fetch_all(read, event_at).await
}

/// The lines about a host and what is below it, before one, the newest first.
pub async fn events_of_host(
    read: &mut Read,
    host: &str,
    (before, limit): (Option<i64>, i64),
) -> StoreResult<Vec<EventRow>> {
    let (from, to) = span(host);
    let select = sql("
        select e.seq, e.claim, a.handle, c.reach, c.method, e.what, e.at
        from claim_events e
        join claims c on c.id = e.claim
        join accounts a on a.id = c.account
        where c.host_key >= $1 and c.host_key < $2 and e.seq < $3
        order by e.seq desc
        limit $4");
    let select = select.bind(from).bind(to).bind(before.unwrap_or(i64::MAX)).bind(limit);
    select.fetch_all(read, event_at).await
}

/// The lines about a claim, in their order.
pub async fn events_of_claim(read: &mut Read, claim: ClaimId) -> StoreResult<Vec<EventRow>> {
    let select = sql("
        select e.seq, e.claim, a.handle, c.reach, c.method, e.what, e.at
        from claim_events e
        join claims c on c.id = e.claim
        join accounts a on a.id = c.account
        where e.claim = $1
        order by e.seq");
    select.bind(claim).fetch_all(read, event_at).await
}
