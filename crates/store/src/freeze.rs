//! What a settlement freezes, and the reading of it in patron order (D14, performance.md
//! section 1): purses with their means held, works with their payees.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::ControlFlow;

use jiff::Timestamp;
use obole_domain::settlement::{FrozenClick, WorkTerms};
use obole_domain::team::Percentages;
use obole_domain::{AccountId, Currency, Micros, PassOn, Period, Policy, WorkId};
use uuid::Uuid;

use crate::claims::disputes;
use crate::cluster;
use crate::db::{Engine, Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// A range of accounts in the order of their ids: after the first, up to and with the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Excluded.
    pub after: Uuid,
    /// Included.
    pub last: Uuid,
}

/// Freezes the works whose claims pay, or which are refused, and what their payees take and give. A
/// claim that is new, stale, disputed or about to give way does not pay: what is given is promised,
/// and collected when it does (C4, C6). In the transaction that closes the period, so that later
/// claims wait for the next one.
pub async fn freeze_works(tx: &mut Tx, period: Period, policy: &Policy) -> StoreResult<()> {
    let works = sql("
        insert into frozen_works (period, work, payee, is_refused)
        select $1, w.id, w.owner, w.refused_at is not null
        from works w
        left join claims c on c.id = w.claim
        where w.refused_at is not null
            or (c.state = 'proven' and c.confirmed_at is not null and c.yields_at is null)");
    works.bind(period).execute(tx).await?;
    disputes::keep_from_freeze(tx, period).await?;
    let refused = sql("
        insert into frozen_payees (period, payee, currency, is_refused, is_giving)
        select $1, account, currency, true, false from currencies_refused
        where account in (select owner from works where owner is not null)");
    refused.bind(period).execute(tx).await?;
    freeze_passing_on(tx, period).await?;
    if !policy.give_to_receive {
        return Ok(());
    }
    let giving = sql("
        insert into frozen_payees (period, payee, currency, is_refused, is_giving)
        select $1, account, currency, false, true from budgets
        where amount_micros >= $2
            and (account in (select owner from works where owner is not null)
                or account in (select member from frozen_percentages where period = $1))
        on conflict (period, payee, currency) do update set is_giving = true");
    giving.bind(period).bind(policy.budget_min).execute(tx).await.map(|_| ())
}

/// Freezes how teams share out, and what works pass on whose payees said so themselves.
async fn freeze_passing_on(tx: &mut Tx, period: Period) -> StoreResult<()> {
    let percentages = sql("
        insert into frozen_percentages (period, team, member, part)
        select $1, l.team, l.member, l.part
        from team_percentage_lines l
        where l.number = (select max(s.number) from team_percentages s where s.team = l.team)");
    percentages.bind(period).execute(tx).await?;
    let pass_ons = sql("
        insert into frozen_pass_ons (period, work, target, part, weight)
        select $1, p.work, t.target, p.part, t.weight
        from pass_ons p
        join pass_on_targets t on t.work = p.work
        join frozen_works f on f.period = $1 and f.work = p.work
        where p.part > 0 and f.payee = p.account and not f.is_refused");
    pass_ons.bind(period).execute(tx).await.map(|_| ())
}

/// How teams shared out when the period closed.
pub async fn frozen_percentages(
    read: &mut Read,
    period: Period,
) -> StoreResult<BTreeMap<AccountId, Percentages>> {
    let select = sql("
        select team, member, part from frozen_percentages
        where period = $1
        order by team, member");
    let rows = select.bind(period).fetch_all(read, |row| {
        Ok((row.get::<AccountId>(0)?, (row.get::<AccountId>(1)?, row.get::<i64>(2)?)))
    });
    let rows = rows.await?;
    let teams = rows.chunk_by(|one, other| one.0 == other.0).filter_map(|rows| {
        let team = rows.first()?.0;
        let percentages = Percentages::new(rows.iter().map(|(_, part)| *part));
        Some(percentages.map(|percentages| (team, percentages)))
    });
    let teams: Result<_, _> = teams.collect();
    teams.map_err(|_| StoreError::Corrupt("frozen_percentages.part".to_owned()))
}

/// What works passed on when the period closed.
pub async fn frozen_pass_ons(
    read: &mut Read,
    period: Period,
) -> StoreResult<BTreeMap<WorkId, PassOn>> {
    let select = sql("
        select work, part, target, weight from frozen_pass_ons
        where period = $1
        order by work, target");
    let rows = select.bind(period).fetch_all(read, |row| {
        let key: (WorkId, i64) = (row.get(0)?, row.get(1)?);
        Ok((key, (row.get::<WorkId>(2)?, row.get::<i64>(3)?)))
    });
    let rows = rows.await?;
    let works = rows.chunk_by(|one, other| one.0 == other.0).filter_map(|rows| {
        let (work, part) = rows.first()?.0;
        let pass_on = PassOn::new(work, part, rows.iter().map(|(_, target)| *target));
        Some(pass_on.map(|pass_on| (work, pass_on)))
    });
    let works: Result<_, _> = works.collect();
    works.map_err(|_| StoreError::Corrupt("frozen_pass_ons.weight".to_owned()))
}

/// The works of a settlement by id.
pub type Works = HashMap<WorkId, WorkTerms, BuildHasherDefault<Chance>>;

/// The end of an id is chance already: it spreads as well as any hash of it, and nobody outside
/// chooses it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Chance(u64);

impl Hasher for Chance {
    fn write(&mut self, bytes: &[u8]) {
        if let Some(end) = bytes.last_chunk() {
            self.0 = u64::from_le_bytes(*end);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The frozen works and what their payees take, for sharing out: 64 bytes or so for each work that
/// somebody controls.
pub async fn frozen_works(read: &mut Read, period: Period) -> StoreResult<Works> {
    let refused = sql("
        select payee, currency from frozen_payees
        where period = $1 and is_refused");
    let refused: Vec<(AccountId, Currency)> =
        refused.bind(period).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let mut by_payee = BTreeMap::<AccountId, BTreeSet<Currency>>::new();
    for (payee, currency) in refused {
        by_payee.entry(payee).or_default().insert(currency);
    }
    let works = sql("
        select work, payee, is_refused from frozen_works
        where period = $1");
    let mut found = Works::default();
    let each = works.bind(period).for_each(read, |row| {
        let payee: Option<AccountId> = row.get(1)?;
        let refused = payee.and_then(|payee| by_payee.get(&payee)).cloned().unwrap_or_default();
        let terms = WorkTerms { payee, is_refused: row.get(2)?, currencies_refused: refused };
        found.insert(row.get(0)?, terms);
        Ok(())
    });
    each.await?;
    found.shrink_to_fit();
    Ok(found)
}

/// The payees and currencies that gave at least the minimum themselves when the period closed.
pub async fn giving_payees(
    read: &mut Read,
    period: Period,
) -> StoreResult<BTreeSet<(AccountId, Currency)>> {
    let select = sql("
        select payee, currency from frozen_payees
        where period = $1 and is_giving");
    let rows = select.bind(period).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(rows.await?.into_iter().collect())
}

/// Hands the clicks of a range of patrons on, in key order, without keeping any.
pub async fn each_click(
    read: &mut Read,
    period: Period,
    range: Range,
    mut each: impl FnMut(AccountId, FrozenClick) + Send,
) -> StoreResult<()> {
    let select = match read.engine() {
        // It would compare each key with the end of the range as a whole: an eighth of the reading.
        Engine::Sqlite => sql("
            select patron, work, points, carries from clicks
            where period = $1 and patron > $2
            order by patron, work")
        .bind(period)
        .bind(range.after),
        Engine::Postgres => sql("
            select patron, work, points, carries from clicks
            where period = $1 and patron > $2 and patron <= $3
            order by patron, work")
        .bind(period)
        .bind(range.after)
        .bind(range.last),
    };
    let last = AccountId::new(range.last);
    let clicks = select.for_each_until(read, |row| {
        let patron: AccountId = row.get(0)?;
        if patron > last {
            return Ok(ControlFlow::Break(()));
        }
        let click = FrozenClick { work: row.get(1)?, points: row.get(2)?, carries: row.get(3)? };
        each(patron, click);
        Ok(ControlFlow::Continue(()))
    });
    clicks.await
}

/// What a range of accounts may spend: budget and what the wallet has available, by currency. The
/// wallets stay locked until the transaction ends. Who came after the period's end takes no part.
pub async fn open_purses(
    tx: &mut Tx,
    range: Range,
    ended: Timestamp,
) -> StoreResult<Vec<PurseRow>> {
    let budgets = sql("
        select b.account, b.currency, b.amount_micros from budgets b
        join accounts a on a.id = b.account
        where b.account > $1 and b.account <= $2 and b.amount_micros > 0 and a.created_at < $3");
    let budgets: Vec<(AccountId, Currency, Micros)> = budgets
        .bind(range.after)
        .bind(range.last)
        .bind(ended)
        .fetch_all(tx, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .await?;
    let available = lock_wallets(tx, range).await?;
    let givers = sql("
        select id from accounts
        where id > $1 and id <= $2 and gives_unspent");
    let givers = givers.bind(range.after).bind(range.last).fetch_all(tx, |row| row.get(0));
    let givers: BTreeSet<AccountId> = givers.await?.into_iter().collect();
    let mut purses: Vec<PurseRow> = budgets
        .into_iter()
        .map(|(patron, currency, budget)| PurseRow {
            patron,
            currency,
            budget,
            available: available.get(&(patron, currency)).copied().unwrap_or(Micros::ZERO),
            held: Micros::ZERO,
            gives_unspent: givers.contains(&patron),
        })
        .collect();
    purses.sort_unstable_by_key(|purse| (purse.patron, purse.currency));
    Ok(purses)
}

/// Locks the wallets of a range of accounts until the transaction ends: what each has available.
async fn lock_wallets(
    tx: &mut Tx,
    range: Range,
) -> StoreResult<BTreeMap<(AccountId, Currency), Micros>> {
    let lock = if cluster::locks_ranges(tx).await? {
        sql("
        select owner, currency, balance_micros, held_micros from ledger_accounts
        where owner > $1 and owner <= $2 and kind = 'wallet'
        order by owner, currency")
        .locked()
    } else {
        // Over several shards Citus locks nothing that is only read.
        sql("
        update ledger_accounts set held_micros = held_micros
        where owner > $1 and owner <= $2 and kind = 'wallet'
        returning owner, currency, balance_micros, held_micros")
    };
    let wallets = lock.bind(range.after).bind(range.last).fetch_all(tx, |row| {
        let (balance, held): (Micros, Micros) = (row.get(2)?, row.get(3)?);
        Ok(((row.get::<AccountId>(0)?, row.get::<Currency>(1)?), balance.plus(held)?.negated()?))
    });
    Ok(wallets.await?.into_iter().collect())
}

/// A purse as it is frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurseRow {
    /// Whose.
    pub patron: AccountId,
    /// In what.
    pub currency: Currency,
    /// The most that the patron wanted to spend.
    pub budget: Micros,
    /// What the wallet had available.
    pub available: Micros,
    /// What was set aside on the wallet until the share-out.
    pub held: Micros,
    /// Whether an unspent budget goes to the pool.
    pub gives_unspent: bool,
}

/// Stores frozen purses.
pub async fn freeze_purses(tx: &mut Tx, period: Period, purses: &[PurseRow]) -> StoreResult<()> {
    let insert = "
        insert into frozen_purses (period, patron, currency, budget_micros, available_micros,
            held_micros, gives_unspent)
        values ($1, $2, $3, $4, $5, $6, $7)";
    let rows: Vec<Vec<Value>> = purses
        .iter()
        .map(|purse| {
            vec![
                period.into(),
                purse.patron.into(),
                purse.currency.into(),
                purse.budget.into(),
                purse.available.into(),
                purse.held.into(),
                purse.gives_unspent.into(),
            ]
        })
        .collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}

/// The frozen purses of a range of patrons, in key order.
pub async fn frozen_purses(
    read: &mut Read,
    period: Period,
    range: Range,
) -> StoreResult<Vec<PurseRow>> {
    let select = sql("
        select patron, currency, budget_micros, available_micros, held_micros, gives_unspent
        from frozen_purses
        where period = $1 and patron > $2 and patron <= $3
        order by patron, currency");
    let rows = select.bind(period).bind(range.after).bind(range.last).fetch_all(read, |row| {
        Ok(PurseRow {
            patron: row.get(0)?,
            currency: row.get(1)?,
            budget: row.get(2)?,
            available: row.get(3)?,
            held: row.get(4)?,
            gives_unspent: row.get(5)?,
        })
    });
    rows.await
}
