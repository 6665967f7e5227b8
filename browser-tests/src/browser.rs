//! A browser window and what a person does in it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::session::handle::SessionHandle;
use thirtyfour::{By, WebDriver, WebElement};
use tokio::time::{interval, timeout};

use crate::chromedriver::Chromedriver;
use crate::find::{self, Kind, plain};
use crate::look::Look;
use crate::recorder::Recorder;
use crate::{axe, surroundings};

/// How long a person would wait for something to come up.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a page may take to load.
const PAGE: Duration = Duration::from_secs(30);
/// How often to look meanwhile.
const GLANCE: Duration = Duration::from_millis(40);

/// A browser of its own: nobody else's cookies, gone with the last handle to it.
#[derive(Clone)]
pub struct Browser {
    window: Arc<Window>,
    place: String,
}

/// What a window is made of; it goes with the last handle.
struct Window {
    driver: WebDriver,
    size: Mutex<(u32, u32)>,
    chromedriver: Chromedriver,
    recorder: Option<Recorder>,
    _profile: tempfile::TempDir,
}

impl Drop for Window {
    fn drop(&mut self) {
        self.chromedriver.end(&self.driver.session_id().to_string());
    }
}

impl Browser {
    /// Opens a window with the usual look: English, on a light desktop screen.
    pub async fn open() -> Self {
        Self::open_with(Look::default()).await
    }

    /// Opens a window with this look.
    pub async fn open_with(look: Look) -> Self {
        let chromedriver = Chromedriver::start();
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let recorder = look.is_watched.then(Recorder::start);
        let proxy = recorder.as_ref().map(Recorder::url);
        let wishes = look.wishes(profile.path(), proxy.as_deref());
        let driver = WebDriver::new(chromedriver.url(), wishes).await;
        let driver = driver.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        let limited =
            driver.set_page_load_timeout(PAGE).await.and(driver.set_script_timeout(PAGE).await);
        limited.unwrap_or_else(|error| panic!("Chromium takes no limits: {error}"));
        // The driver's own way to end a session waits for two minutes in a failing test.
        driver.clone().leak().expect("the session has just begun");
        let size = Mutex::new(look.size);
        let window = Window { driver, size, _profile: profile, chromedriver, recorder };
        let browser = Self { window: Arc::new(window), place: String::new() };
        browser.change_look(look.size, look.is_dark).await;
        if !look.has_scripts {
            browser
                .devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
                .await;
        }
        browser
    }

    /// The same window, looking only at the smallest part of the page that speaks of this: a row,
    /// a form, a section.
    #[must_use]
    pub fn within(&self, place: &str) -> Self {
        Self { window: self.window.clone(), place: place.to_owned() }
    }

    /// Makes the window another size, light or dark, with the page as it stands.
    pub async fn change_look(&self, size: (u32, u32), is_dark: bool) {
        *self.window.size.lock().expect("nobody fails with the size in hand") = size;
        self.resize(size.0, size.1.into()).await;
        let scheme = if is_dark { "dark" } else { "light" };
        let features = json!({ "features": [
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// Opens a page.
    pub async fn goto(&self, url: &str) {
        let gone = self.window.driver.goto(url).await;
        gone.unwrap_or_else(|error| panic!("{url} does not open: {error}"));
    }

    /// The address of a page of the extension that the browser was opened with.
    pub async fn extension_page(&self, page: &str) -> String {
        let start = self.until("the extension runs", async || {
            let answer = self.devtools("Target.getTargets", json!({})).await;
            let targets = answer.get("targetInfos").and_then(Value::as_array).cloned();
            let urls = targets.unwrap_or_default().into_iter();
            let mut urls = urls.filter_map(|target| target.get("url")?.as_str().map(str::to_owned));
            let worker = urls.find(|url| url.ends_with("/background.js"));
            worker.ok_or_else(|| "no worker of an extension".to_owned())
        });
        start.await.replace("background.js", page)
    }

    /// Opens the page again.
    pub async fn reload(&self) {
        self.window.driver.refresh().await.unwrap_or_else(|error| panic!("no reload: {error}"));
    }

    /// The path and query of the page that is open.
    pub async fn path(&self) -> String {
        let url = self.window.driver.current_url().await;
        let url = url.unwrap_or_else(|error| panic!("no page is open: {error}"));
        url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// Waits for the page with this path.
    pub async fn arrives_at(&self, path: &str) {
        self.until(&format!("the page is {path}"), async || {
            let here = self.path().await;
            if here == path { Ok(()) } else { Err(format!("it is {here}")) }
        })
        .await;
    }

    /// The field with this label.
    pub async fn by_label(&self, label: &str) -> WebElement {
        self.until(&format!("there is a field “{label}”"), async || {
            find::one(self.session(), Kind::Field, label, &self.place).await
        })
        .await
    }

    /// Types into the field with this label, in place of what was there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.by_label(label).await;
        let kind = field.prop("type").await.ok().flatten().unwrap_or_default();
        let done = match kind.as_str() {
            // What keys mean in these depends on the system's language: set the value itself.
            "date" | "month" | "time" | "datetime-local" | "range" | "color" => {
                self.set_value(&field, text).await
            }
            "file" => field.send_keys(text).await.map_err(|error| error.to_string()),
            _ => clear_and_type(&field, text).await,
        };
        done.unwrap_or_else(|error| panic!("“{label}” cannot be filled in: {error}"));
    }

    /// Chooses an option, by its text, in the list with this label.
    pub async fn choose(&self, label: &str, option: &str) {
        let list = self.by_label(label).await;
        let options = list.find_all(By::Tag("option")).await.unwrap_or_default();
        let mut texts = Vec::new();
        for candidate in options {
            let text = plain(&candidate.text().await.unwrap_or_default());
            if text == plain(option) {
                return press(&candidate).await.unwrap_or_else(|error| panic!("{error}"));
            }
            texts.push(text);
        }
        panic!("“{label}” has no option “{option}”; it has: {texts:?}");
    }

    /// Ticks or unticks the box with this label, or takes the radio button.
    pub async fn tick(&self, label: &str, is_ticked: bool) {
        let field = self.by_label(label).await;
        if field.is_selected().await.unwrap_or_default() != is_ticked {
            let pressed = press(&field).await;
            pressed.unwrap_or_else(|error| panic!("“{label}” cannot be ticked: {error}"));
        }
    }

    /// What stands in the field with this label.
    pub async fn value(&self, label: &str) -> String {
        self.by_label(label).await.prop("value").await.ok().flatten().unwrap_or_default()
    }

    /// The button or link of this name, once it is there.
    pub async fn by_role(&self, name: &str) -> WebElement {
        self.until(&format!("there is “{name}”"), async || {
            find::one(self.session(), Kind::Press, name, &self.place).await
        })
        .await
    }

    /// Presses the button or link of this name.
    pub async fn press(&self, name: &str) {
        self.until(&format!("“{name}” can be pressed"), async || {
            let found = find::one(self.session(), Kind::Press, name, &self.place).await?;
            press(&found).await
        })
        .await;
    }

    /// Presses the button of this name if it is there now.
    pub(crate) async fn try_press(&self, name: &str) -> Result<(), String> {
        let found = find::one(self.session(), Kind::Press, name, &self.place).await?;
        press(&found).await
    }

    /// Presses the button of this name until the page says this: a page may hear nobody who has not
    /// looked at it first (security.md B4).
    pub async fn press_until(&self, name: &str, text: &str) {
        let wanted = plain(text);
        self.until(&format!("“{name}” leads to “{text}”"), async || {
            if self.text().await.contains(&wanted) {
                return Ok(());
            }
            let found = find::one(self.session(), Kind::Press, name, &self.place).await?;
            press(&found).await?;
            Err("it was pressed, and nothing came of it".to_owned())
        })
        .await;
    }

    /// Waits until an expression has this value.
    pub async fn becomes(&self, expression: &str, value: &str) {
        self.until(&format!("{expression} is {value}"), async || {
            let found = self.session().execute(&format!("return {expression}"), []).await;
            let found = found.map_err(|error| error.to_string())?.json().clone();
            if found == value { Ok(()) } else { Err(format!("it is {found}")) }
        })
        .await;
    }

    /// Waits until the page shows this text.
    pub async fn sees(&self, text: &str) {
        let wanted = plain(text);
        self.until(&format!("the page says “{text}”"), async || {
            let page = self.text().await;
            if page.contains(&wanted) { Ok(()) } else { Err(format!("it says:\n{page}")) }
        })
        .await;
    }

    /// Waits until the page does not show this text.
    pub async fn sees_no(&self, text: &str) {
        let unwanted = plain(text);
        self.until(&format!("the page does not say “{text}”"), async || {
            let page = self.text().await;
            if page.contains(&unwanted) { Err(format!("it says:\n{page}")) } else { Ok(()) }
        })
        .await;
    }

    /// All text that the page shows, shadow roots too, each run of white space as one space.
    pub async fn text(&self) -> String {
        let script = "const shown = (root) => [...root.children].map((e) => e.innerText || '') \
            .concat([...root.querySelectorAll('*')].filter((e) => e.shadowRoot) \
            .flatMap((e) => shown(e.shadowRoot))).flat().join(' '); \
            return shown(document.documentElement);";
        let text = self.session().execute(script, []).await;
        // While one page goes and the next comes there is no text.
        let text = text.ok().and_then(|text| text.json().as_str().map(plain));
        text.unwrap_or_default()
    }

    /// Fails with a list of what keeps people out of this page (WCAG 2.2 AA and good practice).
    pub async fn axe(&self) {
        let violations = self.axe_violations().await;
        let url = self.path().await;
        assert!(violations.is_empty(), "{url} is not accessible:\n{}", violations.join("\n"));
    }

    /// What axe-core finds on this page, a paragraph each.
    pub async fn axe_violations(&self) -> Vec<String> {
        axe::violations(self.session()).await
    }

    /// What the browser complained of since it was last asked: scripts that failed, what the
    /// content security policy stopped.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.window.driver.browser_log().await.unwrap_or_default();
        let bad = log.into_iter().filter(|entry| entry.level == "SEVERE");
        bad.map(|entry| entry.message).collect()
    }

    /// Takes a picture of the whole page, where pictures are wanted (`cargo x screenshots`).
    pub async fn screenshot(&self, name: &str) {
        let Some(folder) = surroundings::optional("OBOLE_TEST_SCREENSHOTS") else { return };
        self.screenshot_to(&Path::new(&folder).join(format!("{name}.png"))).await;
    }

    /// Takes a picture of the whole page.
    pub async fn screenshot_to(&self, file: &Path) {
        let (width, height) = *self.window.size.lock().expect("nobody fails with it in hand");
        let script = "return Math.ceil(document.documentElement.scrollHeight)";
        let page = self.session().execute(script, []).await.ok();
        let page = page.and_then(|page| page.json().as_u64()).unwrap_or_default();
        self.resize(width, page.clamp(height.into(), 16_000)).await;
        let taken = self.window.driver.screenshot(file).await;
        taken.unwrap_or_else(|error| panic!("no picture {}: {error}", file.display()));
        self.resize(width, height.into()).await;
    }

    /// Presses the button or link of this name, which hands out a file; what is in the file.
    pub async fn download(&self, name: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder for the file");
        let place = folder.path();
        let behaviour = json!({ "behavior": "allow", "downloadPath": place });
        self.devtools("Browser.setDownloadBehavior", behaviour).await;
        self.press(name).await;
        self.until(&format!("“{name}” hands out a file"), async || {
            let mut files = std::fs::read_dir(place).into_iter().flatten().flatten();
            let file = files.next().ok_or("nothing has come")?.path();
            // Chromium gives the file its name when all of it is there.
            let is_whole = file.extension().is_some_and(|end| end != "crdownload");
            let is_whole = is_whole && !file.to_string_lossy().contains(".com.google");
            let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
            if is_whole { Ok(text) } else { Err("it is still coming".to_owned()) }
        })
        .await
    }

    /// What an expression of JavaScript comes to on the page.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let answer = self.devtools("Runtime.evaluate", parameters).await;
        let failure = answer.get("exceptionDetails");
        assert!(failure.is_none(), "{expression} fails: {failure:?}");
        answer.pointer("/result/value").cloned().unwrap_or_default()
    }

    /// A command of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.command("goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
    }

    /// A command of ChromeDriver's own.
    pub(crate) async fn command(&self, path: &str, body: Value) -> Value {
        let session = self.driver().session_id();
        let base = self.window.chromedriver.url();
        let url = format!("{base}/session/{session}/{path}");
        let answer = reqwest::Client::new().post(url).json(&body).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status);
        let answer = answer.unwrap_or_else(|error| panic!("{body} was refused: {error}"));
        let answer: Value = answer.json().await.expect("ChromeDriver answers in JSON");
        answer.get("value").cloned().unwrap_or_default()
    }

    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.window.recorder.as_ref()
    }

    pub(crate) fn driver(&self) -> &WebDriver {
        &self.window.driver
    }

    /// Windows narrower than 500 pixels exist on telephones only, so the page is told.
    async fn resize(&self, width: u32, height: u64) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    async fn set_value(&self, field: &WebElement, value: &str) -> Result<(), String> {
        let script = "arguments[0].value = arguments[1]; for (const name of ['input', 'change']) \
            arguments[0].dispatchEvent(new Event(name, { bubbles: true }));";
        let field = field.to_json().map_err(|error| error.to_string())?;
        let done = self.session().execute(script, [field, json!(value)]).await;
        done.map(|_| ()).map_err(|error| error.to_string())
    }

    fn session(&self) -> &Arc<SessionHandle> {
        self.window.driver.handle()
    }

    /// Tries until it is so, as long as a person would wait; then says what it was instead.
    pub(crate) async fn until<T>(
        &self,
        what: &str,
        attempt: impl AsyncFn() -> Result<T, String>,
    ) -> T {
        let mut last = String::new();
        let tries = async {
            let mut glances = interval(GLANCE);
            loop {
                glances.tick().await;
                match attempt().await {
                    Ok(value) => return value,
                    Err(sentence) => last = sentence,
                }
            }
        };
        let found = timeout(PATIENCE, tries).await;
        if let Ok(value) = found {
            return value;
        }
        panic!("Waited for: {what}. On {}: {last}", self.path().await)
    }
}

async fn clear_and_type(field: &WebElement, text: &str) -> Result<(), String> {
    field.clear().await.map_err(|error| error.to_string())?;
    field.send_keys(text).await.map_err(|error| error.to_string())
}

/// Presses it, or its label where the field itself is drawn by something else.
async fn press(element: &WebElement) -> Result<(), String> {
    let Err(error) = element.click().await else { return Ok(()) };
    let script = "return arguments[0].labels && arguments[0].labels[0]";
    let arguments = element.to_json().map_err(|error| error.to_string())?;
    let label = element.handle().execute(script, [arguments]).await;
    match label.and_then(thirtyfour::session::scriptret::ScriptRet::element) {
        Ok(label) => label.click().await.map_err(|error| error.to_string()),
        Err(_) => Err(error.to_string()),
    }
}
