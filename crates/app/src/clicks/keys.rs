//! Idempotency keys of a batch (K1 to K5): those that are taken are answered again; the others are
//! stored with their answers in the transaction of the clicks.

use std::collections::HashMap;

use obole_domain::{AccountId, Refusal};
use obole_store::Tx;
use obole_store::idempotency::{self, Answered, Stored};

use super::ROUTE;
use super::batch::{Doing, State};
use crate::error::{Error, Result};
use crate::idempotency::replayed;

/// Ends the clicks whose keys are taken, in the database or by an earlier click of the batch.
pub(super) async fn find(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    let open: Vec<_> = doing.open().collect();
    let mut keys: Vec<(AccountId, &str)> =
        open.iter().map(|(_, asked)| (asked.giver.patron, asked.key.key())).collect();
    keys.sort_unstable();
    keys.dedup();
    let stored = idempotency::find_each(tx, ROUTE, &keys).await?.into_iter();
    let stored: HashMap<(AccountId, String), Stored> =
        stored.map(|(account, key, stored)| ((account, key), stored)).collect();
    let mut first = HashMap::new();
    for (place, asked) in open {
        let (patron, key) = (asked.giver.patron, asked.key.key());
        let taken = if stored.is_empty() { None } else { stored.get(&(patron, key.to_owned())) };
        if let Some(stored) = taken {
            doing.set(place, State::Ended(replayed(stored, asked.key.request())));
            continue;
        }
        let (earlier, request) =
            *first.entry((patron, key)).or_insert((place, asked.key.request()));
        if earlier == place {
            continue;
        }
        let is_same = request == asked.key.request();
        let reused = || State::Ended(Err(Error::from(Refusal::IdempotencyKeyReused {})));
        doing.set(place, if is_same { State::As(earlier) } else { reused() });
    }
    Ok(())
}

/// Stores the keys of what was given and of what was refused for good, with the answers (K2, K4).
pub(super) async fn put(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    let mut answered = Vec::with_capacity(doing.asked.len());
    for (state, asked) in doing.states.iter().zip(doing.asked) {
        let (is_refused, answer) = match state {
            State::Given(given) => (false, serde_json::to_string(given)),
            State::Refused(said) => (true, serde_json::to_string(said)),
            State::Open | State::Ended(_) | State::As(_) => continue,
        };
        let request = asked.key.request();
        let stored = Stored { request, is_refused, answer: answer.map_err(Error::internal)? };
        answered.push(Answered { account: asked.giver.patron, key: asked.key.key(), stored });
    }
    if answered.is_empty() {
        return Ok(());
    }
    Ok(idempotency::put_each(tx, ROUTE, &answered, doing.now).await?)
}
