//! Twelve months of one community on both engines, and on three nodes of one. What each month
//! froze is exported, the shares are computed again from that text alone, and compared with what
//! was stored.

use std::collections::BTreeMap;

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::export_shares::{self, What};
use obole_app::subscriptions::{self, Begins, Subscribe};
use obole_app::testing::{account, engines, fund, key, nodes, own, refuse};
use obole_app::{App, audit, budgets, settle};
use obole_domain::click::Way;
use obole_domain::subscription::Length;
use obole_domain::{AccountId, CanonicalUrl, Currency, Micros, Money, Period};

const EUR: Currency = Currency::EUR;
const PATRONS: u64 = 12;
const WORKS: u64 = 9;

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn url(number: u64) -> String {
    format!("https://work-{number}.example/")
}

/// The nodes of an instance, taken in turn.
struct Nodes {
    apps: Vec<App>,
    turn: usize,
}

impl Nodes {
    fn next(&mut self) -> &App {
        self.turn += 1;
        &self.apps[self.turn % self.apps.len()]
    }

    /// All of them settle what is due, at once.
    async fn settle(&self) {
        let settled = self.apps.iter().cloned().map(|app| {
            tokio::spawn(async move { settle::run(&app, Actor::Job, None, &|_| ()).await })
        });
        for settled in settled.collect::<Vec<_>>() {
            settled.await.expect("no panic").expect("settled");
        }
    }
}

async fn live_a_month(nodes: &mut Nodes, patrons: &[AccountId], numbers: &mut Numbers) {
    for patron in patrons {
        if numbers.below(4) == 0 {
            let micros = i64::try_from(numbers.below(9_000_000)).expect("small");
            fund(nodes.next(), *patron, Money::new(Micros::new(micros + 1), EUR)).await;
        }
        if numbers.below(3) == 0 {
            let cents = i64::try_from(200 + numbers.below(900)).expect("small");
            let budget = Money::new(Micros::new(cents * 10_000), EUR);
            budgets::set(nodes.next(), *patron, budget).await.expect("a budget");
        }
        if numbers.below(4) == 0 {
            subscribe(nodes.next(), *patron, numbers).await;
        }
        for _ in 0..numbers.below(7) {
            let give = Give {
                target: Target::Url(CanonicalUrl::parse(&url(numbers.below(WORKS))).expect("url")),
                title: String::new(),
                points: i64::try_from(1 + numbers.below(50)).expect("small"),
                note: None,
                way: Way::Page,
            };
            let app = nodes.next();
            match clicks::give(app, *patron, &key(app), give).await {
                Ok(_) => {}
                Err(error) => {
                    assert!(matches!(error.code(), "own_work" | "work_refused"), "{error}")
                }
            }
        }
    }
}

/// Some of what is subscribed to is given by the nodes' jobs, some by nobody before the close.
async fn subscribe(app: &App, patron: AccountId, numbers: &mut Numbers) {
    let subscribe = Subscribe {
        target: Target::Url(CanonicalUrl::parse(&url(numbers.below(WORKS))).expect("url")),
        title: String::new(),
        points: i64::try_from(1 + numbers.below(20)).expect("small"),
        length: [Length::Periods(3), Length::UntilStopped][usize::from(numbers.below(2) == 0)],
        begins: if numbers.below(2) == 0 { Begins::Now } else { Begins::Next },
    };
    if let Err(error) = subscriptions::subscribe(app, patron, &key(app), subscribe).await {
        assert!(matches!(error.code(), "own_work" | "work_refused" | "subscribed"), "{error}");
    }
    if numbers.below(2) == 0 {
        subscriptions::give_due(app).await.expect("given");
    }
}

async fn export(app: &App, what: What, period: Period) -> Vec<Vec<String>> {
    let mut text = String::new();
    let mut write = |part: &str| {
        text.push_str(part);
        Ok(())
    };
    export_shares::write(app, what, period, &mut write).await.expect("an export");
    let lines = text.lines().skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The shares of one patron by the words of product.md section 4, from exported lines alone.
fn expected(lines: &[Vec<String>]) -> BTreeMap<String, (i64, String)> {
    let means: i128 = lines[0][2].parse().expect("means");
    if means < 2_000_000 {
        let carried = |line: &Vec<String>| (line[3].clone(), (0, "carried".to_owned()));
        return lines.iter().map(carried).collect();
    }
    let mut paid: Vec<&Vec<String>> =
        lines.iter().filter(|line| matches!(line[5].as_str(), "claimed" | "unclaimed")).collect();
    paid.sort_by(|one, other| one[3].cmp(&other[3]));
    let points = |line: &Vec<String>| line[4].parse::<i128>().expect("points");
    let total: i128 = paid.iter().map(|line| points(line)).sum();
    let mut shares: Vec<(i128, i128, &Vec<String>)> = paid
        .iter()
        .map(|line| (means * points(line) / total, means * points(line) % total, *line))
        .collect();
    let mut left = means - shares.iter().map(|share| share.0).sum::<i128>();
    shares.sort_by_key(|share| std::cmp::Reverse(share.1));
    for share in &mut shares {
        if left > 0 {
            share.0 += 1;
            left -= 1;
        }
    }
    let state = |line: &Vec<String>| if line[5] == "claimed" { "paid" } else { "promised" };
    let named = |(share, _, line): (i128, i128, &Vec<String>)| {
        (line[3].clone(), (i64::try_from(share).expect("a share"), state(line).to_owned()))
    };
    shares.into_iter().map(named).collect()
}

async fn compare(app: &App, period: Period) -> usize {
    let mut inputs = BTreeMap::<String, Vec<Vec<String>>>::new();
    for line in export(app, What::Inputs, period).await {
        inputs.entry(line[1].clone()).or_default().push(line);
    }
    let mut stored = BTreeMap::<String, BTreeMap<String, (i64, String)>>::new();
    for line in export(app, What::Shares, period).await {
        let share = (line[4].parse().expect("a share"), line[5].clone());
        stored.entry(line[1].clone()).or_default().insert(line[2].clone(), share);
    }
    let mut compared = 0;
    for (patron, lines) in &inputs {
        let mut wanted = expected(lines);
        let got = stored.remove(patron).unwrap_or_default();
        // Clicks that were carried three times before end without a line.
        wanted.retain(|work, (_, state)| state != "carried" || got.contains_key(work));
        assert_eq!(got, wanted, "{period} {patron}");
        compared += got.len();
    }
    assert!(stored.is_empty(), "shares without inputs");
    compared
}

async fn live_a_year(apps: Vec<App>) -> (usize, Vec<Vec<String>>) {
    let mut nodes = Nodes { apps, turn: 0 };
    let mut numbers = Numbers(7);
    let mut patrons = Vec::new();
    for number in 0..PATRONS {
        patrons.push(account(nodes.next(), &format!("patron-{number}")).await);
    }
    let mut compared = 0;
    let mut all = Vec::new();
    let mut month = Period::parse("2026-01").expect("a month");
    for number in 0..12 {
        live_a_month(&mut nodes, &patrons, &mut numbers).await;
        // Now and then a patron turns out to be the maker of something.
        if number % 2 == 0 {
            let owner = patrons[usize::try_from(numbers.below(PATRONS)).expect("small")];
            own(nodes.next(), owner, &url(number)).await;
        }
        if number == 5 {
            let work = own(nodes.next(), patrons[0], &url(1)).await;
            refuse(nodes.next(), work).await;
        }
        let app = nodes.next().clone();
        app.clock().set(month.next().day(2, app.zone()));
        nodes.settle().await;
        let report = audit::run(&app).await.expect("an audit");
        assert_eq!(report.breaches, [], "{month}");
        compared += compare(&app, month).await;
        all.extend(export(&app, What::Shares, month).await);
        month = month.next();
    }
    (compared, all)
}

#[tokio::test]
async fn a_year_agrees_with_an_independent_calculation_on_both_engines() {
    let mut results = Vec::new();
    for instance in engines().await {
        let (compared, shares) = live_a_year(vec![instance.app.clone()]).await;
        assert!(compared > 200, "only {compared} shares");
        results.push(shares);
    }
    // L8: the same chance and clock give the same ids, so both engines give the same lines.
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_in_turn_live_the_same_year() {
    let nodes = nodes(3).await;
    let apps = nodes.iter().map(|node| node.app.clone()).collect();
    let (compared, _) = live_a_year(apps).await;
    assert!(compared > 200, "only {compared} shares");
}
