//! Passing on, on both engines: chains, circles, teams, works that nobody controls; each part once,
//! whatever is killed (product.md section 4, works 2).

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{Instance, account, engines, fund, key, own};
use obole_app::{App, Error, budgets, deletions, pass_on, settle, teams};
use obole_domain::click::Way;
use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros, Refusal, WorkId};
use obole_store::ledger;

use crate::support::{assert_books_balance, code, in_earnings, killed_after, units};

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).expect("an address")
}

const APP: &str = "https://app.example/";
const LIBRARY: &str = "https://library.example/";
const KERNEL: &str = "https://kernel.example/";
const NOBODY: &str = "https://nobody.example/";

/// Lets a work pass on a part to some works, all of them alike.
async fn passes(app: &App, owner: AccountId, work: WorkId, (part, to): (i64, &[&str])) {
    let targets = to.iter().map(|to| (url(to), 1)).collect();
    pass_on::set(app, Actor::Page(owner), work, (part, targets)).await.expect("set");
}

async fn give(app: &App, patron: AccountId, to: &str) -> WorkId {
    let give = Give {
        target: Target::Url(url(to)),
        title: String::new(),
        points: 1,
        note: None,
        way: Way::Page,
    };
    WorkId::new(clicks::give(app, patron, &key(app), give).await.expect("given").value.work)
}

async fn patron(app: &App, handle: &str) -> AccountId {
    let patron = account(app, handle).await;
    fund(app, patron, units(100)).await;
    budgets::set(app, patron, units(10)).await.expect("a budget");
    patron
}

async fn close(instance: &Instance, at: &str) {
    instance.at(at);
    settle::run(&instance.app, Actor::Job, None, &|_| ()).await.expect("settled");
    assert_books_balance(instance).await;
}

/// What somebody's earnings are and what of it is held.
async fn earned(app: &App, account: AccountId) -> (i64, i64) {
    let earnings = LedgerAccount::earnings(account, Currency::EUR);
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(ledger::balance(read, earnings).await?) })
    });
    let balance = found.await.expect("a balance");
    (balance.total.amount.get(), balance.held.get())
}

/// Three works, each passing on to the next.
struct Chain {
    ada: AccountId,
    bob: AccountId,
    cyd: AccountId,
    zoe: AccountId,
}

async fn chain(app: &App) -> Chain {
    let (ada, bob, cyd) =
        (account(app, "ada").await, account(app, "bob").await, account(app, "cyd").await);
    let (program, library) = (own(app, ada, APP).await, own(app, bob, LIBRARY).await);
    own(app, cyd, KERNEL).await;
    passes(app, ada, program, (2_000, &[LIBRARY])).await;
    passes(app, bob, library, (5_000, &[KERNEL])).await;
    let zoe = patron(app, "zoe").await;
    Chain { ada, bob, cyd, zoe }
}

#[tokio::test]
async fn a_part_goes_one_step_a_settlement() {
    for instance in engines().await {
        let app = &instance.app;
        let Chain { ada, bob, cyd, zoe } = chain(app).await;
        give(app, zoe, APP).await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        // Of nine euros a fifth goes on; half of that waits for the next settlement.
        assert_eq!(earned(app, ada).await, (7_200_000, 0));
        assert_eq!(earned(app, bob).await, (1_800_000, 900_000));
        assert_eq!(earned(app, cyd).await, (0, 0));
        // What is promised on cannot be paid out.
        let waiting = pass_on::standing(app, bob).await.expect("read");
        assert_eq!((waiting.len(), waiting[0].is_unclaimed), (1, false));
        let kept = pass_on::let_go(app, Actor::Page(bob), bob, waiting[0].target).await;
        assert_eq!(code(kept), "state_moved", "it is for somebody who said yes");

        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await, (900_000, 0));
        assert_eq!(earned(app, cyd).await, (900_000, 0));
        close(&instance, "2026-04-01T00:00:01Z").await;
        assert_eq!(earned(app, cyd).await, (900_000, 0));
    }
}

#[tokio::test]
async fn a_circle_does_no_harm() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let (one, two) = (own(app, ada, APP).await, own(app, bob, LIBRARY).await);
        passes(app, ada, one, (5_000, &[LIBRARY])).await;
        passes(app, bob, two, (5_000, &[APP])).await;
        let zoe = patron(app, "zoe").await;
        give(app, zoe, APP).await;
        for month in 2..=12 {
            close(&instance, &format!("2026-{month:02}-01T00:00:01Z")).await;
            let (hers, his) = (earned(app, ada).await.0, earned(app, bob).await.0);
            assert_eq!(hers + his, 9_000_000, "in month {month}");
        }
        // Half of it went over at once, half of that came back a month later, and so on.
        assert!((5_997_000..=6_003_000).contains(&earned(app, ada).await.0));
    }
}

#[tokio::test]
async fn what_nobody_controls_is_promised_by_the_owner() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let program = own(app, ada, APP).await;
        passes(app, ada, program, (1_000, &[NOBODY, LIBRARY, KERNEL])).await;
        let zoe = patron(app, "zoe").await;
        give(app, zoe, APP).await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        assert_eq!(earned(app, ada).await, (9_000_000, 900_000));
        let standing = pass_on::standing(app, ada).await.expect("read");
        assert!(standing.iter().all(|one| one.is_unclaimed) && standing.len() == 3);
        // One is let go of, one collected, one forgotten.
        let of = |to: &str| standing.iter().find(|one| one.url == url(to)).expect("it").target;
        let stranger = pass_on::let_go(app, Actor::Page(bob), ada, of(KERNEL)).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        let tries = (0..50).map(|_| pass_on::let_go(app, Actor::Page(ada), ada, of(KERNEL)));
        let tries = futures_util::future::join_all(tries).await;
        assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1);
        assert_eq!(earned(app, ada).await, (9_000_000, 600_000));
        own(app, bob, LIBRARY).await;
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await, (300_000, 0));
        assert_eq!(earned(app, ada).await, (8_700_000, 300_000));
        close(&instance, "2027-02-01T00:00:01Z").await;
        assert_eq!(earned(app, ada).await, (8_700_000, 300_000), "a year is not over");
        close(&instance, "2027-03-01T00:00:01Z").await;
        assert_eq!(earned(app, ada).await, (8_700_000, 0), "after a year it is free");
    }
}

#[tokio::test]
async fn a_team_passes_on_first_and_shares_out_the_rest() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob, cyd) =
            (account(app, "ada").await, account(app, "bob").await, account(app, "cyd").await);
        let handle = Handle::parse("band").expect("a handle");
        let team = teams::found(app, Actor::Page(ada), handle, "").await.expect("founded");
        let whole = vec![(ada, 10_000)];
        teams::set_percentages(app, Actor::Page(ada), team, whole).await.expect("set");
        let (song, drum) = (own(app, team, APP).await, own(app, bob, LIBRARY).await);
        let other = own(app, cyd, KERNEL).await;
        passes(app, ada, song, (1_000, &[LIBRARY])).await;
        // What a team's work is handed is its members', too.
        passes(app, cyd, other, (5_000, &[APP])).await;
        let to_team = obole_app::works::set_title(app, Actor::Page(cyd), drum, "x").await;
        assert!(matches!(to_team, Err(Error::NotFound)));
        let zoe = patron(app, "zoe").await;
        give(app, zoe, APP).await;
        give(app, zoe, KERNEL).await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        // The song: 4.5, of which 0.45 goes on; and 2.25 from the other work, of which 0.225 waits.
        assert_eq!(earned(app, bob).await, (450_000, 0));
        assert_eq!(earned(app, ada).await, (4_050_000 + 2_025_000, 0));
        assert_eq!(earned(app, team).await, (225_000, 225_000));
        assert_eq!(earned(app, cyd).await, (2_250_000, 0));
    }
}

#[tokio::test]
async fn several_pass_on_to_one_that_passes_on_and_is_a_teams() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob, cyd) =
            (account(app, "ada").await, account(app, "bob").await, account(app, "cyd").await);
        let handle = Handle::parse("band").expect("a handle");
        let team = teams::found(app, Actor::Page(cyd), handle, "").await.expect("founded");
        let whole = vec![(cyd, 10_000)];
        teams::set_percentages(app, Actor::Page(cyd), team, whole).await.expect("set");
        let (one, two) = (own(app, ada, APP).await, own(app, bob, "https://tool.example/").await);
        let library = own(app, team, LIBRARY).await;
        own(app, bob, KERNEL).await;
        passes(app, ada, one, (5_000, &[LIBRARY])).await;
        passes(app, bob, two, (5_000, &[LIBRARY])).await;
        passes(app, cyd, library, (5_000, &[KERNEL])).await;
        let zoe = patron(app, "zoe").await;
        give(app, zoe, APP).await;
        give(app, zoe, "https://tool.example/").await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        // Twice 4.5, of which twice 2.25 come to the library: half stays, half waits.
        assert_eq!(earned(app, cyd).await, (2_250_000, 0));
        assert_eq!(earned(app, team).await, (2_250_000, 2_250_000));
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await, (2_250_000 + 2_250_000, 0));
        assert_eq!(earned(app, team).await, (0, 0));
    }
}

#[tokio::test]
async fn what_cannot_be_passed_on_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let program = own(app, ada, APP).await;
        let set = |who, part, to: Vec<(CanonicalUrl, i64)>| {
            pass_on::set(app, Actor::Page(who), program, (part, to))
        };
        let one = || vec![(url(LIBRARY), 1)];
        assert!(matches!(set(bob, 10, one()).await, Err(Error::NotFound)));
        assert_eq!(code(set(ada, 5_001, one()).await), "passed_too_much");
        assert_eq!(code(set(ada, 10, vec![(url(APP), 1)]).await), "passed_to_itself");
        assert_eq!(code(set(ada, 10, vec![(url(LIBRARY), 0)]).await), "weight_out_of_range");
        let many = (0..501).map(|n| (url(&format!("https://{n}.example/")), 1)).collect();
        let limit = Refusal::PassedToTooMany { limit: 500 };
        assert_eq!(code(set(ada, 10, many).await), limit.code());
        let nothing = pass_on::of(app, program).await.expect("read");
        assert_eq!((nothing.part, nothing.targets.len()), (0, 0), "nothing was half done");

        // Another owner passes nothing on that they did not say themselves.
        set(ada, 5_000, one()).await.expect("set");
        let claim = app.read((), move |read, ()| {
            Box::pin(async move { Ok(obole_store::claims::of_work(read, program).await?) })
        });
        let claim = claim.await.expect("read").expect("a claim").id;
        obole_app::claims::give_away(app, Actor::Page(ada), claim).await.expect("given away");
        assert_eq!(pass_on::of(app, program).await.expect("read").part, 0);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_word_that_was_given_is_kept() {
    for instance in engines().await {
        let app = &instance.app;
        let Chain { bob, zoe, .. } = chain(app).await;
        give(app, zoe, LIBRARY).await;
        give(app, zoe, NOBODY).await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await, (2_250_000, 0));
        give(app, zoe, APP).await;
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await.1, 900_000);
        // Who stays keeps a word given to somebody who is paid.
        deletions::let_go_of_all(app, bob).await.expect("let go");
        assert_eq!(earned(app, bob).await.1, 900_000);
        close(&instance, "2026-04-01T00:00:01Z").await;
        assert_eq!(earned(app, bob).await.1, 0);
    }
}

#[tokio::test]
async fn killed_anywhere_each_part_arrives_once() {
    for instance in engines().await {
        let app = &instance.app;
        let Chain { ada, bob, cyd, zoe } = chain(app).await;
        give(app, zoe, APP).await;
        instance.at("2026-02-01T00:00:01Z");
        for polls in 0..400 {
            killed_after(polls, settle::run(app, Actor::Job, None, &|_| ())).await;
        }
        let both = tokio::join!(
            settle::run(app, Actor::Job, None, &|_| ()),
            settle::run(app, Actor::Job, None, &|_| ()),
        );
        both.0.and(both.1).expect("settled");
        assert_eq!(in_earnings(app, ada).await, Micros::new(7_200_000));
        assert_eq!(earned(app, bob).await, (1_800_000, 900_000));
        assert_eq!(earned(app, cyd).await, (0, 0));
        assert_books_balance(&instance).await;
    }
}
