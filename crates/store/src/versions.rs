//! How often what processes hold in memory has changed. Whoever changes it counts one up in the
//! same transaction; a transaction that relies on memory reads the numbers first, and takes nothing
//! from memory that was read under another number. So memory is never trusted, on any number of
//! nodes.

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// What is held in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Held {
    /// Tokens, and of their accounts whether they are suspended and how they are spoken to.
    Access,
    /// Works: address, title, owner, refusal; and the currencies that owners refuse.
    Works,
    /// The operator's rules.
    Policy,
}

impl Held {
    const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Works => "works",
            Self::Policy => "policy",
        }
    }
}

/// The numbers of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Of tokens and what is held of their accounts.
    pub access: i64,
    /// Of works and the currencies that owners refuse.
    pub works: i64,
    /// Of the policy.
    pub policy: i64,
}

/// The numbers now. What is read after them in the same transaction is at least as new.
pub async fn now(read: &mut Read) -> StoreResult<Versions> {
    let select = sql("select name, number from versions");
    let rows: Vec<(String, i64)> =
        select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let number = |held: Held| {
        rows.iter().find(|(name, _)| name == held.name()).map_or(0, |(_, number)| *number)
    };
    Ok(Versions {
        access: number(Held::Access),
        works: number(Held::Works),
        policy: number(Held::Policy),
    })
}

/// Counts one up: what is held in memory is out of date from this transaction on.
pub(crate) async fn count_up(tx: &mut Tx, held: Held) -> StoreResult<()> {
    let upsert = sql("
        insert into versions (name, number) values ($1, 1)
        on conflict (name) do update set number = versions.number + 1");
    upsert.bind(held.name()).execute(tx).await.map(|_| ())
}
