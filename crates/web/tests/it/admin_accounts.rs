//! Administration of accounts and mails, as a browser meets it.

use axum::http::StatusCode;
use obole_app::testing::{account, admin, engines, engines_with_mail_folder};
use obole_app::{outbox, resets};
use obole_domain::EmailAddress;
use obole_store::audit_log;

use crate::browser::Browser;

#[tokio::test]
async fn an_administrator_finds_and_suspends_an_account() {
    for instance in engines().await {
        let app = &instance.app;
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        account(app, "zoe").await;
        let page = boss.get("/admin/accounts?q=AD").await;
        page.assert_has("@ada");
        page.assert_lacks("@zoe");
        let page = boss.get("/admin/accounts/ada").await;
        let empty = boss.submit(&page, "/admin/accounts/ada/suspend", &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        empty.assert_has("This is still empty.");
        let reason = [("reason", "Invented <claims>")];
        let answer = boss.submit(&page, "/admin/accounts/ada/suspend", &reason).await;
        let page = boss.follow(answer).await;
        page.assert_has("@ada is suspended");
        assert_eq!(ada.get("/settings").await.status, StatusCode::SEE_OTHER);
        let answer = boss.submit(&page, "/admin/accounts/ada/restore", &[]).await;
        boss.follow(answer).await.assert_has("@ada can sign in again.");
        ada.sign_in(app, "ada").await;
        for path in ["/admin/accounts", "/admin/accounts/zoe", "/admin/mails"] {
            assert_eq!(ada.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        boss.get("/admin/accounts/boss").await.assert_lacks("Suspend");
        let read = app.read((), |read, ()| {
            Box::pin(async move { Ok(audit_log::after(read, 0, 1_000).await?) })
        });
        let actions: Vec<_> =
            read.await.expect("read").into_iter().map(|c| c.record.action).collect();
        for action in ["accounts.read", "account.read", "account.suspend", "account.restore"] {
            assert!(actions.iter().any(|found| found == action), "{action}");
        }
    }
}

#[tokio::test]
async fn an_old_proof_is_not_enough_to_administer() {
    for instance in engines().await {
        let app = &instance.app;
        admin(app, "boss").await;
        account(app, "ada").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let page = boss.get("/admin/accounts/ada").await;
        instance.at("2026-01-15T12:30:00Z");
        let reason = [("reason", "Late")];
        let answer = boss.submit(&page, "/admin/accounts/ada/suspend", &reason).await;
        assert!(answer.header("location").starts_with("/sign-in/proof"), "{}", answer.body);
        boss.get("/admin/accounts/ada").await.assert_lacks("suspended");
    }
}

#[tokio::test]
async fn mails_are_listed_and_read_where_they_go_into_a_folder() {
    for instance in engines_with_mail_folder().await {
        let app = &instance.app;
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        boss.get("/admin/mails").await.assert_has("No mails yet");
        let folder = instance.folder.path().join("mails");
        std::fs::remove_dir(&folder).expect("the folder goes");
        resets::ask(app, EmailAddress::parse("boss@obole.example").expect("an address"))
            .await
            .expect("asked");
        outbox::deliver(app).await.expect("tried");
        let page = boss.get("/admin/mails").await;
        page.assert_has("1 mail waits");
        std::fs::create_dir(&folder).expect("the folder comes back");
        let answer = boss.submit(&page, "/admin/mails/try", &[]).await;
        boss.follow(answer).await.assert_has("tried within a few seconds");
        outbox::deliver(app).await.expect("delivered");
        let page = boss.get("/admin/mails").await;
        page.assert_has("handed over");
        page.assert_has("boss@obole.example");
        let path = page.body.split("href=\"/admin/mails/").nth(1).expect("a link");
        let path = format!("/admin/mails/{}", path.split('"').next().expect("its end"));
        boss.get(&path).await.assert_has("http://127.0.0.1:8080/reset/");
        let none = "/admin/mails/0190f0c2-0000-7000-8000-000000000001";
        assert_eq!(boss.get(none).await.status, StatusCode::NOT_FOUND);
    }
}
