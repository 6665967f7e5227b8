//! Beginning a claim (C1): a token for one account and one reach, to be put where only whoever
//! controls it can.

use obole_domain::claim::{ClaimMethod, Life, ProofToken, Reach, Way};
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Micros, Money, Refusal};
use obole_store::claims::{self, NewClaim};
use obole_store::{Tx, accounts, promises, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clicks::Target;
use crate::error::{Error, Result};
use crate::limits::CLAIM;
use crate::teams::require_act;
use crate::works::count_new;

/// How many claims of one account wait for their proofs at a time.
const WAITING_MAX: i64 = 100;

/// What is claimed, and how it will be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The claim.
    pub claim: ClaimId,
    /// Whether it had been begun before.
    pub is_known: bool,
}

/// Begins a claim of a work, or gives the one that waits already: with the reach that is named, or
/// the widest that the method has there. The work comes into being where it is new.
///
/// The claim is `whose`: the actor's own, or a team's that they act for.
///
/// Refused where the method cannot work for the address, without a confirmed mail address, where
/// too many wait, and over the limit of works that one account brings into being.
pub async fn begin(
    app: &App,
    (actor, whose): (Actor, AccountId),
    (target, method, reach): (Target, ClaimMethod, Option<Reach>),
) -> Result<Begun> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    app.limit(CLAIM, person).await?;
    let handle = app.clone();
    app.write((target, reach), move |tx, (target, reach)| {
        let app = handle.clone();
        let what = (target, method, reach.as_ref());
        Box::pin(async move { begin_in(&app, tx, (actor, person, whose), what).await })
    })
    .await
}

async fn begin_in(
    app: &App,
    tx: &mut Tx,
    (actor, person, account): (Actor, AccountId, AccountId),
    (target, method, reach): (&Target, ClaimMethod, Option<&Reach>),
) -> Result<Begun> {
    require_act(tx, actor, account).await?;
    let row = accounts::find(tx, person).await?.ok_or(Error::NotFound)?;
    if row.email_confirmed_at.is_none() {
        return Err(Refusal::EmailUnconfirmed {}.into());
    }
    if let Target::Url(url) = target
        && works::find_by_url(tx, url).await?.is_none()
    {
        count_new(app, tx, (person, 1)).await?;
    }
    let work = super::find_work(app, tx, Some(person), target).await?;
    let way = Way::find(&work.url, method, reach);
    let way = way.ok_or_else(|| Error::from(Refusal::ProofImpossible {}))?;
    if let Some(there) = claims::challenged(tx, account, (&way.reach, method)).await? {
        return Ok(Begun { claim: there.id, is_known: true });
    }
    if claims::count_challenged(tx, account).await? >= WAITING_MAX {
        return Err(Refusal::ClaimsFull { limit: WAITING_MAX }.into());
    }
    let now = app.now();
    let id = ClaimId::new(app.chance().id(now));
    let new = NewClaim {
        id,
        work: work.id,
        account,
        method,
        reach: &way.reach,
        token: Some(&ProofToken::from_random(app.chance().bytes())),
        life: Life::CHALLENGED,
        reason: "",
        granted_by: None,
        created_at: now,
    };
    claims::create(tx, &new).await?;
    claims::first_check(tx, id, Life::CHALLENGED.first_check(now)).await?;
    let what = (way.reach.to_string(), method.code().to_owned());
    app.log(tx, actor, "claim.begin", what).await?;
    Ok(Begun { claim: id, is_known: false })
}

/// How many patrons promised something to a work that nobody controls, and in which currencies how
/// much, for who thinks of claiming it. None where nobody did, or the work is not known.
pub async fn waiting(app: &App, url: CanonicalUrl) -> Result<Option<promises::Waiting>> {
    app.read(url, |read, url| {
        Box::pin(async move {
            let work = works::find_by_url(read, url).await?;
            match work {
                Some(work) => Ok(promises::waiting_for(read, work.id).await?),
                None => Ok(None),
            }
        })
    })
    .await
}

/// An amount that tells how much waits and not what somebody gave: one digit of it, from a whole
/// unit on.
#[must_use]
pub fn roughly(money: Money) -> Option<Money> {
    let units = money.amount.get() / Micros::units(1).get();
    let digits = units.checked_ilog10()?;
    let step = 10_i64.checked_pow(digits)?;
    Some(Money::new(Micros::units(units / step * step), money.currency))
}

#[cfg(test)]
mod tests {
    use obole_domain::Currency;

    use super::*;

    #[test]
    fn an_amount_is_told_by_its_first_digit() {
        let rough = |micros| {
            let money = Money::new(Micros::new(micros), Currency::EUR);
            roughly(money).map(|money| money.amount.get() / 1_000_000)
        };
        assert_eq!([rough(1_999_999), rough(87_650_000)], [Some(1), Some(80)]);
        assert_eq!([rough(999_999), rough(0)], [None, None]);
        assert_eq!(rough(1_234_567_000_000), Some(1_000_000));
    }
}
