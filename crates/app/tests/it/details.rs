//! What months were made of is forgotten fourteen months after their settlement, but for those who
//! keep it (P5); every sum stays, and the books are clean throughout.

use futures_util::future::join_all;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::export_shares::{self, What};
use obole_app::testing::{Instance, account, engines, own};
use obole_app::{App, Error, accounts, audit, budgets, details, settle, statements};
use obole_domain::statement::{LineState, NO_WORK, Statement};
use obole_domain::{AccountId, CanonicalUrl, Handle, Micros, Period};
use obole_store::accounts::Profile;
use obole_store::db::sql;
use obole_store::{personal, settings, shares};

use crate::support::{
    an_admin, assert_books_balance, code, fill_wallet, give, killed_after, units,
};

const SONG: &str = "https://song.example/";
const LATE: &str = "https://late.example/";

fn month(text: &str) -> Period {
    Period::parse(text).expect("a month")
}

async fn close(instance: &Instance, at: &str) {
    instance.at(at);
    settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
}

async fn statement(app: &App, patron: AccountId, period: &str) -> Statement {
    let period = month(period);
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(shares::statements_of(read, patron, period).await?) })
    });
    found.await.expect("read").remove(0)
}

async fn count(app: &App, table: &'static str, patron: AccountId) -> i64 {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = match table {
                "clicks" => sql("select count(*) from clicks where patron = $1"),
                _ => sql("select count(*) from promises where patron = $1"),
            };
            Ok(select.bind(patron).fetch_one(read, |row| row.get(0)).await?)
        })
    });
    found.await.expect("a count")
}

fn sums(statement: &Statement) -> [i64; 5] {
    let total = |sum: Result<Micros, _>| sum.expect("a sum").get();
    [
        total(statement.paid_total()),
        total(statement.promised_total()),
        total(statement.collected_total()),
        total(statement.taken_total()),
        statement.means.get(),
    ]
}

/// Ada and Ben give the same in January; what they promised is collected in February. Ben keeps it.
async fn a_year(instance: &Instance) -> (AccountId, AccountId) {
    let app = &instance.app;
    let zoe = account(app, "zoe").await;
    own(app, zoe, SONG).await;
    let mut both = Vec::new();
    for handle in ["ada", "ben"] {
        let patron = account(app, handle).await;
        fill_wallet(app, patron, units(50)).await;
        budgets::set(app, patron, units(5)).await.expect("a budget");
        give(app, patron, SONG).await;
        give(app, patron, LATE).await;
        both.push(patron);
    }
    close(instance, "2026-02-01T00:00:00Z").await;
    let (target, handle) = (
        Target::Url(CanonicalUrl::parse(LATE).expect("an address")),
        Handle::parse("zoe").expect("a handle"),
    );
    let grant = Grant { target, handle, reason: "known".to_owned() };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
    close(instance, "2026-03-01T00:00:00Z").await;
    let (name, language) = (String::new(), String::new());
    let keeps =
        Profile { name, language, is_public: false, gives_unspent: false, keeps_details: true };
    accounts::set_profile(app, both[1], keeps).await.expect("set");
    (both[0], both[1])
}

#[tokio::test]
async fn after_fourteen_months_only_the_sums_are_left() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, ben) = a_year(&instance).await;
        let [before, collected] =
            [statement(app, ada, "2026-01").await, statement(app, ada, "2026-02").await];
        assert_eq!((before.lines.len(), collected.collected.len()), (2, 1));

        // Not while settlements are behind: what was promised may still be collected.
        instance.at("2027-06-01T00:00:00Z");
        assert_eq!(details::drop_due(app).await.expect("looked"), 0);
        close(&instance, "2027-04-01T00:00:00Z").await;
        assert_eq!(details::drop_due(app).await.expect("looked"), 0, "to the second");

        instance.at("2027-04-01T00:00:01Z");
        let runs = join_all((0..50).map(|_| details::drop_due(app))).await;
        assert_eq!(runs.into_iter().map(|run| run.expect("dropped")).sum::<u64>(), 1);
        let after = statement(app, ada, "2026-01").await;
        assert!(after.is_condensed() && after.lines.iter().all(|line| line.work == NO_WORK));
        assert_eq!(sums(&after), sums(&before));
        assert_eq!(statement(app, ben, "2026-01").await.lines.len(), 2);
        assert_eq!((count(app, "clicks", ada).await, count(app, "clicks", ben).await), (0, 2));
        // What February collected is February's detail.
        assert_eq!(statement(app, ada, "2026-02").await, collected);
        assert_eq!(count(app, "promises", ada).await, 1);
        assert_books_balance(&instance).await;

        let write = |period| async move {
            export_shares::write(app, What::Shares, month(period), &mut |_| Ok(())).await
        };
        assert_eq!(code(write("2026-01").await), "details_gone");
        write("2026-02").await.expect("written");
        let shown = statements::month(app, ada, month("2026-01")).await.expect("read");
        let shown = shown.expect("a statement");
        assert_eq!(shown.given[0].lines.len(), 0);
        let text = statements::print_csv(&shown);
        assert!(text.contains("patron,EUR,,,,,,2500000,,,paid\r\n"), "{text}");
        assert!(!text.contains("song.example"), "{text}");

        close(&instance, "2027-05-02T00:00:00Z").await;
        assert_eq!(details::drop_due(app).await.expect("dropped"), 1);
        let february = statement(app, ada, "2026-02").await;
        assert_eq!((sums(&february), february.is_condensed()), (sums(&collected), true));
        assert_eq!((count(app, "promises", ada).await, count(app, "promises", ben).await), (0, 1));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn who_keeps_them_no_longer_or_leaves_loses_what_has_gone_for_others() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, ben) = a_year(&instance).await;
        let (name, language) = (String::new(), String::new());
        let wishes = |keeps_details| Profile {
            name: name.clone(),
            language: language.clone(),
            is_public: false,
            gives_unspent: false,
            keeps_details,
        };
        accounts::set_profile(app, ada, wishes(true)).await.expect("set");
        close(&instance, "2027-05-02T00:00:00Z").await;
        assert_eq!(details::drop_due(app).await.expect("dropped"), 2);
        let before = [statement(app, ada, "2026-01").await, statement(app, ben, "2026-02").await];
        assert!(before.iter().all(|statement| !statement.is_condensed()));
        accounts::set_profile(app, ada, wishes(false)).await.expect("set");
        let erased = app.store().write((), move |tx, ()| {
            Box::pin(async move { Ok::<_, Error>(personal::erase(tx, ben, "gone-0").await?) })
        });
        erased.await.expect("erased");
        for (patron, month, was) in [(ada, "2026-01", &before[0]), (ben, "2026-02", &before[1])] {
            let now = statement(app, patron, month).await;
            assert_eq!((now.is_condensed(), sums(&now)), (true, sums(was)));
            let rows = (count(app, "clicks", patron).await, count(app, "promises", patron).await);
            assert_eq!(rows, (0, 0));
        }
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn nothing_goes_while_settlements_are_held() {
    for instance in engines().await {
        let app = &instance.app;
        a_year(&instance).await;
        close(&instance, "2027-04-02T00:00:00Z").await;
        let held = |name: &'static str, value: &'static str| {
            app.store().write((), move |tx, ()| {
                Box::pin(async move { Ok::<_, Error>(settings::set(tx, name, value).await?) })
            })
        };
        held(audit::HELD, "L8: looked for").await.expect("held");
        assert_eq!(details::drop_due(app).await.expect("looked"), 0);
        let boss = an_admin(app, "boss").await;
        audit::release(app, boss).await.expect("released");
        assert_eq!(details::drop_due(app).await.expect("dropped"), 1);
    }
}

#[tokio::test]
async fn details_that_went_too_early_are_a_breach() {
    for instance in engines().await {
        let app = &instance.app;
        a_year(&instance).await;
        let marked = app.store().write(app.now(), |tx, now| {
            Box::pin(async move {
                let update = sql("update settlements set details_end_at = $2 where period = $1");
                let update = update.bind(month("2026-02")).bind(*now);
                Ok::<_, Error>(update.execute(tx).await?)
            })
        });
        marked.await.expect("marked");
        let report = audit::run(app).await.expect("an audit");
        assert_eq!(report.breaches.iter().map(|breach| breach.rule).collect::<Vec<_>>(), ["L8"]);
    }
}

#[tokio::test]
async fn a_kill_anywhere_leaves_clean_books_and_the_next_run_goes_on() {
    for polls in [1, 3, 6, 10, 20, 40] {
        for instance in engines().await {
            let app = &instance.app;
            let (ada, _) = a_year(&instance).await;
            close(&instance, "2027-05-02T00:00:00Z").await;
            killed_after(polls, details::drop_due(app)).await;
            assert_books_balance(&instance).await;
            details::drop_due(app).await.expect("dropped");
            assert_books_balance(&instance).await;
            assert_eq!(
                (count(app, "clicks", ada).await, count(app, "promises", ada).await),
                (0, 0)
            );
        }
    }
}

#[tokio::test]
async fn a_sum_that_changes_afterwards_is_a_breach() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, _) = a_year(&instance).await;
        close(&instance, "2027-04-02T00:00:00Z").await;
        assert_eq!(details::drop_due(app).await.expect("dropped"), 1);
        let honest = statement(app, ada, "2026-01").await;
        let place = |state| honest.lines.iter().position(|line| line.state == state);
        let (paid, promised) = (place(LineState::Paid), place(LineState::Promised));
        let (paid, promised) = (paid.expect("a line"), promised.expect("a line"));
        // Less was paid; more was promised; what was paid went to the pool.
        for (less, more, pool) in
            [(Some(paid), None, 0), (None, Some(promised), 0), (Some(paid), None, 1)]
        {
            let mut forged = honest.clone();
            let mut add = |place: usize, amount: i64| {
                let share = &mut forged.lines[place].share;
                *share = Micros::new(share.get() + amount);
            };
            less.into_iter().for_each(|place| add(place, -1));
            more.into_iter().for_each(|place| add(place, 1));
            forged.to_pool = Micros::new(pool);
            write_statement(app, ada, forged).await;
            let report = audit::run(app).await.expect("an audit");
            let rules: Vec<_> = report.breaches.iter().map(|breach| breach.rule).collect();
            assert!(!rules.is_empty() && rules.iter().all(|rule| *rule == "L6"), "{rules:?}");
        }
        write_statement(app, ada, honest).await;
        assert_books_balance(&instance).await;
    }
}

async fn write_statement(app: &App, patron: AccountId, statement: Statement) {
    let written = app.store().write(statement.pack().body, move |tx, body| {
        Box::pin(async move {
            let update = sql("
                update statements set body = $3 where patron = $1 and period = $2");
            let update = update.bind(patron).bind(month("2026-01")).bind(body.as_slice());
            Ok::<_, Error>(update.execute(tx).await?)
        })
    });
    written.await.expect("written");
}
