//! Every page in each language, narrow and wide, light and dark: it keeps nobody out, runs over
//! nowhere, asks nobody else for anything; and its pictures.

use std::collections::BTreeSet;

use obole_browser_tests::Browser;

use crate::tour::{Grounds, STOPS, Who, links, unvisited};

const WIDE: (u32, u32) = (1280, 900);
const NARROW: (u32, u32) = (320, 640);

/// What is wrong with the page as it stands, a sentence each.
const FAULTS: &str = r#"(() => {
  const faults = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) {
    const over = [...document.querySelectorAll("main *, header *, footer *")]
      .filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table"))
      .map((e) => e.outerHTML.slice(0, 160));
    faults.push(`it is ${root.scrollWidth} pixels wide: ${over.slice(0, 3).join(" … ")}`);
  }
  const titles = document.querySelectorAll("h1").length;
  if (titles !== 1) faults.push(`it has ${titles} headings h1`);
  if (!document.title.trim()) faults.push("it has no title");
  return faults;
})()"#;

/// What people are shown cut off, which may be meant.
const CUT: &str = r#"[...document.querySelectorAll("body *")].filter((e) =>
    e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== "visible" &&
    !e.closest(".visually-hidden, thead, svg") && e.tagName !== "INPUT" && e.clientWidth > 1)
  .map((e) => `${e.className}: ${e.innerText.slice(0, 60)}`)"#;

#[test]
fn the_tour_leaves_no_page_out() {
    assert_eq!(unvisited(), Vec::<String>::new());
}

/// Everybody, in groups of about as many pages, so that no test takes too long.
const GROUPS: [&[Who]; 3] =
    [&[Who::Anybody], &[Who::Newcomer, Who::Patron], &[Who::Creator, Who::Admin]];

#[tokio::test]
async fn every_page_of_visitors_is_sound() {
    are_sound(GROUPS[0]).await;
}

#[tokio::test]
async fn every_page_of_newcomers_and_patrons_is_sound() {
    are_sound(GROUPS[1]).await;
}

#[tokio::test]
async fn every_page_of_creators_and_administrators_is_sound() {
    are_sound(GROUPS[2]).await;
}

async fn are_sound(all: &[Who]) {
    let mut grounds = Grounds::open().await;
    let faults = walk(&mut grounds, all, false).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
#[ignore = "pictures, not a test: `cargo x screenshots` runs it"]
async fn screenshots() {
    let mut grounds = Grounds::open().await;
    let faults = walk(&mut grounds, &GROUPS.concat(), true).await;
    println!("{}", faults.join("\n"));
}

/// Goes to every page with everybody's eyes; what is wrong.
async fn walk(grounds: &mut Grounds, all: &[Who], has_pictures: bool) -> Vec<String> {
    let mut faults = Vec::new();
    let mut leads = BTreeSet::new();
    for who in all.iter().copied() {
        let browser = grounds.enter(who).await;
        let mut addresses = Vec::new();
        for stop in STOPS.iter().filter(|stop| stop.2 == who) {
            addresses.push((stop, grounds.address(&browser, stop).await));
        }
        for language in ["en", "fr"] {
            for (stop, address) in &addresses {
                browser.goto(address).await;
                speak(&browser, language, address).await;
                if address.starts_with(&grounds.demo.url("/")) {
                    leads.extend(links(&browser).await);
                }
                let view = View { browser: &browser, name: stop.0, language, has_pictures };
                faults.extend(view.look(address).await);
                let strangers = browser.requests_to_strangers().into_iter();
                faults.extend(strangers.map(|url| format!("{}: it asks for {url}", stop.0)));
            }
        }
        faults.extend(refused_form(grounds, &browser, who, has_pictures).await);
    }
    faults.extend(dead_links(grounds, leads).await);
    faults
}

/// Changes the page's language by the button at its foot, once for each browser and instance.
async fn speak(browser: &Browser, language: &str, address: &str) {
    let spoken = browser.evaluate("document.documentElement.lang").await;
    if spoken != language {
        browser.press(if language == "fr" { "Français" } else { "English" }).await;
        browser.goto(address).await;
    }
}

/// A page before somebody.
struct View<'page> {
    browser: &'page Browser,
    name: &'static str,
    language: &'static str,
    has_pictures: bool,
}

impl View<'_> {
    /// Looks at the page in each size and mode.
    async fn look(&self, address: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for (size, width) in [(WIDE, "wide"), (NARROW, "narrow")] {
            for (is_dark, mode) in [(false, "light"), (true, "dark")] {
                self.browser.change_look(size, is_dark).await;
                let name = format!("{}-{}-{width}-{mode}", self.name, self.language);
                if self.has_pictures {
                    self.browser.screenshot(&name).await;
                }
                // Each of both once; the other halves differ in what axe does not look at.
                if (size == WIDE) != is_dark {
                    let found = self.browser.axe_violations().await;
                    faults.extend(found.iter().map(|fault| format!("{name}: {fault}")));
                }
                faults.extend(list(self.browser, FAULTS).await.map(|f| format!("{name}: {f}")));
                if self.has_pictures && size == NARROW && !is_dark {
                    let cut = list(self.browser, CUT).await;
                    faults.extend(cut.map(|f| format!("{name}: cut off: {f}")));
                }
            }
        }
        let complaints = self.browser.complaints().await;
        let is_meant = |line: &&String| !line.contains("the server responded with a status of 4");
        let complaints = complaints.iter().filter(is_meant);
        faults.extend(complaints.map(|line| format!("{}: {address}: {line}", self.name)));
        faults
    }
}

async fn list(browser: &Browser, expression: &str) -> impl Iterator<Item = String> + use<> {
    let found = browser.evaluate(expression).await;
    let found = found.as_array().cloned().unwrap_or_default();
    found.into_iter().filter_map(|line| line.as_str().map(str::to_owned))
}

/// A form that comes back with its faults marked.
async fn refused_form(
    grounds: &Grounds,
    browser: &Browser,
    who: Who,
    has_pictures: bool,
) -> Vec<String> {
    let (name, path, (place, button)) = match who {
        Who::Anybody => ("sign-up-refused", "/sign-up", ("Mot de passe", "S’inscrire")),
        Who::Patron => ("budget-refused", "/budget", ("", "Enregistrer")),
        Who::Creator => ("creator-bank-refused", "/creator/bank", ("", "Enregistrer")),
        Who::Admin => ("admin-vouchers-refused", "/admin/vouchers", ("", "Créer des bons")),
        Who::Newcomer => ("month-refused", "/month", ("", "Cliquer")),
    };
    browser.goto(&grounds.demo.url(path)).await;
    browser.evaluate("for (const e of document.forms) e.noValidate = true").await;
    for field in ["Au plus, chaque mois", "Son adresse"] {
        if browser.text().await.contains(field) {
            browser.fill(field, "???").await;
        }
    }
    browser.within(place).press(button).await;
    let view = View { browser, name, language: "fr", has_pictures };
    view.look(path).await
}

/// Links that lead nowhere, for somebody who is signed out.
async fn dead_links(grounds: &Grounds, leads: BTreeSet<String>) -> Vec<String> {
    let client = reqwest::Client::new();
    let mut dead = Vec::new();
    for lead in leads.iter().filter(|lead| !lead.starts_with("/admin")) {
        let answer = client.get(grounds.demo.url(lead)).send().await;
        let status = answer.map(|answer| answer.status().as_u16()).unwrap_or_default();
        if status == 0 || status >= 404 && !lead.contains("nothing-is-here") {
            dead.push(format!("{lead} answers {status}"));
        }
    }
    dead
}
