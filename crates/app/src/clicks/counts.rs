//! The limits of clicks and of new works (security.md section 12), counted for all clicks of a
//! batch at once: each account's in the order of arrival, as if one came after the other.

use std::collections::HashMap;

use jiff::Timestamp;
use obole_domain::token::TokenId;
use obole_domain::{AccountId, Refusal};
use obole_store::Tx;
use obole_store::limits::{self, Tries};
use uuid::Uuid;

use super::batch::{Asked, Doing};
use crate::app::App;
use crate::error::Result;
use crate::known::Learned;
use crate::limits::{API, CLICK_DAY, CLICK_MINUTE, Limit, Used, WORK};

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
    let mut asked = Counts::new();
    for (_, click) in &open {
        for limit in [CLICK_MINUTE, CLICK_DAY] {
            *asked.entry((click.giver.patron.uuid(), limit.name)).or_default() += 1;
        }
    }
    let (mut counts, mut tries) = on_credit(doing, &asked);
    tries.extend(owing.iter().map(|(token, owed)| (token.key(), owed.wanted + owed.unpaid)));
    let unpaid = owing.iter().map(|(token, owed)| (token.key(), owed.unpaid));
    let unpaid: Counts = unpaid.chain(unpaid_of(doing, &tries)).collect();
    for (key, before) in counted(doing, tx, (&[API, CLICK_MINUTE, CLICK_DAY], &tries)).await? {
        counts.insert(key, before + unpaid.get(&key).copied().unwrap_or_default());
    }
    let back = refuse(doing, open, &mut counts);
    for (token, owed) in owing {
        let used = counts.get(&token.key()).copied().unwrap_or(API.count);
        let left = (owed.wanted - owed.asking).min(API.count - used);
        doing.learned.leaves.push((token.0, left));
    }
    note(doing, &asked, (&tries, &back));
    let back = back.into_iter().filter(|(key, _)| tries.contains_key(key)).collect();
    counted(doing, tx, (&[CLICK_MINUTE, CLICK_DAY], &back)).await.map(|_| ())
}

/// Refuses the clicks that are over a limit, in order, and gives what does not count because of
/// it.
fn refuse(doing: &mut Doing<'_>, open: Vec<(usize, &Asked)>, counts: &mut Counts) -> Counts {
    let mut back = Counts::new();
    for (place, asked) in open {
        let patron = asked.giver.patron.uuid();
        let owes = asked.giver.access.filter(|access| access.owes);
        let request = owes.and_then(|access| one_more(doing, counts, (API, access.token.uuid())));
        if let Some(refusal) = request {
            for limit in [CLICK_MINUTE, CLICK_DAY] {
                *back.entry((patron, limit.name)).or_default() -= 1;
            }
            doing.refuse(place, refusal);
        } else if let Some(refusal) = one_more(doing, counts, (CLICK_MINUTE, patron)) {
            *back.entry((patron, CLICK_DAY.name)).or_default() -= 1;
            doing.refuse(place, refusal);
        } else if let Some(refusal) = one_more(doing, counts, (CLICK_DAY, patron)) {
            doing.refuse(place, refusal);
        }
    }
    back
}

/// What accounts have used of the limits that all their clicks here go on credit of; and what has
/// to be counted of the others, with what went on credit before.
fn on_credit(doing: &Doing<'_>, asked: &Counts) -> (Counts, Counts) {
    let (mut before, mut tries) = (Counts::new(), Counts::new());
    for credit in doing.app.click_credit() {
        let limit = credit.limit();
        for (key, count) in asked.iter().filter(|((_, name), _)| *name == limit.name) {
            let used = credit.used(key.0, doing.now);
            if used.allows(limit, *count) {
                before.insert(*key, used.count);
            } else {
                tries.insert(*key, count + used.unpaid());
            }
        }
    }
    (before, tries)
}

/// What went on credit before of what is counted now.
fn unpaid_of(doing: &Doing<'_>, tries: &Counts) -> Vec<((Uuid, &'static str), i64)> {
    let unpaid = |(subject, name): &(Uuid, &'static str)| {
        let credit = doing.app.click_credit().iter().find(|one| one.limit().name == *name)?;
        Some(((*subject, *name), credit.used(*subject, doing.now).unpaid()))
    };
    tries.keys().filter_map(unpaid).collect()
}

/// Keeps what to learn once the batch is committed: what went on credit, and who is counted now.
fn note(doing: &mut Doing<'_>, asked: &Counts, (tries, back): (&Counts, &Counts)) {
    for credit in doing.app.click_credit() {
        let name = credit.limit().name;
        for (key, count) in asked.iter().filter(|((_, limit), _)| *limit == name) {
            let used = credit.used(key.0, doing.now);
            let more = count + back.get(key).copied().unwrap_or_default();
            let used = match tries.contains_key(key) {
                true => Used { is_counted: true, ..used },
                false => Used { count: used.count + more, ..used },
            };
            doing.learned.credit.push((name, key.0, used));
        }
    }
}

/// What a committed batch has used of limits.
pub(super) fn learn(app: &App, learned: &Learned, now: Timestamp) {
    for (token, left) in &learned.leaves {
        app.requests().put(&token.to_string(), now, *left);
    }
    for (name, account, used) in &learned.credit {
        if let Some(credit) = app.click_credit().iter().find(|one| one.limit().name == *name) {
            credit.note(*account, now, *used);
        }
    }
}

/// A token whose requests have still to be counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Owing(TokenId);

impl Owing {
    fn key(self) -> (Uuid, &'static str) {
        (self.0.uuid(), API.name)
    }
}

/// How many requests of a token are here, for how many to ask, and how many went before on credit.
#[derive(Default)]
struct Owed {
    asking: i64,
    wanted: i64,
    unpaid: i64,
}

fn owing(doing: &Doing<'_>, open: &[(usize, &Asked)]) -> HashMap<Owing, Owed> {
    let mut owing = HashMap::<Owing, Owed>::new();
    for access in open.iter().filter_map(|(_, asked)| asked.giver.access) {
        if access.owes {
            owing.entry(Owing(access.token)).or_default().asking += 1;
        }
    }
    for (token, owed) in &mut owing {
        let requests = doing.app.requests();
        (owed.wanted, owed.unpaid) = requests.wanted(&token.0.to_string(), doing.now, owed.asking);
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
