//! Which pages ask for a fresh proof (W3): every address that changes something is in one of two
//! lists, so that a new one cannot be forgotten.

use axum::http::StatusCode;
use obole_app::testing::{admin, engines};

use crate::browser::Browser;

/// What asks for a proof that is not older than ten minutes, besides all of administration.
const ASKS: &[&str] = &[
    // Money that leaves, and where to.
    "/creator/payout",
    "/creator/bank",
    "/wallet/refund",
    // What opens the account.
    "/settings/email",
    "/settings/password",
    "/settings/passkeys",
    "/settings/passkeys/start",
    "/settings/passkeys/rename",
    "/settings/passkeys/remove",
    "/settings/second-factor",
    "/settings/second-factor/begin",
    "/settings/second-factor/codes",
    "/settings/second-factor/end",
    // What acts or reads in the account's name for long.
    "/settings/tokens",
    "/settings/feed",
    "/settings/webhooks",
    "/settings/webhooks/rotate",
    // Everything at once, and leaving.
    "/settings/data",
    "/settings/leave",
    "/settings/leave/pool",
    // Works that become somebody else's.
    "/claims/mine/{id}/leave",
    "/claims/mine/{id}/give-away",
    "/claims/mine/{id}/refuse",
    // Who decides about a team, and whose money is.
    "/teams/{handle}/invite",
    "/teams/{handle}/role",
    "/teams/{handle}/remove",
    "/teams/{handle}/percentages",
    "/teams/{handle}/share",
    "/teams/{handle}/close",
    "/w/{id}/passing",
    // Programs of others.
    "/apps",
    "/apps/{id}",
    "/apps/{id}/secret",
    "/apps/{id}/delete",
];

/// What needs none.
const FREE: &[&str] = &[
    // Coming in and going out, and the proof itself.
    "/sign-up",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/passkey/start",
    "/sign-in/code",
    "/sign-in/proof",
    "/sign-in/proof/passkey",
    "/sign-in/proof/passkey/start",
    "/sign-out",
    "/reset",
    "/reset/{link}",
    "/set-up/{token}",
    "/confirm",
    "/confirm/resend",
    // Asks where the address is confirmed, as /settings/email does.
    "/confirm/address",
    "/confirm/{link}",
    // By the link of a mail, or before there is an account.
    "/invitation",
    "/waiting",
    "/waiting/{link}",
    "/export/{link}",
    "/deletion/{link}",
    // Guests, whom an account may have in so many.
    "/settings/invitations",
    "/settings/invitations/withdraw",
    // A promise is the patron's own money, free again.
    "/settings/leave/promises",
    // Claiming takes nothing from anybody; a proof decides.
    "/claim",
    "/claims/mine/{id}/check",
    // What makes an account safer, or takes back what was given away.
    "/settings/second-factor/keep",
    "/settings/sessions/end",
    "/settings/sessions/end-others",
    "/settings/tokens/revoke",
    "/settings/feed/end",
    "/settings/apps/revoke",
    "/settings/apps/take-back",
    "/settings/sites/remove",
    "/settings/sites/take-back",
    "/settings/webhooks/end-secret",
    "/settings/webhooks/switch",
    "/settings/webhooks/delete",
    "/settings/webhooks/test",
    "/settings/webhooks/{id}/replay",
    // Wishes, and what a page shows.
    "/language",
    "/settings",
    "/settings/sites",
    "/settings/feed/public",
    "/creator/threshold",
    "/creator/currencies",
    "/creator/notes",
    "/w/{id}/title",
    "/w/{id}/supporters",
    "/w/{id}/refuse",
    "/w/{id}/code",
    // Founding, joining and leaving a team, and what its members see.
    "/teams",
    "/teams/{handle}/withdraw",
    "/teams/{handle}/leave",
    "/teams/{handle}/open",
    "/team-invitation/{link}",
    // Saying one's side of a dispute.
    "/claims/mine/{id}/dispute",
    "/claims/mine/{id}/dispute/answer",
    "/claims/mine/{id}/dispute/withdraw",
    // Only reads a file; and money that is free again.
    "/w/{id}/passing/file",
    "/creator/passing",
    // Saying how gifts came about that wait.
    "/creator/waiting",
    // Saying what is wrong with something, and why a decision is.
    "/report",
    "/appeal/{link}",
    // Letters that nobody asked for, by the link in them.
    "/letters/{link}",
    "/letters/{link}/now",
    // Giving divides a budget and never moves money out (B6); budgets are bounded by the wallet.
    "/give",
    "/clicks",
    "/clicks/points",
    "/clicks/take-back",
    "/clicks/undo",
    "/import",
    "/import/answer",
    "/subscriptions",
    "/subscriptions/change",
    "/subscriptions/pause",
    "/subscriptions/start",
    "/subscriptions/stop",
    "/subscriptions/take-back",
    "/budget",
    // Money that comes in, or moves between an account's own.
    "/wallet/voucher",
    "/wallet/play-money",
    "/wallet/promises/let-go",
    "/wallet/earnings",
    "/creator/move",
    // Consent is asked each time (O4).
    "/oauth/authorize",
    "/oauth/authorize/",
    "/device",
    "/device/answer",
];

/// The addresses of pages that change something.
fn posted() -> Vec<&'static str> {
    let routes = include_str!("../../src/routes.rs").split(".route(").skip(1);
    let posted = routes.filter(|route| route.contains("post(") && !route.contains("\"/api/"));
    posted.filter_map(|route| route.split('"').nth(1)).collect()
}

#[test]
fn every_address_that_changes_something_asks_or_is_known_not_to() {
    let posted = posted();
    assert!(posted.len() > 80, "{posted:?}");
    let is_known =
        |path: &&&str| path.starts_with("/admin") || ASKS.contains(path) || FREE.contains(path);
    let unknown: Vec<_> = posted.iter().filter(|path| !is_known(path)).collect();
    assert!(unknown.is_empty(), "does it need a fresh proof (W3)? {unknown:?}");
    let gone: Vec<_> = ASKS.iter().chain(FREE).filter(|path| !posted.contains(*path)).collect();
    assert!(gone.is_empty(), "there is no such page any more: {gone:?}");
    assert!(ASKS.iter().all(|path| !FREE.contains(path)));
}

/// What the forms of such pages have in them.
const FIELDS: &[(&str, &str)] = &[
    ("op", "0190f0c2-0000-7000-8000-000000000001"),
    ("passkey", "0190f0c2-0000-7000-8000-000000000001"),
    ("email", "new@obole.example"),
    ("password", obole_app::testing::PASSWORD),
    ("password_new", "another quiet harbour"),
    ("name", "Name"),
    ("code", "123456"),
    ("currency", "EUR"),
    ("amount", "1"),
    ("iban", "DE89370400440532013000"),
    ("holder", "Invented"),
    ("url", "https://hooks.example/"),
    ("redirects", "https://app.example/callback"),
    ("reason", "Because"),
];

#[tokio::test]
async fn they_ask_when_the_proof_is_too_old_and_not_before() {
    for instance in engines().await {
        let app = &instance.app;
        admin(app, "boss").await;
        let mut boss = Browser::new(app);
        boss.sign_in(app, "boss").await;
        let page = boss.get("/settings").await;
        let csrf = page.form("/sign-out", &[]).remove(0).1;
        let fields: Vec<_> = FIELDS.iter().copied().chain([("csrf", csrf.as_str())]).collect();
        let admins = posted().into_iter().filter(|path| path.starts_with("/admin"));
        let asking: Vec<_> = ASKS.iter().copied().chain(admins).collect();
        let filled = |path: &str| {
            let id = "0190f0c2-0000-7000-8000-000000000001";
            path.replace("{handle}", "boss").replace("{id}", id).replace("{batch}", id)
        };
        instance.at("2026-01-15T12:10:00Z");
        for path in &asking {
            let path = filled(path);
            let answer = boss.post(&path, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
            let way = answer.header("location");
            assert!(way.starts_with("/sign-in/proof?back="), "{path} leads to {way}");
        }
        // A second less, and each says something else. A new password would end this sign-in.
        instance.at("2026-01-15T12:09:59Z");
        for path in asking.iter().filter(|path| **path != "/settings/password") {
            let answer = boss.post(&filled(path), &fields).await;
            let way = answer.header("location");
            assert!(!way.starts_with("/sign-in"), "{path} leads to {way}");
        }
    }
}
