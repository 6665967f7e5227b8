//! The ledger's rows: entries, postings, balances, holds. [`post`] is the one function that writes
//! a balance (L3).

use jiff::Timestamp;
use obole_domain::ledger::{Balance, Entry, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, Currency, Micros, Money, Period, Refusal};
use uuid::Uuid;

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// Finds a ledger account by its name.
const FIND: &str = "
    select id from ledger_accounts
    where owner = $1 and kind = $2 and currency = $3 and period = $4";

/// Books an entry: its lines, its balances, in the caller's transaction. Gives its sequence number.
///
/// Refused with [`Refusal::NotEnough`] where a guarded ledger account would go below what it holds
/// (L4), and with [`StoreError::Conflict`] where the fact is booked already (L5) or the entry it
/// reverses has been reversed (L2).
pub async fn post(tx: &mut Tx, now: Timestamp, entry: &Entry) -> StoreResult<i64> {
    let accounts: Vec<LedgerAccount> = entry.postings().iter().map(|line| line.account).collect();
    let ids = ids(tx, &accounts).await?;
    let seq = insert_entry(tx, now, entry).await?;
    let mut lines: Vec<(i64, Posting)> = ids.into_iter().zip(entry.postings().to_vec()).collect();
    lines.sort_unstable_by_key(|(id, _)| *id);

    let update = "
        update ledger_accounts set balance_micros = balance_micros + $2
        where id = $1 and (
            kind not in ('wallet', 'earnings', 'pool', 'vouchers', 'in_transit')
            or balance_micros + $2 + held_micros <= 0)";
    let rows: Vec<Vec<Value>> =
        lines.iter().map(|(id, line)| vec![(*id).into(), line.amount.into()]).collect();
    let changed = sql(update).execute_many(tx, &rows).await?;
    if changed != rows.len() as u64 {
        return Err(short_of(tx, &lines).await?.into());
    }
    let insert = "insert into postings (account, entry, amount_micros) values ($1, $2, $3)";
    let rows: Vec<Vec<Value>> =
        lines.iter().map(|(id, line)| vec![(*id).into(), seq.into(), line.amount.into()]).collect();
    sql(insert).execute_many(tx, &rows).await?;
    Ok(seq)
}

/// Writes the entry's own row.
async fn insert_entry(tx: &mut Tx, now: Timestamp, entry: &Entry) -> StoreResult<i64> {
    let fact = entry.fact();
    let insert = sql("
        insert into entries (at, reason, source, external_id, effect, reverses)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing
        returning seq");
    let insert = insert.bind(now).bind(entry.reason().code());
    let insert = insert.bind(fact.source).bind(&fact.external_id).bind(fact.effect);
    let seq = insert.bind(entry.reverses()).fetch_optional(tx, |row| row.get(0)).await?;
    let booked = || StoreError::Conflict(format!("booked already: {fact:?}"));
    seq.ok_or_else(booked)
}

/// The refusal for the first line that its ledger account cannot bear.
async fn short_of(tx: &mut Tx, lines: &[(i64, Posting)]) -> StoreResult<Refusal> {
    for (_, line) in lines {
        let guarded = line.account.kind.is_guarded() && line.amount.is_positive();
        let balance = balance(tx, line.account).await?;
        let available = balance.available();
        // Lines of other accounts may have been booked before this one was refused.
        if guarded && (available.amount < line.amount || available.amount < Micros::ZERO) {
            return Ok(Refusal::NotEnough { available });
        }
    }
    let first = lines.first().map_or(Currency::EUR, |(_, line)| line.account.currency);
    Ok(Refusal::NotEnough { available: Money::new(Micros::ZERO, first) })
}

/// The ids of ledger accounts, made where they are missing.
async fn ids(tx: &mut Tx, accounts: &[LedgerAccount]) -> StoreResult<Vec<i64>> {
    let names: Vec<Vec<Value>> = accounts.iter().map(name).collect();
    let found: Vec<Option<i64>> = sql(FIND).fetch_many(tx, &names, |row| row.get(0)).await?;
    let missing: Vec<Vec<Value>> = names
        .iter()
        .zip(&found)
        .filter(|(_, id)| id.is_none())
        .map(|(name, _)| name.clone())
        .collect();
    if missing.is_empty() {
        return Ok(found.into_iter().flatten().collect());
    }
    let insert = "
        insert into ledger_accounts (owner, kind, currency, period) values ($1, $2, $3, $4)
        on conflict do nothing";
    sql(insert).execute_many(tx, &missing).await?;
    let found = sql(FIND).fetch_many(tx, &names, |row| row.get(0)).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The id of a ledger account, made where it is missing.
pub(crate) async fn id(tx: &mut Tx, account: LedgerAccount) -> StoreResult<i64> {
    let ids = ids(tx, &[account]).await?;
    ids.first().copied().ok_or_else(|| StoreError::Database("no ledger account".to_owned()))
}

/// The columns that name a ledger account.
fn name(account: &LedgerAccount) -> Vec<Value> {
    let owner = account.owner.map_or(Uuid::nil(), AccountId::uuid);
    let period = account.period.map_or(0, Period::number);
    vec![owner.into(), account.kind.code().into(), account.currency.into(), period.into()]
}

/// Reads back what [`name`] wrote, from four columns on.
fn account_at(row: &Row<'_>, place: usize) -> StoreResult<LedgerAccount> {
    let owner: Uuid = row.get(place)?;
    let kind: String = row.get(place + 1)?;
    let kind = LedgerKind::from_code(&kind);
    let period: i64 = row.get(place + 3)?;
    Ok(LedgerAccount {
        kind: kind.ok_or_else(|| StoreError::Corrupt("ledger_accounts.kind".to_owned()))?,
        owner: (!owner.is_nil()).then(|| AccountId::new(owner)),
        currency: row.get(place + 2)?,
        period: if period == 0 { None } else { Period::from_number(period) },
    })
}

/// What a ledger account has, as a positive amount for what is owed to its owner, and what waits.
pub async fn balance(read: &mut Read, account: LedgerAccount) -> StoreResult<Balance> {
    let select = sql("
        select balance_micros, held_micros from ledger_accounts
        where owner = $1 and kind = $2 and currency = $3 and period = $4");
    let select = name(&account).into_iter().fold(select, |select, value| select.bind(value));
    let found: Option<(Micros, Micros)> =
        select.fetch_optional(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let Some((sum, held)) = found else { return Ok(Balance::empty(account.currency)) };
    Ok(Balance { total: Money::new(sum.negated()?, account.currency), held })
}

/// The balances of an account's wallets or earnings, by currency.
pub async fn balances(
    read: &mut Read,
    owner: AccountId,
    kind: LedgerKind,
) -> StoreResult<Vec<Balance>> {
    let select = sql("
        select currency, balance_micros, held_micros from ledger_accounts
        where owner = $1 and kind = $2 and period = 0
        order by currency");
    let rows = select.bind(owner).bind(kind.code()).fetch_all(read, |row| {
        let sum: Micros = row.get(1)?;
        Ok(Balance { total: Money::new(sum.negated()?, row.get(0)?), held: row.get(2)? })
    });
    rows.await
}

/// Sets an amount aside on a ledger account. Refused where less is available.
pub async fn hold(tx: &mut Tx, account: LedgerAccount, amount: Micros) -> StoreResult<()> {
    change_held(tx, account, amount).await
}

/// Frees an amount that was set aside.
pub async fn release(tx: &mut Tx, account: LedgerAccount, amount: Micros) -> StoreResult<()> {
    change_held(tx, account, amount.negated()?).await
}

async fn change_held(tx: &mut Tx, account: LedgerAccount, amount: Micros) -> StoreResult<()> {
    let id = id(tx, account).await?;
    let update = sql("
        update ledger_accounts set held_micros = held_micros + $2
        where id = $1 and held_micros + $2 >= 0
            and (balance_micros + held_micros + $2 <= 0 or $2 <= 0)");
    if update.bind(id).bind(amount).execute(tx).await? == 1 {
        return Ok(());
    }
    let available = balance(tx, account).await?.available();
    Err(Refusal::NotEnough { available }.into())
}

/// The same for many at once, in ascending order of ledger account; amounts below zero free.
pub async fn change_held_many(tx: &mut Tx, changes: &[(LedgerAccount, Micros)]) -> StoreResult<()> {
    let accounts: Vec<LedgerAccount> = changes.iter().map(|(account, _)| *account).collect();
    let ids = ids(tx, &accounts).await?;
    let mut rows: Vec<(i64, Micros)> =
        ids.into_iter().zip(changes).map(|(id, (_, amount))| (id, *amount)).collect();
    rows.retain(|(_, amount)| *amount != Micros::ZERO);
    rows.sort_unstable();
    let rows: Vec<Vec<Value>> =
        rows.into_iter().map(|(id, amount)| vec![id.into(), amount.into()]).collect();
    let update = "
        update ledger_accounts set held_micros = held_micros + $2
        where id = $1 and held_micros + $2 >= 0
            and (balance_micros + held_micros + $2 <= 0 or $2 <= 0)";
    let changed = sql(update).execute_many(tx, &rows).await?;
    if changed == rows.len() as u64 {
        return Ok(());
    }
    Err(StoreError::Database("a hold that the ledger accounts cannot bear".to_owned()))
}

/// A posting as its ledger account's history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The entry's number, newest first; the cursor.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// Which thing of the source, such as a payout's id or `2026-11/…`.
    pub external_id: String,
    /// Positive for money that came, negative for money that went.
    pub amount: Money,
}

/// The movements of an account's wallets or earnings, newest first, before an entry's number.
pub async fn history(
    read: &mut Read,
    owner: AccountId,
    kind: LedgerKind,
    page: (i64, i64),
) -> StoreResult<Vec<Movement>> {
    let (before, limit) = page;
    let select = sql("
        select e.seq, e.at, e.reason, e.external_id, p.amount_micros, a.currency
        from ledger_accounts a
        join postings p on p.account = a.id
        join entries e on e.seq = p.entry
        where a.owner = $1 and a.kind = $2 and e.seq < $3
        order by e.seq desc, a.currency
        limit $4");
    let select = select.bind(owner).bind(kind.code()).bind(before).bind(limit);
    let rows = select.fetch_all(read, |row| {
        let amount: Micros = row.get(4)?;
        Ok(Movement {
            seq: row.get(0)?,
            at: row.get(1)?,
            reason: reason_at(row, 2)?,
            external_id: row.get(3)?,
            amount: Money::new(amount.negated()?, row.get(5)?),
        })
    });
    rows.await
}

fn reason_at(row: &Row<'_>, place: usize) -> StoreResult<Reason> {
    let code: String = row.get(place)?;
    Reason::from_code(&code).ok_or_else(|| StoreError::Corrupt("entries.reason".to_owned()))
}

/// The lines of an entry, for its reversal and the exports.
pub async fn postings_of(read: &mut Read, seq: i64) -> StoreResult<Vec<Posting>> {
    let select = sql("
        select a.owner, a.kind, a.currency, a.period, p.amount_micros
        from postings p
        join ledger_accounts a on a.id = p.account
        where p.entry = $1
        order by a.id");
    let rows = select
        .bind(seq)
        .fetch_all(read, |row| Ok(Posting { account: account_at(row, 0)?, amount: row.get(4)? }));
    rows.await
}

/// An entry as the exports show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
    /// What it books: source, which one, effect.
    pub fact: String,
    /// The entry that it undoes.
    pub reverses: Option<i64>,
    /// Its lines, by ledger account.
    pub postings: Vec<Posting>,
}

/// Entries after a number in their order, at most `limit`, within `[from, to)`.
pub async fn entries_after(
    read: &mut Read,
    after: i64,
    span: (Timestamp, Timestamp),
    limit: i64,
) -> StoreResult<Vec<Booked>> {
    let select = sql("
        select seq, at, reason, source, external_id, effect, reverses from entries
        where seq > $1 and at >= $2 and at < $3
        order by seq
        limit $4");
    let select = select.bind(after).bind(span.0).bind(span.1).bind(limit);
    let rows = select.fetch_all(read, |row| {
        let (source, id, effect): (String, String, String) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        Ok(Booked {
            seq: row.get(0)?,
            at: row.get(1)?,
            reason: reason_at(row, 2)?,
            fact: format!("{source} {id} {effect}"),
            reverses: row.get(6)?,
            postings: Vec::new(),
        })
    });
    let mut entries: Vec<Booked> = rows.await?;
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(entries) };
    let select = sql("
        select a.owner, a.kind, a.currency, a.period, p.amount_micros, p.entry
        from postings p
        join ledger_accounts a on a.id = p.account
        where p.entry >= $1 and p.entry <= $2
        order by p.entry, a.id");
    let postings: Vec<(i64, Posting)> = select
        .bind(first.seq)
        .bind(last.seq)
        .fetch_all(read, |row| {
            Ok((row.get(5)?, Posting { account: account_at(row, 0)?, amount: row.get(4)? }))
        })
        .await?;
    // Both are in the order of entries; those outside the span have postings here too.
    let mut rest = entries.iter_mut().peekable();
    for (seq, posting) in postings {
        while rest.peek().is_some_and(|entry| entry.seq < seq) {
            rest.next();
        }
        if let Some(entry) = rest.peek_mut().filter(|entry| entry.seq == seq) {
            entry.postings.push(posting);
        }
    }
    Ok(entries)
}
