//! What a team received, as its members see it: each what is theirs, and all of it who sees all.

use obole_domain::{AccountId, Currency, Handle, Money, Period};
use obole_store::shares;
use obole_store::teams::percentages;

use crate::app::App;
use crate::error::Result;
use crate::statements::{self, PeriodStatement};

use super::Shown;

/// How many months an overview goes back, counting each currency.
const MONTHS: i64 = 240;

/// What a settled month came to for a team.
#[derive(Clone, Debug)]
pub struct TeamPeriod {
    /// What its works received and passed on; none where the reader sees only what is theirs.
    pub all: Option<PeriodStatement>,
    /// What members received of it, the most first; only the reader where they do not see all.
    pub members: Vec<(Handle, Money)>,
}

/// What came of a team by month and currency, newest first: all of it, or the reader's part.
pub async fn months(app: &App, reader: AccountId, shown: &Shown) -> Result<Vec<(Period, Money)>> {
    let (team, sees_all) = (shown.team.account, shown.sees_all());
    app.read((), move |read, ()| {
        Box::pin(async move {
            let month = |(period, currency, amount)| (period, Money::new(amount, currency));
            if !sees_all {
                let mine = percentages::months(read, (team, reader), MONTHS).await?;
                return Ok(mine.into_iter().map(month).collect());
            }
            let all = shares::months_received(read, team, MONTHS).await?;
            Ok(all.into_iter().map(|sum| month((sum.period, sum.currency, sum.amount))).collect())
        })
    })
    .await
}

/// What a month came to; none while it is not settled.
pub async fn month(
    app: &App,
    reader: AccountId,
    (shown, period): (&Shown, Period),
) -> Result<Option<TeamPeriod>> {
    let (team, sees_all) = (shown.team.account, shown.sees_all());
    app.read((), move |read, ()| {
        Box::pin(async move {
            let Some(all) = statements::month_in(read, team, period).await? else {
                return Ok(None);
            };
            let members = percentages::credits_of_team(read, team, period).await?;
            let members = members.into_iter().filter(|(id, ..)| sees_all || *id == reader);
            let money = |(_, handle, currency, amount): (AccountId, Handle, Currency, _)| {
                (handle, Money::new(amount, currency))
            };
            let members = members.map(money).collect();
            Ok(Some(TeamPeriod { all: sees_all.then_some(all), members }))
        })
    })
    .await
}
