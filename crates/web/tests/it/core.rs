//! What stands around every page: headers, host, forms from elsewhere, hostile requests.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use obole_app::testing::{engines, sqlite};

use crate::browser::{Browser, ORIGIN, encode};

#[tokio::test]
async fn every_answer_has_the_headers() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for path in ["/", "/healthz", "/none", "/robots.txt", "/static/none.css"] {
        let answer = browser.get(path).await;
        let policy = "default-src 'none'; script-src 'self'; style-src 'self'; \
            img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
            frame-ancestors 'none'; base-uri 'none'";
        assert_eq!(answer.header("content-security-policy"), policy, "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-embedder-policy"), "require-corp", "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "not over http");
        let has_number = answer.header("x-request-id").len() == 36;
        let is_for_all = matches!(path, "/" | "/healthz");
        assert_ne!(has_number, is_for_all, "{path}: what is for all is nobody's request");
    }
}

#[tokio::test]
async fn the_database_is_asked_on_both_engines() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        assert_eq!(browser.get("/readyz").await.body, "ready\n");
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn only_the_instances_own_name_is_answered() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for (host, status) in [
        ("127.0.0.1:8080", StatusCode::OK),
        ("localhost:8080", StatusCode::OK),
        ("[::1]:8080", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost:80", StatusCode::MISDIRECTED_REQUEST),
        ("", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let request = Request::get("/").header("host", host).body(Body::empty()).expect("valid");
        assert_eq!(browser.send(request).await.status, status, "{host}");
    }
    let probe = Request::get("/healthz").header("host", "10.0.0.7").body(Body::empty());
    assert_eq!(browser.send(probe.expect("valid")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let page = browser.get("/").await;
    let fields = page.form("/language", &[("language", "fr")]);
    let fields: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let other_origin = "https://evil.example";
    let own_page = format!("{ORIGIN}/month");
    let cases: [(&[(&str, &str)], StatusCode); 11] = [
        (&[("sec-fetch-site", "same-origin")], StatusCode::SEE_OTHER),
        (&[("sec-fetch-site", "same-site"), ("origin", ORIGIN)], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (&[("sec-fetch-site", "none")], StatusCode::FORBIDDEN),
        (&[("origin", ORIGIN)], StatusCode::SEE_OTHER),
        (&[("origin", other_origin), ("referer", &own_page)], StatusCode::FORBIDDEN),
        (&[("origin", "null")], StatusCode::FORBIDDEN),
        (&[("origin", "http://127.0.0.1:8080.evil.example")], StatusCode::FORBIDDEN),
        (&[("referer", &own_page)], StatusCode::SEE_OTHER),
        (&[("referer", other_origin)], StatusCode::FORBIDDEN),
        (&[], StatusCode::FORBIDDEN),
    ];
    for (headers, status) in cases {
        let mut request = browser.request("POST", "/language");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(Body::from(encode(&fields))).expect("valid");
        let answer = browser.send(request).await;
        assert_eq!(answer.status, status, "{headers:?}");
        browser.forget("obole-language");
    }
}

#[tokio::test]
async fn a_form_needs_the_token_of_its_own_visit() {
    let instance = sqlite().await;
    let (mut browser, mut other) = (Browser::new(&instance.app), Browser::new(&instance.app));
    let page = browser.get("/sign-up").await;
    let foreign = other.get("/sign-up").await;
    let good = browser.submit(&page, "/sign-up", &[]).await;
    assert_eq!(good.status, StatusCode::UNPROCESSABLE_ENTITY, "it is looked at");
    let answer = browser.submit(&foreign, "/sign-up", &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.assert_has("nothing was changed");
    for token in ["", "x", "0000000000000000.", "é"] {
        let answer = browser.submit(&page, "/sign-up", &[("csrf", token)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{token}");
    }
    // A planted cookie that was not made here is not accepted as a visit.
    browser.set_cookie("obole-visit", "00112233445566778899aabbccddeeff.00");
    let page = browser.get("/sign-up").await;
    assert!(browser.cookie("obole-visit").is_some_and(|visit| !visit.ends_with(".00")));
    let answer = browser.submit(&page, "/sign-up", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// A page for all can carry no token; with a sign-in one is asked for everywhere (W2).
#[tokio::test]
async fn the_language_needs_a_token_of_who_is_signed_in() {
    for instance in engines().await {
        let mut browser = Browser::new(&instance.app);
        let page = browser.get("/").await;
        assert!(page.form("/language", &[]).iter().all(|(name, _)| name != "csrf"));
        let answer = browser.submit(&page, "/language", &[("language", "fr")]).await;
        assert_eq!(answer.header("location"), "/");
        browser.get("/").await.assert_has("Fixez un budget");

        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        let page = browser.get("/how").await;
        let answer = browser.submit(&page, "/language", &[("csrf", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let answer = browser.submit(&page, "/language", &[("language", "fr")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn the_language_is_the_cookies_then_the_browsers() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app).speaking("fr-CA, en;q=0.5");
    let page = browser.get("/none?a=b").await;
    page.assert_has("Il n’y a rien ici");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let answer = browser.submit(&page, "/language", &[("language", "en")]).await;
    assert_eq!(answer.header("location"), "/none?a=b");
    browser.follow(answer).await.assert_has("There is nothing here");
    let page = browser.get("/none").await;
    let answer = browser.submit(&page, "/language", &[("language", "tlh")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let away = [("language", "fr"), ("return", "//evil.example/")];
    assert_eq!(browser.submit(&page, "/language", &away).await.header("location"), "/");
}

#[tokio::test]
async fn hostile_requests_get_a_sentence() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let page = browser.get("/").await;
    let huge = "x".repeat(10_000_000);
    let answer = browser.submit(&page, "/language", &[("language", &huge)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.assert_has("more than can be taken in at once");
    let post = |browser: &Browser, kind: &str, body: Vec<u8>| {
        let request = browser.request("POST", "/language").header("sec-fetch-site", "same-origin");
        request.header("content-type", kind).body(Body::from(body)).expect("valid")
    };
    let request = post(&browser, "application/json", b"{}".to_vec());
    assert_eq!(browser.send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let request = post(&browser, "application/x-www-form-urlencoded", vec![0xFF; 60_000]);
    assert_eq!(browser.send(request).await.status, StatusCode::BAD_REQUEST);
    let request = browser.request("GET", "/").header("x-long", "y".repeat(20_000));
    let answer = browser.send(request.body(Body::empty()).expect("valid")).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let answer = browser.send(browser.request("DELETE", "/").body(Body::empty()).expect("valid"));
    assert_eq!(answer.await.status, StatusCode::FORBIDDEN, "not from a page of this instance");
    let request = browser.request("DELETE", "/").header("sec-fetch-site", "same-origin");
    let answer = browser.send(request.body(Body::empty()).expect("valid")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    answer.assert_has("nothing was changed");
}

#[tokio::test]
async fn what_a_signed_in_account_sees_is_not_stored() {
    for instance in engines().await {
        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        for path in ["/none", "/how", "/@ada"] {
            assert_eq!(browser.get(path).await.header("cache-control"), "no-store", "{path}");
        }
        let answer = browser.get("/none").await;
        assert!(answer.body.contains("/sign-out") && browser.cookie("obole-visit").is_none());
        answer.assert_lacks("Sign in");
        let answer = Browser::new(&instance.app).get("/none").await;
        assert_eq!(answer.header("cache-control"), "private, no-cache");
    }
}

#[tokio::test]
async fn plain_files_are_there() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    let security = browser.get("/.well-known/security.txt").await;
    assert!(security.body.contains("Contact: http://127.0.0.1:8080/how\n"), "{}", security.body);
    assert!(security.body.contains("Expires: 2026-07-14T12:00:00Z\n"), "{}", security.body);
    assert!(browser.get("/robots.txt").await.body.contains("Disallow: /give"));
    let style = browser.get(obole_web::assets::address("obole.css")).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.header("cache-control").contains("immutable"));
    assert_eq!(style.header("set-cookie"), "");
}

/// Sends bytes to a serving instance and gives what it answers until it closes.
async fn speak(address: std::net::SocketAddr, text: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = tokio::net::TcpStream::connect(address).await.expect("connected");
    stream.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answered");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_serving_instance_ends_when_what_is_under_way_is_done() {
    let instance = sqlite().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let app = instance.app.clone();
    let serving = tokio::spawn(obole_web::serve(app, listener, async move {
        ended.await.ok();
    }));
    let host = format!("Host: {address}\r\nConnection: close\r\n");
    let answer = speak(address, &format!("GET /healthz HTTP/1.1\r\n{host}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("alive\n"), "{answer}");
    let answer = speak(address, &format!("GET / HTTP/1.1\r\n{host}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("etag: \""), "{answer}");
    let answer =
        speak(address, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(answer.await.starts_with("HTTP/1.1 421"));
    let idle = tokio::net::TcpStream::connect(address).await.expect("connected");
    end.send(()).expect("sent");
    serving.await.expect("joined").expect("ended");
    drop(idle);
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
