//! Earnings that wait because of signals, on both engines (X3 to X5).

use futures_util::future::join_all;
use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, Iban, NewBankAccount};
use obole_app::testing::{Instance, account, admin, engines, fund, key, nodes, own};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, Error, budgets, pass_on, payouts, policy, settle, signals, teams, wallets};
use obole_domain::policy::Rule;
use obole_domain::signal::{Signal, SignalState};
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros};
use obole_store::db::sql;
use obole_store::signals::{self as stored, SignalHoldRow};

use crate::support::{
    assert_books_balance, code, give, in_earnings, in_wallet, killed_after, mails_to, units,
};

const FARMERS: usize = 8;
const SETTLED: &str = "2026-02-01T00:00:01Z";

fn song(number: usize) -> String {
    format!("https://songs.example/{number}")
}

/// Eight accounts that live on vouchers of one batch and click the same six works at once; each
/// gives five euros.
async fn farm(app: &App) -> Vec<AccountId> {
    let count = i64::try_from(FARMERS).expect("few");
    let new = NewVouchers { amount: units(10), count, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("vouchers");
    let mut farmers = Vec::new();
    for (number, code) in codes.iter().enumerate() {
        let farmer = account(app, &format!("farmer{number}")).await;
        let code = VoucherCode::parse(code).expect("a code");
        vouchers::redeem(app, farmer, &key(app), code).await.expect("redeemed");
        budgets::set(app, farmer, units(5)).await.expect("a budget");
        for number in 0..6 {
            give(app, farmer, &song(number)).await;
        }
        farmers.push(farmer);
    }
    farmers
}

/// Three who like the first song, days apart; each gives four euros.
async fn fans(instance: &Instance) {
    for day in 16..19 {
        instance.at(&format!("2026-01-{day}T12:00:00Z"));
        let app = &instance.app;
        let fan = account(app, &format!("fan{day}")).await;
        fund(app, fan, units(20)).await;
        budgets::set(app, fan, units(4)).await.expect("a budget");
        give(app, fan, &song(0)).await;
    }
}

async fn singer(app: &App) -> AccountId {
    let singer = account(app, "singer").await;
    for number in 0..6 {
        own(app, singer, &song(number)).await;
    }
    singer
}

async fn close(instance: &Instance, at: &str) {
    instance.at(at);
    settle::run(&instance.app, Actor::Job, None, &|_| ()).await.expect("settled");
}

async fn waiting(app: &App, payee: AccountId) -> Vec<SignalHoldRow> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(stored::of_payee(read, payee, 100).await?) })
    });
    found.await.expect("read")
}

/// Whether an amount is so many units but for what rounding leaves out.
fn is_about(amount: Micros, whole: i64) -> bool {
    (Micros::units(whole).get() - 100..=Micros::units(whole).get()).contains(&amount.get())
}

/// Whether an account has been written certain words.
async fn was_told(app: &App, account: AccountId, words: &str) -> bool {
    let texts = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("select body_text from outbox where account = $1");
            Ok(select.bind(account).fetch_all(read, |row| row.get::<String>(0)).await?)
        })
    });
    texts.await.expect("mails").iter().any(|text| text.contains(words))
}

async fn change(app: &App, statement: &'static str) {
    let changed = app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok::<_, Error>(sql(statement).execute(tx).await?) })
    });
    changed.await.expect("changed");
}

#[tokio::test]
async fn what_looks_made_waits_two_weeks_and_the_rest_does_not() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        farm(app).await;
        fans(&instance).await;
        close(&instance, SETTLED).await;
        // Of the fans' twelve euros; the farm's forty wait, each less the fee.
        let free = in_earnings(app, singer).await;
        assert!((10_800_000..10_800_100).contains(&free.get()), "{free:?}");
        let [row] = &waiting(app, singer).await[..] else { panic!("one wait") };
        assert!(is_about(row.amount.amount, 36) && row.state == SignalState::Held, "{row:?}");
        let signals: Vec<Signal> = row.signals.iter().copied().collect();
        assert_eq!(signals, [Signal::Lockstep, Signal::Batch, Signal::Rush]);
        assert!(mails_to(app, singer).await.contains(&"earnings-wait".to_owned()));
        assert_books_balance(&instance).await;

        let moved = wallets::move_earnings(app, singer, &key(app), units(11)).await;
        assert_eq!(code(moved), "not_enough");
        let own = Actor::Page(singer);
        let stranger = Actor::Page(account(app, "stranger").await);
        assert_eq!(code(signals::answer(app, own, row.id, " ").await), "missing");
        let foreign = signals::answer(app, stranger, row.id, "Mine.").await;
        assert!(matches!(foreign, Err(Error::Forbidden | Error::NotFound)), "{foreign:?}");
        signals::answer(app, own, row.id, "We sang in a school.").await.expect("answered");
        assert_eq!(code(signals::answer(app, own, row.id, "And more.").await), "state_moved");

        instance.at("2026-02-14T23:59:00Z");
        assert_eq!(signals::release_due(app).await.expect("looked"), 0);
        instance.at("2026-02-15T00:00:02Z");
        join_all((0..50).map(|_| signals::release_due(app))).await;
        assert_eq!(in_earnings(app, singer).await, Micros::new(46_800_002));
        let [row] = &waiting(app, singer).await[..] else { panic!("one wait") };
        assert_eq!((row.state, row.reason.as_str()), (SignalState::Released, ""));
        assert_eq!(row.answer, "We sang in a school.");
        let news = mails_to(app, singer).await;
        assert_eq!(news.iter().filter(|kind| *kind == "earnings-wait").count(), 2);
        assert_books_balance(&instance).await;
        // The month is looked over once.
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        assert_eq!(waiting(app, singer).await.len(), 1);
    }
}

#[tokio::test]
async fn refused_gifts_go_back_whole_and_once() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        let farmers = farm(app).await;
        fans(&instance).await;
        close(&instance, SETTLED).await;
        let row = waiting(app, singer).await.remove(0);
        let boss = Actor::Page(admin(app, "boss").await);
        assert_eq!(code(signals::refuse(app, boss, row.id, "  ").await), "missing");
        let own = signals::release(app, Actor::Page(singer), row.id, "Mine.").await;
        assert!(matches!(own, Err(Error::Forbidden)), "{own:?}");
        let asked = (0..50).map(|_| signals::refuse(app, boss, row.id, "One hand."));
        let asked = join_all(asked).await;
        assert_eq!(asked.iter().filter(|one| one.is_ok()).count(), 1);
        for farmer in &farmers {
            assert_eq!(in_wallet(app, *farmer).await, Micros::units(10), "with the fee");
            assert!(was_told(app, *farmer, "One hand.").await);
        }
        let free = in_earnings(app, singer).await;
        assert!((10_800_000..10_800_100).contains(&free.get()), "{free:?}");
        assert_eq!(code(signals::release(app, boss, row.id, "No.").await), "state_moved");
        assert_books_balance(&instance).await;
        // The next month is settled on these books.
        give(app, farmers[0], &song(0)).await;
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(in_wallet(app, farmers[0]).await, Micros::units(5));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_person_frees_what_waits_sooner_and_sees_names_only_with_a_reason() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        let farmers = farm(app).await;
        close(&instance, SETTLED).await;
        let row = waiting(app, singer).await.remove(0);
        let boss = admin(app, "boss").await;
        let case = signals::look(app, boss, row.id).await.expect("seen");
        assert_eq!((case.gifts.len(), case.is_open), (6 * FARMERS, false));
        assert!(case.gifts.iter().all(|gift| gift.patron.1.is_none()), "P3");
        assert_eq!(code(signals::open(app, boss, row.id, "").await), "missing");
        signals::open(app, boss, row.id, "Who is it?").await.expect("opened");
        assert!(was_told(app, farmers[0], "Who is it?").await);
        let case = signals::look(app, boss, row.id).await.expect("seen");
        assert!(case.is_open && case.gifts.iter().all(|gift| gift.patron.1.is_some()));
        let other = admin(app, "other").await;
        assert!(!signals::look(app, other, row.id).await.expect("seen").is_open);
        instance.at("2026-02-01T01:00:02Z");
        assert!(!signals::look(app, boss, row.id).await.expect("seen").is_open, "an hour");
        let seen = signals::look(app, singer, row.id).await;
        assert!(matches!(seen, Err(Error::Forbidden)), "{seen:?}");

        let actor = Actor::Page(boss);
        signals::release(app, actor, row.id, "A school choir.").await.expect("released");
        assert_eq!(in_earnings(app, singer).await, Micros::new(36_000_002));
        assert!(was_told(app, singer, "A school choir.").await);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_teams_members_wait_each_for_their_part() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let handle = Handle::parse("band").expect("a handle");
        let team = teams::found(app, Actor::Page(ada), handle, "").await.expect("founded");
        let parts = vec![(ada, 7_500)];
        teams::set_percentages(app, Actor::Page(ada), team, parts).await.expect("set");
        for number in 0..6 {
            own(app, team, &song(number)).await;
        }
        farm(app).await;
        close(&instance, SETTLED).await;
        for (payee, held) in [(ada, 27), (team, 9)] {
            let [row] = &waiting(app, payee).await[..] else { panic!("one wait") };
            assert!(is_about(row.amount.amount, held), "{row:?}");
            assert!(in_earnings(app, payee).await.get() < 100);
        }
        assert_books_balance(&instance).await;
        // Who acts for the team answers for it.
        let row = waiting(app, team).await.remove(0);
        signals::answer(app, Actor::Page(ada), row.id, "A choir.").await.expect("answered");
        let boss = Actor::Page(admin(app, "boss").await);
        signals::refuse(app, boss, row.id, "One hand.").await.expect("refused");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn one_bank_account_of_two_is_seen_even_if_it_was_set_long_ago() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        let farmers = farm(app).await;
        change(app, "update vouchers set redeemed_at = 0 where redeemed_at is not null").await;
        change(app, "update accounts set created_at = 0").await;
        for owner in [singer, farmers[3]] {
            let iban = Iban::parse("DE89370400440532013000").expect("an IBAN");
            let new = NewBankAccount { holder: "A Person".to_owned(), iban };
            bank_accounts::set(app, owner, new).await.expect("set");
        }
        change(app, "update bank_accounts set iban_mac = null").await;
        close(&instance, SETTLED).await;
        let [row] = &waiting(app, singer).await[..] else { panic!("one wait") };
        assert!((4_499_900..=4_500_000).contains(&row.amount.amount.get()), "{row:?}");
        let signals: Vec<Signal> = row.signals.iter().copied().collect();
        assert_eq!(signals, [Signal::Means, Signal::Lockstep]);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_a_work_passes_on_is_not_its_payees_to_wait() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        let library = CanonicalUrl::parse("https://library.example/").expect("an address");
        let makers = account(app, "makers").await;
        own(app, makers, library.as_str()).await;
        for number in 0..6 {
            let work = own(app, singer, &song(number)).await;
            let to = (5_000, vec![(library.clone(), 1)]);
            pass_on::set(app, Actor::Page(singer), work, to).await.expect("set");
        }
        farm(app).await;
        fans(&instance).await;
        close(&instance, SETTLED).await;
        let row = waiting(app, singer).await.remove(0);
        assert!(is_about(row.amount.amount, 18), "{row:?}");
        let free = in_earnings(app, singer).await;
        assert!((5_400_000..5_400_100).contains(&free.get()), "the fans' half: {free:?}");
        let boss = Actor::Page(admin(app, "boss").await);
        signals::refuse(app, boss, row.id, "One hand.").await.expect("refused");
        assert_books_balance(&instance).await;
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_waits_until_its_payee_gives_waits_for_both() {
    for instance in engines().await {
        let app = &instance.app;
        policy::set_rule(app, Actor::CommandLine, Rule::GiveToReceive, "yes".to_owned())
            .await
            .expect("set");
        let singer = singer(app).await;
        farm(app).await;
        fans(&instance).await;
        close(&instance, SETTLED).await;
        let row = waiting(app, singer).await.remove(0);
        assert!(is_about(row.amount.amount, 36), "{row:?}");
        assert_eq!(in_earnings(app, singer).await, Micros::ZERO);
        assert_books_balance(&instance).await;
        // Giving frees what the fans gave, and not what looks made.
        fund(app, singer, units(5)).await;
        budgets::set(app, singer, units(5)).await.expect("a budget");
        let free = in_earnings(app, singer).await;
        assert!((10_800_000..10_800_100).contains(&free.get()), "{free:?}");
        // Who does not give any more waits again for what is freed.
        budgets::set(app, singer, units(0)).await.expect("no budget");
        let boss = Actor::Page(admin(app, "boss").await);
        signals::release(app, boss, row.id, "A choir.").await.expect("released");
        assert_eq!(in_earnings(app, singer).await, free);
        budgets::set(app, singer, units(5)).await.expect("a budget");
        assert_eq!(in_earnings(app, singer).await, Micros::new(46_800_002));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn nobody_decides_about_themselves_while_somebody_else_could() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = admin(app, "singer").await;
        for number in 0..6 {
            own(app, singer, &song(number)).await;
        }
        farm(app).await;
        close(&instance, SETTLED).await;
        let row = waiting(app, singer).await.remove(0);
        let boss = admin(app, "boss").await;
        let own = signals::release(app, Actor::Page(singer), row.id, "Mine.").await;
        assert_eq!(code(own), "own_matter");
        signals::release(app, Actor::Page(boss), row.id, "A choir.").await.expect("released");
    }
}

#[tokio::test]
async fn nothing_leaves_before_the_month_is_looked_over() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        fans(&instance).await;
        close(&instance, SETTLED).await;
        assert!(waiting(app, singer).await.is_empty());
        change(app, "update settlements set judged_at = null").await;
        let iban = Iban::parse("DE89370400440532013000").expect("an IBAN");
        let new = NewBankAccount { holder: "A Person".to_owned(), iban };
        bank_accounts::set(app, singer, new).await.expect("set");
        let asked = payouts::request(app, singer, &key(app), Currency::EUR).await;
        assert_eq!(code(asked), "month_unjudged");
        change(app, "update settlements set state = 'crediting'").await;
        let asked = payouts::request(app, singer, &key(app), Currency::EUR).await;
        assert_eq!(code(asked), "month_unjudged", "while it is credited");
        change(app, "update settlements set state = 'done'").await;
        let moved = wallets::move_earnings(app, singer, &key(app), units(1)).await;
        assert_eq!(code(moved), "month_unjudged");
        signals::look_over_due(app).await.expect("looked over");
        payouts::request(app, singer, &key(app), Currency::EUR).await.expect("asked");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_month_is_looked_over_once_whoever_is_killed() {
    for instance in engines().await {
        let app = &instance.app;
        let singer = singer(app).await;
        farm(app).await;
        instance.at(SETTLED);
        for polls in (0..400).step_by(7) {
            killed_after(polls, settle::run(app, Actor::Job, None, &|_| ())).await;
            let looked = waiting(app, singer).await.len();
            assert!(looked <= 1, "{polls}");
        }
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        assert!(is_about(waiting(app, singer).await[0].amount.amount, 36));
        assert!(in_earnings(app, singer).await.get() < 100);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn two_nodes_look_a_month_over_once() {
    let nodes = nodes(2).await;
    let app = &nodes[0].app;
    let singer = singer(app).await;
    farm(app).await;
    nodes[0].at(SETTLED);
    let runs = nodes.iter().map(|node| settle::run(&node.app, Actor::Job, None, &|_| ()));
    join_all(runs).await.into_iter().for_each(|run| {
        run.expect("settled");
    });
    assert_eq!(waiting(app, singer).await.len(), 1);
    assert_books_balance(&nodes[0]).await;
}
