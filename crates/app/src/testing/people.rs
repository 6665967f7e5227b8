//! People, money and works for tests.

use obole_domain::claim::{ClaimMethod, ClaimState, Life, Reach};
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::{AccountId, CanonicalUrl, ClaimId, EmailAddress, Handle, Money, WorkId};
use obole_store::claims::{self, NewClaim};
use obole_store::ledger;
use obole_store::works::{self, NewWork};

use crate::accounts::{self, NewAccount};
use crate::audit_log::Actor;
use crate::sessions::NewSession;
use crate::sign_in::SignIn;
use crate::{App, IdempotencyKey};

/// The password of every account that [`account`] and [`admin`] make.
pub const PASSWORD: &str = "a quiet harbour";

/// A confirmed account with the address `<handle>@obole.example` and [`PASSWORD`].
///
/// # Panics
/// When it cannot be made.
pub async fn account(app: &App, handle: &str) -> AccountId {
    create(app, handle, false).await
}

/// The same, of an administrator.
///
/// # Panics
/// When it cannot be made.
pub async fn admin(app: &App, handle: &str) -> AccountId {
    create(app, handle, true).await
}

async fn create(app: &App, handle: &str, is_admin: bool) -> AccountId {
    let new = NewAccount {
        handle: Handle::parse(handle).expect("a handle"),
        email: EmailAddress::parse(&format!("{handle}@obole.example")).expect("an address"),
        name: String::new(),
        password: PASSWORD.to_owned(),
        language: None,
        is_admin,
        is_confirmed: true,
    };
    accounts::create(app, Actor::CommandLine, new).await.expect("an account")
}

/// Puts money into a wallet, as a demonstration's play money.
///
/// # Panics
/// When it cannot be booked.
pub async fn fund(app: &App, owner: AccountId, money: Money) {
    let (id, now) = (app.chance().id(app.now()), app.now());
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let from = LedgerAccount::common(LedgerKind::PlayMoney, money.currency);
            let between = (from, LedgerAccount::wallet(owner, money.currency));
            let fact = Fact::new("play-money", id, "take");
            let entry = Entry::transfer(Reason::PlayMoney, fact, between, money.amount)?;
            ledger::post(tx, now, &entry).await?;
            Ok(())
        })
    })
    .await
    .expect("booked");
}

/// Makes an account the owner of a work by a claim that pays.
///
/// # Panics
/// When it cannot be stored.
pub async fn own(app: &App, owner: AccountId, url: &str) -> WorkId {
    let (id, now) = (WorkId::new(app.chance().id(app.now())), app.now());
    let url = CanonicalUrl::parse(url).expect("an address");
    app.write(url, move |tx, url| {
        Box::pin(async move {
            let new = NewWork { id, url, title: "", created_by: None, created_at: now };
            let work = works::find_or_create(tx, &new).await?;
            let claim = ClaimId::new(work.id.uuid());
            let (state, at) = (ClaimState::Proven, Some(now));
            let new = NewClaim {
                id: claim,
                work: work.id,
                account: owner,
                method: ClaimMethod::Operator,
                reach: &Reach::Page(work.url.clone()),
                token: None,
                life: Life { state, proven_at: at, confirmed_at: at, ..Life::CHALLENGED },
                reason: "a test",
                granted_by: None,
                created_at: now,
            };
            claims::create(tx, &new).await?;
            claims::assign(tx, &[(work.id, Some((claim, owner)))], now).await?;
            Ok(work.id)
        })
    })
    .await
    .expect("stored")
}

/// Makes a work one whose owner has refused for good.
///
/// # Panics
/// When it cannot be stored.
pub async fn refuse(app: &App, work: WorkId) {
    let now = app.now();
    app.write((), move |tx, ()| {
        Box::pin(async move { Ok(works::set_refused(tx, work, Some(now)).await?) })
    })
    .await
    .expect("stored");
}

/// A new idempotency key.
///
/// # Panics
/// Never: the key is well formed.
#[must_use]
pub fn key(app: &App) -> IdempotencyKey {
    let id = app.chance().id(app.now()).to_string();
    IdempotencyKey::new(&id, id.as_bytes()).expect("visible characters")
}

/// Signs in to an account that asks for no code.
///
/// # Panics
/// When it asks for one.
pub async fn sign_in(app: &App, how: SignIn) -> crate::Result<NewSession> {
    let entered = crate::sign_in::sign_in(app, how).await?;
    Ok(entered.session().expect("no code is asked for"))
}
