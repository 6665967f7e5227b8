//! Letters to the people of sites (security.md C4): whoever proves control of something there is
//! told of to those whom the site itself names, and once a year, where enough patrons wait, one of
//! them is told how to collect what was promised, or how to refuse it for good.

mod looking;
mod waiting;

use jiff::Timestamp;
use obole_domain::CanonicalUrl;
use obole_domain::account::EmailAddress;
use obole_domain::claim::Reach;
use obole_domain::letter::Letter;
use obole_store::site_letters::{self, SiteLetterRow};
use obole_store::{Tx, settings, settlements};

use crate::app::App;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};

pub use looking::{Sent, send_due};
use waiting::Party;

/// Up to which month it was counted who waits at each site.
const COUNTED: &str = "site_letters.counted";

/// Where people say that they want no letters.
pub const PATH: &str = "/letters";

/// What follows the link where a mail program says so for them (RFC 8058).
pub(crate) const NOW: &str = "/now";

/// The people of a site are told, with the next notice, of a claim there that was begun at a page
/// and noted in the public log at a moment.
pub(crate) async fn await_notice(
    app: &App,
    tx: &mut Tx,
    (url, at): (&CanonicalUrl, Timestamp),
) -> Result<()> {
    if !app.config().reads_pages() {
        return Ok(());
    }
    let row = site_letters::locked(tx, &Reach::party(url)).await?;
    let since = row.notice.as_ref().map_or(at, |(since, _)| *since);
    let due = Letter::Notice.next(row.noticed_at).max(app.now());
    let row = SiteLetterRow { notice: Some((since, url.clone())), ..awaited(row, due) };
    Ok(site_letters::put(tx, &row).await?)
}

/// After each settlement the sites at which enough patrons wait are invited, unless they were
/// within a year or want no letters.
pub async fn invite_waiting(app: &App) -> Result<()> {
    if !app.config().reads_pages() {
        return Ok(());
    }
    let before = app.clock_period();
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let from = settings::policy(read).await?.invite_from;
            let counted = settings::find(read, COUNTED).await?;
            let done = settlements::list_done(read, before, 1).await?;
            Ok((from, counted, done.first().map(|row| row.period.to_string())))
        })
    });
    let (from, counted, done) = found.await?;
    let Some(done) = done.filter(|done| counted.as_ref() != Some(done)) else { return Ok(()) };
    let parties = if from > 0 { waiting::parties(app, from).await? } else { Vec::new() };
    for party in parties {
        let handle = app.clone();
        app.write(party, move |tx, party| {
            let app = handle.clone();
            Box::pin(async move { await_invitation(&app, tx, party).await })
        })
        .await?;
    }
    app.write(done, |tx, done| Box::pin(async move { Ok(settings::set(tx, COUNTED, done).await?) }))
        .await
}

async fn await_invitation(app: &App, tx: &mut Tx, party: &Party) -> Result<()> {
    let now = app.now();
    let row = site_letters::locked(tx, &party.party).await?;
    if row.declined_at.is_some() || Letter::Invitation.next(row.invited_at) > now {
        return Ok(());
    }
    let invitation = Some((party.patrons, party.url.clone()));
    Ok(site_letters::put(tx, &SiteLetterRow { invitation, ..awaited(row, now) }).await?)
}

/// Something waits from a moment on.
fn awaited(row: SiteLetterRow, due: Timestamp) -> SiteLetterRow {
    let next = row.next_try_at.map_or(due, |next| next.min(due));
    SiteLetterRow { next_try_at: Some(next), tries: 0, ..row }
}

/// The keyed hash under which an address is known.
fn mac(app: &App, address: &EmailAddress) -> [u8; 32] {
    app.secrets().mac("letter reader", address.as_str().as_bytes())
}

/// The link of the reader of an address: the same in each letter, and known to nobody else.
#[must_use]
pub fn link(app: &App, address: &EmailAddress) -> String {
    hex(&app.secrets().mac("letter link", address.as_str().as_bytes())[..16])
}

/// Whether the reader of a link wants no letters; none for a link that leads nowhere.
pub async fn is_declined(app: &App, link: &str) -> Result<Option<bool>> {
    let found = app.read(digest(link.as_bytes()), |read, hash| {
        Box::pin(async move { Ok(site_letters::reader_of_link(read, *hash).await?) })
    });
    Ok(found.await?.map(|row| row.declined_at.is_some()))
}

/// Whoever got a letter wants no more of them, of whatever site: that is kept for good. Saying it
/// twice is harmless.
pub async fn decline(app: &App, link: &str) -> Result<()> {
    let now = app.now();
    let declined = app.write(digest(link.as_bytes()), move |tx, hash| {
        Box::pin(async move { Ok(site_letters::decline(tx, *hash, now).await?) })
    });
    if declined.await? { Ok(()) } else { Err(Error::NotFound) }
}
