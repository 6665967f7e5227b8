//! Vouchers: made by administrators, redeemed by patrons, made void (M7). A code is shown once;
//! the database keeps only its HMAC.

use jiff::Timestamp;
use obole_domain::ledger::{Balance, Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::voucher::{BATCH_MAX, VoucherBatchId, VoucherCode, VoucherId};
use obole_domain::{AccountId, Money, Refusal};
use obole_store::vouchers::{Ended, NewBatch};
use obole_store::{Tx, ledger, vouchers};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::limits;
use crate::moved::Moved;
use crate::suspense;
use crate::suspensions::require_admin;

/// Vouchers to make: so many of so much, until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewVouchers {
    /// What each is worth.
    pub amount: Money,
    /// How many.
    pub count: i64,
    /// When they end; none for never.
    pub expires_at: Option<Timestamp>,
}

/// A batch that was made. A repeated request gives the batch without the codes: they are nowhere
/// any more.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The batch.
    pub batch: Uuid,
    /// The codes as they are handed out.
    #[serde(skip)]
    pub codes: Vec<String>,
}

/// Everything that the transaction writes: made before it, so that a repetition writes the same.
struct Prepared {
    batch: NewBatch,
    vouchers: Vec<(VoucherId, [u8; 32])>,
    codes: Vec<String>,
}

/// Makes vouchers against money that the operator took, and gives their codes, once.
///
/// Refused for a count outside 1 to [`BATCH_MAX`], an end that has passed, an amount of nothing.
pub async fn create(app: &App, actor: Actor, new: NewVouchers) -> Result<Vec<String>> {
    let prepared = prepare(app, actor, new)?;
    let handle = app.clone();
    let made = app.write(prepared, move |tx, prepared| {
        let app = handle.clone();
        Box::pin(async move { create_in(&app, tx, actor, prepared).await })
    });
    Ok(made.await?.codes)
}

/// The same for a form that may be sent twice: the second time nothing is made, and the codes are
/// not shown again.
pub async fn create_once(
    app: &App,
    admin: AccountId,
    key: &IdempotencyKey,
    new: NewVouchers,
) -> Result<Once<Made>> {
    let actor = Actor::Page(admin);
    let prepared = prepare(app, actor, new)?;
    let handle = app.clone();
    app.once((admin, "vouchers.create"), key, prepared, move |tx, prepared| {
        let app = handle.clone();
        Box::pin(async move { create_in(&app, tx, actor, prepared).await })
    })
    .await
}

/// Draws the codes and their HMACs.
fn prepare(app: &App, actor: Actor, new: NewVouchers) -> Result<Prepared> {
    let now = app.now();
    if !(1..=BATCH_MAX).contains(&new.count) {
        return Err(Refusal::VoucherCount { limit: BATCH_MAX }.into());
    }
    if !new.amount.amount.is_positive() {
        return Err(Refusal::AmountZero {}.into());
    }
    if new.expires_at.is_some_and(|end| end <= now) {
        return Err(Refusal::DateMalformed {}.into());
    }
    let batch = NewBatch {
        id: VoucherBatchId::new(app.chance().id(now)),
        amount: new.amount,
        count: new.count,
        expires_at: new.expires_at,
        created_by: actor.account(),
        created_at: now,
    };
    let drawn = (0..new.count).map(|_| {
        let code = VoucherCode::from_random(app.chance().bytes());
        let id = VoucherId::new(app.chance().id(now));
        ((id, mac(app, code)), code.reveal())
    });
    let (vouchers, codes) = drawn.unzip();
    Ok(Prepared { batch, vouchers, codes })
}

async fn create_in(app: &App, tx: &mut Tx, actor: Actor, prepared: &Prepared) -> Result<Made> {
    require_admin(tx, actor).await?;
    let batch = &prepared.batch;
    let count = u64::try_from(batch.count).unwrap_or_default();
    let total = Money::new(batch.amount.amount.times(count, 1)?, batch.amount.currency);
    vouchers::create(tx, batch, &prepared.vouchers).await?;
    let fact = Fact::new("voucher-batch", batch.id, "made");
    let entry = Entry::transfer(Reason::VouchersMade, fact, bank_to_vouchers(total), total.amount)?;
    ledger::post(tx, batch.created_at, &entry).await?;
    let end = batch.expires_at.map_or_else(|| "never".to_owned(), |end| end.to_string());
    let details = format!("{count} of {}, end {end}", batch.amount);
    app.log(tx, actor, "voucher.create", (batch.id.to_string(), details)).await?;
    Ok(Made { batch: batch.id.uuid(), codes: prepared.codes.clone() })
}

/// The ledger accounts of money that comes with a batch.
fn bank_to_vouchers(money: Money) -> (LedgerAccount, LedgerAccount) {
    let common = |kind| LedgerAccount::common(kind, money.currency);
    (common(LedgerKind::Bank), common(LedgerKind::Vouchers))
}

/// What is kept of a code.
fn mac(app: &App, code: VoucherCode) -> [u8; 32] {
    app.secrets().mac("voucher", &code.secret_bytes())
}

/// A redeemed voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeemed {
    /// Which.
    pub voucher: Uuid,
    /// What came into the wallet.
    pub amount: Moved,
    /// What was in the wallet then.
    pub total: Moved,
    /// What of it waited.
    pub held: Moved,
}

impl Redeemed {
    /// What the wallet had then.
    #[must_use]
    pub fn wallet(&self) -> Balance {
        Balance { total: self.total.money(), held: self.held.money().amount }
    }
}

/// Redeems a voucher into a wallet. Unknown, used, void and expired ones look the same (M7).
///
/// Refused over the limits of security.md section 12; a mistyped code does not count as a try.
pub async fn redeem(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    code: VoucherCode,
) -> Result<Once<Redeemed>> {
    app.limit(limits::VOUCHER, account).await?;
    let now = app.now();
    let handle = app.clone();
    app.once((account, "vouchers.redeem"), key, mac(app, code), move |tx, mac| {
        let app = handle.clone();
        Box::pin(async move {
            let ended = vouchers::redeem(tx, *mac, account, now).await?;
            let ended = ended.ok_or_else(|| Error::from(Refusal::VoucherUnusable {}))?;
            let from = LedgerAccount::common(LedgerKind::Vouchers, ended.amount.currency);
            let to = LedgerAccount::wallet(account, ended.amount.currency);
            let fact = Fact::new("voucher", ended.id, "redeem");
            let amount = ended.amount.amount;
            let entry = Entry::transfer(Reason::VoucherRedeemed, fact, (from, to), amount)?;
            ledger::post(tx, now, &entry).await?;
            suspense::clear(&app, tx, LedgerAccount::earnings(account, to.currency)).await?;
            suspense::clear(&app, tx, to).await?;
            let wallet = ledger::balance(tx, to).await?;
            Ok(Redeemed {
                voucher: ended.id.uuid(),
                amount: ended.amount.into(),
                total: wallet.total.into(),
                held: Money::new(wallet.held, wallet.total.currency).into(),
            })
        })
    })
    .await
}

/// Makes a voucher void: it cannot be redeemed any more. Refused when it has ended already.
pub async fn void(app: &App, actor: Actor, id: VoucherId) -> Result<()> {
    let (handle, now) = (app.clone(), app.now());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let ended = vouchers::void(tx, id, now).await?;
            let ended = ended.ok_or_else(|| Error::from(Refusal::StateMoved {}))?;
            give_back(tx, now, &ended).await?;
            let details = ended.amount.to_string();
            app.log(tx, actor, "voucher.void", (id.to_string(), details)).await
        })
    })
    .await
}

/// Makes what is left of a batch void and says how many that were.
pub async fn void_batch(app: &App, actor: Actor, batch: VoucherBatchId) -> Result<usize> {
    let (handle, now) = (app.clone(), app.now());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let ended = vouchers::void_batch(tx, batch, now).await?;
            if ended.is_empty() {
                return Err(Refusal::StateMoved {}.into());
            }
            for voucher in &ended {
                give_back(tx, now, voucher).await?;
            }
            let details = format!("{} vouchers", ended.len());
            app.log(tx, actor, "voucher.void-batch", (batch.to_string(), details)).await?;
            Ok(ended.len())
        })
    })
    .await
}

/// The money of a void voucher is the operator's again.
async fn give_back(tx: &mut Tx, now: Timestamp, ended: &Ended) -> Result<()> {
    let (bank, vouchers) = bank_to_vouchers(ended.amount);
    let fact = Fact::new("voucher", ended.id, "void");
    let amount = ended.amount.amount;
    let entry = Entry::transfer(Reason::VoucherVoided, fact, (vouchers, bank), amount)?;
    ledger::post(tx, now, &entry).await?;
    Ok(())
}
