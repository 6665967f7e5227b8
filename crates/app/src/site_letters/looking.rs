//! Looking for who can be written to at a site, outside of any transaction (D10), and writing.

use futures_util::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use obole_domain::CanonicalUrl;
use obole_domain::account::EmailAddress;
use obole_domain::claim::Reach;
use obole_domain::letter::{Contact, Letter, READERS_REST};
use obole_domain::public_count::public_count;
use obole_gateway::contacts::{self, Contacts};
use obole_language::Language;
use obole_store::claims::{self, ClaimEvent};
use obole_store::site_letters::{self, SiteLetterRow};
use obole_store::{Tx, accounts, works};

use super::{PATH, link, mac};
use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::later;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::secrets::digest;

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
    let until = later(now, LEASE);
    let party = row.party.clone();
    let taken = app.write(party, move |tx, party| {
        Box::pin(async move { Ok(site_letters::take(tx, party, (now, until)).await?) })
    });
    if !taken.await? {
        return Ok(Sent::default());
    }
    let due = |letter: &Letter| letter.next(row.noticed_at) <= now;
    let notice = row.notice.as_ref().filter(|_| due(&Letter::Notice)).map(|(_, url)| url);
    // One letter a look: who is found may depend on the page that it is about.
    let letter = if notice.is_some() { Letter::Notice } else { Letter::Invitation };
    let url = notice.or(row.invitation.as_ref().map(|(_, url)| url)).cloned();
    let url = url.unwrap_or_else(|| row.party.root());
    let tries = (now, row.tries + 1 >= TRIES_MAX);
    let found = contacts::find(app.fetcher(), (&row.party, &url), tries).await.ok();
    // A node that was frozen here leaves the site to whoever has taken it meanwhile.
    if app.now() >= until {
        return Ok(Sent::default());
    }
    let handle = app.clone();
    app.write((row.party, found), move |tx, (party, found)| {
        let app = handle.clone();
        Box::pin(async move {
            let mut row = site_letters::locked(tx, party).await?;
            if row.next_try_at.is_none() {
                return Ok(Sent::default());
            }
            let Some(found) = found else { return postpone(&app, tx, row).await };
            if found.declines && row.declined_at.is_none() {
                app.log(tx, Actor::Job, "site.decline", (party.to_string(), String::new())).await?;
                row.declined_at = Some(app.now());
            }
            write(&app, tx, (letter, row), found).await
        })
    })
    .await
}

/// The site did not answer: it is tried again, a few times.
async fn postpone(app: &App, tx: &mut Tx, mut row: SiteLetterRow) -> Result<Sent> {
    row.tries += 1;
    row.next_try_at = Some(later(app.now(), WAIT));
    if row.tries >= TRIES_MAX {
        (row.notice, row.invitation, row.next_try_at, row.tries) = (None, None, None, 0);
    }
    site_letters::put(tx, &row).await?;
    Ok(Sent::default())
}

/// What became of a letter.
enum Fate {
    /// Somebody was written to.
    Written,
    /// There is nobody to write to, or nothing to say.
    Needless,
    /// Those that it is for were written to a short while ago.
    Waits,
}

/// Writes a letter that is due to those that were found, if there are any.
async fn write(
    app: &App,
    tx: &mut Tx,
    (letter, mut row): (Letter, SiteLetterRow),
    found: &Contacts,
) -> Result<Sent> {
    let (now, mut sent) = (app.now(), Sent::default());
    let found = &without_decliners(app, tx, found).await?;
    let fate = match letter {
        Letter::Notice => notify(app, tx, &row, found).await?,
        Letter::Invitation => invite(app, tx, &row, found).await?,
    };
    let retry = if matches!(fate, Fate::Waits) { later(now, WAIT) } else { now };
    let written = matches!(fate, Fate::Written).then_some(now);
    match letter {
        _ if retry > now => {}
        Letter::Notice => {
            (row.notice, row.noticed_at) = (None, written.or(row.noticed_at));
            sent.notices = u64::from(written.is_some());
        }
        Letter::Invitation => {
            (row.invitation, row.invited_at) = (None, written.or(row.invited_at));
            sent.invitations = u64::from(written.is_some());
        }
    }
    if row.declined_at.is_some() {
        row.invitation = None;
    }
    let notice = row.notice.as_ref().map(|_| Letter::Notice.next(row.noticed_at).max(retry));
    let invitation = row.invitation.as_ref().map(|_| retry);
    row.next_try_at = notice.into_iter().chain(invitation).min();
    row.tries = 0;
    site_letters::put(tx, &row).await?;
    Ok(sent)
}

/// What a site says, without those who want no letters.
async fn without_decliners(app: &App, tx: &mut Tx, found: &Contacts) -> Result<Contacts> {
    let mut left = Contacts { found: Vec::new(), ..found.clone() };
    for contact in &found.found {
        let known = site_letters::reader(tx, mac(app, &contact.address)).await?;
        if known.is_none_or(|known| known.declined_at.is_none()) {
            left.found.push(contact.clone());
        }
    }
    Ok(left)
}

/// A claim that is told of: whose it is, and its line.
type Told = (Option<EmailAddress>, String);

/// The claims of a party since a moment, the newest first.
async fn told_since(tx: &mut Tx, party: &Reach, since: Timestamp) -> Result<Vec<Told>> {
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = claims::events_of_host(tx, party.host(), (before, LINES_MAX)).await?;
        let Some(last) = page.last() else { return Ok(told) };
        before = Some(last.seq);
        for event in page {
            if event.at < since || told.len() == LISTED_MAX {
                return Ok(told);
            }
            let is_told = matches!(
                event.what,
                ClaimEvent::Granted | ClaimEvent::Proven | ClaimEvent::Contested
            );
            if is_told && party.covers(&event.reach.root()) {
                let account = accounts::find_by_handle(tx, &event.handle).await?;
                let line = format!("    {}: @{}", event.reach, event.handle);
                told.push((account.map(|row| row.email), line));
            }
        }
    }
}

/// Tells of the claims that wait: each reader of those of others. It is told when one of them was
/// written to; who had another letter just before is left out then.
async fn notify(app: &App, tx: &mut Tx, row: &SiteLetterRow, found: &Contacts) -> Result<Fate> {
    let Some((since, url)) = &row.notice else { return Ok(Fate::Needless) };
    let lines = told_since(tx, &row.party, *since).await?;
    // Who made a claim knows of it.
    let of_others = |reader: &EmailAddress| -> Vec<&str> {
        let others = lines.iter().filter(|(owner, _)| owner.as_ref() != Some(reader));
        others.map(|(_, line)| &**line).collect()
    };
    let hearing = found.found.iter().filter(|contact| !of_others(&contact.address).is_empty());
    let hearing: Vec<Contact> = hearing.cloned().collect();
    let (mut written, mut waits) = (0, false);
    for reader in Letter::Notice.readers(&hearing) {
        let others = of_others(reader);
        let mail = Mail::SiteNotice {
            site: row.party.to_string(),
            claims: others.join("\n"),
            page: mails::address(app, &format!("/claims/of/{}", row.party.host())),
            claim: claim_page(app, url),
            stop: stop(app, reader),
        };
        match post(app, tx, (row, reader, found), &mail).await? {
            Fate::Written => written += 1,
            Fate::Waits => waits = true,
            Fate::Needless => {}
        }
    }
    if written == 0 {
        return Ok(if waits { Fate::Waits } else { Fate::Needless });
    }
    app.log(tx, Actor::Job, "site.notice", (row.party.to_string(), written.to_string())).await?;
    Ok(Fate::Written)
}

/// Tells one reader that patrons wait, where they still do.
async fn invite(app: &App, tx: &mut Tx, row: &SiteLetterRow, found: &Contacts) -> Result<Fate> {
    let may = row.declined_at.is_none() && Letter::Invitation.next(row.invited_at) <= app.now();
    let Some((patrons, url)) = row.invitation.as_ref().filter(|_| may) else {
        return Ok(Fate::Needless);
    };
    let work = works::find_by_url(tx, url).await?;
    let is_refused = work.is_some_and(|work| work.refused_at.is_some());
    let is_claimed = claims::reaching(tx, url).await?.is_some();
    let readers = Letter::Invitation.readers(&found.found);
    let (Some(reader), Some(patrons), false) =
        (readers.first(), public_count(*patrons), is_refused || is_claimed)
    else {
        return Ok(Fate::Needless);
    };
    let mail = Mail::SiteInvited {
        site: row.party.to_string(),
        // No page in particular where those are too few to tell (P2).
        work: if *url == row.party.home(url) { String::new() } else { url.to_string() },
        patrons: obole_language::number(language(found), patrons),
        page: claim_page(app, url),
        how: mails::address(app, "/how"),
        robot: mails::address(app, "/robot"),
        stop: stop(app, reader),
    };
    let fate = post(app, tx, (row, reader, found), &mail).await?;
    if matches!(fate, Fate::Written) {
        app.log(tx, Actor::Job, "site.invite", (row.party.to_string(), String::new())).await?;
    }
    Ok(fate)
}

/// Writes to a reader, unless they want no letters or had one a short while ago, of whatever site.
async fn post(
    app: &App,
    tx: &mut Tx,
    (row, reader, found): (&SiteLetterRow, &EmailAddress, &Contacts),
    mail: &Mail,
) -> Result<Fate> {
    let (now, mac) = (app.now(), mac(app, reader));
    let rest = if Letter::is_own(&row.party, reader) { SignedDuration::ZERO } else { READERS_REST };
    let rested = now.saturating_sub(rest).unwrap_or(Timestamp::MIN);
    let link = digest(link(app, reader).as_bytes());
    if !site_letters::write_to(tx, (mac, link), (now, rested)).await? {
        return Ok(Fate::Waits);
    }
    let to = Recipient { account: None, email: reader.clone(), language: language(found) };
    mails::queue(tx, app, &to, mail).await?;
    Ok(Fate::Written)
}

/// The language of the site, where it is one of ours.
fn language(found: &Contacts) -> Language {
    let code = found.language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    Language::from_code(&code).unwrap_or(Language::English)
}

fn claim_page(app: &App, url: &CanonicalUrl) -> String {
    mails::address(app, &format!("/claim?url={}", url.encoded()))
}

fn stop(app: &App, reader: &EmailAddress) -> String {
    mails::address(app, &format!("{PATH}/{}", link(app, reader)))
}
