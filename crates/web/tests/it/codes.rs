//! Sayable codes: made by a button, followed from everywhere, mistakes told; and the sheet.

use axum::http::StatusCode;
use obole_app::testing::{account, engines, own, refuse, sqlite};
use obole_app::work_codes;
use obole_domain::CodeLanguage::{self, English};
use obole_domain::{WorkCode, WorkId};

use crate::browser::Browser;
use crate::month::a_patron;

const SONG: &str = "https://creator.example/song";
const GIVE: &str = "/give?url=https%3A%2F%2Fcreator.example%2Fsong";

async fn a_song(app: &obole_app::App) -> WorkId {
    let creator = account(app, "creator").await;
    own(app, creator, SONG).await
}

async fn code_of(app: &obole_app::App, work: WorkId, language: CodeLanguage) -> Option<WorkCode> {
    work_codes::find(app, work, language).await.expect("asked")
}

#[tokio::test]
async fn a_code_is_made_by_a_button_and_a_look_makes_none() {
    for instance in engines().await {
        let app = &instance.app;
        let work = a_song(app).await;
        let path = format!("/w/{work}/sheet");
        let make = format!("/w/{work}/code");
        let mut stranger = Browser::new(app);
        let page = stranger.get(&path).await;
        page.assert_has("Sign in to make a code");
        page.assert_has("creator.example/song");
        page.assert_has("or open 127.0.0.1:8080/give");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
        let csrf = page.form("/language", &[]);
        let csrf = [("csrf", csrf[0].1.as_str())];
        let answer = stranger.post(&make, &csrf).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{}", answer.status);
        assert_eq!(code_of(app, work, English).await, None);

        let (mut browser, _) = a_patron(app, "ada").await;
        let page = browser.get(&path).await;
        page.assert_has("Make a code");
        assert_eq!(code_of(app, work, English).await, None, "W2");
        let answer = browser.submit(&page, &make, &[]).await;
        let page = browser.follow(answer).await;
        let code = code_of(app, work, English).await.expect("made").to_string();
        page.assert_has(&format!("The code is {code}."));
        page.assert_has("type this code at 127.0.0.1:8080/c");
        page.assert_lacks("Make a code");

        let mut french = Browser::new(app).speaking("fr");
        let page = french.get(&path).await;
        page.assert_has("Remerciez cette œuvre");
        page.assert_lacks(&code);
        let cards = stranger.get(&format!("{path}?layout=cards")).await;
        assert_eq!(cards.body.matches(&code).count(), 8);
        assert_eq!(stranger.get(&format!("{path}?layout=%00")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_code_leads_to_its_work_from_everywhere() {
    for instance in engines().await {
        let app = &instance.app;
        let work = a_song(app).await;
        let (mut browser, ada) = a_patron(app, "ada").await;
        let code = work_codes::make(app, ada, work, English).await.expect("a code").to_string();
        let sloppy = code.to_uppercase().replace('-', "%20");
        for path in [
            format!("/c/{code}"),
            format!("/c/{sloppy}"),
            format!("/c?code={sloppy}"),
            format!("/give?url={code}"),
            format!("/give?url={sloppy}"),
            format!("/works?q={code}"),
        ] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.header("location"), GIVE, "{path}");
        }
        let page = browser.get("/month").await;
        let typed = [("url", code.as_str()), ("points", "3")];
        let answer = browser.submit(&page, "/clicks", &typed).await;
        browser.follow(answer).await.assert_has("creator.example");
        let page = browser.get(GIVE).await;
        page.assert_has("3 points");
    }
}

#[tokio::test]
async fn mistakes_are_told_and_what_was_typed_is_kept() {
    let instance = sqlite().await;
    let app = &instance.app;
    let work = a_song(app).await;
    let (mut browser, ada) = a_patron(app, "ada").await;
    let code = work_codes::make(app, ada, work, English).await.expect("a code").to_string();
    let parts: Vec<&str> = code.split('-').collect();
    let swapped = format!("{}-{}-{}", parts[1], parts[0], parts[2]);
    let misspelled = format!("{}x-{}-{}", parts[0], parts[1], parts[2]);
    let unknown = WorkCode::from_random(English, [7; 8]).to_string();
    for (typed, sentence) in [
        (swapped.as_str(), format!("the wrong way round: {code}")),
        (misspelled.as_str(), format!("Perhaps you mean: {}", parts[0])),
        (unknown.as_str(), format!("No work has the code {unknown}")),
    ] {
        for path in [format!("/c?code={typed}"), format!("/give?url={typed}")] {
            let page = browser.get(&path).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            page.assert_has(&sentence);
            assert!(page.body.contains(&format!("value=\"{typed}\"")), "{path}");
        }
        let page = browser.get(&format!("/works?q={typed}")).await;
        page.assert_has(&sentence);
        let to_form = browser.get(&format!("/c/{typed}")).await;
        assert_eq!(to_form.header("location"), format!("/c?code={typed}"));
        let month = browser.get("/month").await;
        let answer = browser.submit(&month, "/clicks", &[("url", typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.assert_has(&sentence);
    }
    browser.get("/month").await.assert_has("No clicks yet");
    let french = Browser::new(app).speaking("fr").get("/c?code=xx").await;
    french.assert_has("deux mots et deux chiffres");
}

#[tokio::test]
async fn hostile_codes_are_only_wrong() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let long = "maple".repeat(700);
    for typed in [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "maple-%3Cb%3E-42",
        "%00",
        "%FF",
        "..%2F..%2Fadmin",
        "%2F%2Fevil.example",
        "maple%0D%0ASet-Cookie:x-42",
        "%F0%9F%8D%81-%F0%9F%8D%81-42",
        "maple-river-%D9%A4%D9%A2",
        long.as_str(),
    ] {
        for path in [format!("/c/{typed}"), format!("/c?code={typed}"), format!("/works?q={typed}")]
        {
            let answer = browser.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.status);
            assert!(
                !answer.body.contains("<script>alert") && !answer.body.contains("<b>"),
                "{path}"
            );
            if answer.status.is_redirection() {
                let location = answer.header("location");
                assert!(location.starts_with("/c?code=") || location == "/c", "{path}: {location}");
            }
        }
    }
    browser.get("/c").await.assert_has("Two words and two digits");
    let empty = browser.get("/c?code=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_picture_is_a_file_and_long_addresses_have_one_too() {
    let instance = sqlite().await;
    let app = &instance.app;
    let work = a_song(app).await;
    let creator = account(app, "maker").await;
    let long = own(app, creator, &format!("https://creator.example/{}", "é".repeat(300))).await;
    let mut browser = Browser::new(app);
    for work in [work, long] {
        let picture = browser.get(&format!("/w/{work}/qr.svg")).await;
        assert_eq!(picture.header("content-type"), "image/svg+xml");
        assert!(picture.header("content-disposition").starts_with("attachment"));
        assert!(picture.body.starts_with("<svg ") && picture.body.matches("<path").count() == 2);
        let page = browser.get(&format!("/w/{work}/sheet")).await;
        assert!(!page.body.contains("style=") && !page.body.contains("<script"), "W4");
    }
    let ada = account(app, "ada").await;
    let code = work_codes::make(app, ada, long, English).await.expect("a code");
    let answer = browser.get(&format!("/c/{code}")).await;
    assert!(answer.header("location").starts_with("/give?url=https"));
    for path in ["/w/x/qr.svg", "/w/x/sheet", "/w/0190f0c2-0000-7000-8000-000000000001/sheet"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_work_that_takes_no_clicks_has_nothing_to_print() {
    let instance = sqlite().await;
    let app = &instance.app;
    let work = a_song(app).await;
    refuse(app, work).await;
    let (mut browser, _) = a_patron(app, "ada").await;
    let page = browser.get(&format!("/w/{work}/sheet")).await;
    page.assert_has("nothing to print");
    let csrf = page.form("/sign-out", &[]);
    let answer = browser.post(&format!("/w/{work}/code"), &[("csrf", csrf[0].1.as_str())]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(code_of(app, work, English).await, None);
}
