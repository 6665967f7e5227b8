//! Money through the API: promises, earnings, payouts, what moved. A token moves none out (O3).

use std::collections::HashSet;

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, Iban};
use obole_app::testing::{engines, fund, own, sqlite, sqlite_with};
use obole_app::{budgets, settle};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::api_client::{Answer, Client, brief, euros};
use crate::browser::Browser;
use crate::creator::{ask_for_payout, earn};

#[tokio::test]
async fn a_promise_is_listed_and_let_go_of_once() {
    for instance in engines().await {
        let (ada, patron) = Client::new(&instance.app, "ada").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        fund(&instance.app, patron, euros(10)).await;
        budgets::set(&instance.app, patron, euros(6)).await.expect("set");
        ada.click("https://example.org/one").await.ok(201);
        ada.click("https://example.org/two").await.ok(201);
        instance.at("2026-02-02T12:00:00Z");
        settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
        let list = ada.get("/me/promises?limit=1").await;
        let next = list.text("next").to_owned();
        assert_eq!(list.body["items"].as_array().expect("items").len(), 1);
        let rest = ada.get(&format!("/me/promises?limit=1&after={next}")).await;
        assert_eq!(
            (rest.body["next"].clone(), rest.body["items"].as_array().unwrap().len()),
            (Value::Null, 1)
        );
        assert_ne!(rest.body["items"][0]["url"], list.body["items"][0]["url"]);
        let work = list.body["items"][0]["work"].as_str().expect("an id").to_owned();
        assert_eq!(brief(list.body["items"][0]["amount"].clone()), "3.00 EUR");
        let path = format!("/me/promises/2026-01/{work}");
        bob.delete(&path).await.assert_problem(404, "not_found");
        assert_eq!(brief(ada.delete(&path).await.ok(200)["items"].clone()), json!(["3.00 EUR"]));
        for path in [path.as_str(), "/me/promises/2026-13/x", "/me/promises/2026-01/x"] {
            ada.delete(path).await.assert_problem(404, "not_found");
        }
        ada.get("/me/promises?after=ffffffff").await.assert_problem(422, "cursor_foreign");
        assert_eq!(ada.get("/me/wallets").await.body["items"][0]["held"]["amount"], "3.00");
    }
}

#[tokio::test]
async fn earnings_move_to_the_wallet_and_back_once() {
    for instance in engines().await {
        let (bob, creator) = Client::new(&instance.app, "bob").await;
        earn(&instance.app, creator, 9).await;
        let held = bob.get("/me/earnings").await.ok(200)["items"][0].clone();
        assert_eq!(brief(held["available"].clone()), "9.00 EUR");
        let some = json!({ "amount": "4.00", "currency": "EUR" });
        let tries: JoinSet<Answer> = (0..50)
            .map(|_| {
                let (bob, some) = (bob.clone(), some.clone());
                async move { bob.post("/me/earnings/move", "once", some).await }
            })
            .collect();
        let answers: Vec<Answer> = tries.join_all().await;
        let bodies: HashSet<String> =
            answers.iter().map(|answer| brief(answer.ok(200)).to_string()).collect();
        assert_eq!(bodies.into_iter().collect::<Vec<_>>(), ["\"4.00 EUR\""]);
        let replayed =
            answers.iter().filter(|answer| answer.header("idempotent-replayed") == "true");
        assert_eq!(replayed.count(), 49);
        for (key, body, status, code) in [
            ("2", json!({ "amount": "5.01", "currency": "EUR" }), 422, "not_enough"),
            ("3", json!({ "amount": "0", "currency": "EUR" }), 422, "amount_zero"),
            ("4", json!({ "amount": "1", "currency": "XXX" }), 422, "currency_unknown"),
            ("5", json!({ "amount": "1.001", "currency": "EUR" }), 422, "amount_too_fine"),
            ("6", json!({ "amount": "1" }), 400, "field_missing"),
            ("once", json!({ "amount": "3.00", "currency": "EUR" }), 422, "idempotency_key_reused"),
        ] {
            bob.post("/me/earnings/move", key, body).await.assert_problem(status, code);
        }
        let back = json!({ "currency": "EUR" });
        let back = bob.post("/me/earnings/return", "b", back).await;
        assert_eq!(brief(back.ok(200)), "4.00 EUR");
        let back = bob.post("/me/earnings/return", "c", json!({ "currency": "EUR" })).await;
        back.assert_problem(422, "nothing_to_return");
        let moved = bob.get("/me/movements?of=earnings&limit=2").await;
        let reasons: Vec<&str> = moved.body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["reason"].as_str().unwrap())
            .collect();
        assert_eq!(reasons, ["earnings-returned", "earnings-moved"]);
        assert!(moved.header("link").contains("of=earnings"), "{}", moved.header("link"));
        assert_eq!(bob.get("/me/movements").await.body["items"].as_array().unwrap().len(), 2);
        bob.get("/me/movements?of=pool").await.assert_problem(400, "choice_unknown");
    }
}

#[tokio::test]
async fn play_money_is_for_instances_that_have_it() {
    let some = || json!({ "amount": "20.00", "currency": "EUR" });
    let instance = sqlite_with(|config| config.instance.play_money = false).await;
    let (ada, _) = Client::new(&instance.app, "ada").await;
    ada.post("/me/play-money", "1", some()).await.assert_problem(422, "play_money_off");
    let instance = sqlite().await;
    let (ada, _) = Client::new(&instance.app, "ada").await;
    assert_eq!(brief(ada.post("/me/play-money", "1", some()).await.ok(200)), "20.00 EUR");
    let much = json!({ "amount": "9000.00", "currency": "EUR" });
    ada.post("/me/play-money", "2", much).await.assert_problem(422, "play_money_limit");
}

#[tokio::test]
async fn payouts_are_read_and_never_asked_for() {
    for instance in engines().await {
        let (mut browser, creator) = Browser::signed_in(&instance.app, "zoe").await;
        earn(&instance.app, creator, 25).await;
        let zoe = Client::of(&instance.app, creator, "wallet settings").await;
        let (bob, _) = Client::new(&instance.app, "bob").await;
        let before = zoe.get("/me/payee").await.ok(200);
        assert_eq!(before["payable_problem"], "bank_account_missing");
        ask_for_payout(&mut browser).await;
        let list = zoe.get("/me/payouts").await;
        let payout = list.body["items"][0].clone();
        assert_eq!(
            (brief(payout["amount"].clone()), payout["state"].clone()),
            (json!("25.00 EUR"), json!("requested"))
        );
        assert!(!list.body.to_string().contains("FR14"), "no whole IBAN: {}", list.body);
        let path = format!("/me/payouts/{}", payout["id"].as_str().unwrap());
        assert_eq!(zoe.get(&path).await.body, payout);
        bob.get(&path).await.assert_problem(404, "not_found");
        zoe.get("/me/payouts/x").await.assert_problem(404, "not_found");
        let asked = zoe.post("/me/payouts", "k", json!({ "currency": "EUR" })).await;
        assert_eq!(asked.status.as_u16(), 405);
        assert_eq!(zoe.get("/me/payouts").await.body["items"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_payee_sets_threshold_and_currencies() {
    for instance in engines().await {
        let (bob, creator) = Client::new(&instance.app, "bob").await;
        own(&instance.app, creator, "https://bob.example/").await;
        let set = bob.patch("/me/payee", json!({ "threshold": "30.00", "currencies": [] })).await;
        let payee = brief(set.ok(200));
        assert_eq!(payee["threshold"], "30.00 EUR");
        assert_eq!(payee["currencies"], json!([]));
        let iban = Iban::parse("FR7630006000011234567890189").expect("an IBAN");
        let new = bank_accounts::NewBankAccount { holder: "Bob".to_owned(), iban };
        bank_accounts::set(&instance.app, creator, new).await.expect("set");
        earn(&instance.app, creator, 29).await;
        let payee = bob.get("/me/payee").await.ok(200);
        assert_eq!(payee["payable_problem"], "payout_too_small");
        assert_eq!(payee["bank"]["iban_last4"], "0189");
        earn(&instance.app, creator, 1).await;
        let payee = brief(bob.get("/me/payee").await.ok(200));
        assert_eq!(
            (&payee["payable"], &payee["payable_problem"]),
            (&json!("30.00 EUR"), &Value::Null)
        );
        for (body, status, code, field) in [
            (json!({ "threshold": "1.00" }), 422, "threshold_too_small", "threshold"),
            (json!({ "threshold": "x" }), 422, "amount_malformed", "threshold"),
            (json!({ "currencies": ["XXX"] }), 422, "currency_unknown", "currencies"),
            (json!({ "iban": "FR76" }), 400, "field_unknown", "iban"),
        ] {
            let answer = bob.patch("/me/payee", body).await;
            answer.assert_problem(status, code);
            assert_eq!(answer.body["errors"][0]["field"], field);
        }
        let all = bob.patch("/me/payee", json!({ "currencies": ["EUR"] })).await.ok(200);
        assert_eq!(all["currencies"], json!(["EUR"]));
    }
}
