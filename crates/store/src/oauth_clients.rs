//! Rows of clients (O1): who registered them, how they prove who they are, where answers go.

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::client::{ClientId, ClientKind, Redirect};
use obole_domain::own_program::OwnProgram;

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// A client as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// Its id.
    pub id: ClientId,
    /// Who registered it; none of a program of Obole's own.
    pub owner: Option<AccountId>,
    /// How it proves who it is.
    pub kind: ClientKind,
    /// What its developer calls it.
    pub name: String,
    /// The address of its page; empty where it has none.
    pub site: String,
    /// Where answers may be sent.
    pub redirects: Vec<Redirect>,
    /// The hash of its secret.
    pub secret: Option<[u8; 32]>,
    /// The hash of the secret before it, and until when that is good too.
    pub former: Option<([u8; 32], Timestamp)>,
    /// Whether it has to send a state where it does without PKCE (O1).
    pub needs_state: bool,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

fn client_at(row: &Row<'_>) -> StoreResult<ClientRow> {
    let kind: String = row.get(2)?;
    let kind = ClientKind::from_code(&kind);
    let kind = kind.ok_or(StoreError::Corrupt("oauth_clients.kind".to_owned()))?;
    let redirects: String = row.get(5)?;
    Ok(ClientRow {
        id: row.get(0)?,
        owner: row.get(1)?,
        kind,
        name: row.get(3)?,
        site: row.get(4)?,
        redirects: redirects.lines().map(Redirect::stored).collect(),
        secret: row.get(6)?,
        former: row.get::<Option<[u8; 32]>>(7)?.zip(row.get(8)?),
        created_at: row.get(9)?,
        deleted_at: row.get(10)?,
        needs_state: row.get(11)?,
    })
}

fn lines(redirects: &[Redirect]) -> String {
    redirects.iter().map(Redirect::as_str).collect::<Vec<_>>().join("\n")
}

/// Registers a client.
pub async fn insert(tx: &mut Tx, client: &ClientRow) -> StoreResult<()> {
    let insert = sql("
        insert into oauth_clients
            (id, owner, kind, name, site, redirects, secret_hash, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let insert = insert.bind(client.id).bind(client.owner).bind(client.kind.code());
    let insert = insert.bind(&client.name).bind(&client.site).bind(lines(&client.redirects));
    insert.bind(client.secret).bind(client.created_at).execute(tx).await.map(|_| ())
}

/// Puts a program of Obole's own in, unless it is there.
pub async fn put_own(tx: &mut Tx, program: OwnProgram) -> StoreResult<()> {
    let insert = sql("
        insert into oauth_clients (id, kind, name, site, redirects, created_at)
        values ($1, $2, $3, '', '', 0)
        on conflict (id) do nothing");
    let insert = insert.bind(program.id()).bind(ClientKind::Public.code()).bind(program.name());
    insert.execute(tx).await.map(|_| ())
}

/// A client, deleted or not.
pub async fn find(read: &mut Read, id: ClientId) -> StoreResult<Option<ClientRow>> {
    let select = sql("
        select id, owner, kind, name, site, redirects, secret_hash, former_hash, former_until,
            created_at, deleted_at, needs_state
        from oauth_clients
        where id = $1");
    select.bind(id).fetch_optional(read, client_at).await
}

/// The clients of an account, newest first, each with how many accounts granted it something and
/// when tokens of it were last handed out.
pub async fn of(
    read: &mut Read,
    owner: AccountId,
    now: Timestamp,
) -> StoreResult<Vec<(ClientRow, i64, Option<Timestamp>)>> {
    let select = sql("
        select c.id, c.owner, c.kind, c.name, c.site, c.redirects, c.secret_hash, c.former_hash,
            c.former_until, c.created_at, c.deleted_at, c.needs_state,
            (select count(distinct g.account) from oauth_grants g
                where g.client = c.id and g.revoked_at is null and g.ends_at > $2),
            (select max(g.used_at) from oauth_grants g where g.client = c.id)
        from oauth_clients c
        where c.owner = $1 and c.deleted_at is null
        order by c.created_at desc, c.id");
    let select = select.bind(owner).bind(now);
    select.fetch_all(read, |row| Ok((client_at(row)?, row.get(12)?, row.get(13)?))).await
}

/// Changes name, page and addresses of an account's client; false where it has no such client.
pub async fn set(tx: &mut Tx, client: &ClientRow) -> StoreResult<bool> {
    let update = sql("
        update oauth_clients set name = $3, site = $4, redirects = $5
        where id = $1 and owner = $2 and deleted_at is null");
    let update = update.bind(client.id).bind(client.owner).bind(&client.name);
    let update = update.bind(&client.site).bind(lines(&client.redirects));
    Ok(update.execute(tx).await? == 1)
}

/// Gives a client a new secret; the one before is good until a moment.
pub async fn set_secret(
    tx: &mut Tx,
    id: ClientId,
    secret: [u8; 32],
    former_until: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update oauth_clients
        set former_hash = secret_hash, former_until = $3, secret_hash = $2
        where id = $1 and deleted_at is null and secret_hash is not null");
    Ok(update.bind(id).bind(secret).bind(former_until).execute(tx).await? == 1)
}

/// Makes a client one of another kind, which has to send a state or need not; false where it is not
/// there.
pub async fn set_kind(
    tx: &mut Tx,
    id: ClientId,
    (kind, needs_state): (ClientKind, bool),
) -> StoreResult<bool> {
    let update = sql("
        update oauth_clients set kind = $2, needs_state = $3
        where id = $1 and deleted_at is null and secret_hash is not null");
    Ok(update.bind(id).bind(kind.code()).bind(needs_state).execute(tx).await? == 1)
}

/// Deletes a client of an account; false where it has no such client.
pub async fn delete(
    tx: &mut Tx,
    owner: AccountId,
    id: ClientId,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update oauth_clients set deleted_at = $3, secret_hash = null, former_hash = null
        where id = $1 and owner = $2 and deleted_at is null");
    Ok(update.bind(id).bind(owner).bind(now).execute(tx).await? == 1)
}
