//! Every page that anybody can come to by links: it answers, fits the screen, and axe-core has nothing to say.

use std::collections::BTreeMap;

use anyhow::Context;
use hutong_e2e::browser::Wishes;
use hutong_e2e::place::{note, report_folder};
use hutong_e2e::site::{self, Found, ROLES, SESSION_COOKIE};
use hutong_e2e::{Browser, Server};
use serde_json::{Value, json};

/// Widths at which every page is looked at. Unit: CSS pixels.
const DESK: u32 = 1_440;
const PHONE: u32 = 390;

/// What sticks out on the right: the page's width, then the elements that are to blame.
const STICKING_OUT: &str = "(() => { const wide = document.documentElement.clientWidth; \
    if (document.documentElement.scrollWidth <= wide + 1) return []; \
    return [`page is ${document.documentElement.scrollWidth} wide on a screen of ${wide}`].concat( \
      [...document.querySelectorAll('body *')].filter(it => wide + 1 < it.getBoundingClientRect().right) \
        .slice(0, 5).map(it => it.outerHTML.slice(0, 120))); })()";

#[tokio::test(flavor = "multi_thread")]
async fn every_link_leads_somewhere_for_every_role() -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let mut broken: Vec<String> = Vec::new();
    for role in ROLES {
        let client = site::client(&server, role).await?;
        let found = site::walk(&client).await?;
        note(&format!("{}: {} pages and downloads", role.unwrap_or("visitor"), found.len()));
        let role = role.unwrap_or("visitor");
        let broken_here = found.iter().filter(|it| 400 <= it.status);
        broken.extend(
            broken_here.map(|it| format!("{role}: {} on {}: {}", it.path, it.linked_from, it.status)),
        );
    }
    assert!(broken.is_empty(), "links that lead to an error:\n{}", broken.join("\n"));
    server.stop_with_clean_log();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_and_is_accessible_in_both_languages_by_day_and_night() -> anyhow::Result<()> {
    let server = Server::demo().await?;
    let Some(browser) = Browser::start(Wishes::default()).await? else { return Ok(()) };
    let mut pages: BTreeMap<String, (Option<&str>, Found)> = BTreeMap::new();
    // A page is looked at as somebody sees it who can do the most there; the first page is another for everybody.
    let (visitor, signed_in) = ROLES.split_first().context("there are roles")?;
    for role in signed_in.iter().chain([visitor]).copied() {
        for found in site::walk(&site::client(&server, role).await?).await? {
            if found.status == 200 && found.media_type == "text/html" {
                let own = if found.path == "/" { role.unwrap_or("visitor") } else { "" };
                pages.entry(format!("{}{own}", found.pattern)).or_insert((role, found));
            }
        }
    }
    note(&format!("{} sorts of pages", pages.len()));
    let folder = report_folder("screenshots")?;
    let mut findings = Vec::new();
    for (pattern, (role, page)) in &pages {
        let client = site::client(&server, *role).await?;
        let session = client.cookie_header();
        let session = session.split("; ").find_map(|it| it.strip_prefix(&format!("{SESSION_COOKIE}=")));
        let name = file_name(pattern);
        for (language, theme, width) in [
            ("zh-CN", "light", DESK),
            ("zh-CN", "light", PHONE),
            ("en", "night", DESK),
            ("en", "night", PHONE),
        ] {
            browser.client.delete_all_cookies().await?;
            for (cookie, value) in [
                ("hutong_language", Some(language)),
                ("hutong_theme", Some(theme)),
                (SESSION_COOKIE, session),
            ] {
                if let Some(value) = value {
                    let cookie = json!({ "name": cookie, "value": value, "url": server.url("/") });
                    browser.devtools("Network.setCookie", cookie).await?;
                }
            }
            browser.set_width(width).await?;
            browser.open(&server.url(&page.path)).await?;
            browser.until("document.readyState === 'complete'").await?;
            let mut say =
                |what: String| findings.push(format!("{} ({language}, {theme}, {width}): {what}", page.path));
            for (property, wanted) in [("lang", language), ("dataset.theme", theme)] {
                if browser.evaluate(&format!("document.documentElement.{property}")).await? != wanted {
                    say(format!("the page is not in {wanted}"));
                }
            }
            if let Value::Array(sticking_out) = browser.evaluate(STICKING_OUT).await?
                && !sticking_out.is_empty()
            {
                say(format!("sticks out: {sticking_out:#?}"));
            }
            for violation in browser.accessibility_violations().await?.unwrap_or_default() {
                say(violation);
            }
            for complaint in browser.console_complaints().await? {
                say(format!("console: {complaint}"));
            }
            browser.picture(&folder.join(format!("{name}.{language}.{theme}.{width}.png"))).await?;
        }
    }
    browser.close().await?;
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    server.stop_with_clean_log();
    Ok(())
}

fn file_name(pattern: &str) -> String {
    let name: String = pattern.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "home".to_owned() } else { name.to_owned() }
}
