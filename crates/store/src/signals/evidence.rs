//! What signals are found in: who shares a browser or a bank account, who lives on which vouchers,
//! who came when, who clicked by hand.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use obole_domain::signal::{HandClick, Redeemed};
use obole_domain::{AccountId, Currency, Period};

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;
use crate::freeze::Range;

/// Accounts that share a browser or a bank account, group by group.
pub async fn shared(read: &mut Read) -> StoreResult<Vec<BTreeSet<AccountId>>> {
    let browsers = sql("
        select hash, account from devices
        where hash in (select hash from devices group by hash having count(*) > 1)
        order by hash, account");
    let banks = sql("
        select iban_mac, account from bank_accounts
        where iban_mac in (
            select iban_mac from bank_accounts
            where iban_mac is not null
            group by iban_mac having count(*) > 1)
        order by iban_mac, account");
    let mut groups = Vec::new();
    for select in [browsers, banks] {
        let rows: Vec<(Vec<u8>, AccountId)> =
            select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
        let each = rows.chunk_by(|one, other| one.0 == other.0);
        groups.extend(each.map(|rows| rows.iter().map(|(_, account)| *account).collect()));
    }
    Ok(groups)
}

/// Vouchers that were redeemed within a time, batch by batch.
pub async fn vouchers(
    read: &mut Read,
    currency: Currency,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<Redeemed>> {
    let select = sql("
        select batch, redeemed_by, cast(sum(amount_micros) as bigint) from vouchers
        where currency = $1 and redeemed_at >= $2 and redeemed_at < $3 and redeemed_by is not null
        group by batch, redeemed_by
        order by batch, redeemed_by");
    let rows = select.bind(currency).bind(from).bind(to).fetch_all(read, |row| {
        Ok(Redeemed { batch: row.get(0)?, patron: row.get(1)?, amount: row.get(2)? })
    });
    rows.await
}

/// How many accounts there are.
pub async fn accounts(read: &mut Read) -> StoreResult<i64> {
    sql("select count(*) from accounts").fetch_one(read, |row| row.get(0)).await
}

/// The accounts that were opened within a time, and when.
pub async fn opened(
    read: &mut Read,
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<BTreeMap<AccountId, Timestamp>> {
    let select =
        sql("select id, created_at from accounts where created_at >= $1 and created_at < $2");
    let rows =
        select.bind(from).bind(to).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

/// Who received something in some months, alone or in a team.
pub async fn payees(
    read: &mut Read,
    currency: Currency,
    (from, to): (Period, Period),
) -> StoreResult<BTreeSet<AccountId>> {
    let select = sql("
        select payee from credits where currency = $1 and period >= $2 and period <= $3
        union
        select member from team_credits where currency = $1 and period >= $2 and period <= $3");
    let rows = select.bind(currency).bind(from).bind(to);
    Ok(rows.fetch_all(read, |row| row.get(0)).await?.into_iter().collect())
}

/// Hands the clicks that a range of patrons made by hand on, without keeping any.
pub async fn each_hand_click(
    read: &mut Read,
    period: Period,
    range: Range,
    mut each: impl FnMut(HandClick) + Send,
) -> StoreResult<()> {
    let select = sql("
        select patron, work, first_at from clicks
        where period = $1 and patron > $2 and patron <= $3
            and way <> 'carried' and way <> 'subscription'
        order by patron, work");
    let clicks = select.bind(period).bind(range.after).bind(range.last).for_each(read, |row| {
        each(HandClick { patron: row.get(0)?, work: row.get(1)?, at: row.get(2)? });
        Ok(())
    });
    clicks.await
}

/// The bank accounts of which it is not known yet whether they are shared, sealed.
pub async fn unmarked_banks(read: &mut Read) -> StoreResult<Vec<(AccountId, Vec<u8>)>> {
    let select = sql("select account, iban_sealed from bank_accounts where iban_mac is null");
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Marks bank accounts, unless they have changed meanwhile.
pub async fn mark_banks(tx: &mut Tx, marks: &[(AccountId, Vec<u8>, [u8; 32])]) -> StoreResult<()> {
    let update = "
        update bank_accounts set iban_mac = $3
        where account = $1 and iban_sealed = $2";
    for (account, sealed, mac) in marks {
        let row: Vec<Value> = vec![(*account).into(), sealed.as_slice().into(), (*mac).into()];
        sql(update).execute_many(tx, &[row]).await?;
    }
    Ok(())
}
