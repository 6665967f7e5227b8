//! The second factor, its recovery codes, and an administrator's help with it. Codes are made by
//! oathtool, as an app makes them.

use std::process::Command;

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::second_factors::{self, Standing};
use obole_app::sessions::{self, Browser, NewSession, Proof, Session};
use obole_app::sign_in::{self, Entered, SignIn};
use obole_app::testing::{Instance, PASSWORD, account, admin, engines};
use obole_app::{App, cleaning, outbox, resets, second_factor_help, suspensions};
use obole_domain::{AccountId, EmailAddress};

fn how(password: &str, browser: Browser) -> SignIn {
    SignIn { name: "ada".to_owned(), password: password.to_owned(), browser }
}

async fn enter(app: &App) -> obole_app::Result<Entered> {
    sign_in::sign_in(app, how(PASSWORD, Browser::default())).await
}

async fn half(app: &App) -> String {
    match enter(app).await.expect("the password is right") {
        Entered::Half(half) => half,
        Entered::In(_) => panic!("no code was asked for"),
    }
}

/// The code that an app shows at the instance's time, or so many seconds later.
fn code(instance: &Instance, seed: &str, later: i64) -> String {
    let at = instance.app.now().saturating_add(SignedDuration::from_secs(later)).expect("a moment");
    let at = format!("@{}", at.as_second());
    let made = Command::new("oathtool").args(["--totp", "-b", "--now", &at, seed]).output();
    let made = made.expect("oathtool must be installed (Debian: oathtool)");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).expect("digits").trim().to_owned()
}

/// A session of an account, its second factor's seed and its recovery codes.
struct Ada {
    session: Session,
    secret: String,
    seed: String,
    codes: Vec<String>,
}

async fn with_factor(instance: &Instance) -> Ada {
    let app = &instance.app;
    account(app, "ada").await;
    let new = enter(app).await.expect("signed in").session().expect("no code yet");
    second_factors::begin(app, &new.session).await.expect("begun");
    let seed = second_factors::enrolment(app, &new.session).await.expect("read");
    let seed = seed.expect("a seed").typed;
    let first = code(instance, &seed, 0);
    let codes = second_factors::confirm(app, &new.session, &first).await.expect("confirmed");
    later(instance, 60);
    Ada { session: new.session, secret: new.secret, seed, codes }
}

fn later(instance: &Instance, seconds: i64) {
    let at = instance.app.now().saturating_add(SignedDuration::from_secs(seconds));
    instance.app.clock().set(at.expect("a moment"));
}

async fn finish(app: &App, half: &str, code: &str) -> obole_app::Result<NewSession> {
    sign_in::finish(app, half, code, &Browser::default()).await
}

async fn subjects(instance: &Instance) -> Vec<String> {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    letters.into_iter().map(|letter| letter.subject).collect()
}

async fn standing(app: &App, account: AccountId) -> Standing {
    second_factors::standing(app, account).await.expect("read")
}

#[tokio::test]
async fn it_is_on_once_the_app_has_shown_a_code() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let session = enter(app).await.expect("in").session().expect("no code").session;
        assert!(second_factors::enrolment(app, &session).await.expect("read").is_none());
        second_factors::begin(app, &session).await.expect("begun");
        let first = second_factors::enrolment(app, &session).await.expect("read").expect("a seed");
        second_factors::begin(app, &session).await.expect("begun again");
        let seed = second_factors::enrolment(app, &session).await.expect("read").expect("a seed");
        assert_ne!(first.typed, seed.typed, "a seed that was shown is not shown again");
        assert_eq!(seed.typed.len(), 32, "160 bits");
        let address = &seed.address;
        assert!(address.starts_with("otpauth://totp/Obole:ada?secret="), "{address}");
        assert!(address.contains(&seed.typed) && address.contains("issuer=Obole"), "{address}");
        assert!(enter(app).await.expect("in").session().is_some(), "not on yet");

        let old = code(&instance, &first.typed, 0);
        let wrong = second_factors::confirm(app, &session, &old).await.expect_err("another seed");
        assert_eq!(wrong.code(), "second_code_wrong");
        let right = code(&instance, &seed.typed, 0);
        let codes = second_factors::confirm(app, &session, &right).await.expect("on");
        assert_eq!(codes.len(), 10);
        let now = standing(app, ada).await;
        assert_eq!((now.on_since, now.codes_left), (Some(app.now()), 10));
        assert!(enter(app).await.expect("half").session().is_none());
        assert!(second_factors::enrolment(app, &session).await.expect("read").is_none(), "hidden");
        let again = second_factors::begin(app, &session).await.expect_err("it is on");
        assert_eq!(again.code(), "second_factor_moved");
        let subjects = subjects(&instance).await;
        assert!(subjects.iter().any(|s| s.contains("now asks for a code")), "{subjects:?}");
    }
}

#[tokio::test]
async fn everything_about_it_needs_a_fresh_proof() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        later(&instance, 600);
        let is_refused = |error: obole_app::Error| matches!(error, obole_app::Error::ProofNeeded);
        assert!(is_refused(second_factors::begin(app, &ada.session).await.expect_err("stale")));
        assert!(is_refused(second_factors::end(app, &ada.session).await.expect_err("stale")));
        let stale = second_factors::renew_codes(app, &ada.session).await;
        assert!(is_refused(stale.expect_err("stale")));
        let stale = second_factors::confirm(app, &ada.session, "000000").await;
        assert!(is_refused(stale.expect_err("stale")));
        assert!(second_factors::enrolment(app, &ada.session).await.expect("read").is_none());
        let change = (PASSWORD.to_owned(), "another harbour".to_owned());
        let stale = resets::change_password(app, &ada.session, change, &Browser::default()).await;
        assert!(is_refused(stale.expect_err("the old password alone is no proof")));

        // The password alone is none where the factor is on.
        let prove = |code: String| {
            sessions::prove(app, &ada.secret, Proof { password: PASSWORD.to_owned(), code })
        };
        assert_eq!(prove(String::new()).await.expect_err("no code").code(), "second_code_wrong");
        let session = sessions::find(app, &ada.secret).await.expect("found").expect("open");
        assert!(!sessions::is_fresh(&session, app.now()));
        prove(code(&instance, &ada.seed, 0)).await.expect("proved");
        let session = sessions::find(app, &ada.secret).await.expect("found").expect("open");
        second_factors::end(app, &session).await.expect("off");
        assert_eq!(standing(app, session.account).await, Standing::default());
        assert!(enter(app).await.expect("in").session().is_some());
    }
}

#[tokio::test]
async fn a_code_comes_second_and_counts_once() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        let half_one = half(app).await;
        assert!(sign_in::is_half(app, &half_one).await.expect("read"));
        assert!(sessions::find(app, &half_one).await.expect("read").is_none(), "no session");
        for wrong in ["000000", "12345", "", "nonsense", &code(&instance, &ada.seed, -120)] {
            let refused = finish(app, &half_one, wrong).await.expect_err(wrong);
            assert_eq!(refused.code(), "second_code_wrong", "{wrong}");
        }
        let right = code(&instance, &ada.seed, 0);
        let spaced = format!(" {} {} ", &right[..3], &right[3..]);
        let new = finish(app, &half_one, &spaced).await.expect("signed in");
        assert!(sessions::find(app, &new.secret).await.expect("found").is_some());
        let used = finish(app, &half_one, &right).await.expect_err("the half is used");
        assert_eq!(used.code(), "sign_in_over");
        let half_two = half(app).await;
        let again = finish(app, &half_two, &right).await.expect_err("the code is used");
        assert_eq!(again.code(), "second_code_wrong");
        let before = code(&instance, &ada.seed, -30);
        let earlier = finish(app, &half_two, &before).await.expect_err("and those before");
        assert_eq!(earlier.code(), "second_code_wrong");
        let next = code(&instance, &ada.seed, 30);
        finish(app, &half_two, &next).await.expect("a clock that is half a minute off");
    }
}

#[tokio::test]
async fn a_half_sign_in_ends_by_itself_and_with_the_password() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        let old = half(app).await;
        later(&instance, 600);
        let late = finish(app, &old, &code(&instance, &ada.seed, 0)).await.expect_err("too late");
        assert_eq!(late.code(), "sign_in_over");
        assert!(!sign_in::is_half(app, &old).await.expect("read"));
        assert_eq!(cleaning::clean(app).await.expect("cleaned").unanswered, 1);

        let stolen = half(app).await;
        let email = EmailAddress::parse("ada@obole.example").expect("an address");
        resets::ask(app, email).await.expect("asked");
        outbox::deliver(app).await.expect("delivered");
        let letters = app.mailer().as_memory().expect("memory").letters();
        let letter = letters.iter().find(|letter| letter.text.contains("/reset/")).expect("a link");
        let link = letter.text.lines().find_map(|line| line.split_once("/reset/")).expect("a link");
        resets::finish(app, link.1.trim(), "another harbour".to_owned()).await.expect("set");
        assert!(!sign_in::is_half(app, &stolen).await.expect("read"), "the password is another");

        // A new password by mail does not get round the second factor (A1).
        let entered = sign_in::sign_in(app, how("another harbour", Browser::default())).await;
        assert!(entered.expect("the password is right").session().is_none());
        assert!(standing(app, ada.session.account).await.on_since.is_some());

        let boss = admin(app, "boss").await;
        let again = sign_in::sign_in(app, how("another harbour", Browser::default())).await;
        let Entered::Half(again) = again.expect("half") else { panic!("a code is asked for") };
        suspensions::suspend(app, Actor::Page(boss), ada.session.account, "Why")
            .await
            .expect("out");
        let out = finish(app, &again, &code(&instance, &ada.seed, 0)).await.expect_err("suspended");
        assert_eq!(out.code(), "sign_in_over");
    }
}

/// Fifty with the same code, each with a sign-in of their own: one comes in.
async fn fifty(instance: &Instance, code: &str) -> usize {
    let app = &instance.app;
    let mut halves = Vec::new();
    for _ in 0..50 {
        halves.push(half(app).await);
    }
    let tasks: Vec<_> = halves
        .into_iter()
        .map(|half| {
            let (app, code) = (app.clone(), code.to_owned());
            tokio::spawn(async move { finish(&app, &half, &code).await.is_ok() })
        })
        .collect();
    let mut entered = 0;
    for task in tasks {
        entered += usize::from(task.await.expect("a task"));
    }
    entered
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_with_one_code_one_comes_in() {
    for instance in obole_app::testing::engines_changed(&|config| config.limits.off = true).await {
        let ada = with_factor(&instance).await;
        let right = code(&instance, &ada.seed, 0);
        assert_eq!(fifty(&instance, &right).await, 1, "the app's code");
        assert_eq!(fifty(&instance, &ada.codes[0]).await, 1, "a recovery code");
        assert_eq!(standing(&instance.app, ada.session.account).await.codes_left, 9);
    }
}

#[tokio::test]
async fn a_recovery_code_stands_in_once_and_new_ones_replace_all() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        let mut unique = ada.codes.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 10);
        let typed = ada.codes[3].to_lowercase().replace('-', " ");
        let new = finish(app, &half(app).await, &typed).await.expect("signed in");
        assert!(sessions::is_fresh(&new.session, app.now()), "so that one can set up another");
        let used = finish(app, &half(app).await, &ada.codes[3]).await.expect_err("used");
        assert_eq!(used.code(), "second_code_wrong");
        assert_eq!(standing(app, ada.session.account).await.codes_left, 9);
        let told = subjects(&instance).await;
        assert!(told.iter().any(|subject| subject.contains("recovery code")), "{told:?}");

        let renewed = second_factors::renew_codes(app, &new.session).await.expect("renewed");
        assert_eq!(standing(app, ada.session.account).await.codes_left, 10);
        let old = finish(app, &half(app).await, &ada.codes[4]).await.expect_err("worth nothing");
        assert_eq!(old.code(), "second_code_wrong");
        finish(app, &half(app).await, &renewed[4]).await.expect("signed in");

        // Another account's codes are another's.
        second_factors::end(app, &new.session).await.expect("off");
        assert_eq!(standing(app, ada.session.account).await, Standing::default());
    }
}

#[tokio::test]
async fn strangers_get_slower_are_told_of_and_keep_nobody_out() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        let home = finish(app, &half(app).await, &code(&instance, &ada.seed, 0)).await.expect("in");
        let (mut wrong, mut slow) = (0, 0);
        let stranger = half(app).await;
        for _ in 0..20 {
            match finish(app, &stranger, "000000").await.expect_err("wrong").code() {
                "second_code_wrong" => wrong += 1,
                "too_many" => slow += 1,
                other => panic!("{other}"),
            }
        }
        assert_eq!((wrong, slow), (10, 10), "one is home's, nine strangers', one slow");
        let told = subjects(&instance).await;
        let warned = told.iter().filter(|subject| subject.contains("know your password")).count();
        assert_eq!(warned, 1, "{told:?}");
        // The owner's own browser has tries of its own.
        later(&instance, 60);
        let known = Browser { device: home.device, ..Browser::default() };
        let entered = sign_in::sign_in(app, how(PASSWORD, known.clone())).await.expect("half");
        let Entered::Half(own) = entered else { panic!("a code is asked for") };
        let code = code(&instance, &ada.seed, 0);
        sign_in::finish(app, &own, &code, &known).await.expect("signed in");
    }
}

#[tokio::test]
async fn an_administrators_help_takes_three_days_and_a_code_stops_it() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = with_factor(&instance).await;
        let id = ada.session.account;
        let boss = Actor::Page(admin(app, "boss").await);
        let ask = |reason: &'static str| second_factor_help::ask(app, boss, id, reason);
        assert_eq!(ask(" ").await.expect_err("no reason").code(), "missing");
        let own = second_factor_help::ask(app, Actor::Page(id), id, "Me").await;
        assert_eq!(own.expect_err("not oneself"), obole_app::Error::Forbidden);
        let eve = Actor::Page(account(app, "eve").await);
        let stranger = second_factor_help::ask(app, eve, id, "Her").await;
        assert_eq!(stranger.expect_err("no administrator"), obole_app::Error::Forbidden);

        let due = ask("A lost telephone.").await.expect("asked");
        assert_eq!(ask("Again.").await.expect_err("it stands").code(), "second_factor_moved");
        assert_eq!(standing(app, id).await.goes_at, Some(due));
        assert!(subjects(&instance).await.iter().any(|s| s.contains("about to be switched off")));
        // A code of the app takes it back.
        finish(app, &half(app).await, &code(&instance, &ada.seed, 0)).await.expect("signed in");
        assert_eq!(standing(app, id).await.goes_at, None);
        later(&instance, 4 * 86_400);
        assert_eq!(second_factor_help::run_due(app).await.expect("run"), 0);
        assert!(standing(app, id).await.on_since.is_some());

        // So do its owner and administrators, and nobody else.
        for by in [boss, Actor::Page(id)] {
            ask("A lost telephone.").await.expect("asked");
            assert!(second_factor_help::stop(app, eve, id).await.is_err());
            second_factor_help::stop(app, by, id).await.expect("stopped");
            assert!(second_factor_help::stop(app, by, id).await.is_err(), "once");
        }

        ask("A lost telephone.").await.expect("asked");
        later(&instance, 72 * 3_600 - 1);
        assert_eq!(second_factor_help::run_due(app).await.expect("run"), 0, "not yet");
        later(&instance, 1);
        let (one, other) =
            tokio::join!(second_factor_help::run_due(app), second_factor_help::run_due(app));
        assert_eq!(one.expect("run") + other.expect("run"), 1, "once");
        assert_eq!(standing(app, id).await, Standing::default());
        assert!(enter(app).await.expect("in").session().is_some());
        assert!(ask("Again.").await.is_err(), "there is nothing to help with");
    }
}

#[tokio::test]
async fn a_seed_lies_sealed_and_codes_as_hashes() {
    for instance in engines().await {
        let ada = with_factor(&instance).await;
        let id = ada.session.account;
        let row = instance.app.read((), move |read, ()| {
            Box::pin(async move { Ok(obole_store::second_factors::find(read, id).await?) })
        });
        let row = row.await.expect("read").expect("a row");
        let is_in = |text: &str| row.seed.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!is_in(&ada.seed) && !is_in(&ada.seed[..8]), "S1");
        assert_eq!(instance.app.secrets().open(&row.seed).expect("opened"), ada.seed);
    }
}
