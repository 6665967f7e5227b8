//! Money comes into the wallet, or a promise is let go of.

use obole_app::{limits, promises, vouchers, wallets};
use obole_domain::voucher::VoucherCode;
use obole_domain::{Period, WorkId};

use crate::answer::{Answer, Done};
use crate::form::Form;
use crate::money_form;
use crate::pages::wallet_show;
use crate::problem::Problem;
use crate::visitor::Patron;

/// `POST /wallet/voucher`
pub async fn redeem(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    if let Some(code) = form.read("code", VoucherCode::parse) {
        patron.app.limit_address(limits::VOUCHER_ADDRESS, &patron.address).await?;
        match vouchers::redeem(&patron.app, patron.account(), &key, code).await {
            Ok(once) => {
                let done = Done::new("wallet-redeemed").with("amount", once.value.amount.money());
                return Ok(patron.done("/wallet", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    wallet_show::refused(&patron, &form).await
}

/// `POST /wallet/play-money`
pub async fn play_money(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    if let Some(amount) = money_form::amount(&patron.app, &mut form) {
        match wallets::play_money(&patron.app, patron.account(), &key, amount).await {
            Ok(once) => {
                let done = Done::new("wallet-play-money-taken").with("amount", once.value.money());
                return Ok(patron.done("/wallet", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    wallet_show::refused(&patron, &form).await
}

/// `POST /wallet/promises/let-go`
pub async fn let_go(patron: Patron, form: Form) -> Answer {
    let period = Period::parse(form.text("period"))?;
    let work = WorkId::parse(form.text("work")).ok_or_else(Problem::malformed)?;
    let freed = promises::let_go(&patron.app, patron.account(), period, work).await?;
    let done = match freed.as_slice() {
        [money] => Done::new("wallet-let-go").with("amount", *money),
        _ => Done::new("wallet-let-go-all"),
    };
    Ok(patron.done("/wallet", &done))
}
