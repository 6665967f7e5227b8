//! Doing something once however often it is asked for (K1 to K5): the answer is stored in the
//! transaction of the effect and given again.

use std::sync::Arc;

use obole_domain::{AccountId, Refusal};
use obole_store::idempotency::{self, KeyName};
use obole_store::{BoxFuture, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::{Error, Result, Said};
use crate::measures;
use crate::secrets::digest;

/// The caller's own name for one doing of a command: `Idempotency-Key` in the API, the hidden `op`
/// of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// 1 to 255 visible ASCII characters.
    key: String,
    /// SHA-256 of what was asked (K2).
    request: [u8; 32],
}

impl IdempotencyKey {
    /// A key for a request; none when the key is not 1 to 255 visible ASCII characters.
    #[must_use]
    pub fn new(key: &str, request: &[u8]) -> Option<Self> {
        let is_visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = (1..=255).contains(&key.len()) && is_visible;
        fits.then(|| Self { key: key.to_owned(), request: digest(request) })
    }
}

/// An answer, and whether it was given before (`Idempotent-Replayed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Once<T> {
    /// The answer.
    pub value: T,
    /// Whether it was stored by an earlier doing.
    pub is_replayed: bool,
}

impl App {
    /// Runs a command in a transaction under an idempotency key. Successes and refusals are stored
    /// with their effect; other errors leave no trace, so that a retry can succeed (K4).
    pub(crate) async fn once<I, T, F>(
        &self,
        whose: (AccountId, &'static str),
        key: &IdempotencyKey,
        input: I,
        run: F,
    ) -> Result<Once<T>>
    where
        I: Send + Sync + 'static,
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'run> Fn(&'run mut Tx, &'run I) -> BoxFuture<'run, Result<T>>,
        F: Send + Sync + 'static,
    {
        let (account, route) = whose;
        let name = KeyName { account, route, key: key.key.clone() };
        let (request, now, run) = (key.request, self.now(), Arc::new(run));
        let ended = self.write((name, input), move |tx, (name, input)| {
            let run = Arc::clone(&run);
            Box::pin(async move {
                if !idempotency::take(tx, name, request, now).await? {
                    return replay(tx, name, request).await;
                }
                tx.mark().await?;
                match run(tx, input).await {
                    Ok(value) => {
                        tx.keep().await?;
                        let answer = serde_json::to_string(&value).map_err(Error::internal)?;
                        idempotency::answer(tx, name, false, &answer).await?;
                        Ok(Ok(Once { value, is_replayed: false }))
                    }
                    Err(Error::Refused(said)) if is_final(&said) => {
                        tx.undo().await?;
                        let answer = serde_json::to_string(&said).map_err(Error::internal)?;
                        idempotency::answer(tx, name, true, &answer).await?;
                        Ok(Err(said))
                    }
                    Err(other) => Err(other),
                }
            })
        });
        let ended = ended.await?;
        let outcome = match &ended {
            Ok(once) if !once.is_replayed => "done",
            Err(said) if !said.is_replayed => "refused",
            Ok(_) | Err(_) => "replayed",
        };
        measures::command(route, outcome);
        ended.map_err(Error::Refused)
    }
}

/// Whether a refusal is the last word on a request: waiting would not change it (K4).
fn is_final(said: &Said) -> bool {
    let passing = [Refusal::TooMany { seconds: 0 }, Refusal::Quarantined {}];
    passing.iter().all(|refusal| said.code != refusal.code())
}

/// The stored answer again (K3).
async fn replay<T: DeserializeOwned>(
    tx: &mut Tx,
    name: &KeyName,
    request: [u8; 32],
) -> Result<std::result::Result<Once<T>, Said>> {
    let stored = idempotency::find(tx, name).await?;
    let stored = stored.ok_or_else(|| Error::Busy("a key was given up meanwhile".to_owned()))?;
    if stored.request != request {
        return Err(Refusal::IdempotencyKeyReused {}.into());
    }
    if stored.is_refused {
        let said: Said = serde_json::from_str(&stored.answer).map_err(Error::internal)?;
        return Ok(Err(Said { is_replayed: true, ..said }));
    }
    let value = serde_json::from_str(&stored.answer).map_err(Error::internal)?;
    Ok(Ok(Once { value, is_replayed: true }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_ascii() {
        for key in ["", "a b", "é", "a\n", &"x".repeat(256)] {
            assert!(IdempotencyKey::new(key, b"").is_none(), "{key:?}");
        }
        assert!(IdempotencyKey::new(&"x".repeat(255), b"").is_some());
    }
}
