//! How a page comes before a person: language, size of the window, dark or light.

use std::path::Path;

use serde_json::json;
use thirtyfour::{
    CapabilitiesHelper, ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities,
};

const FLAGS: [&str; 13] = [
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--mute-audio",
    "--hide-scrollbars",
    // `computedName`: the accessible name as Chromium itself makes it.
    "--enable-blink-features=ComputedAccessibilityInfo",
    "--force-color-profile=srgb",
];

/// How the page comes before the person.
#[derive(Clone, Debug)]
pub struct Look {
    /// The language that the browser asks for, such as `fr`.
    pub language: &'static str,
    /// Width and height of the window, in CSS pixels.
    pub size: (u32, u32),
    /// Whether the person prefers dark pages.
    pub is_dark: bool,
    /// Whether pages may run scripts.
    pub has_scripts: bool,
    /// The folder of an extension that the browser has.
    pub extension: Option<&'static str>,
    /// Whether it is noted what is asked for, and kept from leaving this machine.
    pub is_watched: bool,
    /// Whether sites within others may have cookies.
    pub has_foreign_cookies: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            language: "en",
            size: (1280, 900),
            is_dark: false,
            has_scripts: true,
            extension: None,
            is_watched: false,
            has_foreign_cookies: true,
        }
    }
}

impl Look {
    /// What ChromeDriver is asked for.
    pub(crate) fn wishes(&self, profile: &Path, proxy: Option<&str>) -> ChromeCapabilities {
        let mut wishes = DesiredCapabilities::chrome();
        let (width, height) = self.size;
        let mut flags: Vec<String> = FLAGS.map(str::to_owned).into();
        flags.push(format!("--window-size={width},{height}"));
        flags.push(format!("--lang={}", self.language));
        flags.push(format!("--accept-lang={}", self.language));
        flags.push(format!("--user-data-dir={}", profile.display()));
        if let Some(folder) = self.extension {
            flags.push(format!("--load-extension={folder}"));
            flags.push("--disable-features=DisableLoadExtensionCommandLineSwitch".to_owned());
        }
        if let Some(proxy) = proxy {
            flags.push(format!("--proxy-server={proxy}"));
            // This machine too, which is left out else.
            flags.push("--proxy-bypass-list=<-loopback>".to_owned());
        }
        if is_root() {
            flags.push("--no-sandbox".to_owned());
        }
        let added = flags.iter().try_for_each(|flag| wishes.add_arg(flag));
        let logged = wishes.set("goog:loggingPrefs", json!({ "browser": "ALL" }));
        // 1 keeps them from sites within others.
        let cookies = u8::from(!self.has_foreign_cookies);
        let kept = json!({
            "profile.cookie_controls_mode": cookies,
            // Chromium's maker is asked about each password else.
            "profile.password_manager_leak_detection": false,
        });
        let kept = wishes.add_experimental_option("prefs", kept);
        added.and(logged).and(kept).expect("flags are text");
        wishes
    }
}

/// Chromium's own walls do not work for root.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
