//! Play money, earnings that move, and what an account is shown to have.

use obole_app::testing::{account, engines, key};
use obole_app::wallets::{self, HeldFor};
use obole_app::{Error, IdempotencyKey};
use obole_domain::ledger::LedgerAccount;
use obole_domain::{Currency, Micros};
use obole_store::{holds, ledger};

use crate::support::{assert_books_balance, euros, fill_earnings, in_earnings, in_wallet, units};

#[tokio::test]
async fn play_money_has_a_limit_each_month() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        wallets::play_money(app, patron, &key(app), units(300)).await.expect("taken");
        let refused = wallets::play_money(app, patron, &key(app), euros(200_000_001)).await;
        assert_eq!(refused.expect_err("too much").code(), "play_money_limit");
        wallets::play_money(app, patron, &key(app), units(200)).await.expect("to the limit");
        let refused = wallets::play_money(app, patron, &key(app), euros(1)).await;
        assert_eq!(refused.expect_err("too much").code(), "play_money_limit");
        instance.at("2026-02-01T00:00:00Z");
        wallets::play_money(app, patron, &key(app), units(500)).await.expect("a new month");
        assert_eq!(in_wallet(app, patron).await, Micros::units(1_000));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_do_not_pass_the_limit() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let app = app.clone();
            tasks.push(tokio::spawn(async move {
                let key = key(&app);
                wallets::play_money(&app, patron, &key, units(100)).await.is_ok()
            }));
        }
        let mut taken = 0;
        for task in tasks {
            taken += i32::from(task.await.expect("a task"));
        }
        assert_eq!(taken, 5);
        assert_eq!(in_wallet(app, patron).await, Micros::units(500));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_fifty_times_at_once_has_one_effect() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        let key = IdempotencyKey::new("once", b"take").expect("a key");
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let (app, key) = (app.clone(), key.clone());
            tasks.push(tokio::spawn(async move {
                wallets::play_money(&app, patron, &key, units(10)).await.expect("an answer")
            }));
        }
        let mut first_doings = 0;
        for task in tasks {
            let once = task.await.expect("a task");
            first_doings += i32::from(!once.is_replayed);
            assert_eq!(once.value.money(), units(10));
        }
        assert_eq!(first_doings, 1);
        assert_eq!(in_wallet(app, patron).await, Micros::units(10));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn earnings_move_to_the_wallet_as_far_as_they_are_available() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        fill_earnings(app, creator, units(10)).await;
        hold_earnings(app, creator, 4).await;
        let refused = wallets::move_earnings(app, creator, &key(app), euros(6_000_001)).await;
        assert_eq!(refused.expect_err("held").code(), "not_enough");
        wallets::move_earnings(app, creator, &key(app), units(6)).await.expect("moved");
        assert_eq!(in_wallet(app, creator).await, Micros::units(6));
        assert_eq!(in_earnings(app, creator).await, Micros::ZERO);

        let earnings = wallets::earnings(app, creator).await.expect("holdings");
        assert_eq!(earnings.len(), 1);
        assert_eq!(earnings[0].held, [(HeldFor::GiveToReceive, units(4))]);
        assert_eq!(earnings[0].balance.total, units(4));
        let wallet = wallets::wallet(app, creator).await.expect("holdings");
        assert_eq!((wallet[0].balance.total, wallet[0].held.len()), (units(6), 0));
        assert_books_balance(&instance).await;
    }
}

async fn hold_earnings(app: &obole_app::App, creator: obole_domain::AccountId, units: i64) {
    let (now, id) = (app.now(), app.chance().id(app.now()));
    let earnings = LedgerAccount::earnings(creator, Currency::EUR);
    let held = app.store().write((), move |tx, ()| {
        Box::pin(async move {
            let amount = Micros::units(units);
            ledger::hold(tx, earnings, amount).await?;
            holds::create(tx, id, (earnings, amount), (holds::GIVE_TO_RECEIVE, now)).await?;
            Ok::<_, Error>(())
        })
    });
    held.await.expect("held");
}
