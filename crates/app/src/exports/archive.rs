//! The archive: for each table a CSV and a JSON file of the account's own rows, as the declaration
//! says (`store::personal`), and what the statements say line by line. The layout is in the manual.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;

use obole_domain::statement::NO_WORK;
use obole_domain::{AccountId, Period, WorkId};
use obole_language::Language;
use obole_store::db::Value;
use obole_store::personal::{self, Table};
use obole_store::{Read, StoreError, StoreResult, accounts, shares};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::lines::{Form, header, line};
use crate::app::App;
use crate::error::{Error, Result};

/// What the lines of the statements have.
const SHARES: [&str; 7] =
    ["period", "currency", "work", "points", "share_micros", "state", "promised_in"];

/// Writes an account's archive into a file without a name, which goes with its last use.
pub(super) async fn write(app: &App, account: AccountId) -> Result<File> {
    let app = app.patient();
    app.read(account, |read, account| Box::pin(async move { all(read, *account).await })).await
}

async fn all(read: &mut Read, account: AccountId) -> Result<File> {
    let file = tempfile::tempfile().map_err(Error::internal)?;
    let mut zip = ZipWriter::new(file);
    let language = accounts::find(read, account).await?.ok_or(Error::NotFound)?.language;
    let language = Language::from_code(&language).unwrap_or(Language::English);
    begin(&mut zip, "README.txt")?;
    let about = obole_language::text(language, "data-readme");
    zip.write_all(format!("{about}\n").as_bytes()).map_err(Error::internal)?;
    for table in personal::tables().filter(|table| table.take.is_some()) {
        for form in Form::ALL {
            whole(&mut zip, read, (table, account), form).await?;
        }
    }
    let lines = statement_lines(read, account).await?;
    for form in Form::ALL {
        begin(&mut zip, &format!("shares.{}", form.ending()))?;
        put(&mut zip, &header(form, &SHARES))?;
        for (values, place) in lines.iter().zip(0_u64..) {
            put(&mut zip, &line(form, &SHARES, (values, place)))?;
        }
        put(&mut zip, form.end())?;
    }
    zip.finish().map_err(Error::internal)
}

fn begin(zip: &mut ZipWriter<File>, name: &str) -> Result<()> {
    zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(Error::internal)
}

fn put(zip: &mut ZipWriter<File>, text: &str) -> StoreResult<()> {
    let written = zip.write_all(text.as_bytes());
    written.map_err(|error| StoreError::Database(format!("the archive: {error}")))
}

/// One table in one form, row by row.
async fn whole(
    zip: &mut ZipWriter<File>,
    read: &mut Read,
    (table, account): (&'static Table, AccountId),
    form: Form,
) -> Result<()> {
    begin(zip, &format!("{}.{}", table.name, form.ending()))?;
    let columns = table.exported();
    put(zip, &header(form, &columns))?;
    let mut place = 0_u64;
    let mut each = |values: Vec<Value>| {
        place += 1;
        put(zip, &line(form, &columns, (&values, place - 1)))
    };
    personal::rows(read, (table, account), &mut each).await?;
    Ok(put(zip, form.end())?)
}

/// A work, where it is known which (P5).
fn work(work: WorkId) -> Value {
    if work == NO_WORK { Value::Null } else { work.into() }
}

/// What each month's statements say of each click, and of promises that were collected.
async fn statement_lines(read: &mut Read, account: AccountId) -> Result<Vec<Vec<Value>>> {
    let months = shares::months_given(read, account, i64::MAX).await?;
    let months: BTreeSet<Period> = months.into_iter().map(|month| month.period).collect();
    let mut lines = Vec::new();
    for month in months {
        for statement in shares::statements_of(read, account, month).await? {
            let currency = statement.currency.code();
            for one in &statement.lines {
                lines.push(vec![
                    month.into(),
                    currency.into(),
                    work(one.work),
                    one.points.into(),
                    one.share.into(),
                    one.state.code().into(),
                    Value::Null,
                ]);
            }
            for one in &statement.collected {
                lines.push(vec![
                    month.into(),
                    currency.into(),
                    work(one.work),
                    Value::Null,
                    one.amount.into(),
                    "collected".into(),
                    one.period.into(),
                ]);
            }
        }
    }
    Ok(lines)
}
