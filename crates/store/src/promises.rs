//! Promises: made by a settlement, collected or ended by a later one, let go of by their patrons
//! (product.md section 4, works 1; L10).

mod collected;
mod waiting;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use obole_domain::policy::PROMISE_MONTHS;
use obole_domain::promise_list::{self, LIST_MAX};
use obole_domain::settlement::{Payable, WorkTerms};
use obole_domain::sheet::{Promised, bucket};
use obole_domain::statement::{LineState, Statement};
use obole_domain::{AccountId, CanonicalUrl, Currency, Micros, Money, Period, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};
use crate::freeze::Range;
use crate::{clicks, shares};

pub use collected::{end_collecting, of_settlement};
pub use waiting::{Waiting, patrons_waiting_for, waiting_for};

/// A promise that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseRow {
    /// When it was made.
    pub period: Period,
    /// For which work.
    pub work: WorkId,
    /// The work's address.
    pub url: CanonicalUrl,
    /// How much.
    pub amount: Money,
}

/// What a patron's statement promised: for which work, how much.
fn promised(statement: &Statement) -> impl Iterator<Item = (WorkId, Micros)> {
    let lines = statement.lines.iter();
    let promised = lines.filter(|l| l.state == LineState::Promised && l.share.is_positive());
    promised.map(|line| (line.work, line.share))
}

/// The periods whose promises may stand still, newest first: those that are settled, and not for
/// twelve months.
async fn periods(read: &mut Read) -> StoreResult<Vec<Period>> {
    let select = sql("
        select period from settlements
        where period > (select max(period) from settlements) - $1 and state = 'done'
        order by period desc");
    select.bind(i64::from(PROMISE_MONTHS)).fetch_all(read, |row| row.get(0)).await
}

/// What a patron's statements of a period promised and what no row has decided.
async fn open(
    read: &mut Read,
    patron: AccountId,
    period: Period,
) -> StoreResult<Vec<(WorkId, Money)>> {
    let mut open = Vec::new();
    for statement in shares::statements_of(read, patron, period).await? {
        let currency = statement.currency;
        open.extend(
            promised(&statement).map(|(work, amount)| (work, Money::new(amount, currency))),
        );
    }
    let select = sql("
        select work, currency from promises
        where patron = $1 and period = $2");
    let select = select.bind(patron).bind(period);
    let decided: BTreeSet<(WorkId, Currency)> =
        select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?.into_iter().collect();
    open.retain(|(work, money)| !decided.contains(&(*work, money.currency)));
    Ok(open)
}

/// An account's standing promises, newest first.
pub async fn standing(
    read: &mut Read,
    patron: AccountId,
    limit: usize,
) -> StoreResult<Vec<PromiseRow>> {
    let mut found = Vec::new();
    for period in periods(read).await? {
        let open = open(read, patron, period).await?;
        let works: Vec<Vec<Value>> = open.iter().map(|(work, _)| vec![(*work).into()]).collect();
        let urls = sql("select url from works where id = $1");
        let urls: Vec<Option<CanonicalUrl>> =
            urls.fetch_many(read, &works, |row| row.get(0)).await?;
        found.extend(open.into_iter().zip(urls).filter_map(|((work, amount), url)| {
            Some(PromiseRow { period, work, url: url?, amount })
        }));
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Stores the promises of a part, in the order of buckets, works, currencies and patrons.
pub async fn put(
    tx: &mut Tx,
    period: Period,
    promises: &[(Promised, Currency)],
) -> StoreResult<()> {
    let (mut lists, mut works) = (Vec::<Vec<Value>>::new(), Vec::<Vec<Value>>::new());
    let of = |(promised, currency): &(Promised, Currency)| (promised.work, *currency);
    for group in promises.chunk_by(|one, other| of(one) == of(other)) {
        let Some((work, currency)) = group.first().map(of) else { continue };
        for (list, number) in group.chunks(LIST_MAX).zip(0_i64..) {
            let list: Vec<_> = list.iter().map(|(p, _)| (p.patron, p.amount)).collect();
            let (bucket, work) = (bucket(work).into(), work.into());
            let body = promise_list::pack(&list).body.into();
            lists.push(vec![period.into(), bucket, work, currency.into(), number.into(), body]);
        }
        works.push(vec![work.into()]);
    }
    works.dedup();
    let insert = "
        insert into promise_lists (period, bucket, work, currency, number, body)
        values ($1, $2, $3, $4, $5, $6)";
    sql(insert).execute_many(tx, &lists).await?;
    let insert = "insert into promised_works (work) values ($1) on conflict do nothing";
    sql(insert).execute_many(tx, &works).await.map(|_| ())
}

/// What becomes of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fate {
    patron: AccountId,
    period: Period,
    work: WorkId,
    amount: Money,
    /// The settlement that collects it; none when it is let go of.
    settles: Option<Period>,
}

/// Decides promises that nothing was decided of; gives those that were decided now.
async fn decide(
    tx: &mut Tx,
    fates: &[Fate],
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let insert = "
        insert into promises (patron, period, work, currency, amount_micros, state, settles,
            ended_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict do nothing
        returning patron, currency, amount_micros";
    let row = |fate: &Fate| {
        let state = if fate.settles.is_some() { "collecting" } else { "let_go" };
        let ended: Option<Value> = fate.settles.is_none().then(|| now.into());
        let (currency, amount) = (fate.amount.currency.into(), fate.amount.amount.into());
        let (patron, period, work) = (fate.patron.into(), fate.period.into(), fate.work.into());
        let (settles, ended) = (fate.settles.into(), ended.unwrap_or(Value::Null));
        vec![patron, period, work, currency, amount, state.into(), settles, ended]
    };
    let rows: Vec<Vec<Value>> = fates.iter().map(row).collect();
    sql(insert).fetch_each(tx, &rows, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// Keeps the next settlement from beginning until the transaction ends: it would end promises that
/// this one ends.
async fn hold_next_settlement(tx: &mut Tx) -> StoreResult<()> {
    let newest = sql("select max(period) from settlements");
    let newest: Option<Period> = newest.fetch_one(tx, |row| row.get(0)).await?;
    match newest {
        Some(newest) => clicks::open_period(tx, newest.next()).await.map(|_| ()),
        None => Ok(()),
    }
}

/// Ends a patron's standing promises for a work of a period and gives what they held, for the
/// caller to free.
pub async fn let_go(
    tx: &mut Tx,
    patron: AccountId,
    promised: (Period, WorkId),
    now: Timestamp,
) -> StoreResult<Vec<Money>> {
    hold_next_settlement(tx).await?;
    let (period, work) = promised;
    if !periods(tx).await?.contains(&period) {
        return Ok(Vec::new());
    }
    let open = open(tx, patron, period).await?.into_iter().filter(|(of, _)| *of == work);
    let fates = open.map(|(_, amount)| Fate { patron, period, work, amount, settles: None });
    let freed = decide(tx, &fates.collect::<Vec<_>>(), now).await?;
    Ok(freed.into_iter().map(|(_, currency, amount)| Money::new(amount, currency)).collect())
}

/// The same for one work or for all, of every period, and gives what they held, to be freed.
pub async fn let_go_of_own(
    tx: &mut Tx,
    patron: AccountId,
    work: impl Into<Option<WorkId>>,
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    hold_next_settlement(tx).await?;
    let (only, settles) = (work.into(), None);
    let mut fates = Vec::new();
    for period in periods(tx).await? {
        let mut open = open(tx, patron, period).await?;
        open.retain(|(work, _)| only.is_none_or(|only| only == *work));
        let open = open.into_iter();
        fates.extend(open.map(|(work, amount)| Fate { patron, period, work, amount, settles }));
    }
    decide(tx, &fates, now).await
}

/// Ends all standing promises for a work and gives what each patron's wallet held, to be freed.
pub async fn let_go_of_work(
    tx: &mut Tx,
    work: WorkId,
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    hold_next_settlement(tx).await?;
    let mut freed = Vec::new();
    for period in periods(tx).await? {
        let lists = take_lists(tx, (period, work), &WorkTerms::default()).await?;
        let fates = lists.into_iter().map(|(patron, amount)| Fate {
            patron,
            period,
            work,
            amount,
            settles: None,
        });
        freed.extend(decide(tx, &fates.collect::<Vec<_>>(), now).await?);
    }
    Ok(freed)
}

/// What the lists of a work and period say, by currency.
async fn lists(
    read: &mut Read,
    of: (Period, WorkId),
) -> StoreResult<BTreeMap<Currency, Vec<(AccountId, Money)>>> {
    let (period, work) = of;
    let select = sql("
        select currency, body from promise_lists
        where period = $1 and bucket = $2 and work = $3
        order by currency, number");
    let select = select.bind(period).bind(bucket(work)).bind(work);
    let rows: Vec<(Currency, Vec<u8>)> =
        select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let mut lists = BTreeMap::<_, Vec<_>>::new();
    for (currency, body) in rows {
        let list = promise_list::unpack(&body);
        let list = list.ok_or_else(|| StoreError::Corrupt("promise_lists.body".to_owned()))?;
        let list = list.into_iter().map(|(patron, amount)| (patron, Money::new(amount, currency)));
        lists.entry(currency).or_default().extend(list);
    }
    Ok(lists)
}

/// Takes the lists of a work and period: what is on them is to be decided in this transaction.
/// Lists in a currency that the payee does not take stay; of those only the payee's own promises
/// are given.
async fn take_lists(
    tx: &mut Tx,
    of: (Period, WorkId),
    terms: &WorkTerms,
) -> StoreResult<Vec<(AccountId, Money)>> {
    let (period, work) = of;
    let (mut taken, mut rows) = (Vec::new(), Vec::<Vec<Value>>::new());
    for (currency, mut list) in lists(tx, of).await? {
        if !terms.is_refused && terms.currencies_refused.contains(&currency) {
            list.retain(|(patron, _)| Some(*patron) == terms.payee);
        } else {
            rows.push(vec![period.into(), bucket(work).into(), work.into(), currency.into()]);
        }
        taken.extend(list);
    }
    let delete = "
        delete from promise_lists
        where period = $1 and bucket = $2 and work = $3 and currency = $4";
    sql(delete).execute_many(tx, &rows).await?;
    Ok(taken)
}

/// Marks the standing promises for works that are claimed now: this settlement will collect them.
/// Promises of a payee to their own work and those for refused works end; what they held is given
/// back for the caller to free. In the transaction that freezes the works.
pub async fn collect(
    tx: &mut Tx,
    period: Period,
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let works = claimed(tx, period).await?;
    let mut freed = Vec::new();
    // What is a year old is collected for the last time; what is left of it ends in the freeze.
    let mut periods = periods(tx).await?;
    periods.push(period.back(PROMISE_MONTHS));
    for promised in periods {
        for (work, terms) in &works {
            let taken = take_lists(tx, (promised, *work), terms).await?;
            let fates = taken.into_iter().map(|(patron, amount)| {
                let is_collected = terms.payable(patron, amount.currency) == Payable::Claimed;
                let settles = is_collected.then_some(period);
                Fate { patron, period: promised, work: *work, amount, settles }
            });
            let fates: Vec<Fate> = fates.collect();
            let decided = decide(tx, &fates, now).await?.into_iter().collect::<BTreeSet<_>>();
            let ended = fates.iter().filter(|fate| fate.settles.is_none());
            let ended = ended.map(|f| (f.patron, f.amount.currency, f.amount.amount));
            freed.extend(ended.filter(|ended| decided.contains(ended)));
        }
    }
    // What a payee does not take may be taken later; all else is decided.
    let is_decided = |terms: &WorkTerms| terms.is_refused || terms.currencies_refused.is_empty();
    let decided = works.iter().filter(|(_, terms)| is_decided(terms));
    let decided: Vec<Vec<Value>> = decided.map(|(work, _)| vec![(*work).into()]).collect();
    let forget = "delete from promised_works where work = $1";
    sql(forget).execute_many(tx, &decided).await?;
    Ok(freed)
}

/// The works with promises that somebody controls or refuses, as they were frozen.
async fn claimed(tx: &mut Tx, period: Period) -> StoreResult<Vec<(WorkId, WorkTerms)>> {
    let select = sql("
        select f.work, f.payee, f.is_refused
        from promised_works w
        join frozen_works f on f.work = w.work
        where f.period = $1
        order by f.work");
    let works: Vec<(WorkId, Option<AccountId>, bool)> = select
        .bind(period)
        .fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .await?;
    let refused = sql("
        select payee, currency from frozen_payees
        where period = $1 and is_refused");
    let refused: Vec<(AccountId, Currency)> =
        refused.bind(period).fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let terms = works.into_iter().map(|(work, payee, is_refused)| {
        let of = refused.iter().filter(|(whose, _)| Some(*whose) == payee);
        let currencies_refused = of.map(|(_, currency)| *currency).collect();
        (work, WorkTerms { payee, is_refused, currencies_refused })
    });
    Ok(terms.collect())
}

/// What a range of patrons promised in a period and what nothing was decided of: it is over, for
/// the caller to free.
pub async fn over(
    read: &mut Read,
    period: Period,
    range: Range,
) -> StoreResult<Vec<(AccountId, Currency, Micros)>> {
    let select = sql("
        select patron, work, currency from promises
        where patron > $1 and patron <= $2 and period = $3");
    let select = select.bind(range.after).bind(range.last).bind(period);
    let decided: BTreeSet<(AccountId, WorkId, Currency)> = select
        .fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .await?
        .into_iter()
        .collect();
    let mut over = Vec::new();
    for (patron, statement) in shares::statements_between(read, period, range).await? {
        let currency = statement.currency;
        let open = promised(&statement).filter(|(w, _)| !decided.contains(&(patron, *w, currency)));
        over.push((patron, currency, Micros::sum(open.map(|(_, amount)| amount))?));
    }
    over.retain(|(_, _, amount)| amount.is_positive());
    Ok(over)
}

/// Forgets the lists of a period whose promises are over.
pub async fn forget_lists(tx: &mut Tx, period: Period) -> StoreResult<()> {
    let delete = sql("delete from promise_lists where period <= $1");
    delete.bind(period).execute(tx).await.map(|_| ())
}
