//! What other sites try in order to get a click out of somebody who is signed in (security.md B2 to
//! B5, W2): none of it gives one. A site that the patron trusts gives at once when a person presses
//! its button, and in no other way.

use obole_browser_tests::{Browser, Engine, Instance, Site};
use serde_json::json;

const NOW: &str = "2026-11-15T12:00:00Z";
const PASSWORD: &str = "four plain words here";

/// Marks a page whose attempt is over.
const OVER: &str = "document.body.append('It is over.')";

/// An instance with a patron, who is signed in.
async fn signed_in() -> (Instance, Browser) {
    let instance = Instance::prepare(Engine::Sqlite, NOW);
    let zoe = ["account", "create", "--handle", "zoe", "--email", "zoe@patron.example"];
    instance.obole(&[&zoe[..], &["--confirmed", "--password-stdin"]].concat(), PASSWORD);
    let instance = instance.start().await;
    let browser = Browser::open().await;
    browser.sign_in(&instance, ("zoe", PASSWORD), "/month").await;
    (instance, browser)
}

fn page(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><title>Trap</title></head>\
         <body><main><h1>Nothing to see</h1>{inside}</main></body></html>"
    )
}

/// Forms that send themselves to an address of the instance: fields, and how they are sent.
fn forms(instance: &Instance) -> Vec<String> {
    let give = "<input name=url value=https://evil.example/a><input name=points value=9>\
        <input name=op value=0190f0c2-0000-7000-8000-000000000001>";
    let trust = "<input name=site value=https://evil.example>";
    let mut forms = Vec::new();
    for (path, fields) in [
        ("/give", give),
        ("/clicks", give),
        ("/clicks/points", give),
        ("/clicks/undo", give),
        ("/settings/sites", trust),
        ("/budget", give),
    ] {
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] {
            let action = instance.url(path);
            forms.push(format!(
                "<form method=post action=\"{action}\" enctype=\"{kind}\">{fields}</form>\
                 <script>document.forms[0].submit()</script>"
            ));
        }
    }
    forms
}

/// Requests that a script sends without leaving the page.
fn requests(instance: &Instance) -> Vec<String> {
    let give = instance.url("/give");
    let body = "'url=https://evil.example/a&points=9&op=0190f0c2-0000-7000-8000-000000000001'";
    let fetched = |options: &str| {
        format!("fetch('{give}', {{ {options} }}).catch(() => 0).finally(() => {OVER})")
    };
    let post = format!("method: 'POST', credentials: 'include', body: {body}");
    let kind = "headers: { 'content-type': 'application/x-www-form-urlencoded' }";
    let api = instance.url("/api/v1/clicks");
    vec![
        fetched(&format!("mode: 'no-cors', {post}")),
        fetched(&format!("mode: 'no-cors', {post}, {kind}")),
        fetched(&format!("{post}, {kind}")),
        fetched(&format!("{post}, {kind}, referrerPolicy: 'no-referrer'")),
        fetched("mode: 'no-cors', credentials: 'include'"),
        format!("navigator.sendBeacon('{give}', new Blob([{body}])); {OVER}"),
        format!(
            "fetch('{api}', {{ method: 'POST', credentials: 'include', mode: 'no-cors', \
             body: '{{\"url\":\"https://evil.example/a\"}}' }}).catch(() => 0)\
             .finally(() => {OVER})"
        ),
        format!(
            "const x = new XMLHttpRequest(); x.open('POST', '{give}'); x.withCredentials = true; \
             x.onloadend = () => {OVER}; x.send({body})"
        ),
    ]
}

/// The instance's pages inside of others, and what tries to reach into them.
fn frames(instance: &Instance) -> Vec<String> {
    let give = instance.url("/give?url=https://evil.example/a&way=site");
    vec![
        format!("<iframe src=\"{give}\"></iframe>"),
        format!("<iframe sandbox=\"allow-scripts allow-forms\" src=\"{give}\"></iframe>"),
        format!("<object data=\"{give}\" type=\"text/html\"></object>"),
        format!("<embed src=\"{give}\" type=\"text/html\">"),
    ]
}

async fn has_no_clicks(instance: &Instance, browser: &Browser) {
    browser.goto(&instance.url("/month")).await;
    browser.sees("No clicks yet").await;
}

#[tokio::test]
async fn no_other_site_gets_a_click() {
    let (instance, browser) = signed_in().await;
    let site = Site::open();
    let (forms, requests, frames) = (forms(&instance), requests(&instance), frames(&instance));
    assert!(forms.len() + requests.len() + frames.len() >= 25);
    for (number, form) in forms.iter().enumerate() {
        site.put(&format!("/form/{number}"), "", &page(form));
        browser.goto(&site.url(&format!("/form/{number}"))).await;
        browser.sees("not sent from a page of this instance").await;
    }
    for (number, request) in requests.iter().enumerate() {
        site.put(&format!("/request/{number}"), "", &page(&format!("<script>{request}</script>")));
        browser.goto(&site.url(&format!("/request/{number}"))).await;
        browser.sees("It is over.").await;
    }
    for (number, frame) in frames.iter().enumerate() {
        site.put(&format!("/frame/{number}"), "", &page(frame));
        browser.goto(&site.url(&format!("/frame/{number}"))).await;
        let inside = "[...document.querySelectorAll('iframe, object, embed')]\
            .some((frame) => frame.contentDocument?.getElementById('give'))";
        assert_eq!(browser.evaluate(inside).await, json!(false), "{frame}");
        let stopped = browser.complaints().await.concat();
        assert!(stopped.contains("frame-ancestors") || stopped.contains("X-Frame"), "{stopped}");
    }
    has_no_clicks(&instance, &browser).await;
    browser.goto(&instance.url("/settings/sites")).await;
    browser.sees("You trust no site yet").await;
}

#[tokio::test]
async fn a_swapped_double_click_gives_nothing() {
    let (instance, browser) = signed_in().await;
    browser.goto(&instance.url("/give?url=https://evil.example/a")).await;
    // As long as the page has been seen for less than half a second, whatever the clock says.
    browser.evaluate("window.now = performance.now; performance.now = () => 1; 1").await;
    browser.press("Give").await;
    browser.press("Give").await;
    browser.arrives_at("/give?url=https://evil.example/a").await;
    // A script of the opener has no hold of the window either, and no key was pressed there.
    browser.evaluate("performance.now = () => window.now.call(performance) + 500; 1").await;
    browser.press("Give").await;
    browser.sees("from you this month").await;
}

#[tokio::test]
async fn a_trusted_site_gives_only_when_somebody_presses_its_button() {
    let (instance, browser) = signed_in().await;
    let site = Site::open();
    let work = format!("{}/give?url={}", instance.url(""), site.url("/song"));
    browser.goto(&instance.url("/settings/sites")).await;
    browser.fill("Address of the site", &site.url("/")).await;
    browser.press("Trust it").await;
    browser.sees("give at once from now on").await;
    let titled = "%3Cimg%20src=x%20onerror=document.body.append(%27It%20is%20over.%27)%3E";
    for (number, trick) in [
        format!("<script>window.open('{work}', '_blank', 'noopener')</script>"),
        format!("<script>window.open('{work}')</script>"),
        format!("<script>location.href = '{work}'</script>"),
        format!("<script>location.replace('{work}&title={titled}')</script>"),
        format!("<meta http-equiv=\"refresh\" content=\"0; url={work}\">"),
        format!("<a id=a href=\"{work}\">Go</a><script>a.click()</script>"),
        format!(
            "<form action=\"{}\"><input name=url value=\"{}\"></form>\
             <script>document.forms[0].submit()</script>",
            instance.url("/give"),
            site.url("/song"),
        ),
        format!("<link rel=\"prerender\" href=\"{work}\"><link rel=\"prefetch\" href=\"{work}\">"),
    ]
    .iter()
    .enumerate()
    {
        site.put(&format!("/trick/{number}"), "", &page(trick));
        browser.goto(&site.url(&format!("/trick/{number}"))).await;
        match number {
            0 | 1 => browser.follow().await,
            2..7 => {}
            _ => continue,
        }
        browser.sees("You are about to click on").await;
        browser.sees_no("It is over.").await;
        if number < 2 {
            browser.close().await;
        }
    }
    has_no_clicks(&instance, &browser).await;

    let link = format!("<a target=\"_blank\" rel=\"noopener\" href=\"{work}\">Thank us</a>");
    site.put("/song", "", &page(&link));
    browser.goto(&site.url("/song")).await;
    browser.press("Thank us").await;
    browser.follow().await;
    browser.sees("Your click is in").await;
    browser.press("Take it back").await;
    browser.sees("is taken back").await;
    browser.close().await;
    // Another site cannot use that trust: neither for itself nor for the trusted one.
    let other = Site::open();
    let theirs = format!("{}/give?url={}", instance.url(""), other.url("/song"));
    let links = format!("<a href=\"{work}\">Theirs</a> <a href=\"{theirs}\">Ours</a>");
    other.put("/song", "", &page(&links));
    for link in ["Theirs", "Ours"] {
        browser.goto(&other.url("/song")).await;
        browser.press(link).await;
        browser.sees("You are about to click on").await;
    }
    has_no_clicks(&instance, &browser).await;
}
