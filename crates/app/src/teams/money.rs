//! How a team shares out: its percentages, who sees what the others received, and what it kept.

use obole_domain::ledger::{Entry, Fact, LedgerAccount, Posting, Reason};
use obole_domain::team::Percentages;
use obole_domain::{AccountId, Currency, Micros, Money, Refusal, TeamRole, share_out};
use obole_store::teams::{self, percentages};
use obole_store::{ledger, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::notices::{self, TeamNews};
use crate::settle;
use crate::signals;

use super::require_role;

/// Sets what each member receives from the next settlement on, in hundredths of a percent; every
/// member is told. Only owners do. Setting what is set already changes nothing.
///
/// Refused for parts that are more than the whole, and for somebody who does not belong to the team
/// or only looks.
pub async fn set_percentages(
    app: &App,
    actor: Actor,
    team: AccountId,
    parts: Vec<(AccountId, i64)>,
) -> Result<()> {
    let percentages = Percentages::new(parts)?;
    let handle = app.clone();
    app.write(percentages, move |tx, percentages| {
        let app = handle.clone();
        Box::pin(async move {
            let (_, person) = require_role(tx, actor, (team, TeamRole::Owner)).await?;
            let members = teams::members(tx, team).await?;
            let receives = |who: AccountId| {
                members.iter().any(|member| member.account == who && member.role.receives())
            };
            if !percentages.parts().all(|(member, _)| receives(member)) {
                return Err(Refusal::StateMoved {}.into());
            }
            if percentages::current(tx, team).await? == *percentages {
                return Ok(());
            }
            percentages::set(tx, (team, percentages), (Some(person), app.now())).await?;
            notices::team_news(&app, tx, team, TeamNews::Percentages).await?;
            let parts = percentages.parts().map(|(member, part)| format!("{member}: {part}"));
            let details = parts.collect::<Vec<_>>().join(", ");
            app.log(tx, actor, "team.percentages", (team.to_string(), details)).await
        })
    })
    .await
}

/// Lets every member see what every other one received, or each only what is theirs. Only owners
/// do; every member is told.
pub async fn set_open(app: &App, actor: Actor, team: AccountId, is_open: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (found, _) = require_role(tx, actor, (team, TeamRole::Owner)).await?;
            if found.is_open == is_open {
                return Ok(());
            }
            teams::set_open(tx, team, is_open).await?;
            let news = if is_open { TeamNews::Opened } else { TeamNews::Shut };
            notices::team_news(&app, tx, team, news).await?;
            let details = if is_open { "open" } else { "shut" }.to_owned();
            app.log(tx, actor, "team.open", (team.to_string(), details)).await
        })
    })
    .await
}

/// Shares out among the members, by the weights of their parts, what a team kept in a currency, all
/// that is available. Only owners do.
///
/// Refused where nobody has a part, where there is nothing, and while a settled month is still
/// looked over (X5).
pub async fn share_kept(
    app: &App,
    actor: Actor,
    key: &IdempotencyKey,
    (team, currency): (AccountId, Currency),
) -> Result<Once<Moved>> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    let (handle, id) = (app.clone(), app.chance().id(app.now()));
    app.once((person, "teams.share_kept"), key, (team, currency), move |tx, (team, currency)| {
        let app = handle.clone();
        Box::pin(async move {
            require_role(tx, actor, (*team, TeamRole::Owner)).await?;
            signals::refuse_unjudged(tx).await?;
            let from = LedgerAccount::earnings(*team, *currency);
            let available = ledger::balance(tx, from).await?.available();
            if !available.amount.is_positive() {
                return Err(Refusal::AmountZero {}.into());
            }
            let percentages = percentages::current(tx, *team).await?;
            let entry = shared(&percentages, (from, available), &id.to_string())?;
            ledger::post(tx, app.now(), &entry).await?;
            let policy = settings::policy(tx).await?;
            let members = entry.postings().iter().filter(|line| line.amount < Micros::ZERO);
            let shares = members.filter_map(|line| {
                let amount = line.amount.negated().ok()?;
                Some((line.account.owner?, line.account.currency, amount))
            });
            settle::hold_unless_giving(tx, (&app, &policy), shares.collect()).await?;
            let details = format!("{} {}", available.amount.get(), currency.code());
            app.log(tx, actor, "team.share", (team.to_string(), details)).await?;
            Ok(Moved::from(available))
        })
    })
    .await
}

/// The entry that shares an amount out among all who have a part.
fn shared(
    percentages: &Percentages,
    (from, amount): (LedgerAccount, Money),
    id: &str,
) -> Result<Entry> {
    let weights = percentages.parts().map(|(_, part)| part.unsigned_abs());
    let weights: Vec<u64> = weights.collect();
    if weights.is_empty() {
        return Err(Refusal::PercentagesMissing {}.into());
    }
    let shares = share_out(amount.amount, &weights)?;
    let members = percentages.parts().zip(shares).filter(|(_, share)| share.is_positive());
    let mut postings = vec![Posting { account: from, amount: amount.amount }];
    for ((member, _), share) in members {
        let account = LedgerAccount::earnings(member, amount.currency);
        postings.push(Posting { account, amount: share.negated()? });
    }
    Ok(Entry::new(Reason::TeamShared, Fact::new("team", id, "share"), postings)?)
}
