//! Mails and their outbox; jobs; the clock's watch.

use obole_app::audit_log::Actor;
use obole_app::clock_watch::Look;
use obole_app::outbox::{self, Delivered};
use obole_app::sessions::Browser;
use obole_app::sign_up::{SignUp, sign_up};
use obole_app::testing::{Instance, PASSWORD, admin, engines, engines_with_mail_folder, sqlite};
use obole_app::{cleaning, clock_watch, confirmations, jobs, mails};
use obole_domain::account::MailId;
use obole_domain::{EmailAddress, Handle};
use obole_language::Language;
use obole_store::StoreError;
use obole_store::outbox::{self as rows, DueMail, Fate, NewMail, State};
use tokio::sync::watch;
use uuid::Uuid;

async fn newcomer(instance: &Instance, handle: &str) -> Fate {
    let new = SignUp {
        handle: Handle::parse(handle).expect("a handle"),
        email: EmailAddress::parse(&format!("{handle}@obole.example")).expect("an address"),
        password: PASSWORD.to_owned(),
        language: Language::English,
        browser: Browser::default(),
        invitation: None,
    };
    let new = sign_up(&instance.app, new).await.expect("signed up");
    let pending = confirmations::pending(&instance.app, new.session.account).await;
    pending.expect("read").expect("pending").mail.expect("a mail")
}

async fn fate(instance: &Instance, id: MailId) -> Fate {
    let found = instance.app.read(id, |read, id| Box::pin(outbox::fate(read, *id)));
    found.await.expect("read").expect("a mail")
}

async fn deliver(instance: &Instance) -> Delivered {
    outbox::deliver(&instance.app).await.expect("delivered")
}

#[tokio::test]
async fn every_mail_is_whole_in_every_language() {
    let instance = sqlite().await;
    for language in Language::ALL {
        for mail in mails::samples() {
            let kind = mail.kind();
            let written = mails::write(&instance.app, &mail, language).expect("written");
            let mails::Written { subject, text, html } = written;
            assert!(!subject.is_empty() && subject.len() < 80, "{kind}: {subject}");
            // Who is on the waiting list, or comes from it, has no handle yet; who is written to at
            // their site may never have one.
            let is_stranger = kind.starts_with("site-") || ["waiting", "invited"].contains(&kind);
            assert!(is_stranger || text.contains("@ada"), "{kind}: {text}");
            assert!(text.contains("Obole"), "{kind}: {text}");
            assert!(text.ends_with("http://127.0.0.1:8080\n"), "{kind}: {text}");
            for line in text.lines() {
                assert!(line.chars().count() <= 90, "{kind}: {line}");
                assert_eq!(line, line.trim_end(), "{kind}");
            }
            assert!(!text.contains('\'') && !subject.contains('\''), "{kind}: write ’");
            // P4: nothing is loaded from anywhere.
            for word in ["src=", "url(", "<img", "<link", "<script", "@import"] {
                assert!(!html.contains(word), "{kind}: {word}");
            }
            assert!(!html.contains("<spam>"), "{kind}: {html}");
            let lang = format!("<html lang=\"{}\">", language.code());
            assert!(html.contains(&lang), "{kind}");
        }
    }
}

#[tokio::test]
async fn a_dead_mail_server_blocks_nothing_and_the_mail_goes_later() {
    for instance in engines_with_mail_folder().await {
        let folder = instance.folder.path().join("mails");
        std::fs::remove_dir(&folder).expect("the server dies");
        let mail = newcomer(&instance, "zoe").await;
        assert_eq!((mail.state, mail.tries), (State::Queued, 0));
        let postponed = Delivered { postponed: 1, ..Delivered::default() };
        assert_eq!(deliver(&instance).await, postponed);
        assert_eq!(deliver(&instance).await, Delivered::default(), "not at once again");
        let seen = fate(&instance, mail.id).await;
        assert_eq!((seen.state, seen.tries), (State::Queued, 1));
        assert!(!seen.server.is_empty() && !seen.reply.is_empty());
        assert_eq!(seen.next_at, "2026-01-15T12:01:00Z".parse().expect("a moment"));
        instance.at("2026-01-15T12:01:00Z");
        assert_eq!(deliver(&instance).await, postponed);
        std::fs::create_dir(&folder).expect("it lives again");
        instance.at("2026-01-15T12:03:00Z");
        assert_eq!(deliver(&instance).await.handed, 1);
        let seen = fate(&instance, mail.id).await;
        assert_eq!((seen.state, seen.tries), (State::Handed, 3));
        let kept = instance.app.mailer().as_folder().expect("a folder").list().await;
        let kept = kept.expect("listed");
        assert!(kept[0].name.starts_with(&mail.id.to_string()), "{}", kept[0].name);
        assert_eq!(deliver(&instance).await, Delivered::default(), "once");
    }
}

#[tokio::test]
async fn a_mail_that_nobody_takes_for_three_days_is_given_up() {
    for instance in engines_with_mail_folder().await {
        std::fs::remove_dir(instance.folder.path().join("mails")).expect("the server dies");
        let mail = newcomer(&instance, "zoe").await;
        deliver(&instance).await;
        instance.at("2026-01-18T12:00:00Z");
        assert_eq!(deliver(&instance).await.given_up, 1);
        assert_eq!(fate(&instance, mail.id).await.state, State::GivenUp);
    }
}

#[tokio::test]
async fn a_process_that_was_killed_repeats_one_mail_at_most_under_the_same_name() {
    for instance in engines().await {
        let (first, second) = (newcomer(&instance, "zoe").await, newcomer(&instance, "ada").await);
        let now = instance.app.now();
        let lease_ends = "2026-01-15T12:05:00Z".parse().expect("a moment");
        let taken = instance.app.store().write((), move |tx, ()| {
            Box::pin(async move {
                Ok::<_, StoreError>(rows::take_due(tx, now, lease_ends).await?.map(|due| due.id))
            })
        });
        let taken = taken.await.expect("taken").expect("due");
        // Killed here: the mail may have been sent, nobody noted it.
        assert_eq!(deliver(&instance).await.handed, 1, "the other one");
        instance.at("2026-01-15T12:05:00Z");
        assert_eq!(deliver(&instance).await.handed, 1, "after the lease");
        let memory = instance.app.mailer().as_memory().expect("memory");
        let names: Vec<_> = memory.letters().into_iter().map(|letter| letter.message_id).collect();
        assert_eq!(names.len(), 2);
        assert!(names[1].starts_with(&format!("{taken}@")), "made of the mail's id: {names:?}");
        assert!([first.id, second.id].contains(&taken));
    }
}

/// Takes the mail that is due for one try, as a node does that is killed or frozen then.
async fn take(instance: &Instance) -> Option<DueMail> {
    let now = instance.app.now();
    let lease_ends = now.saturating_add(jiff::SignedDuration::from_mins(5)).expect("a moment");
    let taken = instance.app.store().write((), move |tx, ()| {
        Box::pin(async move { rows::take_due(tx, now, lease_ends).await })
    });
    taken.await.expect("taken")
}

#[tokio::test]
async fn a_node_that_was_frozen_while_it_sent_has_the_last_word_only_on_what_was_taken() {
    for instance in engines().await {
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a moment");
        let mail = newcomer(&instance, "zoe").await;
        let frozen = take(&instance).await.expect("due");
        instance.at("2026-01-15T12:05:00Z");
        let other = take(&instance).await.expect("due again after the lease");
        assert_eq!((frozen.id, frozen.tries, other.tries), (mail.id, 0, 1));
        // It wakes: what it says of its try does not cut the other's lease short.
        let woke = at("2026-01-15T12:05:01Z");
        let ending = move |state| rows::Ending { state, server: "s", reply: "r", at: woke };
        let late = frozen.clone();
        let noted = instance.app.store().write(late, move |tx, late| {
            Box::pin(async move {
                rows::postpone(tx, late, ("s", "r"), late.created_at).await?;
                rows::end(tx, late, ending(State::Refused)).await
            })
        });
        noted.await.expect("noted");
        let seen = fate(&instance, mail.id).await;
        assert_eq!((seen.state, seen.next_at), (State::Queued, at("2026-01-15T12:10:00Z")));
        assert_eq!(take(&instance).await, None);
        // Taken by the mail server is taken, whoever says so.
        let noted = instance.app.store().write((frozen, other), move |tx, (late, other)| {
            Box::pin(async move {
                rows::end(tx, late, ending(State::Handed)).await?;
                rows::end(tx, other, ending(State::Refused)).await
            })
        });
        noted.await.expect("noted");
        assert_eq!(fate(&instance, mail.id).await.state, State::Handed);
    }
}

#[tokio::test]
async fn a_mail_that_is_being_sent_cannot_be_hurried() {
    for instance in engines().await {
        let boss = Actor::Page(admin(&instance.app, "boss").await);
        let mail = newcomer(&instance, "zoe").await;
        take(&instance).await.expect("due");
        outbox::hurry(&instance.app, boss, mail.id).await.expect("nothing to do");
        assert_eq!(take(&instance).await, None, "it would be sent twice");
        // The node that tried it died; after its lease it may be hurried, and is due anyway.
        instance.at("2026-01-15T12:05:00Z");
        assert!(take(&instance).await.is_some());
    }
}

#[tokio::test]
async fn two_nodes_send_each_mail_once() {
    for instance in engines().await {
        for number in 0..20 {
            newcomer(&instance, &format!("zoe{number}")).await;
        }
        let runs: Vec<_> = (0..4)
            .map(|_| {
                let app = instance.app.clone();
                tokio::spawn(async move { outbox::deliver(&app).await.expect("delivered") })
            })
            .collect();
        let mut handed = 0;
        for run in runs {
            handed += run.await.expect("no panic").handed;
        }
        assert_eq!(handed, 20);
        assert_eq!(instance.app.mailer().as_memory().expect("memory").letters().len(), 20);
    }
}

#[tokio::test]
async fn a_refused_mail_is_not_tried_again_and_its_text_is_forgotten() {
    for instance in engines().await {
        let id = MailId::new(Uuid::from_u128(7));
        let mail = NewMail {
            id,
            account: None,
            recipient: "nowhere".to_owned(),
            kind: "confirm",
            language: "en".to_owned(),
            subject: "Subject".to_owned(),
            text: "ABCD-2345".to_owned(),
            html: "<p>ABCD-2345</p>".to_owned(),
            unsubscribe: String::new(),
            created_at: instance.app.now(),
        };
        let put = instance
            .app
            .store()
            .write(mail, |tx, mail| Box::pin(async move { rows::insert(tx, mail).await }));
        put.await.expect("queued");
        assert_eq!(deliver(&instance).await.refused, 1);
        let seen = fate(&instance, id).await;
        assert_eq!(seen.state, State::Refused);
        assert!(seen.ended_at.is_some() && !seen.reply.is_empty());
        instance.at("2026-02-15T12:00:00Z");
        assert_eq!(deliver(&instance).await, Delivered::default());
        let cleaned = cleaning::clean(&instance.app).await.expect("cleaned");
        assert_eq!(cleaned.mails, 1);
        assert_eq!(cleaning::clean(&instance.app).await.expect("again").mails, 0);
    }
}

#[tokio::test]
async fn jobs_run_and_end_when_they_are_told() {
    let instance = sqlite().await;
    newcomer(&instance, "zoe").await;
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(jobs::run(instance.app.clone(), stopped));
    while instance.app.mailer().as_memory().expect("memory").letters().is_empty() {
        tokio::task::yield_now().await;
    }
    stop.send(true).expect("jobs listen");
    running.await.expect("ended");
}

#[tokio::test]
async fn a_clock_that_steps_back_or_leaps_holds_until_somebody_looked() {
    for instance in engines().await {
        let app = &instance.app;
        let boss = admin(app, "boss").await;
        let look = |machine: &str, now: &str, leap: Option<i64>| Look {
            machine: machine.to_owned(),
            now: now.parse().expect("a moment"),
            leap: leap.map(jiff::SignedDuration::from_secs),
        };
        let held = || app.read((), |read, ()| Box::pin(clock_watch::held(read)));
        let release = || clock_watch::release(app, Actor::Page(boss));
        for fine in [
            look("one", "2026-01-15T12:00:00Z", None),
            look("one", "2026-01-15T11:59:59Z", Some(-1)),
            look("two", "2026-01-15T11:59:30Z", None),
            look("one", "2026-06-01T00:00:00Z", None),
            look("two", "2026-06-01T00:00:00Z", Some(0)),
        ] {
            clock_watch::note(app, fine.clone()).await.expect("noted");
            assert_eq!(held().await.expect("read"), None, "{fine:?}");
        }
        for (before, wrong) in [
            // Set back while the machine was off.
            ("2026-06-01T00:00:00Z", look("one", "2026-05-31T23:59:57Z", None)),
            ("2026-06-01T00:00:00Z", look("two", "2026-06-01T00:00:05Z", Some(-3))),
            ("2026-06-01T00:00:00Z", look("two", "2026-06-03T00:00:00Z", Some(86_401))),
            // Another machine says that it is three days later.
            ("2026-06-04T00:00:00Z", look("two", "2026-06-01T00:00:00Z", Some(0))),
        ] {
            for look in [look("one", before, Some(0)), wrong] {
                clock_watch::note(app, look).await.expect("noted");
            }
            let refused = app.read((), |read, ()| Box::pin(clock_watch::refuse_held(read)));
            assert_eq!(refused.await.expect_err("held").code(), "held");
            release().await.expect("released");
            assert_eq!(held().await.expect("read"), None);
            assert!(release().await.is_err());
        }
    }
}
