//! Chromium through chromedriver, one fresh profile for each browser.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::place::{self, leave_out, variable};

/// An element that should appear appears within this.
const APPEARS_MAX: Duration = Duration::from_secs(20);

/// A page that moves comes to rest within this.
const SETTLES_MAX: Duration = Duration::from_secs(3);

/// A browser with one window.
pub struct Browser {
    /// The WebDriver session, for what is not offered here.
    pub client: Client,
    driver: Child,
    port: u16,
    session: String,
}

/// What a browser can be told before it starts.
#[derive(Debug, Clone, Copy)]
pub struct Wishes {
    /// Runs scripts of pages?
    pub javascript: bool,
    /// First language.
    pub language: &'static str,
    /// Width of the window. Unit: CSS pixels.
    pub width: u32,
}

impl Default for Wishes {
    fn default() -> Self {
        Self { javascript: true, language: "zh-CN", width: 1_440 }
    }
}

impl Browser {
    /// Starts one, or says that there is none (refused in CI).
    ///
    /// # Errors
    /// There is one, and it does not start.
    pub async fn start(wishes: Wishes) -> anyhow::Result<Option<Self>> {
        let found = |name: &str| {
            Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status()
        };
        let driver_path = variable("E2E_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".to_owned());
        if found(&driver_path).is_err() {
            leave_out(
                "browser",
                "chromedriver is not installed (Debian: apt-get install chromium chromium-driver)",
            );
            return Ok(None);
        }
        let mut driver = Command::new(&driver_path)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting chromedriver")?;
        let port = match driver.stdout.take().map(port_of_driver) {
            Some(Ok(port)) => port,
            other => {
                let _ = driver.kill();
                bail!("chromedriver names no port: {other:?}");
            }
        };
        match connect(port, wishes).await {
            Ok(client) => {
                let session = client.session_id().await?.unwrap_or_default();
                Ok(Some(Self { client, driver, port, session }))
            }
            Err(error) => {
                let _ = driver.kill();
                let _ = driver.wait();
                Err(error)
            }
        }
    }

    /// Opens an address.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn open(&self, url: &str) -> anyhow::Result<()> {
        self.client.goto(url).await.with_context(|| format!("opening {url}"))
    }

    /// The element that a CSS selector names, once it is there.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn find(&self, selector: &str) -> anyhow::Result<Element> {
        let found = self.client.wait().at_most(APPEARS_MAX).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => bail!("{selector} is not on {}: {error}", self.client.current_url().await?),
        }
    }

    /// Is there such an element now?
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn has(&self, selector: &str) -> anyhow::Result<bool> {
        Ok(!self.client.find_all(Locator::Css(selector)).await?.is_empty())
    }

    /// Clicks the element that a CSS selector names, brought into view.
    ///
    /// # Errors
    /// It does not appear or cannot be clicked.
    pub async fn click(&self, selector: &str) -> anyhow::Result<()> {
        let element = self.find(selector).await?;
        self.click_element(&element).await.with_context(|| format!("clicking {selector}"))
    }

    /// Clicks an element, brought into view.
    ///
    /// # Errors
    /// It cannot be clicked.
    pub async fn click_element(&self, element: &Element) -> anyhow::Result<()> {
        let scroll = "arguments[0].scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'})";
        let asked = std::time::Instant::now();
        loop {
            self.client.execute(scroll, vec![serde_json::to_value(element)?]).await?;
            match element.click().await {
                // Something else lies there as long as a pane still scrolls; people wait for that, too.
                Err(error) if error.to_string().contains("intercepted") && asked.elapsed() < SETTLES_MAX => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                other => return Ok(other?),
            }
        }
    }

    /// Submits the form that holds the element which a CSS selector names, and waits for the page after it.
    ///
    /// # Errors
    /// There is no such form, or no page follows.
    pub async fn submit(&self, selector: &str) -> anyhow::Result<()> {
        // A mark on the old document: a page that carries it no more is another one, whether htmx or the browser
        // brought it. Without scripts of the page, the driver's own scripts still run.
        self.client.execute("document.querySelector('main, body').dataset.e2eOld = '1'", vec![]).await?;
        self.click(selector).await?;
        self.until("document.readyState === 'complete' && !document.querySelector('[data-e2e-old]')").await
    }

    /// Fills a field in place of what it holds.
    ///
    /// # Errors
    /// It does not appear or takes no text.
    pub async fn fill(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        let element = self.find(selector).await?;
        element.clear().await.with_context(|| format!("clearing {selector}"))?;
        element.send_keys(text).await.with_context(|| format!("filling {selector}"))
    }

    /// Gives a file field its file.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn attach(&self, selector: &str, file: &Path) -> anyhow::Result<()> {
        let path = file.canonicalize().with_context(|| format!("finding {}", file.display()))?;
        Ok(self.find(selector).await?.send_keys(&path.to_string_lossy()).await?)
    }

    /// Waits until a JavaScript expression is true.
    ///
    /// # Errors
    /// It does not become true.
    pub async fn until(&self, expression: &str) -> anyhow::Result<()> {
        let asked = std::time::Instant::now();
        while asked.elapsed() < APPEARS_MAX {
            // While a page is being replaced the driver has no document to ask.
            if let Ok(Value::Bool(true)) =
                self.client.execute(&format!("return Boolean({expression})"), vec![]).await
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        bail!("on {} never became true: {expression}", self.client.current_url().await?)
    }

    /// The value of a JavaScript expression.
    ///
    /// # Errors
    /// It throws.
    pub async fn evaluate(&self, expression: &str) -> anyhow::Result<Value> {
        self.client
            .execute(&format!("return {expression}"), vec![])
            .await
            .with_context(|| expression.to_owned())
    }

    /// The visible text of the element that a CSS selector names.
    ///
    /// # Errors
    /// It does not appear.
    pub async fn text(&self, selector: &str) -> anyhow::Result<String> {
        Ok(self.find(selector).await?.text().await?)
    }

    /// Path and query of the page.
    ///
    /// # Errors
    /// The browser does not answer.
    pub async fn path(&self) -> anyhow::Result<String> {
        let url = self.client.current_url().await?;
        Ok(match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
    }

    /// Makes the window a screen of this width; below 600 a phone with touch.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn set_width(&self, width: u32) -> anyhow::Result<()> {
        let phone = width < 600;
        let (height, scale) = if phone { (844, 2) } else { (900, 1) };
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone }),
        )
        .await?;
        Ok(())
    }

    /// Asks for a protocol command of the browser's developer tools.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn devtools(&self, command: &str, parameters: Value) -> anyhow::Result<Value> {
        let asked = DevTools(json!({ "cmd": command, "params": parameters }));
        self.client.issue_cmd(asked).await.with_context(|| command.to_owned())
    }

    /// The whole page as a picture (PNG).
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn picture(&self, file: &Path) -> anyhow::Result<()> {
        let answer = self
            .devtools("Page.captureScreenshot", json!({ "format": "png", "captureBeyondViewport": true }))
            .await?;
        let png = answer["data"].as_str().context("no picture")?;
        let png = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, png)?;
        std::fs::write(file, png).with_context(|| format!("writing {}", file.display()))
    }

    /// Everything that axe-core finds on the page, or `None` where axe-core is not installed.
    ///
    /// # Errors
    /// It cannot run.
    pub async fn accessibility_violations(&self) -> anyhow::Result<Option<Vec<String>>> {
        let default = place::repository().join("web/node_modules/axe-core/axe.min.js");
        let path = variable("E2E_AXE").map_or(default, Into::into);
        let Ok(axe) = std::fs::read_to_string(&path) else {
            leave_out("axe-core", &format!("{} is not there (make assets fetches it)", path.display()));
            return Ok(None);
        };
        // Given as a script of the driver, so that the page's content security policy stays as it is.
        self.client
            .execute(&format!("if (!window.axe) {{ {axe} }}"), vec![])
            .await
            .context("loading axe-core")?;
        let run = "const done = arguments[arguments.length - 1];\
            axe.run(document, { resultTypes: ['violations'] }).then(\
              result => done(result.violations.map(it => it.id + ' (' + it.impact + '): ' + it.help + ' — ' \
                + it.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' ; '))),\
              error => done(['axe-core failed: ' + error]))";
        let found = self.client.execute_async(run, vec![]).await.context("running axe-core")?;
        let found = found.as_array().context("axe-core answers no list")?;
        Ok(Some(found.iter().filter_map(Value::as_str).map(str::to_owned).collect()))
    }

    /// The value of a cookie, `HttpOnly` ones included.
    ///
    /// # Errors
    /// There is none.
    pub async fn cookie(&self, name: &str) -> anyhow::Result<String> {
        Ok(self.client.get_named_cookie(name).await?.value().to_owned())
    }

    /// Closes window and driver.
    ///
    /// # Errors
    /// The driver does not answer.
    pub async fn close(mut self) -> anyhow::Result<()> {
        let closed = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        Ok(closed?)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !matches!(self.driver.try_wait(), Ok(None)) {
            return;
        }
        // A test that failed: without this, the driver would go and leave its browser behind.
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            write!(
                stream,
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.session, self.port
            )?;
            stream.read_to_end(&mut Vec::new())
        });
        // Nothing more can be done about a driver that does not answer.
        drop(asked);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Reads the driver's output up to its port, and goes on reading so that it never blocks.
fn port_of_driver(stdout: std::process::ChildStdout) -> anyhow::Result<u16> {
    let mut lines = BufReader::new(stdout).lines();
    let mut port = None;
    for line in lines.by_ref() {
        let line = line?;
        if line.contains("started successfully on port")
            && let Some(number) = line.trim_end_matches('.').rsplit(' ').next()
        {
            port = Some(number.parse().with_context(|| line.clone())?);
            break;
        }
    }
    std::thread::spawn(move || lines.for_each(drop));
    port.context("chromedriver ended without naming a port")
}

async fn connect(port: u16, wishes: Wishes) -> anyhow::Result<Client> {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--force-color-profile=srgb".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--lang={}", wishes.language),
        format!("--window-size={},900", wishes.width),
        // Names other than the machine's own lead nowhere: no page may need them.
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned(),
    ];
    // Chromium's sandbox cannot be set up by root, which is who runs in a container.
    if std::process::Command::new("id").arg("-u").output().is_ok_and(|it| it.stdout.starts_with(b"0\n")) {
        arguments.push("--no-sandbox".to_owned());
    }
    let scripts = if wishes.javascript { 1 } else { 2 };
    let mut options = json!({
        "args": arguments,
        "prefs": {
            "intl.accept_languages": wishes.language,
            "profile.managed_default_content_settings.javascript": scripts,
            "profile.default_content_setting_values.javascript": scripts,
        },
    });
    if let Some(binary) = variable("E2E_CHROMIUM") {
        options["binary"] = json!(binary);
    }
    let mut capabilities = Capabilities::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .context("starting Chromium")
}

/// A command of the developer tools, through chromedriver.
#[derive(Debug)]
struct DevTools(Value);

impl WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/goog/cdp/execute", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// What the page's own scripts and its content security policy wrote to the console.
impl Browser {
    /// Messages of level SEVERE and WARNING since the last call.
    ///
    /// # Errors
    /// The driver does not answer.
    pub async fn console_complaints(&self) -> anyhow::Result<Vec<String>> {
        let entries = self.client.issue_cmd(ConsoleLog).await.context("reading the console")?;
        let complaints = entries
            .as_array()
            .into_iter()
            .flatten()
            .filter(|it| matches!(it["level"].as_str(), Some("SEVERE" | "WARNING")));
        Ok(complaints.filter_map(|it| it["message"].as_str()).map(str::to_owned).collect())
    }
}

/// Reads the browser's console, through chromedriver.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base_url: &url::Url, session_id: Option<&str>) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!("session/{}/se/log", session_id.unwrap_or_default()))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}
