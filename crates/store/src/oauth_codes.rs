//! Rows of codes (O1): each is exchanged once, under the hash of its text.

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::client::ClientId;
use obole_domain::grant::GrantId;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// A code as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// Who said yes.
    pub account: AccountId,
    /// Whom it was given to.
    pub client: ClientId,
    /// What it allows, as one text.
    pub scopes: String,
    /// Where it was sent.
    pub redirect: String,
    /// Whether the request named that address, so that the exchange has to.
    pub is_redirect_named: bool,
    /// The challenge that the exchange has to answer; empty for legacy clients only.
    pub challenge: String,
    /// Until when it can be exchanged.
    pub expires_at: Timestamp,
    /// What came of it, once it was.
    pub grant: Option<GrantId>,
}

/// Stores a code.
pub async fn insert(tx: &mut Tx, hash: [u8; 32], code: &CodeRow) -> StoreResult<()> {
    let insert = sql("
        insert into oauth_codes
            (hash, account, client, scopes, redirect, is_redirect_named, challenge, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let insert = insert.bind(hash).bind(code.account).bind(code.client).bind(&code.scopes);
    let insert = insert.bind(&code.redirect).bind(code.is_redirect_named).bind(&code.challenge);
    insert.bind(code.expires_at).execute(tx).await.map(|_| ())
}

/// A code, used or not.
pub async fn find(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<CodeRow>> {
    let select = sql("
        select account, client, scopes, redirect, is_redirect_named, challenge, expires_at, of_grant
        from oauth_codes
        where hash = $1");
    let row = select.bind(hash).fetch_optional(read, |row| {
        Ok(CodeRow {
            account: row.get(0)?,
            client: row.get(1)?,
            scopes: row.get(2)?,
            redirect: row.get(3)?,
            is_redirect_named: row.get(4)?,
            challenge: row.get(5)?,
            expires_at: row.get(6)?,
            grant: row.get(7)?,
        })
    });
    row.await
}

/// Uses a code up for a grant; false where somebody was faster: the guard stands in the statement.
pub async fn use_up(tx: &mut Tx, hash: [u8; 32], grant: GrantId) -> StoreResult<bool> {
    let update = sql("
        update oauth_codes set of_grant = $2
        where hash = $1 and of_grant is null");
    Ok(update.bind(hash).bind(grant).execute(tx).await? == 1)
}

/// Forgets codes that ended before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from oauth_codes where expires_at < $1").bind(before).execute(tx).await
}
