//! The wallet: what is there, what waits and why, what moved, what is promised, and how to put
//! money in.

use askama::Template;
use obole_app::wallets::{self, HeldFor, Holdings, PLAY_MONEY_MAX};
use obole_domain::ledger::LedgerKind;
use obole_domain::{Currency, Money};
use obole_store::promises::{self, PromiseRow};

use crate::answer::{self, Answer};
use crate::form::{Filled, Form, Query};
use crate::money_form::codes;
use crate::movements::{self, Movements};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// The most promises that are listed.
const PROMISES: usize = 200;

#[derive(Template)]
#[template(path = "pages/wallet_show.html")]
struct WalletPage {
    page: Page,
    wallets: Vec<Purse>,
    moved: Movements,
    promises: Vec<Promise>,
    /// The form that came back, if one did.
    filled: Filled,
    problems: Vec<String>,
    currencies: Vec<String>,
    play_money_most: String,
    ops: [String; 2],
}

/// What an account has in one currency, as a page shows it.
pub struct Purse {
    /// In what.
    pub currency: Currency,
    /// What can be moved.
    pub available: Money,
    /// Why the rest waits, each with its amount.
    pub held: Vec<String>,
}

struct Promise {
    month: String,
    row: PromiseRow,
}

/// What a page shows of holdings.
#[must_use]
pub fn purses(visitor: &Visitor, holdings: &[Holdings]) -> Vec<Purse> {
    let purse = |holdings: &Holdings| Purse {
        currency: holdings.balance.total.currency,
        available: holdings.balance.available(),
        held: holdings
            .held
            .iter()
            .map(|(why, amount)| {
                let amount = [("amount", (*amount).into())];
                obole_language::text_with(visitor.language, held_key(*why), &amount)
            })
            .collect(),
    };
    holdings.iter().map(purse).collect()
}

/// The text of what money waits for.
const fn held_key(why: HeldFor) -> &'static str {
    match why {
        HeldFor::Promises => "wallet-held-promises",
        HeldFor::Settlement => "wallet-held-settlement",
        HeldFor::GiveToReceive => "wallet-held-give-to-receive",
        HeldFor::Signals => "wallet-held-signals",
    }
}

/// `GET /wallet`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    answer::html(&page(&patron, &query, Filled::default()).await?)
}

/// The page again with what was refused.
pub async fn refused(patron: &Patron, form: &Form) -> Answer {
    answer::unprocessable(&page(patron, form, form.filled()).await?)
}

async fn page(patron: &Patron, query: &Form, filled: Filled) -> Result<WalletPage, Problem> {
    let account = patron.account();
    let promised = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(promises::standing(read, account, PROMISES).await?) })
    });
    let promised = promised
        .await?
        .into_iter()
        .map(|row| Promise { month: obole_language::period(patron.language, row.period), row });
    let whose = (account, LedgerKind::Wallet);
    let most = Money::new(PLAY_MONEY_MAX, patron.app.main_currency());
    Ok(WalletPage {
        page: patron.page(Place::Wallet, patron.text("wallet-title")),
        wallets: purses(patron, &wallets::wallet(&patron.app, account).await?),
        moved: movements::page(patron, whose, query, "/wallet").await?,
        promises: promised.collect(),
        problems: filled.others(&["code", "amount"]).iter().map(|s| (*s).to_owned()).collect(),
        filled,
        currencies: codes(&patron.app),
        play_money_most: obole_language::money_rounded(patron.language, most),
        ops: [patron.op(), patron.op()],
    })
}
