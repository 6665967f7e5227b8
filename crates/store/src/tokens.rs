//! Tokens' rows, personal ones and those of clients: under the hash of their text (O2).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::client::ClientId;
use obole_domain::grant::GrantId;
use obole_domain::token::TokenId;

use crate::accounts::AccountRow;
use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;
use crate::versions::{self, Held};

/// A token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: TokenId,
    /// Whose it is.
    pub account: AccountId,
    /// What its owner calls it.
    pub name: String,
    /// What it allows, as one text.
    pub scopes: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The client that has it, and what it came of; none of a personal token.
    pub client: Option<(ClientId, GrantId)>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

fn token_at(row: &Row<'_>) -> StoreResult<TokenRow> {
    Ok(TokenRow {
        id: row.get(0)?,
        account: row.get(1)?,
        name: row.get(2)?,
        scopes: row.get(3)?,
        created_at: row.get(4)?,
        used_at: row.get(5)?,
        revoked_at: row.get(6)?,
        client: row.get::<Option<ClientId>>(7)?.zip(row.get(8)?),
        expires_at: row.get(9)?,
    })
}

/// Makes a token.
pub async fn insert(tx: &mut Tx, hash: [u8; 32], token: &TokenRow) -> StoreResult<()> {
    let insert = sql("
        insert into tokens
            (hash, id, account, name, scopes, created_at, client, of_grant, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let (client, grant) = token.client.unzip();
    let insert = insert.bind(hash).bind(token.id).bind(token.account).bind(&token.name);
    let insert = insert.bind(&token.scopes).bind(token.created_at).bind(client).bind(grant);
    insert.bind(token.expires_at).execute(tx).await.map(|_| ())
}

/// The token of a text's hash, with its account. Revoked ones too: the caller looks.
pub async fn find(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<(TokenRow, AccountRow)>> {
    let select = sql("
        select id, account, name, scopes, created_at, used_at, revoked_at, client, of_grant,
            expires_at
        from tokens
        where hash = $1");
    let Some(token) = select.bind(hash).fetch_optional(read, token_at).await? else {
        return Ok(None);
    };
    let account = crate::accounts::find(read, token.account).await?;
    Ok(account.map(|account| (token, account)))
}

/// Notes that a token was used.
pub async fn touch(tx: &mut Tx, id: TokenId, now: Timestamp) -> StoreResult<()> {
    let update = sql("update tokens set used_at = $2 where id = $1").bind(id).bind(now);
    update.execute(tx).await.map(|_| ())
}

/// Which of some tokens stand, their accounts not suspended.
pub async fn standing(tx: &mut Tx, ids: &[TokenId]) -> StoreResult<Vec<TokenId>> {
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![(*id).into()]).collect();
    let select = sql("
        select t.id
        from (values (cast($1 as uuid))) as v, tokens t
        join accounts a on a.id = t.account
        where t.id = v.column1 and t.revoked_at is null and a.suspended_at is null");
    select.fetch_each(tx, &rows, |row| row.get(0)).await
}

/// Whether a token stands and its account is not suspended.
pub async fn stands(read: &mut Read, id: TokenId) -> StoreResult<bool> {
    let select = sql("
        select t.id
        from tokens t
        join accounts a on a.id = t.account
        where t.id = $1 and t.revoked_at is null and a.suspended_at is null");
    let found = select.bind(id).fetch_optional(read, |row| row.get::<TokenId>(0)).await?;
    Ok(found.is_some())
}

/// Notes that some tokens were used, in the order of their ids (D6).
pub async fn touch_each(tx: &mut Tx, ids: &[TokenId], now: Timestamp) -> StoreResult<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let rows: Vec<Vec<Value>> = ids.into_iter().map(|id| vec![now.into(), id.into()]).collect();
    let update = sql("update tokens set used_at = $1 where id = $2");
    update.execute_many(tx, &rows).await.map(|_| ())
}

/// An account's standing personal tokens, newest first.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<TokenRow>> {
    let select = sql("
        select id, account, name, scopes, created_at, used_at, revoked_at, client, of_grant,
            expires_at
        from tokens
        where account = $1 and revoked_at is null and client is null
        order by created_at desc, id");
    select.bind(account).fetch_all(read, token_at).await
}

/// Revokes one of an account's tokens, and says whether it stood.
pub async fn revoke(
    tx: &mut Tx,
    account: AccountId,
    id: TokenId,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update tokens set revoked_at = $3
        where account = $1 and id = $2 and revoked_at is null");
    let is_revoked = update.bind(account).bind(id).bind(now).execute(tx).await? == 1;
    versions::count_up(tx, Held::Access).await?;
    Ok(is_revoked)
}

/// Revokes the tokens that came of some grants.
pub async fn revoke_of(tx: &mut Tx, grants: &[GrantId], now: Timestamp) -> StoreResult<()> {
    let rows: Vec<Vec<Value>> =
        grants.iter().map(|grant| vec![now.into(), (*grant).into()]).collect();
    let update =
        sql("update tokens set revoked_at = $1 where of_grant = $2 and revoked_at is null");
    update.execute_many(tx, &rows).await?;
    versions::count_up(tx, Held::Access).await
}

/// Revokes one token of a client, by its hash, and says whether it stood.
pub async fn revoke_text(
    tx: &mut Tx,
    client: ClientId,
    hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update tokens set revoked_at = $3
        where hash = $1 and client = $2 and revoked_at is null");
    let is_revoked = update.bind(hash).bind(client).bind(now).execute(tx).await? == 1;
    if is_revoked {
        versions::count_up(tx, Held::Access).await?;
    }
    Ok(is_revoked)
}

/// Forgets tokens that ended by themselves before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("delete from tokens where expires_at is not null and expires_at < $1");
    delete.bind(before).execute(tx).await
}

/// Revokes all tokens of an account.
pub async fn revoke_all(tx: &mut Tx, account: AccountId, now: Timestamp) -> StoreResult<u64> {
    let update = sql("
        update tokens set revoked_at = $2
        where account = $1 and revoked_at is null");
    let revoked = update.bind(account).bind(now).execute(tx).await?;
    versions::count_up(tx, Held::Access).await?;
    Ok(revoked)
}
