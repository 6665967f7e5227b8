//! Support that is shown (P1): where a work's owner shows who supports it, a patron whose settings
//! allow it says so there, work by work. Either of them takes it back at any time. The log does not
//! say of which work (decision 5).

use obole_domain::{AccountId, Handle, Refusal, WorkId};
use obole_store::{accounts, public_gifts, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::teams::require_act;

/// The most patrons that a work's page shows.
const SHOWN_MAX: i64 = 200;

/// What a reader sees of who supports a work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShownPatrons {
    /// Whether the work shows them.
    pub are_shown: bool,
    /// Those who agree, by handle.
    pub handles: Vec<Handle>,
    /// Whether the reader's own support is shown; none for strangers and who keeps all private.
    pub own: Option<bool>,
}

/// Who supports a work, as a reader sees it.
pub async fn of(app: &App, work: WorkId, reader: Option<AccountId>) -> Result<ShownPatrons> {
    app.read((), move |read, ()| {
        Box::pin(async move {
            if !public_gifts::is_wanted(read, work).await? {
                return Ok(ShownPatrons::default());
            }
            let handles = public_gifts::of_work(read, work, SHOWN_MAX).await?;
            let mut own = None;
            if let Some(reader) = reader {
                let row = accounts::find(read, reader).await?;
                if row.is_some_and(|row| row.is_public) {
                    own = Some(public_gifts::is_shown(read, reader, work).await?);
                }
            }
            Ok(ShownPatrons { are_shown: true, handles, own })
        })
    })
    .await
}

/// Shows one's support of a work, once a click is settled, or not any more. Refused while the
/// account keeps what it gives private, and where the work does not show its patrons.
pub async fn show(app: &App, patron: AccountId, work: WorkId, is_shown: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            if is_shown {
                let row = accounts::find(tx, patron).await?.ok_or(Error::NotFound)?;
                works::find(tx, work).await?.ok_or(Error::NotFound)?;
                if !row.is_public || !public_gifts::is_wanted(tx, work).await? {
                    return Err(Refusal::GivingPrivate {}.into());
                }
            }
            if !public_gifts::set(tx, (patron, work), is_shown.then_some(app.now())).await? {
                return Ok(());
            }
            let about = (patron.to_string(), String::new());
            app.log(tx, Actor::Page(patron), "giving.show", about).await
        })
    })
    .await
}

/// Whether a work of one's own shows who supports it and agrees.
pub async fn set_shows(app: &App, actor: Actor, work: WorkId, shows: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            require_act(tx, actor, row.owner.ok_or(Error::NotFound)?).await?;
            if !public_gifts::set_shows(tx, work, shows.then_some(app.now())).await? {
                return Ok(());
            }
            let action = if shows { "work.show-patrons" } else { "work.hide-patrons" };
            app.log(tx, actor, action, (work.to_string(), String::new())).await
        })
    })
    .await
}
