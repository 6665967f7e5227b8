//! Telling: each patron and payee of a settled period is written to, once (product.md section 4).

use std::collections::BTreeMap;

use obole_domain::statement::LineState;
use obole_domain::{Currency, Micros, Money, Period};
use obole_language::{money, period as month_name};
use obole_store::settlements::{self, ChunkRow, Stage, Step};
use obole_store::{Tx, accounts, shares};
use uuid::Uuid;

use super::Run;
use crate::app::App;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::statements::{self, Other, PeriodStatement};

/// How many accounts are told in one transaction.
const CHUNK: i64 = 200;

/// Tells chunk after chunk until nobody is left.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let period = run.period;
    let is_told = run.app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::is_told(read, period).await?) })
    });
    if is_told.await? {
        return Ok(());
    }
    loop {
        let chunk = (run.app.clone(), period);
        let told = run.app.write(chunk, |tx, (app, period)| Box::pin(tell_chunk(tx, app, *period)));
        match told.await? {
            Some(told) => run.tell(Stage::Done, told, 0),
            None => return Ok(()),
        }
    }
}

/// Writes to the next accounts; none when all have been written to.
async fn tell_chunk(tx: &mut Tx, app: &App, period: Period) -> Result<Option<i64>> {
    let done = settlements::chunks(tx, period, Step::Tell).await?;
    let told: i64 = done.iter().map(|chunk| chunk.rows).sum();
    let after = done.last().map_or(Uuid::nil(), |chunk| chunk.last);
    let concerned = shares::next_concerned(tx, period, after, CHUNK).await?;
    let Some((first, last)) = concerned.first().zip(concerned.last()) else {
        settlements::set_told(tx, period, app.now()).await?;
        return Ok(None);
    };
    let number = done.last().map_or(0, |chunk| chunk.number + 1);
    let rows = i64::try_from(concerned.len()).map_err(Error::internal)?;
    let chunk = ChunkRow { rows, ..ChunkRow::new(number, first.uuid(), last.uuid()) };
    if !settlements::take_chunk(tx, period, Step::Tell, &chunk).await? {
        return Ok(Some(told));
    }
    for account in &concerned {
        let account = accounts::find(tx, *account).await?;
        let reachable = |account: &accounts::AccountRow| account.email_confirmed_at.is_some();
        let Some(account) = account.filter(reachable) else { continue };
        let month = statements::month_in(tx, account.id, period).await?;
        let Some(month) = month else { continue };
        let to = Recipient::of(&account);
        let mail = mail_of(app, &to, account.handle.to_string(), &month);
        mails::queue(tx, app, &to, &mail).await?;
    }
    Ok(Some(told + rows))
}

/// What was received alone, of teams and of other works, less what was passed on, by currency.
fn received(month: &PeriodStatement) -> Vec<Money> {
    let own = month.received.iter().map(|received| (received.currency, received.sum.net.get()));
    let teams = month.others.iter().filter_map(|other| match other {
        Other::Team { amount, .. } => Some((amount.currency, amount.amount.get())),
        Other::Handed { .. } | Other::PassedOn { .. } => None,
    });
    let passed = month.passed.iter().map(|(currency, amount)| (*currency, amount.get()));
    let mut sums = BTreeMap::<Currency, i64>::new();
    for (currency, micros) in own.chain(teams).chain(passed) {
        let sum = sums.entry(currency).or_default();
        *sum = sum.saturating_add(micros);
    }
    sums.into_iter().map(|(currency, sum)| Money::new(Micros::new(sum), currency)).collect()
}

/// What a month came to, in the reader's language; what does not apply is empty.
fn mail_of(app: &App, to: &Recipient, handle: String, month: &PeriodStatement) -> Mail {
    let language = to.language;
    let sums = |amounts: Vec<Money>| {
        let some = amounts.into_iter().filter(|money| money.amount.is_positive());
        some.map(|amount| money(language, amount)).collect::<Vec<_>>().join(" + ")
    };
    let given = month.given.iter().map(|given| Money::new(given.paid, given.statement.currency));
    let collected = month.given.iter().map(|given| {
        let amounts = given.collected.iter().map(|(_, _, amount)| *amount);
        let sum = Micros::sum(amounts).unwrap_or_default();
        Money::new(sum, given.statement.currency)
    });
    let promised =
        month.given.iter().map(|given| Money::new(given.promised, given.statement.currency));
    let received = received(month);
    let count = |state: LineState| {
        let lines = month.given.iter().map(|given| &given.lines);
        let counts = lines.map(|lines| lines.iter().filter(|line| line.state == state).count());
        counts.max().filter(|count| *count > 0).map(|count| count.to_string()).unwrap_or_default()
    };
    let period = month.settlement.period;
    Mail::Settled {
        handle,
        month: month_name(language, period),
        given: sums(given.collect()),
        collected: sums(collected.collect()),
        promised: sums(promised.collect()),
        carried: count(LineState::Carried),
        lapsed: count(LineState::Lapsed),
        received: sums(received),
        statement: mails::address(app, &format!("/statements/{period}")),
    }
}
