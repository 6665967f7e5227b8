//! `obole bench pages`: the real server in a process of its own, what it answers from memory, and
//! its heaviest pages; beside it an endpoint that does nothing, and nginx with the same bytes.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use jiff::ToSpan as _;
use obole_app::audit_log::Actor;
use obole_app::bench::{self, pages};
use obole_app::domain::Period;
use obole_app::{App, Clock, Parts, settle};
use serde_json::{Value, json};

use super::nginx::Nginx;
use super::{engine, fill_with, per_second, thousandths};
use crate::arguments::{BenchFill, BenchPages, Common};
use crate::load::{self, Load, Measured, Next};
use crate::{configuration, instance, output};

/// What a new database is filled with, in the month before.
const SMALL: BenchFill = BenchFill { patrons: 2_000, mean_clicks: 20, works: 5_000, seed: 1 };

/// The patron with a full month, and how many clicks it has.
const PATRON: &str = "bench-patron";
const CLICKS: usize = 2_000;

/// The creator with very many works, who gets them clicked by one patron.
const CREATOR: &str = "bench-creator";
const WORKS: usize = 10_000;
const GIVER: &str = "bench-giver";

/// How often the heavy pages are asked for, and by how many connections.
const PER_SECOND: u32 = 50;
const STEADY: u32 = 16;

/// How long after its start a server counts as idle: its jobs have had their first run.
const IDLE_AFTER: Duration = Duration::from_secs(2);

/// What is compared is measured in turn, so often, so that both have the same moments.
const ROUNDS: u32 = 3;

pub async fn run(common: &Common, wanted: BenchPages) -> Result<ExitCode> {
    let scene = prepare(common).await?;
    let server = Server::start(common)?;
    tokio::time::sleep(IDLE_AFTER).await;
    let idle = server.resident();
    let measured = measure(&scene, &server, wanted).await?;
    let json = told(&scene, &measured, (server.ready, idle));
    output::data(common.json, &json, || words(&json));
    Ok(ExitCode::SUCCESS)
}

/// What is asked for.
struct Scene {
    engine: &'static str,
    work: String,
    button: String,
    has_counter: bool,
    patron: String,
    /// The session of the creator and the month of the statement; none where no month is settled.
    statement: Option<(String, Period)>,
}

/// Fills a new database with a settled month, and any with a patron who has a full month.
async fn prepare(common: &Common) -> Result<Scene> {
    let app = instance::open(common).await?;
    if bench::is_empty(&app).await? {
        fill_month_before(common, &app).await?;
    }
    bench::filled_period(&app).await?;
    let works = pages::works(&app, i64::try_from(CLICKS)?).await?;
    if works.len() < CLICKS {
        bail!("there are too few works in this database; fill one with at least {CLICKS}");
    }
    let period = app.clock_period();
    pages::put_giver(&app, pages::Giver { handle: PATRON, period, works }).await?;
    let work = pages::most_given(&app).await?.context("there is no work in this database")?;
    let statement = match pages::session(&app, CREATOR).await {
        Ok(secret) => Some((secret, period.back(1))),
        Err(_) => None,
    };
    let query = obole_web::address::with_query("", &[("url", &work.1)]);
    Ok(Scene {
        engine: engine(&app),
        work: format!("/w/{}", work.0),
        button: format!("/button/medium.svg{query}"),
        has_counter: work.2 >= 5,
        patron: pages::session(&app, PATRON).await?,
        statement,
    })
}

/// Lives the month before the clock's and settles it.
async fn fill_month_before(common: &Common, app: &App) -> Result<()> {
    let period = app.clock_period().back(1);
    let config = configuration::read(common)?;
    let begun = period.begins(app.zone()).checked_add(1.hour())?;
    let parts = Parts::configured(&config, Clock::starting_at(begun)).await?;
    let before = App::open(config, parts).await?;
    fill_with(&before, SMALL).await?;
    let works = pages::put_creator(&before, CREATOR, WORKS).await?;
    pages::put_giver(&before, pages::Giver { handle: GIVER, period, works }).await?;
    drop(before);
    settle::run(app, Actor::CommandLine, Some(period), &|_| ()).await?;
    Ok(())
}

/// The real server, in a process of its own.
struct Server {
    child: Child,
    address: SocketAddr,
    /// How long it took from its start until it listened.
    ready: Duration,
}

impl Server {
    fn start(common: &Common) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        if let Some(path) = &common.config {
            command.arg("--config").arg(path);
        }
        if let Some(url) = &common.database {
            command.args(["--database", url]);
        }
        // The public address is another machine's business.
        command.env("OBOLE_SERVER_BASE_URL", "").env("OBOLE_LOG", "warn");
        let started = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let out = child.stdout.take().context("no output")?;
        for line in BufReader::new(out).lines() {
            if let Some(address) = line?.strip_prefix("Obole listens on http://") {
                let (address, ready) = (address.parse()?, started.elapsed());
                return Ok(Self { child, address, ready });
            }
        }
        let ended = child.wait()?;
        bail!("the server does not listen, and ended with {ended}");
    }

    /// Its memory, where Linux tells.
    fn resident(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kibibytes * 1_024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _code = self.child.wait();
    }
}

/// What was measured.
struct Results {
    noop: Measured,
    page: Measured,
    page_known: Measured,
    button: Measured,
    button_known: Measured,
    /// nginx with the same bytes as a file: as Debian sets it up, and without `sendfile`.
    nginx: [Option<Measured>; 2],
    month: Measured,
    statement: Option<Measured>,
}

async fn measure(scene: &Scene, server: &Server, wanted: BenchPages) -> Result<Results> {
    let lasting = Duration::from_secs(wanted.seconds);
    let (address, connections) = (server.address, wanted.connections);
    let well = Load { address, connections, lasting, is_well: |status| status == 200 };
    let known = Load { is_well: |status| status == 304, ..well };
    let get = |path: &str, more: &str| request(address, path, more);
    let noop = load::run(well, |_| get("/healthz", "")).await?;
    let page = load::run(well, |_| get(&scene.work, "")).await?;
    let tag = format!("If-None-Match: {}\r\n", tag(address, &scene.work).await?);
    let page_known = load::run(known, |_| get(&scene.work, &tag)).await?;
    let (button, nginx) = button(scene, well).await?;
    let tag = format!("If-None-Match: {}\r\n", self::tag(address, &scene.button).await?);
    let button_known = load::run(known, |_| get(&scene.button, &tag)).await?;

    let calm = Load { connections: STEADY, ..well };
    let cookie = |secret: &str| format!("Cookie: obole={secret}\r\n");
    let patron = cookie(&scene.patron);
    let month = load::steady(calm, PER_SECOND, |_| get("/month", &patron)).await?;
    let statement = match &scene.statement {
        Some((secret, period)) => {
            let path = format!("/statements/{period}?side=received");
            let creator = cookie(secret);
            Some(load::steady(calm, PER_SECOND, |_| get(&path, &creator)).await?)
        }
        None => None,
    };
    Ok(Results { noop, page, page_known, button, button_known, nginx, month, statement })
}

/// The button, and in turn nginx with the same bytes as a file, where there is one: with `sendfile`
/// and without.
async fn button(scene: &Scene, load: Load) -> Result<(Measured, [Option<Measured>; 2])> {
    let (_, body) = fetch(load.address, &scene.button).await?;
    let servers = [Nginx::start(&body, true)?, Nginx::start(&body, false)?];
    let load = Load { lasting: load.lasting / ROUNDS, ..load };
    let mut ours = Measured::none();
    let mut theirs = servers.each_ref().map(|server| server.as_ref().map(|_| Measured::none()));
    for _ in 0..ROUNDS {
        ours.add(load::run(load, |_| request(load.address, &scene.button, "")).await?);
        for (server, measured) in servers.iter().zip(&mut theirs) {
            let Some((nginx, measured)) = server.as_ref().zip(measured.as_mut()) else { continue };
            let load = Load { address: nginx.address, ..load };
            measured.add(load::run(load, |_| request(nginx.address, "/button.svg", "")).await?);
        }
    }
    Ok((ours, theirs))
}

/// A request as a browser sends it.
fn request(address: SocketAddr, path: &str, more: &str) -> Next {
    let text = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: Mozilla/5.0 (bench)\r\n\
         Accept: */*\r\nAccept-Language: fr-FR,fr;q=0.9,en;q=0.8\r\n\
         Accept-Encoding: gzip, deflate, br\r\n{more}\r\n"
    );
    Box::new(move |request| request.extend(text.as_bytes()))
}

/// The entity tag of what is at a path.
async fn tag(address: SocketAddr, path: &str) -> Result<String> {
    let (head, _) = fetch(address, path).await?;
    let tag = head.lines().find_map(|line| line.strip_prefix("etag: "));
    Ok(tag.context("an answer without its tag")?.to_owned())
}

/// Head and body of what is at a path.
async fn fetch(address: SocketAddr, path: &str) -> Result<(String, Vec<u8>)> {
    let mut text = Vec::new();
    request(address, path, "")(&mut text);
    let answer = load::fetch(address, &text).await?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
    let end = end.context("an answer without its head")?;
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
    Ok((head, answer.get(end + 4..).unwrap_or_default().to_vec()))
}

fn told(scene: &Scene, results: &Results, server: (Duration, Option<u64>)) -> Value {
    let rate = |measured: &Measured| per_second(measured.count(), measured.took);
    let of = |one: u64, other: u64| thousandths(one * 1_000 / other.max(1));
    let button = rate(&results.button);
    let [nginx, without_sendfile] =
        results.nginx.each_ref().map(|measured| measured.as_ref().map(rate));
    let of_nginx = |nginx: Option<u64>| nginx.map(|nginx| of(button, nginx));
    let steady = |measured: &Measured| {
        json!({
            "per_second": PER_SECOND,
            "p50_ms": thousandths(measured.percentile(50)),
            "p99_ms": thousandths(measured.percentile(99)),
        })
    };
    json!({
        "engine": scene.engine,
        "ready_ms": u64::try_from(server.0.as_millis()).unwrap_or(u64::MAX),
        "idle_rss_bytes": server.1,
        "noop_per_second": rate(&results.noop),
        "page_per_second": rate(&results.page),
        "page_p99_ms": thousandths(results.page.percentile(99)),
        "page_304_per_second": rate(&results.page_known),
        "button_per_second": button,
        "button_p99_ms": thousandths(results.button.percentile(99)),
        "button_has_counter": scene.has_counter,
        "button_304_per_second": rate(&results.button_known),
        "button_of_noop": of(button, rate(&results.noop)),
        "nginx_per_second": nginx,
        "button_of_nginx": of_nginx(nginx),
        "nginx_without_sendfile_per_second": without_sendfile,
        "button_of_nginx_without_sendfile": of_nginx(without_sendfile),
        "month_clicks": CLICKS,
        "month": steady(&results.month),
        "statement_works": results.statement.as_ref().map(|_| WORKS),
        "statement": results.statement.as_ref().map(steady),
    })
}

fn words(json: &Value) -> String {
    let Some(fields) = json.as_object() else { return String::new() };
    let mut lines: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if json.get("nginx_per_second").is_some_and(Value::is_null) {
        lines.push("nginx is not installed: the button is compared with nothing".to_owned());
    }
    lines.join("\n")
}
