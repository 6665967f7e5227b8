//! Questions that passkeys answer: kept in the database between question and answer, so that any
//! node can check, and no answer is good twice.

use jiff::{SignedDuration, Timestamp};
use obole_domain::Refusal;
use obole_store::passkey_challenges::{self as rows, Asked, Purpose};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::App;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};

/// How long an answer may take.
const LASTS: SignedDuration = SignedDuration::from_mins(5);

/// A question for a browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Question {
    /// What comes back with the answer.
    pub challenge: String,
    /// The options of `navigator.credentials`, bytes as base64url.
    pub options: Value,
}

/// What a browser sends back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// The [`Question::challenge`].
    pub challenge: String,
    /// The answer of `navigator.credentials` as JSON, bytes as base64url.
    pub credential: String,
}

/// Keeps a question that is asked in a browser.
pub(super) async fn keep(
    app: &App,
    (browser, purpose): (&str, Purpose),
    (options, state): (&impl Serialize, &impl Serialize),
) -> Result<Question> {
    let challenge = hex(&app.chance().bytes::<32>());
    let asked = asked(&challenge, browser, purpose);
    let ends = app.now().saturating_add(LASTS).unwrap_or(Timestamp::MAX);
    let state = serde_json::to_string(state).map_err(Error::internal)?;
    app.write(state, move |tx, state| {
        Box::pin(async move { Ok(rows::insert(tx, asked, state, ends).await?) })
    })
    .await?;
    Ok(Question { challenge, options: serde_json::to_value(options).map_err(Error::internal)? })
}

/// Takes a question away to check its answer. Refused when it was answered, is too old, or was
/// asked in another browser or for something else.
pub(super) async fn take(
    app: &App,
    (browser, purpose): (&str, Purpose),
    answered: &Answered,
) -> Result<String> {
    let asked = asked(&answered.challenge, browser, purpose);
    let now = app.now();
    let state =
        app.write((), move |tx, ()| Box::pin(async move { Ok(rows::take(tx, asked, now).await?) }));
    Ok(state.await?.ok_or(Refusal::PasskeyWrong {})?)
}

/// Reads an answer.
pub(super) fn read<T: DeserializeOwned>(credential: &str) -> Result<T> {
    Ok(serde_json::from_str(credential).map_err(|_| Refusal::PasskeyWrong {})?)
}

fn asked(challenge: &str, browser: &str, purpose: Purpose) -> Asked {
    Asked { hash: digest(challenge.as_bytes()), browser: digest(browser.as_bytes()), purpose }
}
