//! Amounts in forms: which currency, how much.

use obole_app::App;
use obole_domain::{Currency, Money, Refusal};

use crate::form::Form;

/// The codes of the instance's currencies, the main one first.
#[must_use]
pub fn codes(app: &App) -> Vec<String> {
    app.currencies().iter().map(|currency| currency.code().to_owned()).collect()
}

/// Reads the field `currency`.
pub fn currency(app: &App, form: &mut Form) -> Option<Currency> {
    form.read("currency", |code| {
        let found = app.currencies().iter().find(|currency| currency.code() == code);
        let unknown = || Refusal::CurrencyUnknown { code: code.chars().take(20).collect() };
        found.copied().ok_or_else(unknown)
    })
}

/// Reads the fields `currency` and `amount`.
pub fn amount(app: &App, form: &mut Form) -> Option<Money> {
    let currency = currency(app, form)?;
    form.money("amount", currency)
}
