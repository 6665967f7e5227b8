//! Teams on both engines: who may what, and how what they receive is shared out (product.md
//! section 2, *payee*).

use obole_app::audit_log::Actor;
use obole_app::teams::{self, Shown, To};
use obole_app::testing::{Instance, account, engines, fund, key, own};
use obole_app::{App, Error, budgets, deletions, settle};
use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Currency, Handle, Micros, Refusal, TeamInvitationId, TeamRole};
use obole_store::db::sql;
use obole_store::teams::percentages;

use crate::support::{
    an_unconfirmed_account, assert_books_balance, available, code, give, in_earnings, mails_to,
    session, units,
};

const SONG: &str = "https://band.example/song";

fn page(account: AccountId) -> Actor {
    Actor::Page(account)
}

async fn band(app: &App, founder: AccountId) -> AccountId {
    let handle = Handle::parse("band").expect("a handle");
    teams::found(app, page(founder), handle, "The band").await.expect("founded")
}

/// The links of the invitations that were mailed to somebody.
async fn links(app: &App, who: &str) -> Vec<String> {
    let found = app.read(format!("{who}@obole.example"), |read, email| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox where kind = 'team-invited' and recipient = $1");
            let select = select.bind(email.as_str());
            Ok(select.fetch_all(read, |row| row.get::<String>(0)).await?)
        })
    });
    found.await.expect("mails").iter().map(|text| link_in(text)).collect()
}

async fn link(app: &App, who: &str) -> String {
    links(app, who).await.pop().expect("a mail")
}

fn link_in(text: &str) -> String {
    let link = text.split_once("/team-invitation/").expect("a link").1;
    link.split_whitespace().next().expect("its end").to_owned()
}

/// Invites an account and lets it accept.
async fn join(app: &App, (owner, team): (AccountId, AccountId), who: &str, role: TeamRole) {
    let handle = Handle::parse(who).expect("a handle");
    let to = (To::Handle(handle.clone()), role);
    teams::invite(app, page(owner), team, to).await.expect("invited");
    let member = obole_app::accounts::find_by_handle(app, handle).await.expect("read");
    let member = member.expect("an account").id;
    teams::answer(app, page(member), &link(app, who).await, true).await.expect("joined");
}

async fn seen(app: &App, who: AccountId) -> Option<Shown> {
    teams::show(app, who, Handle::parse("band").expect("a handle")).await.expect("read")
}

async fn patron(app: &App, handle: &str) -> AccountId {
    let patron = account(app, handle).await;
    fund(app, patron, units(50)).await;
    budgets::set(app, patron, units(10)).await.expect("a budget");
    patron
}

async fn close(instance: &Instance, at: &str) {
    instance.at(at);
    settle::run(&instance.app, Actor::Job, None, &|_| ()).await.expect("settled");
}

#[tokio::test]
async fn a_teams_money_is_its_members_by_their_percentages() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob, cyd) =
            (account(app, "ada").await, account(app, "bob").await, account(app, "cyd").await);
        let zoe = patron(app, "zoe").await;
        let team = band(app, ada).await;
        join(app, (ada, team), "bob", TeamRole::Member).await;
        join(app, (ada, team), "cyd", TeamRole::Member).await;
        own(app, team, SONG).await;
        give(app, zoe, SONG).await;
        let parts = vec![(ada, 5_000), (bob, 2_500)];
        teams::set_percentages(app, page(ada), team, parts).await.expect("set");
        assert!(mails_to(app, cyd).await.contains(&"team-news".to_owned()), "all are told");
        close(&instance, "2026-02-01T00:00:01Z").await;
        // Nine of ten euros are left after the fee.
        assert_eq!(in_earnings(app, ada).await, Micros::new(4_500_000));
        assert_eq!(in_earnings(app, bob).await, Micros::new(2_250_000));
        assert_eq!(in_earnings(app, team).await, Micros::new(2_250_000));
        assert_eq!(in_earnings(app, cyd).await, Micros::ZERO);
        assert_books_balance(&instance).await;

        // In the middle of the next month bob leaves and cyd gets his part: it counts from then on.
        give(app, zoe, SONG).await;
        instance.at("2026-02-15T12:00:00Z");
        teams::leave(app, page(bob), team).await.expect("left");
        let left = seen(app, ada).await.expect("hers");
        assert_eq!((left.percentages.part(bob), left.percentages.kept()), (0, 5_000));
        let parts = vec![(ada, 5_000), (cyd, 5_000)];
        teams::set_percentages(app, page(ada), team, parts).await.expect("set");
        close(&instance, "2026-03-01T00:00:01Z").await;
        assert_eq!(in_earnings(app, ada).await, Micros::new(9_000_000));
        assert_eq!(in_earnings(app, bob).await, Micros::new(2_250_000), "what was received stays");
        assert_eq!(in_earnings(app, cyd).await, Micros::new(4_500_000));
        assert_eq!(seen(app, ada).await.expect("hers").history.len(), 3);
        assert_books_balance(&instance).await;

        // What the team kept is shared out once, however often it is asked for.
        let once = key(app);
        let ask = || teams::share_kept(app, page(ada), &once, (team, Currency::EUR));
        let asked = futures_util::future::join_all((0..50).map(|_| ask())).await;
        let fresh = asked.iter().flatten().filter(|once| !once.is_replayed).count();
        assert_eq!(fresh, 1, "{asked:?}");
        assert_eq!(in_earnings(app, team).await, Micros::ZERO);
        assert_eq!(in_earnings(app, ada).await, Micros::new(10_125_000));
        assert_eq!(in_earnings(app, cyd).await, Micros::new(5_625_000));
        let nothing = teams::share_kept(app, page(ada), &key(app), (team, Currency::EUR)).await;
        assert_eq!(code(nothing), "amount_zero");
        assert_books_balance(&instance).await;
        let credits = app.read((), move |read, ()| {
            Box::pin(async move {
                let month = obole_domain::Period::parse("2026-02").expect("a month");
                Ok(percentages::credits_of_member(read, cyd, month).await?)
            })
        });
        assert_eq!(credits.await.expect("read")[0].2, Micros::new(4_500_000));
    }
}

#[tokio::test]
async fn a_team_that_keeps_nothing_is_settled_too() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let zoe = patron(app, "zoe").await;
        let team = band(app, ada).await;
        teams::set_percentages(app, page(ada), team, vec![(ada, 10_000)]).await.expect("set");
        own(app, team, SONG).await;
        give(app, zoe, SONG).await;
        close(&instance, "2026-02-01T00:00:01Z").await;
        assert_eq!(in_earnings(app, ada).await, Micros::new(9_000_000));
        assert_eq!(in_earnings(app, team).await, Micros::ZERO);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn each_role_may_what_it_may() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let (bob, cyd) = (account(app, "bob").await, account(app, "cyd").await);
        let stranger = account(app, "stranger").await;
        let team = band(app, ada).await;
        join(app, (ada, team), "bob", TeamRole::Keeper).await;
        join(app, (ada, team), "cyd", TeamRole::Viewer).await;
        let work = own(app, team, SONG).await;
        for who in [bob, cyd] {
            let to = To::parse("dee@obole.example").expect("an address");
            let invited = teams::invite(app, page(who), team, (to, TeamRole::Member)).await;
            assert!(matches!(invited, Err(Error::Forbidden)), "{invited:?}");
            let set = teams::set_percentages(app, page(who), team, vec![(who, 10_000)]).await;
            assert!(matches!(set, Err(Error::Forbidden)), "{set:?}");
            let role = teams::set_role(app, page(who), team, (who, TeamRole::Owner)).await;
            assert!(matches!(role, Err(Error::Forbidden)), "{role:?}");
            let open = teams::set_open(app, page(who), team, true).await;
            assert!(matches!(open, Err(Error::Forbidden)), "{open:?}");
            let closed = teams::close(app, page(who), team).await;
            assert!(matches!(closed, Err(Error::Forbidden)), "{closed:?}");
            let removed = teams::remove(app, page(who), team, ada).await;
            assert!(matches!(removed, Err(Error::Forbidden)), "{removed:?}");
        }
        // Owners and keepers say what a work is called; others and strangers find none.
        for who in [ada, bob] {
            obole_app::works::set_title(app, page(who), work, "Song").await.expect("set");
        }
        for who in [cyd, stranger] {
            let set = obole_app::works::set_title(app, page(who), work, "Mine").await;
            assert!(matches!(set, Err(Error::NotFound)), "{set:?}");
        }
        let parts = vec![(stranger, 10)];
        assert_eq!(code(teams::set_percentages(app, page(ada), team, parts).await), "state_moved");
        let parts = vec![(cyd, 10)];
        let only_looks = teams::set_percentages(app, page(ada), team, parts).await;
        assert_eq!(code(only_looks), "state_moved", "who only looks receives nothing");
        assert!(seen(app, stranger).await.is_none());
        assert!(!seen(app, cyd).await.expect("a member").sees_all());
        teams::set_open(app, page(ada), team, true).await.expect("open");
        assert!(seen(app, cyd).await.expect("a member").sees_all());
        let kept = teams::share_kept(app, page(bob), &key(app), (team, Currency::EUR)).await;
        assert!(matches!(kept, Err(Error::Forbidden)), "{kept:?}");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_team_has_an_owner_as_long_as_it_is_open() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let team = band(app, ada).await;
        let role = |who, role| teams::set_role(app, page(ada), team, (who, role));
        assert_eq!(code(teams::leave(app, page(ada), team).await), "team_last_owner");
        assert_eq!(code(role(ada, TeamRole::Member).await), "team_last_owner");
        join(app, (ada, team), "bob", TeamRole::Member).await;
        role(bob, TeamRole::Owner).await.expect("an owner");
        // Both leave at once: one of them stays.
        let both =
            tokio::join!(teams::leave(app, page(ada), team), teams::leave(app, page(bob), team));
        assert_eq!(usize::from(both.0.is_ok()) + usize::from(both.1.is_ok()), 1, "{both:?}");
        let last = if both.0.is_ok() { bob } else { ada };
        let left = seen(app, last).await.expect("a member");
        assert_eq!((left.members.len(), left.role), (1, TeamRole::Owner));

        own(app, team, SONG).await;
        assert_eq!(code(teams::close(app, page(last), team).await), "team_not_empty");
        let fresh = session(app, if last == ada { "ada" } else { "bob" }).await;
        assert_eq!(code(deletions::ask(app, &fresh).await), "team_last_owner");
        let claim = app.read((), move |read, ()| {
            Box::pin(
                async move { Ok(obole_store::claims::of_account(read, team, (None, 1)).await?) },
            )
        });
        let claim = claim.await.expect("read")[0].id;
        obole_app::claims::give_away(app, page(last), claim).await.expect("given away");
        teams::close(app, page(last), team).await.expect("closed");
        assert!(seen(app, last).await.is_none());
        deletions::ask(app, &fresh).await.expect("asked");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn an_invitation_is_answered_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        let team = band(app, ada).await;
        let invite = |to: &str| {
            let to = To::parse(to).expect("somebody");
            teams::invite(app, page(ada), team, (to, TeamRole::Member))
        };
        invite("@bob").await.expect("invited");
        let first = link(app, "bob").await;
        assert_eq!(mails_to(app, bob).await, ["team-invited"]);
        assert_eq!(teams::ask(app, &first).await.expect("read").expect("open").team.account, team);
        let answers = (0..50).map(|_| teams::answer(app, page(bob), &first, true));
        let answers = futures_util::future::join_all(answers).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
        let again = teams::answer(app, page(bob), &first, true).await;
        assert_eq!(code(again), "team_invitation_unusable");
        assert_eq!(code(invite("@bob").await), "team_member_already");
        // Who is invited by handle keeps their address to themselves.
        account(app, "fay").await;
        invite("@fay").await.expect("invited");
        let asked = seen(app, ada).await.expect("hers").invited.remove(0);
        let whom = asked.account.map(|(_, handle)| handle.to_string());
        assert_eq!((asked.email.as_str(), whom.as_deref()), ("", Some("fay")));
        teams::withdraw(app, page(ada), team, asked.id).await.expect("taken back");
        assert_eq!(code(invite("@nobody").await), "account_unknown");

        // A newer one to the same address ends the older one; one that is taken back, too.
        invite("eve@obole.example").await.expect("invited");
        let second = link(app, "eve").await;
        invite("eve@obole.example").await.expect("invited again");
        let third = links(app, "eve").await.into_iter().find(|link| *link != second);
        let third = third.expect("another one");
        assert!(teams::ask(app, &second).await.expect("read").is_none());
        let eve = an_unconfirmed_account(app, "eve").await;
        let early = teams::answer(app, page(eve), &third, true).await;
        assert_eq!(code(early), "email_unconfirmed");
        assert!(teams::ask(app, &third).await.expect("read").is_some(), "nothing was used up");
        let open = seen(app, ada).await.expect("hers").invited;
        let id: TeamInvitationId = open[0].id;
        teams::withdraw(app, page(ada), team, id).await.expect("taken back");
        assert_eq!(code(teams::withdraw(app, page(ada), team, id).await), "state_moved");
        assert!(teams::ask(app, &third).await.expect("read").is_none());

        invite("dee@obole.example").await.expect("invited");
        instance.at("2026-02-20T12:00:00Z");
        let late = teams::answer(app, page(bob), &link(app, "dee").await, true).await;
        assert_eq!(code(late), "team_invitation_unusable", "thirty days have passed");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn founding_needs_a_handle_of_its_own() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        let found = |who, handle: &str| {
            let handle = Handle::parse(handle).expect("a handle");
            teams::found(app, page(who), handle, "")
        };
        assert_eq!(code(found(ada, "ada").await), "handle_taken");
        assert_eq!(code(found(ada, "support").await), "handle_taken");
        let new = an_unconfirmed_account(app, "new").await;
        assert_eq!(code(found(new, "news").await), "email_unconfirmed");
        let names: Vec<String> = (0..25).map(|number| format!("team-{number}")).collect();
        let founded = futures_util::future::join_all(names.iter().map(|name| found(ada, name)));
        let founded = founded.await;
        assert_eq!(founded.iter().filter(|founded| founded.is_ok()).count(), 20);
        let full = founded.into_iter().find(Result::is_err).expect("some");
        assert_eq!(code(full), Refusal::TeamsFull { limit: 20 }.code());
        let wallet = LedgerAccount::wallet(ada, Currency::EUR);
        assert_eq!(available(app, wallet).await, Micros::ZERO);
    }
}

#[tokio::test]
async fn a_team_outlives_the_account_of_its_owner() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, bob) = (account(app, "ada").await, account(app, "bob").await);
        account(app, "cyd").await;
        let team = band(app, ada).await;
        join(app, (ada, team), "bob", TeamRole::Owner).await;
        join(app, (ada, team), "cyd", TeamRole::Member).await;
        let parts = vec![(ada, 5_000)];
        teams::set_percentages(app, page(bob), team, parts).await.expect("set");
        deletions::ask(app, &session(app, "ada").await).await.expect("asked");
        teams::leave(app, page(bob), team).await.expect("left: ada owns it still");
        instance.at("2026-01-25T12:00:00Z");
        assert_eq!(deletions::erase_due(app).await.expect("ran"), 1);
        let cyd = obole_app::accounts::find_by_handle(app, Handle::parse("cyd").expect("cyd"));
        let left = seen(app, cyd.await.expect("read").expect("cyd").id).await.expect("a member");
        assert_eq!((left.role, left.members.len()), (TeamRole::Owner, 1));
        assert_eq!(left.percentages.kept(), 10_000, "her part is the team's");
        assert_books_balance(&instance).await;
    }
}
