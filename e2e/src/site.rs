//! The site as a visitor walks it: signing in, following links.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context, bail};
use bytes::Bytes;
use http::Method;

use crate::browser::Browser;
use crate::http::Client;
use crate::server::Server;

/// Roles that the demo offers, by their names in the permission table; `None` is somebody who did not sign in.
pub const ROLES: [Option<&str>; 6] = [
    None,
    Some("plan_supervisor"),
    Some("department_officer"),
    Some("system_administrator"),
    Some("security_administrator"),
    Some("auditor"),
];

/// Name of the session's cookie.
pub const SESSION_COOKIE: &str = "hutong_session";

/// Pages of one pattern that are looked at; a list may lead to thousands.
const PAGES_OF_A_PATTERN_MAX: usize = 2;

/// Pages that one walk looks at.
const PAGES_MAX: usize = 300;

/// A page that a walk came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path and query.
    pub path: String,
    /// The path with `{id}` for each identifier.
    pub pattern: String,
    /// HTTP status.
    pub status: u16,
    /// Media type without parameters.
    pub media_type: String,
    /// The page that linked to it.
    pub linked_from: String,
}

/// Signs in as the first person of the demo who has this role alone.
///
/// # Errors
/// The demo offers no such person.
pub async fn sign_in(browser: &Browser, server: &Server, role: &str) -> anyhow::Result<()> {
    browser.client.delete_all_cookies().await?;
    browser.open(&server.url("/sign-in")).await?;
    browser.submit(&format!("button[name=person][data-roles='{role}']")).await?;
    browser.find("form[action='/sign-out']").await.context("signing in shows who one is")?;
    Ok(())
}

/// Signs in as the demo's person with this user name.
///
/// # Errors
/// The demo offers no such person.
pub async fn sign_in_as(browser: &Browser, server: &Server, user_name: &str) -> anyhow::Result<()> {
    browser.client.delete_all_cookies().await?;
    browser.open(&server.url("/sign-in")).await?;
    browser.submit(&format!("button[name=person][data-user='{user_name}']")).await?;
    Ok(())
}

/// A client that is signed in as the first person of the demo who has this role alone.
///
/// # Errors
/// The demo offers no such person.
pub async fn client(server: &Server, role: Option<&str>) -> anyhow::Result<Client> {
    let Some(role) = role else { return Ok(Client::new(server)) };
    let page = Client::new(server).get("/sign-in").await?.text();
    let users = demo_users(&page, role);
    let user_name =
        users.first().with_context(|| format!("the demo offers nobody with role {role} alone"))?;
    client_of(server, user_name).await
}

/// A client that is signed in as the demo's person with this user name.
///
/// # Errors
/// The demo offers no such person.
pub async fn client_of(server: &Server, user_name: &str) -> anyhow::Result<Client> {
    let client = Client::new(server);
    let page = client.get("/sign-in").await?.text();
    let button = buttons(&page).find(|it| attribute(it, "data-user").as_deref() == Some(user_name));
    let person = button.and_then(|it| attribute(it, "value"));
    let person = person.with_context(|| format!("the demo offers nobody called {user_name}"))?;
    let body = Bytes::from(format!("person={person}&back="));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = client.send(Method::POST, "/sign-in/demo", &form, body).await?;
    if answer.status != 303 {
        bail!("signing in as {user_name} was answered with {}: {}", answer.status, answer.text());
    }
    Ok(client)
}

/// User names that the page for signing in offers for a role alone, in their order.
pub fn demo_users(page: &str, role: &str) -> Vec<String> {
    let fitting = buttons(page).filter(|it| attribute(it, "data-roles").as_deref() == Some(role));
    fitting.filter_map(|it| attribute(it, "data-user")).collect()
}

fn buttons(page: &str) -> impl Iterator<Item = &str> {
    page.split("<button").skip(1)
}

/// Follows every link from the home page on, a few of each pattern.
///
/// # Errors
/// The server does not answer.
pub async fn walk(client: &Client) -> anyhow::Result<Vec<Found>> {
    let mut open: VecDeque<(String, String)> = VecDeque::from([("/".to_owned(), "-".to_owned())]);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut of_pattern: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    while let Some((path, linked_from)) = open.pop_front() {
        let pattern = pattern(&path);
        let count = of_pattern.entry(pattern.clone()).or_default();
        if !seen.insert(path.clone()) || PAGES_OF_A_PATTERN_MAX <= *count || PAGES_MAX <= found.len() {
            continue;
        }
        *count += 1;
        let answer = client.get(&path).await?;
        let media_type = answer.header("content-type").split(';').next().unwrap_or_default().to_owned();
        if media_type == "text/html" {
            open.extend(links(&answer.text()).into_iter().map(|link| (link, path.clone())));
        }
        if (300..400).contains(&answer.status) {
            open.push_back((answer.header("location").to_owned(), path.clone()));
        }
        found.push(Found { path, pattern, status: answer.status, media_type, linked_from });
    }
    Ok(found)
}

/// The links of a page that lead to our own pages and change nothing.
fn links(page: &str) -> BTreeSet<String> {
    // Choosing a language or theme leads back here; assets and the ledger's tiles are no pages.
    let left_out = ["/language/", "/theme/", "/assets/", "/ledger/", "/api/"];
    page.match_indices("href=\"")
        .filter_map(|(at, _)| page[at + 6..].split('"').next())
        .map(|href| href.split('#').next().unwrap_or_default().replace("&amp;", "&"))
        .filter(|href| href.starts_with('/') && !left_out.iter().any(|it| href.starts_with(it)))
        .collect()
}

/// The path with `{id}` for each identifier or number, and whether there is a query: filters make no new page.
pub fn pattern(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts = path.split('/').map(|part| {
        let is_uuid = part.len() == 36 && part.bytes().all(|it| it.is_ascii_hexdigit() || it == b'-');
        let is_number = !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
        if is_uuid || is_number { "{id}" } else { part }
    });
    let mut pattern = parts.collect::<Vec<_>>().join("/");
    if !query.is_empty() {
        pattern.push_str("?…");
    }
    pattern
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_do_not_make_a_new_pattern() {
        assert_eq!(
            pattern("/tasks/01970000-0000-7000-8000-000000000000/reports/3"),
            "/tasks/{id}/reports/{id}"
        );
        assert_eq!(pattern("/tasks?light=late&cursor=x"), "/tasks?…");
        assert_eq!(pattern("/"), "/");
    }

    #[test]
    fn only_links_to_our_own_pages_are_followed() {
        let page = "<a href=\"/tasks?a=1&amp;b=2#top\"><a href=\"https://example.invalid/\"><a href=\"/theme/night\">";
        assert_eq!(links(page).into_iter().collect::<Vec<_>>(), ["/tasks?a=1&b=2"]);
    }
}
