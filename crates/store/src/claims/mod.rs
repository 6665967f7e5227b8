//! Claims' rows: begun, checked, ended. One claim of a reach stands at a time. Whose the works
//! there are is in `spread`, what everybody sees of claims in `events`.

mod around;
pub mod disputes;
mod events;
mod spread;

use jiff::Timestamp;
use obole_domain::claim::{
    ClaimMethod, ClaimState, Contender, Finding, Gone, Life, ProofToken, Reach,
};
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Handle, WorkId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

pub use around::{contested_around, decides, deciding_each, overlapping, reaching, standing_at};
pub use events::{ClaimEvent, EventRow, events_of_claim, events_of_host, note, recent_events};
pub use spread::{
    Assigned, Chunk, assign, assigned, begin_spread, collect_again, go_on_spread, has_refused,
    is_refusing, next_chunk, refuse_each, set_refuses, set_spread, spreading, unclaimed_after,
    wide_since,
};

/// A claim that is begun.
#[derive(Clone, Copy, Debug)]
pub struct NewClaim<'new> {
    /// Its id.
    pub id: ClaimId,
    /// The work at which its claimant stood.
    pub work: WorkId,
    /// By whom.
    pub account: AccountId,
    /// How it is proven.
    pub method: ClaimMethod,
    /// How far it reaches.
    pub reach: &'new Reach,
    /// What is looked for; none for the operator's word.
    pub token: Option<&'new ProofToken>,
    /// Where it stands.
    pub life: Life,
    /// The administrator's reason; empty for a proof.
    pub reason: &'new str,
    /// Which administrator; none for a proof and for the command line.
    pub granted_by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
}

/// A claim as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRow {
    /// Its id.
    pub id: ClaimId,
    /// The work at which its claimant stood.
    pub work: WorkId,
    /// That work's address.
    pub url: CanonicalUrl,
    /// Whose.
    pub account: AccountId,
    /// Their public name.
    pub handle: Handle,
    /// How it is proven.
    pub method: ClaimMethod,
    /// How far it reaches.
    pub reach: Reach,
    /// What is looked for; none for the operator's word.
    pub token: Option<ProofToken>,
    /// Where it stands.
    pub life: Life,
    /// What was found at the last look; none before the first.
    pub finding: Option<Finding>,
    /// When somebody looked last.
    pub checked_at: Option<Timestamp>,
    /// When somebody looks again; none where nobody does.
    pub next_check_at: Option<Timestamp>,
    /// The claim around it that leaves its works to it.
    pub left_by: Option<ClaimId>,
    /// The stronger claim that it gives way to, and when.
    pub yields: Option<(ClaimId, Timestamp)>,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Since when nothing is collected for what it reaches; none where it is (C7).
    pub refuses_since: Option<Timestamp>,
}

impl ClaimRow {
    /// Whether money for its works is payable: proven, looked at twice, and not about to give way.
    #[must_use]
    pub const fn pays(&self) -> bool {
        self.life.pays() && self.yields.is_none()
    }
}

impl ClaimRow {
    /// As far as it matters against others.
    #[must_use]
    pub fn contender(&self) -> Contender {
        Contender {
            id: self.id,
            account: self.account,
            method: self.method,
            reach: self.reach.clone(),
            state: self.life.state,
            left_by: self.left_by,
            has_notice: self.yields.is_some(),
            since: self.life.proven_at.unwrap_or(self.created_at),
        }
    }
}

/// Selects the columns of [`ClaimRow`].
macro_rules! claims {
    ($rest:literal) => {
        $crate::db::sql(concat!(
            "
        select c.id, c.work, w.url, c.account, a.handle, c.method, c.reach, c.token, c.state,
            c.proven_at, c.confirmed_at, c.found_at, c.gone_times, c.gone_since, c.stale_at,
            c.finding, c.checked_at, c.next_check_at, c.left_by, c.yields_to, c.yields_at,
            c.created_at, c.ended_at, c.refuses_since
        ",
            $rest
        ))
    };
}
use claims;

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("claims.{column}"))
}

fn claim_at(row: &Row<'_>) -> StoreResult<ClaimRow> {
    let (method, reach): (String, String) = (row.get(5)?, row.get(6)?);
    let (token, state): (String, String) = (row.get(7)?, row.get(8)?);
    let (finding, yields_to): (String, Option<ClaimId>) = (row.get(15)?, row.get(19)?);
    Ok(ClaimRow {
        id: row.get(0)?,
        work: row.get(1)?,
        url: row.get(2)?,
        account: row.get(3)?,
        handle: row.get(4)?,
        method: ClaimMethod::from_code(&method).ok_or_else(|| broken("method"))?,
        reach: Reach::from_key(&reach).ok_or_else(|| broken("reach"))?,
        token: ProofToken::parse(&token),
        life: Life {
            state: ClaimState::from_code(&state).ok_or_else(|| broken("state"))?,
            proven_at: row.get(9)?,
            confirmed_at: row.get(10)?,
            found_at: row.get(11)?,
            gone: Gone { times: row.get(12)?, since: row.get(13)? },
            stale_at: row.get(14)?,
        },
        finding: Finding::from_code(&finding),
        checked_at: row.get(16)?,
        next_check_at: row.get(17)?,
        left_by: row.get(18)?,
        yields: yields_to.zip(row.get(20)?),
        created_at: row.get(21)?,
        ended_at: row.get(22)?,
        refuses_since: row.get(23)?,
    })
}

/// Stores a claim. False where another claim of its reach stands, and this one should too.
pub async fn create(tx: &mut Tx, new: &NewClaim<'_>) -> StoreResult<bool> {
    if new.life.state.stands() && standing_at(tx, new.reach).await?.is_some() {
        return Ok(false);
    }
    let insert = sql("
        insert into claims (id, work, account, method, reach, host_key, token, state, proven_at,
            confirmed_at, reason, granted_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict do nothing");
    let insert = insert.bind(new.id).bind(new.work).bind(new.account).bind(new.method.code());
    let insert = insert.bind(new.reach.key()).bind(host_key(new.reach.host()));
    let insert = insert.bind(new.token.map_or("", ProofToken::as_str));
    let insert = insert.bind(new.life.state.code()).bind(new.life.proven_at);
    let insert = insert.bind(new.life.confirmed_at).bind(new.reason).bind(new.granted_by);
    Ok(insert.bind(new.created_at).execute(tx).await? == 1)
}

/// A host's labels from the last one on, each with a dot behind it: what is below a name begins as
/// the name does.
#[must_use]
pub fn host_key(host: &str) -> String {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    name.rsplit('.').flat_map(|label| [label, "."]).collect()
}

/// A claim.
pub async fn find(read: &mut Read, id: ClaimId) -> StoreResult<Option<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.id = $1"
    );
    select.bind(id).fetch_optional(read, claim_at).await
}

/// A claim, kept from others until the transaction ends.
pub async fn locked(tx: &mut Tx, id: ClaimId) -> StoreResult<Option<ClaimRow>> {
    let lock = sql("select id from claims where id = $1").locked();
    let found = lock.bind(id).fetch_optional(tx, |row| row.get::<ClaimId>(0)).await?;
    if found.is_none() {
        return Ok(None);
    }
    find(tx, id).await
}

/// The claims of an account, the newest first, before one.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
    (before, limit): (Option<ClaimId>, i64),
) -> StoreResult<Vec<ClaimRow>> {
    let before = before.unwrap_or_else(|| ClaimId::new(uuid::Uuid::max()));
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.account = $1 and c.id < $2
        order by c.id desc
        limit $3"
    );
    select.bind(account).bind(before).bind(limit).fetch_all(read, claim_at).await
}

/// The proven claims of an account, those that nobody has looked at longest first.
pub async fn proven_of(
    read: &mut Read,
    account: AccountId,
    limit: i64,
) -> StoreResult<Vec<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.account = $1 and c.state = 'proven'
        order by c.checked_at nulls first, c.id
        limit $2"
    );
    select.bind(account).bind(limit).fetch_all(read, claim_at).await
}

/// The claim of an account that waits for its proof of a reach, by a method.
pub async fn challenged(
    read: &mut Read,
    account: AccountId,
    (reach, method): (&Reach, ClaimMethod),
) -> StoreResult<Option<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.account = $1 and c.reach = $2 and c.method = $3 and c.state = 'challenged'
        order by c.id
        limit 1"
    );
    let select = select.bind(account).bind(reach.key()).bind(method.code());
    select.fetch_optional(read, claim_at).await
}

/// How many claims of an account wait for their proofs.
pub async fn count_challenged(read: &mut Read, account: AccountId) -> StoreResult<i64> {
    let select = sql("select count(*) from claims where account = $1 and state = 'challenged'");
    select.bind(account).fetch_one(read, |row| row.get(0)).await
}

/// The claims that are to be looked at by now, those that wait longest first.
pub async fn due(read: &mut Read, now: Timestamp, limit: i64) -> StoreResult<Vec<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.next_check_at <= $1
        order by c.next_check_at, c.id
        limit $2"
    );
    select.bind(now).bind(limit).fetch_all(read, claim_at).await
}

/// Stores what a look came to. False where the claim moved meanwhile, or another of its reach
/// stands.
pub async fn record(
    tx: &mut Tx,
    (claim, life): (&ClaimRow, &Life),
    (finding, now, next): (Finding, Timestamp, Option<Timestamp>),
) -> StoreResult<bool> {
    let update = sql("
        update claims set state = $3, proven_at = $4, confirmed_at = $5, found_at = $6,
            gone_times = $7, gone_since = $8, stale_at = $9, finding = $10, checked_at = $11,
            next_check_at = $12
        where id = $1 and state = $2");
    let update = update.bind(claim.id).bind(claim.life.state.code()).bind(life.state.code());
    let update = update.bind(life.proven_at).bind(life.confirmed_at).bind(life.found_at);
    let update = update.bind(life.gone.times).bind(life.gone.since).bind(life.stale_at);
    let update = update.bind(finding.code()).bind(now).bind(next);
    Ok(update.execute(tx).await? == 1)
}

/// When a claim that was begun is looked at first.
pub async fn first_check(tx: &mut Tx, id: ClaimId, at: Timestamp) -> StoreResult<()> {
    let update = sql("update claims set next_check_at = $2 where id = $1");
    update.bind(id).bind(at).execute(tx).await.map(|_| ())
}

/// The claim by which a work is somebody's.
pub async fn of_work(read: &mut Read, work: WorkId) -> StoreResult<Option<ClaimRow>> {
    let select = sql("select claim from works where id = $1 and claim is not null");
    let claim = select.bind(work).fetch_optional(read, |row| row.get::<ClaimId>(0)).await?;
    match claim {
        Some(claim) => find(read, claim).await,
        None => Ok(None),
    }
}

/// Lets a claim be looked at by a moment, unless that is sooner anyway; nothing where nobody looks.
/// The claim is written either way: who looks at it just now, and knows nothing of what calls for
/// another look, must not move it on afterwards.
pub async fn check_by(tx: &mut Tx, id: ClaimId, at: Timestamp) -> StoreResult<()> {
    let update = sql("
        update claims
        set next_check_at = case when next_check_at < $2 then next_check_at else $2 end
        where id = $1 and next_check_at is not null and state <> 'lost'");
    update.bind(id).bind(at).execute(tx).await.map(|_| ())
}

/// Ends a claim, with the reason. False where it had ended.
pub async fn end(tx: &mut Tx, id: ClaimId, why: (&str, Timestamp)) -> StoreResult<bool> {
    let update = sql("
        update claims set state = 'lost', ended_at = $2, end_reason = $3, next_check_at = null,
            left_by = null, yields_to = null, yields_at = null
        where id = $1 and state <> 'lost'");
    Ok(update.bind(id).bind(why.1).bind(why.0).execute(tx).await? == 1)
}

/// The claim around a claim leaves its works to it; it gives way to nobody any more.
pub async fn leave_to(tx: &mut Tx, id: ClaimId, by: ClaimId) -> StoreResult<()> {
    let update = sql("
        update claims set left_by = $2, yields_to = null, yields_at = null
        where id = $1");
    update.bind(id).bind(by).execute(tx).await.map(|_| ())
}

/// What a claim left to others is theirs by their own proofs only, now that it has ended.
pub async fn take_back_left(tx: &mut Tx, by: ClaimId) -> StoreResult<()> {
    let update = sql("update claims set left_by = null where left_by = $1");
    update.bind(by).execute(tx).await.map(|_| ())
}

/// A claim gives way to a stronger one at a moment, or no more. The first such notice stands.
pub async fn yield_to(
    tx: &mut Tx,
    id: ClaimId,
    to: Option<(ClaimId, Timestamp)>,
) -> StoreResult<bool> {
    let update = sql("
        update claims set yields_to = $2, yields_at = $3
        where id = $1 and (yields_to is null or cast($2 as uuid) is null)");
    let update = update.bind(id).bind(to.map(|(to, _)| to)).bind(to.map(|(_, at)| at));
    Ok(update.execute(tx).await? == 1)
}

/// The claims that give way by now.
pub async fn yielding(read: &mut Read, now: Timestamp) -> StoreResult<Vec<ClaimRow>> {
    let select = claims!(
        "from claims c join works w on w.id = c.work join accounts a on a.id = c.account
        where c.yields_at <= $1
        order by c.yields_at, c.id
        limit 100"
    );
    select.bind(now).fetch_all(read, claim_at).await
}

/// A claim that waited for another to decide stands from now on.
pub async fn stand(tx: &mut Tx, id: ClaimId) -> StoreResult<()> {
    let update = sql("update claims set state = 'proven' where id = $1 and state = 'contested'");
    update.bind(id).execute(tx).await.map(|_| ())
}

/// Forgets a challenge: nothing came of it.
pub async fn forget(tx: &mut Tx, id: ClaimId) -> StoreResult<()> {
    let delete = sql("delete from claims where id = $1 and state = 'challenged'");
    delete.bind(id).execute(tx).await.map(|_| ())
}

/// Forgets the challenges that nobody met: nothing came of them.
pub async fn forget_unmet(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("delete from claims where state = 'challenged' and created_at < $1");
    delete.bind(before).execute(tx).await
}

#[cfg(test)]
mod tests {
    use super::host_key;

    #[test]
    fn what_is_below_a_name_begins_as_it_does() {
        assert_eq!(host_key("blog.example.org:8443"), "org.example.blog.");
        assert!(host_key("blog.example.org").starts_with(&host_key("example.org")));
        assert!(!host_key("blog-example.org").starts_with(&host_key("example.org")));
        assert_eq!(host_key("localhost"), "localhost.");
    }
}
