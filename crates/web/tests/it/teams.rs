//! Teams and passing on by their pages: what members see and do, and what others do not.

use axum::http::StatusCode;
use obole_app::App;
use obole_app::testing::{engines, own};
use obole_domain::{AccountId, Handle};
use obole_store::db::sql;

use crate::browser::{Answer, Browser};
use crate::month::a_patron;

/// The link of the invitation that was mailed to somebody.
async fn link(app: &App, email: &str) -> String {
    let found = app.read(email.to_owned(), |read, email| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox where kind = 'team-invited' and recipient = $1");
            Ok(select.bind(email.as_str()).fetch_one(read, |row| row.get::<String>(0)).await?)
        })
    });
    let text = found.await.expect("a mail");
    let link = text.split_whitespace().find(|word| word.contains("/team-invitation/"));
    link.expect("a link").split_once("/team-invitation/").expect("it").1.to_owned()
}

async fn id_of(app: &App, handle: &str) -> AccountId {
    let handle = Handle::parse(handle).expect("a handle");
    let found = obole_app::accounts::find_by_handle(app, handle).await.expect("read");
    found.expect("an account").id
}

/// Sends fields to a page on which their sender finds no form for it.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get("/teams").await;
    let token = page.form("/sign-out", &[]).remove(0).1;
    let fields: Vec<_> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
    browser.post(path, &fields).await
}

/// Founds the team “band” and lets bea join.
async fn band(app: &App, ada: &mut Browser, bea: &mut Browser) {
    let page = ada.get("/teams").await;
    let taken = ada.submit(&page, "/teams", &[("handle", "ada"), ("name", "")]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let founded = ada.submit(&page, "/teams", &[("handle", "band"), ("name", "The band")]).await;
    assert_eq!(founded.header("location"), "/teams/band");
    let page = ada.get("/teams/band").await;
    page.assert_has("The team is there, and you own it");
    let fields = [("to", "nonsense"), ("role", "member")];
    let refused = ada.submit(&page, "/teams/band/invite", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.assert_has("This is not a mail address");
    assert!(refused.body.contains("value=\"nonsense\""), "what was typed comes back");
    let fields = [("to", "@bea"), ("role", "member")];
    let invited = ada.submit(&page, "/teams/band/invite", &fields).await;
    assert_eq!(invited.status, StatusCode::SEE_OTHER);
    let address = format!("/team-invitation/{}", link(app, "bea@obole.example").await);
    let page = bea.get(&address).await;
    page.assert_has("@ada invites you to the team The band as member");
    let joined = bea.submit(&page, &address, &[("answer", "yes")]).await;
    assert_eq!(joined.header("location"), "/teams/band");
    let again = bea.submit(&page, &address, &[("answer", "yes")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.assert_has("This invitation cannot be answered");
}

#[tokio::test]
async fn a_team_is_founded_joined_and_shared() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, _) = a_patron(app, "ada").await;
        let (mut bea, _) = a_patron(app, "bea").await;
        let (mut eve, _) = a_patron(app, "eve").await;
        band(app, &mut ada, &mut bea).await;
        let (hers, theirs) = (id_of(app, "ada").await, id_of(app, "bea").await);
        let fields = [format!("part-{hers}"), format!("part-{theirs}")];
        let page = ada.get("/teams/band").await;
        let set = |first, second| [(fields[0].as_str(), first), (fields[1].as_str(), second)];
        let refused = ada.submit(&page, "/teams/band/percentages", &set("60", "40,01")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("more than 100%");
        assert!(refused.body.contains("value=\"40,01\""), "what was typed comes back");
        let refused = ada.submit(&page, "/teams/band/percentages", &set("sixty", "40")).await;
        refused.assert_has("not a percentage");
        let done = ada.submit(&page, "/teams/band/percentages", &set("60", "37.5")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        let page = bea.get("/teams/band").await;
        page.assert_has("37.5%");
        page.assert_has("2.5%");
        assert!(!page.body.contains("/teams/band/percentages"));
        // Who does not belong to it finds nothing, whatever they send.
        assert_eq!(eve.get("/teams/band").await.status, StatusCode::NOT_FOUND);
        assert_eq!(eve.get("/teams/band/statements").await.status, StatusCode::NOT_FOUND);
        for path in ["percentages", "invite", "open", "close", "leave", "share", "role", "remove"] {
            let fields = [("op", "0190f0c2-0000-7000-8000-000000000001"), ("currency", "EUR")];
            let sent = send(&mut eve, &format!("/teams/band/{path}"), &fields).await;
            assert_eq!(sent.status, StatusCode::NOT_FOUND, "{path}");
        }
        // And who may not is told so.
        let sent = send(&mut bea, "/teams/band/percentages", &set("0", "100")).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN);
        bea.get("/teams/band/statements").await.assert_has("You see what you received");
        let page = ada.get("/teams/band").await;
        let last = ada.submit(&page, "/teams/band/leave", &[]).await;
        last.assert_has("A team needs an owner");
    }
}

#[tokio::test]
async fn a_work_passes_on_what_its_owner_says() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, account) = a_patron(app, "ada").await;
        let (mut bea, _) = a_patron(app, "bea").await;
        let work = own(app, account, "https://ada.example/app").await;
        let (address, edit) = (format!("/w/{work}"), format!("/w/{work}/passing"));
        assert!(ada.get(&address).await.body.contains(&edit));
        assert!(!bea.get(&address).await.body.contains(&edit));
        assert_eq!(bea.get(&edit).await.status, StatusCode::NOT_FOUND);
        let page = ada.get(&edit).await;
        for (part, targets, sentence) in [
            ("51", "https://lib.example/", "half of what it receives at most"),
            ("x", "https://lib.example/", "not a percentage"),
            ("10", "https://lib.example/\nnothing here", "Line 2 is not the address"),
            ("10", "https://ada.example/app", "cannot pass on to itself"),
            ("10", "https://lib.example/ 0", "from 1 to 1,000,000"),
        ] {
            let fields = [("part", part), ("targets", targets)];
            let refused = ada.submit(&page, &edit, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{targets}");
            refused.assert_has(sentence);
        }
        // A lockfile fills the form in, and nothing is set before it is sent.
        let lock = b"[[package]]\nname = \"serde\"\nsource = \"registry+x\"\n";
        let parts: [(&str, &[u8]); 3] =
            [("part", b"10"), ("targets", b"https://lib.example/ 3"), ("file", lock)];
        let brought = ada.upload(&page, &format!("{edit}/file"), &parts).await;
        assert_eq!(brought.status, StatusCode::OK);
        brought.assert_has("https://lib.example/ 3 https://crates.io/crates/serde");
        brought.assert_has("One work came from the file");
        let nothing = ada.upload(&page, &format!("{edit}/file"), &[("file", b"no lock")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        ada.get(&address).await.assert_lacks("Who passes on to whom");
        let targets = "https://lib.example/ 3\r\nhttps://tool.example/";
        let fields = [("part", "12.5"), ("targets", targets)];
        let done = ada.submit(&page, &edit, &fields).await;
        assert_eq!(done.header("location"), address);
        // It is public, on the pages of both works.
        let page = Browser::new(app).get(&address).await;
        page.assert_has("Who passes on to whom");
        page.assert_has("9.38%");
        page.assert_has("87.5% stays");
        let page = Browser::new(app).speaking("fr").get(&address).await;
        page.assert_has("Qui transmet à qui");
        ada.get("/creator/passing").await.assert_has("Nothing is promised at the moment");
    }
}
