//! Sessions: sign-in, sign-out, fresh proof (W1, W3, A1). The secret is the browser's alone; only
//! its hash is stored.

use jiff::{SignedDuration, Timestamp};
use obole_domain::account::SessionId;
use obole_domain::{AccountId, EmailAddress, Handle, Refusal};
use obole_language::Language;
use obole_store::accounts::{self, AccountRow, Candidate};
use obole_store::sessions::{self, SessionRow};
use obole_store::{Read, Tx, devices};

use crate::app::App;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};
use crate::sign_in_limits;

/// A session ends when it was not used for this long (W1).
pub const IDLE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A session ends after this long however much it is used (W1).
pub const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// For how long a proof counts as fresh (W3).
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// Use is noted this often, not at each request.
const TOUCH: SignedDuration = SignedDuration::from_mins(5);

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

/// What is typed to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// A mail address or a handle.
    pub name: String,
    /// The password.
    pub password: String,
    /// Where.
    pub browser: Browser,
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

/// Begins a session. Known and unknown names are answered alike and take the same (A1). Tries get
/// slower rather than locked out, and strangers cannot use up those of a known device.
pub async fn sign_in(app: &App, sign_in: SignIn) -> Result<NewSession> {
    let SignIn { name, password, browser } = sign_in;
    let name = name.trim().to_lowercase();
    let (candidates, is_known) = candidates(app, &name, &browser).await?;
    sign_in_limits::count(app, &name, &browser, is_known).await?;
    let wrong = || Error::from(Refusal::SignInWrong {});
    let mut account = None;
    for candidate in candidates {
        let id = candidate.as_ref().map(|candidate| candidate.account);
        let stored = candidate.map(|candidate| candidate.password_hash);
        if app.verify_password(password.clone(), stored).await? {
            account = account.or(id);
        }
    }
    begin(app, account.ok_or_else(wrong)?, &browser).await
}

/// Ends the session of a cookie's secret.
pub async fn sign_out(app: &App, secret: &str) -> Result<()> {
    app.write(digest(secret.as_bytes()), |tx, hash| {
        Box::pin(async move { Ok(sessions::remove(tx, *hash).await?) })
    })
    .await
}

/// Proves with the password that the session's owner sits there (W3).
pub async fn prove(app: &App, secret: &str, password: &str) -> Result<()> {
    let session = find(app, secret).await?.ok_or(Error::Forbidden)?;
    check_password_of(app, session.account, password).await?;
    let now = app.now();
    app.write(digest(secret.as_bytes()), move |tx, hash| {
        Box::pin(async move { Ok(sessions::prove(tx, *hash, now).await?) })
    })
    .await
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

/// Who may sign in under a name: one place for a handle, two for an address, empty or not; and
/// whether one of them has signed in with this browser before. The same is read for any name.
async fn candidates(
    app: &App,
    name: &str,
    browser: &Browser,
) -> Result<(Vec<Option<Candidate>>, bool)> {
    let device = digest(browser.device.as_bytes());
    app.read((name.to_owned(), device), |read, (name, device)| {
        Box::pin(async move {
            let candidates = candidates_in(read, name).await?;
            let known = devices::accounts(read, *device).await?;
            let is_known = candidates.iter().flatten().any(|found| known.contains(&found.account));
            Ok((candidates, is_known))
        })
    })
    .await
}

async fn candidates_in(read: &mut Read, name: &str) -> Result<Vec<Option<Candidate>>> {
    if let Ok(email) = EmailAddress::parse(name) {
        return Ok(accounts::candidates(read, &email).await?.into());
    }
    let Ok(handle) = Handle::parse(name) else { return Ok(vec![None]) };
    Ok(vec![accounts::candidate(read, &handle).await?])
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
