//! Figures about requests, and the listener of its own on which all figures are read
//! (`metrics.listen`). Labels are classes of routes and statuses: no address, no account.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use metrics::{Counter, counter, histogram};
use metrics_exporter_prometheus::{
    BuildError, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use obole_app::{App, measures};
use tokio::net::TcpListener;

/// How many requests were answered.
const REQUESTS: &str = "obole_http_requests_total";

/// How long answers took that were not ready.
const SECONDS: &str = "obole_http_seconds";

/// The upper ends of what times are sorted into, in seconds.
const BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// How often what was noted is sorted, so that it takes no more memory while nobody asks.
const SORTED_EVERY: Duration = Duration::from_secs(5);

/// A class of routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Pages that anybody can read.
    Public,
    /// Buttons on somebody's page.
    Button,
    /// Files of pages.
    File,
    /// The HTTP API.
    Api,
    /// Pages of administrators.
    Admin,
    /// Probes.
    Probe,
    /// All other pages.
    Page,
}

impl Class {
    /// Its label.
    const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Button => "button",
            Self::File => "file",
            Self::Api => "api",
            Self::Admin => "admin",
            Self::Probe => "probe",
            Self::Page => "page",
        }
    }

    /// The class of a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        match first {
            "" | "buttons" | "how" | "developers" | "source" | "settlements" => Self::Public,
            "w" | "works" => Self::Public,
            handle if handle.starts_with('@') => Self::Public,
            script if script.starts_with("button.") => Self::File,
            "button" => Self::Button,
            "static" | "js" | "_img" => Self::File,
            "api" | "rest" => Self::Api,
            "admin" => Self::Admin,
            "healthz" | "readyz" => Self::Probe,
            _ => Self::Page,
        }
    }
}

/// The counters of what is answered at once, found once: looking one up costs more than the answer.
pub struct Counts {
    whole: [Counter; 4],
    brief: [Counter; 4],
}

impl Counts {
    /// Those of the recorder that is installed.
    #[must_use]
    pub fn new() -> Self {
        let of = |status: StatusCode| {
            let classes = [Class::Public, Class::Button, Class::File, Class::Probe];
            classes.map(|class| requests(class, status))
        };
        Self { whole: of(StatusCode::OK), brief: of(StatusCode::NOT_MODIFIED) }
    }

    /// Counts an answer.
    pub fn add(&self, class: Class, status: StatusCode) {
        let [public, button, file, probe] = match status {
            StatusCode::OK => &self.whole,
            StatusCode::NOT_MODIFIED => &self.brief,
            other => return requests(class, other).increment(1),
        };
        match class {
            Class::Public => public.increment(1),
            Class::Button => button.increment(1),
            Class::File => file.increment(1),
            Class::Probe => probe.increment(1),
            other => requests(other, status).increment(1),
        }
    }
}

impl Default for Counts {
    fn default() -> Self {
        Self::new()
    }
}

fn requests(class: Class, status: StatusCode) -> Counter {
    counter!(REQUESTS, "route" => class.name(), "status" => status.as_str().to_owned())
}

/// Notes how long an answer took to make, and counts it unless it was made for all: then each of
/// them is counted when it is told.
pub(crate) fn made(path: &str, answer: (StatusCode, bool), took: Duration) {
    let (class, (status, is_for_all)) = (Class::of(path), answer);
    if !is_for_all {
        requests(class, status).increment(1);
    }
    histogram!(SECONDS, "route" => class.name()).record(took);
}

/// What gives out the figures.
#[derive(Clone)]
pub struct Figures(PrometheusHandle);

/// A recorder of figures and what gives them out.
pub fn recorder() -> Result<(PrometheusRecorder, Figures), BuildError> {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS)?.build_recorder();
    let figures = Figures(recorder.handle());
    Ok((recorder, figures))
}

/// Begins to note figures in this process: once, before the instance is opened.
pub fn install() -> Result<Figures, BuildError> {
    let (recorder, figures) = recorder()?;
    metrics::set_global_recorder(recorder)?;
    describe();
    Ok(figures)
}

fn describe() {
    measures::describe();
    metrics::describe_counter!(REQUESTS, "Requests answered, by class of route and status");
    metrics::describe_histogram!(SECONDS, "Seconds of each answer that was not ready");
}

/// Answers `GET /metrics` on a listener of its own until `shutdown` ends.
pub async fn serve(
    app: App,
    figures: Figures,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let sorting = figures.clone();
    let sorted = tokio::spawn(async move {
        loop {
            tokio::time::sleep(SORTED_EVERY).await;
            sorting.0.run_upkeep();
        }
    });
    let router = router(app, figures);
    let served = axum::serve(listener, router).with_graceful_shutdown(shutdown).await;
    sorted.abort();
    served
}

/// The one route of that listener.
pub fn router(app: App, figures: Figures) -> Router {
    Router::new().route("/metrics", get(show)).with_state((app, figures))
}

async fn show(State((app, figures)): State<(App, Figures)>) -> Response {
    measures::collect(&app).await;
    const KIND: &str = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, KIND)], figures.0.render()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_class_and_no_more_of_it_is_told() {
        for (path, class) in [
            ("/", Class::Public),
            ("/w/0190f0c2-0000-7000-8000-000000000001", Class::Public),
            ("/@ada", Class::Public),
            ("/button/small.svg", Class::Button),
            ("/button.js", Class::File),
            ("/buttons", Class::Public),
            ("/static/obole-1.css", Class::File),
            ("/api/v1/me", Class::Api),
            ("/admin/accounts/ada", Class::Admin),
            ("/readyz", Class::Probe),
            ("/month", Class::Page),
            ("/%2e%2e/secret", Class::Page),
        ] {
            assert_eq!(Class::of(path), class, "{path}");
        }
    }
}
