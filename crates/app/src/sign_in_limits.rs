//! How often a sign-in may be tried (security.md section 12): ten times in a quarter of an hour,
//! then slower, never locked out. A stranger's tries never use up the slots of the owner: known
//! devices have their own, and each address has its own slow ones (decision 9).

use obole_domain::AccountId;

use crate::app::App;
use crate::error::{Error, Result};
use crate::limits::{
    CODE, CODE_SLOW, CODE_TOLD, SIGN_IN, SIGN_IN_ADDRESS, SIGN_IN_SLOW, SIGN_IN_STRANGERS,
};
use crate::second_factors::tell;
use crate::secrets::hex;
use crate::sessions::Browser;

/// Counts a try under a name in a browser; `is_known` where the name's account has signed in there.
pub(crate) async fn count(app: &App, name: &str, browser: &Browser, is_known: bool) -> Result<()> {
    if is_known {
        return count_own(app, &browser.device).await;
    }
    if !browser.address.is_empty() {
        app.limit_address(SIGN_IN_ADDRESS, &browser.address).await?;
    }
    let all = subject(app, &[name]);
    match app.limit_subject(SIGN_IN, all.clone()).await {
        Err(Error::Refused(_)) => {
            // First its own slot: who comes too often takes none of the others'.
            let own = subject(app, &[name, &app.address_subject(&browser.address)]);
            app.limit_subject(SIGN_IN_SLOW, own).await?;
            app.limit_subject(SIGN_IN_STRANGERS, all).await
        }
        ended => ended,
    }
}

/// Counts a code that is typed after the right password; `is_known` where the account has signed in
/// with this browser. The owner is told where strangers have used up their tries.
pub(crate) async fn count_code(
    app: &App,
    account: AccountId,
    browser: &Browser,
    is_known: bool,
) -> Result<()> {
    if is_known {
        return count_own(app, &format!("code {}", browser.device)).await;
    }
    let Err(refused) = app.limit(CODE, account).await else { return Ok(()) };
    if !matches!(refused, Error::Refused(_)) {
        return Err(refused);
    }
    if app.limit(CODE_TOLD, account).await.is_ok() {
        let handle = app.clone();
        app.write((), move |tx, ()| {
            let app = handle.clone();
            Box::pin(async move { tell(tx, &app, account, ("codes_wrong", "")).await })
        })
        .await?;
    }
    app.limit(CODE_SLOW, account).await
}

/// Counts a try of somebody who is not a stranger: a known device, or a session's account.
pub(crate) async fn count_own(app: &App, whose: &str) -> Result<()> {
    let own = subject(app, &["own", whose]);
    match app.limit_subject(SIGN_IN, own.clone()).await {
        Err(Error::Refused(_)) => app.limit_subject(SIGN_IN_SLOW, own).await,
        ended => ended,
    }
}

/// A keyed hash of the parts: names, addresses and secrets are not stored (P4).
fn subject(app: &App, parts: &[&str]) -> String {
    let text: Vec<String> = parts.iter().map(|part| format!("{}:{part}", part.len())).collect();
    let hash = app.secrets().mac("sign-in name", text.concat().as_bytes());
    hex(&hash[..16])
}
