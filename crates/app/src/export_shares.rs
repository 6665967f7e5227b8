//! The exports of a settlement (contract.md section 4): what was frozen and what came of it, so
//! that anybody can compute the shares again.

use obole_domain::statement::LineState;
use obole_domain::{Period, Refusal};
use obole_store::freeze::{self, Range};
use obole_store::settlements::{self, Stage};
use obole_store::{Read, shares};

use crate::app::App;
use crate::csv;
use crate::error::{Error, Result};
use crate::settle::share;

/// Which export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// `currency,patron,means_micros,work,points,payable`
    Inputs,
    /// `currency,patron,work,points,share_micros,state`
    Shares,
}

impl What {
    const fn header(self) -> [&'static str; 6] {
        match self {
            Self::Inputs => ["currency", "patron", "means_micros", "work", "points", "payable"],
            Self::Shares => ["currency", "patron", "work", "points", "share_micros", "state"],
        }
    }
}

/// Writes a settled period's export, a chunk of patrons at a time, through `write`. Refused for a
/// period that is not settled, and for one whose details are gone (P5).
pub async fn write(
    app: &App,
    what: What,
    period: Period,
    write: &mut (dyn FnMut(&str) -> std::io::Result<()> + Send),
) -> Result<()> {
    let ranges = app.read((), move |read, ()| Box::pin(ranges(read, period))).await?;
    write(&csv::line(&what.header())).map_err(Error::internal)?;
    for range in ranges {
        let text = app.read((), move |read, ()| {
            Box::pin(async move {
                // Meanwhile its details may have begun to go.
                settled(read, period).await?;
                match what {
                    What::Inputs => inputs(read, period, range).await,
                    What::Shares => shares_of(read, period, range).await,
                }
            })
        });
        write(&text.await?).map_err(Error::internal)?;
    }
    Ok(())
}

/// The chunks of a settled period.
async fn ranges(read: &mut Read, period: Period) -> Result<Vec<Range>> {
    settled(read, period).await?;
    let ranges = settlements::ranges(read, period).await?;
    Ok(ranges.into_iter().map(|(_, range)| range).collect())
}

/// Refused for a period that is not settled, or of which the details are gone.
async fn settled(read: &mut Read, period: Period) -> Result<()> {
    let row = settlements::find(read, period).await?;
    let Some(row) = row.filter(|row| row.stage == Stage::Done) else {
        return Err(Refusal::PeriodNotOver { period }.into());
    };
    if row.details_end_at.is_some() {
        return Err(Refusal::DetailsGone { period }.into());
    }
    Ok(())
}

/// One line for each click that the settlement froze, in each currency that it was shared in.
async fn inputs(read: &mut Read, period: Period, range: Range) -> Result<String> {
    let Some(row) = settlements::find(read, period).await? else { return Err(Error::NotFound) };
    let works = freeze::frozen_works(read, period).await?;
    let mut text = String::new();
    for patron in share::inputs(read, period, range).await? {
        let is_funded = patron.is_funded(&row.policy);
        for purse in &patron.purses {
            if is_funded && purse.means() < row.policy.budget_min {
                continue;
            }
            for click in &patron.clicks {
                let terms = works.get(&click.work).cloned().unwrap_or_default();
                text.push_str(&csv::line(&[
                    purse.currency.code().to_owned(),
                    patron.patron.to_string(),
                    purse.means().get().to_string(),
                    click.work.to_string(),
                    click.points.get().to_string(),
                    terms.payable(patron.patron, purse.currency).code().to_owned(),
                ]));
            }
        }
    }
    Ok(text)
}

/// One line for each share, and for each click that moved on.
async fn shares_of(read: &mut Read, period: Period, range: Range) -> Result<String> {
    let mut text = String::new();
    for (patron, statement) in shares::statements_between(read, period, range).await? {
        let is_listed =
            |state| matches!(state, LineState::Paid | LineState::Promised | LineState::Carried);
        for line in statement.lines.iter().filter(|line| is_listed(line.state)) {
            text.push_str(&csv::line(&[
                statement.currency.code().to_owned(),
                patron.to_string(),
                line.work.to_string(),
                line.points.to_string(),
                line.share.get().to_string(),
                line.state.code().to_owned(),
            ]));
        }
    }
    Ok(text)
}
