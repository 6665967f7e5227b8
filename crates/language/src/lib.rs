//! What people read: sentences, plurals, money, numbers and dates in each language, and the
//! reading of amounts that they type. Texts are Fluent files in `locales`, one an area.

mod amount;
mod arg;
#[cfg(test)]
mod catalogue;
mod date;
mod language;
mod money;
mod number;
mod problem;
mod text;

pub use amount::parse_amount;
pub use arg::Arg;
pub use date::{date, moment, period, period_short};
pub use language::Language;
pub use money::{money, money_rounded, money_typed};
pub use number::{number, percent};
pub use problem::{problem, problem_said};
pub use text::{text, text_with};
