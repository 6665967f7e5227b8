//! Vouchers end once, and the money is always somewhere.

use obole_app::audit_log::Actor;
use obole_app::testing::{account, admin, engines, key};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, IdempotencyKey};
use obole_domain::Micros;
use obole_domain::voucher::{VoucherBatchId, VoucherCode};
use obole_store::vouchers as rows;

use crate::support::{an_admin, assert_books_balance, available, in_wallet, units};

async fn make(app: &App, count: i64) -> Vec<VoucherCode> {
    let new = NewVouchers { amount: units(20), count, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("vouchers");
    codes.iter().map(|code| VoucherCode::parse(code).expect("a code")).collect()
}

async fn only_batch(app: &App) -> rows::BatchRow {
    let found = app.read((), |read, ()| {
        Box::pin(async move { Ok(rows::batches(read, jiff::Timestamp::MAX, 10).await?) })
    });
    let batches = found.await.expect("batches");
    assert_eq!(batches.len(), 1);
    batches[0]
}

#[tokio::test]
async fn a_voucher_is_redeemed_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (one, other) = (account(app, "one").await, account(app, "other").await);
        let code = make(app, 1).await[0];
        let first = vouchers::redeem(app, one, &key(app), code).await.expect("redeemed");
        assert_eq!(first.value.amount.money(), units(20));
        assert_eq!(in_wallet(app, one).await, Micros::units(20));
        for account in [one, other] {
            let refused = vouchers::redeem(app, account, &key(app), code).await;
            assert_eq!(refused.expect_err("refused").code(), "voucher_unusable");
        }
        let unknown = VoucherCode::from_random([9; 10]);
        let refused = vouchers::redeem(app, other, &key(app), unknown).await;
        assert_eq!(refused.expect_err("refused").code(), "voucher_unusable");
        assert_eq!(in_wallet(app, other).await, Micros::ZERO);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_who_redeem_at_once_exactly_one_does() {
    for instance in engines().await {
        let app = &instance.app;
        let code = make(app, 1).await[0];
        let mut tasks = Vec::new();
        for number in 0..50 {
            let handle: &'static str = Box::leak(format!("patron-{number}").into_boxed_str());
            let patron = account(app, handle).await;
            let app = app.clone();
            tasks.push(tokio::spawn(async move {
                let key = key(&app);
                vouchers::redeem(&app, patron, &key, code).await.map_err(|e| e.code().to_owned())
            }));
        }
        let mut won = 0;
        for task in tasks {
            match task.await.expect("a task") {
                Ok(_) => won += 1,
                Err(code) => assert_eq!(code, "voucher_unusable"),
            }
        }
        assert_eq!(won, 1);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        let code = make(app, 1).await[0];
        let key = IdempotencyKey::new("once", b"redeem").expect("a key");
        let first = vouchers::redeem(app, patron, &key, code).await.expect("redeemed");
        let again = vouchers::redeem(app, patron, &key, code).await.expect("replayed");
        assert!(again.is_replayed && !first.is_replayed);
        assert_eq!(first.value, again.value);
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
    }
}

#[tokio::test]
async fn a_void_or_expired_voucher_is_worth_nothing() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        let codes = make(app, 2).await;
        let batch = only_batch(app).await;
        let listed = app.read((), move |read, ()| {
            Box::pin(async move { Ok(rows::of_batch(read, batch.id).await?) })
        });
        let listed = listed.await.expect("vouchers");
        vouchers::void(app, admin, listed[0].id).await.expect("void");
        let refused = vouchers::void(app, admin, listed[0].id).await.expect_err("void already");
        assert_eq!(refused.code(), "state_moved");
        let refused = vouchers::redeem(app, patron, &key(app), codes[0]).await;
        assert_eq!(refused.expect_err("void").code(), "voucher_unusable");
        vouchers::redeem(app, patron, &key(app), codes[1]).await.expect("redeemed");
        let refused = vouchers::void(app, admin, listed[1].id).await.expect_err("used");
        assert_eq!(refused.code(), "state_moved");
        let batch = only_batch(app).await;
        assert_eq!((batch.count, batch.redeemed, batch.voided), (2, 1, 1));

        let expires_at = Some("2026-01-16T00:00:00Z".parse().expect("a moment"));
        let new = NewVouchers { amount: units(5), count: 1, expires_at };
        let codes = vouchers::create(app, admin, new).await.expect("vouchers");
        instance.at("2026-01-16T00:00:00Z");
        let code = VoucherCode::parse(&codes[0]).expect("a code");
        let refused = vouchers::redeem(app, patron, &key(app), code).await;
        assert_eq!(refused.expect_err("expired").code(), "voucher_unusable");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_is_left_of_a_batch_becomes_void_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        let codes = make(app, 5).await;
        vouchers::redeem(app, patron, &key(app), codes[3]).await.expect("redeemed");
        let batch = only_batch(app).await.id;
        assert_eq!(vouchers::void_batch(app, admin, batch).await.expect("void"), 4);
        let refused = vouchers::void_batch(app, admin, batch).await.expect_err("nothing left");
        assert_eq!(refused.code(), "state_moved");
        let unknown = VoucherBatchId::new(uuid::Uuid::nil());
        assert!(vouchers::void_batch(app, admin, unknown).await.is_err());
        let left = obole_domain::ledger::LedgerAccount::common(
            obole_domain::ledger::LedgerKind::Vouchers,
            obole_domain::Currency::EUR,
        );
        assert_eq!(available(app, left).await, Micros::ZERO);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_is_not_a_batch_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let good = NewVouchers { amount: units(1), count: 1, expires_at: None };
        let past = Some("2026-01-15T12:00:00Z".parse().expect("a moment"));
        let cases = [
            (NewVouchers { count: 0, ..good }, "voucher_count"),
            (NewVouchers { count: 1_001, ..good }, "voucher_count"),
            (NewVouchers { amount: units(0), ..good }, "amount_zero"),
            (NewVouchers { amount: units(10_000_000), count: 2, ..good }, "overflow"),
            (NewVouchers { expires_at: past, ..good }, "date_malformed"),
        ];
        for (new, code) in cases {
            let refused = vouchers::create(app, Actor::CommandLine, new).await;
            assert_eq!(refused.expect_err("refused").code(), code);
        }
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn codes_are_shown_once() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = admin(app, "boss").await;
        let new = NewVouchers { amount: units(20), count: 3, expires_at: None };
        let key = IdempotencyKey::new("form", b"x").expect("a key");
        let first = vouchers::create_once(app, admin, &key, new).await.expect("made").value;
        assert_eq!(first.codes.len(), 3);
        let again = vouchers::create_once(app, admin, &key, new).await.expect("replayed").value;
        assert_eq!((again.batch, again.codes.len()), (first.batch, 0));
        assert_eq!(only_batch(app).await.count, 3);
    }
}

#[tokio::test]
async fn tries_are_limited() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        for number in 0..11 {
            let code = VoucherCode::from_random([number; 10]);
            let refused = vouchers::redeem(app, patron, &key(app), code).await;
            let wanted = if number < 10 { "voucher_unusable" } else { "too_many" };
            assert_eq!(refused.expect_err("refused").code(), wanted);
        }
    }
}
