//! Looking for who can be written to at a site, outside of any transaction (D10), and writing.

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use obole_domain::Handle;
use obole_domain::account::EmailAddress;
use obole_domain::letter::{Contact, Letter};
use obole_domain::public_count::public_count;
use obole_gateway::contacts::{self, Contacts};
use obole_language::Language;
use obole_store::claims::{self, ClaimEvent, EventRow};
use obole_store::site_letters::{self, SiteLetterRow};
use obole_store::{Tx, accounts, works};

use super::{PATH, decline_in, link};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};

/// The most sites in one run, and how many at once; F6 leaves the rest to others.
const DUE_MAX: i64 = 40;
const AT_ONCE: usize = 8;

/// For how long a look keeps a site from other nodes: longer than its files may take.
const LEASE: SignedDuration = SignedDuration::from_mins(30);

/// The wait after a site did not answer, and after how many such tries nobody is written to.
const WAIT: SignedDuration = SignedDuration::from_hours(6);
const TRIES_MAX: i64 = 5;

/// The most claims that one notice lists; the log has all.
const LISTED_MAX: usize = 20;

/// How many lines of the log are looked at for them.
const LINES_MAX: i64 = 200;

/// What one run wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Notices, by site.
    pub notices: u64,
    /// Invitations.
    pub invitations: u64,
}

/// Writes to the sites for which something is due. Running twice at once is harmless: each is taken
/// by one.
pub async fn send_due(app: &App) -> Result<Sent> {
    let mut sent = Sent::default();
    if !app.config().reads_pages() {
        return Ok(sent);
    }
    app.fetcher().open().map_err(Error::internal)?;
    let now = app.now();
    let due = app.read((), move |read, ()| {
        Box::pin(async move { Ok(site_letters::due(read, now, DUE_MAX).await?) })
    });
    let looks = stream::iter(due.await?).map(|row| look(app, row));
    let mut looks = looks.buffer_unordered(AT_ONCE);
    while let Some(one) = looks.next().await {
        let one = one?;
        sent.notices += one.notices;
        sent.invitations += one.invitations;
    }
    Ok(sent)
}

/// Looks for one site's people if it is still due, and writes to them.
async fn look(app: &App, row: SiteLetterRow) -> Result<Sent> {
    let now = app.now();
    let until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
    let party = row.party.clone();
    let taken = app.write(party, move |tx, party| {
        Box::pin(async move { Ok(site_letters::take(tx, party, (now, until)).await?) })
    });
    if !taken.await? {
        return Ok(Sent::default());
    }
    let found = contacts::find(app.fetcher(), (&row.party, &row.url), now).await.ok();
    // A node that was frozen here leaves the site to whoever has taken it meanwhile.
    if app.now() >= until {
        return Ok(Sent::default());
    }
    let handle = app.clone();
    app.write((row, found), move |tx, (row, found)| {
        let app = handle.clone();
        Box::pin(async move {
            let known = site_letters::locked(tx, &row.party).await?;
            let Some(row) = known.filter(|row| row.next_try_at.is_some()) else {
                return Ok(Sent::default());
            };
            match found {
                Some(found) if found.declines => {
                    decline_in(&app, tx, Actor::Job, row).await?;
                    Ok(Sent::default())
                }
                Some(found) => write(&app, tx, row, found).await,
                None => postpone(&app, tx, row).await,
            }
        })
    })
    .await
}

/// The site did not answer: it is tried again, a few times.
async fn postpone(app: &App, tx: &mut Tx, mut row: SiteLetterRow) -> Result<Sent> {
    row.tries += 1;
    row.next_try_at = app.now().checked_add(WAIT).ok();
    if row.tries >= TRIES_MAX {
        (row.notice_since, row.patrons, row.next_try_at, row.tries) = (None, None, None, 0);
    }
    site_letters::put(tx, &row).await?;
    Ok(Sent::default())
}

/// Writes what is due to those that were found, if there are any.
async fn write(app: &App, tx: &mut Tx, mut row: SiteLetterRow, found: &Contacts) -> Result<Sent> {
    let (now, mut sent) = (app.now(), Sent::default());
    let notice_at = Letter::Notice.next(row.noticed_at);
    if let Some(since) = row.notice_since.filter(|_| notice_at <= now) {
        row.notice_since = None;
        if notify(app, tx, (&row, since), found).await? {
            (row.noticed_at, sent.notices) = (Some(now), 1);
        }
    }
    let invitation_at = Letter::Invitation.next(row.invited_at);
    if let Some(patrons) = row.patrons.take().filter(|_| invitation_at <= now)
        && invite(app, tx, (&row, patrons), found).await?
    {
        (row.invited_at, sent.invitations) = (Some(now), 1);
    }
    row.next_try_at = row.notice_since.map(|_| notice_at);
    row.tries = 0;
    site_letters::put(tx, &row).await?;
    Ok(sent)
}

/// Tells of the claims since a moment. False where there is nobody to tell.
async fn notify(
    app: &App,
    tx: &mut Tx,
    (row, since): (&SiteLetterRow, Timestamp),
    found: &Contacts,
) -> Result<bool> {
    let host = row.party.host().to_owned();
    let events = claims::events_of_host(tx, &host, (None, LINES_MAX)).await?;
    let is_new = |event: &&EventRow| {
        let is_proof =
            matches!(event.what, ClaimEvent::Granted | ClaimEvent::Proven | ClaimEvent::Contested);
        is_proof && event.at >= since && row.party.covers(&event.reach.root())
    };
    let events: Vec<&EventRow> = events.iter().filter(is_new).take(LISTED_MAX).collect();
    // Who made the claim knows of it.
    let mut own = Vec::new();
    for event in &events {
        own.extend(accounts::find_by_handle(tx, &event.handle).await?.map(|row| row.email));
    }
    let others = found.found.iter().filter(|contact| !own.contains(&contact.address));
    let others: Vec<Contact> = others.cloned().collect();
    let readers = Letter::Notice.readers(&others);
    if events.is_empty() || readers.is_empty() {
        return Ok(false);
    }
    let line = |event: &&EventRow| line(&event.handle, &event.reach.to_string());
    let mail = Mail::SiteNotice {
        site: row.party.to_string(),
        claims: events.iter().map(line).collect::<Vec<_>>().join("\n"),
        page: mails::address(app, &format!("/claims/of/{host}")),
        claim: claim_page(app, row),
        stop: stop(app, row),
    };
    for reader in &readers {
        post(app, tx, (reader, found), &mail).await?;
    }
    app.log(tx, Actor::Job, "site.notice", (row.party.to_string(), readers.len().to_string()))
        .await?;
    Ok(true)
}

/// Tells one reader that patrons wait. False where there is nobody to tell, or nothing waits any
/// more.
async fn invite(
    app: &App,
    tx: &mut Tx,
    (row, patrons): (&SiteLetterRow, i64),
    found: &Contacts,
) -> Result<bool> {
    let work = works::find_by_url(tx, &row.url).await?;
    let waits = work.is_some_and(|work| work.owner.is_none() && work.refused_at.is_none());
    let readers = Letter::Invitation.readers(&found.found);
    let (Some(reader), Some(patrons), true) = (readers.first(), public_count(patrons), waits)
    else {
        return Ok(false);
    };
    let mail = Mail::SiteInvited {
        site: row.party.to_string(),
        work: row.url.to_string(),
        patrons: obole_language::number(language(found), patrons),
        page: claim_page(app, row),
        how: mails::address(app, "/how"),
        robot: mails::address(app, "/robot"),
        stop: stop(app, row),
    };
    post(app, tx, (reader, found), &mail).await?;
    app.log(tx, Actor::Job, "site.invite", (row.party.to_string(), String::new())).await?;
    Ok(true)
}

async fn post(
    app: &App,
    tx: &mut Tx,
    (reader, found): (&EmailAddress, &Contacts),
    mail: &Mail,
) -> Result<()> {
    let to = Recipient { account: None, email: reader.clone(), language: language(found) };
    mails::queue(tx, app, &to, mail).await.map(|_| ())
}

/// The language of the site, where it is one of ours.
fn language(found: &Contacts) -> Language {
    let code = found.language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    Language::from_code(&code).unwrap_or(Language::English)
}

fn line(handle: &Handle, reach: &str) -> String {
    format!("    {reach}: @{handle}")
}

fn claim_page(app: &App, row: &SiteLetterRow) -> String {
    mails::address(app, &format!("/claim?url={}", row.url.encoded()))
}

fn stop(app: &App, row: &SiteLetterRow) -> String {
    mails::address(app, &format!("{PATH}/{}", link(app, &row.party)))
}
