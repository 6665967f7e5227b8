//! Everything that the instance knows of an account, for its owner to take along (P5): a job makes
//! one archive in sealed parts, a mail brings a link that works once and for a day.

mod archive;
mod lines;

use std::fs::File;
use std::io::{Read as _, Seek as _};

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, Refusal};
use obole_store::exports::{self, ExportRow, Ready};
use obole_store::{Tx, accounts};
use uuid::Uuid;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits;
use crate::mails::{self, Mail, Recipient};
use crate::secrets::{digest, hex};
use crate::sessions::{Session, is_fresh};

/// For how long an archive can be fetched.
pub const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// How much of an archive is sealed at a time.
const PART: usize = 192 * 1024;

/// The most archives that one run makes.
const MADE_MAX: i64 = 20;

/// Asks for an archive. One that waits already is the one.
///
/// Refused without a fresh proof (W3), and over 3 a day.
pub async fn ask(app: &App, session: &Session) -> Result<()> {
    if !is_fresh(session, app.now()) {
        return Err(Error::ProofNeeded);
    }
    let (account, now) = (session.account, app.now());
    app.limit(limits::EXPORT, account).await?;
    let (id, handle) = (app.chance().id(now), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            // Whoever asks at once waits here.
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let latest = exports::latest(tx, account).await?;
            if latest.is_some_and(|latest| latest.ready_at.is_none()) {
                return Ok(());
            }
            exports::ask(tx, id, account, now).await?;
            let about = (account.to_string(), String::new());
            app.log(tx, Actor::Page(account), "export.ask", about).await
        })
    })
    .await
}

/// The last archive of an account.
pub async fn latest(app: &App, account: AccountId) -> Result<Option<ExportRow>> {
    app.read(account, |read, account| {
        Box::pin(async move { Ok(exports::latest(read, *account).await?) })
    })
    .await
}

/// Makes the archives that are waited for. Running twice is harmless: the first to finish counts.
pub async fn make_due(app: &App) -> Result<()> {
    let waiting = app
        .read((), |read, ()| Box::pin(async move { Ok(exports::waiting(read, MADE_MAX).await?) }));
    for row in waiting.await? {
        // One that cannot be made does not keep the others waiting.
        if let Err(error) = make(app, row).await {
            tracing::error!(export = %row.id, %error, "an export was not made; it is tried again");
        }
    }
    Ok(())
}

async fn make(app: &App, row: ExportRow) -> Result<()> {
    let file = archive::write(app, row.account).await?;
    let build = app.chance().id(app.now());
    let bytes = store(app, build, file).await?;
    finish(app, row, (build, bytes)).await
}

/// Stores the archive in sealed parts, and says how large it is.
async fn store(app: &App, build: Uuid, file: File) -> Result<i64> {
    let (mut file, mut number, mut bytes) = (file, 0_i64, 0_i64);
    file.rewind().map_err(Error::internal)?;
    loop {
        let (read_from, part) = tokio::task::spawn_blocking(move || read_part(file))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)?;
        file = read_from;
        if part.is_empty() {
            return Ok(bytes);
        }
        bytes += i64::try_from(part.len()).unwrap_or_default();
        let sealed = app.secrets().seal_bytes(app.chance(), &named(build, number, &part))?;
        app.write(sealed, move |tx, sealed| {
            Box::pin(async move { Ok(exports::put_part(tx, build, number, sealed).await?) })
        })
        .await?;
        number += 1;
    }
}

fn read_part(mut file: File) -> std::io::Result<(File, Vec<u8>)> {
    let mut part = Vec::with_capacity(PART);
    (&mut file).take(PART as u64).read_to_end(&mut part)?;
    Ok((file, part))
}

/// A part with its name before it: none can be put in another's place.
fn named(build: Uuid, number: i64, part: &[u8]) -> Vec<u8> {
    [&build.as_bytes()[..], &number.to_be_bytes(), part].concat()
}

async fn finish(app: &App, row: ExportRow, (build, bytes): (Uuid, i64)) -> Result<()> {
    let now = app.now();
    let ends_at = now.saturating_add(LASTS).unwrap_or(Timestamp::MAX);
    let link = hex(&app.chance().bytes::<32>());
    let link_hash = digest(link.as_bytes());
    let ready = Ready { build, bytes, link_hash, ready_at: now, ends_at };
    let handle = app.clone();
    app.write(link, move |tx, link| {
        let app = handle.clone();
        Box::pin(async move {
            if !exports::finish(tx, row.id, ready).await? {
                exports::forget_parts(tx, build).await?;
                return Ok(());
            }
            tell(tx, &app, row.account, link).await?;
            let about = (row.account.to_string(), String::new());
            app.log(tx, Actor::Job, "export.ready", about).await
        })
    })
    .await
}

async fn tell(tx: &mut Tx, app: &App, account: AccountId, link: &str) -> Result<()> {
    let account = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let mail = Mail::ExportReady {
        handle: account.handle.to_string(),
        link: mails::address(app, &format!("/export/{link}")),
        hours: LASTS.as_hours().to_string(),
    };
    mails::queue(tx, app, &Recipient::of(&account), &mail).await.map(|_| ())
}

/// What a link of an account's own would fetch. It consumes nothing. None when it is wrong, was
/// used, or is too old.
pub async fn find(app: &App, account: AccountId, link: &str) -> Result<Option<ExportRow>> {
    let now = app.now();
    let found = app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move { Ok(exports::find_by_link(read, *hash, now).await?) })
    });
    Ok(found.await?.filter(|row| row.account == account))
}

/// An archive that is being fetched.
#[derive(Clone, Copy, Debug)]
pub struct Fetched {
    build: Uuid,
    /// How large it is.
    pub bytes: i64,
}

/// Fetches an archive by its link, once. Refused when the link is wrong, was used, or is too old.
pub async fn fetch(app: &App, account: AccountId, link: &str) -> Result<Fetched> {
    let row = find(app, account, link).await?.ok_or(Refusal::CodeWrong {})?;
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let build = exports::take(tx, row.id, now).await?.ok_or(Refusal::CodeWrong {})?;
            let about = (account.to_string(), String::new());
            app.log(tx, Actor::Page(account), "export.fetch", about).await?;
            Ok(Fetched { build, bytes: row.bytes.unwrap_or_default() })
        })
    })
    .await
}

/// A part of a fetched archive, from 0; none after the last.
pub async fn part(app: &App, fetched: Fetched, number: i64) -> Result<Option<Vec<u8>>> {
    let build = fetched.build;
    let sealed = app.read((), move |read, ()| {
        Box::pin(async move { Ok(exports::part(read, build, number).await?) })
    });
    let Some(sealed) = sealed.await? else { return Ok(None) };
    let opened = app.secrets().open_bytes(&sealed)?;
    let part = opened.strip_prefix(named(build, number, &[]).as_slice());
    part.map(|part| Some(part.to_vec())).ok_or_else(|| Error::internal("a part of another export"))
}
