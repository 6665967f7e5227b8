//! Notes of thanks: who sees them, hides them, reports them, and how reports end.

use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::notes::{self as commands, Signed};
use obole_app::testing::{Instance, account, engines, key, own};
use obole_app::{App, Error, cleaning, settle, suspensions};
use obole_domain::click::Way;
use obole_domain::note::{NoteReportId, NoteVerdict};
use obole_domain::{AccountId, CanonicalUrl, Handle, Note, Period, WorkId};
use obole_store::audit_log;
use obole_store::notes::{self, Which};

use crate::support::{an_admin, assert_books_balance, mails_to};

const SONG: &str = "https://music.example/song";

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("an address")
}

async fn thank(app: &App, patron: AccountId, address: &str, words: &str) -> WorkId {
    let give = Give {
        target: Target::Url(url(address)),
        title: String::new(),
        points: 1,
        note: Note::parse(words).expect("text"),
        way: Way::Page,
    };
    WorkId::new(clicks::give(app, patron, &key(app), give).await.expect("a click").value.work)
}

fn signed(work: WorkId, handle: &str) -> Signed {
    let period = Period::parse("2026-01").expect("a period");
    Signed { period, work, handle: Handle::parse(handle).expect("a handle") }
}

async fn read(app: &App, owner: AccountId, which: Which) -> Vec<String> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(notes::of_owner(read, owner, which, (100, 0)).await?) })
    });
    let rows = found.await.expect("read").into_iter();
    rows.map(|row| format!("{} @{}: {}", row.key.period, row.handle, row.text)).collect()
}

async fn shown(app: &App, owner: AccountId) -> Vec<String> {
    read(app, owner, Which::default()).await
}

async fn hidden(app: &App, owner: AccountId) -> Vec<String> {
    read(app, owner, Which { is_hidden: true, ..Which::default() }).await
}

async fn reports(app: &App) -> Vec<NoteReportId> {
    let found =
        app.read((), |read, ()| Box::pin(async move { Ok(notes::reports(read, 100).await?) }));
    found.await.expect("read").into_iter().map(|row| row.id).collect()
}

async fn grant(app: &App, admin: Actor, handle: &str) -> WorkId {
    let grant = Grant {
        target: Target::Url(url(SONG)),
        handle: Handle::parse(handle).expect("a handle"),
        reason: "Met in person".to_owned(),
    };
    claims::grant(app, admin, grant).await.expect("granted").work
}

#[tokio::test]
async fn the_owner_reads_notes_newest_month_first() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let ben = account(app, "ben").await;
        own(app, zoe, SONG).await;
        thank(app, ada, SONG, "For the chorus").await;
        thank(app, ben, SONG, "").await;
        thank(app, ben, "https://other.example/", "Not hers").await;
        instance.at("2026-02-03T12:00:00Z");
        thank(app, ben, SONG, "Again").await;
        assert_eq!(shown(app, zoe).await, ["2026-02 @ben: Again", "2026-01 @ada: For the chorus"]);
        let period = Some(Period::parse("2026-01").expect("a period"));
        let january = read(app, zoe, Which { period, is_hidden: false }).await;
        assert_eq!(january, ["2026-01 @ada: For the chorus"]);
        assert!(shown(app, ada).await.is_empty() && shown(app, ben).await.is_empty());
    }
}

#[tokio::test]
async fn a_note_goes_with_its_click() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "Thanks").await;
        clicks::take_back(app, ada, work).await.expect("taken back");
        assert!(shown(app, zoe).await.is_empty());
    }
}

/// A patron without money: the click moves to the next month, the note stays where it was signed,
/// and both go when the click is taken back there. A note of a month that was paid stays.
#[tokio::test]
async fn the_note_of_a_carried_click_goes_with_it() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "Thanks").await;
        let other = own(app, zoe, "https://music.example/other").await;
        instance.at("2026-02-01T12:00:00Z");
        settle_all(&instance).await;
        assert_eq!(shown(app, zoe).await, ["2026-01 @ada: Thanks"]);
        thank(app, ada, "https://music.example/other", "New").await;
        clicks::take_back(app, ada, other).await.expect("taken back");
        assert_eq!(shown(app, zoe).await, ["2026-01 @ada: Thanks"], "another work's");
        clicks::take_back(app, ada, work).await.expect("taken back");
        assert!(shown(app, zoe).await.is_empty());
    }
}

#[tokio::test]
async fn the_note_of_a_settled_click_stays() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        own(app, zoe, SONG).await;
        crate::support::fill_wallet(app, ada, crate::support::units(9)).await;
        obole_app::budgets::set(app, ada, crate::support::units(3)).await.expect("a budget");
        thank(app, ada, SONG, "January").await;
        instance.at("2026-02-01T12:00:00Z");
        settle_all(&instance).await;
        let work = thank(app, ada, SONG, "February").await;
        clicks::take_back(app, ada, work).await.expect("taken back");
        assert_eq!(shown(app, zoe).await, ["2026-01 @ada: January"]);
        assert_books_balance(&instance).await;
    }
}

async fn settle_all(instance: &Instance) {
    let period = Period::parse("2026-01").expect("a period");
    settle::run(&instance.app, Actor::CommandLine, Some(period), &|_| {}).await.expect("settled");
}

#[tokio::test]
async fn only_who_owned_the_work_then_or_first_sees_a_note() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, yann) = (account(app, "zoe").await, account(app, "yann").await);
        let ada = account(app, "ada").await;
        let ben = account(app, "ben").await;
        thank(app, ada, SONG, "To nobody yet").await;
        instance.at("2026-01-16T12:00:00Z");
        let work = grant(app, admin, "zoe").await;
        instance.at("2026-01-17T12:00:00Z");
        thank(app, ben, SONG, "To Zoe").await;
        assert_eq!(shown(app, zoe).await.len(), 2);
        instance.at("2026-01-18T12:00:00Z");
        claims::revoke(app, admin, work, "Sold").await.expect("revoked");
        assert!(shown(app, zoe).await.is_empty(), "the work is not hers any more");
        grant(app, admin, "yann").await;
        assert_eq!(shown(app, yann).await, ["2026-01 @ada: To nobody yet"]);
        let refused = commands::set_hidden(app, yann, signed(work, "ben"), true).await;
        assert!(matches!(refused, Err(Error::NotFound)), "not his");
        let refused = commands::report(app, zoe, signed(work, "ada"), "Rude").await;
        assert!(matches!(refused, Err(Error::NotFound)), "not hers");
    }
}

#[tokio::test]
async fn a_hidden_note_comes_back_only_by_its_readers_wish() {
    for instance in engines().await {
        let app = &instance.app;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "Hm").await;
        for _ in 0..2 {
            commands::set_hidden(app, zoe, signed(work, "ada"), true).await.expect("hidden");
        }
        assert!(shown(app, zoe).await.is_empty());
        thank(app, ada, SONG, "Hm hm").await;
        assert!(shown(app, zoe).await.is_empty(), "a new text does not bring it back");
        assert_eq!(hidden(app, zoe).await, ["2026-01 @ada: Hm hm"]);
        commands::set_hidden(app, zoe, signed(work, "ada"), false).await.expect("shown");
        assert_eq!(shown(app, zoe).await, ["2026-01 @ada: Hm hm"]);
        for who in ["ben", "zoe"] {
            let refused = commands::set_hidden(app, zoe, signed(work, who), true).await;
            assert!(matches!(refused, Err(Error::NotFound)), "no such note");
        }
        let refused = commands::set_hidden(app, ada, signed(work, "ada"), true).await;
        assert!(matches!(refused, Err(Error::NotFound)), "not the owner");
    }
}

#[tokio::test]
async fn notes_of_a_suspended_account_are_not_shown() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        own(app, zoe, SONG).await;
        thank(app, ada, SONG, "Buy my pills").await;
        suspensions::suspend(app, admin, ada, "Spam").await.expect("suspended");
        assert!(shown(app, zoe).await.is_empty() && hidden(app, zoe).await.is_empty());
        suspensions::restore(app, admin, ada).await.expect("restored");
        assert_eq!(shown(app, zoe).await.len(), 1);
    }
}

#[tokio::test]
async fn a_reported_note_is_removed_with_a_reason() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "You fool").await;
        let silent = commands::report(app, zoe, signed(work, "ada"), " ").await;
        assert_eq!(silent.expect_err("no reason").code(), "missing");
        commands::report(app, zoe, signed(work, "ada"), "Rude").await.expect("reported");
        assert!(shown(app, zoe).await.is_empty(), "it is hidden at once");
        let twice = commands::report(app, zoe, signed(work, "ada"), "Rude").await;
        assert_eq!(twice.expect_err("it waits").code(), "state_moved");
        let report = reports(app).await[0];
        let removed = (NoteVerdict::Removed, "Insults are not thanks");
        let refused = commands::judge(app, Actor::Page(zoe), report, removed).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let silent = commands::judge(app, admin, report, (NoteVerdict::Removed, "")).await;
        assert_eq!(silent.expect_err("no reason").code(), "missing");
        commands::judge(app, admin, report, removed).await.expect("removed");
        let again = commands::judge(app, admin, report, removed).await;
        assert_eq!(again.expect_err("it is over").code(), "state_moved");
        assert!(hidden(app, zoe).await.is_empty() && reports(app).await.is_empty());
        assert_eq!(mails_to(app, ada).await, ["note-removed"]);
        let log = app.read((), |read, ()| {
            Box::pin(async move { Ok(audit_log::after(read, 0, 100).await?) })
        });
        let log = log.await.expect("the log");
        let record = &log.last().expect("a record").record;
        assert_eq!(record.action, "note.remove");
        assert!(record.details.contains("Insults") && !record.details.contains("ada"));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_report_outlives_the_note_but_not_for_ever() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "You fool").await;
        commands::report(app, zoe, signed(work, "ada"), "Rude").await.expect("reported");
        // The click is taken back and given again with other words: those were not reported.
        clicks::take_back(app, ada, work).await.expect("taken back");
        thank(app, ada, SONG, "Sorry").await;
        let report = reports(app).await[0];
        let removed = (NoteVerdict::Removed, "Rude");
        commands::judge(app, admin, report, removed).await.expect("judged");
        assert_eq!(shown(app, zoe).await, ["2026-01 @ada: Sorry"]);
        assert!(mails_to(app, ada).await.is_empty(), "nothing of theirs was removed");

        commands::report(app, zoe, signed(work, "ada"), "Insincere").await.expect("reported");
        let report = reports(app).await[0];
        let kept = (NoteVerdict::Kept, "Polite enough");
        commands::judge(app, admin, report, kept).await.expect("judged");
        assert_eq!(hidden(app, zoe).await, ["2026-01 @ada: Sorry"]);
        assert_eq!(cleaning::clean(app).await.expect("cleaned").reports, 0);
        instance.at("2026-04-20T12:00:00Z");
        assert_eq!(cleaning::clean(app).await.expect("cleaned").reports, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_reports_and_verdicts_at_once_are_one_each() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let work = own(app, zoe, SONG).await;
        thank(app, ada, SONG, "You fool").await;
        let passed = at_once(|| {
            let app = app.clone();
            async move { commands::report(&app, zoe, signed(work, "ada"), "Rude").await }
        });
        assert_eq!(passed.await, 1);
        let report = reports(app).await[0];
        let passed = at_once(|| {
            let app = app.clone();
            let removed = (NoteVerdict::Removed, "Rude");
            async move { commands::judge(&app, admin, report, removed).await }
        });
        assert_eq!(passed.await, 1);
        assert_eq!(mails_to(app, ada).await.len(), 1);
    }
}

/// Runs it fifty times at once; how many were not refused.
async fn at_once<F, R>(run: F) -> usize
where
    F: Fn() -> R,
    R: Future<Output = obole_app::Result<()>> + Send + 'static,
{
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(run())).collect();
    let mut passed = 0;
    for task in tasks {
        match task.await.expect("a task") {
            Ok(()) => passed += 1,
            Err(error) => assert_eq!(error.code(), "state_moved", "{error}"),
        }
    }
    passed
}
