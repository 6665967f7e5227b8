//! `/me/movements`: what moved in the wallets or in the earnings.

use obole_domain::ledger::LedgerKind;
use obole_domain::token::Scope;
use obole_store::ledger::{self, Movement as Moved};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// Money that came or went.
#[derive(Serialize, ToSchema)]
pub struct Movement {
    /// When.
    #[schema(format = "date-time")]
    pub at: String,
    /// Why, in a word, such as `voucher-redeemed`, `given`, `received`, `payout-requested`.
    #[schema(example = "voucher-redeemed")]
    pub reason: &'static str,
    /// Positive for money that came, negative for money that went.
    pub amount: Money,
}

impl From<Moved> for Movement {
    fn from(moved: Moved) -> Self {
        Self { at: moved.at.to_string(), reason: moved.reason.code(), amount: moved.amount.into() }
    }
}

/// What moved in the wallets or in the earnings, newest first
#[utoipa::path(
    get, path = "/me/movements", tag = "Account", security(("token" = ["wallet"])),
    params(
        PageParameters,
        ("of" = Option<String>, Query, example = "wallet", pattern = "^(wallet|earnings)?$",
            description = "`wallet` or `earnings`; the wallets where nothing is sent"),
    ),
    responses((status = 200, description = "The movements", body = List<Movement>)),
)]
pub async fn list_movements(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let asked = query.text("of")?;
    let kind = match asked.as_deref() {
        None | Some("wallet") => LedgerKind::Wallet,
        Some("earnings") => LedgerKind::Earnings,
        Some(_) => return Err(Problem::bad_request("choice_unknown").at("of")),
    };
    let page = query.page()?;
    let read_cursor = |bytes: &[u8]| Some(i64::from_be_bytes(bytes.try_into().ok()?));
    let before = page.after(read_cursor)?.unwrap_or(i64::MAX);
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(ledger::history(read, account, kind, (before, rows)).await?) })
    });
    let cursor = |moved: &Moved| moved.seq.to_be_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Movement::from);
    let filters = [("of", asked.as_deref().unwrap_or_default())];
    Ok(list.answer(&caller, "/me/movements", &page, &filters))
}
