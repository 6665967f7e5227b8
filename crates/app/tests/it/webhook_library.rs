//! What is sent passes the Standard Webhooks project's own library.

use std::io::Write as _;
use std::process::{Command, Stdio};

use jiff::{SignedDuration, Timestamp};
use obole_app::audit_log::Actor;
use obole_app::testing::account;
use obole_app::webhooks;
use obole_gateway::testing::Request;
use serde_json::json;

use crate::webhooks::endpoint;
use crate::world::World;

/// Reads a secret, headers and a body, and says whether the library takes them.
const SCRIPT: &str = "
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError
said = json.load(sys.stdin)
try:
    body = Webhook(said['secret']).verify(said['body'], said['headers'])
    print('good', body['type'])
except WebhookVerificationError as error:
    print('bad', error)
";

/// What stands behind the examples of the manual, which only define `verify`.
const PYTHON_END: &str = "
import json, sys
said = json.load(sys.stdin)
print(verify(said['secret'], said['headers'], said['body']))
";
const JAVASCRIPT_END: &str = "
const said = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
console.log(verify(said.secret, said.headers, said.body));
";

const MANUAL: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/manual/developers.md"));

/// An example of the manual in a language.
fn example(language: &str) -> &'static str {
    let chapter = MANUAL.split("\n## Webhooks\n").nth(1).expect("the chapter");
    let block = chapter.split(&format!("```{language}\n")).nth(1).expect("an example");
    block.split("```").next().expect("its end")
}

/// A request as the scripts read it.
fn said(secret: &str, request: &Request, body: &str) -> String {
    let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
    let headers: serde_json::Value =
        names.into_iter().map(|name| (name.to_owned(), json!(request.header(name)))).collect();
    json!({"secret": secret, "headers": headers, "body": body}).to_string()
}

/// What a script answers.
fn run(mut program: Command, said: &str) -> String {
    let name = format!("{:?} must be installed", program.get_program());
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut script = program.spawn().expect(&name);
    let mut input = script.stdin.take().expect("a pipe");
    input.write_all(said.as_bytes()).expect("written");
    drop(input);
    let output = script.wait_with_output().expect("a verdict");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// What the library says of a request.
fn judged(secret: &str, request: &Request, body: &str) -> String {
    let Ok(folder) = std::env::var("OBOLE_TEST_STANDARDWEBHOOKS") else {
        panic!("OBOLE_TEST_STANDARDWEBHOOKS must name the library's folder: `cargo x test`");
    };
    let mut python = Command::new("python3");
    python.args(["-c", SCRIPT]).env("PYTHONPATH", folder).env("PYTHONDONTWRITEBYTECODE", "1");
    run(python, &said(secret, request, body))
}

#[tokio::test]
async fn the_specifications_own_library_takes_what_is_sent_and_nothing_else() {
    let world = World::new().await;
    world.sites.page("site.example/hook", (200, ""), b"");
    let instance = obole_app::testing::sqlite_with(|config| world.set(config)).await;
    let app = &instance.app;
    app.clock().set(Timestamp::now() - SignedDuration::from_mins(6));
    let owner = account(app, "creator").await;
    let (id, secret) = endpoint(app, owner, world.sites.url("site.example", "/hook")).await;
    let send = async || {
        webhooks::test(app, owner, id).await.expect("a test");
        webhooks::deliver(app).await.expect("delivered");
        world.sites.requests().pop().expect("a request")
    };
    // The library compares with the system's clock, and does not take an old one.
    let late = send().await;
    assert_eq!(judged(&secret, &late, &late.body), "bad Message timestamp too old");
    app.clock().set(Timestamp::now());
    let one = send().await;
    assert_eq!(judged(&secret, &one, &one.body), "good webhook.test");
    let changed = one.body.replace("{}", "{ }");
    assert_eq!(judged(&secret, &one, &changed), "bad No matching signature found");

    // While rotating both secrets are good, then the new one only.
    let new = webhooks::rotate(app, Actor::Page(owner), id).await.expect("a new secret");
    assert_eq!(judged(&new, &one, &one.body), "bad No matching signature found");
    let two = send().await;
    for secret in [&secret, &new] {
        assert_eq!(judged(secret, &two, &two.body), "good webhook.test");
    }
    webhooks::end_old_secret(app, Actor::Page(owner), id).await.expect("ended");
    let three = send().await;
    assert_eq!(judged(&new, &three, &three.body), "good webhook.test");
    assert_eq!(judged(&secret, &three, &three.body), "bad No matching signature found");
}

#[tokio::test]
async fn the_examples_of_the_manual_take_what_is_sent_and_nothing_else() {
    let world = World::new().await;
    world.sites.page("site.example/hook", (200, ""), b"");
    let instance = obole_app::testing::sqlite_with(|config| world.set(config)).await;
    let app = &instance.app;
    app.clock().set(Timestamp::now());
    let owner = account(app, "creator").await;
    let (id, secret) = endpoint(app, owner, world.sites.url("site.example", "/hook")).await;
    let new = webhooks::rotate(app, Actor::Page(owner), id).await.expect("a new secret");
    webhooks::test(app, owner, id).await.expect("a test");
    webhooks::deliver(app).await.expect("delivered");
    let request = world.sites.requests().pop().expect("a request");
    for (program, option, text) in [
        ("python3", "-c", format!("{}{PYTHON_END}", example("python"))),
        ("node", "-e", format!("{}{JAVASCRIPT_END}", example("javascript"))),
    ] {
        let verified = |secret: &str, body: &str| {
            let mut command = Command::new(program);
            command.args([option, &text]);
            run(command, &said(secret, &request, body)).to_lowercase()
        };
        assert_eq!(verified(&secret, &request.body), "true", "{program}");
        assert_eq!(verified(&new, &request.body), "true", "{program}");
        assert_eq!(verified(&new, &format!("{} ", request.body)), "false", "{program}");
        assert_eq!(verified("whsec_AAAA", &request.body), "false", "{program}");
    }
}
