//! What those concerned are told of signals, reports and appeals.

use obole_domain::report::ReportState;
use obole_domain::signal::print_signals;
use obole_domain::{AccountId, Money};
use obole_store::Tx;
use obole_store::reports::{ReportRow, Subject};
use obole_store::signals::SignalHoldRow;

use super::tell;
use crate::app::App;
use crate::error::Result;
use crate::mails::{self, Mail};

/// Earnings wait because of signals, or do not any more: their payee is told (X5).
pub(crate) async fn earnings_wait(app: &App, tx: &mut Tx, row: &SignalHoldRow) -> Result<()> {
    let until = row.ends_at.to_zoned(app.zone().clone()).date();
    tell(app, tx, row.payee.0, |language, handle| {
        Some(Mail::EarningsWait {
            handle,
            amount: obole_language::money(language, row.amount),
            month: obole_language::period(language, row.period),
            state: row.state.code().to_owned(),
            signals: print_signals(&row.signals),
            reason: row.reason.clone(),
            until: obole_language::date(language, until),
            page: mails::address(app, "/creator/waiting"),
        })
    })
    .await
}

/// Gifts that look made were refused: their patron has the money back (X5).
pub(crate) async fn gifts_returned(
    app: &App,
    tx: &mut Tx,
    patron: AccountId,
    (amount, reason): (Money, &str),
) -> Result<()> {
    tell(app, tx, patron, |language, handle| {
        Some(Mail::GiftsReturned {
            handle,
            amount: obole_language::money(language, amount),
            reason: reason.to_owned(),
            page: mails::address(app, "/wallet"),
        })
    })
    .await
}

/// An account is suspended: it is told why, with the link by which that is appealed; of a team, who
/// acts for it.
pub(crate) async fn suspended(
    app: &App,
    tx: &mut Tx,
    whom: AccountId,
    (reason, link): (&str, &str),
) -> Result<()> {
    tell(app, tx, whom, |_, handle| {
        let how = mails::address(app, &format!("/appeal/{link}"));
        Some(Mail::Suspended { handle, reason: reason.to_owned(), how })
    })
    .await
}

/// A report ended: who made it is told (product.md section 6).
pub(crate) async fn report_ended(
    app: &App,
    tx: &mut Tx,
    (row, state): (&ReportRow, ReportState),
    reason: &str,
) -> Result<()> {
    let Some((reporter, _)) = &row.reporter else { return Ok(()) };
    let news = state.code();
    moderated(app, tx, (*reporter, row), (news, reason, "/settings/reports")).await
}

/// Words were hidden: whom that concerns is told, with the link by which it is appealed.
pub(crate) async fn words_hidden(
    app: &App,
    tx: &mut Tx,
    (row, whom): (&ReportRow, AccountId),
    (reason, link): (&str, &str),
) -> Result<()> {
    moderated(app, tx, (whom, row), ("done", reason, &format!("/appeal/{link}"))).await
}

/// A decision was looked at again, or undone: whom it concerns is told.
pub(crate) async fn appeal_ended(
    app: &App,
    tx: &mut Tx,
    (row, is_granted): (&ReportRow, bool),
    reason: &str,
) -> Result<()> {
    let Some((whom, _)) = &row.concerns else { return Ok(()) };
    let news = if is_granted { "granted" } else { "rejected" };
    moderated(app, tx, (*whom, row), (news, reason, "")).await
}

async fn moderated(
    app: &App,
    tx: &mut Tx,
    (whom, row): (AccountId, &ReportRow),
    (news, reason, page): (&str, &str, &str),
) -> Result<()> {
    let (work, of) = match &row.subject {
        Subject::Work(_, url) => (url.to_string(), String::new()),
        Subject::Account(_, handle) => (String::new(), handle.to_string()),
    };
    tell(app, tx, whom, |_, handle| {
        Some(Mail::Moderated {
            handle,
            work,
            of,
            news: news.to_owned(),
            reason: reason.to_owned(),
            page: if page.is_empty() { String::new() } else { mails::address(app, page) },
        })
    })
    .await
}
