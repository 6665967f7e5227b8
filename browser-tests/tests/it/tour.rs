//! Every page of the instance, as each person finds it: through links, as people do.

use std::time::Duration;

use obole_browser_tests::{Browser, Engine, Instance, Look};
use tokio::time::sleep;

/// Who can see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed out.
    Anybody,
    /// A patron in the middle of a month.
    Patron,
    /// A creator with earnings.
    Creator,
    /// An administrator.
    Admin,
    /// Somebody who has just signed up: every list is empty.
    Newcomer,
}

use Who::{Admin, Anybody, Creator, Newcomer, Patron};

/// A page: the name of its pictures, its route, whose eyes see it.
pub struct Stop(pub &'static str, pub &'static str, pub Who);

/// Every page, and the states of pages that look different. A `{…}` is found on another page.
pub const STOPS: &[Stop] = &[
    Stop("landing", "/", Anybody),
    Stop("how", "/how", Anybody),
    Stop("claim", "/claim?url=https%3A%2F%2Fnew.example%2Fessay", Anybody),
    Stop("claim-ask", "/claim", Anybody),
    Stop("claims", "/claims", Anybody),
    Stop("claims-of", "/claims/of/{host}", Anybody),
    Stop("developers", "/developers", Anybody),
    Stop("api", "/api", Anybody),
    Stop("api-problems", "/api/problems", Anybody),
    Stop("buttons", "/buttons", Anybody),
    Stop("buttons-made", "/buttons?url=https%3A%2F%2Fnew.example%2Fessay&points=1+5", Anybody),
    Stop("source", "/source", Anybody),
    Stop("robot", "/robot", Anybody),
    Stop("works", "/works", Anybody),
    Stop("works-none", "/works?q=nothing-has-this-name", Anybody),
    Stop("work", "/w/{id}", Anybody),
    Stop("sheet", "/w/{id}/sheet", Anybody),
    Stop("sheet-cards", "/w/{id}/sheet?layout=cards", Anybody),
    Stop("code", "/c", Anybody),
    Stop("profile", "/@{handle}", Anybody),
    Stop("settlements", "/settlements", Anybody),
    Stop("settlement", "/settlements/{period}", Anybody),
    Stop("give-ask", "/give", Anybody),
    Stop("give-signed-out", "/give?url=https%3A%2F%2Fnew.example%2Fessay", Anybody),
    Stop("sign-up", "/sign-up", Anybody),
    Stop("sign-in", "/sign-in", Anybody),
    Stop("reset", "/reset", Anybody),
    Stop("reset-link", "/reset/{link}", Anybody),
    Stop("set-up", "/set-up/{token}", Anybody),
    Stop("not-found", "/nothing-is-here", Anybody),
    Stop("month", "/month", Patron),
    Stop("subscriptions", "/subscriptions", Patron),
    Stop("import", "/import", Patron),
    Stop("wallet", "/wallet", Patron),
    Stop("budget", "/budget", Patron),
    Stop("refund", "/wallet/refund", Patron),
    Stop("statements", "/statements", Patron),
    Stop("statement-given", "/statements/{period}", Patron),
    Stop("give", "/give?url=https%3A%2F%2Fnew.example%2Fessay", Patron),
    Stop("give-done", "/give/done", Patron),
    Stop("settings", "/settings", Patron),
    Stop("settings-sign-in", "/settings/sign-in", Patron),
    Stop("settings-passkeys", "/settings/passkeys", Patron),
    Stop("settings-second-factor", "/settings/second-factor", Patron),
    Stop("settings-invitations", "/settings/invitations", Patron),
    Stop("settings-data", "/settings/data", Patron),
    Stop("settings-leave", "/settings/leave", Patron),
    Stop("settings-sites", "/settings/sites", Patron),
    Stop("settings-apps", "/settings/apps", Patron),
    Stop("device", "/device", Patron),
    Stop("settings-tokens", "/settings/tokens", Patron),
    Stop("settings-feed", "/settings/feed", Patron),
    Stop("settings-webhooks-empty", "/settings/webhooks", Patron),
    Stop("report", "/report?account=demo-creator", Patron),
    Stop("settings-reports", "/settings/reports", Patron),
    Stop("proof", "/sign-in/proof", Patron),
    Stop("creator", "/creator", Creator),
    Stop("creator-bank", "/creator/bank", Creator),
    Stop("claim-own", "/claim?url=https%3A%2F%2Fgithub.com%2Fsomebody%2Fproject", Creator),
    Stop("claims-mine", "/claims/mine", Creator),
    Stop("claims-mine-one", "/claims/mine/{id}", Creator),
    Stop("teams", "/teams", Creator),
    Stop("team", "/teams/{handle}", Creator),
    Stop("team-statements", "/teams/{handle}/statements", Creator),
    Stop("team-statement", "/teams/{handle}/statements/{period}", Creator),
    Stop("passing", "/w/{id}/passing", Creator),
    Stop("creator-passing", "/creator/passing", Creator),
    Stop("settings-webhooks", "/settings/webhooks", Creator),
    Stop("settings-webhook", "/settings/webhooks/{id}", Creator),
    Stop("buttons-own", "/buttons", Creator),
    Stop("creator-payouts", "/creator/payouts", Creator),
    Stop("creator-notes", "/creator/notes", Creator),
    Stop("creator-earnings", "/creator/earnings", Creator),
    Stop("creator-waiting", "/creator/waiting", Creator),
    Stop("apps", "/apps", Creator),
    Stop("app", "/apps/{id}", Creator),
    Stop("consent", "/oauth/authorize", Creator),
    Stop("statement-received", "/statements/{period}?side=received", Creator),
    Stop("work-own", "/w/{id}", Creator),
    Stop("sheet-own", "/w/{id}/sheet?layout=small", Creator),
    Stop("profile-own", "/@{handle}", Creator),
    Stop("admin", "/admin", Admin),
    Stop("admin-settlement", "/admin/settlement", Admin),
    Stop("admin-vouchers", "/admin/vouchers", Admin),
    Stop("admin-voucher-batch", "/admin/vouchers/{batch}", Admin),
    Stop("admin-payouts", "/admin/payouts", Admin),
    Stop("admin-payout-batch", "/admin/payouts/{batch}", Admin),
    Stop("admin-refunds", "/admin/refunds", Admin),
    Stop("admin-notes", "/admin/notes", Admin),
    Stop("admin-works", "/admin/works", Admin),
    Stop("admin-accounts", "/admin/accounts", Admin),
    Stop("admin-account", "/admin/accounts/{handle}", Admin),
    Stop("admin-giving", "/admin/accounts/{handle}/giving", Admin),
    Stop("admin-disputes", "/admin/disputes", Admin),
    Stop("admin-reports", "/admin/reports", Admin),
    Stop("admin-signals", "/admin/signals", Admin),
    Stop("admin-signal", "/admin/signals/{id}", Admin),
    Stop("admin-invitations", "/admin/invitations", Admin),
    Stop("admin-apps", "/admin/apps", Admin),
    Stop("admin-mails", "/admin/mails", Admin),
    Stop("admin-mail", "/admin/mails/{id}", Admin),
    Stop("admin-policy", "/admin/policy", Admin),
    Stop("admin-audit", "/admin/audit", Admin),
    Stop("admin-backups", "/admin/backups", Admin),
    Stop("admin-log", "/admin/log", Admin),
    Stop("confirm", "/confirm", Newcomer),
    Stop("confirm-link", "/confirm/{link}", Newcomer),
    Stop("month-empty", "/month", Newcomer),
    Stop("subscriptions-empty", "/subscriptions", Newcomer),
    Stop("wallet-empty", "/wallet", Newcomer),
    Stop("budget-none", "/budget", Newcomer),
    Stop("statements-empty", "/statements", Newcomer),
    Stop("creator-empty", "/creator", Newcomer),
    Stop("creator-payouts-empty", "/creator/payouts", Newcomer),
    Stop("creator-notes-empty", "/creator/notes", Newcomer),
    Stop("creator-waiting-empty", "/creator/waiting", Newcomer),
    Stop("teams-empty", "/teams", Newcomer),
    Stop("creator-passing-empty", "/creator/passing", Newcomer),
];

/// Routes that hand out something else than a page for people.
const NO_PAGES: &[&str] = &[
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/.well-known/security.txt",
    "/static/{name}",
    "/button/{name}",
    "/w/{id}/qr.svg",
    "/c/{code}",
    "/.well-known/obole",
    "/.well-known/oauth-authorization-server",
    "/oembed",
    "/feed/works",
    "/feed/claims",
    // The address that stands in proofs.
    "/@{handle}/{token}",
    "/feed/creator/{handle}",
    "/feed/private/{secret}",
    "/submit/auto",
    "/submit/auto/",
    "/button/count",
    "/button.js",
    // What pages that were written for Flattr load; a test of their own looks at the frames.
    "/js/0.6/load.js",
    "/js/0.5/load.js",
    "/button/view",
    "/button/view/",
    "/button/popout",
    "/button/popout/",
    "/button/flattr-badge-large.png",
    "/button/flattr-badge-small.png",
    "/button/button-static-50x60.png",
    "/_img/icons/flattr_logo_16.png",
    // Where Flattr's addresses lead on.
    "/thing/{id}",
    "/thing/{id}/{slug}",
    "/thing/qr/{id}",
    "/profile/{name}",
    "/user/{name}",
    "/donation/give/to/{name}",
    "/apps/new",
    "/dashboard/transactions",
    "/settings/account/subscription",
    "/oauth/authorize/",
    // The second step of a sign-in that has begun; the journey of passkeys and codes looks at it.
    "/sign-in/code",
    // What comes by mail when somebody is invited, waits, takes their data along or leaves: the
    // journeys of those look at the pages.
    "/invitation/{code}",
    "/waiting/{link}",
    "/export/{link}",
    "/deletion/{link}",
    // The same for who appeals a decision.
    "/appeal/{link}",
    // The same for the letters of a site; and where a mail program says so by itself.
    "/letters/{link}",
    "/letters/{link}/now",
    // The same for an invitation to a team.
    "/team-invitation/{link}",
];

/// The routes that the tour goes by: a page that is not among them fails the test of it.
pub fn unvisited() -> Vec<String> {
    let routes = include_str!("../../../crates/web/src/routes.rs");
    let is_page = |route: &&str| route.contains("get(") && !route.contains("/api/");
    let pages = routes.split(".route(").skip(1).filter(is_page);
    let routes = pages.filter_map(|route| route.split('"').nth(1));
    let known = |route: &&str| {
        let is_visited = STOPS.iter().any(|stop| stop.1.split('?').next() == Some(*route));
        !is_visited && !NO_PAGES.contains(route)
    };
    routes.filter(known).map(str::to_owned).collect()
}

/// Where the tour goes: a demonstration, and what came by mail or stands elsewhere.
pub struct Grounds {
    /// The demonstration.
    pub demo: Instance,
    /// A new instance, nobody's yet.
    new: Instance,
    reset: String,
    confirm: String,
}

/// The password of everybody in a demonstration who can sign in.
const PASSWORD: &str = "obole-demonstration";

impl Grounds {
    /// Starts a small demonstration and a new instance.
    pub async fn open() -> Self {
        let size = ["--patrons", "30", "--works", "24", "--periods", "4"];
        let words = [&["demo", "--listen", "127.0.0.1:0"][..], &size].concat();
        let demo = Instance::prepare(Engine::Sqlite, "2026-11-24T12:00:00Z");
        let demo = demo.start_with(&words).await;
        let new = Instance::prepare(Engine::Sqlite, "2026-11-24T12:00:00Z").start().await;
        Self { demo, new, reset: String::new(), confirm: String::new() }
    }

    /// A browser in which this person is signed in.
    pub async fn enter(&mut self, who: Who) -> Browser {
        let browser = Browser::open_with(Look { is_watched: true, ..Look::default() }).await;
        let handle = match who {
            Anybody => {
                self.ask_for_reset(&browser).await;
                return browser;
            }
            Newcomer => {
                self.sign_up(&browser).await;
                return browser;
            }
            Patron => "demo-patron",
            Creator => "demo-creator",
            Admin => "demo-admin",
        };
        browser.sign_in(&self.demo, (handle, PASSWORD), "/month").await;
        browser
    }

    async fn sign_up(&mut self, browser: &Browser) {
        browser.goto(&self.demo.url("/sign-up")).await;
        browser.fill("Mail address", "newcomer@demo.example").await;
        browser.fill("Handle", "newcomer").await;
        browser.fill("Password", PASSWORD).await;
        browser.within("Password").press("Sign up").await;
        browser.sees("newcomer@demo.example").await;
        self.confirm = self.mailed("newcomer@demo.example", "/confirm/").await;
    }

    async fn ask_for_reset(&mut self, browser: &Browser) {
        browser.goto(&self.demo.url("/reset")).await;
        browser.fill("Mail address", "demo-creator@demo.example").await;
        browser.press("Send the link").await;
        browser.sees("a mail with a link is on its way").await;
        self.reset = self.mailed("demo-creator@demo.example", "/reset/").await;
    }

    /// The link in the newest mail to this address, as an administrator reads it.
    async fn mailed(&self, address: &str, place: &str) -> String {
        let browser = Browser::open().await;
        browser.sign_in(&self.demo, ("demo-admin", PASSWORD), "/month").await;
        for _ in 0..40 {
            browser.goto(&self.demo.url("/admin/mails")).await;
            if !browser.text().await.contains("waiting") {
                break;
            }
            sleep(Duration::from_millis(250)).await;
        }
        for mail in links(&browser).await.iter().filter(|link| link.starts_with("/admin/mails/")) {
            browser.goto(&self.demo.url(mail)).await;
            let text = browser.text().await;
            let link = text.split_whitespace().find(|word| word.contains(place));
            if let Some(link) = link.filter(|_| text.contains(address)) {
                return link.to_owned();
            }
        }
        panic!("no mail to {address} has a link to {place}")
    }

    /// The address of a stop, found from the page on which people find it.
    pub async fn address(&self, browser: &Browser, stop: &Stop) -> String {
        let Stop(name, route, who) = stop;
        let (list, beginning) = match *route {
            "/reset/{link}" => return self.reset.clone(),
            "/confirm/{link}" => return self.confirm.clone(),
            "/set-up/{token}" => return self.first_link(),
            "/give/done" => return self.give(browser).await,
            "/apps/{id}" => return self.register(browser).await,
            "/oauth/authorize" => return self.consent(browser).await,
            route if route.starts_with("/w/") && *who == Creator => ("/creator", "/w/"),
            route if route.starts_with("/w/") => ("/works", "/w/"),
            // All that was claimed in the demonstration.
            "/claims/of/{host}" => return self.demo.url("/claims/of/example"),
            "/teams/{handle}" => return self.demo.url("/teams/demo-band"),
            "/teams/{handle}/statements" => return self.demo.url("/teams/demo-band/statements"),
            "/teams/{handle}/statements/{period}" => {
                ("/teams/demo-band/statements", "/teams/demo-band/statements/")
            }
            "/@{handle}" if *who == Creator => return self.demo.url("/@demo-creator"),
            "/@{handle}" => ("/works", "/@"),
            route => match route.split_once('{') {
                None => return self.demo.url(route),
                Some((list, _)) => (list.trim_end_matches('/'), list),
            },
        };
        browser.goto(&self.demo.url(list)).await;
        let links = links(browser).await;
        let is_it = |link: &&String| {
            let rest = link.strip_prefix(beginning);
            rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '.']))
        };
        let link = links.iter().find(is_it);
        let link = link.unwrap_or_else(|| panic!("{list} leads to no {name}: {links:?}"));
        let rest = route.rsplit_once('}').map_or("", |(_, rest)| rest);
        self.demo.url(&format!("{link}{rest}"))
    }

    fn first_link(&self) -> String {
        let log = self.new.log();
        let link = log.lines().find_map(|line| line.split_once("here, once: ")).unwrap().1;
        link.trim().to_owned()
    }

    /// Registers an app: the address of its page.
    async fn register(&self, browser: &Browser) -> String {
        browser.goto(&self.demo.url("/apps")).await;
        browser.fill("App", "Song player").await;
        browser.fill("Addresses that answers go to", "https://songs.example/callback").await;
        browser.press("Register the app").await;
        browser.sees("The app is registered").await;
        self.demo.url(&browser.path().await)
    }

    /// What an app asks for.
    async fn consent(&self, browser: &Browser) -> String {
        let app = self.register(browser).await;
        let id = app.rsplit('/').next().unwrap_or_default();
        let asked = "response_type=code&scope=profile+click&code_challenge_method=S256\
                     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        self.demo.url(&format!("/oauth/authorize?client_id={id}&{asked}"))
    }

    async fn give(&self, browser: &Browser) -> String {
        browser.goto(&self.demo.url("/give?url=https%3A%2F%2Fnew.example%2Fsong")).await;
        browser.press_until("Give", "Thank you").await;
        self.demo.url(&browser.path().await)
    }
}

/// The addresses of this instance that the page links to, each once.
pub async fn links(browser: &Browser) -> Vec<String> {
    let links = browser
        .evaluate(
            "[...new Set([...document.querySelectorAll('a[href]')].map((a) => new URL(a.href)) \
             .filter((url) => url.origin === location.origin) \
             .map((url) => url.pathname + url.search))]",
        )
        .await;
    let links = links.as_array().cloned().unwrap_or_default();
    links.iter().filter_map(|link| link.as_str().map(str::to_owned)).collect()
}
