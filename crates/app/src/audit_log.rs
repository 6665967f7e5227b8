//! The audit log (G1): who did what on what, when, by which way in; each record hashed with the
//! one before.

use obole_domain::{AccountId, note};
use obole_store::Tx;
use obole_store::audit_log::{self, Record};
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::Result;

/// Who acts, and by which way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A signed-in account on a page.
    Page(AccountId),
    /// A token's account through the API.
    Api(AccountId),
    /// The operator at the command line.
    CommandLine,
    /// The instance itself.
    Job,
}

impl Actor {
    /// The account, if one acts.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Page(account) | Self::Api(account) => Some(account),
            Self::CommandLine | Self::Job => None,
        }
    }

    const fn way(self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Api(_) => "api",
            Self::CommandLine => "command-line",
            Self::Job => "job",
        }
    }
}

impl App {
    /// Appends a record in the caller's transaction. Details never hold a secret.
    pub(crate) async fn log(
        &self,
        tx: &mut Tx,
        actor: Actor,
        action: &str,
        about: (String, String),
    ) -> Result<()> {
        let (object, details) = about;
        let record = Record {
            at: self.now(),
            actor: actor.account(),
            way: actor.way().to_owned(),
            action: action.to_owned(),
            object,
            details,
        };
        self.public().note(action);
        Ok(audit_log::append(tx, &record, chain).await?)
    }
}

/// The reason that an administrator gives. Refused when there is none.
pub(crate) fn reason(typed: &str) -> Result<String> {
    Ok(note::reason(typed)?)
}

/// The hash of a record and the one before it (L13): each part with its length, so that no two
/// records look the same.
#[must_use]
pub fn chain(previous: &[u8; 32], record: &Record) -> [u8; 32] {
    let actor = record.actor.map(|actor| actor.to_string()).unwrap_or_default();
    let at = record.at.as_microsecond().to_string();
    let mut hash = Sha256::new();
    hash.update(previous);
    for part in [&at, &actor, &record.way, &record.action, &record.object, &record.details] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}
