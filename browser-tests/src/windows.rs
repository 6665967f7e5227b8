//! Windows that a page opens, and what pages ask for.

use crate::browser::Browser;

/// Hosts that Chromium asks by itself, whatever the page: its maker's, and those of the search
/// engine that Debian has set.
const CHROMIUMS: [&str; 10] = [
    "accounts.google.com",
    "android.clients.google.com",
    "clients2.google.com",
    "clientservices.googleapis.com",
    "content-autofill.googleapis.com",
    "edgedl.me.gvt1.com",
    "optimizationguide-pa.googleapis.com",
    "safebrowsing.googleapis.com",
    "start.duckduckgo.com",
    "update.googleapis.com",
];

impl Browser {
    /// Goes to the window that was opened last, and waits until there is one.
    pub async fn follow(&self) {
        self.until("a new window is open", async || {
            let windows = self.driver().windows().await.map_err(|error| error.to_string())?;
            let here = self.driver().window().await.ok();
            match windows.into_iter().rev().find(|window| Some(window) != here.as_ref()) {
                Some(other) => {
                    self.driver().switch_to_window(other).await.map_err(|error| error.to_string())
                }
                None => Err("there is one window".to_owned()),
            }
        })
        .await;
    }

    /// Closes this window and goes back to the first one.
    pub async fn close(&self) {
        let closed = self.driver().close_window().await;
        closed.unwrap_or_else(|error| panic!("the window stays: {error}"));
        let windows = self.driver().windows().await.unwrap_or_default();
        let first = windows.into_iter().next().expect("the first window is still open");
        let gone = self.driver().switch_to_window(first).await;
        gone.unwrap_or_else(|error| panic!("no way back: {error}"));
    }

    /// The addresses that pages have asked for since this was last called, of a browser whose look
    /// is watched: whole ones, or `host:port` where they are sealed.
    pub fn requests(&self) -> Vec<String> {
        let mut asked = self.recorder().expect("the look of this browser is watched").take();
        asked.retain(|url| !CHROMIUMS.contains(&host(url)));
        asked
    }

    /// Those of them that led away from this machine.
    pub fn requests_to_strangers(&self) -> Vec<String> {
        let mut asked = self.requests();
        let ours = ["http://127.0.0.1:", "http://localhost:"];
        asked.retain(|url| !ours.iter().any(|own| url.starts_with(own)));
        asked
    }
}

fn host(url: &str) -> &str {
    let rest = url.strip_prefix("http://").unwrap_or(url);
    rest.split([':', '/']).next().unwrap_or_default()
}
