//! Refunds: unspent money goes back once, and never more than there is.

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::refunds::{self, RefundRequest};
use obole_app::testing::{Instance, account, engines, key, own};
use obole_app::{App, Error, budgets, settle, wallets};
use obole_domain::click::Way;
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, CanonicalUrl, Currency, Micros, Money};
use obole_store::refunds as rows;

use crate::support::{
    an_admin, an_unconfirmed_account, assert_books_balance, euros, fill_earnings, fill_wallet,
    in_earnings, in_transit, in_wallet, mails_to, units,
};

fn a_request(amount: Money) -> RefundRequest {
    RefundRequest { amount, note: "To the account that my transfer came from".to_owned() }
}

async fn request(app: &App, patron: AccountId, amount: Money) -> obole_app::Result<RefundId> {
    let asked = refunds::request(app, patron, &key(app), a_request(amount)).await?;
    Ok(RefundId::new(asked.value.refund))
}

async fn state(app: &App, id: RefundId) -> RefundState {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(rows::find(read, id).await?) }));
    found.await.expect("read").expect("a refund").state
}

#[tokio::test]
async fn unspent_money_goes_back_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(20)).await;
        let id = request(app, patron, units(15)).await.expect("asked");
        assert_eq!(in_wallet(app, patron).await, Micros::units(5));
        assert_eq!(in_transit(app).await, Micros::units(15));
        refunds::execute(app, admin, id, "By hand").await.expect("executed");
        for again in [
            refunds::execute(app, admin, id, "By hand").await,
            refunds::decline(app, admin, id, "No").await,
        ] {
            assert_eq!(again.expect_err("ended").code(), "state_moved");
        }
        assert_eq!(state(app, id).await, RefundState::Executed);
        assert_eq!(in_transit(app).await, Micros::ZERO);
        let lines = app.journal().read_all().await.expect("lines");
        assert!(lines.len() == 2 && lines[1].contains(&id.to_string()), "{lines:?}");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_declined_refund_is_in_the_wallet_again() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(20)).await;
        let id = request(app, patron, units(15)).await.expect("asked");
        let refused = refunds::decline(app, admin, id, " ").await.expect_err("no reason");
        assert_eq!(refused.code(), "missing");
        refunds::decline(app, admin, id, "Please name the account").await.expect("declined");
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
        assert_eq!(state(app, id).await, RefundState::Declined);
        assert_eq!(mails_to(app, patron).await, ["refund-declined"]);
        let refused = refunds::execute(app, admin, id, "By hand").await.expect_err("declined");
        assert_eq!(refused.code(), "state_moved");
        assert_eq!(app.journal().read_all().await.expect("lines").len(), 1);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_cannot_go_back_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        fill_wallet(app, patron, units(20)).await;
        let cases = [
            (a_request(euros(20_010_000)), "not_enough"),
            (a_request(euros(1)), "amount_too_fine"),
            (a_request(euros(0)), "amount_zero"),
            (a_request(euros(-10_000)), "amount_zero"),
            (RefundRequest { amount: units(1), note: " ".to_owned() }, "missing"),
        ];
        for (request, code) in cases {
            let refused = refunds::request(app, patron, &key(app), request).await;
            assert_eq!(refused.expect_err("refused").code(), code);
        }
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refunds_at_once_leave_the_wallet_at_zero() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        fill_wallet(app, patron, units(20)).await;
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let app = app.clone();
            tasks.push(tokio::spawn(async move { request(&app, patron, units(1)).await }));
        }
        let mut passed = 0;
        for task in tasks {
            match task.await.expect("a task") {
                Ok(_) => passed += 1,
                Err(error) => assert_eq!(error.code(), "not_enough", "{error}"),
            }
        }
        assert_eq!(passed, 20);
        assert_eq!(in_wallet(app, patron).await, Micros::ZERO);
        assert_eq!(in_transit(app).await, Micros::units(20));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_refund_needs_a_confirmed_mail_address() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = an_unconfirmed_account(app, "patron").await;
        fill_wallet(app, patron, units(20)).await;
        let refused = request(app, patron, units(5)).await.expect_err("unconfirmed");
        assert_eq!(refused.code(), "email_unconfirmed");
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
    }
}

async fn move_earnings(app: &App, creator: AccountId, amount: Money) {
    fill_earnings(app, creator, amount).await;
    wallets::move_earnings(app, creator, &key(app), amount).await.expect("moved");
}

async fn return_earnings(app: &App, creator: AccountId) -> Result<Money, Error> {
    let returned = wallets::return_earnings(app, creator, &key(app), Currency::EUR).await?;
    Ok(returned.value.money())
}

/// Gives so much in a month and settles it. The month after is open then.
async fn give_away(instance: &Instance, patron: AccountId, amount: Money) {
    let app = &instance.app;
    budgets::set(app, patron, amount).await.expect("a budget");
    let url = CanonicalUrl::parse("https://music.example/song").expect("an address");
    let (target, title) = (Target::Url(url), String::new());
    let give = Give { target, title, points: 1, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.expect("a click");
    instance.at("2026-02-02T12:00:00Z");
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}

#[tokio::test]
async fn earnings_do_not_leave_as_a_refund() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        move_earnings(app, creator, units(25)).await;
        let refused = request(app, creator, units(1)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
        fill_wallet(app, creator, units(20)).await;
        let refused = request(app, creator, euros(20_010_000)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
        request(app, creator, units(20)).await.expect("from outside");
        let refused = request(app, creator, euros(10_000)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
        assert_eq!(return_earnings(app, creator).await.expect("returned"), units(25));
        assert_eq!(in_earnings(app, creator).await, Micros::units(25));
        assert_eq!(in_wallet(app, creator).await, Micros::ZERO);
        let refused = return_earnings(app, creator).await.expect_err("all is back");
        assert_eq!(refused.code(), "nothing_to_return");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn money_from_outside_does_not_become_earnings() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        fill_wallet(app, patron, units(20)).await;
        let refused = return_earnings(app, patron).await.expect_err("not earned");
        assert_eq!(refused.code(), "nothing_to_return");
        move_earnings(app, patron, units(3)).await;
        assert_eq!(return_earnings(app, patron).await.expect("returned"), units(3));
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
    }
}

/// Giving uses up what came from earnings first: what came from outside can all go back.
#[tokio::test]
async fn earnings_are_given_on_first() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, zoe) = (account(app, "patron").await, account(app, "zoe").await);
        own(app, zoe, "https://music.example/song").await;
        fill_wallet(app, patron, units(20)).await;
        move_earnings(app, patron, units(7)).await;
        give_away(&instance, patron, units(5)).await;
        assert_eq!(in_wallet(app, patron).await, Micros::units(22));
        let refused = request(app, patron, euros(20_010_000)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
        request(app, patron, units(20)).await.expect("from outside");
        assert_eq!(return_earnings(app, patron).await.expect("returned"), units(2));
        assert_books_balance(&instance).await;
    }
}

/// What came from outside and was given away is no licence to take earnings out later.
#[tokio::test]
async fn money_that_was_given_away_before_counts_no_more() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, zoe) = (account(app, "patron").await, account(app, "zoe").await);
        own(app, zoe, "https://music.example/song").await;
        fill_wallet(app, patron, units(20)).await;
        give_away(&instance, patron, units(20)).await;
        assert_eq!(in_wallet(app, patron).await, Micros::ZERO);
        move_earnings(app, patron, units(20)).await;
        let refused = request(app, patron, euros(10_000)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
        assert_eq!(return_earnings(app, patron).await.expect("returned"), units(20));
        assert_books_balance(&instance).await;
    }
}

/// A promise may be kept from either part, so both wait only as far as too little is free.
#[tokio::test]
async fn what_is_promised_cannot_leave() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        fill_wallet(app, patron, units(5)).await;
        move_earnings(app, patron, units(3)).await;
        give_away(&instance, patron, units(6)).await;
        assert_eq!(in_wallet(app, patron).await, Micros::units(2), "six are promised");
        let refused = request(app, patron, euros(2_010_000)).await.expect_err("too much");
        assert_eq!(refused.code(), "not_enough");
        assert_eq!(return_earnings(app, patron).await.expect("returned"), units(2));
        assert_eq!(request(app, patron, units(1)).await.expect_err("none").code(), "not_enough");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_declined_refund_can_be_asked_for_again() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(5)).await;
        move_earnings(app, patron, units(3)).await;
        for _ in 0..2 {
            let id = request(app, patron, units(5)).await.expect("from outside");
            refunds::decline(app, admin, id, "Not like this").await.expect("declined");
        }
        let refused = request(app, patron, units(6)).await.expect_err("earned");
        assert_eq!(refused.code(), "refund_of_earnings");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_leave_each_part_where_it_belongs() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        fill_wallet(app, patron, units(10)).await;
        move_earnings(app, patron, units(10)).await;
        let refunds = (0..50).map(|_| {
            let app = app.clone();
            tokio::spawn(async move { request(&app, patron, units(1)).await.is_ok() })
        });
        let returns = (0..50).map(|_| {
            let app = app.clone();
            tokio::spawn(async move { return_earnings(&app, patron).await.is_ok() })
        });
        let (refunds, returns): (Vec<_>, Vec<_>) = (refunds.collect(), returns.collect());
        let (mut refunded, mut returned) = (0, 0);
        for task in refunds {
            refunded += i32::from(task.await.expect("a task"));
        }
        for task in returns {
            returned += i32::from(task.await.expect("a task"));
        }
        assert_eq!((refunded, returned), (10, 1));
        assert_eq!(in_earnings(app, patron).await, Micros::units(10));
        assert_eq!(in_transit(app).await, Micros::units(10));
        assert_books_balance(&instance).await;
    }
}

/// The refunds in the outbound journal.
async fn journaled(app: &App) -> Vec<String> {
    let lines = app.journal().read_all().await.expect("lines").into_iter();
    lines.filter(|line| line.contains("\"kind\":\"refund\"")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_executions_at_once_are_one_line_and_one_entry() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(20)).await;
        let id = request(app, patron, units(15)).await.expect("asked");
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { refunds::execute(&app, admin, id, "By hand").await })
            })
            .collect();
        let mut passed = 0;
        for task in tasks {
            match task.await.expect("a task") {
                Ok(()) => passed += 1,
                Err(error) => assert_eq!(error.code(), "state_moved", "{error}"),
            }
        }
        assert_eq!((passed, journaled(app).await.len()), (1, 1));
        assert_eq!(in_transit(app).await, Micros::ZERO);
        assert_eq!(mails_to(app, patron).await, ["refund-executed"]);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_is_given_back_or_declined_never_both() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        for _ in 0..5 {
            fill_wallet(app, patron, units(1)).await;
            let id = request(app, patron, units(1)).await.expect("asked");
            let lines = journaled(app).await.len();
            let before = in_wallet(app, patron).await;
            let tasks: Vec<_> = (0..10)
                .map(|number| {
                    let app = app.clone();
                    tokio::spawn(async move {
                        if number % 2 == 0 {
                            refunds::execute(&app, admin, id, "By hand").await.map(|()| 1)
                        } else {
                            refunds::decline(&app, admin, id, "No").await.map(|()| 0)
                        }
                    })
                })
                .collect();
            let mut ended = Vec::new();
            for task in tasks {
                ended.extend(task.await.expect("a task").ok());
            }
            assert_eq!(ended.len(), 1, "one answer");
            assert_eq!(journaled(app).await.len() - lines, ended[0]);
            let came_back = in_wallet(app, patron).await > before;
            assert_eq!(came_back, ended[0] == 0);
        }
        assert_books_balance(&instance).await;
    }
}

/// Killed after it began, with or without the line: nobody can decline it, and whoever finishes it
/// a minute later writes the line unless it is there.
#[tokio::test]
async fn an_execution_that_was_cut_short_is_finished_later() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(20)).await;
        for (number, is_written) in [(1, false), (2, true)] {
            let id = request(app, patron, units(5)).await.expect("asked");
            let begun = app.now();
            let cut = app.store().write((), move |tx, ()| {
                Box::pin(
                    async move { Ok::<_, Error>(rows::set_begun(tx, id, begun, begun).await?) },
                )
            });
            assert!(cut.await.expect("begun"));
            if is_written {
                let line = format!("{{\"kind\":\"refund\",\"refund\":\"{id}\"}}");
                app.journal().append(&line).await.expect("a line");
            }
            for refused in [
                refunds::decline(app, admin, id, "No").await,
                refunds::execute(app, admin, id, "By hand").await,
            ] {
                assert_eq!(refused.expect_err("begun").code(), "state_moved");
            }
            app.clock().set(begun.checked_add(SignedDuration::from_secs(61)).expect("later"));
            let refused = refunds::decline(app, admin, id, "No").await;
            assert_eq!(refused.expect_err("the money may be gone").code(), "state_moved");
            refunds::execute(app, admin, id, "By hand").await.expect("finished");
            assert_eq!(journaled(app).await.len(), number);
        }
        assert_eq!(in_transit(app).await, Micros::ZERO);
        assert_books_balance(&instance).await;
    }
}

/// The journal could not be written: the refund waits as before, unless another call has it now.
#[tokio::test]
async fn what_did_not_reach_the_journal_waits_as_before() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, admin) = (account(app, "patron").await, an_admin(app, "boss").await);
        fill_wallet(app, patron, units(20)).await;
        let id = request(app, patron, units(5)).await.expect("asked");
        let begun = app.now();
        let later = begun.checked_add(SignedDuration::from_secs(61)).expect("later");
        let cut = app.store().write((), move |tx, ()| {
            Box::pin(async move {
                let is_begun = rows::set_begun(tx, id, begun, begun).await?;
                let is_foreign = rows::set_waiting(tx, id, later).await?;
                let is_released = rows::set_waiting(tx, id, begun).await?;
                Ok::<_, Error>((is_begun, is_foreign, is_released))
            })
        });
        assert_eq!(cut.await.expect("written"), (true, false, true));
        assert_eq!(state(app, id).await, RefundState::Requested);
        refunds::decline(app, admin, id, "Not now").await.expect("declined");
        assert_eq!(in_wallet(app, patron).await, Micros::units(20));
        assert!(journaled(app).await.is_empty());
        assert_books_balance(&instance).await;
    }
}
