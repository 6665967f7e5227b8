//! Reports and appeals by their pages (product.md section 6).

use axum::http::StatusCode;
use obole_app::testing::{account, admin, engines, own};
use obole_app::{App, Error};
use obole_domain::{AccountId, WorkId};
use obole_store::db::sql;

use crate::browser::Browser;

/// The link in the newest mail that appeals a decision.
async fn link(app: &App, account: AccountId) -> String {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox
                where account = $1 and body_text like '%/appeal/%'
                order by created_at desc, id desc");
            Ok::<_, Error>(select.bind(account).fetch_all(read, |row| row.get::<String>(0)).await?)
        })
    });
    let texts = found.await.expect("mails");
    let (_, rest) = texts[0].split_once("/appeal/").expect("a link");
    format!("/appeal/{}", rest.split_whitespace().next().expect("its end"))
}

async fn signed_in(app: &App, handle: &str) -> Browser {
    let mut browser = Browser::new(app);
    browser.sign_in(app, handle).await;
    browser
}

#[tokio::test]
async fn a_report_is_filed_answered_and_appealed() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        account(app, "eve").await;
        admin(app, "boss").await;
        let work = own(app, ada, "https://ada.example/song").await;
        let (mut eve, mut boss) = (signed_in(app, "eve").await, signed_in(app, "boss").await);
        let mut ada_browser = signed_in(app, "ada").await;
        let page = ada_browser.get(&format!("/w/{work}")).await;
        let title = format!("/w/{work}/title");
        ada_browser.submit(&page, &title, &[("title", "A nasty title")]).await;

        // From the page of the work; one's own has no such link, and strangers sign in first.
        let report = format!("/report?work={work}");
        assert!(eve.get(&format!("/w/{work}")).await.body.contains(&report));
        assert!(!ada_browser.get(&format!("/w/{work}")).await.body.contains("/report?"));
        assert!(eve.get("/@ada").await.body.contains("/report?account=ada"));
        let stranger = Browser::new(app).get(&report).await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
        assert_eq!(eve.get("/report?account=nobody").await.status, StatusCode::NOT_FOUND);
        assert_eq!(eve.get("/report").await.status, StatusCode::NOT_FOUND);
        let page = eve.get(&report).await;
        page.assert_has("It poses as somebody else");
        for (fields, sentence) in [
            ([("why", ""), ("words", "It insults.")], "It insults."),
            ([("why", "hateful"), ("words", "")], "came back"),
            ([("why", "looks_like"), ("words", "It insults.")], "It insults."),
        ] {
            let refused = eve.submit(&page, "/report", &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
            assert!(sentence == "came back" || refused.body.contains(sentence), "{fields:?}");
        }
        let fields = [("why", "hateful"), ("words", "It <i>insults</i>.")];
        let done = eve.submit(&page, "/report", &fields).await;
        assert_eq!(done.header("location"), "/settings/reports");
        let again = eve.submit(&page, "/report", &fields).await;
        again.assert_has("You have reported this already");
        eve.get("/settings/reports").await.assert_has("It <i>insults</i>.");

        decided(app, (&mut boss, &mut eve, &mut ada_browser), work).await;
        appealed(app, ada, &mut boss, work).await;
        assert_eq!(eve.get("/admin/reports").await.status, StatusCode::NOT_FOUND);
    }
}

/// An administrator hides the title; who reported it reads why.
async fn decided(app: &App, people: (&mut Browser, &mut Browser, &mut Browser), work: WorkId) {
    let (boss, eve, ada_browser) = people;
    let title = format!("/w/{work}/title");
    boss.get("/admin").await.assert_has("Reports 1");
    let page = boss.get("/admin/reports").await;
    page.assert_has("It attacks people");
    page.assert_has("answer by");
    assert!(!page.body.contains("<i>insults"), "it is text");
    let empty = [("verdict", "hide"), ("reason", "")];
    let refused = boss.submit(&page, "/admin/reports", &empty).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let odd = [("verdict", "burn"), ("reason", "Because.")];
    let refused = boss.submit(&page, "/admin/reports", &odd).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let hide = [("verdict", "hide"), ("reason", "Insults a person.")];
    let done = boss.submit(&page, "/admin/reports", &hide).await;
    assert_eq!(done.header("location"), "/admin/reports");
    Browser::new(app).get(&format!("/w/{work}")).await.assert_lacks("A nasty title");
    eve.get("/settings/reports").await.assert_has("Insults a person.");
    let page = ada_browser.get(&format!("/w/{work}")).await;
    let refused = ada_browser.submit(&page, &title, &[("title", "Nasty again")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_has("An administrator has hidden this");
}

/// By the link, signed in or not; once.
async fn appealed(app: &App, ada: AccountId, boss: &mut Browser, work: WorkId) {
    let link = link(app, ada).await;
    let mut anybody = Browser::new(app);
    assert_eq!(anybody.get("/appeal/nonsense").await.status, StatusCode::NOT_FOUND);
    let page = anybody.get(&link).await;
    page.assert_has("Insults a person.");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let refused = anybody.submit(&page, &link, &[("words", "")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = anybody.submit(&page, &link, &[("words", "It is a quotation.")]).await;
    assert_eq!(done.header("location"), link);
    anybody.get(&link).await.assert_has("Your appeal waits for an answer");
    let again = anybody.submit(&page, &link, &[("words", "And again.")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = boss.get("/admin/reports").await;
    page.assert_has("It is a quotation.");
    let grant = [("verdict", "grant"), ("reason", "So it is.")];
    let done = boss.submit(&page, "/admin/reports/appeal", &grant).await;
    assert_eq!(done.header("location"), "/admin/reports");
    Browser::new(app).get(&format!("/w/{work}")).await.assert_has("A nasty title");
    let page = Browser::new(app).speaking("fr").get(&link).await;
    page.assert_has("Votre recours a été accepté");
}
