//! One command after another.

use crate::scene::Scene;

const REAL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/flattr-reports/flattr-revenue-2013-03-to-2015-10.csv"
);

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_right() {
    let scene = Scene::new();
    for arguments in [
        &["serv"][..],
        &["settle", "--period", "2026-13"],
        &["settle", "--periods", "2026-11"],
        &["export", "ledger", "--format", "xml"],
        &["export", "ledger", "--from", "2026-11"],
        &["export", "shares"],
        &["token", "create", "--account", "ada"],
        &["import", "flattr-report", "--account", "ada"],
        &["bench", "fill", "--patrons", "0"],
        &["cluster", "role"],
        &["cluster", "role", "--dry-run", "--apply"],
        &[],
    ] {
        let run = scene.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.out.is_empty() && !run.err.is_empty(), "{arguments:?}: {run:?}");
    }
    assert!(!scene.folder().join("obole.db").exists());
    assert!(scene.well(&["--help"]).contains("settle"));
    assert!(scene.well(&["--version"]).starts_with("obole "));
}

#[test]
fn what_a_rule_refuses_ends_with_1_in_the_readers_language() {
    let scene = Scene::new();
    let arguments = ["token", "create", "--account", "nobody", "--scope", "click"];
    let english = scene.run(&arguments);
    assert_eq!((english.code, english.out.as_str()), (1, ""));
    let french = scene.command(&arguments).env("LANG", "fr_FR.UTF-8").output().expect("it runs");
    assert_eq!(french.status.code(), Some(1));
    let french = String::from_utf8(french.stderr).expect("text");
    assert!(french.contains("Aucun compte"), "{french}");
    assert!(english.err.contains("error: ") && !english.err.contains("Aucun"), "{english:?}");

    let future = scene.run(&["settle", "--period", "2026-11"]);
    assert_eq!((future.code, future.out.as_str()), (1, ""));
    let scope = scene.run(&["token", "create", "--account", "nobody", "--scope", "pay"]);
    assert_eq!(scope.code, 1);
    let amount = ["voucher", "create", "--amount", "20,00", "--currency", "EUR"];
    assert_eq!(scene.run(&amount).code, 1);
    let missing = scene.run(&["--config", "nowhere.toml", "audit"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("nowhere.toml"), "{missing:?}");
}

#[test]
fn accounts_tokens_and_vouchers_are_made() {
    let scene = Scene::new();
    let create = ["account", "create", "--handle", "ada", "--email", "ada@obole.example"];
    let password = [&create[..], &["--password-stdin", "--admin", "--confirmed"]].concat();
    let made = scene.run_with(&password, "a quiet harbour\n");
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.out.starts_with("@ada "), "{made:?}");
    assert_eq!(scene.run_with(&password, "short\n").code, 1);
    assert_eq!(scene.run_with(&password, "").code, 1);
    assert_eq!(scene.run(&create).code, 1);

    let token = scene.well(&["token", "create", "--account", "@ada", "--scope", "wallet click"]);
    let last = token.split_whitespace().last().expect("a token");
    assert!(last.starts_with("obo_pt_") && token.ends_with(&format!("{last}\n")), "{token}");
    let json = scene.json(&["token", "create", "--account", "ada", "--scope", "click"]);
    assert!(json["token"].as_str().expect("text").starts_with("obo_"));
    assert_eq!(json["scope"], "click");

    let voucher = ["voucher", "create", "--amount", "20.00", "--currency", "EUR", "--count", "3"];
    let codes = scene.well(&voucher);
    assert_eq!(codes.lines().count(), 3);
    let json = scene.json(&voucher);
    assert_eq!(json["amount"]["amount"], "20.00");
    assert_eq!(json["codes"].as_array().map(Vec::len), Some(3));
    let past = [&voucher[..], &["--expires", "2026-11-14"]].concat();
    assert_eq!(scene.run(&past).code, 1);
    let today = [&voucher[..], &["--expires", "2026-11-15"]].concat();
    assert_eq!(scene.run(&today).code, 0);
}

#[test]
fn a_claim_is_granted_once() {
    let scene = Scene::new();
    scene.account("ada");
    let grant = ["claim", "grant", "--work", "https://example.org/a", "--account", "ada"];
    let grant = [&grant[..], &["--reason", "known in person"]].concat();
    let json = scene.json(&grant);
    assert_eq!(json["url"], "https://example.org/a");
    let again = scene.run(&grant);
    assert_eq!(again.code, 1, "{again:?}");
}

#[test]
fn a_month_is_settled_once_and_exported() {
    let mut scene = Scene::new();
    scene.account("ada");
    let voucher = ["voucher", "create", "--amount", "5.00", "--currency", "EUR"];
    scene.well(&voucher);
    assert_eq!(scene.well(&["settle"]), "Nothing is due.\n");
    let shares = scene.run(&["export", "shares", "--period", "2026-10"]);
    assert_eq!((shares.code, shares.out.as_str()), (1, ""), "{shares:?}");

    scene.at("2026-12-01T00:00:01Z");
    let json = scene.json(&["settle", "--period", "2026-11"]);
    assert_eq!(json[0]["period"], "2026-11");
    assert_eq!(json[0]["outcome"], "settled");
    let again = scene.well(&["settle", "--period", "2026-11"]);
    assert!(again.starts_with("2026-11 was settled already"), "{again}");
    let inputs = scene.well(&["export", "inputs", "--period", "2026-11"]);
    assert_eq!(inputs, "currency,patron,means_micros,work,points,payable\r\n");
    let shares = scene.well(&["export", "shares", "--period", "2026-11"]);
    assert_eq!(shares, "currency,patron,work,points,share_micros,state\r\n");
    let of = ["export", "statement", "--account", "ada", "--period", "2026-11"];
    assert!(scene.well(&of).starts_with("side,currency,"));
    let json = scene.json(&of);
    assert_eq!(json["period"], "2026-11");
    assert!(json["given"].is_array() && json["received"].is_array());

    let ledger = scene.well(&["export", "ledger"]);
    assert!(ledger.contains("vouchers-made") && ledger.contains(",-5000000\r\n"), "{ledger}");
    let days = ["export", "ledger", "--from", "2026-11-16", "--to", "2026-11-30"];
    assert_eq!(scene.well(&days).lines().count(), 1);
    for format in ["hledger", "beancount", "ledger"] {
        let journal = scene.well(&["export", "ledger", "--format", format]);
        assert!(journal.contains("Liabilities:Vouchers  -5.000000 EUR"), "{journal}");
    }
}

#[test]
fn the_audit_says_what_it_checked() {
    let scene = Scene::new();
    assert!(scene.well(&["audit"]).starts_with("Everything holds: L1 "));
    let json = scene.json(&["audit"]);
    assert_eq!(json["is_clean"], true);
    assert!(json["checked"].as_array().expect("a list").contains(&"L13".into()));
    assert_eq!(json["breaches"], serde_json::json!([]));
}

#[test]
fn real_flattr_files_come_in_once() {
    let scene = Scene::new();
    scene.account("ada");
    let import = ["import", "flattr-report", REAL, "--account", "ada"];
    let words = scene.well(&import);
    assert!(words.starts_with("Read 32 months, 1285 clicks, 334.34 EUR; 383 of 383"), "{words}");
    let json = scene.json(&import);
    assert_eq!((json["months"].as_u64(), json["changed"].as_u64()), (Some(32), Some(0)));
    assert_eq!(json["revenue"]["amount"], "334.34");

    std::fs::write(scene.folder().join("bad.csv"), "period;id\n").expect("a file");
    let bad = scene.run(&["import", "flattr-report", REAL, "bad.csv", "--account", "ada"]);
    assert_eq!((bad.code, bad.out.as_str()), (1, ""));
    assert!(bad.err.contains("bad.csv: Line 1"), "{bad:?}");
    assert_eq!(scene.run(&["import", "flattr-report", "none.csv", "--account", "ada"]).code, 1);
}

#[test]
fn the_file_then_the_environment_then_the_flags() {
    let scene = Scene::new();
    let file = scene.folder().join("obole.toml");
    std::fs::write(&file, "[database]\nurl = \"sqlite://file.db\"\n").expect("a file");
    scene.well(&["audit"]);
    assert!(scene.folder().join("file.db").exists());
    let mut command = scene.command(&["audit"]);
    command.env("OBOLE_DATABASE_URL", "sqlite://variable.db");
    assert!(command.output().expect("it runs").status.success());
    assert!(scene.folder().join("variable.db").exists());
    command.args(["--database", "sqlite://flag.db"]);
    assert!(command.output().expect("it runs").status.success());
    assert!(scene.folder().join("flag.db").exists());
    std::fs::write(&file, "[database]\nurk = \"x\"\n").expect("a file");
    let unknown = scene.run(&["audit"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("urk"), "{unknown:?}");
}

#[test]
fn the_clock_moves_on_this_machine_only_and_with_a_warning() {
    let scene = Scene::new();
    let warned = scene.run(&["audit"]);
    assert!(warned.err.contains("warning: OBOLE_TEST_NOW"), "{warned:?}");
    let abroad = |now: &str| {
        let mut command = scene.command(&["audit"]);
        command.env("OBOLE_SERVER_BASE_URL", "https://obole.example").env("OBOLE_TEST_NOW", now);
        command.env_remove("OBOLE_LIMITS_CHEAP_PASSWORDS");
        command.output().expect("it runs").status.code()
    };
    assert_eq!(abroad("2026-11-15T12:00:00Z"), Some(1));
    assert_eq!(abroad(""), Some(0));
    let mut command = scene.command(&["audit"]);
    let malformed = command.env("OBOLE_TEST_NOW", "tomorrow").output().expect("it runs");
    assert_eq!(malformed.status.code(), Some(1));
}

#[test]
fn the_doctor_says_what_to_do() {
    let scene = Scene::new();
    let words = scene.well(&["doctor"]);
    for what in ["configuration", "TLS", "database", "mail", "clock", "secret key", "disk"] {
        assert!(words.contains(&format!("  {what}: ")), "{what}: {words}");
    }
    let json = scene.json(&["doctor"]);
    assert_eq!(json["is_well"], true);
    let mut command = scene.command(&["doctor"]);
    command.env("OBOLE_MAIL_HOST", "127.0.0.1").env("OBOLE_MAIL_PORT", "1");
    let ill = command.output().expect("it runs");
    assert_eq!(ill.status.code(), Some(1));
    let words = String::from_utf8(ill.stdout).expect("text");
    assert!(words.contains("bad   mail: 127.0.0.1:1"), "{words}");
}

#[test]
fn a_file_is_not_spread_and_a_server_without_citus_says_so() {
    let file = Scene::new();
    for arguments in [&["cluster", "distribute"][..], &["cluster", "role", "--dry-run"]] {
        let run = file.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
        assert!(run.err.contains("Please move it to PostgreSQL first"), "{run:?}");
    }
    if std::env::var_os("OBOLE_TEST_POSTGRES").is_none() {
        return;
    }
    let server = Scene::on_postgres();
    let dry = server.run(&["cluster", "distribute", "--dry-run"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    let clicks = "select create_distributed_table('clicks', 'patron', colocate_with => 'none');";
    assert!(dry.out.lines().any(|line| line == clicks), "{dry:?}");
    assert!(dry.err.contains("no Citus yet"), "{dry:?}");
    let refused = server.run(&["cluster", "distribute"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    assert!(refused.err.contains("create extension citus"), "{refused:?}");
    let role = server.json(&["cluster", "role", "--dry-run"]);
    assert!(role["statements"].to_string().contains("revoke all on public.entries"), "{role}");
    assert!(server.well(&["doctor"]).contains("database: PostgreSQL, up to date"));
}
