//! What a work passes on to the works that it builds on: set by whoever acts for its owner, from
//! the next settlement on (product.md section 4, works 2).

use obole_domain::pass_on::TARGETS_MAX;
use obole_domain::{AccountId, CanonicalUrl, Money, PassOn, Refusal, WorkId};
use obole_gateway::builds_on;
use obole_store::pass_ons::{self, SourceRow};
use obole_store::passes::{self, StandingRow};
use obole_store::works::{self, NewWork, WorkRow};
use obole_store::{Tx, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::settle;
use crate::teams::require_act;
use crate::works::count_new;

/// The most works that are shown as passing something on to one.
const SOURCES_MAX: i64 = 200;

/// The most works to which promises of an account's works are shown.
const STANDING_MAX: i64 = 500;

/// What passes between a work and others.
#[derive(Clone, Debug, Default)]
pub struct Passing {
    /// What it passes on, in hundredths of a percent.
    pub part: i64,
    /// To which works, by which weights, the heaviest first.
    pub targets: Vec<(WorkRow, i64)>,
    /// Which works pass something on to it.
    pub sources: Vec<SourceRow>,
}

/// What passes between a work and others.
pub async fn of(app: &App, work: WorkId) -> Result<Passing> {
    app.read((), move |read, ()| {
        Box::pin(async move {
            Ok(Passing {
                part: pass_ons::find(read, work).await?.part(),
                targets: pass_ons::targets(read, work).await?,
                sources: pass_ons::sources(read, work, SOURCES_MAX).await?,
            })
        })
    })
    .await
}

/// Sets what a work passes on: a part in hundredths of a percent, and the addresses of the works
/// that it builds on with their weights. Works that are not known come into being. It is public.
///
/// Refused to whoever does not act for the work's owner, for what [`PassOn::new`] refuses, and over
/// the limit of works that one account brings into being.
pub async fn set(
    app: &App,
    actor: Actor,
    work: WorkId,
    (part, targets): (i64, Vec<(CanonicalUrl, i64)>),
) -> Result<()> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    // Before any of them comes into being.
    if targets.len() > TARGETS_MAX {
        let limit = i64::try_from(TARGETS_MAX).unwrap_or(i64::MAX);
        return Err(Refusal::PassedToTooMany { limit }.into());
    }
    let handle = app.clone();
    app.write(targets, move |tx, targets| {
        let app = handle.clone();
        Box::pin(async move {
            let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            let owner = row.owner.ok_or(Error::NotFound)?;
            require_act(tx, actor, owner).await?;
            let weights = find_or_create(&app, tx, person, targets).await?;
            let pass_on = PassOn::new(work, part, weights)?;
            pass_ons::set(tx, (work, owner), &pass_on, (Some(person), app.now())).await?;
            let details = format!("{part} of 10000 to {} works", targets.len());
            app.log(tx, actor, "work.pass-on", (work.to_string(), details)).await
        })
    })
    .await
}

/// The works of some addresses, made where they are new and counted among those that the account
/// brings into being.
async fn find_or_create(
    app: &App,
    tx: &mut Tx,
    person: AccountId,
    targets: &[(CanonicalUrl, i64)],
) -> Result<Vec<(WorkId, i64)>> {
    let urls: Vec<&CanonicalUrl> = targets.iter().map(|(url, _)| url).collect();
    let known = works::find_each_by_url(tx, &urls).await?;
    let now = app.now();
    let is_new = |url: &&CanonicalUrl| !known.iter().any(|work| work.url == **url);
    let new: Vec<NewWork<'_>> = urls
        .iter()
        .copied()
        .filter(is_new)
        .map(|url| NewWork {
            id: WorkId::new(app.chance().id(now)),
            url,
            title: "",
            created_by: Some(person),
            created_at: now,
        })
        .collect();
    if !new.is_empty() {
        let count = i64::try_from(new.len()).map_err(Error::internal)?;
        count_new(app, tx, (person, count)).await?;
        works::create_each(tx, &new).await?;
    }
    let all = works::find_each_by_url(tx, &urls).await?;
    let weight = |work: &WorkRow| targets.iter().rev().find(|(url, _)| *url == work.url);
    Ok(all.iter().filter_map(|work| Some((work.id, weight(work)?.1))).collect())
}

/// The addresses of the works that a project builds on, by its lockfile or bill of materials: what
/// [`builds_on::read`] finds in it.
#[must_use]
pub fn named_in(file: &str) -> Vec<String> {
    builds_on::read(file)
}

/// What an account's works have promised to others and nobody has collected, the most first.
pub async fn standing(app: &App, payer: AccountId) -> Result<Vec<StandingRow>> {
    app.read((), move |read, ()| {
        Box::pin(async move { Ok(passes::standing(read, payer, STANDING_MAX).await?) })
    })
    .await
}

/// Lets go of what an account's works promised to a work that nobody controls: the money is free
/// again. Refused where no such promise stands.
pub async fn let_go(
    app: &App,
    actor: Actor,
    payer: AccountId,
    target: WorkId,
) -> Result<Vec<Money>> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_act(tx, actor, payer).await?;
            let freed = passes::let_go(tx, (payer, target), app.now()).await?;
            if freed.is_empty() {
                return Err(Refusal::StateMoved {}.into());
            }
            let money = freed.iter().map(|(_, currency, amount)| Money::new(*amount, *currency));
            let money: Vec<Money> = money.collect();
            settle::release(tx, freed.clone()).await?;
            let policy = settings::policy(tx).await?;
            settle::hold_unless_giving(tx, (&app, &policy), freed).await?;
            let what = (target.to_string(), payer.to_string());
            app.log(tx, actor, "work.pass-on.let-go", what).await?;
            Ok(money)
        })
    })
    .await
}
