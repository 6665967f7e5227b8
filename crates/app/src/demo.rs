//! A made-up community for a demonstration: its months are lived through the real commands and
//! really settled. Nobody in it exists; all addresses end in `.example`.

mod class;
mod community;
mod together;

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::Way;
use obole_domain::subscription::Length;
use obole_domain::voucher::VoucherCode;
use obole_domain::webhook::EventKind;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros, Money, Note, Period};
use obole_gateway::sepa::Iban;
use obole_language::Language;

use crate::accounts::{self, NewAccount};
use crate::app::App;
use crate::audit_log::Actor;
use crate::bank_accounts::{self, NewBankAccount};
use crate::claims::{self, Grant};
use crate::clicks::{self, Give, Target};
use crate::error::{Error, Result};
use crate::idempotency::IdempotencyKey;
use crate::refunds::{self, RefundRequest};
use crate::subscriptions::{self, Begins, Subscribe};
use crate::vouchers::{self, NewVouchers};
use crate::webhooks::{self, Changes, NewWebhook};
use crate::{budgets, payout_batches, payouts, settle, wallets};

/// How large the community is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many patrons.
    pub patrons: usize,
    /// How many works.
    pub works: usize,
    /// How many months are over and settled.
    pub periods: i32,
    /// The moment at which the demonstration begins.
    pub now: Timestamp,
}

/// The password of everybody who can sign in.
pub const PASSWORD: &str = "obole-demonstration";

/// Who can sign in, by handle: a patron, a creator, an administrator.
pub const SIGN_INS: [&str; 3] = ["demo-patron", "demo-creator", "demo-admin"];

/// A work of the community.
struct Work {
    url: CanonicalUrl,
    title: String,
    /// Who makes it, and in which month they claimed it; none where nobody has.
    claim: Option<(usize, i32)>,
}

/// Fills a new instance, whose clock must be a standing one; `tell` is called after each month.
pub async fn fill(app: &App, plan: Plan, tell: &(dyn Fn(i32) + Send + Sync)) -> Result<()> {
    let current = Period::at(plan.now, app.zone());
    let first = current.back(plan.periods);
    app.clock().set(first.day(1, app.zone()));
    let mut life = Life::begin(app, plan).await?;
    for month in 0..plan.periods {
        let period = first.back(-month);
        let lived = (period.day(2, app.zone()), period.day(24, app.zone()));
        life.live(period, month, lived).await?;
        if month == 0 {
            life.subscribe().await?;
            life.work_together().await?;
        }
        if let Some(creator) = life.creators.first().filter(|_| month + 1 == plan.periods) {
            let creator = *creator;
            class::sing(&life, creator).await?;
        }
        app.clock().set(period.next().day(0, app.zone()));
        settle::run(app, Actor::Job, Some(period), &|_| ()).await?;
        life.pay(month).await?;
        tell(month + 1);
    }
    let begun = current.begins(app.zone());
    let passed = plan.now.duration_since(begun).checked_div(2).unwrap_or(SignedDuration::ZERO);
    let middle = begun.saturating_add(passed).unwrap_or(plan.now);
    life.live(current, plan.periods, (middle, plan.now)).await?;
    app.clock().set(plan.now);
    life.listen().await
}

/// The community while it lives.
struct Life<'app> {
    app: &'app App,
    admin: AccountId,
    /// Agrees to bank files; nobody signs in as this one.
    treasurer: AccountId,
    creators: Vec<AccountId>,
    patrons: Vec<AccountId>,
    works: Vec<Work>,
}

impl<'app> Life<'app> {
    async fn begin(app: &'app App, plan: Plan) -> Result<Self> {
        let [patron, creator, admin] = SIGN_INS;
        let admin = account(app, admin, "Demo Admin", true).await?;
        let treasurer = account(app, community::TREASURER, "Demo Treasurer", false).await?;
        let mut creators = vec![account(app, creator, "Demo Creator", true).await?];
        for (handle, name) in community::CREATORS {
            creators.push(account(app, handle, name, false).await?);
        }
        let mut patrons = vec![account(app, patron, "Demo Patron", true).await?];
        for number in 1..plan.patrons.max(1) {
            let (handle, name) = community::patron(number);
            patrons.push(account(app, &handle, &name, false).await?);
        }
        let mut life = Self { app, admin, treasurer, creators, patrons, works: Vec::new() };
        for number in 0..plan.works {
            let work = life.work(number)?;
            life.works.push(work);
        }
        Ok(life)
    }

    /// A number below a limit, from the instance's chance.
    fn below(&self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(u64::from_be_bytes(self.app.chance().bytes()) % limit).unwrap_or(0)
    }

    fn work(&self, number: usize) -> Result<Work> {
        let made = community::work(number, self.creators.len());
        // A quarter of the works belong to nobody here; some are claimed only later.
        let month = match self.below(8) {
            0 | 1 => None,
            2 => Some(2),
            _ => Some(0),
        };
        let claim = month.or((made.creator == 0).then_some(0)).map(|month| (made.creator, month));
        Ok(Work { url: CanonicalUrl::parse(&made.url)?, title: made.title, claim })
    }

    /// One month: money comes in, budgets are set, clicks are given, works are claimed. Each patron
    /// has a time of their own.
    async fn live(
        &mut self,
        period: Period,
        month: i32,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<()> {
        self.app.clock().set(from);
        let patrons = i32::try_from(self.patrons.len()).unwrap_or(i32::MAX);
        let step = until.duration_since(from).checked_div(patrons.max(1)).unwrap_or_default();
        subscriptions::give_due(self.app).await?;
        self.top_up(month).await?;
        for place in 0..self.patrons.len() {
            let is_away = place > 0 && self.below(7) == 0;
            let clicks = if is_away { 0 } else { 2 + self.below(11) };
            for _ in 0..clicks {
                self.click(place).await?;
            }
            self.app.clock().set(self.app.now().saturating_add(step).unwrap_or(until));
        }
        for place in 0..self.works.len() {
            let due = self.works.get(place).and_then(|work| Some((work.url.clone(), work.claim?)));
            let Some((url, (creator, _))) = due.filter(|(_, (_, at))| *at == month) else {
                continue;
            };
            let owner = self.creators.get(creator).copied().unwrap_or(self.admin);
            self.claim(url, owner).await?;
        }
        debug_assert!(self.app.clock_period() == period, "the month is lived in its own time");
        Ok(())
    }

    /// Patrons redeem vouchers or take play money, and set a budget.
    async fn top_up(&self, month: i32) -> Result<()> {
        let actor = Actor::Page(self.admin);
        let currency = self.app.main_currency();
        let buyers: Vec<AccountId> = self.patrons.iter().copied().step_by(3).collect();
        if month % 3 == 0 && !buyers.is_empty() {
            let count = i64::try_from(buyers.len()).map_err(Error::internal)?;
            let amount = Money::new(Micros::units(20), currency);
            let new = NewVouchers { amount, count, expires_at: None };
            let codes = vouchers::create(self.app, actor, new).await?;
            for (buyer, code) in buyers.iter().zip(codes) {
                let code = VoucherCode::parse(&code)?;
                vouchers::redeem(self.app, *buyer, &self.key()?, code).await?;
            }
        }
        for (place, patron) in self.patrons.iter().enumerate() {
            let is_first = month == 0;
            if is_first || (place > 0 && self.below(3) == 0) {
                let units = if place == 0 { 60 } else { 3 + self.below(28) };
                let money = units_of(units, currency)?;
                wallets::play_money(self.app, *patron, &self.key()?, money).await?;
            }
            if is_first || (place > 0 && self.below(6) == 0) {
                let units = if place == 0 { 10 } else { 2 + self.below(12) };
                budgets::set(self.app, *patron, units_of(units, currency)?).await?;
            }
        }
        Ok(())
    }

    /// One click of a patron, more likely on the first works than on the last.
    async fn click(&self, place: usize) -> Result<()> {
        let Some(patron) = self.patrons.get(place).copied() else { return Ok(()) };
        let drawn = self.below(1 << 12);
        let chosen = (((drawn * drawn) >> 12) * self.works.len()) >> 12;
        let Some(work) = self.works.get(chosen) else { return Ok(()) };
        let points = match self.below(12) {
            0 => 25,
            1 | 2 => 5,
            _ => 1,
        };
        let note = if self.below(40) == 0 { community::NOTES.get(self.below(4)) } else { None };
        let give = Give {
            target: Target::Url(work.url.clone()),
            title: work.title.clone(),
            points,
            note: note.map(|note| Note::parse(note)).transpose()?.flatten(),
            way: Way::Page,
        };
        match clicks::give(self.app, patron, &self.key()?, give).await {
            Err(error) if error.code() != "own_work" => Err(error),
            _ => Ok(()),
        }
    }

    /// Every third patron subscribes to something; the first also to what they pause.
    async fn subscribe(&self) -> Result<()> {
        for (place, patron) in self.patrons.iter().enumerate().step_by(3) {
            let works = self.works.iter().cycle().skip(place * 5);
            for (number, work) in works.step_by(3).take(1 + usize::from(place == 0)).enumerate() {
                let subscribe = Subscribe {
                    target: Target::Url(work.url.clone()),
                    title: work.title.clone(),
                    points: 2,
                    length: Length::UntilStopped,
                    begins: Begins::Now,
                };
                let key = self.key()?;
                let made = subscriptions::subscribe(self.app, *patron, &key, subscribe).await?;
                if number > 0 {
                    subscriptions::pause(self.app, *patron, made.value.id()).await?;
                }
            }
        }
        Ok(())
    }

    /// Some creators are a team, and the first one's works thank those that they build on.
    async fn work_together(&mut self) -> Result<()> {
        let team = together::found(self.app, &self.creators).await?;
        let album = CanonicalUrl::parse(together::ALBUM)?;
        self.claim(album.clone(), team).await?;
        let title = "Invented album".to_owned();
        self.works.insert(self.works.len().min(2), Work { url: album, title, claim: None });
        let creator = self.creators.first().copied().ok_or(Error::NotFound)?;
        let is_own = |work: &&Work| work.claim == Some((0, 0));
        let Some(own) = self.works.iter().find(is_own).map(|work| work.url.clone()) else {
            return Ok(());
        };
        let others = self.works.iter().map(|work| &work.url).filter(|url| **url != own);
        let others = others.take(3).cloned().collect();
        together::pass(self.app, (creator, own), others).await
    }

    async fn claim(&self, url: CanonicalUrl, owner: AccountId) -> Result<()> {
        let Some(owner) = accounts::find(self.app, owner).await? else { return Ok(()) };
        let grant = Grant {
            target: Target::Url(url),
            handle: owner.handle,
            reason: "Demonstration: the maker is known to the operator".to_owned(),
        };
        claims::grant(self.app, Actor::Page(self.admin), grant).await.map(|_| ())
    }

    /// The creator has an endpoint to look at. It is off: a demonstration asks nobody anything.
    async fn listen(&self) -> Result<()> {
        let creator = self.creators.first().copied().ok_or(Error::NotFound)?;
        let (app, actor) = (self.app, Actor::Page(creator));
        let url = "https://hooks.example/obole".to_owned();
        let new = NewWebhook { url, kinds: EventKind::ALL.to_vec() };
        let (id, _) = webhooks::create(app, actor, new).await?;
        webhooks::test(app, creator, id).await?;
        let off = Changes { is_on: Some(false), ..Changes::default() };
        webhooks::change(app, actor, id, off).await
    }

    /// Creators ask for what they earned; every other month the file goes to the bank.
    async fn pay(&self, month: i32) -> Result<()> {
        let (app, currency) = (self.app, self.app.main_currency());
        if month == 0 {
            for creator in self.creators.iter().take(community::IBANS.len()) {
                self.open_bank_account(*creator).await?;
            }
        }
        if month % 2 == 1 {
            for creator in self.creators.iter().skip(1).take(community::IBANS.len() - 1) {
                // Some have too little yet: they ask another time.
                let asked = payouts::request(app, *creator, &self.key()?, currency).await;
                if let Err(Error::Internal(detail)) = asked {
                    return Err(Error::Internal(detail));
                }
            }
        }
        if month == 3 {
            let actor = Actor::Page(self.admin);
            if let Ok(batch) = payout_batches::create(app, actor, currency).await {
                // Two agree to much money (M8).
                payout_batches::approve(app, Actor::Page(self.treasurer), batch.id).await?;
                payout_batches::hand_out(app, actor, batch.id).await?;
                payout_batches::mark_sent(app, actor, batch.id).await?;
            }
            if let Some(patron) = self.patrons.get(4) {
                let money = Money::new(Micros::units(1), currency);
                let request = RefundRequest { amount: money, note: "at the desk".to_owned() };
                // A patron with an empty wallet has nothing to take out.
                let _asked = refunds::request(app, *patron, &self.key()?, request).await;
            }
        }
        Ok(())
    }

    async fn open_bank_account(&self, creator: AccountId) -> Result<()> {
        let place = self.creators.iter().position(|one| *one == creator).unwrap_or(0);
        let Some(iban) = community::IBANS.get(place) else { return Ok(()) };
        let holder = format!("Invented Holder {}", place + 1);
        let new = NewBankAccount { holder, iban: Iban::parse(iban)? };
        bank_accounts::set(self.app, creator, new).await
    }

    fn key(&self) -> Result<IdempotencyKey> {
        let id = self.app.chance().id(self.app.now()).to_string();
        let key = IdempotencyKey::new(&id, id.as_bytes());
        key.ok_or_else(|| Error::internal("a key that is not visible"))
    }
}

fn units_of(units: usize, currency: Currency) -> Result<Money> {
    let units = i64::try_from(units).map_err(Error::internal)?;
    Ok(Money::new(Micros::units(units), currency))
}

/// Makes an account; only those who are shown can sign in, which spares the time of hashing.
async fn account(app: &App, handle: &str, name: &str, can_sign_in: bool) -> Result<AccountId> {
    let is_admin = handle == SIGN_INS[2] || handle == community::TREASURER;
    let new = NewAccount {
        handle: Handle::parse(handle)?,
        email: obole_domain::EmailAddress::parse(&format!("{handle}@demo.example"))?,
        name: name.to_owned(),
        password: if can_sign_in { PASSWORD.to_owned() } else { String::new() },
        language: None::<Language>,
        is_admin,
        is_confirmed: can_sign_in || community::CREATORS.iter().any(|(known, _)| *known == handle),
    };
    accounts::create(app, Actor::CommandLine, new).await
}
