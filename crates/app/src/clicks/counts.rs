//! The limits of clicks and of new works (security.md section 12), counted for all clicks of a
//! batch at once: each account's in the order of arrival, as if one came after the other.

use std::collections::HashMap;

use obole_domain::{AccountId, Refusal};
use obole_store::Tx;
use obole_store::limits::{self, Tries};

use super::batch::Doing;
use crate::error::Result;
use crate::limits::{CLICK_DAY, CLICK_MINUTE, Limit, WORK};

/// How often each account has tried in a window, by the limit's name.
type Counts = HashMap<(AccountId, &'static str), i64>;

/// Counts the open clicks; those over a limit are refused, the others stay open. What is counted
/// counts even where the click then fails. The day counts only what the minute let through.
pub(super) async fn count(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    if doing.app.config().limits.off {
        return Ok(());
    }
    let open: Vec<(usize, AccountId)> =
        doing.open().map(|(place, asked)| (place, asked.giver.patron)).collect();
    let mut tries = Counts::new();
    for limit in [CLICK_MINUTE, CLICK_DAY] {
        for (_, patron) in &open {
            *tries.entry((*patron, limit.name)).or_default() += 1;
        }
    }
    let mut counts = counted(doing, tx, (&[CLICK_MINUTE, CLICK_DAY], &tries)).await?;
    let mut back = Counts::new();
    for (place, patron) in open {
        if let Some(refusal) = one_more(doing, &mut counts, (CLICK_MINUTE, patron)) {
            *back.entry((patron, CLICK_DAY.name)).or_default() -= 1;
            doing.refuse(place, refusal);
        } else if let Some(refusal) = one_more(doing, &mut counts, (CLICK_DAY, patron)) {
            doing.refuse(place, refusal);
        }
    }
    counted(doing, tx, (&[CLICK_DAY], &back)).await.map(|_| ())
}

/// Counts the works that clicks would bring into being, in order, and gives the refusal of each
/// that may not. What may not has not counted, so that it can be tried again when the window is
/// over.
pub(super) async fn count_works(
    doing: &Doing<'_>,
    tx: &mut Tx,
    makers: &[AccountId],
) -> Result<Vec<Option<Refusal>>> {
    if doing.app.config().limits.off {
        return Ok(vec![None; makers.len()]);
    }
    let mut tries = Counts::new();
    for maker in makers {
        *tries.entry((*maker, WORK.name)).or_default() += 1;
    }
    let mut counts = counted(doing, tx, (&[WORK], &tries)).await?;
    let mut back = Counts::new();
    let mut refusals = Vec::with_capacity(makers.len());
    for maker in makers {
        let refusal = one_more(doing, &mut counts, (WORK, *maker));
        if refusal.is_some() {
            *back.entry((*maker, WORK.name)).or_default() -= 1;
        }
        refusals.push(refusal);
    }
    counted(doing, tx, (&[WORK], &back)).await?;
    Ok(refusals)
}

/// Counts tries of these limits, and gives what each window stood at before.
async fn counted(doing: &Doing<'_>, tx: &mut Tx, what: (&[Limit], &Counts)) -> Result<Counts> {
    let (limits, tries) = what;
    let limit_of = |name: &str| limits.iter().find(|limit| limit.name == name);
    let rows = tries.iter().filter_map(|((account, name), count)| {
        let begins_at = limit_of(name)?.begins(doing.now);
        Some(Tries { name, subject: account.to_string(), begins_at, count: *count })
    });
    let rows: Vec<Tries> = rows.collect();
    if rows.is_empty() {
        return Ok(Counts::new());
    }
    let before = limits::count_each(tx, &rows).await?.into_iter().filter_map(|after| {
        let (subject, name, count) = after;
        let key = (AccountId::parse(&subject)?, limit_of(&name)?.name);
        Some((key, count - tries.get(&key)?))
    });
    Ok(before.collect())
}

/// One more of an account, and the refusal where it is over the limit.
fn one_more(doing: &Doing<'_>, counts: &mut Counts, which: (Limit, AccountId)) -> Option<Refusal> {
    let (limit, account) = which;
    let count = counts.entry((account, limit.name)).or_default();
    *count += 1;
    (*count > limit.count).then(|| Refusal::TooMany { seconds: limit.left(doing.now) })
}
