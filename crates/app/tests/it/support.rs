//! What tests of money need: accounts, money on a wallet or in earnings, and books that balance.

use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, key};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, Error};
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, Currency, Micros, Money};
use obole_store::db::sql;
use obole_store::ledger;

/// So many millionths of a euro.
pub fn euros(micros: i64) -> Money {
    Money::new(Micros::new(micros), Currency::EUR)
}

/// So many whole euros.
pub fn units(units: i64) -> Money {
    Money::new(Micros::units(units), Currency::EUR)
}

/// An administrator on a page.
pub async fn an_admin(app: &App, handle: &'static str) -> Actor {
    Actor::Page(an_account(app, handle).await)
}

/// A new account whose mail address is confirmed.
pub async fn an_account(app: &App, handle: &'static str) -> AccountId {
    insert_account(app, handle, true).await
}

/// A new account whose mail address is not confirmed.
pub async fn an_unconfirmed_account(app: &App, handle: &'static str) -> AccountId {
    insert_account(app, handle, false).await
}

async fn insert_account(app: &App, handle: &'static str, is_confirmed: bool) -> AccountId {
    let (now, id) = (app.now(), AccountId::new(app.chance().id(app.now())));
    let written = app.store().write((), move |tx, ()| {
        Box::pin(async move {
            let insert = sql("
                insert into accounts
                    (id, handle, name, email, email_confirmed_at, password_hash, language,
                    is_admin, is_public, gives_unspent, created_at)
                values ($1, $2, $2, $3, $4, '', 'en', false, false, false, $5)");
            let email = format!("{handle}@people.example");
            let insert = insert.bind(id).bind(handle).bind(email);
            insert.bind(is_confirmed.then_some(now)).bind(now).execute(tx).await?;
            Ok::<_, Error>(())
        })
    });
    written.await.expect("an account");
    id
}

/// Puts money into a wallet by a voucher.
pub async fn fill_wallet(app: &App, account: AccountId, amount: Money) {
    let new = NewVouchers { amount, count: 1, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("a voucher");
    let code = VoucherCode::parse(&codes[0]).expect("a code");
    vouchers::redeem(app, account, &key(app), code).await.expect("redeemed");
}

/// Puts money into an account's earnings, as a settlement would.
pub async fn fill_earnings(app: &App, account: AccountId, amount: Money) {
    let (now, id) = (app.now(), app.chance().id(app.now()));
    let from = LedgerAccount::common(LedgerKind::Bank, amount.currency);
    let between = (from, LedgerAccount::earnings(account, amount.currency));
    let fact = Fact::new("test", id, "earned");
    let entry = Entry::transfer(Reason::Received, fact, between, amount.amount).expect("an entry");
    let posted = app.store().write(entry, move |tx, entry| {
        Box::pin(async move { Ok::<_, Error>(ledger::post(tx, now, entry).await?) })
    });
    posted.await.expect("posted");
}

/// What a ledger account has available.
pub async fn available(app: &App, account: LedgerAccount) -> Micros {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(ledger::balance(read, account).await?) })
    });
    found.await.expect("a balance").available().amount
}

/// What a wallet has available, in euros.
pub async fn in_wallet(app: &App, account: AccountId) -> Micros {
    available(app, LedgerAccount::wallet(account, Currency::EUR)).await
}

/// What earnings have available, in euros.
pub async fn in_earnings(app: &App, account: AccountId) -> Micros {
    available(app, LedgerAccount::earnings(account, Currency::EUR)).await
}

/// What is on its way, in euros.
pub async fn in_transit(app: &App) -> Micros {
    available(app, LedgerAccount::common(LedgerKind::InTransit, Currency::EUR)).await
}

/// Checks that the ledger adds up to zero and that each balance is the sum of its postings
/// (L1, L3).
pub async fn assert_books_balance(instance: &Instance) {
    let sums = instance.app.read((), |read, ()| {
        Box::pin(async move {
            let balances = sql("
                select cast(coalesce(sum(balance_micros), 0) as bigint) from ledger_accounts
                group by currency");
            let balances: Vec<i64> = balances.fetch_all(read, |row| row.get(0)).await?;
            let stale = sql("
                select count(*) from ledger_accounts a
                where a.balance_micros <> (
                    select cast(coalesce(sum(p.amount_micros), 0) as bigint) from postings p
                    where p.account = a.id)");
            let stale: i64 = stale.fetch_one(read, |row| row.get(0)).await?;
            let entries = sql("
                select count(*) from (
                    select p.entry from postings p
                    join ledger_accounts a on a.id = p.account
                    group by p.entry, a.currency
                    having sum(p.amount_micros) <> 0) unbalanced");
            let unbalanced: i64 = entries.fetch_one(read, |row| row.get(0)).await?;
            Ok((balances, stale, unbalanced))
        })
    });
    let (balances, stale, unbalanced) = sums.await.expect("sums");
    assert!(balances.iter().all(|sum| *sum == 0), "{balances:?}");
    assert_eq!((stale, unbalanced), (0, 0));
}
