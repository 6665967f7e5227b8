//! Commands done by the program: whole, dropped at any await, or several at once.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Poll;

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::domain::policy::Rule;
use obole_app::refunds::{self, RefundRequest};
use obole_app::sign_up::{self, SignUp};
use obole_app::subscriptions::{self, Begins, Change, Subscribe};
use obole_app::testing::{Instance, PASSWORD, account, admin};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{
    App, Error, IdempotencyKey, accounts, budgets, currencies, payout_batches, payouts, policy,
    promises, settle, wallets, works,
};
use obole_domain::click::Way;
use obole_domain::subscription::Length;
use obole_domain::voucher::{VoucherBatchId, VoucherCode};
use obole_domain::{
    AccountId, CanonicalUrl, Currency, EmailAddress, Handle, Micros, Money, Period, SubscriptionId,
    WorkId,
};
use obole_gateway::sepa::Iban;
use obole_language::Language;
use obole_store::accounts::Profile;
use obole_store::db::sql;
use obole_store::{Engine, StoreError};
use uuid::Uuid;

use super::commands::Command;
use super::model::{CODES, Coin};
use super::stored::{Names, handle, url};

/// The program with the ids that it gave.
pub struct Program {
    pub instance: Instance,
    pub names: Names,
    /// The codes of vouchers by batch.
    pub codes: Vec<Vec<VoucherCode>>,
    keeper: Actor,
    second: Actor,
    sign_ups: AtomicU32,
}

/// How a command ended.
pub type Ended = Result<(), Error>;

impl Program {
    /// An instance with so many people, all confirmed and with a bank account.
    pub async fn open(instance: Instance, people: usize) -> Self {
        let app = &instance.app;
        for number in 0..people {
            let person = account(app, &handle(number)).await;
            let iban = Iban::parse("FR1420041010050500013M02606").expect("an IBAN");
            let bank = NewBankAccount { holder: format!("Person {number}"), iban };
            bank_accounts::set(app, person, bank).await.expect("a bank account");
        }
        let keeper = Actor::Page(admin(app, "keeper").await);
        let second = Actor::Page(admin(app, "second").await);
        let (names, codes, sign_ups) = (Names::default(), Vec::new(), AtomicU32::new(0));
        Self { instance, names, codes, keeper, second, sign_ups }
    }

    /// Does a command under a key.
    pub async fn run(&mut self, command: &Command, key: &IdempotencyKey) -> Ended {
        if let Command::MakeVouchers { coin, micros, count, minutes } = *command {
            return self.make_vouchers((coin, micros), count, minutes).await;
        }
        self.perform(command, key).await
    }

    /// The same, dropped when it has been polled so often and is not done; none where it was.
    pub async fn run_dropped(
        &self,
        command: &Command,
        key: &IdempotencyKey,
        polls: u64,
    ) -> Option<Ended> {
        let mut future = self.perform(command, key);
        let mut left = polls;
        let ended = poll_fn(|context| match future.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => {
                left -= 1;
                Poll::Pending
            }
        });
        ended.await
    }

    /// The same several times at once under one key.
    pub async fn run_at_once(
        &self,
        command: &Command,
        key: &IdempotencyKey,
        count: usize,
    ) -> Vec<Ended> {
        let mut running: Vec<_> = (0..count).map(|_| Some(self.perform(command, key))).collect();
        let mut ended = Vec::new();
        poll_fn(|context| {
            for slot in &mut running {
                let polled = slot.as_mut().map(|future| future.as_mut().poll(context));
                if let Some(Poll::Ready(end)) = polled {
                    ended.push(end);
                    *slot = None;
                }
            }
            if running.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        ended
    }

    /// Whether everything that is queued is done in its order.
    pub fn is_on_sqlite(&self) -> bool {
        self.instance.app.store().engine() == Engine::Sqlite
    }

    /// Waits until what was dropped is over, done or not.
    pub async fn rest(&self) {
        let app = &self.instance.app;
        if self.is_on_sqlite() {
            // The one writer takes it after whatever was queued before.
            let written =
                app.store().write((), |_, ()| Box::pin(async { Ok::<_, StoreError>(()) }));
            return written.await.expect("the writer answers");
        }
        loop {
            let busy = app.read((), |read, ()| {
                Box::pin(async move {
                    let select = sql("
                        select count(*) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()
                            and state <> 'idle'");
                    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await?)
                })
            });
            if busy.await.expect("the server answers") == 0 {
                return;
            }
        }
    }

    async fn make_vouchers(
        &mut self,
        (coin, micros): (Coin, i64),
        count: usize,
        minutes: Option<i64>,
    ) -> Ended {
        let app = &self.instance.app;
        let now = app.now();
        let ends = minutes.map(jiff::SignedDuration::from_mins);
        let new = NewVouchers {
            amount: money(coin, micros),
            count: i64::try_from(count).expect("few"),
            expires_at: ends.map(|ends| now.saturating_add(ends).expect("a moment")),
        };
        let codes = vouchers::create(app, self.keeper, new).await?;
        let codes = codes.iter().map(|code| VoucherCode::parse(code).expect("a code"));
        self.codes.push(codes.collect());
        Ok(())
    }

    fn who(&self, number: usize) -> AccountId {
        self.names.people[number]
    }

    /// A work's id; one that nothing has where there is no such work yet.
    fn work(&self, number: usize) -> WorkId {
        let unknown = WorkId::new(Uuid::from_u128(1));
        self.names.works.get(&number).copied().unwrap_or(unknown)
    }

    fn perform<'a>(
        &'a self,
        command: &'a Command,
        key: &'a IdempotencyKey,
    ) -> Pin<Box<dyn Future<Output = Ended> + 'a>> {
        let app = &self.instance.app;
        Box::pin(async move {
            match *command {
                Command::PlayMoney { .. }
                | Command::Redeem { .. }
                | Command::MoveEarnings { .. }
                | Command::ReturnEarnings { .. }
                | Command::VoidBatch { .. }
                | Command::Budget { .. } => self.money_in(app, command, key).await,
                Command::AskRefund { .. }
                | Command::EndRefund { .. }
                | Command::AskPayout { .. }
                | Command::Reverse { .. }
                | Command::MakeFile
                | Command::Approve { .. }
                | Command::HandOut { .. }
                | Command::MarkSent { .. }
                | Command::Discard { .. } => self.money_out(app, command, key).await,
                Command::Give { who, work, points, at_once } => {
                    let way = if at_once == 1 { Way::Api } else { Way::Page };
                    let (target, title) = (Target::Url(address(work)), String::new());
                    let give = Give { target, title, points, note: None, way };
                    clicks::give(app, self.who(who), key, give).await.map(drop)
                }
                Command::SetPoints { who, work, points } => {
                    clicks::set_points(app, self.who(who), self.work(work), points).await.map(drop)
                }
                Command::TakeBack { who, work } => {
                    clicks::take_back(app, self.who(who), self.work(work)).await
                }
                Command::Subscribe { .. }
                | Command::Pause { .. }
                | Command::Resume { .. }
                | Command::Change { .. }
                | Command::Stop { .. } => self.subscription(app, command, key).await,
                Command::GiveDue => subscriptions::give_due(app).await,
                Command::LetGo { who, month, work } => {
                    let period = Period::from_number(month).expect("a month");
                    promises::let_go(app, self.who(who), period, self.work(work)).await.map(drop)
                }
                Command::Settle => settle::run(app, Actor::Job, None, &|_| ()).await.map(drop),
                _ => self.rule(app, command).await,
            }
        })
    }

    async fn subscription(&self, app: &App, command: &Command, key: &IdempotencyKey) -> Ended {
        let nobody = || (self.who(0), SubscriptionId::new(Uuid::from_u128(1)));
        let of = |which: usize| self.names.subscriptions.get(which).copied().unwrap_or_else(nobody);
        match *command {
            Command::Subscribe { who, work, points, length, is_next } => {
                let subscribe = Subscribe {
                    target: Target::Url(address(work)),
                    title: String::new(),
                    points,
                    length: Length::new(length)?,
                    begins: if is_next { Begins::Next } else { Begins::Now },
                };
                subscriptions::subscribe(app, self.who(who), key, subscribe).await.map(drop)
            }
            Command::Pause { which } => {
                let (patron, id) = of(which);
                subscriptions::pause(app, patron, id).await.map(drop)
            }
            Command::Resume { which } => {
                let (patron, id) = of(which);
                subscriptions::resume(app, patron, id).await.map(drop)
            }
            Command::Change { which, points, length } => {
                let (patron, id) = of(which);
                let (points, length) = (Some(points), Some(Length::new(length)?));
                subscriptions::change(app, patron, id, Change { points, length, is_paused: None })
                    .await
                    .map(drop)
            }
            Command::Stop { which } => {
                let (patron, id) = of(which);
                subscriptions::stop(app, patron, id).await.map(drop)
            }
            ref other => panic!("{other:?} is no subscription's"),
        }
    }

    async fn money_in(&self, app: &App, command: &Command, key: &IdempotencyKey) -> Ended {
        match *command {
            Command::PlayMoney { who, coin, micros } => {
                wallets::play_money(app, self.who(who), key, money(coin, micros)).await.map(drop)
            }
            Command::Redeem { who, batch, number } => {
                let unknown = VoucherCode::from_random([7; 10]);
                let code = self.codes.get(batch).map_or(unknown, |codes| codes[number]);
                vouchers::redeem(app, self.who(who), key, code).await.map(drop)
            }
            Command::VoidBatch { batch } => match self.names.batches.get(batch) {
                Some(batch) => vouchers::void_batch(app, self.keeper, *batch).await.map(drop),
                None => vouchers::void_batch(app, self.keeper, no_batch()).await.map(drop),
            },
            Command::MoveEarnings { who, coin, micros } => {
                let amount = money(coin, micros);
                wallets::move_earnings(app, self.who(who), key, amount).await.map(drop)
            }
            Command::ReturnEarnings { who, coin } => {
                let currency = currency(coin);
                wallets::return_earnings(app, self.who(who), key, currency).await.map(drop)
            }
            Command::Budget { who, coin, micros } => {
                budgets::set(app, self.who(who), money(coin, micros)).await.map(drop)
            }
            ref other => panic!("{other:?} is no money coming in"),
        }
    }

    async fn money_out(&self, app: &App, command: &Command, key: &IdempotencyKey) -> Ended {
        let file = |file: usize| self.names.files.get(file).copied().ok_or(Error::NotFound);
        match *command {
            Command::AskRefund { who, coin, micros } => {
                let amount = money(coin, micros);
                let request = RefundRequest { amount, note: "at the desk".into() };
                refunds::request(app, self.who(who), key, request).await.map(drop)
            }
            Command::EndRefund { refund, is_good } => {
                let refund = self.names.refunds.get(refund).copied().ok_or(Error::NotFound)?;
                if is_good {
                    refunds::execute(app, self.keeper, refund, "in cash").await
                } else {
                    refunds::decline(app, self.keeper, refund, "not here").await
                }
            }
            Command::AskPayout { who, coin } => {
                payouts::request(app, self.who(who), key, currency(coin)).await.map(drop)
            }
            Command::Reverse { payout } => {
                let payout = self.names.payouts.get(payout).copied().ok_or(Error::NotFound)?;
                payouts::reverse(app, self.keeper, payout, "account closed").await
            }
            Command::MakeFile => {
                payout_batches::create(app, self.keeper, Currency::EUR).await.map(drop)
            }
            Command::Approve { file: number, is_second } => {
                let actor = if is_second { self.second } else { self.keeper };
                payout_batches::approve(app, actor, file(number)?).await
            }
            Command::HandOut { file: number } => {
                payout_batches::hand_out(app, self.keeper, file(number)?).await.map(drop)
            }
            Command::MarkSent { file: number } => {
                payout_batches::mark_sent(app, self.keeper, file(number)?).await
            }
            Command::Discard { file: number } => {
                payout_batches::discard(app, self.keeper, file(number)?).await
            }
            ref other => panic!("{other:?} is no money going out"),
        }
    }

    async fn rule(&self, app: &App, command: &Command) -> Ended {
        match *command {
            Command::SignUp { handle: number } => {
                // A try that was dropped may have counted a mail to its address.
                let again = self.sign_ups.fetch_add(1, Ordering::Relaxed);
                let new = SignUp {
                    handle: Handle::parse(&handle(number))?,
                    email: EmailAddress::parse(&format!("try-{again}@obole.example"))?,
                    password: PASSWORD.to_owned(),
                    language: Language::English,
                    browser: obole_app::sessions::Browser::default(),
                    invitation: None,
                };
                sign_up::sign_up(app, new).await.map(drop)
            }
            Command::Grant { who, work } => {
                let target = Target::Url(address(work));
                let grant =
                    Grant { target, handle: Handle::parse(&handle(who))?, reason: "known".into() };
                claims::grant(app, self.keeper, grant).await.map(drop)
            }
            Command::Revoke { work } => {
                claims::revoke(app, self.keeper, self.work(work), "gone").await
            }
            Command::Refuse { who, work, is_refused } => {
                let actor = Actor::Page(self.who(who));
                works::set_refused(app, actor, self.work(work), is_refused).await
            }
            Command::Preset { is_old } => {
                let name = if is_old { "flattr-2010" } else { "obole" };
                policy::set_preset(app, self.keeper, name.into()).await
            }
            Command::Rule { name, value } => {
                let rule = Rule::from_name(name).expect("a rule");
                policy::set_rule(app, self.keeper, rule, value.into()).await
            }
            Command::Profile { who, gives_unspent } => {
                let (name, language) = (String::new(), String::new());
                let profile = Profile {
                    name,
                    language,
                    is_public: false,
                    gives_unspent,
                    keeps_details: false,
                };
                accounts::set_profile(app, self.who(who), profile).await
            }
            Command::Takes { who, ref coins } => {
                let taken: Vec<Currency> = coins.iter().map(|coin| currency(*coin)).collect();
                currencies::set_taken(app, self.who(who), &taken).await
            }
            ref other => panic!("{other:?} is no rule"),
        }
    }
}

/// A batch that nobody made.
fn no_batch() -> VoucherBatchId {
    VoucherBatchId::new(Uuid::from_u128(1))
}

fn address(work: usize) -> CanonicalUrl {
    CanonicalUrl::parse(&url(work)).expect("an address")
}

fn currency(coin: Coin) -> Currency {
    Currency::iso(CODES[coin]).expect("a currency")
}

fn money(coin: Coin, micros: i64) -> Money {
    Money::new(Micros::new(micros), currency(coin))
}
