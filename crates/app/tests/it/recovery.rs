//! After a restore (V3): what left since the backup is found in the outbound journal and booked by
//! its own id, so that nothing is paid twice, whatever the restored books know of it.

use std::fs;
use std::path::{Path, PathBuf};

use obole_app::audit_log::Actor;
use obole_app::backup::{self, nobody, restore};
use obole_app::bank_accounts::{self, NewBankAccount};
use obole_app::quarantine::{self, Outcome, Quarantine};
use obole_app::refunds::{self, RefundRequest};
use obole_app::testing::{Home, Instance, account, engines, homes, key};
use obole_app::{App, Error, payout_batches, payouts, recovery, wallets};
use obole_domain::ledger::{LedgerAccount, LedgerKind};
use obole_domain::payout::{BatchId, PayoutId, PayoutState, RefundId, RefundState};
use obole_domain::{AccountId, Currency, Micros, Money};
use obole_gateway::sepa::Iban;
use obole_store::payouts as rows;

use crate::support::{
    an_admin, assert_books_balance, available, fill_earnings, fill_wallet, in_earnings, in_transit,
    in_wallet, units,
};

/// What tests restore into.
struct Later {
    instance: Instance,
    quarantine: Quarantine,
}

async fn a_creator(app: &App, handle: &'static str) -> AccountId {
    let creator = account(app, handle).await;
    let iban = Iban::parse("FR14 2004 1010 0505 0001 3M02 606").expect("an IBAN");
    let new = NewBankAccount { holder: "Zoé Février".to_owned(), iban };
    bank_accounts::set(app, creator, new).await.expect("a bank account");
    creator
}

/// The same, whose bank account has rested long enough.
async fn rested(instance: &Instance) {
    instance.at("2026-01-20T12:00:00Z");
}

async fn ask(app: &App, creator: AccountId) -> Result<PayoutId, Error> {
    let asked = payouts::request(app, creator, &key(app), Currency::EUR).await?;
    Ok(PayoutId::new(asked.value.payout))
}

async fn make(app: &App, admin: Actor) -> BatchId {
    payout_batches::create(app, admin, Currency::EUR).await.expect("a batch").id
}

async fn backed_up(instance: &Instance) -> PathBuf {
    let path = instance.folder.path().join("a.obole-backup");
    backup::take(&instance.app, &path, true, nobody()).await.expect("taken");
    path
}

/// Restores on each engine, with the journal or without.
async fn restored(instance: &Instance, path: &Path, with_journal: bool) -> Vec<Later> {
    let mut later = Vec::new();
    for home in homes(instance).await {
        if with_journal {
            fs::copy(&instance.app.config().files.journal, home.journal()).expect("the journal");
        }
        later.push(restored_at(instance, path, home).await);
    }
    later
}

async fn restored_at(instance: &Instance, path: &Path, home: Home) -> Later {
    let parts = home.parts(&instance.app);
    let restored = restore(home.config, parts, path, nobody()).await.expect("restored");
    assert_eq!(restored.report.breaches, []);
    let instance = Instance { app: restored.app, folder: home.folder };
    Later { instance, quarantine: restored.quarantine }
}

async fn payout(app: &App, id: PayoutId) -> Option<(PayoutState, Option<BatchId>)> {
    let found = app.store().write((), move |tx, ()| {
        Box::pin(async move { Ok::<_, Error>(rows::locked(tx, id).await?) })
    });
    found.await.expect("read").map(|row| (row.state, row.batch))
}

async fn in_suspense(app: &App, owner: AccountId) -> Micros {
    available(app, LedgerAccount::suspense(owner, Currency::EUR)).await
}

async fn at_bank(app: &App) -> Micros {
    available(app, LedgerAccount::common(LedgerKind::Bank, Currency::EUR)).await
}

fn outcomes(quarantine: &Quarantine) -> Vec<Outcome> {
    quarantine.found.iter().map(|found| found.outcome).collect()
}

async fn end(app: &App, admin: Actor) {
    quarantine::end(app, admin, "Compared", false).await.expect("ended");
}

#[tokio::test]
async fn a_payout_that_left_after_the_backup_is_found_and_never_paid_again() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        fill_earnings(app, creator, units(20)).await;
        rested(&instance).await;
        let path = backed_up(&instance).await;
        let id = ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");

        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(outcomes(&later.quarantine), [Outcome::Booked]);
            assert!(later.quarantine.compared().is_some());
            assert_eq!(later.quarantine.found[0].handle, "creator");
            assert_eq!(payout(app, id).await, Some((PayoutState::Sent, Some(batch))));
            assert_eq!(in_earnings(app, creator).await, Micros::ZERO);
            assert_eq!(in_transit(app).await, Micros::ZERO);
            let refused = ask(app, creator).await.expect_err("quarantined");
            assert_eq!(refused.code(), "quarantined");

            compared_fifty_times(app).await;
            end(app, admin).await;
            paid_nothing_fifty_times(app, creator).await;
            let refused = payout_batches::create(app, admin, Currency::EUR).await.map(|_| ());
            assert_eq!(refused.expect_err("nothing").code(), "nothing_to_pay");
            assert_books_balance(&later.instance).await;
        }
    }
}

async fn compared_fifty_times(app: &App) {
    let bank = at_bank(app).await;
    let tasks = (0..50).map(|_| {
        let app = app.clone();
        tokio::spawn(async move {
            let compared = recovery::compare(&app, Actor::Job, Vec::new()).await;
            let compared = compared.expect("compared");
            assert!(compared.is_whole && compared.found.is_empty(), "{compared:?}");
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("a task");
    }
    assert_eq!(at_bank(app).await, bank);
}

async fn paid_nothing_fifty_times(app: &App, creator: AccountId) {
    let tasks = (0..50).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { ask(&app, creator).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        let refused = task.await.expect("a task").expect_err("paid before");
        assert_eq!(refused.code(), "payout_too_small");
    }
}

#[tokio::test]
async fn fifty_comparisons_at_once_book_a_payout_once() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        fill_earnings(app, creator, units(20)).await;
        rested(&instance).await;
        let path = backed_up(&instance).await;
        ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");
        let journal = PathBuf::from(&app.config().files.journal);

        for later in restored(&instance, &path, false).await {
            let app = &later.instance.app;
            let tasks = (0..50).map(|_| {
                let (app, journal) = (app.clone(), journal.clone());
                tokio::spawn(async move {
                    let compared = recovery::compare(&app, Actor::Job, vec![journal]).await;
                    compared.expect("compared").found.len()
                })
            });
            let mut found = 0;
            for task in tasks.collect::<Vec<_>>() {
                found += task.await.expect("a task");
            }
            assert_eq!(found, 1);
            assert_eq!(in_earnings(app, creator).await, Micros::ZERO);
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn a_payout_that_the_backup_knew_is_sent_whatever_its_state_was() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (one, two) = (a_creator(app, "one").await, a_creator(app, "two").await);
        fill_earnings(app, one, units(20)).await;
        fill_earnings(app, two, units(30)).await;
        rested(&instance).await;
        // One stands in a file that is given up after the backup; the other only asked.
        let first = ask(app, one).await.expect("asked");
        let given_up = make(app, admin).await;
        let second = ask(app, two).await.expect("asked");
        let path = backed_up(&instance).await;
        payout_batches::discard(app, admin, given_up).await.expect("given up");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");
        payout_batches::mark_sent(app, admin, batch).await.expect("sent");

        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(outcomes(&later.quarantine), [Outcome::Booked, Outcome::Booked]);
            for id in [first, second] {
                assert_eq!(payout(app, id).await, Some((PayoutState::Sent, Some(batch))));
            }
            end(app, admin).await;
            // The file of before must not leave any more: it has the first payout too.
            let refused = payout_batches::hand_out(app, admin, given_up).await.expect_err("no");
            assert_eq!(refused.code(), "state_moved");
            // What the bank did not carry out is reversed as ever.
            payouts::reverse(app, admin, first, "Account closed").await.expect("reversed");
            assert_eq!(in_earnings(app, one).await, Micros::units(20));
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn what_was_handed_out_before_the_backup_counts_as_sent() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        fill_earnings(app, creator, units(20)).await;
        rested(&instance).await;
        let id = ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");
        let path = backed_up(&instance).await;
        payout_batches::mark_sent(app, admin, batch).await.expect("sent");
        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(payout(app, id).await, Some((PayoutState::Sent, Some(batch))));
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn what_was_paid_from_money_that_the_backup_lacks_is_taken_off_later() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        fill_earnings(app, creator, units(12)).await;
        rested(&instance).await;
        // What had been asked for is undone after the backup, and asked for again with more.
        let before = ask(app, creator).await.expect("asked");
        let path = backed_up(&instance).await;
        payouts::reverse(app, admin, before, "Wait for the settlement").await.expect("reversed");
        fill_earnings(app, creator, units(18)).await;
        let id = ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");

        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(outcomes(&later.quarantine), [Outcome::Owed]);
            assert_eq!(payout(app, id).await, Some((PayoutState::Sent, Some(batch))));
            // What waited went back and was taken off: 30 left, 12 were there.
            let waited = payout(app, before).await.map(|(state, _)| state);
            assert_eq!(waited, Some(PayoutState::Reversed));
            assert_eq!(in_suspense(app, creator).await, Micros::units(-18));
            assert_eq!(in_earnings(app, creator).await, Micros::ZERO);
            end(app, admin).await;
            // The settlement is done again and pays a little more.
            fill_earnings(app, creator, units(40)).await;
            let offered = app.read((), move |read, ()| {
                Box::pin(payouts::what_is_payable(read, creator, Currency::EUR))
            });
            assert_eq!(offered.await.expect("payable"), units(22));
            ask(app, creator).await.expect("asked");
            assert_eq!(in_transit(app).await, Micros::units(22));
            assert_eq!(in_suspense(app, creator).await, Micros::ZERO);
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn what_is_owed_cannot_be_moved_to_the_wallet_and_comes_back_with_a_reversal() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        rested(&instance).await;
        let path = backed_up(&instance).await;
        fill_earnings(app, creator, units(30)).await;
        let id = ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");

        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(outcomes(&later.quarantine), [Outcome::Owed]);
            end(app, admin).await;
            fill_earnings(app, creator, units(25)).await;
            let moved = wallets::move_earnings(app, creator, &key(app), units(25)).await;
            assert_eq!(moved.expect_err("owed").code(), "not_enough");
            // The refusal moved nothing; a smaller sum would be taken off first, too.
            assert_eq!(in_earnings(app, creator).await, Micros::units(25));
            recovery::even_out(app).await.expect("evened out");
            assert_eq!(in_earnings(app, creator).await, Micros::ZERO);
            assert_eq!(in_suspense(app, creator).await, Micros::units(-5));
            payouts::reverse(app, admin, id, "Account closed").await.expect("reversed");
            assert_eq!(in_earnings(app, creator).await, Micros::units(25));
            assert_eq!(in_suspense(app, creator).await, Micros::ZERO);
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn what_left_for_a_stranger_is_booked_for_somebody_to_look_at() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let path = backed_up(&instance).await;
        let creator = a_creator(app, "latecomer").await;
        fill_earnings(app, creator, units(20)).await;
        rested(&instance).await;
        ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");
        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            assert_eq!(outcomes(&later.quarantine), [Outcome::Stranger]);
            let suspense = LedgerAccount::common(LedgerKind::Suspense, Currency::EUR);
            assert_eq!(available(app, suspense).await, Micros::units(-20));
            compared_fifty_times(app).await;
            assert_books_balance(&later.instance).await;
        }
    }
}

async fn ask_back(app: &App, patron: AccountId, amount: Money) -> Result<RefundId, Error> {
    let request = RefundRequest { amount, note: "By bank".to_owned() };
    let asked = refunds::request(app, patron, &key(app), request).await?;
    Ok(RefundId::new(asked.value.refund))
}

async fn refund(app: &App, id: RefundId) -> Option<RefundState> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::refunds::find(read, id).await?) })
    });
    found.await.expect("read").map(|row| row.state)
}

#[tokio::test]
async fn refunds_that_left_are_found_too() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let names = ["known", "new", "owing"];
        let mut patrons = Vec::new();
        for name in names {
            patrons.push(account(app, name).await);
        }
        fill_wallet(app, patrons[0], units(20)).await;
        fill_wallet(app, patrons[1], units(20)).await;
        let known = ask_back(app, patrons[0], units(20)).await.expect("asked");
        let path = backed_up(&instance).await;
        fill_wallet(app, patrons[2], units(20)).await;
        let new = ask_back(app, patrons[1], units(5)).await.expect("asked");
        let owing = ask_back(app, patrons[2], units(20)).await.expect("asked");
        for id in [known, new, owing] {
            refunds::execute(app, admin, id, "By hand").await.expect("executed");
        }
        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            let mut outcomes = outcomes(&later.quarantine);
            outcomes.sort_by_key(|outcome| *outcome == Outcome::Owed);
            assert_eq!(outcomes, [Outcome::Booked, Outcome::Booked, Outcome::Owed]);
            for id in [known, new, owing] {
                assert_eq!(refund(app, id).await, Some(RefundState::Executed));
            }
            assert_eq!(in_wallet(app, patrons[0]).await, Micros::ZERO);
            assert_eq!(in_wallet(app, patrons[1]).await, Micros::units(15));
            let refused = ask_back(app, patrons[1], units(1)).await.expect_err("quarantined");
            assert_eq!(refused.code(), "quarantined");
            end(app, admin).await;
            // The voucher that was redeemed after the backup can be redeemed again: it is owed.
            fill_wallet(app, patrons[2], units(20)).await;
            assert_eq!(in_wallet(app, patrons[2]).await, Micros::ZERO);
            assert_eq!(in_suspense(app, patrons[2]).await, Micros::ZERO);
            let refused = ask_back(app, patrons[2], units(1)).await.expect_err("given back");
            assert_eq!(refused.code(), "not_enough");
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn without_its_journal_somebody_must_have_looked_at_the_bank() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let path = backed_up(&instance).await;
        for later in restored(&instance, &path, false).await {
            let app = &later.instance.app;
            assert_eq!(later.quarantine.compared(), None);
            // The journal that was begun here is not the one of the backup.
            let compared = recovery::compare(app, Actor::Job, Vec::new()).await.expect("compared");
            assert!(!compared.is_whole);
            let refused = quarantine::end(app, admin, "Nothing left", false).await;
            assert_eq!(refused.expect_err("unchecked").code(), "bank_unchecked");
            let refused = quarantine::end(app, admin, " ", true).await;
            assert_eq!(refused.expect_err("no reason").code(), "missing");
            quarantine::end(app, admin, "Statements compared", true).await.expect("ended");
            assert!(quarantine::find_in(app).await.expect("read").is_none());
        }
        // A part of the journal is not the journal.
        for home in homes(&instance).await {
            fs::write(home.journal(), "").expect("an empty one");
            let later = restored_at(&instance, &path, home).await;
            assert_eq!(later.quarantine.compared(), None);
        }
    }
}

#[tokio::test]
async fn a_journal_that_turns_up_later_is_compared_and_ends_the_doubt() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let creator = a_creator(app, "creator").await;
        fill_earnings(app, creator, units(20)).await;
        rested(&instance).await;
        let path = backed_up(&instance).await;
        ask(app, creator).await.expect("asked");
        let batch = make(app, admin).await;
        payout_batches::hand_out(app, admin, batch).await.expect("handed out");
        let journal = PathBuf::from(&app.config().files.journal);
        for later in restored(&instance, &path, false).await {
            let app = &later.instance.app;
            let wrong = later.instance.folder.path().join("wrong");
            fs::write(&wrong, "not a journal\n").expect("written");
            let refused = recovery::compare(app, admin, vec![wrong]).await.expect_err("wrong");
            assert_eq!(refused.code(), "file_malformed");
            let stranger = Actor::Page(creator);
            let refused = recovery::compare(app, stranger, vec![journal.clone()]).await;
            assert!(matches!(refused, Err(Error::Forbidden)));
            let compared = recovery::compare(app, admin, vec![journal.clone()]).await;
            assert!(compared.expect("compared").is_whole);
            end(app, admin).await;
            assert_eq!(in_earnings(app, creator).await, Micros::ZERO);
            assert_books_balance(&later.instance).await;
        }
    }
}

#[tokio::test]
async fn of_fifty_who_end_the_quarantine_one_does() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let patron = account(app, "patron").await;
        let path = backed_up(&instance).await;
        for later in restored(&instance, &path, true).await {
            let app = &later.instance.app;
            let refused = quarantine::end(app, Actor::Page(patron), "Mine", true).await;
            assert!(matches!(refused, Err(Error::Forbidden)));
            let tasks = (0..50).map(|_| {
                let app = app.clone();
                tokio::spawn(async move { quarantine::end(&app, admin, "Compared", false).await })
            });
            let mut ended = 0;
            for task in tasks.collect::<Vec<_>>() {
                match task.await.expect("a task") {
                    Ok(()) => ended += 1,
                    Err(error) => assert_eq!(error.code(), "state_moved"),
                }
            }
            assert_eq!(ended, 1);
        }
    }
}
