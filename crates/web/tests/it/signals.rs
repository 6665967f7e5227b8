//! Earnings that wait because of signals, by their pages (X5): who receives reads why and answers,
//! an administrator sees amounts, then names with a reason, and decides.

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{Instance, account, admin, engines, own};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, budgets, settle};
use obole_domain::click::Way;
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, Money};
use obole_domain::{CanonicalUrl, Currency, Micros};

use crate::browser::Browser;

fn units(units: i64) -> Money {
    Money::new(Micros::units(units), Currency::EUR)
}

/// Six who come together with vouchers and click six works of ada's at once, settled.
async fn a_month_that_looks_made(instance: &Instance, ada: AccountId) {
    let app = &instance.app;
    let url = |number: i32| format!("https://ada.example/{number}");
    for number in 0..6 {
        own(app, ada, &url(number)).await;
    }
    let new = NewVouchers { amount: units(10), count: 6, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("vouchers");
    for (number, code) in codes.iter().enumerate() {
        let pupil = account(app, &format!("pupil{number}")).await;
        let key = obole_app::testing::key(app);
        let code = VoucherCode::parse(code).expect("a code");
        vouchers::redeem(app, pupil, &key, code).await.expect("redeemed");
        budgets::set(app, pupil, units(5)).await.expect("a budget");
        for number in 0..6 {
            let target = Target::Url(CanonicalUrl::parse(&url(number)).expect("an address"));
            let give = Give { target, title: String::new(), points: 1, note: None, way: Way::Page };
            let key = obole_app::testing::key(app);
            clicks::give(app, pupil, &key, give).await.expect("given");
        }
    }
    instance.at("2026-02-01T00:00:01Z");
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}

async fn signed_in(app: &App, handle: &str) -> Browser {
    let mut browser = Browser::new(app);
    browser.sign_in(app, handle).await;
    browser
}

/// The address of the only case.
fn case(page: &str) -> String {
    let (_, rest) = page.split_once("href=\"/admin/signals/").expect("a link");
    format!("/admin/signals/{}", rest.split_once('"').expect("its end").0)
}

#[tokio::test]
async fn what_waits_is_explained_answered_and_decided() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        admin(app, "boss").await;
        a_month_that_looks_made(&instance, ada).await;
        let (mut ada, mut boss) = (signed_in(app, "ada").await, signed_in(app, "boss").await);
        let mut eve = signed_in(app, "pupil0").await;

        ada.get("/creator").await.assert_has("A part of your earnings waits");
        let page = ada.get("/creator/waiting").await;
        page.assert_has("clicked the same works within minutes");
        page.assert_has("vouchers of one batch");
        assert!(!page.body.contains("pupil"), "P3");
        let wait = page.form("/creator/waiting", &[]);
        let refused = ada.submit(&page, "/creator/waiting", &[("answer", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        // Nobody else answers for her.
        let fields: Vec<_> = wait.iter().filter(|(name, _)| name == "wait").collect();
        let fields = [("wait", fields[0].1.as_str()), ("answer", "Mine.")];
        let foreign = eve.get("/creator/waiting").await;
        foreign.assert_has("Nothing of yours waits");
        let token = foreign.form("/sign-out", &[]).remove(0).1;
        let with = [&fields[..], &[("csrf", token.as_str())]].concat();
        assert_eq!(eve.post("/creator/waiting", &with).await.status, StatusCode::NOT_FOUND);
        let done = ada.submit(&page, "/creator/waiting", &[("answer", "A <b>choir</b>.")]).await;
        assert_eq!(done.header("location"), "/creator/waiting");
        let page = ada.get("/creator/waiting").await;
        page.assert_has("A <b>choir</b>.");
        assert!(!page.body.contains("<b>choir"), "it is text");

        boss.get("/admin").await.assert_has("Signals 1 Look at them");
        let list = boss.get("/admin/signals").await;
        list.assert_has("@ada");
        let case = case(&list.body);
        assert_eq!(eve.get(&case).await.status, StatusCode::NOT_FOUND);
        assert_eq!(boss.get("/admin/signals/1").await.status, StatusCode::NOT_FOUND);
        let page = boss.get(&case).await;
        assert!(page.body.contains("class=\"ring\""));
        assert!(!page.body.contains("pupil"), "P3");
        let open = format!("{case}/open");
        let refused = boss.submit(&page, &open, &[("why", "")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = boss.submit(&page, &open, &[("why", "Is it a class?")]).await;
        assert_eq!(opened.header("location"), case);
        let page = boss.get(&case).await;
        page.assert_has("@pupil3");
        eve.get("/settings/data").await.assert_has("Is it a class?");

        let verdict = [("verdict", "refuse"), ("reason", "")];
        let refused = boss.submit(&page, &case, &verdict).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let verdict = [("verdict", "nonsense"), ("reason", "One hand.")];
        let refused = boss.submit(&page, &case, &verdict).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        let verdict = [("verdict", "refuse"), ("reason", "One hand.")];
        let done = boss.submit(&page, &case, &verdict).await;
        assert_eq!(done.header("location"), "/admin/signals");
        boss.get("/admin/signals").await.assert_has("refused");
        ada.get("/creator/waiting").await.assert_has("One hand.");
        eve.get("/wallet").await.assert_has("10.00");
        let page = Browser::new(app).speaking("fr").get("/sign-in").await;
        assert_eq!(page.status, StatusCode::OK);
        let again = boss.get(&case).await;
        assert!(!again.body.contains("value=\"refuse\""), "it has ended");
    }
}
