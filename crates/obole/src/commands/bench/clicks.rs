//! `obole bench clicks`: the real server on loopback, many patrons at once, and beside it an
//! endpoint that does nothing.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use obole_app::bench::{self, Popularity, Sampler};
use obole_app::{App, Config};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{engine, fill_with, per_second, thousandths};
use crate::arguments::{BenchClicks, BenchFill, Common};
use crate::load::{self, Measured, Request};
use crate::{configuration, instance, output};

/// Patrons of one connection, so that no patron's clicks queue behind each other.
const PATRONS_EACH: u32 = 4;

/// As many works as are clicked.
const WORKS: i64 = 10_000;

/// What a new database is filled with.
const SMALL: BenchFill = BenchFill { patrons: 4_096, mean_clicks: 5, works: 2_000, seed: 1 };

pub async fn run(common: &Common, wanted: BenchClicks) -> Result<ExitCode> {
    let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on loopback")?;
    let address = listener.local_addr()?;
    let app = instance::open_with(config(common, &address.to_string())?).await?;
    if bench::is_empty(&app).await? {
        fill_with(&app, SMALL).await?;
    }
    bench::filled_period(&app).await?;
    let patrons = i64::from(wanted.connections * PATRONS_EACH);
    let tokens = bench::click_tokens(&app, patrons).await?;
    let urls = bench::urls(&app, WORKS).await?;
    if tokens.is_empty() || urls.is_empty() {
        bail!("there are no patrons or works in this database");
    }

    let (end, ended) = watch::channel(false);
    let served = tokio::spawn(obole_web::serve(app.clone(), listener, wait(ended)));
    let load = load::Load {
        address,
        connections: wanted.connections,
        lasting: Duration::from_secs(wanted.seconds),
    };
    let noop = load::run(load, |_| nothing(&address.to_string())).await?;
    let before = app.store().commits();
    let clicks = Clicks { host: address.to_string(), tokens, urls };
    let clicks = Arc::new(clicks);
    let measured = load::run(load, |number| clicks.of(number)).await?;
    let after = app.store().commits();
    end.send_replace(true);
    served.await??;
    tell(common, &app, &measured, (&noop, (after.0 - before.0, after.1 - before.1)))
}

async fn wait(mut ended: watch::Receiver<bool>) {
    let _ended = ended.wait_for(|ended| *ended).await;
}

/// The configured instance on loopback, without limits.
fn config(common: &Common, address: &str) -> Result<Config> {
    let mut config = configuration::read(common)?;
    config.server.listen = address.to_owned();
    config.server.base_url = String::new();
    config.limits.off = true;
    Ok(config)
}

/// Whose clicks go where.
struct Clicks {
    host: String,
    tokens: Vec<String>,
    urls: Vec<String>,
}

impl Clicks {
    /// The requests of one connection: its own patrons in turn, works by their popularity.
    fn of(self: &Arc<Self>, number: u32) -> Box<dyn FnMut() -> Request + Send> {
        let clicks = Arc::clone(self);
        let popularity = Popularity::zipf(u32::try_from(clicks.urls.len()).unwrap_or(u32::MAX));
        let mut sampler = Sampler::new(u64::from(number), 0);
        let mut turn = u64::from(number * PATRONS_EACH);
        let first = turn;
        Box::new(move || {
            let place = usize::try_from(turn).unwrap_or_default() % clicks.tokens.len();
            turn = first + (turn + 1 - first) % u64::from(PATRONS_EACH);
            let token = clicks.tokens.get(place).map(String::as_str).unwrap_or_default();
            let url = clicks.urls.get(popularity.draw(&mut sampler));
            let body = json!({ "url": url }).to_string();
            let text = format!(
                "POST /api/v1/clicks HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
                 Idempotency-Key: {:016x}{:016x}\r\nContent-Type: application/json\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                clicks.host,
                sampler.next(),
                sampler.next(),
                body.len()
            );
            Request { text, is_well: |status| matches!(status, 200 | 201) }
        })
    }
}

/// Requests for the page that only says that the server is there.
fn nothing(host: &str) -> Box<dyn FnMut() -> Request + Send> {
    let text = format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n");
    Box::new(move || Request { text: text.clone(), is_well: |status| status == 200 })
}

fn tell(
    common: &Common,
    app: &App,
    measured: &Measured,
    beside: (&Measured, (u64, u64)),
) -> Result<ExitCode> {
    let (noop, (commits, operations)) = beside;
    let rate = per_second(measured.count(), measured.took);
    let noop_rate = per_second(noop.count(), noop.took);
    let (p50, p99) = (measured.percentile(50), measured.percentile(99));
    let mean_batch = thousandths(operations * 1_000 / commits.max(1));
    let json = json!({
        "engine": engine(app),
        "per_second": rate,
        "p50_ms": thousandths(p50),
        "p99_ms": thousandths(p99),
        "commits": commits,
        "mean_batch": mean_batch,
        "noop_per_second": noop_rate,
    });
    output::data(common.json, &json, || {
        format!(
            "clicks: {rate} a second, half within {p50} µs, 99 of 100 within {p99} µs\n\
             commits: {commits}, with {mean_batch} writes each\n\
             doing nothing: {noop_rate} a second, half within {} µs, 99 of 100 within {} µs",
            noop.percentile(50),
            noop.percentile(99)
        )
    });
    Ok(ExitCode::SUCCESS)
}
