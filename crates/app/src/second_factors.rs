//! The second factor: six digits of an app that follow from a shared seed and the time (RFC 6238).
//! Seeds are sealed (S1); a code counts once; recovery codes stand in for a lost app (A1).

use jiff::Timestamp;
use obole_domain::{AccountId, Refusal};
use obole_store::accounts;
use obole_store::second_factors::{self as rows, FactorRow};
use obole_store::{Tx, recovery_codes as code_rows};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::recovery_codes;
use crate::sessions::{Session, require_fresh};
use crate::sign_in_limits;

/// Bytes of a seed: what RFC 4226 recommends.
const SEED: usize = 20;

/// How many digits a code has.
const DIGITS: u8 = 6;

/// For how many seconds a code is shown.
const STEP_SECONDS: u64 = 30;

/// How many steps a clock may be off, before and after.
const SKEW: u16 = 1;

/// Where an account's second factor stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Since when codes are asked for; none where they are not.
    pub on_since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub codes_left: i64,
    /// When the factor goes because an administrator said so; none where nobody did.
    pub goes_at: Option<Timestamp>,
}

/// A seed that waits for the first code of its app.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The seed as it is typed: base 32.
    pub typed: String,
    /// The same as the address that apps scan.
    pub address: String,
}

/// Where an account's second factor stands.
pub async fn standing(app: &App, account: AccountId) -> Result<Standing> {
    app.read(account, |read, account| {
        Box::pin(async move {
            let factor = rows::find(read, *account).await?;
            Ok(Standing {
                on_since: factor.and_then(|factor| factor.on_since),
                codes_left: code_rows::left(read, *account).await?,
                goes_at: rows::help(read, *account).await?.map(|help| help.due_at),
            })
        })
    })
    .await
}

/// Draws a seed, in place of one that was drawn and not used. Needs a fresh proof (W3); refused
/// where codes are asked for already.
pub async fn begin(app: &App, session: &Session) -> Result<()> {
    require_fresh(app, session)?;
    let seed = Secret::new_stack(app.chance().bytes::<SEED>()).to_base32();
    let sealed = app.secrets().seal(app.chance(), &seed)?;
    let (account, now) = (session.account, app.now());
    app.write(sealed, move |tx, sealed| {
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let is_begun = rows::begin(tx, account, sealed.clone(), now).await?;
            if is_begun { Ok(()) } else { Err(Refusal::SecondFactorMoved {}.into()) }
        })
    })
    .await
}

/// The seed that waits for its first code. None without one, and without a fresh proof (W3): it is
/// as good as the app.
pub async fn enrolment(app: &App, session: &Session) -> Result<Option<Enrolment>> {
    if require_fresh(app, session).is_err() {
        return Ok(None);
    }
    let row = app.read(session.account, |read, account| {
        Box::pin(async move { Ok(rows::find(read, *account).await?) })
    });
    let Some(row) = row.await?.filter(|row| row.on_since.is_none()) else { return Ok(None) };
    let typed = app.secrets().open(&row.seed)?;
    let address = totp(app, &typed, session.handle.as_str())?.to_url().map_err(Error::internal)?;
    Ok(Some(Enrolment { typed, address }))
}

/// Switches the second factor on by the first code of the app, and gives ten recovery codes to be
/// shown this once. Needs a fresh proof (W3).
pub async fn confirm(app: &App, session: &Session, code: &str) -> Result<Vec<String>> {
    require_fresh(app, session)?;
    sign_in_limits::count_own(app, &session.account.to_string()).await?;
    let codes = recovery_codes::draw(app);
    let (account, handle) = (session.account, app.clone());
    app.write((code.to_owned(), codes.clone()), move |tx, (code, codes)| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let row = rows::find(tx, account).await?.filter(|row| row.on_since.is_none());
            let row = row.ok_or(Refusal::SecondFactorMoved {})?;
            let step = step_of(&app, &row, code)?.ok_or(Refusal::SecondCodeWrong {})?;
            rows::switch_on(tx, account, step, app.now()).await?;
            recovery_codes::store(tx, &app, account, codes).await?;
            note(tx, &app, account, ("second-factor.on", "factor_on")).await
        })
    })
    .await?;
    Ok(codes)
}

/// Gives ten new recovery codes to be shown this once; those before are worth nothing. Needs a
/// fresh proof (W3).
pub async fn renew_codes(app: &App, session: &Session) -> Result<Vec<String>> {
    require_fresh(app, session)?;
    let codes = recovery_codes::draw(app);
    let (account, handle) = (session.account, app.clone());
    app.write(codes.clone(), move |tx, codes| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if !rows::is_on(tx, account).await? {
                return Err(Refusal::SecondFactorMoved {}.into());
            }
            recovery_codes::store(tx, &app, account, codes).await?;
            note(tx, &app, account, ("second-factor.codes", "factor_codes_renewed")).await
        })
    })
    .await?;
    Ok(codes)
}

/// Switches the second factor off. Needs a fresh proof (W3).
pub async fn end(app: &App, session: &Session) -> Result<()> {
    require_fresh(app, session)?;
    let (account, handle) = (session.account, app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if !rows::is_on(tx, account).await? {
                return Err(Refusal::SecondFactorMoved {}.into());
            }
            remove_in(tx, account).await?;
            note(tx, &app, account, ("second-factor.off", "factor_off")).await
        })
    })
    .await
}

/// Removes a second factor with all that hangs on it.
pub(crate) async fn remove_in(tx: &mut Tx, account: AccountId) -> Result<()> {
    rows::remove(tx, account).await?;
    code_rows::remove_all(tx, account).await?;
    rows::end_help(tx, account).await?;
    Ok(())
}

/// Uses up a code of the app, or a recovery code. Refused when it is neither, or was used. Whoever
/// has either needs no help: an administrator's word is taken back.
pub(crate) async fn use_code(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    typed: &str,
) -> Result<()> {
    accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
    let row = rows::find(tx, account).await?.ok_or(Refusal::SecondFactorMoved {})?;
    let is_used = match step_of(app, &row, typed)? {
        Some(step) => rows::use_step(tx, account, step).await?,
        None => recovery_codes::use_up(tx, app, account, typed).await?,
    };
    if !is_used {
        return Err(Refusal::SecondCodeWrong {}.into());
    }
    if rows::end_help(tx, account).await? {
        let about = (account.to_string(), "a code was used".to_owned());
        app.log(tx, Actor::Page(account), "second-factor.help-stopped", about).await?;
    }
    Ok(())
}

/// The step whose code was typed; none where it is no code of about now.
fn step_of(app: &App, row: &FactorRow, typed: &str) -> Result<Option<i64>> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let is_code = digits.len() == usize::from(DIGITS) && digits.bytes().all(|b| b.is_ascii_digit());
    if !is_code {
        return Ok(None);
    }
    let seconds = u64::try_from(app.now().as_second()).unwrap_or_default();
    let totp = totp(app, &app.secrets().open(&row.seed)?, "code")?;
    Ok(totp.check(&digits, seconds).and_then(|step| i64::try_from(step).ok()))
}

/// What makes the codes of a seed, as every app does by default: SHA-1, six digits, half a minute.
fn totp(app: &App, seed: &str, account: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(seed).map_err(|_| Error::internal("a broken seed"))?;
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS);
    let builder = builder.with_step_duration(STEP_SECONDS).with_skew(SKEW).with_secret(secret);
    // A colon would end the issuer in the address.
    let issuer = app.config().instance.name.replace(':', " ");
    let builder = builder.with_issuer(Some(issuer)).with_account_name(account);
    builder.build().map_err(Error::internal)
}

/// Tells the audit log (G1) and the owner what became of the second factor.
async fn note(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    (action, change): (&str, &str),
) -> Result<()> {
    tell(tx, app, account, (change, "")).await?;
    app.log(tx, Actor::Page(account), action, (account.to_string(), String::new())).await
}

/// Mails that a means of signing in has changed, and what to do if it was somebody else.
pub(crate) async fn tell(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    (change, name): (&str, &str),
) -> Result<()> {
    let row = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let mail = Mail::MeansChanged {
        handle: row.handle.to_string(),
        change: change.to_owned(),
        name: name.to_owned(),
        page: mails::address(app, "/settings/sign-in"),
        reset: mails::address(app, "/reset"),
    };
    mails::queue(tx, app, &Recipient::of(&row), &mail).await.map(|_| ())
}
