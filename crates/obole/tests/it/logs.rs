//! The log tells what happened and never who, from where, about what, or with which secret (S1,
//! P4).

use crate::scene::Scene;
use crate::served::Served;

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
fn live(serving: &Served) {
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
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{head}", serving.address);
        serving.ask(&head, "").expect("an answer");
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
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{head}Content-Type: application/{kind}\r\n\
             Content-Length: {}\r\n",
            serving.address,
            body.len()
        );
        serving.ask(&head, body).expect("an answer");
    }
}

#[test]
fn nothing_planted_comes_up_in_the_log() {
    for scene in [Scene::new(), Scene::on_postgres()] {
        for level in ["", "debug", "trace"] {
            let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
            command.env("OBOLE_LOG", level).env("OBOLE_MAIL_PASSWORD", "planted-mail-password");
            let serving = Served::begin_with(command);
            live(&serving);
            let (code, log) = serving.end();
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
