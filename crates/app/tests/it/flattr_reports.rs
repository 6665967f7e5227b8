//! Flattr's revenue reports: read once and again, refused as a whole, written from our own months.

use jiff::Timestamp;
use obole_app::audit_log::Actor;
use obole_app::flattr_reports::{export_csv, history, import};
use obole_app::testing::{Instance, engines};
use obole_app::{Error, Result};
use obole_domain::{AccountId, Micros, Period, Policy, flattr_revenue};
use obole_store::db::sql;
use obole_store::flattr_revenues::{self, PeriodAtFlattr};
use obole_store::settlements;
use uuid::Uuid;

const HEADER: &str = "period;id;flattr url;url;title;clicks;revenue;clicks total";

fn real(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/flattr-reports");
    let path = format!("{folder}/{name}");
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{path}: {error}: this test needs Flattr's real files beside the repository")
    })
}

fn line(clicks: i64, revenue: &str) -> Vec<u8> {
    let addresses = "\"https://flattr.com/thing/7\";\"https://a.example/\"";
    format!("{HEADER}\n2013-05;7;{addresses};\"A\";{clicks};{revenue};12\n").into_bytes()
}

/// A creator's row, without what signing in needs.
async fn a_creator(instance: &Instance) -> AccountId {
    let id = AccountId::new(Uuid::from_u128(7));
    let made: Result<u64> = instance
        .app
        .store()
        .write((), move |tx, ()| {
            Box::pin(async move {
                let insert = sql("
                    insert into accounts (id, handle, name, email, password_hash, language,
                        is_admin, is_public, gives_unspent, created_at)
                    values ($1, 'ada', 'Ada', 'ada@obole.example', '', 'en', $2, $2, $2, $3)");
                Ok(insert.bind(id).bind(false).bind(0_i64).execute(tx).await?)
            })
        })
        .await;
    made.expect("an account");
    id
}

async fn periods(instance: &Instance, creator: AccountId) -> Vec<PeriodAtFlattr> {
    let read = instance.app.read((), move |read, ()| Box::pin(history(read, creator)));
    read.await.expect("a history")
}

#[tokio::test]
async fn real_flattr_files_read_again_change_nothing() {
    for instance in engines().await {
        let creator = a_creator(&instance).await;
        let files = [real("flattr-revenue-2013-03-to-2015-10.csv")];
        let read = import(&instance.app, Actor::CommandLine, creator, &files).await.expect("read");
        assert_eq!((read.months, read.lines, read.clicks), (32, 383, 1_285));
        assert_eq!((read.revenue.to_string().as_str(), read.changed), ("334.34 EUR", 383));
        let before = periods(&instance, creator).await;
        let again = import(&instance.app, Actor::CommandLine, creator, &files).await.expect("read");
        assert_eq!((again.months, again.changed), (32, 0));
        assert_eq!(periods(&instance, creator).await, before);
        assert_eq!(before.len(), 32);
        assert_eq!(before.iter().map(|month| month.clicks).sum::<i64>(), 1_285);
    }
}

#[tokio::test]
async fn a_newer_figure_replaces_the_older_one() {
    for instance in engines().await {
        let creator = a_creator(&instance).await;
        let files = [line(2, "0,35"), line(3, "0,4")];
        let read = import(&instance.app, Actor::CommandLine, creator, &files).await.expect("read");
        assert_eq!((read.lines, read.clicks, read.changed), (1, 3, 1));
        let files = [line(4, "1")];
        let read = import(&instance.app, Actor::CommandLine, creator, &files).await.expect("read");
        assert_eq!(read.changed, 1);
        let month = periods(&instance, creator).await[0];
        assert_eq!((month.works, month.clicks), (1, 4));
        assert_eq!(month.revenue.amount, Micros::units(1));
    }
}

#[tokio::test]
async fn one_bad_file_keeps_all_of_them_out() {
    for instance in engines().await {
        let creator = a_creator(&instance).await;
        let files = [line(2, "0,35"), line(3, "0,35x")];
        let refused = import(&instance.app, Actor::CommandLine, creator, &files).await;
        let Err(Error::Refused(said)) = refused else { panic!("{refused:?}") };
        assert_eq!(said.code, "file_malformed");
        assert_eq!(periods(&instance, creator).await, []);
    }
}

#[tokio::test]
async fn real_flattr_files_are_written_as_they_came() {
    for instance in engines().await {
        let creator = a_creator(&instance).await;
        let file = real("flattr-revenue-201307.csv");
        let files = [file.clone()];
        import(&instance.app, Actor::CommandLine, creator, &files).await.expect("read");
        let period = Period::parse("2013-07").expect("a month");
        let read = instance.app.read((), move |read, ()| {
            Box::pin(async move { Ok(flattr_revenues::of_period(read, creator, period).await?) })
        });
        let text = flattr_revenue::print(&read.await.expect("lines"));
        let sorted = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&text), sorted(&String::from_utf8(file).expect("text")));
    }
}

#[tokio::test]
async fn our_own_months_are_written_in_flattrs_layout() {
    for instance in engines().await {
        let creator = a_creator(&instance).await;
        let made: Result<()> = instance
            .app
            .store()
            .write((), move |tx, ()| {
                Box::pin(async move {
                    for (number, period) in [(1_u128, 24_313_i64), (1, 24_314), (2, 24_314)] {
                        let work = Uuid::from_u128(number);
                        let insert = sql("
                            insert into works (id, url, title, owner, created_at)
                            values ($1, $2, '=sum(A1)', $3, 0) on conflict do nothing");
                        let insert = insert.bind(work).bind(format!("https://a.example/{number}"));
                        insert.bind(creator).execute(tx).await?;
                        let month = Period::from_number(period).expect("a month");
                        settlements::begin(tx, month, &Policy::obole(), Timestamp::UNIX_EPOCH)
                            .await?;
                        let insert = sql("
                            insert into credits (period, work, currency, payee, clicks,
                                gross_micros, fee_micros, net_micros)
                            values ($1, $2, 'EUR/2', $3, 2, 0, 0, $4)");
                        let insert = insert.bind(period).bind(work).bind(creator);
                        let net = i64::try_from(number).expect("small") * 1_239_999 - 1_239_999;
                        insert.bind(net).execute(tx).await?;
                    }
                    Ok(())
                })
            })
            .await;
        made.expect("credits");
        let period = Period::from_number(24_314).expect("a month");
        let file = export_csv(&instance.app, creator, period).await.expect("a file");
        assert_eq!(file.name, "flattr-revenue-202603.csv");
        // The numbers are those of Flattr's old API, drawn by lot.
        let number = |line: usize| file.text.lines().nth(line).and_then(|l| l.split(';').nth(1));
        let (second, first) = (number(1).expect("a number"), number(2).expect("a number"));
        assert_ne!(second, first);
        let base = "http://127.0.0.1:8080/thing";
        let lines = format!(
            "{HEADER}\n\
            2026-03;{second};\"{base}/{second}/sumA1\";\"https://a.example/2\";\
            \"'=sum(A1)\";2;1,23;2\n\
            2026-03;{first};\"{base}/{first}/sumA1\";\"https://a.example/1\";\
            \"'=sum(A1)\";2;0;4\n"
        );
        assert_eq!(file.text, lines);
        assert_eq!(flattr_revenue::parse(file.text.as_bytes()).expect("the layout").len(), 2);
    }
}
