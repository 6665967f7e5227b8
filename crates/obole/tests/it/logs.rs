//! The log tells what happened and never who, from where, about what, or with which secret (S1, P4).

use crate::scene::Scene;
use crate::serving::{ask, end, serve_with};

/// What must not stand in any log.
const PLANTED: [&str; 14] = [
    "planted-mail-password",
    "planted-password",
    "planted-session",
    "planted-visit",
    "planted-token",
    "planted-link",
    "planted-query",
    "planted-site",
    "planted-code",
    "planted-key",
    "planted-agent",
    "planted-referer",
    "198.51.100.77",
    "127.0.0.1",
];

/// Asks for all kinds of things, each with something that is nobody's business.
fn live(address: &str) {
    let head = "Cookie: obole=planted-session; obole-visit=planted-visit\r\n\
        User-Agent: planted-agent\r\nReferer: https://planted-referer.example/\r\n\
        X-Forwarded-For: 198.51.100.77\r\nAuthorization: Bearer obo_at_planted-token\r\n\
        Idempotency-Key: planted-key\r\n";
    for path in [
        "/?planted-query",
        "/how",
        "/month?after=planted-query",
        "/sign-in?back=/planted-query",
        "/give?url=https://planted-site.example/",
        "/claim?url=planted-site.example",
        "/works?q=planted-query",
        "/reset/planted-link",
        "/confirm/planted-link",
        "/set-up/planted-link",
        "/button/small.svg?url=https://planted-site.example/",
        "/api/v1/me?x=planted-query",
        "/api/v1/works?url=https://planted-site.example/",
        "/none?planted-query",
    ] {
        ask(address, &format!("GET {path} HTTP/1.1\r\n{head}"), "");
    }
    for (path, body) in [
        ("/sign-in", "name=ada&password=planted-password"),
        ("/sign-up", "handle=eve&email=planted-code@obole.example&password=planted-password"),
        ("/wallet/voucher", "code=planted-code"),
        ("/reset/planted-link", "password=planted-password"),
        ("/api/v1/me/vouchers", "{\"code\":\"planted-code\"}"),
        ("/api/v1/clicks", "{\"url\":\"https://planted-site.example\"}"),
    ] {
        let kind = if body.starts_with('{') { "json" } else { "x-www-form-urlencoded" };
        let rest = format!(
            "Content-Type: application/{kind}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        ask(address, &format!("POST {path} HTTP/1.1\r\n{head}"), &rest);
    }
}

#[test]
fn nothing_planted_comes_up_in_the_log() {
    for scene in [Scene::new(), Scene::on_postgres()] {
        for level in ["", "debug", "trace"] {
            let variables = [("OBOLE_LOG", level), ("OBOLE_MAIL_PASSWORD", "planted-mail-password")];
            let serving = serve_with(&scene, &variables);
            live(&serving.address);
            let (code, log) = end(serving);
            assert_eq!(code, Some(0), "{log}");
            assert!(log.contains("answered") && log.contains("/sign-in"), "it does log: {log}");
            assert!(!log.contains("/button"), "B1: {log}");
            for planted in PLANTED {
                let line = log.lines().find(|line| line.contains(planted));
                assert_eq!(line, None, "{planted} at {level:?}");
            }
        }
    }
}
