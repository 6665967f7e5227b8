//! Letters to the people of sites (security.md C4): whoever proves control of something there is
//! told of to those whom the site itself names, and once a year, where enough patrons wait, one of
//! them is told how to collect what was promised, or how to refuse it for good.

mod looking;
mod waiting;

use jiff::Timestamp;
use obole_domain::CanonicalUrl;
use obole_domain::claim::Reach;
use obole_domain::letter::Letter;
use obole_store::site_letters::{self, SiteLetterRow};
use obole_store::{Tx, settings, settlements};

use crate::app::App;
use crate::audit_log::Actor;
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

/// The people of a site are told of a claim there, begun at a page, with the next notice.
pub(crate) async fn await_notice(app: &App, tx: &mut Tx, url: &CanonicalUrl) -> Result<()> {
    if !app.config().reads_pages() {
        return Ok(());
    }
    let now = app.now();
    let mut row = known(app, tx, url).await?;
    if row.declined_at.is_none() {
        let due = Letter::Notice.next(row.noticed_at).max(now);
        row.notice_since.get_or_insert(now);
        await_at(&mut row, due);
        site_letters::put(tx, &SiteLetterRow { url: url.clone(), ..row }).await?;
    }
    Ok(())
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
    let row = known(app, tx, &party.url).await?;
    if row.declined_at.is_some() || Letter::Invitation.next(row.invited_at) > now {
        return Ok(());
    }
    let (url, patrons) = (party.url.clone(), Some(party.patrons));
    let mut row = SiteLetterRow { url, patrons, ..row };
    await_at(&mut row, now);
    Ok(site_letters::put(tx, &row).await?)
}

/// What is known of the party behind a page, or would be.
async fn known(app: &App, tx: &mut Tx, url: &CanonicalUrl) -> Result<SiteLetterRow> {
    let party = Reach::party(url);
    let row = site_letters::locked(tx, &party).await?;
    let new = || SiteLetterRow {
        link_hash: digest(link(app, &party).as_bytes()),
        url: url.clone(),
        notice_since: None,
        patrons: None,
        next_try_at: None,
        tries: 0,
        noticed_at: None,
        invited_at: None,
        declined_at: None,
        party: party.clone(),
    };
    Ok(row.unwrap_or_else(new))
}

/// Something waits from a moment on.
fn await_at(row: &mut SiteLetterRow, due: Timestamp) {
    row.next_try_at = Some(row.next_try_at.map_or(due, |next| next.min(due)));
    row.tries = 0;
}

/// The same for each letter to a party, and known to nobody else.
fn link(app: &App, party: &Reach) -> String {
    hex(&app.secrets().mac("site letters", party.key().as_bytes())[..16])
}

/// The site that a link is about, and since when it wants no letters; none for another link.
pub async fn asked(app: &App, link: &str) -> Result<Option<(Reach, Option<Timestamp>)>> {
    let found = app.read(digest(link.as_bytes()), |read, hash| {
        Box::pin(async move { Ok(site_letters::find_by_link(read, *hash).await?) })
    });
    Ok(found.await?.map(|row| (row.party, row.declined_at)))
}

/// Whoever has a letter to a site wants no more of them: that is kept for good. Saying it twice is
/// harmless.
pub async fn decline(app: &App, link: &str) -> Result<()> {
    let handle = app.clone();
    app.write(digest(link.as_bytes()), move |tx, hash| {
        let app = handle.clone();
        Box::pin(async move {
            let row = site_letters::find_by_link(tx, *hash).await?.ok_or(Error::NotFound)?;
            let row = site_letters::locked(tx, &row.party).await?.ok_or(Error::NotFound)?;
            decline_in(&app, tx, Actor::Job, row).await
        })
    })
    .await
}

/// A site wants no letters any more.
async fn decline_in(app: &App, tx: &mut Tx, actor: Actor, row: SiteLetterRow) -> Result<()> {
    if row.declined_at.is_some() {
        return Ok(());
    }
    app.log(tx, actor, "site.decline", (row.party.to_string(), String::new())).await?;
    let declined_at = Some(app.now());
    let (notice_since, patrons, next_try_at) = (None, None, None);
    let row = SiteLetterRow { declined_at, notice_since, patrons, next_try_at, ..row };
    Ok(site_letters::put(tx, &row).await?)
}
