//! One mail of each kind, as tests and previews see them.

use super::{MEANS_CHANGES, Mail};

/// One mail of each kind, for tests and previews.
#[must_use]
pub fn samples() -> Vec<Mail> {
    let handle = || "ada".to_owned();
    let email = || "ada@new.example".to_owned();
    let code = || "ABCD-2345".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    vec![
        Mail::Confirm { handle: handle(), code: code(), link: page("/confirm/0123") },
        Mail::Known { handle: handle(), sign_in: page("/sign-in"), reset: page("/reset") },
        Mail::Change { handle: handle(), code: code(), link: page("/confirm/0123") },
        Mail::Changing { handle: handle(), email: email(), settings: page("/settings") },
        Mail::Changed { handle: handle(), email: email(), how: page("/how") },
        Mail::Reset { handle: handle(), link: page("/reset/0123") },
        Mail::PasswordChanged { handle: handle(), reset: page("/reset") },
        invited(handle(), page("/invitation/0123")),
        invited(String::new(), page("/invitation/0123")),
        Mail::Waiting { link: page("/waiting/0123") },
    ]
    .into_iter()
    .chain(data_samples())
    .chain(account_samples())
    .chain(sign_in_samples())
    .chain(money_samples())
    .chain(claim_samples())
    .chain(team_samples())
    .chain(signal_samples())
    .chain(moderation_samples())
    .chain(dispute_samples())
    .chain(site_samples())
    .collect()
}

/// The same for the letters to the people of a site.
fn site_samples() -> [Mail; 3] {
    let page = |path: &str| format!("https://obole.example{path}");
    [
        Mail::SiteNotice {
            site: "site.example".into(),
            claims: "    site.example/song: @eve\n    site.example: @zoe".into(),
            page: page("/claims/of/site.example"),
            claim: page("/claim?url=https%3A%2F%2Fsite.example%2Fsong"),
            stop: page("/letters/0123"),
        },
        Mail::SiteInvited {
            site: "site.example".into(),
            work: "https://site.example/song".into(),
            patrons: "25".into(),
            page: page("/claim?url=https%3A%2F%2Fsite.example%2Fsong"),
            how: page("/how"),
            robot: page("/robot"),
            stop: page("/letters/0123"),
        },
        Mail::SiteInvited {
            site: "site.example".into(),
            work: String::new(),
            patrons: "25".into(),
            page: page("/claim?url=https%3A%2F%2Fsite.example%2Fsong"),
            how: page("/how"),
            robot: page("/robot"),
            stop: page("/letters/0123"),
        },
    ]
}

/// The same for the mails about what an account takes along, and about its end.
fn data_samples() -> [Mail; 4] {
    let handle = || "ada".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    [
        Mail::ExportReady { handle: handle(), link: page("/export/0123"), hours: "24".into() },
        Mail::DeletionAsked {
            handle: handle(),
            day: "22 January 2026".into(),
            link: page("/deletion/0123"),
        },
        Mail::DeletionUndone { handle: handle(), sign_in: page("/sign-in") },
        Mail::Glimpsed {
            handle: handle(),
            admin: "boss".into(),
            reason: "<court> & order".into(),
            until: "15 January 2026 at 13:00".into(),
            page: page("/settings/data"),
        },
    ]
}

/// The same for the mails about what becomes of an account.
fn account_samples() -> [Mail; 3] {
    let handle = || "ada".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    [
        Mail::Suspended {
            handle: handle(),
            reason: "<spam> & more".into(),
            how: page("/appeal/1"),
        },
        Mail::Restored { handle: handle(), sign_in: page("/sign-in") },
        Mail::Settled {
            handle: handle(),
            month: "2026-11".into(),
            given: "EUR 5.00".into(),
            collected: "EUR 2.00".into(),
            promised: "EUR 1.00".into(),
            carried: "3".into(),
            lapsed: "1".into(),
            received: "EUR 2.70".into(),
            statement: page("/statements/2026-11"),
        },
    ]
}

/// The same for the mails about signing in.
fn sign_in_samples() -> Vec<Mail> {
    let handle = || "ada".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    let at = || "24 November 2026 at 12:00".to_owned();
    let device = |browser: &str| Mail::NewDevice {
        handle: handle(),
        browser: browser.to_owned(),
        at: at(),
        page: page("/settings/sign-in"),
    };
    let changed = |change: &&str| Mail::MeansChanged {
        handle: handle(),
        change: (*change).to_owned(),
        name: if *change == "code_used" { "9".to_owned() } else { "<spam> & key".to_owned() },
        page: page("/settings/sign-in"),
        reset: page("/reset"),
    };
    let mut samples = vec![device("Firefox, Linux"), device("")];
    samples.push(Mail::FactorHelp {
        handle: handle(),
        reason: "<spam> & a lost telephone".to_owned(),
        at: at(),
        sign_in: page("/sign-in"),
    });
    samples.extend(MEANS_CHANGES.iter().map(changed));
    samples
}

/// The same for the mails about money.
fn money_samples() -> [Mail; 11] {
    let handle = || "ada".to_owned();
    let amount = || "€12.34".to_owned();
    let reason = || "<closed> & gone".to_owned();
    let work = || "https://music.example/song".to_owned();
    let page = |path: &str| format!("https://obole.example{path}");
    let (payouts, refund) = (|| page("/creator/payouts"), || page("/wallet/refund"));
    [
        Mail::BankChanged {
            handle: handle(),
            last4: "2606".to_owned(),
            hours: "72".to_owned(),
            page: page("/creator/bank"),
        },
        Mail::PayoutRequested { handle: handle(), amount: amount(), page: payouts() },
        Mail::PayoutSent { handle: handle(), amount: amount(), page: payouts() },
        Mail::PayoutReversed {
            handle: handle(),
            amount: amount(),
            reason: reason(),
            page: payouts(),
        },
        Mail::RefundExecuted {
            handle: handle(),
            amount: amount(),
            answer: reason(),
            page: refund(),
        },
        Mail::RefundDeclined {
            handle: handle(),
            amount: amount(),
            answer: reason(),
            page: refund(),
        },
        Mail::ClaimGranted {
            handle: handle(),
            work: work(),
            points: "3".to_owned(),
            freed: amount(),
            page: page("/creator"),
        },
        Mail::ClaimRevoked { handle: handle(), work: work(), reason: reason(), how: page("/how") },
        Mail::NoteRemoved {
            handle: handle(),
            work: work(),
            note: "Thanks <3".to_owned(),
            reason: reason(),
            how: page("/how"),
        },
        webhook("410", page("/settings/webhooks")),
        webhook("", page("/settings/webhooks")),
    ]
}

/// The same for the mails about claims.
fn claim_samples() -> Vec<Mail> {
    let news = [
        "proven",
        "contested",
        "confirmed",
        "stale",
        "recovered",
        "yields",
        "left",
        "rival",
        "lost",
        "given-away",
    ];
    let sample = |news: &str| Mail::ClaimNews {
        handle: "ada".to_owned(),
        reach: "songs.example".to_owned(),
        news: news.to_owned(),
        other: "bob".to_owned(),
        part: "songs.example/bob".to_owned(),
        page: "https://obole.example/claims/mine/1".to_owned(),
    };
    news.into_iter().map(sample).collect()
}

fn dispute_samples() -> Vec<Mail> {
    let sample = |news: &str, side: &str, reason: &str| Mail::DisputeNews {
        handle: "ada".to_owned(),
        reach: "songs.example/bob".to_owned(),
        news: news.to_owned(),
        side: side.to_owned(),
        other: "bob".to_owned(),
        words: "I wrote it, and it carries my name.".to_owned(),
        answer: "It was made for hire.".to_owned(),
        reason: reason.to_owned(),
        until: "15 December 2026".to_owned(),
        page: "https://obole.example/claims/mine/1".to_owned(),
    };
    let news = ["filed", "answered", "upheld", "rejected", "withdrawn", "moot"];
    let both = |news: &&str| {
        ["filer", "holder"].map(|side| [sample(news, side, ""), sample(news, side, "So it is.")])
    };
    news.iter().flat_map(both).flatten().collect()
}

fn signal_samples() -> Vec<Mail> {
    let sample = |state: &str, signals: &str, reason: &str| Mail::EarningsWait {
        handle: "ada".to_owned(),
        amount: "€12.00".to_owned(),
        month: "November 2026".to_owned(),
        state: state.to_owned(),
        signals: signals.to_owned(),
        reason: reason.to_owned(),
        until: "15 December 2026".to_owned(),
        page: "https://obole.example/creator/waiting".to_owned(),
    };
    let returned = Mail::GiftsReturned {
        handle: "ada".to_owned(),
        amount: "€2.00".to_owned(),
        reason: "Forty accounts with one browser.".to_owned(),
        page: "https://obole.example/wallet".to_owned(),
    };
    vec![
        sample("held", "means circle lockstep batch rush", ""),
        sample("released", "means lockstep", ""),
        sample("released", "means lockstep", "A class, as you said."),
        sample("refused", "means lockstep", "Forty accounts with one browser."),
        returned,
    ]
}

fn moderation_samples() -> Vec<Mail> {
    let sample = |work: &str, of: &str, news: &str| Mail::Moderated {
        handle: "ada".to_owned(),
        work: work.to_owned(),
        of: of.to_owned(),
        news: news.to_owned(),
        reason: "It is another person’s name.".to_owned(),
        page: match news {
            "done" => "https://obole.example/appeal/1".to_owned(),
            "granted" | "rejected" => String::new(),
            _ => "https://obole.example/settings/reports".to_owned(),
        },
    };
    let news = ["kept", "hidden", "suspended", "done", "granted", "rejected"];
    let both =
        |news: &&str| [sample("https://songs.example/bob", "", news), sample("", "bob", news)];
    news.iter().flat_map(both).collect()
}

fn team_samples() -> Vec<Mail> {
    let news = ["joined", "left", "role", "percentages", "opened", "shut", "closed"];
    let sample = |news: &str| Mail::TeamNews {
        handle: "ada".to_owned(),
        team: "band".to_owned(),
        news: news.to_owned(),
        other: "bob".to_owned(),
        role: "keeper".to_owned(),
        parts: "@ada: 60%\n@bob: 30%".to_owned(),
        kept: "10%".to_owned(),
        page: "https://obole.example/teams/band".to_owned(),
    };
    let invited = |role: &str| Mail::TeamInvited {
        handle: "ada".to_owned(),
        team: "band".to_owned(),
        role: role.to_owned(),
        link: "https://obole.example/team-invitation/0123".to_owned(),
        days: "30".to_owned(),
    };
    let roles = obole_domain::TeamRole::ALL;
    news.into_iter().map(sample).chain(roles.map(|role| invited(role.code()))).collect()
}

fn invited(handle: String, link: String) -> Mail {
    Mail::Invited { handle, link, days: "30".to_owned() }
}

fn webhook(gone: &str, page: String) -> Mail {
    let (handle, host) = ("ada".to_owned(), "hooks.example".to_owned());
    Mail::WebhookOff { handle, host, gone: gone.to_owned(), page }
}
