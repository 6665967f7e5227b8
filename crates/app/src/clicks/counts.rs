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
use crate::limits::{API, CLICK_DAY, CLICK_MINUTE, Credit, Granted, Limit, Used, WORK};

/// An account or a token, and the name of a limit.
type Key = (Uuid, &'static str);

/// How often somebody has tried in a window.
type Counts = HashMap<Key, i64>;

/// What a committed batch has used of limits.
#[derive(Default)]
pub(super) struct Spent {
    /// What tokens may still ask for.
    leaves: Vec<(TokenId, Granted)>,
    /// What accounts have used of their credit.
    credit: Vec<(Key, Used)>,
}

/// Counts the open clicks; those over a limit are refused, the others stay open. What is counted
/// counts even where the click then fails. The account counts only what the token's limit let
/// through, the day only what the minute did.
pub(super) async fn count(doing: &mut Doing<'_>, tx: &mut Tx) -> Result<()> {
    if doing.app.config().limits.off {
        return Ok(());
    }
    let open: Vec<(usize, &Asked)> = doing.open().collect();
    let (owing, accounts) = (owing(doing, &open), accounts(doing, &open));
    let unpaid = owing.iter().map(|(token, owed)| (api(*token), owed.unpaid));
    let unpaid = unpaid.chain(accounts.iter().map(|(key, one)| (*key, one.used.unpaid())));
    let unpaid: Counts = unpaid.collect();
    let tries = owing.iter().map(|(token, owed)| (api(*token), owed.wanted + owed.unpaid));
    let counted_now = accounts.iter().filter(|(_, one)| !one.is_on_credit);
    let tries = tries.chain(counted_now.map(|(key, one)| (*key, one.asked + one.used.unpaid())));
    let tries: Counts = tries.collect();
    let mut counts: Counts = accounts.iter().map(|(key, one)| (*key, one.used.count)).collect();
    for (key, before) in counted(doing, tx, (&[API, CLICK_MINUTE, CLICK_DAY], &tries)).await? {
        counts.insert(key, before + unpaid.get(&key).copied().unwrap_or_default());
    }
    let mut back = refuse(doing, open, &mut counts);
    for (token, owed) in owing {
        let used = counts.get(&api(token)).copied().unwrap_or(API.count);
        let more = owed.wanted - owed.asking;
        let (left, taken) = (more.min(API.count - used), used + more);
        doing.spent.leaves.push((token, Granted { left, told: owed.unpaid, taken }));
    }
    for (key, one) in accounts {
        let more = one.asked + back.get(&key).copied().unwrap_or_default();
        doing.spent.credit.push((key, one.after(more)));
    }
    back.retain(|key, _| tries.contains_key(key));
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

/// The clicks of an account in a batch, and what it has used of a limit's credit before.
struct OfAccount {
    asked: i64,
    used: Used,
    is_on_credit: bool,
}

impl OfAccount {
    /// What is used once so many more are let through, or counted in the database.
    fn after(&self, more: i64) -> Used {
        if self.is_on_credit {
            return Used { count: self.used.count + more, ..self.used };
        }
        Used { is_counted: true, ..self.used }
    }
}

/// The accounts that click, by limit: all their clicks here go on credit, or none.
fn accounts(doing: &Doing<'_>, open: &[(usize, &Asked)]) -> HashMap<Key, OfAccount> {
    let mut asked = HashMap::<Uuid, i64>::new();
    for (_, click) in open {
        *asked.entry(click.giver.patron.uuid()).or_default() += 1;
    }
    let of = |credit: &Credit, (account, asked): (&Uuid, &i64)| {
        let (limit, used) = (credit.limit(), credit.used(*account, doing.now));
        let is_on_credit = used.allows(limit, *asked);
        ((*account, limit.name), OfAccount { asked: *asked, used, is_on_credit })
    };
    let credits = doing.app.click_credit().iter();
    credits.flat_map(|credit| asked.iter().map(move |one| of(credit, one))).collect()
}

/// Keeps what a committed batch has used.
pub(super) fn learn(app: &App, spent: &Spent, now: Timestamp) {
    for (token, granted) in &spent.leaves {
        app.requests().put(&token.to_string(), now, *granted);
    }
    for ((account, name), used) in &spent.credit {
        let mut credits = app.click_credit().iter();
        if let Some(credit) = credits.find(|credit| credit.limit().name == *name) {
            credit.note(*account, now, *used);
        }
    }
}

/// How many requests of a token are here that have still to be counted, for how many to ask, and
/// how many went before on credit.
#[derive(Default)]
struct Owed {
    asking: i64,
    wanted: i64,
    unpaid: i64,
}

fn owing(doing: &Doing<'_>, open: &[(usize, &Asked)]) -> HashMap<TokenId, Owed> {
    let mut owing = HashMap::<TokenId, Owed>::new();
    for access in open.iter().filter_map(|(_, asked)| asked.giver.access) {
        if access.owes {
            owing.entry(access.token).or_default().asking += 1;
        }
    }
    for (token, owed) in &mut owing {
        let (requests, token) = (doing.app.requests(), token.to_string());
        (owed.wanted, owed.unpaid) = requests.wanted(&token, doing.now, owed.asking);
    }
    owing
}

/// What a token's requests are counted under.
fn api(token: TokenId) -> Key {
    (token.uuid(), API.name)
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
