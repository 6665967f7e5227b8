//! Doing something once however often it is asked for (K1 to K5): the answer is stored in the
//! transaction of the effect and given again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use obole_domain::{AccountId, Refusal};
use obole_store::idempotency::{self, KeyName, Stored};
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

    /// The key of a part of what was asked: another name for each part, the same for the same.
    #[must_use]
    pub fn part(&self, part: &str) -> Self {
        let hash = digest(format!("{}\n{part}", self.key).as_bytes());
        let key = crate::secrets::hex(&hash[..16]);
        Self { key: format!("part-{key}"), request: digest(part.as_bytes()) }
    }

    /// The caller's name.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// What stands for the request.
    pub(crate) const fn request(&self) -> [u8; 32] {
        self.request
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
    /// with their effect; other errors leave no trace, so that a retry can succeed (K4). While
    /// another does the same, it waits for five seconds at most (K3).
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
        let waits = Arc::new(AtomicBool::new(false));
        let for_key = Arc::clone(&waits);
        let ended = self.write((name, input), move |tx, (name, input)| {
            let (run, for_key) = (Arc::clone(&run), Arc::clone(&for_key));
            Box::pin(async move {
                for_key.store(true, Ordering::SeqCst);
                let is_taken = idempotency::take(tx, name, request, now).await?;
                for_key.store(false, Ordering::SeqCst);
                if !is_taken {
                    let stored = idempotency::find(tx, name).await?;
                    let gone = || Error::Busy("a key was given up meanwhile".to_owned());
                    return match replayed(&stored.ok_or_else(gone)?, request) {
                        Ok(once) => Ok(Ok(once)),
                        Err(Error::Refused(said)) if said.is_replayed => Ok(Err(said)),
                        Err(other) => Err(other),
                    };
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
        let ended = match ended.await {
            // What was in the way all the time was the key itself.
            Err(Error::Busy(_)) if waits.load(Ordering::SeqCst) => return Err(Error::Running),
            ended => ended?,
        };
        let ended = ended.map_err(Error::Refused);
        measures::command(route, &ended);
        ended
    }

    /// Whether a key was used before, or is in use.
    pub(crate) async fn has_key(
        &self,
        (account, route): (AccountId, &'static str),
        key: &IdempotencyKey,
    ) -> Result<bool> {
        let name = KeyName { account, route, key: key.key.clone() };
        let found = self.read(name, |read, name| {
            Box::pin(async move { Ok(idempotency::find(read, name).await?) })
        });
        Ok(found.await?.is_some())
    }
}

/// Whether a refusal is the last word on a request: waiting would not change it (K4).
pub(crate) fn is_final(said: &Said) -> bool {
    let passing = [Refusal::TooMany { seconds: 0 }, Refusal::Quarantined {}];
    passing.iter().all(|refusal| said.code != refusal.code())
}

/// The stored answer again (K3).
pub(crate) fn replayed<T: DeserializeOwned>(stored: &Stored, request: [u8; 32]) -> Result<Once<T>> {
    if stored.request != request {
        return Err(Refusal::IdempotencyKeyReused {}.into());
    }
    if stored.is_refused {
        let said: Said = serde_json::from_str(&stored.answer).map_err(Error::internal)?;
        return Err(Error::Refused(Said { is_replayed: true, ..said }));
    }
    let value = serde_json::from_str(&stored.answer).map_err(Error::internal)?;
    Ok(Once { value, is_replayed: true })
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
