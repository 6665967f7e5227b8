//! The file of payouts that a bank carries out: pain.001.001.09 as the EPC restricts it (M8).
//! The same payouts give the same bytes, so that a file can be downloaded again.

use std::collections::HashSet;
use std::io;

use jiff::Timestamp;
use jiff::civil::Date;
use obole_domain::{Currency, Micros};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::Iban;
use super::text::{NAME_MAX, REMITTANCE_MAX, is_id, to_sepa};

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

/// More transfers than this belong into another file: banks take no larger ones.
const TRANSFERS_MAX: usize = 100_000;

/// One cent and 999 999 999.99 euros: what one transfer may carry (EPC132-08).
const AMOUNT_RANGE: std::ops::RangeInclusive<Micros> =
    Micros::new(10_000)..=Micros::new(999_999_999_990_000);

/// A batch of payouts for one bank account of the operator's.
#[derive(Clone, Debug)]
pub struct CreditTransferFile {
    /// The batch's id, `MsgId`: 1 to 35 letters, digits and hyphens, such as a UUID without
    /// hyphens. Banks refuse the same one twice.
    pub batch: String,
    /// When the batch was made, not when the file is written.
    pub made_at: Timestamp,
    /// The day on which the bank is to pay.
    pub execute_on: Date,
    /// The operator's name as the bank knows it.
    pub debtor_name: String,
    /// The operator's account.
    pub debtor_iban: Iban,
    /// The operator's bank, where it insists.
    pub debtor_bic: Option<String>,
    /// At least one, in the order in which they stand in the file.
    pub transfers: Vec<CreditTransfer>,
}

/// One payout.
#[derive(Clone, Debug)]
pub struct CreditTransfer {
    /// The payout's id, `EndToEndId`: like the batch's. It comes back on the bank statement.
    pub id: String,
    /// The account holder's name as the bank knows it.
    pub name: String,
    /// Where the money goes.
    pub iban: Iban,
    /// In euros; whole cents.
    pub amount: Micros,
    /// What the payee reads; may be empty.
    pub remittance: String,
}

/// Why no file can be made of this. `id` is the transfer's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum BankFileError {
    #[error("a file needs 1 to {limit} transfers")]
    Count { limit: usize },
    #[error("{id:?} is not an id of 1 to 35 letters, digits and hyphens")]
    Id { id: String },
    #[error("{id} stands twice in the file")]
    Twice { id: String },
    #[error("the bank's BIC is malformed")]
    Bic,
    #[error("the operator's name has no letter that banks know")]
    DebtorName,
    #[error("the name of {id} has no letter that banks know")]
    Name { id: String },
    #[error("the amount of {id} is finer than a cent")]
    NotWholeCents { id: String },
    #[error("the amount of {id} is not between 0.01 and 999999999.99")]
    OutOfRange { id: String },
    #[error("the sum of the transfers is too large")]
    Sum,
    #[error("the file could not be written: {0}")]
    Write(String),
}

impl From<io::Error> for BankFileError {
    fn from(error: io::Error) -> Self {
        Self::Write(error.to_string())
    }
}

type Xml = Writer<Vec<u8>>;

/// Writes the file. Nothing is left out or rounded: one transfer that cannot be written stops
/// the whole, and the error names it.
pub fn credit_transfer(file: &CreditTransferFile) -> Result<Vec<u8>, BankFileError> {
    let totals = check(file)?;
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let document = xml.create_element("Document").with_attribute(("xmlns", NAMESPACE));
    document.write_inner_content(|xml| {
        within(xml, "CstmrCdtTrfInitn", |xml| {
            group_header(xml, file, &totals)?;
            payment(xml, file, &totals)
        })
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

/// How many and how much, as the file says it twice.
struct Totals {
    count: String,
    sum: String,
}

fn check(file: &CreditTransferFile) -> Result<Totals, BankFileError> {
    if file.transfers.is_empty() || file.transfers.len() > TRANSFERS_MAX {
        return Err(BankFileError::Count { limit: TRANSFERS_MAX });
    }
    if !is_id(&file.batch) {
        return Err(BankFileError::Id { id: file.batch.clone() });
    }
    if !file.debtor_bic.as_deref().is_none_or(is_bic) {
        return Err(BankFileError::Bic);
    }
    if to_sepa(&file.debtor_name, NAME_MAX).is_empty() {
        return Err(BankFileError::DebtorName);
    }
    let mut ids = HashSet::new();
    for transfer in &file.transfers {
        check_transfer(transfer)?;
        // M8: a payout enters the file once.
        if !ids.insert(transfer.id.as_str()) {
            return Err(BankFileError::Twice { id: transfer.id.clone() });
        }
    }
    let sum = Micros::sum(file.transfers.iter().map(|transfer| transfer.amount));
    let sum = sum.map_err(|_| BankFileError::Sum)?;
    Ok(Totals { count: file.transfers.len().to_string(), sum: cents(sum) })
}

fn check_transfer(transfer: &CreditTransfer) -> Result<(), BankFileError> {
    let id = || transfer.id.clone();
    if !is_id(&transfer.id) {
        return Err(BankFileError::Id { id: id() });
    }
    if to_sepa(&transfer.name, NAME_MAX).is_empty() {
        return Err(BankFileError::Name { id: id() });
    }
    if transfer.amount.whole_cents(Currency::EUR) != transfer.amount {
        return Err(BankFileError::NotWholeCents { id: id() });
    }
    if !AMOUNT_RANGE.contains(&transfer.amount) {
        return Err(BankFileError::OutOfRange { id: id() });
    }
    Ok(())
}

/// ISO 9362: bank, country, place, and perhaps a branch.
fn is_bic(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let country = text.get(4..6).unwrap_or_default();
    matches!(text.len(), 8 | 11)
        && text.bytes().all(is_plain)
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn cents(amount: Micros) -> String {
    amount.to_decimal(Currency::EUR.decimals())
}

fn group_header(xml: &mut Xml, file: &CreditTransferFile, totals: &Totals) -> io::Result<()> {
    within(xml, "GrpHdr", |xml| {
        leaf(xml, "MsgId", &file.batch)?;
        leaf(xml, "CreDtTm", &file.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())?;
        leaf(xml, "NbOfTxs", &totals.count)?;
        leaf(xml, "CtrlSum", &totals.sum)?;
        within(xml, "InitgPty", |xml| leaf(xml, "Nm", &to_sepa(&file.debtor_name, NAME_MAX)))
    })
}

fn payment(xml: &mut Xml, file: &CreditTransferFile, totals: &Totals) -> io::Result<()> {
    within(xml, "PmtInf", |xml| {
        leaf(xml, "PmtInfId", &file.batch)?;
        leaf(xml, "PmtMtd", "TRF")?;
        leaf(xml, "BtchBookg", "true")?;
        leaf(xml, "NbOfTxs", &totals.count)?;
        leaf(xml, "CtrlSum", &totals.sum)?;
        within(xml, "PmtTpInf", |xml| within(xml, "SvcLvl", |xml| leaf(xml, "Cd", "SEPA")))?;
        within(xml, "ReqdExctnDt", |xml| leaf(xml, "Dt", &file.execute_on.to_string()))?;
        within(xml, "Dbtr", |xml| leaf(xml, "Nm", &to_sepa(&file.debtor_name, NAME_MAX)))?;
        within(xml, "DbtrAcct", |xml| iban(xml, &file.debtor_iban))?;
        within(xml, "DbtrAgt", |xml| {
            within(xml, "FinInstnId", |xml| match &file.debtor_bic {
                Some(bic) => leaf(xml, "BICFI", bic),
                None => within(xml, "Othr", |xml| leaf(xml, "Id", "NOTPROVIDED")),
            })
        })?;
        leaf(xml, "ChrgBr", "SLEV")?;
        file.transfers.iter().try_for_each(|transfer| one_transfer(xml, transfer))
    })
}

fn one_transfer(xml: &mut Xml, transfer: &CreditTransfer) -> io::Result<()> {
    let remittance = to_sepa(&transfer.remittance, REMITTANCE_MAX);
    within(xml, "CdtTrfTxInf", |xml| {
        within(xml, "PmtId", |xml| leaf(xml, "EndToEndId", &transfer.id))?;
        within(xml, "Amt", |xml| {
            let amount = cents(transfer.amount);
            let element = xml.create_element("InstdAmt").with_attribute(("Ccy", "EUR"));
            element.write_text_content(BytesText::new(&amount)).map(|_| ())
        })?;
        within(xml, "Cdtr", |xml| leaf(xml, "Nm", &to_sepa(&transfer.name, NAME_MAX)))?;
        within(xml, "CdtrAcct", |xml| iban(xml, &transfer.iban))?;
        if remittance.is_empty() {
            return Ok(());
        }
        within(xml, "RmtInf", |xml| leaf(xml, "Ustrd", &remittance))
    })
}

fn iban(xml: &mut Xml, iban: &Iban) -> io::Result<()> {
    within(xml, "Id", |xml| leaf(xml, "IBAN", iban.electronic()))
}

fn within(
    xml: &mut Xml,
    name: &str,
    write: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(write).map(|_| ())
}

fn leaf(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
}
