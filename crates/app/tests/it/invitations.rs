//! Coming in by invitation, and the waiting list.

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::invitations::{self, State};
use obole_app::sessions::Browser;
use obole_app::sign_up::{SignUp, sign_up};
use obole_app::testing::{Instance, PASSWORD, account, admin, engines};
use obole_app::waiting::{self, Wish};
use obole_app::{App, Error, cleaning, outbox, policy, suspensions};
use obole_domain::policy::Rule;
use obole_domain::{AccountId, EmailAddress, Handle, InvitationCode};
use obole_language::Language;

use crate::support::{an_unconfirmed_account, mails_to};

fn newcomer(handle: &str, code: Option<&str>) -> SignUp {
    SignUp {
        handle: Handle::parse(handle).expect("a handle"),
        email: address(handle),
        password: PASSWORD.to_owned(),
        language: Language::English,
        browser: Browser::default(),
        invitation: code.map(|code| InvitationCode::parse(code).expect("a code")),
    }
}

fn address(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@obole.example")).expect("an address")
}

fn later(app: &App, hours: i64) {
    let later = app.now().checked_add(SignedDuration::from_hours(hours));
    app.clock().set(later.expect("a moment"));
}

fn handle(name: &str) -> Handle {
    Handle::parse(name).expect("a handle")
}

async fn set(app: &App, rule: Rule, value: &str) {
    policy::set_rule(app, Actor::CommandLine, rule, value.to_owned()).await.expect("set");
}

/// The code of an account's newest invitation.
async fn code_of(app: &App, account: AccountId) -> String {
    let mine = invitations::mine(app, account).await.expect("read");
    let line = mine.lines.first().expect("an invitation");
    line.link.rsplit_once('/').expect("a path").1.to_owned()
}

async fn left(app: &App, account: AccountId) -> i64 {
    invitations::mine(app, account).await.expect("read").left
}

async fn refused(app: &App, handle: &str, code: Option<&str>) -> String {
    sign_up(app, newcomer(handle, code)).await.expect_err("refused").code().to_owned()
}

/// Delivers what waits and gives the last letter to an address: its text.
async fn letter_to(instance: &Instance, email: &str) -> String {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    let letter = letters.iter().rev().find(|letter| letter.to == email);
    letter.expect("a letter").text.clone()
}

fn link_in(text: &str) -> String {
    let line = text.lines().find(|line| line.starts_with("http")).expect("a link");
    line.rsplit_once('/').expect("a path").1.to_owned()
}

#[tokio::test]
async fn an_invitation_opens_the_door_once() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        set(app, Rule::Registration, "invitation").await;
        assert_eq!(refused(app, "zoe", None).await, "registration_by_invitation");
        assert_eq!(refused(app, "zoe", Some("0000-0000-0000-0000")).await, "invitation_unusable");
        assert_eq!(left(app, ada).await, 5);
        invitations::invite(app, ada, None).await.expect("invited");
        assert_eq!(left(app, ada).await, 4);
        let code = code_of(app, ada).await;
        assert_eq!(refused(app, "ada", Some(&code)).await, "handle_taken", "and is not used up");
        sign_up(app, newcomer("zoe", Some(&code.to_lowercase()))).await.expect("signed up");
        assert_eq!(refused(app, "eve", Some(&code)).await, "invitation_unusable");
        let mine = invitations::mine(app, ada).await.expect("read");
        assert_eq!((mine.left, mine.lines.len()), (4, 1));
        assert_eq!(mine.lines[0].state, State::Used(Some(handle("zoe"))));
        assert_eq!(mine.lines[0].link, "");
    }
}

#[tokio::test]
async fn fifty_who_come_with_one_code_are_one() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        set(app, Rule::Registration, "invitation").await;
        invitations::invite(app, ada, None).await.expect("invited");
        let code = code_of(app, ada).await;
        let tries: Vec<_> = (0..50)
            .map(|number| {
                let (app, new) = (app.clone(), newcomer(&format!("guest{number}"), Some(&code)));
                tokio::spawn(async move { sign_up(&app, new).await })
            })
            .collect();
        let mut came = 0;
        for one in tries {
            match one.await.expect("no panic") {
                Ok(_) => came += 1,
                Err(refused) => assert_eq!(refused.code(), "invitation_unusable", "{refused}"),
            }
        }
        assert_eq!(came, 1);
        assert_eq!(invitations::tree(app, Actor::CommandLine).await.expect("read").len(), 1);
    }
}

#[tokio::test]
async fn fifty_invitations_at_once_are_as_many_as_are_left() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let tries: Vec<_> = (0..50)
            .map(|_| {
                let app = app.clone();
                tokio::spawn(async move { invitations::invite(&app, ada, None).await })
            })
            .collect();
        let mut made = 0;
        for one in tries {
            match one.await.expect("no panic") {
                Ok(()) => made += 1,
                Err(refused) => {
                    assert!(["invitations_used_up", "too_many"].contains(&refused.code()));
                }
            }
        }
        assert_eq!((made, left(app, ada).await), (5, 0));
    }
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_old_or_of_a_suspended_account_rests() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        set(app, Rule::Registration, "invitation").await;
        invitations::invite(app, ada, Some(address("zoe"))).await.expect("invited");
        let code = code_of(app, ada).await;
        let mine = invitations::mine(app, ada).await.expect("read");
        let id = mine.lines[0].id;
        let foreign = invitations::withdraw(app, eve, id).await.expect_err("another's");
        assert_eq!(foreign.code(), "state_moved");
        suspensions::suspend(app, Actor::CommandLine, ada, "Late").await.expect("suspended");
        assert_eq!(refused(app, "zoe", Some(&code)).await, "invitation_unusable");
        suspensions::restore(app, Actor::CommandLine, ada).await.expect("restored");
        invitations::withdraw(app, ada, id).await.expect("withdrawn");
        assert_eq!(refused(app, "zoe", Some(&code)).await, "invitation_unusable");
        assert!(invitations::withdraw(app, ada, id).await.is_err(), "once");
        let mine = invitations::mine(app, ada).await.expect("read");
        assert_eq!((mine.left, &mine.lines[0].state), (5, &State::Withdrawn));
        assert_eq!(mine.lines[0].email, "", "the address is forgotten");
        invitations::invite(app, ada, None).await.expect("invited");
        let code = code_of(app, ada).await;
        later(app, 24 * 31);
        assert_eq!(refused(app, "zoe", Some(&code)).await, "invitation_unusable");
        assert_eq!(left(app, ada).await, 5);
        later(app, 24 * 31);
        cleaning::clean(app).await.expect("cleaned");
        assert!(invitations::mine(app, ada).await.expect("read").lines.is_empty());
    }
}

#[tokio::test]
async fn an_invitation_by_mail_answers_alike_for_known_and_unknown_addresses() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        invitations::invite(app, ada, Some(address("eve"))).await.expect("as for a stranger");
        invitations::invite(app, ada, Some(address("zoe"))).await.expect("sent");
        let text = letter_to(&instance, "zoe@obole.example").await;
        assert!(text.contains("@ada invites you"), "{text}");
        assert!(mails_to(app, eve).await.is_empty(), "it is no mail about an account");
        for _ in 0..2 {
            invitations::invite(app, ada, Some(address("zoe"))).await.expect("sent");
        }
        let many = invitations::invite(app, ada, Some(address("zoe"))).await.expect_err("many");
        assert_eq!(many.code(), "too_many");
        let new = an_unconfirmed_account(app, "new").await;
        let early = invitations::invite(app, new, None).await.expect_err("not confirmed");
        assert_eq!(early.code(), "email_unconfirmed");
    }
}

#[tokio::test]
async fn administrators_give_more_and_see_who_came_by_whom() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, boss) = (account(app, "ada").await, Actor::Page(admin(app, "boss").await));
        set(app, Rule::Registration, "invitation").await;
        invitations::set_more(app, boss, handle("ada"), -4).await.expect("set");
        assert_eq!(left(app, ada).await, 1);
        invitations::set_more(app, boss, handle("ada"), -100).await.expect("set");
        assert_eq!(left(app, ada).await, 0);
        let none = invitations::invite(app, ada, None).await.expect_err("none");
        assert_eq!(none.code(), "invitations_used_up");
        invitations::set_more(app, boss, handle("ada"), 2).await.expect("set");
        assert_eq!(left(app, ada).await, 7);
        let own = invitations::set_more(app, Actor::Page(ada), handle("ada"), 9).await;
        assert!(matches!(own, Err(Error::Forbidden)));
        let many = invitations::set_more(app, boss, handle("ada"), 1_001).await;
        assert_eq!(many.expect_err("too many").code(), "invitation_count");
        invitations::invite(app, ada, None).await.expect("invited");
        let code = code_of(app, ada).await;
        sign_up(app, newcomer("zoe", Some(&code))).await.expect("signed up");
        let came = invitations::tree(app, boss).await.expect("read");
        let line = (came[0].handle.clone(), came[0].by_handle.clone());
        assert_eq!(line, (handle("zoe"), Some(handle("ada"))));
        assert!(matches!(invitations::tree(app, Actor::Page(ada)).await, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn the_next_of_the_waiting_list_come_in_in_their_order() {
    for instance in engines().await {
        let app = &instance.app;
        let ask = |name: &'static str| waiting::ask(app, address(name), Language::French);
        assert!(matches!(ask("zoe").await, Err(Error::NotFound)), "where everybody can come in");
        set(app, Rule::Registration, "closed").await;
        let ada = account(app, "ada").await;
        invitations::invite(app, ada, None).await.expect("invited");
        let code = code_of(app, ada).await;
        assert_eq!(refused(app, "zoe", Some(&code)).await, "registration_closed");
        assert_eq!(refused(app, "zoe", None).await, "registration_closed");
        for name in ["zoe", "bob", "eve"] {
            ask(name).await.expect("asked");
            let link = link_in(&letter_to(&instance, &format!("{name}@obole.example")).await);
            assert!(waiting::find(app, &link).await.expect("looked").is_some());
            if name != "eve" {
                waiting::answer(app, &link, Wish::Wait).await.expect("confirmed");
            }
            later(app, 1);
        }
        assert_eq!(waiting::count(app).await.expect("counted"), 2);
        let invited = waiting::invite_next(app, Actor::CommandLine, 1).await.expect("invited");
        assert_eq!(invited, 1);
        let text = letter_to(&instance, "zoe@obole.example").await;
        sign_up(app, newcomer("zoe", Some(&link_in(&text)))).await.expect("in");
        assert_eq!(waiting::invite_next(app, Actor::CommandLine, 100).await.expect("invited"), 1);
        assert_eq!(waiting::invite_next(app, Actor::CommandLine, 100).await.expect("none"), 0);
        let many = waiting::invite_next(app, Actor::CommandLine, 101).await.expect_err("many");
        assert_eq!(many.code(), "invitation_count");
    }
}

#[tokio::test]
async fn the_waiting_list_tells_nobody_who_is_known_and_forgets() {
    for instance in engines().await {
        let app = &instance.app;
        set(app, Rule::Registration, "closed").await;
        account(app, "ada").await;
        waiting::ask(app, address("ada"), Language::English).await.expect("as for a stranger");
        let text = letter_to(&instance, "ada@obole.example").await;
        assert!(text.contains("/reset") && !text.contains("/waiting/"), "{text}");
        waiting::ask(app, address("zoe"), Language::English).await.expect("asked");
        let old = link_in(&letter_to(&instance, "zoe@obole.example").await);
        later(app, 25);
        assert!(waiting::find(app, &old).await.expect("looked").is_none(), "a day has passed");
        let late = waiting::answer(app, &old, Wish::Wait).await.expect_err("too late");
        assert_eq!(late.code(), "code_wrong");
        waiting::ask(app, address("zoe"), Language::English).await.expect("asked again");
        let link = link_in(&letter_to(&instance, "zoe@obole.example").await);
        assert!(waiting::find(app, &old).await.expect("looked").is_none(), "replaced");
        waiting::answer(app, &link, Wish::Wait).await.expect("confirmed");
        later(app, 24 * 364);
        cleaning::clean(app).await.expect("cleaned");
        assert_eq!(waiting::count(app).await.expect("counted"), 1);
        waiting::answer(app, &link, Wish::Leave).await.expect("left");
        assert_eq!(waiting::count(app).await.expect("counted"), 0);
        waiting::ask(app, address("bob"), Language::English).await.expect("asked");
        let link = link_in(&letter_to(&instance, "bob@obole.example").await);
        waiting::answer(app, &link, Wish::Wait).await.expect("confirmed");
        later(app, 24 * 366);
        cleaning::clean(app).await.expect("cleaned");
        assert_eq!(waiting::count(app).await.expect("counted"), 0);
    }
}
