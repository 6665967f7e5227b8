//! Webhooks' endpoints: where they are, what they are told, whether they are on, and who is at work
//! on which until when (D9).

use std::collections::BTreeMap;

use jiff::Timestamp;
use obole_domain::webhook::EventKind;
use obole_domain::{AccountId, WebhookId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// Why an endpoint is switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Its owner wanted it.
    Owner,
    /// It answered that nobody wants to be told any more (410).
    Gone,
    /// Nothing arrived for days.
    Failing,
}

impl Off {
    const ALL: [Self; 3] = [Self::Owner, Self::Gone, Self::Failing];

    /// Its name in the table and for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }

    fn parse(name: &str) -> StoreResult<Self> {
        let found = Self::ALL.into_iter().find(|off| off.name() == name);
        found.ok_or_else(|| StoreError::Corrupt("webhooks.off_why".to_owned()))
    }
}

/// An endpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookRow {
    /// Its id.
    pub id: WebhookId,
    /// Whose it is.
    pub account: AccountId,
    /// Where it is.
    pub url: String,
    /// What it is told, as one text.
    pub kinds: String,
    /// Its secret, sealed.
    pub secret_sealed: Vec<u8>,
    /// The secret before, sealed, while it is still valid.
    pub old_secret_sealed: Option<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when and why it is off; none while it is on.
    pub off: Option<(Timestamp, Off)>,
    /// How many tries failed in a row.
    pub failures: i64,
    /// Whether it answers late or not at all.
    pub is_slow: bool,
}

fn webhook_at(row: &Row<'_>) -> StoreResult<WebhookRow> {
    let (off_at, off_why): (Option<Timestamp>, Option<String>) = (row.get(7)?, row.get(8)?);
    let off_why = off_why.as_deref().map(Off::parse).transpose()?;
    Ok(WebhookRow {
        id: row.get(0)?,
        account: row.get(1)?,
        url: row.get(2)?,
        kinds: row.get(3)?,
        secret_sealed: row.get(4)?,
        old_secret_sealed: row.get(5)?,
        created_at: row.get(6)?,
        off: off_at.zip(off_why),
        failures: row.get(9)?,
        is_slow: row.get(10)?,
    })
}

/// Makes an endpoint, unless its account has so many already; says whether it was made.
pub async fn insert(tx: &mut Tx, webhook: &WebhookRow, most: i64) -> StoreResult<bool> {
    // Two at once are counted one after the other.
    let owner = sql("select id from accounts where id = $1").bind(webhook.account).locked();
    owner.fetch_optional(tx, |row| row.get::<AccountId>(0)).await?;
    let count = sql("select count(*) from webhooks where account = $1").bind(webhook.account);
    if count.fetch_one(tx, |row| row.get::<i64>(0)).await? >= most {
        return Ok(false);
    }
    let insert = sql("
        insert into webhooks (id, account, url, kinds, secret_sealed, created_at, failures, is_slow)
        values ($1, $2, $3, $4, $5, $6, cast(0 as bigint), $7)");
    let insert = insert.bind(webhook.id).bind(webhook.account).bind(&webhook.url);
    let insert = insert.bind(&webhook.kinds).bind(webhook.secret_sealed.as_slice());
    insert.bind(webhook.created_at).bind(false).execute(tx).await.map(|_| true)
}

/// An account's endpoints, the first made first.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<WebhookRow>> {
    let select = sql("
        select id, account, url, kinds, secret_sealed, old_secret_sealed, created_at, off_at,
            off_why, failures, is_slow
        from webhooks
        where account = $1
        order by created_at, id");
    select.bind(account).fetch_all(read, webhook_at).await
}

/// One of an account's endpoints.
pub async fn find(
    read: &mut Read,
    account: AccountId,
    id: WebhookId,
) -> StoreResult<Option<WebhookRow>> {
    let select = sql("
        select id, account, url, kinds, secret_sealed, old_secret_sealed, created_at, off_at,
            off_why, failures, is_slow
        from webhooks
        where account = $1 and id = $2");
    select.bind(account).bind(id).fetch_optional(read, webhook_at).await
}

/// Says what an endpoint is told; false where the account has no such.
pub async fn set_kinds(
    tx: &mut Tx,
    account: AccountId,
    id: WebhookId,
    kinds: &str,
) -> StoreResult<bool> {
    let update = sql("update webhooks set kinds = $3 where account = $1 and id = $2");
    Ok(update.bind(account).bind(id).bind(kinds).execute(tx).await? == 1)
}

/// Gives an endpoint a new secret beside the one it has; false where it has two.
pub async fn rotate(
    tx: &mut Tx,
    account: AccountId,
    id: WebhookId,
    sealed: &[u8],
) -> StoreResult<bool> {
    let update = sql("
        update webhooks set old_secret_sealed = secret_sealed, secret_sealed = $3
        where account = $1 and id = $2 and old_secret_sealed is null");
    Ok(update.bind(account).bind(id).bind(sealed).execute(tx).await? == 1)
}

/// Ends the older of two secrets; false where there is one only.
pub async fn end_old_secret(tx: &mut Tx, account: AccountId, id: WebhookId) -> StoreResult<bool> {
    let update = sql("
        update webhooks set old_secret_sealed = null
        where account = $1 and id = $2 and old_secret_sealed is not null");
    Ok(update.bind(account).bind(id).execute(tx).await? == 1)
}

/// Switches an endpoint on again and forgets its failures; false where it is on.
pub async fn switch_on(tx: &mut Tx, account: AccountId, id: WebhookId) -> StoreResult<bool> {
    let update = sql("
        update webhooks set off_at = null, off_why = null, failures = cast(0 as bigint),
            rests_until = null
        where account = $1 and id = $2 and off_at is not null");
    Ok(update.bind(account).bind(id).execute(tx).await? == 1)
}

/// Switches an endpoint off; false where it is off.
pub async fn switch_off(tx: &mut Tx, id: WebhookId, why: Off, now: Timestamp) -> StoreResult<bool> {
    let update = sql("
        update webhooks set off_at = $2, off_why = $3
        where id = $1 and off_at is null");
    Ok(update.bind(id).bind(now).bind(why.name()).execute(tx).await? == 1)
}

/// Deletes an endpoint with its log; false where the account has no such.
pub async fn delete(tx: &mut Tx, account: AccountId, id: WebhookId) -> StoreResult<bool> {
    let delete = sql("delete from webhooks where account = $1 and id = $2");
    if delete.bind(account).bind(id).execute(tx).await? != 1 {
        return Ok(false);
    }
    sql("delete from webhook_deliveries where webhook = $1").bind(id).execute(tx).await?;
    Ok(true)
}

/// An account's endpoints that are told of this.
pub async fn listening(
    read: &mut Read,
    account: AccountId,
    kind: EventKind,
) -> StoreResult<Vec<WebhookId>> {
    let found = listening_between(read, (account, account), kind).await?;
    Ok(found.into_values().next().unwrap_or_default())
}

/// The endpoints that are told of this, by account, of the accounts from one to another.
pub async fn listening_between(
    read: &mut Read,
    (first, last): (AccountId, AccountId),
    kind: EventKind,
) -> StoreResult<BTreeMap<AccountId, Vec<WebhookId>>> {
    let select = sql("
        select account, id, kinds from webhooks
        where account >= $1 and account <= $2 and off_at is null
        order by account, id");
    let mut found = BTreeMap::<AccountId, Vec<WebhookId>>::new();
    let select = select.bind(first).bind(last);
    let each = |row: &Row<'_>| {
        if kind.is_in(&row.get::<String>(2)?) {
            found.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(())
    };
    select.for_each(read, each).await?;
    Ok(found)
}

/// The endpoints that something is due for, those served longest ago first; slow ones or others.
pub async fn due(
    read: &mut Read,
    is_slow: bool,
    now: Timestamp,
    limit: i64,
) -> StoreResult<Vec<WebhookId>> {
    let select = sql("
        select w.id
        from webhooks w
        join accounts a on a.id = w.account
        where w.off_at is null and a.suspended_at is null and w.is_slow = $2
            and (w.taken_until is null or w.taken_until <= $1)
            and (w.rests_until is null or w.rests_until <= $1)
            and exists (
                select 1 from webhook_deliveries d
                where d.webhook = w.id and d.state = 'waiting' and d.next_at <= $1)
        order by coalesce(w.taken_until, cast(0 as bigint)), w.id
        limit $3");
    select.bind(now).bind(is_slow).bind(limit).fetch_all(read, |row| row.get(0)).await
}

/// Takes an endpoint that is on, rested and not taken, until the lease ends.
pub async fn take(
    tx: &mut Tx,
    id: WebhookId,
    (now, lease_ends): (Timestamp, Timestamp),
) -> StoreResult<Option<WebhookRow>> {
    let update = sql("
        update webhooks set taken_until = $3
        where id = $1 and off_at is null and (taken_until is null or taken_until <= $2)
            and (rests_until is null or rests_until <= $2)
        returning id, account, url, kinds, secret_sealed, old_secret_sealed, created_at, off_at,
            off_why, failures, is_slow");
    update.bind(id).bind(now).bind(lease_ends).fetch_optional(tx, webhook_at).await
}

/// Leaves an endpoint to whoever takes it next; nothing where the lease was lost.
pub async fn leave(
    tx: &mut Tx,
    id: WebhookId,
    (now, lease_ends): (Timestamp, Timestamp),
) -> StoreResult<()> {
    let update = sql("
        update webhooks set taken_until = $2
        where id = $1 and taken_until = $3");
    update.bind(id).bind(now).bind(lease_ends).execute(tx).await.map(|_| ())
}

/// Notes how an endpoint does: how many tries failed in a row, whether it is slow, until when it
/// rests.
pub async fn set_health(
    tx: &mut Tx,
    id: WebhookId,
    (failures, is_slow): (i64, bool),
    rests_until: Option<Timestamp>,
) -> StoreResult<()> {
    let update = sql("
        update webhooks set failures = $2, is_slow = $3, rests_until = $4
        where id = $1");
    let update = update.bind(id).bind(failures).bind(is_slow).bind(rests_until);
    update.execute(tx).await.map(|_| ())
}
