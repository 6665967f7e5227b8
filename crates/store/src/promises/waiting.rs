//! What waits for whoever claims a work.

use std::collections::{BTreeMap, BTreeSet};

use obole_domain::{AccountId, Currency, Micros, Money, WorkId};

use crate::db::{Read, sql};
use crate::error::StoreResult;

use super::{lists, periods};

/// What waits for whoever claims a work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// How many patrons promised something that stands.
    pub patrons: i64,
    /// How much, by currency.
    pub amounts: Vec<Money>,
}

/// What was promised to a work that nobody has claimed; none where nothing was. What patrons let go
/// of meanwhile is taken off.
pub async fn waiting_for(read: &mut Read, work: WorkId) -> StoreResult<Option<Waiting>> {
    let (mut patrons, mut sums) = (BTreeSet::new(), BTreeMap::<Currency, Micros>::new());
    for (patron, amount) in standing(read, work).await? {
        patrons.insert(patron);
        let sum = sums.entry(amount.currency).or_insert(Micros::ZERO);
        *sum = sum.plus(amount.amount)?;
    }
    let amounts = sums.into_iter().map(|(currency, sum)| Money::new(sum, currency)).collect();
    let patrons = i64::try_from(patrons.len()).unwrap_or(i64::MAX);
    Ok((patrons > 0).then_some(Waiting { patrons, amounts }))
}

/// Who promised something that stands to a work that nobody has claimed.
pub async fn patrons_waiting_for(
    read: &mut Read,
    work: WorkId,
) -> StoreResult<BTreeSet<AccountId>> {
    let standing = standing(read, work).await?;
    Ok(standing.into_iter().map(|(patron, _)| patron).collect())
}

/// The promises to a work of which nothing was decided.
async fn standing(read: &mut Read, work: WorkId) -> StoreResult<Vec<(AccountId, Money)>> {
    let mut standing = Vec::new();
    for period in periods(read).await? {
        let decided = sql("
            select patron, currency from promises
            where period = $1 and work = $2");
        let decided = decided.bind(period).bind(work);
        let decided: BTreeSet<(AccountId, Currency)> = decided
            .fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?)))
            .await?
            .into_iter()
            .collect();
        for (currency, list) in lists(read, (period, work)).await? {
            let list = list.into_iter();
            standing.extend(list.filter(|(patron, _)| !decided.contains(&(*patron, currency))));
        }
    }
    Ok(standing)
}
