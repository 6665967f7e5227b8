//! The ledger's rows: entries, postings, balances, holds. [`post`] is the one function that writes
//! a balance (L3).

mod history;

use jiff::Timestamp;
use obole_domain::ledger::{Balance, Entry, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, Currency, Micros, Money, Period, Refusal};
use uuid::Uuid;

use crate::db::{Engine, Read, Row, Sql, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

use history::reason_at;
pub use history::{Movement, history};

/// What changes on one ledger account: what is booked on it, and how much more of it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    account: LedgerAccount,
    amount: Micros,
    held: Micros,
    /// Whether something is booked on it, even where it comes to nothing in the end.
    is_booked: bool,
}

impl Change {
    /// What an entry books, by ledger account in ascending order (D6).
    fn lines(entry: &Entry) -> Vec<Self> {
        let change = |line: &Posting| {
            let (account, amount) = (line.account, line.amount);
            Self { account, amount, held: Micros::ZERO, is_booked: true }
        };
        entry.postings().iter().map(change).collect()
    }

    /// Holds that change.
    fn holds(held: &[(LedgerAccount, Micros)]) -> Vec<Self> {
        let change = |(account, held): &(LedgerAccount, Micros)| Self {
            account: *account,
            amount: Micros::ZERO,
            held: *held,
            is_booked: false,
        };
        held.iter().map(change).collect()
    }
}

/// Books an entry: its lines, its balances, in the caller's transaction. Gives its sequence number.
///
/// Refused with [`Refusal::NotEnough`] where a guarded ledger account would go below what it holds
/// (L4), and with [`StoreError::Conflict`] where the fact is booked already (L5) or the entry it
/// reverses has been reversed (L2).
pub async fn post(tx: &mut Tx, now: Timestamp, entry: &Entry) -> StoreResult<i64> {
    let seq = insert_entry(tx, now, entry).await?;
    if !apply(tx, &Change::lines(entry)).await? {
        return Err(short_of(tx, entry.postings()).await?.into());
    }
    insert_postings(tx, &[(seq, entry)]).await?;
    Ok(seq)
}

/// Books entries together with holds that change, each ledger account written once: what a chunk
/// of a settlement does. A hold that ends pays for what is booked (L4).
///
/// An error where a guarded ledger account cannot bear it, since its money was held for it.
pub async fn post_all(
    tx: &mut Tx,
    now: Timestamp,
    entries: &[Entry],
    held: &[(LedgerAccount, Micros)],
) -> StoreResult<()> {
    let mut changes = Change::holds(held);
    let mut booked = Vec::with_capacity(entries.len());
    for entry in entries {
        booked.push((insert_entry(tx, now, entry).await?, entry));
        changes.extend(Change::lines(entry));
    }
    if !apply(tx, &joined(changes)?).await? {
        return Err(StoreError::Database("more than ledger accounts hold for it".to_owned()));
    }
    insert_postings(tx, &booked).await
}

/// One change for each ledger account, in ascending order (D6).
fn joined(mut changes: Vec<Change>) -> StoreResult<Vec<Change>> {
    changes.sort_by_key(|change| change.account);
    let mut joined: Vec<Change> = Vec::with_capacity(changes.len());
    for change in changes {
        match joined.last_mut().filter(|last| last.account == change.account) {
            Some(last) => {
                last.amount = last.amount.plus(change.amount)?;
                last.held = last.held.plus(change.held)?;
                last.is_booked |= change.is_booked;
            }
            None => joined.push(change),
        }
    }
    let is_nothing = |change: &Change| change.amount == Micros::ZERO && change.held == Micros::ZERO;
    joined.retain(|change| change.is_booked || !is_nothing(change));
    Ok(joined)
}

/// Writes balances and held amounts, in the order given; ledger accounts are made where they are
/// missing. False, with some written, where one cannot bear its change (L4).
async fn apply(tx: &mut Tx, changes: &[Change]) -> StoreResult<bool> {
    let names: Vec<Vec<Value>> = changes.iter().map(|change| name(&change.account)).collect();
    // What is guarded and gives or holds must be there already.
    let may_miss = |change: &&Change| {
        let passes_through = change.is_booked && change.amount == Micros::ZERO;
        !change.account.kind.is_guarded() || change.amount < Micros::ZERO || passes_through
    };
    let new: Vec<_> = changes.iter().filter(may_miss).map(|c| name(&c.account)).collect();
    let make = "
        insert into ledger_accounts (owner, kind, currency, period) values ($1, $2, $3, $4)
        on conflict do nothing";
    sql(make).execute_many(tx, &new).await?;
    let update = match tx.engine() {
        Engine::Sqlite => {
            "
            update ledger_accounts
            set balance_micros = balance_micros + $5, held_micros = held_micros + $6
            where owner = $1 and kind = $2 and currency = $3 and period = $4
                and held_micros + $6 >= 0 and (
                    balance_micros + $5 + held_micros + $6 <= 0 or ($5 = 0 and $6 <= 0)
                    or (kind <> 'wallet' and kind <> 'earnings' and kind <> 'pool'
                        and kind <> 'vouchers' and kind <> 'in_transit'))"
        }
        // All rows at once; who is to wait for whom is settled by the rows' order on the way in.
        Engine::Postgres => {
            "
            update ledger_accounts a
            set balance_micros = a.balance_micros + v.column5,
                held_micros = a.held_micros + v.column6
            from (values (cast($1 as uuid), cast($2 as text), cast($3 as text), cast($4 as bigint),
                cast($5 as bigint), cast($6 as bigint))) as v
            where a.owner = v.column1 and a.kind = v.column2 and a.currency = v.column3
                and a.period = v.column4 and a.held_micros + v.column6 >= 0 and (
                    a.kind not in ('wallet', 'earnings', 'pool', 'vouchers', 'in_transit')
                    or a.balance_micros + v.column5 + a.held_micros + v.column6 <= 0
                    or (v.column5 = 0 and v.column6 <= 0))"
        }
    };
    let rows = names.into_iter().zip(changes).map(|(mut row, change)| {
        row.extend([change.amount.into(), change.held.into()]);
        row
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    Ok(sql(update).execute_many(tx, &rows).await? == rows.len() as u64)
}

/// Writes the lines of entries, by ledger account.
async fn insert_postings(tx: &mut Tx, booked: &[(i64, &Entry)]) -> StoreResult<()> {
    let insert = "
        insert into postings (owner, kind, currency, period, entry, amount_micros)
        values ($1, $2, $3, $4, $5, $6)";
    let rows = booked.iter().flat_map(|(seq, entry)| {
        entry.postings().iter().map(|line| {
            let mut row = name(&line.account);
            row.extend([(*seq).into(), line.amount.into()]);
            row
        })
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
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
async fn short_of(tx: &mut Tx, lines: &[Posting]) -> StoreResult<Refusal> {
    for line in lines {
        let guarded = line.account.kind.is_guarded() && line.amount.is_positive();
        let balance = balance(tx, line.account).await?;
        let available = balance.available();
        // Lines of other accounts may have been booked before this one was refused.
        if guarded && (available.amount < line.amount || available.amount < Micros::ZERO) {
            return Ok(Refusal::NotEnough { available });
        }
    }
    let first = lines.first().map_or(Currency::EUR, |line| line.account.currency);
    Ok(Refusal::NotEnough { available: Money::new(Micros::ZERO, first) })
}

/// The columns that name a ledger account.
pub(crate) fn name(account: &LedgerAccount) -> Vec<Value> {
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

/// Keeps others from changing a ledger account until the transaction ends; makes it where it is
/// missing (D6).
pub(crate) async fn lock(tx: &mut Tx, account: LedgerAccount) -> StoreResult<()> {
    let make = sql("
        insert into ledger_accounts (owner, kind, currency, period) values ($1, $2, $3, $4)
        on conflict do nothing");
    name(&account).into_iter().fold(make, Sql::bind).execute(tx).await?;
    let select = sql("
        select held_micros from ledger_accounts
        where owner = $1 and kind = $2 and currency = $3 and period = $4");
    let select = name(&account).into_iter().fold(select, Sql::bind).locked();
    select.fetch_one(tx, |row| row.get::<Micros>(0)).await.map(|_| ())
}

/// Sets an amount aside on a ledger account. Refused where less is available.
pub async fn hold(tx: &mut Tx, account: LedgerAccount, held: Micros) -> StoreResult<()> {
    let change = Change { account, amount: Micros::ZERO, held, is_booked: false };
    if apply(tx, &[change]).await? {
        return Ok(());
    }
    let available = balance(tx, account).await?.available();
    Err(Refusal::NotEnough { available }.into())
}

/// Frees an amount that was set aside.
pub async fn release(tx: &mut Tx, account: LedgerAccount, amount: Micros) -> StoreResult<()> {
    hold(tx, account, amount.negated()?).await
}

/// The same for many ledger accounts at once; amounts below zero free.
pub async fn change_held_many(tx: &mut Tx, held: &[(LedgerAccount, Micros)]) -> StoreResult<()> {
    if apply(tx, &joined(Change::holds(held))?).await? {
        return Ok(());
    }
    Err(StoreError::Database("a hold that the ledger accounts cannot bear".to_owned()))
}

/// The lines of an entry, for its reversal and the exports.
pub async fn postings_of(read: &mut Read, seq: i64) -> StoreResult<Vec<Posting>> {
    let select = sql("
        select owner, kind, currency, period, amount_micros from postings
        where entry = $1
        order by kind, owner, currency, period");
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
        select owner, kind, currency, period, amount_micros, entry from postings
        where entry >= $1 and entry <= $2
        order by entry, kind, owner, currency, period");
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
