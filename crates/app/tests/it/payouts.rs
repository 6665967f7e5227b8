//! Payouts: asked for, put into a file once, sent, undone line by line.

use std::io::Write as _;
use std::process::{Command, Stdio};

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::testing::{Instance, account, engines, key};
use obole_app::{App, Error, IdempotencyKey, payout_batches, payouts};
use obole_domain::ledger::LedgerAccount;
use obole_domain::ledger::LedgerKind::Bank;
use obole_domain::payout::{PayoutId, PayoutState};
use obole_domain::{AccountId, Currency, Micros, Money};
use obole_gateway::sepa::Iban;
use obole_store::{payouts as rows, settings};

use crate::support::{
    an_admin, assert_books_balance, available, euros, fill_earnings, in_earnings, in_transit,
    mails_to, units,
};

/// A creator with earnings and a bank account.
async fn a_creator(app: &App, handle: &'static str, earned: Money) -> AccountId {
    let creator = account(app, handle).await;
    fill_earnings(app, creator, earned).await;
    let iban = Iban::parse("FR14 2004 1010 0505 0001 3M02 606").expect("an IBAN");
    let new = NewBankAccount { holder: "Zoé Février".to_owned(), iban };
    bank_accounts::set(app, creator, new).await.expect("a bank account");
    creator
}

async fn request(app: &App, creator: AccountId) -> PayoutId {
    let asked = payouts::request(app, creator, &key(app), Currency::EUR).await.expect("asked");
    PayoutId::new(asked.value.payout)
}

async fn state(app: &App, creator: AccountId) -> PayoutState {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(rows::of_account(read, creator, None, 10).await?) })
    });
    found.await.expect("read")[0].state
}

fn assert_valid(file: &[u8]) {
    let Ok(folder) = std::env::var("OBOLE_TEST_SCHEMAS") else {
        panic!("OBOLE_TEST_SCHEMAS must name a folder with pain.001.001.09.xsd: `cargo x test`");
    };
    let mut xmllint = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", &format!("{folder}/pain.001.001.09.xsd"), "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint must be installed (Debian: libxml2-utils)");
    xmllint.stdin.take().expect("a pipe").write_all(file).expect("written");
    let judged = xmllint.wait_with_output().expect("a verdict");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
}

#[tokio::test]
async fn earnings_reach_the_bank_in_whole_cents() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator", euros(12_345_678)).await;
        let payout = request(app, creator).await;
        assert_eq!(in_earnings(app, creator).await, Micros::new(5_678));
        assert_eq!(in_transit(app).await, Micros::new(12_340_000));
        assert_eq!(state(app, creator).await, PayoutState::Requested);

        let batch = payout_batches::create(app, admin, Currency::EUR).await.expect("a batch");
        assert_eq!((batch.count, batch.total), (1, euros(12_340_000)));
        assert_eq!(state(app, creator).await, PayoutState::Batched);
        let refused = payout_batches::create(app, admin, Currency::EUR).await.expect_err("empty");
        assert_eq!(refused.code(), "nothing_to_pay");
        let refused = payout_batches::mark_sent(app, admin, batch.id).await.expect_err("early");
        assert_eq!(refused.code(), "state_moved");

        let file = payout_batches::hand_out(app, admin, batch.id).await.expect("a file");
        assert_valid(&file);
        let text = String::from_utf8(file.clone()).expect("text");
        assert!(text.contains(&format!("<MsgId>{}<", batch.id.uuid().simple())), "{text}");
        assert!(text.contains(&format!("<EndToEndId>{}<", payout.uuid().simple())), "{text}");
        assert!(text.contains("<InstdAmt Ccy=\"EUR\">12.34<"), "{text}");
        instance.at("2026-01-17T09:00:00Z");
        let again = payout_batches::hand_out(app, admin, batch.id).await.expect("a file");
        assert_eq!(file, again);
        let lines = app.journal().read_all().await.expect("lines");
        assert!(lines.len() == 2 && lines[1].contains(&payout.to_string()), "{lines:?}");

        payout_batches::mark_sent(app, admin, batch.id).await.expect("sent");
        payout_batches::mark_sent(app, admin, batch.id).await.expect("sent again");
        assert_eq!(state(app, creator).await, PayoutState::Sent);
        assert_eq!(in_transit(app).await, Micros::ZERO);
        assert_eq!(mails_to(app, creator).await, ["payout-requested", "payout-sent"]);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_payout_is_reversed_once() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (sent, creator) = send_one(&instance, admin).await;
        let bank = LedgerAccount::common(Bank, Currency::EUR);
        let before = available(app, bank).await;
        payouts::reverse(app, admin, sent, "Account closed (AC04)").await.expect("reversed");
        assert_eq!(in_earnings(app, creator).await, Micros::units(20));
        assert_eq!(available(app, bank).await, before.minus(Micros::units(20)).expect("less"));
        assert_eq!(in_transit(app).await, Micros::ZERO);
        assert_eq!(state(app, creator).await, PayoutState::Reversed);
        let refused = payouts::reverse(app, admin, sent, "Again").await.expect_err("reversed");
        assert_eq!(refused.code(), "state_moved");
        request(app, creator).await;
        assert_books_balance(&instance).await;
    }
}

/// A payout of 20 euros that went to the bank, and its creator.
async fn send_one(instance: &Instance, admin: Actor) -> (PayoutId, AccountId) {
    let app = &instance.app;
    let creator = a_creator(app, "creator", units(20)).await;
    let payout = request(app, creator).await;
    let batch = payout_batches::create(app, admin, Currency::EUR).await.expect("a batch");
    payout_batches::hand_out(app, admin, batch.id).await.expect("a file");
    payout_batches::mark_sent(app, admin, batch.id).await.expect("sent");
    (payout, creator)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_reversals_at_once_one_happens() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (sent, creator) = send_one(&instance, admin).await;
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let app = app.clone();
            tasks.push(tokio::spawn(async move {
                payouts::reverse(&app, admin, sent, "Refused").await.is_ok()
            }));
        }
        let mut reversed = 0;
        for task in tasks {
            reversed += i32::from(task.await.expect("a task"));
        }
        assert_eq!(reversed, 1);
        assert_eq!(in_earnings(app, creator).await, Micros::units(20));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_line_in_an_unsent_file_cannot_be_reversed() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator", units(20)).await;
        let payout = request(app, creator).await;
        let batch = payout_batches::create(app, admin, Currency::EUR).await.expect("a batch").id;
        let refused = payouts::reverse(app, admin, payout, "Wrong").await.expect_err("in a file");
        assert_eq!(refused.code(), "state_moved");

        payout_batches::discard(app, admin, batch).await.expect("discarded");
        assert_eq!(state(app, creator).await, PayoutState::Requested);
        for refused in [
            payout_batches::hand_out(app, admin, batch).await.map(|_| ()),
            payout_batches::mark_sent(app, admin, batch).await,
            payout_batches::discard(app, admin, batch).await,
        ] {
            assert_eq!(refused.expect_err("discarded").code(), "state_moved");
        }
        let batch = payout_batches::create(app, admin, Currency::EUR).await.expect("a batch").id;
        payout_batches::hand_out(app, admin, batch).await.expect("a file");
        let refused = payout_batches::discard(app, admin, batch).await.expect_err("handed out");
        assert_eq!(refused.code(), "state_moved");
        payout_batches::mark_sent(app, admin, batch).await.expect("sent");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_large_file_needs_two_administrators() {
    for instance in engines().await {
        let app = &instance.app;
        let (maker, other) = (an_admin(app, "boss").await, an_admin(app, "second").await);
        a_creator(app, "creator", euros(1_000_010_000)).await;
        let creator = a_creator(app, "rich", units(1_000)).await;
        request(app, creator).await;
        let small = payout_batches::create(app, maker, Currency::EUR).await.expect("a batch").id;
        payout_batches::hand_out(app, maker, small).await.expect("at the limit one is enough");

        fill_earnings(app, creator, euros(1_000_010_000)).await;
        request(app, creator).await;
        let large = payout_batches::create(app, maker, Currency::EUR).await.expect("a batch").id;
        for refused in [
            payout_batches::hand_out(app, maker, large).await.map(|_| ()),
            payout_batches::hand_out(app, other, large).await.map(|_| ()),
            payout_batches::approve(app, maker, large).await,
        ] {
            assert_eq!(refused.expect_err("one").code(), "second_admin_needed");
        }
        let refused = payout_batches::mark_sent(app, maker, large).await.expect_err("one");
        assert_eq!(refused.code(), "state_moved");
        assert!(payout_batches::approve(app, Actor::CommandLine, large).await.is_err());
        payout_batches::approve(app, other, large).await.expect("approved");
        payout_batches::hand_out(app, maker, large).await.expect("a file");
        payout_batches::mark_sent(app, maker, large).await.expect("sent");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_cannot_be_paid_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let poor = a_creator(app, "poor", euros(9_999_999)).await;
        let refused = payouts::request(app, poor, &key(app), Currency::EUR).await;
        assert_eq!(refused.expect_err("too small").code(), "payout_too_small");
        let dollars = Currency::iso("USD").expect("a currency");
        let refused = payouts::request(app, poor, &key(app), dollars).await;
        assert_eq!(refused.expect_err("no SEPA").code(), "payout_currency");
        let admin = an_admin(app, "boss").await;
        let refused = payout_batches::create(app, admin, Currency::EUR).await.expect_err("empty");
        assert_eq!(refused.code(), "nothing_to_pay");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_fifty_times_at_once_is_one_payout() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = a_creator(app, "creator", units(20)).await;
        let key = IdempotencyKey::new("once", b"request").expect("a key");
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let (app, key) = (app.clone(), key.clone());
            tasks.push(tokio::spawn(async move {
                let asked = payouts::request(&app, creator, &key, Currency::EUR).await;
                asked.expect("an answer").value
            }));
        }
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.expect("a task"));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(in_transit(app).await, Micros::units(20));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn who_is_no_administrator_moves_nothing() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = a_creator(app, "creator", units(20)).await;
        let payout = request(app, creator).await;
        let other = Actor::Page(creator);
        let refused = payout_batches::create(app, other, Currency::EUR).await.map(|_| ());
        assert!(matches!(refused, Err(Error::Forbidden)));
        let refused = payouts::reverse(app, other, payout, "Mine").await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn a_breach_holds_the_file() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator", units(20)).await;
        request(app, creator).await;
        let batch = payout_batches::create(app, admin, Currency::EUR).await.expect("a batch").id;
        let held = app.store().write((), |tx, ()| {
            Box::pin(async move { Ok::<_, Error>(settings::set(tx, "held", "L3").await?) })
        });
        held.await.expect("held");
        let refused = payout_batches::hand_out(app, admin, batch).await.expect_err("held");
        assert_eq!(refused.code(), "held");
        let refused = payout_batches::create(app, admin, Currency::EUR).await.expect_err("held");
        assert_eq!(refused.code(), "held");
    }
}
