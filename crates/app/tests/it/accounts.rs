//! Signing up, confirming, resetting, suspending, setting up.

use obole_app::accounts::{self, NewAccount};
use obole_app::audit_log::Actor;
use obole_app::sessions::{self, Browser, NewSession, Proof};
use obole_app::sign_in::SignIn;
use obole_app::sign_up::{SignUp, sign_up};
use obole_app::testing::{self, Instance, PASSWORD, account, admin, engines};
use obole_app::tokens::{self, NewToken};
use obole_app::{confirmations, outbox, policy, resets, set_up, suspensions};
use obole_domain::policy::Rule;
use obole_domain::token::Scope;
use obole_domain::{AccountId, EmailAddress, Handle};
use obole_gateway::mail::Letter;
use obole_language::Language;
use obole_store::accounts::Profile;
use obole_store::audit_log;

fn proof(password: &str) -> Proof {
    Proof { password: password.to_owned(), ..Proof::default() }
}

fn newcomer(handle: &str, email: &str) -> SignUp {
    SignUp {
        handle: Handle::parse(handle).expect("a handle"),
        email: address(email),
        password: PASSWORD.to_owned(),
        language: Language::French,
        browser: Browser::default(),
        invitation: None,
    }
}

fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).expect("an address")
}

/// Delivers what waits and gives every letter so far.
async fn letters(instance: &Instance) -> Vec<Letter> {
    outbox::deliver(&instance.app).await.expect("delivered");
    instance.app.mailer().as_memory().expect("memory").letters()
}

async fn last_letter(instance: &Instance) -> Letter {
    letters(instance).await.pop().expect("a letter")
}

/// The one letter to an address among some, which leave in any order within a moment.
fn letter_to<'some>(letters: &'some [Letter], email: &str) -> &'some Letter {
    let mut found = letters.iter().filter(|letter| letter.to == email);
    let letter = found.next().expect("a letter");
    assert!(found.next().is_none(), "one letter to {email}");
    letter
}

fn code_in(letter: &Letter) -> String {
    let line = letter.text.lines().find(|line| line.starts_with("    "));
    line.expect("a code").trim().to_owned()
}

fn link_in(letter: &Letter) -> String {
    let line = letter.text.lines().find(|line| line.starts_with("http"));
    line.expect("a link").rsplit_once('/').expect("a path").1.to_owned()
}

async fn is_signed_in(instance: &Instance, new: &NewSession) -> bool {
    sessions::find(&instance.app, &new.secret).await.expect("looked").is_some()
}

/// The actions in the audit log.
async fn actions(instance: &Instance) -> Vec<String> {
    let read = instance
        .app
        .read((), |read, ()| Box::pin(async move { Ok(audit_log::after(read, 0, 1_000).await?) }));
    read.await.expect("read").into_iter().map(|chained| chained.record.action).collect()
}

async fn confirmed(instance: &Instance, id: AccountId) -> bool {
    let row = accounts::find(&instance.app, id).await.expect("found").expect("an account");
    row.email_confirmed_at.is_some()
}

#[tokio::test]
async fn a_newcomer_is_in_at_once_and_confirms_by_code() {
    for instance in engines().await {
        let app = &instance.app;
        let new = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect("signed up");
        assert!(is_signed_in(&instance, &new).await && !new.session.is_confirmed);
        let zoe = new.session.account;
        let letter = last_letter(&instance).await;
        assert_eq!((letter.to.as_str(), letter.language.as_str()), ("zoe@obole.example", "fr"));
        let refused = confirmations::confirm_code(app, zoe, "AAAA-AAAA").await.expect_err("wrong");
        assert_eq!(refused.code(), "code_wrong");
        let code = code_in(&letter).to_lowercase().replace('-', " ");
        confirmations::confirm_code(app, zoe, &code).await.expect("confirmed");
        assert!(confirmed(&instance, zoe).await);
        let refused = confirmations::confirm_code(app, zoe, &code).await.expect_err("used");
        assert_eq!(refused.code(), "code_wrong");
        assert_eq!(confirmations::pending(app, zoe).await.expect("read"), None);
        assert_eq!(actions(&instance).await, ["account.create", "account.confirm"]);
    }
}

#[tokio::test]
async fn a_known_address_is_told_to_its_reader_only() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let before = app.passwords_hashed();
        let new = sign_up(app, newcomer("eve", "ada@obole.example")).await.expect("signed up");
        assert_eq!(app.passwords_hashed() - before, 1, "as for an unknown address");
        assert!(is_signed_in(&instance, &new).await && !new.session.is_confirmed);
        let eve = new.session.account;
        let pending = confirmations::pending(app, eve).await.expect("read").expect("pending");
        assert_eq!(pending.email, address("ada@obole.example"));
        assert!(pending.mail.is_some());
        let letter = last_letter(&instance).await;
        assert!(letter.text.contains("@ada") && !letter.text.contains("@eve"), "{}", letter.text);
        assert!(letter.text.contains("/reset") && !letter.text.contains("/confirm/"));
        assert!(!letter.text.lines().any(|line| line.starts_with("    ")), "no code");
        let name = "ada@obole.example".to_owned();
        let own = SignIn { name, password: PASSWORD.to_owned(), browser: Browser::default() };
        testing::sign_in(app, own).await.expect("the newcomer, too, by address");
    }
}

#[tokio::test]
async fn fifty_confirmations_at_once_use_the_code_once() {
    for instance in engines().await {
        let app = &instance.app;
        let new = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect("signed up");
        let letter = last_letter(&instance).await;
        let (zoe, code, link) = (new.session.account, code_in(&letter), link_in(&letter));
        let tries: Vec<_> = (0..50)
            .map(|number| {
                let (app, code, link) = (app.clone(), code.clone(), link.clone());
                tokio::spawn(async move {
                    if number % 2 == 0 {
                        confirmations::confirm_code(&app, zoe, &code).await
                    } else {
                        confirmations::confirm_link(&app, &link).await.map(|_| ())
                    }
                })
            })
            .collect();
        let mut confirmed = 0;
        for one in tries {
            match one.await.expect("no panic") {
                Ok(()) => confirmed += 1,
                Err(refused) => assert_eq!(refused.code(), "code_wrong", "{refused}"),
            }
        }
        assert_eq!(confirmed, 1);
        let confirms = actions(&instance).await.into_iter().filter(|a| a == "account.confirm");
        assert_eq!(confirms.count(), 1);
    }
}

#[tokio::test]
async fn looking_at_a_link_consumes_nothing_and_it_lasts_a_day() {
    for instance in engines().await {
        let app = &instance.app;
        let new = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect("signed up");
        let link = link_in(&last_letter(&instance).await);
        for _ in 0..3 {
            let asked = confirmations::ask_link(app, &link).await.expect("read").expect("open");
            assert_eq!(asked.account.id, new.session.account);
        }
        assert_eq!(resets::ask_link(app, &link).await.expect("read"), None, "not for a reset");
        assert!(resets::finish(app, &link, "another harbour".into()).await.is_err());
        instance.at("2026-01-16T12:00:00Z");
        assert_eq!(confirmations::ask_link(app, &link).await.expect("read"), None);
        let refused = confirmations::confirm_link(app, &link).await.expect_err("too old");
        assert_eq!(refused.code(), "code_wrong");
        instance.at("2026-01-16T11:59:59Z");
        confirmations::confirm_link(app, &link).await.expect("confirmed");
        assert!(confirmed(&instance, new.session.account).await);
    }
}

#[tokio::test]
async fn ten_wrong_codes_spoil_a_code() {
    for instance in engines().await {
        let app = &instance.app;
        let new = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect("signed up");
        let (zoe, letter) = (new.session.account, last_letter(&instance).await);
        for _ in 0..10 {
            confirmations::confirm_code(app, zoe, "AAAA-AAAA").await.expect_err("wrong");
        }
        let code = code_in(&letter);
        confirmations::confirm_code(app, zoe, &code).await.expect_err("spoilt");
        confirmations::resend(app, zoe).await.expect("sent again");
        let code = code_in(&last_letter(&instance).await);
        confirmations::confirm_code(app, zoe, &code).await.expect("the new code");
    }
}

#[tokio::test]
async fn a_mail_is_sent_again_and_a_mistyped_address_corrected() {
    for instance in engines().await {
        let app = &instance.app;
        let new = sign_up(app, newcomer("zoe", "zoe@typo.example")).await.expect("signed up");
        let (zoe, first) = (new.session.account, last_letter(&instance).await);
        confirmations::resend(app, zoe).await.expect("sent again");
        confirmations::resend(app, zoe).await.expect("sent again");
        let refused = confirmations::resend(app, zoe).await.expect_err("three an hour");
        assert_eq!(refused.code(), "too_many");
        let right = address("zoe@obole.example");
        confirmations::change(app, &new.session, right.clone()).await.expect("corrected");
        let letters = letters(&instance).await;
        let letter = letter_to(&letters, "zoe@obole.example");
        confirmations::confirm_code(app, zoe, &code_in(&first)).await.expect_err("void");
        confirmations::confirm_code(app, zoe, &code_in(letter)).await.expect("confirmed");
        let row = accounts::find(app, zoe).await.expect("found").expect("an account");
        assert_eq!(row.email, right);
        assert!(confirmations::resend(app, zoe).await.is_err(), "nothing waits");
    }
}

#[tokio::test]
async fn changing_the_address_needs_a_proof_and_tells_both() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let sign_in =
            SignIn { name: "ada".into(), password: PASSWORD.into(), browser: Browser::default() };
        let new = testing::sign_in(app, sign_in).await.expect("signed in");
        let other = address("ada@new.example");
        instance.at("2026-01-15T12:30:00Z");
        let refused = confirmations::change(app, &new.session, other.clone()).await;
        assert!(matches!(refused, Err(obole_app::Error::ProofNeeded)));
        sessions::prove(app, &new.secret, proof(PASSWORD)).await.expect("proved");
        let session = sessions::find(app, &new.secret).await.expect("found").expect("open");
        confirmations::change(app, &session, other.clone()).await.expect("asked");
        let told = letters(&instance).await;
        assert_eq!(told.len(), 2);
        assert!(letter_to(&told, "ada@obole.example").text.contains("ada@new.example"));
        let code = code_in(letter_to(&told, "ada@new.example"));
        let row = accounts::find(app, ada).await.expect("found").expect("an account");
        assert_eq!(row.email, address("ada@obole.example"), "the old one stays until then");
        confirmations::confirm_code(app, ada, &code).await.expect("confirmed");
        let row = accounts::find(app, ada).await.expect("found").expect("an account");
        assert_eq!(row.email, other);
        let told = letters(&instance).await;
        assert_eq!(told.len(), 4);
        for email in ["ada@obole.example", "ada@new.example"] {
            assert!(letter_to(&told[2..], email).subject.contains("has changed"));
        }
    }
}

#[tokio::test]
async fn a_reset_ends_all_sessions_and_works_once() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let sign_in = |password: &str| {
            let password = password.to_owned();
            testing::sign_in(
                app,
                SignIn { name: "ada".into(), password, browser: Browser::default() },
            )
        };
        let old = sign_in(PASSWORD).await.expect("signed in");
        let hashed = app.passwords_hashed();
        resets::ask(app, address("nobody@obole.example")).await.expect("the same answer");
        assert!(letters(&instance).await.is_empty());
        resets::ask(app, address("ada@obole.example")).await.expect("asked");
        assert_eq!(app.passwords_hashed(), hashed, "asking hashes nothing");
        let link = link_in(&last_letter(&instance).await);
        let weak = resets::finish(app, &link, "short".into()).await.expect_err("weak");
        assert_eq!(weak.code(), "password_too_short");
        resets::finish(app, &link, "another harbour".into()).await.expect("set");
        assert!(!is_signed_in(&instance, &old).await);
        assert!(sign_in(PASSWORD).await.is_err());
        sign_in("another harbour").await.expect("signed in");
        let used = resets::finish(app, &link, "a third harbour".into()).await.expect_err("used");
        assert_eq!(used.code(), "code_wrong");
        let kinds = last_letter(&instance).await.subject;
        assert!(kinds.contains("password"), "{kinds}");
    }
}

#[tokio::test]
async fn whoever_reads_the_mailbox_takes_over_what_a_stranger_prepared() {
    for instance in engines().await {
        let app = &instance.app;
        let eve = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect("signed up");
        let id = eve.session.account;
        let new = NewToken { name: String::new(), scopes: vec![Scope::Click] };
        let token = tokens::create(app, Actor::Page(id), id, new).await.expect("a token");
        // Later, so that it is the last letter.
        instance.at("2026-01-15T12:01:00Z");
        resets::ask(app, address("zoe@obole.example")).await.expect("asked");
        // Two letters leave within a moment, in any order.
        let letters = letters(&instance).await;
        let letter = letters.iter().find(|letter| letter.text.contains("/reset/"));
        let link = link_in(letter.expect("a letter with a way back in"));
        resets::finish(app, &link, "another harbour".into()).await.expect("set");
        assert!(!is_signed_in(&instance, &eve).await);
        assert_eq!(tokens::find(app, &token).await.expect("looked"), None);
        assert!(confirmed(&instance, id).await);
    }
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let sign_in = || SignIn {
            name: "ada".into(),
            password: PASSWORD.into(),
            browser: Browser::default(),
        };
        let other = testing::sign_in(app, sign_in()).await.expect("signed in");
        let here = testing::sign_in(app, sign_in()).await.expect("signed in");
        let change = |current: &str| (current.to_owned(), "another harbour".to_owned());
        let wrong =
            resets::change_password(app, &here.session, change("wrong"), &Browser::default()).await;
        assert_eq!(wrong.expect_err("wrong").code(), "password_wrong");
        assert!(is_signed_in(&instance, &other).await);
        let new =
            resets::change_password(app, &here.session, change(PASSWORD), &Browser::default())
                .await;
        let new = new.expect("changed");
        assert!(is_signed_in(&instance, &new).await);
        assert!(!is_signed_in(&instance, &other).await && !is_signed_in(&instance, &here).await);
    }
}

#[tokio::test]
async fn a_suspended_account_is_out_until_it_is_restored() {
    for instance in engines().await {
        let app = &instance.app;
        let (boss, ada) = (admin(app, "boss").await, account(app, "ada").await);
        let (by, stranger) = (Actor::Page(boss), Actor::Page(ada));
        let sign_in = || SignIn {
            name: "ada".into(),
            password: PASSWORD.into(),
            browser: Browser::default(),
        };
        let session = testing::sign_in(app, sign_in()).await.expect("signed in");
        let new = NewToken { name: String::new(), scopes: vec![Scope::Click] };
        let token = tokens::create(app, stranger, ada, new).await.expect("a token");
        assert!(suspensions::suspend(app, stranger, boss, "no").await.is_err());
        assert!(suspensions::suspend(app, by, boss, "myself").await.is_err());
        assert!(suspensions::suspend(app, by, ada, " ").await.is_err());
        suspensions::suspend(app, by, ada, "Invented claims.").await.expect("suspended");
        assert!(!is_signed_in(&instance, &session).await);
        assert_eq!(tokens::find(app, &token).await.expect("looked"), None);
        let refused = testing::sign_in(app, sign_in()).await.expect_err("suspended");
        assert_eq!(refused.code(), "account_suspended");
        assert!(last_letter(&instance).await.text.contains("Invented claims."));
        assert!(suspensions::restore(app, stranger, ada).await.is_err());
        suspensions::restore(app, by, ada).await.expect("restored");
        assert!(suspensions::restore(app, by, ada).await.is_err());
        testing::sign_in(app, sign_in()).await.expect("signed in again");
        let found = suspensions::search(app, by, "AD".into(), (String::new(), 10)).await;
        assert_eq!(found.expect("found").len(), 1);
        assert!(
            suspensions::search(app, stranger, String::new(), (String::new(), 10)).await.is_err()
        );
        let acts = ["account.suspend", "account.restore", "accounts.read"];
        assert!(actions(&instance).await.ends_with(&acts.map(str::to_owned)));
    }
}

#[tokio::test]
async fn the_first_administrator_is_made_with_a_link_that_works_once() {
    for instance in engines().await {
        let app = &instance.app;
        let link = set_up::link(app).await.expect("made").expect("needed");
        // The same from every node and at every start.
        assert_eq!(set_up::link(app).await.expect("made").as_ref(), Some(&link));
        assert!(link.starts_with("http://127.0.0.1:8080/set-up/"), "{link}");
        let token = |link: &str| link.rsplit_once('/').expect("a path").1.to_owned();
        let new = || NewAccount {
            handle: Handle::parse("admin").expect("a handle"),
            email: address("boss@obole.example"),
            name: "Operator".to_owned(),
            password: PASSWORD.to_owned(),
            language: None,
            is_admin: false,
            is_confirmed: false,
        };
        for wrong in [String::new(), "0".repeat(64)] {
            assert!(!set_up::is_open(app, &wrong).await.expect("looked"));
            assert!(set_up::create_admin(app, &wrong, new(), &Browser::default()).await.is_err());
        }
        assert!(set_up::is_open(app, &token(&link)).await.expect("looked"));
        let made = set_up::create_admin(app, &token(&link), new(), &Browser::default())
            .await
            .expect("made");
        assert!(made.session.is_admin && made.session.is_confirmed);
        assert!(is_signed_in(&instance, &made).await);
        let again = NewAccount { handle: Handle::parse("other").expect("one"), ..new() };
        assert!(
            set_up::create_admin(app, &token(&link), again, &Browser::default()).await.is_err()
        );
        assert_eq!(set_up::link(app).await.expect("looked"), None);
    }
}

#[tokio::test]
async fn the_link_is_closed_by_an_administrator_from_elsewhere() {
    for instance in engines().await {
        let app = &instance.app;
        let link = set_up::link(app).await.expect("made").expect("needed");
        let token = link.rsplit_once('/').expect("a path").1;
        assert!(set_up::is_open(app, token).await.expect("looked"));
        admin(app, "boss").await;
        assert!(!set_up::is_open(app, token).await.expect("looked"));
    }
}

#[tokio::test]
async fn signing_up_keeps_to_the_rules() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        for (handle, password, code) in [
            ("ada", PASSWORD, "handle_taken"),
            ("support", PASSWORD, "handle_taken"),
            ("zoe", "password123", "password_common"),
            ("zoe", "", "missing"),
        ] {
            let new =
                SignUp { password: password.to_owned(), ..newcomer(handle, "zoe@obole.example") };
            assert_eq!(sign_up(app, new).await.expect_err(code).code(), code);
        }
        policy::set_rule(app, Actor::CommandLine, Rule::Registration, "invitation".into())
            .await
            .expect("set");
        let refused = sign_up(app, newcomer("zoe", "zoe@obole.example")).await.expect_err("closed");
        assert_eq!(refused.code(), "registration_by_invitation");
        assert!(letters(&instance).await.is_empty());
    }
}

#[tokio::test]
async fn an_account_says_of_itself_what_it_wishes() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let profile = Profile {
            name: " Ada ".into(),
            language: "fr".into(),
            is_public: true,
            gives_unspent: true,
            keeps_details: true,
        };
        accounts::set_profile(app, ada, profile.clone()).await.expect("set");
        let row = accounts::find(app, ada).await.expect("found").expect("an account");
        assert_eq!((row.name.as_str(), row.language.as_str()), ("Ada", "fr"));
        assert!(row.is_public && row.gives_unspent && row.keeps_details);
        let long = Profile { name: "x".repeat(81), ..profile };
        assert_eq!(
            accounts::set_profile(app, ada, long).await.expect_err("long").code(),
            "too_long"
        );
    }
}
