//! A creator asks for a payout, moves earnings, sets the threshold and the currencies.

use obole_app::{bank_accounts, currencies, payouts, wallets};
use obole_domain::Currency;

use crate::answer::{Answer, Done};
use crate::form::Form;
use crate::money_form;
use crate::pages::creator_show;
use crate::visitor::Patron;

/// `POST /creator/payout`: money leaves only after a fresh sign-in (W3).
pub async fn request(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let key = form.key()?;
    if let Some(currency) = money_form::currency(&patron.app, &mut form) {
        match payouts::request(&patron.app, patron.account(), &key, currency).await {
            Ok(once) => {
                let amount = once.value.amount.money();
                let done = Done::new("creator-payout-asked").with("amount", amount);
                return Ok(patron.done("/creator/payouts", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    creator_show::refused(&patron, &form).await
}

/// `POST /creator/move`
pub async fn move_earnings(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    if let Some(amount) = money_form::amount(&patron.app, &mut form) {
        match wallets::move_earnings(&patron.app, patron.account(), &key, amount).await {
            Ok(_) => {
                let done = Done::new("creator-moved").with("amount", amount);
                return Ok(patron.done("/creator", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    creator_show::refused(&patron, &form).await
}

/// `POST /creator/threshold`
pub async fn set_threshold(patron: Patron, mut form: Form) -> Answer {
    if let Some(threshold) = form.money("threshold", patron.app.main_currency()) {
        let account = patron.account();
        match bank_accounts::set_threshold(&patron.app, account, threshold.amount).await {
            Ok(()) => {
                let done = Done::new("creator-threshold-set").with("amount", threshold);
                return Ok(patron.done("/creator", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    creator_show::refused(&patron, &form).await
}

/// `POST /creator/currencies`
pub async fn set_currencies(patron: Patron, form: Form) -> Answer {
    let codes: Vec<&str> = form.all("taken").collect();
    let all = patron.app.currencies().iter();
    let taken: Vec<Currency> =
        all.filter(|currency| codes.contains(&currency.code())).copied().collect();
    currencies::set_taken(&patron.app, patron.account(), &taken).await?;
    Ok(patron.done("/creator", &Done::new("creator-currencies-set")))
}
