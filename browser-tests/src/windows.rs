//! Windows that a page opens, and what pages ask for.

use serde_json::{Value, json};

use crate::browser::Browser;

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

    /// The addresses that pages have asked for since this was last asked, of a browser whose look
    /// is watched.
    pub async fn requests(&self) -> Vec<String> {
        let answer = self.command("se/log", json!({ "type": "performance" })).await;
        let entries = answer.as_array().cloned().unwrap_or_default();
        let sent = entries.iter().filter_map(|entry| {
            let message = entry.get("message")?.as_str()?;
            let message: Value = serde_json::from_str(message).ok()?;
            let is_sent = message.pointer("/message/method")? == "Network.requestWillBeSent";
            let url = message.pointer("/message/params/request/url")?.as_str()?.to_owned();
            (is_sent && url.starts_with("http")).then_some(url)
        });
        sent.collect()
    }
}
