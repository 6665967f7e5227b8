//! `/me/vouchers`: prepaid money.

use axum::Json;
use axum::extract::Request;
use axum::response::IntoResponse as _;
use obole_app::{limits, vouchers};
use obole_domain::Refusal;
use obole_domain::token::Scope;
use obole_domain::voucher::VoucherCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body::{self, KeyParameter};
use crate::api::caller::Caller;
use crate::api::clicks::replayed;
use crate::api::money::Money;
use crate::api::wallets::Wallet;
use crate::problem::Problem;

/// A voucher to redeem.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedeemVoucher {
    /// The code as it stands on the voucher; spaces, hyphens and small letters do not matter.
    pub code: String,
}

/// The wallet that a voucher went to.
#[derive(Serialize, ToSchema)]
pub struct Redeemed {
    /// What the voucher was worth.
    pub amount: Money,
    /// The wallet after it.
    #[serde(flatten)]
    pub wallet: Wallet,
}

/// Redeem a voucher into the wallet of its currency
///
/// Codes that are unknown, used, withdrawn or expired look the same.
#[utoipa::path(
    post, path = "/me/vouchers", tag = "Account", security(("token" = ["wallet"])),
    params(KeyParameter),
    request_body = RedeemVoucher,
    responses((status = 200, description = "The wallet", body = Redeemed)),
)]
pub async fn redeem_voucher(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let (sent, key) = body::read_once::<RedeemVoucher>(request).await?;
    let code = VoucherCode::parse(&sent.code).map_err(at_code)?;
    if !caller.address.is_empty() {
        caller.app.limit_address(limits::VOUCHER_ADDRESS, &caller.address).await?;
    }
    let once = vouchers::redeem(&caller.app, account, &key, code).await?;
    let redeemed =
        Redeemed { amount: once.value.amount.money().into(), wallet: once.value.wallet().into() };
    Ok(replayed(Json(redeemed).into_response(), once.is_replayed))
}

fn at_code(refusal: Refusal) -> Problem {
    Problem::from(refusal).at("code")
}
