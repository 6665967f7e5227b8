//! What browsers were asked to prove with a passkey: answered once, in the browser that was asked.

use jiff::Timestamp;

use crate::db::{Tx, sql};
use crate::error::StoreResult;

/// What an answer is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new passkey.
    Register,
    /// A sign-in.
    SignIn,
    /// A fresh proof (W3).
    Prove,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Prove => "prove",
        }
    }
}

/// Which question: its hash, the hash of the browser that was asked, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The hash of its secret.
    pub hash: [u8; 32],
    /// The hash of the session or visit that it was asked in.
    pub browser: [u8; 32],
    /// What for.
    pub purpose: Purpose,
}

/// Keeps a question until it is answered.
pub async fn insert(
    tx: &mut Tx,
    asked: Asked,
    state: &str,
    expires_at: Timestamp,
) -> StoreResult<()> {
    let insert = sql("
        insert into passkey_challenges (hash, browser, purpose, state, expires_at)
        values ($1, $2, $3, $4, $5)");
    let insert = insert.bind(asked.hash).bind(asked.browser).bind(asked.purpose.name());
    insert.bind(state).bind(expires_at).execute(tx).await.map(|_| ())
}

/// Takes a question away to check its answer: some once, however many try.
pub async fn take(tx: &mut Tx, asked: Asked, now: Timestamp) -> StoreResult<Option<String>> {
    let delete = sql("
        delete from passkey_challenges
        where hash = $1 and browser = $2 and purpose = $3 and expires_at > $4
        returning state");
    let delete = delete.bind(asked.hash).bind(asked.browser).bind(asked.purpose.name());
    delete.bind(now).fetch_optional(tx, |row| row.get(0)).await
}

/// Forgets what nobody answered until a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from passkey_challenges where expires_at <= $1").bind(before).execute(tx).await
}
