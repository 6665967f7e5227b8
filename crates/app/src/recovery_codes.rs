//! Recovery codes (A1): ten that stand in for a lost second factor, each once. Only keyed hashes
//! are stored.

use obole_domain::AccountId;
use obole_store::{Tx, recovery_codes as rows};

use crate::app::App;
use crate::audit_log::Actor;
use crate::codes::{folded, letter};
use crate::error::Result;
use crate::second_factors::tell;

/// How many an account gets.
pub const COUNT: usize = 10;

/// Letters of a code: fifty bits, which nobody guesses at a few tries an hour.
const LENGTH: usize = 10;

/// Ten new codes, as they are shown: `ABCDE-23456`.
pub(crate) fn draw(app: &App) -> Vec<String> {
    let code = |()| {
        let letters = app.chance().bytes::<LENGTH>().map(|byte| letter(byte % 32));
        let code: String = letters.iter().collect();
        let (first, last) = code.split_at(LENGTH / 2);
        format!("{first}-{last}")
    };
    [(); COUNT].map(code).into()
}

/// Puts codes in the place of all that the account had.
pub(crate) async fn store(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    codes: &[String],
) -> Result<()> {
    let hashes: Vec<_> = codes.iter().map(|code| hash(app, account, code)).collect();
    Ok(rows::replace(tx, account, &hashes).await?)
}

/// Uses a code up and tells the owner how many are left; false when it is none, or was used.
pub(crate) async fn use_up(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    typed: &str,
) -> Result<bool> {
    if !rows::use_up(tx, account, hash(app, account, typed), app.now()).await? {
        return Ok(false);
    }
    let left = rows::left(tx, account).await?.to_string();
    tell(tx, app, account, ("code_used", &left)).await?;
    let about = (account.to_string(), format!("{left} left"));
    app.log(tx, Actor::Page(account), "second-factor.code-used", about).await?;
    Ok(true)
}

fn hash(app: &App, account: AccountId, typed: &str) -> [u8; 32] {
    let text = format!("{account} {}", folded(typed));
    app.secrets().mac("recovery code", text.as_bytes())
}
