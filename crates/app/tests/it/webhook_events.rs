//! What endpoints are told: written with what it tells of or not at all, of no patron, once.

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::oauth::{self, Allowed, Exchange, NewClient};
use obole_app::testing::{Instance, account, engines, key, own, sqlite_with};
use obole_app::webhooks::{self, Changes, NewWebhook};
use obole_app::{App, budgets, payout_batches, payouts, settle};
use obole_domain::click::Way;
use obole_domain::client::{ClientId, ClientKind, Redirect};
use obole_domain::grant::GrantId;
use obole_domain::payout::PayoutId;
use obole_domain::pkce::Challenge;
use obole_domain::token::Scope;
use obole_domain::webhook::EventKind;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, WebhookId, WorkId};
use obole_gateway::sepa::Iban;
use obole_store::webhook_deliveries::DeliveryRow;
use serde_json::{Value, json};

use crate::support::{an_admin, assert_books_balance, fill_earnings, fill_wallet, units};

async fn endpoint(app: &App, owner: AccountId, kinds: &[EventKind]) -> WebhookId {
    let new = NewWebhook { url: "https://hooks.example/".to_owned(), kinds: kinds.to_vec() };
    webhooks::create(app, Actor::Page(owner), new).await.expect("an endpoint").0
}

async fn log(app: &App, of: (AccountId, WebhookId)) -> Vec<DeliveryRow> {
    let mut log = webhooks::log(app, of, None, 100).await.expect("the log");
    log.reverse();
    log
}

/// What was told, the first first.
async fn told(app: &App, of: (AccountId, WebhookId)) -> Vec<(String, Value)> {
    let rows = log(app, of).await.into_iter();
    let told = rows.map(|row| {
        let body: Value = serde_json::from_str(&row.body).expect("JSON");
        assert_eq!(body["type"], row.kind);
        assert_eq!(body["timestamp"], row.created_at.to_string());
        assert_eq!(body.as_object().expect("an object").len(), 3);
        (row.kind, body["data"].clone())
    });
    told.collect()
}

async fn give(app: &App, patron: AccountId, work: WorkId) {
    let give = Give {
        target: Target::Work(work),
        title: String::new(),
        points: 1,
        note: None,
        way: Way::Page,
    };
    clicks::give(app, patron, &key(app), give).await.expect("given");
}

fn a_grant(url: &str, handle: &str) -> Grant {
    let url = CanonicalUrl::parse(url).expect("an address");
    let handle = Handle::parse(handle).expect("a handle");
    Grant { target: Target::Url(url), handle, reason: "Met in person".to_owned() }
}

#[tokio::test]
async fn claims_are_told_to_who_has_them() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, yann) = (account(app, "zoe").await, account(app, "yann").await);
        let of_zoe = (zoe, endpoint(app, zoe, &EventKind::ALL).await);
        let of_yann = (yann, endpoint(app, yann, &EventKind::ALL).await);
        let url = "https://music.example/song";
        let granted = claims::grant(app, admin, a_grant(url, "zoe")).await.expect("granted");
        // What is refused is not told.
        claims::grant(app, admin, a_grant(url, "yann")).await.expect_err("owned");
        instance.at("2026-01-15T12:00:01Z");
        claims::revoke(app, admin, granted.work, "Asked for it").await.expect("revoked");
        let data = json!({
            "claim": granted.claim.to_string(),
            "work": granted.work.to_string(),
            "url": url,
        });
        let expected = ["claim.granted", "claim.ended"].map(|kind| (kind.to_owned(), data.clone()));
        assert_eq!(told(app, of_zoe).await, expected);
        assert_eq!(told(app, of_yann).await, []);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn payouts_are_told_at_each_step() {
    for instance in engines().await {
        let app = &instance.app;
        let (one, two) = (an_admin(app, "boss").await, an_admin(app, "other").await);
        let creator = account(app, "creator").await;
        let of = (creator, endpoint(app, creator, &EventKind::ALL).await);
        fill_earnings(app, creator, units(20)).await;
        let iban = Iban::parse("FR14 2004 1010 0505 0001 3M02 606").expect("an IBAN");
        let new = NewBankAccount { holder: "Zoe".to_owned(), iban };
        bank_accounts::set(app, creator, new).await.expect("a bank account");
        let asked = payouts::request(app, creator, &key(app), Currency::EUR).await.expect("asked");
        payouts::request(app, creator, &key(app), Currency::EUR).await.expect_err("nothing left");
        let batch = payout_batches::create(app, one, Currency::EUR).await.expect("a batch").id;
        let _ = payout_batches::approve(app, two, batch).await;
        instance.at("2026-01-15T12:00:01Z");
        payout_batches::hand_out(app, one, batch).await.expect("handed out");
        payout_batches::mark_sent(app, one, batch).await.expect("sent");
        payout_batches::mark_sent(app, one, batch).await.expect("sent before");
        instance.at("2026-01-15T12:00:02Z");
        let payout = PayoutId::new(asked.value.payout);
        payouts::reverse(app, one, payout, "Account closed").await.expect("reversed");
        let data = json!({
            "payout": payout.to_string(),
            "money": {"amount": "20.00", "currency": "EUR"},
        });
        let kinds = ["payout.requested", "payout.sent", "payout.reversed"];
        assert_eq!(told(app, of).await, kinds.map(|kind| (kind.to_owned(), data.clone())));
        assert_books_balance(&instance).await;
    }
}

const VERIFIER: &str = "a-verifier-of-forty-three-letters-or-more-0123456789";
const CALLBACK: &str = "https://songs.example/callback";

/// Somebody allows an app something, and the app gets its tokens for it; the code and the grant.
async fn allow(app: &App, patron: AccountId, client: ClientId) -> (Exchange, GrantId) {
    let allowed = Allowed {
        client,
        scopes: vec![Scope::Click],
        redirect: CALLBACK.to_owned(),
        is_redirect_named: false,
        challenge: Some(Challenge::of(VERIFIER)),
    };
    let code = oauth::allow(app, patron, allowed).await.expect("allowed");
    let client = oauth::find(app, client).await.expect("read").expect("registered");
    let verifier = Some(VERIFIER.to_owned());
    let exchange = Exchange { client, code, redirect: None, verifier };
    let tokens = oauth::exchange(app, exchange.clone()).await.expect("answered");
    (exchange, tokens.unwrap_or_else(|denied| panic!("{denied:?}")).grant)
}

#[tokio::test]
async fn the_end_of_a_grant_is_told_to_who_made_the_app_and_not_whose_it_was() {
    for instance in engines().await {
        let app = &instance.app;
        let (maker, ada) = (account(app, "maker").await, account(app, "ada").await);
        let of = (maker, endpoint(app, maker, &EventKind::ALL).await);
        let kind = ClientKind::Public;
        let redirects = vec![Redirect::parse(CALLBACK, kind).expect("an address")];
        let new = NewClient { name: "Songs".to_owned(), site: String::new(), kind, redirects };
        let (client, _) = oauth::register(app, maker, new).await.expect("registered");
        let (_, first) = allow(app, ada, client).await;
        oauth::revoke(app, ada, client).await.expect("revoked");
        oauth::revoke(app, ada, client).await.expect_err("gone already");
        instance.at("2026-01-15T12:00:01Z");
        let (exchange, second) = allow(app, ada, client).await;
        let again = oauth::exchange(app, exchange.clone()).await.expect("answered");
        assert!(again.is_err(), "a code comes once");
        let again = oauth::exchange(app, exchange).await.expect("answered");
        assert!(again.is_err(), "and what came of it ends once");
        let data = |grant: GrantId| json!({"app": client.to_string(), "grant": grant.to_string()});
        let told = told(app, of).await;
        let expected = [first, second].map(|grant| ("grant.revoked".to_owned(), data(grant)));
        assert_eq!(told, expected);
        assert!(!told.iter().any(|(_, data)| data.to_string().contains(&ada.to_string())));
    }
}

/// A month with two patrons of a creator's works.
async fn live(instance: &Instance) -> (AccountId, [AccountId; 2]) {
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let song = own(app, creator, "https://music.example/song").await;
    let album = own(app, creator, "https://music.example/album").await;
    let patrons = [account(app, "paula").await, account(app, "paul").await];
    for patron in patrons {
        fill_wallet(app, patron, units(10)).await;
        budgets::set(app, patron, units(5)).await.expect("a budget");
        give(app, patron, song).await;
    }
    give(app, patrons[0], album).await;
    (creator, patrons)
}

#[tokio::test]
async fn a_settlement_is_told_with_what_it_credited_and_to_everybody_when_it_is_done() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, patrons) = live(&instance).await;
        let of = (creator, endpoint(app, creator, &EventKind::ALL).await);
        let finished = [EventKind::SettlementFinished];
        let of_patron = (patrons[0], endpoint(app, patrons[0], &finished).await);
        // One that wants other things, and one that is off, are told nothing.
        let of_other = (creator, endpoint(app, creator, &[EventKind::ClaimGranted]).await);
        let of_off = (creator, endpoint(app, creator, &EventKind::ALL).await);
        let off = Changes { is_on: Some(false), ..Changes::default() };
        webhooks::change(app, Actor::Page(creator), of_off.1, off).await.expect("off");
        instance.at("2026-02-01T00:00:00Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled before");
        let mut all = told(app, of).await;
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let money = |amount: &str| json!({"amount": amount, "currency": "EUR"});
        let done = ("settlement.finished".to_owned(), json!({"period": "2026-01"}));
        let share = json!({
            "period": "2026-01",
            "received": [{"gross": money("10.00"), "fee": money("1.00"), "net": money("9.00")}],
        });
        assert_eq!(all, [done.clone(), ("settlement.share".to_owned(), share)]);
        assert_eq!(told(app, of_patron).await, [done]);
        assert_eq!((told(app, of_other).await, told(app, of_off).await), (vec![], vec![]));
        assert_lack_patrons(app, of, &patrons).await;
        assert_books_balance(&instance).await;
    }
}

/// P3: nobody who gives is told of.
async fn assert_lack_patrons(app: &App, of: (AccountId, WebhookId), patrons: &[AccountId]) {
    for row in log(app, of).await {
        for patron in patrons {
            assert!(!row.body.contains(&patron.to_string()), "{}", row.body);
        }
        assert!(!row.body.contains("paul"), "{}", row.body);
    }
}

#[tokio::test]
async fn a_day_is_told_when_it_is_over_once_and_without_small_counts() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, patrons) = live(&instance).await;
        let of = (creator, endpoint(app, creator, &EventKind::ALL).await);
        let lonely = account(app, "lonely").await;
        let of_lonely = (lonely, endpoint(app, lonely, &EventKind::ALL).await);
        webhooks::tell_days(app).await.expect("told");
        instance.at("2026-01-15T23:59:59Z");
        webhooks::tell_days(app).await.expect("told");
        assert_eq!(told(app, of).await, [], "the day is not over");
        instance.at("2026-01-16T00:00:00Z");
        webhooks::tell_days(app).await.expect("told");
        webhooks::tell_days(app).await.expect("told before");
        let support = |day: &str, patrons: Value| {
            ("support.received".to_owned(), json!({"day": day, "patrons": patrons}))
        };
        assert_eq!(told(app, of).await, [support("2026-01-15", Value::Null)]);
        assert_eq!(told(app, of_lonely).await, []);

        // Seven patrons are five at least.
        let song = own(app, creator, "https://music.example/song").await;
        for number in 0..7 {
            let patron = account(app, &format!("fan{number}")).await;
            give(app, patron, song).await;
        }
        // The instance stood still for a day.
        instance.at("2026-01-18T09:00:00Z");
        webhooks::tell_days(app).await.expect("told");
        let expected = [support("2026-01-15", Value::Null), support("2026-01-16", json!(5))];
        assert_eq!(told(app, of).await, expected);
        assert_lack_patrons(app, of, &patrons).await;
    }
}

#[tokio::test]
async fn where_counters_are_off_a_day_has_no_count() {
    let instance = sqlite_with(|config| config.instance.public_counters = false).await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let song = own(app, creator, "https://music.example/song").await;
    let of = (creator, endpoint(app, creator, &EventKind::ALL).await);
    for number in 0..7 {
        let patron = account(app, &format!("fan{number}")).await;
        give(app, patron, song).await;
    }
    instance.at("2026-01-16T00:00:00Z");
    webhooks::tell_days(app).await.expect("told");
    assert_eq!(told(app, of).await[0].1, json!({"day": "2026-01-15", "patrons": null}));
}

#[tokio::test]
async fn one_fact_has_one_id_whenever_it_is_written() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, _) = live(&instance).await;
        let first = (creator, endpoint(app, creator, &[EventKind::SupportReceived]).await);
        instance.at("2026-01-16T00:00:00Z");
        webhooks::tell_days(app).await.expect("told");
        let before = log(app, first).await[0].event;
        // As after a restore: the row is gone, and the day is told once more.
        webhooks::delete(app, Actor::Page(creator), first.1).await.expect("deleted");
        let second = (creator, endpoint(app, creator, &[EventKind::SupportReceived]).await);
        let forgotten = app.store().write((), |tx, ()| {
            Box::pin(async move {
                obole_store::settings::take(tx, "webhooks.day").await?;
                obole_store::webhook_deliveries::forget(tx, jiff::Timestamp::MAX).await?;
                Ok::<_, obole_app::Error>(())
            })
        });
        forgotten.await.expect("forgotten");
        instance.at("2026-01-16T08:00:00Z");
        webhooks::tell_days(app).await.expect("told");
        let after = log(app, second).await[0].event;
        assert_eq!(before, after);
    }
}
