//! A token that was looked up in memory must still stand when its click is given; its use is noted
//! now and then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use obole_domain::token::TokenId;
use obole_store::{Tx, tokens};

use super::batch::{Access, Doing, State};
use crate::error::{Error, Result};
use crate::known::TokenHash;
use crate::tokens::TOUCH;

/// Refuses the clicks of tokens that were revoked, or whose account was suspended, since they were
/// read.
pub(super) async fn check(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    let accesses = doing.open().filter_map(|(place, asked)| Some((place, asked.giver.access?)));
    let accesses: Vec<(usize, Access)> = accesses.collect();
    let is_old = |access: &Access| access.version != doing.versions.access;
    let old = accesses.iter().map(|(_, access)| access).filter(|access| is_old(access));
    let old: BTreeSet<TokenId> = old.map(|access| access.token).collect();
    let mut ended = BTreeSet::new();
    if !old.is_empty() {
        let old: Vec<TokenId> = old.into_iter().collect();
        let standing = tokens::standing(tx, &old).await?;
        ended.extend(old.into_iter().filter(|token| !standing.contains(token)));
    }
    for (place, access) in &accesses {
        if ended.contains(&access.token) {
            doing.set(*place, State::Ended(Err(Error::TokenEnded)));
        }
    }
    let standing = accesses.into_iter().map(|(_, access)| access);
    touch(doing, tx, standing.filter(|access| !ended.contains(&access.token)).collect()).await
}

async fn touch(doing: &mut Doing<'_>, tx: &mut Tx, accesses: Vec<Access>) -> Result<()> {
    let last = |access: &Access| access.used_at.unwrap_or(Timestamp::MIN);
    let is_due = |access: &Access| doing.now.duration_since(last(access)) >= TOUCH;
    let due = accesses.into_iter().filter(is_due);
    let due: BTreeMap<TokenId, TokenHash> = due.map(|access| (access.token, access.hash)).collect();
    if due.is_empty() {
        return Ok(());
    }
    let ids: Vec<TokenId> = due.keys().copied().collect();
    tokens::touch_each(tx, &ids, doing.now).await?;
    doing.learned.touched = (due.into_values().collect(), doing.now);
    Ok(())
}
