//! Passkeys, as an authenticator of our own makes them and signs with them.

use jiff::SignedDuration;
use obole_app::passkeys::{self, Answered, Question};
use obole_app::sessions::{self, Browser, NewSession, Session};
use obole_app::sign_in::SignIn;
use obole_app::testing::{
    self, Authenticator, Instance, PASSWORD, account, engines, engines_changed,
};
use obole_app::{App, outbox, second_factors};
use obole_store::db::sql;

const VISIT: &str = "a visit";

async fn enter(app: &App, handle: &str) -> NewSession {
    let (name, password) = (handle.to_owned(), PASSWORD.to_owned());
    let how = SignIn { name, password, browser: Browser::default() };
    testing::sign_in(app, how).await.expect("signed in")
}

async fn add(app: &App, ada: &NewSession, key: &mut Authenticator) -> obole_app::Result<()> {
    let question = passkeys::start_registration(app, &ada.secret, &ada.session).await?;
    let answered = key.make(&question);
    register(app, ada, &answered, "Telephone").await
}

async fn register(
    app: &App,
    ada: &NewSession,
    answered: &Answered,
    name: &str,
) -> obole_app::Result<()> {
    passkeys::finish_registration(app, &ada.secret, &ada.session, (answered, name)).await
}

async fn asked(app: &App) -> Question {
    passkeys::start_sign_in(app, VISIT).await.expect("a question")
}

async fn sign_in(app: &App, answered: &Answered) -> obole_app::Result<NewSession> {
    passkeys::finish_sign_in(app, VISIT, answered, &Browser::default()).await
}

/// An account with one passkey and a session of a password.
async fn with_passkey(instance: &Instance) -> (NewSession, Authenticator) {
    account(&instance.app, "ada").await;
    let ada = enter(&instance.app, "ada").await;
    let mut key = Authenticator::default();
    add(&instance.app, &ada, &mut key).await.expect("added");
    (ada, key)
}

async fn is_stopped(app: &App, session: &Session) -> bool {
    let keys = passkeys::list(app, session.account).await.expect("listed");
    keys.iter().any(|key| key.stopped_at.is_some())
}

fn later(instance: &Instance, seconds: i64) {
    let at = instance.app.now().saturating_add(SignedDuration::from_secs(seconds));
    instance.app.clock().set(at.expect("a moment"));
}

async fn subjects(instance: &Instance) -> Vec<String> {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    letters.into_iter().map(|letter| letter.subject).collect()
}

#[tokio::test]
async fn one_signs_in_without_a_name_and_proves_it_again() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        let answered = key.answer(&asked(app).await);
        let new = sign_in(app, &answered).await.expect("signed in");
        assert_eq!(new.session.account, ada.session.account);
        let found = sessions::find(app, &new.secret).await.expect("found");
        assert_eq!(found, Some(new.session));
        later(&instance, 700);
        let session = sessions::find(app, &new.secret).await.expect("found").expect("open");
        assert!(!sessions::is_fresh(&session, app.now()));
        let question = passkeys::start_proof(app, &new.secret, &session).await.expect("asked");
        let answered = key.answer(&question);
        passkeys::finish_proof(app, &new.secret, &session, &answered).await.expect("proved");
        let session = sessions::find(app, &new.secret).await.expect("found").expect("open");
        assert!(sessions::is_fresh(&session, app.now()));
        let listed = passkeys::list(app, session.account).await.expect("listed");
        assert_eq!((listed.len(), listed[0].used_at), (1, Some(app.now())));
        assert_eq!(listed[0].name, "Telephone");
        let told = subjects(&instance).await;
        assert!(told.iter().any(|subject| subject.contains("passkey was added")), "{told:?}");
    }
}

#[tokio::test]
async fn the_question_is_the_same_for_everybody_and_wants_its_owner_seen() {
    for instance in engines().await {
        let app = &instance.app;
        let before = asked(app).await.options["publicKey"].clone();
        let (ada, _) = with_passkey(&instance).await;
        let mut after = asked(app).await.options["publicKey"].clone();
        after["challenge"] = before["challenge"].clone();
        assert_eq!(before, after, "it tells nobody whether there are passkeys (A1)");
        assert_eq!(before["userVerification"], "required");
        assert_eq!(before["rpId"], "localhost");
        assert!(before["allowCredentials"].as_array().is_none_or(Vec::is_empty), "{before}");
        let made = passkeys::start_registration(app, &ada.secret, &ada.session).await;
        let made = made.expect("asked").options["publicKey"].clone();
        let selection = &made["authenticatorSelection"];
        assert_eq!(selection["residentKey"], "required", "{made}");
        assert_eq!(selection["requireResidentKey"], true);
        assert_eq!(selection["userVerification"], "required");
        assert_eq!(made["excludeCredentials"].as_array().map(Vec::len), Some(1));
    }
}

#[tokio::test]
async fn an_answer_counts_once_in_the_browser_that_was_asked_and_for_what_it_was() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        let wrong = |ended: obole_app::Result<NewSession>| {
            assert_eq!(ended.expect_err("refused").code(), "passkey_wrong");
        };
        let answered = key.answer(&asked(app).await);
        sign_in(app, &answered).await.expect("signed in");
        wrong(sign_in(app, &answered).await);

        let answered = key.answer(&asked(app).await);
        let elsewhere =
            passkeys::finish_sign_in(app, "another visit", &answered, &Browser::default()).await;
        wrong(elsewhere);
        sign_in(app, &answered).await.expect("the right browser still may");

        let answered = key.answer(&asked(app).await);
        later(&instance, 300);
        wrong(sign_in(app, &answered).await);

        let session = enter(app, "ada").await;
        let proof = passkeys::start_proof(app, &session.secret, &session.session).await;
        let answered = key.answer(&proof.expect("asked"));
        wrong(passkeys::finish_sign_in(app, &session.secret, &answered, &Browser::default()).await);

        for nonsense in ["", "{}", "null", "[1]", "{\"id\":\"\"}"] {
            let question = asked(app).await;
            let credential = nonsense.to_owned();
            wrong(sign_in(app, &Answered { challenge: question.challenge, credential }).await);
        }
        // The answer to one question is none to another.
        let (one, other) = (asked(app).await, asked(app).await);
        let answered = Answered { challenge: other.challenge, ..key.answer(&one) };
        wrong(sign_in(app, &answered).await);
        assert!(!is_stopped(app, &ada.session).await);
    }
}

#[tokio::test]
async fn a_page_that_pretends_and_an_owner_who_was_not_seen_are_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        key.origin = "http://evil.example".to_owned();
        let answered = key.answer(&asked(app).await);
        assert_eq!(sign_in(app, &answered).await.expect_err("phished").code(), "passkey_wrong");
        key.origin = "http://localhost:4711".to_owned();
        let answered = key.answer(&asked(app).await);
        sign_in(app, &answered).await.expect("any port of this machine");
        key.party = "evil.example".to_owned();
        let answered = key.answer(&asked(app).await);
        assert_eq!(sign_in(app, &answered).await.expect_err("not ours").code(), "passkey_wrong");
        key.party = "localhost".to_owned();
        key.is_verified = false;
        let answered = key.answer(&asked(app).await);
        assert_eq!(sign_in(app, &answered).await.expect_err("unseen").code(), "passkey_wrong");
        let refused = add(app, &ada, &mut key).await.expect_err("unseen");
        assert_eq!(refused.code(), "passkey_wrong");
    }
}

#[tokio::test]
async fn a_counter_that_goes_back_stops_the_key_and_its_owner_is_told() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        key.counter = 10;
        let answered = key.answer(&asked(app).await);
        sign_in(app, &answered).await.expect("signed in");
        key.counter = 5;
        let answered = key.answer(&asked(app).await);
        let copy = sign_in(app, &answered).await.expect_err("a copy");
        assert_eq!(copy.code(), "passkey_stopped");
        assert!(is_stopped(app, &ada.session).await);
        key.counter = 20;
        let answered = key.answer(&asked(app).await);
        let stopped = sign_in(app, &answered).await.expect_err("stopped for good");
        assert_eq!(stopped.code(), "passkey_stopped");
        let proof = passkeys::start_proof(app, &ada.secret, &ada.session).await;
        assert_eq!(proof.expect_err("none stands").code(), "passkey_wrong");
        let told = subjects(&instance).await;
        assert!(told.iter().any(|subject| subject.contains("was stopped")), "{told:?}");
        let logged = app.read((), |read, ()| {
            Box::pin(async move { Ok(obole_store::audit_log::after(read, 0, 100).await?) })
        });
        let logged = logged.await.expect("read");
        assert_eq!(logged.iter().filter(|l| l.record.action == "passkey.stop").count(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_with_one_answer_one_comes_in() {
    for instance in engines_changed(&|config| config.limits.off = true).await {
        let app = &instance.app;
        let (_, mut key) = with_passkey(&instance).await;
        let answered = key.answer(&asked(app).await);
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let (app, answered) = (app.clone(), answered.clone());
                tokio::spawn(async move { sign_in(&app, &answered).await.is_ok() })
            })
            .collect();
        let mut entered = 0;
        for task in tasks {
            entered += usize::from(task.await.expect("a task"));
        }
        assert_eq!(entered, 1);
    }
}

#[tokio::test]
async fn keys_are_made_named_and_removed_after_a_fresh_proof_only() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        let id = passkeys::list(app, ada.session.account).await.expect("listed")[0].id;
        let question = passkeys::start_registration(app, &ada.secret, &ada.session).await;
        let answered = key.make(&question.expect("asked"));
        assert_eq!(register(app, &ada, &answered, " ").await.expect_err("none").code(), "missing");
        let long = "x".repeat(61);
        let refused = register(app, &ada, &answered, &long).await.expect_err("long");
        assert_eq!(refused.code(), "too_long");
        register(app, &ada, &answered, "Second").await.expect("the question stands still");
        let again = register(app, &ada, &answered, "Third").await.expect_err("used");
        assert_eq!(again.code(), "passkey_wrong");

        let eve = {
            account(app, "eve").await;
            enter(app, "eve").await
        };
        assert!(passkeys::rename(app, &eve.session, id, "Mine").await.is_err());
        assert!(passkeys::remove(app, &eve.session, id).await.is_err());
        passkeys::rename(app, &ada.session, id, "Blue key").await.expect("renamed");
        later(&instance, 600);
        let stale = passkeys::remove(app, &ada.session, id).await;
        assert_eq!(stale.expect_err("stale"), obole_app::Error::ProofNeeded);
        let stale = passkeys::rename(app, &ada.session, id, "x").await;
        assert_eq!(stale.expect_err("stale"), obole_app::Error::ProofNeeded);
        let stale = passkeys::start_registration(app, &ada.secret, &ada.session).await;
        assert_eq!(stale.expect_err("stale"), obole_app::Error::ProofNeeded);
        let fresh = enter(app, "ada").await.session;
        let listed = passkeys::list(app, fresh.account).await.expect("listed");
        assert_eq!(listed.iter().filter(|row| row.name == "Blue key").count(), 1);
        let second = listed.iter().find(|row| row.name == "Second").expect("the second").id;
        passkeys::remove(app, &fresh, second).await.expect("removed");
        let answered = key.answer(&asked(app).await);
        let gone = sign_in(app, &answered).await.expect_err("removed");
        assert_eq!(gone.code(), "passkey_wrong");
    }
}

#[tokio::test]
async fn the_last_means_of_signing_in_stays() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        let id = ada.session.account;
        let forget = app.store().write((), move |tx, ()| {
            Box::pin(async move {
                let none = sql("update accounts set password_hash = '' where id = $1").bind(id);
                none.execute(tx).await
            })
        });
        forget.await.expect("an account without a password");
        let first = passkeys::list(app, id).await.expect("listed")[0].id;
        let refused = passkeys::remove(app, &ada.session, first).await.expect_err("the last");
        assert_eq!(refused.code(), "last_means");
        add(app, &ada, &mut key).await.expect("another");
        passkeys::remove(app, &ada.session, first).await.expect("removed");
        let answered = key.answer(&asked(app).await);
        sign_in(app, &answered).await.expect("the other one does");
    }
}

#[tokio::test]
async fn an_account_has_twenty_passkeys_at_most() {
    for instance in engines_changed(&|config| config.limits.off = true).await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        for _ in 1..20 {
            add(app, &ada, &mut key).await.expect("added");
        }
        let refused = add(app, &ada, &mut key).await.expect_err("full");
        assert_eq!(refused.code(), "passkeys_full");
    }
}

#[tokio::test]
async fn a_passkey_asks_for_no_code() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, mut key) = with_passkey(&instance).await;
        second_factors::begin(app, &ada.session).await.expect("begun");
        let answered = key.answer(&asked(app).await);
        sign_in(app, &answered).await.expect("signed in");
    }
}

#[tokio::test]
async fn at_an_address_that_is_a_number_nobody_is_asked() {
    let set = |base: &'static str| {
        move |config: &mut obole_app::Config| {
            base.clone_into(&mut config.server.base_url);
            config.limits.cheap_passwords = false;
        }
    };
    let instance = testing::sqlite_with(set("https://192.0.2.1")).await;
    let refused = passkeys::start_sign_in(&instance.app, VISIT).await.expect_err("no name");
    assert_eq!(refused.code(), "passkeys_impossible");
    let instance = testing::sqlite_with(set("https://obole.example:8443/")).await;
    let question = asked(&instance.app).await;
    assert_eq!(question.options["publicKey"]["rpId"], "obole.example");
}
