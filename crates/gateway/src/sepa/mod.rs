//! What a bank reads and writes in the single euro payments area: account numbers, the letters
//! it knows, the file of payouts (M8). Pure functions: no file is opened here.

mod iban;
mod pain001;
pub mod text;

pub use iban::Iban;
pub use pain001::{BankFileError, CreditTransfer, CreditTransferFile, credit_transfer};
