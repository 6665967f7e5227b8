//! A work has one code in each language, whoever asks and however many at once.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use obole_app::testing::{account, engines, own, refuse, sqlite};
use obole_app::{App, Chance, Error, work_codes};
use obole_domain::{AccountId, CodeLanguage, WorkCode, WorkId};

use CodeLanguage::{English, French};

async fn a_work(app: &App) -> (AccountId, WorkId) {
    let creator = account(app, "creator").await;
    (creator, own(app, creator, "https://creator.example/song").await)
}

#[tokio::test]
async fn a_code_is_drawn_once_and_leads_to_its_work() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, work) = a_work(app).await;
        assert_eq!(work_codes::find(app, work, English).await.expect("none yet"), None);
        let code = work_codes::make(app, creator, work, English).await.expect("a code");
        assert_eq!(work_codes::find(app, work, English).await.expect("found"), Some(code));
        let other = account(app, "other").await;
        let again = work_codes::make(app, other, work, English).await.expect("the same");
        assert_eq!(again, code);
        let french = work_codes::make(app, other, work, French).await.expect("another");
        assert_eq!((code.language(), french.language()), (English, French));
        for code in [code, french] {
            let typed = code.to_string().to_uppercase().replace('-', " ");
            assert_eq!(work_codes::read(app, &typed).await.expect("found").id, work);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_ask_at_once_get_one_code() {
    for instance in engines().await {
        let app = &instance.app;
        let (_, work) = a_work(app).await;
        let mut tasks = Vec::new();
        for number in 0..50 {
            let handle: &'static str = Box::leak(format!("patron-{number}").into_boxed_str());
            let patron = account(app, handle).await;
            let app = app.clone();
            tasks.push(tokio::spawn(async move {
                work_codes::make(&app, patron, work, English).await.expect("a code").to_string()
            }));
        }
        let mut codes = BTreeSet::new();
        for task in tasks {
            codes.insert(task.await.expect("a task"));
        }
        assert_eq!(codes.len(), 1, "{codes:?}");
    }
}

/// The codes that the instance draws next.
fn next_draws(app: &App) -> Vec<WorkCode> {
    let Chance::Seeded(state) = app.chance() else { panic!("a test's chance repeats itself") };
    let state = *state.lock().expect("a lock");
    let same = Chance::Seeded(Arc::new(Mutex::new(state)));
    (0..32).map(|_| WorkCode::from_random(English, same.bytes())).collect()
}

/// Gives each work the code of its place; false where one was taken.
async fn take(app: &App, taken: Vec<(WorkId, WorkCode)>) -> bool {
    let now = app.now();
    let all = app.store().write(taken, move |tx, taken| {
        Box::pin(async move {
            let mut are_new = true;
            for (work, code) in taken {
                are_new &= obole_store::work_codes::create(tx, *code, *work, now).await?;
            }
            Ok::<_, Error>(are_new)
        })
    });
    all.await.expect("stored")
}

#[tokio::test]
async fn a_code_that_is_taken_is_drawn_again_and_never_given_twice() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, work) = a_work(app).await;
        let mut others = Vec::new();
        for number in 0..32 {
            let url = format!("https://creator.example/{number}");
            others.push(own(app, creator, &url).await);
        }
        let draws = next_draws(app);
        assert!(take(app, vec![(others[0], draws[0])]).await);
        assert!(!take(app, vec![(others[1], draws[0])]).await, "another work's");
        let code = work_codes::make(app, creator, work, English).await.expect("a code");
        assert_eq!(code, draws[1]);
        let first = work_codes::read(app, &draws[0].to_string()).await.expect("found");
        assert_eq!(first.id, others[0]);

        let last = own(app, creator, "https://creator.example/last").await;
        let mut works = others.split_off(1);
        works.push(own(app, creator, "https://creator.example/more").await);
        assert!(take(app, works.into_iter().zip(next_draws(app)).collect()).await);
        let full = work_codes::make(app, creator, last, English).await.expect_err("none is free");
        assert_eq!(full.code(), "work_codes_full");
        assert_eq!(work_codes::find(app, last, English).await.expect("asked"), None);
    }
}

#[tokio::test]
async fn what_cannot_have_a_code_is_refused() {
    for instance in engines().await {
        let app = &instance.app;
        let (creator, work) = a_work(app).await;
        let unknown = WorkId::new(app.chance().id(app.now()));
        let made = work_codes::make(app, creator, unknown, English).await;
        assert_eq!(made, Err(Error::NotFound));
        refuse(app, work).await;
        let refused = work_codes::make(app, creator, work, English).await;
        assert_eq!(refused.expect_err("refused").code(), "work_refused");
        let nobodys = WorkCode::from_random(English, [1; 8]).to_string();
        for (typed, refused) in [
            (nobodys.as_str(), "work_code_unknown"),
            ("apple 42", "work_code_malformed"),
            ("apple qqqqq 42", "work_code_word"),
            ("", "work_code_malformed"),
        ] {
            let error = work_codes::read(app, typed).await.expect_err(typed);
            assert_eq!(error.code(), refused, "{typed}");
        }
    }
}

#[tokio::test]
async fn one_account_gets_a_bounded_number() {
    let instance = sqlite().await;
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let (mut made, mut refused) = (0, String::new());
    for number in 0..61 {
        let work = own(app, creator, &format!("https://creator.example/{number}")).await;
        match work_codes::make(app, creator, work, English).await {
            Ok(_) => made += 1,
            Err(error) => refused = error.code().to_owned(),
        }
    }
    assert_eq!((made, refused.as_str()), (60, "too_many"));
}
