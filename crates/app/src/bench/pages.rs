//! What pages are measured on: a patron with a full month, a creator with very many works, and the
//! work whose button tells of the most patrons.

use std::sync::Arc;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, CanonicalUrl, Handle, Micros, Money, Period, WorkId};
use obole_store::bench::{self, BenchWork};
use obole_store::{accounts, ledger};

use super::filled_period;
use crate::app::App;
use crate::error::{Error, Result};
use crate::sessions::{self, Browser};

/// Rows in one transaction.
const CHUNK: usize = 1_000;

/// The budget of a patron with a full month, in whole units.
const BUDGET: i64 = 50;

/// A patron with many clicks.
#[derive(Clone, Debug)]
pub struct Giver {
    /// The public name.
    pub handle: &'static str,
    /// When the clicks are.
    pub period: Period,
    /// On what.
    pub works: Vec<WorkId>,
}

/// Makes a patron with a funded budget and a click on each of some works; nothing where the patron
/// is there already. Refused for a database that was not filled to be measured.
pub async fn put_giver(app: &App, giver: Giver) -> Result<()> {
    filled_period(app).await?;
    let handle = Handle::parse(giver.handle)?;
    if is_there(app, &handle).await? {
        return Ok(());
    }
    let (now, currency, period) = (app.now(), app.main_currency(), giver.period);
    let id = AccountId::new(app.chance().id(now));
    let budget = Money::new(Micros::units(BUDGET), currency);
    let postings = vec![
        Posting { account: LedgerAccount::wallet(id, currency), amount: budget.amount.negated()? },
        Posting {
            account: LedgerAccount::common(LedgerKind::PlayMoney, currency),
            amount: budget.amount,
        },
    ];
    let entry = Entry::new(Reason::PlayMoney, Fact::new("bench", id, "funded"), postings)?;
    app.write((handle, entry), move |tx, (handle, entry)| {
        Box::pin(async move {
            bench::put_accounts(tx, &[(id, handle.clone())], now).await?;
            bench::put_budgets(tx, &[(id, budget)], now).await?;
            ledger::post(tx, now, entry).await?;
            Ok(())
        })
    })
    .await?;
    let clicks: Vec<_> = giver.works.iter().map(|work| (id, *work, 1)).collect();
    for part in clicks.chunks(CHUNK) {
        let part = part.to_vec();
        app.write(part, move |tx, part| {
            Box::pin(async move { Ok(bench::put_clicks(tx, period, part, now).await?) })
        })
        .await?;
    }
    Ok(())
}

/// Makes a creator of so many works, and gives the works; nothing where the creator is there.
pub async fn put_creator(app: &App, handle: &'static str, count: usize) -> Result<Vec<WorkId>> {
    filled_period(app).await?;
    let handle = Handle::parse(handle)?;
    if is_there(app, &handle).await? {
        return Ok(Vec::new());
    }
    let now = app.now();
    let owner = AccountId::new(app.chance().id(now));
    let account = (owner, handle.clone());
    app.write(account, move |tx, account| {
        let account = std::slice::from_ref(account);
        Box::pin(async move { Ok(bench::put_accounts(tx, account, now).await?) })
    })
    .await?;
    let mut works = Vec::with_capacity(count);
    for number in 0..count {
        works.push(BenchWork {
            id: WorkId::new(app.chance().id(now)),
            url: CanonicalUrl::parse(&format!("https://{handle}.example/{number}"))?,
            owner: Some(owner),
        });
    }
    let works = Arc::new(works);
    for first in (0..count).step_by(CHUNK) {
        let range = first..(first + CHUNK).min(count);
        app.write((Arc::clone(&works), range), move |tx, (works, range)| {
            Box::pin(async move {
                let part = works.get(range.clone()).unwrap_or_default();
                Ok(bench::put_works(tx, part, now).await?)
            })
        })
        .await?;
    }
    Ok(works.iter().map(|work| work.id).collect())
}

async fn is_there(app: &App, handle: &Handle) -> Result<bool> {
    let found = app.read(handle.clone(), |read, handle| {
        Box::pin(async move { Ok(accounts::find_by_handle(read, handle).await?.is_some()) })
    });
    found.await
}

/// Signs an account of the measurement in and gives the secret of its session.
pub async fn session(app: &App, handle: &str) -> Result<String> {
    filled_period(app).await?;
    let account = crate::accounts::find_by_handle(app, Handle::parse(handle)?).await?;
    let account = account.ok_or(Error::NotFound)?.id;
    let browser =
        Browser { name: "bench".to_owned(), device: String::new(), address: String::new() };
    Ok(sessions::begin(app, account, &browser).await?.secret)
}

/// The work with the most patrons in a settled month: its id, its address, and how many. The first
/// work and none where no month is settled.
pub async fn most_given(app: &App) -> Result<Option<(WorkId, String, i64)>> {
    app.read((), |read, ()| Box::pin(async move { Ok(bench::most_given(read).await?) })).await
}

/// Works in the order in which they were made.
pub async fn works(app: &App, limit: i64) -> Result<Vec<WorkId>> {
    app.read((), move |read, ()| Box::pin(async move { Ok(bench::works(read, limit).await?) }))
        .await
}
