//! `obole bench clicks`: the real server on loopback, many patrons at once, and beside it an
//! endpoint that does nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use obole_app::bench::{self, Popularity, Sampler};
use obole_app::{App, Config};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{engine, fill_with, per_second, thousandths};
use crate::arguments::{BenchClicks, BenchFill, Common};
use crate::load::{self, Measured, Next};
use crate::{configuration, instance, output};

/// As many patrons click: enough that none comes to the limits of security.md section 12, which
/// are counted here as everywhere.
const PATRONS: i64 = 65_536;

/// As many works as are clicked.
const WORKS: i64 = 10_000;

/// What a new database is filled with.
const SMALL: BenchFill = BenchFill { patrons: 16_384, mean_clicks: 30, works: 10_000, seed: 1 };

pub async fn run(common: &Common, wanted: BenchClicks) -> Result<ExitCode> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on loopback")?;
    let address = listener.local_addr()?;
    let app = instance::open_with(config(common, &address.to_string())?).await?;
    if bench::is_empty(&app).await? {
        fill_with(&app, SMALL).await?;
    }
    bench::filled_period(&app).await?;
    let tokens = bench::click_tokens(&app, PATRONS).await?;
    let urls = bench::urls(&app, WORKS).await?;
    if tokens.len() < wanted.connections as usize || urls.is_empty() {
        bail!("there are too few patrons or works in this database");
    }

    let (end, ended) = watch::channel(false);
    let served = tokio::spawn(obole_web::serve(app.clone(), listener, wait(ended)));
    let lasting = Duration::from_secs(wanted.seconds);
    let (connections, host) = (wanted.connections, address.to_string());
    let load = load::Load { address, connections, lasting, is_well: |status| status == 200 };
    let noop = load::run(load, |_| nothing(&host)).await?;
    let load = load::Load { is_well: |status| matches!(status, 200 | 201), ..load };
    let clicks = Arc::new(Clicks::new(host, connections, (tokens, &urls)));
    let before = app.store().commits().0;
    let measured = load::run(load, |number| clicks.of(number)).await?;
    let commits = app.store().commits().0 - before;
    end.send_replace(true);
    served.await??;
    tell(common, &app, &measured, (&noop, commits))
}

async fn wait(mut ended: watch::Receiver<bool>) {
    let _ended = ended.wait_for(|ended| *ended).await;
}

/// The configured instance on loopback.
fn config(common: &Common, address: &str) -> Result<Config> {
    let mut config = configuration::read(common)?;
    config.server.listen = address.to_owned();
    config.server.base_url = String::new();
    Ok(config)
}

/// Whose clicks go where.
struct Clicks {
    /// What each patron's requests begin with.
    heads: Vec<String>,
    bodies: Vec<String>,
    popularity: Popularity,
    connections: u64,
}

impl Clicks {
    fn new(host: String, connections: u32, who: (Vec<String>, &[String])) -> Self {
        let (tokens, urls) = who;
        let head = |token: &String| {
            format!(
                "POST /api/v1/clicks HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: application/json\r\nIdempotency-Key: "
            )
        };
        let body = |url: &String| {
            let body = json!({ "url": url }).to_string();
            format!("\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        };
        Self {
            heads: tokens.iter().map(head).collect(),
            bodies: urls.iter().map(body).collect(),
            popularity: Popularity::zipf(u32::try_from(urls.len()).unwrap_or(u32::MAX)),
            connections: connections.into(),
        }
    }

    /// The requests of one connection: patrons of its own in any order, so that none has two clicks
    /// under way; works by their popularity.
    fn of(self: &Arc<Self>, number: u32) -> Next {
        let clicks = Arc::clone(self);
        // Another run has other keys.
        let mut sampler = Sampler::new(u64::from(std::process::id()), number.into());
        let patrons = clicks.heads.len() as u64 / clicks.connections;
        Box::new(move |request| {
            let patron = u64::from(number) + sampler.below(patrons) * clicks.connections;
            let head = usize::try_from(patron).ok().and_then(|place| clicks.heads.get(place));
            let body = clicks.bodies.get(clicks.popularity.draw(&mut sampler));
            request.extend(head.map_or("", String::as_str).as_bytes());
            for _ in 0..2 {
                hex(sampler.next(), request);
            }
            request.extend(body.map_or("", String::as_str).as_bytes());
        })
    }
}

/// Appends a number in hexadecimal digits.
fn hex(number: u64, out: &mut Vec<u8>) {
    let digits = (0..16).rev().map(|place| (number >> (place * 4) & 15) as u8);
    out.extend(digits.map(|digit| if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
}

/// Requests for the page that only says that the server is there.
fn nothing(host: &str) -> Next {
    let text = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    Box::new(move |request| request.extend(text.as_bytes()))
}

fn tell(
    common: &Common,
    app: &App,
    measured: &Measured,
    beside: (&Measured, u64),
) -> Result<ExitCode> {
    let (noop, commits) = beside;
    let mean_batch = measured.count() * 1_000 / commits.max(1);
    let json = json!({
        "engine": engine(app),
        "per_second": per_second(measured.count(), measured.took),
        "p50_ms": thousandths(measured.percentile(50)),
        "p99_ms": thousandths(measured.percentile(99)),
        "commits": commits,
        "mean_batch": thousandths(mean_batch),
        "noop_per_second": per_second(noop.count(), noop.took),
        "noop_p50_ms": thousandths(noop.percentile(50)),
        "noop_p99_ms": thousandths(noop.percentile(99)),
    });
    output::data(common.json, &json, || words(&json));
    Ok(ExitCode::SUCCESS)
}

fn words(json: &Value) -> String {
    let value = |name: &str| json.get(name).unwrap_or(&Value::Null);
    format!(
        "clicks: {} a second, half within {} ms, 99 of 100 within {} ms\n\
         commits: {}, with {} clicks each\n\
         doing nothing: {} a second, half within {} ms, 99 of 100 within {} ms",
        value("per_second"),
        value("p50_ms"),
        value("p99_ms"),
        value("commits"),
        value("mean_batch"),
        value("noop_per_second"),
        value("noop_p50_ms"),
        value("noop_p99_ms"),
    )
}
