//! What those concerned are told when money moves or a work changes hands: one mail each, queued
//! in the command's transaction (A2), and their endpoints with it (H1).

mod trust;

use obole_domain::claim::{Reach, answer_by};
use obole_domain::payout::{PayoutId, PayoutState};
use obole_domain::policy::BANK_REST_HOURS;
use obole_domain::{AccountId, ClaimId, Handle, Money, TeamRole};
use obole_language::Language;
use obole_store::accounts::AccountRow;
use obole_store::claims::ClaimRow;
use obole_store::claims::disputes::DisputeRow;
use obole_store::notes::ReportRow;
use obole_store::teams::percentages;
use obole_store::webhooks::{Off, WebhookRow};
use obole_store::works::WorkRow;
use obole_store::{Tx, accounts, teams};

use crate::app::App;
use crate::claims::OwnSupport;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::webhooks::{self, News};

pub(crate) use trust::{
    appeal_ended, earnings_wait, gifts_returned, report_ended, suspended, words_hidden,
};

/// Writes a mail to an account, in its language and with its handle; to all who act for it where it
/// is a team, in the language of the first.
async fn tell(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    mail: impl FnOnce(Language, String) -> Option<Mail>,
) -> Result<()> {
    let row = accounts::find(tx, account).await?.ok_or(Error::NotFound)?;
    let readers = readers(tx, &row).await?;
    let language = readers.first().map_or(Language::English, |first| first.language);
    let Some(mail) = mail(language, row.handle.to_string()) else { return Ok(()) };
    for to in readers {
        mails::queue(tx, app, &Recipient { language, ..to }, &mail).await?;
    }
    Ok(())
}

/// Who reads what concerns an account: the account itself, or who acts for it where it is a team.
async fn readers(tx: &mut Tx, row: &AccountRow) -> Result<Vec<Recipient>> {
    // Nobody confirms the address of a team.
    if row.email_confirmed_at.is_some() || teams::find(tx, row.id).await?.is_none() {
        return Ok(vec![Recipient::of(row)]);
    }
    let members = teams::members(tx, row.id).await?;
    let mut readers = Vec::new();
    for member in members.iter().filter(|member| member.role.may(TeamRole::Keeper)) {
        readers.extend(accounts::find(tx, member.account).await?.map(|row| Recipient::of(&row)));
    }
    Ok(readers)
}

/// The bank account that an account's payouts go to has changed (M8).
pub(crate) async fn bank_account_changed(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    last4: &str,
) -> Result<()> {
    let (last4, page) = (last4.to_owned(), mails::address(app, "/creator/bank"));
    tell(app, tx, account, |language, handle| {
        let hours = obole_language::number(language, BANK_REST_HOURS);
        Some(Mail::BankChanged { handle, last4, hours, page })
    })
    .await
}

/// A payout was asked for, sent or reversed; `reason` says why it was reversed.
pub(crate) async fn payout_moved(
    app: &App,
    tx: &mut Tx,
    (account, payout): (AccountId, PayoutId),
    news: (PayoutState, Money, &str),
) -> Result<()> {
    let (state, money, reason) = news;
    if let Some(news) = News::payout(payout, state, money) {
        webhooks::tell(app, tx, account, &news).await?;
    }
    let (reason, page) = (reason.to_owned(), mails::address(app, "/creator/payouts"));
    tell(app, tx, account, |language, handle| {
        let amount = obole_language::money(language, money);
        match state {
            PayoutState::Requested => Some(Mail::PayoutRequested { handle, amount, page }),
            PayoutState::Batched => None,
            PayoutState::Sent => Some(Mail::PayoutSent { handle, amount, page }),
            PayoutState::Reversed => Some(Mail::PayoutReversed { handle, amount, reason, page }),
        }
    })
    .await
}

/// A refund was given back, or declined; `answer` is what the administrator said to it.
pub(crate) async fn refund_ended(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    news: (bool, Money, &str),
) -> Result<()> {
    let (is_executed, money, answer) = news;
    let (answer, page) = (answer.to_owned(), mails::address(app, "/wallet/refund"));
    tell(app, tx, account, |language, handle| {
        let amount = obole_language::money(language, money);
        Some(if is_executed {
            Mail::RefundExecuted { handle, amount, answer, page }
        } else {
            Mail::RefundDeclined { handle, amount, answer, page }
        })
    })
    .await
}

/// An administrator removed a note of thanks that somebody had reported.
pub(crate) async fn note_removed(
    app: &App,
    tx: &mut Tx,
    report: &ReportRow,
    reason: &str,
) -> Result<()> {
    let (work, note) = (report.url.to_string(), report.text.clone());
    let (reason, how) = (reason.to_owned(), mails::address(app, "/how"));
    tell(app, tx, report.key.patron, |_, handle| {
        Some(Mail::NoteRemoved { handle, work, note, reason, how })
    })
    .await
}

/// A work is an account's now; what the account had given to it has come back.
pub(crate) async fn claim_granted(
    app: &App,
    tx: &mut Tx,
    (account, claim): (AccountId, ClaimId),
    (work, own): (&WorkRow, &OwnSupport),
) -> Result<()> {
    webhooks::tell(app, tx, account, &News::claim_granted(claim, (work.id, &work.url))).await?;
    let (work, own) = (work.url.to_string(), own.clone());
    let page = mails::address(app, "/creator");
    tell(app, tx, account, |language, handle| {
        let some = Some(own.points).filter(|points| *points > 0);
        let points = some.map(|points| obole_language::number(language, points));
        let freed = own.freed.iter().map(|money| obole_language::money(language, *money));
        let freed = freed.collect::<Vec<_>>().join(" + ");
        Some(Mail::ClaimGranted { handle, work, points: points.unwrap_or_default(), freed, page })
    })
    .await
}

/// What became of a claim, for its account.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ClaimNews<'news> {
    Proven,
    Contested,
    Confirmed,
    Stale,
    Recovered,
    Yields { to: &'news Handle },
    Left { by: &'news Handle },
    Rival { by: &'news Handle, reach: &'news Reach },
    Lost,
    GivenAway,
}

impl ClaimNews<'_> {
    const fn code(&self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Contested => "contested",
            Self::Confirmed => "confirmed",
            Self::Stale => "stale",
            Self::Recovered => "recovered",
            Self::Yields { .. } => "yields",
            Self::Left { .. } => "left",
            Self::Rival { .. } => "rival",
            Self::Lost => "lost",
            Self::GivenAway => "given-away",
        }
    }
}

/// A claim moved: its account is told, and its endpoints where works came or went.
pub(crate) async fn claim_news(
    app: &App,
    tx: &mut Tx,
    claim: &ClaimRow,
    news: ClaimNews<'_>,
) -> Result<()> {
    let about = (claim.work, &claim.url);
    match news {
        ClaimNews::Proven => {
            webhooks::tell(app, tx, claim.account, &News::claim_granted(claim.id, about)).await?;
        }
        ClaimNews::Lost | ClaimNews::GivenAway => {
            webhooks::tell(app, tx, claim.account, &News::claim_ended(claim.id, about)).await?;
        }
        _ => {}
    }
    let (other, part) = match news {
        ClaimNews::Yields { to } => (to.to_string(), String::new()),
        ClaimNews::Left { by } => (by.to_string(), String::new()),
        ClaimNews::Rival { by, reach } => (by.to_string(), reach.to_string()),
        _ => (String::new(), String::new()),
    };
    let (news, reach) = (news.code().to_owned(), claim.reach.to_string());
    let page = mails::address(app, &format!("/claims/mine/{}", claim.id));
    tell(app, tx, claim.account, |_, handle| {
        Some(Mail::ClaimNews { handle, reach, news, other, part, page })
    })
    .await
}

/// What became of a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisputeNews {
    Filed,
    Answered,
    Ended,
}

/// A dispute moved: both sides are told (C6).
pub(crate) async fn dispute_news(
    app: &App,
    tx: &mut Tx,
    row: &DisputeRow,
    news: DisputeNews,
) -> Result<()> {
    let news = match news {
        DisputeNews::Filed => "filed",
        DisputeNews::Answered => "answered",
        DisputeNews::Ended => row.state.code(),
    };
    let by_claim = row.by_claim.map_or_else(String::new, |claim| format!("/{claim}"));
    let sides = [
        (row.filer.0, "filer", &row.holder.1, by_claim),
        (row.holder.0, "holder", &row.filer.1, format!("/{}", row.claim)),
    ];
    for (account, side, other, page) in sides {
        let page = mails::address(app, &format!("/claims/mine{page}"));
        let until = answer_by(row.filed_at).to_zoned(app.zone().clone()).date();
        tell(app, tx, account, |language, handle| {
            Some(Mail::DisputeNews {
                handle,
                reach: row.reach.to_string(),
                news: news.to_owned(),
                side: side.to_owned(),
                other: other.to_string(),
                words: row.words.clone(),
                answer: row.answer.clone(),
                reason: row.reason.clone(),
                until: obole_language::date(language, until),
                page,
            })
        })
        .await?;
    }
    Ok(())
}

/// What became of a team, for its members.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TeamNews<'news> {
    Joined { who: &'news Handle, role: TeamRole },
    Left { who: &'news Handle },
    Role { who: &'news Handle, role: TeamRole },
    Percentages,
    Opened,
    Shut,
    Closed,
}

impl TeamNews<'_> {
    const fn code(&self) -> &'static str {
        match self {
            Self::Joined { .. } => "joined",
            Self::Left { .. } => "left",
            Self::Role { .. } => "role",
            Self::Percentages => "percentages",
            Self::Opened => "opened",
            Self::Shut => "shut",
            Self::Closed => "closed",
        }
    }
}

/// Something of a team changed: every member is told.
pub(crate) async fn team_news(
    app: &App,
    tx: &mut Tx,
    team: AccountId,
    news: TeamNews<'_>,
) -> Result<()> {
    let row = accounts::find(tx, team).await?.ok_or(Error::NotFound)?;
    let members = teams::members(tx, team).await?;
    let percentages = percentages::current(tx, team).await?;
    let (other, role) = match news {
        TeamNews::Joined { who, role } | TeamNews::Role { who, role } => {
            (who.to_string(), role.code().to_owned())
        }
        TeamNews::Left { who } => (who.to_string(), String::new()),
        _ => (String::new(), String::new()),
    };
    let page = mails::address(app, &format!("/teams/{}", row.handle));
    for reader in &members {
        let (team, other, role) = (row.handle.to_string(), other.clone(), role.clone());
        let (news, page) = (news.code().to_owned(), page.clone());
        tell(app, tx, reader.account, |language, handle| {
            let parts = members.iter().filter(|member| percentages.part(member.account) > 0);
            let parts = parts.map(|member| {
                let part = percent(language, percentages.part(member.account));
                format!("@{}: {part}", member.handle)
            });
            let parts = parts.collect::<Vec<_>>().join("\n");
            let kept = percent(language, percentages.kept());
            Some(Mail::TeamNews { handle, team, news, other, role, parts, kept, page })
        })
        .await?;
    }
    Ok(())
}

/// Hundredths of a percent in words.
fn percent(language: Language, hundredths: i64) -> String {
    obole_language::percent(language, u32::try_from(hundredths * 100).unwrap_or_default())
}

/// A work is not an account's any more, and why.
pub(crate) async fn claim_revoked(
    app: &App,
    tx: &mut Tx,
    (account, claim): (AccountId, ClaimId),
    (work, reason): (&WorkRow, &str),
) -> Result<()> {
    webhooks::tell(app, tx, account, &News::claim_ended(claim, (work.id, &work.url))).await?;
    let (work, reason) = (work.url.to_string(), reason.to_owned());
    let how = mails::address(app, "/how");
    tell(app, tx, account, |_, handle| Some(Mail::ClaimRevoked { handle, work, reason, how })).await
}

/// An endpoint is switched off, because it said so or because nothing arrives there.
pub(crate) async fn webhook_off(
    app: &App,
    tx: &mut Tx,
    webhook: &WebhookRow,
    why: Off,
) -> Result<()> {
    let host = webhooks::host_of(&webhook.url).to_owned();
    let gone = if why == Off::Gone { "410".to_owned() } else { String::new() };
    let page = mails::address(app, "/settings/webhooks");
    tell(app, tx, webhook.account, |_, handle| Some(Mail::WebhookOff { handle, host, gone, page }))
        .await
}
