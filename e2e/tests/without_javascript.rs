//! Every page works with JavaScript off.

use hutong_e2e::browser::Wishes;
use hutong_e2e::{Browser, Server, site};

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_read_and_forms_are_sent_without_javascript() -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let Some(browser) = Browser::start(Wishes { javascript: false, ..Wishes::default() }).await? else {
        return Ok(());
    };
    site::sign_in(&browser, &server, "plan_supervisor").await?;
    let client = site::client(&server, Some("plan_supervisor")).await?;
    for page in site::walk(&client).await? {
        if page.status != 200 || page.media_type != "text/html" {
            continue;
        }
        browser.open(&server.url(&page.path)).await?;
        let title = browser.text("main h1").await?;
        assert!(!title.trim().is_empty(), "{} has no title", page.path);
        // What only a script would fill has its content without one: charts their table, for example.
        let empty = browser
            .evaluate(
                "[...document.querySelectorAll('hutong-chart')].filter(it => !it.querySelector('table')).length",
            )
            .await?;
        assert_eq!(empty, 0, "{} has a chart without its table", page.path);
    }
    // A form: the language of the pages.
    browser.open(&server.url("/")).await?;
    browser.submit("a[hreflang=en]").await?;
    assert_eq!(browser.evaluate("document.documentElement.lang").await?, "en");
    browser.click("details.me summary").await?;
    browser.submit("form[action='/sign-out'] button").await?;
    assert_eq!(browser.path().await?, "/sign-in");
    browser.close().await?;
    server.stop_with_clean_log();
    Ok(())
}
