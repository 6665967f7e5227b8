//! What the database itself keeps of the ledger, whoever writes: no posting without its entry and
//! its ledger account, and both stay what they are.

use obole_app::App;
use obole_app::testing::{account, engines, fund};
use obole_domain::{Currency, Micros, Money};
use obole_store::StoreError;
use obole_store::db::sql;

/// Each would leave postings alone.
const ORPHANS: [&str; 4] = [
    "insert into postings (owner, kind, currency, period, entry, amount_micros)
        select owner, kind, currency, period, entry + 1000, amount_micros from postings",
    "insert into postings (owner, kind, currency, period, entry, amount_micros)
        select owner, kind, 'XTS', period, entry, amount_micros from postings",
    "delete from ledger_accounts",
    "update ledger_accounts set period = period + 1",
];

async fn change(app: &App, text: &'static str) -> Result<u64, StoreError> {
    app.store().write((), move |tx, ()| Box::pin(async move { sql(text).execute(tx).await })).await
}

#[tokio::test]
async fn no_posting_is_without_its_entry_and_its_ledger_account() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        fund(app, ada, Money::new(Micros::units(10), Currency::EUR)).await;
        for text in ORPHANS {
            let refused = change(app, text).await;
            assert!(matches!(refused, Err(StoreError::Conflict(_))), "{text}: {refused:?}");
        }
        // What changes nothing of a name is not in the way.
        let same = "update ledger_accounts set held_micros = held_micros";
        assert!(change(app, same).await.expect("written") > 0);
    }
}
