//! Sign-in, sessions, personal tokens.

use obole_app::accounts::{self, NewAccount};
use obole_app::audit_log::Actor;
use obole_app::sessions::{self, NewSession, SignIn};
use obole_app::testing::{Instance, PASSWORD, account, engines};
use obole_app::tokens::{self, NewToken};
use obole_domain::token::Scope;
use obole_domain::{EmailAddress, Handle};

async fn sign_in(instance: &Instance, name: &str, password: &str) -> obole_app::Result<NewSession> {
    let sign_in =
        SignIn { name: name.into(), password: password.into(), browser: "Test browser".into() };
    sessions::sign_in(&instance.app, sign_in).await
}

fn new_account(handle: &str, email: &str, is_confirmed: bool) -> NewAccount {
    NewAccount {
        handle: Handle::parse(handle).expect("a handle"),
        email: EmailAddress::parse(email).expect("an address"),
        name: "Ada".to_owned(),
        password: PASSWORD.to_owned(),
        language: None,
        is_admin: false,
        is_confirmed,
    }
}

#[tokio::test]
async fn a_session_begins_by_handle_or_address_and_ends_at_sign_out() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        for name in ["ada", " @Ada ", "ada@obole.example", "ADA@Obole.Example"] {
            let new = sign_in(&instance, name, PASSWORD).await.expect("signed in");
            assert_eq!((new.session.account, new.session.name.as_str()), (ada, "ada"));
            assert!(new.session.is_confirmed && !new.session.is_admin);
            let found = sessions::find(app, &new.secret).await.expect("found");
            assert_eq!(found, Some(new.session));
            sessions::sign_out(app, &new.secret).await.expect("signed out");
            assert_eq!(sessions::find(app, &new.secret).await.expect("found"), None);
        }
        assert_eq!(sessions::find(app, "").await.expect("found"), None);
    }
}

#[tokio::test]
async fn known_and_unknown_names_are_answered_alike_and_cost_the_same() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let new = new_account("eve", "eve@obole.example", false);
        accounts::create(app, Actor::CommandLine, new).await.expect("an account");
        let cases = [
            ("ada@obole.example", 2),
            ("eve@obole.example", 2),
            ("nobody@obole.example", 2),
            ("ada", 1),
            ("nobody", 1),
            ("<no name>", 1),
            ("", 1),
        ];
        for (name, hashes) in cases {
            let before = app.passwords_hashed();
            let refused = sign_in(&instance, name, "not the password").await.expect_err(name);
            assert_eq!(refused.code(), "sign_in_wrong", "{name}");
            assert_eq!(app.passwords_hashed() - before, hashes, "{name}");
        }
        sign_in(&instance, "eve@obole.example", PASSWORD).await.expect("the newcomer too");
    }
}

#[tokio::test]
async fn an_unused_session_ends_after_14_days_and_any_after_90() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let idle = sign_in(&instance, "ada", PASSWORD).await.expect("signed in").secret;
        let used = sign_in(&instance, "ada", PASSWORD).await.expect("signed in").secret;
        instance.at("2026-01-28T12:00:00Z");
        assert!(sessions::find(app, &used).await.expect("found").is_some());
        instance.at("2026-01-29T12:00:00Z");
        assert!(sessions::find(app, &idle).await.expect("found").is_none());
        for day in ["02-10", "02-23", "03-08", "03-21", "04-03", "04-14"] {
            instance.at(&format!("2026-{day}T12:00:00Z"));
            assert!(sessions::find(app, &used).await.expect("found").is_some(), "{day}");
        }
        instance.at("2026-04-15T12:00:00Z");
        assert!(sessions::find(app, &used).await.expect("found").is_none());
    }
}

#[tokio::test]
async fn a_proof_is_fresh_for_ten_minutes() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let secret = sign_in(&instance, "ada", PASSWORD).await.expect("signed in").secret;
        instance.at("2026-01-15T12:09:59Z");
        let session = sessions::find(app, &secret).await.expect("found").expect("open");
        assert!(sessions::is_fresh(&session, app.now()));
        instance.at("2026-01-15T12:10:00Z");
        assert!(!sessions::is_fresh(&session, app.now()));
        let refused = sessions::prove(app, &secret, "not the password").await.expect_err("wrong");
        assert_eq!(refused.code(), "password_wrong");
        sessions::prove(app, &secret, PASSWORD).await.expect("proved");
        let session = sessions::find(app, &secret).await.expect("found").expect("open");
        assert!(sessions::is_fresh(&session, app.now()));
    }
}

#[tokio::test]
async fn one_session_is_ended_by_its_owner_only() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        let one = sign_in(&instance, "ada", PASSWORD).await.expect("signed in");
        let other = sign_in(&instance, "ada", PASSWORD).await.expect("signed in");
        assert_eq!(sessions::list(app, ada).await.expect("listed").len(), 2);
        assert!(sessions::end(app, eve, one.session.id).await.is_err());
        sessions::end(app, ada, one.session.id).await.expect("ended");
        assert_eq!(sessions::find(app, &one.secret).await.expect("found"), None);
        assert!(sessions::find(app, &other.secret).await.expect("found").is_some());
    }
}

#[tokio::test]
async fn tries_get_slower_and_nobody_is_locked_out() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        for _ in 0..11 {
            sign_in(&instance, "ada", "not the password").await.expect_err("wrong");
        }
        let refused = sign_in(&instance, "ada", PASSWORD).await.expect_err("too many");
        assert_eq!(refused.code(), "too_many");
        instance.at("2026-01-15T12:00:20Z");
        sign_in(&instance, "ada", PASSWORD).await.expect("after a while");
    }
}

#[tokio::test]
async fn an_operators_account_has_a_handle_and_an_address_of_its_own() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let cases = [
            ("ada", "other@obole.example", "handle_taken"),
            ("other", "ada@obole.example", "email_taken"),
        ];
        for (handle, email, code) in cases {
            let new = new_account(handle, email, true);
            let refused = accounts::create(app, Actor::CommandLine, new).await.expect_err(code);
            assert_eq!(refused.code(), code);
        }
        let weak = NewAccount {
            password: "password123".into(),
            ..new_account("weak", "weak@obole.example", true)
        };
        let refused = accounts::create(app, Actor::CommandLine, weak).await.expect_err("weak");
        assert_eq!(refused.code(), "password_common");
    }
}

#[tokio::test]
async fn a_token_allows_what_it_says_until_it_is_revoked() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let new = NewToken { name: "Script".into(), scopes: vec![Scope::Click] };
        let text = tokens::create(app, Actor::Page(ada), ada, new).await.expect("a token");
        let grant = tokens::find(app, &text).await.expect("found").expect("standing");
        assert_eq!((grant.account, grant.handle.as_str()), (ada, "ada"));
        assert!(grant.allows(Scope::Click) && !grant.allows(Scope::Budget));
        let mut other = text.clone();
        other.replace_range(7..8, if text.as_bytes()[7] == b'0' { "1" } else { "0" });
        assert_eq!(tokens::find(app, &other).await.expect("found"), None);
        let eve = account(app, "eve").await;
        assert!(tokens::revoke(app, Actor::Page(eve), eve, grant.id).await.is_err());
        tokens::revoke(app, Actor::Page(ada), ada, grant.id).await.expect("revoked");
        assert_eq!(tokens::find(app, &text).await.expect("found"), None);
        assert!(tokens::list(app, ada).await.expect("listed").is_empty());
        let none = NewToken { name: String::new(), scopes: Vec::new() };
        assert!(tokens::create(app, Actor::Page(ada), ada, none).await.is_err());
    }
}
