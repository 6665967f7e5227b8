//! What the database holds, in the reference's words.

use std::collections::BTreeMap;

use obole_app::App;
use obole_app::export_shares::{self, What};
use obole_domain::payout::{BatchId, PayoutId, RefundId};
use obole_domain::policy::{Registration, Unspent};
use obole_domain::subscription::State;
use obole_domain::voucher::VoucherBatchId;
use obole_domain::{AccountId, Currency, Period, SubscriptionId, WorkId};
use obole_store::db::sql;
use obole_store::{Read, StoreResult, accounts, payout_batches, promises, settings, works};
use uuid::Uuid;

use super::model::{Account, CODES, Coin, PeriodNumber, Rules, Tables, add};
use super::month::Lines;
use super::subscriptions::Subscription;

/// What stands for whom and what: numbers of the reference, ids of the program.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub people: Vec<AccountId>,
    pub works: BTreeMap<usize, WorkId>,
    pub payouts: Vec<PayoutId>,
    pub refunds: Vec<RefundId>,
    pub files: Vec<BatchId>,
    pub batches: Vec<VoucherBatchId>,
    pub subscriptions: Vec<(AccountId, SubscriptionId)>,
}

impl Names {
    fn person(&self, id: Uuid) -> usize {
        let known = self.people.iter().position(|person| person.uuid() == id);
        known.unwrap_or_else(|| panic!("nobody has the id {id}"))
    }

    fn work(&self, id: Uuid) -> usize {
        let known = self.works.iter().find(|(_, work)| work.uuid() == id);
        *known.unwrap_or_else(|| panic!("no work has the id {id}")).0
    }
}

fn coin(currency: Currency) -> Coin {
    coin_of(currency.code())
}

fn coin_of(code: &str) -> Coin {
    CODES.iter().position(|known| *known == code).expect("a currency of the instance")
}

/// The handle of somebody's number, and the address of a work's.
pub fn handle(number: usize) -> String {
    format!("person-{number}")
}

pub fn url(number: usize) -> String {
    format!("https://work-{number}.example/")
}

/// Reads everything that is compared; clicks from a month on.
pub async fn read(app: &App, since: PeriodNumber) -> (Tables, Names) {
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let mut names = names(read).await?;
            let mut tables = Tables { people: names.people.len(), ..Tables::default() };
            ledger(read, &names, &mut tables).await?;
            clicks(read, &names, (since, &mut tables)).await?;
            owners(read, &names, &mut tables).await?;
            money_out(read, &mut names, &mut tables).await?;
            vouchers(read, &mut names, &mut tables).await?;
            wishes(read, &names, &mut tables).await?;
            subscriptions(read, &mut names, &mut tables).await?;
            Ok((tables, names))
        })
    });
    read.await.expect("the database answers")
}

async fn names(read: &mut Read) -> StoreResult<Names> {
    let people = sql("select id, handle from accounts where handle like 'person-%'");
    let people: Vec<(AccountId, String)> =
        people.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let number = |text: &str| text.parse::<usize>().expect("a number of the simulator's");
    let mut people: Vec<(usize, AccountId)> =
        people.iter().map(|(id, handle)| (number(&handle["person-".len()..]), *id)).collect();
    people.sort_unstable();
    let works = sql("select id, url from works");
    let works: Vec<(WorkId, String)> =
        works.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let work = |url: &str| {
        let rest = url.strip_prefix("https://work-").expect("a work of the simulator's");
        number(rest.strip_suffix(".example/").expect("a work of the simulator's"))
    };
    Ok(Names {
        people: people.into_iter().map(|(_, id)| id).collect(),
        works: works.iter().map(|(id, url)| (work(url), *id)).collect(),
        ..Names::default()
    })
}

async fn ledger(read: &mut Read, names: &Names, tables: &mut Tables) -> StoreResult<()> {
    let select = sql("
        select kind, owner, period, currency, balance_micros, held_micros from ledger_accounts");
    let rows: Vec<(String, Uuid, i64, Currency, i64, i64)> = select
        .fetch_all(read, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
        })
        .await?;
    for (kind, owner, month, code, balance, held) in rows {
        let coin = coin(code);
        let account = match kind.as_str() {
            "wallet" => Account::Wallet(names.person(owner), coin),
            "earnings" => Account::Earnings(names.person(owner), coin),
            "pool" => Account::Pool(coin),
            "vouchers" => Account::Vouchers(coin),
            "in_transit" => Account::InTransit(coin),
            "fees" => Account::Fees(coin),
            "bank" => Account::Bank(coin),
            "play_money" => Account::PlayMoney(coin),
            "clearing" => Account::Clearing(month, coin),
            other => panic!("a ledger account of the kind {other}"),
        };
        add(&mut tables.balances, account, -balance);
        add(&mut tables.held, account, held);
    }
    let budgets = sql("select account, currency, amount_micros from budgets");
    let budgets: Vec<(Uuid, Currency, i64)> =
        budgets.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await?;
    for (whose, code, micros) in budgets {
        add(&mut tables.budgets, (names.person(whose), coin(code)), micros);
    }
    Ok(())
}

async fn clicks(
    read: &mut Read,
    names: &Names,
    (since, tables): (PeriodNumber, &mut Tables),
) -> StoreResult<()> {
    let clicks = sql("select period, patron, work, points, carries from clicks where period >= $1");
    let clicks: Vec<(PeriodNumber, Uuid, Uuid, i64, i64)> = clicks
        .bind(since)
        .fetch_all(read, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .await?;
    for (month, patron, work, points, moves) in clicks {
        let key = (month, names.person(patron), names.work(work));
        tables.clicks.insert(key, (points, moves));
    }
    for (number, person) in names.people.iter().enumerate() {
        for promise in promises::standing(read, *person, usize::MAX).await? {
            let work = names.work(promise.work.uuid());
            let key = (number, promise.period.number(), work, coin(promise.amount.currency));
            let known = tables.promises.insert(key, promise.amount.amount.get());
            assert_eq!(known, None, "a promise that stands twice");
        }
    }
    Ok(())
}

async fn owners(read: &mut Read, names: &Names, tables: &mut Tables) -> StoreResult<()> {
    let works = sql("select id, owner, refused_at is not null from works");
    let works: Vec<(Uuid, Option<Uuid>, bool)> =
        works.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await?;
    for (work, owner, is_refused) in works {
        let owner = owner.map(|owner| names.person(owner));
        tables.works.insert(names.work(work), (owner, is_refused));
    }
    Ok(())
}

/// The word of a state as the reference writes it.
fn state(stored: &str) -> &'static str {
    let known = ["requested", "batched", "sent", "reversed", "executing", "executed", "declined"];
    known.into_iter().find(|known| *known == stored).expect("a state")
}

async fn money_out(read: &mut Read, names: &mut Names, tables: &mut Tables) -> StoreResult<()> {
    let payouts = sql("
        select id, account, amount_micros, state from payouts order by requested_at, id");
    let payouts: Vec<(PayoutId, Uuid, i64, String)> = payouts
        .fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .await?;
    for (id, whose, micros, stored) in payouts {
        names.payouts.push(id);
        tables.payouts.push((names.person(whose), micros, state(&stored)));
    }
    let refunds = sql("
        select id, account, currency, amount_micros, state from refunds order by requested_at, id");
    let refunds: Vec<(RefundId, Uuid, Currency, i64, String)> = refunds
        .fetch_all(read, |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .await?;
    for (id, whose, code, micros, stored) in refunds {
        names.refunds.push(id);
        tables.refunds.push((names.person(whose), coin(code), micros, state(&stored)));
    }
    let files = sql("
        select id, handed_at is not null, journaled_at is not null, sent_at is not null,
            discarded_at is not null
        from payout_batches
        order by created_at, id");
    let files: Vec<(BatchId, [bool; 4])> = files
        .fetch_all(read, |row| {
            Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))
        })
        .await?;
    for (id, file) in files {
        names.files.push(id);
        tables.batches.push(file);
    }
    Ok(())
}

async fn vouchers(read: &mut Read, names: &mut Names, tables: &mut Tables) -> StoreResult<()> {
    let batches = sql("
        select b.id, (
            select count(*) from vouchers v
            where v.batch = b.id and v.redeemed_at is null and v.voided_at is null)
        from voucher_batches b
        order by b.created_at, b.id");
    let batches: Vec<(VoucherBatchId, i64)> =
        batches.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    for (id, left) in batches {
        names.batches.push(id);
        tables.vouchers.push(left);
    }
    Ok(())
}

/// The rules, what people say of themselves, and what a second administrator agreed to.
async fn wishes(read: &mut Read, names: &Names, tables: &mut Tables) -> StoreResult<()> {
    let policy = settings::policy(read).await?;
    tables.rules = Some(Rules {
        points_max: policy.points_max,
        clicks_once: policy.clicks_once,
        budget_min: policy.budget_min.get(),
        give_to_receive: policy.give_to_receive,
        unspent_to_pool: policy.unspent == Unspent::ToPool,
        fee_ppm: i64::from(policy.fee_ppm),
        is_open: policy.registration == Registration::Open,
        payout_min: policy.payout_min.get(),
        second_admin_above: policy.second_admin_above.get(),
    });
    for person in &names.people {
        let row = accounts::find(read, *person).await?.expect("a person");
        let refused = works::currencies_refused(read, *person).await?;
        tables.profiles.push((row.gives_unspent, refused.into_iter().map(coin).collect()));
    }
    for (number, file) in names.files.iter().enumerate() {
        let batch = payout_batches::find(read, *file).await?.expect("a bank file");
        tables.approved.extend(batch.approved_by.map(|_| number));
    }
    Ok(())
}

async fn subscriptions(read: &mut Read, names: &mut Names, tables: &mut Tables) -> StoreResult<()> {
    let ids = sql("select patron, id from subscriptions order by created_at, id");
    names.subscriptions = ids.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    for (patron, id) in &names.subscriptions {
        let shown = obole_store::subscriptions::find_shown(read, *patron, *id).await?;
        let row = shown.expect("it is there").subscription;
        let state = match row.state {
            State::Ended(ending) => ending.code(),
            state => state.code(),
        };
        tables.subscriptions.push(Subscription {
            who: names.person(patron.uuid()),
            work: names.work(row.work.uuid()),
            points: row.points.get(),
            left: row.periods_left,
            given: row.periods_given,
            state,
            due: row.due.number(),
            last_given: row.last_given.map(Period::number),
            missed: row.missed.map(|(month, why)| (month.number(), why.code())),
        });
    }
    Ok(())
}

/// What a settled month came to, as the export tells it.
pub async fn lines(app: &App, names: &Names, month: PeriodNumber) -> Lines {
    let mut text = String::new();
    let period = Period::from_number(month).expect("a month");
    let mut write = |part: &str| {
        text.push_str(part);
        Ok(())
    };
    export_shares::write(app, What::Shares, period, &mut write).await.expect("an export");
    let mut lines = Lines::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let id = |cell: &str| cell.parse::<Uuid>().expect("an id");
        let number = |cell: &str| cell.parse::<i64>().expect("a number");
        let state = ["paid", "promised", "carried"];
        let state = state.into_iter().find(|state| *state == cells[5]).expect("a state");
        let of = (state != "carried").then(|| coin_of(cells[0]));
        let (who, work) = (names.person(id(cells[1])), names.work(id(cells[2])));
        let line = (who, work, number(cells[3]), number(cells[4]), state);
        lines.entry(of).or_default().insert(line);
    }
    lines
}
