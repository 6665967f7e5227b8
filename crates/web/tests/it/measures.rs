//! The figures: what is counted, and that nobody stands in them.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use obole_app::testing::{account, engines, own, sqlite};
use obole_app::{App, audit};
use obole_web::measures;
use tower::ServiceExt as _;

use crate::browser::Browser;
use crate::month::a_patron;

/// What the listener of the figures answers.
async fn read(app: &App, figures: measures::Figures) -> String {
    let router = measures::router(app.clone(), figures);
    let request = Request::get("/metrics").body(Body::empty()).expect("valid");
    let response = router.oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let body = to_bytes(response.into_body(), 1_000_000).await.expect("a body");
    String::from_utf8(body.to_vec()).expect("text")
}

/// The value of a line.
fn value(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(str::to_owned)
}

// One thread: the recorder of a test is its thread's.
#[tokio::test]
async fn what_happens_is_counted_and_nobody_is_named() {
    for instance in engines().await {
        let (recorder, figures) = measures::recorder().expect("a recorder");
        let _recording = metrics::set_default_local_recorder(&recorder);
        // Its handles are found when it is opened.
        let app = &instance.node().await;
        let creator = account(app, "clara").await;
        let work = own(app, creator, "https://secret-site.example/song").await;
        let (mut browser, _) = a_patron(app, "adalbert").await;
        let page = browser.get("/give?url=secret-site.example/song").await;
        browser.submit(&page, "/give", &[]).await;
        browser.submit(&page, "/give", &[]).await;
        let mut stranger = Browser::new(app);
        for path in ["/", "/", "/@clara", &format!("/w/{work}"), "/none"] {
            stranger.get(path).await;
        }
        stranger.get("/button/small.svg?url=secret-site.example/song").await;
        let report = audit::run_and_hold(app).await.expect("audited");
        assert!(report.is_clean(), "{report:?}");

        let text = read(app, figures).await;
        for (name, expected) in [
            ("obole_clicks_total", "1"),
            ("obole_commands_total{command=\"clicks.give\",outcome=\"done\"}", "1"),
            ("obole_commands_total{command=\"clicks.give\",outcome=\"replayed\"}", "1"),
            ("obole_http_requests_total{route=\"public\",status=\"200\"}", "4"),
            ("obole_http_requests_total{route=\"button\",status=\"200\"}", "1"),
            ("obole_http_requests_total{route=\"page\",status=\"404\"}", "1"),
            ("obole_http_requests_total{route=\"page\",status=\"303\"}", "2"),
            ("obole_database_up", "1"),
            ("obole_database_under_way{kind=\"write\"}", "0"),
            ("obole_mails_waiting", "0"),
            ("obole_audit_age_seconds", "0"),
            ("obole_audit_breaches", "0"),
            ("obole_held", "0"),
            ("obole_settlement_running", "0"),
        ] {
            assert_eq!(value(&text, name).as_deref(), Some(expected), "{name}: {text}");
        }
        let commits = value(&text, "obole_database_commits_total").expect("commits");
        assert!(commits.parse::<u64>().expect("a number") > 0, "{text}");
        let memory = value(&text, "process_resident_memory_bytes").expect("memory");
        assert!(memory.parse::<u64>().expect("a number") > 1_000_000, "{text}");
        assert!(text.contains("obole_database_seconds_bucket{kind=\"read\",le=\"0.005\"}"));
        for name in ["clara", "adalbert", "secret-site", "127.0.0.1", &work.to_string()] {
            assert!(!text.contains(name), "{name} stands in: {text}");
        }
    }
}

#[tokio::test]
async fn figures_are_not_served_with_the_pages() {
    let instance = sqlite().await;
    let answer = Browser::new(&instance.app).get("/metrics").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_instance_that_ends_or_has_no_database_is_not_ready() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        assert_eq!(browser.get("/readyz").await.body, "ready\n");
        instance.app.begin_stopping();
        let answer = browser.get("/readyz").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.body, "not ready: stopping\n");
        assert_eq!(browser.get("/healthz").await.status, StatusCode::OK, "it is still alive");
    }
}
