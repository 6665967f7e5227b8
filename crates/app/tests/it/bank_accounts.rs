//! Bank accounts: only with a confirmed mail address, and a changed one rests.

use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::testing::key;
use obole_app::testing::{account, engines};
use obole_app::{App, payouts};
use obole_domain::{AccountId, Currency, Micros};
use obole_gateway::sepa::Iban;
use obole_store::bank_accounts as rows;

use crate::support::{an_unconfirmed_account, fill_earnings, mails_to, units};

const FIRST: &str = "FR14 2004 1010 0505 0001 3M02 606";
const SECOND: &str = "BE68 5390 0754 7034";

fn bank_account(iban: &str) -> NewBankAccount {
    let iban = Iban::parse(iban).expect("an IBAN");
    NewBankAccount { holder: "Zoé Février".to_owned(), iban }
}

async fn stored(app: &App, account: AccountId) -> rows::BankAccountRow {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(rows::find(read, account).await?) }));
    found.await.expect("read").expect("a bank account")
}

#[tokio::test]
async fn a_changed_bank_account_rests_three_days() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        fill_earnings(app, creator, units(50)).await;
        let request = || async { payouts::request(app, creator, &key(app), Currency::EUR).await };
        assert_eq!(request().await.expect_err("none").code(), "bank_account_missing");
        bank_accounts::set(app, creator, bank_account(FIRST)).await.expect("set");
        assert_eq!(bank_accounts::rest_hours(&stored(app, creator).await, app.now()), None);
        bank_accounts::set(app, creator, bank_account(FIRST)).await.expect("the same again");
        assert_eq!(bank_accounts::rest_hours(&stored(app, creator).await, app.now()), None);

        bank_accounts::set(app, creator, bank_account(SECOND)).await.expect("changed");
        let row = stored(app, creator).await;
        assert_eq!(row.iban_last4, "7034");
        assert_eq!(mails_to(app, creator).await, ["bank-changed"]);
        assert!(!row.iban_sealed.windows(4).any(|part| part == b"7034"));
        assert_eq!(bank_accounts::rest_hours(&row, app.now()), Some(72));
        assert_eq!(request().await.expect_err("rests").code(), "bank_account_resting");
        instance.at("2026-01-18T11:59:59Z");
        bank_accounts::set(app, creator, bank_account(SECOND)).await.expect("the same again");
        assert_eq!(request().await.expect_err("rests").code(), "bank_account_resting");
        instance.at("2026-01-18T12:00:00Z");
        request().await.expect("asked");
    }
}

#[tokio::test]
async fn who_is_not_known_cannot_be_paid() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = an_unconfirmed_account(app, "creator").await;
        let refused = bank_accounts::set(app, creator, bank_account(FIRST)).await;
        assert_eq!(refused.expect_err("unconfirmed").code(), "email_unconfirmed");
        let creator = account(app, "other").await;
        for holder in ["", " ", "山田"] {
            let new = NewBankAccount { holder: holder.to_owned(), ..bank_account(FIRST) };
            let refused = bank_accounts::set(app, creator, new).await.expect_err("nameless");
            assert_eq!(refused.code(), "holder_malformed", "{holder}");
        }
    }
}

#[tokio::test]
async fn a_threshold_is_at_least_the_instances() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        fill_earnings(app, creator, units(50)).await;
        bank_accounts::set(app, creator, bank_account(FIRST)).await.expect("set");
        let refused = bank_accounts::set_threshold(app, creator, Micros::new(9_999_999)).await;
        assert_eq!(refused.expect_err("too small").code(), "threshold_too_small");
        bank_accounts::set_threshold(app, creator, Micros::units(51)).await.expect("set");
        let refused = payouts::request(app, creator, &key(app), Currency::EUR).await;
        assert_eq!(refused.expect_err("under").code(), "payout_too_small");
        bank_accounts::set_threshold(app, creator, Micros::units(50)).await.expect("set");
        payouts::request(app, creator, &key(app), Currency::EUR).await.expect("asked");
    }
}
