//! The ledger's exports, held against the programs that they are for.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use obole_app::Result;
use obole_app::export_ledger::{Days, Format, write};
use obole_app::testing::{Instance, engines, sqlite};
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, Currency, Handle, Micros, Period};
use obole_store::Tx;
use obole_store::db::sql;
use obole_store::ledger;
use uuid::Uuid;

/// A writer that two can hold.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("whole").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn export(instance: &Instance, days: Days, format: Format) -> String {
    let kept = Kept::default();
    write(&instance.app, days, format, kept.clone()).await.expect("an export");
    let bytes = kept.0.lock().expect("whole").clone();
    String::from_utf8(bytes).expect("text")
}

const HANDLES: [&str; 6] = ["ada", "a_b", "a-b", "0day", "true", "x9"];

fn account(number: usize) -> AccountId {
    AccountId::new(Uuid::from_u128(0x1000 + number as u128))
}

/// Currencies that are hard to write.
fn currencies() -> Vec<Currency> {
    let own = |code, decimals| Currency::community(code, decimals).expect("a currency");
    vec![Currency::EUR, own("MLC-LYON", 2), own("TRUE", 0), own("X2-", 6)]
}

/// Entries of all kinds in the order of a life: in, given, credited, out, one undone.
fn entries() -> Vec<Entry> {
    let mut entries = Vec::new();
    let period = Period::parse("2026-01").expect("a month");
    for (number, currency) in (0_i64..).zip(currencies().into_iter().cycle().take(240)) {
        let patron = account(usize::try_from(number % 6).expect("small"));
        let creator = account(usize::try_from((number + 1) % 6).expect("small"));
        let amount = Micros::new(1_000_001 + number * 7);
        let fee = Micros::new(100_000 + number);
        let net = amount.minus(fee).expect("in range");
        let fact = |effect| Fact::new("test", number, effect);
        let common = |kind| LedgerAccount::common(kind, currency);
        let (wallet, earnings) =
            (LedgerAccount::wallet(patron, currency), LedgerAccount::earnings(creator, currency));
        let clearing = LedgerAccount::clearing(period, currency);
        let transfer = |reason, effect, between, amount| {
            Entry::transfer(reason, fact(effect), between, amount).expect("an entry")
        };
        let source = if number % 2 == 0 { LedgerKind::Bank } else { LedgerKind::PlayMoney };
        entries.push(transfer(Reason::PlayMoney, "in", (common(source), wallet), amount));
        entries.push(transfer(Reason::Given, "given", (wallet, clearing), amount));
        let postings = vec![
            Posting { account: clearing, amount },
            Posting { account: earnings, amount: net.negated().expect("in range") },
            Posting { account: common(LedgerKind::Fees), amount: fee.negated().expect("in range") },
        ];
        entries.push(Entry::new(Reason::Received, fact("received"), postings).expect("balanced"));
        let to = common(LedgerKind::InTransit);
        entries.push(transfer(Reason::PayoutRequested, "out", (earnings, to), fee));
    }
    entries
}

async fn fill(tx: &mut Tx, now: jiff::Timestamp) -> Result<()> {
    for (number, handle) in HANDLES.iter().enumerate() {
        let insert = sql("
            insert into accounts (id, handle, name, email, password_hash, language, is_admin,
                is_public, gives_unspent, created_at)
            values ($1, $2, '', '', '', 'en', $3, $3, $3, 0)");
        let insert = insert.bind(account(number)).bind(&Handle::parse(handle)?);
        insert.bind(false).execute(tx).await?;
    }
    let step = jiff::SignedDuration::from_hours(1);
    let mut now = now;
    for entry in entries() {
        let seq = ledger::post(tx, now, &entry).await?;
        now += step;
        if entry.fact().effect == "out" && seq % 16 == 0 {
            let fact = Fact::new("test", seq, "undone");
            let undone = Entry::reversal(seq, fact, entry.postings())?;
            ledger::post(tx, now, &undone).await?;
        }
    }
    // A clock that went back: the day of an export does not.
    let back = Entry::transfer(
        Reason::PlayMoney,
        Fact::new("test\n2026-01-01 * inject", "; x\r\n  a  1 EUR\"", "in"),
        (
            LedgerAccount::common(LedgerKind::Bank, Currency::EUR),
            LedgerAccount::wallet(account(9), Currency::EUR),
        ),
        Micros::new(1),
    )?;
    ledger::post(tx, now - step * 100, &back).await?;
    Ok(())
}

async fn filled(instance: &Instance) {
    let now = instance.app.now();
    let store = instance.app.store();
    let written: Result<()> =
        store.write((), move |tx, ()| Box::pin(async move { fill(tx, now).await })).await;
    written.expect("entries");
}

/// What each ledger account has by our own postings, spelled as the export spells it.
fn totals_of_csv(text: &str) -> BTreeMap<(String, String), i64> {
    let mut totals = BTreeMap::new();
    for line in text.split_terminator("\r\n").skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 8, "{line}");
        let amount: i64 = fields[7].parse().expect("an amount");
        *totals.entry((fields[5].to_owned(), fields[6].to_owned())).or_default() += amount;
    }
    totals.retain(|_, amount| *amount != 0);
    totals
}

/// The cached balances, spelled the same way.
async fn totals_of_ledger(instance: &Instance) -> Vec<i64> {
    let read = instance.app.read((), |read, ()| {
        Box::pin(async move {
            let select =
                sql("select balance_micros from ledger_accounts where balance_micros <> 0");
            Ok(select.fetch_all(read, |row| row.get(0)).await?)
        })
    });
    let mut totals: Vec<i64> = read.await.expect("balances");
    totals.sort_unstable();
    totals
}

fn file(instance: &Instance, name: &str, text: &str) -> PathBuf {
    let path = instance.folder.path().join(name);
    std::fs::write(&path, text).expect("a file");

    path
}

fn run(program: &str, arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new(program);
    let output = command.args(arguments).arg(file).output();
    output.unwrap_or_else(|error| panic!("{program} must be installed for this test: {error}"))
}

fn hledger(arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new("hledger");
    let output = command.arg("-f").arg(file).args(arguments).output();
    output.unwrap_or_else(|error| panic!("hledger must be installed for this test: {error}"))
}

const STRICT: [&str; 4] = ["check", "--strict", "ordereddates", "payees"];

/// The balances of a journal as Beancount sees them, under the names that hledger has.
fn totals_of_beancount(path: &Path) -> Vec<i64> {
    let select = "select account, sum(number), currency group by account, currency";
    let output = Command::new("bean-query").args(["-q", "-f=csv"]).arg(path).arg(select).output();
    let text = String::from_utf8(output.expect("bean-query").stdout).expect("text");
    let amount = |line: &str| {
        let number = line.split(',').nth(1).expect("a number").trim().to_owned();
        let (units, fraction) = number.split_once('.').expect("six decimals");
        assert_eq!(fraction.len(), 6, "{line}");
        format!("{units}{fraction}").parse::<i64>().expect("a number")
    };
    let mut totals: Vec<i64> = text.lines().skip(1).map(amount).filter(|sum| *sum != 0).collect();
    totals.sort_unstable();
    totals
}

/// The balances of a journal as hledger sees them.
fn totals_of_hledger(path: &Path) -> BTreeMap<(String, String), i64> {
    let output = hledger(&["balance", "--flat", "--no-total", "--layout=tidy", "-Ocsv"], path);
    let text = String::from_utf8(output.stdout).expect("text");
    let mut totals = BTreeMap::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
        let (name, commodity, value) = (fields[0], fields[4], fields[5]);
        let digits = value.replace(['.', ','], "");
        let (_, decimals) = value.split_once('.').unwrap_or((value, ""));
        let micros: i64 = digits.parse().expect("an amount");
        let scale = 10_i64.pow(6 - u32::try_from(decimals.len()).expect("few"));
        totals.insert((name.to_owned(), commodity.to_owned()), micros * scale);
    }
    totals.retain(|_, amount| *amount != 0);
    totals
}

#[tokio::test]
async fn hledger_accepts_the_export_and_its_totals_are_ours() {
    for instance in engines().await {
        filled(&instance).await;
        let ours = totals_of_csv(&export(&instance, Days::default(), Format::Csv).await);
        let mut amounts: Vec<i64> = ours.values().copied().collect();
        amounts.sort_unstable();
        assert_eq!(amounts, totals_of_ledger(&instance).await);
        for (format, name) in [(Format::Hledger, "h.journal"), (Format::Ledger, "l.journal")] {
            let text = export(&instance, Days::default(), format).await;
            let path = file(&instance, name, &text);
            let checked = hledger(&STRICT, &path);
            assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
            assert_eq!(totals_of_hledger(&path), ours);
        }
    }
}

/// Ledger is in fewer distributions than the other two: where it is missing, this says so.
#[tokio::test]
async fn ledger_accepts_the_export() {
    let instance = sqlite().await;
    filled(&instance).await;
    let text = export(&instance, Days::default(), Format::Ledger).await;
    let balance = |text: &str| {
        let path = file(&instance, "l.ledger", text);
        let arguments = ["--strict", "--pedantic", "balance", "--file"];
        Command::new("ledger").args(arguments).arg(path).output()
    };
    let Ok(output) = balance(&text) else {
        println!("ledger is not installed: its export was not tried");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let last = String::from_utf8(output.stdout).expect("text");
    assert_eq!(last.lines().last().map(str::trim), Some("0"));
    let off = balance(&text.replacen("1.000001 EUR", "1.000002 EUR", 1)).expect("as before");
    assert!(!off.status.success());
}

#[tokio::test]
async fn beancount_accepts_the_export() {
    for instance in engines().await {
        filled(&instance).await;
        let text = export(&instance, Days::default(), Format::Beancount).await;
        let path = file(&instance, "b.beancount", &text);
        let checked = run("bean-check", &[], &path);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        let postings = text.lines().filter(|line| line.starts_with("  ") && !line.contains("at:"));
        let csv = export(&instance, Days::default(), Format::Csv).await;
        assert_eq!(postings.count() + 1, csv.split_terminator("\r\n").count());
        assert_eq!(totals_of_beancount(&path), totals_of_ledger(&instance).await);
    }
}

#[tokio::test]
async fn a_millionth_too_much_is_refused() {
    let instance = sqlite().await;
    filled(&instance).await;
    for (format, change) in [
        (Format::Hledger, ("1.000001 EUR", "1.000002 EUR")),
        (Format::Ledger, ("1.000001 EUR", "1.010001 EUR")),
        (Format::Beancount, ("1.000001 EUR", "1.000002 EUR")),
        (Format::Beancount, ("1.000001 EUR", "1.010001 EUR")),
    ] {
        let text = export(&instance, Days::default(), format).await;
        assert!(text.contains(change.0), "{format:?}");
        let path = file(&instance, "off.journal", &text.replacen(change.0, change.1, 1));
        let checked = match format {
            Format::Beancount => run("bean-check", &[], &path),
            _ => hledger(&STRICT, &path),
        };
        assert!(!checked.status.success(), "{format:?} {change:?}");
    }
}

#[tokio::test]
async fn two_exports_are_the_same_bytes_and_nothing_is_injected() {
    for instance in engines().await {
        filled(&instance).await;
        for format in [Format::Csv, Format::Hledger, Format::Beancount, Format::Ledger] {
            let text = export(&instance, Days::default(), format).await;
            assert_eq!(text, export(&instance, Days::default(), format).await);
            assert!(!text.contains("\n2026-01-01 * inject"), "{format:?}");
            let is_ours = |c: char| (' '..='~').contains(&c) || c == '\n' || c == '\r';
            assert!(text.chars().all(is_ours), "{format:?}");
        }
    }
}

#[tokio::test]
async fn days_are_those_of_the_instance_and_both_ends_count() {
    let instance = sqlite().await;
    filled(&instance).await;
    let day: Date = "2026-01-16".parse().expect("a day");
    let days = Days { from: Some(day), to: Some(day) };
    let text = export(&instance, days, Format::Hledger).await;
    let dates: Vec<&str> = text.lines().filter(|line| line.contains(" * (")).collect();
    // One an hour, and what undid one of them.
    assert_eq!(dates.len(), 25);
    assert!(dates.iter().all(|line| line.starts_with("2026-01-16 ")));
    let path = file(&instance, "day.journal", &text);
    assert!(hledger(&STRICT, &path).status.success());
    let text = export(&instance, days, Format::Beancount).await;
    let path = file(&instance, "day.beancount", &text);
    assert!(run("bean-check", &[], &path).status.success());

    let days = Days { from: None, to: Some("2020-01-01".parse().expect("a day")) };
    for format in [Format::Csv, Format::Hledger, Format::Beancount] {
        let text = export(&instance, days, format).await;
        assert!(!text.contains("Liabilities:Wallets:ada-00001000  "), "{format:?}");
        let path = file(&instance, "none.journal", &text);
        match format {
            Format::Csv => assert_eq!(text.lines().count(), 1),
            Format::Beancount => assert!(run("bean-check", &[], &path).status.success()),
            _ => assert!(hledger(&STRICT, &path).status.success()),
        }
    }
}
