//! The ledger for Beancount.

use jiff::civil::Date;
use obole_domain::Currency;
use obole_store::ledger::Booked;

use super::chart::{Chart, Spelling};
use super::fact;

/// Words that Beancount takes for values.
const WORDS: [&str; 3] = ["TRUE", "FALSE", "NULL"];

/// Declares currencies and accounts on the day of the first entry. Without entries there is
/// nothing to declare.
pub(super) fn head(chart: &Chart, currencies: &[Currency], day: Option<Date>) -> String {
    let mut text = "option \"title\" \"Obole\"\n".to_owned();
    let Some(day) = day else { return text };
    for currency in currencies {
        text.push_str(&format!("option \"operating_currency\" \"{}\"\n", symbol(*currency)));
    }
    for currency in currencies {
        text.push_str(&format!("{day} commodity {}\n", symbol(*currency)));
    }
    for name in chart.names(Spelling::Beancount) {
        text.push_str(&format!("{day} open {name}\n"));
    }
    text
}

/// One entry. All six decimals are written: Beancount forgives half of the last one.
pub(super) fn entry(chart: &Chart, date: Date, entry: &Booked) -> String {
    let (seq, reason) = (entry.seq, entry.reason.code());
    let undone = entry.reverses.map(|undone| format!(" ^entry-{undone}")).unwrap_or_default();
    let mut text = format!("\n{date} * \"{reason}\" \"{}\" ^entry-{seq}{undone}\n", fact(entry));
    text.push_str(&format!("  at: \"{}\"\n", entry.at));
    for posting in &entry.postings {
        let name = chart.name(&posting.account, Spelling::Beancount);
        let symbol = symbol(posting.account.currency);
        text.push_str(&format!("  {name}  {} {symbol}\n", posting.amount.to_decimal(6)));
    }
    text
}

/// A currency's code as Beancount can read it: one that it cannot gets an ending that no code of
/// ours has.
fn symbol(currency: Currency) -> String {
    let code = currency.code();
    let is_readable = !code.ends_with('-') && !WORDS.contains(&code);
    if is_readable { code.to_owned() } else { format!("{code}.0") }
}
