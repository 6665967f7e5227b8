//! Backups: one file for both engines, whole or refused, and what is kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::backup::{self, automatic, nobody, restore};
use obole_app::bench::{Load, fill};
use obole_app::clock_watch::Look;
use obole_app::key_file::KeyFile;
use obole_app::testing::{Home, Instance, account, engines, fund, homes, sqlite};
use obole_app::{App, Error, clock_watch, feeds, quarantine, settle};
use obole_domain::Period;
use obole_store::Engine;
use obole_store::db::sql;
use obole_store::portable::PortableWriter;

use crate::support::{an_admin, assert_books_balance, fill_wallet, units};

const LOAD: Load = Load { patrons: 150, mean_clicks: 6, works: 60, seed: 3 };

/// What a restore changes by itself.
const OWN: [&str; 5] = ["settings", "audit_log", "audit_head", "sessions", "leases"];

/// The bytes of every table but those.
async fn content(app: &App) -> BTreeMap<String, Vec<u8>> {
    let mut snapshot = app.store().snapshot().await.expect("a snapshot");
    let mut content = BTreeMap::new();
    for table in snapshot.tables().await.expect("tables") {
        let mut writer = PortableWriter::begin(Vec::new(), b"").expect("begun");
        writer.table(&table).expect("a table");
        let mut each = |cells: &[obole_store::db::Cell<'_>]| {
            writer.row(cells).expect("a row");
            Ok(())
        };
        snapshot.rows(&table, &mut each).await.expect("rows");
        let (bytes, _) = writer.finish().expect("finished");
        if !OWN.contains(&table.name.as_str()) {
            content.insert(table.name, bytes);
        }
    }
    content
}

/// A month that was settled, and one that has begun.
async fn lived(instance: &Instance) {
    let app = &instance.app;
    fill(app, LOAD, &|_, _| {}).await.expect("filled");
    instance.at("2026-02-01T00:00:01Z");
    let period = Period::parse("2026-01").expect("a month");
    settle::run(app, Actor::CommandLine, Some(period), &|_| {}).await.expect("settled");
    let patron = account(app, "Zoe").await;
    fill_wallet(app, patron, units(20)).await;
    feeds::renew(app, patron).await.expect("a feed");
    an_admin(app, "boss").await;
}

async fn taken(instance: &Instance, is_sealed: bool) -> PathBuf {
    let path = instance.folder.path().join(format!("{is_sealed}.obole-backup"));
    let taken = backup::take(&instance.app, &path, is_sealed, nobody()).await.expect("taken");
    assert_eq!(taken.bytes, fs::metadata(&path).expect("a file").len());
    assert!(taken.counts.rows > 1_000, "{taken:?}");
    path
}

/// The names in a folder, without those of the instance.
fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
    let mut names: Vec<_> = names.filter(|name| name.contains("backup")).collect();
    names.sort();
    names
}

#[tokio::test]
async fn either_engine_is_restored_from_either() {
    for instance in engines().await {
        lived(&instance).await;
        let before = content(&instance.app).await;
        for is_sealed in [true, false] {
            let path = taken(&instance, is_sealed).await;
            for home in homes(&instance).await {
                let parts = home.parts(&instance.app);
                let restored = restore(home.config.clone(), parts, &path, nobody()).await;
                let restored = restored.expect("restored");
                assert_eq!(restored.report.breaches, []);
                assert_eq!(restored.at, instance.app.now());
                let after = content(&restored.app).await;
                let tables: Vec<_> = before.keys().collect();
                assert_eq!(tables, after.keys().collect::<Vec<_>>());
                for (table, bytes) in &before {
                    assert!(after.get(table) == Some(bytes), "{table} differs");
                }
                goes_on(home, restored.app).await;
            }
        }
        assert_eq!(names(instance.folder.path()).len(), 2);
    }
}

/// What was restored can be lived in: its own numbers go on where they were.
async fn goes_on(home: Home, app: App) {
    let instance = Instance { app, folder: home.folder };
    let refused = settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await;
    assert_eq!(refused.expect_err("quarantined").code(), "quarantined");
    let patron = account(&instance.app, "newcomer").await;
    fill_wallet(&instance.app, patron, units(5)).await;
    assert_books_balance(&instance).await;
}

#[tokio::test]
async fn every_table_of_the_database_is_in_a_backup() {
    for instance in engines().await {
        let app = &instance.app;
        let mut snapshot = app.store().snapshot().await.expect("a snapshot");
        let tables = snapshot.tables().await.expect("tables");
        let mut named: Vec<_> = tables.into_iter().map(|table| table.name).collect();
        let there = app.read((), |read, ()| {
            Box::pin(async move {
                let select = match read.engine() {
                    Engine::Sqlite => sql("
                        select name from sqlite_schema
                        where type = 'table' and name not like 'sqlite_%'
                        order by name"),
                    Engine::Postgres => sql("
                        select cast(table_name as text) from information_schema.tables
                        where table_schema = current_schema()
                        order by 1"),
                };
                Ok(select.fetch_all(read, |row| row.get::<String>(0)).await?)
            })
        });
        // The schema's own version is in the backup's head.
        named.push("migrations".to_owned());
        named.sort();
        assert_eq!(named, there.await.expect("read"));
    }
}

#[tokio::test]
async fn a_backup_replaces_no_file_and_leaves_none() {
    for instance in engines().await {
        lived(&instance).await;
        let path = taken(&instance, true).await;
        let again = backup::take(&instance.app, &path, true, nobody()).await.expect_err("there");
        assert_eq!(again.code(), "backup_exists");
        let nowhere = instance.folder.path().join("none/backup");
        assert!(backup::take(&instance.app, &nowhere, true, nobody()).await.is_err());
        assert_eq!(names(instance.folder.path()), ["true.obole-backup"]);
    }
}

#[tokio::test]
async fn what_breaks_a_rule_does_not_count() {
    for instance in engines().await {
        lived(&instance).await;
        let broken = instance.app.store().write((), |tx, ()| {
            Box::pin(async move {
                let update = "update ledger_accounts set balance_micros = balance_micros - 1
                    where kind = 'earnings'";
                Ok::<_, Error>(sql(update).execute(tx).await?)
            })
        });
        assert!(broken.await.expect("broken") > 0);
        let path = instance.folder.path().join("a.backup");
        let refused = backup::take(&instance.app, &path, true, nobody()).await;
        assert_eq!(refused.expect_err("unsound").code(), "backup_unsound");
        assert!(names(instance.folder.path()).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_meanwhile_is_in_a_backup_whole_or_not_at_all() {
    for instance in engines().await {
        lived(&instance).await;
        let app = &instance.app;
        let patron = account(app, "busy").await;
        let moving = tokio::spawn({
            let app = app.clone();
            async move {
                loop {
                    fund(&app, patron, units(1)).await;
                }
            }
        });
        // Each is audited before it counts: one that was torn would be refused.
        for number in 0..3 {
            let path = instance.folder.path().join(format!("{number}.backup"));
            backup::take(app, &path, true, nobody()).await.expect("sound");
        }
        moving.abort();
    }
}

/// Tries to restore where it must be refused, and sees that nothing came of it.
async fn refused(instance: &Instance, path: &Path, change: impl Fn(&Home)) -> Vec<String> {
    let mut codes = Vec::new();
    for home in homes(instance).await {
        change(&home);
        let parts = home.parts(&instance.app);
        let restored = restore(home.config.clone(), parts, path, nobody()).await;
        let Err(error) = restored else { panic!("restored from what is no backup") };
        codes.push(error.code().to_owned());
        assert!(!home.folder.path().join("restored.db.restoring").exists());
        // The place is as empty as before: the right backup goes in.
        if error.code() != "backup_key_other" && error.code() != "backup_key_missing" {
            let path = instance.folder.path().join("true.obole-backup");
            let parts = home.parts(&instance.app);
            let restored = restore(home.config.clone(), parts, &path, nobody()).await;
            assert!(restored.is_ok());
        }
    }
    codes.dedup();
    codes
}

#[tokio::test]
async fn what_is_no_whole_backup_of_the_instance_is_refused_with_its_reason() {
    let instance = sqlite().await;
    lived(&instance).await;
    let path = taken(&instance, true).await;
    let bytes = fs::read(&path).expect("a backup");
    let other = instance.folder.path().join("other");
    let mut changed = bytes.clone();
    let middle = bytes.len() / 2;
    changed[middle] ^= 1;
    for (bytes, code) in [
        (&b"%PDF-1.7 something else"[..], "backup_foreign"),
        (&bytes[..bytes.len() - 1], "backup_damaged"),
        (&bytes[..middle], "backup_damaged"),
        (&changed, "backup_damaged"),
        (&[], "backup_foreign"),
    ] {
        fs::write(&other, bytes).expect("written");
        assert_eq!(refused(&instance, &other, |_| ()).await, [code]);
        let key = KeyFile::read(instance.app.config()).expect("a key");
        let checked = backup::check(key, &other, nobody()).await;
        assert_eq!(checked.expect_err("no backup").code(), code);
    }
    let other_key = |home: &Home| {
        let key = KeyFile::place(&home.config);
        fs::write(key, "ab".repeat(32)).expect("another key");
    };
    assert_eq!(refused(&instance, &path, other_key).await, ["backup_key_other"]);
    let no_key = |home: &Home| fs::remove_file(KeyFile::place(&home.config)).expect("no key");
    assert_eq!(refused(&instance, &path, no_key).await, ["backup_key_missing"]);
}

#[tokio::test]
async fn only_an_empty_database_is_restored_into() {
    for instance in engines().await {
        lived(&instance).await;
        let path = taken(&instance, true).await;
        let parts = homes(&instance).await.remove(0).parts(&instance.app);
        let config = instance.app.config().clone();
        let Err(error) = restore(config, parts, &path, nobody()).await else { panic!("restored") };
        assert_eq!(error.code(), "database_not_empty");
        assert_books_balance(&instance).await;
        assert!(quarantine::find_in(&instance.app).await.expect("read").is_none());
    }
    // The log of a file that was moved away would be read into the new one.
    let instance = sqlite().await;
    lived(&instance).await;
    let path = taken(&instance, true).await;
    let home = homes(&instance).await.remove(0);
    fs::write(home.folder.path().join("restored.db-wal"), "left behind").expect("written");
    let parts = home.parts(&instance.app);
    let Err(error) = restore(home.config, parts, &path, nobody()).await else { panic!("restored") };
    assert_eq!(error.code(), "database_not_empty");
}

#[tokio::test]
async fn a_check_says_what_a_backup_holds() {
    for instance in engines().await {
        lived(&instance).await;
        let path = taken(&instance, true).await;
        let key = KeyFile::read(instance.app.config()).expect("a key");
        let checked = backup::check(key, &path, nobody()).await.expect("checked");
        assert!(checked.report.is_clean() && checked.counts.rows > 1_000);
        assert_eq!(checked.at, instance.app.now());
        assert_eq!(names(instance.folder.path()), ["true.obole-backup"]);
    }
}

/// An instance that backs itself up.
async fn with_folder(instance: &Instance) -> Instance {
    let mut config = instance.app.config().clone();
    let folder = instance.folder.path().join("backups");
    fs::create_dir_all(&folder).expect("a folder");
    config.backup.folder = folder.display().to_string();
    config.backup.keep_days = 5;
    let home = homes(instance).await.remove(0);
    let app = App::open(config, home.parts(&instance.app)).await.expect("opened");
    Instance { app, folder: home.folder }
}

async fn standing(app: &App) -> automatic::Standing {
    app.read((), |read, ()| Box::pin(automatic::standing(read))).await.expect("read")
}

#[tokio::test]
async fn a_serving_instance_backs_itself_up_every_hour() {
    for instance in engines().await {
        lived(&instance).await;
        let served = with_folder(&instance).await;
        let (app, folder) = (&served.app, PathBuf::from(&served.app.config().backup.folder));
        for _ in 0..2 {
            automatic::run_due(app).await.expect("run");
            assert_eq!(automatic::list(&folder).expect("a list").len(), 1);
        }
        served.at("2026-02-01T01:00:01Z");
        automatic::run_due(app).await.expect("run");
        let kept = automatic::list(&folder).expect("a list");
        assert_eq!(kept.len(), 2);
        let last = standing(app).await.last.expect("one");
        assert_eq!((last.at(), last.file), (app.now(), kept[1].1.display().to_string()));

        // A clock that went back takes one at once and replaces none.
        served.at("2026-01-20T00:00:00Z");
        automatic::run_due(app).await.expect("run");
        assert_eq!(automatic::list(&folder).expect("a list").len(), 3);
    }
}

#[tokio::test]
async fn a_backup_that_fails_is_told_until_one_counts() {
    let instance = sqlite().await;
    lived(&instance).await;
    let served = with_folder(&instance).await;
    let app = &served.app;
    let folder = PathBuf::from(&app.config().backup.folder);
    fs::remove_dir(&folder).expect("gone");
    assert!(automatic::run_due(app).await.is_err());
    let failed = standing(app).await.failed.expect("told");
    assert!(failed.reason.contains("backups") && failed.at() == app.now(), "{failed:?}");
    fs::create_dir(&folder).expect("there again");
    automatic::run_due(app).await.expect("taken");
    let standing = standing(app).await;
    assert!(standing.failed.is_none() && standing.last.is_some());
}

#[tokio::test]
async fn what_is_too_old_goes_unless_the_clock_leapt() {
    let instance = sqlite().await;
    lived(&instance).await;
    let served = with_folder(&instance).await;
    let app = &served.app;
    let folder = PathBuf::from(&app.config().backup.folder);
    for day in 1..=9 {
        let name = format!("obole-2026-01-0{day}T00-00-00Z.obole-backup");
        fs::write(folder.join(name), "old").expect("written");
    }
    fs::write(folder.join("mine.obole-backup"), "not ours").expect("written");
    let leap = SignedDuration::from_hours(24 * 30);
    let look = Look { machine: "one".to_owned(), now: app.now(), leap: Some(leap) };
    clock_watch::note(app, look).await.expect("noted");
    automatic::run_due(app).await.expect("taken");
    assert_eq!(automatic::list(&folder).expect("a list").len(), 10);

    clock_watch::release(app, Actor::CommandLine).await.expect("released");
    served.at("2026-02-01T02:00:00Z");
    automatic::run_due(app).await.expect("taken");
    // The new ones, and one more, because three are kept however old they are.
    assert_eq!(automatic::list(&folder).expect("a list").len(), 3);
    assert!(folder.join("mine.obole-backup").exists());
}

#[tokio::test]
async fn what_a_killed_process_left_is_swept_away() {
    let instance = sqlite().await;
    lived(&instance).await;
    let served = with_folder(&instance).await;
    let folder = PathBuf::from(&served.app.config().backup.folder);
    let left = ".obole-2026-01-01T00-00-00Z.obole-backup";
    fs::write(folder.join(format!("{left}.part")), "half").expect("written");
    fs::create_dir(folder.join(format!("{left}.check"))).expect("made");
    fs::write(folder.join(format!("{left}.check/obole.db")), "half").expect("written");
    automatic::run_due(&served.app).await.expect("taken");
    let names = fs::read_dir(&folder).expect("a folder").count();
    assert_eq!(names, 1);
}
