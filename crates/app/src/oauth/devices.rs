//! Devices without a browser (RFC 8628): one shows a code, somebody types it elsewhere and says
//! yes or no, the device asks until it knows.

use jiff::{SignedDuration, Timestamp};
use obole_domain::client::ClientKind;
use obole_domain::device_code::{INTERVAL, LIFETIME, SLOWER, TypedCode, is_too_soon};
use obole_domain::grant::GrantId;
use obole_domain::token::{self, Scope, TokenKind};
use obole_domain::{AccountId, Refusal};
use obole_store::Tx;
use obole_store::oauth_clients::{self, ClientRow};
use obole_store::oauth_devices::{self, DeviceRow};

use super::handing::{after, begin};
use super::{Answered, Denied};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::DEVICE_CODE;

/// How many codes are drawn before one is free: they hardly ever meet.
const DRAWS: usize = 20;

/// What a device is told when it begins to wait.
#[derive(Clone, PartialEq, Eq)]
pub struct Started {
    /// What it asks with.
    pub device_code: String,
    /// What somebody types.
    pub typed: TypedCode,
    /// How long that can be typed.
    pub lives: SignedDuration,
    /// The seconds between two questions.
    pub wait_seconds: i64,
}

/// A device begins to wait.
pub async fn start(
    app: &App,
    client: &ClientRow,
    scopes: &str,
) -> Result<std::result::Result<Started, Denied>> {
    if client.kind == ClientKind::Legacy {
        return Ok(Err(Denied::Client));
    }
    let Ok(scopes) = client.kind.scopes(scopes) else { return Ok(Err(Denied::Scope)) };
    let device_code = token::print(TokenKind::Device, app.chance().bytes());
    let row = DeviceRow {
        hash: token::hash(&device_code),
        client: client.id,
        scopes: Scope::print_list(&scopes),
        wait_seconds: INTERVAL,
        asked_at: None,
        expires_at: after(app.now(), LIFETIME)?,
        state: "waiting".to_owned(),
        account: None,
    };
    let handle = app.clone();
    let typed = app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            for _ in 0..DRAWS {
                let Some(typed) = TypedCode::draw(app.chance().bytes()) else { continue };
                if oauth_devices::insert(tx, &typed, row).await? {
                    return Ok(typed);
                }
            }
            Err(Error::Busy("no code of a device is free".to_owned()))
        })
    });
    let typed = typed.await?;
    Ok(Ok(Started { device_code, typed, lives: LIFETIME, wait_seconds: INTERVAL }))
}

/// A device that waits for an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The client that it runs.
    pub client: ClientRow,
    /// What it asks for.
    pub scopes: Vec<Scope>,
}

/// The device that shows a code, for who has typed it. Tries are counted.
pub async fn waiting(app: &App, account: AccountId, code: TypedCode) -> Result<Waiting> {
    app.limit(DEVICE_CODE, account).await?;
    let now = app.now();
    app.read(code, move |read, code| {
        Box::pin(async move {
            let unknown = || Error::from(Refusal::DeviceCodeUnknown {});
            let row = oauth_devices::find_waiting(read, code, now).await?.ok_or_else(unknown)?;
            let client = oauth_clients::find(read, row.client).await?;
            let client = client.filter(|client| client.deleted_at.is_none());
            let client = client.ok_or_else(unknown)?;
            Ok(Waiting { client, scopes: Scope::parse_list(&row.scopes)? })
        })
    })
    .await
}

/// Answers the device that shows a code.
pub async fn answer(app: &App, account: AccountId, said: (TypedCode, bool)) -> Result<()> {
    app.limit(DEVICE_CODE, account).await?;
    let (now, handle) = (app.now(), app.clone());
    app.write(said, move |tx, (code, is_granted)| {
        let (app, is_granted) = (handle.clone(), *is_granted);
        Box::pin(async move {
            let unknown = || Error::from(Refusal::DeviceCodeUnknown {});
            let row = oauth_devices::find_waiting(tx, code, now).await?.ok_or_else(unknown)?;
            if !oauth_devices::answer(tx, row.hash, (account, is_granted), now).await? {
                return Err(unknown());
            }
            if !is_granted {
                return Ok(());
            }
            let about = (row.client.to_string(), row.scopes);
            app.log(tx, Actor::Page(account), "grant.create", about).await
        })
    })
    .await
}

/// A device asks what became of its code.
pub async fn poll(app: &App, client: ClientRow, device_code: &str) -> Result<Answered> {
    if !token::is_well_formed(TokenKind::Device, device_code) {
        return Ok(Err(Denied::Grant));
    }
    let (handle, hash) = (app.clone(), token::hash(device_code));
    app.write(client, move |tx, client| {
        let app = handle.clone();
        Box::pin(async move { poll_in(&app, tx, (client, hash)).await })
    })
    .await
}

async fn poll_in(app: &App, tx: &mut Tx, asked: (&ClientRow, [u8; 32])) -> Result<Answered> {
    let ((client, hash), now) = (asked, app.now());
    let found = oauth_devices::find_locked(tx, hash).await?;
    let Some(row) = found.filter(|row| row.client == client.id) else {
        return Ok(Err(Denied::Grant));
    };
    let is_over = row.expires_at <= now;
    match row.state.as_str() {
        "denied" => Ok(Err(Denied::Refused)),
        "waiting" if is_over => Ok(Err(Denied::Expired)),
        "granted" if is_over => Ok(Err(Denied::Expired)),
        "waiting" => wait(tx, &row, now).await,
        "granted" => {
            let account = row.account.ok_or_else(|| Error::internal("nobody granted it"))?;
            if !oauth_devices::finish(tx, hash).await? {
                return Ok(Err(Denied::Grant));
            }
            let id = GrantId::new(app.chance().id(now));
            begin(app, tx, client, (id, account, &row.scopes)).await
        }
        _ => Ok(Err(Denied::Grant)),
    }
}

/// One that asks too soon has to wait longer from then on.
async fn wait(tx: &mut Tx, row: &DeviceRow, now: Timestamp) -> Result<Answered> {
    let is_hasty = is_too_soon(row.asked_at, row.wait_seconds, now);
    let wait = if is_hasty { row.wait_seconds.saturating_add(SLOWER) } else { row.wait_seconds };
    oauth_devices::asked(tx, row.hash, wait, now).await?;
    Ok(Err(if is_hasty { Denied::SlowDown } else { Denied::Pending }))
}
