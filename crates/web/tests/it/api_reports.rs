//! Reports by the API, and what waits because of signals and disputes (product.md section 6,
//! security.md C6, X5).

use obole_app::testing::{account, engines, own};
use obole_store::db::sql;
use serde_json::json;

use crate::api_client::{Answer, Client};

/// Reports without a key: what waits is reported once anyway.
async fn report(who: &Client, path: &str, why: &str, words: &str) -> Answer {
    who.post(path, "", json!({ "why": why, "words": words })).await
}

#[tokio::test]
async fn a_work_and_an_account_are_reported_once_each() {
    for instance in engines().await {
        let app = &instance.app;
        let (eve, eve_id) = Client::new(app, "eve").await;
        let bob = account(app, "bob").await;
        let work = own(app, bob, "https://bob.example/song").await;
        let mine = own(app, eve_id, "https://eve.example/song").await;
        let path = format!("/works/{work}/reports");
        let (own_path, bobs) = (format!("/works/{mine}/reports"), "/profiles/bob/reports");
        assert_eq!(report(&eve, &path, "poses", "It is a copy.").await.status, 204);
        for (path, why, words, (status, code)) in [
            (&*path, "poses", "It is a copy.", (422, "report_open")),
            (&own_path, "poses", "It is a copy.", (422, "report_own")),
            (bobs, "poses", " ", (422, "missing")),
            (bobs, "looks_like", "It looks like it.", (400, "wrong_type")),
            ("/profiles/nobody/reports", "poses", "It is a copy.", (404, "not_found")),
        ] {
            report(&eve, path, why, words).await.assert_problem(status, code);
        }
        assert_eq!(report(&eve, bobs, "poses", "It is a copy.").await.status, 204);

        let reports = eve.get("/me/reports").await.ok(200);
        let items = reports["items"].as_array().expect("a list");
        assert_eq!(items.len(), 2);
        assert!(items.iter().all(|one| one["state"] == "waiting" && one["why"] == "poses"));
        assert!(items.iter().any(|one| one["handle"] == "bob" && one["work"].is_null()));
        assert!(items.iter().any(|one| one["handle"].is_null() && one["work"].is_string()));
        // Nobody reads what others reported.
        let (ada, _) = Client::new(app, "ada").await;
        assert_eq!(ada.get("/me/reports").await.ok(200)["items"], json!([]));
    }
}

#[tokio::test]
async fn what_waits_because_of_signals_is_told_to_its_payee() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, zoe_id) = Client::new(app, "zoe").await;
        assert_eq!(zoe.get("/me/earnings/waiting").await.ok(200)["items"], json!([]));
        let held = app.store().write((), move |tx, ()| {
            Box::pin(async move {
                let insert = sql(
                    "
                    insert into signal_holds (id, period, payee, currency, amount_micros, signals,
                        state, held_at, ends_at, answer)
                    values ($1, 24310, $2, 'EUR/2', 1500000, 'circle means', 'held', 1, 2, 'Mine')",
                );
                let insert = insert.bind(uuid::Uuid::from_u128(7)).bind(zoe_id);
                Ok::<_, obole_app::Error>(insert.execute(tx).await?)
            })
        });
        held.await.expect("held");
        let waiting = zoe.get("/me/earnings/waiting").await.ok(200);
        let one = &waiting["items"][0];
        assert_eq!((&one["handle"], &one["state"]), (&json!("zoe"), &json!("held")));
        assert_eq!(one["amount"], json!({ "amount": "1.50", "currency": "EUR" }));
        assert_eq!(one["answer"], "Mine");
        assert_eq!(one["signals"].as_array().expect("a list").len(), 2);
        let (ada, _) = Client::new(app, "ada").await;
        assert_eq!(ada.get("/me/earnings/waiting").await.ok(200)["items"], json!([]));
        assert_eq!(ada.get("/me/disputes").await.ok(200)["items"], json!([]));
    }
}
