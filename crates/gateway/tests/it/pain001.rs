//! The bank file against the ISO schema, with `xmllint` as the judge. The schema is not ours to
//! give away: `cargo x test` fetches `pain.001.001.09.xsd` into a folder and names that folder
//! in `OBOLE_TEST_SCHEMAS`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use obole_domain::Micros;
use obole_gateway::sepa::{
    BankFileError, CreditTransfer, CreditTransferFile, Iban, credit_transfer,
};

fn schema(name: &str) -> PathBuf {
    let folder = std::env::var("OBOLE_TEST_SCHEMAS").expect(
        "OBOLE_TEST_SCHEMAS must name a folder with pain.001.001.09.xsd: run the tests with \
         `cargo x test`, or take the file out of `pip download --no-deps sepaxml==2.7.0` \
         (sepaxml/schemas) and set the variable",
    );
    let path = PathBuf::from(folder).join(name);
    assert!(path.is_file(), "{} is missing; `cargo x test` fetches it", path.display());
    path
}

fn assert_valid(file: &[u8]) {
    let mut xmllint = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema("pain.001.001.09.xsd"))
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint must be installed (Debian: libxml2-utils)");
    // The pipe closes at the end of the statement, which is what xmllint waits for.
    xmllint.stdin.take().expect("a pipe").write_all(file).expect("written");
    let judged = xmllint.wait_with_output().expect("a verdict");
    let complaint = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success(), "{complaint}\n{}", String::from_utf8_lossy(file));
}

fn a_transfer(id: &str, name: &str, micros: i64) -> CreditTransfer {
    CreditTransfer {
        id: id.to_owned(),
        name: name.to_owned(),
        iban: Iban::parse("FR14 2004 1010 0505 0001 3M02 606").expect("an IBAN"),
        amount: Micros::new(micros),
        remittance: "Obole 2026-01, 61 clicks".to_owned(),
    }
}

fn a_file(transfers: Vec<CreditTransfer>) -> CreditTransferFile {
    CreditTransferFile {
        batch: "0190aaaa111172228333444455556666".to_owned(),
        made_at: "2026-02-01T06:00:00.123456Z".parse().expect("a time"),
        execute_on: "2026-02-02".parse().expect("a day"),
        debtor_name: "Obole Association".to_owned(),
        debtor_iban: Iban::parse("DE89370400440532013000").expect("an IBAN"),
        debtor_bic: None,
        transfers,
    }
}

fn written(file: &CreditTransferFile) -> String {
    String::from_utf8(credit_transfer(file).expect("a file")).expect("text")
}

fn refused(transfer: CreditTransfer) -> BankFileError {
    credit_transfer(&a_file(vec![transfer])).expect_err("refused")
}

#[test]
fn the_file_is_the_one_that_banks_were_shown() {
    let mut second = a_transfer("0190bbbb111172228333444455556666", "Libre Tools vzw", 25_050_000);
    second.remittance = String::new();
    let first = a_transfer("OB-202601-000042", "Zoé Février", 12_400_000);
    let file = written(&a_file(vec![first, second]));
    assert_eq!(file, include_str!("pain001.golden.xml"));
    assert_valid(file.as_bytes());
}

#[test]
fn a_file_made_twice_is_the_same_and_a_bic_fits_in() {
    let mut file = a_file(vec![a_transfer("A-1", "Zoe", 10_000)]);
    file.debtor_bic = Some("COBADEFFXXX".to_owned());
    assert_eq!(credit_transfer(&file), credit_transfer(&file.clone()));
    assert!(written(&file).contains("<BICFI>COBADEFFXXX</BICFI>"));
    assert_valid(written(&file).as_bytes());
    for bic in ["", "COBADEFFXX", "cobadeff", "COBA1EFF", "COBADÉFF", "<BADEFF>"] {
        file.debtor_bic = Some(bic.to_owned());
        assert_eq!(credit_transfer(&file), Err(BankFileError::Bic), "{bic}");
    }
}

#[test]
fn names_of_every_alphabet_are_written_with_the_banks_letters() {
    let names = [
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoylos"),
        ("Щедрин Юрий", "Shtedrin Yuriy"),
        ("Zoé 🦊 <Renard> & Cie", "Zoe Renard + Cie"),
        ("Weiß\u{0} \"Söhne\"", "Weiss Sohne"),
    ];
    let transfers = names.iter().enumerate();
    let transfers = transfers.map(|(number, (name, _))| {
        let mut transfer = a_transfer(&format!("OB-{number}"), name, 1_000_000);
        transfer.remittance = format!("{name} ").repeat(20);
        transfer
    });
    let file = written(&a_file(transfers.collect()));
    for (_, name) in names {
        assert!(file.contains(&format!("<Cdtr>\n          <Nm>{name}</Nm>")), "{name} in {file}");
    }
    assert!(file.is_ascii());
    assert_valid(file.as_bytes());
    let long = written(&a_file(vec![a_transfer("A", &"ß".repeat(90), 10_000)]));
    assert!(long.contains(&format!("<Nm>{}</Nm>", "s".repeat(70))));
    assert_valid(long.as_bytes());
    let nameless = BankFileError::Name { id: "A".to_owned() };
    assert_eq!(refused(a_transfer("A", "🦊", 10_000)), nameless);
}

#[test]
fn the_smallest_and_the_largest_amount_are_written() {
    let least = a_transfer("A-1", "Zoe", 10_000);
    let most = a_transfer("A-2", "Zoe", 999_999_999_990_000);
    let file = written(&a_file(vec![least, most]));
    for amount in ["\"EUR\">0.01<", "\"EUR\">999999999.99<", "<CtrlSum>1000000000.00<"] {
        assert!(file.contains(amount), "{amount} in {file}");
    }
    assert_valid(file.as_bytes());
}

#[test]
fn amounts_that_a_bank_cannot_move_are_refused() {
    let id = || "A-1".to_owned();
    for micros in [12_340_001, 12_349_999, 9_999, 1, -1] {
        let refused = refused(a_transfer("A-1", "Zoe", micros));
        assert_eq!(refused, BankFileError::NotWholeCents { id: id() }, "{micros}");
    }
    for micros in [0, -10_000, 1_000_000_000_000_000] {
        let refused = refused(a_transfer("A-1", "Zoe", micros));
        assert_eq!(refused, BankFileError::OutOfRange { id: id() }, "{micros}");
    }
}

#[test]
fn ten_thousand_payments_add_up() {
    let transfers = 1..=10_000_i64;
    let transfers =
        transfers.map(|number| a_transfer(&format!("OB-{number}"), "Zoe", number * 10_000));
    let file = written(&a_file(transfers.collect()));
    // 1 + 2 + … + 10 000 cents.
    assert_eq!(file.matches("<CtrlSum>500050.00</CtrlSum>").count(), 2);
    assert_eq!(file.matches("<NbOfTxs>10000</NbOfTxs>").count(), 2);
    assert_eq!(file.matches("<CdtTrfTxInf>").count(), 10_000);
    assert!(file.contains("\"EUR\">100.00<"));
    assert_valid(file.as_bytes());
}

#[test]
fn ids_are_checked_and_a_payout_enters_once() {
    let most = "a".repeat(35);
    assert_valid(written(&a_file(vec![a_transfer(&most, "Zoe", 10_000)])).as_bytes());
    for id in ["", "a b", "a/b", "é", "<a>", &"a".repeat(36)] {
        let malformed = BankFileError::Id { id: id.to_owned() };
        assert_eq!(refused(a_transfer(id, "Zoe", 10_000)), malformed);
        let mut file = a_file(vec![a_transfer("A", "Zoe", 10_000)]);
        file.batch = id.to_owned();
        assert_eq!(credit_transfer(&file), Err(malformed));
    }
    let twice = a_file(vec![a_transfer("A", "Zoe", 10_000), a_transfer("A", "Zoe", 20_000)]);
    assert_eq!(credit_transfer(&twice), Err(BankFileError::Twice { id: "A".to_owned() }));
    let none = credit_transfer(&a_file(Vec::new()));
    assert!(matches!(none, Err(BankFileError::Count { .. })));
}
