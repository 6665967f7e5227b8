//! Coming in by invitation and the waiting list, as browsers meet them.

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, PASSWORD, account, admin, engines};
use obole_app::{App, outbox, policy};
use obole_domain::policy::Rule;

use crate::browser::{Answer, Browser};

async fn set_registration(app: &App, word: &str) {
    policy::set_rule(app, Actor::CommandLine, Rule::Registration, word.to_owned())
        .await
        .expect("set");
}

async fn last_path(instance: &Instance) -> String {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    let is_ours = |text: &&str| text.contains("/invitation/") || text.contains("/waiting/");
    let texts = letters.iter().rev().map(|letter| letter.text.as_str());
    let text = texts.into_iter().find(is_ours).expect("a letter").to_owned();
    path_in(&text)
}

fn path_in(text: &str) -> String {
    let rest = text
        .split("http://127.0.0.1:8080/")
        .find(|rest| rest.starts_with("invitation/") || rest.starts_with("waiting/"));
    let rest = rest.expect("a link of ours");
    let end = rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
    format!("/{}", &rest[..end])
}

fn newcomer<'new>(handle: &'new str, email: &'new str) -> [(&'new str, &'new str); 3] {
    [("email", email), ("handle", handle), ("password", PASSWORD)]
}

#[tokio::test]
async fn a_guest_comes_by_a_link_and_its_maker_sees_who() {
    for instance in engines().await {
        let app = &instance.app;
        set_registration(app, "invitation").await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let page = ada.get("/settings/invitations").await;
        page.assert_has("You can invite 5 more people");
        let answer = ada.submit(&page, "/settings/invitations", &[("email", "")]).await;
        let page = ada.follow(answer).await;
        page.assert_has("You can invite 4 more people");
        let path = path_in(&page.body);
        let mut guest = Browser::new(app);
        let closed = guest.get("/sign-up").await;
        closed.assert_has("One needs an invitation");
        assert!(!closed.body.contains("name=\"password\""), "no form without a code");
        let typed = path.rsplit_once('/').expect("a code").1.to_lowercase();
        let answer = guest.submit(&closed, "/invitation", &[("code", &typed)]).await;
        assert_eq!(answer.header("location"), path);
        let page = guest.get(&path).await;
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let fields = newcomer("zoe", "zoe@obole.example");
        let answer = guest.submit(&page, "/sign-up", &fields).await;
        assert_eq!(answer.header("location"), "/confirm");
        ada.get("/settings/invitations").await.assert_has("@zoe");
        let mut late = Browser::new(app);
        let gone = late.get(&path).await;
        assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
        gone.assert_has("cannot be used");
    }
}

#[tokio::test]
async fn a_refused_guest_keeps_the_code_that_was_typed() {
    for instance in engines().await {
        let app = &instance.app;
        set_registration(app, "invitation").await;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let page = ada.get("/settings/invitations").await;
        let answer = ada.submit(&page, "/settings/invitations", &[("email", "")]).await;
        let path = path_in(&ada.follow(answer).await.body);
        let mut guest = Browser::new(app);
        let page = guest.get(&path).await;
        let taken = newcomer("ada", "zoe@obole.example");
        let refused = guest.submit(&page, "/sign-up", &taken).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let again = guest.submit(&refused, "/sign-up", &[("handle", "zoe"), taken[2]]).await;
        assert_eq!(again.header("location"), "/confirm", "{}", again.body);
    }
}

async fn wait(browser: &mut Browser, email: &str) -> Answer {
    let page = browser.get("/sign-up").await;
    let answer = browser.submit(&page, "/waiting", &[("waiting", email)]).await;
    browser.follow(answer).await
}

#[tokio::test]
async fn the_waiting_list_answers_alike_and_lets_the_next_in() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        set_registration(app, "closed").await;
        let mut guest = Browser::new(app);
        let known = wait(&mut guest, "ada@obole.example").await;
        let unknown = wait(&mut guest, "zoe@obole.example").await;
        assert_eq!(known.text(), unknown.text());
        let path = last_path(&instance).await;
        let page = guest.get(&path).await;
        page.assert_has("zoe@obole.example");
        let answer = guest.submit(&page, &path, &[("wish", "wait")]).await;
        guest.follow(answer).await.assert_has("You are on the waiting list");
        guest.get(&path).await.assert_has("This address is on the list");
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let page = boss.get("/admin/invitations").await;
        page.assert_has("1 confirmed address waits");
        page.assert_lacks("zoe@obole.example");
        let refused = boss.submit(&page, "/admin/invitations/next", &[("next", "many")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let answer = boss.submit(&page, "/admin/invitations/next", &[("next", "10")]).await;
        boss.follow(answer).await.assert_has("1 invitation is on its way");
        let path = last_path(&instance).await;
        let page = guest.get(&path).await;
        let fields = newcomer("zoe", "zoe@obole.example");
        let answer = guest.submit(&page, "/sign-up", &fields).await;
        assert_eq!(answer.header("location"), "/confirm");
        boss.get("/admin/invitations").await.assert_has("@zoe");
        let more = [("account", "ada"), ("count", "\u{2212}5")];
        let page = boss.get("/admin/invitations").await;
        let answer = boss.submit(&page, "/admin/invitations/more", &more).await;
        boss.follow(answer).await.assert_has("@ada has another number");
        let mut ada = Browser::new(app);
        ada.sign_in(app, "ada").await;
        ada.get("/settings/invitations").await.assert_has("You have no invitations left");
        assert_eq!(ada.get("/admin/invitations").await.status, StatusCode::NOT_FOUND);
    }
}
