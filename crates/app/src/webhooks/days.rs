//! What creators' endpoints are told of clicks: once a day, of a day that is over, how many patrons
//! there were as it may be said in public, and nothing of who or when (P2, P3).

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use obole_domain::{AccountId, Period};
use obole_store::{feeds, settings};

use super::news::{self, News};
use crate::app::App;
use crate::error::{Error, Result};

/// The last day that was told.
const TOLD: &str = "webhooks.day";

/// The most days that are made up for when the instance stood still.
const DAYS_MAX: i64 = 7;

/// How many accounts are told in one transaction.
const CHUNK: usize = 200;

/// Tells of the days that are over. Running twice is harmless: what was told is not told again.
pub async fn tell_days(app: &App) -> Result<()> {
    let app = &app.patient();
    let today = app.now().to_zoned(app.zone().clone()).date();
    let told =
        app.read((), |read, ()| Box::pin(async move { Ok(settings::find(read, TOLD).await?) }));
    let told: Option<Date> = told.await?.and_then(|text| text.parse().ok());
    let earliest = before(today, DAYS_MAX)?;
    let next = told.map_or(before(today, 1), |told| told.tomorrow().map_err(Error::internal))?;
    let mut day = next.max(earliest);
    while day < today {
        tell_day(app, day).await?;
        let text = day.to_string();
        app.write(text, |tx, text| {
            Box::pin(async move { Ok(settings::set(tx, TOLD, text).await?) })
        })
        .await?;
        day = day.tomorrow().map_err(Error::internal)?;
    }
    Ok(())
}

fn before(today: Date, days: i64) -> Result<Date> {
    today.checked_sub(Span::new().days(days)).map_err(Error::internal)
}

async fn tell_day(app: &App, day: Date) -> Result<()> {
    let begins = |date: Date| -> Result<Timestamp> {
        Ok(date.to_zoned(app.zone().clone()).map_err(Error::internal)?.timestamp())
    };
    let times = (begins(day)?, begins(day.tomorrow().map_err(Error::internal)?)?);
    let period = Period::at(times.0, app.zone());
    let counts = app.read((), move |read, ()| {
        Box::pin(
            async move { Ok(feeds::patrons_between(read, (period, period.next()), times).await?) },
        )
    });
    let has_counters = app.config().instance.public_counters;
    for chunk in counts.await?.chunks(CHUNK) {
        let (handle, chunk): (App, Vec<(AccountId, i64)>) = (app.clone(), chunk.to_vec());
        app.write(chunk, move |tx, chunk| {
            let app = handle.clone();
            Box::pin(async move {
                for (account, patrons) in chunk {
                    let patrons = Some(*patrons).filter(|_| has_counters);
                    news::tell(&app, tx, *account, &News::support(day, patrons)).await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}
