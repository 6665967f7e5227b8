//! Sign-in, sessions, personal tokens.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use obole_app::accounts::{self, NewAccount};
use obole_app::audit_log::Actor;
use obole_app::sessions::{self, Browser, NewSession, Proof};
use obole_app::sign_in::SignIn;
use obole_app::testing::{self, Instance, PASSWORD, account, engines};
use obole_app::tokens::{self, NewToken};
use obole_app::{cleaning, outbox, resets};
use obole_domain::token::Scope;
use obole_domain::{EmailAddress, Handle};

fn proof(password: &str) -> Proof {
    Proof { password: password.to_owned(), ..Proof::default() }
}

async fn sign_in(instance: &Instance, name: &str, password: &str) -> obole_app::Result<NewSession> {
    let sign_in =
        SignIn { name: name.into(), password: password.into(), browser: Browser::default() };
    testing::sign_in(&instance.app, sign_in).await
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
        let refused =
            sessions::prove(app, &secret, proof("not the password")).await.expect_err("wrong");
        assert_eq!(refused.code(), "password_wrong");
        sessions::prove(app, &secret, proof(PASSWORD)).await.expect("proved");
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

/// A try from an address, in a browser with a device cookie or none.
async fn try_from(
    instance: &Instance,
    name: &str,
    password: &str,
    browser: (&str, &str),
) -> obole_app::Result<NewSession> {
    let (address, device) = (browser.0.to_owned(), browser.1.to_owned());
    let browser = Browser { name: String::new(), device, address };
    let sign_in = SignIn { name: name.into(), password: password.into(), browser };
    testing::sign_in(&instance.app, sign_in).await
}

/// One second later each time.
fn tick(instance: &Instance) {
    let next = instance.app.now().checked_add(SignedDuration::from_secs(1)).expect("a moment");
    instance.app.clock().set(next);
}

#[tokio::test]
async fn a_stranger_who_tries_each_second_takes_no_slot_of_the_owners() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let mut codes = BTreeMap::<String, usize>::new();
        let owner = ("198.51.100.7", "");
        for second in 0..120 {
            let wrong = try_from(&instance, "ada", "not the password", ("192.0.2.1", "")).await;
            *codes.entry(wrong.expect_err("wrong").code().to_owned()).or_default() += 1;
            if second == 25 {
                try_from(&instance, "ada", PASSWORD, owner).await.expect("the owner");
                let again = try_from(&instance, "ada", PASSWORD, owner).await;
                assert_eq!(again.expect_err("slow for everybody").code(), "too_many");
            }
            tick(&instance);
        }
        // Ten at once, then one each 20 seconds, and nothing after 30 tries from one address.
        assert_eq!(codes["sign_in_wrong"], 12, "{codes:?}");
        try_from(&instance, "ada", PASSWORD, owner).await.expect("the owner");
    }
}

/// From so many addresses that the slow slots of all strangers are used up: the owner comes in by
/// the browser in which they have signed in before.
#[tokio::test]
async fn a_known_device_has_slots_of_its_own() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let home = ("198.51.100.7", "");
        let known = try_from(&instance, "ada", PASSWORD, home).await.expect("signed in").device;
        for number in 0..60 {
            let address = format!("192.0.2.{number}");
            let wrong = try_from(&instance, "ada", "not the password", (&address, "")).await;
            wrong.expect_err("wrong");
        }
        let stranger = try_from(&instance, "ada", PASSWORD, ("203.0.113.1", "")).await;
        assert_eq!(stranger.expect_err("all slots are taken").code(), "too_many");
        let unknown = try_from(&instance, "ada", PASSWORD, ("203.0.113.1", "0123")).await;
        assert_eq!(unknown.expect_err("not its cookie").code(), "too_many");
        let next = try_from(&instance, "ada", PASSWORD, ("203.0.113.1", &known)).await;
        let next = next.expect("the owner").device;
        assert_ne!(next, known, "a cookie serves once");
        let old = try_from(&instance, "ada", PASSWORD, ("203.0.113.1", &known)).await;
        assert_eq!(old.expect_err("a stranger's now").code(), "too_many");

        // It is limited, too: ten tries, then slower.
        for _ in 0..9 {
            try_from(&instance, "ada", "wrong password", ("", &next)).await.expect_err("wrong");
        }
        for code in ["sign_in_wrong", "sign_in_wrong", "too_many"] {
            let wrong = try_from(&instance, "ada", "wrong password", ("", &next)).await;
            assert_eq!(wrong.expect_err("wrong").code(), code);
        }
    }
}

#[tokio::test]
async fn a_device_is_known_to_its_own_accounts_only() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        account(app, "eve").await;
        let device = try_from(&instance, "eve", PASSWORD, ("", "")).await.expect("in").device;
        for _ in 0..11 {
            try_from(&instance, "ada", "not the password", ("192.0.2.1", "")).await.expect_err("");
            try_from(&instance, "nobody", "not the password", ("192.0.2.1", ""))
                .await
                .expect_err("");
        }
        for name in ["ada", "nobody"] {
            let refused = try_from(&instance, name, PASSWORD, ("192.0.2.1", &device)).await;
            assert_eq!(refused.expect_err("a stranger").code(), "too_many", "{name}");
        }
        // One browser, two people: the cookie's next secret is known to both.
        instance.at("2026-01-15T12:30:00Z");
        let both = try_from(&instance, "ada", PASSWORD, ("", &device)).await.expect("in").device;
        for name in ["eve", "ada"] {
            for _ in 0..11 {
                let refused =
                    try_from(&instance, name, "not the password", ("192.0.2.2", "")).await;
                refused.expect_err("wrong");
            }
        }
        let device = try_from(&instance, "eve", PASSWORD, ("", &both)).await.expect("known").device;
        try_from(&instance, "ada", PASSWORD, ("", &device)).await.expect("known");
    }
}

#[tokio::test]
async fn a_new_password_and_half_a_year_make_a_device_a_stranger_again() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        let first = try_from(&instance, "ada", PASSWORD, ("", "")).await.expect("in");
        let new = "another quiet harbour".to_owned();
        let change = (PASSWORD.to_owned(), new.clone());
        let browser = Browser { device: String::new(), ..Browser::default() };
        let changed = resets::change_password(app, &first.session, change, &browser).await;
        let changed = changed.expect("changed");
        for _ in 0..11 {
            try_from(&instance, "ada", "not the password", ("192.0.2.1", "")).await.expect_err("");
        }
        let old = try_from(&instance, "ada", &new, ("192.0.2.1", &first.device)).await;
        assert_eq!(old.expect_err("a stranger").code(), "too_many");
        try_from(&instance, "ada", &new, ("192.0.2.1", &changed.device)).await.expect("known");
        assert_eq!(cleaning::clean(app).await.expect("cleaned").devices, 0);
        instance.at("2026-07-16T12:00:00Z");
        assert_eq!(cleaning::clean(app).await.expect("cleaned").devices, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_slow_tries_at_once_are_one_of_each_address() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        for _ in 0..10 {
            try_from(&instance, "ada", "not the password", ("192.0.2.1", "")).await.expect_err("");
        }
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let (app, address) = (app.clone(), format!("203.0.113.{}", number % 2));
                tokio::spawn(async move {
                    let browser = Browser { address, ..Browser::default() };
                    let (name, password) = ("ada".to_owned(), "not the password".to_owned());
                    let sign_in = SignIn { name, password, browser };
                    testing::sign_in(&app, sign_in).await.expect_err("wrong").code().to_owned()
                })
            })
            .collect();
        let mut answered = 0;
        for task in tasks {
            answered += usize::from(task.await.expect("a task") == "sign_in_wrong");
        }
        assert_eq!(answered, 2);
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

/// The subjects of the mails about new browsers, delivered so far.
async fn written_about(instance: &Instance) -> usize {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    letters.iter().filter(|letter| letter.subject.contains("new browser")).count()
}

#[tokio::test]
async fn a_browser_that_is_new_to_an_account_is_written_about() {
    for instance in engines().await {
        let app = &instance.app;
        account(app, "ada").await;
        account(app, "eve").await;
        let first = try_from(&instance, "ada", PASSWORD, ("", "")).await.expect("in").device;
        assert_eq!(written_about(&instance).await, 0, "the first of a new account");
        let second = try_from(&instance, "ada", PASSWORD, ("", &first)).await.expect("in").device;
        assert_eq!(written_about(&instance).await, 0, "the same again");
        try_from(&instance, "ada", PASSWORD, ("", &first)).await.expect("in");
        assert_eq!(written_about(&instance).await, 1, "its cookie is another one now");
        let hers = try_from(&instance, "eve", PASSWORD, ("", &second)).await.expect("in").device;
        assert_eq!(written_about(&instance).await, 1, "the first of a new account, too");
        try_from(&instance, "ada", PASSWORD, ("", &hers)).await.expect("in");
        assert_eq!(written_about(&instance).await, 1, "one browser, two people");

        // Long unused, the devices are forgotten and the account is not new any more.
        instance.at("2026-08-16T12:00:00Z");
        cleaning::clean(app).await.expect("cleaned");
        try_from(&instance, "ada", PASSWORD, ("", "")).await.expect("in");
        assert_eq!(written_about(&instance).await, 2);

        // Whose address is not confirmed is not written to.
        let new = new_account("zoe", "zoe@obole.example", false);
        accounts::create(app, Actor::CommandLine, new).await.expect("an account");
        try_from(&instance, "zoe", PASSWORD, ("", "")).await.expect("in");
        try_from(&instance, "zoe", PASSWORD, ("", "")).await.expect("in");
        assert_eq!(written_about(&instance).await, 2);
    }
}

#[tokio::test]
async fn all_sessions_but_this_one_are_ended_at_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        let mut hers = Vec::new();
        for _ in 0..3 {
            hers.push(sign_in(&instance, "ada", PASSWORD).await.expect("signed in"));
        }
        sign_in(&instance, "eve", PASSWORD).await.expect("signed in");
        assert_eq!(sessions::end_others(app, &hers[1].session).await.expect("ended"), 2);
        let left = sessions::list(app, ada).await.expect("listed");
        assert_eq!(left.iter().map(|line| line.id).collect::<Vec<_>>(), [hers[1].session.id]);
        assert_eq!(sessions::list(app, eve).await.expect("listed").len(), 1, "nobody else’s");
    }
}
