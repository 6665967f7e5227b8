//! Notes of thanks as creators and administrators meet them.

use axum::http::StatusCode;
use obole_app::App;
use obole_app::testing::{admin, engines, own, sqlite};

use crate::browser::Browser;

const SONG: &str = "https://music.example/song";

/// Clicks on a work and signs the click.
async fn thank(app: &App, handle: &str, note: &str) -> Browser {
    let (mut browser, _) = Browser::signed_in(app, handle).await;
    let page = browser.get("/month").await;
    let given = browser.submit(&page, "/clicks", &[("url", SONG), ("note", note)]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    browser
}

#[tokio::test]
async fn a_creator_reads_hides_and_shows_notes_again() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut creator, account) = Browser::signed_in(app, "zoe").await;
        creator.get("/creator/notes").await.assert_has("No notes yet");
        own(app, account, SONG).await;
        thank(app, "ada", "<b>For the chorus</b>").await;
        for path in ["/creator", "/creator/notes"] {
            let page = creator.get(path).await;
            page.assert_has("<b>For the chorus</b> @ada · music.example/song · 15 January 2026");
            assert!(page.body.contains("datetime=\"2026-01-15\""), "a day, not a moment (P3)");
            assert!(!page.body.contains("12:00"), "a day, not a moment (P3)");
        }
        let page = creator.get("/creator/notes").await;
        let hide = [("answer", "hide")];
        let hidden = creator.submit(&page, "/creator/notes", &hide).await;
        let page = creator.follow(hidden).await;
        page.assert_has("The note is hidden");
        page.assert_lacks("chorus");
        creator.get("/creator").await.assert_lacks("chorus");
        let page = creator.get("/creator/notes?hidden=yes").await;
        let show = [("answer", "show")];
        let shown = creator.submit(&page, "/creator/notes?hidden=yes", &show).await;
        creator.follow(shown).await.assert_has("The note is shown again");
        let page = creator.get("/creator/notes?period=2026-01").await;
        page.assert_has("Only January 2026");
        page.assert_has("chorus");
        creator.get("/creator/notes?period=2025-12").await.assert_lacks("chorus");
        for (name, value, status) in [
            ("answer", "burn", StatusCode::BAD_REQUEST),
            ("handle", "nobody", StatusCode::NOT_FOUND),
            ("handle", "not a handle", StatusCode::NOT_FOUND),
            ("work", "x", StatusCode::NOT_FOUND),
            ("period", "2026-13", StatusCode::NOT_FOUND),
        ] {
            let fields = [("answer", "hide"), (name, value)];
            let fields = if name == "answer" { &fields[1..] } else { &fields[..] };
            let refused = creator.submit(&page, "/creator/notes?period=2026-01", fields).await;
            assert_eq!(refused.status, status, "{name}={value}");
        }
        for query in ["page=0", "page=-1", "page=x", "page=99999999999999999999", "period=x"] {
            let page = creator.get(&format!("/creator/notes?{query}")).await;
            assert_eq!(page.status, StatusCode::OK, "{query}");
        }
    }
}

#[tokio::test]
async fn notes_are_nobody_elses() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut creator, account) = Browser::signed_in(app, "zoe").await;
        own(app, account, SONG).await;
        let mut ada = thank(app, "ada", "For the chorus").await;
        let page = creator.get("/creator/notes").await;
        ada.get("/creator/notes").await.assert_lacks("chorus");
        let form = page.form("/creator/notes", &[("answer", "hide")]);
        let token = ada.get("/creator").await.form("/creator/move", &[])[0].1.clone();
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (&**n, &**v)).collect();
        fields.retain(|(name, _)| *name != "csrf");
        fields.push(("csrf", &token));
        let refused = ada.post("/creator/notes", &fields).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "a foreign note is none");
        creator.get("/creator/notes").await.assert_has("chorus");
        let stranger = Browser::new(app).get("/creator/notes").await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn a_reported_note_reaches_the_administrators_without_its_author() {
    for instance in engines().await {
        let app = &instance.app;
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let (mut creator, account) = Browser::signed_in(app, "zoe").await;
        own(app, account, SONG).await;
        thank(app, "ada", "You <i>fool</i>").await;
        boss.get("/admin/notes").await.assert_has("No note has been reported");
        let page = creator.get("/creator/notes").await;
        let note = page.body.split("name=\"note\" value=\"").nth(1).expect("a form to report");
        let report = [("answer", "report"), ("note", note.split('"').next().expect("a note"))];
        creator.is_refused_bad_reasons(&page, "/creator/notes", &report).await;
        let refused = creator.submit(&page, "/creator/notes", &report).await;
        assert!(refused.body.contains("<details open>"), "the form that was sent is open");
        let report = [("answer", "report"), ("reason", "It is rude")];
        let reported = creator.submit(&page, "/creator/notes", &report).await;
        creator.follow(reported).await.assert_has("reported to the administrators");
        creator.get("/creator/notes?hidden=yes").await.assert_has("reported");

        boss.get("/admin").await.assert_has("Reported notes 1");
        let page = boss.get("/admin/notes").await;
        page.assert_has("You <i>fool</i> On https://music.example/song Reported by @zoe");
        page.assert_has("It is rude");
        page.assert_lacks("@ada");
        for answer in ["remove", "keep"] {
            boss.is_refused_bad_reasons(&page, "/admin/notes", &[("answer", answer)]).await;
        }
        let fields = [("answer", "remove"), ("reason", "An insult")];
        let removed = boss.submit(&page, "/admin/notes", &fields).await;
        boss.follow(removed).await.assert_has("The note is removed");
        creator.get("/creator/notes?hidden=yes").await.assert_lacks("fool");
        let log = boss.get("/admin/log").await;
        log.assert_has("note.remove");
        log.assert_has("notes.read");
        assert_eq!(creator.get("/admin/notes").await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn pages_of_notes_turn() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut creator, account) = Browser::signed_in(app, "zoe").await;
    own(app, account, SONG).await;
    for number in 0..51 {
        thank(app, &format!("patron{number}"), &format!("Thanks {number}.")).await;
    }
    let page = creator.get("/creator/notes").await;
    assert_eq!(page.body.matches("<blockquote>").count(), 50);
    assert!(page.body.contains("/creator/notes?page=2"));
    let page = creator.get("/creator/notes?page=2").await;
    assert_eq!(page.body.matches("<blockquote>").count(), 1);
    assert!(page.body.contains("rel=\"prev\" href=\"/creator/notes\""), "{}", page.body);
    let mut french = creator.speaking("fr");
    french.get("/creator/notes").await.assert_has("Mots de remerciement");
}
