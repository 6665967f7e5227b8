//! Wallets and earnings: play money, moving earnings to the wallet, and what an account has.

use obole_domain::ledger::{Balance, Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::{AccountId, Currency, Micros, Money, Refusal};
use obole_store::wallets::{self, Waiting};
use obole_store::{Read, ledger};

use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::signals;
use crate::suspense;

/// The most play money that one account takes in a period and currency.
pub const PLAY_MONEY_MAX: Micros = Micros::units(500);

/// Takes play money, on an instance that has it: a demonstration. Refused over
/// [`PLAY_MONEY_MAX`] a period.
pub async fn play_money(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    amount: Money,
) -> Result<Once<Moved>> {
    if !app.config().instance.play_money {
        return Err(Refusal::PlayMoneyOff {}.into());
    }
    let now = app.now();
    let since = app.clock_period().begins(app.zone());
    let id = app.chance().id(now);
    app.once((account, "wallets.play_money"), key, amount, move |tx, amount| {
        Box::pin(async move {
            let wallet = LedgerAccount::wallet(account, amount.currency);
            let taken = wallets::received_since(tx, wallet, Reason::PlayMoney, since).await?;
            if taken.plus(amount.amount)? > PLAY_MONEY_MAX {
                let limit = Money::new(PLAY_MONEY_MAX, amount.currency);
                return Err(Refusal::PlayMoneyLimit { limit }.into());
            }
            let from = LedgerAccount::common(LedgerKind::PlayMoney, amount.currency);
            let fact = Fact::new("play-money", id, "take");
            let between = (from, wallet);
            let entry = Entry::transfer(Reason::PlayMoney, fact, between, amount.amount)?;
            ledger::post(tx, now, &entry).await?;
            Ok(Moved::from(*amount))
        })
    })
    .await
}

/// Moves earnings to the wallet, to give them on. Refused where less is available, and while a
/// settled month is still looked over (X5).
pub async fn move_earnings(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    amount: Money,
) -> Result<Once<Moved>> {
    let now = app.now();
    let id = app.chance().id(now);
    let handle = app.clone();
    app.once((account, "wallets.move_earnings"), key, amount, move |tx, amount| {
        let app = handle.clone();
        Box::pin(async move {
            signals::refuse_unjudged(tx).await?;
            let from = LedgerAccount::earnings(account, amount.currency);
            suspense::clear(&app, tx, from).await?;
            let to = LedgerAccount::wallet(account, amount.currency);
            let fact = Fact::new("earnings", id, "move");
            let entry = Entry::transfer(Reason::EarningsMoved, fact, (from, to), amount.amount)?;
            ledger::post(tx, now, &entry).await?;
            Ok(Moved::from(*amount))
        })
    })
    .await
}

/// Moves the earnings that were not given on back from the wallet, to have them paid out, and says
/// how much. Refused where nothing came from earnings (decision 8) or all of it waits.
pub async fn return_earnings(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    currency: Currency,
) -> Result<Once<Moved>> {
    let now = app.now();
    let id = app.chance().id(now);
    app.once((account, "wallets.return_earnings"), key, currency, move |tx, currency| {
        Box::pin(async move {
            let from = LedgerAccount::wallet(account, *currency);
            let amount = Parts::of(wallets::parts_locked(tx, from).await?)?.returnable;
            if !amount.amount.is_positive() {
                return Err(Refusal::NothingToReturn {}.into());
            }
            let between = (from, LedgerAccount::earnings(account, *currency));
            let fact = Fact::new("earnings", id, "return");
            let entry = Entry::transfer(Reason::EarningsReturned, fact, between, amount.amount)?;
            ledger::post(tx, now, &entry).await?;
            Ok(Moved::from(amount))
        })
    })
    .await
}

/// How a wallet's money can leave (decision 8): each part only the way that it came, and together
/// they may be more than what is available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// What came from outside: it can go back there.
    pub refundable: Money,
    /// What came from earnings: it can go back to them.
    pub returnable: Money,
}

impl Parts {
    pub(crate) fn of(parts: wallets::Parts) -> Result<Self> {
        let available = parts.balance.available();
        let money = |amount: Micros| {
            Money::new(amount.min(available.amount).max(Micros::ZERO), available.currency)
        };
        let outside = parts.balance.total.amount.minus(parts.earned)?;
        Ok(Self { refundable: money(outside), returnable: money(parts.earned) })
    }
}

/// How an account's money can leave its wallets, in each currency of the instance.
pub async fn parts(app: &App, account: AccountId) -> Result<Vec<Parts>> {
    let currencies = app.currencies().to_vec();
    app.read(currencies, move |read, currencies| {
        Box::pin(async move {
            let mut all = Vec::with_capacity(currencies.len());
            for currency in currencies {
                let wallet = LedgerAccount::wallet(account, *currency);
                all.push(Parts::of(wallets::parts(read, wallet).await?)?);
            }
            Ok(all)
        })
    })
    .await
}

/// Why money of a wallet or of earnings waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldFor {
    /// Promises to works that nobody has claimed.
    Promises,
    /// A settlement that is under way.
    Settlement,
    /// The owner's own budget is under the minimum (product.md section 4, works 3).
    GiveToReceive,
    /// Gifts in it look made; somebody looks at them (X5).
    Signals,
}

/// What an account has in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdings {
    /// What is there and what can be moved.
    pub balance: Balance,
    /// What waits, and why.
    pub held: Vec<(HeldFor, Money)>,
}

/// What an account has in its wallets, in each currency of the instance.
pub async fn wallet(app: &App, account: AccountId) -> Result<Vec<Holdings>> {
    let currencies = app.currencies().to_vec();
    app.read(currencies, move |read, currencies| {
        Box::pin(async move {
            let balances = balances(read, account, LedgerKind::Wallet, currencies).await?;
            let frozen = wallets::frozen(read, account).await?;
            let holdings = balances.into_iter().map(|balance| {
                let currency = balance.total.currency;
                let frozen = frozen.iter().find(|money| money.currency == currency);
                let frozen = frozen.map_or(Micros::ZERO, |money| money.amount).min(balance.held);
                let promised = balance.held.minus(frozen)?;
                let held = [(HeldFor::Promises, promised), (HeldFor::Settlement, frozen)];
                Ok(Holdings { balance, held: positive(held, currency) })
            });
            holdings.collect()
        })
    })
    .await
}

/// What an account has in its earnings, in each currency of the instance.
pub async fn earnings(app: &App, account: AccountId) -> Result<Vec<Holdings>> {
    let currencies = app.currencies().to_vec();
    app.read(currencies, move |read, currencies| {
        Box::pin(async move {
            let balances = balances(read, account, LedgerKind::Earnings, currencies).await?;
            let waiting = wallets::waiting(read, account, LedgerKind::Earnings).await?;
            let of = |balance: &Balance| -> Result<Vec<(HeldFor, Money)>> {
                let currency = balance.total.currency;
                let own = waiting.iter().filter(|waiting| waiting.amount.currency == currency);
                own.map(reason).collect()
            };
            let holdings =
                balances.into_iter().map(|balance| Ok(Holdings { held: of(&balance)?, balance }));
            holdings.collect()
        })
    })
    .await
}

/// A stored hold's reason as one of those that are known.
fn reason(waiting: &Waiting) -> Result<(HeldFor, Money)> {
    match waiting.reason.as_str() {
        obole_store::holds::GIVE_TO_RECEIVE => Ok((HeldFor::GiveToReceive, waiting.amount)),
        obole_store::holds::SIGNALS => Ok((HeldFor::Signals, waiting.amount)),
        other => Err(Error::internal(format!("a hold for {other}"))),
    }
}

/// Balances of a kind, nothing where there is no ledger account yet. Those of a currency that the
/// instance has given up come last: the money is still the owner's.
async fn balances(
    read: &mut Read,
    owner: AccountId,
    kind: LedgerKind,
    currencies: &[Currency],
) -> Result<Vec<Balance>> {
    let mut stored = ledger::balances(read, owner, kind).await?;
    let mut balances = Vec::with_capacity(currencies.len());
    for currency in currencies {
        let place = stored.iter().position(|balance| balance.total.currency == *currency);
        let found = place.map(|place| stored.remove(place));
        balances.push(found.unwrap_or_else(|| Balance::empty(*currency)));
    }
    balances.extend(stored.into_iter().filter(|balance| balance.total.amount != Micros::ZERO));
    Ok(balances)
}

fn positive<const COUNT: usize>(
    held: [(HeldFor, Micros); COUNT],
    currency: Currency,
) -> Vec<(HeldFor, Money)> {
    let held = held.into_iter().filter(|(_, amount)| amount.is_positive());
    held.map(|(why, amount)| (why, Money::new(amount, currency))).collect()
}
