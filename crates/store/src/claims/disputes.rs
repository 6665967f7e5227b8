//! Disputes' rows: who disputes whose claim of what, what both say, how it ended (C6).

use jiff::Timestamp;
use obole_domain::claim::{DisputeId, DisputeState, Reach};
use obole_domain::{AccountId, ClaimId, Handle, Period, WorkId};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

use super::spread;

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisputeRow {
    /// Its id.
    pub id: DisputeId,
    /// The claim that decides.
    pub claim: ClaimId,
    /// Whose that is, and their public name.
    pub holder: (AccountId, Handle),
    /// Who disputes it, and their public name.
    pub filer: (AccountId, Handle),
    /// The claim that the filer proved; none on an administrator's word.
    pub by_claim: Option<ClaimId>,
    /// How far it goes.
    pub reach: Reach,
    /// What the filer says.
    pub words: String,
    /// What the holder says; empty where they have not.
    pub answer: String,
    /// Where it stands.
    pub state: DisputeState,
    /// Why it ended so.
    pub reason: String,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When the holder answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

fn broken(column: &str) -> StoreError {
    StoreError::Corrupt(format!("disputes.{column}"))
}

fn dispute_at(row: &Row<'_>) -> StoreResult<DisputeRow> {
    let (reach, state): (String, String) = (row.get(7)?, row.get(10)?);
    Ok(DisputeRow {
        id: row.get(0)?,
        claim: row.get(1)?,
        holder: (row.get(2)?, row.get(3)?),
        filer: (row.get(4)?, row.get(5)?),
        by_claim: row.get(6)?,
        reach: Reach::from_key(&reach).ok_or_else(|| broken("reach"))?,
        words: row.get(8)?,
        answer: row.get(9)?,
        state: DisputeState::from_code(&state).ok_or_else(|| broken("state"))?,
        reason: row.get(11)?,
        filed_at: row.get(12)?,
        answered_at: row.get(13)?,
        ended_at: row.get(14)?,
    })
}

/// Selects the columns of [`DisputeRow`].
macro_rules! disputes {
    ($rest:literal) => {
        sql(concat!(
            "
        select d.id, d.claim, d.holder, h.handle, d.filer, f.handle, d.by_claim, d.reach, d.words,
            d.answer, d.state, d.reason, d.filed_at, d.answered_at, d.ended_at
        from disputes d join accounts h on h.id = d.holder join accounts f on f.id = d.filer
        ",
            $rest
        ))
    };
}

/// A dispute that is about to be filed.
#[derive(Clone, Debug)]
pub struct NewDispute<'new> {
    /// Its id.
    pub id: DisputeId,
    /// The claim that decides, and whose that is.
    pub claim: (ClaimId, AccountId),
    /// Who disputes it.
    pub filer: AccountId,
    /// The claim that they proved.
    pub by_claim: Option<ClaimId>,
    /// How far it goes.
    pub reach: &'new Reach,
    /// What they say.
    pub words: &'new str,
    /// When.
    pub filed_at: Timestamp,
}

/// Files a dispute. False where the same one is open.
pub async fn file(tx: &mut Tx, new: &NewDispute<'_>) -> StoreResult<bool> {
    let insert = sql("
        insert into disputes (id, claim, holder, filer, by_claim, reach, words, state, filed_at)
        values ($1, $2, $3, $4, $5, $6, $7, 'open', $8)
        on conflict do nothing");
    let insert = insert.bind(new.id).bind(new.claim.0).bind(new.claim.1).bind(new.filer);
    let insert = insert.bind(new.by_claim).bind(new.reach.key()).bind(new.words);
    Ok(insert.bind(new.filed_at).execute(tx).await? == 1)
}

/// A dispute, kept from others until the transaction ends.
pub async fn locked(tx: &mut Tx, id: DisputeId) -> StoreResult<Option<DisputeRow>> {
    let lock = sql("select id from disputes where id = $1").bind(id).locked();
    if lock.fetch_optional(tx, |row| row.get::<DisputeId>(0)).await?.is_none() {
        return Ok(None);
    }
    disputes!("where d.id = $1").bind(id).fetch_optional(tx, dispute_at).await
}

/// The disputes that an account filed or holds, the newest first.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
    limit: i64,
) -> StoreResult<Vec<DisputeRow>> {
    let select = disputes!(
        "where d.filer = $1 or d.holder = $1
        order by d.filed_at desc, d.id
        limit $2"
    );
    select.bind(account).bind(limit).fetch_all(read, dispute_at).await
}

/// How many disputes of an account are open.
pub async fn count_open(read: &mut Read, filer: AccountId) -> StoreResult<i64> {
    let select = sql("select count(*) from disputes where filer = $1 and state = 'open'");
    select.bind(filer).fetch_one(read, |row| row.get(0)).await
}

/// The disputes about a claim or by it, the newest first.
pub async fn about(read: &mut Read, claim: ClaimId, limit: i64) -> StoreResult<Vec<DisputeRow>> {
    let select = disputes!(
        "where d.claim = $1 or d.by_claim = $1
        order by d.filed_at desc, d.id
        limit $2"
    );
    select.bind(claim).bind(limit).fetch_all(read, dispute_at).await
}

/// How many disputes are open.
pub async fn waiting(read: &mut Read) -> StoreResult<i64> {
    let select = sql("select count(*) from disputes where state = 'open'");
    select.fetch_one(read, |row| row.get(0)).await
}

/// The open disputes, those that wait longest first.
pub async fn open(read: &mut Read, limit: i64) -> StoreResult<Vec<DisputeRow>> {
    let select = disputes!(
        "where d.state = 'open'
        order by d.filed_at, d.id
        limit $1"
    );
    select.bind(limit).fetch_all(read, dispute_at).await
}

/// The open disputes that end with a claim, whichever side's it is.
pub async fn open_with(read: &mut Read, claim: ClaimId) -> StoreResult<Vec<DisputeRow>> {
    let select = disputes!(
        "where d.state = 'open' and (d.claim = $1 or d.by_claim = $1)
        order by d.id"
    );
    select.bind(claim).fetch_all(read, dispute_at).await
}

/// The open disputes over a claim are over another one of its holder from now on.
pub async fn move_to(tx: &mut Tx, from: ClaimId, to: ClaimId) -> StoreResult<()> {
    let update = sql("update disputes set claim = $2 where claim = $1 and state = 'open'");
    update.bind(from).bind(to).execute(tx).await.map(|_| ())
}

/// Whether the same was disputed before, however that ended.
pub async fn was_disputed(
    read: &mut Read,
    (filer, holder): (AccountId, AccountId),
    reach: &Reach,
) -> StoreResult<bool> {
    let select = sql("
        select count(*) from disputes where filer = $1 and holder = $2 and reach = $3");
    let count: i64 =
        select.bind(filer).bind(holder).bind(reach.key()).fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// What the holder says. False where it is not open, or they have said so before.
pub async fn answer(
    tx: &mut Tx,
    id: DisputeId,
    (words, now): (&str, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update disputes set answer = $2, answered_at = $3
        where id = $1 and state = 'open' and answered_at is null");
    Ok(update.bind(id).bind(words).bind(now).execute(tx).await? == 1)
}

/// Ends a dispute, with the reason and the administrator who gave it. True once.
pub async fn end(
    tx: &mut Tx,
    id: DisputeId,
    (state, reason): (DisputeState, &str),
    (by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update disputes set state = $2, reason = $3, decided_by = $4, ended_at = $5
        where id = $1 and state = 'open'");
    let update = update.bind(id).bind(state.code()).bind(reason).bind(by).bind(now);
    Ok(update.execute(tx).await? == 1)
}

/// How many works are looked at in one statement.
const CHUNK: i64 = 500;

/// Takes the works of open disputes out of what a settlement froze: what is given to them is
/// promised. In the transaction that freezes the works.
pub async fn keep_from_freeze(tx: &mut Tx, period: Period) -> StoreResult<()> {
    for dispute in open(tx, i64::MAX).await? {
        let mut after = String::new();
        loop {
            let (works, next) = spread::next_chunk(tx, (&dispute.reach, &after), CHUNK).await?;
            let disputed = works.iter().filter(|work| work.claim == Some(dispute.claim));
            let rows: Vec<Vec<Value>> = disputed.map(|work| row(period, work.work)).collect();
            let delete = "
                delete from frozen_works where period = $1 and work = $2 and not is_refused";
            sql(delete).execute_many(tx, &rows).await?;
            match next {
                Some(next) => after = next,
                None => break,
            }
        }
    }
    Ok(())
}

fn row(period: Period, work: WorkId) -> Vec<Value> {
    vec![period.into(), work.into()]
}
