//! What tests of money need: accounts, money on a wallet or in earnings, and books that balance.

use std::future::{Future, poll_fn};
use std::task::Poll;

use obole_app::accounts::{self, NewAccount};
use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::sessions::{self, Browser};
use obole_app::sign_in::SignIn;
use obole_app::testing::{self, Instance, PASSWORD, key};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, Error, audit};
use obole_domain::click::Way;
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, CanonicalUrl, Currency, EmailAddress, Handle, Micros, Money};
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
pub async fn an_admin(app: &App, handle: &str) -> Actor {
    Actor::Page(testing::admin(app, handle).await)
}

/// A new account whose mail address is not confirmed.
pub async fn an_unconfirmed_account(app: &App, handle: &str) -> AccountId {
    let new = NewAccount {
        handle: Handle::parse(handle).expect("a handle"),
        email: EmailAddress::parse(&format!("{handle}@obole.example")).expect("an address"),
        name: String::new(),
        password: String::new(),
        language: None,
        is_admin: false,
        is_confirmed: false,
    };
    accounts::create(app, Actor::CommandLine, new).await.expect("an account")
}

/// A new sign-in of an account that the tests made.
pub async fn session(app: &App, handle: &str) -> sessions::Session {
    let sign_in = SignIn {
        name: handle.to_owned(),
        password: PASSWORD.to_owned(),
        browser: Browser::default(),
    };
    testing::sign_in(app, sign_in).await.expect("signed in").session
}

/// Drops what is under way when it has been polled so often.
pub async fn killed_after(polls: u64, run: impl Future) {
    let (mut run, mut left) = (Box::pin(run), polls);
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        run.as_mut().poll(context).map(|_| ())
    })
    .await;
}

/// The kinds of the mails that wait for an account, oldest first.
pub async fn mails_to(app: &App, account: AccountId) -> Vec<String> {
    let kinds = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("select kind from outbox where account = $1 order by created_at, id");
            Ok(select.bind(account).fetch_all(read, |row| row.get(0)).await?)
        })
    });
    kinds.await.expect("mails")
}

/// The text of the newest mail to an account.
pub async fn newest_mail(app: &App, account: AccountId) -> String {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox where account = $1 order by created_at desc, id desc
                limit 1");
            Ok(select.bind(account).fetch_one(read, |row| row.get::<String>(0)).await?)
        })
    });
    found.await.expect("a mail")
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

/// Clicks on a page with one point.
pub async fn give(app: &App, patron: AccountId, url: &str) {
    let give = Give {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        title: String::new(),
        points: 1,
        note: None,
        way: Way::Page,
    };
    clicks::give(app, patron, &key(app), give).await.expect("given");
}

/// What somebody was refused, by its code.
pub fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    match refused.expect_err("refused") {
        Error::Refused(said) => said.code,
        other => format!("{other:?}"),
    }
}

/// Checks every invariant: among them that the ledger adds up to zero, and that each balance is
/// the sum of its postings (L1, L3).
pub async fn assert_books_balance(instance: &Instance) {
    let report = audit::run(&instance.app).await.expect("an audit");
    assert!(report.is_clean(), "{:?}", report.breaches);
}
