//! What the reference makes of commands that move money.

use super::model::{Account, Coin, MICROS, Model, Outcome};

/// The most play money of a person in a month.
const PLAYED_MAX: i64 = 500 * MICROS;

/// The most that a budget can be.
const BUDGET_MAX: i64 = 10_000 * MICROS;

pub(super) fn play_money(model: &mut Model, (who, coin): (usize, Coin), micros: i64) -> Outcome {
    let key = (model.month, who, coin);
    let taken = model.played.get(&key).copied().unwrap_or_default();
    if taken + micros > PLAYED_MAX {
        return Err("play_money_limit");
    }
    model.transfer(Account::PlayMoney(coin), Account::Wallet(who, coin), micros)?;
    *model.played.entry(key).or_default() += micros;
    Ok(())
}

pub(super) fn redeem(model: &mut Model, who: usize, (batch, number): (usize, usize)) -> Outcome {
    let minute = model.minute;
    let vouchers = model.vouchers.get_mut(batch).ok_or("voucher_unusable")?;
    let has_ended = vouchers.ends.is_some_and(|ends| ends <= minute);
    if has_ended || std::mem::replace(&mut vouchers.over[number], true) {
        return Err("voucher_unusable");
    }
    let (coin, micros) = (vouchers.coin, vouchers.micros);
    model.tables.vouchers[batch] -= 1;
    model.transfer(Account::Vouchers(coin), Account::Wallet(who, coin), micros)
}

pub(super) fn void_batch(model: &mut Model, batch: usize) -> Outcome {
    let vouchers = model.vouchers.get_mut(batch).ok_or("state_moved")?;
    let left = model.tables.vouchers[batch];
    if left == 0 {
        return Err("state_moved");
    }
    vouchers.over.fill(true);
    let (coin, micros) = (vouchers.coin, vouchers.micros);
    model.tables.vouchers[batch] = 0;
    model.transfer(Account::Vouchers(coin), Account::Bank(coin), micros * left)
}

pub(super) fn budget(model: &mut Model, (who, coin): (usize, Coin), micros: i64) -> Outcome {
    if micros > BUDGET_MAX {
        return Err("amount_too_large");
    }
    if micros != 0 && micros < model.rules.budget_min {
        return Err("budget_too_small");
    }
    model.tables.budgets.insert((who, coin), micros);
    if micros == 0 {
        model.tables.budgets.remove(&(who, coin));
    }
    if micros >= model.rules.budget_min {
        model.free_waiting(who, coin);
    }
    Ok(())
}

pub(super) fn return_earnings(model: &mut Model, who: usize, coin: Coin) -> Outcome {
    let wallet = Account::Wallet(who, coin);
    let earned = model.earned.get(&(who, coin)).copied().unwrap_or_default();
    let micros = earned.min(model.available(wallet));
    if micros <= 0 {
        return Err("nothing_to_return");
    }
    *model.earned.entry((who, coin)).or_default() -= micros;
    model.transfer(wallet, Account::Earnings(who, coin), micros)
}

pub(super) fn ask_refund(model: &mut Model, (who, coin): (usize, Coin), micros: i64) -> Outcome {
    if micros % 10_000 != 0 {
        return Err("amount_too_fine");
    }
    if !model.people[who].is_confirmed {
        return Err("email_unconfirmed");
    }
    let wallet = Account::Wallet(who, coin);
    let earned = model.earned.get(&(who, coin)).copied().unwrap_or_default();
    let outside = model.tables.balances.get(&wallet).copied().unwrap_or_default() - earned;
    if model.available(wallet) < micros {
        return Err("not_enough");
    }
    if outside < micros {
        return Err("refund_of_earnings");
    }
    model.transfer(wallet, Account::InTransit(coin), micros)?;
    model.tables.refunds.push((who, coin, micros, "requested"));
    Ok(())
}

pub(super) fn end_refund(
    model: &mut Model,
    (refund, is_good): (usize, bool),
    halfway: &mut Vec<Model>,
) -> Outcome {
    let row = model.tables.refunds.get_mut(refund).ok_or("not_found")?;
    // What was begun can be finished after a minute; between two commands there are seven.
    if row.3 != "requested" && !(is_good && row.3 == "executing") {
        return Err("state_moved");
    }
    if is_good {
        row.3 = "executing";
        halfway.push(model.clone());
    }
    let row = model.tables.refunds.get_mut(refund).ok_or("not_found")?;
    row.3 = if is_good { "executed" } else { "declined" };
    let (who, coin, micros, _) = *row;
    let to = if is_good { Account::Bank(coin) } else { Account::Wallet(who, coin) };
    model.transfer(Account::InTransit(coin), to, micros)
}

pub(super) fn ask_payout(model: &mut Model, who: usize, coin: Coin) -> Outcome {
    if coin != 0 {
        return Err("payout_currency");
    }
    if !model.people[who].is_confirmed {
        return Err("email_unconfirmed");
    }
    let available = model.available(Account::Earnings(who, coin));
    let micros = available - available % 10_000;
    if micros < model.rules.payout_min || micros <= 0 {
        return Err("payout_too_small");
    }
    model.transfer(Account::Earnings(who, coin), Account::InTransit(coin), micros)?;
    model.tables.payouts.push((who, micros, "requested"));
    Ok(())
}

pub(super) fn reverse(model: &mut Model, payout: usize) -> Outcome {
    let row = model.tables.payouts.get_mut(payout).ok_or("not_found")?;
    let from = match row.2 {
        "requested" => Account::InTransit(0),
        "sent" => Account::Bank(0),
        _ => return Err("state_moved"),
    };
    row.2 = "reversed";
    let (who, micros, _) = *row;
    model.transfer(from, Account::Earnings(who, 0), micros)
}

pub(super) fn make_file(model: &mut Model) -> Outcome {
    let mut file = Vec::new();
    for (number, payout) in model.tables.payouts.iter_mut().enumerate() {
        if payout.2 == "requested" {
            payout.2 = "batched";
            file.push(number);
        }
    }
    if file.is_empty() {
        return Err("nothing_to_pay");
    }
    model.files.push(file);
    model.tables.batches.push([false; 4]);
    Ok(())
}

/// What is in a bank file.
pub(super) fn total(model: &Model, file: usize) -> i64 {
    model.files[file].iter().map(|payout| model.tables.payouts[*payout].1).sum()
}

pub(super) fn approve(model: &mut Model, file: usize, is_second: bool) -> Outcome {
    let [is_handed, _, _, is_discarded] = *model.tables.batches.get(file).ok_or("not_found")?;
    if !is_second {
        return Err("second_admin_needed");
    }
    // Approved twice is refused; that it was is not compared, so it is kept here.
    if is_handed || is_discarded || !model.approved.insert(file) {
        return Err("state_moved");
    }
    Ok(())
}

pub(super) fn hand_out(model: &mut Model, file: usize, halfway: &mut Vec<Model>) -> Outcome {
    let is_discarded = model.tables.batches.get(file).ok_or("not_found")?[3];
    if total(model, file) > model.rules.second_admin_above && !model.approved.contains(&file) {
        return Err("second_admin_needed");
    }
    if is_discarded {
        return Err("state_moved");
    }
    model.tables.batches[file][0] = true;
    halfway.push(model.clone());
    model.tables.batches[file][1] = true;
    Ok(())
}

pub(super) fn mark_sent(model: &mut Model, file: usize) -> Outcome {
    let [_, is_journaled, is_sent, _] = *model.tables.batches.get(file).ok_or("not_found")?;
    if is_sent {
        return Ok(());
    }
    if !is_journaled {
        return Err("state_moved");
    }
    model.tables.batches[file][2] = true;
    for payout in model.files[file].clone() {
        let micros = model.tables.payouts[payout].1;
        model.tables.payouts[payout].2 = "sent";
        model.transfer(Account::InTransit(0), Account::Bank(0), micros)?;
    }
    Ok(())
}

pub(super) fn discard(model: &mut Model, file: usize) -> Outcome {
    let [is_handed, _, _, is_discarded] = *model.tables.batches.get(file).ok_or("not_found")?;
    if is_handed || is_discarded {
        return Err("state_moved");
    }
    model.tables.batches[file][3] = true;
    for payout in model.files[file].clone() {
        model.tables.payouts[payout].2 = "requested";
    }
    Ok(())
}
