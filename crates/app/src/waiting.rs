//! The waiting list of an instance that is not open: an address asks, its reader confirms, and an
//! administrator lets the next ones in. Nobody learns their place, nor who else waits.

use jiff::{SignedDuration, Timestamp};
use obole_domain::invitation::INVITATION_DAYS;
use obole_domain::{EmailAddress, Refusal, WaitingId};
use obole_language::Language;
use obole_store::waiting::{self, WaitingRow};
use obole_store::{Read, Tx, accounts, invitations, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::confirmations::{LASTS, limit_mails};
use crate::error::{Error, Result};
use crate::invitations::{draw, link_of};
use crate::mails::{self, Mail, Recipient};
use crate::secrets::{digest, hex};
use crate::suspensions::require_admin;

/// The most who are let in at once.
pub const NEXT_MAX: i64 = 100;

/// Written for an address that has an account, so that asking takes as long as for another.
const DECOY: &str = "waiting.decoy";

/// An address asks to be let in: a mail asks its reader to confirm. Where it has an account, the
/// mail says so instead; everything else is the same (A1). Asking again keeps the place.
///
/// Not found where everybody can sign up. Refused over the limit of mails to the address.
pub async fn ask(app: &App, email: EmailAddress, language: Language) -> Result<()> {
    let policy = app.read((), |read, ()| {
        Box::pin(async move { Ok(settings::policy(read).await?.registration) })
    });
    if !policy.await?.needs_invitation() {
        return Err(Error::NotFound);
    }
    limit_mails(app, &email).await?;
    let link = hex(&app.chance().bytes::<32>());
    let row = WaitingRow {
        id: WaitingId::new(app.chance().id(app.now())),
        email,
        language: language.code().to_owned(),
        asked_at: app.now(),
        confirmed_at: None,
        invited_at: None,
    };
    let handle = app.clone();
    app.write((row, link), move |tx, (row, link)| {
        let app = handle.clone();
        Box::pin(async move {
            let to = Recipient { account: None, email: row.email.clone(), language };
            if let Some(known) = accounts::find_confirmed(tx, &row.email).await? {
                settings::set(tx, DECOY, &app.now().to_string()).await?;
                let mail = Mail::Known {
                    handle: known.handle.to_string(),
                    sign_in: mails::address(&app, "/sign-in"),
                    reset: mails::address(&app, "/reset"),
                };
                return mails::queue(tx, &app, &to, &mail).await.map(|_| ());
            }
            waiting::put(tx, row, digest(link.as_bytes())).await?;
            let link = mails::address(&app, &format!("/waiting/{link}"));
            mails::queue(tx, &app, &to, &Mail::Waiting { link }).await.map(|_| ())
        })
    })
    .await
}

/// What a link belongs to. It consumes nothing. None when it is wrong, or was not opened in a day.
pub async fn find(app: &App, link: &str) -> Result<Option<WaitingRow>> {
    let now = app.now();
    app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move { find_in(read, *hash, now).await })
    })
    .await
}

async fn find_in(read: &mut Read, hash: [u8; 32], now: Timestamp) -> Result<Option<WaitingRow>> {
    let row = waiting::find_by_link(read, hash).await?;
    let is_open =
        |row: &WaitingRow| row.confirmed_at.is_some() || now.duration_since(row.asked_at) < LASTS;
    Ok(row.filter(is_open))
}

/// What the reader of a link wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To wait.
    Wait,
    /// To be taken off the list.
    Leave,
}

/// Confirms the address of a link, or takes it off the list.
pub async fn answer(app: &App, link: &str, wish: Wish) -> Result<()> {
    let now = app.now();
    app.write(digest(link.as_bytes()), move |tx, hash| {
        Box::pin(async move {
            let row = find_in(tx, *hash, now).await?.ok_or(Refusal::CodeWrong {})?;
            match wish {
                Wish::Wait => waiting::confirm(tx, row.id, now).await?,
                Wish::Leave => waiting::remove(tx, row.id).await?,
            };
            Ok(())
        })
    })
    .await
}

/// How many wait.
pub async fn count(app: &App) -> Result<i64> {
    app.read((), |read, ()| Box::pin(async move { Ok(waiting::count(read).await?) })).await
}

/// An administrator lets the next ones in: each gets an invitation by mail. Gives how many it were.
///
/// Refused for a number that is not 1 to [`NEXT_MAX`].
pub async fn invite_next(app: &App, actor: Actor, count: i64) -> Result<i64> {
    if !(1..=NEXT_MAX).contains(&count) {
        return Err(Refusal::InvitationCount { limit: NEXT_MAX }.into());
    }
    let (handle, most) = (app.clone(), usize::try_from(count).unwrap_or_default());
    app.write_many((), most, move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let mut invited = 0;
            for row in waiting::next(tx, count).await? {
                invited += i64::from(invite(tx, &app, &row).await?);
            }
            let about = ("waiting".to_owned(), invited.to_string());
            app.log(tx, actor, "waiting.invite", about).await?;
            Ok(invited)
        })
    })
    .await
}

/// Lets one in. False where another administrator was faster.
async fn invite(tx: &mut Tx, app: &App, row: &WaitingRow) -> Result<bool> {
    if !waiting::invite(tx, row.id, app.now()).await? {
        return Ok(false);
    }
    let new = draw(app, None, Some(row.email.clone()));
    invitations::insert(tx, &new).await?;
    let language = Language::from_code(&row.language).unwrap_or(Language::English);
    let to = Recipient { account: None, email: row.email.clone(), language };
    let mail = Mail::Invited {
        handle: String::new(),
        link: link_of(app, new.id),
        days: INVITATION_DAYS.to_string(),
    };
    mails::queue(tx, app, &to, &mail).await?;
    Ok(true)
}

/// Until when the list is forgotten: what nobody confirmed after a day, who waited for a year, who
/// was let in a month ago.
pub(crate) fn forgotten_before(now: Timestamp) -> waiting::Before {
    let before = |days: i64| {
        now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN)
    };
    waiting::Before {
        asked: before(1),
        confirmed: before(obole_domain::invitation::WAITING_DAYS),
        invited: before(INVITATION_DAYS),
    }
}
