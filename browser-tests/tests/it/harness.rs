//! The harness before a page of the test's own: it finds, waits, and fails with a sentence.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Instant;

use obole_browser_tests::{Browser, Engine, Instance, Look, Site};
use tokio::task::LocalSet;

const PAGE: &str = r#"<!doctype html><html lang="en"><head><title>Try</title>
<style>a, button { display: inline-block; padding: 1em }
@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } }</style>
</head><body><main><h1>Try</h1>
<p>Width <output id="width"></output></p>
<form action="/done"><label for="mail">Mail address</label><input id="mail" name="mail">
<label for="day">Day</label><input type="date" id="day" name="day">
<label for="size">Size</label><select id="size" name="size"><option>Small<option>Large</select>
<label><input type="checkbox" name="agreed"> I agree</label><button>Save</button></form>
<ul><li>Ada <button type="button" onclick="this.nextSibling.textContent = ' left Ada'">Remove
</button><span></span></li>
<li>Bob <button type="button" onclick="this.nextSibling.textContent = ' left Bob'">Remove
</button><span></span></li></ul>
<a href="/later">Later</a> <button style="display: none">Hidden</button> <div id="host"></div>
</main><script>
document.getElementById("width").textContent = innerWidth;
const root = document.getElementById("host").attachShadow({ mode: "open" });
root.innerHTML = "<button style='padding: 1em'>Inside</button>";
root.querySelector("button").onclick = () => { root.firstChild.textContent = "Done inside"; };
</script></body></html>"#;

const LATER: &str = r#"<!doctype html><html lang="en"><title>Later</title><main><h1>Later</h1>
<p id="p">Wait</p></main><script>
setTimeout(() => { p.innerHTML = "It&nbsp;came"; }, 300)</script>"#;

const BAD: &str = r#"<!doctype html><html><title>Bad</title><main><h1>Bad</h1><img src="x">
<input></main>"#;

/// Serves the pages above; `/done` and `/asked` say what was asked for.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A browser opens connections before it needs them: none may keep another waiting.
            std::thread::spawn(move || answer(stream.unwrap()));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream) {
    let lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let body = match path {
        "/" => PAGE.to_owned(),
        "/later" => LATER.to_owned(),
        "/bad" => BAD.to_owned(),
        _ => format!("<title>Asked</title><pre>{}</pre>", head.join("\n")),
    };
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close";
    let _ = write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
}

#[tokio::test]
async fn a_person_fills_in_presses_and_reads() {
    let site = serve();
    let browser = Browser::open().await;
    browser.goto(&site).await;
    browser.axe().await;
    browser.fill("Mail address", "wrong").await;
    browser.fill("Mail address", "ada@example.org").await;
    assert_eq!(browser.value("Mail address").await, "ada@example.org");
    browser.fill("Day", "2026-11-30").await;
    browser.choose("Size", "Large").await;
    browser.tick("I agree", true).await;
    browser.within("Bob").press("Remove").await;
    browser.sees("left Bob").await;
    browser.sees_no("left Ada").await;
    browser.press("Inside").await;
    browser.sees("Done inside").await;
    browser.press("Save").await;
    browser.arrives_at("/done?mail=ada%40example.org&day=2026-11-30&size=Large&agreed=on").await;
    browser.goto(&site).await;
    browser.press("Later").await;
    browser.sees("It came").await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_look_is_what_was_asked_for() {
    let site = serve();
    let look = Look { language: "fr", size: (390, 700), is_dark: true, ..Look::default() };
    let browser = Browser::open_with(look).await;
    browser.goto(&format!("{site}/asked")).await;
    browser.sees("Accept-Language: fr").await;
    browser.goto(&site).await;
    browser.sees("Width 390").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("try.png");
    browser.screenshot_to(&file).await;
    let picture = std::fs::read(&file).unwrap();
    // Width and height stand behind the signature and the name of the first chunk.
    assert_eq!(picture[16..20], 390_u32.to_be_bytes());
    assert!(picture[20..24] >= 700_u32.to_be_bytes()[..]);
    browser
        .goto(
            "data:text/html,<p>x<script>matchMedia('(prefers-color-scheme: dark)').matches \
        && document.write('It is dark')</script>",
        )
        .await;
    browser.sees("It is dark").await;
}

#[tokio::test]
async fn a_page_without_scripts_can_be_used() {
    let site = serve();
    let browser = Browser::open_with(Look { has_scripts: false, ..Look::default() }).await;
    browser.goto(&site).await;
    browser.sees_no("Inside").await;
    browser.fill("Mail address", "ada@example.org").await;
    browser.press("Save").await;
    browser.sees("GET /done?mail=ada%40example.org").await;
}

#[tokio::test]
async fn what_keeps_people_out_is_listed() {
    let site = serve();
    let browser = Browser::open().await;
    browser.goto(&format!("{site}/bad")).await;
    let violations = browser.axe_violations().await.join("\n");
    for rule in ["html-has-lang", "image-alt", "label"] {
        assert!(violations.contains(&format!("- {rule} (")), "{rule} is not in:\n{violations}");
    }
}

/// A page that asks somebody else for a picture, and a site within it for its cookie.
#[tokio::test]
async fn who_is_asked_is_seen_and_kept_here() {
    let site = Site::open();
    site.put("/", "", "<title>x</title><img src=\"http://elsewhere.example/x.png?a=1\"><p>Here");
    let browser = Browser::open_with(Look { is_watched: true, ..Look::default() }).await;
    browser.goto(&site.url("/")).await;
    browser.sees("Here").await;
    let asked = browser.requests();
    assert!(asked.contains(&site.url("/")), "{asked:?}");
    assert!(asked.contains(&"http://elsewhere.example/x.png?a=1".to_owned()), "{asked:?}");
    browser.goto(&site.url("/")).await;
    assert_eq!(browser.requests_to_strangers(), ["http://elsewhere.example/x.png?a=1"]);
}

#[tokio::test]
async fn sites_within_others_have_cookies_or_not() {
    let site = Site::open();
    // Two names of one machine are two sites.
    let within = site.url("/within").replace("localhost", "127.0.0.1");
    let cookie = "Set-Cookie: a=1; SameSite=None; Secure\r\n";
    site.put(
        "/within",
        cookie,
        "<script>parent.postMessage(document.cookie || 'none', '*')</script>",
    );
    let frame = format!("<iframe src=\"{within}\"></iframe>");
    let hear = "<p id=p></p><script>onmessage = (e) => { p.textContent += e.data; }</script>";
    site.put("/", "", &format!("<title>x</title>{hear}{frame}"));
    for (has_foreign_cookies, said) in [(true, "a=1"), (false, "none")] {
        let browser = Browser::open_with(Look { has_foreign_cookies, ..Look::default() }).await;
        browser.goto(&site.url("/")).await;
        browser.sees(said).await;
    }
}

/// What a failing step says; the step fails after the patience of a person.
async fn sentence(step: impl Future<Output = ()> + 'static) -> String {
    let here = LocalSet::new();
    let ended = here.run_until(async { tokio::task::spawn_local(step).await }).await;
    let failure = ended.unwrap_err().into_panic();
    failure.downcast_ref::<String>().unwrap().clone()
}

#[tokio::test]
async fn a_step_that_cannot_be_done_says_what_there_is() {
    let site = serve();
    let browser = Browser::open().await;
    browser.goto(&site).await;
    let window = browser.clone();
    let missing = sentence(async move { window.press("Hidden").await }).await;
    assert!(missing.contains("no button or link is called “Hidden”"), "{missing}");
    assert!(missing.contains("\"Save\""), "{missing}");
    let window = browser.clone();
    let many = sentence(async move { window.press("Remove").await }).await;
    assert!(many.contains("2 of them are called “Remove”"), "{many}");
}

/// A program that behaves like `obole serve` as far as the harness goes.
fn stand_in(folder: &std::path::Path) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let file = folder.join("obole");
    let script = "#!/bin/sh\nif [ \"$1\" = serve ]; then trap 'echo bye; kill $!; exit 0' TERM\n\
        echo \"$OBOLE_DATABASE_URL at $OBOLE_TEST_NOW, $OBOLE_TEST_BINARY.\"\n\
        echo 'Obole listens on http://127.0.0.1:4711/'\ntail -f /dev/null & wait\n\
        else echo \"$@\"; cat; fi\n";
    std::fs::write(&file, script).unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    file
}

#[tokio::test]
async fn an_instance_starts_on_both_engines_answers_commands_and_stops() {
    let folder = tempfile::tempdir().unwrap();
    let program = stand_in(folder.path());
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let instance = Instance::prepare_binary(&program, engine, "2026-11-15T12:00:00Z");
        let start = Instant::now();
        let instance = instance.start().await;
        assert!(start.elapsed().as_secs() < 10);
        assert_eq!(instance.url("/budget"), "http://127.0.0.1:4711/budget");
        let kind = if engine == Engine::Sqlite { "sqlite://" } else { "postgres://" };
        assert!(instance.log().starts_with(kind), "{}", instance.log());
        assert!(instance.log().contains("at 2026-11-15T12:00:00Z, ."), "{}", instance.log());
        assert_eq!(instance.obole(&["token", "create"], "secret"), "token create\nsecret");
        assert!(instance.stop().await);
    }
}
