//! The rules of a cluster, asked of the catalog of a real PostgreSQL, and the role that guards the
//! ledger where no trigger does. Citus itself is not at hand in tests: [`stand_in`] says what takes
//! its place, and what that cannot show.

use obole_app::audit_log::Actor;
use obole_app::testing::{self, Instance, account, engines, fund};
use obole_app::{App, Chance, Clock, Parts, audit, budgets, cluster, doctor, settle};
use obole_domain::{Currency, Micros, Money};
use obole_gateway::mail::{Mailer, Sender};
use obole_store::cluster::{APPEND_ONLY, LAYOUT, Lies, ROLE, triggers};
use obole_store::db::{Row, Sql, sql};
use obole_store::{Engine, StoreResult};

use crate::support::give;

/// What Citus is to the program: an extension, two catalogs, two functions. The functions only
/// write into the catalog, and refuse what Citus refuses of a table by itself: triggers, references
/// to tables that are not spread, a group that is not begun, a table twice. What Citus makes of the
/// statements of a month cannot be seen here.
const STAND_IN: [&str; 7] = [
    "create table pg_dist_node (isactive boolean, shouldhaveshards boolean, noderole text)",
    "insert into pg_dist_node values
        (true, true, 'primary'), (true, true, 'primary'), (true, false, 'primary')",
    "create table pg_dist_partition
        (logicalrelid regclass primary key, partmethod \"char\", repmodel \"char\")",
    "create function lies(name text, method \"char\", model \"char\") returns void
        language plpgsql as $$
    begin
        if exists (select from pg_trigger where tgrelid = name::regclass and not tgisinternal) then
            raise 'triggers on %', name;
        end if;
        if exists (select from pg_constraint where contype = 'f' and conrelid = name::regclass
                and confrelid <> conrelid
                and confrelid not in (select logicalrelid from pg_dist_partition)) then
            raise '% refers to a table that is not spread', name;
        end if;
        insert into pg_dist_partition values (name::regclass, method, model);
    end $$",
    "create function create_reference_table(name text) returns void language sql as
        $$ select lies(name, 'n', 't') $$",
    "create function create_distributed_table(name text, by_column text, colocate_with text)
        returns void language plpgsql as $$
    begin
        if colocate_with <> 'none' and colocate_with::regclass not in
                (select logicalrelid from pg_dist_partition) then
            raise 'no group of %', colocate_with;
        end if;
        perform lies(name, 'h', 's');
    end $$",
    "insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
        select 99999, 'citus', 10, 2200, false, 'stand-in'",
];

async fn run(app: &App, texts: &[&str]) -> StoreResult<()> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    app.store().run_alone(&texts, &|_| ()).await
}

async fn stand_in(app: &App) {
    run(app, &STAND_IN).await.expect("a stand-in");
    let grant = "grant select on pg_dist_node, pg_dist_partition to public";
    run(app, &[grant]).await.expect("granted");
}

/// An instance on PostgreSQL, where there is a server.
async fn on_postgres() -> Option<Instance> {
    engines().await.pop().filter(|instance| instance.app.store().engine() == Engine::Postgres)
}

/// The same instance, opened as the role.
async fn as_role(instance: &Instance) -> App {
    let mut config = instance.app.config().clone();
    let (_, rest) = config.database.url.split_once('@').expect("a user");
    config.database.url = format!("postgres://{ROLE}@{rest}");
    let sender = Sender::new("Obole", "obole@obole.example").expect("a sender");
    let (clock, chance) = (Clock::standing_at(instance.app.now()), Chance::seeded(7));
    let parts = Parts { clock, chance, mailer: Mailer::memory(sender) };
    App::open(config, parts).await.expect("an instance")
}

/// Makes the role, which all databases of the server share: another test may be just before.
async fn make_role(app: &App) {
    for _ in 0..3 {
        let plan = cluster::plan_role(app).await.expect("a plan");
        if cluster::apply(app, &plan, &|_| ()).await.is_ok() {
            return;
        }
    }
    panic!("no role");
}

async fn rows<T: Send + 'static>(
    app: &App,
    select: fn() -> Sql,
    each: fn(&Row<'_>) -> StoreResult<T>,
) -> Vec<T> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(select().fetch_all(read, each).await?) })
    });
    found.await.expect("rows")
}

fn texts(row: &Row<'_>) -> StoreResult<(String, String, String)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// The column and the group of a table; none for one that is whole on every machine.
fn parted(table: &str) -> Option<(&'static str, &'static str)> {
    let layout = LAYOUT.iter().find(|layout| layout.table == table);
    match layout.unwrap_or_else(|| panic!("{table} is not in the layout")).lies {
        Lies::Reference => None,
        Lies::Distributed { column, beside } => Some((column, beside)),
    }
}

/// Tables that only the catalog or only the layout has.
async fn strangers(app: &App) -> Vec<String> {
    let select = || {
        sql("
        select cast(relname as text) from pg_class
        where relnamespace = cast(current_schema() as regnamespace) and relkind in ('r', 'p')")
    };
    let tables: Vec<String> = rows(app, select, |row| row.get(0)).await;
    let listed = LAYOUT.iter().map(|layout| layout.table.to_owned());
    let missing = listed.clone().filter(|table| !tables.contains(table));
    let unlisted = tables.iter().filter(|table| !listed.clone().any(|known| known == **table));
    missing.chain(unlisted.cloned()).collect()
}

/// Unique keys of parted tables without the column.
async fn keys_without_column(app: &App) -> Vec<String> {
    let select = || {
        sql("
        select cast(c.relname as text), cast(x.relname as text),
            string_agg(coalesce(cast(a.attname as text), '()'), ' ')
        from pg_index i
        join pg_class c on c.oid = i.indrelid
        join pg_class x on x.oid = i.indexrelid
        cross join lateral generate_series(0, i.indnkeyatts - 1) as k (n)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[k.n]
        where i.indisunique and c.relnamespace = cast(current_schema() as regnamespace)
        group by c.relname, x.relname")
    };
    let keys = rows(app, select, texts).await;
    assert!(keys.len() >= LAYOUT.len());
    let broken = keys.into_iter().filter(|(table, _, columns)| {
        parted(table).is_some_and(|(column, _)| !columns.split(' ').any(|name| name == column))
    });
    broken.map(|(_, key, _)| key).collect()
}

/// Foreign keys that cross shards, and those of whole tables into parted ones.
async fn keys_across_shards(app: &App) -> Vec<String> {
    let select = || {
        sql("
        select cast(c.relname as text), cast(p.relname as text),
            string_agg(a.attname || '>' || b.attname, ' ')
        from pg_constraint f
        join pg_class c on c.oid = f.conrelid
        join pg_class p on p.oid = f.confrelid
        cross join lateral unnest(f.conkey, f.confkey) as k (one, other)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.one
        join pg_attribute b on b.attrelid = p.oid and b.attnum = k.other
        where f.contype = 'f' and c.relnamespace = cast(current_schema() as regnamespace)
        group by c.relname, p.relname, f.oid")
    };
    let keys = rows(app, select, texts).await;
    assert!(keys.len() > 10);
    let broken =
        keys.into_iter().filter(|(child, parent, columns)| match (parted(child), parted(parent)) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some((from, group)), Some((to, other))) => {
                group != other || !columns.split(' ').any(|pair| pair == format!("{from}>{to}"))
            }
        });
    broken.map(|(child, parent, _)| format!("{child} {parent}")).collect()
}

/// Triggers that `distribute` does not take away, and columns of parted tables that count by
/// themselves.
async fn what_citus_cannot_keep(app: &App) -> Vec<String> {
    let made = || {
        sql("
        select cast(c.relname as text), cast(t.tgname as text), ''
        from pg_trigger t
        join pg_class c on c.oid = t.tgrelid
        where not t.tgisinternal and c.relnamespace = cast(current_schema() as regnamespace)")
    };
    let counting = || {
        sql("
        select cast(table_name as text), cast(column_name as text), ''
        from information_schema.columns
        where table_schema = current_schema()
            and (column_default like '%nextval(%' or is_identity = 'YES')")
    };
    let triggers = rows(app, made, texts).await.into_iter().filter(|(table, name, _)| {
        !triggers(table).iter().any(|known| *name == format!("{table}_{known}"))
    });
    let counting = rows(app, counting, texts).await.into_iter();
    let counting = counting.filter(|(table, _, _)| parted(table).is_some());
    triggers.chain(counting).map(|(table, name, _)| format!("{table} {name}")).collect()
}

async fn broken_rules(app: &App) -> [Vec<String>; 3] {
    [
        keys_without_column(app).await,
        keys_across_shards(app).await,
        what_citus_cannot_keep(app).await,
    ]
}

#[tokio::test]
async fn the_schema_keeps_the_rules_of_a_cluster() {
    let Some(instance) = on_postgres().await else { return };
    let app = &instance.app;
    assert_eq!(strangers(app).await, [""; 0]);
    assert_eq!(broken_rules(app).await, [vec![], vec![], vec![]] as [Vec<String>; 3]);
}

#[tokio::test]
async fn each_broken_rule_is_seen() {
    let Some(instance) = on_postgres().await else { return };
    let app = &instance.app;
    let broken = [
        "create unique index clicks_bad on clicks (period, work) include (patron)",
        "create unique index holds_bad on holds ((cast(owner as text)))",
        "create unique index works_good on works (title, id)",
        "alter table holds add foreign key (owner, kind, currency, created_at)
            references ledger_accounts (owner, kind, currency, period)",
        "alter table tokens add column patron uuid",
        "alter table tokens add column work uuid",
        "alter table tokens add column month bigint",
        "alter table tokens add foreign key (month, patron, work)
            references clicks (period, patron, work)",
        "alter table credits add foreign key (period, payee, work)
            references clicks (period, patron, work)",
        "alter table notes add foreign key (period, work, patron)
            references clicks (period, patron, work)",
        "alter table promises add column number bigserial",
        "create trigger clicks_bad before update on clicks
            for each row execute function refuse_change()",
    ];
    run(app, &broken).await.expect("broken");
    let [mut keys, mut across, mut others] = broken_rules(app).await;
    [&mut keys, &mut across, &mut others].into_iter().for_each(|found| found.sort());
    assert_eq!(keys, ["clicks_bad", "holds_bad"]);
    assert_eq!(across, ["notes clicks", "tokens clicks"]);
    assert_eq!(others, ["clicks clicks_bad", "promises number"]);
    run(app, &["create table more (id uuid primary key)"]).await.expect("made");
    assert_eq!(strangers(app).await, ["more"]);
}

/// Everything that would change what is append-only is refused, and adding to it is not.
async fn assert_append_only(app: &App) {
    for table in APPEND_ONLY {
        for text in [
            format!(
                "update {table} set {} = {0}",
                if table == "postings" { "entry" } else { "at" }
            ),
            format!("delete from {table}"),
            format!("truncate {table} cascade"),
            format!("drop table {table} cascade"),
            format!("alter table {table} disable trigger all"),
        ] {
            let refused = app.store().run_alone(std::slice::from_ref(&text), &|_| ()).await;
            let error = refused.expect_err(&text).to_string();
            let is_right = error.contains("permission denied") || error.contains("must be owner");
            assert!(is_right, "{text}: {error}");
        }
    }
}

async fn drop_triggers(app: &App) {
    let plan = cluster::plan_distribution(app).await.expect("a plan");
    let drops = plan.statements.into_iter().filter(|text| text.starts_with("drop trigger"));
    let drops: Vec<String> = drops.collect();
    assert_eq!(drops.len(), 10);
    app.store().run_alone(&drops, &|_| ()).await.expect("dropped");
}

/// A month of a few patrons, closed; the share of each work.
async fn live_a_month(app: &App) -> Vec<(String, i64)> {
    let creator = account(app, "creator").await;
    testing::own(app, creator, "https://work.example/").await;
    for (place, handle) in ["ada", "ben", "cleo"].into_iter().enumerate() {
        let patron = account(app, handle).await;
        let amount =
            Money::new(Micros::units(5 + i64::try_from(place).expect("small")), Currency::EUR);
        fund(app, patron, amount).await;
        budgets::set(app, patron, amount).await.expect("a budget");
        give(app, patron, "https://work.example/").await;
        give(app, patron, "https://unclaimed.example/").await;
    }
    app.clock().set("2026-02-01T00:10:00Z".parse().expect("a moment"));
    settle::run(app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
    let select = || {
        sql("
        select w.url, c.gross_micros from credits c
        join works w on w.id = c.work
        order by w.url")
    };
    rows(app, select, |row| Ok((row.get(0)?, row.get(1)?))).await
}

async fn breaches(app: &App) -> Vec<String> {
    let report = audit::run(app).await.expect("an audit");
    report
        .breaches
        .into_iter()
        .map(|breach| format!("{}: {}", breach.rule, breach.detail))
        .collect()
}

async fn database(app: &App) -> (&'static str, String) {
    let findings = doctor::check_instance(app).await;
    let found = findings.into_iter().find(|finding| finding.what == "database").expect("a finding");
    (found.level.code(), found.detail)
}

#[tokio::test]
async fn the_role_lives_a_month_and_changes_nothing_that_only_grows() {
    let Some(instance) = on_postgres().await else { return };
    let owner = &instance.app;
    make_role(owner).await;
    // Again changes nothing.
    make_role(owner).await;
    let role = as_role(&instance).await;
    let shares = live_a_month(&role).await;
    assert_eq!(shares.len(), 1);
    assert_eq!(breaches(&role).await, [""; 0]);
    assert_append_only(&role).await;

    drop_triggers(owner).await;
    assert_append_only(&role).await;
    assert_eq!(breaches(&role).await, [""; 0]);
    let bare = APPEND_ONLY.map(|table| format!("L2: nothing refuses changes of {table}"));
    assert_eq!(breaches(owner).await, bare);

    // Too much is seen.
    run(owner, &["grant delete on postings to obole_app"]).await.expect("granted");
    assert_eq!(breaches(&role).await, ["L2: nothing refuses changes of postings"]);
}

#[tokio::test]
async fn a_distributed_database_is_guarded_by_the_role() {
    let Some(plain) = on_postgres().await else { return };
    let expected = live_a_month(&plain.app).await;
    let instance = on_postgres().await.expect("another");
    let owner = &instance.app;
    stand_in(owner).await;
    assert_eq!(database(owner).await.0, "look");
    make_role(owner).await;

    // Stopped in the middle: what is done stays, and the next plan has the rest.
    let mut plan = cluster::plan_distribution(owner).await.expect("a plan");
    let whole = plan.statements.len();
    plan.statements.truncate(20);
    cluster::apply(owner, &plan, &|_| ()).await.expect("begun");
    assert!(database(owner).await.1.contains("tables lie on one machine only"));
    let rest = cluster::plan_distribution(owner).await.expect("a plan");
    assert!(rest.statements.len() < whole - 15, "{} of {whole}", rest.statements.len());
    cluster::apply(owner, &rest, &|_| ()).await.expect("ended");
    let none = cluster::plan_distribution(owner).await.expect("a plan");
    assert!(none.statements.iter().all(|text| !text.contains("create")), "{none:?}");
    cluster::apply(owner, &none, &|_| ()).await.expect("nothing left");

    let role = as_role(&instance).await;
    assert_eq!(live_a_month(&role).await, expected);
    assert_append_only(&role).await;
    assert_eq!(breaches(&role).await, [""; 0]);
    assert_eq!(breaches(owner).await, [""; 0]);
    assert_eq!(
        database(&role).await,
        ("ok", "Citus on 2 machines, up to date and taking writes".to_owned())
    );
    let (level, detail) = database(owner).await;
    assert!(level == "bad" && detail.contains("connect as obole_app"), "{detail}");

    run(owner, &["grant update on entries to obole_app"]).await.expect("granted");
    let bare = APPEND_ONLY.map(|table| format!("L2: nothing refuses changes of {table}"));
    assert_eq!(breaches(owner).await, bare);
    assert_eq!(breaches(&role).await, ["L2: nothing refuses changes of entries"]);
}

#[tokio::test]
async fn what_cannot_be_spread_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let planned = cluster::plan_distribution(app).await;
        if app.store().engine() == Engine::Sqlite {
            assert_eq!(planned.expect_err("a file").code(), "cluster_needs_server");
            let role = cluster::plan_role(app).await;
            assert_eq!(role.expect_err("a file").code(), "cluster_needs_server");
            assert!(database(app).await.1.contains("a SQLite file"));
            continue;
        }
        let plan = planned.expect("a plan to look at");
        assert!(!plan.is_possible && plan.statements.len() > LAYOUT.len());
        let refused = cluster::apply(app, &plan, &|_| ()).await;
        assert_eq!(refused.expect_err("no Citus").code(), "cluster_needs_citus");
        assert!(database(app).await.1.contains("PostgreSQL"));
        assert_eq!(breaches(app).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_missing_trigger_is_seen_on_a_file() {
    let instance = testing::sqlite().await;
    let drop = || sql("drop trigger postings_no_delete");
    let dropped = instance.app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok::<_, obole_app::Error>(drop().execute(tx).await?) })
    });
    dropped.await.expect("dropped");
    assert_eq!(breaches(&instance.app).await, ["L2: nothing refuses changes of postings"]);
}
