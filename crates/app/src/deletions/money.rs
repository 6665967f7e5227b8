//! The money of who leaves: none is lost silently. What can leave leaves by the usual ways first;
//! what is left, its owner gives to the pool or not at all.

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::{AccountId, Currency, Micros, Money, Refusal};
use obole_store::{Tx, accounts, deletions, ledger, passes, promises, works};

use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::settle;
use crate::suspense;
use crate::wallets::{self, Holdings};

/// What stands in the way of leaving, for the page that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What is in the wallets.
    pub wallet: Vec<Holdings>,
    /// What is in the earnings.
    pub earnings: Vec<Holdings>,
    /// Whether a payout or a withdrawal has not ended.
    pub is_under_way: bool,
    /// How many works lose their owner.
    pub works: i64,
    /// Whether it is the only administrator's.
    pub is_last_admin: bool,
}

/// The most works that are counted.
const WORKS_MAX: i64 = 10_000;

/// What stands in the way of an account's leaving.
pub async fn outlook(app: &App, account: AccountId) -> Result<Outlook> {
    let wallet = left(wallets::wallet(app, account).await?);
    let earnings = left(wallets::earnings(app, account).await?);
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let row = accounts::find(read, account).await?.ok_or(Error::NotFound)?;
            let others = deletions::other_admins(read, account).await?;
            let works = works::owned_by(read, account, WORKS_MAX).await?.len();
            let is_under_way = deletions::has_money_under_way(read, account).await?;
            Ok((is_under_way, works, row.is_admin && others == 0))
        })
    });
    let (is_under_way, works, is_last_admin) = found.await?;
    let works = i64::try_from(works).unwrap_or(WORKS_MAX);
    Ok(Outlook { wallet, earnings, is_under_way, works, is_last_admin })
}

fn left(holdings: Vec<Holdings>) -> Vec<Holdings> {
    let is_there = |one: &Holdings| one.balance.total.amount != Micros::ZERO;
    holdings.into_iter().filter(is_there).collect()
}

/// Refuses while an account has money, or some is on its way.
pub(super) async fn refuse_left(tx: &mut Tx, app: &App, account: AccountId) -> Result<()> {
    if deletions::has_money_under_way(tx, account).await? {
        return Err(Refusal::MoneyUnderWay {}.into());
    }
    if is_empty(tx, app, account).await? { Ok(()) } else { Err(Refusal::MoneyLeft {}.into()) }
}

/// Whether nothing is on the wallets and in the earnings of an account.
pub(super) async fn is_empty(tx: &mut Tx, app: &App, account: AccountId) -> Result<bool> {
    for currency in app.currencies() {
        for of in [LedgerAccount::wallet, LedgerAccount::earnings] {
            if ledger::balance(tx, of(account, *currency)).await?.total.amount != Micros::ZERO {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Lets go of everything that a patron promised, and of what their works passed on to works that
/// nobody is paid for; the money is free again.
pub async fn let_go_of_all(app: &App, patron: AccountId) -> Result<()> {
    let now = app.now();
    app.write((), move |tx, ()| Box::pin(async move { free(tx, (patron, false), now).await })).await
}

/// The same in the caller's transaction; where the account goes now, of what its works passed on to
/// works that are paid for, too.
pub(crate) async fn free(
    tx: &mut Tx,
    (patron, is_leaving): (AccountId, bool),
    now: jiff::Timestamp,
) -> Result<()> {
    let freed = promises::let_go_of_own(tx, patron, None, now).await?;
    settle::free(tx, freed).await?;
    let kept = passes::let_go_of_all(tx, (patron, is_leaving), now).await?;
    settle::release(tx, kept).await
}

/// Gives all that is available of an account's wallet and earnings in a currency to the common
/// pool. Refused where there is nothing.
pub async fn give_rest(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    currency: Currency,
) -> Result<Once<Moved>> {
    let (handle, id) = (app.clone(), app.chance().id(app.now()));
    app.once((account, "deletions.give_rest"), key, currency, move |tx, currency| {
        let app = handle.clone();
        Box::pin(async move {
            let given = pass_on(tx, &app, (account, *currency), id).await?;
            if given.amount == Micros::ZERO {
                return Err(Refusal::AmountZero {}.into());
            }
            Ok(Moved::from(given))
        })
    })
    .await
}

/// Passes what is available to the pool, and says how much it was.
pub(crate) async fn pass_on(
    tx: &mut Tx,
    app: &App,
    (account, currency): (AccountId, Currency),
    id: impl ToString,
) -> Result<Money> {
    let pool = LedgerAccount::common(LedgerKind::Pool, currency);
    let name = format!("{}-{}", id.to_string(), currency.code());
    let mut given = Micros::ZERO;
    let from = [
        (LedgerAccount::wallet(account, currency), "wallet"),
        (LedgerAccount::earnings(account, currency), "earnings"),
    ];
    for (from, effect) in from {
        suspense::clear(app, tx, from).await?;
        let available = ledger::balance(tx, from).await?.available().amount;
        if available.is_positive() {
            let fact = Fact::new("deletion", &name, effect);
            let entry = Entry::transfer(Reason::ToPool, fact, (from, pool), available)?;
            ledger::post(tx, app.now(), &entry).await?;
            given = given.plus(available)?;
        }
    }
    Ok(Money::new(given, currency))
}
