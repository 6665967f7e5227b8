//! Statements: what an account is told about a period, as patron and as creator.

use std::collections::BTreeMap;
use std::ops::Range;

use obole_domain::statement::{LineState, NO_WORK, Statement};
use obole_domain::{AccountId, Currency, Handle, Micros, Money, Period, WorkId};
use obole_store::Read;
use obole_store::passes::{self, PassedRow};
use obole_store::settlements::{self, SettlementRow, Stage};
use obole_store::shares::{self, CreditRow, PeriodSum};
use obole_store::teams::percentages;
use obole_store::works::{self, WorkRow};

use crate::app::App;
use crate::csv;
use crate::error::Result;

/// How many months an overview goes back, counting each currency.
const MONTHS: i64 = 240;

/// How many lines of what works passed on to one another a statement has, each way, the most first.
const PASSED_MAX: i64 = 200;

/// What a settled period came to for an account.
#[derive(Clone, Debug)]
pub struct PeriodStatement {
    /// The settlement.
    pub settlement: SettlementRow,
    /// What was given, by currency.
    pub given: Vec<Given>,
    /// What was received, by currency.
    pub received: Vec<Received>,
    /// What came of teams, and the most of what works passed on to one another.
    pub others: Vec<Other>,
    /// What came by passing on, less what was passed on: all of it, by currency.
    pub passed: Vec<(Currency, Micros)>,
}

/// Something that was received or handed on beside the shares of one's own works.
#[derive(Clone, Debug)]
pub enum Other {
    /// Of a team.
    Team {
        /// Its public name.
        handle: Handle,
        /// How much.
        amount: Money,
    },
    /// From somebody else's work to one's own.
    Handed {
        /// From which work.
        from: WorkRow,
        /// To which one.
        to: WorkRow,
        /// How much.
        amount: Money,
    },
    /// From one's own work, promised to another one.
    PassedOn {
        /// From which work.
        from: WorkRow,
        /// To which one.
        to: WorkRow,
        /// How much.
        amount: Money,
    },
}

/// What an account gave in one currency.
#[derive(Clone, Debug)]
pub struct Given {
    /// The statement itself.
    pub statement: Statement,
    /// Its lines with their works, most first.
    pub lines: Vec<GivenLine>,
    /// Promises of earlier months that were collected, with their works.
    pub collected: Vec<(WorkRow, Period, Micros)>,
    /// What reached creators and the instance: shares paid and promises collected.
    pub paid: Micros,
    /// What of it was the instance's part, rounded down.
    pub fee: Micros,
    /// What was newly promised: it stays the patron's own.
    pub promised: Micros,
    /// What of the means stays: neither paid nor promised nor passed to the pool.
    pub stays: Micros,
}

/// One click or fixed amount and what it came to.
#[derive(Clone, Debug)]
pub struct GivenLine {
    /// On which work.
    pub work: WorkRow,
    /// Its weight; 0 for a fixed amount.
    pub points: i64,
    /// What it came to.
    pub share: Micros,
    /// What became of it.
    pub state: LineState,
}

/// What an account's works received in one currency.
#[derive(Clone, Debug)]
pub struct Received {
    /// In what.
    pub currency: Currency,
    /// One line a work, most first.
    pub lines: Vec<ReceivedLine>,
    /// The sum, which is a line without a work.
    pub sum: CreditSum,
}

/// What one work received.
#[derive(Clone, Debug)]
pub struct ReceivedLine {
    /// Which work.
    pub work: WorkRow,
    /// How much.
    pub sum: CreditSum,
}

/// Clicks, gross, fee and net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditSum {
    /// How many clicks.
    pub clicks: i64,
    /// The sum of the shares.
    pub gross: Micros,
    /// The instance's part.
    pub fee: Micros,
    /// What arrived.
    pub net: Micros,
}

impl CreditSum {
    pub(crate) const fn of(row: &CreditRow) -> Self {
        Self { clicks: row.clicks, gross: row.gross, fee: row.fee, net: row.net }
    }

    fn plus(self, other: Self) -> Result<Self> {
        Ok(Self {
            clicks: self.clicks + other.clicks,
            gross: self.gross.plus(other.gross)?,
            fee: self.fee.plus(other.fee)?,
            net: self.net.plus(other.net)?,
        })
    }
}

/// What an account gave and received by month and currency, newest first.
pub async fn overview(app: &App, account: AccountId) -> Result<(Vec<PeriodSum>, Vec<PeriodSum>)> {
    app.read((), move |read, ()| {
        Box::pin(async move {
            let given = shares::months_given(read, account, MONTHS).await?;
            Ok((given, shares::months_received(read, account, MONTHS).await?))
        })
    })
    .await
}

/// An account's statement of a period; none while the period is not settled.
pub async fn month(
    app: &App,
    account: AccountId,
    period: Period,
) -> Result<Option<PeriodStatement>> {
    app.read((), move |read, ()| Box::pin(month_in(read, account, period))).await
}

pub(crate) async fn month_in(
    read: &mut Read,
    account: AccountId,
    period: Period,
) -> Result<Option<PeriodStatement>> {
    let settlement = settlements::find(read, period).await?;
    let Some(settlement) = settlement.filter(|row| row.stage == Stage::Done) else {
        return Ok(None);
    };
    let mut given = Vec::new();
    for statement in shares::statements_of(read, account, period).await? {
        given.push(given_of(read, statement, settlement.policy.fee_ppm, 0..usize::MAX).await?);
    }
    let received = received_in(read, account, period).await?;
    let others = others_in(read, account, period).await?;
    let passed = passes::net(read, (account, period)).await?;
    Ok(Some(PeriodStatement { settlement, given, received, others, passed }))
}

/// What came of teams, and what works passed on to one another.
pub(crate) async fn others_in(
    read: &mut Read,
    account: AccountId,
    period: Period,
) -> Result<Vec<Other>> {
    let teams = percentages::credits_of_member(read, account, period).await?;
    let handed = passes::received(read, (account, period), PASSED_MAX).await?;
    let passed = passes::given_on(read, (account, period), PASSED_MAX).await?;
    let all = handed.iter().chain(&passed).flat_map(|pass| [pass.work, pass.target]);
    let works = by_id(read, all.collect()).await?;
    let between = |pass: &PassedRow| {
        let amount = Money::new(pass.amount, pass.currency);
        Some((works.get(&pass.work)?.clone(), works.get(&pass.target)?.clone(), amount))
    };
    let teams = teams.into_iter().map(|(handle, currency, amount)| Other::Team {
        handle,
        amount: Money::new(amount, currency),
    });
    let handed = handed.iter().filter_map(between);
    let handed = handed.map(|(from, to, amount)| Other::Handed { from, to, amount });
    let passed = passed.iter().filter_map(between);
    let passed = passed.map(|(from, to, amount)| Other::PassedOn { from, to, amount });
    Ok(teams.chain(handed).chain(passed).collect())
}

/// A statement with its sums, and with the works of those lines that stand in `shown`, counted over
/// the lines, most first, and then the promises collected.
pub(crate) async fn given_of(
    read: &mut Read,
    statement: Statement,
    fee_ppm: u32,
    shown: Range<usize>,
) -> Result<Given> {
    let mut lines = statement.lines.clone();
    lines.sort_by(|one, other| other.share.cmp(&one.share).then(other.points.cmp(&one.points)));
    let of_collected =
        shown.start.saturating_sub(lines.len())..shown.end.saturating_sub(lines.len());
    let lines = part_of(&lines, shown);
    let collected = part_of(&statement.collected, of_collected);
    let mut ids: Vec<WorkId> = lines.iter().map(|line| line.work).collect();
    ids.extend(collected.iter().map(|promise| promise.work));
    let works = by_id(read, ids).await?;
    let lines = lines.iter().filter_map(|line| {
        let work = works.get(&line.work)?.clone();
        Some(GivenLine { work, points: line.points, share: line.share, state: line.state })
    });
    let lines = lines.collect();
    let collected = collected.iter().filter_map(|promise| {
        Some((works.get(&promise.work)?.clone(), promise.period, promise.amount))
    });
    let collected = collected.collect();
    let paid = statement.paid_total()?.plus(statement.collected_total()?)?;
    let promised = statement.promised_total()?;
    let used = statement.paid_total()?.plus(promised)?.plus(statement.to_pool)?;
    Ok(Given {
        lines,
        collected,
        paid,
        fee: paid.times(u64::from(fee_ppm), 1_000_000)?,
        promised,
        stays: statement.means.minus(used)?,
        statement,
    })
}

/// What an account's works received, by currency.
async fn received_in(read: &mut Read, account: AccountId, period: Period) -> Result<Vec<Received>> {
    let credits = shares::credits_of(read, account, period).await?;
    let works = by_id(read, credits.iter().map(|credit| credit.work).collect()).await?;
    let mut by_currency = BTreeMap::<Currency, Received>::new();
    for credit in &credits {
        let currency = credit.currency;
        let empty = Received { currency, lines: Vec::new(), sum: CreditSum::default() };
        let received = by_currency.entry(currency).or_insert(empty);
        let sum = CreditSum::of(credit);
        received.sum = received.sum.plus(sum)?;
        let line = works.get(&credit.work).map(|work| ReceivedLine { work: work.clone(), sum });
        received.lines.extend(line);
    }
    Ok(by_currency.into_values().collect())
}

/// The part of a list that a range names, as far as there is one.
fn part_of<T>(all: &[T], shown: Range<usize>) -> &[T] {
    let end = shown.end.min(all.len());
    all.get(shown.start.min(end)..end).unwrap_or_default()
}

pub(crate) async fn by_id(
    read: &mut Read,
    mut ids: Vec<WorkId>,
) -> Result<BTreeMap<WorkId, WorkRow>> {
    ids.sort_unstable();
    ids.dedup();
    let rows = works::find_many(read, &ids).await?;
    Ok(rows.into_iter().map(|work| (work.id, work)).collect())
}

/// A statement as CSV: one line a click and one a work that received. Amounts in micros.
#[must_use]
pub fn print_csv(month: &PeriodStatement) -> String {
    let mut text = csv::line(&[
        "side",
        "currency",
        "work",
        "url",
        "title",
        "points",
        "clicks",
        "amount_micros",
        "fee_micros",
        "net_micros",
        "state",
    ]);
    let mut line = |side: &str, currency: Currency, work: Option<&WorkRow>, cells: [String; 6]| {
        let mut fields = vec![side.to_owned(), currency.code().to_owned()];
        fields.extend(match work {
            Some(work) => {
                let title = csv::defused(work.shown_title());
                [work.id.to_string(), work.url.to_string(), title]
            }
            None => Default::default(),
        });
        fields.extend(cells);
        text.push_str(&csv::line(&fields));
    };
    let none = String::new;
    for given in &month.given {
        let currency = given.statement.currency;
        // Without a work where it is no longer kept which (P5).
        let Statement { lines, collected, .. } = &given.statement;
        let sums = lines.iter().filter(|one| one.work == NO_WORK);
        let sums = sums.map(|one| (one.share, one.state.code()));
        let ended = collected.iter().filter(|one| one.work == NO_WORK);
        for (amount, state) in sums.chain(ended.map(|one| (one.amount, "collected"))) {
            let (amount, state) = (amount.get().to_string(), state.to_owned());
            line("patron", currency, None, [none(), none(), amount, none(), none(), state]);
        }
        for one in &given.lines {
            let (points, share) = (one.points.to_string(), one.share.get().to_string());
            let cells = [points, none(), share, none(), none(), one.state.code().to_owned()];
            line("patron", currency, Some(&one.work), cells);
        }
        for (work, period, amount) in &given.collected {
            let (amount, state) = (amount.get().to_string(), format!("collected {period}"));
            line("patron", currency, Some(work), [none(), none(), amount, none(), none(), state]);
        }
    }
    for received in &month.received {
        for one in &received.lines {
            let CreditSum { clicks, gross, fee, net } = one.sum;
            let numbers = [clicks, gross.get(), fee.get(), net.get()].map(|n| n.to_string());
            let [clicks, gross, fee, net] = numbers;
            let cells = [none(), clicks, gross, fee, net, "received".to_owned()];
            line("creator", received.currency, Some(&one.work), cells);
        }
    }
    text
}
