//! Creators' bank accounts: the IBAN is sealed, its last four digits are shown (S1).

use jiff::Timestamp;
use obole_domain::{AccountId, Micros};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// A bank account as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct BankAccountRow {
    /// The holder's name as the bank knows it.
    pub holder: String,
    /// The sealed IBAN.
    pub iban_sealed: Vec<u8>,
    /// By which another account with the same IBAN is seen; none where it is not made yet.
    pub iban_mac: Option<[u8; 32]>,
    /// What pages show of it.
    pub iban_last4: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// Until when no payout goes there.
    pub rests_until: Timestamp,
}

/// An account's bank account.
pub async fn find(read: &mut Read, account: AccountId) -> StoreResult<Option<BankAccountRow>> {
    let select = sql("
        select holder, iban_sealed, iban_last4, set_at, rests_until, iban_mac from bank_accounts
        where account = $1");
    let row = select.bind(account).fetch_optional(read, |row| {
        Ok(BankAccountRow {
            holder: row.get(0)?,
            iban_sealed: row.get(1)?,
            iban_last4: row.get(2)?,
            set_at: row.get(3)?,
            rests_until: row.get(4)?,
            iban_mac: row.get(5)?,
        })
    });
    row.await
}

/// Sets a bank account where the one that stands was set at `before`, or where there is none.
/// False when it has changed meanwhile.
pub async fn set(
    tx: &mut Tx,
    account: AccountId,
    row: &BankAccountRow,
    before: Option<Timestamp>,
) -> StoreResult<bool> {
    let upsert = sql("
        insert into bank_accounts
            (account, holder, iban_sealed, iban_last4, set_at, rests_until, iban_mac)
        values ($1, $2, $3, $4, $5, $6, $8)
        on conflict (account) do update
        set holder = excluded.holder, iban_sealed = excluded.iban_sealed,
            iban_last4 = excluded.iban_last4, set_at = excluded.set_at,
            rests_until = excluded.rests_until, iban_mac = excluded.iban_mac
        where bank_accounts.set_at = $7");
    let upsert = upsert.bind(account).bind(&row.holder).bind(row.iban_sealed.as_slice());
    let upsert = upsert.bind(&row.iban_last4).bind(row.set_at).bind(row.rests_until);
    Ok(upsert.bind(before).bind(row.iban_mac).execute(tx).await? == 1)
}

/// What payouts need to know of the account they go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayeeRow {
    /// Whether its mail address is confirmed (A3).
    pub is_confirmed: bool,
    /// The threshold it set for itself; nothing where it set none.
    pub threshold: Micros,
}

/// An account as a payee.
pub async fn payee(read: &mut Read, account: AccountId) -> StoreResult<Option<PayeeRow>> {
    let select = sql("
        select email_confirmed_at, payout_threshold_micros from accounts
        where id = $1");
    let row = select.bind(account).fetch_optional(read, |row| {
        let confirmed_at: Option<Timestamp> = row.get(0)?;
        Ok(PayeeRow { is_confirmed: confirmed_at.is_some(), threshold: row.get(1)? })
    });
    row.await
}

/// Sets the smallest payout that an account wants.
pub async fn set_threshold(tx: &mut Tx, account: AccountId, threshold: Micros) -> StoreResult<()> {
    let update = sql("update accounts set payout_threshold_micros = $2 where id = $1");
    update.bind(account).bind(threshold).execute(tx).await.map(|_| ())
}
