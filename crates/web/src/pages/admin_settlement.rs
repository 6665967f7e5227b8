//! Settlement for administrators: what is due, what is under way, what was settled.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::{Error, settle};
use obole_domain::{Money, Period};
use obole_language::{moment, number, period, text};
use obole_store::settlements::{self, SettlementRow, Stage, Step};

use crate::answer::{self, Answer, Done};
use crate::form::Form;
use crate::page::{Page, Place, Tone};
use crate::visitor::Admin;
use crate::words::month_title;

/// How many settlements the page lists.
const LISTED: i64 = 24;

#[derive(Template)]
#[template(path = "pages/admin_settlement.html")]
struct SettlementPage {
    page: Page,
    due: String,
    under_way: Option<UnderWay>,
    rows: Vec<Row>,
    tone: Tone,
}

/// A settlement that has begun.
struct UnderWay {
    title: String,
    stage: String,
    done: i64,
    of: i64,
}

/// A settlement that is done.
struct Row {
    period: Period,
    title: String,
    given: Vec<Money>,
    fee: Vec<Money>,
    clicks: String,
    patrons: String,
    works: String,
    finished: String,
}

/// `GET /admin/settlement`
pub async fn show(admin: Admin) -> Answer {
    let clock = admin.app.clock_period();
    let known = admin.app.read((), move |read, ()| {
        Box::pin(async move {
            let due = settlements::due(read, clock).await?;
            let mut settled = Vec::new();
            for row in settlements::list(read, clock.next(), LISTED).await? {
                let totals = settlements::totals(read, row.period).await?;
                let shared = settlements::chunks(read, row.period, Step::Share).await?;
                let frozen = settlements::chunks(read, row.period, Step::Freeze).await?;
                let sum = |chunks: Vec<settlements::ChunkRow>| chunks.iter().map(|c| c.rows).sum();
                settled.push((row, totals, (sum(shared), sum(frozen))));
            }
            Ok::<_, Error>((due, settled))
        })
    });
    let (due, settled) = known.await?;
    let language = admin.language;
    let is_open = |row: &SettlementRow| row.stage != Stage::Done;
    let open = settled.iter().find(|(row, _, _)| is_open(row));
    let under_way = open.map(|(row, _, (done, of))| UnderWay {
        title: period(language, row.period),
        stage: text(language, stage_key(row.stage)),
        done: *done,
        of: *of,
    });
    let done = settled.iter().filter(|(row, _, _)| !is_open(row));
    let rows = done.map(|(row, totals, _)| {
        let money = |amount: fn(&settlements::Totals) -> obole_domain::Micros| {
            totals.iter().map(|t| Money::new(amount(t), t.currency)).collect::<Vec<_>>()
        };
        Row {
            period: row.period,
            title: month_title(language, row.period),
            given: money(|totals| totals.gross),
            fee: money(|totals| totals.fee),
            clicks: number(language, row.clicks),
            patrons: number(language, row.patrons),
            works: number(language, row.works),
            finished: row
                .finished_at
                .map(|at| moment(language, at, admin.app.zone()))
                .unwrap_or_default(),
        }
    });
    let due: Vec<String> = due.into_iter().map(|month| period(language, month)).collect();
    let title = admin.text("settlement-admin-title");
    answer::html(&SettlementPage {
        rows: rows.collect(),
        page: admin.page(Place::Admin, title),
        due: due.join(", "),
        under_way,
        tone: Tone::Info,
    })
}

const fn stage_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Freezing => "settlement-stage-freezing",
        Stage::Sharing => "settlement-stage-sharing",
        Stage::Booking => "settlement-stage-booking",
        Stage::Crediting => "settlement-stage-crediting",
        Stage::Done => "settlement-stage-done",
    }
}

/// `POST /admin/settlement/run`: starts what is due and comes back at once; the page shows how far
/// it has come. Started twice it does nothing twice (D14).
pub async fn run(admin: Admin, _form: Form) -> Answer {
    let (app, actor) = (admin.app.clone(), Actor::Page(admin.account()));
    app.read((), |read, ()| Box::pin(obole_app::audit::refuse_held(read))).await?;
    tokio::spawn(async move {
        if let Err(error) = settle::run(&app, actor, None, &|_| ()).await {
            tracing::error!(%error, "a settlement stopped; it will go on by itself");
        }
    });
    let started = Done::new("settlement-started").tone(Tone::Info);
    Ok(admin.done("/admin/settlement", &started))
}
