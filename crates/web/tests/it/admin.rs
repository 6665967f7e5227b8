//! The administration of money as browsers meet it: vouchers, bank files, refunds, works, rules.

use axum::http::StatusCode;
use obole_app::App;
use obole_app::testing::{admin, engines, fund, sqlite};
use obole_domain::{Currency, Micros, Money};
use obole_store::works;

use crate::browser::{Answer, Browser};
use crate::creator::{ask_for_payout, earn};

/// A browser that is signed in to a new administrator.
async fn an_admin(app: &App, handle: &str) -> Browser {
    admin(app, handle).await;
    let mut browser = Browser::new(app);
    browser.sign_in(app, handle).await;
    browser
}

/// The address that a page links to under this beginning.
fn link(page: &Answer, beginning: &str) -> String {
    let mark = format!("href=\"{beginning}");
    let rest = page.body.split(&mark).nth(1).unwrap_or_else(|| panic!("no {mark}: {}", page.body));
    format!("{beginning}{}", rest.split('"').next().unwrap_or_default())
}

pub const PATHS: [&str; 9] = [
    "/admin",
    "/admin/vouchers",
    "/admin/payouts",
    "/admin/refunds",
    "/admin/works",
    "/admin/notes",
    "/admin/policy",
    "/admin/backups",
    "/admin/log",
];

#[tokio::test]
async fn the_administration_does_not_exist_for_others_and_speaks_both_languages() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut other, _) = Browser::signed_in(app, "ada").await;
    let mut boss = an_admin(app, "boss").await.speaking("fr");
    for path in PATHS {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        let page = boss.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("aria-current=\"page\">"), "{path}");
    }
}

#[tokio::test]
async fn codes_are_made_shown_once_redeemed_and_made_void() {
    for instance in engines().await {
        let app = &instance.app;
        let mut boss = an_admin(app, "boss").await;
        let page = boss.get("/admin/vouchers").await;
        let fields = [("amount", "20"), ("count", "3"), ("expires", "2026-12-31")];
        let made = boss.submit(&page, "/admin/vouchers", &fields).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        made.assert_has("€20.00");
        made.assert_has("Good until 31 December 2026");
        let codes: Vec<&str> = made.body.split("class=\"code\">").skip(1).collect();
        let code = codes[0].split('<').next().expect("a code").to_owned();
        assert_eq!(codes.len(), 3);
        let again = boss.submit(&page, "/admin/vouchers", &fields).await;
        let again = boss.follow(again).await;
        again.assert_has("cannot be shown again");
        assert!(!again.body.contains(&code));

        let (mut patron, _) = Browser::signed_in(app, "ada").await;
        let wallet = patron.get("/wallet").await;
        let redeemed = patron.submit(&wallet, "/wallet/voucher", &[("code", &code)]).await;
        patron.follow(redeemed).await.assert_has("€20.00 is in your wallet");

        let list = boss.get("/admin/vouchers").await;
        let batch = link(&list, "/admin/vouchers/");
        let page = boss.get(&batch).await;
        page.assert_has("Make all 2 open vouchers void");
        let void = boss.submit(&page, &format!("{batch}/void"), &[]).await;
        boss.follow(void).await.assert_has("2 vouchers are void now");
        boss.get("/admin/log").await.assert_has("voucher.void-batch");

        for (name, value, sentence) in [
            ("count", "0", "from 1 to 1,000"),
            ("amount", "x", "amount"),
            ("expires", "2020-01-01", "not a day to come"),
        ] {
            let mut fields = vec![("amount", "20"), ("count", "3"), ("expires", "")];
            fields.retain(|(other, _)| *other != name);
            fields.push((name, value));
            let page = boss.get("/admin/vouchers").await;
            let refused = boss.submit(&page, "/admin/vouchers", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert!(refused.body.contains("class=\"error\""), "{name} {sentence}");
        }
    }
}

#[tokio::test]
async fn a_large_bank_file_needs_two_administrators() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut creator, account) = Browser::signed_in(app, "zoe").await;
        earn(app, account, 1_001).await;
        ask_for_payout(&mut creator).await;
        let (mut boss, mut second) = (an_admin(app, "boss").await, an_admin(app, "second").await);
        boss.get("/admin").await.assert_has("€1,001.00 1 payout");
        let page = boss.get("/admin/payouts").await;
        let made = boss.submit(&page, "/admin/payouts", &[]).await;
        let path = made.header("location").to_owned();
        let page = boss.follow(made).await;
        page.assert_has("needs a second administrator".replace("needs", "need").as_str());
        assert!(!page.body.contains("/file\""), "one administrator cannot download it");
        let forced = [("csrf", page.form(&format!("{path}/discard"), &[])[0].1.clone())];
        let forced: Vec<(&str, &str)> = forced.iter().map(|(n, v)| (*n, v.as_str())).collect();
        for action in ["file", "approve"] {
            let refused = boss.post(&format!("{path}/{action}"), &forced).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{action}");
        }
        let page = second.get(&path).await;
        let approved = second.submit(&page, &format!("{path}/approve"), &[]).await;
        second.follow(approved).await.assert_has("You approved");

        let page = boss.get(&path).await;
        let file = boss.submit(&page, &format!("{path}/file"), &[]).await;
        assert_eq!(file.header("content-type"), "application/xml; charset=utf-8");
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"obole-"));
        assert!(file.body.contains("<InstdAmt Ccy=\"EUR\">1001.00<"), "{}", file.body);
        let again = boss.submit(&page, &format!("{path}/file"), &[]).await;
        assert_eq!(file.body, again.body);

        let sent = boss.submit(&page, &format!("{path}/sent"), &[]).await;
        let page_sent = boss.follow(sent).await;
        page_sent.assert_has("is marked as sent");
        creator.get("/creator/payouts").await.assert_has("sent to the bank");
        boss.is_refused_bad_reasons(&page_sent, "/admin/payouts/reverse", &[]).await;
        let fields = [("reason", "Account closed (AC04)")];
        let reversed = boss.submit(&page_sent, "/admin/payouts/reverse", &fields).await;
        boss.follow(reversed).await.assert_has("Account closed (AC04)");
        let page = creator.get("/creator/payouts").await;
        page.assert_has("Account closed (AC04) came back");
        creator.get("/creator").await.assert_has("Earnings available €1,001.00");
        let late = boss.submit(&page_sent, "/admin/payouts/reverse", &[]).await;
        late.assert_has("This has changed in the meantime");

        // One that waits is taken back on the page of all that wait.
        ask_for_payout(&mut creator).await;
        let page = boss.get("/admin/payouts").await;
        boss.is_refused_bad_reasons(&page, "/admin/payouts/reverse", &[]).await;
        let reversed = boss.submit(&page, "/admin/payouts/reverse", &[("reason", "Asked")]).await;
        boss.follow(reversed).await.assert_has("No payout is waiting");
        let late = boss.submit(&page, "/admin/payouts/reverse", &[]).await;
        late.assert_has("This has changed in the meantime");
    }
}

#[tokio::test]
async fn refunds_are_given_back_or_declined() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut patron, account) = Browser::signed_in(app, "ada").await;
        fund(app, account, Money::new(Micros::units(20), Currency::EUR)).await;
        let mut boss = an_admin(app, "boss").await;
        for (answer, sentence) in
            [("decline", "declined: the money is in the wallet"), ("execute", "booked")]
        {
            let page = patron.get("/wallet/refund").await;
            let fields = [("amount", "20"), ("note", "In cash")];
            let asked = patron.submit(&page, "/wallet/refund", &fields).await;
            assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.body);
            let page = boss.get("/admin/refunds").await;
            page.assert_has("In cash");
            boss.is_refused_bad_reasons(&page, "/admin/refunds", &[("answer", answer)]).await;
            let fields = [("answer", answer), ("reason", "At the counter")];
            let done = boss.submit(&page, "/admin/refunds", &fields).await;
            boss.follow(done).await.assert_has(sentence);
            // It is gone from the page: what has become of it is said, whatever the reason.
            let late = boss.submit(&page, "/admin/refunds", &[("answer", answer)]).await;
            late.assert_has("This has changed in the meantime");
        }
        patron.get("/wallet").await.assert_has("To spend €0.00");
    }
}

#[tokio::test]
async fn an_administrator_vouches_for_a_claim_and_ends_it() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut creator, account) = Browser::signed_in(app, "zoe").await;
        let mut boss = an_admin(app, "boss").await;
        let page = boss.get("/admin/works").await;
        let unknown = [("url", "music.example/song"), ("account", "nobody"), ("reason", "Met")];
        let refused = boss.submit(&page, "/admin/works/grant", &unknown).await;
        refused.assert_has("No account has this handle");
        assert!(refused.body.contains("value=\"music.example/song\""), "what was typed stays");
        let fields = [("url", "music.example/song"), ("account", "@zoe"), ("reason", "Met")];
        let granted = boss.submit(&page, "/admin/works/grant", &fields).await;
        let page = boss.follow(granted).await;
        page.assert_has("controlled by @zoe");
        creator.get("/creator").await.assert_has("music.example/song");
        let twice = boss.submit(&page, "/admin/works/grant", &fields).await;
        twice.assert_has("already belongs to @zoe");
        boss.get("/admin/works?q=other").await.assert_has("No work fits");
        let found = boss.get("/admin/works?q=music").await;
        boss.is_refused_bad_reasons(&found, "/admin/works/revoke", &[("q", "music")]).await;
        let ended = boss.submit(&page, "/admin/works/revoke", &[("reason", "Sold")]).await;
        let late = boss.submit(&page, "/admin/works/revoke", &[("reason", "")]).await;
        late.assert_has("This has changed in the meantime");
        boss.follow(ended).await.assert_has("nobody yet");
        let owned = app.read((), move |read, ()| {
            Box::pin(async move { Ok(works::owned_by(read, account, 10).await?) })
        });
        assert!(owned.await.expect("works").is_empty());
    }
}

#[tokio::test]
async fn rules_change_one_by_one_or_by_preset() {
    for instance in engines().await {
        let mut boss = an_admin(&instance.app, "boss").await;
        let page = boss.get("/admin/policy").await;
        page.assert_has("These are the rules now");
        page.assert_has("Receive only if you give · no → yes");
        let bad = boss.submit(&page, "/admin/policy", &[("fee", "51"), ("points_max", "7")]).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        boss.get("/admin/policy").await.assert_has("These are the rules now");
        let fields = [("fee", "8.5"), ("budget_min", "3"), ("dislikes", "no")];
        let set = boss.submit(&page, "/admin/policy", &fields).await;
        boss.follow(set).await.assert_has("3 rules have changed");
        boss.get("/admin/log").await.assert_has("10 -> 8.5");
        let page = boss.get("/admin/policy").await;
        let csrf = page.form("/admin/policy/preset", &[])[0].1.clone();
        let fields = [("csrf", csrf.as_str()), ("preset", "flattr-2010")];
        let set = boss.post("/admin/policy/preset", &fields).await;
        boss.follow(set).await.assert_has("those of the preset flattr-2010");
    }
}

#[tokio::test]
async fn an_administrators_write_needs_a_fresh_sign_in() {
    let instance = sqlite().await;
    let app = &instance.app;
    let mut boss = an_admin(app, "boss").await;
    let page = boss.get("/admin/policy").await;
    instance.at("2026-01-15T12:11:00Z");
    let stale = boss.submit(&page, "/admin/policy", &[("fee", "0")]).await;
    assert!(stale.header("location").starts_with("/sign-in/proof"), "{}", stale.body);
    boss.get("/admin/log").await.assert_lacks("policy.set");
}
