//! Refunds: unspent money goes back once, and never more than there is.

use obole_app::App;
use obole_app::refunds::{self, RefundRequest};
use obole_app::testing::{account, engines, key};
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, Micros, Money};
use obole_store::refunds as rows;

use crate::support::{
    an_admin, assert_books_balance, euros, fill_wallet, in_transit, in_wallet, mails_to, units,
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
