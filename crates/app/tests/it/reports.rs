//! Reports, decisions and appeals on both engines (product.md section 6), and names that look alike
//! (C8).

use futures_util::future::join_all;
use obole_app::audit_log::Actor;
use obole_app::claims;
use obole_app::clicks::Target;
use obole_app::reports::{self, About};
use obole_app::testing::{account, admin, engines, own};
use obole_app::work_details::{self, Change};
use obole_app::{App, Error, accounts, suspensions, works as commands};
use obole_domain::report::{AppealState, ReportReason, ReportState};
use obole_domain::{AccountId, Handle, WorkId};
use obole_store::accounts::Profile;
use obole_store::db::sql;
use obole_store::reports::{self as stored, ReportRow};
use obole_store::works;

use crate::support::{assert_books_balance, code, mails_to};

fn handle(text: &str) -> Handle {
    Handle::parse(text).expect("a handle")
}

async fn queue(app: &App) -> Vec<ReportRow> {
    let found =
        app.read((), |read, ()| Box::pin(async move { Ok(stored::queue(read, 100).await?) }));
    found.await.expect("read")
}

async fn title(app: &App, work: WorkId) -> String {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    found.await.expect("read").expect("a work").title
}

/// Works in the list that everybody sees.
async fn listed(app: &App) -> usize {
    let found = app.read((), |read, ()| {
        Box::pin(async move { Ok(works::claimed(read, None, None, 100).await?) })
    });
    found.await.expect("read").len()
}

/// The link in the newest mail that appeals a decision.
async fn link(app: &App, account: AccountId) -> String {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox
                where account = $1 and body_text like '%/appeal/%'
                order by created_at desc, id desc");
            Ok(select.bind(account).fetch_all(read, |row| row.get::<String>(0)).await?)
        })
    });
    let texts = found.await.expect("mails");
    let (_, rest) = texts[0].split_once("/appeal/").expect("a link");
    rest.split_whitespace().next().expect("its end").to_owned()
}

async fn name(app: &App, whose: AccountId, name: &str) -> Result<(), Error> {
    let profile = Profile {
        name: name.to_owned(),
        language: String::new(),
        is_public: false,
        gives_unspent: false,
        keeps_details: false,
    };
    accounts::set_profile(app, whose, profile).await
}

const WHY: (ReportReason, &str) = (ReportReason::Unlawful, "It insults my neighbour.");

#[tokio::test]
async fn a_hidden_title_comes_back_by_an_appeal() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve, bob) =
            (account(app, "ada").await, account(app, "eve").await, account(app, "bob").await);
        let (boss, chief) = (admin(app, "boss").await, admin(app, "chief").await);
        let (boss, chief) = (Actor::Page(boss), Actor::Page(chief));
        let work = own(app, ada, "https://songs.example/1").await;
        commands::set_title(app, Actor::Page(ada), work, "An insult").await.expect("set");
        let about = || About::Work(work);
        assert_eq!(code(reports::file(app, eve, about(), (WHY.0, " ")).await), "missing");
        assert_eq!(code(reports::file(app, ada, about(), WHY).await), "report_own");
        let gone = About::Work(WorkId::new(uuid::Uuid::from_u128(7)));
        assert!(matches!(reports::file(app, eve, gone, WHY).await, Err(Error::NotFound)));
        let asked = join_all((0..50).map(|_| reports::file(app, eve, about(), WHY))).await;
        assert_eq!(asked.iter().filter(|one| one.is_ok()).count(), 1);
        assert_eq!(code(reports::file(app, eve, about(), WHY).await), "report_open");
        reports::file(app, bob, about(), WHY).await.expect("filed");
        let waits = queue(app).await;
        assert_eq!(waits.len(), 2);

        let id = waits[0].id;
        let hide = (ReportState::Hidden, "An insult.");
        let none = reports::decide(app, boss, id, (ReportState::Hidden, " ")).await;
        assert_eq!(code(none), "missing");
        let stranger = reports::decide(app, Actor::Page(eve), id, hide).await;
        assert!(matches!(stranger, Err(Error::Forbidden)), "{stranger:?}");
        let decided = join_all((0..50).map(|_| reports::decide(app, boss, id, hide))).await;
        assert_eq!(decided.iter().filter(|one| one.is_ok()).count(), 1);
        assert!(queue(app).await.is_empty(), "both reports are answered");
        assert_eq!((title(app, work).await.as_str(), listed(app).await), ("", 0));
        for who in [ada, eve, bob] {
            assert_eq!(mails_to(app, who).await, ["moderated"]);
        }
        let again = commands::set_title(app, Actor::Page(ada), work, "An insult!").await;
        assert_eq!(code(again), "words_hidden");

        // By no other way either.
        let change = Change { title: Some("An insult".to_owned()), ..Change::default() };
        let again = work_details::change(app, ada, work, change).await;
        assert_eq!(code(again), "words_hidden");
        let link = link(app, ada).await;
        assert!(reports::asked(app, "nonsense").await.expect("read").is_none());
        let asked = reports::asked(app, &link).await.expect("read").expect("a decision");
        assert!(!asked.is_over && asked.report.reason == "An insult.");
        assert_eq!(code(reports::appeal(app, &link, "").await), "missing");
        let tries = (0..50).map(|_| reports::appeal(app, &link, "It is a quotation."));
        let tries = join_all(tries).await;
        assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1);
        let waits = queue(app).await;
        assert_eq!(waits[0].appeal_state, AppealState::Waiting);
        let own = reports::judge_appeal(app, boss, id, (true, "It is.")).await;
        assert_eq!(code(own), "appeal_own");
        reports::judge_appeal(app, chief, id, (true, "It is one.")).await.expect("judged");
        assert_eq!((title(app, work).await.as_str(), listed(app).await), ("An insult", 1));
        let twice = reports::judge_appeal(app, chief, id, (false, "No.")).await;
        assert_eq!(code(twice), "state_moved");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn who_is_suspended_appeals_without_signing_in() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        let boss = Actor::Page(admin(app, "boss").await);
        let is_suspended = || async {
            accounts::find(app, ada).await.expect("read").expect("ada").suspended_at.is_some()
        };
        let about = About::Account(handle("ada"));
        let id = reports::file(app, eve, about, WHY).await.expect("filed");
        let suspend = (ReportState::Suspended, "Insults.");
        reports::decide(app, boss, id, suspend).await.expect("decided");
        assert!(is_suspended().await);
        assert_eq!(mails_to(app, ada).await, ["suspended"]);
        let first = link(app, ada).await;
        reports::appeal(app, &first, "It was not me.").await.expect("appealed");
        // Alone, who decided looks again.
        reports::judge_appeal(app, boss, id, (false, "It was.")).await.expect("judged");
        assert!(is_suspended().await);
        suspensions::restore(app, boss, ada).await.expect("restored");

        // One that no report led to is appealed in the same way, within half a year.
        suspensions::suspend(app, boss, ada, "Again.").await.expect("suspended");
        let asked = reports::asked(app, &link(app, ada).await).await.expect("read");
        assert_eq!(asked.expect("a decision").report.reason, "Again.");
        let second = link(app, ada).await;
        instance.at("2026-08-01T12:00:00Z");
        assert_eq!(code(reports::appeal(app, &second, "Late.").await), "state_moved");
        instance.at("2026-07-01T12:00:00Z");
        reports::appeal(app, &second, "In time.").await.expect("appealed");
        let waits = queue(app).await;
        reports::judge_appeal(app, boss, waits[0].id, (true, "So be it.")).await.expect("judged");
        assert!(!is_suspended().await);
        let mine = suspensions::suspend(app, Actor::Page(ada), ada, "Me.").await;
        assert!(matches!(mine, Err(Error::Forbidden)), "{mine:?}");
    }
}

#[tokio::test]
async fn what_is_hidden_is_shown_again_by_a_person_or_another_owner() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "ada").await, account(app, "eve").await);
        let boss = Actor::Page(admin(app, "boss").await);
        let work = own(app, ada, "https://songs.example/1").await;
        commands::set_title(app, Actor::Page(ada), work, "A song").await.expect("set");
        let hide = (ReportState::Hidden, "For a day.");
        let mut ids = Vec::new();
        for day in [16, 17] {
            instance.at(&format!("2026-01-{day}T12:00:00Z"));
            let id = reports::file(app, eve, About::Work(work), WHY).await.expect("filed");
            reports::decide(app, boss, id, hide).await.expect("decided");
            ids.push(id);
        }
        // The first is in force; the second found nothing more to hide.
        let second = reports::show_again(app, boss, ids[1], "A day is over.").await;
        assert_eq!(code(second), "state_moved");
        assert_eq!(code(reports::show_again(app, boss, ids[0], "").await), "missing");
        reports::show_again(app, boss, ids[0], "A day is over.").await.expect("shown");
        assert_eq!((title(app, work).await.as_str(), listed(app).await), ("A song", 1));
        let twice = reports::show_again(app, boss, ids[0], "A day is over.").await;
        assert_eq!(code(twice), "state_moved");

        // A new owner is not bound by what was hidden of the one before.
        let id = reports::file(app, eve, About::Work(work), WHY).await.expect("filed");
        reports::decide(app, boss, id, hide).await.expect("decided");
        claims::revoke(app, boss, work, "Given up").await.expect("revoked");
        own_again(app, eve, work).await;
        commands::set_title(app, Actor::Page(eve), work, "Another").await.expect("set");
        assert_eq!(listed(app).await, 1);
        let late = reports::show_again(app, boss, id, "Late.").await;
        assert_eq!(code(late), "state_moved");
    }
}

/// Gives a work that nobody controls to an account, by the operator's word.
async fn own_again(app: &App, whom: AccountId, work: WorkId) {
    let row = accounts::find(app, whom).await.expect("read").expect("an account");
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    let url = found.await.expect("read").expect("a work").url;
    let grant = claims::Grant {
        target: Target::Url(url),
        handle: row.handle,
        reason: "Met in person".to_owned(),
    };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
}

#[tokio::test]
async fn ten_reports_of_an_account_wait_at_most() {
    for instance in engines().await {
        let app = &instance.app;
        let eve = account(app, "eve").await;
        for number in 0..11 {
            let ada = account(app, &format!("ada{number}")).await;
            let work = own(app, ada, &format!("https://songs.example/{number}")).await;
            let filed = reports::file(app, eve, About::Work(work), WHY).await;
            assert_eq!(filed.is_ok(), number < 10, "{number}");
        }
        let boss = Actor::Page(admin(app, "boss").await);
        let id = queue(app).await[3].id;
        reports::decide(app, boss, id, (ReportState::Kept, "Fine.")).await.expect("decided");
        assert_eq!(queue(app).await.len(), 9);
        let about = || About::Account(handle("ada1"));
        reports::file(app, eve, about(), WHY).await.expect("filed");
    }
}

#[tokio::test]
async fn a_name_like_a_proven_creators_is_noticed_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, eve) = (account(app, "lovelace").await, account(app, "eve").await);
        reports::compare_due(app).await.expect("compared");
        // Nobody is a creator yet.
        name(app, eve, "LoveIace").await.expect("set");
        reports::compare_due(app).await.expect("compared");
        assert!(queue(app).await.is_empty());
        let work = own(app, ada, "https://songs.example/1").await;
        prove(app, work).await;
        name(app, eve, "Lovelасe").await.expect("set");
        assert_eq!(reports::compare_due(app).await.expect("compared"), 1);
        let waits = queue(app).await;
        assert_eq!((waits.len(), waits[0].why), (1, ReportReason::LooksLike));
        assert!(waits[0].reporter.is_none() && waits[0].words.contains("@lovelace"));
        // The creator's own changes, and the same name again, are nothing new.
        name(app, ada, "Lovelace").await.expect("set");
        name(app, eve, "Something else").await.expect("set");
        name(app, eve, "Lovelасe").await.expect("set");
        reports::compare_due(app).await.expect("compared");
        assert_eq!(queue(app).await.len(), 1);

        let boss = Actor::Page(admin(app, "boss").await);
        let hide = (ReportState::Hidden, "It reads like another’s.");
        reports::decide(app, boss, waits[0].id, hide).await.expect("decided");
        let row = accounts::find(app, eve).await.expect("read").expect("eve");
        assert_eq!((row.name.as_str(), row.shown_name()), ("", "eve"));
        assert_eq!(code(name(app, eve, "Eve").await), "words_hidden");
    }
}

/// Lets a claim that the tests made be one by proof, which an administrator's word is not.
async fn prove(app: &App, work: WorkId) {
    let proven = app.store().write((), move |tx, ()| {
        Box::pin(async move {
            let update = sql("update claims set method = 'dns' where work = $1").bind(work);
            Ok::<_, Error>(update.execute(tx).await?)
        })
    });
    assert_eq!(proven.await.expect("proven"), 1);
}
