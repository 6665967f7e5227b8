//! Signing in with a password (A1), and with the code that comes second where an account wants one.

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, EmailAddress, Handle, Refusal};
use obole_store::accounts::{self, Candidate};
use obole_store::{Read, devices, half_sign_ins, second_factors as factor_rows};

use crate::app::App;
use crate::error::{Error, Result};
use crate::second_factors;
use crate::secrets::{digest, hex};
use crate::sessions::{self, Browser, NewSession};
use crate::sign_in_limits;

/// How long the code may take after the password.
pub const HALF_LASTS: SignedDuration = SignedDuration::from_mins(10);

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

/// What a right password leads to.
#[derive(Clone, Debug)]
pub enum Entered {
    /// A session.
    In(Box<NewSession>),
    /// The question for the code. The secret is for this browser's cookie; it opens nothing alone.
    Half(String),
}

impl Entered {
    /// The session, where no code is asked for.
    #[must_use]
    pub fn session(self) -> Option<NewSession> {
        if let Self::In(new) = self { Some(*new) } else { None }
    }
}

/// Begins a session, or the second step. Known and unknown names are answered alike and take the
/// same (A1). Tries get slower rather than locked out, and strangers cannot use up those of a known
/// device.
pub async fn sign_in(app: &App, sign_in: SignIn) -> Result<Entered> {
    let SignIn { name, password, browser } = sign_in;
    let name = name.trim().to_lowercase();
    let (candidates, is_known) = candidates(app, &name, &browser).await?;
    sign_in_limits::count(app, &name, &browser, is_known).await?;
    let mut account = None;
    for candidate in candidates {
        let id = candidate.as_ref().map(|candidate| candidate.account);
        let stored = candidate.map(|candidate| candidate.password_hash);
        if app.verify_password(password.clone(), stored).await? {
            account = account.or(id);
        }
    }
    let account = account.ok_or_else(|| Error::from(Refusal::SignInWrong {}))?;
    enter(app, account, &browser).await
}

async fn enter(app: &App, account: AccountId, browser: &Browser) -> Result<Entered> {
    let drawn = sessions::draw(app, account, browser);
    let half = hex(&app.chance().bytes::<32>());
    let ends = app.now().saturating_add(HALF_LASTS).unwrap_or(Timestamp::MAX);
    let (begins, handle, hash) = (drawn.clone(), app.clone(), digest(half.as_bytes()));
    let session = app.write(drawn, move |tx, drawn| {
        let app = handle.clone();
        Box::pin(async move {
            if factor_rows::is_on(tx, account).await? {
                half_sign_ins::insert(tx, hash, account, ends).await?;
                return Ok(None);
            }
            sessions::enter_in(tx, &app, drawn).await.map(Some)
        })
    });
    Ok(match session.await? {
        Some(session) => Entered::In(Box::new(begins.begun(session))),
        None => Entered::Half(half),
    })
}

/// Whether a half sign-in still waits for its code.
pub async fn is_half(app: &App, half: &str) -> Result<bool> {
    Ok(find_half(app, half).await?.is_some())
}

async fn find_half(app: &App, half: &str) -> Result<Option<AccountId>> {
    let now = app.now();
    app.read(digest(half.as_bytes()), move |read, hash| {
        Box::pin(async move { Ok(half_sign_ins::find(read, *hash, now).await?) })
    })
    .await
}

/// Begins the session of a half sign-in by a code of the second factor or a recovery code, once.
/// Refused when the code is wrong or used, or the password was typed too long ago.
pub async fn finish(app: &App, half: &str, code: &str, browser: &Browser) -> Result<NewSession> {
    let over = || Error::from(Refusal::SignInOver {});
    let account = find_half(app, half).await?.ok_or_else(over)?;
    let is_known = is_known(app, account, browser).await?;
    sign_in_limits::count_code(app, account, browser, is_known).await?;
    let drawn = sessions::draw(app, account, browser);
    let (begins, handle, hash) = (drawn.clone(), app.clone(), digest(half.as_bytes()));
    let session = app.write((drawn, code.to_owned()), move |tx, (drawn, code)| {
        let app = handle.clone();
        Box::pin(async move {
            if !half_sign_ins::take(tx, hash, app.now()).await? {
                return Err(Refusal::SignInOver {}.into());
            }
            // Switched off meanwhile: then the password was enough.
            if factor_rows::is_on(tx, account).await? {
                second_factors::use_code(tx, &app, account, code).await?;
            }
            sessions::enter_in(tx, &app, drawn).await
        })
    });
    Ok(begins.begun(session.await?))
}

async fn is_known(app: &App, account: AccountId, browser: &Browser) -> Result<bool> {
    app.read(digest(browser.device.as_bytes()), move |read, device| {
        Box::pin(async move { Ok(devices::accounts(read, *device).await?.contains(&account)) })
    })
    .await
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
