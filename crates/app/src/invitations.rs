//! Invitations: who is in lets others in, so many each; a code works once. Administrators see who
//! came by whom, and give more or take away.

use jiff::{SignedDuration, Timestamp};
use obole_domain::invitation::{INVITATION_DAYS, INVITED_MAX};
use obole_domain::{AccountId, EmailAddress, Handle, InvitationCode, InvitationId, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow};
use obole_store::invitations::{self, Came, InvitationRow, NewInvitation};
use obole_store::{Read, Tx, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::confirmations::limit_mails;
use crate::error::{Error, Result};
use crate::limits;
use crate::mails::{self, Mail, Recipient};
use crate::suspensions::require_admin;

/// The most invitations on a page.
const SHOWN_MAX: i64 = 200;

/// The most people in the picture of who came by whom.
pub const TREE_MAX: i64 = 2_000;

/// What an account sees of its invitations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// How many it may still make.
    pub left: i64,
    /// The newest first.
    pub lines: Vec<Line>,
}

/// An invitation as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: InvitationId,
    /// What became of it.
    pub state: State,
    /// The link; empty where it cannot be used any more.
    pub link: String,
    /// Where it was sent; empty where it was not.
    pub email: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It can be used.
    Open,
    /// Somebody came with it; no handle where that account is gone.
    Used(Option<Handle>),
    /// Its maker took it back.
    Withdrawn,
    /// Nobody came in time.
    Expired,
}

/// The code of an invitation: made of its id, so that it can be shown again and is stored nowhere.
pub(crate) fn code_of(app: &App, id: InvitationId) -> InvitationCode {
    let mac = app.secrets().mac("invitation", id.uuid().as_bytes());
    let mut bits = [0; 10];
    bits.iter_mut().zip(mac).for_each(|(bit, byte)| *bit = byte);
    InvitationCode::from_bits(bits)
}

/// What is stored of a code.
pub(crate) fn hash(app: &App, code: &InvitationCode) -> [u8; 32] {
    app.secrets().mac("invitation code", code.digits().as_bytes())
}

/// The link of an invitation.
pub(crate) fn link_of(app: &App, id: InvitationId) -> String {
    mails::address(app, &format!("/invitation/{}", code_of(app, id).reveal()))
}

/// Draws an invitation that can be used from now on.
pub(crate) fn draw(app: &App, by: Option<AccountId>, to: Option<EmailAddress>) -> NewInvitation {
    let now = app.now();
    let id = InvitationId::new(app.chance().id(now));
    let lasts = SignedDuration::from_hours(24 * INVITATION_DAYS);
    NewInvitation {
        id,
        account: by,
        code_hash: hash(app, &code_of(app, id)),
        email: to,
        created_at: now,
        expires_at: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
    }
}

/// An account's invitations, and how many it may still make.
pub async fn mine(app: &App, account: AccountId) -> Result<Mine> {
    let now = app.now();
    let found = app.read(account, move |read, account| {
        Box::pin(async move {
            let left = left(read, *account, now).await?;
            Ok((left, invitations::of(read, *account, SHOWN_MAX).await?))
        })
    });
    let (left, rows) = found.await?;
    Ok(Mine { left, lines: rows.into_iter().map(|row| line(app, row)).collect() })
}

fn line(app: &App, row: InvitationRow) -> Line {
    let state = if row.used_at.is_some() {
        State::Used(row.came)
    } else if row.withdrawn_at.is_some() {
        State::Withdrawn
    } else if row.expires_at <= app.now() {
        State::Expired
    } else {
        State::Open
    };
    let link = if state == State::Open { link_of(app, row.id) } else { String::new() };
    let (id, email) = (row.id, row.email);
    Line { id, state, link, email, created_at: row.created_at, expires_at: row.expires_at }
}

/// How many invitations an account may still make: never below none.
async fn left(read: &mut Read, account: AccountId, now: Timestamp) -> Result<i64> {
    let policy = settings::policy(read).await?;
    let may = policy.invitations + invitations::more(read, account).await?;
    Ok((may.clamp(0, INVITED_MAX) - invitations::count(read, account, now).await?).max(0))
}

/// Makes an invitation, and mails it where an address is given, in the maker's language.
///
/// Refused without a confirmed address of one's own, when none is left, over the limits of a day
/// and of mails to the address. Known and unknown addresses are answered alike (A1).
pub async fn invite(app: &App, account: AccountId, to: Option<EmailAddress>) -> Result<()> {
    app.limit(limits::INVITE, account).await?;
    if let Some(email) = &to {
        limit_mails(app, email).await?;
    }
    let (new, handle) = (draw(app, Some(account), to), app.clone());
    app.write(new, move |tx, new| {
        let app = handle.clone();
        Box::pin(async move {
            // Whoever invites at once waits here for the count of the others.
            let by = accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if by.email_confirmed_at.is_none() {
                return Err(Refusal::EmailUnconfirmed {}.into());
            }
            if left(tx, account, app.now()).await? == 0 {
                return Err(Refusal::InvitationsUsedUp {}.into());
            }
            invitations::insert(tx, new).await?;
            if let Some(email) = &new.email {
                send(tx, &app, (&by, new.id), email).await?;
            }
            app.log(tx, Actor::Page(account), "invitation.make", about(new.id)).await
        })
    })
    .await
}

fn about(id: InvitationId) -> (String, String) {
    (id.to_string(), String::new())
}

async fn send(
    tx: &mut Tx,
    app: &App,
    (by, id): (&AccountRow, InvitationId),
    email: &EmailAddress,
) -> Result<()> {
    let language = Language::from_code(&by.language).unwrap_or(Language::English);
    let to = Recipient { account: None, email: email.clone(), language };
    let mail = Mail::Invited {
        handle: by.handle.to_string(),
        link: link_of(app, id),
        days: INVITATION_DAYS.to_string(),
    };
    mails::queue(tx, app, &to, &mail).await.map(|_| ())
}

/// Takes one's own unused invitation back: nobody comes with it any more, and one more can be made.
pub async fn withdraw(app: &App, account: AccountId, id: InvitationId) -> Result<()> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if !invitations::withdraw(tx, account, id, now).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            app.log(tx, Actor::Page(account), "invitation.withdraw", about(id)).await
        })
    })
    .await
}

/// Whether a code can be used now. It consumes nothing.
pub async fn is_open(app: &App, code: &InvitationCode) -> Result<bool> {
    let (hash, now) = (hash(app, code), app.now());
    let found = app.read(hash, move |read, hash| {
        Box::pin(async move { Ok(invitations::find_open(read, *hash, now).await?) })
    });
    Ok(found.await?.is_some())
}

/// Those who came by invitation, the first first, [`TREE_MAX`] at most. Reading is logged (G1).
pub async fn tree(app: &App, actor: Actor) -> Result<Vec<Came>> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            app.log(tx, actor, "invitations.read", ("invitations".to_owned(), String::new()))
                .await?;
            Ok(invitations::came(tx, TREE_MAX).await?)
        })
    })
    .await
}

/// An administrator gives an account so many more invitations than the policy does, or fewer.
pub async fn set_more(app: &App, actor: Actor, whose: Handle, more: i64) -> Result<()> {
    if !(-INVITED_MAX..=INVITED_MAX).contains(&more) {
        return Err(Refusal::InvitationCount { limit: INVITED_MAX }.into());
    }
    let handle = app.clone();
    app.write(whose, move |tx, whose| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let account = accounts::find_by_handle(tx, whose).await?;
            let account = account.ok_or(Refusal::AccountUnknown {})?.id;
            invitations::set_more(tx, account, more).await?;
            let about = (account.to_string(), more.to_string());
            app.log(tx, actor, "invitations.give", about).await
        })
    })
    .await
}
