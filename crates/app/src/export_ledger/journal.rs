//! The ledger as a journal for hledger and for Ledger: the entries are the same, the declarations
//! differ.

use jiff::civil::Date;
use obole_domain::Currency;
use obole_domain::ledger::Reason;
use obole_store::ledger::Booked;

use super::chart::{Chart, Spelling};
use super::fact;

/// What hledger is told first. Six decimals, so that it checks to the millionth.
pub(super) fn head_of_hledger(chart: &Chart, currencies: &[Currency]) -> String {
    let mut text = "decimal-mark .\n".to_owned();
    for currency in currencies {
        text.push_str(&format!("commodity 1000.000000 {}\n", symbol(*currency)));
    }
    text + &declarations(chart)
}

/// What Ledger is told first.
pub(super) fn head_of_ledger(chart: &Chart, currencies: &[Currency]) -> String {
    let commodity = |currency: &Currency| {
        let symbol = symbol(*currency);
        format!("commodity {symbol}\n    format 1000.000000 {symbol}\n")
    };
    let commodities: String = currencies.iter().map(commodity).collect();
    commodities + "tag at\ntag reverses\n" + &declarations(chart)
}

fn declarations(chart: &Chart) -> String {
    let payees = Reason::ALL.iter().map(|reason| format!("payee {}\n", reason.code()));
    let accounts = chart.names(Spelling::Plain).map(|name| format!("account {name}\n"));
    payees.chain(accounts).collect()
}

/// One entry.
pub(super) fn entry(chart: &Chart, date: Date, entry: &Booked) -> String {
    let mut text =
        format!("\n{date} * ({}) {} | {}\n", entry.seq, entry.reason.code(), fact(entry));
    text.push_str(&format!("    ; at: {}\n", entry.at));
    if let Some(reverses) = entry.reverses {
        text.push_str(&format!("    ; reverses: {reverses}\n"));
    }
    for posting in &entry.postings {
        let name = chart.name(&posting.account, Spelling::Plain);
        let symbol = symbol(posting.account.currency);
        text.push_str(&format!("    {name}  {} {symbol}\n", posting.amount.to_decimal(6)));
    }
    text
}

/// A currency's code, in quotes where it is not letters only.
fn symbol(currency: Currency) -> String {
    let code = currency.code();
    if code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        code.to_owned()
    } else {
        format!("\"{code}\"")
    }
}
