//! Nobody gives to a work of their own (product.md section 4): what was given before ends.

use std::collections::BTreeMap;

use obole_domain::{AccountId, Currency, Micros, Money, Points, WorkId};
use obole_store::{Tx, clicks, promises};

use crate::app::App;
use crate::error::Result;
use crate::settle;

/// What an account had given to a work before the work was its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct OwnSupport {
    /// The points of its clicks in open months.
    pub points: i64,
    /// What its promises held, by currency.
    pub freed: Vec<Money>,
}

impl OwnSupport {
    pub(super) fn is_nothing(&self) -> bool {
        self.points == 0 && self.freed.is_empty()
    }
}

/// Takes back what an account gave to a work that becomes its own. Months come before works and
/// wallets in the order of locks (D6).
pub(super) async fn end(
    app: &App,
    tx: &mut Tx,
    (account, work): (AccountId, WorkId),
) -> Result<OwnSupport> {
    let points = clicks::remove_open(tx, account, work).await?;
    let ended = promises::let_go_of_own(tx, account, work, app.now()).await?;
    let mut freed = BTreeMap::<Currency, Micros>::new();
    for (_, currency, amount) in &ended {
        let sum = freed.entry(*currency).or_insert(Micros::ZERO);
        *sum = sum.plus(*amount)?;
    }
    settle::free(tx, ended).await?;
    Ok(OwnSupport {
        points: points.into_iter().map(Points::get).sum(),
        freed: freed.into_iter().map(|(currency, sum)| Money::new(sum, currency)).collect(),
    })
}
