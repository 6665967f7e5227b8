//! A restored instance as administrators and patrons meet it.

use std::fs;

use axum::http::StatusCode;
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::backup::{self, nobody, restore};
use obole_app::payout_batches;
use obole_app::testing::{Instance, account, admin, engines, homes, sqlite};
use obole_domain::Currency;

use crate::admin::PATHS;
use crate::browser::Browser;
use crate::creator::{ask_for_payout, earn};

/// Restores on the first engine, with the journal or without.
async fn restored(instance: &Instance, path: &std::path::Path, with_journal: bool) -> Instance {
    let home = homes(instance).await.remove(0);
    if with_journal {
        fs::copy(&instance.app.config().files.journal, home.journal()).expect("the journal");
    }
    let parts = home.parts(&instance.app);
    let restored = restore(home.config, parts, path, nobody()).await.expect("restored");
    Instance { app: restored.app, folder: home.folder }
}

async fn signed_in(app: &App, handle: &str) -> Browser {
    let mut browser = Browser::new(app);
    browser.sign_in(app, handle).await;
    browser
}

#[tokio::test]
async fn every_page_of_administrators_says_that_the_instance_waits_and_what_to_do() {
    for instance in engines().await {
        let app = &instance.app;
        let boss = admin(app, "boss").await;
        let (mut creator, id) = Browser::signed_in(app, "zoe").await;
        earn(app, id, 25).await;
        let path = instance.folder.path().join("a.backup");
        backup::take(app, &path, true, nobody()).await.expect("taken");
        ask_for_payout(&mut creator).await;
        let actor = Actor::Page(boss);
        let batch = payout_batches::create(app, actor, Currency::EUR).await.expect("a file");
        payout_batches::hand_out(app, actor, batch.id).await.expect("handed out");

        let later = restored(&instance, &path, true).await;
        // Who was signed in before is not any more.
        assert_eq!(creator.get("/creator").await.status, StatusCode::OK);
        let mut before = Browser::new(&later.app);
        before.set_cookie("obole", creator.cookie("obole").expect("a sign-in"));
        assert_eq!(before.get("/creator").await.status, StatusCode::SEE_OTHER);
        let mut boss = signed_in(&later.app, "boss").await;
        for path in PATHS {
            let page = boss.get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            page.assert_has("This instance was restored from the backup of");
        }
        signed_in(&later.app, "boss")
            .await
            .speaking("fr")
            .get("/admin")
            .await
            .assert_has("Cette instance a été restaurée");
        let mut zoe = signed_in(&later.app, "zoe").await;
        assert!(!zoe.get("/month").await.body.contains("was restored"));

        let page = boss.get("/admin/backups").await;
        page.assert_has("€25.00");
        page.assert_has("@zoe");
        page.assert_has("booked");
        let again = boss.submit(&page, "/admin/backups/compare", &[]).await;
        boss.follow(again).await.assert_has("was compared as far as it is here");
        let refused = boss.submit(&page, "/admin/backups/end", &[("reason", " ")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let keys = page.form("/admin/backups/compare", &[]);
        let keys: Vec<(&str, &str)> = keys.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let run = boss.post("/admin/settlement/run", &keys).await;
        assert_eq!(run.status, StatusCode::UNPROCESSABLE_ENTITY);
        run.assert_has("nothing is paid twice");

        let ended = boss.submit(&page, "/admin/backups/end", &[("reason", "Compared")]).await;
        let page = boss.follow(ended).await;
        page.assert_has("Payouts, refunds and settlement go on.");
        assert!(!page.body.contains("was restored"));
        boss.get("/admin/log").await.assert_has("quarantine.end");
    }
}

#[tokio::test]
async fn without_the_journal_the_form_asks_for_the_bank_statements() {
    let instance = sqlite().await;
    admin(&instance.app, "boss").await;
    let path = instance.folder.path().join("a.backup");
    backup::take(&instance.app, &path, true, nobody()).await.expect("taken");
    let later = restored(&instance, &path, false).await;
    let mut boss = signed_in(&later.app, "boss").await;
    let page = boss.get("/admin/backups").await;
    page.assert_has("The outbound journal that belongs to the backup is not here.");
    let refused = boss.submit(&page, "/admin/backups/end", &[("reason", "Fine")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_has("compare the bank statements first");
    assert!(refused.body.contains("value=\"Fine\""), "what was typed stays");
    let fields = [("reason", "Statements compared"), ("checked", "yes")];
    let ended = boss.submit(&page, "/admin/backups/end", &fields).await;
    boss.follow(ended).await.assert_has("Payouts, refunds and settlement go on.");
}

#[tokio::test]
async fn pages_and_clicks_work_while_the_instance_waits() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let path = instance.folder.path().join("a.backup");
        backup::take(&instance.app, &path, true, nobody()).await.expect("taken");
        let later = restored(&instance, &path, true).await;
        let mut ada = signed_in(&later.app, "ada").await;
        let page = ada.get("/give?url=https://example.org/song").await;
        let given = ada.submit(&page, "/give", &[]).await;
        ada.follow(given).await;
        ada.get("/month").await.assert_has("example.org/song");
        let page = ada.get("/wallet").await;
        assert_eq!(page.status, StatusCode::OK);
    }
}
