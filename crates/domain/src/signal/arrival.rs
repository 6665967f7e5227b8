//! How patrons arrived: with vouchers of one batch that end at one payee, or many at once (X3).

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{Evidence, Gift, Pattern, Signal, is_share, patrons, places};
use crate::account::AccountId;
use crate::voucher::VoucherBatchId;

/// So many accounts at least.
const ACCOUNTS_MIN: usize = 5;

/// Of one batch is who got so many thousandths of their vouchers from it.
const FED: i128 = 600;

/// One payee gets so many thousandths of what the batch's accounts give.
const TO_ONE: i128 = 200;

/// Together is who came within so long.
const TOGETHER: SignedDuration = SignedDuration::from_hours(3 * 24);

/// They are so many thousandths of the payee's patrons.
const OF_PATRONS: i128 = 500;

/// A pattern for each payee and batch whose accounts give mainly there.
pub(super) fn batches(evidence: &Evidence) -> Vec<Pattern> {
    let fed = fed(evidence);
    let batches: BTreeSet<VoucherBatchId> = fed.values().copied().collect();
    let mut given = BTreeMap::<VoucherBatchId, i128>::new();
    let mut received = BTreeMap::<(VoucherBatchId, AccountId), (i128, BTreeSet<AccountId>)>::new();
    for gift in &evidence.gifts {
        let Some(batch) = fed.get(&gift.patron) else { continue };
        let amount = i128::from(gift.gross.get());
        *given.entry(*batch).or_default() += amount;
        let (sum, patrons) = received.entry((*batch, gift.payee)).or_default();
        *sum += amount;
        patrons.insert(gift.patron);
    }
    let is_end = |batch: VoucherBatchId, payee: AccountId| {
        received.get(&(batch, payee)).is_some_and(|(sum, patrons)| {
            let all = given.get(&batch).copied().unwrap_or_default();
            patrons.len() >= ACCOUNTS_MIN && is_share(*sum, all, TO_ONE)
        })
    };
    let patterns = batches.into_iter().map(|batch| {
        let is_meant =
            |gift: &Gift| fed.get(&gift.patron) == Some(&batch) && is_end(batch, gift.payee);
        Pattern { signal: Signal::Batch, gifts: places(evidence, is_meant) }
    });
    patterns.filter(|pattern| !pattern.gifts.is_empty()).collect()
}

/// The batch that an account got nearly all its vouchers from.
fn fed(evidence: &Evidence) -> BTreeMap<AccountId, VoucherBatchId> {
    let mut sums = BTreeMap::<AccountId, BTreeMap<VoucherBatchId, i128>>::new();
    for redeemed in &evidence.accounts.vouchers {
        let sum = sums.entry(redeemed.patron).or_default().entry(redeemed.batch).or_default();
        *sum += i128::from(redeemed.amount.get());
    }
    let main = |batches: BTreeMap<VoucherBatchId, i128>| {
        let all: i128 = batches.values().sum();
        batches.into_iter().find(|(_, sum)| is_share(*sum, all, FED)).map(|(batch, _)| batch)
    };
    let fed = sums.into_iter().filter_map(|(account, batches)| Some((account, main(batches)?)));
    fed.collect()
}

/// A pattern for each payee at whom accounts that were opened together arrive.
pub(super) fn rushes(evidence: &Evidence) -> Vec<Pattern> {
    let rushes = patrons(evidence).into_iter().filter_map(|(payee, patrons)| {
        let opened = patrons.iter().filter_map(|patron| {
            evidence.accounts.opened.get(patron).map(|opened| (*opened, *patron))
        });
        let mut opened: Vec<(Timestamp, AccountId)> = opened.collect();
        opened.sort_unstable();
        let rush = together(&opened);
        let others = evidence.rest.patrons.get(&payee).copied().unwrap_or_default();
        let all = count(patrons.len()) + others;
        let is_rush = rush.len() >= ACCOUNTS_MIN && is_share(count(rush.len()), all, OF_PATRONS);
        is_rush.then_some((payee, rush))
    });
    let patterns = rushes.map(|(payee, rush)| {
        let is_meant = |gift: &Gift| gift.payee == payee && rush.contains(&gift.patron);
        Pattern { signal: Signal::Rush, gifts: places(evidence, is_meant) }
    });
    patterns.collect()
}

/// All who came within [`TOGETHER`] of enough others, of accounts in the order of their opening.
fn together(opened: &[(Timestamp, AccountId)]) -> BTreeSet<AccountId> {
    let windows = opened.windows(ACCOUNTS_MIN).filter(|window| {
        let (first, last) = (window.first(), window.last());
        first.zip(last).is_some_and(|(first, last)| last.0.duration_since(first.0) <= TOGETHER)
    });
    windows.flatten().map(|(_, account)| *account).collect()
}

fn count(accounts: usize) -> i128 {
    i128::try_from(accounts).unwrap_or(i128::MAX)
}
