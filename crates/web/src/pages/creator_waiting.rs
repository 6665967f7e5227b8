//! Earnings that wait because of signals: how much, why in classes, until when, and how to answer
//! (X5).

use std::collections::BTreeSet;

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::signals;
use obole_domain::Money;
use obole_domain::signal::{self, Signal, SignalHoldId, SignalState};
use obole_store::signals::SignalHoldRow;

use crate::answer::{Answer, Done, html, unprocessable_one};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// Where the page is.
pub(super) const PATH: &str = "/creator/waiting";

/// The most that the page lists of an account.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/creator_waiting.html")]
struct WaitingPage {
    page: Page,
    waits: Vec<Wait>,
    filled: Filled,
}

/// What waits, in words.
pub(super) struct Wait {
    pub(super) id: SignalHoldId,
    pub(super) handle: String,
    pub(super) amount: Money,
    pub(super) month: String,
    pub(super) signals: Vec<String>,
    /// The same in a word or two each.
    pub(super) short: String,
    pub(super) class: &'static str,
    pub(super) state: String,
    pub(super) until: String,
    pub(super) answer: String,
    pub(super) reason: String,
    pub(super) is_held: bool,
}

/// What waits or waited, in words.
pub(super) fn wait(visitor: &Visitor, row: SignalHoldRow) -> Wait {
    let (class, key) = match row.state {
        SignalState::Held => ("waiting", "signals-held"),
        SignalState::Released => ("good", "signals-released"),
        SignalState::Refused => ("bad", "signals-refused"),
    };
    Wait {
        id: row.id,
        handle: row.payee.1.to_string(),
        amount: row.amount,
        month: obole_language::period(visitor.language, row.period),
        signals: said(visitor, &row.signals),
        short: named(visitor, &row.signals),
        class,
        state: visitor.text(key),
        until: visitor.moment(row.decided_at.unwrap_or(row.ends_at)),
        answer: row.answer,
        reason: row.reason,
        is_held: row.state == SignalState::Held,
    }
}

/// Signals in a word or two.
pub(super) fn named(visitor: &Visitor, signals: &BTreeSet<Signal>) -> String {
    let key = |signal: &Signal| match signal {
        Signal::Means => "signals-short-means",
        Signal::Circle => "signals-short-circle",
        Signal::Lockstep => "signals-short-lockstep",
        Signal::Batch => "signals-short-batch",
        Signal::Rush => "signals-short-rush",
    };
    let words: Vec<String> = signals.iter().map(|signal| visitor.text(key(signal))).collect();
    words.join(" · ")
}

/// Signals in sentences.
fn said(visitor: &Visitor, signals: &BTreeSet<Signal>) -> Vec<String> {
    let key = |signal: &Signal| match signal {
        Signal::Means => "signals-means",
        Signal::Circle => "signals-circle",
        Signal::Lockstep => "signals-lockstep",
        Signal::Batch => "signals-batch",
        Signal::Rush => "signals-rush",
    };
    signals.iter().map(|signal| visitor.text(key(signal))).collect()
}

/// `GET /creator/waiting`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /creator/waiting`
pub async fn answer(patron: Patron, mut form: Form) -> Answer {
    let id = SignalHoldId::parse(form.text("wait")).ok_or_else(Problem::malformed)?;
    let actor = Actor::Page(patron.account());
    if let Some(said) = form.read("answer", signal::answer) {
        match signals::answer(&patron.app, actor, id, &said).await {
            Ok(()) => return Ok(patron.done(PATH, &Done::new("signals-answered"))),
            Err(error) => form.refused_at("answer", error)?,
        }
    }
    let page = page(&patron, form.filled()).await?;
    let is_there = page.waits.iter().any(|one| one.id == id);
    unprocessable_one(&page, is_there)
}

async fn page(patron: &Patron, filled: Filled) -> Result<WaitingPage, Problem> {
    let rows = signals::of(&patron.app, patron.account(), LISTED).await?;
    Ok(WaitingPage {
        page: patron.page(Place::Creator, patron.text("signals-waiting-title")),
        waits: rows.into_iter().map(|row| wait(patron, row)).collect(),
        filled,
    })
}
