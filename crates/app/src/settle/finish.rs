//! The end of a settlement: the clearing ledger accounts are zero (L9), the plan's hash is stored
//! (L8), the record is published.

use obole_domain::ledger::LedgerAccount;
use obole_domain::policy::PROMISE_MONTHS;
use obole_domain::{Micros, Period};
use obole_store::settlements::{self, SettlementRow, Stage, Step};
use obole_store::{Tx, ledger, passes, promises, shares};
use sha2::{Digest, Sha256};

use super::{Run, passing};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::webhooks::{self, News};

/// Checks, records and ends the settlement.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    passing::run(run).await?;
    let parts = run.terms().await?.parts.count();
    let finish = (run.app.clone(), run.period);
    let write = run
        .app
        .write(finish, move |tx, (app, period)| Box::pin(finish_in(tx, app, (*period, parts))));
    write.await?;
    run.tell(Stage::Done, 1, 1);
    Ok(())
}

/// Ends it when every part is credited and all that is due is passed on.
async fn finish_in(tx: &mut Tx, app: &App, of: (Period, i64)) -> Result<()> {
    let (period, parts) = of;
    let credited = settlements::chunks(tx, period, Step::Credit).await?;
    let is_all = i64::try_from(credited.len()).is_ok_and(|credited| credited == parts);
    if !is_all || !passes::due(tx, period, 1).await?.is_empty() {
        return Ok(());
    }
    if !settlements::move_on(tx, period, Stage::Crediting, Stage::Done).await? {
        return Ok(());
    }
    refuse_imbalance(tx, period).await?;
    promises::forget_lists(tx, period.back(PROMISE_MONTHS)).await?;
    let mut hash = Sha256::new();
    let chunks = settlements::chunks(tx, period, Step::Share).await?;
    chunks.iter().for_each(|chunk| hash.update(&chunk.hash));
    let Some(row) = settlements::find(tx, period).await? else {
        return Err(Error::internal("a settlement vanished"));
    };
    let patrons = chunks.iter().map(|chunk| chunk.patrons).sum();
    let works = shares::works_count(tx, period).await?;
    let ended = SettlementRow {
        plan_hash: Some(hash.finalize().into()),
        patrons,
        works,
        clicks: chunks.iter().map(|chunk| chunk.rows).sum(),
        finished_at: Some(app.now()),
        ..row
    };
    settlements::set_result(tx, &ended).await?;
    webhooks::tell_all(app, tx, &News::settled(period)).await?;
    let details = format!("patrons {patrons}, works {works}, clicks {}", ended.clicks);
    app.log(tx, Actor::Job, "settlement.done", (period.to_string(), details)).await
}

/// L9: what was taken has arrived, to the last millionth. A breach undoes this transaction and
/// stops the settlement where it stands.
async fn refuse_imbalance(tx: &mut Tx, period: Period) -> Result<()> {
    for totals in settlements::totals(tx, period).await? {
        let clearing = LedgerAccount::clearing(period, totals.currency);
        let left = ledger::balance(tx, clearing).await?.total.amount;
        let arrived = totals.net.plus(totals.fee)?.plus(totals.pool)?;
        if left != Micros::ZERO || arrived != totals.taken {
            return Err(Error::internal(format!(
                "L9 is broken for {period} {}: {} left in clearing, {} taken, {} arrived",
                totals.currency,
                left.get(),
                totals.taken.get(),
                arrived.get(),
            )));
        }
    }
    Ok(())
}
