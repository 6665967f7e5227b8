//! What runs by itself. Each job has a loop of its own, so a slow mail server holds nothing else
//! up; each may run twice at once, on two nodes, harmlessly (D9).

use std::time::Duration;

use jiff::SignedDuration;
use obole_store::BoxFuture;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::app::App;
use crate::error::Result;
use crate::leases::{Alone, alone};
use crate::pages;
use crate::subscriptions;
use crate::webhooks;
use crate::{audit, backup, claims, cleaning, clock_watch, deletions, details, exports, outbox};
use crate::{public, recovery, reports, second_factor_help, settle, signals, site_letters};

/// A job: its name, when it runs, what it does.
#[derive(Clone, Copy)]
pub struct Job {
    /// For the log and the lease.
    pub name: &'static str,
    /// From the start to the first run.
    pub first: Duration,
    /// From the end of a run to the next, or to the next look whether it is due.
    pub pause: Duration,
    /// How often it runs on all nodes together; none where each node runs it by itself.
    pub every: Option<SignedDuration>,
    /// What it does.
    pub run: fn(App) -> BoxFuture<'static, Result<()>>,
    /// Whether it may be dropped in the middle when the instance ends, instead of being finished.
    pub is_left_at_end: bool,
}

/// What each node does: first and pause in seconds.
const fn each(
    name: &'static str,
    (first, pause): (u64, u64),
    run: fn(App) -> BoxFuture<'static, Result<()>>,
) -> Job {
    let (first, pause) = (Duration::from_secs(first), Duration::from_secs(pause));
    Job { name, first, pause, every: None, run, is_left_at_end: false }
}

/// What one node does for all: every so many seconds, looked at after `first` and each `pause`.
const fn one(
    name: &'static str,
    (first, pause, every): (u64, u64, i64),
    run: fn(App) -> BoxFuture<'static, Result<()>>,
) -> Job {
    Job { every: Some(SignedDuration::from_secs(every)), ..each(name, (first, pause), run) }
}

/// Every job of an instance.
pub const JOBS: &[Job] = &[
    // A2: mails leave within seconds; a failed one waits by itself. Each mail has its own lease.
    each("mails", (0, 3), |app| Box::pin(async move { outbox::deliver(&app).await.map(|_| ()) })),
    // H1: what is told leaves within seconds. Each endpoint has its own lease.
    each("webhooks", (0, 2), |app| {
        Box::pin(async move { webhooks::deliver(&app).await.map(|_| ()) })
    }),
    // P3: what was clicked is told once the day is over.
    one("webhook days", (120, 600, 3_600), |app| {
        Box::pin(async move { webhooks::tell_days(&app).await })
    }),
    // D13: each machine has a clock of its own.
    each("clock", (60, 60), |app| Box::pin(async move { clock_watch::look(&app).await })),
    // What others changed of what everybody can see is shown within seconds on every node.
    each("public", (0, 2), |app| Box::pin(async move { public::look(&app).await })),
    // D14: a period that is over is closed; what was interrupted goes on. All nodes work on it.
    each("settlement", (0, 5), |app| Box::pin(async move { settle::run_due(&app).await })),
    // What subscriptions give at the start of a period. One node gives; another would do no harm.
    each("subscriptions", (1, 5), |app| {
        Box::pin(async move { subscriptions::give_due(&app).await })
    }),
    // L1 to L14: once a day, besides before and after each settlement.
    one("audit", (600, 600, 86_400), |app| {
        Box::pin(async move { audit::run_and_hold(&app).await.map(|_| ()) })
    }),
    // V1: a backup where one is due, of each node that has a folder for them; left where it is when
    // the instance ends.
    Job {
        is_left_at_end: true,
        ..each("backups", (15, 60), |app| {
            Box::pin(async move { backup::automatic::run_due(&app).await })
        })
    },
    // V3: what had left before a restore is taken off what a settlement credited since.
    one("suspense", (90, 600, 3_600), |app| {
        Box::pin(async move { recovery::even_out(&app).await })
    }),
    // C8: names that are new are compared with those of proven creators.
    one("names", (20, 20, 60), |app| {
        Box::pin(async move { reports::compare_due(&app).await.map(|_| ()) })
    }),
    // X5: what waited long enough is free; what could not be looked over is.
    one("waiting earnings", (50, 30, 60), |app| {
        Box::pin(async move {
            signals::look_over_due(&app).await?;
            signals::release_due(&app).await.map(|_| ())
        })
    }),
    // P5: what accounts take along is there within minutes, and who leaves is erased. One node
    // makes it; another would do no harm.
    one("exports", (3, 3, 3), |app| Box::pin(async move { exports::make_due(&app).await })),
    one("deletions", (45, 60, 600), |app| {
        Box::pin(async move { deletions::erase_due(&app).await.map(|_| ()) })
    }),
    // F6: the pages of clicked works are read, a few at a time; what is not done is the next run's.
    Job {
        is_left_at_end: true,
        ..one("pages", (30, 15, 60), |app| {
            Box::pin(async move { pages::read_due(&app).await.map(|_| ()) })
        })
    },
    // C4: proofs are looked at again; C3: weaker claims give way.
    Job {
        is_left_at_end: true,
        ..one("claims", (45, 15, 60), |app| {
            Box::pin(async move {
                claims::check_due(&app).await?;
                claims::give_way(&app).await.map(|_| ())
            })
        })
    },
    // C4: who can be reached at a site is told of claims there, and invited once a year.
    Job {
        is_left_at_end: true,
        ..one("site letters", (90, 30, 300), |app| {
            Box::pin(async move {
                site_letters::invite_waiting(&app).await?;
                site_letters::send_due(&app).await.map(|_| ())
            })
        })
    },
    // What a claim reaches becomes its account's, and what it lost somebody else's.
    one("works of claims", (2, 2, 4), |app| {
        Box::pin(async move {
            claims::spread(&app).await?;
            claims::adopt(&app).await.map(|_| ())
        })
    }),
    // What an administrator said of a second factor is done when its owner had time to stop it.
    one("second factors", (60, 60, 300), |app| {
        Box::pin(async move { second_factor_help::run_due(&app).await.map(|_| ()) })
    }),
    // P5: what months were made of goes fourteen months after their settlement.
    one("details", (120, 600, 3_600), |app| {
        Box::pin(async move { details::drop_due(&app).await.map(|_| ()) })
    }),
    // P4, K5: what need not be kept is forgotten.
    one("cleaning", (60, 600, 3_600), |app| {
        Box::pin(async move { cleaning::clean(&app).await.map(|_| ()) })
    }),
];

/// Runs all jobs until the shutdown says true or its sender is gone; what is under way then is
/// finished first.
pub async fn run(app: App, shutdown: watch::Receiver<bool>) {
    // D13: no month is closed by a clock that nobody has compared.
    if let Err(error) = clock_watch::look(&app).await {
        tracing::error!(%error, "the clock was not compared");
    }
    let mut jobs = JoinSet::new();
    for job in JOBS {
        jobs.spawn(repeat(app.clone(), *job, shutdown.clone()));
    }
    jobs.join_all().await;
}

async fn repeat(app: App, job: Job, mut shutdown: watch::Receiver<bool>) {
    let mut pause = job.first;
    loop {
        // The pause is the monotonic clock's (D13).
        tokio::select! {
            () = sleep(pause) => {}
            _ = shutdown.wait_for(|is_down| *is_down) => return,
        }
        let ended = tokio::select! {
            ended = once(&app, job) => ended,
            _ = shutdown.wait_for(|is_down| *is_down), if job.is_left_at_end => return,
        };
        if let Err(error) = ended {
            tracing::error!(job = job.name, %error, "job failed; it will run again");
        }
        pause = job.pause;
    }
}

/// Runs a job now, unless it is another node's.
async fn once(app: &App, job: Job) -> Result<()> {
    let Some(every) = job.every else { return (job.run)(app.clone()).await };
    alone(app, app.holder(), Alone::new(job.name, every), (job.run)(app.clone())).await.map(|_| ())
}
