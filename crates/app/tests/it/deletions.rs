//! Leaving: the money first, seven days to think again, then nothing is left but the books.

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::clicks::{Give, Target};
use obole_app::recovery;
use obole_app::settle;
use obole_app::testing::{Instance, account, admin, engines, key, own};
use obole_app::{App, accounts, budgets, clicks, deletions, outbox, suspensions};
use obole_domain::click::Way;
use obole_domain::ledger::{LedgerAccount, LedgerKind};
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros};
use obole_store::db::sql;
use obole_store::deletions as rows;

use crate::support::{
    assert_books_balance, available, fill_earnings, fill_wallet, in_wallet, killed_after, session,
    units,
};

fn later(app: &App, hours: i64) {
    let later = app.now().checked_add(SignedDuration::from_hours(hours));
    app.clock().set(later.expect("a moment"));
}

async fn leave(app: &App, handle: &str) -> Result<(), obole_app::Error> {
    deletions::ask(app, &session(app, handle).await).await
}

async fn link(instance: &Instance) -> String {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    let letter = letters.iter().rev().find(|letter| letter.text.contains("/deletion/"));
    let text = letter.expect("a letter").text.clone();
    let line = text.lines().find(|line| line.starts_with("http")).expect("a link").to_owned();
    line.rsplit_once('/').expect("a path").1.to_owned()
}

async fn handle_of(app: &App, id: AccountId) -> String {
    let row = accounts::find(app, id).await.expect("read").expect("an account");
    row.handle.to_string()
}

async fn is_suspended(app: &App, id: AccountId) -> bool {
    let row = accounts::find(app, id).await.expect("read").expect("an account");
    row.suspended_at.is_some()
}

async fn count(app: &App, text: &'static str, account: AccountId) -> i64 {
    let count = app.read((), move |read, ()| {
        Box::pin(
            async move { Ok(sql(text).bind(account).fetch_one(read, |row| row.get(0)).await?) },
        )
    });
    count.await.expect("a count")
}

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("an address")
}

#[tokio::test]
async fn who_leaves_is_suspended_for_seven_days_and_then_erased() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        leave(app, "ada").await.expect("asked");
        let link = link(&instance).await;
        assert!(is_suspended(app, ada).await);
        later(app, 24 * 7 - 1);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 0, "not yet");
        assert_eq!(handle_of(app, ada).await, "ada");
        later(app, 1);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
        assert!(handle_of(app, ada).await.starts_with("gone-"));
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 0, "once");
        let late = deletions::undo(app, &link).await;
        assert!(late.is_err(), "too late");
        let lifted = suspensions::restore(app, Actor::CommandLine, ada).await;
        assert_eq!(lifted.expect_err("erased").code(), "state_moved");
        let handle = Handle::parse("ada").expect("a handle");
        assert!(accounts::find_by_handle(app, handle).await.expect("read").is_none());
        account(app, "ada").await;
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn the_link_undoes_it_and_asks_nothing_before() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        leave(app, "ada").await.expect("asked");
        let link = link(&instance).await;
        assert!(deletions::find(app, &link).await.expect("looked").is_some());
        assert!(is_suspended(app, ada).await, "looking changes nothing");
        deletions::undo(app, &link).await.expect("undone");
        assert!(!is_suspended(app, ada).await);
        assert!(deletions::undo(app, &link).await.is_err(), "once");
        later(app, 24 * 8);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 0);
        leave(app, "ada").await.expect("asked again");
        later(app, 24 * 7);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
    }
}

#[tokio::test]
async fn an_administrator_s_suspension_outlives_the_undoing() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        leave(app, "ada").await.expect("asked");
        suspensions::suspend(app, Actor::CommandLine, ada, "Late").await.expect("suspended");
        deletions::undo(app, &link(&instance).await).await.expect("undone");
        assert!(is_suspended(app, ada).await);
        suspensions::restore(app, Actor::CommandLine, ada).await.expect("restored");
        leave(app, "ada").await.expect("asked");
        suspensions::restore(app, Actor::CommandLine, ada).await.expect("undoes it, too");
        later(app, 24 * 8);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 0);
    }
}

#[tokio::test]
async fn nobody_leaves_with_money_left_or_as_the_last_administrator() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        fill_wallet(app, ada, units(5)).await;
        assert_eq!(leave(app, "ada").await.expect_err("money").code(), "money_left");
        let outlook = deletions::outlook(app, ada).await.expect("read");
        assert_eq!(outlook.wallet[0].balance.total, units(5));
        let given = deletions::give_rest(app, ada, &key(app), Currency::EUR).await;
        assert_eq!(given.expect("given").value.money(), units(5));
        let none = deletions::give_rest(app, ada, &key(app), Currency::EUR).await;
        assert_eq!(none.expect_err("nothing").code(), "amount_zero");
        let pool = LedgerAccount::common(LedgerKind::Pool, Currency::EUR);
        assert_eq!(available(app, pool).await, units(5).amount);
        leave(app, "ada").await.expect("asked");
        admin(app, "boss").await;
        assert_eq!(leave(app, "boss").await.expect_err("last").code(), "last_admin");
        admin(app, "other").await;
        leave(app, "boss").await.expect("asked");
        assert_eq!(leave(app, "other").await.expect_err("last now").code(), "last_admin");
        let mut stale = session(app, "other").await;
        stale.proved_at = stale.proved_at.checked_sub(SignedDuration::from_mins(11)).expect("one");
        let refused = deletions::ask(app, &stale).await;
        assert!(matches!(refused, Err(obole_app::Error::ProofNeeded)), "{refused:?}");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn of_two_administrators_who_leave_at_once_one_stays() {
    for instance in engines().await {
        let app = &instance.app;
        let names = ["boss", "other"];
        let mut asked = Vec::new();
        for name in names {
            admin(app, name).await;
            asked.push(session(app, name).await);
        }
        let tries: Vec<_> = asked
            .into_iter()
            .map(|session| {
                let app = app.clone();
                tokio::spawn(async move { deletions::ask(&app, &session).await.is_ok() })
            })
            .collect();
        let mut left = 0;
        for one in tries {
            left += i32::from(one.await.expect("no panic"));
        }
        assert_eq!(left, 1);
    }
}

/// A patron with a settled month, a promise, a work of their own and clicks in the open month.
async fn a_past(instance: &Instance) -> AccountId {
    let app = &instance.app;
    let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
    let work = own(app, bob, "https://bob.example/song").await;
    own(app, ada, "https://ada.example/book").await;
    fill_wallet(app, ada, units(10)).await;
    budgets::set(app, ada, units(4)).await.expect("a budget");
    for target in [Target::Work(work), Target::Url(url("https://c.example/"))] {
        give(app, ada, target).await;
    }
    later(app, 24 * 31);
    settle_due(app).await;
    ada
}

async fn give(app: &App, patron: AccountId, target: Target) {
    let give = Give { target, title: String::new(), points: 1, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.expect("given");
}

async fn settle_due(app: &App) {
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}

#[tokio::test]
async fn the_books_stay_sound_and_the_works_are_promised_again() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = a_past(&instance).await;
        assert_eq!(leave(app, "ada").await.expect_err("money").code(), "money_left");
        deletions::let_go_of_all(app, ada).await.expect("let go");
        deletions::give_rest(app, ada, &key(app), Currency::EUR).await.expect("given");
        assert_eq!(in_wallet(app, ada).await, Micros::ZERO);
        leave(app, "ada").await.expect("asked");
        // What a month that closes meanwhile brings goes to the pool, as was said.
        fill_earnings(app, ada, units(3)).await;
        later(app, 24 * 7);
        settle_due(app).await;
        assert_books_balance(&instance).await;
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
        let statements = "select count(*) from statements where patron = $1";
        assert!(count(app, statements, ada).await > 0, "the books stay");
        assert_eq!(count(app, "select count(*) from budgets where account = $1", ada).await, 0);
        assert_eq!(count(app, "select count(*) from works where owner = $1", ada).await, 0);
        let claims = "select count(*) from claims where account = $1 and ended_at is null";
        assert_eq!(count(app, claims, ada).await, 0);
        let pool = LedgerAccount::common(LedgerKind::Pool, Currency::EUR);
        assert!(available(app, pool).await > units(3).amount);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn while_a_month_is_not_settled_nobody_is_erased() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let bob = account(app, "bob").await;
        fill_wallet(app, bob, units(10)).await;
        budgets::set(app, bob, units(4)).await.expect("a budget");
        give(app, bob, Target::Url(url("https://c.example/"))).await;
        leave(app, "ada").await.expect("asked");
        later(app, 24 * 31);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 0, "the month waits");
        settle_due(app).await;
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_kill_at_any_moment_leaves_all_or_nothing() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        leave(app, "ada").await.expect("asked");
        later(app, 24 * 7);
        let mut kills = 0;
        while handle_of(app, ada).await == "ada" {
            killed_after(kills, deletions::erase_due(app)).await;
            let waiting = "select count(*) from deletions where account = $1 and erased_at is null";
            let waits = count(app, waiting, ada).await;
            assert_eq!(waits == 1, handle_of(app, ada).await == "ada", "after {kills} steps");
            kills += 1;
            assert!(kills < 100_000, "it never comes to its end");
        }
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn fifty_jobs_at_once_erase_once() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        leave(app, "ada").await.expect("asked");
        later(app, 24 * 7);
        let tries: Vec<_> = (0..50)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { deletions::erase_due(&app).await.expect("ran") })
            })
            .collect();
        let mut erased = 0;
        for one in tries {
            erased += one.await.expect("no panic");
        }
        assert_eq!(erased, 1);
    }
}

#[tokio::test]
async fn a_restored_database_learns_from_the_journal_who_has_left() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        leave(app, "ada").await.expect("asked");
        leave(app, "bob").await.expect("asked");
        let undo = link(&instance).await;
        let whose = deletions::find(app, &undo).await.expect("looked").expect("one").0.id;
        deletions::undo(app, &undo).await.expect("undone");
        let gone = if whose == ada { bob } else { ada };
        // As a backup of before would have it.
        let forget = app.store().write((), |tx, ()| {
            Box::pin(async move {
                sql("delete from deletions").execute(tx).await?;
                sql("update accounts set suspended_at = null").execute(tx).await?;
                Ok::<_, obole_app::Error>(())
            })
        });
        forget.await.expect("forgotten");
        let path = instance.folder.path().join("outbound.jsonl");
        recovery::compare(app, Actor::CommandLine, vec![path.clone()]).await.expect("compared");
        assert!(is_suspended(app, gone).await && !is_suspended(app, whose).await);
        recovery::compare(app, Actor::CommandLine, vec![path]).await.expect("compared again");
        later(app, 24 * 7);
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
        let row =
            app.read(gone, |read, id| Box::pin(async move { Ok(rows::find(read, *id).await?) }));
        assert!(row.await.expect("read").expect("a row").erased_at.is_some());
    }
}
