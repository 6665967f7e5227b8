//! The numbers by which Flattr's old clients know works: drawn by lot, so that nobody counts the
//! works of an instance, and given when one is first asked for (docs/decisions/0074).

use std::collections::HashMap;

use obole_domain::WorkId;
use obole_store::flattr_numbers::{self, Numbered};

use crate::app::App;
use crate::error::{Error, Result};

/// How often a number is drawn again: with half of all numbers taken, one in a million misses.
const DRAWS: usize = 20;

/// The numbers of some works.
pub async fn numbers(app: &App, works: &[WorkId]) -> Result<HashMap<WorkId, i64>> {
    let found = app.read(works.to_vec(), |read, works| {
        Box::pin(async move { Ok(flattr_numbers::of_works(read, works).await?) })
    });
    let mut numbers = by_work(found.await?);
    for _ in 0..DRAWS {
        let is_new = |work: &&WorkId| !numbers.contains_key(*work);
        let new: Vec<Numbered> = works.iter().filter(is_new).map(|w| (draw(app), *w)).collect();
        if new.is_empty() {
            return Ok(numbers);
        }
        let given = app.write(new, |tx, new| {
            Box::pin(async move {
                flattr_numbers::insert_each(tx, new).await?;
                let works: Vec<WorkId> = new.iter().map(|(_, work)| *work).collect();
                Ok(flattr_numbers::of_works(tx, &works).await?)
            })
        });
        numbers.extend(by_work(given.await?));
    }
    Err(Error::internal("no number is free for a work"))
}

/// The works of some numbers, in the order of the numbers; those that no work has are left out.
pub async fn works(app: &App, numbers: Vec<i64>) -> Result<Vec<WorkId>> {
    let found = app.read(numbers, |read, numbers| {
        Box::pin(async move {
            let found = flattr_numbers::of_numbers(read, numbers).await?;
            let found: HashMap<i64, WorkId> = found.into_iter().collect();
            Ok(numbers.iter().filter_map(|number| found.get(number).copied()).collect())
        })
    });
    found.await
}

fn by_work(numbered: Vec<Numbered>) -> HashMap<WorkId, i64> {
    numbered.into_iter().map(|(number, work)| (work, number)).collect()
}

/// A positive number of 31 bits, which all clients can hold.
fn draw(app: &App) -> i64 {
    let number = u32::from_be_bytes(app.chance().bytes()) >> 1;
    i64::from(number.max(1))
}
