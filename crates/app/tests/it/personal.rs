//! The declaration of personal data against the schema of both engines, by name and by value.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use obole_app::sessions::Session;
use obole_app::testing::{Instance, account, engines};
use obole_app::{App, Error, exports, outbox, sites};
use obole_domain::statement::Statement;
use obole_domain::{AccountId, Currency, Micros, Site};
use obole_store::Engine;
use obole_store::db::{Cell, Value, sql};
use obole_store::personal::{self, Fate, Taken};
use uuid::Uuid;

use crate::support::session;

/// The tables of an instance's database and their columns.
async fn schema(instance: &Instance) -> BTreeMap<String, BTreeSet<String>> {
    let mut snapshot = instance.app.store().snapshot().await.expect("a snapshot");
    let tables = snapshot.tables().await.expect("tables").into_iter();
    tables.map(|table| (table.name, table.columns.into_iter().collect())).collect()
}

#[tokio::test]
async fn every_column_is_declared_and_no_other() {
    for instance in engines().await {
        let mut declared = BTreeMap::<String, BTreeSet<String>>::new();
        for table in personal::tables() {
            let columns = declared.entry(table.name.to_owned()).or_default();
            for (name, _) in table.each() {
                assert!(columns.insert(name.to_owned()), "{}.{name} stands twice", table.name);
            }
        }
        let real = schema(&instance).await;
        for (table, columns) in &real {
            let known = declared.get(table);
            let known = known.unwrap_or_else(|| panic!("the table {table} is not declared"));
            assert_eq!(known, columns, "{table}");
        }
        // The list of what was migrated is the runner's own and in no backup.
        declared.remove("migrations");
        let names: BTreeSet<_> = declared.keys().collect();
        assert_eq!(names, real.keys().collect(), "a declared table is not there");
    }
}

/// A marked value for a column: it is found again in whatever file or row it ends up in.
fn planted(table: &str, column: &str) -> String {
    format!("planted:{table}.{column}")
}

/// A marked id.
fn planted_id(table: &str, column: &str) -> Uuid {
    let name = planted(table, column);
    let bytes = name.bytes().fold([7_u8; 16], |mut bytes, byte| {
        bytes.rotate_left(3);
        bytes[0] = bytes[0].wrapping_mul(31).wrapping_add(byte);
        bytes
    });
    Uuid::from_bytes(bytes)
}

/// What a text of a plain column may be: those that a constraint or a type narrows have their own.
fn word(table: &str, column: &str) -> String {
    match (table, column) {
        ("confirmations", "purpose") => "email",
        ("outbox", "state") => "handed",
        ("oauth_clients", "kind") => "public",
        ("oauth_devices", "state") => "done",
        ("webhooks", "off_why") => "owner",
        ("webhook_deliveries", "state") => "arrived",
        ("subscriptions", "state") => "ended",
        ("note_reports", "state") => "kept",
        ("promises", "state") => "collected",
        ("claims", "state") => "lost",
        ("claims", "method") => "operator",
        ("claims", "reach") => "page:https://planted.example/",
        ("payouts", "state") => "sent",
        ("refunds", "state") => "executed",
        ("disputes", "state") => "upheld",
        ("reports", "state") => "hidden",
        ("reports", "appeal_state") => "rejected",
        ("signal_holds", "state") => "released",
        ("passes", "state") => "collected",
        ("team_roles" | "team_invitations", "role") => "member",
        ("waiting", "email") => "ada@obole.example",
        ("ledger_accounts" | "postings", "kind") => "suspense",
        (_, "currency") => "EUR/2",
        _ => return planted(table, column),
    }
    .to_owned()
}

/// Rows of other tables that a planted row refers to, by the column that does.
fn refers(column: &str, table: &str) -> Option<Uuid> {
    let to = match (table, column) {
        (_, "client") => planted_id("oauth_clients", "id"),
        ("oauth_refreshes", "of_grant") => planted_id("oauth_grants", "id"),
        (_, "work") => planted_id("works", "id"),
        ("webhook_deliveries", "webhook") => planted_id("webhooks", "id"),
        ("export_parts", "build") => planted_id("exports", "build"),
        ("webhook_deliveries", "event") => planted_id("webhook_events", "id"),
        ("vouchers", "batch") => planted_id("voucher_batches", "id"),
        ("payouts", "batch") => planted_id("payout_batches", "id"),
        ("pass_on_targets", "target") => planted_id("works", "id"),
        ("disputes" | "claim_events", "claim") | (_, "by_claim") => planted_id("claims", "id"),
        ("signal_gifts", "hold") => planted_id("signal_holds", "id"),
        _ => return None,
    };
    Some(to)
}

/// The columns that say whose a row is, or that refer to an account.
const OWNERS: [&str; 17] = [
    "account",
    "owner",
    "patron",
    "payee",
    "redeemed_by",
    "created_by",
    "reported_by",
    "concerns",
    "filer",
    "asked_by",
    "admin",
    "member",
    "payer",
    "team",
    "invited_by",
    "set_by",
    "founded_by",
];

/// The tables of somebody that no row is planted in, and why.
const LEFT: [(&str, &str); 3] = [
    ("accounts", "made as accounts are"),
    ("audit_log", "a chain, which the sign-in of this test writes to"),
    ("limits", "counts under keyed hashes, which no archive has"),
];

/// The tables that are planted, those first that others refer to.
const PLANTED: [&str; 73] = [
    "teams",
    "entries",
    "ledger_accounts",
    "postings",
    "holds",
    "voucher_batches",
    "vouchers",
    "payout_batches",
    "payouts",
    "refunds",
    "budgets",
    "second_factors",
    "second_factor_helps",
    "feeds",
    "glimpses",
    "deletions",
    "waiting",
    "invitations",
    "team_roles",
    "team_invitations",
    "team_percentages",
    "team_percentage_lines",
    "frozen_percentages",
    "team_credits",
    "statements",
    "promises",
    "frozen_purses",
    "frozen_works",
    "frozen_payees",
    "credits",
    "passes",
    "idempotency_keys",
    "outbox",
    "sessions",
    "devices",
    "confirmations",
    "passkeys",
    "recovery_codes",
    "half_sign_ins",
    "oauth_clients",
    "oauth_grants",
    "tokens",
    "oauth_refreshes",
    "oauth_codes",
    "oauth_devices",
    "works",
    "claims",
    "claim_events",
    "disputes",
    "pass_ons",
    "pass_on_targets",
    "reports",
    "signal_holds",
    "signal_gifts",
    "trusted_sites",
    "proposals",
    "webhook_events",
    "webhooks",
    "webhook_deliveries",
    "subscriptions",
    "subscription_clicks",
    "notes",
    "note_reports",
    "clicks",
    "public_gifts",
    "looks",
    "currencies_refused",
    "bank_accounts",
    "flattr_revenues",
    "work_details",
    "exports",
    "export_parts",
    "invitation_allowances",
];

/// The types of a table's columns.
async fn types(app: &App, table: &'static str) -> Vec<(String, String)> {
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = match read.engine() {
                Engine::Sqlite => sql("select name, type from pragma_table_info($1) order by cid"),
                Engine::Postgres => sql("
                    select cast(column_name as text), cast(udt_name as text)
                    from information_schema.columns
                    where table_schema = current_schema() and table_name = $1
                    order by ordinal_position"),
            };
            Ok(select.bind(table).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await?)
        })
    });
    read.await.expect("columns")
}

/// The tables whose types SQLite does not tell apart, as PostgreSQL has them.
fn is_id(table: &str, column: &str) -> bool {
    let ids = ["id", "work", "client", "of_grant", "webhook", "event", "subscription", "build"];
    let others = [
        "mail",
        "granted_by",
        "ended_by",
        "batch",
        "claim",
        "left_by",
        "yields_to",
        "refused_by",
        "concerns",
        "decided_by",
        "appeal_decided_by",
        "hold",
    ];
    let more = ["by_claim", "accepted_by", "used_by", "target", "approved_by"];
    let is_more = more.contains(&column);
    let is_number = (table, column) == ("flattr_numbers", "id");
    let is_secret = (table, column) == ("feeds", "number");
    is_secret
        || is_more
        || !is_number
            && (ids.contains(&column) || others.contains(&column) || OWNERS.contains(&column))
}

fn is_flag(column: &str) -> bool {
    ["is_", "has_", "gives_", "tells_", "needs_", "stays_"]
        .iter()
        .any(|start| column.starts_with(start))
}

/// The columns that stay empty, as another one of the row is filled in.
const EMPTY: [(&str, &str); 8] = [
    ("reports", "work"),
    ("entries", "reverses"),
    ("deletions", "erased_at"),
    ("invitations", "withdrawn_at"),
    ("vouchers", "voided_at"),
    ("payout_batches", "discarded_at"),
    ("tokens", "revoked_at"),
    ("tokens", "former_until"),
];

/// What stands in a column of a planted row.
fn value(account: AccountId, table: &str, (column, kind): (&str, &str)) -> Value {
    if EMPTY.contains(&(table, column)) {
        return Value::Null;
    }
    if OWNERS.contains(&column) || (table, column) == ("disputes", "holder") {
        return account.into();
    }
    if is_id(table, column) {
        return refers(column, table).unwrap_or_else(|| planted_id(table, column)).into();
    }
    if is_flag(column) {
        return Value::Boolean(true);
    }
    match (table, column) {
        // The open month; a number that no other column has.
        (_, "period" | "due" | "last_given" | "missed" | "settles") => return 24_313_i64.into(),
        ("statements", "body") => {
            let none = Statement::empty(Currency::EUR, Micros::ZERO);
            return none.pack().body.as_slice().into();
        }
        ("pass_ons" | "team_percentage_lines", "part") => return 4_900_i64.into(),
        // Of the one planted entry.
        ("entries", "seq") | (_, "entry" | "request_entry" | "sent_entry") => {
            return 777_i64.into();
        }
        ("ledger_accounts", "held_micros") => return 0_i64.into(),
        ("clicks", "carries") | ("confirmations", "tries") => return 1_i64.into(),
        _ => {}
    }
    match kind {
        "text" | "TEXT" => word(table, column).into(),
        "bytea" | "BLOB" | "blob" => planted(table, column).into_bytes().into(),
        _ => {
            let sum = planted(table, column).bytes().map(i64::from).sum::<i64>();
            (700_000 + sum).into()
        }
    }
}

/// Plants a row of an account in a table.
async fn plant(app: &App, account: AccountId, table: &'static str) {
    let types = types(app, table).await;
    let names: Vec<&str> = types.iter().map(|(name, _)| name.as_str()).collect();
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    let text = format!("insert into {table} ({}) values ({})", names.join(", "), places.join(", "));
    let text: &'static str = Box::leak(text.into_boxed_str());
    let values: Vec<Value> =
        types.iter().map(|(name, kind)| value(account, table, (name, kind))).collect();
    let planted = app.store().write(values, move |tx, values| {
        Box::pin(async move {
            let insert = values.iter().fold(sql(text), |insert, value| insert.bind(value.clone()));
            Ok::<_, Error>(insert.execute(tx).await?)
        })
    });
    planted.await.unwrap_or_else(|error| panic!("{table}: {error}"));
}

/// Every value of the database as text, with where it stands.
async fn everything(app: &App) -> Vec<(String, String)> {
    let mut snapshot = app.store().snapshot().await.expect("a snapshot");
    let mut found = Vec::new();
    for table in snapshot.tables().await.expect("tables") {
        let mut each = |cells: &[Cell<'_>]| {
            for (cell, column) in cells.iter().zip(&table.columns) {
                let text = match cell {
                    Cell::Text(text) => (*text).to_owned(),
                    Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                    Cell::Uuid(id) => String::from_utf8_lossy(id.as_bytes()).into_owned(),
                    _ => continue,
                };
                found.push((format!("{}.{column}", table.name), text));
            }
            Ok(())
        };
        snapshot.rows(&table, &mut each).await.expect("rows");
    }
    found
}

/// The files of an account's archive.
async fn archive(
    instance: &Instance,
    session: &Session,
    account: AccountId,
) -> BTreeMap<String, String> {
    let app = &instance.app;
    exports::ask(app, session).await.expect("asked");
    exports::make_due(app).await.expect("made");
    outbox::deliver(app).await.expect("delivered");
    let letters = app.mailer().as_memory().expect("memory").letters();
    let letter = letters.iter().rev().find(|letter| letter.text.contains("/export/"));
    let text = &letter.expect("a letter").text;
    let link = text.lines().find(|line| line.starts_with("http")).expect("a link");
    let link = link.rsplit_once('/').expect("a path").1;
    let fetched = exports::fetch(app, account, link).await.expect("fetched");
    let (mut bytes, mut number) = (Vec::new(), 0);
    while let Some(part) = exports::part(app, fetched, number).await.expect("read") {
        bytes.extend(part);
        number += 1;
    }
    assert_eq!(i64::try_from(bytes.len()), Ok(fetched.bytes));
    let again = exports::fetch(app, account, link).await.expect_err("once");
    assert_eq!(again.code(), "code_wrong");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).expect("a file");
        let name = file.name().expect("a name").into_owned();
        let mut text = String::new();
        file.read_to_string(&mut text).expect("a text");
        files.insert(name, text);
    }
    files
}

#[tokio::test]
async fn the_archive_has_what_is_declared_and_nothing_of_it_is_left() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        // Before there is a second factor.
        let session = session(app, "ada").await;
        for table in PLANTED {
            plant(app, ada, table).await;
        }
        let site = Site::parse("https://eve.example").expect("a site");
        sites::trust(app, eve, site).await.expect("trusted");
        let files = archive(&instance, &session, ada).await;
        let all: String = files.values().map(String::as_str).collect();
        assert!(!all.contains("eve.example") && !all.contains("@eve"), "nothing of others (P3)");
        for table in personal::tables().filter(|table| PLANTED.contains(&table.name)) {
            let csv = files.get(&format!("{}.csv", table.name));
            for (column, group) in table.each() {
                let mark = planted(table.name, column);
                let is_there = all.contains(&mark) || all.contains(&hexed(&mark));
                if group.taken != Taken::Exported {
                    assert!(!is_there, "{mark} is private");
                    continue;
                }
                let csv = csv.unwrap_or_else(|| panic!("no file of {}", table.name));
                let id = planted_id(table.name, column).to_string();
                let is_marked = word(table.name, column) == mark;
                let header = csv.lines().next().unwrap_or_default();
                assert!(header.split(',').any(|name| name == column), "{mark}: {header}");
                let is_text = is_id(table.name, column) || csv.contains(&mark);
                assert!(
                    !is_text
                        || !is_marked
                        || csv.contains(&mark)
                        || csv.contains(&id)
                        || refers(column, table.name).is_some()
                        || OWNERS.contains(&column) && csv.contains(&ada.to_string()),
                    "{mark} is missing: {csv}"
                );
                let json = &files[&format!("{}.json", table.name)];
                let rows: Vec<serde_json::Value> = serde_json::from_str(json).expect("JSON");
                assert!(
                    rows.iter().any(|row| !row[column].is_null())
                        || EMPTY.contains(&(table.name, column)),
                    "{mark} is empty: {json}"
                );
            }
        }
        assert_forgotten(&instance, ada).await;
    }
}

fn hexed(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Erases an account and looks for every planted value that must be gone.
async fn assert_forgotten(instance: &Instance, account: AccountId) {
    let app = &instance.app;
    let erased = app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok::<_, Error>(personal::erase(tx, account, "gone-0").await?) })
    });
    assert!(erased.await.expect("erased") > 0);
    let left = everything(app).await;
    for table in personal::tables().filter(|table| PLANTED.contains(&table.name)) {
        for (column, group) in table.each() {
            let mark = planted(table.name, column);
            if group.fate != Fate::Deleted || word(table.name, column) != mark {
                continue;
            }
            let found = left.iter().find(|(_, text)| text.contains(&mark));
            assert!(found.is_none(), "{mark} is left in {found:?}");
        }
    }
    for mark in ["ada@obole.example", "@ada"] {
        let found =
            left.iter().find(|(place, text)| text.contains(mark) && place != "audit_log.details");
        assert!(found.is_none(), "{mark} is left in {found:?}");
    }
    let again = app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok::<_, Error>(personal::erase(tx, account, "gone-0").await?) })
    });
    again.await.expect("doing it again changes nothing");
}

#[test]
fn every_table_of_somebody_is_planted() {
    for table in personal::tables().filter(|t| t.take.is_some() || !t.erase.is_empty()) {
        let is_left = LEFT.iter().any(|(name, _)| *name == table.name);
        assert!(is_left != PLANTED.contains(&table.name), "{}", table.name);
    }
}

#[test]
fn what_is_exported_is_what_is_read() {
    for table in personal::tables() {
        let exported = table.exported();
        assert_eq!(table.take.is_some(), !exported.is_empty(), "{}", table.name);
    }
}
