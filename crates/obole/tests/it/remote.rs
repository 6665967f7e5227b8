//! The commands of who has an account elsewhere: signing in, giving, looking at the month, against
//! a served instance, and against servers that answer in bad faith or not at all.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::person::Person;
use crate::scene::{Run, Scene};
use crate::served::{PASSWORD, serve};

/// Somebody's machine: a folder of their own.
struct Machine<'scene> {
    scene: &'scene Scene,
    language: &'static str,
}

impl<'scene> Machine<'scene> {
    fn new(scene: &'scene Scene) -> Self {
        Self { scene, language: "C" }
    }

    fn folder(&self) -> PathBuf {
        self.scene.folder().join("their own")
    }

    fn file(&self) -> PathBuf {
        self.folder().join("obole/sign-in.json")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.scene.command(arguments);
        command.env("XDG_CONFIG_HOME", self.folder()).env("LANG", self.language);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        ended(self.command(arguments).output().expect("it runs"))
    }

    fn well(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run.out
    }

    /// A run that is refused: what it says.
    fn refused(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{arguments:?}: {run:?}");
        assert!(!run.err.contains("obo_"), "no key is ever told: {}", run.err);
        run.err
    }

    /// Begins to sign in: the process and the code that it shows.
    fn begin(&self, base: &str) -> (Child, String) {
        let mut child = self.command(&["login", "--instance", base]).spawn().expect("it runs");
        let mut lines = BufReader::new(child.stderr.take().expect("piped")).lines();
        let line = lines.next().expect("a line").expect("text");
        let page = format!("Open {base}/device and type this code: ");
        let code = line.strip_prefix(&page).unwrap_or_else(|| panic!("{line}")).to_owned();
        let whole = lines.next().expect("a line").expect("text");
        assert!(whole.contains(&format!("{base}/device?code={code}")), "{whole}");
        child.stderr = None;
        (child, code)
    }

    fn sign_in(&self, base: &str, person: &mut Person) -> String {
        let (child, code) = self.begin(base);
        let page = person.answer_device(&code, "yes");
        assert!(page.body.contains("Obole command line"), "{}", page.body);
        assert!(page.body.contains("say yes only if you have just started it"), "{}", page.body);
        let run = ended(child.wait_with_output().expect("it ends"));
        assert_eq!(run.code, 0, "{run:?}");
        run.out
    }

    /// Is signed in already, with keys that the server of a test takes.
    fn keep(&self, base: &str, access: (&str, i64), refresh: &str) {
        fs::create_dir_all(self.folder().join("obole")).expect("a folder");
        let kept = json!({
            "instance": base, "access_token": access.0, "access_until": access.1,
            "refresh_token": refresh, "scope": "profile click clicks:read",
        });
        fs::write(self.file(), kept.to_string()).expect("written");
    }

    fn kept(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(self.file()).expect("kept")).expect("JSON")
    }
}

fn ended(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

#[test]
fn somebody_signs_in_gives_looks_at_the_month_and_signs_out() {
    let scene = Scene::new();
    let (served, base) = serve(&scene, &["ada", "bob"]);
    scene.well(&[
        "claim",
        "grant",
        "--work",
        "https://ada.example/",
        "--account",
        "ada",
        "--reason",
        "known",
    ]);
    let mut ada = Person::sign_in(&served.address, "ada", PASSWORD);
    let machine = Machine::new(&scene);
    assert!(
        machine.refused(&["give", "https://b.example/"]).contains("run `obole login --instance")
    );
    let out = machine.sign_in(&base, &mut ada);
    assert_eq!(out, format!("Signed in to {base} as @ada.\n"));
    let mode =
        |path: PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode(machine.file()), mode(machine.folder().join("obole"))), (0o600, 0o700));

    let out = machine.well(&["give", "https://songs.example/one?utm_source=x", "--points", "3"]);
    assert_eq!(
        out,
        "https://songs.example/one has 3 points from you in 2026-11. There is no budget with \
         enough money behind it yet, so it waits.\n"
    );
    let note = ["give", "songs.example/one", "--note", "Thank you", "--json"];
    let given: Value = serde_json::from_str(&machine.well(&note)).expect("JSON");
    assert_eq!((&given["points"], &given["estimate"]), (&json!(4), &Value::Null));
    let out = machine.well(&["give", "songs.example/one"]);
    assert!(out.contains("has 5 points from you in 2026-11, 1 of them now."), "{out}");

    let refused = machine.refused(&["give", "https://ada.example/"]);
    assert!(refused.contains("error: This work is yours"), "{refused}");
    let french = Machine { language: "fr_FR.UTF-8", ..Machine::new(&scene) };
    assert!(french.refused(&["give", "https://ada.example/"]).contains("Cette œuvre est à vous"));
    assert!(machine.refused(&["give", "javascript:alert(1)"]).contains("Only pages of the web"));

    let out = machine.well(&["month"]);
    assert!(out.starts_with("2026-11: shared out in 15 days\nNo budget yet"), "{out}");
    assert!(out.contains("5    https://songs.example/one"), "{out}");
    let month: Value = serde_json::from_str(&machine.well(&["month", "--json"])).expect("JSON");
    assert_eq!((&month["period"], &month["points"]), (&json!("2026-11"), &json!(5)));
    assert_eq!(month["clicks"][0]["note"], "Thank you");

    let out = machine.well(&["login", "--end"]);
    assert_eq!(out, format!("Signed out of {base}.\n"));
    assert!(!machine.file().exists());
    assert!(machine.refused(&["month"]).contains("nobody is signed in"));
    assert_eq!(machine.well(&["login", "--end"]), "Nobody is signed in on this machine.\n");
    let apps = ada.get("/settings/apps").body;
    assert!(!apps.contains("Obole command line"), "the grant is gone there too: {apps}");
    served.end();
}

#[test]
fn keys_are_refreshed_by_one_of_many_and_a_revoked_sign_in_is_told() {
    let scene = Scene::new();
    let (served, base) = serve(&scene, &["ada"]);
    let mut ada = Person::sign_in(&served.address, "ada", PASSWORD);
    let machine = Machine::new(&scene);
    machine.sign_in(&base, &mut ada);
    let mut kept = machine.kept();
    let before = kept["refresh_token"].clone();
    kept["access_until"] = json!(0);
    fs::write(machine.file(), kept.to_string()).expect("written");
    let children: Vec<Child> =
        (0..8).map(|_| machine.command(&["month"]).spawn().expect("it runs")).collect();
    for child in children {
        let run = ended(child.wait_with_output().expect("it ends"));
        assert_eq!(run.code, 0, "{run:?}");
    }
    let kept = machine.kept();
    assert_ne!(kept["refresh_token"], before, "it was rotated");
    machine.well(&["month"]);
    // A key that the instance does not know any more is changed for a good one.
    let mut broken = kept.clone();
    broken["access_token"] = json!("obo_at_of_nobody");
    fs::write(machine.file(), broken.to_string()).expect("written");
    machine.well(&["give", "https://songs.example/"]);

    // Signing in again gives the one before back.
    let old = machine.kept();
    machine.sign_in(&base, &mut ada);
    let other = Machine::new(&scene);
    let new = machine.kept();
    fs::write(other.file(), old.to_string()).expect("written");
    assert!(other.refused(&["month"]).contains("run `obole login` again"));
    fs::write(machine.file(), new.to_string()).expect("written");
    machine.well(&["month"]);

    let page = ada.get("/settings/apps");
    let done = ada.submit(&page, "/settings/apps/revoke", &[]);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(machine.refused(&["month"]).contains("run `obole login` again"));
    served.end();
}

#[test]
fn a_no_is_told_and_nothing_is_kept() {
    let scene = Scene::new();
    let (served, base) = serve(&scene, &["ada"]);
    let mut ada = Person::sign_in(&served.address, "ada", PASSWORD);
    let machine = Machine::new(&scene);
    let (child, code) = machine.begin(&base);
    ada.answer_device(&code, "no");
    let run = ended(child.wait_with_output().expect("it ends"));
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(!machine.file().exists());
    served.end();
}

#[test]
fn the_program_cannot_be_changed_by_anybody() {
    let scene = Scene::new();
    let (served, base) = serve(&scene, &["ada"]);
    let mut ada = Person::sign_in(&served.address, "ada", PASSWORD);
    Machine::new(&scene).sign_in(&base, &mut ada);
    let id = "0b01e000-0000-7000-8000-000000000001";
    assert_eq!(ada.get(&format!("/apps/{id}")).status, 404);
    assert!(!ada.get("/apps").body.contains(id));
    assert!(ada.get("/settings/apps").body.contains("Obole command line"));
    served.end();
}

#[test]
fn what_is_mistyped_is_said() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let nowhere = machine.run(&["login"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("obole login --instance https://"), "{}", nowhere.err);
    for words in [
        &["give"][..],
        &["give", "https://a.example/", "--points", "0"],
        &["give", "https://a.example/", "--points", "1000001"],
        &["month", "now"],
        &["login", "--end", "--instance", "https://a.example"],
    ] {
        assert_eq!(machine.run(words).code, 2, "{words:?}");
    }
    for (address, sentence) in [
        ("http://obole.example", "only https is safe"),
        ("http://192.0.2.1", "only https is safe"),
        ("ftp://obole.example", "not the address of an instance"),
        ("https://ada:secret@obole.example", "not the address of an instance"),
        ("https://obole.example/\u{1b}[2J", "not the address of an instance"),
    ] {
        let said = machine.refused(&["login", "--instance", address]);
        assert!(said.contains(sentence) && !said.contains('\u{1b}'), "{address}: {said}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let said = machine.refused(&["login", "--instance", &address]);
    assert!(said.contains("nobody answers there"), "{said}");
    machine.keep(&address, ("obo_at_x", i64::MAX), "obo_rt_x");
    let said = machine.refused(&["give", "https://a.example/"]);
    assert!(said.contains("nobody answers there"), "{said}");
    fs::write(machine.file(), "{").expect("written");
    assert!(machine.refused(&["month"]).contains("is broken; run `obole login` again"));
}

/// What a server of a test is asked: its first line, its head, its body.
struct Asked {
    line: String,
    head: String,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> String {
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
        line.and_then(|line| line.split_once(": ")).map_or_else(String::new, |(_, v)| v.to_owned())
    }
}

/// A server that answers as a test says; where nothing is said, the connection just ends.
fn answering(answer: impl Fn(&str, &Asked) -> Option<String> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let own = base.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                    length = text.trim().parse().expect("a length");
                }
                head.push_str(&line);
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let line = head.lines().next().unwrap_or_default().to_owned();
            let body = String::from_utf8(body).expect("text");
            if let Some(answer) = answer(&own, &Asked { line, head, body }) {
                // Who has read enough may be gone.
                let _gone = stream.write_all(answer.as_bytes());
            }
        }
    });
    base
}

fn http(status: u16, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    ))
}

fn metadata(base: &str) -> Option<String> {
    let at = |path: &str| format!("{base}{path}");
    let metadata = json!({
        "issuer": base,
        "device_authorization_endpoint": at("/oauth/device_authorization"),
        "token_endpoint": at("/oauth/token"),
        "revocation_endpoint": at("/oauth/revoke"),
    });
    http(200, &metadata.to_string())
}

#[test]
fn a_click_whose_answer_is_lost_is_asked_for_again_under_its_key() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let base = answering(move |_, asked| {
        let mut seen = seen.lock().expect("not poisoned");
        seen.push((asked.line.clone(), asked.header("idempotency-key"), asked.body.clone()));
        let answer = json!({
            "work": {
                "id": "x", "url": "https://a.example/", "title": "A\u{1b}[2J\u{202e}song",
                "owner": null,
            },
            "period": "2026-11", "points": 2, "estimate": { "amount": "1.50", "currency": "EUR" },
        });
        match seen.len() {
            1 => None,
            2 => Some("HTTP/1.1 503 X\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n".to_owned()),
            _ => http(201, &answer.to_string()),
        }
    });
    machine.keep(&base, ("obo_at_x", i64::MAX), "obo_rt_x");
    let run = machine.run(&["give", "https://a.example/", "--points", "2"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(
        run.out,
        "“A[2Jsong” (https://a.example/) has 2 points from you in 2026-11. If the month ended \
         now, it would come to 1.50 EUR.\n"
    );
    assert!(run.err.contains("the answer was lost on the way; trying again"), "{}", run.err);
    let asked = asked.lock().expect("not poisoned").clone();
    assert_eq!(asked.len(), 3);
    assert!(asked[0].1.len() == 36 && asked.iter().all(|one| *one == asked[0]), "{asked:?}");
    let run = machine.run(&["give", "https://a.example/", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.out.contains('\u{1b}') && !run.out.contains('\u{202e}'), "{}", run.out);
    let keys: Vec<String> = [asked[0].1.clone(), "other".to_owned()].into_iter().collect();
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn what_never_comes_is_given_up_with_a_sentence() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let base = answering(|_, _| None);
    machine.keep(&base, ("obo_at_x", i64::MAX), "obo_rt_x");
    let said = machine.refused(&["give", "https://a.example/"]);
    assert!(said.lines().last().is_some_and(|line| line.contains("the answer was lost")), "{said}");
    let said = machine.refused(&["login", "--end"]);
    assert!(said.contains("this machine has forgotten the sign-in"), "{said}");
    assert!(!machine.file().exists());
}

#[test]
fn an_answer_in_bad_faith_is_refused() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let huge = format!("\"{}\"", "x".repeat(2 << 20));
    for (answer, sentence) in [
        (http(200, "<html>Welcome"), "does not answer as an instance"),
        (http(200, &huge), "longer than any of an instance"),
        (
            Some(
                "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n".to_owned()
                    + &format!("200000\r\n{}\r\n", "x".repeat(2 << 20)),
            ),
            "longer than any of an instance",
        ),
        (
            Some(
                "HTTP/1.1 302 X\r\nlocation: https://evil.example/\r\ncontent-length: 0\r\n\r\n"
                    .to_owned(),
            ),
            "answers with status 302",
        ),
        (Some(format!("HTTP/1.1 200 X\r\nx: {}\r\n\r\n", "x".repeat(100_000))), "was lost"),
        (
            http(422, &json!({ "code": "x", "detail": "No\u{1b}]0;x\u{7}\u{9b}2J." }).to_string()),
            "error: No]0;x2J.",
        ),
        (http(422, "{}"), "answers with status 422"),
        (http(200, "[]"), "gives no list of clicks"),
    ] {
        let base = answering(move |_, _| answer.clone());
        machine.keep(&base, ("obo_at_x", i64::MAX), "obo_rt_x");
        let said = machine.refused(&["month"]);
        assert!(said.contains(sentence), "{sentence}: {said}");
        assert!(!said.contains(['\u{1b}', '\u{9b}', '\u{7}']), "{said:?}");
    }
}

#[test]
fn keys_go_to_the_instance_only_and_codes_are_its_own() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    for field in ["token_endpoint", "device_authorization_endpoint", "revocation_endpoint"] {
        let base = answering(move |base, _| {
            let answer = metadata(base).expect("an answer");
            let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
            let mut json: Value = serde_json::from_str(body).expect("JSON");
            json[field] = json!("https://evil.example/");
            assert!(head.starts_with("HTTP/1.1 200"));
            http(200, &json.to_string())
        });
        let said = machine.refused(&["login", "--instance", &base]);
        assert!(said.contains(&format!("does not say where its {field} is")), "{said}");
    }
    let base = answering(|_, _| metadata("https://evil.example"));
    let said = machine.refused(&["login", "--instance", &base]);
    assert!(said.contains("does not answer as an instance"), "{said}");
    let base = answering(|base, asked| match asked.line.contains("device_authorization") {
        true => http(
            200,
            &json!({
                "device_code": "d", "user_code": "U\u{1b}", "expires_in": 600, "interval": 1,
                "verification_uri": "https://evil.example/device",
            })
            .to_string(),
        ),
        false => metadata(base),
    });
    let said = machine.refused(&["login", "--instance", &base]);
    assert!(said.contains("names no page of its own"), "{said}");
    assert!(!machine.file().exists());
}

#[test]
fn a_code_that_is_too_old_and_one_that_is_asked_for_too_often() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let count = Mutex::new(0);
    let base = answering(move |base, asked| {
        if asked.line.contains("device_authorization") {
            let begun = json!({
                "device_code": "d", "user_code": "WORD-CODE", "expires_in": 600, "interval": 1,
                "verification_uri": format!("{base}/device"),
            });
            return http(200, &begun.to_string());
        }
        if !asked.line.contains("/oauth/token") {
            return metadata(base);
        }
        assert!(asked.body.contains("device_code=d&client_id=0b01e000"), "{}", asked.body);
        let mut count = count.lock().expect("not poisoned");
        *count += 1;
        match *count {
            1 => http(400, r#"{"error":"authorization_pending"}"#),
            2 => None,
            3 => http(400, r#"{"error":"slow_down"}"#),
            _ => http(400, r#"{"error":"expired_token"}"#),
        }
    });
    let said = machine.refused(&["login", "--instance", &base]);
    assert!(said.contains("type this code: WORD-CODE"), "{said}");
    assert!(said.contains("nobody typed the code in time; run `obole login` again"), "{said}");
}

#[test]
fn a_refresh_whose_answer_is_lost_is_asked_for_again() {
    let scene = Scene::new();
    let machine = Machine::new(&scene);
    let count = Mutex::new(0);
    let base = answering(move |base, asked| {
        if asked.line.contains("/oauth/token") {
            let mut count = count.lock().expect("not poisoned");
            *count += 1;
            assert!(asked.body.contains("refresh_token=obo_rt_1"), "{}", asked.body);
            let tokens = json!({
                "access_token": "obo_at_2", "refresh_token": "obo_rt_2", "expires_in": 3600,
                "scope": "profile",
            });
            return if *count == 1 { None } else { http(200, &tokens.to_string()) };
        }
        if asked.line.contains("oauth-authorization-server") {
            return metadata(base);
        }
        assert!(asked.header("authorization").ends_with("obo_at_2"), "{}", asked.head);
        if asked.line.contains("/clicks") {
            return http(200, r#"{"items":[],"next":null}"#);
        }
        http(200, r#"{"period":"2026-11","days_left":0,"points":0,"budgets":[]}"#)
    });
    machine.keep(&base, ("obo_at_1", 0), "obo_rt_1");
    let out = machine.well(&["month"]);
    assert!(out.contains("shared out in a few hours") && out.contains("No clicks yet"), "{out}");
    assert_eq!(machine.kept()["refresh_token"], "obo_rt_2");
}
