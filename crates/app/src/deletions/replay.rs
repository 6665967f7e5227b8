//! Deletions after a restore (V2): each request and its undoing is a line of the outbound journal,
//! and what a restored database does not know is noted again.

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_store::deletions::{self, DeletionRow};
use obole_store::{Tx, accounts};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{suspend, undo_in};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::secrets::hex;

/// The most lines that one run appends.
const LINES_MAX: i64 = 500;

/// A request to be erased, or its undoing, as the journal has it: no name, no address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Replayed {
    /// Which account.
    pub(crate) account: Uuid,
    /// When it was asked for.
    pub(crate) asked_at: String,
    /// From when on it is erased.
    pub(crate) erases_at: String,
    /// The hash of the link that undoes it; empty once it is undone.
    pub(crate) link_hash: String,
    /// Whether it was undone.
    pub(crate) is_undone: bool,
}

/// Appends what the journal does not have yet. A line may stand there twice, which does no harm.
pub(crate) async fn journal_pending(app: &App) -> Result<()> {
    let rows = app.read((), |read, ()| {
        Box::pin(async move { Ok(deletions::not_journaled(read, LINES_MAX).await?) })
    });
    for row in rows.await? {
        let line = serde_json::json!({
            "kind": "deletion",
            "at": app.now().to_string(),
            "account": row.account.uuid(),
            "asked_at": row.asked_at.to_string(),
            "erases_at": row.erases_at.to_string(),
            "link_hash": row.link_hash.map(|hash| hex(&hash)).unwrap_or_default(),
            "is_undone": row.undone_at.is_some(),
        });
        app.journal().append(&line.to_string()).await.map_err(Error::internal)?;
        app.write(row, |tx, row| {
            Box::pin(async move { Ok(deletions::set_journaled(tx, row).await?) })
        })
        .await?;
    }
    Ok(())
}

/// Notes again what a restored database does not know. True where it did not.
pub(crate) async fn replay(app: &App, replayed: Replayed) -> Result<bool> {
    let handle = app.clone();
    app.write(replayed, move |tx, replayed| {
        let app = handle.clone();
        Box::pin(async move { replay_in(tx, &app, replayed).await })
    })
    .await
}

async fn replay_in(tx: &mut Tx, app: &App, replayed: &Replayed) -> Result<bool> {
    let id = AccountId::new(replayed.account);
    // An account that is younger than the backup is not here.
    let Some(account) = accounts::find_locked(tx, id).await? else { return Ok(false) };
    let moment = |text: &str| text.parse::<Timestamp>().map_err(Error::internal);
    let row = DeletionRow {
        account: id,
        asked_at: moment(&replayed.asked_at)?,
        erases_at: moment(&replayed.erases_at)?,
        link_hash: unhex(&replayed.link_hash),
        stays_suspended: account.suspended_at.is_some(),
        undone_at: None,
        erased_at: None,
    };
    let known = deletions::find_locked(tx, id).await?;
    let is_known = known.is_some_and(|known| known.asked_at >= row.asked_at);
    let is_new = match (replayed.is_undone, is_known) {
        (true, true) => undo_in(tx, app, &account).await?,
        (true, false) | (false, true) => false,
        (false, false) => deletions::put(tx, &row).await?,
    };
    if is_new && !replayed.is_undone {
        suspend(tx, id, app.now()).await?;
    }
    if is_new {
        let action = if replayed.is_undone { "account.stay" } else { "account.leave" };
        app.log(tx, Actor::Job, action, (id.to_string(), "journal".to_owned())).await?;
    }
    Ok(is_new)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let pairs = text.as_bytes().chunks(2);
    let digits: Option<Vec<u8>> =
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect();
    digits?.try_into().ok()
}
