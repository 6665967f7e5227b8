//! Any sequence of commands, sensible or not, keeps the audit clean and never fails otherwise than
//! by a refusal.

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::refunds::{self, RefundRequest};
use obole_app::testing::{Instance, account, admin, key, sqlite};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{
    App, Error, audit, budgets, payout_batches, payouts, policy, promises, settle, wallets,
};
use obole_domain::click::Way;
use obole_domain::voucher::VoucherCode;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros, Money, Period, WorkId};
use obole_gateway::sepa::Iban;
use proptest::prelude::*;

const EUR: Currency = Currency::EUR;
const PEOPLE: usize = 4;
const WORKS: usize = 5;

#[derive(Clone, Debug)]
enum Command {
    PlayMoney(usize, i64),
    Voucher(usize, i64),
    Budget(usize, i64),
    Give(usize, usize, i64),
    SetPoints(usize, usize, i64),
    TakeBack(usize, usize),
    Grant(usize, usize),
    Revoke(usize),
    LetGo(usize, usize),
    MoveEarnings(usize, i64),
    ReturnEarnings(usize),
    Refund(usize, i64, bool),
    Payout(usize),
    Bank(bool),
    Preset(bool),
    NextMonth,
}

fn any_command() -> impl Strategy<Value = Command> {
    let (who, what) = (0..PEOPLE, 0..WORKS);
    prop_oneof![
        3 => (who.clone(), 0..60_000_000_i64).prop_map(|(w, m)| Command::PlayMoney(w, m)),
        1 => (who.clone(), 1..2_000_i64).prop_map(|(w, c)| Command::Voucher(w, c)),
        3 => (who.clone(), 0..1_500_i64).prop_map(|(w, c)| Command::Budget(w, c)),
        9 => (who.clone(), what.clone(), 0..10_002_i64)
            .prop_map(|(w, k, p)| Command::Give(w, k, p)),
        1 => (who.clone(), what.clone(), 0..99_i64)
            .prop_map(|(w, k, p)| Command::SetPoints(w, k, p)),
        1 => (who.clone(), what.clone()).prop_map(|(w, k)| Command::TakeBack(w, k)),
        3 => (who.clone(), what.clone()).prop_map(|(w, k)| Command::Grant(w, k)),
        1 => what.clone().prop_map(Command::Revoke),
        1 => (who.clone(), what).prop_map(|(w, k)| Command::LetGo(w, k)),
        1 => (who.clone(), 0..9_000_000_i64).prop_map(|(w, m)| Command::MoveEarnings(w, m)),
        1 => who.clone().prop_map(Command::ReturnEarnings),
        1 => (who.clone(), 0..900_i64, any::<bool>())
            .prop_map(|(w, c, ok)| Command::Refund(w, c, ok)),
        2 => who.prop_map(Command::Payout),
        1 => any::<bool>().prop_map(Command::Bank),
        1 => any::<bool>().prop_map(Command::Preset),
        4 => Just(Command::NextMonth),
    ]
}

/// The instance and the people of one sequence.
struct Scene {
    instance: Instance,
    people: Vec<AccountId>,
    admin: Actor,
    month: Period,
}

impl Scene {
    async fn open() -> Self {
        let instance = sqlite().await;
        let app = &instance.app;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            let person = account(app, &format!("person-{number}")).await;
            let iban = Iban::parse("FR1420041010050500013M02606").expect("an IBAN");
            let bank = NewBankAccount { holder: format!("Person {number}"), iban };
            bank_accounts::set(app, person, bank).await.expect("a bank account");
            people.push(person);
        }
        let admin = Actor::Page(admin(app, "keeper").await);
        Self { instance, people, admin, month: Period::parse("2026-01").expect("a month") }
    }

    async fn work(&self, number: usize) -> Option<WorkId> {
        let url = url(number);
        let read = self.instance.app.read(url, |read, url| {
            Box::pin(async move { Ok(obole_store::works::find_by_url(read, url).await?) })
        });
        read.await.expect("read").map(|work| work.id)
    }

    async fn run(&mut self, command: &Command) -> Result<(), Error> {
        let app = &self.instance.app.clone();
        let who = |number: usize| self.people[number];
        match *command {
            Command::PlayMoney(w, m) => {
                wallets::play_money(app, who(w), &key(app), micros(m)).await.map(drop)
            }
            Command::Voucher(w, c) => self.voucher(app, who(w), cents(c)).await,
            Command::Budget(w, c) => budgets::set(app, who(w), cents(c)).await.map(drop),
            Command::Give(w, k, points) => give(app, who(w), k, points).await,
            Command::SetPoints(w, k, points) => match self.work(k).await {
                Some(work) => clicks::set_points(app, who(w), work, points).await.map(drop),
                None => Ok(()),
            },
            Command::TakeBack(w, k) => match self.work(k).await {
                Some(work) => clicks::take_back(app, who(w), work).await,
                None => Ok(()),
            },
            Command::Grant(w, k) => {
                let handle = Handle::parse(&format!("person-{w}"))?;
                let grant = Grant { target: Target::Url(url(k)), handle, reason: "known".into() };
                claims::grant(app, self.admin, grant).await.map(drop)
            }
            Command::Revoke(k) => match self.work(k).await {
                Some(work) => claims::revoke(app, self.admin, work, "gone").await,
                None => Ok(()),
            },
            Command::LetGo(w, k) => match self.work(k).await {
                Some(work) => {
                    promises::let_go(app, who(w), self.month.back(1), work).await.map(drop)
                }
                None => Ok(()),
            },
            Command::MoveEarnings(w, m) => {
                wallets::move_earnings(app, who(w), &key(app), micros(m)).await.map(drop)
            }
            Command::ReturnEarnings(w) => {
                wallets::return_earnings(app, who(w), &key(app), EUR).await.map(drop)
            }
            Command::Refund(w, c, is_good) => self.refund(app, who(w), (cents(c), is_good)).await,
            Command::Payout(w) => payouts::request(app, who(w), &key(app), EUR).await.map(drop),
            Command::Bank(is_sent) => self.bank(app, is_sent).await,
            Command::Preset(is_old) => {
                let name = if is_old { "flattr-2010" } else { "obole" };
                policy::set_preset(app, self.admin, name.into()).await
            }
            Command::NextMonth => {
                self.month = self.month.next();
                app.clock().set(self.month.day(3, app.zone()));
                settle::run(app, Actor::Job, None, &|_| ()).await.map(drop)
            }
        }
    }

    async fn voucher(&self, app: &App, who: AccountId, amount: Money) -> Result<(), Error> {
        let new = NewVouchers { amount, count: 1, expires_at: None };
        for code in vouchers::create(app, self.admin, new).await? {
            let code = VoucherCode::parse(&code)?;
            vouchers::redeem(app, who, &key(app), code).await?;
            let again = vouchers::redeem(app, who, &key(app), code).await;
            assert_eq!(again.expect_err("once").code(), "voucher_unusable");
        }
        Ok(())
    }

    async fn refund(&self, app: &App, who: AccountId, what: (Money, bool)) -> Result<(), Error> {
        let request = RefundRequest { amount: what.0, note: "at the desk".into() };
        let asked = refunds::request(app, who, &key(app), request).await?;
        let id = obole_domain::payout::RefundId::new(asked.value.refund);
        if what.1 {
            refunds::execute(app, self.admin, id, "in cash").await
        } else {
            refunds::decline(app, self.admin, id, "not here").await
        }
    }

    async fn bank(&self, app: &App, is_sent: bool) -> Result<(), Error> {
        let batch = payout_batches::create(app, self.admin, EUR).await?;
        if !is_sent {
            return Ok(());
        }
        payout_batches::hand_out(app, self.admin, batch.id).await?;
        payout_batches::mark_sent(app, self.admin, batch.id).await?;
        let lines = app.read((), move |read, ()| {
            Box::pin(async move { Ok(obole_store::payouts::of_batch(read, batch.id).await?) })
        });
        if let Some(line) = lines.await?.first() {
            payouts::reverse(app, self.admin, line.id, "account closed").await?;
        }
        Ok(())
    }
}

async fn give(app: &App, patron: AccountId, work: usize, points: i64) -> Result<(), Error> {
    let (target, title) = (Target::Url(url(work)), String::new());
    let give = Give { target, title, points, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.map(drop)
}

fn url(number: usize) -> CanonicalUrl {
    CanonicalUrl::parse(&format!("https://work-{number}.example/")).expect("an address")
}

fn cents(cents: i64) -> Money {
    micros(cents * 10_000)
}

fn micros(micros: i64) -> Money {
    Money::new(Micros::new(micros), EUR)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_keeps_the_audit_clean(
        commands in proptest::collection::vec(any_command(), 1..45),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let mut scene = Scene::open().await;
            for command in &commands {
                match scene.run(command).await {
                    Ok(()) | Err(Error::Refused(_)) => {}
                    Err(other) => panic!("{command:?}: {other}"),
                }
                let report = audit::run(&scene.instance.app).await.expect("an audit");
                assert_eq!(report.breaches, [], "after {command:?}");
            }
        });
    }
}
