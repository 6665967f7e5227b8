//! Sessions: how they begin and end, and the fresh proof (W1, W3). The secret is the browser's
//! alone; only its hash is stored.

use jiff::{SignedDuration, Timestamp};
use obole_domain::account::SessionId;
use obole_domain::{AccountId, Handle, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow};
use obole_store::sessions::{self, SessionRow};
use obole_store::{Tx, devices, second_factors as factor_rows};

use crate::app::App;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::secrets::{digest, hex};
use crate::{second_factors, sign_in_limits};

/// A session ends when it was not used for this long (W1).
pub const IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A session ends after this long however much it is used (W1).
pub const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// For how long a proof counts as fresh (W3).
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Use is noted this often, not at each request.
const TOUCH: SignedDuration = SignedDuration::from_mins(5);

/// For how long an account is so new that its first browser is nothing to write about.
const NEWCOMER: SignedDuration = SignedDuration::from_hours(24);

/// The most characters that are kept of a browser's name.
const BROWSER_MAX: usize = 120;

/// A browser's sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// The account's public name.
    pub handle: Handle,
    /// What the account calls itself; its handle where it says nothing.
    pub name: String,
    /// The language that the account chose.
    pub language: Option<Language>,
    /// Whether the account administers the instance.
    pub is_admin: bool,
    /// Whether its mail address is confirmed.
    pub is_confirmed: bool,
    /// When its owner last proved that it is them.
    pub proved_at: Timestamp,
}

/// The browser that somebody sits at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// As its owner will recognise it in the list.
    pub name: String,
    /// The secret of its device cookie; empty where it has none.
    pub device: String,
    /// The client's address; empty where it is not known.
    pub address: String,
}

/// What proves again who sits there.
#[derive(Clone, Default)]
pub struct Proof {
    /// The password.
    pub password: String,
    /// The code of the second factor or a recovery code; empty where none is asked for.
    pub code: String,
}

/// A session that just began.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the cookie; shown nowhere else.
    pub secret: String,
    /// For the device's cookie, which outlives the session; shown nowhere else.
    pub device: String,
    /// The session.
    pub session: Session,
}

/// A session in the list that its owner sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// Which browser.
    pub browser: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to some minutes.
    pub seen_at: Timestamp,
}

/// The session of a cookie's secret. None when it ended, or its account is suspended.
pub async fn find(app: &App, secret: &str) -> Result<Option<Session>> {
    let (now, hash) = (app.now(), digest(secret.as_bytes()));
    let found = app
        .read(hash, |read, hash| Box::pin(async move { Ok(sessions::find(read, *hash).await?) }));
    let Some((session, account)) = found.await? else { return Ok(None) };
    if !is_open(&session, now) || account.suspended_at.is_some() {
        return Ok(None);
    }
    if now.duration_since(session.seen_at) >= TOUCH {
        let touched = app.write(hash, move |tx, hash| {
            Box::pin(async move { Ok(sessions::touch(tx, *hash, now).await?) })
        });
        // A database that cannot be written does not keep anybody from reading (D12).
        if let Err(error) = touched.await {
            tracing::warn!(%error, "the use of a session was not noted");
        }
    }
    Ok(Some(session_of(&session, &account)))
}

/// Ends the session of a cookie's secret.
pub async fn sign_out(app: &App, secret: &str) -> Result<()> {
    app.write(digest(secret.as_bytes()), |tx, hash| {
        Box::pin(async move { Ok(sessions::remove(tx, *hash).await?) })
    })
    .await
}

/// Proves with the password, and the code where the second factor is on, that the session's owner
/// sits there (W3).
pub async fn prove(app: &App, secret: &str, proof: Proof) -> Result<()> {
    let session = find(app, secret).await?.ok_or(Error::Forbidden)?;
    check_password_of(app, session.account, &proof.password).await?;
    let (hash, handle) = (digest(secret.as_bytes()), app.clone());
    app.write(proof.code, move |tx, code| {
        let app = handle.clone();
        Box::pin(async move {
            if factor_rows::is_on(tx, session.account).await? {
                second_factors::use_code(tx, &app, session.account, code).await?;
            }
            Ok(sessions::prove(tx, hash, app.now()).await?)
        })
    })
    .await
}

/// Refuses where the session's proof is too old for what needs one (W3): the one question that
/// everything of that kind asks.
pub fn require_fresh(app: &App, session: &Session) -> Result<()> {
    if is_fresh(session, app.now()) { Ok(()) } else { Err(Error::ProofNeeded) }
}

/// Whether a session's proof is young enough for what needs one (W3).
#[must_use]
pub fn is_fresh(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.proved_at) < FRESH
}

/// An account's sessions, the last used first.
pub async fn list(app: &App, account: AccountId) -> Result<Vec<SessionLine>> {
    let rows = app.read(account, |read, account| {
        Box::pin(async move { Ok(sessions::of(read, *account).await?) })
    });
    let now = app.now();
    let open = rows.await?.into_iter().filter(|session| is_open(session, now));
    let lines = open.map(|session| SessionLine {
        id: session.id,
        browser: session.browser,
        created_at: session.created_at,
        seen_at: session.seen_at,
    });
    Ok(lines.collect())
}

/// Ends one of an account's sessions.
pub async fn end(app: &App, account: AccountId, id: SessionId) -> Result<()> {
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let is_ended = sessions::remove_of(tx, account, id).await?;
            if is_ended { Ok(()) } else { Err(Error::NotFound) }
        })
    })
    .await
}

/// Ends all sessions of an account but one, and says how many that were.
pub async fn end_others(app: &App, session: &Session) -> Result<u64> {
    let (account, id) = (session.account, session.id);
    app.write((), move |tx, ()| {
        Box::pin(async move { Ok(sessions::remove_others(tx, account, id).await?) })
    })
    .await
}

/// Refuses a password that is not the account's; tries are limited.
pub(crate) async fn check_password_of(app: &App, account: AccountId, password: &str) -> Result<()> {
    sign_in_limits::count_own(app, &account.to_string()).await?;
    let stored = app.read(account, |read, account| {
        Box::pin(async move { Ok(accounts::password_hash(read, *account).await?) })
    });
    let fits = app.verify_password(password.to_owned(), stored.await?).await?;
    if fits { Ok(()) } else { Err(Refusal::PasswordWrong {}.into()) }
}

/// Begins a session for an account that proved who it is.
pub(crate) async fn begin(app: &App, account: AccountId, browser: &Browser) -> Result<NewSession> {
    let drawn = draw(app, account, browser);
    let session =
        app.write(drawn.clone(), |tx, drawn| Box::pin(async move { begin_in(tx, drawn).await }));
    Ok(drawn.begun(session.await?))
}

/// A session whose secret is drawn and which is not stored yet.
#[derive(Clone)]
pub(crate) struct Drawn {
    secret: String,
    device: String,
    /// The device's secret so far.
    device_before: String,
    row: SessionRow,
}

impl Drawn {
    /// The session with what its cookies need, once it is stored.
    pub(crate) fn begun(self, session: Session) -> NewSession {
        NewSession { secret: self.secret, device: self.device, session }
    }
}

/// Draws a session's secret: 256 random bits; and another secret for its device.
pub(crate) fn draw(app: &App, account: AccountId, browser: &Browser) -> Drawn {
    let now = app.now();
    let row = SessionRow {
        id: SessionId::new(app.chance().id(now)),
        account,
        browser: browser.name.chars().filter(|c| !c.is_control()).take(BROWSER_MAX).collect(),
        created_at: now,
        seen_at: now,
        proved_at: now,
        ends_at: now.saturating_add(LONGEST).unwrap_or(Timestamp::MAX),
    };
    Drawn {
        secret: hex(&app.chance().bytes::<32>()),
        device: hex(&app.chance().bytes::<32>()),
        device_before: browser.device.clone(),
        row,
    }
}

/// The same for somebody who signed in: the owner is told where this browser is new to the account.
pub(crate) async fn enter_in(tx: &mut Tx, app: &App, drawn: &Drawn) -> Result<Session> {
    let (account, now) = (drawn.row.account, drawn.row.created_at);
    let known = devices::accounts(tx, digest(drawn.device_before.as_bytes())).await?;
    let has_devices = devices::has_any(tx, account).await?;
    let session = begin_in(tx, drawn).await?;
    let row = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    // The first browser of a new account is new to nobody.
    let is_first = !has_devices && now.duration_since(row.created_at) < NEWCOMER;
    if !known.contains(&account) && !is_first && row.email_confirmed_at.is_some() {
        let to = Recipient::of(&row);
        let mail = Mail::NewDevice {
            handle: row.handle.to_string(),
            browser: drawn.row.browser.clone(),
            at: obole_language::moment(to.language, now, app.zone()),
            page: mails::address(app, "/settings/sign-in"),
        };
        mails::queue(tx, app, &to, &mail).await?;
    }
    Ok(session)
}

/// Stores a drawn session. Refused for a suspended account.
pub(crate) async fn begin_in(tx: &mut Tx, drawn: &Drawn) -> Result<Session> {
    let account = accounts::find_locked(tx, drawn.row.account).await?.ok_or(Error::NotFound)?;
    if account.suspended_at.is_some() {
        return Err(Refusal::AccountSuspended {}.into());
    }
    sessions::insert(tx, digest(drawn.secret.as_bytes()), &drawn.row).await?;
    let hashes = [&drawn.device_before, &drawn.device].map(|secret| digest(secret.as_bytes()));
    devices::remember(tx, hashes.into(), account.id, drawn.row.created_at).await?;
    Ok(session_of(&drawn.row, &account))
}

fn is_open(session: &SessionRow, now: Timestamp) -> bool {
    now < session.ends_at && now.duration_since(session.seen_at) < IDLE
}

fn session_of(session: &SessionRow, account: &AccountRow) -> Session {
    Session {
        id: session.id,
        account: account.id,
        handle: account.handle.clone(),
        name: account.shown_name().to_owned(),
        language: Language::from_code(&account.language),
        is_admin: account.is_admin,
        is_confirmed: account.email_confirmed_at.is_some(),
        proved_at: session.proved_at,
    }
}
