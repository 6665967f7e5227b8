//! The limits of clicks and of new works (security.md section 12), counted for all clicks of a
//! batch at once: each account's in the order of arrival, as if one came after the other.

use std::collections::HashMap;

use obole_domain::token::TokenId;
use obole_domain::{AccountId, Refusal};
use obole_store::Tx;
use obole_store::limits::{self, Tries};
use uuid::Uuid;

use super::batch::{Asked, Doing};
use crate::error::Result;
use crate::limits::{API, CLICK_DAY, CLICK_MINUTE, Limit, WORK};

/// How often an account or a token has tried in a window, by the limit's name.
type Counts = HashMap<(Uuid, &'static str), i64>;

/// Counts the open clicks; those over a limit are refused, the others stay open. What is counted
/// counts even where the click then fails. The account counts only what the token's limit let
/// through, the day only what the minute did.
pub(super) async fn count(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    if doing.app.config().limits.off {
        return Ok(());
    }
    let open: Vec<(usize, &Asked)> = doing.open().collect();
    let owing = owing(doing, &open);
    let mut tries: Counts =
        owing.iter().map(|(token, tries)| ((token.uuid(), API.name), tries.1)).collect();
    for (_, asked) in &open {
        for limit in [CLICK_MINUTE, CLICK_DAY] {
            *tries.entry((asked.giver.patron.uuid(), limit.name)).or_default() += 1;
        }
    }
    let mut counts = counted(doing, tx, (&[API, CLICK_MINUTE, CLICK_DAY], &tries)).await?;
    let mut back = Counts::new();
    for (place, asked) in open {
        let patron = asked.giver.patron.uuid();
        let owes = asked.giver.access.filter(|access| access.owes);
        let request =
            owes.and_then(|access| one_more(doing, &mut counts, (API, access.token.uuid())));
        if let Some(refusal) = request {
            for limit in [CLICK_MINUTE, CLICK_DAY] {
                *back.entry((patron, limit.name)).or_default() -= 1;
            }
            doing.refuse(place, refusal);
        } else if let Some(refusal) = one_more(doing, &mut counts, (CLICK_MINUTE, patron)) {
            *back.entry((patron, CLICK_DAY.name)).or_default() -= 1;
            doing.refuse(place, refusal);
        } else if let Some(refusal) = one_more(doing, &mut counts, (CLICK_DAY, patron)) {
            doing.refuse(place, refusal);
        }
    }
    for (token, (asking, wanted)) in owing {
        let used = counts.get(&(token.uuid(), API.name)).copied().unwrap_or(API.count);
        let left = (wanted - asking).min(API.count - used);
        doing.learned.leaves.push((token, left));
    }
    counted(doing, tx, (&[CLICK_MINUTE, CLICK_DAY], &back)).await.map(|_| ())
}

/// The tokens with requests that have still to be counted: how many, and for how many to ask.
fn owing(doing: &Doing<'_>, open: &[(usize, &Asked)]) -> HashMap<TokenId, (i64, i64)> {
    let mut owing = HashMap::<TokenId, (i64, i64)>::new();
    for access in open.iter().filter_map(|(_, asked)| asked.giver.access) {
        if access.owes {
            let (asking, wanted) = owing.entry(access.token).or_default();
            *asking += 1;
            *wanted = doing.app.requests().wanted(*asking);
        }
    }
    owing
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
        *tries.entry((maker.uuid(), WORK.name)).or_default() += 1;
    }
    let mut counts = counted(doing, tx, (&[WORK], &tries)).await?;
    let mut back = Counts::new();
    let mut refusals = Vec::with_capacity(makers.len());
    for maker in makers {
        let refusal = one_more(doing, &mut counts, (WORK, maker.uuid()));
        if refusal.is_some() {
            *back.entry((maker.uuid(), WORK.name)).or_default() -= 1;
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
    let rows = tries.iter().filter_map(|((subject, name), count)| {
        let begins_at = limit_of(name)?.begins(doing.now);
        Some(Tries { name, subject: subject.to_string(), begins_at, count: *count })
    });
    let rows: Vec<Tries> = rows.collect();
    if rows.is_empty() {
        return Ok(Counts::new());
    }
    let before = limits::count_each(tx, &rows).await?.into_iter().filter_map(|after| {
        let (subject, name, count) = after;
        let key = (Uuid::try_parse(&subject).ok()?, limit_of(&name)?.name);
        Some((key, count - tries.get(&key)?))
    });
    Ok(before.collect())
}

/// One more of a subject, and the refusal where it is over the limit.
fn one_more(doing: &Doing<'_>, counts: &mut Counts, which: (Limit, Uuid)) -> Option<Refusal> {
    let (limit, subject) = which;
    let count = counts.entry((subject, limit.name)).or_default();
    *count += 1;
    (*count > limit.count).then(|| Refusal::TooMany { seconds: limit.left(doing.now) })
}
