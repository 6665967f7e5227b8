//! Administration: earnings that wait because of signals. Amounts and a picture of who gives to
//! whom; names only with a reason, of which each patron is told (P3); a decision with its reason
//! (X5).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::signals::{self, Case};
use obole_domain::signal::SignalHoldId;
use obole_domain::{AccountId, Money, note};
use obole_store::signals as stored;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::chart::{NODES_MAX, Ring, ring};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::creator_waiting::{Wait, named, wait};
use crate::problem::Problem;
use crate::visitor::Admin;

const HERE: &str = "/admin/signals";

/// The most that are listed, of those that wait and of those that ended.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/admin_signals.html")]
struct SignalsPage {
    page: Page,
    waits: Vec<Wait>,
}

#[derive(Template)]
#[template(path = "pages/admin_signal.html")]
struct SignalPage {
    page: Page,
    wait: Wait,
    picture: Ring,
    /// How many patrons the picture leaves out.
    left_out: i64,
    patrons: Vec<Giver>,
    is_open: bool,
    is_proved: bool,
    filled: Filled,
}

/// A patron in words.
struct Giver {
    number: usize,
    /// Empty while names are not shown.
    handle: String,
    opened: String,
    works: i64,
    gave: Money,
    signals: String,
}

/// `GET /admin/signals`
pub async fn list(admin: Admin) -> Answer {
    let found = admin
        .app
        .read((), |read, ()| Box::pin(async move { Ok(stored::list(read, LISTED).await?) }));
    html(&SignalsPage {
        page: admin.page(Place::Admin, admin.text("signals-title")),
        waits: found.await?.into_iter().map(|row| wait(&admin, row)).collect(),
    })
}

/// `GET /admin/signals/{id}`
pub async fn show(admin: Admin, Path(id): Path<String>) -> Answer {
    html(&page(&admin, id_of(&id)?, Filled::default()).await?)
}

/// `POST /admin/signals/{id}`: the form's button says which.
pub async fn decide(admin: Admin, Path(id): Path<String>, mut form: Form) -> Answer {
    let id = id_of(&id)?;
    let actor = Actor::Page(admin.account());
    let Some(reason) = form.reason() else {
        return unprocessable(&page(&admin, id, form.filled()).await?);
    };
    let (decided, key) = match form.text("verdict") {
        "release" => {
            let decided = signals::release(&admin.app, actor, id, &reason).await;
            (decided, "signals-decided-released")
        }
        "refuse" => {
            let decided = signals::refuse(&admin.app, actor, id, &reason).await;
            (decided, "signals-decided-refused")
        }
        _ => return Err(Problem::malformed()),
    };
    match decided {
        Ok(()) => Ok(admin.done(HERE, &Done::new(key))),
        Err(error) => {
            form.refused_at("reason", error)?;
            unprocessable(&page(&admin, id, form.filled()).await?)
        }
    }
}

/// `POST /admin/signals/{id}/open`: names, with a reason.
pub async fn open(admin: Admin, Path(id): Path<String>, mut form: Form) -> Answer {
    let id = id_of(&id)?;
    if let Some(why) = form.read("why", note::reason) {
        signals::open(&admin.app, admin.account(), id, &why).await?;
        return Ok(admin.done(&format!("{HERE}/{id}"), &Done::new("signals-opened")));
    }
    unprocessable(&page(&admin, id, form.filled()).await?)
}

fn id_of(path: &str) -> Result<SignalHoldId, Problem> {
    SignalHoldId::parse(path).ok_or_else(Problem::not_found)
}

async fn page(admin: &Admin, id: SignalHoldId, filled: Filled) -> Result<SignalPage, Problem> {
    let case = signals::look(&admin.app, admin.account(), id).await?;
    let (payee, handle) = case.hold.payee.clone();
    let patrons = patrons(admin, &case);
    let mut nodes = BTreeMap::from([(payee, 0)]);
    let mut labels = vec![format!("@{handle}")];
    for (patron, giver) in &patrons {
        if *patron != payee {
            nodes.insert(*patron, labels.len());
            labels.push(giver.number.to_string());
        }
    }
    let flows = case.flows.iter().filter_map(|(from, to, amount)| {
        let amount = u64::try_from(amount.get()).ok()?;
        Some((*nodes.get(from)?, *nodes.get(to)?, amount))
    });
    let picture = ring(admin.text("signals-picture"), &labels, &flows.collect::<Vec<_>>());
    Ok(SignalPage {
        page: admin.page(Place::Admin, admin.text("signals-case")),
        picture,
        left_out: i64::try_from(labels.len().saturating_sub(NODES_MAX)).unwrap_or(i64::MAX),
        patrons: patrons.into_iter().map(|(_, giver)| giver).collect(),
        is_open: case.is_open,
        is_proved: admin.proved().is_ok(),
        wait: wait(admin, case.hold),
        filled,
    })
}

/// What each patron gave, in the order of their ids.
fn patrons(admin: &Admin, case: &Case) -> Vec<(AccountId, Giver)> {
    let currency = case.hold.amount.currency;
    let each = case.gifts.chunk_by(|one, other| one.patron.0 == other.patron.0).zip(1..);
    let each = each.filter_map(|(gifts, number)| {
        let first = gifts.first()?;
        let gave = obole_domain::Micros::sum(gifts.iter().map(|gift| gift.gross)).ok()?;
        let all = gifts.iter().flat_map(|gift| gift.signals.iter().copied()).collect();
        let opened = first.opened_at.map(|at| admin.moment(at));
        let giver = Giver {
            number,
            handle: first.patron.1.as_ref().map(ToString::to_string).unwrap_or_default(),
            opened: opened.unwrap_or_default(),
            works: i64::try_from(gifts.len()).unwrap_or(i64::MAX),
            gave: Money::new(gave, currency),
            signals: named(admin, &all),
        };
        Some((first.patron.0, giver))
    });
    each.collect()
}
